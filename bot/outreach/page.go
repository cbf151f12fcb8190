package outreach

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"tanya/bot"
	"tanya/faq"
)

//go:embed templates/*.html templates/*.css
var files embed.FS

// Book is where activities are kept. A change writes its audit line in the same transaction.
type Book interface {
	Activities(ctx context.Context) ([]bot.Activity, error)
	SaveActivity(ctx context.Context, a bot.Activity, line bot.Audit) error
}

// Pages are the console's pages on activities and reports. Their methods fit console.Extra.
type Pages struct {
	Maker *Maker
	Book  Book
	Add   func(ctx context.Context, a bot.Activity) (bot.Activity, error) // gives it a code and keeps it
	Links func(ctx context.Context, code string) [][2]string              // ways into the service that carry the code
	Kit   bool                                                            // whether print-outs can be downloaded beside them
	Root  string                                                          // where the console is mounted
}

var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"metode":  MethodName,
	"segmen":  func(s faq.Segment) string { return segmentName(string(s)) },
	"segmens": segmentNames,
	"kode":    bot.ShowCode,
	"hari":    func(d faq.Date) string { return faq.ShortDay(d, faq.Indonesian) },
	"ribu":    thousands,
	"angka":   func(t Table, i int) bool { return t.number(i) },
	"batang":  bar,
	"punya":   func(all []faq.Segment, s faq.Segment) bool { return slices.Contains(all, s) },
}).ParseFS(files, "templates/*.html"))

func show(name string, data any) (template.HTML, error) {
	var b bytes.Buffer
	err := pages.ExecuteTemplate(&b, name, data)
	return template.HTML(b.String()), err //nolint:gosec // made by html/template
}

// barWide is how wide the longest bar is, in pixels.
const barWide = 110

// bar draws a row's number as a bar, its dark part on top; a bar without parts is dark. It stands beside the number, which
// says the same: a screen reader passes over it, and the table is the picture's own. In black and white the two greys stay
// apart.
func bar(t Table, r Row, i int) template.HTML {
	if i != t.Bars || t.Bars == 0 {
		return ""
	}
	longest := 0
	for _, other := range t.Rows {
		if f, ok := other.Values[i].(Figure); ok {
			longest = max(longest, f.lo)
		}
	}
	length := func(v Value) int {
		f, ok := v.(Figure)
		if !ok || longest == 0 {
			return 0
		}
		return f.lo * barWide / longest
	}
	whole, part := length(r.Values[i]), 0
	if t.Part == 0 {
		part = whole
	} else {
		part = min(whole, length(r.Values[t.Part]))
	}
	return template.HTML(`<svg width="` + strconv.Itoa(barWide) + `" height="11" viewBox="0 0 ` + strconv.Itoa(barWide) + ` 11" aria-hidden="true" focusable="false">` +
		`<rect width="` + strconv.Itoa(whole) + `" height="11" fill="currentColor" opacity=".28"/>` +
		`<rect width="` + strconv.Itoa(part) + `" height="11" fill="currentColor" opacity=".8"/></svg>`)
}

type listPage struct {
	Root       string
	May        bool
	Activities []bot.Activity
}

// List shows all activities.
func (p *Pages) List(_ http.ResponseWriter, r *http.Request, me bot.Staff) (string, template.HTML, error) {
	all, err := p.Book.Activities(r.Context())
	if err != nil {
		return "", "", err
	}
	body, err := show("daftar.html", listPage{p.Root, me.Rights().Covers(bot.Editor), all})
	return "Kegiatan", body, err
}

type formPage struct {
	Root     string
	New      bool
	May      bool
	Locked   bool         // segment and kecamatan can no longer be changed
	A        bot.Activity // as the form holds it
	Kept     bot.Activity // as it is kept
	Methods  []string
	Segments []faq.Segment
	Links    [][2]string
	Kit      bool
	Month    string
	Wrong    map[string]string // what is wrong, by field

	Day, Participants, Cost string // as typed
}

// Note says below a field what is wrong with it. The summary above the form links to the field.
func (f formPage) Note(field string) template.HTML {
	s := template.HTMLEscapeString(f.Wrong[field])
	if s == "" {
		return ""
	}
	return template.HTML(`<p class="salah" id="g-` + field + `">` + s + `</p>`)
}

// Mark ties a field to its note and to what helps with it; help are ids.
func (f formPage) Mark(field string, help ...string) template.HTMLAttr {
	attr := ""
	if f.Wrong[field] != "" {
		attr, help = `aria-invalid="true" `, append([]string{"g-" + field}, help...)
	}
	if len(help) > 0 {
		attr += `aria-describedby="` + strings.Join(help, " ") + `"`
	}
	return template.HTMLAttr(attr)
}

func (p *Pages) form(a bot.Activity, me bot.Staff) formPage {
	f := formPage{Root: p.Root, A: a, Kept: a, May: me.Rights().Covers(bot.Editor), Methods: bot.Methods(), Segments: faq.AllSegments(), Kit: p.Kit}
	if !a.Date.IsZero() {
		f.Day, f.Month = a.Date.String(), MonthOf(a.Date).String()
	}
	if a.Participants > 0 {
		f.Participants = strconv.Itoa(a.Participants)
	}
	if a.Cost > 0 {
		f.Cost = strconv.FormatInt(a.Cost, 10)
	}
	return f
}

