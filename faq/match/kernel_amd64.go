package match

// addScaled4 adds a*x to y for n figures, n a multiple of four, with the four-lane instructions that every amd64
// machine has. Each product is rounded before it is added, so the result is that of addScaledPlain, bit for bit.
//
//go:noescape
func addScaled4(y, x *float32, n int, a float32)

// addScaled adds a*x to y. Training spends half of its time here.
func addScaled(y, x []float32, a float32) {
	if n := len(x) &^ 3; n > 0 {
		_ = y[n-1]
		addScaled4(&y[0], &x[0], n, a)
		y, x = y[n:], x[n:]
	}
	addScaledPlain(y, x, a)
}
