package text

import (
	"strconv"
	"strings"
)

// Concepts maps the tokens of one message to what they mean, in order: a word of the concept lexicon becomes
// its concept ("coblos", whatever the language or politeness), another word its stem, a figure its class
// ("#umur", "#tahun", "#jam", "#uang", "#tanggal", "#angka", "#nomor") with the value behind it ("=17"); expressions that
// say more than their words come at the end as well ("+tanpa-ktp"). Words
// without meaning of their own (sih, kok, to, the) are left out, and a word that is said twice in a row stands once.
func Concepts(tokens []string) []string {
	return AppendConcepts(make([]string, 0, len(tokens)+4), tokens, nil)
}

// AppendConcepts appends what Concepts returns to an empty slice that the caller uses again. meaning, where it is not nil,
// gives what Meaning says of the token at i, or "" where the caller does not know that.
func AppendConcepts(out, tokens []string, meaning func(i int) string) []string {
	lex := lexicon()
	var values []string
	for i := 0; i < len(tokens); {
		c, n := lex.expression(tokens[i:])
		if n > 0 && c[0] == '+' {
			values = append(values, c)
			n = 0
		}
		if n == 0 {
			c, n = lex.word(tokens, i, &values, meaning)
		}
		i += n
		if c != "-" && (len(out) == 0 || out[len(out)-1] != c) {
			out = append(out, c)
		}
	}
	return append(out, values...)
}

// expression finds the longest expression of the lexicon that tokens begins with.
func (lex *lexica) expression(tokens []string) (concept string, n int) {
	for _, p := range lex.phrase[tokens[0]] {
		if startsLike(tokens[1:], p.rest) {
			return p.concept, 1 + len(p.rest)
		}
	}
	return "", 0
}

func starts(tokens, rest []string) bool {
	if len(tokens) < len(rest) {
		return false
	}
	for i, w := range rest {
		if tokens[i] != w {
			return false
		}
	}
	return true
}

// startsLike is starts with clitics at the last word allowed ("layang suarane").
func startsLike(tokens, rest []string) bool {
	n := len(rest)
	return len(tokens) >= n && starts(tokens, rest[:n-1]) && (tokens[n-1] == rest[n-1] || clitic(tokens[n-1]) == rest[n-1])
}

// word is the meaning of the token at i, which may take the next tokens along when it is a number in words.
func (lex *lexica) word(tokens []string, i int, values *[]string, meaning func(i int) string) (concept string, n int) {
	w := tokens[i]
	if v, n := number(tokens[i:]); n > 0 {
		*values = append(*values, "="+v)
		return class(tokens, i, n, v), n
	}
	if w[0] == '#' {
		switch w {
		case "#tautan", "#surel", "#berkas": // left by redaction: a link, a mail address, a file
			return lex.concept[w[1:]], 1
		}
		return w, 1
	}
	if c := lex.ambiguous(tokens, i); c != "" {
		return c, 1
	}
	if meaning != nil {
		if c := meaning(i); c != "" {
			return c, 1
		}
	}
	return lex.meaningOrStem(w), 1
}

// Meaning is what a word means that is no number and has no word beside it that settles what it means: its concept, or else
// its stem.
func Meaning(w string) string { return lexicon().meaningOrStem(w) }

func (lex *lexica) meaningOrStem(w string) string {
	if c := lex.meaning(w); c != "" {
		return c
	}
	return stemAny(w)
}

// ambiguous settles words that mean one thing before or behind certain words and another elsewhere: "dapat" (can,
// get), "oleh" (by, may), "bagi" (for, share).
func (lex *lexica) ambiguous(tokens []string, i int) string {
	before, after := "", ""
	if i > 0 {
		before = tokens[i-1]
	}
	if i+1 < len(tokens) {
		after = tokens[i+1]
	}
	switch tokens[i] {
	case "dapat":
		if len(after) > 4 && (strings.HasPrefix(after, "me") || strings.HasPrefix(after, "di") || strings.HasPrefix(after, "ber")) {
			return "bisa"
		}
	case "oleh":
		if len(before) > 4 && (strings.HasPrefix(before, "di") || strings.HasPrefix(before, "ter")) {
			return "-"
		}
	case "bagi":
		switch lex.meaning(after) {
		case "orang", "pemilih", "calon", "-", "saya", "anda", "pemula", "keluarga", "asn", "sakit", "disabilitas", "mahasiswa", "kerja", "tua", "beri":
			if after != "bagi" {
				return "untuk"
			}
		}
	}
	return ""
}

