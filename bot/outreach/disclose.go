package outreach

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"strings"
)

// This file is the one door through which numbers leave. A table is filled with true counts; protect decides once, for
// all tables of a month together, which of them may be said; figures come out with the precision that the audience may
// have. Reports, pages and files are views of those figures, so two of them can be laid side by side without telling
// more than one. docs/decisions/0013-disclosure.md says why.

// Bounds of what is said.
const (
	least     = 10 // no number below it, and nothing that could be worked out below it
	leastRate = 20 // no rate of fewer
	grain     = 5  // outside the office, numbers are rounded to multiples of it
)

// precision is how exactly numbers are said.
type precision int

const (
	exact precision = iota
	fives           // to the nearest five
	bands           // as one of a few ranges: for stretches of time that overlap others
)

// bandEdges are where ranges begin. Each range is at least ten wide: two of them that differ by a few questions look the
// same or differ by an unknown number.
var bandEdges = []int{10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000}

// cell is one true count. never marks one that exists only so that nobody can work it out.
type cell struct {
	n      int
	weight int
	never  bool
	hidden bool
}

// sum says that a total is made of parts.
type sum struct {
	total int
	parts []int
}

// tables are all counts that are published together, and how they add up.
type tables struct {
	cells  []cell
	sums   []sum
	index  map[string]int
	uses   [][]int         // the sums that a count stands in
	labels map[string]bool // hidden counts of which it may be said that they are below ten
	plain  bool            // tests: leave out what protects from subtraction
}

func newTables() *tables { return &tables{index: map[string]int{}} }

// set enters a count under a name and returns its number. Entering a name again changes nothing.
func (t *tables) set(name string, n int) int {
	if i, ok := t.index[name]; ok {
		return i
	}
	t.cells = append(t.cells, cell{n: n, weight: weight(name)})
	t.index[name] = len(t.cells) - 1
	return len(t.cells) - 1
}

// rest enters a count that is never said.
func (t *tables) rest(name string, n int) int {
	i := t.set(name, n)
	t.cells[i].never = true
	return i
}

// add says that total is the sum of the parts.
func (t *tables) add(total int, parts ...int) {
	t.sums = append(t.sums, sum{total, parts})
}

// addWith says that total is the sum of the parts and of what is missing, which is never said.
func (t *tables) addWith(rest string, total int, parts ...int) {
	n := t.cells[total].n
	for _, p := range parts {
		n -= t.cells[p].n
	}
	t.add(total, append(parts, t.rest(rest, n))...)
}

// protect hides every count below ten, and then more until no sum and no combination of sums gives one away: the number
// that remains when what is said is subtracted is never 1 to 9, for single counts and for several taken together. What
// was hidden for nothing in the end is said again, the most missed first. It is complementary suppression for linked
// tables; instead of a solver, the linear relations are brought into echelon form, and whatever they pin down is looked
// at (cf. Cox, JASA 75, 1980; Giessing in the Handbook on Statistical Disclosure Control, ch. 4).
func (t *tables) protect() {
	t.uses = make([][]int, len(t.cells))
	for i, s := range t.sums {
		for _, c := range append([]int{s.total}, s.parts...) {
			t.uses[c] = append(t.uses[c], i)
		}
	}
	for i := range t.cells {
		c := &t.cells[i]
		c.hidden = c.never || c.n < least
	}
	if t.plain {
		return
	}
	var extra []int
	blur := func(d deduction) bool {
		c := t.blur(d)
		if c >= 0 {
			t.cells[c].hidden = true
			extra = append(extra, c)
		}
		return c >= 0
	}
	all := make([]int, len(t.sums))
	for i := range all {
		all[i] = i
	}
	for again := true; again; {
		again = false
		for _, s := range t.sums { // what one sum tells by itself is most of it, and seen at once
			if d := t.deduce(s); d.tells() && blur(d) {
				again = true
			}
		}
		if again {
			continue
		}
		for _, part := range t.components(all) {
			if d, ok := t.telling(part); ok && blur(d) {
				again = true
			}
		}
	}
	slices.SortStableFunc(extra, func(a, b int) int {
		return cmp.Or(cmp.Compare(t.cells[b].weight, t.cells[a].weight), cmp.Compare(t.cells[b].n, t.cells[a].n))
	})
	for _, c := range extra {
		t.cells[c].hidden = false
		for _, part := range t.components(t.uses[c]) {
			if _, ok := t.telling(part); ok {
				t.cells[c].hidden = true
				break
			}
		}
	}
}

