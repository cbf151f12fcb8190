package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"tanya/faq"
	"tanya/faq/eval"
)

var update = flag.Bool("update", false, "rewrite the golden file of the evaluation sets")

// qualityFile holds what the office's matcher made of the evaluation sets.
const qualityFile = "testdata/quality.golden"

// slack is by how many points the right may fall and the wrong may rise before TestQuality fails.
const slack = 1.0

// TestQuality asks the evaluation sets. The first was looked at while phrasings were written; on the second and the third
// the thresholds of the release are cut (decision 0017); the fourth and the fifth set nothing. The counts stand in a golden
// file, so that the diff of a change shows what it did, by variety; the test fails when a whole set gets worse by more
// than a point. Write it anew with: go test ./cmd/tanya -run TestQuality -update
func TestQuality(t *testing.T) {
	ed, err := faq.Load(faq.Content())
	if err != nil {
		t.Fatal(err)
	}
	m, err := trainMatcher(t.Context(), ed, nil, false)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	fmt.Fprintln(&b, "set       variety       n  right  wrong  critical  right or offered  silent")
	whole := map[string]eval.Counts{}
	for _, set := range []string{"heldout", "near", "far", "heldout2", "near2", "far2", "heldout3", "near3", "far3", "heldout4", "near4", "far4", "heldout5", "near5", "far5", "heldout6", "near6", "far6", "heldout7", "near7", "far7", "heldout8", "near8", "far8"} {
		qs, err := readFile("../../faq/eval/testdata/"+set+".tsv", eval.ReadQuestions)
		if err != nil {
			t.Fatal(err)
		}
		r, err := eval.Questions(t.Context(), m, qs, func(id string) bool { e := ed.Entry(id); return e != nil && e.Critical })
		if err != nil {
			t.Fatal(err)
		}
		line := func(variety string, c eval.Counts) {
			fmt.Fprintf(&b, "%-9s %-9s %5d %6d %6d %9d %17d %7d\n", set, variety, c.N, c.Right.Count, c.Wrong.Count, c.CriticalWrong.Count,
				c.Offered.Count, c.Abstained.Count)
		}
		for _, v := range slices.Sorted(maps.Keys(r.Varieties)) {
			line(v, r.Varieties[v])
		}
		line("all", r.All)
		whole[set] = r.All
	}
	if *update {
		if err := os.WriteFile(qualityFile, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	old, err := os.ReadFile(qualityFile)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range strings.Lines(string(old)) {
		var set, variety string
		var n, right, wrong, critical, offered int
		if k, _ := fmt.Sscan(line, &set, &variety, &n, &right, &wrong, &critical, &offered); k < 7 || variety != "all" {
			continue
		}
		seen++
		now := whole[set]
		share := func(k, n int) float64 { return 100 * float64(k) / float64(max(n, 1)) }
		for _, c := range []struct {
			what string
			fell float64
		}{
			{"right", share(right, n) - share(now.Right.Count, now.N)},
			{"right or offered", share(offered, n) - share(now.Offered.Count, now.N)},
			{"wrong", share(now.Wrong.Count, now.N) - share(wrong, n)},
		} {
			if c.fell > slack {
				t.Errorf("%s: %s got worse by %.1f points", set, c.what, c.fell)
			}
		}
	}
	if seen != len(whole) {
		t.Errorf("the golden file speaks of %d sets, there are %d", seen, len(whole))
	}
	if string(old) != b.String() {
		t.Logf("the figures moved; rewrite the golden file with -update and read the diff:\n%s", b.String())
	}
}
