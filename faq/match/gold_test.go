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

// readGold reads the held-out messages of the first set ("") or another ("2" and so on): those with an answer, and those
// without one that are near and far.
func readGold(t testing.TB, set string) (inside, outside []gold) {
	t.Helper()
	for _, name := range []string{"heldout", "near", "far"} {
		name += set
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
	if len(inside) < 480 || len(outside) < 200 {
		t.Fatalf("only %d and %d held-out messages", len(inside), len(outside))
	}
	return inside, outside
}

// outsideShare is how many of the messages of a day are taken to have no answer here, for the thresholds.
const outsideShare = 0.2

// goldFolds is into how many parts the held-out messages are cut: each is judged by a fit on all others.
const goldFolds = 10

// setByGold fits the probability of being right, and finds the thresholds, on held-out messages: they are nearer to what
// citizens type than our own phrasings, and those that nothing here answers are among them. The first seven sets fit; the first
// does not cut, because phrasings were written by people who had looked at it, and what is cut on the others was not among
// what the fit saw. The fit that is kept saw all.
func (e *Engine) setByGold(t testing.TB, p *policy) {
	first := e.observe(readGold(t, ""))
	var later seenGold
	for _, set := range []string{"2", "3", "4", "5", "6", "7"} {
		one := e.observe(readGold(t, set))
		later.all, later.near = slices.Concat(later.all, one.all), slices.Concat(later.near, one.near)
	}
	var trials, critical []trial
	for fold := range goldFolds {
		seen := first.all
		for i, o := range later.all {
			if i%goldFolds != fold {
				seen = append(seen[:len(seen):len(seen)], o)
			}
		}
		fit := fitLogistic(seen)
		for i := fold; i < len(later.all); i += goldFolds {
			o := later.all[i]
			one := trial{fit.prob(o.s), !o.yes, o.weight}
			trials = append(trials, one)
			if later.near[i] {
				critical = append(critical, one)
			}
		}
	}
	p.right = fitLogistic(append(first.all[:len(first.all):len(first.all)], later.all...))
	p.answer, p.promise = threshold(trials, e.opt.Bounds.Overall, e.opt.Bounds.Confidence)
	p.critical, p.criticalPromise = threshold(critical, e.opt.Bounds.Critical, e.opt.Bounds.Confidence)
	t.Logf("answer from %.3f: %s", p.answer, p.promise)
	t.Logf("near critical entries from %.3f: %s", p.critical, p.criticalPromise)
}

// seenGold is what the model showed for held-out messages: whether its best candidate was right, and whether a
// critical entry was near.
type seenGold struct {
	all  []observation
	near []bool
}

// observe looks at the messages that scores decide: no guard does, and the out-of-scope class did not win.
func (e *Engine) observe(inside, outside []gold) (out seenGold) {
	add := func(g gold, weight float64) {
		rest, _ := text.StripGreeting(text.Tokens(g.text))
		if id, _ := guard(g.text, rest); id != "" || len(rest) == 0 {
			return
		}
		l := e.model.look(text.MaskNames(rest), 10, e.reject)
		if len(l.top) == 0 || e.reject >= 0 && l.top[0].score < l.reject {
			return
		}
		out.all = append(out.all, observation{l.signals, slices.Contains(g.want, e.model.labels[l.top[0].class]), weight})
		out.near = append(out.near, e.nearCritical(e.model, &l))
	}
	for _, g := range inside {
		add(g, 1)
	}
	for _, g := range outside {
		add(g, outsideShare*float64(len(inside))/float64(len(outside)))
	}
	return out
}
