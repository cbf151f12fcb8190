package text

import "strings"

// Stem takes the Indonesian and Javanese affixes off a folded word and returns what is left, or the word itself
// where nothing fits. It needs no dictionary and is meant as an extra feature beside the word, never instead of
// it: what counts is that "mencoblos", "dicoblos", "coblosan" and "nyoblos" meet, not that the result is a word.
// Words of fewer than five letters and words with figures stay as they are.
func Stem(w string) string {
	if len(w) < 5 || !letters(w) {
		return w
	}
	s := suffixes(w)
	s = prefixes(s)
	if len(s) < 3 {
		return w
	}
	return s
}

// suffixes takes off clitics first (-nya, -ku, -mu, -lah, -kah, -ipun), then -kan, -an, -i, -ake, -e.
func suffixes(w string) string {
	for _, c := range [...]string{"kah", "lah", "nya", "ipun", "nipun", "ku", "mu", "ne"} {
		if r, ok := strings.CutSuffix(w, c); ok && len(r) >= 4 {
			w = r
			break
		}
	}
	for _, c := range [...]string{"akan", "aken", "ake", "kan", "an", "i"} {
		if r, ok := strings.CutSuffix(w, c); ok && len(r) >= 4 && !vowel(r[len(r)-1]) {
			return r
		}
	}
	if r, ok := strings.CutSuffix(w, "kan"); ok && len(r) >= 4 {
		return r
	}
	return w
}

// prefixes takes off up to two of the prefixes me-, di-, ber-, ter-, pe-, per-, ke-, se-, and undoes the nasal
// that swallows a first letter (menulis: tulis; nyoblos: coblos; ngurus: urus).
func prefixes(w string) string {
	for range 2 {
		r := prefix(w)
		if r == w || len(r) < 3 {
			break
		}
		w = r
	}
	return w
}

func prefix(w string) string {
	if w == "" {
		return w
	}
	for i := range prefixForms {
		p := &prefixForms[i]
		if p.from[0] != w[0] {
			continue
		}
		r, ok := strings.CutPrefix(w, p.from)
		if !ok || len(r)+len(p.to) < 4 {
			continue
		}
		if p.to == "" && len(p.from) <= 2 && len(r) < 4 {
			continue
		}
		return p.to + r
	}
	return w
}

// prefixForms are the forms of the prefixes with what they stand for, in the order in which they are tried.
var prefixForms = [...]struct{ from, to string }{
	{"menye", "se"}, {"menya", "sa"}, {"menyi", "si"}, {"menyo", "so"}, {"menyu", "su"},
	{"penye", "se"}, {"penya", "sa"}, {"penyi", "si"}, {"penyu", "su"},
	{"meng", ""}, {"peng", ""}, {"memb", "b"}, {"pemb", "b"}, {"memp", "p"}, {"memf", "f"},
	{"mema", "pa"}, {"memi", "pi"}, {"memu", "pu"}, {"memo", "po"}, {"meme", "pe"}, {"pemi", "pi"}, {"pemu", "pu"}, {"pema", "pa"},
	{"menc", "c"}, {"mend", "d"}, {"menj", "j"}, {"penc", "c"}, {"pend", "d"}, {"penj", "j"},
	{"mena", "ta"}, {"meni", "ti"}, {"menu", "tu"}, {"mene", "te"}, {"meno", "to"}, {"pena", "ta"}, {"penu", "tu"}, {"peni", "ti"},
	{"mer", "r"}, {"mel", "l"}, {"pel", "l"},
	{"dipun", ""}, {"nge", ""}, {"ngg", "g"}, {"ndh", "d"}, {"nd", "d"}, {"mb", "b"}, {"nj", "j"},
	{"ber", ""}, {"ter", ""}, {"per", ""}, {"di", ""}, {"ke", ""},
	{"nye", "se"}, {"nya", "sa"}, {"nyo", "co"}, {"nyu", "su"}, {"nyi", "si"}, {"ng", ""},
}

func vowel(c byte) bool { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' }

// Skeleton keeps the first letter and the consonants of a word, each run once: "bagaimana" and "bgmn" meet.
func Skeleton(w string) string {
	var buf [32]byte
	b := buf[:0]
	for i := 0; i < len(w) && len(b) < cap(b); i++ {
		if i > 0 && (vowel(w[i]) || w[i] == b[len(b)-1]) {
			continue
		}
		b = append(b, w[i])
	}
	return string(b)
}
