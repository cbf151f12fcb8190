package match

import (
	"math"
	"slices"
)

// neighbours finds the training texts that are most like a message: an inverted index from features to texts.
// Letter runs are left out; they say little that words and meanings do not, and cost most.
type neighbours struct {
	from    []int32 // by feature, where its postings begin
	texts   []kinship
	class   []int32 // by text; texts come sorted by class
	first   []int32 // by class, its first text; one more than there are classes
	text    []string
	classes int
}

// kinship is a training text with its likeness to a message, 0 to 1.
type kinship struct {
	text int32
	like float32
}

// commonShare keeps the cost of a message down: a feature that stands in more than one text of so many tells texts
// apart too little to be kept.
const commonShare = 24

// nearestKept is how many of the nearest texts vote.
const nearestKept = 10

func newNeighbours(s *space, lessons []lesson, class []int32, xs []example) neighbours {
	n := neighbours{from: make([]int32, len(s.idf)+1)}
	use := func(f feature) bool { return int(f.id) < len(s.idf) && s.kind[f.id] != charBlock }
	texts := 0
	for i, l := range lessons {
		if c := int(class[i]) + 1; c > n.classes {
			n.classes = c
		}
		if l.aside {
			continue
		}
		texts++
		for _, f := range xs[i].x {
			if use(f) {
				n.from[f.id+1]++
			}
		}
	}
	common := make([]bool, len(s.idf))
	for i := 1; i < len(n.from); i++ {
		if n.from[i] > int32(commonShare+texts/commonShare) {
			n.from[i], common[i-1] = 0, true
		}
		n.from[i] += n.from[i-1]
	}
	at := append([]int32(nil), n.from...)
	n.texts = make([]kinship, n.from[len(n.from)-1])
	for i, l := range lessons {
		if l.aside {
			continue
		}
		for _, f := range xs[i].x {
			if use(f) && !common[f.id] {
				n.texts[at[f.id]] = kinship{int32(len(n.text)), f.v}
				at[f.id]++
			}
		}
		n.text = append(n.text, l.text)
		n.class = append(n.class, class[i])
	}
	n.first = make([]int32, n.classes+1)
	for c := range n.first {
		k, _ := slices.BinarySearch(n.class, int32(c))
		n.first[c] = int32(k)
	}
	return n
}

// compare measures the likeness of a vector to every training text, keeps the nearest ones and, in sc.best, the
// greatest likeness by class.
func (n *neighbours) compare(x []feature, sc *scratch) []kinship {
	if len(sc.like) < len(n.text) {
		sc.like = make([]float32, len(n.text))
	}
	if len(sc.best) < n.classes {
		sc.best = make([]float32, n.classes)
	}
	like, best := sc.like[:len(n.text)], sc.best[:n.classes]
	for _, f := range x {
		if int(f.id)+1 >= len(n.from) {
			break // word vectors
		}
		for _, t := range n.texts[n.from[f.id]:n.from[f.id+1]] {
			like[t.text] += float32(f.v * t.like)
		}
	}
	for c := range best {
		best[c] = greatest(like[n.first[c]:n.first[c+1]])
	}
	top := n.nearest(like, best)
	clear(like)
	return top
}

// greatestPlain is greatest without assembly. The bits of such figures are in the same order as the figures, and comparing
// them costs no branch.
func greatestPlain(xs []float32) float32 {
	var a, b, c, d uint32
	for ; len(xs) >= 4; xs = xs[4:] {
		a = max(a, math.Float32bits(xs[0]))
		b = max(b, math.Float32bits(xs[1]))
		c = max(c, math.Float32bits(xs[2]))
		d = max(d, math.Float32bits(xs[3]))
	}
	for _, x := range xs {
		a = max(a, math.Float32bits(x))
	}
	return math.Float32frombits(max(a, b, c, d))
}

// nearest returns the texts that are most like a message, best first, ties in their order. Only the classes with the
// greatest likenesses can hold them: as many classes as texts are kept bring one each that is at least as near as the last
// of these.
func (n *neighbours) nearest(like, best []float32) []kinship {
	var floor [nearestKept]float32 // the greatest of best, falling
	for _, v := range best {
		if v <= floor[nearestKept-1] {
			continue
		}
		i := nearestKept - 1
		for ; i > 0 && floor[i-1] < v; i-- {
			floor[i] = floor[i-1]
		}
		floor[i] = v
	}
	// The bits of figures that are not negative are in their order. What is zero is not near at all.
	least := max(1, math.Float32bits(floor[nearestKept-1]))
	top := make([]kinship, 0, nearestKept)
	for c, v := range best {
		if math.Float32bits(v) < least {
			continue
		}
		from := n.first[c]
		for k, v := range like[from:n.first[c+1]] {
			if math.Float32bits(v) < least {
				continue
			}
			i := len(top)
			if i < nearestKept {
				top = append(top, kinship{})
			} else {
				i--
			}
			for ; i > 0 && top[i-1].like < v; i-- {
				top[i] = top[i-1]
			}
			top[i] = kinship{from + int32(k), v}
			if len(top) == nearestKept { // from now on only what is nearer than the last
				least = math.Float32bits(top[nearestKept-1].like) + 1
			}
		}
	}
	return top
}
