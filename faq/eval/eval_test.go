package eval

import (
	"context"
	"math"
	"strings"
	"testing"

	"tanya/faq"
)

func TestShareIsExact(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{{0, 100, 0, 0.0362}, {1, 10, 0.0025, 0.4450}, {50, 100, 0.3983, 0.6017}, {10, 10, 0.6915, 1}} {
		s := NewShare(c.k, c.n)
		if math.Abs(s.Low-c.low) > 5e-4 || math.Abs(s.High-c.high) > 5e-4 {
			t.Errorf("%d of %d: %.4f-%.4f, want %.4f-%.4f", c.k, c.n, s.Low, s.High, c.low, c.high)
		}
	}
}

func TestSeparation(t *testing.T) {
	if a, f := separation([]float64{3, 4, 5}, []float64{1, 2}); a != 1 || f != 0 {
		t.Errorf("apart: %v %v", a, f)
	}
	if a, _ := separation([]float64{1, 1}, []float64{1, 1}); a != 0.5 {
		t.Errorf("equal: %v", a)
	}
}

// table answers what it is told.
type table map[string]faq.Result

func (m table) Match(_ context.Context, q faq.Question) (faq.Result, error) { return m[q.Text], nil }

func TestQuestionsCounts(t *testing.T) {
	m := table{
		"a": {Verdict: faq.Answered, Entry: "x"},
		"b": {Verdict: faq.Answered, Entry: "y"},
		"c": {Verdict: faq.Choices, Choices: []string{"x", "y"}},
		"d": {Verdict: faq.Unknown},
		"e": {Verdict: faq.Unknown},
	}
	qs, err := ReadQuestions(strings.NewReader("message\tentries\tvariety\na\tx,z\tid\nb\tx\tid\nc\ty\tjv\nd\tx\tjv\ne\t-\ten\n"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Questions(context.Background(), m, qs, func(id string) bool { return id == "y" })
	if err != nil {
		t.Fatal(err)
	}
	if r.All.Right.Count != 2 || r.All.Wrong.Count != 1 || r.All.CriticalWrong.Count != 1 || r.All.ChoicesHave.Count != 1 || r.All.Abstained.Count != 1 {
		t.Errorf("%+v", r.All)
	}
	if len(r.Varieties) != 3 || r.Varieties["id"].N != 2 {
		t.Errorf("%+v", r.Varieties)
	}
	ch, err := Compare(context.Background(), m, table{"a": {Verdict: faq.Answered, Entry: "x"}, "b": {Verdict: faq.Unknown}}, []string{"a", "b"})
	if err != nil || len(ch) != 1 || ch[0].Old != "answered y" {
		t.Errorf("%+v %v", ch, err)
	}
}

func TestSpoilIsRepeatable(t *testing.T) {
	rows := []Row{{"kapan hari pemungutan suara dilaksanakan", "a"}}
	for _, n := range Noises() {
		a, b := Spoil(rows, n, 3), Spoil(rows, n, 3)
		if a[0] != b[0] || (n == Unchanged) != (a[0] == rows[0]) {
			t.Errorf("%s: %q %q", n, a[0].Text, b[0].Text)
		}
	}
}
