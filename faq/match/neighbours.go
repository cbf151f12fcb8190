package match

// neighbours finds the training texts that are most like a message: an inverted index from features to texts.
// Letter runs are left out; they say little that words and meanings do not, and cost most.
type neighbours struct {
	from    []int32 // by feature, where its postings begin
	texts   []int32
	weights []float32
	class   []int32 // by text
	text    []string
	classes int
}

// kinship is a training text with its likeness to a message, 0 to 1.
type kinship struct {
	text int32
	like float32
}

// commonShare keeps the cost of a message down: a feature that stands in more than one text of so many tells texts
// apart too little to be looked up.
const commonShare = 24

// nearestKept is how many of the nearest texts vote.
const nearestKept = 10

func newNeighbours(s *space, lessons []lesson, class []int32, xs []example) neighbours {
	n := neighbours{from: make([]int32, len(s.idf)+1)}
	use := func(f feature) bool { return int(f.id) < len(s.idf) && s.kind[f.id] != charBlock }
	for i, l := range lessons {
		if c := int(class[i]) + 1; c > n.classes {
			n.classes = c
		}
		if l.aside {
			continue
		}
		for _, f := range xs[i].x {
			if use(f) {
				n.from[f.id+1]++
			}
		}
	}
	for i := 1; i < len(n.from); i++ {
		n.from[i] += n.from[i-1]
	}
	at := append([]int32(nil), n.from...)
	n.texts = make([]int32, n.from[len(n.from)-1])
	n.weights = make([]float32, len(n.texts))
	for i, l := range lessons {
		if l.aside {
			continue
		}
		for _, f := range xs[i].x {
			if use(f) {
				n.texts[at[f.id]] = int32(len(n.text))
				n.weights[at[f.id]] = f.v
				at[f.id]++
			}
		}
		n.text = append(n.text, l.text)
		n.class = append(n.class, class[i])
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
	clear(best)
	for _, f := range x {
		if int(f.id)+1 >= len(n.from) {
			break // word vectors
		}
		a, b := n.from[f.id], n.from[f.id+1]
		if int(b-a) > commonShare+len(n.text)/commonShare {
			continue
		}
		ws := n.weights[a:b]
		for k, t := range n.texts[a:b] {
			like[t] += float32(f.v * ws[k])
		}
	}
	top := make([]kinship, 0, nearestKept+1)
	for t, v := range like {
		if v == 0 {
			continue
		}
		like[t] = 0
		if c := n.class[t]; v > best[c] {
			best[c] = v
		}
		if len(top) == nearestKept && v <= top[nearestKept-1].like {
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
		top[i] = kinship{int32(t), v}
	}
	return top
}
