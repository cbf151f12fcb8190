package store_test

import (
	"context"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/store"
)

// hear waits for a ring.
func hear(t *testing.T, rings <-chan store.Ring, want store.Ring) {
	t.Helper()
	late := time.After(10 * time.Second)
	for {
		select {
		case r := <-rings:
			if r == want {
				return
			}
		case <-late:
			t.Fatalf("did not hear %v", want)
		}
	}
}

func TestBell(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		here := w.Bell(ctx)
		away := here
		if other := w.second(); isShared(w) {
			away = other.Bell(ctx)
			hear(t, away, store.Ring{Work: store.AnyWork}) // it listens from now on
		}
		w.accept(w.message("1", "a", "x"))
		inbox := store.Ring{Work: store.InboxWork, Shard: bot.Shard(w.chat("a"))}
		hear(t, here, inbox)
		if isShared(w) {
			hear(t, away, inbox)
		}
		p := w.waiting("a")
		must(t, w.Settle(ctx, bot.Settlement{Message: p.Message, Replies: []bot.Reply{{Text: "y"}}}))
		hear(t, away, store.Ring{Work: store.OutboxWork, Channel: "webchat"})
		must(t, w.Withdraw(ctx, store.Withdrawal{Entry: "x", At: w.clock.Now()}))
		hear(t, away, store.Ring{Work: store.ContentWork})
		cancel()
		for range here { // closed when its context ends
		}
	})
}

// isShared reports whether several processes may work on the database.
func isShared(w *world) bool { return len(w.dsn) > 5 && w.dsn[:5] == "host=" }
