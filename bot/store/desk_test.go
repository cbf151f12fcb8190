package store_test

import (
	"context"
	"testing"
	"time"

	"tanya/bot"
)

func TestDeskStaff(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, d := context.Background(), w.Desk()
		_, err := d.Member(ctx, "ani")
		wantClass(t, err, bot.NotFound)
		must(t, d.SaveStaff(ctx, bot.Staff{Login: "ani", Name: "Ani", Role: bot.Reader}, false, bot.Audit{Actor: "server", Action: "undang", Object: "ani"}))
		wantClass(t, d.SaveStaff(ctx, bot.Staff{Login: "ani"}, false, bot.Audit{}), bot.Conflict)
		m, err := d.Member(ctx, "ani")
		must(t, err)
		m.Role = bot.Admin
		must(t, d.SaveStaff(ctx, m, false, bot.Audit{}))
		wantClass(t, d.SaveStaff(ctx, m, false, bot.Audit{}), bot.Conflict)

		now := w.clock.Now()
		must(t, d.Enter(ctx, bot.StaffSession{Key: "k1", Login: "ani", Created: now, Seen: now}, bot.Audit{Actor: "ani", Action: "masuk"}))
		must(t, d.Enter(ctx, bot.StaffSession{Key: "k2", Login: "ani", Created: now, Seen: now}, bot.Audit{}))
		w.clock.add(bot.StaffIdle - time.Minute)
		_, err = d.Visit(ctx, "k1", w.clock.Now())
		must(t, err)
		w.clock.add(2 * time.Minute)
		_, err = d.Visit(ctx, "k2", w.clock.Now())
		wantClass(t, err, bot.NotFound)
		alive, err := d.Visits(ctx, "", w.clock.Now())
		must(t, err)
		equal(t, "living sessions", len(alive), 1)
		m, err = d.Member(ctx, "ani")
		must(t, err)
		must(t, d.SaveStaff(ctx, m, true, bot.Audit{}))
		_, err = d.Visit(ctx, "k1", w.clock.Now())
		wantClass(t, err, bot.NotFound)

		// A role that somebody writes into the database, or the row of another, is not taken.
		must(t, d.SaveStaff(ctx, bot.Staff{Login: "budi", Role: bot.Reader}, false, bot.Audit{}))
		must(t, w.Script(ctx, `UPDATE staff SET sealed = (SELECT sealed FROM staff WHERE login = 'ani') WHERE login = 'budi'`))
		_, err = d.Member(ctx, "budi")
		wantClass(t, err, bot.Invalid)
	})
}

func TestDeskTries(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, d := context.Background(), w.Desk()
		for i := range 12 {
			wait, err := d.Try(ctx, "ani", w.clock.Now())
			must(t, err)
			equal(t, "waits", wait > 0, i >= 5)
		}
		wait, err := d.Try(ctx, "budi", w.clock.Now())
		must(t, err)
		equal(t, "another name waits", wait, 0)
		w.clock.add(31 * time.Second)
		wait, err = d.Try(ctx, "ani", w.clock.Now())
		must(t, err)
		equal(t, "after the pause", wait, 0)
		must(t, d.Forgive(ctx, "ani"))
		wait, err = d.Try(ctx, "ani", w.clock.Now())
		must(t, err)
		equal(t, "forgiven", wait, 0)
	})
}

// TestAuditTampering changes, removes and cuts lines behind the program's back.
func TestAuditTampering(t *testing.T) {
	for _, harm := range []struct{ name, sql string }{
		{"nothing", ``},
		{"a detail", `UPDATE audit SET detail = 'lain' WHERE seq = 3`},
		{"the actor", `UPDATE audit SET actor = 'budi' WHERE seq = 1`},
		{"the time", `UPDATE audit SET at = at + 1 WHERE seq = 2`},
		{"a line gone", `DELETE FROM audit WHERE seq = 3`},
		{"the first gone", `DELETE FROM audit WHERE seq = 1`},
		{"the last gone", `DELETE FROM audit WHERE seq = 5`},
		{"all gone", `DELETE FROM audit`},
		{"the head gone", `DELETE FROM audit_head`},
		{"the head empty", `UPDATE audit_head SET sealed = (SELECT sealed FROM keycheck)`},
		{"two swapped", `UPDATE audit SET seq = 9 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 9`},
	} {
		t.Run(harm.name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				ctx, d := context.Background(), w.Desk()
				for i := range 5 {
					must(t, d.Log(ctx, bot.Audit{Actor: "ani", Action: "coba", Object: string(rune('a' + i))}))
				}
				if harm.sql != "" {
					must(t, w.Script(ctx, harm.sql))
				}
				n, err := d.VerifyAudit(ctx)
				if harm.sql == "" {
					must(t, err)
					equal(t, "lines", n, 5)
					return
				}
				wantClass(t, err, bot.Conflict)
			})
		})
	}
}

