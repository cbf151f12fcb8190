package match

import (
	"bufio"
	"os"
	"slices"
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

// goldFolds is into how many parts the held-out messages are cut: each is judged by a fit on all others.
const goldFolds = 10

// setByGold fits the probability of being right, and finds the thresholds, on the held-out messages: they are nearer to
// what citizens type than our own phrasings, and those that nothing here answers are among them. What chose a threshold
// was not fitted on; the fit that is kept saw all.
func (e *Engine) setByGold(t testing.TB, p *policy) {
	inside, outside := readGold(t)
	var all []observation
	var near []bool
	add := func(g gold, weight float64) {
		rest, _ := text.StripGreeting(text.Tokens(g.text))
		if id, _ := guard(g.text, rest); id != "" || len(rest) == 0 {
			return // no score decides these
		}
		l := e.model.look(text.MaskNames(rest), 10, e.reject)
		if len(l.top) == 0 || e.reject >= 0 && l.top[0].score < l.reject {
			return // never answered
		}
		all = append(all, observation{l.signals, slices.Contains(g.want, e.model.labels[l.top[0].class]), weight})
		near = append(near, e.nearCritical(e.model, &l))
	}
	for _, g := range inside {
		add(g, 1)
	}
	for _, g := range outside {
		add(g, outsideShare*float64(len(inside))/float64(len(outside)))
	}
	var trials, critical []trial
	for fold := range goldFolds {
		var seen []observation
		for i, o := range all {
			if i%goldFolds != fold {
				seen = append(seen, o)
			}
		}
		fit := fitLogistic(seen)
		for i := fold; i < len(all); i += goldFolds {
			one := trial{fit.prob(all[i].s), !all[i].yes, all[i].weight}
			trials = append(trials, one)
			if near[i] {
				critical = append(critical, one)
			}
		}
	}
	p.right = fitLogistic(all)
	p.answer, p.promise = threshold(trials, e.opt.Bounds.Overall, e.opt.Bounds.Confidence)
	p.critical, p.criticalPromise = threshold(critical, e.opt.Bounds.Critical, e.opt.Bounds.Confidence)
	t.Logf("answer from %.3f: %s", p.answer, p.promise)
	t.Logf("near critical entries from %.3f: %s", p.critical, p.criticalPromise)
}
