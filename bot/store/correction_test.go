package store_test

import (
	"context"
	"testing"
	"time"

	"tanya/bot"
)

// TestCorrect is property S15: who got an answer of an older edition, and whose conversation still lives, is told once
// that it was wrong. Nobody else is, and who asked for silence is left alone.
func TestCorrect(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, d := context.Background(), w.Desk()
		n := 0
		given := func(address string, edition int64) {
			n++
			w.ask(nth("x", n), address, bot.Query{Outcome: bot.Answered, Entry: "jam-tps", Edition: edition})
		}
		given("gone", 4) // its session ends before the correction
		w.clock.add(bot.SessionLife)
		given("late", 4) // wrote longer ago than a channel may allow
		w.clock.add(25 * time.Hour)
		given("one", 4)
		given("one", 4) // got it twice, is told once
		given("new", 5) // got the right one
		w.ask("xother", "other", bot.Query{Outcome: bot.Answered, Entry: "syarat", Edition: 4})
		w.ask("xmissed", "missed", bot.Query{Outcome: bot.Choices, Entry: "jam-tps", Edition: 4})
		given("erased", 4)
		erase := w.message("xerase", "erased", "hapus")
		w.accept(erase)
		p := w.waiting("erased")
		must(t, w.Settle(ctx, bot.Settlement{Message: p.Message, Erase: true}))
		given("silent", 4)
		w.accept(w.message("xstop", "silent", "stop"))
		p = w.waiting("silent")
		p.Session.Stopped, p.Session.Updated = true, w.clock.Now()
		must(t, w.Settle(ctx, bot.Settlement{Message: p.Message, Session: &p.Session, Silence: true}))

		c := bot.Correction{Entry: "jam-tps", Before: 5, Windows: map[string]time.Duration{"webchat": 24 * time.Hour}}
		before, err := d.Corrections(ctx, c)
		must(t, err)
		equal(t, "given in edition 4", before.Given[4], 6)
		equal(t, "would be told", before.Told["webchat"], 1)
		equal(t, "cannot be told", before.Missed, 2)
		equal(t, "sent by only asking", len(w.lease("me", 10)), 0)

		say := func(s bot.Session) (bot.Reply, error) {
			return bot.Reply{Outcome: bot.Callback, Lang: s.Lang, Text: "benar"}, nil
		}
		line := bot.Audit{Actor: "siti", Action: "koreksi", Object: "jam-tps"}
		after, err := d.Correct(ctx, c, say, line)
		must(t, err)
		equal(t, "told", after.Told["webchat"], 1)
		out := w.lease("me", 10)
		equal(t, "replies", len(out), 1)
		equal(t, "to", out[0].Address, "one")
		equal(t, "text", out[0].Reply.Text, "benar")

		again, err := d.Correct(ctx, c, say, line)
		must(t, err)
		equal(t, "told again", len(again.Told), 0)
		w.ask("xmore", "one", bot.Query{Outcome: bot.Unknown}) // the conversation goes on
		again, err = d.Correct(ctx, c, say, line)
		must(t, err)
		equal(t, "told after another question", len(again.Told), 0)
		c.Windows = nil
		again, err = d.Correct(ctx, c, say, line)
		must(t, err)
		equal(t, "told where the channel has no window", again.Told["webchat"], 1)
	})
}
