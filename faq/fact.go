package faq

import (
	"fmt"
	"time"
)

// FactKind says what a fact's value is and how it is written in an answer.
type FactKind string

// The kinds of facts.
const (
	KindDate    FactKind = "date"
	KindRange   FactKind = "range"
	KindTime    FactKind = "time"
	KindNumber  FactKind = "number"
	KindPercent FactKind = "percent"
	KindMoney   FactKind = "money"
	KindDays    FactKind = "days"
	KindHours   FactKind = "hours"
	KindMonths  FactKind = "months"
	KindYears   FactKind = "years"
	KindLaw     FactKind = "law"
	KindName    FactKind = "name"
	KindLink    FactKind = "link"
	KindText    FactKind = "text"
)

// Fact is one thing that answers say: a date, an hour, a number, a name. It has one home, a source and an end.
// The fields after Kind are set according to it.
type Fact struct {
	ID       string
	Kind     FactKind
	Day      Date          // date; first day of a range
	Last     Date          // last day of a range
	Clock    time.Duration // time: since midnight
	Number   float64       // number, percent, money and the units of time
	Words    Words         // law, name, link and text
	Short    string        // law: its short form
	Election string
	Source   Source
	Refs     []string
	Checked  Date // the day on which somebody compared it with its source
	From     Date // not known, and so not said, before this day; zero when it always may be said
	Until    Date // not said from this day on
	File     string
}

// ExpiredError says that a fact may not be said at an instant: it is over, or was not yet known.
type ExpiredError struct {
	Fact string
	At   time.Time
}

// Error names the fact and the instant.
func (e *ExpiredError) Error() string {
	return fmt.Sprintf("the fact %s may not be said at %s", e.Fact, e.At.Format(time.RFC3339))
}

// Valid reports whether the fact may be said at the instant, in the office's zone.
func (f *Fact) Valid(at time.Time, zone *time.Location) bool {
	if !f.From.IsZero() && at.Before(f.From.Start(zone)) {
		return false
	}
	return at.Before(f.Until.Start(zone))
}

// Election is a vote that this office speaks of. One without a day is not scheduled.
type Election struct {
	ID     string
	Kind   string // pemilu, pilkada
	Name   Words
	Day    string // fact ids, "" when not known
	Begins string
	Ends   string
}

// ElectionState is where an election stands at an instant.
type ElectionState string

// The states of an election.
const (
	NotScheduled ElectionState = "belum_dijadwalkan"
	Scheduled    ElectionState = "terjadwal"
	UnderWay     ElectionState = "berlangsung"
	Over         ElectionState = "selesai"
)

// State returns where the election stands at the instant. Its facts are looked up in the edition.
func (ed *Edition) State(e *Election, at time.Time) ElectionState {
	day, ok := ed.facts[e.Day]
	if !ok || !day.Valid(at, ed.Zone) {
		return NotScheduled
	}
	end := day.Day.Add(1)
	if last, ok := ed.facts[e.Ends]; ok {
		end = last.Last.Add(1)
	}
	switch begin, ok := ed.facts[e.Begins]; {
	case !at.Before(end.Start(ed.Zone)):
		return Over
	case ok && !at.Before(begin.Day.Start(ed.Zone)), !at.Before(day.Day.Start(ed.Zone)):
		return UnderWay
	default:
		return Scheduled
	}
}
