package bot

import (
	"slices"
	"strings"

	"tanya/faq/text"
)

// respelled writes a text again where letters were left out: "udngan blm dpt". A word that nobody knows is read as the
// known one that it is with one or two letters missing, and "dpt" behind a negation is "dapat" and not the voter list.
func respelled(s string) string {
	words := text.Tokens(s)
	if len(words) > respellMax {
		return s
	}
	out := slices.Clone(words)
	for i, w := range words {
		switch {
		case w == "dpt" && i > 0 && negation[words[i-1]]:
			out[i] = "dapat"
		case len(w) >= 5 && !text.Known(w) && !text.HasConcept(w):
			if v := withLetters(w); v != "" {
				out[i] = v
			}
		}
	}
	if slices.Equal(out, words) {
		return s
	}
	return strings.Join(out, " ")
}

// respellMax is up to how many words a text is read again: who writes more has words enough that are right.
const respellMax = 8

// negation are words that deny, as text.Tokens writes them.
var negation = wordSet("belum", "tidak", "gak", "ga", "nggak", "ngga", "enggak", "ndak", "durung", "ora", "dereng", "mboten")

// withLetters is the one word of the lexicon that begins as w does and is w with the fewest letters put back, at most
// two; "" when there is none or more than one.
func withLetters(w string) string {
	best, fewest, again := "", 3, false
	for _, v := range text.Vocabulary() {
		n := len(v) - len(w)
		if n < 1 || n > fewest || v[0] != w[0] || !leavesOut(w, v) {
			continue
		}
		best, fewest, again = v, n, n == fewest && best != ""
	}
	if again || fewest > 2 {
		return ""
	}
	return best
}

// leavesOut reports whether w is v without some of its letters.
func leavesOut(w, v string) bool {
	at := 0
	for i := 0; i < len(v) && at < len(w); i++ {
		if v[i] == w[at] {
			at++
		}
	}
	return at == len(w)
}
