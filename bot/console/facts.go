package console

import (
	"html/template"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tanya/bot"
	"tanya/faq"
)

type factsPage struct {
	Page
	Facts  []*faq.Fact
	Search string
	Today  faq.Date
}

// facts lists the facts that answers name.
func (c *Console) facts(q *request) error {
	d, err := c.draft.load(q.Context(), c.deps.Knowledge())
	if err != nil {
		return err
	}
	p := factsPage{Page: c.page(q, "Fakta", "jawaban"), Search: clip(q.URL.Query().Get("cari"), 80), Today: faq.DateOf(q.now, c.cfg.Zone)}
	for _, id := range d.edition.Facts() {
		f := d.edition.Fact(id)
		if strings.Contains(strings.ToLower(id+" "+factValue(f)), strings.ToLower(p.Search)) {
			p.Facts = append(p.Facts, f)
		}
	}
	return c.show(q, http.StatusOK, "fakta", p)
}

// factValue writes a fact's value as its field holds it.
func factValue(f *faq.Fact) string {
	switch f.Kind {
	case faq.KindDate:
		return f.Day.String()
	case faq.KindRange:
		return f.Day.String() + " sampai " + f.Last.String()
	case faq.KindTime:
		return time.Time{}.Add(f.Clock).Format("15:04")
	case faq.KindLaw, faq.KindName, faq.KindLink, faq.KindText:
		return f.Words.In(faq.Indonesian)
	}
	return strconv.FormatFloat(f.Number, 'f', -1, 64)
}

// factShown writes a fact's value for reading.
func factShown(f *faq.Fact) template.HTML {
	day := func(d faq.Date) template.HTML { return timeElement(d.String(), longDay(d), d.IsZero()) }
	switch f.Kind {
	case faq.KindDate:
		return day(f.Day)
	case faq.KindRange:
		return day(f.Day) + " sampai " + day(f.Last)
	}
	return template.HTML(`<span class="nilai">` + template.HTMLEscapeString(factWords(f)) + `</span>`)
}

// factWords writes a value with what it counts.
func factWords(f *faq.Fact) string {
	n := strings.ReplaceAll(factValue(f), ".", ",")
	if f.Number == math.Trunc(f.Number) && math.Abs(f.Number) >= 10000 { // smaller ones may be years
		n = thousands(int(f.Number))
	}
	switch f.Kind {
	case faq.KindTime:
		return "pukul " + strings.ReplaceAll(factValue(f), ":", ".")
	case faq.KindNumber:
		return n
	case faq.KindPercent:
		return n + "%"
	case faq.KindMoney:
		return "Rp" + n
	case faq.KindDays:
		return n + " hari"
	case faq.KindHours:
		return n + " jam"
	case faq.KindMonths:
		return n + " bulan"
	case faq.KindYears:
		return n + " tahun"
	}
	return factValue(f)
}

type factPage struct {
	Page
	Fact  *faq.Fact
	Value string
	From  string // the first day on which it may be said, "" when there is none
	Words []field
	Uses  []*faq.Entry
	Edit  bool
}

// fact shows one fact with the answers that name it.
func (c *Console) fact(q *request) error {
	d, err := c.draft.load(q.Context(), c.deps.Knowledge())
	if err != nil {
		return err
	}
	f := d.edition.Fact(q.PathValue("nama"))
	if f == nil {
		return bot.Errorf(bot.NotFound, "Fakta ini tidak ada.")
	}
	p := factPage{Page: c.page(q, factName(f.ID), "jawaban"), Fact: f, Value: factValue(f), Edit: q.me.Rights().Covers(bot.Editor)}
	if !f.From.IsZero() {
		p.From = f.From.String()
	}
	if len(f.Words) > 0 {
		for _, l := range faq.Langs() {
			p.Words = append(p.Words, field{Name: "nilai-" + string(l), Label: langName(l), Lang: string(l), Value: f.Words[l]})
		}
	}
	for _, id := range d.edition.Uses(f.ID) {
		if e := d.edition.Entry(id); e != nil {
			p.Uses = append(p.Uses, e)
		}
	}
	return c.show(q, http.StatusOK, "fakta-ubah", p)
}

