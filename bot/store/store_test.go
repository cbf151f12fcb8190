package store_test

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/store"
)

// clock is a clock that tests turn.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 24, 9, 30, 15, 250e6, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func keyring(t testing.TB, fill byte) *bot.Keyring {
	t.Helper()
	keys, err := bot.NewKeyring(bytes.Repeat([]byte{fill}, bot.KeySize), nil)
	must(t, err)
	return keys
}

// world is a ledger under test with what it was opened with.
type world struct {
	*store.Store
	t     testing.TB
	clock *clock
	keys  *bot.Keyring
	dsn   string
	dir   string // of the month keys
}

// each runs the test over every database there is.
func each(t *testing.T, test func(t *testing.T, w *world)) {
	for _, d := range databases {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			if d.missing != "" {
				t.Skip(d.missing)
			}
			test(t, open(t, d.fresh(t)))
		})
	}
}

// open opens a ledger with a clock and month keys of its own.
func open(t testing.TB, dsn string) *world {
	t.Helper()
	w := &world{t: t, clock: newClock(), keys: keyring(t, 7), dsn: dsn, dir: t.TempDir()}
	w.reopen()
	t.Cleanup(func() { _ = w.Close() })
	return w
}

// reopen opens the same database again, as a new process would.
func (w *world) reopen() {
	w.t.Helper()
	months, err := store.NewKeyFolder(w.dir)
	must(w.t, err)
	w.Store, err = store.Open(context.Background(), w.dsn, w.keys, store.Options{Now: w.clock.Now, Months: months})
	must(w.t, err)
}

// second opens the same database beside the first.
func (w *world) second() *world {
	w.t.Helper()
	v := *w
	v.reopen()
	w.t.Cleanup(func() { _ = v.Close() })
	return &v
}

// chat is the opaque key of an address on the channel "webchat".
func (w *world) chat(address string) string { return w.keys.Chat("webchat", address) }

func (w *world) message(external, address, text string) bot.Message {
	return bot.Message{Channel: "webchat", External: external, Address: address, Kind: bot.Text, Text: text, Received: w.clock.Now()}
}

func (w *world) accept(m ...bot.Message) {
	w.t.Helper()
	_, err := w.Accept(context.Background(), bot.Batch{Channel: "webchat", Messages: m})
	must(w.t, err)
}

// claim returns what waits in all shards, in the order of acceptance.
func (w *world) claim() []bot.Pending {
	w.t.Helper()
	var all []bot.Pending
	for shard := range bot.Shards {
		p, err := w.Claim(context.Background(), shard, 1000)
		must(w.t, err)
		all = append(all, p...)
	}
	return all
}

// waiting returns the message of the chat that waits.
func (w *world) waiting(address string) bot.Pending {
	w.t.Helper()
	for _, p := range w.claim() {
		if p.Message.Address == address {
			return p
		}
	}
	w.t.Fatalf("nothing waits for %s", address)
	return bot.Pending{}
}

// ask accepts and settles one question and returns the session after it.
func (w *world) ask(external, address string, q bot.Query, replies ...string) *bot.Session {
	w.t.Helper()
	w.accept(w.message(external, address, q.Text))
	p := w.waiting(address)
	p.Session.Updated = w.clock.Now()
	must(w.t, w.Settle(context.Background(), w.settlement(&p, q, replies...)))
	return &p.Session
}

func (w *world) settlement(p *bot.Pending, q bot.Query, replies ...string) bot.Settlement {
	q.Channel, q.Hour = p.Message.Channel, w.clock.Now()
	s := bot.Settlement{Message: p.Message, Session: &p.Session, Queries: []bot.Query{q}}
	for _, text := range replies {
		s.Replies = append(s.Replies, bot.Reply{Outcome: q.Outcome, Text: text})
	}
	return s
}

func (w *world) lease(owner string, limit int) []bot.Outgoing {
	w.t.Helper()
	now := w.clock.Now()
	all, err := w.Lease(context.Background(), "webchat", owner, limit, now, now.Add(time.Minute))
	must(w.t, err)
	return all
}

func (w *world) sweep() store.Swept {
	w.t.Helper()
	s, err := w.Sweep(context.Background(), w.clock.Now())
	must(w.t, err)
	return s
}

func (w *world) stats() store.Stats {
	w.t.Helper()
	s, err := w.Stats(context.Background())
	must(w.t, err)
	return s
}

func sqliteFile(t testing.TB) string { return filepath.Join(t.TempDir(), "ledger.db") }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func wantClass(t testing.TB, err error, class bot.Class) {
	t.Helper()
	if got := bot.ClassOf(err); got != class {
		t.Errorf("got class %q (%v), want %q", got, err, class)
	}
}

func nth(prefix string, n int) string { return fmt.Sprintf("%s-%d", prefix, n) }
