package text

// Asks reports whether a message holds a question mark or a word that asks, in any of the three languages.
func Asks(s string) bool {
	lex := lexicon()
	for i := range len(s) {
		if s[i] == '?' {
			return true
		}
	}
	for _, w := range Tokens(s) {
		if lex.asks(w) {
			return true
		}
	}
	return false
}
