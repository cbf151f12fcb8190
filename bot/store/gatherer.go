package store

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
)

// gatherBound is the most that is done together: small enough that the last of it still answers within a few hundredths
// of a second.
const gatherBound = 256

// gatherer lets calls that wait at the same time be made together. A database that is asked over a connection answers
// fifty messages in one transaction with as many statements as one message, so what costs is the asking. Nobody waits
// for company: a call that finds nothing under way is made at once, and what comes meanwhile goes together after it.
type gatherer[T any] struct {
	side func() int  // groups under way at once, which may change; 0 makes each call alone and in the caller's goroutine
	size func(T) int // what a call counts against gatherBound
	do   func(ctx context.Context, group []T) error

	mu    sync.Mutex
	queue []*call[T]
	busy  int
}

// call is one caller's part of a group.
type call[T any] struct {
	ctx    context.Context
	value  T
	answer chan error // holds one
}

// make does the work of one call, together with others. A caller whose context ends does not wait any longer; whether
// its work was done is then not known, as with a connection that breaks.
func (g *gatherer[T]) make(ctx context.Context, v T) error {
	if g.side() == 0 {
		return g.do(ctx, []T{v})
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	c := &call[T]{ctx: ctx, value: v, answer: make(chan error, 1)}
	g.mu.Lock()
	g.queue = append(g.queue, c)
	if g.busy < g.side() {
		g.busy++
		go g.work()
	}
	g.mu.Unlock()
	select {
	case err := <-c.answer:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// work makes what waits until nothing does.
func (g *gatherer[T]) work() {
	for {
		group := g.take()
		if len(group) == 0 {
			return
		}
		g.run(group)
	}
}

// take returns the calls that go together next; with none of them the caller's work has ended: nothing waits, or others
// are enough.
func (g *gatherer[T]) take() []*call[T] {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.busy > max(1, g.side()) {
		g.busy--
		return nil
	}
	var group []*call[T]
	n, sum := 0, 0
	for ; n < len(g.queue); n++ {
		c := g.queue[n]
		if c.ctx.Err() != nil {
			continue // its caller has gone
		}
		if sum += g.size(c.value); len(group) > 0 && sum > gatherBound {
			break
		}
		group = append(group, c)
	}
	g.queue = slices.Delete(g.queue, 0, n)
	if len(group) == 0 {
		g.busy--
	}
	return group
}

// run makes the calls of a group together. Where that fails, it cannot be known which of them is to blame: each gets its
// own chance and its own answer.
func (g *gatherer[T]) run(group []*call[T]) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var left atomic.Int64
	left.Store(int64(len(group)))
	values := make([]T, len(group))
	for i, c := range group {
		values[i] = c.value
		// The work is given up when nobody waits for it any more.
		defer context.AfterFunc(c.ctx, func() {
			if left.Add(-1) == 0 {
				cancel()
			}
		})()
	}
	err := g.do(ctx, values)
	if err == nil || len(group) == 1 {
		for _, c := range group {
			c.answer <- err
		}
		return
	}
	var alone sync.WaitGroup
	for _, c := range group {
		alone.Go(func() { c.answer <- g.do(c.ctx, []T{c.value}) })
	}
	alone.Wait()
}
