package outreach

import (
	"slices"
	"strings"

	"tanya/bot"
)

// pairs are answers of the same people before and after an activity.
type pairs struct{ kept, lost, gained, never int } // right and right, right and wrong, wrong and right, wrong and wrong

func (p pairs) n() int { return p.kept + p.lost + p.gained + p.never }

// quiz returns the paired answers by item and activity, and the first answers by item.
func (s *season) quiz() (paired map[[2]string]pairs, first map[string]share) {
	paired, first = map[[2]string]pairs{}, map[string]share{}
	for _, c := range s.counts {
		if c.Kind != bot.ByQuiz {
			continue
		}
		right := c.D == "1"
		switch before, isPair := strings.CutPrefix(c.C, "akhir:"); {
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
		case c.C == "" || c.C == "awal":
			f := first[c.A]
			f.n += c.N
			if right {
				f.k += c.N
			}
			first[c.A] = f
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
	for _, item := range keys(first) {
		f := first[item]
		t.add(t.set("first "+item, f.n), t.set("first right "+item, f.k), t.set("first wrong "+item, f.n-f.k))
	}
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
		if _, ok := first[item]; ok { // those who answered before and after are among the first answers
			t.addWith("rest first "+item, t.index["first "+item], t.index["pairs "+item])
			t.addWith("rest first right "+item, t.index["first right "+item], t.index["before right "+item])
			t.addWith("rest first wrong "+item, t.index["first wrong "+item], t.index["before wrong "+item])
		}
	}
}
