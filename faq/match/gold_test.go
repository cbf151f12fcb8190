package match

import (
	"bufio"
	"os"
	"slices"
	"sort"
	"strings"
	"testing"

	"tanya/faq/text"
)

// gold is a message that somebody wrote who had not seen the phrasings, with the entries that answer it.
type gold struct {
	text string
	want []string // none: nothing here answers it
}

// readGold reads the held-out messages: those with an answer, and those without one that are near and far.
func readGold(t testing.TB) (inside, outside []gold) {
	t.Helper()
	for _, name := range []string{"heldout", "near", "far"} {
		f, err := os.Open("../eval/testdata/" + name + ".tsv")
		if err != nil {
			t.Fatal(err)
		}
		s := bufio.NewScanner(f)
		for s.Scan() {
			cols := strings.Split(s.Text(), "\t")
			switch {
			case cols[0] == "message" || len(cols) < 2:
			case cols[1] == OutOfScope:
				outside = append(outside, gold{text: cols[0]})
			default:
				inside = append(inside, gold{cols[0], strings.Split(cols[1], ",")})
			}
		}
		_ = f.Close()
	}
	if len(inside) < 500 || len(outside) < 200 {
		t.Fatalf("only %d and %d held-out messages", len(inside), len(outside))
	}
	return inside, outside
}

// outsideShare is how many of the messages of a day are taken to have no answer here, for the thresholds.
const outsideShare = 0.1

// surelyLost is the share of right answers that are given up for not answering what is about something else.
const surelyLost = 0.025

// surely is the least probability of being in scope from which on to answer.
func (e *Engine) surely(inside []gold, p *policy) float64 {
	var in []float64
	for _, g := range inside {
		rest, _ := text.StripGreeting(text.Tokens(g.text))
		if len(rest) == 0 {
			continue
		}
		l := e.model.look(text.MaskNames(rest), 10, e.reject)
		if len(l.top) > 0 && slices.Contains(g.want, e.model.labels[l.top[0].class]) && p.right.prob(l.signals) >= p.answer {
			in = append(in, p.scope.prob(l.signals))
		}
	}
	sort.Float64s(in)
	return quantile(in, surelyLost)
}

// setByGold finds the thresholds on the held-out messages, which are nearer to what citizens type than our own
// phrasings: the probabilities come from cross-validation, where to cut them from here.
func (e *Engine) setByGold(t testing.TB, p *policy) {
	inside, outside := readGold(t)
	var all, critical []trial
	add := func(g gold, weight float64) {
		tokens := text.Tokens(g.text)
		rest, _ := text.StripGreeting(tokens)
		if id, _ := guard(g.text, rest); id != "" || len(rest) == 0 {
			return // no score decides these
		}
		l := e.model.look(text.MaskNames(rest), 10, e.reject)
		if len(l.top) == 0 || e.reject >= 0 && l.top[0].score < l.reject {
			return // never answered
		}
		if p.scope.prob(l.signals) < p.sure {
			return
		}
		one := trial{p.right.prob(l.signals), !slices.Contains(g.want, e.model.labels[l.top[0].class]), weight}
		all = append(all, one)
		if e.nearCritical(e.model, &l) {
			critical = append(critical, one)
		}
	}
	for range 2 { // the first pass says which answers count when the scope's threshold is looked for
		all, critical = nil, nil
		for _, g := range inside {
			add(g, 1)
		}
		for _, g := range outside {
			add(g, outsideShare*float64(len(inside))/float64(len(outside)))
		}
		p.answer, p.promise = threshold(all, e.opt.Bounds.Overall, e.opt.Bounds.Confidence)
		p.critical, p.criticalPromise = threshold(critical, e.opt.Bounds.Critical, e.opt.Bounds.Confidence)
		if p.sure == 0 {
			p.sure = e.surely(inside, p)
		}
	}
	t.Logf("answer only what is in scope with %.3f", p.sure)
	t.Logf("answer from %.3f: %s", p.answer, p.promise)
	t.Logf("near critical entries from %.3f: %s", p.critical, p.criticalPromise)
}
