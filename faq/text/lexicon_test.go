package text

import "testing"

// Every row of every lexicon must be usable, so that a staff member who adds one learns at once what is wrong.
func TestLexiconsParse(t *testing.T) {
	lex, bad := parse(files)
	for _, p := range bad {
		t.Error(p)
	}
	if len(lex.concept) < 2000 || len(lex.short) < 400 {
		t.Errorf("only %d concept words and %d short forms", len(lex.concept), len(lex.short))
	}
}

// A shorthand form must not lead to another shorthand form: one step is all that Tokens takes.
func TestShorthandEndsInStandardWords(t *testing.T) {
	lex, _ := parse(files)
	for from, to := range lex.short {
		for _, w := range to {
			if std, ok := lex.short[w]; ok && !(len(std) == 1 && std[0] == w) {
				t.Errorf("%q is written out as %q, which is itself shorthand", from, w)
			}
		}
	}
}
