package outreach

import "math"

// z is the quantile of the normal distribution for intervals of 95%.
const z = 1.959963984540054

// wilson returns Wilson's score interval of 95% for a share (JASA 22, 1927). n must be positive.
func wilson(k, n int) (low, high float64) {
	p, m := float64(k)/float64(n), float64(n)
	mid := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return max(0, mid-half), min(1, mid+half)
}

// newcombe returns the interval of 95% for the difference p1 - p2 of two independent shares: Newcombe's method 10
// (Statistics in Medicine 17, 1998), which joins two Wilson intervals.
func newcombe(k1, n1, k2, n2 int) (diff, low, high float64) {
	p1, p2 := float64(k1)/float64(n1), float64(k2)/float64(n2)
	l1, u1 := wilson(k1, n1)
	l2, u2 := wilson(k2, n2)
	diff = p1 - p2
	return diff, diff - math.Hypot(p1-l1, u2-p2), diff + math.Hypot(u1-p1, p2-l2)
}

// difference returns the difference in differences (p1 - p2) - (q1 - q2) with an interval of 95%, made by joining the two
// intervals of Newcombe in the same way (Zou and Donner, Statistics in Medicine 27, 2008).
func difference(p1, p2, q1, q2 share) (diff, low, high float64) {
	d1, l1, u1 := newcombe(p1.k, p1.n, p2.k, p2.n)
	d2, l2, u2 := newcombe(q1.k, q1.n, q2.k, q2.n)
	diff = d1 - d2
	return diff, diff - math.Hypot(d1-l1, u2-d2), diff + math.Hypot(u1-d1, d2-l2)
}

// share is k of n.
type share struct{ k, n int }

// mcnemar returns the p-value of McNemar's exact test, two-sided: of b+c pairs that changed, b one way and c the other,
// how likely is it that they are split at least as unevenly by chance (Psychometrika 12, 1947).
func mcnemar(b, c int) float64 {
	n, k := b+c, min(b, c)
	if n == 0 {
		return 1
	}
	tail := 0.0
	for i := 0; i <= k; i++ {
		tail += math.Exp(choose(n, i) - float64(n)*math.Ln2)
	}
	return min(1, 2*tail)
}

// choose returns the logarithm of the binomial coefficient.
func choose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}

// poisson returns the exact interval of 95% for the rate behind a count (Garwood, Biometrika 28, 1936), found by
// bisection on the distribution itself; above 200 Byar's approximation, which is exact to a tenth there.
func poisson(n int) (low, high float64) {
	if m := float64(n); n > 200 {
		return m * math.Pow(1-1/(9*m)-z/(3*math.Sqrt(m)), 3), (m + 1) * math.Pow(1-1/(9*(m+1))+z/(3*math.Sqrt(m+1)), 3)
	}
	solve := func(wanted float64, tail func(mean float64) float64) float64 {
		a, b := 0.0, 2*float64(n)+20
		for range 60 {
			if m := (a + b) / 2; tail(m) < wanted {
				a = m
			} else {
				b = m
			}
		}
		return (a + b) / 2
	}
	if n > 0 {
		low = solve(0.025, func(m float64) float64 { return 1 - poissonUpTo(n-1, m) })
	}
	high = solve(0.975, func(m float64) float64 { return 1 - poissonUpTo(n, m) })
	return low, high
}

// poissonUpTo is the probability of at most k events when mean are expected.
func poissonUpTo(k int, mean float64) float64 {
	if mean == 0 {
		return 1
	}
	p := 0.0
	for i := range k + 1 {
		g, _ := math.Lgamma(float64(i + 1))
		p += math.Exp(float64(i)*math.Log(mean) - mean - g)
	}
	return p
}
