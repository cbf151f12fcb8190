package match_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"tanya/faq"
	"tanya/faq/eval"
	"tanya/faq/match"
)

const curveFile = "testdata/curves.golden"

// TestCurves keeps the learning curve and the noise curve over our own phrasings, as `tanya eval curves` prints them, in a
// golden file, so that the diff of a change shows what it did. It fails when a figure falls by more than two points, or
// when more phrasings are worth less.
func TestCurves(t *testing.T) {
	if testing.Short() {
		t.Skip("trains six times; left out with -short")
	}
	ed, _ := faq.Read(os.DirFS("../content"))
	var rows []eval.Row
	for _, s := range match.EditionSamples(ed) {
		rows = append(rows, eval.Row{Text: s.Text, Label: s.Label})
	}
	build := func(ctx context.Context, train []eval.Row, _ []string) (faq.Matcher, error) {
		samples := make([]match.Sample, len(train))
		for i, r := range train {
			samples[i] = match.Sample{Text: r.Text, Label: r.Label}
		}
		return match.New(ctx, samples, match.Options{Guards: true, Negatives: match.Negatives(), Calibration: match.Never})
	}
	learning, err := eval.Learning(context.Background(), build, rows, []int{4, 8, 16, 32, 0})
	if err != nil {
		t.Fatal(err)
	}
	noisy, err := eval.Noisy(context.Background(), build, rows)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(learning, func(a, b eval.Point) int { return a.Top1.Count - b.Top1.Count }) {
		t.Errorf("more phrasings are worth less: %+v", learning)
	}
	var now bytes.Buffer
	if err := eval.WritePoints(&now, "contoh per entri", learning); err != nil {
		t.Fatal(err)
	}
	now.WriteByte('\n')
	if err := eval.WritePoints(&now, "salah ketik", noisy); err != nil {
		t.Fatal(err)
	}
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(curveFile, now.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	old, err := os.ReadFile(curveFile)
	if err != nil {
		t.Fatalf("%v; write it with: go test ./faq/match -run TestCurves -update", err)
	}
	before := figures(string(old))
	for _, p := range slices.Concat(learning, noisy) {
		if was, ok := before[p.Name]; ok && 100*p.Top1.Share < was-2 {
			t.Errorf("%s: top-1 fell from %.2f to %.2f", p.Name, was, 100*p.Top1.Share)
		}
	}
	if string(old) != now.String() {
		t.Logf("the figures moved; rewrite the golden file with -update:\n%s", now.String())
	}
}

// figures reads the top-1 column of the golden file.
func figures(s string) map[string]float64 {
	out := map[string]float64{}
	for _, l := range strings.Split(s, "\n") {
		f := strings.Fields(l)
		if len(f) < 4 {
			continue
		}
		var x float64
		if _, err := fmt.Sscan(f[len(f)-2], &x); err == nil {
			out[strings.Join(f[:len(f)-3], " ")] = x
		}
	}
	return out
}
