package relaytest

import (
	"context"
	"fmt"
	"time"

	"go.mau.fi/whatsmeow/binary"
)

// faults is what goes wrong on purpose.
type faults struct {
	logins   map[string][]int
	silent   map[string]bool
	refusals map[string][]int
	losses   map[string]int
	at       int64
	speaks   map[string]Speech
	names    map[string]string
	hidden   map[string]bool
	deaf     map[string]bool
	receipts []Receipt
}

// Receipt is what a client said about a message that it got.
type Receipt struct {
	From string // phone number of who said it
	Kind string // "read", "retry" and so on
	ID   string // the message
}

func (f *faults) login(phone string) int {
	reason := 0
	if l := f.logins[phone]; len(l) > 0 {
		reason, f.logins[phone] = l[0], l[1:]
	}
	return reason
}

func (f *faults) send(phone string) (silent bool, refusal int, lost bool) {
	if l := f.refusals[phone]; len(l) > 0 {
		refusal, f.refusals[phone] = l[0], l[1:]
	}
	if f.losses[phone] > 0 {
		f.losses[phone]--
		lost = true
	}
	return f.silent[phone] || lost, refusal, lost
}

// FailLogins turns the next logins of the number away with these reasons.
func (r *Relay) FailLogins(phone string, reasons ...int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.faults.logins == nil {
		r.faults.logins = map[string][]int{}
	}
	r.faults.logins[phone] = append(r.faults.logins[phone], reasons...)
}

// Silence keeps back the acknowledgements of what the number sends, which is delivered all the same.
func (r *Relay) Silence(phone string, on bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults.silent = map[string]bool{phone: on}
}

// Lose swallows the next n messages of the number, with their acknowledgements.
func (r *Relay) Lose(phone string, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults.losses = map[string]int{phone: n}
}

// Refuse answers the next messages of the number with these errors and delivers nothing.
func (r *Relay) Refuse(phone string, codes ...int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults.refusals = map[string][]int{phone: codes}
}

// SetClock makes messages carry this time of sending, until it is set to the zero time.
func (r *Relay) SetClock(t time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults.at = 0
	if !t.IsZero() {
		r.faults.at = t.Unix()
	}
}

func (r *Relay) clock() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.faults.at
}

// Receipts returns what clients said about messages beyond having got them.
func (r *Relay) Receipts() []Receipt {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Receipt(nil), r.faults.receipts...)
}

// Cut ends the number's connection without a word.
func (r *Relay) Cut(phone string) {
	if l := r.current(phone); l != nil {
		l.cut()
	}
}

func (r *Relay) current(phone string) *line {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := r.numbers[phone]; n != nil {
		return n.line
	}
	return nil
}

// StreamError says an error on the number's connection and hangs up: "503" (restarting), "515" (come again),
// "401" (unlinked on the telephone), "replaced" (another client has come with the same keys).
func (r *Relay) StreamError(phone, code string) error {
	l := r.current(phone)
	if l == nil {
		return fmt.Errorf("%s is not connected", phone)
	}
	n := node{Tag: "stream:error", Attrs: binary.Attrs{"code": code}}
	switch code {
	case "401":
		n.Content = []node{{Tag: "conflict", Attrs: binary.Attrs{"type": "device_removed"}}}
		r.mu.Lock()
		delete(r.numbers, phone)
		r.mu.Unlock()
	case "replaced":
		n = node{Tag: "stream:error", Content: []node{{Tag: "conflict", Attrs: binary.Attrs{"type": "replaced"}}}}
	}
	err := l.write(context.Background(), n)
	time.AfterFunc(50*time.Millisecond, l.cut)
	return err
}

// Again delivers once more the last n messages that the number has received, as they were.
func (r *Relay) Again(phone string, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := r.numbers[phone]
	if d == nil {
		return
	}
	for _, p := range d.past[max(0, len(d.past)-n):] {
		if p.node.Tag == "message" {
			r.seq++
			d.queue = append(d.queue, parcel{r.seq, p.node})
		}
	}
	d.ring()
}

// Speech is the address that a person's messages come under.
type Speech int

// The addresses. WhatsApp uses them all, and changes from one to another in the middle of a conversation.
const (
	ByLID        Speech = iota // the LID, with the telephone number beside it
	ByNumber                   // the telephone number, with the LID beside it
	ByNumberOnly               // the telephone number alone
)

// Speak sets the address that the number's messages come under from now on.
func (r *Relay) Speak(phone string, how Speech) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.faults.speaks == nil {
		r.faults.speaks = map[string]Speech{}
	}
	r.faults.speaks[phone] = how
}

func (r *Relay) speaks(phone string) Speech {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.faults.speaks[phone]
}

// Name gives the number's person a name, which goes with their messages.
func (r *Relay) Name(phone, name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults.names = map[string]string{phone: name}
}

func (r *Relay) name(phone string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.faults.names[phone]
}

// Hide makes the relay tell that the number's person has no device, as WhatsApp does for a moment now and then.
func (r *Relay) Hide(phone string, on bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults.hidden = map[string]bool{phone: on}
}

// Deafen lets the number's question whether anybody is there go unanswered, as on a line that looks open and is dead.
func (r *Relay) Deafen(phone string, on bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults.deaf = map[string]bool{phone: on}
}

func (r *Relay) deaf(phone string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.faults.deaf[phone]
}
