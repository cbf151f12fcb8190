package outreach

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"tanya/bot"
)

// pairs are answers of the same people before and after an activity.
type pairs struct{ kept, lost, gained, never int } // right and right, right and wrong, wrong and right, wrong and wrong

func (p pairs) n() int { return p.kept + p.lost + p.gained + p.never }

// firstKey is of whom first answers are: the statement, the activity whose code they came by, and the segment.
type firstKey struct{ item, activity, segment string }

// quiz returns the paired answers by item and activity, and the first answers.
func (s *season) quiz() (paired map[[2]string]pairs, first map[firstKey]share) {
	paired, first = map[[2]string]pairs{}, map[firstKey]share{}
	own := s.own()
	for _, c := range s.counts {
		if c.Kind != bot.ByQuiz {
			continue
		}
		mark, bit, _ := strings.Cut(c.D, "/")
		right := bit == "1"
		switch before, isPair := strings.CutPrefix(mark, "akhir:"); {
		case isPair:
			p := paired[[2]string{c.A, c.B}]
			switch {
			case before == "1" && right:
				p.kept += c.N
			case before == "1":
				p.lost += c.N
			case right:
				p.gained += c.N
			default:
				p.never += c.N
			}
			paired[[2]string{c.A, c.B}] = p
		case mark == "" || mark == "awal":
			k := firstKey{c.A, c.B, c.C}
			if seg, ok := own[c.B]; ok {
				k.segment = seg
			}
			f := share{0, c.N}
			if right {
				f.k = c.N
			}
			first[k] = first[k].plus(f)
		}
	}
	return paired, first
}

// enterQuiz enters the quiz: first answers, and pairs of before and after.
func (s *season) enterQuiz(t *tables) {
	paired, first := s.quiz()
	items := map[string]pairs{}
	codes := map[string][]string{}
	for k, p := range paired {
		m := items[k[0]]
		items[k[0]] = pairs{m.kept + p.kept, m.lost + p.lost, m.gained + p.gained, m.never + p.never}
		codes[k[0]] = append(codes[k[0]], k[1])
	}
	enter := func(what string, p pairs) {
		n := t.set("pairs "+what, p.n())
		t.add(n, t.set("before right "+what, p.kept+p.lost), t.set("before wrong "+what, p.gained+p.never))
		t.add(n, t.set("after right "+what, p.kept+p.gained), t.set("after wrong "+what, p.lost+p.never))
	}
	whole := enterFirst(t, first)
	large := enterFirstByActivity(t, first)
	own := s.own()
	for _, item := range keys(items) {
		enter(item, items[item])
		slices.Sort(codes[item])
		for _, code := range codes[item] {
			enter(item+" "+code, paired[[2]string{item, code}])
		}
		for _, m := range []string{"pairs", "before right", "before wrong", "after right", "after wrong"} {
			var parts []int
			for _, code := range codes[item] {
				parts = append(parts, t.index[m+" "+item+" "+code])
			}
			t.add(t.index[m+" "+item], parts...)
		}
		if !whole[item] {
			continue
		}
		// Those who answered before and after are among the first answers, and those of an activity for one segment among
		// that segment's.
		for _, m := range [][2]string{{"first ", "pairs "}, {"first right ", "before right "}, {"first wrong ", "before wrong "}} {
			var others []int
			for _, code := range codes[item] {
				pair := t.index[m[1]+item+" "+code]
				if !large[firstKey{item: item, activity: code}] {
					others = append(others, pair)
					continue
				}
				name := m[0] + ofActivity(item, code)
				t.addWith("rest "+name, t.index[name], pair)
			}
			if i, ok := t.index["rest of activities "+m[0]+item]; ok && len(others) > 0 {
				t.addWith("rest without pairs "+m[0]+item, i, others...)
			}
			t.addWith("rest "+m[0]+item, t.index[m[0]+item], t.index[m[1]+item])
			within, small := map[string][]int{}, map[string][]int{}
			for _, code := range codes[item] {
				if seg, ok := own[code]; ok {
					pair := t.index[m[1]+item+" "+code]
					within[seg] = append(within[seg], pair)
					if !large[firstKey{item: item, activity: code}] {
						small[seg] = append(small[seg], pair)
					}
				}
			}
			for _, seg := range keys(within) {
				name := m[0] + ofSegment(item, seg)
				if i, ok := t.index[name]; ok {
					t.addWith("rest "+name, i, within[seg]...)
				}
				if i, ok := t.index["rest of activities "+name]; ok && len(small[seg]) > 0 {
					t.addWith("rest without pairs "+name, i, small[seg]...)
				}
			}
		}
	}
}

