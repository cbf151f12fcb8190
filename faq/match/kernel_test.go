package match

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestKernelIsPlain compares the four-lane kernel with the plain loop, bit for bit, at every length and alignment.
func TestKernelIsPlain(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for n := range 200 {
		for shift := range 4 {
			x, y := make([]float32, n+shift), wild(rnd, n+shift+3)
			copy(x, wild(rnd, len(x)))
			want := append([]float32(nil), y...)
			a := float32(rnd.NormFloat64())
			addScaled(y[shift:], x[shift:], a)
			addScaledPlain(want[shift:], x[shift:], a)
			equal(t, y, want)
		}
	}
}

// wild are figures of very different sizes, zeros of both signs among them.
func wild(rnd *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		switch rnd.IntN(8) {
		case 0:
		case 1:
			x[i] = float32(math.Copysign(0, -1))
		default:
			x[i] = float32(rnd.NormFloat64()) * float32(math.Exp(rnd.NormFloat64()*20))
		}
	}
	return x
}

// equal compares bit for bit; one figure that is none is as good as another.
func equal(t *testing.T, got, want []float32) {
	t.Helper()
	for i := range got {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) && (got[i] == got[i] || want[i] == want[i]) {
			t.Fatalf("%x at %d of %d, want %x", math.Float32bits(got[i]), i, len(got), math.Float32bits(want[i]))
		}
	}
}

// rowKernels compares a way to sum rows up and to change them with the plain loops, from one block of columns to ten and
// from no feature to thirty. What lies beside the columns must stay as it is.
func rowKernels(t *testing.T, sum func(z, w []float32, stride int, x []feature), sub func(w []float32, stride int, g *[lanes]float32, x []feature, rate float32)) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for blocks := 1; blocks <= 10; blocks++ {
		for n := range 30 {
			const rows = 17
			stride := lanes * (blocks + rnd.IntN(3))
			from := lanes * rnd.IntN(stride/lanes-blocks+1)
			w, x := wild(rnd, rows*stride), make([]feature, n)
			for i := range x {
				x[i] = feature{int32(rnd.IntN(rows)), float32(rnd.NormFloat64())}
			}
			z, want := wild(rnd, (blocks+1)*lanes), make([]float32, (blocks+1)*lanes)
			copy(want, z)
			sum(z[:blocks*lanes], w[from:], stride, x)
			sumRowsPlain(want[:blocks*lanes], w[from:], stride, x)
			equal(t, z, want)

			g, changed := (*[lanes]float32)(wild(rnd, lanes)), append([]float32(nil), w...)
			rate := float32(rnd.NormFloat64())
			sub(changed[from:], stride, g, x, rate)
			subRowsPlain(w[from:], stride, g, x, rate)
			equal(t, changed, w)
		}
	}
}

func TestRowKernelsArePlain(t *testing.T) { rowKernels(t, sumRows, subRows) }

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
		want, k := append([]float32(nil), y...), math.Float32frombits(c)
		addScaled(y, x, k)
		addScaledPlain(want, x, k)
		equal(t, y, want)
		if n < lanes {
			return
		}
		n = n / lanes * lanes
		fs := []feature{{0, k}, {0, y[0]}, {0, x[n-1]}}
		sumRows(y[:n], x, n, fs)
		sumRowsPlain(want[:n], x, n, fs)
		equal(t, y, want)
		subRows(y, n, (*[lanes]float32)(x), fs, k)
		subRowsPlain(want, n, (*[lanes]float32)(x), fs, k)
		equal(t, y, want)
	})
}

// Pairs of rows are whole numbers: the kernel gives the sum of the plain loop at every width, with the greatest factors too.
func TestPairKernelIsPlain(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	for blocks := 1; blocks <= 10; blocks++ {
		for n := range 30 {
			const rows = 17
			stride := blocks * lanes
			w, ps := make([]int8, rows*stride), make([]pair, n)
			for i := range w {
				w[i] = int8(rnd.IntN(255) - 127)
			}
			for i := range ps {
				ps[i] = pair{a: int32(rnd.IntN(rows) * stride), b: int32(rnd.IntN(rows) * stride), q: rnd.Uint32() | uint32(rnd.IntN(2))*0x7fff8001}
			}
			got, want := make([]int32, stride), make([]int32, stride)
			for i := range got {
				got[i], want[i] = -1, -2
			}
			sumPairs(got, w, ps)
			sumPairsPlain(want, w, ps)
			if !slices.Equal(got, want) {
				t.Fatalf("%d blocks, %d pairs: %v, want %v", blocks, n, got, want)
			}
		}
	}
}

// A factor that is too great for a pair is cut into parts; an odd feature stands alone. The sums are those of plain
// multiplication.
func TestScoresAreExact(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 8))
	const rows, classes = 40, 21
	w := make([]float32, rows*padded(classes))
	for i := range w {
		w[i] = float32(rnd.NormFloat64() * 400)
	}
	p := pack(w, 0.5, classes)
	kind := make([]block, rows-3) // the last three features are word vectors
	for i := range kind {
		kind[i] = block(rnd.IntN(int(blocks)))
	}
	var x []feature
	for i := range rows {
		x = append(x, feature{int32(i), float32(rnd.NormFloat64())})
	}
	got, want := make([]int32, int(views)*p.stride), make([]int32, int(views)*p.stride)
	p.scores(got, kind, x, new(scratch))
	big := 0
	for _, f := range x {
		v := int(blocks)
		if int(f.id) < len(kind) {
			v = int(kind[f.id])
		}
		q := int32(math.Round(float64(f.v * p.factor[f.id])))
		if q > math.MaxInt16 || q < -math.MaxInt16 {
			big++
		}
		for c := range p.stride {
			want[v*p.stride+c] += q * int32(p.rows[int(f.id)*p.stride+c])
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if big == 0 {
		t.Error("no factor was great enough to try anything")
	}
}

func TestGreatestIsPlain(t *testing.T) {
	rnd := rand.New(rand.NewPCG(9, 10))
	for n := range 100 {
		x := make([]float32, n)
		var want float32
		for i := range x {
			x[i] = rnd.Float32() * float32(rnd.IntN(2))
			want = max(want, x[i])
		}
		if got, plain := greatest(x), greatestPlain(x); got != want || plain != want {
			t.Fatalf("%v and %v of %v, want %v", got, plain, x, want)
		}
	}
}