func TestDeskPublish(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, d := context.Background(), w.Desk()
		must(t, d.SaveDraft(ctx, []bot.DraftFile{{Path: "a.yaml", Content: "a"}}, "ani", bot.Audit{}))
		wantClass(t, d.SaveDraft(ctx, []bot.DraftFile{{Path: "a.yaml", Content: "b"}}, "budi", bot.Audit{}), bot.Conflict)
		must(t, d.SaveDraft(ctx, []bot.DraftFile{{Path: "a.yaml", Content: "b", Version: 1}}, "budi", bot.Audit{}))
		files, err := d.DraftFiles(ctx)
		must(t, err)
		equal(t, "authors", len(files[0].Authors), 2)
		w.clock.add(time.Second)
		id, err := d.SaveProposal(ctx, bot.Proposal{State: bot.Waiting, At: w.clock.Now(), Content: []byte("{}")}, bot.Audit{})
		must(t, err)
		w.clock.add(time.Second)
		must(t, d.SaveDraft(ctx, []bot.DraftFile{{Path: "c.yaml", Content: "c"}}, "ani", bot.Audit{}))
		p, err := d.Proposal(ctx, id)
		must(t, err)
		p.State = bot.Published
		wantClass(t, d.Publish(ctx, p, bot.Release{Number: 2}, bot.Audit{}), bot.Conflict)
		must(t, d.Publish(ctx, p, bot.Release{Number: 1, Content: []byte("{}")}, bot.Audit{}))
		wantClass(t, d.Publish(ctx, p, bot.Release{Number: 2}, bot.Audit{}), bot.Conflict)
		files, err = d.DraftFiles(ctx)
		must(t, err)
		equal(t, "what was written after the proposal stays", len(files) == 1 && files[0].Path == "c.yaml", true)
		all, err := d.Proposals(ctx, 10, bot.Published)
		must(t, err)
		equal(t, "published", len(all), 1)

		must(t, w.Script(ctx, `UPDATE proposals SET state = 'scheduled'`))
		_, err = d.Proposal(ctx, id)
		wantClass(t, err, bot.Invalid)
	})
}

func TestDeskReviews(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, d := context.Background(), w.Desk()
		w.ask("1", "a", bot.Query{Outcome: bot.Unknown, Lang: "jv", Text: "satu"})
		w.ask("2", "b", bot.Query{Outcome: bot.Unknown, Lang: "id", Text: "dua"})
		w.ask("3", "c", bot.Query{Outcome: bot.Answered, Lang: "id", Text: "tiga"})
		all, err := d.OpenReviews(ctx, 0, 10)
		must(t, err)
		equal(t, "open", len(all), 2)
		must(t, d.LinkQueries(ctx, []int64{1}, "jam-tps", "ani", bot.Audit{}))
		must(t, d.MoveReviews(ctx, []int64{2}, 1, bot.Audit{}))
		states, err := d.ReviewStates(ctx)
		must(t, err)
		equal(t, "linked", states[1].Status, bot.ReviewWork)
		equal(t, "moved", states[2].Leader, 1)
		must(t, d.DropLinks(ctx, []int64{1}, "ani", w.clock.Now()))
		states, err = d.ReviewStates(ctx)
		must(t, err)
		equal(t, "done", states[1].Status, bot.ReviewDone)
		recent, err := d.Recent(ctx, time.Time{}, 10)
		must(t, err)
		equal(t, "recent", len(recent), 3)
		equal(t, "newest first", recent[0].Text, "tiga")
		tally, err := d.Tally(ctx, time.Time{})
		must(t, err)
		equal(t, "kinds", len(tally), 3)
	})
}

