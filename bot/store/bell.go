package store

import (
	"context"
	"sync"
)

// Work is a kind of thing that somebody may wait for.
type Work string

// The kinds of work that the bell rings for.
const (
	InboxWork   Work = "inbox"   // a shard has messages to answer
	OutboxWork  Work = "outbox"  // a channel has replies to send
	ContentWork Work = "content" // an edition was published, or an entry withdrawn or restored
	SwitchWork  Work = "switch"  // a channel's switch was turned
	AnyWork     Work = "any"     // rings may have been missed: look everywhere
)

// Ring says that there is something to do. It is a hint: whoever hears it looks into the ledger.
type Ring struct {
	Work    Work
	Shard   int    // for InboxWork
	Channel string // for OutboxWork and SwitchWork
}

// bell tells listeners of new work, in this process and, on PostgreSQL, in the others.
type bell struct {
	away interface {
		announce([]Ring)
		listen(ctx context.Context, heard func(...Ring))
	}
	mu        sync.Mutex
	listeners map[*listener]struct{}
	stop      context.CancelFunc // ends listening to other processes; nil before anybody wants it
	ended     chan struct{}
}

// listener gathers rings for somebody who may be busy. Equal rings count once, so it cannot grow beyond the number of
// shards and channels.
type listener struct {
	mu      sync.Mutex
	pending map[Ring]struct{}
	wake    chan struct{} // holds one
}

func newListener() *listener {
	return &listener{pending: map[Ring]struct{}{}, wake: make(chan struct{}, 1)}
}

func newBell(d dialect) *bell { return &bell{away: d, listeners: map[*listener]struct{}{}} }

// Bell returns a channel that hears of new work until ctx ends, then it is closed.
func (s *Store) Bell(ctx context.Context) <-chan Ring {
	b, l := s.bell, newListener()
	b.mu.Lock()
	b.listeners[l] = struct{}{}
	if b.stop == nil {
		var away context.Context
		away, b.stop = context.WithCancel(context.Background())
		b.ended = make(chan struct{})
		go func() {
			defer close(b.ended)
			b.away.listen(away, b.spread)
		}()
	}
	b.mu.Unlock()
	out := make(chan Ring)
	go func() {
		defer close(out)
		defer b.remove(l)
		l.pass(ctx, out)
	}()
	return out
}

// ring tells everybody, here and elsewhere.
func (b *bell) ring(r ...Ring) {
	b.spread(r...)
	b.away.announce(r)
}

// spread tells the listeners of this process.
func (b *bell) spread(r ...Ring) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for l := range b.listeners {
		l.add(r)
	}
}

func (b *bell) remove(l *listener) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.listeners, l)
}

// close ends listening to other processes.
func (b *bell) close() {
	b.mu.Lock()
	stop, ended := b.stop, b.ended
	b.mu.Unlock()
	if stop != nil {
		stop()
		<-ended
	}
}

func (l *listener) add(r []Ring) {
	l.mu.Lock()
	for _, one := range r {
		l.pending[one] = struct{}{}
	}
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *listener) pass(ctx context.Context, out chan<- Ring) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.wake:
		}
		for r := range l.take() {
			select {
			case out <- r:
			case <-ctx.Done():
				return
			}
		}
	}
}

func (l *listener) take() map[Ring]struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	rings := l.pending
	l.pending = map[Ring]struct{}{}
	return rings
}
