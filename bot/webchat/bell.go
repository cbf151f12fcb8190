package webchat

import "sync"

// bells wakes whoever waits for a reply of a chat. It is safe for concurrent use.
type bells struct {
	mu      sync.Mutex
	waiting map[string]map[chan struct{}]bool
}

func newBells() *bells { return &bells{waiting: map[string]map[chan struct{}]bool{}} }

// listen returns a channel that receives once or more after each ring for the chat, and a function that ends it. Rings
// that nobody fetched are one.
func (b *bells) listen(chat string) (<-chan struct{}, func()) {
	ch := make(chan struct{}, 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waiting[chat] == nil {
		b.waiting[chat] = map[chan struct{}]bool{}
	}
	b.waiting[chat][ch] = true
	return ch, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.waiting[chat], ch)
		if len(b.waiting[chat]) == 0 {
			delete(b.waiting, chat)
		}
	}
}

// ring wakes the listeners of the chat. It never blocks.
func (b *bells) ring(chat string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for ch := range b.waiting[chat] {
		select {
		case ch <- struct{}{}:
		default:
		}
	}
}