// New shows the form for a new activity.
func (p *Pages) New(_ http.ResponseWriter, _ *http.Request, me bot.Staff) (string, template.HTML, error) {
	f := p.form(bot.Activity{Date: p.today()}, me)
	f.New = true
	body, err := show("kegiatan.html", f)
	return "Kegiatan baru", body, err
}

// Create keeps a new activity.
func (p *Pages) Create(w http.ResponseWriter, r *http.Request, me bot.Staff) (string, template.HTML, error) {
	a, err := readActivity(r.PostForm, bot.Activity{})
	if err != nil {
		return p.again(r, bot.Activity{}, a, me, err)
	}
	a.Author = me.Login
	kept, err := p.Add(r.Context(), a)
	if err != nil {
		return p.again(r, bot.Activity{}, a, me, err)
	}
	http.Redirect(w, r, p.Root+"/kegiatan/"+kept.Code, http.StatusSeeOther)
	return "", "", nil
}

// again shows the form of an activity, or of a new one, that could not be taken, with what was written in it, and says why.
// What will pass by itself is the desk's to tell.
func (p *Pages) again(r *http.Request, old, a bot.Activity, me bot.Staff, err error) (string, template.HTML, error) {
	switch bot.ClassOf(err) {
	case bot.Invalid, bot.Conflict:
	default:
		return "", "", err
	}
	f := p.form(a, me)
	title := "Kegiatan baru"
	f.Kept = old
	if f.New = old.Code == ""; !f.New {
		title, f.Links, f.Locked, f.Month = old.Name, p.Links(r.Context(), old.Code), p.begun(old), MonthOf(old.Date).String()
	}
	f.Participants, f.Cost, f.Wrong = r.PostForm.Get("peserta"), r.PostForm.Get("biaya"), map[string]string{}
	if !f.Locked {
		f.Day = r.PostForm.Get("tanggal")
	}
	var all bot.Mistakes
	if errors.As(err, &all) {
		for _, one := range all {
			f.Wrong[one.Field] = one.Text
		}
	}
	body, failed := show("kegiatan.html", f)
	if failed != nil {
		return "", "", failed
	}
	return title, body, err
}

func (p *Pages) find(ctx context.Context, code string) (bot.Activity, error) {
	all, err := p.Book.Activities(ctx)
	if err != nil {
		return bot.Activity{}, err
	}
	if i := slices.IndexFunc(all, func(a bot.Activity) bool { return a.Code == code }); i >= 0 {
		return all[i], nil
	}
	return bot.Activity{}, bot.Errorf(bot.NotFound, "Kegiatan ini tidak ada.")
}

// One shows an activity with its links, and the form that changes it.
func (p *Pages) One(_ http.ResponseWriter, r *http.Request, me bot.Staff) (string, template.HTML, error) {
	a, err := p.find(r.Context(), r.PathValue("kode"))
	if err != nil {
		return "", "", err
	}
	f := p.form(a, me)
	f.Links, f.Locked = p.Links(r.Context(), a.Code), p.begun(a)
	body, err := show("kegiatan.html", f)
	return a.Name, body, err
}

// Save keeps what was changed. From the day of the activity on, its segments and its place stay: numbers that were said
// could otherwise be compared with the same numbers counted differently, and the difference would be the activity itself.
func (p *Pages) Save(w http.ResponseWriter, r *http.Request, me bot.Staff) (string, template.HTML, error) {
	old, err := p.find(r.Context(), r.PathValue("kode"))
	if err != nil {
		return "", "", err
	}
	form := r.PostForm
	if p.begun(old) {
		form = maps.Clone(form)
		form["segmen"], form["kecamatan"], form["tanggal"] = nil, []string{old.District}, []string{old.Date.String()}
		for _, s := range old.Segments {
			form["segmen"] = append(form["segmen"], string(s))
		}
	}
	a, err := readActivity(form, old)
	if err != nil {
		return p.again(r, old, a, me, err)
	}
	line := bot.Audit{Actor: me.Login, Action: "kegiatan", Object: a.Code, Detail: a.Method}
	if err := p.Book.SaveActivity(r.Context(), a, line); err != nil {
		return p.again(r, old, a, me, err)
	}
	http.Redirect(w, r, p.Root+"/kegiatan/"+a.Code, http.StatusSeeOther)
	return "", "", nil
}

// begun reports whether the day of an activity has come.
func (p *Pages) begun(a bot.Activity) bool { return !p.today().Before(a.Date) }

func (p *Pages) today() faq.Date { return faq.DateOf(p.Maker.Now(), p.Maker.Zone) }

