package faq

import (
	"fmt"
	"io/fs"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The bounds of an answer. They are those of a chat bubble that people read to its end on a small screen.
const (
	answerMax   = 600 // characters after rendering
	sentenceMax = 20  // words
	easyMax     = 12  // words in an easy-read sentence
	firstLook   = 80  // characters that a notification shows
)

// linter gathers the findings over one edition.
type linter struct {
	ed       *Edition
	text     map[string]string // files already read, for line numbers
	problems []Problem
}

// add notes a finding at the line on which near stands.
func (l *linter) add(file, near, rule, format string, args ...any) {
	l.problems = append(l.problems, Problem{
		File: file, Line: l.line(file, near), Rule: rule, Message: fmt.Sprintf(format, args...),
	})
}

// advise notes something worth a look.
func (l *linter) advise(file, near, rule, format string, args ...any) {
	l.add(file, near, rule, format, args...)
	l.problems[len(l.problems)-1].Advice = true
}

// line finds the first line of the file that holds the text, 0 when none does.
func (l *linter) line(file, near string) int {
	s, ok := l.text[file]
	if !ok {
		b, err := fs.ReadFile(l.ed.files, file)
		if err == nil {
			s = string(b)
		}
		l.text[file] = s
	}
	near, _, _ = strings.Cut(strings.TrimSpace(near), "\n")
	if near == "" {
		return 0
	}
	i := strings.Index(s, near)
	if i < 0 {
		return 0
	}
	return 1 + strings.Count(s[:i], "\n")
}

func (l *linter) sorted() []Problem {
	slices.SortStableFunc(l.problems, func(a, b Problem) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return a.Line - b.Line
	})
	return l.problems
}

func (l *linter) checkFacts() {
	same := map[string]string{}
	for _, id := range l.ed.Facts() {
		f := l.ed.facts[id]
		at := "id: " + id
		l.checkSource(f.File, at, f.Source)
		if !windowStart(l.ed.Zone).Before(f.Until.Start(l.ed.Zone)) {
			l.add(f.File, at, "akhir", "Fakta %q sudah berakhir pada %s, jadi tidak pernah dapat tayang. Periksa lagi dan isi until yang baru, atau hapus.", id, f.Until)
		}
		if !f.From.IsZero() && !f.From.Before(f.Until) {
			l.add(f.File, at, "akhir", "Fakta %q mulai berlaku (%s) sesudah akhirnya (%s).", id, f.From, f.Until)
		}
		if f.Election != "" && l.ed.elections[f.Election] == nil {
			l.add(f.File, at, "pemilihan", "Fakta %q menyebut pemilihan %q yang tidak ada di elections.yaml.", id, f.Election)
		}
		if f.Kind == KindLink {
			l.checkLink(f.File, at, f.Words[Indonesian])
		}
		if f.Kind == KindDate || f.Kind == KindRange {
			key := f.Election + f.Day.String() + f.Last.String() + strings.Join(f.Refs, ",")
			if other, ok := same[key]; ok {
				l.advise(f.File, at, "ganda", "Fakta %q sama dengan %q. Satu fakta punya satu rumah; hapus salah satu.", id, other)
			}
			same[key] = id
		}
	}
}

func (l *linter) checkSource(file, near string, s Source) {
	switch {
	case s.Title == "":
		l.add(file, near, "sumber", "Sumber tanpa judul. Isi siapa yang mengatakannya.")
	case s.URL == "":
		l.add(file, near, "sumber", "Sumber %q tanpa tautan.", s.Title)
	case s.Passage == "":
		l.add(file, near, "sumber", "Sumber %q tanpa petikan. Isi satu kalimat tentang bagian yang menjadi dasar.", s.Title)
	}
	if s.Grade != "A" && s.Grade != "B" {
		l.add(file, near, "mutu", "Sumber %q bermutu %q. Hanya A dan B yang boleh tayang.", s.Title, s.Grade)
	}
	if s.URL != "" {
		l.checkLink(file, near, s.URL)
	}
}

func (l *linter) checkLink(file, near, link string) {
	u, err := url.Parse(link)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http"):
		l.add(file, near, "tautan", "Tautan %q tidak terbaca.", link)
	case !l.listed(u.Hostname()):
		l.add(file, near, "tautan", "Situs %q tidak ada di daftar situs yang boleh (hosts.yaml). Tambahkan dengan alasan, atau pakai sumber lain.", u.Hostname())
	}
}

// listed reports whether a site stands in the allow-list.
func (l *linter) listed(host string) bool {
	_, ok := l.ed.host(host)
	return ok
}

func (l *linter) checkElections() {
	for _, id := range l.ed.Elections() {
		e := l.ed.elections[id]
		for _, f := range []string{e.Day, e.Begins, e.Ends} {
			if f != "" && l.ed.facts[f] == nil {
				l.add("elections.yaml", "id: "+id, "pemilihan", "Pemilihan %q menyebut fakta %q yang tidak ada.", id, f)
			}
		}
	}
}

