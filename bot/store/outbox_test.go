package store_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tanya/bot"
)

// texts joins the texts of replies, for comparing.
func texts(all []bot.Outgoing) string {
	var t []string
	for _, o := range all {
		t = append(t, o.Reply.Text)
	}
	return strings.Join(t, " ")
}

func TestLeaseKeepsTheOrderOfAChat(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.ask("1", "a", bot.Query{}, "a1", "a2")
		w.ask("2", "b", bot.Query{}, "b1")
		w.ask("3", "a", bot.Query{}, "a3")
		first := w.lease("me", 10)
		equal(t, "first", texts(first), "a1 b1")
		equal(t, "attempt", first[0].Attempt, 1)
		equal(t, "address", first[0].Address, "a")
		equal(t, "reply to", first[0].ReplyTo, "1")
		equal(t, "nothing more while they are under way", texts(w.lease("you", 10)), "")

		must(t, w.Finish(ctx, bot.Delivery{ID: first[0].ID, State: bot.Retry, RetryAt: w.clock.Now().Add(10 * time.Second)}))
		equal(t, "a2 waits behind a1", texts(w.lease("me", 10)), "")
		w.clock.add(9999 * time.Millisecond)
		equal(t, "a1 not yet due", texts(w.lease("me", 10)), "")
		w.clock.add(time.Millisecond)
		again := w.lease("me", 10)
		equal(t, "a1 again", texts(again), "a1")
		equal(t, "attempt", again[0].Attempt, 2)
		must(t, w.Finish(ctx, bot.Delivery{ID: again[0].ID, State: bot.Postponed, RetryAt: w.clock.Now().Add(time.Second)}))
		equal(t, "a1 postponed", texts(w.lease("me", 10)), "")
		w.clock.add(time.Second)
		again = w.lease("me", 10)
		equal(t, "a1 after it was postponed", texts(again), "a1")
		equal(t, "being postponed was no attempt", again[0].Attempt, 2)
		must(t, w.Finish(ctx, bot.Delivery{ID: again[0].ID, State: bot.Dead, Reason: "stop_chat"}))
		equal(t, "a2 after a1 died", texts(w.lease("me", 10)), "a2")
		equal(t, "dead", w.stats().Dead, 1)
	})
}

func TestLeaseOfOneChannelOnly(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.ask("1", "a", bot.Query{}, "a1")
		out, err := w.Lease(context.Background(), "telegram", "me", 10, w.clock.Now(), w.clock.Now().Add(time.Minute))
		must(t, err)
		equal(t, "other channel", len(out), 0)
	})
}

func TestLeaseEnds(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.ask("1", "a", bot.Query{}, "a1", "a2")
		first := w.lease("dead process", 10)
		must(t, w.Prepare(ctx, first[0].ID, "our-own-id"))
		w.clock.add(time.Minute - time.Millisecond)
		equal(t, "still leased", texts(w.lease("me", 10)), "")
		w.clock.add(time.Millisecond)
		second := w.lease("me", 10)
		equal(t, "taken over", texts(second), "a1")
		equal(t, "with the id chosen before", second[0].Platform, "our-own-id")
		must(t, w.Finish(ctx, bot.Delivery{ID: first[0].ID, State: bot.Delivered, Platform: "p1"}))
		wantClass(t, w.Prepare(ctx, first[0].ID, "late"), bot.Conflict)
		must(t, w.Finish(ctx, bot.Delivery{ID: first[0].ID, State: bot.Retry, RetryAt: w.clock.Now()})) // too late: delivered is delivered
		equal(t, "next", texts(w.lease("me", 10)), "a2")
		wantClass(t, w.Finish(ctx, bot.Delivery{ID: first[0].ID, State: "lost"}), bot.Invalid)
	})
}

func TestFreshReplyIsDueWhateverTheClockDoes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.ask("1", "a", bot.Query{}, "a1")
		w.clock.add(-time.Hour)
		equal(t, "leased", texts(w.lease("me", 10)), "a1")
	})
}

func TestSilenceCancelsWhatWaits(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.ask("1", "a", bot.Query{}, "a1", "a2", "a3")
		w.ask("2", "b", bot.Query{}, "b1")
		under := w.lease("me", 1)
		w.accept(w.message("3", "a", "STOP"))
		p := w.waiting("a")
		must(t, w.Settle(ctx, bot.Settlement{Message: p.Message, Session: &p.Session, Silence: true, Replies: []bot.Reply{{Text: "berhenti"}}}))
		must(t, w.Finish(ctx, bot.Delivery{ID: under[0].ID, State: bot.Delivered}))
		equal(t, "left", texts(w.lease("me", 10)), "b1 berhenti")
	})
}

