package match

import "testing"

// A machine without eight lanes has four; this one is made to use them.
func TestFourLanesArePlain(t *testing.T) {
	rowKernels(t, func(z, w []float32, stride int, x []feature) {
		if len(x) == 0 {
			clear(z)
			return
		}
		sumRowsSSE(&z[0], &w[0], 4*stride, &x[0], len(x), len(z)/lanes)
	}, func(w []float32, stride int, g *[lanes]float32, x []feature, rate float32) {
		if len(x) > 0 {
			subRowsSSE(&w[0], &g[0], 4*stride, &x[0], len(x), rate)
		}
	})
}