// components groups the sums that hang together by hidden counts, beginning at some of them.
func (t *tables) components(from []int) [][]int {
	var out [][]int
	seen := map[int]bool{}
	for _, start := range from {
		if seen[start] {
			continue
		}
		seen[start] = true
		part := []int{start}
		for i := 0; i < len(part); i++ {
			s := t.sums[part[i]]
			for _, c := range append([]int{s.total}, s.parts...) {
				if !t.cells[c].hidden {
					continue
				}
				for _, next := range t.uses[c] {
					if !seen[next] {
						seen[next] = true
						part = append(part, next)
					}
				}
			}
		}
		slices.Sort(part)
		out = append(out, part)
	}
	return out
}

// weight is how much a reader would miss a count. Totals are hidden last.
func weight(name string) int {
	what, rest, _ := strings.Cut(name, " ")
	group, _, _ := strings.Cut(rest, " ")
	switch {
	case group == "total":
		return 100
	case what == "v" || group == "hour" || group == "edition":
		return 0
	case what == "first" && strings.Contains(rest, "/"):
		return 2
	case group == "claim" && strings.Contains(rest, "/"):
		return 1
	case group == "claim":
		return 2
	case group == "entry" || group == "district" || group == "week", strings.HasPrefix(rest, "segment  topic "):
		return 1 // what those without a segment asked is in the topics' own table nearly whole
	case strings.Contains(rest, " topic "), what == "first" && strings.Contains(rest, "@"):
		return 3
	case what == "n" && (group == "topic" || group == "segment" || group == "lang" || group == "channel"):
		return 12
	case what == "n" || what == "pairs" || what == "first":
		return 8
	}
	return 5
}

// shown reports whether a count may be said.
func (t *tables) shown(name string) bool {
	i, ok := t.index[name]
	return ok && !t.cells[i].hidden
}

// figure is a count as it may be said.
func (t *tables) figure(name string, p precision) Figure {
	i, ok := t.index[name]
	if !ok || t.cells[i].hidden {
		return Figure{}
	}
	return say(t.cells[i].n, p)
}

// small reports whether a hidden count is below ten itself, rather than hidden for the sake of another. Only pairs that
// make up a total of twenty or more ask this, where it says "below ten" and nothing more.
func (t *tables) small(name string) bool {
	i, ok := t.index[name]
	return ok && t.cells[i].hidden && !t.cells[i].never && t.cells[i].n < least
}

// label decides of which hidden parts it may be said that they are below ten: of one in a pair that makes up at least
// twenty, unless that, together with the sums, would prove that another is from 1 to 9.
func (t *tables) label(pairs ...[3]string) {
	t.labels = map[string]bool{}
	at := map[int]string{}
	for _, p := range pairs { // whole, part, rest
		w, ok := t.index[p[0]]
		if !ok || t.cells[w].hidden || t.cells[w].n < leastRate {
			continue
		}
		for _, name := range p[1:] {
			if t.small(name) && t.cells[t.index[name]].n >= 0 {
				t.labels[name] = true
				at[t.index[name]] = name
			}
		}
	}
	// A bound needs labels on all that is left: what brings in a count without one, or leaves one in, tells nothing.
	bound := func(d, below deduction) bool {
		for _, c := range below.at {
			if !t.labels[at[c]] && !slices.Contains(d.at, c) {
				return false
			}
		}
		return true
	}
	for d := range t.everything(bound) {
		same := true
		for _, c := range d.coef {
			same = same && c*d.coef[0] > 0
		}
		if !same || len(d.at) < 2 {
			continue
		}
		room, open := 0.0, 0 // what the labelled ones can hold, and how many have no such bound
		for i, c := range d.at {
			if t.labels[at[c]] {
				room += math.Abs(d.coef[i]) * (least - 1)
			} else {
				open++
			}
		}
		for _, c := range d.at {
			if t.labels[at[c]] && open == 0 && math.Abs(d.value) > room-(least-1) {
				delete(t.labels, at[c])
				open++
			}
		}
	}
}

