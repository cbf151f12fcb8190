package bot_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tanya/bot"
)

// slowly is a channel on which a send takes half a second.
type slowly struct {
	mu    sync.Mutex
	start time.Time
	at    []time.Duration // when sends began
	open  int
	most  int
}

func (s *slowly) Name() string { return "wire" }
func (s *slowly) Run(ctx context.Context, _ bot.Accepter) error {
	<-ctx.Done()
	return nil
}
func (s *slowly) Send(context.Context, bot.Outgoing) (string, error) {
	s.count(+1)
	time.Sleep(500 * time.Millisecond)
	s.count(-1)
	return "1", nil
}

func (s *slowly) count(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open += n
	s.most = max(s.most, s.open)
	if n > 0 {
		s.at = append(s.at, time.Since(s.start))
	}
}

// TestEngineSendsFewAfterAStart: what is under way when the program is killed is sent again. One that dies within three
// seconds of every start has one reply under way; one that lives sends sixteen at once.
func TestEngineSendsFewAfterAStart(t *testing.T) {
	d := talk(t, parrot("jam-tps"), nil)
	synctest.Test(t, func(t *testing.T) {
		const people = 900
		l, w := newLedger(clock()), &slowly{start: time.Now()}
		e := bot.NewEngine(l, d, []bot.Channel{w}, bot.EngineOptions{Owner: "test", Now: l.now})
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- e.Run(ctx) }()
		for i := range people {
			if err := e.Accept(t.Context(), say(fmt.Sprint(i), fmt.Sprint("chat-", i), "jam berapa")); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(3 * time.Minute)
		synctest.Wait()
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		young := slices.IndexFunc(w.at, func(at time.Duration) bool { return at >= 3*time.Second })
		if young != 6 {
			t.Errorf("%d sends of half a second within three seconds, want 6: one at a time", young)
		}
		if len(w.at) != people || w.most != 16 {
			t.Errorf("%d of %d sent, at most %d at once; want 16", len(w.at), people, w.most)
		}
	})
}

// stuck is a ledger on a disk that stands still until free. Leases end meanwhile.
type stuck struct {
	*ledger
	free time.Time
}

func (s *stuck) Finish(ctx context.Context, ds ...bot.Delivery) error {
	if time.Now().Before(s.free) {
		<-ctx.Done()
		return ctx.Err()
	}
	return s.ledger.Finish(ctx, ds...)
}

func (s *stuck) Lease(ctx context.Context, channel, owner string, limit int, now, end time.Time) ([]bot.Outgoing, error) {
	all, err := s.ledger.Lease(ctx, channel, owner, limit, now, end)
	time.AfterFunc(end.Sub(now), func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, o := range all {
			delete(s.leased, o.ID)
		}
	})
	return all, err
}

// TestEngineRecordsADeliveryLate: a disk that stands still for three minutes after a reply was sent has nobody told
// twice.
func TestEngineRecordsADeliveryLate(t *testing.T) {
	d := talk(t, parrot("jam-tps"), nil)
	synctest.Test(t, func(t *testing.T) {
		l, w := &stuck{newLedger(clock()), time.Now().Add(3 * time.Minute)}, &wire{}
		w.send = func(int, bot.Outgoing) error { return nil }
		e := bot.NewEngine(l, d, []bot.Channel{w}, bot.EngineOptions{Owner: "test", Now: l.now})
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- e.Run(ctx) }()
		if err := e.Accept(t.Context(), say("1", "a", "jam berapa")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		stop()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if n := len(w.all()); n != 1 || l.delivery(1).State != bot.Delivered {
			t.Errorf("sent %d times, then %q", n, l.delivery(1).State)
		}
	})
}

// shelf is a channel from which people fetch their replies.
type shelf struct{ wire }

func (s *shelf) Fetched() bool { return true }

// commits counts how often deliveries are recorded.
type commits struct {
	*ledger
	n atomic.Int32
}

func (c *commits) Finish(ctx context.Context, ds ...bot.Delivery) error {
	c.n.Add(1)
	return c.ledger.Finish(ctx, ds...)
}

// TestEngineHandsOverMany: where people fetch the replies, nothing is won by sending few at first and one by one; a burst is handed
// over in few commits, each reply once and those of a chat in order.
func TestEngineHandsOverMany(t *testing.T) {
	d := talk(t, parrot("jam-tps"), nil)
	synctest.Test(t, func(t *testing.T) {
		const people, each = 300, 3
		l, w := &commits{ledger: newLedger(clock())}, &shelf{}
		w.send = func(int, bot.Outgoing) error { return nil }
		for i := range people * each { // before the start, as after an outage
			b := say(fmt.Sprint(i), fmt.Sprint("chat-", i%people), "jam berapa")
			for m := range b.Messages {
				b.Messages[m].Channel = b.Channel
			}
			if _, err := l.Accept(t.Context(), b); err != nil {
				t.Fatal(err)
			}
		}
		e := bot.NewEngine(l, d, []bot.Channel{w}, bot.EngineOptions{Owner: "test", Now: l.now})
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- e.Run(ctx) }()
		time.Sleep(30 * time.Second)
		synctest.Wait()
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		all := w.all()
		if n := l.n.Load(); len(all) != people*each || n > people*each/10 {
			t.Errorf("%d of %d handed over in %d commits", len(all), people*each, n)
		}
		last := map[string]int64{}
		for _, o := range all {
			if o.ID <= last[o.Chat] {
				t.Errorf("reply %d of a chat came after %d", o.ID, last[o.Chat])
			}
			last[o.Chat] = o.ID
		}
	})
}
