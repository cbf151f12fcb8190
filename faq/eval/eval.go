// Package eval measures matchers: on labelled intent sets, on questions about the office's own content, under typing
// noise, and against each other. It knows matchers only by the faq.Matcher interface, so that every kind of matcher
// is measured by the same yardstick, and it is part of the program, so that staff can measure what they run.
package eval

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strings"
)

// OutOfScope is the label of rows that nothing answers.
const OutOfScope = "oos"

// Row is a text with its label.
type Row struct {
	Text  string
	Label string
}

// ReadRows reads "text <TAB> label" lines. Empty lines are skipped; a line without a tab is an error that names it.
func ReadRows(r io.Reader) ([]Row, error) {
	var out []Row
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 1<<20)
	for n := 1; sc.Scan(); n++ {
		if strings.TrimSpace(sc.Text()) == "" {
			continue
		}
		text, label, ok := strings.Cut(sc.Text(), "\t")
		if !ok {
			return nil, fmt.Errorf("line %d: no tab between text and label", n)
		}
		label, _, _ = strings.Cut(label, "\t")
		out = append(out, Row{text, strings.TrimSpace(label)})
	}
	return out, sc.Err()
}

// ReadLines reads unlabelled text, one message a line; what stands behind a tab is left out.
func ReadLines(r io.Reader) ([]string, error) {
	var out []string
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		if s, _, _ := strings.Cut(sc.Text(), "\t"); strings.TrimSpace(s) != "" {
			out = append(out, s)
		}
	}
	return out, sc.Err()
}

// Share is k of n with the exact two-sided 95% confidence interval of Clopper and Pearson (1934).
type Share struct {
	Count int     `json:"count"`
	Of    int     `json:"of"`
	Share float64 `json:"share"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// NewShare counts k of n.
func NewShare(k, n int) Share {
	s := Share{Count: k, Of: n, High: 1}
	if n == 0 {
		return s
	}
	s.Share = float64(k) / float64(n)
	s.High = exactUpper(k, n, 0.025)
	s.Low = 1 - exactUpper(n-k, n, 0.025)
	return s
}

// exactUpper is the share at which k or fewer of n still happen with probability tail.
func exactUpper(k, n int, tail float64) float64 {
	if k >= n {
		return 1
	}
	lo, hi := float64(k)/float64(n), 1.0
	for range 50 {
		p := (lo + hi) / 2
		if binomialBelow(k, n, p) > tail {
			lo = p
		} else {
			hi = p
		}
	}
	return hi
}

// binomialBelow is the probability of k or fewer among n.
func binomialBelow(k, n int, p float64) float64 {
	all, _ := math.Lgamma(float64(n + 1))
	sum := 0.0
	for i := range k + 1 {
		a, _ := math.Lgamma(float64(i + 1))
		b, _ := math.Lgamma(float64(n - i + 1))
		sum += math.Exp(all - a - b + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
	}
	return sum
}

// String writes a share as "93.4% (99 of 106; 86.9-97.3)".
func (s Share) String() string {
	return fmt.Sprintf("%.1f%% (%d of %d; %.1f-%.1f)", 100*s.Share, s.Count, s.Of, 100*s.Low, 100*s.High)
}
