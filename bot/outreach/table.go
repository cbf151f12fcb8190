package outreach

import (
	"encoding/json"
	"math"
	"strconv"

	"tanya/faq"
)

// Table is one table of a report. All outputs are made of tables, so they all say the same. Every row has a key that
// stays the same between months.
type Table struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Note    string   `json:"note,omitempty"`
	Columns []Column `json:"columns"` // the first names the row
	Rows    []Row    `json:"rows"`
	Bars    int      `json:"-"` // the column that a picture draws as bars, 0 when none is drawn
	Part    int      `json:"-"` // the column that is the dark part of the bars, 0 when none
}

// Column is what a column holds.
type Column struct {
	Key   string `json:"key"`
	Title string `json:"title"`
}

// Row is one row: its key, and a value for each column.
type Row struct {
	Key    string  `json:"key"`
	Values []Value `json:"values"`
}

// Value is what may stand in a table: a Figure, a Rate, a Text of the office, an Amount that is no count of people, a
// Range, or a Day. None of them can hold what a citizen typed.
type Value interface{ String() string }

// Text is a word of the program or a line that staff wrote.
type Text string

// String returns the text.
func (t Text) String() string { return string(t) }

// Amount is a number that counts no people and no questions: activities, participants of an attendance list, voters.
type Amount int

// String writes the number with points between thousands.
func (a Amount) String() string { return thousands(int(a)) }

// Day is a day.
type Day faq.Date

// String writes the day as people do.
func (d Day) String() string { return faq.ShortDay(faq.Date(d), faq.Indonesian) }

// MarshalJSON writes the day as 2026-11-26.
func (d Day) MarshalJSON() ([]byte, error) { return json.Marshal(faq.Date(d).String()) }

// Range is an interval of 95% for a number, or, in points, for a difference of shares. The zero value is not said.
type Range struct {
	Mid, Low, High float64
	points         bool
	some           bool
}

// String writes the interval: "81–122", "+12 poin (3 sampai 21)".
func (r Range) String() string {
	switch {
	case !r.some:
		return unsaid
	case r.points:
		return signed(r.Mid) + " poin (" + signed(r.Low) + " sampai " + signed(r.High) + ")"
	}
	return thousands(int(math.Round(r.Low))) + "–" + thousands(int(math.Round(r.High)))
}

// MarshalJSON writes {"low","high"}, with "difference" where it is one, or null.
func (r Range) MarshalJSON() ([]byte, error) {
	if !r.some {
		return []byte("null"), nil
	}
	m := map[string]float64{"low": math.Round(r.Low), "high": math.Round(r.High)}
	if r.points {
		m["difference"] = math.Round(r.Mid)
	}
	return json.Marshal(m)
}

func signed(x float64) string {
	x = math.Round(x)
	switch {
	case x > 0:
		return "+" + strconv.FormatFloat(x, 'f', 0, 64)
	case x < 0:
		return "−" + strconv.FormatFloat(-x, 'f', 0, 64)
	}
	return "0"
}

// spread is the interval around a count that may be said, from the number as it is said.
func spread(f Figure) Range {
	n, ok := f.Single()
	if !ok {
		return Range{}
	}
	low, high := poisson(n)
	return Range{Mid: float64(n), Low: low, High: high, some: true}
}
