package match

import "math"

// signals are the figures that tell how far a result can be trusted. All of them grow with trust.
type signals [nSignals]float64

const (
	sigScore   = iota                  // score of the best class
	sigShare                           // logarithm of its share among all classes
	sigMargin                          // distance to the second
	sigWords                           // share of the words, by what they are worth, that training texts have
	sigLetters                         // the same for letter runs
	sigNearest                         // likeness to the nearest training text of the best class
	sigGap                             // how much nearer that is than the nearest text of any other class
	sigVote                            // share of the best class among the nearest texts
	sigReject                          // distance to the out-of-scope class
	sigViews                           // by view on the message: how far the best class is ahead in that view alone
	sigBeyond  = sigViews + int(views) // by view: how far it is ahead of the out-of-scope class
	nSignals   = sigBeyond + int(views)
)

// views are the blocks and, last, the word vectors.
const views = blocks + 1

// farApart is the distance from which on a view can say no more.
const farApart = 4

// measure fills the signals and the shares of the hits from the scores of all classes, in all (z) and by view.
func (l *look) measure(m *model, z, byView []int32, skip, unknown int) {
	if len(l.top) == 0 {
		return
	}
	l.compareViews(byView, m.w.stride, len(z), skip)
	first := l.top[0].score
	var sum float32
	for c, s := range z {
		if c != skip {
			sum += exp(min(0, float32(s)/unit-first))
		}
	}
	for i := range l.top {
		l.top[i].p = exp(l.top[i].score-first) / sum
	}
	s := &l.signals
	s[sigScore] = float64(first)
	s[sigShare] = ln(float64(l.top[0].p))
	s[sigMargin] = 8
	if len(l.top) > 1 {
		s[sigMargin] = float64(min(8, first-l.top[1].score))
	}
	if skip >= 0 {
		s[sigReject] = float64(max(-8, min(8, first-l.reject)))
	}
	var have, all float64
	for i, w := range l.doc.words {
		v := float64(m.space.rare)
		if id, ok := m.space.wordFeature(w, l.doc.tokens[i]); ok {
			v = float64(m.space.idf[id])
			have += v
		}
		all += v
	}
	if all > 0 {
		s[sigWords] = have / all
	}
	have = 0
	for _, f := range l.plain(m) {
		if m.space.kind[f.id] == charBlock {
			have += float64(m.space.idf[f.id])
		}
	}
	if u := float64(unknown) * float64(m.space.rare); have+u > 0 {
		s[sigLetters] = have / (have + u)
	}
}

// compareViews fills the signals of the views. A best class that only one view speaks for is right less often than one
// for which all do, whatever their sum.
func (l *look) compareViews(byView []int32, wide, classes, skip int) {
	top := l.top[0].class
	for v := range int(views) {
		z := byView[v*wide:][:classes]
		second := int32(math.MinInt32)
		for c, s := range z {
			if c != top && s > second {
				second = s
			}
		}
		if classes > 1 {
			l.signals[sigViews+v] = apart(z[top], second)
		}
		if skip >= 0 {
			l.signals[sigBeyond+v] = apart(z[top], z[skip])
		}
	}
}

// apart is the distance of two scores, within farApart.
func apart(a, b int32) float64 {
	return max(-farApart, min(farApart, float64(a-b)/unit))
}

// plain is the vector without the word vectors at its end.
func (l *look) plain(m *model) []feature {
	n := len(l.x)
	for n > 0 && int(l.x[n-1].id) >= len(m.space.idf) {
		n--
	}
	return l.x[:n]
}

// kin fills the signals of the nearest texts for the best class.
func (l *look) kin(m *model, best []float32) {
	if len(l.top) == 0 {
		return
	}
	c := l.top[0].class
	var other float32
	for k, v := range best {
		if k != c && v > other {
			other = v
		}
	}
	l.signals[sigNearest] = float64(best[c])
	l.signals[sigGap] = float64(best[c] - other)
	var mine, all float32
	for _, n := range l.likeness {
		v := float32(n.like * n.like)
		all += v
		if int(m.near.class[n.text]) == c {
			mine += v
		}
	}
	if all > 0 {
		l.signals[sigVote] = float64(mine / all)
	}
}

// nearest is the text of a class among the nearest, "" when there is none.
func (l *look) nearest(m *model, class int) string {
	for _, n := range l.likeness {
		if int(m.near.class[n.text]) == class {
			return m.near.text[n.text]
		}
	}
	return ""
}

// ln is the natural logarithm, rounded so that it is the same on every machine.
func ln(x float64) float64 {
	if x <= 0 {
		return -50
	}
	return math.Round(math.Log(x)*1e6) / 1e6
}