func (l *linter) checkEntry(e *Entry) {
	if !entryID.MatchString(e.ID) {
		l.add(e.File, "id:", "berkas", "Id entri %q hanya boleh huruf kecil, angka, dan tanda hubung.", e.ID)
	}
	if e.Owner == "" {
		l.add(e.File, "", "pemilik", "Entri %q belum punya pemilik.", e.ID)
	}
	if e.Topic == "" || (!slices.Contains(topicOrder(), e.Topic) && !e.Guard) {
		l.add(e.File, "topic:", "topik", "Topik %q tidak dikenal.", e.Topic)
	}
	if e.Election != "" && l.ed.elections[e.Election] == nil {
		l.add(e.File, "election:", "pemilihan", "Pemilihan %q tidak ada di elections.yaml.", e.Election)
	}
	if len(e.Sources) == 0 && !e.Guard && e.ID != "tentang-bot" && e.ID != "privasi-bot" {
		l.add(e.File, "sources:", "sumber", "Entri %q belum punya sumber.", e.ID)
	}
	for _, s := range e.Sources {
		l.checkSource(e.File, s.Title, s)
	}
	for _, r := range e.Related {
		if l.ed.entries[r] == nil || r == e.ID {
			l.add(e.File, "related:", "terkait", "Entri terkait %q tidak ada.", r)
		}
	}
	l.checkWords(e)
	l.checkPhases(e)
	l.checkDays(e)
	l.checkReview(e)
	l.checkMedia(e)
	for _, p := range e.Phases {
		for _, key := range []string{"id", Easy, "jv", "en"} {
			if e.Answer[p.ID][key] == "" {
				l.add(e.File, "answer:", "bahasa", "Jawaban masa %q belum punya teks %q.", p.ID, key)
			}
		}
		for key, text := range e.Answer[p.ID] {
			l.checkText(e, p, key, text)
		}
		for seg, phases := range e.Segments {
			if !slices.Contains(AllSegments(), seg) {
				l.add(e.File, string(seg), "segmen", "Segmen %q tidak dikenal.", seg)
			}
			for key, text := range phases[p.ID] {
				l.checkText(e, p, key, text)
			}
		}
	}
}

func (l *linter) checkWords(e *Entry) {
	for _, lang := range Langs() {
		title := e.Title[lang]
		if n := utf8.RuneCountInString(title); n == 0 || n > TitleMax {
			l.add(e.File, "title:", "judul", "Judul (%s) %q panjangnya %d huruf; harus 1 sampai %d.", lang, title, n, TitleMax)
		}
		if e.Question[lang] == "" {
			l.add(e.File, "question:", "pertanyaan", "Pertanyaan lengkap (%s) belum ada.", lang)
		}
	}
}

func (l *linter) checkPhases(e *Entry) {
	seen := map[string]bool{}
	for _, p := range e.Phases {
		if seen[p.ID] {
			l.add(e.File, p.ID, "masa", "Masa %q tertulis dua kali.", p.ID)
		}
		seen[p.ID] = true
	}
	for id := range e.Answer {
		if !seen[id] {
			l.add(e.File, id+":", "masa", "Jawaban punya masa %q yang tidak ada di phases.", id)
		}
	}
}

var (
	entryID       = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	digitsOutside = regexp.MustCompile(`[0-9]`)
	listNumber    = regexp.MustCompile(`(?m)^\s*[0-9]{1,2}\. `)
	bareOpening   = regexp.MustCompile(`(?i)^(ya|tidak|tdk|boleh|bisa|benar|betul|salah|iya|sah|yes|no|true|false|correct|nggih|inggih|mboten|ora|saged|leres|angsal|oleh|iso)\s*[,.!:;]`)
)

// checkText checks one wording: its facts at the edges of its phase, its form and its length.
func (l *linter) checkText(e *Entry, p Phase, key, text string) {
	t := l.ed.template(text)
	var literal strings.Builder
	for _, part := range t {
		literal.WriteString(part.literal)
		if part.fact != "" && l.ed.facts[part.fact] == nil {
			l.add(e.File, "{"+part.fact, "fakta", "Fakta %q tidak ada. Tulis di facts/%s.yaml atau perbaiki namanya.", part.fact, e.Topic)
			return
		}
	}
	plain := listNumber.ReplaceAllString(literal.String(), "")
	if i := digitsOutside.FindStringIndex(plain); i != nil {
		l.add(e.File, near(plain, i[0]), "angka", "Ada angka di luar kurung kurawal pada teks %q masa %q (%q). Jadikan fakta.", key, p.ID, near(plain, i[0]))
	}
	if i := strings.IndexAny(plain, "{}"); i >= 0 {
		l.add(e.File, near(plain, i), "kurung", "Kurung kurawal tidak lengkap pada teks %q masa %q.", key, p.ID)
	}
	if i := strings.Index(plain, "://"); i >= 0 {
		l.add(e.File, near(plain, i), "tautan", "Tautan harus berupa fakta jenis link (teks %q masa %q).", key, p.ID)
	}
	if bareOpening.MatchString(plain) {
		l.add(e.File, text, "pembuka", "Jawaban %q masa %q dibuka dengan ya/tidak saja. Mulailah dengan pernyataan lengkap.", key, p.ID)
	}
	if e.Election != "" && !e.Guard && key != Easy && !l.namesElection(e, t) {
		l.add(e.File, text, "pemilihan", "Teks %q masa %q tidak menyebut pemilihannya (%s).", key, p.ID, e.Election)
	}
	for _, at := range l.instants(e, p) {
		l.checkRendered(e, p, key, t, at)
	}
}