func TestRepliesAreThePageOfAChat(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.ask("1", "a", bot.Query{}, "a1", "a2", "a3")
		w.ask("2", "b", bot.Query{}, "b1")
		replies := func(after int64) []bot.Outgoing {
			t.Helper()
			all, err := w.Replies(ctx, w.chat("a"), after, 10)
			must(t, err)
			return all
		}
		equal(t, "nothing sent", texts(replies(0)), "")
		for range 2 {
			for _, o := range w.lease("me", 1) {
				must(t, w.Finish(ctx, bot.Delivery{ID: o.ID, State: bot.Delivered}))
			}
		}
		all := replies(0)
		equal(t, "sent", texts(all), "a1 a2")
		equal(t, "no address any more", all[0].Address, "")
		equal(t, "after the first", texts(replies(all[0].ID)), "a2")
		w.clock.add(bot.SessionLife - time.Millisecond)
		equal(t, "just before the end", texts(replies(0)), "a1 a2")
		w.clock.add(time.Millisecond)
		equal(t, "at the end", texts(replies(0)), "")
	})
}

func TestRepliesLeaveOutWhatMayNotBeSaid(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.accept(w.message("1", "a", "x"))
		p := w.waiting("a")
		must(t, w.Settle(ctx, bot.Settlement{Message: p.Message, Replies: []bot.Reply{{Text: "besok", Expires: w.clock.Now().Add(time.Second)}}}))
		must(t, w.Finish(ctx, bot.Delivery{ID: w.lease("me", 1)[0].ID, State: bot.Delivered}))
		for _, want := range []string{"besok", ""} {
			all, err := w.Replies(ctx, w.chat("a"), 0, 10)
			must(t, err)
			equal(t, "replies", texts(all), want)
			w.clock.add(time.Second)
		}
	})
}

// Many senders, small leases, some failures: every reply is delivered once and in the order of its chat.
func TestLeaseUnderContention(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		const chats, each = 12, 6
		for i := range chats {
			var replies []string
			for j := range each {
				replies = append(replies, nth(nth("r", i), j))
			}
			w.ask(nth("m", i), nth("chat", i), bot.Query{}, replies...)
		}
		var mu sync.Mutex
		sent := map[string][]string{}
		var wg sync.WaitGroup
		for n := range 8 {
			wg.Go(func() {
				owner := nth("owner", n)
				for round := 0; ; round++ {
					now := w.clock.Now()
					out, err := w.Lease(ctx, "webchat", owner, 3, now, now.Add(time.Hour))
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					total := 0
					for _, s := range sent {
						total += len(s)
					}
					mu.Unlock()
					if total == chats*each {
						return
					}
					for i, o := range out {
						d := bot.Delivery{ID: o.ID, State: bot.Delivered}
						if o.Attempt == 1 && (i+round)%3 == 0 {
							d.State, d.RetryAt = bot.Retry, now
						} else {
							mu.Lock()
							sent[o.Chat] = append(sent[o.Chat], o.Reply.Text)
							mu.Unlock()
						}
						if err := w.Finish(ctx, d); err != nil {
							t.Error(err)
							return
						}
					}
				}
			})
		}
		wg.Wait()
		for chat, got := range sent {
			if len(got) != each || !slices.IsSorted(got) {
				t.Errorf("chat %s got %v", chat, got)
			}
		}
		equal(t, "chats", len(sent), chats)
	})
}

func TestCallbacks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		miss := w.ask("1", "a", bot.Query{Outcome: bot.Unknown, Text: "apa ya"}).LastMiss
		w.accept(w.message("2", "a", "kabari"))
		p := w.waiting("a")
		must(t, w.Settle(ctx, bot.Settlement{Message: p.Message, Session: &p.Session, Wait: &bot.Wait{Query: miss, Lang: "jv"}}))
		w.accept(w.message("3", "b", "kabari"))
		p = w.waiting("b")
		must(t, w.Settle(ctx, bot.Settlement{Message: p.Message, Session: &p.Session, Wait: &bot.Wait{Query: 999}})) // no such question
		calls, err := w.Callbacks(ctx, miss)
		must(t, err)
		equal(t, "callbacks", len(calls), 1)
		equal(t, "language", calls[0].Lang, "jv")
		equal(t, "until", calls[0].Until.Equal(w.clock.Now().Truncate(time.Millisecond).Add(bot.WaitLife)), true)
		must(t, w.Tell(ctx, calls[0].ID, bot.Reply{Text: "jawabannya"}))
		wantClass(t, w.Tell(ctx, calls[0].ID, bot.Reply{Text: "jawabannya"}), bot.NotFound)
		out := w.lease("me", 10)
		equal(t, "told", texts(out), "jawabannya")
		equal(t, "address", out[0].Address, "a")
		equal(t, "callbacks", w.stats().Callbacks, 0)
	})
}
