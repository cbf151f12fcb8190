package faq

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// checkCandidates keeps candidates' names where they belong: in the entries on the official lists and results, as
// facts, and in the order of the official numbers.
func (l *linter) checkCandidates() {
	names := map[string]bool{}
	for _, r := range l.ed.rules.Candidates {
		for _, id := range r.Order {
			f := l.ed.facts[id]
			if f == nil {
				l.add("rules.yaml", id, "calon", "Fakta calon %q tidak ada. Perbaiki namanya di rules.yaml.", id)
				continue
			}
			for _, w := range strings.Fields(f.Words[Indonesian]) {
				if utf8.RuneCountInString(w) > 3 {
					names[w] = true
				}
			}
		}
		for _, id := range r.Entries {
			if l.ed.entries[id] == nil {
				l.add("rules.yaml", id, "calon", "Entri %q di rules.yaml tidak ada.", id)
			}
		}
	}
	for _, id := range l.ed.ids {
		e := l.ed.entries[id]
		e.eachText(func(phase, key, text string) { l.checkCandidatesIn(e, phase, key, text, names) })
		for _, lang := range Langs() {
			if n := named(e.Title[lang]+" "+e.Question[lang], names); n != "" {
				l.add(e.File, n, "calon", "Judul atau pertanyaan (%s) menyebut nama calon (%s). Tulis tanpa nama.", lang, n)
			}
		}
	}
}

func (l *linter) checkCandidatesIn(e *Entry, phase, key, text string, names map[string]bool) {
	for _, part := range l.ed.template(text) {
		if n := named(part.literal, names); n != "" {
			l.add(e.File, n, "calon", "Teks %q masa %q mengetik nama calon (%s). Nama calon hanya lewat fakta, di entri daftar calon resmi.", key, phase, n)
		}
	}
	for _, r := range l.ed.rules.Candidates {
		for paragraph := range strings.SplitSeq(text, "\n\n") {
			last := -1
			for _, part := range parseTemplate(paragraph) {
				i := slices.Index(r.Order, part.fact)
				switch {
				case i < 0:
					continue
				case !slices.Contains(r.Entries, e.ID):
					l.add(e.File, "{"+part.fact, "calon", "Teks %q masa %q menyebut calon {%s}. Hanya entri %s yang boleh.", key, phase, part.fact, strings.Join(r.Entries, ", "))
				case i < last:
					l.add(e.File, "{"+part.fact, "calon", "Teks %q masa %q tidak menurut nomor urut resmi: {%s} mendahului {%s}.", key, phase, r.Order[last], part.fact)
				}
				last = i
			}
		}
	}
}

// named returns the first word of the text that is part of a candidate's name, "" when none is.
func named(text string, names map[string]bool) string {
	for w := range strings.FieldsFuncSeq(text, notLetter) {
		if names[w] {
			return w
		}
	}
	return ""
}

// eachText calls f for every wording of the entry, an audience's too, with the phase and the key of the wording.
func (e *Entry) eachText(f func(phase, key, text string)) {
	for _, p := range e.Phases {
		for _, key := range textKeys() {
			if text := e.Answer[p.ID][key]; text != "" {
				f(p.ID, key, text)
			}
			for _, s := range AllSegments() {
				if text := e.Segments[s][p.ID][key]; text != "" {
					f(p.ID, key+"/"+string(s), text)
				}
			}
		}
	}
}

// textKeys lists the keys of Texts.
func textKeys() []string {
	return []string{string(Indonesian), Easy, string(Javanese), string(English)}
}
