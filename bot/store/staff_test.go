package store_test

import (
	"context"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/store"
)

// store0 is the filter that narrows nothing.
var store0 = store.ReviewFilter{}

func TestEditions(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		_, err := w.Newest(ctx)
		wantClass(t, err, bot.NotFound)
		one := store.Edition{Number: 1, Hash: "h1", Signature: []byte{1, 2}, Published: w.clock.Now(), Content: []byte("isi"), Note: "pertama", Author: "ani"}
		must(t, w.PutEdition(ctx, one))
		wantClass(t, w.PutEdition(ctx, one), bot.Conflict)
		wantClass(t, w.PutEdition(ctx, store.Edition{Number: 3}), bot.Conflict)
		must(t, w.PutEdition(ctx, store.Edition{Number: 2, Hash: "h2"}))
		all, err := w.Editions(ctx)
		must(t, err)
		equal(t, "editions", len(all), 2)
		equal(t, "newest first", all[0].Hash, "h2")
		equal(t, "no content in lists", all[1].Content == nil, true)
		newest, err := w.Newest(ctx)
		must(t, err)
		equal(t, "newest", newest.Number, 2)
		got, err := w.Edition(ctx, 1)
		must(t, err)
		equal(t, "content", string(got.Content), "isi")
		equal(t, "signature", string(got.Signature), "\x01\x02")
		equal(t, "published", got.Published.Equal(one.Published), true)
		_, err = w.Edition(ctx, 9)
		wantClass(t, err, bot.NotFound)
	})
}

func TestWithdrawals(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		now := w.clock.Now()
		out := func(at time.Time) string {
			t.Helper()
			all, err := w.Withdrawn(ctx, at)
			must(t, err)
			s := ""
			for _, v := range all {
				s += v.Entry + ":" + v.Reason + " "
			}
			return s
		}
		wantClass(t, w.Withdraw(ctx, store.Withdrawal{}), bot.Invalid)
		must(t, w.Withdraw(ctx, store.Withdrawal{Entry: "a", At: now, By: "ani", Reason: "salah"}))
		must(t, w.Withdraw(ctx, store.Withdrawal{Entry: "a", At: now, By: "ani", Reason: "salah sekali"}))
		must(t, w.Withdraw(ctx, store.Withdrawal{Entry: "b", At: now, By: "ani", Reason: "cek", Until: now.Add(time.Hour)}))
		equal(t, "out", out(now), "a:salah sekali b:cek ")
		equal(t, "out after an hour", out(now.Add(time.Hour)), "a:salah sekali ")
		must(t, w.Restore(ctx, "a", "budi", now))
		equal(t, "restored", out(now), "b:cek ")
		wantClass(t, w.Restore(ctx, "a", "budi", now), bot.NotFound)
	})
}

func TestReviews(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.ask("1", "a", bot.Query{Outcome: bot.Unknown, Lang: "jv", Text: "satu", Segment: "disabilitas"})
		w.ask("2", "b", bot.Query{Outcome: bot.Choices, Lang: "id", Text: "dua"})
		w.ask("3", "c", bot.Query{Outcome: bot.Answered, Lang: "id", Text: "tiga"})
		w.ask("4", "d", bot.Query{Outcome: bot.Declined, Lang: "id"}) // like a report: no text
		list := func(f store.ReviewFilter) string {
			t.Helper()
			all, err := w.Reviews(ctx, f)
			must(t, err)
			s := ""
			for _, r := range all {
				s += r.Query.Text + ":" + string(r.Status) + ":" + string(r.Flag) + " "
			}
			return s
		}
		equal(t, "all", list(store0), "satu:new:missed dua:new:missed ")
		equal(t, "by language", list(store.ReviewFilter{Lang: "jv"}), "satu:new:missed ")
		equal(t, "by segment", list(store.ReviewFilter{Segment: "disabilitas"}), "satu:new:missed ")
		equal(t, "by outcome", list(store.ReviewFilter{Outcome: bot.Choices}), "dua:new:missed ")
		equal(t, "by channel", list(store.ReviewFilter{Channel: "telegram"}), "")
		equal(t, "limit", list(store.ReviewFilter{Limit: 1}), "satu:new:missed ")
		equal(t, "after", list(store.ReviewFilter{After: 1}), "dua:new:missed ")
		equal(t, "since", list(store.ReviewFilter{Since: w.clock.Now().Add(time.Hour)}), "")
		n, err := w.SampleAnswers(ctx, time.Time{}, 5)
		must(t, err)
		equal(t, "sampled", n, 1)
		equal(t, "sample", list(store.ReviewFilter{Flag: store.Sampled}), "tiga:new:sampled ")

		change := func(status store.Status, ids ...int64) int64 {
			t.Helper()
			w.clock.add(time.Second)
			id, err := w.ChangeReviews(ctx, store.Change{Queries: ids, Status: status, Reason: "alasan", By: "ani", At: w.clock.Now()})
			must(t, err)
			return id
		}
		first := change(store.InWork, 1, 2, 77)
		change(store.Done, 2)
		equal(t, "changed", list(store0), "satu:in_work:missed dua:answered:missed tiga:new:sampled ")
		back, err := w.UndoReviews(ctx, first, w.clock.Now())
		must(t, err)
		equal(t, "undone, but not what was changed since", back, 1)
		equal(t, "undone", list(store0), "satu:new:missed dua:answered:missed tiga:new:sampled ")
		_, err = w.UndoReviews(ctx, first, w.clock.Now())
		wantClass(t, err, bot.Conflict)
		_, err = w.ChangeReviews(ctx, store.Change{Queries: []int64{1}, Status: store.Dismissed, By: "ani"})
		wantClass(t, err, bot.Invalid)
		_, err = w.ChangeReviews(ctx, store.Change{Queries: []int64{1}, Status: "lost", By: "ani"})
		wantClass(t, err, bot.Invalid)
	})
}
