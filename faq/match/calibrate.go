package match

import (
	"context"
	"runtime"
	"slices"
	"sort"
	"sync"
)

// Calibration by cross-validation. A few trainings leave a part of the phrasings out and are asked about them; a
// few more leave whole entries out, whose phrasings then are questions that nothing answers although they are near.
const (
	crossFolds   = 4    // trainings that leave phrasings out
	absentFolds  = 1    // trainings that leave entries out
	absentShare  = 6    // one entry in so many is left out in each of them
	manyLessons  = 9000 // from here on one training of either kind is enough
	fewLessons   = 60   // below, nothing can be measured
	absentWeight = 0.05 // weight of all near out-of-scope questions, as a share of the in-scope ones
)

// verdict is what a held-out text showed.
type verdict struct {
	label  string // the truth
	got    string
	rank   int // place of the truth among the candidates, from 1; 0 when it is not there
	s      signals
	near   bool // a critical entry is or may be meant
	lost   bool // the out-of-scope class won
	absent bool // its entry was left out
	lesson int
}

// calibrate trains on parts of the lessons, asks about the rest and derives the policy.
func (e *Engine) calibrate(ctx context.Context, vec *vectors, other map[string]bool) (*policy, error) {
	if len(e.lessons) < fewLessons {
		return cautious(), nil
	}
	vs, err := e.crossValidate(ctx, vec, other)
	if err != nil {
		return nil, err
	}
	return e.derive(vs), nil
}

// crossValidate runs all trainings, as many at once as there are processors, and returns what they showed in the
// order of the lessons.
func (e *Engine) crossValidate(ctx context.Context, vec *vectors, other map[string]bool) ([]verdict, error) {
	folds, absents := crossFolds, absentFolds
	if len(e.lessons) > manyLessons {
		folds, absents = 1, 1
	}
	type job struct {
		held   func(i int) bool
		absent bool
	}
	var jobs []job
	place := e.places()
	for k := range folds {
		n := max(folds, 4)
		jobs = append(jobs, job{func(i int) bool { return !e.lessons[i].title && place[i]%n == k }, false})
	}
	for k := range absents {
		jobs = append(jobs, job{func(i int) bool {
			c, _ := slices.BinarySearch(e.model.labels, e.lessons[i].label)
			return c != e.reject && c%absentShare == k
		}, true})
	}
	out := make([][]verdict, len(jobs))
	errs := make([]error, len(jobs))
	sem := make(chan struct{}, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for k, j := range jobs {
		wg.Go(func() {
			sem <- struct{}{}
			defer func() { <-sem }()
			out[k], errs[k] = e.holdOut(ctx, vec, other, j.held, j.absent)
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return slices.Concat(out...), nil
}

// places numbers the lessons within their labels, so that each fold holds a share of each label.
func (e *Engine) places() []int {
	next := map[string]int{}
	out := make([]int, len(e.lessons))
	for i, l := range e.lessons {
		out[i] = next[l.label]
		if !l.title {
			next[l.label]++
		}
	}
	// neighbours in a list were written in one go and are alike: a stride spreads them over the folds
	for i := range out {
		out[i] += int(hashBytes(e.lessons[i].label, 5) % 7)
	}
	return out
}

// holdOut trains on the lessons that are not held and asks about those that are.
func (e *Engine) holdOut(ctx context.Context, vec *vectors, other map[string]bool, held func(int) bool, absent bool) ([]verdict, error) {
	var part []lesson
	for i, l := range e.lessons {
		if !held(i) {
			part = append(part, l)
		}
	}
	if len(part) == 0 {
		return nil, nil
	}
	r := e.model.recipe
	r.cores = 1 // the trainings run side by side
	r.epochs = (2*r.epochs + 2) / 3
	m, err := train(ctx, part, r, vec, other, e.opt.Seed)
	if err != nil {
		return nil, err
	}
	reject := -1
	if c, ok := slices.BinarySearch(m.labels, OutOfScope); ok {
		reject = c
	}
	var out []verdict
	for i, l := range e.lessons {
		if !held(i) {
			continue
		}
		k := m.look(l.tokens, 10, reject)
		if len(k.top) == 0 {
			continue
		}
		v := verdict{label: l.label, got: m.labels[k.top[0].class], s: k.signals, absent: absent, lesson: i,
			near: e.nearCritical(m, &k), lost: reject >= 0 && k.top[0].score < k.reject}
		for r, h := range k.top {
			if m.labels[h.class] == l.label {
				v.rank = r + 1
			}
		}
		out = append(out, v)
	}
	return out, nil
}

// beside reports whether two entries stand next to each other: an answer from the one shows the way to the other.
// Such a mix-up is no wrong answer for the overall bound; where a critical entry is near it is.
func (e *Engine) beside(a, b string) bool {
	return slices.Contains(e.opt.Related[a], b) || slices.Contains(e.opt.Related[b], a)
}

// unlike is the share of the questions in scope that may be taken for being out of it. An office would rather offer
// choices; where nobody is there to ask back, a little more is given up: on CLINC150's validation set 0.0125 rejects 70%
// of what is out of scope instead of 64% and keeps 92.6% of the rest right instead of 92.8%.
func (e *Engine) unlike() float64 {
	if e.opt.Guards {
		return 0.0075
	}
	return 0.0125
}

// derive fits the probabilities and finds the thresholds.
func (e *Engine) derive(vs []verdict) *policy {
	inside, absent := 0, 0
	for _, v := range vs {
		switch {
		case v.absent:
			absent++
		case v.label != OutOfScope:
			inside++
		}
	}
	weigh := func(v verdict) float64 {
		if v.absent {
			return absentWeight * float64(inside) / float64(absent)
		}
		return 1
	}
	var right, scope []observation
	for _, v := range vs {
		in := !v.absent && v.label != OutOfScope
		right = append(right, observation{v.s, in && v.got == v.label, weigh(v)})
		w := weigh(v)
		if v.absent {
			w *= 0.5
		}
		scope = append(scope, observation{v.s, in, w})
	}
	p := &policy{right: fitLogistic(right), scope: fitLogistic(scope)}
	var all, critical []trial
	var scopes []float64
	for _, v := range vs {
		if !v.absent && v.label != OutOfScope {
			scopes = append(scopes, p.scope.prob(v.s))
		}
		if v.lost {
			continue // never answered
		}
		wrong := v.absent || v.got != v.label
		if v.near {
			critical = append(critical, trial{p.right.prob(v.s), wrong, weigh(v)})
		}
		if !v.absent && e.beside(v.got, v.label) {
			wrong = false
		}
		all = append(all, trial{p.right.prob(v.s), wrong, weigh(v)})
	}
	p.answer, p.promise = threshold(all, e.opt.Bounds.Overall, e.opt.Bounds.Confidence)
	p.critical, p.criticalPromise = p.answer, p.promise
	if len(critical) > 0 {
		p.critical, p.criticalPromise = threshold(critical, e.opt.Bounds.Critical, e.opt.Bounds.Confidence)
	}
	sort.Float64s(scopes)
	p.offer = quantile(scopes, e.unlike())
	p.offerLost = quantile(scopes, 0.04)
	return p
}
