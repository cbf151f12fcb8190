package outreach

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tanya/faq"
)

// quizTold is what a reader knows of the quiz: by statement and activity, numbers of people by what they answered.
type quizTold map[string]int

// tellQuiz reads the quiz out of reports. A share beside its number says how many it is of, so it counts as that number;
// the season says which, because the share is rounded and an attacker may be lucky.
func tellQuiz(w *world, ed *faq.Edition, all []*Report) quizTold {
	told := quizTold{}
	for _, r := range all {
		o := recount{w: w, ed: ed, r: r}
		first := func(row Row, at int, segment, code string) {
			if n, some := row.Values[at].(Figure).Single(); some {
				told["first "+row.Key] = n
			}
			if wrong, ok := row.Values[at+1].(Figure).Single(); ok {
				told["first wrong "+row.Key] = wrong
			}
			if v, _ := row.Values[at+2].(Rate); v.kind == plainRate {
				item := strings.FieldsFunc(row.Key, func(c rune) bool { return c == '@' || c == '/' })[0]
				k, _ := o.mythOf(item, segment, code, "tingkat").(ratio)
				told["first wrong "+row.Key], told["first right "+row.Key] = k.k, k.n-k.k
			}
		}
		for _, row := range r.Table("salah-paham").Rows {
			first(row, 1, "*", "")
		}
		for _, row := range r.Table("salah-paham-segmen").Rows {
			_, segment, _ := strings.Cut(row.Key, "@")
			first(row, 2, segment, "")
		}
		for _, row := range r.Table("salah-paham-kegiatan").Rows {
			_, code, _ := strings.Cut(row.Key, "/")
			first(row, 2, "*", code)
		}
		for _, table := range []Table{r.Table("kuis"), r.Table("kuis-kegiatan")} {
			code := ""
			if table.ID == "kuis-kegiatan" {
				code = " " + r.Activity
			}
			for _, row := range table.Rows {
				if n, ok := row.Values[1].(Figure).Single(); ok {
					told["pairs "+row.Key+code] = n
				}
				for i, when := range []string{"sebelum", "sesudah"} {
					if v, _ := row.Values[2+i].(Rate); v.kind == plainRate {
						k, _ := o.pair(row.Key, r.Activity, when).(ratio)
						told[when+" right "+row.Key+code], told[when+" wrong "+row.Key+code] = k.k, k.n-k.k
					}
				}
			}
		}
	}
	return told
}

