package match

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestKernelIsPlain compares the four-lane kernel with the plain loop, bit for bit, at every length and alignment.
func TestKernelIsPlain(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for n := range 200 {
		for shift := range 4 {
			x, y := make([]float32, n+shift), make([]float32, n+shift+3)
			for i := range x {
				x[i] = float32(rnd.NormFloat64()) * float32(math.Exp(rnd.NormFloat64()*20))
			}
			for i := range y {
				y[i] = float32(rnd.NormFloat64())
			}
			want := append([]float32(nil), y...)
			a := float32(rnd.NormFloat64())
			addScaled(y[shift:], x[shift:], a)
			addScaledPlain(want[shift:], x[shift:], a)
			for i := range y {
				if math.Float32bits(y[i]) != math.Float32bits(want[i]) {
					t.Fatalf("n=%d shift=%d: %x at %d, want %x", n, shift, y[i], i, want[i])
				}
			}
		}
	}
}

// FuzzKernel does the same with figures that no test thought of.
func FuzzKernel(f *testing.F) {
	f.Add(uint32(0x3f800000), uint32(0x7f800000), uint32(1), 7)
	f.Fuzz(func(t *testing.T, a, b, c uint32, n int) {
		if n < 0 || n > 64 {
			return
		}
		x, y := make([]float32, n), make([]float32, n)
		for i := range x {
			x[i], y[i] = math.Float32frombits(a+uint32(i)), math.Float32frombits(b-uint32(i))
		}
		want := append([]float32(nil), y...)
		addScaled(y, x, math.Float32frombits(c))
		addScaledPlain(want, x, math.Float32frombits(c))
		for i := range y {
			if same := math.Float32bits(y[i]) == math.Float32bits(want[i]); !same && (y[i] == y[i] || want[i] == want[i]) {
				t.Fatalf("%x, want %x", y[i], want[i])
			}
		}
	})
}
