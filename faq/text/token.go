package text

import "strings"

// Tokens returns the words of s in their normal form: folded, shorthand written out ("kpn" is "kapan"),
// written reduplication undone ("kira2" is "kira kira"), letters and figures that were typed together taken
// apart ("jam7" is "jam 7", "50rb" is "50 ribu"), laughter left out. Words that no lexicon knows stay as typed.
func Tokens(s string) []string {
	lex := lexicon()
	raw := strings.Fields(Normalize(s))
	out := make([]string, 0, len(raw)+4)
	for _, w := range raw {
		out = lex.appendWord(out, w)
	}
	return lex.join(out)
}

// appendWord appends the normal form of one folded word to out.
func (lex *lexica) appendWord(out []string, w string) []string {
	if w[0] == '#' {
		return append(out, w)
	}
	if std, ok := lex.short[w]; ok {
		return append(out, std...)
	}
	if laughter(w) {
		return out
	}
	n := len(w)
	if letters(w) {
		if r := w[:max(0, n-1)]; n > 3 && w[n-1] == w[n-2] && !lex.known[w] {
			// "dongg", "yaa": one letter too many at the end, where the shorter word is a known one
			if std, ok := lex.short[r]; ok {
				return append(out, std...)
			}
			if lex.known[r] {
				return append(out, r)
			}
		}
		return append(out, w)
	}
	if n >= 3 && n <= 24 && w[n-1] == '2' && letters(w[:n-1]) && !lex.known[w] {
		before := len(out)
		out = lex.appendWord(out, w[:n-1])
		return append(out, out[max(before, len(out)-1):]...) // of "haha2" nothing is left to say twice
	}
	if head, tail, ok := cutFigure(w); ok && !lex.known[w] {
		return lex.appendWord(lex.appendWord(out, head), tail)
	}
	return append(out, w)
}

// join applies the multi-word rows of the shorthand lexicon ("di mana" is "dimana").
func (lex *lexica) join(ws []string) []string {
	out := ws[:0]
	for i := 0; i < len(ws); i++ {
		w := ws[i]
		if i+1 < len(ws) {
			if std, ok := lex.pair[[2]string{w, ws[i+1]}]; ok {
				w = std
				i++
			}
		}
		out = append(out, w)
	}
	return out
}

// cutFigure cuts a word at its first border between letters and figures, where both sides are long enough to
// mean something by themselves: "jam7", "17th", "50rb", but not "c6", "b1" or "h7".
func cutFigure(w string) (head, tail string, ok bool) {
	if len(w) > cutMax {
		return "", "", false
	}
	for i := 1; i < len(w); i++ {
		a, b := figure(w[i-1]), figure(w[i])
		if a == b {
			continue
		}
		if a && len(w)-i >= 1 || b && i >= 2 {
			return w[:i], w[i:], true
		}
		return "", "", false
	}
	return "", "", false
}

// cutMax is the length of the longest word that is taken apart: what is longer was not typed by a person.
const cutMax = 200

func figure(c byte) bool { return c < 'a' || c > 'z' }

// laughter reports whether a word is written laughter: wkwkwk, haha, hehehe, hihi, awokwok, xixi.
func laughter(w string) bool {
	if len(w) < 4 {
		return w == "lol" || w == "wkw" || w == "wk"
	}
	for _, s := range [...]string{"wk", "ha", "he", "hi", "xi", "kw", "ah", "eh"} {
		if only(w, s) {
			return w != "haha"[:2]
		}
	}
	return strings.HasPrefix(w, "awok") || strings.HasPrefix(w, "wkwk") || strings.HasPrefix(w, "ngakak")
}

// only reports whether w consists of the two letters of s taking turns (a slip of one letter is allowed).
func only(w, s string) bool {
	slips := 0
	for i := 0; i < len(w); i++ {
		if w[i] != s[0] && w[i] != s[1] {
			return false
		}
		if i > 0 && w[i] == w[i-1] {
			slips++
		}
	}
	return strings.Contains(w, s+s) || slips <= 1 && strings.Count(w, s) >= 2
}
