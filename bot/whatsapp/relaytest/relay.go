// Package relaytest is a WhatsApp server for tests: a relay on the loopback that real clients log in to, pair with
// by QR text or phone code, and send encrypted messages through. It never decrypts a message; the clients do that
// between themselves. It keeps what is not received yet, delivers it again after a new login, and makes the faults
// that a test asks for.
//
// It proves how this program uses its library, stores, orders, repeats and restarts. It proves nothing about
// WhatsApp's own servers, their limits or their bans.
//
// Clients trust a server by a root key that is fixed in the library; Trust replaces it for the whole process. So only
// tests may import this package, and a test of it proves that the program does not contain it.
package relaytest

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/binary"
)

// Relay is a running server. Its methods are safe for concurrent use.
type Relay struct {
	server *httptest.Server
	id     identity

	mu       sync.Mutex
	numbers  map[string]*number // by phone number
	phones   map[string]*phone  // the telephones that scan and type codes, by phone number
	offers   map[string]*line   // waiting to be scanned, by reference
	codes    map[string]*codeOffer
	refs     int
	seq      int64
	revision uint32
	versions []string
	sent     map[string][]Sending
	queries  map[string]int
	doubled  map[string]int
	media    map[string][]byte // what was uploaded, by token
	full     bool              // uploads are refused
	faults   faults
}

// Start starts a relay that no client trusts yet; see Trust.
func Start() (*Relay, error) {
	id, err := newIdentity()
	if err != nil {
		return nil, err
	}
	r := &Relay{
		id: id, numbers: map[string]*number{}, phones: map[string]*phone{}, offers: map[string]*line{},
		codes: map[string]*codeOffer{}, sent: map[string][]Sending{}, queries: map[string]int{}, doubled: map[string]int{}, media: map[string][]byte{},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ws/chat", r.socket)
	mux.HandleFunc("GET /{$}", r.page)
	mux.HandleFunc("POST /mms/image/{token}", r.upload)
	mux.HandleFunc("GET /media/{token}", r.download)
	mux.HandleFunc("POST /scan/{phone}", r.scan)
	r.server = httptest.NewServer(mux)
	return r, nil
}

// Close cuts all connections and stops.
func (r *Relay) Close() {
	r.mu.Lock()
	for _, n := range r.numbers {
		if n.line != nil {
			n.line.cut()
		}
	}
	for _, l := range r.offers {
		l.cut()
	}
	r.mu.Unlock()
	r.server.Close()
}

// Address is where the relay listens, "127.0.0.1:port".
func (r *Relay) Address() string { return r.server.Listener.Addr().String() }

// Root is the key that clients must trust, in hexadecimal.
func (r *Relay) Root() string { return hex.EncodeToString(r.id.root[:]) }

// Trust makes all clients of this process trust the relay with that root, and no other server.
func Trust(root string) error {
	b, err := hex.DecodeString(root)
	if err != nil || len(b) != len(whatsmeow.WACertPubKey) {
		return fmt.Errorf("a root key is %d bytes in hexadecimal", len(whatsmeow.WACertPubKey))
	}
	copy(whatsmeow.WACertPubKey[:], b)
	return nil
}

// Transport leads every request to the relay at the address, whatever host it names, without TLS.
func Transport(address string) http.RoundTripper {
	return &http.Transport{
		DialTLSContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, address)
		},
		DialContext: func(context.Context, string, string) (net.Conn, error) {
			return nil, fmt.Errorf("a test must not leave the loopback")
		},
	}
}

// Client is an HTTP client with that transport.
func Client(address string) *http.Client { return &http.Client{Transport: Transport(address)} }

// page is the start page of the web client, where a program reads which version is current.
func (r *Relay) page(w http.ResponseWriter, _ *http.Request) {
	r.mu.Lock()
	revision := r.revision
	r.mu.Unlock()
	if revision == 0 {
		http.Error(w, "down", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintf(w, `<html><script>{"server_revision":1,"client_revision":%d,"x":0}</script></html>`, revision)
}

// scan lets a peer that is not written in Go ask a telephone to scan its QR text.
func (r *Relay) scan(w http.ResponseWriter, q *http.Request) {
	text, err := io.ReadAll(io.LimitReader(q.Body, 4096))
	if err == nil {
		err = r.Scan(strings.TrimSpace(string(text)), q.PathValue("phone"))
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
	}
}

// Scan plays the telephone of the number: it scans a QR text and links that client.
func (r *Relay) Scan(text, phone string) error { return r.link(text, phone) }

// SetRevision sets the version that the start page names; 0 takes the page down.
func (r *Relay) SetRevision(n uint32) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.revision = n
}

// Versions returns the version of each client that opened a connection, in order.
func (r *Relay) Versions() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.versions...)
}

// Queries returns how often clients have asked the question, named "namespace/element".
func (r *Relay) Queries(name string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.queries[name]
}

// Linked reports whether the number has a linked client, Online whether it is connected.
func (r *Relay) Linked(phone string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.numbers[phone] != nil
}

// Online reports whether the number's client is connected.
func (r *Relay) Online(phone string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := r.numbers[phone]
	return n != nil && n.line != nil
}

// Doubled returns how often a client of the number logged in while another one was connected.
func (r *Relay) Doubled(phone string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.doubled[phone]
}

// Waiting returns how many messages the number's client has not received.
func (r *Relay) Waiting(phone string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := r.numbers[phone]; n != nil {
		return len(n.queue)
	}
	return 0
}

// Sending is one message that a client gave to the relay for another.
type Sending struct {
	ID string // the client's id of it
	To string // phone number of the receiver
}

// Sent returns what the number's client sent, in order, repeats included.
func (r *Relay) Sent(phone string) []Sending {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Sending(nil), r.sent[phone]...)
}

// node is short for what travels.
type node = binary.Node
