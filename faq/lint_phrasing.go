package faq

import (
	"slices"
	"sort"
	"strings"
	"unicode"
)

const (
	phrasingsMin = 12  // below this the matcher learns too little about an entry
	likeness     = 0.8 // share of common words from which two phrasings count as the same question
)

// wording is a phrasing as the lint compares it.
type wording struct {
	entry, file, text string
	words             []string // without repeats, rarest first
}

// checkPhrasings finds phrasings that stand in two entries, and near copies under different entries: the matcher
// cannot tell such entries apart, and a person would get either.
func (l *linter) checkPhrasings() {
	var all []wording
	seen := map[string]wording{}
	for _, id := range l.ed.ids {
		e := l.ed.entries[id]
		for _, p := range e.Phrasings {
			words := plainWords(p.Text)
			key := strings.Join(words, " ")
			w := wording{entry: id, file: e.File, text: p.Text}
			switch o, ok := seen[key]; {
			case key == "":
				l.add(e.File, "phrasings:", "contoh", "Ada contoh pertanyaan tanpa kata: %q.", p.Text)
			case ok && o.entry != id:
				l.add(e.File, p.Text, "contoh", "Contoh pertanyaan %q juga ada di entri %q.", p.Text, o.entry)
			case ok:
				l.advise(e.File, p.Text, "contoh", "Contoh pertanyaan %q tertulis dua kali.", p.Text)
			default:
				sort.Strings(words)
				w.words = slices.Compact(words)
				all = append(all, w)
			}
			seen[key] = w
		}
		if n := len(e.Phrasings); n < phrasingsMin {
			l.add(e.File, "phrasings:", "contoh", "Baru %d contoh pertanyaan; paling sedikit %d.", n, phrasingsMin)
		}
	}
	l.checkLikeness(all)
}

// checkLikeness compares the phrasings of different entries by the words that they share. Two of n and m words can
// only be alike when they share one of their rarest words, so that only those are looked up: of five thousand
// phrasings each is compared with a handful.
func (l *linter) checkLikeness(all []wording) {
	count := map[string]int{}
	for _, w := range all {
		for _, s := range w.words {
			count[s]++
		}
	}
	index := map[string][]int{}
	for i, w := range all {
		slices.SortFunc(w.words, func(a, b string) int {
			if c := count[a] - count[b]; c != 0 {
				return c
			}
			return strings.Compare(a, b)
		})
		n := len(w.words)
		if n < 3 {
			continue
		}
		rare := n - int(likeness*float64(n)+0.999) + 1
		tried := map[int]bool{}
		for _, s := range w.words[:rare] {
			for _, j := range index[s] {
				if o := all[j]; !tried[j] && o.entry != w.entry && alike(w.words, o.words) >= likeness {
					l.add(w.file, w.text, "contoh", "Contoh pertanyaan %q hampir sama dengan %q di entri %q. Ubah salah satu supaya jelas bedanya.", w.text, o.text, o.entry)
				}
				tried[j] = true
			}
			index[s] = append(index[s], i)
		}
	}
}

// alike returns the number of common words over the number of all words of the two.
func alike(a, b []string) float64 {
	common := 0
	for _, s := range a {
		if slices.Contains(b, s) {
			common++
		}
	}
	return float64(common) / float64(len(a)+len(b)-common)
}

// plainWords lower-cases a text and keeps its letters and digits.
func plainWords(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return notLetter(r) && !unicode.IsDigit(r) })
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }
