package group_test

import (
	"context"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"testing"

	"tanya/faq"
	"tanya/faq/eval"
	"tanya/faq/group"
	"tanya/faq/match"
)

func background(t testing.TB) []string {
	t.Helper()
	ed, err := faq.Load(faq.Content())
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, id := range ed.IDs() {
		for _, p := range ed.Entry(id).Phrasings {
			all = append(all, p.Text)
		}
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
	g := group.New(background(t))
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
	bg := background(t)
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

// TestEffort injects 300 unanswered questions of 60 kinds, some kinds more frequent than others, and counts how many
// groups staff must decide on, largest first, until nine of ten questions are covered. A group decides for the kind
// that most of its questions are of; the others in it are not covered by it. The matcher whose candidates serve as
// hints has never seen an entry of those kinds: that is why they are unanswered.
func TestEffort(t *testing.T) {
	bg, by := background(t), kinds(t)
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
	names = names[:60]
	type asked struct{ text, kind string }
	var all []asked
	for i, k := range names { // the first kinds are asked more often, as everywhere
		n := 2 + 120/(i+6)
		for range n {
			all = append(all, asked{by[k][r.IntN(len(by[k]))], k})
		}
	}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	all = all[:min(300, len(all))]
	perfect, at := group.New(bg), map[string]int64{}
	for i, a := range all {
		if at[a.kind] == 0 {
			at[a.kind] = int64(i + 1)
		}
		perfect.Place(int64(i+1), at[a.kind], a.text)
	}
	ideal, _, _ := effort(perfect, len(all), func(id int64) string { return all[id-1].kind })
	t.Logf("a perfect grouping needs %d decisions", ideal)
	for _, knows := range []string{"words only", "without the entries", "with the entries"} {
		var m faq.Matcher
		if knows != "words only" {
			m = matcher(t, func(id string) bool { return knows == "with the entries" || !slices.Contains(names, id) })
		}
		g := group.New(bg)
		for i, a := range all {
			g.Add(int64(i+1), a.text, hints(t, m, a.text)...)
		}
		decisions, covered, pure := effort(g, len(all), func(id int64) string { return all[id-1].kind })
		if knows == "with the entries" && decisions >= 60 {
			t.Errorf("%d decisions for 60 kinds", decisions)
		}
		t.Logf("%s: %d questions of 60 kinds: %d groups, %d decisions cover %.0f%%, purity %.0f%%", knows, len(all), len(g.Groups()), decisions, 100*covered, 100*pure)
	}
}

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

// effort counts decisions until 90% are covered; what a group does not cover must be decided one by one at the end.
func effort(g *group.Grouper, n int, kind func(int64) string) (decisions int, covered, pure float64) {
	var sizes []int
	right := 0
	for _, o := range g.Groups() {
		count, best := map[string]int{}, 0
		for _, m := range o.Members {
			count[kind(m)]++
			best = max(best, count[kind(m)])
		}
		sizes = append(sizes, best)
		right += best
	}
	slices.Sort(sizes)
	slices.Reverse(sizes)
	sum := 0
	for _, s := range sizes {
		if float64(sum) >= 0.9*float64(n) {
			break
		}
		sum += s
		decisions++
	}
	return decisions, float64(sum) / float64(n), float64(right) / float64(n)
}

func BenchmarkAdd(b *testing.B) {
	bg, by := background(b), kinds(b)
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
