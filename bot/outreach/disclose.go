package outreach

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"strconv"
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
	all := make([]int, len(t.sums))
	for i := range all {
		all[i] = i
	}
	for again := true; again; {
		again = false
		for _, part := range t.components(all) {
			if d, ok := t.telling(part); ok {
				if c := t.blur(d); c >= 0 {
					t.cells[c].hidden = true
					extra = append(extra, c)
					again = true
				}
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

// telling returns the first deduction from the sums that gives a small number away.
func (t *tables) telling(sums []int) (deduction, bool) {
	for _, d := range t.deductions(sums) {
		if d.tells() {
			return d, true
		}
	}
	return deduction{}, false
}

// deduction is something that a reader can work out: the sum of coefficients times hidden cells.
type deduction struct {
	at    []int // the hidden cells
	coef  []float64
	value float64
}

// tells reports whether a deduction gives a number of 1 to 9: of one cell or of several added up.
func (d deduction) tells() bool {
	if len(d.at) == 0 {
		return false
	}
	lowest := math.Abs(d.coef[0])
	for _, c := range d.coef {
		if c*d.coef[0] < 0 {
			return false // a difference of hidden counts is no count
		}
		lowest = min(lowest, math.Abs(c))
	}
	v := d.value / math.Copysign(lowest, d.coef[0])
	return v > 0.5 && v < least-0.5
}

// deductions lists what a reader can work out from sums: each by itself, each with the hidden parts taken apart again, and
// the echelon form of all of them.
func (t *tables) deductions(sums []int) []deduction {
	var out []deduction
	column := map[int]int{} // of hidden cells
	var hidden []int
	var rows [][]float64
	byTotal := map[int][]deduction{} // sums of hidden totals
	for _, i := range sums {
		d := t.deduce(t.sums[i])
		if len(d.at) == 0 {
			continue
		}
		for _, c := range d.at {
			if _, ok := column[c]; !ok {
				column[c] = len(hidden)
				hidden = append(hidden, c)
			}
		}
		if t.cells[t.sums[i].total].hidden {
			byTotal[t.sums[i].total] = append(byTotal[t.sums[i].total], d)
		}
		out = append(out, d)
	}
	for _, d := range out {
		row := make([]float64, len(hidden)+1)
		for i, c := range d.at {
			row[column[c]] += d.coef[i]
		}
		row[len(hidden)] = d.value
		rows = append(rows, row)
	}
	// A part that is hidden and is a total itself is taken apart: what is left may be a small sum of smaller parts. Twice
	// is as deep as totals go.
	for from, depth := 0, 0; depth < 2; depth++ {
		end := len(out)
		for _, d := range out[from:end] {
			for i, c := range d.at {
				if d.coef[i] < 0 {
					continue
				}
				for _, below := range byTotal[c] {
					out = append(out, d.plus(below))
				}
			}
		}
		from = end
	}
	for _, row := range echelon(rows) {
		d := deduction{value: row[len(hidden)]}
		for i, c := range hidden {
			if math.Abs(row[i]) > 1e-6 {
				d.at, d.coef = append(d.at, c), append(d.coef, row[i])
			}
		}
		out = append(out, d)
	}
	return out
}

// deduce is what a sum says about its hidden counts.
func (t *tables) deduce(s sum) deduction {
	var d deduction
	note := func(c int, coef float64) {
		if t.cells[c].hidden {
			d.at, d.coef = append(d.at, c), append(d.coef, coef)
		} else {
			d.value -= coef * float64(t.cells[c].n)
		}
	}
	note(s.total, -1)
	for _, p := range s.parts {
		note(p, 1)
	}
	return d
}

// plus adds two deductions.
func (d deduction) plus(o deduction) deduction {
	sum := deduction{at: slices.Clone(d.at), coef: slices.Clone(d.coef), value: d.value + o.value}
	for i, c := range o.at {
		if k := slices.Index(sum.at, c); k >= 0 {
			sum.coef[k] += o.coef[i]
		} else {
			sum.at, sum.coef = append(sum.at, c), append(sum.coef, o.coef[i])
		}
	}
	for k := len(sum.at) - 1; k >= 0; k-- {
		if math.Abs(sum.coef[k]) < 1e-6 {
			sum.at, sum.coef = slices.Delete(sum.at, k, k+1), slices.Delete(sum.coef, k, k+1)
		}
	}
	return sum
}

// echelon brings rows into reduced echelon form (Gauss and Jordan); the last column is what they equal.
func echelon(rows [][]float64) [][]float64 {
	if len(rows) == 0 {
		return nil
	}
	done, width := 0, len(rows[0])
	for col := 0; col < width-1 && done < len(rows); col++ {
		best := done
		for i := done; i < len(rows); i++ {
			if math.Abs(rows[i][col]) > math.Abs(rows[best][col]) {
				best = i
			}
		}
		if math.Abs(rows[best][col]) < 1e-9 {
			continue
		}
		rows[done], rows[best] = rows[best], rows[done]
		pivot := rows[done]
		p := pivot[col]
		for j := col; j < width; j++ {
			pivot[j] /= p
		}
		for i, row := range rows {
			if f := row[col]; i != done && f != 0 {
				for j := col; j < width; j++ {
					row[j] -= f * pivot[j]
				}
				row[col] = 0
			}
		}
		done++
	}
	return rows[:done]
}

// blur chooses one more count to hide, so that a deduction does not hold any more: one beside the cells that it is about,
// or some sums further; the one that a reader misses least. It is -1 when nothing is left.
func (t *tables) blur(d deduction) int {
	const further = 3 // how many sums further it looks, once it has found something
	near := map[int]bool{}
	for _, c := range d.at {
		near[c] = true
	}
	best, cost, last := -1, 0, len(t.sums)
	seen := make([]bool, len(t.sums))
	for level := 0; level <= last; level++ {
		var reached []int
		for i, s := range t.sums {
			if seen[i] || !(near[s.total] || slices.ContainsFunc(s.parts, func(c int) bool { return near[c] })) {
				continue
			}
			seen[i] = true
			for _, c := range append([]int{s.total}, s.parts...) {
				if t.cells[c].hidden {
					reached = append(reached, c)
					continue
				}
				miss := t.cells[c].weight + 2*level
				if best < 0 || miss < cost || (miss == cost && t.cells[c].n < t.cells[best].n) {
					best, cost = c, miss
				}
			}
		}
		if best >= 0 {
			last = min(last, level+further)
		}
		if len(reached) == 0 {
			break
		}
		for _, c := range reached {
			near[c] = true
		}
	}
	return best
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
	case group == "entry" || group == "district" || group == "week":
		return 1
	case strings.Contains(rest, " topic "):
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

// Figure is a number that may be said: exactly, rounded, as a range, or not at all. The zero value is not said.
type Figure struct{ lo, hi int } // hi 0: not said; hi -1: lo or more

// say brings a count that may be said into its precision.
func say(n int, p precision) Figure {
	switch p {
	case fives:
		n = (n + grain/2) / grain * grain
	case bands:
		i, _ := slices.BinarySearchFunc(bandEdges, n, func(edge, n int) int { return cmp.Compare(edge, n+1) })
		if i == 0 {
			return Figure{}
		}
		if i == len(bandEdges) {
			return Figure{bandEdges[i-1], -1}
		}
		return Figure{bandEdges[i-1], bandEdges[i] - 1}
	}
	return Figure{n, n}
}

// Shown reports whether anything may be said.
func (f Figure) Shown() bool { return f.hi != 0 }

// Single returns the number where it is one and not a range.
func (f Figure) Single() (n int, ok bool) { return f.lo, f.hi == f.lo && f.hi != 0 }

// Least is the smallest number that it may stand for, 0 when nothing is said.
func (f Figure) Least() int { return f.lo }

// unsaid is what stands for a number that is not said.
const unsaid = "·"

// String writes the number with the points that Indonesian puts into it.
func (f Figure) String() string {
	switch {
	case f.hi == 0:
		return unsaid
	case f.hi < 0:
		return thousands(f.lo) + " lebih"
	case f.lo == f.hi:
		return thousands(f.lo)
	}
	return thousands(f.lo) + "–" + thousands(f.hi)
}

// MarshalJSON writes a number, a range as {"from", "to"}, or null.
func (f Figure) MarshalJSON() ([]byte, error) {
	switch {
	case f.hi == 0:
		return []byte("null"), nil
	case f.lo == f.hi:
		return json.Marshal(f.lo)
	case f.hi < 0:
		return json.Marshal(map[string]int{"from": f.lo})
	}
	return json.Marshal(map[string]int{"from": f.lo, "to": f.hi})
}

// thousands writes a number with points between thousands.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

// Rate is a share that may be said, in percent, with its interval of 95%. Where the few of the other kind are below ten
// it says "at least" or "at most" and nothing more. The zero value is not said.
type Rate struct {
	Percent   float64
	Low, High float64 // both 0 when there is no interval
	kind      rateKind
}

type rateKind int

const (
	noRate rateKind = iota
	plainRate
	atLeast
	atMost
)

// Shown reports whether anything may be said.
func (r Rate) Shown() bool { return r.kind != noRate }

// String writes the rate: "75% (72–78%)", "lebih dari 90%".
func (r Rate) String() string {
	switch r.kind {
	case plainRate:
		if r.Low == 0 && r.High == 0 {
			return percent(r.Percent)
		}
		return percent(r.Percent) + " (" + strings.TrimSuffix(percent(r.Low), "%") + "–" + percent(r.High) + ")"
	case atLeast:
		return "lebih dari " + percent(r.Percent)
	case atMost:
		return "kurang dari " + percent(r.Percent)
	}
	return unsaid
}

// MarshalJSON writes {"percent","low","high"}, {"more_than"}, {"less_than"} or null.
func (r Rate) MarshalJSON() ([]byte, error) {
	switch r.kind {
	case plainRate:
		m := map[string]float64{"percent": r.Percent}
		if r.Low != 0 || r.High != 0 {
			m["low"], m["high"] = r.Low, r.High
		}
		return json.Marshal(m)
	case atLeast:
		return json.Marshal(map[string]float64{"more_than": r.Percent})
	case atMost:
		return json.Marshal(map[string]float64{"less_than": r.Percent})
	}
	return []byte("null"), nil
}

// percent writes a whole percentage, because more would be pretended.
func percent(x float64) string { return strconv.FormatFloat(math.Round(x), 'f', 0, 64) + "%" }

// rate is the share that part has of whole, where rest is the other part. Outside the office it is worked out from the
// rounded numbers, so that it says no more than they do; ranges give a share in steps of five points.
func (t *tables) rate(part, whole, rest string, p precision) Rate {
	i, ok := t.index[whole]
	if !ok || t.cells[i].hidden || t.cells[i].n < leastRate {
		return Rate{}
	}
	n := t.cells[i].n
	switch {
	case t.shown(part) && t.shown(rest):
		return rateOf(t.cells[t.index[part]].n, n, p)
	case p == bands:
		return Rate{}
	case p == fives:
		n = (n+grain/2)/grain*grain - grain/2 // the smallest it may stand for
	}
	bound := 100 * float64(least-1) / float64(n)
	switch {
	case t.labels[rest]:
		return Rate{Percent: math.Floor(100 - bound), kind: atLeast}
	case t.labels[part]:
		return Rate{Percent: math.Ceil(bound), kind: atMost}
	}
	return Rate{}
}

func rateOf(k, n int, p precision) Rate {
	switch p {
	case fives:
		k, n = (k+grain/2)/grain*grain, (n+grain/2)/grain*grain
		k = min(k, n)
	case bands:
		s := coarse(share{k, n})
		k, n = s.k, s.n
	}
	low, high := wilson(k, n)
	r := Rate{math.Round(100 * float64(k) / float64(n)), math.Round(100 * low), math.Round(100 * high), plainRate}
	if p == bands {
		r.Percent = math.Round(r.Percent/points100) * points100
	}
	return r
}

// points100 is the step of shares of which the numbers are ranges, in percent.
const points100 = 5

// coarse is a share as it may be said where numbers are ranges: in steps of five points, of the smallest number that the
// range stands for. What is worked out from it tells nothing that is not said anyway, and is less sure than it could be.
func coarse(s share) share {
	step := math.Round(100 * float64(s.k) / float64(s.n) / points100)
	n := say(s.n, bands).lo
	return share{int(math.Round(step * points100 * float64(n) / 100)), n}
}

// vague reports whether a share in steps and a range leave the count open by ten or more, so that nothing small comes
// out when it is subtracted from a count that is said.
func (s share) vague() bool {
	f := say(s.n, bands)
	if f.hi < 0 {
		return true
	}
	step := math.Round(100*float64(s.k)/float64(s.n)/points100) * points100
	low, high := (step-points100/2.0)/100*float64(f.lo), (step+points100/2.0)/100*float64(f.hi)
	return math.Floor(min(high, float64(f.hi)))-math.Ceil(max(low, least)) >= least-1
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
	for _, d := range t.everything() {
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

// everything lists what a reader can work out from all sums.
func (t *tables) everything() []deduction {
	all := make([]int, len(t.sums))
	for i := range all {
		all[i] = i
	}
	var out []deduction
	for _, part := range t.components(all) {
		out = append(out, t.deductions(part)...)
	}
	return out
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
