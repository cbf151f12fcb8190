// Package outreach tells the office what its voter education was followed by: who asked what, through which activity,
// what was misunderstood, and who is served worse than others. It works on counts that the ledger made (bot.Count) and
// hands out a Report, whose numbers have all passed one place, disclose.go: nothing under ten, nothing that could be
// worked out by subtracting, fives outside the office. The types that leave this package cannot hold a text that somebody
// typed, an address or a pseudonym.
//
// A report speaks of what happened "at the same time as" an activity, never of what an activity brought about.
package outreach

import (
	"context"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// Ledger is where the counts come from.
type Ledger interface {
	// Counts counts the question rows of whole days, both ends included; until is the last day that is counted.
	Counts(ctx context.Context, first, last faq.Date, kinds ...bot.CountKind) (all []bot.Count, until faq.Date, err error)
	// Askers returns the distinct askers of cells of a month.
	Askers(ctx context.Context, month string, cells ...bot.AskerCell) ([]int, error)
	// Activities lists all activities.
	Activities(ctx context.Context) ([]bot.Activity, error)
}

// Month is a calendar month, the only stretch of time that a report can be of.
type Month struct {
	Year  int
	Month time.Month
}

// MonthOf returns the month that the day lies in.
func MonthOf(d faq.Date) Month { return Month{d.Year, d.Month} }

// ParseMonth reads "2026-11".
func ParseMonth(s string) (Month, error) {
	t, err := time.Parse("2006-01", s)
	if err != nil {
		return Month{}, bot.Errorf(bot.Invalid, "Bulan %q tidak terbaca; tulis seperti 2026-11.", s)
	}
	return Month{t.Year(), t.Month()}, nil
}

// String writes the month as "2026-11".
func (m Month) String() string { return m.First().String()[:7] }

// First is the first day.
func (m Month) First() faq.Date { return faq.Date{Year: m.Year, Month: m.Month, Day: 1} }

// Last is the last day.
func (m Month) Last() faq.Date { return m.Next().First().Add(-1) }

// Next is the month after.
func (m Month) Next() Month {
	return MonthOf(faq.DateOf(time.Date(m.Year, m.Month+1, 1, 0, 0, 0, 0, time.UTC), time.UTC))
}

// Before is the month before.
func (m Month) Before() Month { return MonthOf(m.First().Add(-1)) }

// Audience is for whom a report is made.
type Audience int

// The audiences.
const (
	Inside  Audience = iota // the office's own staff, on a page behind the door: counts as they are
	Outside                 // whatever leaves the office: counts in fives
)
