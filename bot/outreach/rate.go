package outreach

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

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
