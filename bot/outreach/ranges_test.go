package outreach

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// between is what a reader knows of a number.
type between struct{ low, high float64 }

// less is what is known of the number that remains when another is subtracted.
func (b between) less(o between) between { return between{b.low - o.high, b.high - o.low} }

// small reports whether that proves it to be from 1 to 9.
func (b between) small() bool { return b.low >= 1 && b.high <= 9 }

func knownOf(f Figure) between {
	if f.hi < 0 {
		return between{float64(f.lo), math.Inf(1)}
	}
	return between{float64(f.lo), float64(f.hi)}
}

// said collects the ranges that a report says, by what they count.
func said(ed *faq.Edition, r *Report) map[string]between {
	out := map[string]between{}
	for _, t := range r.Tables {
		for _, row := range t.Rows {
			for i, v := range row.Values {
				f, ok := v.(Figure)
				at := address(ed, t.ID, row.Key, t.Columns[i].Key, r.Activity)
				if ok && f.Shown() && at != nil {
					out[at.String()] = knownOf(f)
				}
			}
		}
	}
	return out
}

// TestRangesTellNothing lays the reports of a running month beside each other and beside the finished one, and the days
// around activities beside the months that they lie in: what is left when one is subtracted never proves a number from 1 to 9.
func TestRangesTellNothing(t *testing.T) {
	ed := loadEdition(t)
	seen := 0
	for seed := range 2 {
		w := makeSeason(rand.New(rand.NewPCG(uint64(seed), 77)), ed, 900)
		m := maker(w, ed)
		report := func(day faq.Date) map[string]between {
			w.today = day
			r, err := m.Month(t.Context(), november, Inside)
			check(t, err)
			if over := november.Last().Before(day); r.Partial == over {
				t.Fatalf("on %v the month is partial: %v", day, r.Partial)
			}
			return said(ed, r)
		}
		final := report(faq.Date{Year: 2026, Month: time.December, Day: 2})
		var snapshots []map[string]between
		for day := 4; day <= 30; day += 3 {
			snapshots = append(snapshots, report(faq.Date{Year: 2026, Month: time.November, Day: day}))
		}
		snapshots = append(snapshots, final)
		for i, early := range snapshots {
			for j, late := range snapshots[i+1:] {
				for name, was := range early {
					seen++
					if is, ok := late[name]; ok && is.less(was).small() {
						t.Errorf("season %d: between snapshots %d and %d (%s) grew by %v", seed, i, i+1+j, name, is.less(was))
					}
				}
			}
		}
		w.today = faq.Date{Year: 2026, Month: time.December, Day: 20}
		for _, a := range w.activities {
			r, err := m.Activity(t.Context(), november, a.Code, Inside)
			check(t, err)
			table := r.Table("sebelum-sesudah")
			if len(table.Rows) == 0 {
				continue
			}
			sizes := table.Rows[0].Values
			inMonth := [2]bool{a.Date.Day > besideDays, november.Last().Sub(a.Date) >= besideDays-1}
			for _, row := range table.Rows[1:] {
				// Columns: before; after without code; after with code.
				for i, of := range []string{"topic=" + row.Key, "topic=" + row.Key, fmt.Sprintf("activity=%s topic=%s", a.Code, row.Key)} {
					if (i == 0 && !inMonth[0]) || (i > 0 && !inMonth[1]) {
						continue
					}
					rate, size := row.Values[1+i].(Rate), sizes[1+i].(Figure)
					all, ok := final[of]
					if !ok {
						all, ok = said(ed, r)[of]
					}
					if !rate.Shown() || !size.Shown() || !ok {
						continue
					}
					n := knownOf(size)
					count := between{math.Ceil(max(least, (rate.Percent-2.5)/100*n.low)), math.Floor(min(n.high, (rate.Percent+2.5)/100*n.high))}
					seen++
					if all.less(count).small() || count.small() {
						t.Errorf("season %d: %s in the days around %s is %v, of %v in the month", seed, row.Key, a.Code, count, all)
					}
				}
			}
		}
	}
	if seen < 500 {
		t.Errorf("only %d comparisons", seen)
	}
	// Ranges do not tell even where everything is known but one step.
	for n := least; n < 3000; n++ {
		for more := 1; more < least; more++ {
			if d := knownOf(say(n+more, bands)).less(knownOf(say(n, bands))); d.small() {
				t.Fatalf("%d and %d more: %v", n, more, d)
			}
		}
	}
}

// TestBeside recounts the days around an activity and looks at the words.
func TestBeside(t *testing.T) {
	ed := loadEdition(t)
	w := &world{today: faq.Date{Year: 2026, Month: time.December, Day: 20}, activities: []bot.Activity{
		{Code: "AAAAAA", Name: "A", Method: "ceramah", District: "Cepu", Date: faq.Date{Year: 2026, Month: time.November, Day: 15}},
		{Code: "BBBBBB", Name: "B", Method: "ceramah", District: "Blora", Date: faq.Date{Year: 2026, Month: time.November, Day: 9}},
	}}
	put := func(n int, day int, activity, topic string) {
		for range n {
			w.questions = append(w.questions, question{day: faq.Date{Year: 2026, Month: time.November, Day: day}, who: len(w.questions), channel: "webchat", lang: "id",
				activity: activity, topic: topic, entry: "jam-tps", verdict: "answered", edition: "1"})
		}
	}
	put(60, 14, "", "jadwal") // the last day before
	put(40, 14, "", "tps")
	put(500, 7, "", "akses") // eight days before: not counted
	put(30, 15, "AAAAAA", "jadwal")
	put(70, 21, "AAAAAA", "tps") // the seventh day from the activity on
	put(500, 22, "", "akses")
	put(55, 16, "", "jadwal")
	put(45, 16, "BBBBBB", "tps")
	r, err := maker(w, ed).Activity(t.Context(), november, "AAAAAA", Inside)
	check(t, err)
	table := r.Table("sebelum-sesudah")
	for key, want := range map[string][4]string{
		"semua":  {"100–199", "100–199", "100–199", unsaid},
		"jadwal": {"60% (50–69%)", "55% (45–64%)", "30% (22–40%)", "−25 poin (−37 sampai −11)"},
		"tps":    {"40% (31–50%)", "45% (36–55%)", "70% (60–78%)", "+25 poin (+11 sampai +37)"},
		"akses":  {unsaid, unsaid, unsaid, unsaid},
	} {
		for i, s := range want {
			v := table.cell(key, 1+i)
			if v == nil || v.String() != s {
				t.Errorf("%s, column %d: %v, want %s", key, 1+i, v, s)
			}
		}
	}
	for _, table := range r.Tables {
		if table.ID == "sebelum-sesudah" && !strings.Contains(table.Title, "bersamaan dengan") {
			t.Errorf("the title %q does not say that it happened at the same time", table.Title)
		}
	}
}
