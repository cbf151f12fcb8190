package bottest

import (
	"context"
	"sync"

	"tanya/bot"
)

// Inbox is a bot.Accepter in memory with the promise of a real one: a message is taken once. It is safe for
// concurrent use.
type Inbox struct {
	mu       sync.Mutex
	messages []bot.Message
	known    map[string]bool
	cursor   string
	fail     func(bot.Batch) error
	repeats  int
	heard    chan bot.Message
}

// NewInbox makes an inbox.
func NewInbox() *Inbox {
	return &Inbox{known: map[string]bool{}, heard: make(chan bot.Message, 10_000)}
}

// Accept takes a batch.
func (i *Inbox) Accept(_ context.Context, b bot.Batch) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.fail != nil {
		if err := i.fail(b); err != nil {
			return err
		}
	}
	for _, m := range b.Messages {
		if m.External == "" {
			return bot.Errorf(bot.Invalid, "a message without an id")
		}
		if i.known[m.External] {
			i.repeats++
			continue
		}
		i.known[m.External] = true
		i.messages = append(i.messages, m)
		select {
		case i.heard <- m:
		default:
		}
	}
	if b.Cursor != "" {
		i.cursor = b.Cursor
	}
	return nil
}

// Cursor returns the last cursor.
func (i *Inbox) Cursor(context.Context, string) (string, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.cursor, nil
}

// Fail makes Accept call f first and return its error; nil ends that.
func (i *Inbox) Fail(f func(bot.Batch) error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.fail = f
}

// Messages returns what was taken so far, in order.
func (i *Inbox) Messages() []bot.Message {
	i.mu.Lock()
	defer i.mu.Unlock()
	return append([]bot.Message(nil), i.messages...)
}

// Repeats returns how many messages came again.
func (i *Inbox) Repeats() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.repeats
}

// Heard hands out each message once, as it is taken.
func (i *Inbox) Heard() <-chan bot.Message { return i.heard }
