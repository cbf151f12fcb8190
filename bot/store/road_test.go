package store_test

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tanya/bot"
)

// Everything at once: several channels accept (with repeats), every shard is answered, replies are sent, rows are swept
// and counted. At the end each message was settled once, and each chat got its replies in the order of its messages.
func TestWholeRoadAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		const writers, messages = 8, 25
		var accepting, working sync.WaitGroup
		for n := range writers {
			accepting.Go(func() {
				for i := range messages {
					m := w.message(nth(nth("m", n), i), nth("chat", n), strconv.Itoa(i))
					for range 2 { // the platform repeats itself
						if _, err := w.Accept(ctx, bot.Batch{Channel: "webchat", Messages: []bot.Message{m}, Cursor: strconv.Itoa(i)}); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		stop := make(chan struct{})
		until := func(f func()) {
			working.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
						f()
					}
				}
			})
		}
		for part := range 4 {
			until(func() {
				for shard := part; shard < bot.Shards; shard += 4 {
					w.answer(ctx, shard)
				}
			})
		}
		sent := map[string][]int{}
		var mu sync.Mutex
		var delivered atomic.Int64
		for n := range 3 {
			until(func() {
				now := w.clock.Now()
				out, err := w.Lease(ctx, "webchat", nth("s", n), 4, now, now.Add(timeHour))
				if err != nil {
					t.Error(err)
				}
				for _, o := range out {
					i, _ := strconv.Atoi(o.Reply.Text)
					mu.Lock()
					sent[o.Chat] = append(sent[o.Chat], i)
					mu.Unlock()
					if err := w.Finish(ctx, bot.Delivery{ID: o.ID, State: bot.Delivered}); err != nil {
						t.Error(err)
					}
					delivered.Add(1)
				}
			})
		}
		until(func() { w.stats(); w.sweep(); time.Sleep(5 * time.Millisecond) })
		accepting.Wait()
		for delivered.Load() < writers*messages && ctx.Err() == nil && !t.Failed() {
			time.Sleep(time.Millisecond)
		}
		close(stop)
		working.Wait()
		equal(t, "delivered", delivered.Load(), writers*messages)
		for chat, got := range sent {
			for i, n := range got {
				if i != n {
					t.Fatalf("chat %s got %v", chat, got)
				}
			}
		}
		v := w.stats()
		equal(t, "queries", v.Queries, writers*messages)
		equal(t, "waiting", v.Waiting, 0)
		equal(t, "sessions", v.Sessions, writers)
		equal(t, "outbox", v.Outbox, 0)
	})
}

// answer settles what waits in a shard, one message of a chat at a time.
func (w *world) answer(ctx context.Context, shard int) {
	pending, err := w.Claim(ctx, shard, 10)
	if err != nil {
		w.t.Error(err)
	}
	seen := map[string]bool{}
	var done []bot.Settlement
	for _, p := range pending {
		if seen[p.Message.Chat] {
			break
		}
		seen[p.Message.Chat] = true
		p.Session.Turns++
		p.Session.Updated = w.clock.Now()
		done = append(done, w.settlement(&p, bot.Query{Outcome: bot.Unknown, Topic: "jadwal", Activity: "K7", Text: p.Message.Text}, p.Message.Text))
	}
	if len(done) == 0 {
		return
	}
	if err := w.Settle(ctx, done...); err != nil {
		w.t.Error(err)
	}
}
