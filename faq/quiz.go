package faq

import (
	"fmt"
	"time"
)

// QuizItem is a statement that a person judges as true or false. The entry explains it in its own words.
type QuizItem struct {
	ID    string
	Entry string
	Holds bool  // the statement is true
	Claim Words // may name facts in braces
}

// Quiz returns the statements in the order of the file.
func (ed *Edition) Quiz() []QuizItem { return ed.quiz }

// Phrase renders a text that names facts, for a language and an instant.
func (ed *Edition) Phrase(text string, l Lang, at time.Time) (string, error) {
	r := rendering{ed: ed, lang: l, at: at}
	return r.render(parseTemplate(text))
}

// readQuiz reads quiz.yaml.
func (l *loader) readQuiz(name string, b []byte) {
	var raw []struct {
		ID    string
		Entry string
		Holds bool
		Claim map[string]string
	}
	if !l.decode(name, b, &raw) {
		return
	}
	for _, r := range raw {
		l.ed.quiz = append(l.ed.quiz, QuizItem{ID: r.ID, Entry: r.Entry, Holds: r.Holds, Claim: words(r.Claim)})
	}
}

// checkQuiz keeps the quiz to entries that exist and to claims without numbers of their own.
func (l *linter) checkQuiz() {
	const file = "quiz.yaml"
	seen := map[string]bool{}
	for _, q := range l.ed.quiz {
		at := "id: " + q.ID
		if seen[q.ID] || q.ID == "" {
			l.add(file, at, "ganda", "Pernyataan %q tidak punya nama sendiri.", q.ID)
		}
		seen[q.ID] = true
		if e := l.ed.entries[q.Entry]; e == nil || e.Guard {
			l.add(file, at, "kuis", "Pernyataan %q menunjuk entri %q yang tidak ada.", q.ID, q.Entry)
		}
		for _, lang := range Langs() {
			if q.Claim[lang] == "" {
				l.add(file, at, "bahasa", "Pernyataan %q belum punya teks %q.", q.ID, lang)
			}
			for _, p := range parseTemplate(q.Claim[lang]) {
				if digitsOutside.MatchString(p.literal) {
					l.add(file, at, "angka", "Ada angka di luar kurung kurawal pada pernyataan %q. Jadikan fakta.", q.ID)
				}
				if p.fact != "" && l.ed.facts[p.fact] == nil {
					l.add(file, at, "fakta", "Fakta %q tidak ada.", p.fact)
				}
			}
		}
	}
}

// LongDay writes a day with its weekday: Rabu, 27 November 2024.
func LongDay(d Date, l Lang) string { return longDay(d, l) }

// Countdown says how far away a day is: "82 hari lagi", "besok", "hari ini". n is negative for days that are past.
func Countdown(n int, l Lang) string { return countdown(n, l) }

// FactText writes a fact as an answer would, or fails when it may not be said at the instant.
func (ed *Edition) FactText(id, form string, l Lang, at time.Time) (string, error) {
	name := id
	if form != "" {
		name = fmt.Sprintf("%s|%s", id, form)
	}
	return ed.Phrase("{"+name+"}", l, at)
}
