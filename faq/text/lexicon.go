package text

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
)

//go:embed lexicon/*.tsv
var files embed.FS

// lexicon parses the embedded files once. They are checked by the tests of this package, so that a row that
// cannot be read never reaches a release; if one did, it would be left out rather than stop the program.
var lexicon = sync.OnceValue(func() *lexica {
	lex, _ := parse(files)
	return lex
})

// lexica is everything the embedded files say. It is never changed after parse.
type lexica struct {
	short    map[string][]string  // shorthand.tsv: typed form -> standard words
	pair     map[[2]string]string // shorthand.tsv: two typed words -> one
	concept  map[string]string    // concepts.tsv: word -> concept
	javanese map[string]string    // the Javanese words of concepts.tsv in one spelling -> concept
	phrase   map[string][]phrase  // concepts.tsv: first word -> longer expressions, longest first
	greet    map[string][]greet   // greetings.tsv: first word -> expressions, longest first
	name     map[string][]name    // names.tsv: first word -> names, longest first
	lang     map[string]votes     // what a word says about the language
	known    map[string]bool      // every word that stands in a file as a standard word
}

type phrase struct {
	rest    []string // the words after the first
	concept string
}

type greet struct {
	rest []string
	kind string // "salam", "terima-kasih", "sapaan", "basa-basi"
}

type name struct {
	rest []string
	kind string // "wilayah", "blora", "calon", "partai", "agama", "suku"
	full string
}

// votes counts what a word says for Indonesian, Javanese and English.
type votes [3]float32

// problem is a row that cannot be used.
type problem struct {
	file string
	line int
	why  string
}

func (p problem) String() string { return fmt.Sprintf("%s:%d: %s", p.file, p.line, p.why) }

// parse reads all lexicons and lists the rows that it could not use.
func parse(fsys fs.FS) (*lexica, []problem) {
	lex := &lexica{
		short: map[string][]string{}, pair: map[[2]string]string{}, concept: map[string]string{}, javanese: map[string]string{},
		phrase: map[string][]phrase{}, greet: map[string][]greet{}, name: map[string][]name{},
		lang: map[string]votes{}, known: map[string]bool{},
	}
	var bad []problem
	for _, f := range []struct {
		file string
		cols int
		row  func(cols []string) string
	}{
		{"concepts.tsv", 4, lex.addConcept},
		{"names.tsv", 2, lex.addName},
		{"greetings.tsv", 2, lex.addGreeting},
		{"language.tsv", 2, lex.addLanguage},
		{"shorthand.tsv", 2, lex.addShorthand},
	} {
		b, err := fs.ReadFile(fsys, "lexicon/"+f.file)
		if err != nil {
			bad = append(bad, problem{f.file, 0, err.Error()})
			continue
		}
		for i, line := range strings.Split(string(b), "\n") {
			if line = strings.TrimRight(line, "\r"); line == "" || line[0] == '#' {
				continue
			}
			cols := strings.Split(line, "\t")
			if len(cols) != f.cols {
				bad = append(bad, problem{f.file, i + 1, fmt.Sprintf("%d columns, want %d", len(cols), f.cols)})
				continue
			}
			if why := f.row(cols); why != "" {
				bad = append(bad, problem{f.file, i + 1, why})
			}
		}
	}
	return lex, bad
}

// list splits a comma-separated cell into folded expressions.
func list(cell string) [][]string {
	var out [][]string
	for _, x := range strings.Split(cell, ",") {
		if ws := strings.Fields(Normalize(x)); len(ws) > 0 {
			out = append(out, ws)
		}
	}
	return out
}

