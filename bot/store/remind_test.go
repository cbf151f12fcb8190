package store_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// wish lets somebody ask to be reminded in an hour.
func (w *world) wish(external, address, election string) {
	w.t.Helper()
	w.accept(w.message(external, address, "ingatkan saya"))
	p := w.waiting(address)
	now := w.clock.Now()
	p.Session.Updated = now
	must(w.t, w.Settle(context.Background(), bot.Settlement{Message: p.Message, Session: &p.Session, Remind: &bot.Reminder{
		Event: bot.Event{Election: election, Day: faq.Date{Year: 2031, Month: 11, Day: 5}}, Lang: "jv",
		Due: now.Add(time.Hour), Until: now.Add(30 * time.Hour),
	}}))
}

// remind hands out what is due and returns the events that were asked about.
func (w *world) remind(say bool) (asked []bot.Reminder, n int) {
	w.t.Helper()
	n, err := w.Remind(context.Background(), w.clock.Now(), func(r bot.Reminder) (bot.Reply, bool) {
		asked = append(asked, r)
		return bot.Reply{Text: "ingat", Event: &r.Event}, say
	})
	must(w.t, err)
	return asked, n
}

// TestReminders: one reminder of an election for a chat, at its hour, also over a restart; then nothing of it is left.
func TestReminders(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.wish("1", "a", "pilkada")
		w.wish("2", "a", "pilkada") // asked again
		w.wish("3", "b", "pilkada")
		_, n := w.remind(true)
		equal(t, "before its hour", n, 0)
		w.clock.add(time.Hour)
		w.reopen()
		asked, n := w.remind(true)
		equal(t, "handed out", n, 2)
		equal(t, "language", asked[0].Lang, "jv")
		equal(t, "day", asked[0].Event.Day, faq.Date{Year: 2031, Month: 11, Day: 5})
		w.reopen()
		_, n = w.remind(true)
		equal(t, "handed out again", n, 0)
		out := w.lease("me", 10)
		equal(t, "replies", texts(out), "ingat ingat")
		equal(t, "addresses", out[0].Address+out[1].Address, "ab")
		equal(t, "event in the outbox", out[0].Reply.Event.Election, "pilkada")
	})
}

// TestRemindersAreForgotten: by STOP and /hapus at once, by a day that does not stand any more, and when nobody came to
// hand them out in time.
func TestRemindersAreForgotten(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		for i, c := range []struct{ stop, erase bool }{{true, false}, {false, true}} {
			w.wish(nth("w", i), "a", "pilkada")
			w.wish(nth("v", i), "a", "pemilu")
			w.accept(w.message(nth("s", i), "a", "stop"))
			p := w.waiting("a")
			must(t, w.Settle(ctx, bot.Settlement{Message: p.Message, Session: &p.Session, Silence: c.stop, Erase: c.erase}))
			w.clock.add(time.Hour)
			asked, _ := w.remind(true)
			equal(t, "asked", len(asked), 0)
		}
		w.wish("m", "a", "pilkada")
		w.clock.add(time.Hour)
		asked, n := w.remind(false) // moved meanwhile
		equal(t, "asked", len(asked), 1)
		equal(t, "handed out", n, 0)
		asked, _ = w.remind(true)
		equal(t, "kept", len(asked), 0)
		w.wish("o", "a", "pilkada")
		w.clock.add(31 * time.Hour)
		equal(t, "swept", w.sweep().Reminders, 1)
		equal(t, "replies", len(w.lease("me", 10)), 0)
	})
}

// TestRemindersAreHandedOutOnce: two processes look at the same minute.
func TestRemindersAreHandedOutOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const people = 120
		for i := range people {
			w.wish(nth("p", i), nth("chat", i), "pilkada")
		}
		w.clock.add(time.Hour)
		other := w.second()
		var all sync.WaitGroup
		var mu sync.Mutex
		sum := 0
		for _, one := range []*world{w, other, w, other} {
			all.Go(func() {
				n, err := one.Remind(context.Background(), w.clock.Now(), func(bot.Reminder) (bot.Reply, bool) { return bot.Reply{Text: "ingat"}, true })
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				sum += n
				mu.Unlock()
			})
		}
		all.Wait()
		equal(t, "handed out", sum, people)
		sent := map[string]int{}
		for _, o := range w.lease("me", 2*people) {
			sent[o.Address]++
		}
		equal(t, "people", len(sent), people)
	})
}
