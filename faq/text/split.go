package text

import (
	"slices"
	"strings"
)

// Split cuts a message that seems to hold several questions into them, in order. It cuts after question marks,
// full stops, semicolons and line ends, and before words such as "terus", "sekalian" or "and also" when a question word
// follows soon. Pieces of fewer than two meaningful words stay with their neighbour; a message with one question comes
// back whole. At most four pieces are returned.
func Split(s string) []string {
	s = clip(s)
	var out []string
	for _, sentence := range sentences(s) {
		if strings.TrimSpace(sentence) != "" {
			out = append(out, clauses(sentence)...)
		}
	}
	if len(out) < 2 {
		return []string{s}
	}
	out = gather(out)
	if len(out) > 4 {
		out = append(out[:3:3], strings.Join(out[3:], " "))
	}
	return out
}

// sentencesMax is how many sentences are told apart; what follows stays with the last. Nobody asks as many questions.
const sentencesMax = 32

// sentences cuts at sentence ends, leaving "07.00" and "No." whole and signs in a row together.
func sentences(s string) []string {
	var out []string
	from := 0
	for i := 0; i < len(s) && len(out) < sentencesMax-1; i++ {
		switch c := s[i]; {
		case c == '?' || c == '\n' || c == ';' || c == '!':
			for i+1 < len(s) && (s[i+1] == '?' || s[i+1] == '!' || s[i+1] == '\n') {
				i++
			}
		case c == '.' && i+1 < len(s) && (s[i+1] == ' ' || s[i+1] == '\n') && i-from > 8:
		default:
			continue
		}
		out = append(out, s[from:i+1])
		from = i + 1
	}
	return append(out, s[from:])
}

// clauses cuts one sentence before a connective that begins another question.
func clauses(s string) []string {
	lex := lexicon()
	ws := strings.Fields(s)
	if len(ws) < 6 {
		return []string{s}
	}
	if !slices.ContainsFunc(ws[2:len(ws)-2], func(w string) bool { return connective(Normalize(w)) }) {
		return []string{s} // most messages
	}
	folded, asks := make([]string, len(ws)), make([]bool, len(ws))
	for i, w := range ws {
		folded[i] = Normalize(w)
		asks[i] = lex.asks(folded[i])
	}
	var out []string
	from, asked := 0, false
	for i := range ws {
		if len(ws)-from < 6 {
			break
		}
		if i >= from+2 && len(ws)-i >= 3 && asked && connective(folded[i]) && slices.Contains(asks[i+1:min(i+6, len(ws))], true) {
			out = append(out, strings.Join(ws[from:i], " "))
			from, asked = i+1, false
			continue
		}
		asked = asked || asks[i]
	}
	if from == 0 {
		return []string{s}
	}
	return append(out, strings.Join(ws[from:], " "))
}

func connective(w string) bool {
	switch w {
	case "terus", "trus", "trs", "lalu", "sekalian", "lan", "kalih", "karo", "dan", "and", "also", "sama", "plus", "serta":
		return true
	}
	return false
}

// asks reports whether a folded word asks, in any of the languages or in shorthand.
func (lex *lexica) asks(w string) bool {
	if std, ok := lex.short[w]; ok && len(std) == 1 {
		w = std[0]
	}
	switch lex.concept[w] {
	case "kapan", "di-mana", "bagaimana", "berapa", "siapa", "mengapa", "apa", "apakah", "mana", "bolehkah", "boleh", "bisa":
		return true
	}
	return false
}

// meaningful reports whether tokens have two meanings or more. Of a long text the beginning is enough: an expression that is
// cut in two cannot make up eight meanings.
func meaningful(tokens []string) bool {
	return len(tokens) > 24 && len(Concepts(tokens[:24])) >= 8 || len(Concepts(tokens)) >= 2
}

// carryMax is how many bytes without meaning are carried to the next piece; more are a piece of their own, so that a
// message that says nothing is not read again and again.
const carryMax = 400

// gather joins pieces of fewer than two meaningful words with the piece before or after them.
func gather(pieces []string) []string {
	var out []string
	carry := ""
	for _, p := range pieces {
		p = strings.TrimSpace(carry + " " + p)
		rest, _ := StripGreeting(Tokens(p))
		if !meaningful(rest) && len(carry) < carryMax {
			if len(out) > 0 {
				out[len(out)-1] += " " + p
				carry = ""
			} else {
				carry = p
			}
			continue
		}
		carry = ""
		out = append(out, p)
	}
	if len(out) == 0 {
		out = append(out, carry)
	}
	return out
}
