package match

import (
	"context"
	"math"
	"slices"
	"strings"
	"sync"
)

// recipe is everything that shapes a model. Its figures are measured, not felt.
type recipe struct {
	shape
	schedule
	kin          float32 // how much the likeness to the nearest text of a class adds to its score
	vectorWeight float64 // share of the vector block, when there are vectors
	drop         float64 // share of the features that each look at a training text leaves out
}

// standard is the recipe that measured best over public intent sets.
func standard() recipe {
	return recipe{
		shape:        shape{lo: 2, hi: 4, pairs: true, weight: [blocks]float64{0.3, 0.55, 0.6, 0.45, 0.2}, spread: 1, minDocs: 1},
		schedule:     schedule{strength: 30, epochs: 12, step: 4, batch: 16, skip: 5e-4, cores: 2},
		vectorWeight: 0.5,
	}
}

// rich is the recipe where there are many texts per label: pairs of words carry more, and how widely a feature is
// spread over the labels says less. Half of each text is hidden at each look, and the truth is smoothed: chosen on
// held-out training texts, where it gains a few tenths of a point and tells what is out of scope better. With few texts
// per label neither helps.
func rich() recipe {
	r := standard()
	r.weight = [blocks]float64{0.35, 0.55, 0.5, 0.45, 0.35}
	r.spread = 0.5
	r.kin = 2
	r.step = 2
	r.drop = 0.5
	r.smooth = 0.1
	return r
}

// manyPerLabel is how many texts per label make a set rich.
const manyPerLabel = 40

// office is the recipe for the office's own content, where several languages and registers meet in each entry:
// meanings weigh more, words less.
func office() recipe {
	r := standard()
	r.weight = [blocks]float64{0.35, 0.45, 0.7, 0.3, 0.15}
	r.minPairs = 2
	r.epochs = 8
	r.kin = 4
	r.smooth = 0.08
	r.spread = 0.5
	r.drop = 0.4
	r.minDocs = 2
	return r
}

// model is a trained classifier with all that it needs to look at a message. It is never changed once trained.
type model struct {
	recipe
	labels []string // sorted
	space  *space
	spell  *speller
	vec    *vectors
	w      weights
	near   neighbours
}

// lesson is a training text with its label.
type lesson struct {
	text   string
	tokens []string
	label  string
	weight float32
	title  bool // the words of a title, not of a person
	aside  bool // the words of an answer: they teach weights but no features of their own
}

