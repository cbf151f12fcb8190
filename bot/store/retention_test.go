package store_test

import (
	"context"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/store"
)

const (
	timeHour = time.Hour
	tick     = time.Millisecond // the finest that the ledger tells apart
)

// Everything goes at the very instant that its life ends, and not before.
func TestSweepAtTheBoundary(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.ask("1", "a", bot.Query{Outcome: bot.Unknown, Text: "apa"}, "sent", "unsent")
		must(t, w.Finish(ctx, bot.Delivery{ID: w.lease("me", 1)[0].ID, State: bot.Delivered}))
		w.accept(w.message("2", "b", "kabari"))
		p := w.waiting("b")
		must(t, w.Settle(ctx, bot.Settlement{Message: p.Message, Wait: &bot.Wait{Query: 1}}))
		born := w.clock.Now()
		markEnd := born.Truncate(timeHour).Add(timeHour + store.RepeatLife)
		december := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
		day := 24 * timeHour

		for _, step := range []struct {
			at   time.Time
			want store.Swept
		}{
			{born, store.Swept{}},
			{born.Add(3*day - tick), store.Swept{}},
			{born.Add(3 * day), store.Swept{Sessions: 1, Replies: 1, Overdue: 1}},
			{december.Add(-tick), store.Swept{}},
			{december, store.Swept{Months: 1}},
			{markEnd.Add(-tick), store.Swept{}},
			{markEnd, store.Swept{Marks: 2}},
			{born.Add(10*day - tick), store.Swept{}},
			{born.Add(10 * day), store.Swept{Replies: 1}}, // the dead one
			{born.Add(14*day - tick), store.Swept{}},
			{born.Add(14 * day), store.Swept{Waits: 1}},
			{born.Add(30*day - 1*timeHour), store.Swept{}},
			{born.Add(30*day - tick), store.Swept{Reviews: 1}},
			{born.Add(30 * day), store.Swept{Texts: 1}},
		} {
			w.clock.add(step.at.Sub(w.clock.Now()))
			got := w.sweep()
			if !got.Truncated {
				t.Error("the write-ahead log was not emptied")
			}
			got.Truncated = false
			equal(t, "swept after "+step.at.Sub(born).String(), got, step.want)
		}
		v := w.stats()
		equal(t, "the question stays counted", v.Queries, 1)
		equal(t, "dead", v.Dead, 0)
	})
}

func TestSweepInSteps(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		const n = 1203
		var batch bot.Batch
		batch.Channel = "webchat"
		for i := range n {
			m := w.message(nth("m", i), "a", "")
			m.Kind = bot.Broken
			batch.Messages = append(batch.Messages, m)
		}
		_, err := w.Accept(ctx, batch)
		must(t, err)
		w.clock.add(store.RepeatLife + timeHour)
		equal(t, "swept", w.sweep().Marks, n)
	})
}

func TestOverdueReplyIsNotDroppedInSilence(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.ask("1", "a", bot.Query{}, "a1", "a2")
		w.lease("me", 1)
		w.clock.add(bot.SessionLife)
		equal(t, "overdue", w.sweep().Overdue, 2)
		equal(t, "dead", w.stats().Dead, 2)
		equal(t, "nothing to send", texts(w.lease("me", 10)), "")
		n, err := w.Number(context.Background(), `SELECT COUNT(*) FROM outbox WHERE address IS NOT NULL OR reply IS NOT NULL`)
		must(t, err)
		equal(t, "addresses and texts of dead replies", n, 0)
	})
}

func TestSessionEndsWithoutASweep(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, step := range []struct {
			wait time.Duration
			want string
		}{{bot.SessionLife - tick, "jam-tps"}, {tick, ""}} {
			if step.want != "" {
				w.accept(w.message("1", "a", "x"))
				p := w.waiting("a")
				p.Session = bot.Session{About: "jam-tps", Updated: w.clock.Now()}
				must(t, w.Settle(context.Background(), bot.Settlement{Message: p.Message, Session: &p.Session}))
				w.accept(w.message("2", "a", "y"))
			}
			w.clock.add(step.wait)
			equal(t, "about", w.waiting("a").Session.About, step.want)
		}
	})
}
