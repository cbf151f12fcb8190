package match

import "math"

// logistic is a small model from signals to a probability. Its weights are never negative, so that no signal can
// argue the wrong way on text that is unlike anything seen.
type logistic struct {
	W, Mean, Spread signals
	Bias            float64
}

// observation is a result whose truth is known.
type observation struct {
	s      signals
	yes    bool
	weight float64
}

// prob is the probability for signals.
func (g *logistic) prob(s signals) float64 {
	z := g.Bias
	for k, x := range s {
		if g.Spread[k] > 0 {
			z += float64(g.W[k] * (x - g.Mean[k]) / g.Spread[k])
		}
	}
	p := 1 / (1 + math.Exp(-z))
	return math.Round(p*1e6) / 1e6
}

// fitLogistic fits by projected Newton-free gradient descent; a few hundred rounds over a few thousand rows.
func fitLogistic(obs []observation) *logistic {
	g := &logistic{}
	var total float64
	for _, o := range obs {
		total += o.weight
		for k, x := range o.s {
			g.Mean[k] += float64(x * o.weight)
		}
	}
	if total == 0 {
		return g
	}
	for k := range g.Mean {
		g.Mean[k] /= total
	}
	for _, o := range obs {
		for k, x := range o.s {
			d := x - g.Mean[k]
			g.Spread[k] += float64(d * d * o.weight)
		}
	}
	for k := range g.Spread {
		g.Spread[k] = math.Sqrt(g.Spread[k] / total)
	}
	for range 400 {
		var grad signals
		var gradBias float64
		for i := range obs {
			o := &obs[i]
			d := g.prob(o.s)
			if o.yes {
				d--
			}
			d *= o.weight / total
			gradBias += d
			for k, x := range o.s {
				if g.Spread[k] > 0 {
					grad[k] += float64(d * (x - g.Mean[k]) / g.Spread[k])
				}
			}
		}
		for k := range grad {
			g.W[k] = max(0, g.W[k]-float64(2.0*(grad[k]+float64(1e-3*g.W[k]))))
		}
		g.Bias -= 2.0 * gradBias
	}
	return g
}
