package outreach

import (
	"math"
	"testing"
)

// The expected values are printed in the papers or come from tables that do not share code with us.
func TestIntervals(t *testing.T) {
	near := func(what string, got, want, within float64) {
		t.Helper()
		if math.Abs(got-want) > within {
			t.Errorf("%s: got %.5f, want %.5f", what, got, want)
		}
	}
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}} { // Newcombe 1998a, method 3
		low, high := wilson(c.k, c.n)
		near("Wilson low", low, c.low, 5e-5)
		near("Wilson high", high, c.high, 5e-5)
	}
	d, low, high := newcombe(56, 70, 48, 80) // Newcombe 1998b, example (a), method 10
	near("Newcombe difference", d, 0.2, 1e-9)
	near("Newcombe low", low, 0.0524, 5e-5)
	near("Newcombe high", high, 0.3339, 5e-5)
	near("McNemar 5, 15", mcnemar(5, 15), 0.04138947, 1e-7) // 2 * P(X <= 5), X ~ Bin(20, 1/2) = 43400/1048576
	near("McNemar none", mcnemar(0, 0), 1, 0)
	near("McNemar even", mcnemar(4, 4), 1, 0)
	near("McNemar 0, 6", mcnemar(0, 6), 2.0/64, 1e-9)
	for _, c := range []struct {
		n         int
		low, high float64
	}{{10, 4.7954, 18.3904}, {20, 12.2165, 30.8884}, {100, 81.3637, 121.6271}, {0, 0, 3.6889}} { // Garwood's table
		low, high := poisson(c.n)
		near("Poisson low", low, c.low, 1e-3)
		near("Poisson high", high, c.high, 1e-3)
	}
	// Equal changes on both sides are no difference in differences, and the interval lies around it.
	d, low, high = difference(share{30, 60}, share{20, 60}, share{30, 60}, share{20, 60})
	near("difference in differences", d, 0, 1e-9)
	if low >= 0 || high <= 0 || math.Abs(low+high) > 0.01 {
		t.Errorf("its interval: %.3f to %.3f", low, high)
	}
}
