//go:build !amd64

package match

// addScaled adds a*x to y.
func addScaled(y, x []float32, a float32) { addScaledPlain(y, x, a) }
