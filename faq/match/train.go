package match

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// schedule says how a model is trained.
type schedule struct {
	strength float64 // inverse regularisation, in sums of losses
	epochs   int
	step     float64 // first step; it falls linearly to almost nothing
	batch    int
	skip     float32 // smaller gradients are not applied: they cost most of the time and change nothing
	cores    int     // how many share the work of one training; the result is the same for any number
	smooth   float64 // share of the truth that is spread over all classes
}

// example is one training text as a vector, with its class and how much it counts.
type example struct {
	x      []feature
	class  int32
	weight float32
}

// trainer fits multinomial logistic regression by mini-batch gradient descent.
//
// The weights of a feature for all classes lie side by side. L2 regularisation is a common factor that is
// multiplied in at the end. Everything runs in a fixed order and products are rounded before they are added, so
// that no machine fuses them: the same texts give the same weights everywhere.
type trainer struct {
	rows, classes int
	schedule
	drop float64 // see recipe
}

// fit returns the weights, a row of padded(classes) per feature, all of them still to be multiplied by scale, or the
// context's error. Each member of the team owns some
// of the columns, so that no weight ever goes from one processor to another; only the scores of a batch do.
func (t trainer) fit(ctx context.Context, xs []example, seed uint64) (w []float32, scale float32, err error) {
	stride := padded(t.classes)
	w = make([]float32, t.rows*stride)
	if len(xs) == 0 {
		return w, 1, nil
	}
	team := newTeam(max(1, t.cores))
	defer team.end()
	rnd := rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))
	order := rnd.Perm(len(xs))
	last, now := t.newBatch(stride), t.newBatch(stride)
	scale = 1
	lambda := 1 / (t.strength * float64(len(xs)))
	perEpoch := (len(xs) + t.batch - 1) / t.batch
	steps := t.epochs * perEpoch
	take := func(b *batch, step int) { // each epoch sees all examples, in another order
		from := step % perEpoch * t.batch
		if from == 0 {
			rnd.Shuffle(len(xs), func(a, b int) { order[a], order[b] = order[b], order[a] })
		}
		b.part, b.step = append(b.part[:0], order[from:min(from+t.batch, len(xs))]...), step
		b.n = len(b.part)
	}
	show := func(b *batch, k, n int) {
		for i := k; i < b.n; i += n {
			t.show(&b.seen[i], &xs[b.part[i]], mix(seed+uint64(b.step*t.batch+i)))
		}
	}
	take(now, 0)
	show(now, 0, 1)
	for step := range steps {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		rate := t.step * (1 - float64(0.97*float64(step)/float64(steps)))
		team.run(func(k, n int) { // each takes some of the columns
			a, b := columns(stride, k, n)
			last.apply(w, stride, a, b)
			now.score(w, stride, a, b)
		})
		before := scale
		scale *= float32(1 - float64(rate*lambda*float64(now.n)))
		now.pace = float32(rate) / scale
		if last.n = 0; step+1 < steps {
			take(last, step+1)
		}
		team.run(func(k, n int) { // each takes some of the examples, and makes some of the next ones ready
			for i := k; i < now.n; i += n {
				t.gradient(now.row(i, stride), &now.seen[i], before)
			}
			show(last, k, n)
		})
		last, now = now, last
	}
	last.apply(w, stride, 0, stride)
	return w, scale, nil
}

// columns are those of member k of n: whole blocks of lanes, which are whole lines of a processor's cache.
func columns(stride, k, n int) (from, to int) {
	all := stride / lanes
	return k * all / n * lanes, (k + 1) * all / n * lanes
}

// batch is what one step of training looks at.
type batch struct {
	step int
	part []int // the examples
	n    int   // how many these are
	seen []example
	g    []float32 // by example, its scores, then its gradient
	pace float32   // how far the weights go against the gradient
}

func (t trainer) newBatch(stride int) *batch {
	return &batch{seen: make([]example, t.batch), g: make([]float32, t.batch*stride)}
}

// row is the scores or the gradient of example i.
func (b *batch) row(i, stride int) []float32 { return b.g[i*stride : (i+1)*stride] }

// score fills in the scores of all examples for the columns from..to.
func (b *batch) score(w []float32, stride, from, to int) {
	for i := range b.n {
		sumRows(b.row(i, stride)[from:to], w[from:], stride, b.seen[i].x)
	}
}

// apply takes one step for each example, for the columns from..to.
func (b *batch) apply(w []float32, stride, from, to int) {
	for i := range b.n {
		g := b.row(i, stride)
		for c := from; c < to; c += lanes {
			if part := (*[lanes]float32)(g[c:]); *part != [lanes]float32{} {
				subRows(w[c:], stride, part, b.seen[i].x, b.pace)
			}
		}
	}
}

