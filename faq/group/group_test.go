package group_test

import (
	"context"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tanya/faq"
	"tanya/faq/eval"
	"tanya/faq/group"
	"tanya/faq/match"
)

// entries are the office's phrasings by entry, without those left out.
func entries(t testing.TB, leave ...string) [][]string {
	t.Helper()
	ed, err := faq.Load(faq.Content())
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for _, id := range ed.IDs() {
		if slices.Contains(leave, id) {
			continue
		}
		var some []string
		for _, p := range ed.Entry(id).Phrasings {
			some = append(some, p.Text)
		}
		all = append(all, some)
	}
	return all
}

// kinds are held-out questions by the entry that answers them: what a perfect grouping would put together.
func kinds(t testing.TB) map[string][]string {
	t.Helper()
	f, err := os.Open("../eval/testdata/heldout.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	qs, err := eval.ReadQuestions(f)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, q := range qs {
		if len(q.Entries) > 0 {
			out[q.Entries[0]] = append(out[q.Entries[0]], q.Text)
		}
	}
	return out
}

func TestGroups(t *testing.T) {
	g := group.New(entries(t))
	same := []string{"min kartu vaksin perlu dibawa ke tps ga", "bawa kartu vaksin ke tps?", "assalamualaikum apakah harus membawa kartu vaksin ke TPS"}
	for i, s := range same {
		g.Add(int64(i+1), s)
	}
	g.Add(10, "boleh bawa anak kecil ke bilik suara?")
	g.Add(11, "nyoblos nggawa anak cilik oleh ora ning bilik")
	if g.Of(1) != g.Of(2) || g.Of(2) != g.Of(3) {
		t.Errorf("three ways to ask about the card stand in %d, %d, %d", g.Of(1), g.Of(2), g.Of(3))
	}
	if g.Of(10) == g.Of(1) {
		t.Error("the child stands with the card")
	}
	if g.Of(10) != g.Of(11) {
		t.Error("the child in two languages stands apart")
	}
	g.Place(11, 11, "nyoblos nggawa anak cilik oleh ora ning bilik")
	if g.Of(11) != 11 || len(g.Groups()) != 3 {
		t.Errorf("split: %d, %d groups", g.Of(11), len(g.Groups()))
	}
}

// TestStable holds that questions that come later move none that was there.
func TestStable(t *testing.T) {
	bg := entries(t)
	var all []string
	for _, qs := range kinds(t) {
		all = append(all, qs...)
	}
	whole, half := group.New(bg), group.New(bg)
	var before []int64
	for i, s := range all {
		whole.Add(int64(i+1), s)
		if i < len(all)/2 {
			half.Add(int64(i+1), s)
		}
	}
	var after []int64
	for i := range len(all) / 2 {
		before, after = append(before, half.Of(int64(i+1))), append(after, whole.Of(int64(i+1)))
	}
	if !reflect.DeepEqual(before, after) {
		t.Error("groups change when questions are added")
	}
}

// novel are questions about what the office has no answer to, by kind; written for this test after the grouping.
func novel(t testing.TB) map[string][]string {
	t.Helper()
	b, err := os.ReadFile("testdata/kinds.tsv")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n")[1:] {
		kind, s, ok := strings.Cut(line, "\t")
		if !ok {
			t.Fatalf("no kind: %s", line)
		}
		out[kind] = append(out[kind], s)
	}
	return out
}

// asked is an injected question with what it is about.
type asked struct{ text, kind string }

