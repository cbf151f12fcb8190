package bottest

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// Fault answers a request in place of the server behind the proxy. It reports whether it has; else the request goes
// on.
type Fault func(w http.ResponseWriter, r *Request) bool

// Request is a request that passes the proxy, with its body read.
type Request struct {
	*http.Request
	Method string // last element of the path
	Form   url.Values
	Body   []byte
	next   http.Handler
}

// Pass hands the request to the server behind the proxy.
func (r *Request) Pass(w http.ResponseWriter) {
	r.Request.Body = io.NopCloser(bytes.NewReader(r.Body))
	r.next.ServeHTTP(w, r.Request)
}

// FaultProxy stands between a program and a server and does to their talk what networks and servers do. Faults are
// given per method, the last element of the path, and used one by one.
type FaultProxy struct {
	URL string

	mu     sync.Mutex
	queue  map[string][]Fault
	always map[string]Fault
	seen   []*Request
	next   http.Handler
	server *httptest.Server
}

// StartFaultProxy starts a proxy before the server at target; "" means that there is none and whatever no fault
// answers gets {"ok":true,"result":true}.
func StartFaultProxy(t testing.TB, target string) *FaultProxy {
	t.Helper()
	p := &FaultProxy{queue: map[string][]Fault{}, always: map[string]Fault{}}
	p.next = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"ok":true,"result":true}`)
	})
	if target != "" {
		u, err := url.Parse(target)
		if err != nil {
			t.Fatal(err)
		}
		reverse := httputil.NewSingleHostReverseProxy(u)
		reverse.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }
		p.next = reverse
	}
	p.server = httptest.NewServer(p)
	p.URL = p.server.URL
	t.Cleanup(func() {
		p.server.CloseClientConnections()
		p.server.Close()
	})
	return p
}

// Once lets a fault happen to the next requests of a method, in turn.
func (p *FaultProxy) Once(method string, faults ...Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.queue[method] = append(p.queue[method], faults...)
}

// Always lets a fault happen to every request of a method that no other fault waits for; nil ends that.
func (p *FaultProxy) Always(method string, f Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.always[method] = f
}

// Seen returns the requests so far of the methods named, or of all when none is.
func (p *FaultProxy) Seen(methods ...string) []*Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []*Request
	for _, r := range p.seen {
		if len(methods) == 0 || contains(methods, r.Method) {
			out = append(out, r)
		}
	}
	return out
}

// ServeHTTP is the proxy at work.
func (p *FaultProxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the program broke off
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	q := &Request{Request: r, Method: r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:], Body: body, next: p.next}
	q.Form = readForm(r, body)
	p.mu.Lock()
	p.seen = append(p.seen, q)
	f := p.always[q.Method]
	if waiting := p.queue[q.Method]; len(waiting) > 0 {
		f, p.queue[q.Method] = waiting[0], waiting[1:]
	}
	p.mu.Unlock()
	if f == nil || !f(w, q) {
		q.Pass(w)
	}
}

// readForm reads the parameters of a request, whichever way they are written; of files it keeps the names.
func readForm(r *http.Request, body []byte) url.Values {
	copied := r.Clone(r.Context())
	copied.Body = io.NopCloser(bytes.NewReader(body))
	if copied.ParseMultipartForm(32<<20) == nil && copied.MultipartForm != nil {
		form := url.Values(copied.MultipartForm.Value)
		for name, files := range copied.MultipartForm.File {
			form.Set(name, "file:"+files[0].Filename)
		}
		return form
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return url.Values{}
	}
	return form
}

// Answer answers with a status and a body.
func Answer(status int, body string) Fault {
	return func(w http.ResponseWriter, _ *Request) bool {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
		return true
	}
}

// Reset breaks the connection off, as a machine that died does.
func Reset() Fault {
	return func(w http.ResponseWriter, _ *Request) bool {
		if conn, ok := hijack(w); ok {
			if tcp, ok := conn.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0)
			}
			_ = conn.Close()
		}
		return true
	}
}

// Half promises a long answer and breaks off in the middle.
func Half() Fault {
	return func(w http.ResponseWriter, _ *Request) bool {
		if conn, ok := hijack(w); ok {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"ok\":true,\"resu")
			_ = conn.Close()
		}
		return true
	}
}

// Lost lets the server do what it was asked and loses its answer.
func Lost() Fault {
	return func(w http.ResponseWriter, r *Request) bool {
		r.Pass(httptest.NewRecorder())
		return Reset()(w, r)
	}
}

// Hold keeps a request waiting until release is closed or the program breaks off, and then lets it pass.
func Hold(release <-chan struct{}) Fault {
	return func(_ http.ResponseWriter, r *Request) bool {
		select {
		case <-release:
			return false
		case <-r.Context().Done():
			return true
		}
	}
}

// Twice hands the request to the server two times, as a network that repeats does.
func Twice() Fault {
	return func(w http.ResponseWriter, r *Request) bool {
		r.Pass(httptest.NewRecorder())
		return false
	}
}

func hijack(w http.ResponseWriter) (net.Conn, bool) {
	h, ok := w.(http.Hijacker)
	if !ok {
		return nil, false
	}
	conn, _, err := h.Hijack()
	return conn, err == nil
}