// show sets to to what training sees of ex this time: with drop, each feature by chance, those that stay scaled up so
// that the sum stays the same on average. No feature can lean on another that is always there. (Wager, Wang and Liang
// 2013.) Every example has chances of its own, so that it does not matter who draws them: sixteen bits a feature, by
// SplitMix64 (Steele, Lea and Flood 2014).
func (t trainer) show(to, ex *example, chance uint64) {
	if t.drop == 0 {
		*to = *ex
		return
	}
	x := slices.Grow(to.x[:0], len(ex.x))[:len(ex.x)]
	k, least := float32(1/(1-t.drop)), uint64(t.drop*(1<<16))
	n := 0
	var bits uint64
	for i, f := range ex.x {
		if i%4 == 0 {
			chance += 0x9e3779b97f4a7c15
			bits = mix(chance)
		}
		x[n] = feature{f.id, f.v * k}
		if bits&0xffff >= least {
			n++
		}
		bits >>= 16
	}
	*to = example{x[:n], ex.class, ex.weight}
}

// team is a few goroutines that do the same piece of work side by side, again and again. A piece takes a few
// hundredths of a millisecond, less than it costs to wake a sleeping goroutine, so the members look out for the next
// one instead of sleeping. On a machine that is busy with other things one of them may have no processor for
// milliseconds; then the others stop looking out and leave theirs to it.
type team struct {
	n    int
	work func(k, n int)
	turn atomic.Uint32 // grows with every piece
	left atomic.Int32  // members that are not done with it
	over atomic.Bool
	gone sync.WaitGroup
}

// newTeam starts at most n members, and no more than can run at once.
func newTeam(n int) *team {
	t := &team{n: max(1, min(n, runtime.GOMAXPROCS(0)))}
	for k := 1; k < t.n; k++ {
		t.gone.Go(func() {
			for turn := uint32(1); ; turn++ {
				for looked := 0; t.turn.Load() != turn; looked++ {
					if t.over.Load() {
						return
					}
					lookOut(looked)
				}
				t.work(k, t.n)
				t.left.Add(-1)
			}
		})
	}
	return t
}

// run does f on all members and waits for them.
func (t *team) run(f func(k, n int)) {
	t.work = f
	t.left.Store(int32(t.n - 1))
	t.turn.Add(1)
	f(0, t.n)
	for looked := 0; t.left.Load() > 0; looked++ {
		lookOut(looked)
	}
}

// lookOut passes the time until the next look: nearly none at first, a nap after some tenths of a millisecond.
func lookOut(looked int) {
	if looked < 1000 {
		runtime.Gosched()
		return
	}
	time.Sleep(50 * time.Microsecond)
}

func (t *team) end() {
	t.over.Store(true)
	t.gone.Wait()
}

// gradient makes the gradient of the loss by the scores of one example out of its scores, in place. What is too small to
// be applied becomes zero, and so does the padding.
func (t trainer) gradient(g []float32, ex *example, scale float32) {
	clear(g[t.classes:])
	g = g[:t.classes]
	for i := range g {
		g[i] *= scale
	}
	softmax(g)
	if s := float32(t.smooth); s > 0 {
		for i := range g {
			g[i] -= s / float32(t.classes)
		}
		g[ex.class] -= 1 - s
	} else {
		g[ex.class]--
	}
	for i, x := range g {
		if ex.weight != 1 {
			x *= ex.weight
		}
		if !(x > t.skip || x < -t.skip) {
			x = 0
		}
		g[i] = x
	}
}

// softmax turns scores into probabilities, in place.
func softmax(z []float32) {
	top := z[0]
	for _, x := range z[1:] {
		if x > top {
			top = x
		}
	}
	var sum float32
	for i, x := range z {
		e := exp(x - top)
		z[i] = e
		sum += e
	}
	r := 1 / sum
	for i := range z {
		z[i] *= r
	}
}

// exp is e^x for x <= 0 with a relative error below 1e-6, by plain arithmetic and therefore the same on every
// machine: e^x = 2^k * 2^f, and 2^f by the minimax polynomial of degree five on [0,1).
func exp(x float32) float32 {
	if x < -80 {
		return 0
	}
	y := x * 1.4426950408889634
	k := float32(math.Floor(float64(y)))
	f := y - k
	p := float32(f*1.8775767e-3) + 8.9893397e-3
	p = float32(p*f) + 5.5826318e-2
	p = float32(p*f) + 2.4015361e-1
	p = float32(p*f) + 6.9315308e-1
	p = float32(p*f) + 9.9999994e-1
	return p * math.Float32frombits(uint32(int32(k)+127)<<23)
}