// namesElection reports whether the text names its election, by a fact of the election or by its own words.
func (l *linter) namesElection(e *Entry, t template) bool {
	el := l.ed.elections[e.Election]
	if el == nil {
		return true
	}
	for _, part := range t {
		if part.fact == e.Election || strings.Contains(part.literal, el.Name[Indonesian]) {
			return true
		}
		if f := l.ed.facts[part.fact]; f != nil && f.Kind == KindText && strings.Contains(f.Words[Indonesian], el.Name[Indonesian]) {
			return true
		}
	}
	return false
}

// The window that content must be right in: from the months before Pilkada 2024 to the entry's next review.
func windowStart(zone *time.Location) time.Time { return Date{2024, time.June, 1}.Start(zone) }

// instants are the edges of a phase inside the window, and its middle.
func (l *linter) instants(e *Entry, p Phase) []time.Time {
	from := windowStart(l.ed.Zone)
	for _, q := range e.Phases {
		if q.ID == p.ID {
			break
		}
		if q.Ends.After(from) {
			from = q.Ends
		}
	}
	to := e.Review.Start(l.ed.Zone)
	if !p.Ends.IsZero() {
		to = p.Ends.Add(-time.Second)
	}
	if to.Before(from) {
		return []time.Time{from}
	}
	return []time.Time{from, from.Add(to.Sub(from) / 2), to}
}

// checkRendered checks what a citizen would read at the instant.
func (l *linter) checkRendered(e *Entry, p Phase, key string, t template, at time.Time) {
	lang := Lang(key)
	if key == Easy {
		lang = Indonesian
	}
	r := rendering{ed: l.ed, lang: lang, at: at}
	text, err := r.render(t)
	if err != nil {
		l.once(e.File, t.first(), "fakta", "Teks %q masa %q tidak dapat tayang pada %s: %v", key, p.ID, at.Format(time.DateOnly), err)
		return
	}
	if n := utf8.RuneCountInString(text); n > answerMax {
		l.once(e.File, t.first(), "panjang", "Teks %q masa %q panjangnya %d huruf; paling banyak %d.", key, p.ID, n, answerMax)
	}
	limit := sentenceMax
	if key == Easy {
		limit = easyMax
	}
	for _, s := range sentences(text) {
		if n := len(strings.Fields(s)); n > limit {
			l.once(e.File, t.first(), "kalimat", "Kalimat pada teks %q masa %q terlalu panjang (%d kata, paling banyak %d): %q", key, p.ID, n, limit, s)
		}
	}
	for _, line := range strings.Split(text, "\n") {
		if r, _ := utf8.DecodeRuneInString(line); line != "" && unicode.Is(unicode.So, r) {
			l.once(e.File, line, "emoji", "Baris dibuka dengan emoji atau tanda hias pada teks %q masa %q.", key, p.ID)
		}
	}
}

// once adds a finding unless the same one stands already.
func (l *linter) once(file, near, rule, format string, args ...any) {
	msg := fmt.Sprintf(format, args...)
	for i := len(l.problems) - 1; i >= 0 && i > len(l.problems)-12; i-- {
		if l.problems[i].File == file && l.problems[i].Message == msg {
			return
		}
	}
	l.add(file, near, rule, "%s", msg)
}

// first returns the first literal words of a template, to find its line.
func (t template) first() string {
	for _, p := range t {
		if s := strings.TrimSpace(p.literal); utf8.RuneCountInString(s) > 3 {
			return s
		}
	}
	return ""
}

// near returns the words around a byte offset.
func near(s string, i int) string {
	from := strings.LastIndexAny(s[:i], "\n") + 1
	if i-from > 20 {
		from = i - 20
	}
	for from < i && !utf8.RuneStart(s[from]) {
		from++
	}
	to := min(len(s), i+12)
	for to < len(s) && !utf8.RuneStart(s[to]) {
		to++
	}
	if j := strings.IndexByte(s[i:to], '\n'); j >= 0 {
		to = i + j
	}
	return strings.TrimSpace(s[from:to])
}

// sentences cuts a text at line ends and at full stops, question and exclamation marks that a space follows.
func sentences(text string) []string {
	var out []string
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(listNumber.ReplaceAllString(line, ""))
		start := 0
		for i := 0; i < len(line); i++ {
			if strings.IndexByte(".?!:;", line[i]) >= 0 && (i+1 == len(line) || line[i+1] == ' ') {
				out = append(out, strings.TrimSpace(line[start:i]))
				start = i + 1
			}
		}
		out = append(out, strings.TrimSpace(line[start:]))
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}
