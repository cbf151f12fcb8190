package outreach

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tanya/bot"
)

// crowd is what an attacker knows of people: "all", "topic X", "segment X", "activity X", "came X", "came", and how many.
type crowd map[string]int

// harvestPeople reads the numbers of people out of exports, as the JSON that anybody may load. A share of participants
// beside the number of participants tells how many it is a share of, so it counts as that number when only one fits.
func harvestPeople(t *testing.T, all []*Report) crowd {
	t.Helper()
	out := crowd{}
	for _, r := range all {
		doc := loadExport(t, r)
		for _, table := range doc.Tables {
			for _, row := range table.Rows {
				for i, v := range row.Values {
					name := ""
					switch at := table.ID + " " + table.Columns[i].Key; {
					case at == "topik penanya":
						name = "topic " + row.Key
					case at == "segmen penanya":
						name = "segment " + row.Key
					case at == "kegiatan penanya":
						name = "activity " + row.Key
					case at == "kegiatan peserta":
						name = "came " + row.Key
					case at == "ringkas jumlah" && row.Key == "penanya", at == "bukti jumlah" && row.Key == "penanya":
						name = "all"
					case at == "bukti jumlah" && row.Key == "peserta":
						name = "came"
					case at == "ringkas-kegiatan jumlah" && row.Key == "penanya":
						name = "activity " + doc.Activity
					case at == "kartu isi" && row.Key == "peserta":
						name = "came " + doc.Activity
					}
					n, ok := v.(float64)
					if !ok || name == "" {
						continue
					}
					if was, ok := out[name]; ok && was != int(n) {
						t.Errorf("%s is said as %d and as %d", name, was, int(n))
					}
					out[name] = int(n)
				}
			}
		}
		// Participants and the share of them who asked: how many asked, where only one number fits.
		for _, row := range r.Table("kegiatan").Rows {
			came, ok := out["came "+row.Key]
			share, _ := r.Table("kegiatan").cell(row.Key, 9).(Rate)
			if !ok || share.kind != plainRate {
				continue
			}
			var fit []int
			for n := range came + 1 {
				if rateOf(n, came, exact) == share {
					fit = append(fit, n)
				}
			}
			if len(fit) == 1 {
				out["activity "+row.Key] = fit[0]
			}
		}
	}
	return out
}

// within tells what group of people lies within which: everybody who is in the first is in the second.
func (w *world) peopleWithin(part, whole string) bool {
	kind, key, _ := strings.Cut(part, " ")
	in, name, _ := strings.Cut(whole, " ")
	switch {
	case part == whole || whole == "came" && part == "came":
		return false
	case whole == "all":
		return kind == "topic" || kind == "segment" || kind == "activity"
	case whole == "came":
		return kind == "came"
	case in == "came":
		return kind == "activity" && key == name
	case in == "segment" && kind == "activity":
		return slices.ContainsFunc(w.activities, func(a bot.Activity) bool {
			return a.Code == key && len(a.Segments) == 1 && string(a.Segments[0]) == name
		})
	}
	return false
}

// attackPeople reads, subtracts each group from each that it lies in, and several of a kind together.
func attackPeople(r *rand.Rand, w *world, known crowd) []string {
	var out []string
	try := func(n int, format string, args ...any) {
		if n > 0 && n < 10 {
			out = append(out, fmt.Sprintf(format, args...)+fmt.Sprintf(" is %d", n))
		}
	}
	names := slices.Sorted(maps.Keys(known))
	for _, whole := range names {
		try(known[whole], "read: %s", whole)
		kinds := map[string][]string{}
		for _, part := range names {
			if w.peopleWithin(part, whole) {
				try(known[whole]-known[part], "pair: %s less %s", whole, part)
				kind, _, _ := strings.Cut(part, " ")
				kinds[kind] = append(kinds[kind], part)
			}
		}
		for _, kind := range slices.Sorted(maps.Keys(kinds)) {
			if kind == "topic" {
				continue // most people ask about several: what remains is no number of anybody
			}
			for round := range 60 {
				rest, used := known[whole], 0
				for _, part := range kinds[kind] {
					if round == 0 || r.IntN(4) > 0 {
						rest -= known[part]
						used++
					}
				}
				if used > 1 {
					try(rest, "margin: %s less %d of %s", whole, used, kind)
				}
			}
		}
	}
	return out
}

// crowded lets most people of a season ask about one topic, and most of those of an activity's segment come by it, so that
// few remain when one is subtracted from the other.
func crowded(r *rand.Rand, w *world) {
	apart := map[int]bool{}
	for range 2 + r.IntN(12) {
		apart[pick(r, w.questions).who] = true
	}
	seen := map[int]bool{}
	for i := range w.questions {
		q := &w.questions[i]
		if q.verdict == "declined" || seen[q.who] {
			continue
		}
		seen[q.who] = true
		if !apart[q.who] {
			q.topic, q.entry, q.verdict = "jadwal", "jam-tps", "answered"
			if r.IntN(40) > 0 && len(w.activities) > 0 {
				q.activity = w.activities[0].Code
				q.segment = ""
				if len(w.activities[0].Segments) == 1 {
					q.segment = string(w.activities[0].Segments[0])
				}
			}
		}
	}
	for i := range w.activities { // some of those who came did not ask
		if n, err := w.Askers(context.Background(), november.String(), bot.AskerCell{Activity: w.activities[i].Code}); err == nil && r.IntN(2) == 0 {
			w.activities[i].Participants = n[0] + r.IntN(12)
		}
	}
}

// TestPeopleCannotBeComputed attacks the numbers of people of random seasons; where nothing is protected, the same attack must
// succeed in each of its ways.
func TestPeopleCannotBeComputed(t *testing.T) {
	ed := loadEdition(t)
	open, told := map[string]int{}, 0
	for seed := range 8 {
		r := rand.New(rand.NewPCG(uint64(seed), 34))
		w := makeSeason(r, ed, []int{90, 200, 350, 600}[seed%4])
		if seed%2 == 0 {
			crowded(r, w)
		}
		for _, plain := range []bool{false, true} {
			m := maker(w, ed)
			m.plain = plain
			inside := peopleReports(t, m, w, Inside)
			known := harvestPeople(t, inside)
			found := attackPeople(r, w, known)
			if plain {
				for _, how := range found {
					kind, _, _ := strings.Cut(how, ":")
					open[kind]++
				}
				continue
			}
			told += len(known)
			for _, how := range found {
				t.Errorf("season %d: %s", seed, how)
			}
			for name, n := range harvestPeople(t, peopleReports(t, m, w, Outside)) {
				if _, ok := known[name]; !ok || n%5 != 0 || n < 10 {
					t.Errorf("season %d: %s is said outside as %d", seed, name, n)
				}
			}
		}
	}
	t.Logf("%d numbers of people told; where nothing is protected, found %v", told, open)
	if told < 80 || open["pair"] == 0 || open["margin"] == 0 {
		t.Errorf("%d numbers told, found where nothing is protected: %v: it attacks nothing", told, open)
	}
}

// peopleReports makes the reports that count people: the month's, and one activity's, whose numbers must be the same.
func peopleReports(t *testing.T, m *Maker, w *world, to Audience) []*Report {
	t.Helper()
	month, err := m.Month(t.Context(), november, to)
	check(t, err)
	one, err := m.Activity(t.Context(), november, w.activities[0].Code, to)
	check(t, err)
	return []*Report{month, one}
}
