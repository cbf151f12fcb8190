package match

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"tanya/faq/text"
)

// vectors are word vectors learned at start-up from unlabelled text: positive pointwise mutual information of
// words within a window, squeezed by a truncated singular value decomposition. (Levy, Goldberg and Dagan 2015 for
// the former, Halko, Martinsson and Tropp 2011 for the latter, Arora, Liang and Ma 2017 for the weights of words.)
type vectors struct {
	dim    int
	index  map[string]int32
	e      []float32 // dim figures per word, length one
	weight []float32 // by word: common words say less
}

const (
	vectorDim    = 64
	vectorWindow = 10
	vectorTexts  = 1000 // fewer texts make vectors that harm
)

// learnVectors reads the texts; nil when there are too few to learn from.
func learnVectors(texts []string, least int) *vectors {
	if len(texts) < least {
		return nil
	}
	words := make([][]string, len(texts))
	count := map[string]int{}
	total := 0
	for i, t := range texts {
		words[i] = text.Tokens(t)
		for _, w := range words[i] {
			count[w]++
			total++
		}
	}
	v := &vectors{dim: vectorDim, index: map[string]int32{}}
	var vocabulary []string
	for w, n := range count {
		if n > 1 {
			vocabulary = append(vocabulary, w)
		}
	}
	slices.SortFunc(vocabulary, func(a, b string) int {
		if d := count[b] - count[a]; d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	if len(vocabulary) < 4*vectorDim {
		return nil
	}
	for i, w := range vocabulary {
		v.index[w] = int32(i)
		v.weight = append(v.weight, float32(5e-3/(5e-3+float64(count[w])/float64(total))))
	}
	m := v.association(words)
	v.e = m.squeeze(v.dim)
	return v
}

// association is the matrix of positive pointwise mutual information.
func (v *vectors) association(texts [][]string) sparse {
	near := map[uint64]float32{}
	var ids []int32
	for _, t := range texts {
		ids = ids[:0]
		for _, w := range t {
			if k, ok := v.index[w]; ok {
				ids = append(ids, k)
			} else {
				ids = append(ids, -1)
			}
		}
		for a, x := range ids {
			for b := a + 1; b < min(len(ids), a+vectorWindow+1) && x >= 0; b++ {
				if y := ids[b]; y >= 0 {
					d := 1 / float32(b-a)
					near[uint64(x)<<32|uint64(y)] += d
					near[uint64(y)<<32|uint64(x)] += d
				}
			}
		}
	}
	keys := make([]uint64, 0, len(near))
	for k := range near {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	n := len(v.weight)
	row := make([]float64, n)
	for _, k := range keys {
		row[k>>32] += float64(near[k])
	}
	context := make([]float64, n)
	all := 0.0
	for i, x := range row {
		context[i] = math.Sqrt(x) * math.Sqrt(math.Sqrt(x)) // x^0.75
		all += context[i]
	}
	m := make(sparse, n)
	for _, k := range keys {
		a, b := k>>32, k&0xffffffff
		if p := math.Log(float64(near[k]) / row[a] / (context[b] / all)); p > 0 {
			m[a] = append(m[a], cell{int32(b), float32(p)})
		}
	}
	return m
}

// embed adds up the vectors of the tokens; the result has length one, or is all zero.
func (v *vectors) embed(dst []float32, tokens []string) []float32 {
	dst = append(dst[:0], make([]float32, v.dim)...)
	for _, w := range tokens {
		if k, ok := v.index[w]; ok {
			addScaled(dst, v.e[int(k)*v.dim:(int(k)+1)*v.dim], v.weight[k])
		}
	}
	var n float64
	for _, x := range dst {
		n += float64(x * x)
	}
	if n > 0 {
		r := float32(1 / math.Sqrt(n))
		for i := range dst {
			dst[i] *= r
		}
	}
	return dst
}

// cell is one entry of a sparse row.
type cell struct {
	col int32
	v   float32
}

// sparse is a square matrix by rows.
type sparse [][]cell

// times returns m*y for a dense y of l columns; with transpose, the transpose of m times y.
func (m sparse) times(y []float64, l int, transpose bool) []float64 {
	out := make([]float64, len(m)*l)
	for i, r := range m {
		for _, c := range r {
			to, from := i, int(c.col)
			if transpose {
				to, from = from, to
			}
			o, s := out[to*l:(to+1)*l], y[from*l:(from+1)*l]
			x := float64(c.v)
			for k := range o {
				o[k] += float64(x * s[k])
			}
		}
	}
	return out
}

// squeeze returns the rows of the best approximation of rank dim, each scaled by the root of the singular values and
// then to length one: subspace iteration on random directions, then an eigenvalue problem of that small size.
func (m sparse) squeeze(dim int) []float32 {
	n, l := len(m), dim+10
	rnd := rand.New(rand.NewPCG(7, 7))
	y := make([]float64, n*l)
	for i := range y {
		y[i] = rnd.Float64()*2 - 1
	}
	y = m.times(y, l, false)
	orthonormal(y, n, l)
	for range 3 {
		y = m.times(y, l, true)
		orthonormal(y, n, l)
		y = m.times(y, l, false)
		orthonormal(y, n, l)
	}
	values, u := eigen(gram(m.times(y, l, true), n, l), l)
	order := make([]int, l)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case values[a] > values[b]:
			return -1
		case values[a] < values[b]:
			return 1
		}
		return 0
	})
	out := make([]float32, n*dim)
	row := make([]float64, dim)
	for i := range n {
		norm := 0.0
		for k := range row {
			s := 0.0
			for j := range l {
				s += float64(y[i*l+j] * u[j*l+order[k]])
			}
			row[k] = s * math.Sqrt(math.Sqrt(max(values[order[k]], 0)))
			norm += float64(row[k] * row[k])
		}
		norm = math.Sqrt(norm) + 1e-9
		for k, x := range row {
			out[i*dim+k] = float32(x / norm)
		}
	}
	return out
}

