package match

import (
	"fmt"
	"math"
	"sort"
)

// policy turns signals into probabilities and says from which on to answer and to offer.
type policy struct {
	right, scope    *logistic
	answer          float64 // least probability of being right to answer
	critical        float64 // the same where a critical entry is or may be meant
	offer           float64 // least probability of being in scope to offer choices
	offerLost       float64 // the same where the out-of-scope class won
	promise         string
	criticalPromise string
	set             bool // by questions that other authors wrote, see data/policy.json
}

// cautious is the policy while nothing has been measured: it answers only what is beyond doubt.
func cautious() *policy {
	byShare := &logistic{}
	byShare.Bias = 2
	byShare.W[sigShare], byShare.W[sigScore], byShare.W[sigNearest] = 1.5, 1, 1
	byShare.Mean[sigShare], byShare.Mean[sigScore], byShare.Mean[sigNearest] = -0.3, 5, 0.6
	byShare.Spread[sigShare], byShare.Spread[sigScore], byShare.Spread[sigNearest] = 0.5, 1.5, 0.15
	return &policy{
		right: byShare, scope: byShare, answer: 0.8, critical: 0.9, offer: 0.3, offerLost: 0.5,
		promise:         "batas sementara, kalibrasi belum selesai",
		criticalPromise: "batas sementara, kalibrasi belum selesai",
	}
}

// trial is one held-out message with what the model said about it.
type trial struct {
	p      float64 // calibrated probability of being right
	wrong  bool
	weight float64
}

// leastAnswered is the share of questions that must be answered for a threshold to be worth having.
const leastAnswered = 0.4

// leastServed is the share that must be answered where no threshold keeps the bound: with few held-out messages the
// strictest threshold always has the lowest upper bound, and would answer next to nobody.
const leastServed = 0.8

// threshold finds the lowest probability above which the upper confidence bound of the share of wrong answers
// stays within the bound while it still answers two fifths of everything. Where none does, it takes the one with the lowest
// upper bound among those that answer four fifths, and the promise says what holds then.
func threshold(ts []trial, bound, confidence float64) (at float64, promise string) {
	sort.SliceStable(ts, func(a, b int) bool { return ts[a].p > ts[b].p })
	var n, wrong, all float64
	for _, t := range ts {
		all += t.weight
	}
	best, bestUpper := -1, 1.0
	var bestN, bestWrong float64
	kept := false
	for i, t := range ts {
		n += t.weight
		if t.wrong {
			wrong += t.weight
		}
		if i+1 < len(ts) && ts[i+1].p == t.p {
			continue
		}
		upper := clopperPearsonUpper(wrong, n, confidence)
		switch {
		case upper <= bound && n >= leastAnswered*all:
			best, bestUpper, bestN, bestWrong, kept = i, upper, n, wrong, true
		case !kept && n >= leastServed*all && upper < bestUpper:
			best, bestUpper, bestN, bestWrong = i, upper, n, wrong
		}
	}
	if best < 0 {
		return 0.99, "terlalu sedikit contoh untuk menjanjikan sesuatu"
	}
	at = ts[best].p
	if best+1 < len(ts) {
		at = (at + ts[best+1].p) / 2
	}
	return at, fmt.Sprintf("pada %.0f jawaban uji silang, %.0f salah; dengan keyakinan %.0f%% paling banyak %.2f%% salah",
		bestN, bestWrong, 100*confidence, 100*bestUpper)
}

// quantile is the value below which the share q of the weights lies; xs must be sorted.
func quantile(xs []float64, q float64) float64 {
	if len(xs) == 0 {
		return 0
	}
	return xs[min(len(xs)-1, int(q*float64(len(xs))))]
}

// clopperPearsonUpper is the exact one-sided upper confidence bound of a share of which k of n were seen.
func clopperPearsonUpper(k, n, confidence float64) float64 {
	if k >= n {
		return 1
	}
	lo, hi := k/n, 1.0
	for range 60 {
		mid := (lo + hi) / 2
		if incompleteBeta(mid, k+1, n-k) < confidence {
			lo = mid
		} else {
			hi = mid
		}
	}
	return hi
}

// incompleteBeta is the regularised incomplete beta function, by Lentz's continued fraction (Numerical Recipes 6.4).
func incompleteBeta(x, a, b float64) float64 {
	if x <= 0 {
		return 0
	}
	if x >= 1 {
		return 1
	}
	if x > (a+1)/(a+b+2) {
		return 1 - incompleteBeta(1-x, b, a)
	}
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	front := math.Exp(lab-la-lb+a*math.Log(x)+b*math.Log(1-x)) / a
	c, d := 1.0, 1-(a+b)*x/(a+1)
	if math.Abs(d) < 1e-300 {
		d = 1e-300
	}
	d = 1 / d
	f := d
	for m := 1.0; m < 300; m++ {
		for _, num := range [2]float64{m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m)), -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))} {
			d = 1 + num*d
			if math.Abs(d) < 1e-300 {
				d = 1e-300
			}
			c = 1 + num/c
			if math.Abs(c) < 1e-300 {
				c = 1e-300
			}
			d = 1 / d
			f *= c * d
		}
		if math.Abs(c*d-1) < 1e-12 {
			break
		}
	}
	return front * f
}
