package store_test

import (
	"context"
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