// scratch is what looking at one message needs; it is reused.
type scratch struct {
	ids    []int32
	hashes []uint64 // of the words
	x      []feature
	z      []int32
	embed  []float32
	like   []float32 // by training text, all zero between uses
	best   []float32 // by class
	pairs  [views][]pair
	count  []uint8  // by feature, how often it occurs; all zero between uses
	have   []uint64 // a bit by feature, set where it occurs; all zero between uses

	values values
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// train learns a model from lessons. other holds further words that are spelled right; vec may be nil.
func train(ctx context.Context, lessons []lesson, r recipe, vec *vectors, other map[string]bool, seed uint64) (*model, error) {
	m, xs := prepare(lessons, r, vec, other)
	w, scale, err := trainer{m.rows(), len(m.labels), r.schedule, r.drop}.fit(ctx, xs, seed)
	if err != nil {
		return nil, err
	}
	m.w = pack(w, scale, len(m.labels))
	return m, nil
}

// prepare builds everything of a model but its weights, and the examples to learn them from.
func prepare(lessons []lesson, r recipe, vec *vectors, other map[string]bool) (*model, []example) {
	m := &model{recipe: r, vec: vec}
	for _, l := range lessons {
		m.labels = append(m.labels, l.label)
	}
	slices.Sort(m.labels)
	m.labels = slices.Compact(m.labels)
	sorted := slices.Clone(lessons)
	slices.SortStableFunc(sorted, func(a, b lesson) int { return strings.Compare(a.label, b.label) })
	docs := make([]document, len(sorted))
	class := make([]int32, len(sorted))
	var spokenTexts [][]string
	for _, l := range sorted {
		if !l.aside {
			spokenTexts = append(spokenTexts, l.tokens)
		}
	}
	words := newWordlist(spokenTexts, r.schedule)
	r.each(len(sorted), func(i int) {
		tokens := sorted[i].tokens
		docs[i] = words.document(tokens, words.find(make([]int32, 0, len(tokens)), tokens))
		c, _ := slices.BinarySearch(m.labels, sorted[i].label)
		class[i] = int32(c)
	})
	spoken, spokenClass := docs, class
	if slices.ContainsFunc(sorted, func(l lesson) bool { return l.aside }) {
		spoken, spokenClass = nil, nil
		for i, l := range sorted {
			if !l.aside {
				spoken, spokenClass = append(spoken, docs[i]), append(spokenClass, class[i])
			}
		}
	}
	var spelled sync.WaitGroup
	if learn := func() { m.spell = newSpeller(words, spoken, other) }; r.cores > 1 {
		spelled.Go(learn)
	} else {
		learn()
	}
	m.space = newSpace(r.shape, words, spoken, spokenClass, len(m.labels))
	xs := make([]example, len(docs))
	r.each(len(docs), func(i int) {
		sc := scratches.Get().(*scratch)
		defer scratches.Put(sc)
		x, _ := m.vector(docs[i], sc)
		xs[i] = example{slices.Clone(x), class[i], sorted[i].weight}
	})
	m.near = newNeighbours(m.space, sorted, class, xs)
	spelled.Wait()
	return m, xs
}

// each calls f for all numbers below n, on as many processors as the schedule allows. The calls must not depend on
// each other.
func (s schedule) each(n int, f func(i int)) {
	parts := max(1, min(s.cores, n))
	var wg sync.WaitGroup
	for k := range parts {
		wg.Go(func() {
			for i := k * n / parts; i < (k+1)*n/parts; i++ {
				f(i)
			}
		})
	}
	wg.Wait()
}

// rows is how many features there are, those of the word vectors included.
func (m *model) rows() int {
	if m.vec != nil {
		return len(m.space.idf) + m.vec.dim
	}
	return len(m.space.idf)
}

// vector is the feature vector of a document, valid until the scratch is used again.
func (m *model) vector(d document, sc *scratch) (x []feature, unknown int) {
	sc.x, unknown = m.space.vector(sc.x[:0], d, sc)
	if m.vec == nil {
		return sc.x, unknown
	}
	sc.embed = m.vec.embed(sc.embed, d.tokens)
	w := float32(math.Sqrt(m.vectorWeight))
	for k, v := range sc.embed {
		if v != 0 {
			sc.x = append(sc.x, feature{int32(len(m.space.idf) + k), v * w})
		}
	}
	return sc.x, unknown
}

// hit is a class with its score.
type hit struct {
	class int
	score float32 // before calibration
	p     float32 // share among all classes
}

// look is what a model sees in a message.
type look struct {
	doc      document
	repaired map[string]string
	top      []hit     // best first
	reject   float32   // score of the out-of-scope class, when there is one
	signals  signals   // what the calibration looks at
	likeness []kinship // the training texts that are most like the message, best first
	x        []feature // copied
}

// maxTokens is how many words of a message are looked at, maxLetters how many letters of them together: a person's 120
// words have some 700, and what was typed without blanks should not cost more than what was typed with them.
const (
	maxTokens  = 120
	maxLetters = 1000
)

// clip returns the tokens that are looked at; the last may be cut short.
func clip(tokens []string) []string {
	letters := 0
	for i, w := range tokens[:min(maxTokens, len(tokens))] {
		if letters += len(w); letters >= maxLetters {
			out := slices.Clone(tokens[:i+1])
			out[i] = w[:len(w)-(letters-maxLetters)]
			return out
		}
	}
	return tokens[:min(maxTokens, len(tokens))]
}

// look scores the tokens of a message against all classes and keeps the best k. The class skip (-1 for none) is
// the out-of-scope class: it never stands among the hits.
func (m *model) look(tokens []string, k, skip int) look {
	var l look
	tokens = clip(tokens)
	words := m.space.words.find(make([]int32, 0, len(tokens)), tokens)
	if tokens, l.repaired = m.spell.repair(tokens, words); l.repaired != nil {
		words = m.space.words.find(words[:0], tokens)
	}
	sc := scratches.Get().(*scratch)
	defer scratches.Put(sc)
	l.doc = m.space.words.document(tokens, words)
	x, unknown := m.vector(l.doc, sc)
	l.x = slices.Clone(x)
	n := len(m.labels)
	wide := m.w.stride
	if cap(sc.z) < (1+int(views))*wide {
		sc.z = make([]int32, (1+int(views))*wide)
	}
	z, byView := sc.z[:n], sc.z[wide:(1+int(views))*wide]
	clear(z)
	m.w.scores(byView, m.space.kind, x, sc)
	for v := range int(views) {
		for c, s := range byView[v*wide:][:n] {
			z[c] += s
		}
	}
	l.likeness = m.near.compare(x, sc)
	if m.kin > 0 {
		for c := range z {
			z[c] += int32(m.kin * sc.best[c] * unit)
		}
	}
	l.top = best(z, k, skip)
	if skip >= 0 {
		l.reject = float32(z[skip]) / unit
	}
	l.measure(m, z, byView, skip, unknown)
	l.kin(m, sc.best[:m.near.classes])
	return l
}

// best returns the k classes with the highest scores, best first, ties by class.
func best(z []int32, k, skip int) []hit {
	top := make([]hit, 0, k+1)
	for c, s := range z {
		if c == skip || len(top) == k && float32(s)/unit <= top[k-1].score {
			continue
		}
		i := len(top)
		if i < k {
			top = append(top, hit{})
		} else {
			i--
		}
		for ; i > 0 && top[i-1].score < float32(s)/unit; i-- {
			top[i] = top[i-1]
		}
		top[i] = hit{class: c, score: float32(s) / unit}
	}
	return top
}
