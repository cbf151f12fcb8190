package outreach

import (
	"slices"
	"strings"

	"tanya/bot"
)

// pairs are answers of the same people before and after an activity.
type pairs struct{ kept, lost, gained, never int } // right and right, right and wrong, wrong and right, wrong and wrong

func (p pairs) n() int { return p.kept + p.lost + p.gained + p.never }

// quiz returns the paired answers by item and activity, and the first answers by item and segment.
func (s *season) quiz() (paired map[[2]string]pairs, first map[[2]string]share) {
	paired, first = map[[2]string]pairs{}, map[[2]string]share{}
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
			k := [2]string{c.A, c.C}
			if seg, ok := own[c.B]; ok {
				k[1] = seg
			}
			f := first[k]
			f.n += c.N
			if right {
				f.k += c.N
			}
			first[k] = f
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
			t.addWith("rest "+m[0]+item, t.index[m[0]+item], t.index[m[1]+item])
			within := map[string][]int{}
			for _, code := range codes[item] {
				if seg, ok := own[code]; ok {
					within[seg] = append(within[seg], t.index[m[1]+item+" "+code])
				}
			}
			for _, seg := range keys(within) {
				name := m[0] + ofSegment(item, seg)
				if i, ok := t.index[name]; ok {
					t.addWith("rest "+name, i, within[seg]...)
				}
			}
		}
	}
}

// ofSegment names a statement as one segment answered it.
func ofSegment(item, segment string) string { return item + "@" + segment }

// enterFirst enters the first answers: of each statement, right and wrong, and how segments make them up. It returns the
// statements that there are.
func enterFirst(t *tables, first map[[2]string]share) map[string]bool {
	enter := func(what string, f share) {
		t.add(t.set("first "+what, f.n), t.set("first right "+what, f.k), t.set("first wrong "+what, f.n-f.k))
	}
	all, segments := map[string]share{}, map[string][]string{}
	for k, f := range first {
		sum := all[k[0]]
		all[k[0]] = share{sum.k + f.k, sum.n + f.n}
		segments[k[0]] = append(segments[k[0]], k[1])
	}
	whole := map[string]bool{}
	for _, item := range keys(all) {
		whole[item] = true
		enter(item, all[item])
		slices.Sort(segments[item])
		for _, seg := range segments[item] {
			enter(ofSegment(item, seg), first[[2]string{item, seg}])
		}
		for _, m := range []string{"first ", "first right ", "first wrong "} {
			var parts []int
			for _, seg := range segments[item] {
				parts = append(parts, t.index[m+ofSegment(item, seg)])
			}
			t.add(t.index[m+item], parts...)
		}
	}
	return whole
}
