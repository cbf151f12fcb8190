package match

import (
	"os"
	"slices"
	"strings"
	"testing"

	"tanya/faq"
)

// TestPlainQuestions asks what most people want to know in the few words that most people use, in four languages, of every
// entry on which a vote may hang. Nine of ten must be answered at once and none wrongly; the others get choices. Phrasings
// were written with the list at hand, so that it is a floor for changes and no forecast.
func TestPlainQuestions(t *testing.T) {
	e := contentMatcher(t)
	b, err := os.ReadFile("testdata/plain.tsv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")[1:]
	right := 0
	for _, line := range lines {
		message, entries, _ := strings.Cut(line, "\t")
		want := strings.Split(entries, ",")
		r := ask(t, e, message)
		switch {
		case slices.Contains(want, r.Entry):
			right++
		case r.Verdict == faq.Answered || r.Verdict == faq.Declined:
			t.Errorf("%q is answered from %s, want %s", message, r.Entry, entries)
		default:
			t.Logf("%q gets %v %v, want %s", message, r.Verdict, r.Choices, entries)
		}
	}
	t.Logf("%d of %d answered", right, len(lines))
	if right*10 < len(lines)*9 {
		t.Errorf("only %d of %d plain questions are answered", right, len(lines))
	}
}
