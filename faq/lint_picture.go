package faq

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// altMax is the longest text that stands for a picture, in characters: it is read out in one go.
const altMax = 1000

// checkPictures checks the words of the pictures as it checks answers, and that a listener learns all from them.
func (l *linter) checkPictures() {
	for _, name := range l.ed.Pictures() {
		p := l.ed.pictures[name]
		if p.Owner == "" {
			l.add(p.File, "", "pemilik", "Gambar %q belum punya pemilik.", name)
		}
		if len(p.Sources) == 0 {
			l.add(p.File, "sources:", "sumber", "Gambar %q belum punya sumber.", name)
		}
		for _, s := range p.Sources {
			l.checkSource(p.File, s.Title, s)
		}
		if p.Election != "" && l.ed.elections[p.Election] == nil {
			l.add(p.File, "election:", "pemilihan", "Pemilihan %q tidak ada di elections.yaml.", p.Election)
		}
		for i, id := range p.Stages {
			f := l.ed.facts[id]
			switch {
			case f == nil || (f.Kind != KindDate && f.Kind != KindRange):
				l.add(p.File, id, "fakta", "Tahap %q bukan fakta tanggal.", id)
			case p.word(Always, id) == nil:
				l.add(p.File, id, "bahasa", "Tahap %q belum punya nama di words.", id)
			case i > 0 && l.ed.facts[p.Stages[i-1]] != nil && f.Day.Before(l.ed.facts[p.Stages[i-1]].Day):
				l.add(p.File, id, "masa", "Tahap %q mendahului tahap di atasnya. Urutkan menurut hari mulai.", id)
			}
		}
		l.checkLabels(p)
		l.checkLegends(p)
	}
}

// checkLabels checks the words as they are written.
func (l *linter) checkLabels(p *Picture) {
	for phase, keys := range p.Words {
		if phase != Always && !slices.ContainsFunc(p.Phases, func(q Phase) bool { return q.ID == phase }) {
			l.add(p.File, phase+":", "masa", "Gambar punya masa %q yang tidak ada di phases.", phase)
		}
		for key, w := range keys {
			for _, lang := range Langs() {
				text := w[lang]
				if text == "" {
					l.add(p.File, key+":", "bahasa", "Kata %q masa %q belum punya teks %q.", key, phase, lang)
				}
				for _, part := range l.ed.template(text) {
					if part.fact != "" && l.ed.facts[part.fact] == nil {
						l.add(p.File, "{"+part.fact, "fakta", "Fakta %q tidak ada.", part.fact)
					}
					if digitsOutside.MatchString(part.literal) {
						l.add(p.File, part.literal, "angka", "Ada angka di luar kurung kurawal pada kata %q (%s). Jadikan fakta.", key, lang)
					}
				}
			}
		}
	}
}

// checkLegends renders the words at the edges of the picture's phases. A picture may be unknown before one of its
// facts is known, but never outlive one.
func (l *linter) checkLegends(p *Picture) {
	at := []time.Time{windowStart(l.ed.Zone), p.Review.Start(l.ed.Zone)}
	for _, q := range p.Phases {
		if !q.Ends.IsZero() {
			at = append(at, q.Ends.Add(-time.Second), q.Ends)
		}
	}
	for _, t := range at {
		for _, lang := range Langs() {
			g, err := l.ed.Legend(p.Name, lang, t)
			var expired *ExpiredError
			if errors.As(err, &expired) && t.Before(l.ed.facts[expired.Fact].From.Start(l.ed.Zone)) {
				continue
			}
			if err != nil {
				l.once(p.File, "words:", "fakta", "Gambar %q tidak dapat tayang pada %s: %v", p.Name, t.Format(time.DateOnly), err)
				continue
			}
			switch n := utf8.RuneCountInString(g.Alt); {
			case n == 0:
				l.once(p.File, "words:", "bahasa", "Gambar %q belum punya teks pengganti (%s, kata \"alt\").", p.Name, lang)
			case n > altMax:
				l.once(p.File, AltKey+":", "panjang", "Teks pengganti gambar %q (%s) panjangnya %d huruf; paling banyak %d.", p.Name, lang, n, altMax)
			}
			for _, s := range sentences(g.Alt) {
				if n := len(strings.Fields(s)); n > sentenceMax {
					l.once(p.File, AltKey+":", "kalimat", "Kalimat pada teks pengganti gambar %q terlalu panjang (%d kata, paling banyak %d): %q", p.Name, n, sentenceMax, s)
				}
			}
		}
	}
}

// checkMedia checks what an entry shows beside its text.
func (l *linter) checkMedia(e *Entry) {
	for _, m := range e.Media {
		if m.Kind != "picture" && m.URL != "" {
			l.checkLink(e.File, m.URL, m.URL)
			if u, err := url.Parse(m.URL); err == nil {
				if r, ok := l.ed.host(u.Hostname()); ok && !r.shown {
					l.add(e.File, m.URL, "tautan", "Situs %q tidak boleh ditampilkan kepada warga (hosts.yaml).", u.Hostname())
				}
			}
		}
		switch {
		case m.Kind == "picture" && l.ed.pictures[m.Name] == nil:
			l.add(e.File, m.Name, "gambar", "Gambar %q tidak ada. Yang ada: %s.", m.Name, strings.Join(l.ed.Pictures(), ", "))
		case m.Kind != "picture" && m.Kind != "audio" && m.Kind != "video":
			l.add(e.File, m.Name, "gambar", "Jenis media %q tidak dikenal; pakai picture, audio, atau video.", m.Kind)
		case m.Kind != "picture" && slices.ContainsFunc(Langs(), func(lang Lang) bool { return m.Alt[lang] == "" }):
			l.add(e.File, m.Name, "gambar", "%s", fmt.Sprintf("Media %q belum punya teks pengganti dalam tiga bahasa.", m.Name))
		case m.Kind != "picture" && (m.URL == "" || m.MB <= 0):
			l.add(e.File, m.Name, "gambar", "Media %q perlu tautan (url) dan ukuran dalam megabita (mb): rekaman ditawarkan, tidak dikirim.", m.Name)
		}
	}
}
