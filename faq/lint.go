package faq

import (
	"fmt"
	"strings"
)

// Problem is one finding of the lint, in words that staff can act on.
type Problem struct {
	File    string `json:"file"`
	Line    int    `json:"line,omitempty"`
	Rule    string `json:"rule"`
	Message string `json:"message"`
	Advice  bool   `json:"advice,omitempty"` // worth a look, but does not keep content from being served
}

// String writes the problem on one line.
func (p Problem) String() string {
	where := p.File
	if p.Line > 0 {
		where = fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	kind := "salah"
	if p.Advice {
		kind = "saran"
	}
	return fmt.Sprintf("%s: %s [%s] %s", where, kind, p.Rule, p.Message)
}

// LintError says that content is not fit to be served.
type LintError struct{ Problems []Problem }

// Error gives the count and the first findings.
func (e *LintError) Error() string {
	lines := make([]string, 0, 4)
	for _, p := range e.Problems[:min(3, len(e.Problems))] {
		lines = append(lines, p.String())
	}
	if n := len(e.Problems) - len(lines); n > 0 {
		lines = append(lines, fmt.Sprintf("dan %d lagi", n))
	}
	return fmt.Sprintf("isi tidak lolos pemeriksaan (%d temuan): %s", len(e.Problems), strings.Join(lines, "; "))
}

// Lint checks the whole edition. The findings are sorted by file and line.
func (ed *Edition) Lint() []Problem {
	l := &linter{ed: ed, text: map[string]string{}}
	l.checkFacts()
	l.checkElections()
	l.checkQuiz()
	for _, id := range ed.ids {
		l.checkEntry(ed.entries[id])
	}
	l.checkPictures()
	l.checkCandidates()
	l.checkMixtures()
	l.checkTerms()
	l.checkPhrasings()
	return l.sorted()
}
