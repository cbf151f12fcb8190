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

// MaskNames puts one word in the place of every name of a person, a party, a religion, an ethnic group or a place, so
// that a reply cannot depend on which of them was named: "#calon", "#agama", "#wilayah", and "blora" for the places
// of this regency.
func MaskNames(tokens []string) []string {
	names := Names(tokens)
	if len(names) == 0 {
		return tokens
	}
	out := make([]string, 0, len(tokens))
	at := 0
	for _, n := range names {
		out = append(out, tokens[at:n.At]...)
		if m := n.mask(); len(out) == 0 || out[len(out)-1] != m {
			out = append(out, m)
		}
		at = n.At + n.Len
	}
	return append(out, tokens[at:]...)
}

func (n Name) mask() string {
	switch n.Kind {
	case "calon", "partai":
		return "#calon"
	case "agama", "suku":
		return "#agama"
	case "wilayah":
		return "#wilayah"
	}
	return "blora"
}
