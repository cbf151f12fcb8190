package store

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// groups is the work of a gatherer under test: it notes what goes together, and is held until it is let go.
type groups struct {
	mu     sync.Mutex
	seen   [][]int
	inside chan struct{} // one for each group that begins
	let    chan struct{} // closed to let all go
	ended  chan struct{} // closed when the context of a held group has ended
}

func gathering(bad int) (*gatherer[int], *groups) {
	w := &groups{inside: make(chan struct{}, 100), let: make(chan struct{}), ended: make(chan struct{})}
	return &gatherer[int]{side: func() int { return 1 }, size: func(n int) int { return n }, do: func(ctx context.Context, group []int) error {
		w.mu.Lock()
		w.seen = append(w.seen, slices.Clone(group))
		w.mu.Unlock()
		w.inside <- struct{}{}
		select {
		case <-w.let:
		case <-ctx.Done():
			close(w.ended)
			return ctx.Err()
		}
		if slices.Contains(group, bad) {
			return errors.New("bad")
		}
		return nil
	}}, w
}

// ask makes a call beside the test and returns once it waits.
func (g *gatherer[T]) ask(ctx context.Context, v T) <-chan error {
	g.mu.Lock()
	before := len(g.queue)
	g.mu.Unlock()
	answer := make(chan error, 1)
	go func() { answer <- g.make(ctx, v) }()
	for {
		g.mu.Lock()
		n := len(g.queue)
		g.mu.Unlock()
		if n > before {
			return answer
		}
		time.Sleep(time.Millisecond)
	}
}

// first makes the call that the others wait behind.
func (w *groups) first(ctx context.Context, g *gatherer[int], v int) <-chan error {
	answer := make(chan error, 1)
	go func() { answer <- g.make(ctx, v) }()
	<-w.inside
	return answer
}

func TestGathererTakesTogetherWhatWaits(t *testing.T) {
	g, w := gathering(-1)
	ctx := context.Background()
	answers := []<-chan error{w.first(ctx, g, 1)}
	for _, n := range []int{2, 3, gatherBound - 5, 1, 2 * gatherBound, 4} {
		answers = append(answers, g.ask(ctx, n))
	}
	close(w.let)
	for i, a := range answers {
		if err := <-a; err != nil {
			t.Errorf("call %d: %v", i, err)
		}
	}
	want := [][]int{{1}, {2, 3, gatherBound - 5}, {1}, {2 * gatherBound}, {4}}
	if !slices.EqualFunc(w.seen, want, slices.Equal) {
		t.Errorf("together went %v, want %v", w.seen, want)
	}
	if err := g.make(ctx, 9); err != nil || len(w.seen) != len(want)+1 {
		t.Errorf("a later call: %v, groups %v", err, w.seen)
	}
}

func TestGathererBlamesNobodyForOthers(t *testing.T) {
	g, w := gathering(3)
	ctx := context.Background()
	first := w.first(ctx, g, 1)
	good, bad, other := g.ask(ctx, 2), g.ask(ctx, 3), g.ask(ctx, 4)
	close(w.let)
	if <-first != nil || <-good != nil || <-other != nil {
		t.Error("a call failed by another's fault")
	}
	if <-bad == nil {
		t.Error("the bad call did not fail")
	}
}

func TestGathererLetsCallersGo(t *testing.T) {
	g, w := gathering(-1)
	here, leave := context.WithCancel(context.Background())
	defer leave()
	first := w.first(here, g, 1)
	gone, goes := context.WithCancel(context.Background())
	left := g.ask(gone, 2)
	stays := g.ask(context.Background(), 3)
	goes()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("whoever waited got %v", err)
	}
	select {
	case <-w.ended:
		t.Fatal("work was given up while its caller waits")
	case <-time.After(10 * time.Millisecond):
	}
	leave() // nobody waits for the first any more
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("the first got %v", err)
	}
	<-w.ended
	close(w.let)
	if err := <-stays; err != nil {
		t.Error(err)
	}
	if want := [][]int{{1}, {3}}; !slices.EqualFunc(w.seen, want, slices.Equal) {
		t.Errorf("made was %v, want %v", w.seen, want)
	}
	if err := g.make(gone, 5); !errors.Is(err, context.Canceled) {
		t.Errorf("a call that comes too late got %v", err)
	}
}

func TestGathererMakesFewerAtOnceWhenToldSo(t *testing.T) {
	g, w := gathering(-1)
	ctx := context.Background()
	var side atomic.Int32
	side.Store(2)
	g.side = func() int { return int(side.Load()) }
	answers := []<-chan error{w.first(ctx, g, 1), w.first(ctx, g, 2)} // both are under way
	answers = append(answers, g.ask(ctx, 3))
	side.Store(1)
	close(w.let)
	for _, a := range answers {
		if err := <-a; err != nil {
			t.Error(err)
		}
	}
	<-w.inside // of the third
	w.let = make(chan struct{})
	late := []<-chan error{w.first(ctx, g, 4), g.ask(ctx, 5)}
	if len(w.seen) != 4 {
		t.Errorf("made was %v: a group began beside another", w.seen)
	}
	close(w.let)
	for _, a := range late {
		if err := <-a; err != nil {
			t.Error(err)
		}
	}
}