// addConcept reads "concept <TAB> Indonesian <TAB> Javanese <TAB> English"; cells hold comma-separated words or
// expressions of up to four words. A concept "-" marks words that carry no meaning of their own.
func (lex *lexica) addConcept(cols []string) string {
	id, why := cols[0], ""
	for l, cell := range cols[1:] {
		for _, ws := range list(cell) {
			if len(ws) > 4 {
				return "expression of more than four words: " + strings.Join(ws, " ")
			}
			for _, w := range ws {
				lex.known[w] = true
			}
			if len(ws) == 1 {
				v := lex.lang[ws[0]]
				v[l]++
				lex.lang[ws[0]] = v
				if old, ok := lex.concept[ws[0]]; ok && old != id {
					why = fmt.Sprintf("%q stands under %q already", ws[0], old)
					continue
				}
				lex.concept[ws[0]] = id
				if l == 1 && len(ws[0]) >= 4 && id != "-" {
					lex.javanese[spelling(ws[0])] = id
				}
				continue
			}
			lex.phrase[ws[0]] = insert(lex.phrase[ws[0]], phrase{ws[1:], id}, func(p phrase) int { return len(p.rest) })
		}
	}
	return why
}

// insert keeps a list sorted by falling length.
func insert[T any](s []T, x T, length func(T) int) []T {
	s = append(s, x)
	for i := len(s) - 1; i > 0 && length(s[i]) > length(s[i-1]); i-- {
		s[i], s[i-1] = s[i-1], s[i]
	}
	return s
}

// addName reads "kind <TAB> names".
func (lex *lexica) addName(cols []string) string {
	switch cols[0] {
	case "wilayah", "blora", "calon", "partai", "agama", "suku":
	default:
		return "unknown kind of name " + cols[0]
	}
	for _, ws := range list(cols[1]) {
		for _, w := range ws {
			lex.known[w] = true
		}
		lex.name[ws[0]] = insert(lex.name[ws[0]], name{ws[1:], cols[0], strings.Join(ws, " ")},
			func(n name) int { return len(n.rest) })
	}
	return ""
}

// addGreeting reads "kind <TAB> expressions".
func (lex *lexica) addGreeting(cols []string) string {
	switch cols[0] {
	case "salam", "terima-kasih", "sapaan", "basa-basi":
	default:
		return "unknown kind of greeting " + cols[0]
	}
	for _, ws := range list(cols[1]) {
		for _, w := range ws {
			lex.known[w] = true
		}
		lex.greet[ws[0]] = insert(lex.greet[ws[0]], greet{ws[1:], cols[0]}, func(g greet) int { return len(g.rest) })
	}
	return ""
}

// addLanguage reads "language <TAB> words": words that settle the language better than a concept row does.
func (lex *lexica) addLanguage(cols []string) string {
	l := strings.Index("id jv en", cols[0])
	if l < 0 || len(cols[0]) != 2 {
		return "unknown language " + cols[0]
	}
	for _, ws := range list(cols[1]) {
		if len(ws) != 1 {
			return "one word each: " + strings.Join(ws, " ")
		}
		lex.known[ws[0]] = true
		v := votes{}
		v[l/3] = 2
		lex.lang[ws[0]] = v
	}
	return ""
}

// addShorthand reads "standard <TAB> typed forms". Standard may be several words; a typed form may be two.
func (lex *lexica) addShorthand(cols []string) string {
	std := strings.Fields(Normalize(cols[0]))
	if len(std) == 0 {
		return "no standard form"
	}
	for _, w := range std {
		lex.known[w] = true
	}
	for _, ws := range list(cols[1]) {
		switch len(ws) {
		case 1:
			if _, ok := lex.short[ws[0]]; ok {
				return fmt.Sprintf("%q stands here twice", ws[0])
			}
			if lex.concept[ws[0]] != "" {
				return fmt.Sprintf("%q is a word of concepts.tsv", ws[0])
			}
			lex.short[ws[0]] = std
		case 2:
			if len(std) != 1 {
				return "two words can only become one"
			}
			lex.pair[[2]string{ws[0], ws[1]}] = std[0]
		default:
			return "typed form of more than two words"
		}
	}
	return ""
}

// Known reports whether a lexicon holds w as a standard word; a speller leaves such words alone.
func Known(w string) bool { return lexicon().known[w] }

// Vocabulary returns all words that have a meaning in the concept lexicon, sorted.
func Vocabulary() []string { return slices.Sorted(maps.Keys(lexicon().concept)) }
