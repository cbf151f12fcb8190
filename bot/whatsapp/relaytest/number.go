package relaytest

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"time"

	"github.com/coder/websocket"
	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// number is a linked client: its two addresses, its public keys, and what it has not received.
type number struct {
	phone string
	pn    types.JID
	lid   types.JID

	registration, identityKey any
	signed                    *node
	prekeys                   []node

	line  *line
	wake  chan struct{}
	queue []parcel
	past  []parcel // the last messages that it has received
	acts  []string // what others could see of it
}

// parcel is a stanza on its way, numbered in the order of arrival.
type parcel struct {
	seq  int64
	node node
}

// device is the number that every linked client has; the telephone itself is 0.
const device = 7

func newNumber(phone string) *number {
	return &number{
		phone: phone, wake: make(chan struct{}, 1),
		pn:  types.JID{User: phone, Device: device, Server: types.DefaultUserServer},
		lid: types.JID{User: "77" + phone, Device: device, Server: types.HiddenUserServer},
	}
}

// LID returns the address without telephone number that a number's person has.
func LID(phone string) string { return newNumber(phone).lid.ToNonAD().String() }

// note keeps what others could see of a number.
func (r *Relay) note(d *number, act string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	d.acts = append(d.acts, act)
}

// Acts returns what others could see of the number, in order: "available", "read", "composing", "message", "paused",
// "unavailable".
func (r *Relay) Acts(phone string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if d := r.numbers[phone]; d != nil {
		return append([]string(nil), d.acts...)
	}
	return nil
}

// find returns the number behind an address. The lock must be held.
func (r *Relay) find(j types.JID) *number {
	if j.Server == types.HiddenUserServer && len(j.User) > 2 {
		return r.numbers[j.User[2:]]
	}
	return r.numbers[j.User]
}

// push puts a stanza into the queue of the address.
func (r *Relay) push(to types.JID, n node) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if d := r.find(to); d != nil {
		r.seq++
		d.queue = append(d.queue, parcel{r.seq, n})
		d.ring()
	}
}

// ring tells the writer of the number that there is something new.
func (d *number) ring() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// received takes a stanza off the queue.
func (r *Relay) received(d *number, tag, id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, p := range d.queue {
		if p.node.Tag == tag && p.node.Attrs["id"] == id {
			d.queue = append(d.queue[:i:i], d.queue[i+1:]...)
			d.past = append(d.past, p)
			d.past = d.past[max(0, len(d.past)-512):]
			return
		}
	}
}

// socket is one client's connection from its first to its last byte.
func (r *Relay) socket(w http.ResponseWriter, q *http.Request) {
	ws, err := websocket.Accept(w, q, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return
	}
	ws.SetReadLimit(1 << 24)
	l := &line{ws: ws}
	defer l.cut()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	payload, err := l.greet(ctx, r.id)
	if err != nil {
		return
	}
	v := payload.GetUserAgent().GetAppVersion()
	r.mu.Lock()
	r.versions = append(r.versions, fmt.Sprintf("%d.%d.%d", v.GetPrimary(), v.GetSecondary(), v.GetTertiary()))
	r.mu.Unlock()
	var d *number
	if payload.GetUsername() == 0 {
		if err := r.offer(ctx, l); err != nil {
			return
		}
	} else if d = r.login(ctx, l, strconv.FormatUint(payload.GetUsername(), 10)); d == nil {
		return
	}
	for {
		n, err := l.read(ctx)
		if err != nil {
			break
		}
		r.handle(ctx, l, d, n)
	}
	r.mu.Lock()
	if d != nil && d.line == l {
		d.line = nil
	}
	r.mu.Unlock()
}

// login lets a linked client in, or turns it away as the test asked. It returns nil when it was turned away.
func (r *Relay) login(ctx context.Context, l *line, phone string) *number {
	r.mu.Lock()
	d := r.numbers[phone]
	reason := r.faults.login(phone)
	if d == nil {
		reason = 401
	}
	if reason != 0 {
		r.mu.Unlock()
		_ = l.write(ctx, node{Tag: "failure", Attrs: binary.Attrs{"reason": reason, "code": 104, "expire": 3600}})
		last, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
		defer cancel()
		for err := error(nil); err == nil; { // until the client hangs up, or a little while
			_, err = l.read(last)
		}
		return nil
	}
	old := d.line
	d.line = l
	if old != nil {
		r.doubled[phone]++
	}
	waiting := len(d.queue)
	r.mu.Unlock()
	if old != nil {
		conflict := node{Tag: "conflict", Attrs: binary.Attrs{"type": "replaced"}}
		_ = old.write(ctx, node{Tag: "stream:error", Content: []node{conflict}})
		time.AfterFunc(50*time.Millisecond, old.cut)
	}
	_ = l.write(ctx, node{Tag: "success", Attrs: binary.Attrs{"t": time.Now().Unix(), "lid": d.lid}})
	count := node{Tag: "offline_preview", Attrs: binary.Attrs{"count": waiting, "message": waiting}}
	_ = l.write(ctx, node{Tag: "ib", Attrs: binary.Attrs{"from": types.ServerJID}, Content: []node{count}})
	go r.deliver(ctx, l, d, waiting)
	return d
}

// deliver writes what is queued for the number, in order, first what waited when it logged in.
func (r *Relay) deliver(ctx context.Context, l *line, d *number, waiting int) {
	var last int64
	for written := 0; ; written++ {
		if written == waiting {
			done := node{Tag: "offline", Attrs: binary.Attrs{"count": waiting}}
			_ = l.write(ctx, node{Tag: "ib", Attrs: binary.Attrs{"from": types.ServerJID}, Content: []node{done}})
		}
		p, ok := r.after(d, l, last)
		for !ok {
			select {
			case <-ctx.Done():
				return
			case <-d.wake:
			}
			if p, ok = r.after(d, l, last); !ok && r.left(d, l) {
				d.ring() // a later connection may be the one that is meant
				return
			}
		}
		last = p.seq
		n := p.node
		if written < waiting {
			n.Attrs = maps.Clone(n.Attrs)
			n.Attrs["offline"] = "1"
		}
		if l.write(ctx, n) != nil {
			return
		}
	}
}

// after returns the first parcel of the queue behind a number, while the connection is the current one.
func (r *Relay) after(d *number, l *line, seq int64) (parcel, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range d.queue {
		if p.seq > seq && d.line == l {
			return p, true
		}
	}
	return parcel{}, false
}

func (r *Relay) left(d *number, l *line) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return d.line != l
}
