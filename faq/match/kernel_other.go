//go:build !amd64

package match

// sumRows sets z to the sum of the rows of w that x names, each times its figure.
func sumRows(z, w []float32, stride int, x []feature) { sumRowsPlain(z, w, stride, x) }

// subRows takes rate times its figure times g from each row of w that x names, for sixteen columns.
func subRows(w []float32, stride int, g *[lanes]float32, x []feature, rate float32) {
	subRowsPlain(w, stride, g, x, rate)
}

// sumPairs sets z to the sum of the rows of all pairs, each row times its factor.
func sumPairs(z []int32, rows []int8, ps []pair) { sumPairsPlain(z, rows, ps) }

// greatest is the greatest of figures that are not negative, 0 when there are none.
func greatest(xs []float32) float32 { return greatestPlain(xs) }

// addScaled adds a*x to y.
func addScaled(y, x []float32, a float32) { addScaledPlain(y, x, a) }
