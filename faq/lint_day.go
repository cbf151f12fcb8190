package faq

import (
	"regexp"
	"time"
)

var (
	months  = regexp.MustCompile(`\b(Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember|January|February|March|June|July|August|October|December)\b`)
	nearDay = regexp.MustCompile(`(?i)\b(hari ini|besok|lusa|kemarin|dinten niki|dina iki|mbenjing|sesuk|wingi|today|tomorrow|yesterday)\b`)
)

// checkDays finds dates that are written by hand: months, and words such as "today" in a phase that is longer than
// a day and so makes them wrong on all its other days.
func (l *linter) checkDays(e *Entry) {
	length := map[string]time.Duration{}
	var begin time.Time
	for _, p := range e.Phases {
		if !begin.IsZero() && !p.Ends.IsZero() {
			length[p.ID] = p.Ends.Sub(begin)
		}
		begin = p.Ends
	}
	e.eachText(func(phase, key, text string) {
		for _, part := range l.ed.template(text) {
			if m := months.FindString(part.literal); m != "" {
				l.add(e.File, m, "tanggal", "Teks %q masa %q mengetik nama bulan (%s). Tanggal harus berupa fakta.", key, phase, m)
			}
			if m := nearDay.FindString(part.literal); m != "" && (length[phase] == 0 || length[phase] > 24*time.Hour) {
				l.add(e.File, m, "tanggal", "Teks %q masa %q mengetik %q, padahal masanya lebih dari sehari. Pakai {fakta|hitung} atau masa yang hanya sehari.", key, phase, m)
			}
		}
	})
}

// checkReview sees to it that somebody looks at an entry before one of its last facts ends.
func (l *linter) checkReview(e *Entry) {
	last := e.Phases[len(e.Phases)-1].ID
	e.eachText(func(phase, key, text string) {
		if phase != last {
			return
		}
		for _, part := range l.ed.template(text) {
			if f := l.ed.facts[part.fact]; f != nil && !e.Review.Before(f.Until) {
				l.once(e.File, "review:", "tinjau", "Entri ditinjau %s, padahal fakta %q berakhir %s. Majukan tinjauan sebelum tanggal itu.", e.Review, f.ID, f.Until)
			}
		}
	})
}
