package match

// lanes is how many columns the kernels work on at a time. Rows of weights are padded to a multiple of it, which also makes
// them whole lines of a processor's cache.
const lanes = 16

// padded is the least multiple of lanes that holds n columns.
func padded(n int) int { return (n + lanes - 1) / lanes * lanes }

// sumRowsPlain is sumRows without assembly.
func sumRowsPlain(z, w []float32, stride int, x []feature) {
	clear(z)
	for _, f := range x {
		addScaledPlain(z, w[int(f.id)*stride:][:len(z)], f.v)
	}
}

// subRowsPlain is subRows without assembly.
func subRowsPlain(w []float32, stride int, g *[lanes]float32, x []feature, rate float32) {
	for _, f := range x {
		row := (*[lanes]float32)(w[int(f.id)*stride:])
		k := rate * f.v
		for c, v := range g {
			row[c] -= float32(k * v)
		}
	}
}

// addScaledPlain adds a*x to y.
func addScaledPlain(y, x []float32, a float32) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] += float32(a * v) // the conversion keeps a machine from fusing the two
	}
}
