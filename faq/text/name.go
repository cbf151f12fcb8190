package text

// Name is a name that a message mentions.
type Name struct {
	Kind string // "wilayah", "blora", "calon", "partai", "agama" or "suku"
	Full string // as the lexicon writes it, folded
	At   int    // first token
	Len  int    // how many tokens
}

// Names finds the names of places, candidates, parties, religions and ethnic groups among tokens, longest first
// at each place, from left to right.
func Names(tokens []string) []Name {
	lex := lexicon()
	var out []Name
	for i := 0; i < len(tokens); i++ {
		for _, n := range lex.name[tokens[i]] {
			if starts(tokens[i+1:], n.rest) {
				out = append(out, Name{n.kind, n.full, i, 1 + len(n.rest)})
				i += len(n.rest)
				break
			}
		}
	}
	return out
}

// MaskNames puts one word in the place of every name of a person, a party, a religion or an ethnic group
// ("#calon", "#agama"), so that a reply cannot depend on which of them was named. Places stay.
func MaskNames(tokens []string) []string {
	names := Names(tokens)
	if len(names) == 0 {
		return tokens
	}
	out := make([]string, 0, len(tokens))
	at := 0
	for _, n := range names {
		mask := ""
		switch n.Kind {
		case "calon", "partai":
			mask = "#calon"
		case "agama", "suku":
			mask = "#agama"
		default:
			continue
		}
		out = append(out, tokens[at:n.At]...)
		if len(out) == 0 || out[len(out)-1] != mask {
			out = append(out, mask)
		}
		at = n.At + n.Len
	}
	return append(out, tokens[at:]...)
}