// readActivity reads the form over what is known already. The error names every field that is wrong.
func readActivity(f url.Values, a bot.Activity) (bot.Activity, error) {
	get := func(name string) string { return strings.TrimSpace(f.Get(name)) }
	a.Name, a.Method, a.District, a.Village, a.Partner, a.Note = get("nama"), get("metode"), get("kecamatan"), get("desa"), get("mitra"), get("catatan")
	a.Segments = nil
	for _, s := range f["segmen"] {
		a.Segments = append(a.Segments, faq.Segment(s))
	}
	unread := map[string]string{}
	a.Date = faq.Date{}
	if day := get("tanggal"); day != "" {
		var err error
		if a.Date, err = faq.ParseDate(day); err != nil {
			unread["tanggal"] = "Tanggal ditulis seperti 2026-11-26."
		}
	}
	number := func(name, label string) int64 {
		s := strings.ReplaceAll(get(name), ".", "")
		if s == "" {
			return 0
		}
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil || n < 0 || n > numberMax {
			unread[name] = label + " ditulis dengan angka saja."
			return 0
		}
		return n
	}
	a.Participants, a.Cost = int(number("peserta", "Jumlah peserta")), number("biaya", "Biaya")
	return a, mistakes(unread, a.Check())
}

// numberMax bounds what may be written as a number: more rupiah than an office spends, and well below what overflows.
const numberMax = 1e12

// mistakes puts what could not be read and what may not be together, in the order of the form.
func mistakes(unread map[string]string, checked error) error {
	var found bot.Mistakes
	if checked != nil && !errors.As(checked, &found) {
		return checked
	}
	var out bot.Mistakes
	for _, field := range []string{"nama", "metode", "tanggal", "segmen", "kecamatan", "desa", "peserta", "biaya", "mitra", "catatan"} {
		if s := unread[field]; s != "" {
			out = append(out, bot.Mistake{Field: field, Text: s})
			continue
		}
		for _, one := range found {
			if one.Field == field {
				out = append(out, one)
			}
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

type reportPage struct {
	*Report
	Root     string
	Months   []Month
	Chosen   string
	Code     string
	All      []bot.Activity
	Formats  []string
	Download string
	Wrong    string // what is wrong with what was asked for
}

// monthsShown is how many months can be chosen.
const monthsShown = 18

// Report shows the report of a month or of an activity, unrounded. Where there is no such report it says so above the one
// of the last month.
func (p *Pages) Report(_ http.ResponseWriter, r *http.Request, _ bot.Staff) (string, template.HTML, error) {
	report, wrong := p.report(r, Inside)
	switch bot.ClassOf(wrong) {
	case "":
	case bot.Invalid, bot.NotFound:
		last := r.Clone(r.Context())
		last.Form = url.Values{}
		var err error
		if report, err = p.report(last, Inside); err != nil {
			return "", "", err
		}
		wrong = bot.Mistakes{{Field: "bulan", Text: wrong.Error()}}
	default:
		return "", "", wrong
	}
	var err error
	v := reportPage{Report: report, Root: p.Root, Chosen: report.Month, Code: report.Activity, Formats: []string{"pdf", "xlsx", "csv", "json"}}
	for m := MonthOf(p.today()); len(v.Months) < monthsShown; m = m.Before() {
		v.Months = append(v.Months, m)
	}
	if v.All, err = p.Book.Activities(r.Context()); err != nil {
		return "", "", err
	}
	v.Download = p.Root + "/laporan/unduh?" + url.Values{"bulan": {report.Month}, "kegiatan": {report.Activity}}.Encode() + "&bentuk="
	if wrong != nil {
		v.Wrong = wrong.Error()
	}
	body, err := show("laporan.html", v)
	if err != nil {
		return "", "", err
	}
	return report.Title, body, wrong
}

// Download gives the report as a file. A file may leave the office, so its numbers are rounded.
func (p *Pages) Download(w http.ResponseWriter, r *http.Request, _ bot.Staff) (string, template.HTML, error) {
	format := r.FormValue("bentuk")
	types := map[string]string{"pdf": "application/pdf", "csv": "text/csv; charset=utf-8", "json": "application/json",
		"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
	if types[format] == "" {
		return "", "", bot.Errorf(bot.Invalid, "Bentuk ini tidak ada; pilih PDF, XLSX, CSV, atau JSON.")
	}
	report, err := p.report(r, Outside)
	if err != nil {
		return "", "", err
	}
	var b bytes.Buffer
	if err := report.Write(&b, format); err != nil {
		return "", "", err
	}
	h := w.Header()
	h.Set("Content-Type", types[format])
	h.Set("Content-Disposition", `attachment; filename="`+report.FileName(format)+`"`)
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	_, err = w.Write(b.Bytes())
	return "", "", err
}

// report makes the report that a request asks for: the last month that is over, unless it names another.
func (p *Pages) report(r *http.Request, to Audience) (*Report, error) {
	m := MonthOf(p.today()).Before()
	if s := r.FormValue("bulan"); s != "" {
		var err error
		if m, err = ParseMonth(s); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeout(r.Context(), time.Minute)
	defer cancel()
	if code := r.FormValue("kegiatan"); code != "" {
		return p.Maker.Activity(ctx, m, code, to)
	}
	return p.Maker.Month(ctx, m, to)
}