// gram is the l x l matrix of inner products of the columns of y.
func gram(y []float64, n, l int) []float64 {
	g := make([]float64, l*l)
	for i := range n {
		r := y[i*l : (i+1)*l]
		for a, x := range r {
			for b := a; b < l; b++ {
				g[a*l+b] += float64(x * r[b])
			}
		}
	}
	for a := range l {
		for b := range a {
			g[a*l+b] = g[b*l+a]
		}
	}
	return g
}

// orthonormal makes the columns of y orthonormal, in place, through the Cholesky factor of their Gram matrix.
func orthonormal(y []float64, n, l int) {
	g := gram(y, n, l)
	trace := 0.0
	for a := range l {
		trace += g[a*l+a]
	}
	for a := range l {
		g[a*l+a] += 1e-10 * trace
	}
	for a := range l {
		for k := range a {
			x := g[k*l+a]
			for b := a; b < l; b++ {
				g[a*l+b] -= float64(x * g[k*l+b])
			}
		}
		s := math.Sqrt(max(g[a*l+a], 1e-300))
		for b := a; b < l; b++ {
			g[a*l+b] /= s
		}
	}
	for i := range n {
		r := y[i*l : (i+1)*l]
		for a := range l {
			s := r[a]
			for k := range a {
				s -= float64(r[k] * g[k*l+a])
			}
			r[a] = s / g[a*l+a]
		}
	}
}

// eigen gives the eigenvalues and eigenvectors (as columns) of a symmetric matrix, by Jacobi rotations. It uses a up.
func eigen(a []float64, l int) (values, u []float64) {
	u = make([]float64, l*l)
	for i := range l {
		u[i*l+i] = 1
	}
	for range 30 {
		off := 0.0
		for p := range l {
			for q := p + 1; q < l; q++ {
				off += float64(a[p*l+q] * a[p*l+q])
				rotate(a, u, l, p, q)
			}
		}
		if off < 1e-18*a[0]*a[0] {
			break
		}
	}
	values = make([]float64, l)
	for i := range values {
		values[i] = a[i*l+i]
	}
	return values, u
}

// rotate makes a[p,q] zero.
func rotate(a, u []float64, l, p, q int) {
	x := a[p*l+q]
	if math.Abs(x) < 1e-300 {
		return
	}
	th := (a[q*l+q] - a[p*l+p]) / (2 * x)
	t := 1 / (math.Abs(th) + math.Sqrt(float64(th*th)+1))
	if th < 0 {
		t = -t
	}
	c := 1 / math.Sqrt(float64(t*t)+1)
	s := t * c
	for k := range l {
		x, y := a[k*l+p], a[k*l+q]
		a[k*l+p], a[k*l+q] = float64(c*x)-float64(s*y), float64(s*x)+float64(c*y)
	}
	for k := range l {
		x, y := a[p*l+k], a[q*l+k]
		a[p*l+k], a[q*l+k] = float64(c*x)-float64(s*y), float64(s*x)+float64(c*y)
	}
	for k := range l {
		x, y := u[k*l+p], u[k*l+q]
		u[k*l+p], u[k*l+q] = float64(c*x)-float64(s*y), float64(s*x)+float64(c*y)
	}
}
