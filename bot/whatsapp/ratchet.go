package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
)

// A conversation's keys are one record, which both encrypting and decrypting read, turn on and write back. The library
// does not keep the two apart: the one that writes last turns back the other's counter, the next message uses a key for
// the second time, and who gets it drops it without a word. In a burst of 240 questions 15 replies were lost like that on
// PostgreSQL, and one to three messages on SQLite when the machine was slow. So they take turns here.

// turns lets one at a time touch the keys of conversations.
type turns struct {
	mu       sync.Mutex
	patience time.Duration // how long a store out of order is waited for
	probe    func(context.Context) error
	refuse   func()      // called when it was waited for in vain
	again    func()      // called when what came must come once more, because its answer could not be encrypted
	held     func() bool // whether the link is still this process's; nil: always

	seen sync.Map // address -> *turned, for encryptions that do not hold the turn
}

// errFenced ends what would write keys after the link went to another process: its keys are further on. The library
// takes it for an interruption and acknowledges nothing.
var errFenced = fmt.Errorf("%w: %w", errLost, context.Canceled)

// fence lets nothing be written when the link is not this process's any more.
func (t *turns) fence() error {
	if t.held != nil && !t.held() {
		return errFenced
	}
	return nil
}

// settle waits for what has the turn.
func (t *turns) settle() {
	t.mu.Lock()
	t.mu.Unlock() //nolint:staticcheck // it only waits
}

// turned counts how often the keys of one device were written, and what the count was when they were last read by
// somebody who did not hold the turn.
type turned struct{ written, read int }

// holdKey marks a context whose owner has the turn or will take it.
type holdKey struct{}

// hold is one message that is being encrypted. It is handed down in the context, because the library reads the keys in
// the middle of sending.
type hold struct {
	turns   *turns
	person  string // how the addresses of the receiver's devices begin
	held    bool
	reached bool // the message was encrypted for at least one device of the receiver
}

// begin returns a context for sending to a person, and the hold to end with done.
func (t *turns) begin(ctx context.Context, to types.JID) (context.Context, *hold) {
	h := &hold{turns: t, person: to.SignalAddress().Name() + ":"}
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

// note counts that the keys of a device were written. The turn must be held.
func (t *turns) note(address string) *turned {
	v, _ := t.seen.LoadOrStore(address, &turned{})
	n := v.(*turned)
	n.written++
	return n
}

// ratchets are the stored keys. Sending takes its turn from reading them to writing them back.
type ratchets struct {
	store.SessionStore
	turns *turns
}

// GetManySessions begins the encryption of a reply.
func (r ratchets) GetManySessions(ctx context.Context, addresses []string) (map[string][]byte, error) {
	holdOf(ctx).take()
	return r.SessionStore.GetManySessions(ctx, addresses)
}

// PutManySessions ends it.
func (r ratchets) PutManySessions(ctx context.Context, sessions map[string][]byte) error {
	h := holdOf(ctx)
	defer h.done()
	if err := r.turns.fence(); err != nil {
		return err
	}
	if err := r.SessionStore.PutManySessions(ctx, sessions); err != nil || h == nil {
		return err
	}
	for a := range sessions {
		r.turns.note(a)
		h.reached = h.reached || strings.HasPrefix(a, h.person)
	}
	return nil
}

// errTurned ends an encryption that did not hold the turn and whose keys were written meanwhile. The library takes it
// for an interruption and does not acknowledge what made it encrypt: a request to send something again.
var errTurned = fmt.Errorf("the keys were turned on meanwhile: %w", context.Canceled)

// GetSession reads the keys of one device, to decrypt from it or to send something to it again.
func (r ratchets) GetSession(ctx context.Context, address string) ([]byte, error) {
	if holdOf(ctx) == nil {
		r.turns.mu.Lock()
		defer r.turns.mu.Unlock()
		v, _ := r.turns.seen.LoadOrStore(address, &turned{})
		v.(*turned).read = v.(*turned).written
	}
	return r.SessionStore.GetSession(ctx, address)
}

// PutSession writes them back.
func (r ratchets) PutSession(ctx context.Context, address string, session []byte) error {
	if holdOf(ctx) == nil {
		r.turns.mu.Lock()
		defer r.turns.mu.Unlock()
		if v, ok := r.turns.seen.Load(address); ok && v.(*turned).read != v.(*turned).written {
			r.turns.again()
			return errTurned
		}
	}
	if err := r.turns.fence(); err != nil {
		return err
	}
	if err := r.SessionStore.PutSession(ctx, address, session); err != nil {
		return err
	}
	n := r.turns.note(address)
	if holdOf(ctx) == nil {
		n.read = n.written
	}
	return nil
}

// decryptions take their turn until their transaction is committed. They also tell a message that cannot be decrypted
// from a store that is out of order. The library does not: it would acknowledge the message and ask its sender to send
// it again, over and over, and give it up after the fifth time.
type decryptions struct {
	store.EventBuffer
	turns *turns
}

// DoDecryptionTxn runs one decryption.
func (d decryptions) DoDecryptionTxn(ctx context.Context, fn func(context.Context) error) error {
	return d.turns.insist(ctx, func() error {
		d.turns.mu.Lock()
		defer d.turns.mu.Unlock()
		return d.EventBuffer.DoDecryptionTxn(context.WithValue(ctx, holdKey{}, &hold{turns: d.turns}), fn)
	})
}

// GetBufferedEvent looks whether the message was decrypted before.
func (d decryptions) GetBufferedEvent(ctx context.Context, hash [32]byte) (found *store.BufferedEvent, err error) {
	err = d.turns.insist(ctx, func() (err error) {
		found, err = d.EventBuffer.GetBufferedEvent(ctx, hash)
		return err
	})
	return found, err
}

// insist does something again for a while when the store is out of order. After that it refuses the message: an error
// that looks like an interruption keeps the library from acknowledging it.
func (t *turns) insist(ctx context.Context, do func() error) error {
	deadline := time.Now().Add(t.patience)
	for pause := commitPauseMin; ; pause = min(2*pause, commitPauseMax) {
		err := do()
		switch {
		case err == nil, ctx.Err() != nil, !storeFault(err) && t.probe(ctx) == nil:
			return err
		case time.Now().After(deadline):
			t.refuse()
			return fmt.Errorf("%w: %w", err, context.Canceled)
		case !sleep(ctx, pause):
			return ctx.Err()
		}
	}
}

// storeFault reports whether an error comes from a database and not from decrypting.
func storeFault(err error) bool {
	var (
		lite interface{ Code() int }        // SQLite
		post interface{ SQLState() string } // PostgreSQL
		line net.Error
	)
	return errors.As(err, &lite) || errors.As(err, &post) || errors.As(err, &line) || errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF)
}
