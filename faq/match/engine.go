package match

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"tanya/faq"
	"tanya/faq/text"
)

// Engine is a trained matcher. It is safe for concurrent use.
type Engine struct {
	opt     Options
	model   *model
	reject  int // class of out-of-scope messages, -1 when there is none
	titles  map[string][]string
	policy  atomic.Pointer[policy]
	ready   chan struct{}
	lessons []lesson // until the calibration is done
}

// New trains an engine on samples. It fails with ErrNoSamples when there are none and with the context's error when
// that ends first. With Background calibration the context must live until Ready.
func New(ctx context.Context, samples []Sample, opt Options) (*Engine, error) {
	opt = opt.withDefaults()
	e := &Engine{opt: opt, reject: -1, ready: make(chan struct{}), titles: map[string][]string{}}
	e.lessons = e.learnFrom(samples)
	if len(e.lessons) == 0 {
		return nil, ErrNoSamples
	}
	for l, t := range opt.Titles {
		e.titles[l] = text.Tokens(t)
	}
	r := e.recipe()
	vec := learnVectors(opt.Unlabelled, vectorTexts)
	other := vocabulary(opt.Unlabelled)
	key := cacheKey(e.lessons, r, opt)
	saved := loadCache(opt.Cache, key)
	m, err := trainOrLoad(ctx, e.lessons, r, vec, other, opt.Seed, saved)
	if err != nil {
		return nil, err
	}
	e.model = m
	if c, ok := slices.BinarySearch(m.labels, OutOfScope); ok {
		e.reject = c
	}
	first, exact := e.first(key)
	// An office that edits an entry keeps the thresholds of the release: they were set on questions by other authors,
	// which says more than cross-validation over its own phrasings. The publish gate replays questions on the edit.
	exact = exact || first.set
	e.policy.Store(first)
	calibrate := func() error {
		p, err := e.calibrate(ctx, vec, other)
		if err != nil {
			return err
		}
		e.policy.Store(p)
		saveCache(opt.Cache, key, m, p)
		return nil
	}
	switch {
	case exact && !opt.Recalibrate: // before what a cache holds, which may come from an older release
		if saved == nil {
			saveCache(opt.Cache, key, m, first)
		}
		e.done()
	case saved != nil && saved.policy != nil:
		e.policy.Store(saved.policy)
		e.done()
	case opt.Calibration == Never:
		e.done()
	case opt.Calibration == Background:
		go func() {
			defer e.done()
			_ = calibrate() // the context ended: the cautious thresholds stay
		}()
	default:
		defer e.done()
		if err := calibrate(); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// done lets go of what only the calibration needs, a sixth of its memory, and says that it is over.
func (e *Engine) done() {
	e.lessons = nil
	close(e.ready)
}

// first is the policy until one is computed; exact says that it was computed on these very samples.
func (e *Engine) first(key string) (p *policy, exact bool) {
	if e.opt.Guards {
		if p, of := released(); p != nil {
			p.set = true
			return p, of == key
		}
	}
	return cautious(), false
}

// Ready is closed once the calibration is done.
func (e *Engine) Ready() <-chan struct{} { return e.ready }

// Labels returns the entries that the engine knows, sorted.
func (e *Engine) Labels() []string { return slices.Clone(e.model.labels) }

// recipe is how this engine's model is shaped.
func (e *Engine) recipe() recipe {
	labels := map[string]bool{}
	for _, l := range e.lessons {
		labels[l.label] = true
	}
	switch {
	case e.opt.Guards:
		return office()
	case len(e.lessons) >= manyPerLabel*len(labels):
		return rich()
	}
	return standard()
}

// learnFrom turns samples, titles and negatives into lessons, leaving out texts without a word and repeats.
func (e *Engine) learnFrom(samples []Sample) []lesson {
	var out []lesson
	seen := map[string]bool{}
	add := func(s, label string, l lesson) {
		tokens := e.read(text.Tokens(s))
		key := label + "\x00" + strings.Join(tokens, " ")
		if len(tokens) == 0 || seen[key] {
			return
		}
		seen[key] = true
		l.text, l.tokens, l.label = s, tokens, label
		out = append(out, l)
	}
	titled := map[string]bool{}
	for _, s := range samples {
		add(s.Text, s.Label, lesson{weight: 1})
		if t := e.opt.Titles[s.Label]; t != "" && !titled[s.Label] {
			titled[s.Label] = true
			add(t, s.Label, lesson{weight: 1, title: true})
		}
	}
	for _, s := range e.opt.Negatives {
		add(s, OutOfScope, lesson{weight: 1})
	}
	for _, s := range e.opt.Answers {
		add(s.Text, s.Label, lesson{weight: 1, title: true, aside: true})
	}
	return out
}

// read leaves greetings aside and masks names, where the engine guards a conversation. A message that is nothing
// but greeting keeps its words, so that a sample is never empty.
func (e *Engine) read(tokens []string) []string {
	if !e.opt.Guards {
		return tokens
	}
	if rest, _ := text.StripGreeting(tokens); len(rest) > 0 {
		tokens = rest
	}
	return text.MaskNames(tokens)
}

// vocabulary is the set of words of the unlabelled text: they are right as they are.
func vocabulary(texts []string) map[string]bool {
	count := map[string]int{}
	for _, t := range texts {
		for _, w := range text.Tokens(t) {
			count[w]++
		}
	}
	out := make(map[string]bool, len(count))
	for w, n := range count {
		if n > 1 {
			out[w] = true
		}
	}
	return out
}

// match is the road of one question: courtesy, guards, model, thresholds.
func (e *Engine) match(q faq.Question) faq.Result {
	all := text.Tokens(q.Text)
	res := faq.Result{Verdict: faq.Unknown, Lang: faq.Lang(text.Language(text.MaskNames(all)))}
	all = clip(all)
	res.Explain.Words = all
	tokens := all
	if e.opt.Guards {
		rest, courtesy := text.StripGreeting(all)
		if courtesy.Any() {
			res.Explain.Stripped = stripped(all, rest)
		}
		if len(rest) == 0 {
			return onlyCourtesy(res, courtesy)
		}
		if id, why := guard(q.Text, rest); id != "" {
			return e.decline(res, id, why)
		}
		tokens = text.MaskNames(rest)
	}
	if len(tokens) == 0 {
		res.Explain.Why = "Pesan tidak berisi kata."
		return res
	}
	p := e.policy.Load()
	l := e.model.look(tokens, 10, e.reject)
	e.fill(&res, &l, p)
	e.decide(&res, &l, p)
	e.argue(&res, &l)
	if res.Verdict != faq.Answered {
		e.followUp(&res, q, tokens, p)
	}
	if res.Verdict != faq.Declined {
		e.several(&res, q, p)
	}
	return res
}

// stripped lists the words of all that are not in rest, which is a stretch of it.
func stripped(all, rest []string) string {
	if len(rest) == 0 {
		return strings.Join(all, " ")
	}
	at := 0
	for at+len(rest) <= len(all) && !slices.Equal(all[at:at+len(rest)], rest) {
		at++
	}
	return strings.Join(slices.Concat(all[:at], all[min(len(all), at+len(rest)):]), " ")
}

// onlyCourtesy is the result for a message that is nothing but courtesy, or nothing at all.
func onlyCourtesy(res faq.Result, c text.Courtesy) faq.Result {
	res.Explain.Why = "Pesan tidak berisi kata."
	if c.Any() {
		res.Verdict = faq.Greeting
		res.Explain.Why = "Pesan hanya berisi salam, ucapan terima kasih, atau sapaan."
	}
	return res
}

// decline is the result of a guard.
func (e *Engine) decline(res faq.Result, id, why string) faq.Result {
	res.Explain.Guard = why
	res.Score = 1
	if id == outsideTopic {
		res.Verdict = faq.Unknown
		res.Explain.Why = "Di luar topik pemilihan: " + why + "."
		return res
	}
	res.Verdict = faq.Declined
	res.Entry = id
	res.Explain.Why = "Tidak dijawab: " + why + "."
	return res
}

// fill writes the candidates and their probabilities into the result.
func (e *Engine) fill(res *faq.Result, l *look, p *policy) {
	m := e.model
	res.Explain.Words = l.doc.tokens
	res.Explain.Repaired = l.repaired
	res.Explain.InScope = p.scope.prob(l.signals)
	right := p.right.prob(l.signals)
	res.Score = right
	res.Candidates = make([]faq.Candidate, 0, len(l.top))
	for i, h := range l.top {
		c := faq.Candidate{Entry: m.labels[h.class], Score: right}
		if i > 0 { // what the best one leaves is shared by the others
			c.Score = min(right, (1-right)*float64(h.p)/max(1e-9, 1-float64(l.top[0].p)))
		}
		if i < 3 {
			c.Nearest = l.nearest(m, h.class)
		}
		res.Candidates = append(res.Candidates, c)
	}
}

// argue adds the words that argued for the best candidate, and for the second where the two are offered.
func (e *Engine) argue(res *faq.Result, l *look) {
	n := 1
	if res.Verdict == faq.Choices {
		n = 2
	}
	if n = min(n, len(res.Candidates)); n == 0 {
		return
	}
	for i, words := range e.model.argue(l, l.top[:n]) {
		res.Candidates[i].Words = words
	}
}

// decide sets the verdict from the thresholds.
func (e *Engine) decide(res *faq.Result, l *look, p *policy) {
	if len(res.Candidates) == 0 {
		return
	}
	top := res.Candidates[0]
	need, promise := p.answer, p.promise
	if e.nearCritical(e.model, l) {
		need, promise = max(p.answer, p.critical), p.criticalPromise
	}
	res.Explain.Threshold = need
	res.Explain.Bound = promise
	lost := e.reject >= 0 && l.top[0].score < l.reject
	switch {
	case top.Score >= need && !lost && e.opt.Declines(top.Entry):
		res.Verdict, res.Entry = faq.Declined, top.Entry
		res.Explain.Guard = "mirip contoh pertanyaan yang tidak dijawab"
		if top.Entry == outsideTopic {
			res.Verdict, res.Entry = faq.Unknown, ""
		}
		res.Explain.Why = "Keyakinan " + percent(top.Score) + " bahwa pertanyaan ini termasuk yang tidak dijawab."
	case top.Score >= need && !lost:
		res.Verdict, res.Entry = faq.Answered, top.Entry
		res.Explain.Why = "Keyakinan " + percent(top.Score) + ", di atas batas " + percent(need) + "."
	default:
		e.offer(res, p, lost)
	}
}

// percent writes a share for people.
func percent(share float64) string { return strconv.FormatFloat(100*share, 'f', 0, 64) + "%" }

// nearCritical reports whether a critical entry is the best candidate or so close that it might be meant.
func (e *Engine) nearCritical(m *model, l *look) bool {
	for i, h := range l.top[:min(2, len(l.top))] {
		if e.opt.Critical(m.labels[h.class]) && (i == 0 || h.p > 0.3*l.top[0].p) {
			return true
		}
	}
	return false
}

// offer makes the verdict Choices when the question is about elections here, and Unknown otherwise.
func (e *Engine) offer(res *faq.Result, p *policy, lost bool) {
	if res.Explain.InScope < p.offer || lost && res.Explain.InScope < p.offerLost {
		res.Explain.Why = "Tampaknya bukan pertanyaan yang ada jawabannya di sini (" + percent(res.Explain.InScope) + ", batas " + percent(p.offer) + ")."
		return
	}
	for _, c := range res.Candidates {
		if !e.opt.Declines(c.Entry) && len(res.Choices) < maxChoices {
			res.Choices = append(res.Choices, c.Entry)
		}
	}
	if len(res.Choices) == 0 {
		return
	}
	res.Verdict = faq.Choices
	res.Explain.Why = "Keyakinan " + percent(res.Score) + ", di bawah batas " + percent(res.Explain.Threshold) + ": ditawarkan pilihan."
}

// maxChoices is how many entries are offered at most.
const maxChoices = 3

// followUp reads a short question together with what was just talked about.
func (e *Engine) followUp(res *faq.Result, q faq.Question, tokens []string, p *policy) {
	about := e.titles[q.About]
	if q.About == "" || len(about) == 0 || len(text.Concepts(tokens)) > 4 {
		return
	}
	l := e.model.look(slices.Concat(about, tokens), 10, e.reject)
	next := faq.Result{Verdict: faq.Unknown, Lang: res.Lang}
	e.fill(&next, &l, p)
	e.decide(&next, &l, p)
	if next.Verdict != faq.Answered {
		return
	}
	e.argue(&next, &l)
	next.Explain.Stripped = res.Explain.Stripped
	next.Explain.Why += " Dibaca sebagai lanjutan dari " + q.About + "."
	*res = next
}

// several looks at a message as two or more questions. Where two of them are answered by different entries, both are
// offered. Where one is answered and the message as a whole is not, what the piece leaves out may have said what was
// meant: the answer is given only if it is beyond doubt, else it is the first to be offered.
func (e *Engine) several(res *faq.Result, q faq.Question, p *policy) {
	pieces := text.Split(q.Text)
	if len(pieces) < 2 {
		return
	}
	var found []string
	var only faq.Result
	var seen look
	for _, s := range pieces {
		tokens := e.read(text.Tokens(s))
		if len(tokens) == 0 {
			continue
		}
		l := e.model.look(tokens, 10, e.reject)
		part := faq.Result{Verdict: faq.Unknown, Lang: res.Lang}
		e.fill(&part, &l, p)
		e.decide(&part, &l, p)
		if part.Verdict == faq.Answered && !slices.Contains(found, part.Entry) {
			found = append(found, part.Entry)
			only, seen = part, l
		}
	}
	switch {
	case len(found) == 1 && res.Verdict != faq.Answered && !e.beyondDoubt(res, &only, p):
		if res.Verdict == faq.Unknown {
			*res = only
			res.Verdict, res.Entry, res.Choices = faq.Choices, "", nil
		}
		res.Choices = slices.DeleteFunc(res.Choices, func(id string) bool { return id == found[0] })
		res.Choices = slices.Insert(res.Choices, 0, found[0])
		res.Choices = res.Choices[:min(maxChoices, len(res.Choices))]
		res.Explain.Why = "Sebagian pesan terjawab, tetapi pesan seutuhnya belum tentu menanyakan itu: ditawarkan pilihan."
	case len(found) == 1 && res.Verdict != faq.Answered:
		e.argue(&only, &seen)
		only.Explain.Stripped = res.Explain.Stripped
		only.Explain.Why += " Bagian lain dari pesan hanya pengantar."
		*res = only
	case len(found) > 1:
		res.Verdict, res.Entry = faq.Choices, ""
		res.Choices = found[:min(maxChoices, len(found))]
		res.Explain.Why = "Pesan berisi lebih dari satu pertanyaan; masing-masing ada jawabannya."
	}
}

// beyondDoubt reports whether the answer to one piece of a message answers the message: the whole points to the same
// entry, which is no critical one, and the piece is as sure as is asked near critical entries. A piece is picked among
// several, so what is asked of one look is not enough.
func (e *Engine) beyondDoubt(whole, piece *faq.Result, p *policy) bool {
	return piece.Score >= max(p.answer, p.critical) && !e.opt.Critical(piece.Entry) &&
		len(whole.Candidates) > 0 && whole.Candidates[0].Entry == piece.Entry
}
