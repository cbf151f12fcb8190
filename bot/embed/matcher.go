package embed

import (
	"context"
	"slices"
	"sync/atomic"

	"tanya/bot"
	"tanya/faq"
	"tanya/faq/match"
	"tanya/faq/text"
)

// Matcher is a matcher with a second opinion on what to offer. It is safe for concurrent use. The same question gives the
// same result as long as the endpoint gives the same vector; when it gives none, the result is the plain matcher's.
type Matcher struct {
	service *Service
	plain   faq.Matcher
	offered map[string]bool // entries that may be offered: all but guards
	texts   []sample
	index   atomic.Pointer[index]
}

var _ faq.Matcher = (*Matcher)(nil)

func newMatcher(s *Service, ed *faq.Edition, plain faq.Matcher) *Matcher {
	m := &Matcher{service: s, plain: plain, offered: map[string]bool{}}
	for _, id := range ed.IDs() {
		if e := ed.Entry(id); !e.Guard {
			m.offered[id] = true
			m.texts = append(m.texts, sample{id, e.Title.In(faq.Indonesian)})
		}
	}
	for _, s := range match.EditionSamples(ed) {
		if m.offered[s.Label] {
			m.texts = append(m.texts, sample{s.Label, s.Text})
		}
	}
	return m
}

// Plain returns the matcher without the second opinion, for whoever asks thousands of questions.
func (m *Matcher) Plain() faq.Matcher { return m.plain }

// Ready reports whether the phrasings are learned, so that the endpoint is asked.
func (m *Matcher) Ready() bool { return m.index.Load() != nil }

// textMax is how many characters of a question are sent; the choice of an entry hangs on no more.
const textMax = 600

// Match asks the plain matcher, and the endpoint where the plain matcher offers choices to one question. It fails only
// where the plain matcher fails.
func (m *Matcher) Match(ctx context.Context, q faq.Question) (faq.Result, error) {
	res, err := m.plain.Match(ctx, q)
	if err != nil || res.Verdict != faq.Choices || res.Explain.Guard != "" || len(res.Choices) < 2 {
		return res, err
	}
	x := m.index.Load()
	if x == nil || len(text.Split(q.Text)) > 1 { // choices of two questions in one message are no order of one
		return res, nil
	}
	s := bot.Redact(q.Text)
	if r := []rune(s); len(r) > textMax {
		s = string(r[:textMax])
	}
	if v := m.service.question(ctx, s, x.dims); v != nil {
		m.choose(&res, x, v)
	}
	return res, nil
}

// choose offers as many entries as before, those that both opinions together put first. The matcher's own first choice
// stays among them.
func (m *Matcher) choose(res *faq.Result, x *index, v []float32) {
	var own []string
	for _, c := range res.Candidates {
		if m.offered[c.Entry] {
			own = append(own, c.Entry)
		}
	}
	if !slices.Equal(res.Choices, own[:min(len(own), len(res.Choices))]) {
		return // the choices come from elsewhere than the order of the candidates
	}
	near := map[string]float64{}
	for _, e := range own {
		near[e] = x.nearest(v, e, -1)
	}
	other := slices.Clone(own)
	slices.SortStableFunc(other, func(a, b string) int { return compare(near[b], near[a]) })
	both := fuse(own, other)
	next := both[:len(res.Choices)]
	if !slices.Contains(next, own[0]) {
		next[len(next)-1] = own[0]
	}
	if slices.Equal(next, res.Choices) {
		return
	}
	m.service.moved.Add(1)
	res.Choices = next
	res.Explain.Why += " Pendapat kedua (model luar) ikut menentukan pilihan dan urutannya."
}

// fuse puts two orders of the same entries together by reciprocal ranks, which need no scores that can be compared
// (Cormack, Clarke and Büttcher 2009, k = 60). Where they tie the first order holds.
func fuse(first, second []string) []string {
	points := map[string]float64{}
	for _, order := range [][]string{first, second} {
		for i, e := range order {
			points[e] += 1 / float64(60+i+1)
		}
	}
	out := slices.Clone(first)
	slices.SortStableFunc(out, func(a, b string) int { return compare(points[b], points[a]) })
	return out
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
