package eval

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
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

// echo knows the texts that it was shown, and nothing else.
type echo map[string]string

func (m echo) Match(_ context.Context, q faq.Question) (faq.Result, error) {
	if l := m[q.Text]; l != "" {
		return faq.Result{Candidates: []faq.Candidate{{Entry: l}}}, nil
	}
	return faq.Result{Candidates: []faq.Candidate{{Entry: "x"}, {Entry: "y"}}}, nil
}

// What is asked is never learned, no label brings more than it may, and the curves count places.
func TestCurves(t *testing.T) {
	var rows []Row
	for i := range 20 {
		rows = append(rows, Row{fmt.Sprintf("kata yang pertama %d", i), "x"}, Row{fmt.Sprintf("kata yang kedua %d", i), "y"}, Row{fmt.Sprintf("lain %d", i), OutOfScope})
	}
	var sizes []int
	build := func(_ context.Context, train []Row, _ []string) (faq.Matcher, error) {
		m, n := echo{}, 0
		for _, r := range train {
			if m[r.Text] = r.Label; r.Label == "x" {
				n++
			}
		}
		sizes = append(sizes, n)
		return m, nil
	}
	ps, err := Learning(context.Background(), build, rows, []int{4, 0})
	if err != nil || len(ps) != 2 || !slices.Equal(sizes, []int{4, 16}) {
		t.Fatalf("%+v %v, learned from %v", ps, err, sizes)
	}
	if p := ps[1]; p.Top1.Count != 4 || p.Top1.Of != 8 || p.Top3.Count != 8 {
		t.Errorf("nothing that was learned is asked, so all are x first and y second: %+v", p)
	}
	ps, err = Noisy(context.Background(), build, rows)
	if err != nil || len(ps) != len(Noises()) || ps[0].Name != "clean" || ps[0].Top3.Count != 8 {
		t.Errorf("%+v %v", ps, err)
	}
	if _, err := Learning(context.Background(), func(context.Context, []Row, []string) (faq.Matcher, error) { return nil, io.EOF }, rows, []int{1}); !errors.Is(err, io.EOF) {
		t.Errorf("error %v", err)
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