// meaning looks a word up as typed, then as Javanese in its other spelling, then with affixes off; "" when it
// has none.
func (lex *lexica) meaning(w string) string {
	if c, ok := lex.concept[w]; ok {
		return c
	}
	if !letters(w) || len(w) < 4 || len(w) > 24 {
		return ""
	}
	if c, ok := lex.javanese[spelling(w)]; ok {
		return c
	}
	var ends [8]string
	cut := append(ends[:0], w)
	for _, e := range [...]string{"nipun", "ipun", "nya", "kah", "lah", "ku", "mu", "ne", "e", "in", "no", "ke", "na", "kan", "aken", "ake", "an", "i"} {
		if n := len(w) - len(e); n >= 3 && w[n:] == e && len(cut) < len(ends) {
			cut = append(cut, w[:n])
		}
	}
	for _, s := range cut {
		if c := lex.root(s); c != "" {
			return c
		}
	}
	for _, s := range [...]string{Stem(w), English(w), English(w) + "e"} {
		if c, ok := lex.concept[s]; ok && c != "-" && s != w {
			return c
		}
	}
	return ""
}

// root looks up what is left of a word when an ending went, as it is and with each prefix off.
func (lex *lexica) root(s string) string {
	if c, ok := lex.concept[s]; ok && c != "-" {
		return c
	}
	if len(s) < 5 {
		return ""
	}
	if c, ok := lex.javanese[spelling(s)]; ok {
		return c
	}
	if r, ok := strings.CutPrefix(s, "ka"); ok {
		if c, ok := lex.concept[r]; ok && c != "-" && len(r) >= 4 {
			return c
		}
	}
	for range 2 {
		r := prefix(s)
		if r == s || len(r) < 4 {
			return ""
		}
		s = r
		if c, ok := lex.concept[s]; ok && c != "-" {
			return c
		}
	}
	return ""
}

// spelling folds the two ways to write Javanese: a/o, dh/d, th/t.
func spelling(w string) string {
	var buf [24]byte
	b := buf[:0]
	for i := 0; i < len(w) && len(b) < len(buf); i++ {
		switch {
		case w[i] == 'o':
			b = append(b, 'a')
		case w[i] == 'h' && i > 0 && (w[i-1] == 'd' || w[i-1] == 't'):
		default:
			b = append(b, w[i])
		}
	}
	return string(b)
}

// clitic takes off what is glued to any word in chats: -nya, -ku, -mu, -e, -ne, -ipun, -lah, -kah.
func clitic(w string) string {
	for _, c := range [...]string{"nipun", "ipun", "nya", "kah", "lah", "ku", "mu", "ne", "e"} {
		if n := len(w) - len(c); n >= 3 && w[n:] == c {
			return w[:n]
		}
	}
	return w
}

// stemAny gives the stem that serves as a feature: the Indonesian one where it changes the word, else the
// English one.
func stemAny(w string) string {
	if s := Stem(w); s != w {
		return s
	}
	return English(w)
}

// English takes off the endings -ing, -ed, -es, -s, -ly, -ment of an English word of five letters or more.
func English(w string) string {
	n := len(w)
	if n < 4 || !letters(w) {
		return w
	}
	cut := func(k int) string {
		r := w[:n-k]
		if m := len(r); m > 3 && r[m-1] == r[m-2] && !vowel(r[m-1]) && r[m-1] != 'l' && r[m-1] != 's' {
			r = r[:m-1]
		}
		if m := len(r); m > 3 && r[m-1] == 'e' {
			r = r[:m-1]
		}
		if m := len(r); m > 2 && r[m-1] == 'i' {
			r = r[:m-1] + "y"
		}
		return r
	}
	switch {
	case n > 5 && w[n-3:] == "ing":
		return cut(3)
	case n > 4 && w[n-2:] == "ed":
		return cut(2)
	case n > 4 && w[n-2:] == "es":
		return cut(2)
	case w[n-1] == 's' && w[n-2] != 's' && w[n-2] != 'u' && w[n-2] != 'i':
		return cut(1)
	case n > 5 && w[n-2:] == "ly":
		return cut(2)
	case n > 4 && w[n-1] == 'e':
		return w[:n-1]
	}
	return w
}

// class names what a number is, from the words around it and its size.
func class(tokens []string, i, n int, v string) string {
	before, after := "", ""
	if i > 0 {
		before = tokens[i-1]
	}
	if i+n < len(tokens) {
		after = tokens[i+n]
	}
	x, err := strconv.ParseFloat(v, 64)
	switch {
	case err != nil && len(v) > 0 && v[0] == 't':
		return "#tanggal"
	case before == "jam" || before == "pukul" || before == "tabuh" || err != nil && v[0] == 'j':
		return "#jam"
	case before == "rp" || after == "rupiah" || after == "ribu" || after == "ewu" || after == "juta" || err == nil && x >= 5000:
		if len(v) >= 9 {
			return "#nomor"
		}
		return "#uang"
	case err == nil && x >= 1945 && x <= 2100:
		return "#tahun"
	case before == "umur" || before == "usia" || after == "tahun" || after == "taun" || before == "age" || before == "aged":
		return "#umur"
	case before == "tanggal":
		return "#tanggal"
	}
	return "#angka"
}

// HasConcept reports whether the lexicon gives a word a meaning, as typed or with its affixes off.
func HasConcept(w string) bool {
	lex := lexicon()
	_, kind := numeral(w)
	return w != "" && (lex.meaning(w) != "" || kind != 0 || digit(w[0]))
}
