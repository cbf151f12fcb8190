package whatsapp

import (
	"context"
	"errors"
	"strings"
	"sync"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
)

// A conversation's keys are one record, which both encrypting and decrypting read, turn on and write back. The library
// does not keep the two apart. On SQLite they happen to exclude each other; on PostgreSQL the one that writes last
// would turn back the other's counter, the next reply would use a key for the second time, and the telephone would
// drop it without a word: in a burst of 240 questions 15 replies were lost like that. So they take turns here.

// turns lets one at a time touch the keys.
type turns struct{ mu sync.Mutex }

// hold is one message that is being encrypted. It is handed down in the context, because the library reads the keys in
// the middle of sending.
type hold struct {
	turns   *turns
	person  string // how the keys of the receiver's devices begin
	held    bool
	reached bool // the message was encrypted for at least one device of the receiver
}

type holdKey struct{}

// begin returns a context for sending to a person, and the hold to end with done.
func (t *turns) begin(ctx context.Context, to types.JID) (context.Context, *hold) {
	h := &hold{turns: t, person: to.SignalAddress().Name()}
	return context.WithValue(ctx, holdKey{}, h), h
}

func holdOf(ctx context.Context) *hold {
	h, _ := ctx.Value(holdKey{}).(*hold)
	return h
}

func (h *hold) take() {
	if h != nil && !h.held {
		h.turns.mu.Lock()
		h.held = true
	}
}

func (h *hold) done() {
	if h != nil && h.held {
		h.held = false
		h.turns.mu.Unlock()
	}
}

// errNobody is returned when a message was encrypted for none of the receiver's devices. The library sends it all the
// same, WhatsApp acknowledges it, and nobody gets it.
var errNobody = errors.New("the message was encrypted for no device of the receiver")

// ratchets are the stored keys; encrypting takes its turn from reading them to writing them back.
type ratchets struct{ store.SessionStore }

// GetManySessions begins an encryption.
func (r ratchets) GetManySessions(ctx context.Context, addresses []string) (map[string][]byte, error) {
	holdOf(ctx).take()
	return r.SessionStore.GetManySessions(ctx, addresses)
}

// PutManySessions ends it.
func (r ratchets) PutManySessions(ctx context.Context, sessions map[string][]byte) error {
	h := holdOf(ctx)
	defer h.done()
	err := r.SessionStore.PutManySessions(ctx, sessions)
	if err == nil && h != nil {
		for a := range sessions {
			h.reached = h.reached || strings.HasPrefix(a, h.person+":")
		}
	}
	return err
}

// decryptions take their turn too, until their transaction is committed.
type decryptions struct {
	store.EventBuffer
	turns *turns
}

// DoDecryptionTxn runs one decryption.
func (d decryptions) DoDecryptionTxn(ctx context.Context, fn func(context.Context) error) error {
	d.turns.mu.Lock()
	defer d.turns.mu.Unlock()
	return d.EventBuffer.DoDecryptionTxn(ctx, fn)
}
