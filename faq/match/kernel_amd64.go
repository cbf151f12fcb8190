package match

import "golang.org/x/sys/cpu"

// The assembly works on sixteen columns at a time, with eight lanes where the machine has them and four elsewhere. Each
// product is rounded before it is added, so that all of them give what the plain loops do, bit for bit.

//go:noescape
func sumRowsAVX(z, w *float32, stride int, x *feature, n, blocks int)

//go:noescape
func sumRowsSSE(z, w *float32, stride int, x *feature, n, blocks int)

//go:noescape
func subRowsAVX(w, step *float32, stride int, x *feature, n int, rate float32)

//go:noescape
func subRowsSSE(w, step *float32, stride int, x *feature, n int, rate float32)

//go:noescape
func sumPairsAVX2(z *int32, rows *int8, p *pair, n, blocks int)

//go:noescape
func greatestAVX(x *float32, n int) float32

//go:noescape
func addScaled4(y, x *float32, n int, a float32)

// sumRows sets z to the sum of the rows of w that x names, each times its figure. Rows lie stride apart; z is a multiple of
// sixteen columns, and w begins with the first of them. Training spends most of its time here and in subRows.
func sumRows(z, w []float32, stride int, x []feature) {
	switch {
	case len(x) == 0 || len(z) == 0:
		clear(z)
	case cpu.X86.HasAVX:
		sumRowsAVX(&z[0], &w[0], 4*stride, &x[0], len(x), len(z)/lanes)
	default:
		sumRowsSSE(&z[0], &w[0], 4*stride, &x[0], len(x), len(z)/lanes)
	}
}

// subRows takes rate times its figure times g from each row of w that x names, for sixteen columns.
func subRows(w []float32, stride int, g *[lanes]float32, x []feature, rate float32) {
	switch {
	case len(x) == 0:
	case cpu.X86.HasAVX:
		subRowsAVX(&w[0], &g[0], 4*stride, &x[0], len(x), rate)
	default:
		subRowsSSE(&w[0], &g[0], 4*stride, &x[0], len(x), rate)
	}
}

// sumPairs sets z to the sum of the rows of all pairs, each row times its factor. Where the machine has no eight lanes of
// whole numbers the plain loop does it: scoring is a small part of a question.
func sumPairs(z []int32, rows []int8, ps []pair) {
	switch {
	case len(ps) == 0:
		clear(z)
	case cpu.X86.HasAVX2:
		sumPairsAVX2(&z[0], &rows[0], &ps[0], len(ps), len(z)/lanes)
	default:
		sumPairsPlain(z, rows, ps)
	}
}

// greatest is the greatest of figures that are not negative, 0 when there are none.
func greatest(xs []float32) float32 {
	if n := len(xs) / 8; n > 0 && cpu.X86.HasAVX {
		return max(greatestAVX(&xs[0], n), greatestPlain(xs[8*n:]))
	}
	return greatestPlain(xs)
}

// addScaled adds a*x to y.
func addScaled(y, x []float32, a float32) {
	if n := len(x) &^ 3; n > 0 {
		_ = y[n-1]
		addScaled4(&y[0], &x[0], n, a)
		y, x = y[n:], x[n:]
	}
	addScaledPlain(y, x, a)
}
