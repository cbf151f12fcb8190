package store_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"tanya/bot"
)

func TestAcceptKeepsEverythingOfAMessage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		m := bot.Message{External: "ext", Address: "62811", Kind: bot.Tap, Text: "kapan\x00 \xff nyoblos", Choice: "e:jam",
			Lang: "jv", Sent: w.clock.Now().Add(-time.Second), Received: w.clock.Now()}
		w.accept(m)
		got := w.waiting("62811").Message
		equal(t, "channel", got.Channel, "webchat")
		equal(t, "external", got.External, "ext")
		equal(t, "chat", got.Chat, w.chat("62811"))
		equal(t, "kind", got.Kind, bot.Tap)
		equal(t, "text", got.Text, "kapan\x00 \ufffd nyoblos")
		equal(t, "choice", got.Choice, "e:jam")
		equal(t, "lang", got.Lang, "jv")
		equal(t, "sent", got.Sent.Equal(m.Sent), true)
		equal(t, "received", got.Received.Equal(m.Received), true)
	})
}

func TestAcceptLeavesOutRepeats(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		shards, err := w.Accept(ctx, bot.Batch{Channel: "webchat", Messages: []bot.Message{
			w.message("1", "a", "x"), w.message("1", "a", "x"), w.message("2", "a", "y")}})
		must(t, err)
		equal(t, "shards", len(shards), 1)
		equal(t, "shard", shards[0], bot.Shard(w.chat("a")))
		shards, err = w.Accept(ctx, bot.Batch{Channel: "webchat", Messages: []bot.Message{w.message("2", "a", "y")}})
		must(t, err)
		equal(t, "shards of a repeat", len(shards), 0)
		equal(t, "waiting", len(w.claim()), 2)
		// The same id on another channel is another message.
		_, err = w.Accept(ctx, bot.Batch{Channel: "telegram", Messages: []bot.Message{{External: "1", Address: "a", Kind: bot.Text}}})
		must(t, err)
		equal(t, "waiting", len(w.claim()), 3)
		// A settled message is still known.
		p := w.waiting("a")
		must(t, w.Settle(ctx, bot.Settlement{Message: p.Message}))
		w.accept(w.message(p.Message.External, "a", "x"))
		equal(t, "waiting", len(w.claim()), 2)
	})
}

func TestClaimGivesTheOldestFirst(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i := range 20 {
			w.accept(w.message(nth("m", i), "a", nth("text", i)))
		}
		shard := bot.Shard(w.chat("a"))
		some, err := w.Claim(context.Background(), shard, 7)
		must(t, err)
		equal(t, "claimed", len(some), 7)
		for i, p := range some {
			equal(t, "text", p.Message.Text, nth("text", i))
		}
		equal(t, "sorted", slices.IsSortedFunc(some, func(a, b bot.Pending) int { return int(a.Message.Seq - b.Message.Seq) }), true)
		again, err := w.Claim(context.Background(), shard, 7)
		must(t, err)
		equal(t, "claiming changes nothing", again[0].Message.Seq, some[0].Message.Seq)
	})
}

func TestCursorAndMessagesAreOne(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		cursor := func(want string) {
			t.Helper()
			got, err := w.Cursor(ctx, "webchat")
			must(t, err)
			equal(t, "cursor", got, want)
		}
		cursor("")
		_, err := w.Accept(ctx, bot.Batch{Channel: "webchat", Messages: []bot.Message{w.message("1", "a", "x")}, Cursor: "7"})
		must(t, err)
		cursor("7")
		w.accept(w.message("2", "a", "x")) // without a cursor
		cursor("7")
		_, err = w.Accept(ctx, bot.Batch{Channel: "webchat", Messages: []bot.Message{w.message("3", "a", "x"), {Address: "a"}}, Cursor: "9"})
		wantClass(t, err, bot.Invalid)
		cursor("7")
		equal(t, "waiting", len(w.claim()), 2)
		// The same when the database, not the input, refuses.
		must(t, w.Script(ctx, `ALTER TABLE cursors RENAME TO elsewhere`))
		_, err = w.Accept(ctx, bot.Batch{Channel: "webchat", Messages: []bot.Message{w.message("4", "a", "x")}, Cursor: "9"})
		wantClass(t, err, bot.Transient)
		must(t, w.Script(ctx, `ALTER TABLE elsewhere RENAME TO cursors`))
		cursor("7")
		equal(t, "waiting", len(w.claim()), 2)
	})
}