// attackQuiz reads, subtracts those who answered twice from all first answers, and activities from the whole.
func attackQuiz(r *rand.Rand, w *world, ed *faq.Edition, told quizTold) []string {
	var out []string
	try := func(n int, format string, args ...any) {
		if n > 0 && n < 10 {
			out = append(out, fmt.Sprintf(format, args...)+fmt.Sprintf(" is %d", n))
		}
	}
	for name, n := range told {
		try(n, "%s", name)
	}
	// What can be counted in two ways: right and wrong make up a number, and one of the three may be missing.
	for name, n := range told {
		what, ok := strings.CutPrefix(name, "first ")
		if !ok || strings.Contains(what, " ") {
			continue
		}
		for _, half := range []string{"first right ", "first wrong "} {
			if k, ok := told[half+what]; ok {
				try(n-k, "first %s less %s", what, half)
			}
		}
	}
	for _, q := range ed.Quiz() {
		// A statement's answers less those of the segments, all that are told or some of them; a segment's less those who
		// came by its activities and answered twice.
		for first, pair := range map[string]string{"first ": "pairs ", "first right ": "sebelum right ", "first wrong ": "sebelum wrong "} {
			all, ok := told[first+q.ID]
			for round := range 60 {
				rest, used := all, 0
				for _, seg := range segmentOrder() {
					n, some := told[first+ofSegment(q.ID, seg)]
					if some && (round == 0 || r.IntN(3) > 0) {
						rest -= n
						used++
					}
				}
				if ok && used > 0 {
					try(rest, "%s%s less %d segments", first, q.ID, used)
				}
			}
			// The same of activities: of the statement, of a segment, each activity by its first answers or by those who answered
			// twice; and of one activity these two.
			for _, a := range w.activities {
				n, some := told[first+ofActivity(q.ID, a.Code)]
				if m, ok := told[pair+q.ID+" "+a.Code]; ok && some {
					try(n-m, "%s%s less %s", first, ofActivity(q.ID, a.Code), pair)
				}
			}
			for _, seg := range append(segmentOrder(), "*") {
				name := first + ofSegment(q.ID, seg)
				if seg == "*" {
					name = first + q.ID
				}
				n, some := told[name]
				for round := range 120 {
					rest, used := n, 0
					for _, a := range w.activities {
						if seg != "*" && (len(a.Segments) != 1 || string(a.Segments[0]) != seg) {
							continue
						}
						m, ok := told[first+ofActivity(q.ID, a.Code)]
						if p, twice := told[pair+q.ID+" "+a.Code]; twice && (!ok || round > 0 && r.IntN(4) == 0) {
							m, ok = p, true
						}
						if ok && (round < 2 || r.IntN(4) > 0) {
							rest -= m
							used++
						}
					}
					if some && used > 0 {
						try(rest, "%s less %d activities", name, used)
					}
				}
			}
			for _, seg := range segmentOrder() {
				n, some := told[first+ofSegment(q.ID, seg)]
				for round := range 40 {
					rest, used := n, 0
					for _, a := range w.activities {
						m, ok := told[pair+q.ID+" "+a.Code]
						if ok && len(a.Segments) == 1 && string(a.Segments[0]) == seg && (round == 0 || r.IntN(3) > 0) {
							rest -= m
							used++
						}
					}
					if some && used > 0 {
						try(rest, "%s%s less %d activities that answered twice", first, ofSegment(q.ID, seg), used)
					}
				}
			}
		}
		for first, pair := range map[string]string{"first ": "pairs ", "first right ": "sebelum right ", "first wrong ": "sebelum wrong "} {
			a, okA := told[first+q.ID]
			b, okB := told[pair+q.ID]
			if okA && okB {
				try(a-b, "%s%s less %s", first, q.ID, pair)
			}
		}
		for _, m := range []string{"pairs ", "sebelum right ", "sebelum wrong ", "sesudah right ", "sesudah wrong "} {
			all, ok := told[m+q.ID]
			if !ok {
				continue
			}
			for round := range 40 {
				rest, used := all, 0
				for _, a := range w.activities {
					if n, ok := told[m+q.ID+" "+a.Code]; ok && (round == 0 || r.IntN(4) > 0) {
						rest -= n
						used++
					}
				}
				if used > 0 {
					try(rest, "%s%s less %d activities", m, q.ID, used)
				}
			}
		}
	}
	return out
}

// TestQuizTellsNothing attacks the quiz of random seasons; where nothing is protected, the same attack must succeed.
func TestQuizTellsNothing(t *testing.T) {
	ed := loadEdition(t)
	open, told := 0, 0
	for seed := range 3 {
		r := rand.New(rand.NewPCG(uint64(seed), 21))
		w := makeSeason(r, ed, []int{300, 900, 1500}[seed])
		for _, plain := range []bool{false, true} {
			m := maker(w, ed)
			m.plain = plain
			var inside []*Report
			for _, report := range reports(t, m, w) {
				if !report.Rounded {
					inside = append(inside, report)
				}
			}
			known := tellQuiz(w, ed, inside)
			found := attackQuiz(r, w, ed, known)
			if plain {
				open += len(found)
				continue
			}
			told += len(known)
			for _, how := range found {
				t.Errorf("season %d: %s", seed, how)
			}
		}
	}
	if open == 0 || told < 50 {
		t.Errorf("%d numbers told, %d found where nothing is protected: it attacks nothing", told, open)
	}
}