// TestReviewMark does everything that changes how far staff are with questions, and looks that the mark changes with it.
func TestReviewMark(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, d := context.Background(), w.Desk()
		last, err := d.ReviewMark(ctx)
		must(t, err)
		var change int64
		for _, step := range []struct {
			name string
			do   func() error
		}{
			{"asked", func() error { w.ask("1", "a", bot.Query{Outcome: bot.Unknown, Lang: "id", Text: "satu"}); return nil }},
			{"asked again", func() error { w.ask("2", "b", bot.Query{Outcome: bot.Unknown, Lang: "id", Text: "dua"}); return nil }},
			{"taken up", func() (err error) {
				change, err = d.ChangeReviews(ctx, bot.ReviewChange{Queries: []int64{1}, Status: bot.ReviewWork, By: "ani", At: w.clock.Now()})
				return err
			}},
			{"undone", func() error { _, err := d.UndoReviews(ctx, change, w.clock.Now()); return err }},
			{"moved", func() error { return d.MoveReviews(ctx, []int64{2}, 1, bot.Audit{}) }},
			{"moved back", func() error { return d.MoveReviews(ctx, []int64{2}, 2, bot.Audit{}) }},
			{"linked", func() error { return d.LinkQueries(ctx, []int64{1}, "jam-tps", "ani", bot.Audit{}) }},
			{"answered", func() error { return d.DropLinks(ctx, []int64{1}, "ani", w.clock.Now()) }},
			{"texts end", func() error { w.clock.add(bot.TextLife + time.Hour); return nil }},
		} {
			must(t, step.do())
			mark, err := d.ReviewMark(ctx)
			must(t, err)
			if mark == last {
				t.Errorf("%s: the mark stays %q", step.name, mark)
			}
			last = mark
			if again, err := d.ReviewMark(ctx); err != nil || again != mark {
				t.Errorf("%s: the mark changes by itself: %q %v", step.name, again, err)
			}
		}
	})
}

// TestDeskGiven is the first half of property S15: how often each version of an answer was given, and only answers.
func TestDeskGiven(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i, q := range []bot.Query{
			{Outcome: bot.Answered, Entry: "jam-tps", Edition: 4},
			{Outcome: bot.Answered, Entry: "jam-tps", Edition: 5},
			{Outcome: bot.Answered, Entry: "jam-tps", Edition: 5},
			{Outcome: bot.Answered, Entry: "syarat", Edition: 5},
			{Outcome: bot.Unknown, Entry: "jam-tps", Edition: 5, Text: "jam pira"}, // a candidate, not an answer
			{Outcome: bot.Verified, Entry: "jam-tps", Edition: 5},
		} {
			w.ask(nth("m", i), nth("a", i), q)
		}
		by, err := w.Desk().Given(context.Background(), "jam-tps")
		must(t, err)
		equal(t, "editions", len(by), 2)
		equal(t, "edition 4", by[4], 1)
		equal(t, "edition 5", by[5], 2)
		by, err = w.Desk().Given(context.Background(), "nothing")
		must(t, err)
		equal(t, "never given", len(by), 0)
	})
}

// TestKeepGroups holds that the program's groups are remembered, that they change the mark, and that they never take a
// question away from where staff put it.
func TestKeepGroups(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, d := context.Background(), w.Desk()
		for i := range 4 {
			w.ask(nth("m", i), nth("a", i), bot.Query{Outcome: bot.Unknown, Lang: "id", Text: nth("soal", i)})
		}
		must(t, d.MoveReviews(ctx, []int64{2}, 4, bot.Audit{}))
		must(t, d.MoveReviews(ctx, []int64{3}, 0, bot.Audit{})) // given back to the program
		before, err := d.ReviewMark(ctx)
		must(t, err)
		must(t, d.KeepGroups(ctx, map[int64]int64{1: 1, 2: 1, 3: 1, 99: 1}))
		must(t, d.KeepGroups(ctx, map[int64]int64{1: 2}))
		states, err := d.ReviewStates(ctx)
		must(t, err)
		for id, want := range map[int64]int64{1: 1, 2: 4, 3: 1, 4: 0} {
			equal(t, nth("the group of", int(id)), states[id].Leader, want)
		}
		if after, err := d.ReviewMark(ctx); err != nil || after == before {
			t.Errorf("the mark stays %q (%v)", after, err)
		}
	})
}
