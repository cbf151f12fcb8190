package match

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"tanya/faq"
)

var update = flag.Bool("update", false, "rewrite the golden file of rank statistics and the thresholds of the release")

const rankFile = "testdata/ranks.golden"

// ranks are the places at which held-out phrasings found their entry.
type ranks struct{ n, first, three, reciprocal float64 }

func (r *ranks) add(place int) {
	r.n++
	if place == 1 {
		r.first++
	}
	if place >= 1 && place <= 3 {
		r.three++
	}
	if place > 0 {
		r.reciprocal += 1 / float64(place)
	}
}

// Cross-validation over our own phrasings, by variety. The figures stand in a golden file, so that the diff of a
// change shows what it did to them; the test fails only when they fall by more than a point.
func TestRanks(t *testing.T) {
	e := learned(t)
	ed, _ := faq.Read(os.DirFS("../content"))
	variety := map[string]string{}
	for _, s := range EditionSamples(ed) {
		variety[s.Label+"\x00"+s.Text] = s.Variety
	}
	vs, err := e.crossValidate(context.Background(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	all, per := ranks{}, map[string]*ranks{}
	for _, v := range vs {
		if v.absent || v.label == OutOfScope {
			continue
		}
		name := variety[v.label+"\x00"+e.lessons[v.lesson].text]
		if per[name] == nil {
			per[name] = &ranks{}
		}
		all.add(v.rank)
		per[name].add(v.rank)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "variety      n   top1   top3    mrr\n")
	line := func(name string, r ranks) {
		fmt.Fprintf(&b, "%-9s %5.0f %6.2f %6.2f %6.2f\n", name, r.n, 100*r.first/r.n, 100*r.three/r.n, 100*r.reciprocal/r.n)
	}
	for _, name := range slices.Sorted(maps.Keys(per)) {
		line(name, *per[name])
	}
	line("all", all)
	if *update {
		if err := os.WriteFile(rankFile, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		p := e.derive(vs)
		e.setByGold(t, p)
		data, err := p.save(cacheKey(e.lessons, e.recipe(), e.opt))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("data/policy.json", data, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	old, err := os.ReadFile(rankFile)
	if err != nil {
		t.Fatalf("%v; write it with: go test ./faq/match -run TestRanks -update", err)
	}
	lines := strings.Split(strings.TrimSpace(string(old)), "\n")
	var n, first, three, mrr float64
	if _, err := fmt.Sscanf(strings.TrimPrefix(lines[len(lines)-1], "all"), "%f %f %f %f", &n, &first, &three, &mrr); err != nil {
		t.Fatal(err)
	}
	if now := 100 * all.first / all.n; now < first-1 {
		t.Errorf("top-1 fell from %.2f to %.2f:\n%s", first, now, b.String())
	}
	if string(old) != b.String() {
		t.Logf("the figures moved; rewrite the golden file with -update:\n%s", b.String())
	}
}