func TestBrokenMessagesAreCountedAndSkipped(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		m := w.message("1", "", "")
		m.Kind = bot.Broken
		for range 2 {
			w.accept(m)
		}
		equal(t, "waiting", len(w.claim()), 0)
		equal(t, "broken", w.stats().Broken, 1)
	})
}

func TestRowThatDoesNotOpenIsBroken(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.accept(w.message("1", "a", "x"), w.message("2", "b", "y"))
		must(t, w.Script(context.Background(), `UPDATE inbox SET sealed = (SELECT sealed FROM inbox WHERE seq = 1)`))
		kinds := map[bot.Kind]int{}
		for _, p := range w.claim() {
			kinds[p.Message.Kind]++
		}
		equal(t, "whole", kinds[bot.Text], 1)
		equal(t, "broken, because sealed for another row", kinds[bot.Broken], 1)
	})
}

func TestSettleIsOneAndIdempotent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.accept(w.message("1", "a", "kpn"))
		p := w.waiting("a")
		p.Session = bot.Session{About: "jam-tps", Updated: w.clock.Now()}
		s := w.settlement(&p, bot.Query{Outcome: bot.Unknown, Topic: "jadwal", Text: "kpn", Score: 0.25}, "satu", "dua")
		s.Rating = "up"
		s.Wait = &bot.Wait{Lang: "id"}
		for range 3 {
			must(t, w.Settle(ctx, s))
		}
		must(t, w.Settle(ctx, s, s))
		v := w.stats()
		equal(t, "queries", v.Queries, 1)
		equal(t, "unknown", v.Outcomes[bot.Unknown], 1)
		equal(t, "outbox", v.Outbox, 2)
		equal(t, "waiting", v.Waiting, 0)
		equal(t, "callbacks", v.Callbacks, 1)
		for _, table := range []string{"queries", "texts", "reviews", "feedback"} {
			n, err := w.Number(ctx, `SELECT COUNT(*) FROM `+table)
			must(t, err)
			equal(t, table, n, 1)
		}
		w.accept(w.message("2", "a", "lagi"))
		next := w.waiting("a").Session
		equal(t, "session", next.About, "jam-tps")
		equal(t, "last miss stored", next.LastMiss, 1)
		equal(t, "last miss handed back", p.Session.LastMiss, 1)
	})
}

func TestSettleAllOrNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.accept(w.message("1", "a", "x"), w.message("2", "b", "y"))
		must(t, w.Script(ctx, `ALTER TABLE outbox RENAME TO elsewhere`))
		var all []bot.Settlement
		for i, p := range w.claim() {
			s := w.settlement(&p, bot.Query{Outcome: bot.Answered, Text: "x"}, "balasan")
			if i == 0 {
				s.Replies = nil
			}
			all = append(all, s)
		}
		wantClass(t, w.Settle(ctx, all...), bot.Transient)
		must(t, w.Script(ctx, `ALTER TABLE elsewhere RENAME TO outbox`))
		v := w.stats()
		equal(t, "waiting", v.Waiting, 2)
		equal(t, "queries", v.Queries, 0)
		equal(t, "sessions", v.Sessions, 0)
		must(t, w.Settle(ctx, all...))
		equal(t, "waiting", w.stats().Waiting, 0)
		wantClass(t, w.Settle(ctx, bot.Settlement{}), bot.Invalid)
	})
}

