package text

// Courtesy says what kind of words StripGreeting took off.
type Courtesy struct {
	Greeted bool // salam, halo, kulo nuwun, good morning
	Thanked bool // terima kasih, matur nuwun, thanks
	Padded  bool // "mau tanya", "min", "pak", "nyuwun pirsa"
}

// Any reports whether anything was taken off.
func (c Courtesy) Any() bool { return c.Greeted || c.Thanked || c.Padded }

// StripGreeting takes greetings, thanks, forms of address and padding off both ends of a message and returns the
// words between. It never eats a question: only whole expressions of the greeting lexicon go, and what is left
// keeps its order. An empty rest means that the message was nothing but courtesy.
func StripGreeting(tokens []string) (rest []string, taken Courtesy) {
	lex := lexicon()
	for len(tokens) > 0 {
		n := lex.courtesyAt(tokens, 0, &taken)
		if n == 0 {
			break
		}
		tokens = tokens[n:]
	}
	for len(tokens) > 0 {
		n := lex.courtesyEnd(tokens, &taken)
		if n == 0 {
			break
		}
		tokens = tokens[:len(tokens)-n]
	}
	return tokens, taken
}

// courtesyAt gives the length of the courtesy that begins at i, the longest there is.
func (lex *lexica) courtesyAt(tokens []string, i int, taken *Courtesy) int {
	for _, g := range lex.greet[tokens[i]] {
		if starts(tokens[i+1:], g.rest) {
			taken.note(g.kind)
			return 1 + len(g.rest)
		}
	}
	return 0
}

// courtesyEnd gives the length of the courtesy that the message ends with.
func (lex *lexica) courtesyEnd(tokens []string, taken *Courtesy) int {
	for n := min(5, len(tokens)); n > 0; n-- {
		at := len(tokens) - n
		for _, g := range lex.greet[tokens[at]] {
			if len(g.rest) == n-1 && starts(tokens[at+1:], g.rest) {
				taken.note(g.kind)
				return n
			}
		}
	}
	return 0
}

func (c *Courtesy) note(kind string) {
	switch kind {
	case "salam":
		c.Greeted = true
	case "terima-kasih":
		c.Thanked = true
	default:
		c.Padded = true
	}
}
