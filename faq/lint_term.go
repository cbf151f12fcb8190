package faq

import (
	"regexp"
	"strings"
)

// told matches what follows a term that is being explained: a bracket, a verb, or the colon of a list.
var told = regexp.MustCompile(`^( \(| adalah | yaiku | niku | is |[^.\n]{0,20}: )`)

// checkTerms finds abbreviations that an answer uses without saying what they mean. People read one answer, not
// the whole of them, so that each explains its own.
func (l *linter) checkTerms() {
	marks := make([]*regexp.Regexp, len(l.ed.rules.Terms))
	for i, t := range l.ed.rules.Terms {
		marks[i] = regexp.MustCompile(`\b` + regexp.QuoteMeta(t.Term) + `\b`)
	}
	for _, id := range l.ed.ids {
		e := l.ed.entries[id]
		said := map[string]bool{} // one finding per wording, not one per phase
		e.eachText(func(phase, key, text string) {
			s := l.flat(text, key)
			var missing []string
			line := ""
			for i, t := range l.ed.rules.Terms {
				at := marks[i].FindStringIndex(s)
				if at == nil || (t.Easy && key != Easy) || t.explained(s, at) {
					continue
				}
				missing = append(missing, t.Term)
				if line == "" {
					line = lineWith(text, marks[i])
				}
			}
			if list := strings.Join(missing, ", "); list != "" && !said[key+list] {
				said[key+list] = true
				l.advise(e.File, line, "istilah", "Teks %q masa %q memakai singkatan tanpa penjelasan: %s. Tulis kepanjangannya saat pertama dipakai, misalnya \"Tempat Pemungutan Suara (TPS)\".",
					key, phase, list)
			}
		})
	}
}

// explained reports whether a text says what the term at the place means: in brackets beside it, or in one of the
// term's own phrases anywhere.
func (t term) explained(s string, at []int) bool {
	before, after := s[:at[0]], s[at[1]:]
	if told.MatchString(after) {
		return true
	}
	for _, sign := range []string{"(", "disebut ", "called "} {
		if strings.HasSuffix(before, sign) {
			return true
		}
	}
	lower := strings.ToLower(s)
	for _, phrase := range t.Explain {
		if strings.Contains(lower, strings.ToLower(phrase)) {
			return true
		}
	}
	return false
}

// flat is a text with its words filled in. Dates, numbers and the names of laws are left out: they explain nothing
// and need no explanation.
func (l *linter) flat(text, key string) string {
	lang := Lang(strings.TrimSuffix(key, "/"))
	if before, _, ok := strings.Cut(key, "/"); ok {
		lang = Lang(before)
	}
	if !lang.Valid() {
		lang = Indonesian
	}
	var b strings.Builder
	for _, part := range l.ed.template(text) {
		b.WriteString(part.literal)
		if f := l.ed.facts[part.fact]; f != nil && (f.Kind == KindText || f.Kind == KindName) {
			b.WriteString(f.Words.In(lang))
		}
	}
	return b.String()
}

// lineWith returns the first line of the text that the mark stands in, to find it in the file.
func lineWith(text string, mark *regexp.Regexp) string {
	for line := range strings.Lines(text) {
		if mark.MatchString(line) {
			return line
		}
	}
	return text
}
