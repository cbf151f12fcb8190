package match

import (
	"context"
	"slices"
	"testing"

	"tanya/faq"
)

// An answer to one piece of a message is given only where the whole points to the same entry, the entry is not critical
// and the piece is as sure as is asked near critical ones; else the piece's entry is the first choice (decision 0023).
func TestPieceNeedsTheWhole(t *testing.T) {
	const message = "kemarin tetangga ramai bercerita di warung. jam berapa mulai nyoblos?"
	train := func(critical string) *Engine {
		e, err := New(context.Background(), small(), Options{Calibration: Never, Critical: func(l string) bool { return l == critical }})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	plain := train("")
	limits := func(answer, critical float64) *policy {
		p := *cautious()
		p.answer, p.critical = answer, critical
		return &p
	}
	piece := ask(t, plain, "jam berapa mulai nyoblos").Score
	if piece < 0.5 || piece > 0.9999 {
		t.Fatalf("the piece alone scores %.4f; the cases below need one between", piece)
	}
	loose, strict := limits(piece/2, piece), limits(piece/2, (1+piece)/2)
	whole := func(v faq.Verdict, choices []string, candidates ...string) faq.Result {
		r := faq.Result{Verdict: v, Choices: choices}
		for _, c := range candidates {
			r.Candidates = append(r.Candidates, faq.Candidate{Entry: c})
		}
		return r
	}
	for _, c := range []struct {
		name    string
		e       *Engine
		p       *policy
		whole   faq.Result
		verdict faq.Verdict
		entry   string
		choices []string
	}{
		{"the whole agrees", plain, loose, whole(faq.Choices, []string{"jam", "ktp"}, "jam", "ktp"), faq.Answered, "jam", nil},
		{"the whole points elsewhere", plain, loose, whole(faq.Choices, []string{"ktp", "lapor"}, "ktp", "jam"), faq.Choices, "", []string{"jam", "ktp", "lapor"}},
		{"the entry is critical", train("jam"), loose, whole(faq.Choices, []string{"jam", "ktp"}, "jam", "ktp"), faq.Choices, "", []string{"jam", "ktp"}},
		{"the piece is not sure enough", plain, strict, whole(faq.Choices, []string{"ktp", "jam"}, "jam", "ktp"), faq.Choices, "", []string{"jam", "ktp"}},
		{"the whole is nothing known", plain, loose, whole(faq.Unknown, nil, "ktp", "jam"), faq.Choices, "", []string{"jam"}},
		{"no more than may be offered", plain, loose, whole(faq.Choices, []string{"ktp", "lapor", "lain"}, "ktp"), faq.Choices, "", []string{"jam", "ktp", "lapor"}},
		{"the whole is answered", plain, loose, faq.Result{Verdict: faq.Answered, Entry: "ktp"}, faq.Answered, "ktp", nil},
	} {
		r := c.whole
		c.e.several(&r, faq.Question{Text: message}, c.p)
		if r.Verdict != c.verdict || r.Entry != c.entry || c.choices != nil && !slices.Equal(r.Choices, c.choices) {
			t.Errorf("%s: %s %q %v, want %s %q %v", c.name, r.Verdict, r.Entry, r.Choices, c.verdict, c.entry, c.choices)
		}
	}
}
