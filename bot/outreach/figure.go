package outreach

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
)

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
