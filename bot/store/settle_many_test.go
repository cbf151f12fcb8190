package store_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"tanya/bot"
	"tanya/bot/store"
)

// Many settlements go into the database together, from one caller and from several at once. Each keeps what is its own:
// its text, its place on the review list, its session and its replies.
func TestSettleManyKeepsEachItsOwn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		const callers, n = 5, 30
		for i := range callers * n {
			w.accept(w.message(nth("m", i), nth("chat", i), nth("text", i)))
		}
		waiting := w.claim()
		equal(t, "waiting", len(waiting), callers*n)
		var wg sync.WaitGroup
		for c := range callers {
			wg.Go(func() {
				var all []bot.Settlement
				for _, p := range waiting[c*n : (c+1)*n] {
					p.Session.Updated = w.clock.Now()
					text := p.Message.Text
					q := bot.Query{Outcome: bot.Unknown, Topic: "topic of " + text, Text: text}
					all = append(all, w.settlement(&p, q, "first to "+text, "second to "+text))
				}
				if err := w.Settle(ctx, all...); err != nil {
					t.Error(err)
				}
				for _, s := range all {
					if s.Session.LastMiss == 0 {
						t.Error("a caller's session does not name its query row")
					}
				}
			})
		}
		wg.Wait()
		topics := map[int64]string{}
		reviews, err := w.Reviews(ctx, store.ReviewFilter{Limit: 1000})
		must(t, err)
		equal(t, "reviews", len(reviews), callers*n)
		for _, r := range reviews {
			topics[r.Query.ID] = r.Query.Topic
			equal(t, "topic", r.Query.Topic, "topic of "+r.Query.Text)
		}
		for i := range callers * n { // the sessions come with the next message
			w.accept(w.message(nth("later", i), nth("chat", i), nth("text", i)))
		}
		for _, p := range w.claim() {
			equal(t, "last miss", topics[p.Session.LastMiss], "topic of "+p.Message.Text)
		}
		for _, which := range []string{"first", "second"} {
			replies := w.lease("s", callers*n)
			equal(t, "replies", len(replies), callers*n)
			var done []bot.Delivery
			for _, o := range replies {
				equal(t, "reply", o.Reply.Text, which+" to text"+strings.TrimPrefix(o.Address, "chat"))
				done = append(done, bot.Delivery{ID: o.ID, State: bot.Delivered})
			}
			must(t, w.Finish(ctx, done...))
		}
		// One person's wish takes away one person's text.
		p := w.waiting("chat-7")
		must(t, w.Settle(ctx, bot.Settlement{Message: p.Message, Erase: true}))
		reviews, err = w.Reviews(ctx, store.ReviewFilter{Limit: 1000})
		must(t, err)
		for _, r := range reviews {
			if want := r.Query.Topic != "topic of text-7"; (r.Query.Text != "") != want {
				t.Errorf("%s: text %q after the wish of text-7", r.Query.Topic, r.Query.Text)
			}
		}
	})
}

// What a message of the chat leaves must stand before the next one is settled, also in one call; and a settlement that
// covers a message which is settled already leaves the ones behind it waiting.
func TestSettleOneChatTwiceInOneCall(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		for i := range 4 {
			w.accept(w.message(nth("m", i), "a", nth("text", i)))
		}
		w.accept(w.message("other", "b", "x"))
		p := w.claim()
		byText := map[string]bot.Pending{}
		for _, one := range p {
			byText[one.Message.Text] = one
		}
		var all []bot.Settlement
		for _, text := range []string{"text-0", "x", "text-1"} {
			one := byText[text]
			one.Session.Updated, one.Session.Turns = w.clock.Now(), 1
			all = append(all, w.settlement(&one, bot.Query{Outcome: bot.Answered, Topic: text, Text: text}, "to "+text))
		}
		all[2].Session.Turns = 2
		must(t, w.Settle(ctx, all...))
		equal(t, "turns", w.waiting("a").Session.Turns, 2)
		// The first covered one is settled already: nothing of this counts, and text-2 and text-3 wait on.
		last := byText["text-3"]
		late := w.settlement(&last, bot.Query{Outcome: bot.Answered, Text: "late"}, "late")
		late.Covers = []int64{byText["text-1"].Message.Seq, byText["text-2"].Message.Seq}
		must(t, w.Settle(ctx, late))
		equal(t, "waiting", w.stats().Waiting, 2)
		late.Covers = late.Covers[1:]
		must(t, w.Settle(ctx, late))
		equal(t, "waiting", w.stats().Waiting, 0)
		equal(t, "queries", w.stats().Queries, 4)
		// All four questions stand in the trail of the two chats: the wish finds three texts of one.
		w.accept(w.message("erase", "a", "/hapus"))
		must(t, w.Settle(ctx, bot.Settlement{Message: w.waiting("a").Message, Erase: true}))
		left, err := w.Number(ctx, `SELECT COUNT(*) FROM texts`)
		must(t, err)
		equal(t, "texts", left, 1)
	})
}
