package outreach

import (
	"iter"
	"math"
	"slices"
)

// telling returns the first deduction from the sums that gives a small number away.
func (t *tables) telling(sums []int) (deduction, bool) {
	// Coefficients stay below four, so only a small value can be a small number.
	near := func(d, below deduction) bool {
		v := math.Abs(d.value + below.value)
		return v > 0.4 && v < 4*least
	}
	for d := range t.deductions(sums, near) {
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

// deductions goes through what a reader can work out from sums, the cheapest first: each by itself, each with the hidden
// parts taken apart again, and the echelon form of all of them. Where two parts are taken apart there are very many; only
// those that worth approves of are made.
func (t *tables) deductions(sums []int, worth func(d, below deduction) bool) iter.Seq[deduction] {
	return func(yield func(deduction) bool) {
		var alone []deduction
		byTotal := map[int][]deduction{} // sums of hidden totals
		for _, i := range sums {
			d := t.deduce(t.sums[i])
			if len(d.at) == 0 {
				continue
			}
			if !yield(d) {
				return
			}
			if t.cells[t.sums[i].total].hidden {
				byTotal[t.sums[i].total] = append(byTotal[t.sums[i].total], d)
			}
			alone = append(alone, d)
		}
		// A part that is hidden and is a total itself is taken apart: what is left may be a small sum of smaller parts. Twice
		// is as deep as totals go.
		apart := func(d deduction, use func(below deduction) bool) bool {
			for i, c := range d.at {
				if d.coef[i] < 0 {
					continue
				}
				for _, below := range byTotal[c] {
					if !use(below) {
						return false
					}
				}
			}
			return true
		}
		for _, d := range alone {
			going := apart(d, func(below deduction) bool {
				once := d.plus(below)
				return yield(once) && apart(once, func(second deduction) bool { return !worth(once, second) || yield(once.plus(second)) })
			})
			if !going {
				return
			}
		}
		for _, d := range reduced(alone) {
			if !yield(d) {
				return
			}
		}
	}
}

// reduced brings deductions into reduced echelon form.
func reduced(all []deduction) []deduction {
	column := map[int]int{} // of hidden cells
	var hidden []int
	for _, d := range all {
		for _, c := range d.at {
			if _, ok := column[c]; !ok {
				column[c] = len(hidden)
				hidden = append(hidden, c)
			}
		}
	}
	rows := make([][]float64, len(all))
	for k, d := range all {
		rows[k] = make([]float64, len(hidden)+1)
		for i, c := range d.at {
			rows[k][column[c]] += d.coef[i]
		}
		rows[k][len(hidden)] = d.value
	}
	var out []deduction
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
