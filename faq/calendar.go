package faq

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Change is an instant at which what citizens are told changes by itself, without anybody editing.
type Change struct {
	At        time.Time
	Elections []Shift  // elections whose state changes
	Entries   []Shift  // entries whose phase changes
	Pictures  []string // pictures that show or say something else
	Begin     []string // facts that may be said from now on
	End       []string // facts that may not be said any more
	Dark      []Shift  // entries that cannot be answered any more; To names the fact that ended
}

// Shift is a thing that goes from one state to another.
type Shift struct{ ID, From, To string }

// Calendar lists what changes after from, up to and including to, in order. Counting words ("82 hari lagi"), which
// change every midnight, are left out.
func (ed *Edition) Calendar(from, to time.Time) []Change {
	var out []Change
	for _, at := range ed.Boundaries() {
		if !at.After(from) || at.After(to) {
			continue
		}
		if c := ed.changeAt(at); !c.empty() {
			out = append(out, c)
		}
	}
	return out
}

// changeAt compares the instant with the one before it.
func (ed *Edition) changeAt(at time.Time) Change {
	c, before := Change{At: at.In(ed.Zone)}, at.Add(-time.Nanosecond)
	for _, id := range ed.Elections() {
		e := ed.elections[id]
		if a, b := ed.State(e, before), ed.State(e, at); a != b {
			c.Elections = append(c.Elections, Shift{id, string(a), string(b)})
		}
	}
	for _, id := range ed.ids {
		e := ed.entries[id]
		if a, b := phaseAt(e.Phases, before), phaseAt(e.Phases, at); a.ID != b.ID {
			c.Entries = append(c.Entries, Shift{id, a.ID, b.ID})
		}
		if fact := ed.darkens(id, before, at); fact != "" {
			c.Dark = append(c.Dark, Shift{id, phaseAt(e.Phases, at).ID, fact})
		}
	}
	for _, name := range ed.Pictures() {
		a, errA := ed.Legend(name, Indonesian, before)
		b, errB := ed.Legend(name, Indonesian, at)
		if a.Alt != b.Alt || (errA == nil) != (errB == nil) {
			c.Pictures = append(c.Pictures, name)
		}
	}
	for _, id := range ed.Facts() {
		switch f := ed.facts[id]; {
		case f.Valid(at, ed.Zone) && !f.Valid(before, ed.Zone):
			c.Begin = append(c.Begin, id)
		case !f.Valid(at, ed.Zone) && f.Valid(before, ed.Zone):
			c.End = append(c.End, id)
		}
	}
	return c
}

// darkens returns the fact for which an entry can no longer be answered in some language, "" when it can.
func (ed *Edition) darkens(id string, before, at time.Time) string {
	for _, v := range []View{{Lang: Indonesian}, {Lang: Indonesian, Easy: true}, {Lang: Javanese}, {Lang: English}} {
		v.At = at
		_, err := ed.Answer(id, v)
		var expired *ExpiredError
		if !errors.As(err, &expired) {
			continue
		}
		v.At = before
		if _, err := ed.Answer(id, v); err == nil {
			return expired.Fact
		}
	}
	return ""
}

func (c Change) empty() bool {
	return len(c.Elections)+len(c.Entries)+len(c.Pictures)+len(c.Begin)+len(c.End)+len(c.Dark) == 0
}

// String writes the change for staff, one line per thing.
func (c Change) String() string {
	day := Date{c.At.Year(), c.At.Month(), c.At.Day()}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s WIB (%s)\n", day, clock(time.Duration(c.At.Hour())*time.Hour+time.Duration(c.At.Minute())*time.Minute, Indonesian),
		dayName(day.Weekday(), Indonesian))
	for _, s := range c.Elections {
		fmt.Fprintf(&b, "  pemilihan %s: %s -> %s\n", s.ID, plainState(s.From), plainState(s.To))
	}
	for _, s := range c.Entries {
		fmt.Fprintf(&b, "  entri %s: %s -> %s\n", s.ID, s.From, s.To)
	}
	for _, s := range c.Pictures {
		fmt.Fprintf(&b, "  gambar %s berganti\n", s)
	}
	for _, s := range c.Begin {
		fmt.Fprintf(&b, "  fakta %s mulai boleh disebut\n", s)
	}
	for _, s := range c.End {
		fmt.Fprintf(&b, "  fakta %s tidak boleh disebut lagi\n", s)
	}
	dark := map[string][]string{}
	for _, s := range c.Dark {
		dark[s.To] = append(dark[s.To], s.ID)
	}
	for _, fact := range slices.Sorted(maps.Keys(dark)) {
		fmt.Fprintf(&b, "  PERHATIAN: perbarui fakta %s sebelum hari ini; tanpa itu %d entri tidak dapat tayang lagi: %s\n",
			fact, len(dark[fact]), strings.Join(dark[fact], ", "))
	}
	return b.String()
}

// plainState writes a state in words.
func plainState(s string) string { return strings.ReplaceAll(s, "_", " ") }

// Uses returns the entries with a text that names the fact, sorted. Staff look here before they change it.
func (ed *Edition) Uses(fact string) []string {
	var out []string
	for _, id := range ed.ids {
		ed.entries[id].eachText(func(_, _, text string) {
			if slices.ContainsFunc(ed.template(text), func(p part) bool { return p.fact == fact }) {
				out = append(out, id)
			}
		})
	}
	return slices.Compact(out)
}