// ofSegment names a statement as one segment answered it.
func ofSegment(item, segment string) string { return item + "@" + segment }

// ofActivity names a statement as those answered it who came by the code of an activity.
func ofActivity(item, code string) string { return item + "/" + code }

// firstMeasures are what is counted of first answers.
var firstMeasures = [3]string{"first ", "first right ", "first wrong "}

// measures are the values of firstMeasures.
func (s share) measures() [3]int { return [3]int{s.n, s.k, s.n - s.k} }

// enterFirst enters first answers under a name: all, right and wrong.
func (s share) enterFirst(t *tables, what string) {
	t.add(t.set("first "+what, s.n), t.set("first right "+what, s.k), t.set("first wrong "+what, s.n-s.k))
}

func (s share) plus(o share) share { return share{s.k + o.k, s.n + o.n} }

// enterFirst enters the first answers: of each statement, right and wrong, and how segments make them up. It returns the
// statements that there are.
func enterFirst(t *tables, first map[firstKey]share) map[string]bool {
	all, segments := map[string]share{}, map[firstKey]share{}
	of := map[string][]string{}
	for k, f := range first {
		all[k.item] = all[k.item].plus(f)
		seg := firstKey{item: k.item, segment: k.segment}
		if _, ok := segments[seg]; !ok {
			of[k.item] = append(of[k.item], k.segment)
		}
		segments[seg] = segments[seg].plus(f)
	}
	whole := map[string]bool{}
	for _, item := range keys(all) {
		whole[item] = true
		all[item].enterFirst(t, item)
		slices.Sort(of[item])
		for _, seg := range of[item] {
			segments[firstKey{item: item, segment: seg}].enterFirst(t, ofSegment(item, seg))
		}
		for _, m := range firstMeasures {
			var parts []int
			for _, seg := range of[item] {
				parts = append(parts, t.index[m+ofSegment(item, seg)])
			}
			t.add(t.index[m+item], parts...)
		}
	}
	return whole
}

// enterFirstByActivity enters the first answers of those who came by each activity's code, where they are many enough for a
// rate, and ties them to their statement and to its segments. What lies in none of these is put together. It returns of
// which statements and activities it entered them.
func enterFirstByActivity(t *tables, first map[firstKey]share) map[firstKey]bool {
	whole, spread := map[firstKey]share{}, map[firstKey]int{} // by statement and activity; how many segments it is spread over
	for k, f := range first {
		a := firstKey{item: k.item, activity: k.activity}
		whole[a] = whole[a].plus(f)
		spread[a]++
	}
	large := map[firstKey]bool{}
	byItem := map[string][]string{}
	for a, f := range whole {
		if a.activity != "" && f.n >= leastRate {
			large[a] = true
			byItem[a.item] = append(byItem[a.item], a.activity)
		}
	}
	list := slices.SortedFunc(maps.Keys(first), func(a, b firstKey) int {
		return cmp.Or(cmp.Compare(a.item, b.item), cmp.Compare(a.activity, b.activity), cmp.Compare(a.segment, b.segment))
	})
	for _, item := range keys(byItem) {
		slices.Sort(byItem[item])
		for _, code := range byItem[item] {
			whole[firstKey{item: item, activity: code}].enterFirst(t, ofActivity(item, code))
		}
	}
	for i, m := range firstMeasures {
		parts, pieces := map[string][]int{}, map[string][]int{} // of a segment, of an activity
		for _, k := range list {
			a := firstKey{item: k.item, activity: k.activity}
			if !large[a] {
				continue
			}
			what := m + ofActivity(k.item, k.activity)
			c := t.index[what]
			if spread[a] > 1 {
				c = t.rest("piece "+what+" segment "+k.segment, first[k].measures()[i])
				pieces[what] = append(pieces[what], c)
			}
			seg := m + ofSegment(k.item, k.segment)
			parts[seg] = append(parts[seg], c)
		}
		for _, what := range keys(pieces) {
			t.add(t.index[what], pieces[what]...)
		}
		for _, seg := range keys(parts) {
			t.addWith("rest of activities "+seg, t.index[seg], parts[seg]...)
		}
		for _, item := range keys(byItem) {
			var all []int
			for _, code := range byItem[item] {
				all = append(all, t.index[m+ofActivity(item, code)])
			}
			t.addWith("rest of activities "+m+item, t.index[m+item], all...)
		}
	}
	return large
}