// odds is a p-value as it may be said: in steps, and only when nobody can work the pairs out from it. n people answered
// before and after; b of them lost a right answer, c gained one.
func (t *tables) odds(what string, p pairs) string {
	if !t.shown("pairs "+what) || p.n() < leastRate {
		return ""
	}
	step := oddsStep(mcnemar(p.lost, p.gained))
	// Everything that a reader may think possible: the pairs that fit what is said.
	var known [4]int // what is said of before right, before wrong, after right, after wrong; -1 nothing, -2 below ten
	for i, m := range []string{"before right ", "before wrong ", "after right ", "after wrong "} {
		switch known[i] = -1; {
		case t.shown(m + what):
			known[i] = t.cells[t.index[m+what]].n
		case t.labels[m+what]:
			known[i] = -2
		}
	}
	fits := func(i, n int) bool { return known[i] == n || known[i] == -1 || (known[i] == -2 && n < least) }
	var losts, gains, nevers, kepts span
	const far, tries = 60, 200
	for lost := range min(p.n(), far) + 1 {
		for gained := range min(p.n()-lost, far) + 1 {
			if oddsStep(mcnemar(lost, gained)) != step {
				continue
			}
			first, last, stride := 0, p.n()-lost-gained, 1+(p.n()-lost-gained)/tries // fewer tries only find less possible
			if known[0] >= 0 {
				first, last = known[0]-lost, min(last, known[0]-lost)
			} else if known[2] >= 0 {
				first, last = known[2]-gained, min(last, known[2]-gained)
			}
			for kept := max(0, first); kept <= last; kept += stride {
				never := p.n() - lost - gained - kept
				if fits(0, kept+lost) && fits(1, gained+never) && fits(2, kept+gained) && fits(3, lost+never) {
					losts.take(lost)
					gains.take(gained)
					nevers.take(never)
					kepts.take(kept)
				}
			}
		}
	}
	for _, s := range []struct {
		span
		n int
	}{{losts, p.lost}, {gains, p.gained}, {nevers, p.never}, {kepts, p.kept}} {
		if s.n > 0 && s.n < least && s.low > 0 && s.high < least {
			return ""
		}
	}
	return step
}

// everything goes through what a reader can work out from all sums, see deductions.
func (t *tables) everything(worth func(d, below deduction) bool) iter.Seq[deduction] {
	all := make([]int, len(t.sums))
	for i := range all {
		all[i] = i
	}
	return func(yield func(deduction) bool) {
		for _, part := range t.components(all) {
			for d := range t.deductions(part, worth) {
				if !yield(d) {
					return
				}
			}
		}
	}
}

func oddsStep(p float64) string {
	switch {
	case p < 0.001:
		return "p < 0,001"
	case p < 0.01:
		return "p < 0,01"
	case p < 0.05:
		return "p < 0,05"
	}
	return "dapat kebetulan (p ≥ 0,05)"
}

// span is the smallest and the largest of some numbers.
type span struct {
	low, high int
	some      bool
}

func (s *span) take(n int) {
	if !s.some {
		s.low, s.high, s.some = n, n, true
	}
	s.low, s.high = min(s.low, n), max(s.high, n)
}
