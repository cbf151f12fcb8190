package eval

import (
	"context"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"tanya/faq"
)

// Point is how often the right entry came first, and among the first three, under one circumstance.
type Point struct {
	Name string `json:"name"`
	Top1 Share  `json:"top1"`
	Top3 Share  `json:"top3"`
}

// every is which rows of a label are asked: one in five; the others are learned from.
const every = 5

// Learning is the learning curve: one row in five of each label is held out and asked, of the others at most a number per
// label is learned from, for each of the numbers; 0 means all. Labels of fewer than five rows are learned and not asked.
func Learning(ctx context.Context, build Build, rows []Row, numbers []int) ([]Point, error) {
	learn, ask := split(rows)
	var out []Point
	for _, n := range numbers {
		name, part := "semua", learn
		if n > 0 {
			name, part = fmt.Sprint(n), atMost(learn, n)
		}
		m, err := build(ctx, part, nil)
		if err != nil {
			return nil, fmt.Errorf("train on %s per label: %w", name, err)
		}
		p, err := point(ctx, name, m, ask)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// Noisy is the noise curve: the same rows are held out, all others learned from, and what is asked is spoiled in each way.
func Noisy(ctx context.Context, build Build, rows []Row) ([]Point, error) {
	learn, ask := split(rows)
	m, err := build(ctx, learn, nil)
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	var out []Point
	for _, n := range Noises() {
		p, err := point(ctx, string(n), m, Spoil(ask, n, 1))
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// split holds every fifth row of a label out. Rows that nothing answers are learned and not asked.
func split(rows []Row) (learn, ask []Row) {
	seen := map[string]int{}
	for _, r := range rows {
		if seen[r.Label]++; seen[r.Label]%every == 0 && r.Label != OutOfScope {
			ask = append(ask, r)
		} else {
			learn = append(learn, r)
		}
	}
	return learn, ask
}

// atMost keeps the first n rows of each label, and all that nothing answers.
func atMost(rows []Row, n int) []Row {
	seen := map[string]int{}
	var out []Row
	for _, r := range rows {
		if seen[r.Label]++; seen[r.Label] <= n || r.Label == OutOfScope {
			out = append(out, r)
		}
	}
	return out
}

// point asks all rows. A refusal counts as the entry that refuses.
func point(ctx context.Context, name string, m faq.Matcher, rows []Row) (Point, error) {
	first, three := 0, 0
	for _, r := range rows {
		res, err := m.Match(ctx, faq.Question{Text: r.Text})
		if err != nil {
			return Point{}, err
		}
		at := slices.IndexFunc(res.Candidates, func(c faq.Candidate) bool { return c.Entry == r.Label })
		if res.Verdict == faq.Declined && res.Entry == r.Label {
			at = 0
		}
		if at == 0 {
			first++
		}
		if at >= 0 && at < 3 {
			three++
		}
	}
	return Point{name, NewShare(first, len(rows)), NewShare(three, len(rows))}, nil
}

// WritePoints writes a curve as a table.
func WritePoints(w io.Writer, heading string, ps []Point) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "%s\tn\ttop-1\ttop-3\t\n", heading)
	for _, p := range ps {
		fmt.Fprintf(t, "%s\t%d\t%.2f\t%.2f\t\n", p.Name, p.Top1.Of, 100*p.Top1.Share, 100*p.Top3.Share)
	}
	return t.Flush()
}
