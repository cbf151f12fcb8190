package faq

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The days on which every answer must be right.
var (
	sweepFrom = Date{2024, time.June, 1}.Start(Jakarta())
	sweepTo   = Date{2027, time.January, 1}.Start(Jakarta())
)

func loaded(t testing.TB) *Edition {
	t.Helper()
	ed, err := Load(Content())
	if err != nil {
		t.Fatal(err)
	}
	return ed
}

// views are all ways in which an entry can be asked for.
func views(e *Entry) []View {
	vs := []View{{Lang: Indonesian}, {Lang: Indonesian, Easy: true}, {Lang: Javanese}, {Lang: English}}
	for _, s := range AllSegments() {
		if len(e.Segments[s]) > 0 {
			for _, l := range Langs() {
				vs = append(vs, View{Lang: l, Segment: s})
			}
		}
	}
	return vs
}

// TestSweep asks every entry in every way at every instant at which something may change, a second before it and a
// second after it, and at every midnight where words count days.
func TestSweep(t *testing.T) {
	ed := loaded(t)
	var edges []time.Time
	for _, b := range ed.Boundaries() {
		for _, d := range []time.Duration{-time.Second, 0, time.Second} {
			if at := b.Add(d); !at.Before(sweepFrom) && at.Before(sweepTo) {
				edges = append(edges, at)
			}
		}
	}
	edges = append(edges, sweepFrom, sweepTo)
	var midnights []time.Time
	for d := (Date{2024, time.June, 1}); d.Start(ed.Zone).Before(sweepTo); d = d.Add(1) {
		midnights = append(midnights, d.Start(ed.Zone))
	}
	asked := 0
	for _, id := range ed.IDs() {
		e := ed.Entry(id)
		at := edges
		if counts(ed, e) {
			at = slices.Concat(edges, midnights)
		}
		for _, v := range views(e) {
			for _, v.At = range at {
				asked++
				if msg := wrong(ed, id, v); msg != "" {
					t.Errorf("%s %s easy=%t segment=%q at %s: %s", id, v.Lang, v.Easy, v.Segment, v.At.Format(time.RFC3339), msg)
				}
			}
		}
	}
	t.Logf("%d answers at %d instants and %d midnights", asked, len(edges), len(midnights))
}

// counts reports whether a text of the entry counts days.
func counts(ed *Edition, e *Entry) bool {
	found := false
	e.eachText(func(_, _, text string) {
		found = found || slices.ContainsFunc(ed.template(text), func(p part) bool { return strings.HasPrefix(p.form, "hitung") })
	})
	return found
}

// wrong says what is wrong with an answer, "" when nothing is.
func wrong(ed *Edition, id string, v View) string {
	a, err := ed.Answer(id, v)
	if err != nil {
		return err.Error()
	}
	if strings.TrimSpace(a.Text) == "" || strings.ContainsAny(a.Text, "{}") {
		return fmt.Sprintf("the text is %q", a.Text)
	}
	for _, f := range a.Facts {
		if !ed.Fact(f).Valid(v.At, ed.Zone) {
			return "it names the fact " + f + ", which may not be said"
		}
	}
	if msg := miscounted(ed, id, v); msg != "" {
		return msg
	}
	if msg := promised(ed, id, v); msg != "" {
		return msg
	}
	if a.Expires.IsZero() {
		return ""
	}
	if !a.Expires.After(v.At) {
		return "it expires at " + a.Expires.Format(time.RFC3339)
	}
	left := a.Expires.Sub(v.At)
	for _, d := range []time.Duration{left / 3, left - time.Second, left - time.Nanosecond} {
		if d < 0 {
			continue
		}
		w := v
		w.At = v.At.Add(d)
		if b, err := ed.Answer(id, w); err != nil || b.Text != a.Text {
			return fmt.Sprintf("it says something else at %s, before it expires (%v)", w.At.Format(time.RFC3339), err)
		}
	}
	return ""
}