func TestErase(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		other := w.ask("0", "b", bot.Query{Outcome: bot.Unknown, Topic: "jadwal", Text: "punya orang lain"}, "jawab b")
		w.ask("1", "a", bot.Query{Outcome: bot.Unknown, Topic: "jadwal", Text: "satu", Activity: "K7", Segment: "disabilitas"}, "jawab")
		w.ask("2", "a", bot.Query{Outcome: bot.Answered, Topic: "tps", Text: "dua"}, "jawab lagi")
		out := w.lease("me", 10)
		must(t, w.Finish(ctx, bot.Delivery{ID: out[1].ID, State: bot.Delivered}))
		w.accept(w.message("3", "a", "/tunggu"))
		p := w.waiting("a")
		must(t, w.Settle(ctx, bot.Settlement{Message: p.Message, Session: &p.Session, Wait: &bot.Wait{Query: p.Session.LastMiss}}))
		equal(t, "callbacks", w.stats().Callbacks, 1)
		entries, err := w.Number(ctx, `SELECT COUNT(*) FROM askers`)
		must(t, err)
		equal(t, "set entries before", entries, 2+7)

		w.accept(w.message("4", "a", "/hapus"))
		p = w.waiting("a")
		must(t, w.Settle(ctx, bot.Settlement{Message: p.Message, Erase: true, Silence: true,
			Replies: []bot.Reply{{Outcome: bot.Erased, Text: "sudah dihapus"}}}))
		v := w.stats()
		equal(t, "sessions", v.Sessions, 1)
		equal(t, "callbacks", v.Callbacks, 0)
		equal(t, "queries stay counted", v.Queries, 3)
		entries, err = w.Number(ctx, `SELECT COUNT(*) FROM askers`)
		must(t, err)
		equal(t, "set entries of the other person", entries, 2)
		texts, err := w.Number(ctx, `SELECT COUNT(*) FROM texts`)
		must(t, err)
		equal(t, "texts of the other person", texts, 1)
		equal(t, "the other's text", other.LastMiss, 1)
		left := w.lease("me", 10)
		equal(t, "to send", len(left), 1)
		equal(t, "the reply to the wish", left[0].Reply.Outcome, bot.Erased)
	})
}

func TestNilSessionIsErased(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.ask("1", "a", bot.Query{Outcome: bot.Answered})
		equal(t, "sessions", w.stats().Sessions, 1)
		w.accept(w.message("2", "a", "x"))
		must(t, w.Settle(context.Background(), bot.Settlement{Message: w.waiting("a").Message}))
		equal(t, "sessions", w.stats().Sessions, 0)
	})
}

func TestRatingBelongsToTheLastAnswer(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		rate := func(external, label string) {
			w.accept(w.message(external, "a", "👎"))
			p := w.waiting("a")
			must(t, w.Settle(ctx, bot.Settlement{Message: p.Message, Session: &p.Session, Rating: label}))
		}
		rate("0", "down:salah") // nothing to rate: no harm
		w.ask("1", "a", bot.Query{Outcome: bot.Answered, Entry: "jam-tps", Text: "jam piro"})
		rate("2", "up")
		reviews, err := w.Reviews(ctx, store0)
		must(t, err)
		equal(t, "to review", len(reviews), 0)
		rate("3", "down:salah")
		reviews, err = w.Reviews(ctx, store0)
		must(t, err)
		equal(t, "to review", len(reviews), 1)
		equal(t, "rating", reviews[0].Rating, "down:salah")
		equal(t, "entry", reviews[0].Query.Entry, "jam-tps")
		equal(t, "text", reviews[0].Query.Text, "jam piro")
	})
}

func TestTrailIsBounded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i := range 103 {
			w.ask(nth("m", i), "a", bot.Query{Outcome: bot.Answered, Text: "x"})
		}
		n, err := w.Number(context.Background(), `SELECT COUNT(*) FROM texts`)
		must(t, err)
		equal(t, "texts that can still be erased", n, 100)
	})
}

// TestPiecesAreSettledTogether: a settlement that covers several messages takes all of them or none, whichever of two
// processes comes first.
func TestPiecesAreSettledTogether(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.accept(w.message("1", "a", "mas"), w.message("2", "a", "mau tanya"), w.message("3", "a", "jam berapa"), w.message("4", "a", "terus"))
		p := w.claim()
		together := w.settlement(&p[2], bot.Query{Outcome: bot.Answered}, "jam 7")
		together.Covers = []int64{p[0].Message.Seq, p[1].Message.Seq}
		for range 2 {
			must(t, w.Settle(ctx, together))
			equal(t, "waiting", len(w.claim()), 1)
			equal(t, "queries", w.stats().Queries, 1)
			equal(t, "replies", w.stats().Outbox, 1)
		}
		w.accept(w.message("2", "a", "mau tanya")) // the platform repeats a piece
		equal(t, "waiting", len(w.claim()), 1)

		w.accept(w.message("5", "a", "lagi"))
		p = w.claim()
		stale := w.settlement(&p[1], bot.Query{Outcome: bot.Answered}, "x")
		stale.Covers = []int64{p[0].Message.Seq}
		must(t, w.Settle(ctx, w.settlement(&p[0], bot.Query{Outcome: bot.Answered}, "y"))) // another process was first
		must(t, w.Settle(ctx, stale))
		equal(t, "waiting", len(w.claim()), 1)
		equal(t, "queries", w.stats().Queries, 2)
		equal(t, "replies", w.stats().Outbox, 2)
	})
}
