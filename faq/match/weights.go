package match

import "math"

// weights is a trained model in its packed form: eight bits per weight with one factor per feature. Scores are
// summed in whole numbers, which is fast and exact: the order of summation does not matter.
type weights struct {
	classes int
	rows    []int8
	factor  []float32 // by feature, in 1/unit of a score per step of the weight
}

// unit is how many steps of the integer scores make one.
const unit = 1 << 14

// pack rounds float weights to eight bits per feature row.
func pack(w []float32, classes int) weights {
	stride := padded(classes)
	n := len(w) / max(1, stride)
	p := weights{classes: classes, rows: make([]int8, n*classes), factor: make([]float32, n)}
	for r := range n {
		row := w[r*stride:][:classes]
		var top float32
		for _, x := range row {
			top = max(top, x, -x)
		}
		if top == 0 {
			continue
		}
		p.factor[r] = top / 127 * unit
		for c, x := range row {
			p.rows[r*classes+c] = int8(math.Round(float64(x / top * 127)))
		}
	}
	return p
}

// scores adds up the scores of all classes for a vector into byView, one stretch of all classes per view, which holds
// zeros. kind names the view of each feature; features beyond it are the word vectors, the last view.
func (p *weights) scores(byView []int32, kind []block, x []feature) {
	for _, f := range x {
		v := int(blocks)
		if int(f.id) < len(kind) {
			v = int(kind[f.id])
		}
		z := byView[v*p.classes : (v+1)*p.classes]
		q := int32(math.Round(float64(f.v * p.factor[f.id])))
		if q == 0 {
			continue
		}
		row := p.rows[int(f.id)*p.classes : (int(f.id)+1)*p.classes]
		zz := z
		for len(row) >= 4 && len(zz) >= 4 {
			zz[0] += q * int32(row[0])
			zz[1] += q * int32(row[1])
			zz[2] += q * int32(row[2])
			zz[3] += q * int32(row[3])
			row, zz = row[4:], zz[4:]
		}
		for i, v := range row {
			zz[i] += q * int32(v)
		}
	}
}

// weight gives the weight of feature f for a class.
func (p *weights) weight(f int32, class int) float32 {
	return float32(p.rows[int(f)*p.classes+class]) * p.factor[f] / unit
}
