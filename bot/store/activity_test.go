package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// TestActivities keeps activities and refuses a code twice, over every database.
func TestActivities(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, desk := context.Background(), w.Desk()
		a := bot.Activity{
			Code: "BCDFGH", Name: "Forum warga", Method: "forum-warga", Segments: []faq.Segment{faq.Community, faq.Young}, District: "Cepu",
			Date: faq.Date{Year: 2026, Month: time.November, Day: 20}, Participants: 40, Cost: 1_500_000, Partner: "Desa", Created: w.clock.Now().Truncate(time.Millisecond), Author: "server",
		}
		line := bot.Audit{At: w.clock.Now(), Actor: "server", Action: "kegiatan", Object: a.Code}
		must(t, desk.AddActivity(ctx, a, line))
		wantClass(t, desk.AddActivity(ctx, a, line), bot.Conflict)
		b := a
		b.Code, b.Segments, b.Date = "BCDFGJ", nil, faq.Date{Year: 2026, Month: time.November, Day: 21}
		must(t, desk.AddActivity(ctx, b, line))
		all, err := desk.Activities(ctx)
		must(t, err)
		equal(t, "activities", len(all), 2)
		equal(t, "the newest", all[0].Code, b.Code)
		got := all[1]
		equal(t, "segments", len(got.Segments), 2)
		equal(t, "day", got.Date, a.Date)
		equal(t, "cost", got.Cost, a.Cost)
		equal(t, "created", got.Created.UnixMilli(), a.Created.UnixMilli())
	})
}

// TestSaveActivity changes what may be changed of an activity, leaves the rest, and writes its audit line with it.
func TestSaveActivity(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, desk := context.Background(), w.Desk()
		old := bot.Activity{
			Code: "BCDFGH", Name: "Forum warga", Method: "forum-warga", Segments: []faq.Segment{faq.Community}, District: "Cepu", Village: "Cabean",
			Date: faq.Date{Year: 2026, Month: time.November, Day: 20}, Participants: 40, Cost: 1_500_000, Partner: "Desa", Note: "a",
			Created: w.clock.Now().Truncate(time.Millisecond), Author: "server",
		}
		other := old
		other.Code = "BCDFGJ"
		must(t, desk.AddActivity(ctx, old, bot.Audit{At: w.clock.Now(), Actor: "server", Action: "kegiatan", Object: old.Code}))
		must(t, desk.AddActivity(ctx, other, bot.Audit{At: w.clock.Now(), Actor: "server", Action: "kegiatan", Object: other.Code}))
		changed := bot.Activity{
			Code: old.Code, Name: "Diskusi", Method: "diskusi", Segments: []faq.Segment{faq.Young, faq.Disabled}, District: "Blora", Village: "Jepon",
			Date: faq.Date{Year: 2026, Month: time.December, Day: 1}, Participants: 55, Cost: 0, Partner: "OPD", Note: "b",
			Created: w.clock.Now().Add(time.Hour), Author: "ani",
		}
		must(t, desk.SaveActivity(ctx, changed, bot.Audit{At: w.clock.Now(), Actor: "ani", Action: "kegiatan", Object: old.Code}))
		all, err := desk.Activities(ctx)
		must(t, err)
		want := changed
		want.Created, want.Author = old.Created, old.Author // who entered it, and when, is history
		for _, got := range all {
			got.Created = got.Created.UTC()
			switch got.Code {
			case old.Code:
				want.Created = want.Created.UTC()
				equal(t, "the changed one", fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want))
			case other.Code:
				equal(t, "the other one", got.Name, other.Name)
			}
		}
		equal(t, "activities", len(all), 2)
		missing := changed
		missing.Code = "BCDFGK"
		wantClass(t, desk.SaveActivity(ctx, missing, bot.Audit{At: w.clock.Now(), Actor: "ani", Action: "kegiatan", Object: missing.Code}), bot.NotFound)
		lines, err := desk.VerifyAudit(ctx)
		must(t, err)
		equal(t, "lines of the audit: none for what did not happen", lines, 3)
	})
}
