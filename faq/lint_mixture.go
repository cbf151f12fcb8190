package faq

import (
	"regexp"
	"slices"
	"strings"
)

// bodies are the names of offices and laws that hold the word Pemilu and speak of Pilkada all the same.
var (
	bodies = regexp.MustCompile(`(?i)(badan|panitia)? ?pengawas pemilu|(dewan kehormatan )?penyelenggara pemilu|komisi pemilihan umum|penegakan hukum terpadu pemilu`)
	votes  = map[string]*regexp.Regexp{
		"Pemilu":   regexp.MustCompile(`(?i)\bpemilu\b|\bnational election`),
		"Pilkada":  regexp.MustCompile(`(?i)\bpilkada\b|\bregional election`),
		"Pilkades": regexp.MustCompile(`(?i)\bpilkades\b|\bvillage-head election`),
	}
)

// checkMixtures finds answers that speak of two kinds of elections. Their rules differ, and a reader takes the one
// for the other; only entries about the difference may.
func (l *linter) checkMixtures() {
	for _, m := range l.ed.rules.Mixed {
		if l.ed.entries[m.Entry] == nil {
			l.add("rules.yaml", m.Entry, "campur", "Entri %q di rules.yaml tidak ada.", m.Entry)
		}
	}
	for _, id := range l.ed.ids {
		e := l.ed.entries[id]
		if e.Guard || slices.ContainsFunc(l.ed.rules.Mixed, func(m mixture) bool { return m.Entry == id }) {
			continue
		}
		e.eachText(func(phase, key, text string) {
			if kinds := l.kinds(text); len(kinds) > 1 {
				l.add(e.File, text, "campur", "Teks %q masa %q menyebut %s sekaligus. Pisahkan; bila memang menjelaskan bedanya, daftarkan di rules.yaml (mixed) dengan alasan.",
					key, phase, strings.Join(kinds, " dan "))
			}
		})
	}
}

// kinds returns the kinds of elections that a text speaks of, in words or through a fact, sorted.
func (l *linter) kinds(text string) []string {
	var words strings.Builder
	for _, part := range l.ed.template(text) {
		words.WriteString(part.literal)
		if f := l.ed.facts[part.fact]; f != nil && (f.Kind == KindName || f.Kind == KindText) {
			words.WriteString(f.Words[Indonesian])
		}
	}
	s := bodies.ReplaceAllString(words.String(), "")
	var out []string
	for kind, re := range votes {
		if re.MatchString(s) {
			out = append(out, kind)
		}
	}
	slices.Sort(out)
	return out
}