// miscounted finds counting words that call a past day coming or a coming day past. It computes the days by itself.
func miscounted(ed *Edition, id string, v View) string {
	e := ed.Entry(id)
	text, _ := e.wording(phaseAt(e.Phases, v.At).ID, v)
	today := v.At.In(ed.Zone).Format(time.DateOnly)
	for _, p := range ed.template(text) {
		if !strings.HasPrefix(p.form, "hitung") {
			continue
		}
		f := ed.Fact(p.fact)
		day := f.Day.String()
		if p.form == "hitung-akhir" {
			day = f.Last.String()
		}
		if day < today {
			return fmt.Sprintf("it counts to %s (%s), which is past: such a text belongs to another phase", p.fact, day)
		}
		said, err := f.write(p.form, v.Lang, DateOf(v.At, ed.Zone))
		if err != nil {
			return err.Error()
		}
		isToday := said == countdown(0, v.Lang)
		if isToday != (day == today) {
			return fmt.Sprintf("it says %q of %s on %s", said, day, today)
		}
	}
	return ""
}

// coming matches words that promise something.
var coming = regexp.MustCompile(`(?i)\b(akan|mendatang|nanti|badhe|bakal|mangke|will|is scheduled|are scheduled|upcoming)\b`)

// promised finds sentences that promise something for a day that is past.
func promised(ed *Edition, id string, v View) string {
	e := ed.Entry(id)
	text, _ := e.wording(phaseAt(e.Phases, v.At).ID, v)
	if !coming.MatchString(text) {
		return ""
	}
	today := DateOf(v.At, ed.Zone)
	for _, s := range sentences(text) {
		if !coming.MatchString(s) {
			continue
		}
		for _, p := range parseTemplate(s) {
			if f := ed.Fact(p.fact); f != nil && !f.Last.IsZero() && f.Last.Before(today) {
				return fmt.Sprintf("the sentence %q speaks of %s, which is past, as coming", s, f.ID)
			}
		}
	}
	return ""
}

// TestPaperCountsNoDays asks for what is printed: the same texts, but none that is wrong the next morning.
func TestPaperCountsNoDays(t *testing.T) {
	ed := loaded(t)
	for _, id := range ed.IDs() {
		for _, v := range views(ed.Entry(id)) {
			for day := (Date{2024, time.November, 20}); day.Day < 30; day = day.Add(1) {
				v.At, v.Paper = day.Start(ed.Zone).Add(8*time.Hour), true
				a, err := ed.Answer(id, v)
				if err != nil {
					t.Fatalf("%s %+v: %v", id, v, err)
				}
				for _, word := range []string{"()", " )", "hari lagi", "dinten malih"} {
					if strings.Contains(a.Text, word) {
						t.Errorf("%s %s on %s holds %q: %s", id, v.Lang, day, word, a.Text)
					}
				}
			}
		}
	}
}

// TestAnyInstant asks at random instants, also outside the edges that the sweep knows of.
func TestAnyInstant(t *testing.T) {
	ed := loaded(t)
	span := int64(sweepTo.Sub(sweepFrom) / time.Second)
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.SampledFrom(ed.IDs()).Draw(t, "entry")
		v := rapid.SampledFrom(views(ed.Entry(id))).Draw(t, "view")
		v.At = sweepFrom.Add(time.Duration(rapid.Int64Range(0, span).Draw(t, "second")) * time.Second)
		if msg := wrong(ed, id, v); msg != "" {
			t.Fatalf("%s %+v: %s", id, v, msg)
		}
	})
}

// TestCalendar keeps what changes by itself between June 2024 and January 2027 as a golden file.
func TestCalendar(t *testing.T) {
	var b strings.Builder
	for _, c := range loaded(t).Calendar(sweepFrom, sweepTo) {
		b.WriteString(c.String())
	}
	golden(t, "calendar.txt", b.String())
}

// golden compares a text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			t.Fatalf("%s differs from line %d on: %q. Read the change; when it is right, run the test with -update.", file, i+1, g[i])
		}
	}
	t.Fatalf("%s is longer than what was written", file)
}
