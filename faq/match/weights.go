package match

import "math"

// weights is a trained model in its packed form: eight bits per weight with one factor per feature. Scores are
// summed in whole numbers, which is fast and exact: the order of summation does not matter.
type weights struct {
	classes int
	stride  int // of a row, padded(classes)
	rows    []int8
	factor  []float32 // by feature, in 1/unit of a score per step of the weight
}

// unit is how many steps of the integer scores make one.
const unit = 1 << 14

// pack rounds float weights, times scale, to eight bits per feature row.
func pack(w []float32, scale float32, classes int) weights {
	stride := padded(classes)
	n := len(w) / max(1, stride)
	p := weights{classes: classes, stride: stride, rows: make([]int8, n*stride), factor: make([]float32, n)}
	for r := range n {
		row := w[r*stride:][:classes]
		var top float32
		for c, x := range row {
			x *= scale
			row[c] = x
			top = max(top, x, -x)
		}
		if top == 0 {
			continue
		}
		p.factor[r] = top / 127 * unit
		for c, x := range row {
			p.rows[r*stride+c] = int8(math.Round(float64(x / top * 127)))
		}
	}
	return p
}

// pair is two rows with what each is multiplied by, 16 bits each, the first in the lower ones.
type pair struct {
	a, b int32 // where the rows begin
	q    uint32
	_    uint32 // the kernel steps by 16 bytes
}

// scores adds up the scores of all classes for a vector by view, a stretch of stride for each. kind names the view of
// each feature; features beyond it are the word vectors, the last view.
func (p *weights) scores(byView []int32, kind []block, x []feature, sc *scratch) {
	for v := range sc.pairs {
		sc.pairs[v] = sc.pairs[v][:0]
	}
	var odd [views]bool
	for _, f := range x {
		v := int(blocks)
		if int(f.id) < len(kind) {
			v = int(kind[f.id])
		}
		at := f.id * int32(p.stride)
		for q := int32(math.Round(float64(f.v * p.factor[f.id]))); q != 0; {
			part := max(-math.MaxInt16, min(math.MaxInt16, q))
			q -= part
			if ps := sc.pairs[v]; odd[v] {
				last := &ps[len(ps)-1]
				last.b, last.q = at, last.q|uint32(part)<<16
			} else {
				sc.pairs[v] = append(ps, pair{a: at, b: at, q: uint32(part) & 0xffff})
			}
			odd[v] = !odd[v]
		}
	}
	for v := range sc.pairs {
		sumPairs(byView[v*p.stride:(v+1)*p.stride], p.rows, sc.pairs[v])
	}
}

// sumPairsPlain is sumPairs without assembly.
func sumPairsPlain(z []int32, rows []int8, ps []pair) {
	clear(z)
	for _, p := range ps {
		a, b := rows[p.a:][:len(z)], rows[p.b:][:len(z)]
		q, r := int32(int16(p.q)), int32(int16(p.q>>16))
		for i := range z {
			z[i] += q*int32(a[i]) + r*int32(b[i])
		}
	}
}

// weight gives the weight of feature f for a class.
func (p *weights) weight(f int32, class int) float32 {
	return float32(p.rows[int(f)*p.stride+class]) * p.factor[f] / unit
}
