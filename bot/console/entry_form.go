package console

import (
	"strconv"
	"strings"

	"tanya/bot"
	"tanya/faq"
)

// entryForm is an entry while somebody writes it: what the fields hold, as typed.
type entryForm struct {
	ID, Topic, Owner, Review, Election, Related string
	Critical                                    bool
	Title, Question                             []field
	Phases                                      []phaseFields
	Phrasings                                   []field
	Sources                                     []faq.Source
	Version                                     string
}

// field is a text with its name and label, and what is wrong with it.
type field struct {
	Name, Label, Lang, Value string
	Rows                     int
	Problems                 []faq.Problem
}

type phaseFields struct {
	ID, Until string
	Texts     []field
}

// textKinds are the wordings of an answer in the order of the form.
func textKinds() []field {
	return []field{
		{Name: "id", Label: "Indonesia", Lang: "id", Rows: 6}, {Name: faq.Easy, Label: "Mudah dibaca (Indonesia)", Lang: "id", Rows: 4},
		{Name: "jv", Label: "Jawa", Lang: "jv", Rows: 5}, {Name: "en", Label: "Inggris", Lang: "en", Rows: 5},
	}
}

// varietyName names a kind of phrasing.
func varietyName(v string) string {
	return named(map[string]string{
		"formal": "Indonesia resmi", "chat": "Indonesia obrolan", "ngoko": "Jawa ngoko", "krama": "Jawa krama", "en": "Inggris", "campur": "Campuran",
	}, v)
}

// formOf fills the form from an entry.
func formOf(e *faq.Entry) entryForm {
	f := entryForm{
		ID: e.ID, Topic: e.Topic, Owner: e.Owner, Election: e.Election, Critical: e.Critical, Related: strings.Join(e.Related, ", "), Sources: e.Sources,
	}
	if !e.Review.IsZero() {
		f.Review = e.Review.String()
	}
	for _, l := range faq.Langs() {
		f.Title = append(f.Title, field{Name: "judul-" + string(l), Label: langName(l), Lang: string(l), Value: e.Title[l]})
		f.Question = append(f.Question, field{Name: "tanya-" + string(l), Label: langName(l), Lang: string(l), Value: e.Question[l]})
	}
	for _, p := range e.Phases {
		pf := phaseFields{ID: p.ID, Until: p.Until}
		for _, t := range textKinds() {
			t.Value = e.Answer[p.ID][t.Name]
			t.Name = "teks-" + p.ID + "-" + t.Name
			pf.Texts = append(pf.Texts, t)
		}
		f.Phases = append(f.Phases, pf)
	}
	for _, v := range faq.Varieties() {
		var lines []string
		for _, p := range e.Phrasings {
			if p.Variety == v.Name {
				lines = append(lines, p.Text)
			}
		}
		f.Phrasings = append(f.Phrasings, field{Name: "contoh-" + v.Name, Label: varietyName(v.Name), Lang: string(v.Lang), Value: strings.Join(lines, "\n"), Rows: 3})
	}
	f.Sources = append(f.Sources, faq.Source{})
	return f
}

// readEntry reads the form over an entry: what the form does not show stays. It reads all of it, also when it fails.
func readEntry(q *request, e *faq.Entry) error {
	e.Owner, e.Critical = q.text("pemilik"), q.text("kritis") != ""
	var review error
	if s := q.text("tinjau"); s != "" {
		d, err := faq.ParseDate(s)
		if err != nil {
			review = wrong(bot.Invalid, "tinjau", "Tanggal tinjau tidak terbaca. Tulis seperti 2027-05-01.")
		}
		e.Review = d
	}
	e.Related = nil
	for _, s := range strings.FieldsFunc(q.text("terkait"), func(r rune) bool { return r == ',' || r == ' ' || r == '\n' }) {
		if bot.GoodID(s) {
			e.Related = append(e.Related, s)
		}
	}
	e.Title, e.Question = faq.Words{}, faq.Words{}
	for _, l := range faq.Langs() {
		if s := q.text("judul-" + string(l)); s != "" {
			e.Title[l] = s
		}
		if s := q.text("tanya-" + string(l)); s != "" {
			e.Question[l] = s
		}
	}
	answers := map[string]faq.Texts{}
	for _, p := range e.Phases {
		answers[p.ID] = faq.Texts{}
		for _, t := range textKinds() {
			if s := q.long("teks-" + p.ID + "-" + t.Name); s != "" {
				answers[p.ID][t.Name] = s
			}
		}
	}
	e.Answer = answers
	e.Phrasings = nil
	for _, v := range faq.Varieties() {
		for _, line := range strings.Split(q.long("contoh-"+v.Name), "\n") {
			if line = strings.TrimSpace(line); line != "" {
				e.Phrasings = append(e.Phrasings, faq.Phrasing{Text: line, Lang: v.Lang, Variety: v.Name})
			}
		}
	}
	e.Sources = readSources(q, e.Sources)
	return review
}

// sourcesMax is how many sources a form may hold.
const sourcesMax = 8

func readSources(q *request, old []faq.Source) []faq.Source {
	var out []faq.Source
	for i := range sourcesMax {
		n := strconv.Itoa(i)
		s := faq.Source{
			Title: q.text("sumber-judul-" + n), URL: q.text("sumber-tautan-" + n), Basis: q.text("sumber-dasar-" + n),
			Passage: q.text("sumber-kutipan-" + n), Grade: q.text("sumber-mutu-" + n),
		}
		if i < len(old) {
			s.Mirror = old[i].Mirror
		}
		if s.Title != "" || s.URL != "" {
			out = append(out, s)
		}
	}
	return out
}

// blame puts each finding at the field whose text it speaks of; what belongs to none is returned.
func (f *entryForm) blame(file, text string, problems []faq.Problem) []faq.Problem {
	var rest []faq.Problem
	for _, p := range problems {
		if p.File != file {
			continue
		}
		if to := f.find(placeOf(text, p.Line)); to != nil {
			to.Problems = append(to.Problems, p)
			continue
		}
		rest = append(rest, p)
	}
	return rest
}

func (f *entryForm) find(name string) *field {
	lists := [][]field{f.Title, f.Question, f.Phrasings}
	for i := range f.Phases {
		lists = append(lists, f.Phases[i].Texts)
	}
	for _, list := range lists {
		for i := range list {
			if list[i].Name == name {
				return &list[i]
			}
		}
	}
	return nil
}

// placeOf names the field that a line of an entry's file belongs to, by the keys above it.
func placeOf(text string, line int) string {
	lines := strings.Split(text, "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	var keys [3]string
	for _, l := range lines[:line] {
		depth := (len(l) - len(strings.TrimLeft(l, " "))) / 2
		key, _, ok := strings.Cut(strings.TrimSpace(l), ":")
		if !ok || depth > 2 || strings.ContainsAny(key, " \"-") && !bot.GoodID(key) {
			continue
		}
		keys[depth] = key
		for i := depth + 1; i < len(keys); i++ {
			keys[i] = ""
		}
	}
	switch keys[0] {
	case "title":
		return "judul-" + keys[1]
	case "question":
		return "tanya-" + keys[1]
	case "answer":
		return "teks-" + keys[1] + "-" + keys[2]
	case "phrasings":
		return "contoh-" + keys[1]
	}
	return ""
}