// inject draws 300 questions of 60 kinds. With zipf, the second kind is asked half as often as the first, the third a
// third as often, and so on, as people's questions are (Zipf 1949); otherwise each is asked five times.
func inject(t testing.TB, by map[string][]string, zipf bool) []asked {
	t.Helper()
	var names []string
	for k, qs := range by {
		if len(qs) >= 5 {
			names = append(names, k)
		}
	}
	if len(names) < 60 {
		t.Fatalf("only %d kinds", len(names))
	}
	slices.Sort(names)
	r := rand.New(rand.NewPCG(7, 7))
	r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	sum := 0.0
	for i := range 60 {
		sum += 1 / float64(i+1)
	}
	var all []asked
	for i := range 60 { // the least asked first, so that the most asked fills up what rounding left
		k, n := names[59-i], 5
		if zipf {
			n = max(1, int(math.Round(300/sum/float64(60-i))))
		}
		if i == 59 {
			n = 300 - len(all)
		}
		at := r.Perm(len(by[k]))
		for j := range n {
			all = append(all, asked{by[k][at[j%len(at)]], k})
		}
	}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// TestEffort injects 300 unanswered questions of 60 kinds and counts what staff must decide, the largest group first,
// until nine of ten questions are covered. On the page of a group they choose what most of its questions ask, untick the
// others, which stay open, and tick among the questions that are most like the group those that ask the same.
//
// Three worlds: the matcher knows the entries and was not sure; the entries were taken out of everything; and the
// questions are about what the office has never written of.
func TestEffort(t *testing.T) {
	old := kinds(t)
	var taken []string
	for _, a := range inject(t, old, false) {
		taken = append(taken, a.kind)
	}
	full, part := matcher(t, func(string) bool { return true }), matcher(t, func(id string) bool { return !slices.Contains(taken, id) })
	for _, world := range []struct {
		name                     string
		by                       map[string][]string
		m                        faq.Matcher
		entries                  [][]string
		decisions, pure, precise float64 // bounds with zipf: at most, at least, at least
	}{
		{"entries known", old, full, entries(t), 45, 0.95, 0.95},
		{"entries taken out", old, part, entries(t, taken...), 45, 0.8, 0.75},
		{"never written of", novel(t), full, entries(t), 45, 0.8, 0.75},
	} {
		for _, zipf := range []bool{true, false} {
			all := inject(t, world.by, zipf)
			kind := func(id int64) string { return all[id-1].kind }
			g, perfect, first := group.New(world.entries), group.New(nil), map[string]int64{}
			for i, a := range all {
				g.Add(int64(i+1), a.text, hints(t, world.m, a.text)...)
				if first[a.kind] == 0 {
					first[a.kind] = int64(i + 1)
				}
				perfect.Place(int64(i+1), first[a.kind], a.text)
			}
			ideal, _ := effort(perfect, len(all), kind, 0)
			alone, _ := effort(g, len(all), kind, 0)
			assisted, lines := effort(g, len(all), kind, suggested)
			pure, precision, recall := quality(g, all)
			t.Logf("%-17s zipf %-5v: %d questions of 60 kinds in %d groups; 90%% after %d decisions with %d suggestions each (%d lines read), %d without, %d at best; purity %.0f%%, pairs: precision %.0f%%, recall %.0f%%",
				world.name, zipf, len(all), len(g.Groups()), assisted, suggested, lines, alone, ideal, 100*pure, 100*precision, 100*recall)
			if zipf && (float64(assisted) >= world.decisions || pure < world.pure || precision < world.precise) {
				t.Errorf("%s: worse than it must be", world.name)
			}
		}
	}
}

// suggested is how many questions the console offers on the page of a group.
const suggested = 24

func matcher(t testing.TB, keep func(id string) bool) faq.Matcher {
	t.Helper()
	ed, err := faq.Load(faq.Content())
	if err != nil {
		t.Fatal(err)
	}
	samples := slices.DeleteFunc(match.EditionSamples(ed), func(s match.Sample) bool { return !keep(s.Label) })
	m, err := match.New(context.Background(), samples, match.Options{Calibration: match.Never, Guards: true, Negatives: match.Negatives()})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func hints(t testing.TB, m faq.Matcher, s string) []group.Hint {
	t.Helper()
	if m == nil {
		return nil
	}
	r, err := m.Match(context.Background(), faq.Question{Text: s})
	if err != nil {
		t.Fatal(err)
	}
	var out []group.Hint
	for _, c := range r.Candidates {
		out = append(out, group.Hint{Name: c.Entry, Weight: c.Score})
	}
	return out
}

// effort counts decisions until 90% of n questions are covered, and the lines that are read for them: the open questions of
// the group and those that are suggested.
func effort(g *group.Grouper, n int, kind func(int64) string, suggested int) (decisions, lines int) {
	open := map[int64]bool{}
	for i := range n {
		open[int64(i+1)] = true
	}
	isOpen := func(id int64) bool { return open[id] }
	for len(open) > n/10 {
		var page []int64
		for _, o := range g.Groups() {
			rest := slices.DeleteFunc(slices.Clone(o.Members), func(id int64) bool { return !open[id] })
			if len(rest) > len(page) {
				page = rest
			}
		}
		count, most := map[string]int{}, ""
		for _, id := range page {
			k := kind(id)
			if count[k]++; most == "" || count[k] > count[most] {
				most = k
			}
		}
		decisions, lines = decisions+1, lines+len(page)
		for _, same := range g.Near(page, suggested, isOpen) {
			lines++
			page = append(page, same...)
		}
		for _, id := range page {
			if kind(id) == most {
				delete(open, id)
			}
		}
	}
	return decisions, lines
}

// quality is the share of questions that are of their group's kind, and how many pairs that stand together ask the same,
// and the other way round.
func quality(g *group.Grouper, all []asked) (pure, precision, recall float64) {
	pairs := func(n int) float64 { return float64(n*(n-1)) / 2 }
	var right, both, together, same float64
	kinds := map[string]int{}
	for _, o := range g.Groups() {
		count, best := map[string]int{}, 0
		for _, m := range o.Members {
			count[all[m-1].kind]++
			best = max(best, count[all[m-1].kind])
		}
		for k, c := range count {
			both += pairs(c)
			kinds[k] += c
		}
		together += pairs(len(o.Members))
		right += float64(best)
	}
	for _, c := range kinds {
		same += pairs(c)
	}
	return right / float64(len(all)), both / together, both / same
}

func BenchmarkAdd(b *testing.B) {
	bg, by := entries(b), kinds(b)
	var all []string
	for _, qs := range by {
		all = append(all, qs...)
	}
	b.ResetTimer()
	for range b.N {
		g := group.New(bg)
		for i := range 20000 {
			s := all[i%len(all)]
			g.Add(int64(i+1), s+" "+all[(i*7)%len(all)][:3])
		}
	}
}