// saveFact saves a fact to the next edition.
func (c *Console) saveFact(q *request) error {
	d, err := c.draft.load(q.Context(), c.deps.Knowledge())
	if err != nil {
		return err
	}
	old := d.edition.Fact(q.PathValue("nama"))
	if old == nil {
		return bot.Errorf(bot.NotFound, "Fakta ini tidak ada.")
	}
	f := *old
	if err := readFact(q, &f); err != nil {
		return err
	}
	text := faq.ReplaceFact(d.files[f.File], &f)
	if n := d.with(map[string]string{f.File: text}); n.edition.Fact(f.ID) == nil {
		return wrong(bot.Invalid, "nilai", "Isian ini tidak dapat dibaca kembali. Periksa nilai dan tanggalnya.")
	}
	if err := c.draft.save(q.Context(), d, map[string]string{f.File: text}, q.me.Login, q.line("fakta", f.ID, factValue(old)+" menjadi "+factValue(&f))); err != nil {
		return err
	}
	return q.next("/fakta/"+f.ID, "simpan")
}

// readFact reads the form over a fact. The error names every field that cannot be read.
func readFact(q *request, f *faq.Fact) error {
	return join(readFactValue(q, f), readFactDays(q, f))
}

func readFactValue(q *request, f *faq.Fact) error {
	bad := func(what string) error { return wrong(bot.Invalid, "nilai", what) }
	value := q.text("nilai")
	switch f.Kind {
	case faq.KindDate:
		d, err := faq.ParseDate(value)
		if err != nil {
			return bad("Tanggal tidak terbaca. Tulis seperti 2027-05-01.")
		}
		f.Day, f.Last = d, d
	case faq.KindRange:
		first, last, _ := strings.Cut(value, " sampai ")
		a, err1 := faq.ParseDate(strings.TrimSpace(first))
		b, err2 := faq.ParseDate(strings.TrimSpace(last))
		if err1 != nil || err2 != nil || b.Before(a) {
			return bad("Rentang tanggal tidak terbaca. Tulis seperti 2027-05-01 sampai 2027-05-03, yang awal lebih dahulu.")
		}
		f.Day, f.Last = a, b
	case faq.KindTime:
		t, err := time.Parse("15:04", strings.ReplaceAll(value, ".", ":"))
		if err != nil {
			return bad("Jam tidak terbaca. Tulis seperti 07:00.")
		}
		f.Clock = time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
	case faq.KindLaw, faq.KindName, faq.KindLink, faq.KindText:
		f.Words = faq.Words{}
		for _, l := range faq.Langs() {
			if s := q.text("nilai-" + string(l)); s != "" {
				f.Words[l] = s
			}
		}
		if f.Words[faq.Indonesian] == "" {
			return wrong(bot.Invalid, "nilai-id", "Isi nilai dalam bahasa Indonesia.")
		}
	default:
		n, err := strconv.ParseFloat(strings.ReplaceAll(value, ",", "."), 64)
		if err != nil {
			return bad("Angka tidak terbaca. Tulis angkanya saja, misalnya 17.")
		}
		f.Number = n
	}
	return nil
}

func readFactDays(q *request, f *faq.Fact) error {
	f.Source.Title, f.Source.URL = q.text("sumber-judul"), q.text("sumber-tautan")
	f.Source.Basis, f.Source.Passage, f.Source.Grade = q.text("sumber-dasar"), q.text("sumber-kutipan"), q.text("sumber-mutu")
	var all []error
	for _, d := range []struct {
		name, label string
		to          *faq.Date
		must        bool
	}{{"dicek", "Hari pemeriksaan", &f.Checked, true}, {"mulai", "Hari mulai", &f.From, false}, {"sampai", "Hari berakhir", &f.Until, true}} {
		s := q.text(d.name)
		if s == "" && !d.must {
			*d.to = faq.Date{}
			continue
		}
		day, err := faq.ParseDate(s)
		if err != nil {
			all = append(all, wrong(bot.Invalid, d.name, d.label+" tidak terbaca. Tulis seperti 2027-05-01."))
			continue
		}
		*d.to = day
	}
	return join(all...)
}
