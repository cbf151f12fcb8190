package outreach

import (
	"bytes"
	"context"
	"embed"
	"html/template"
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

// bar draws a row's number as a bar, its dark part on top; a bar without parts is dark. It stands beside the number, which says the same: a screen
// reader passes over it, and the table is the picture's own. In black and white the two greys stay apart.
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
	Locked   bool // segment and kecamatan can no longer be changed
	A        bot.Activity
	Methods  []string
	Segments []faq.Segment
	Links    [][2]string
	Kit      bool
	Month    string
	Wrong    string
	Day      string
}

func (p *Pages) form(a bot.Activity, me bot.Staff) formPage {
	f := formPage{Root: p.Root, A: a, May: me.Rights().Covers(bot.Editor), Methods: bot.Methods(), Segments: faq.AllSegments(), Kit: p.Kit}
	if !a.Date.IsZero() {
		f.Day, f.Month = a.Date.String(), MonthOf(a.Date).String()
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
	if err == nil {
		err = a.Check()
	}
	if err != nil {
		return p.again(a, me, true, err)
	}
	a.Author = me.Login
	if a, err = p.Add(r.Context(), a); err != nil {
		return "", "", err
	}
	http.Redirect(w, r, p.Root+"/kegiatan/"+a.Code, http.StatusSeeOther)
	return "", "", nil
}

// again shows a form that could not be taken, with what was written in it.
func (p *Pages) again(a bot.Activity, me bot.Staff, isNew bool, err error) (string, template.HTML, error) {
	if bot.ClassOf(err) != bot.Invalid {
		return "", "", err
	}
	f := p.form(a, me)
	f.New, f.Wrong, f.Locked = isNew, err.Error(), !isNew && !p.today().Before(a.Date)
	title := "Kegiatan baru"
	if !isNew {
		title = a.Name
	}
	body, failed := show("kegiatan.html", f)
	return title, body, failed
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
	f.Links, f.Locked = p.Links(r.Context(), a.Code), !p.today().Before(a.Date)
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
	a, err := readActivity(r.PostForm, old)
	if !p.today().Before(old.Date) {
		a.Segments, a.District, a.Date = old.Segments, old.District, old.Date
	}
	if err == nil {
		err = a.Check()
	}
	if err != nil {
		return p.again(a, me, false, err)
	}
	line := bot.Audit{Actor: me.Login, Action: "kegiatan", Object: a.Code, Detail: a.Method}
	if err := p.Book.SaveActivity(r.Context(), a, line); err != nil {
		return "", "", err
	}
	http.Redirect(w, r, p.Root+"/kegiatan/"+a.Code, http.StatusSeeOther)
	return "", "", nil
}

func (p *Pages) today() faq.Date { return faq.DateOf(p.Maker.Now(), p.Maker.Zone) }

// readActivity reads the form over what is known already.
func readActivity(f url.Values, a bot.Activity) (bot.Activity, error) {
	get := func(name string) string { return strings.TrimSpace(f.Get(name)) }
	a.Name, a.Method, a.District, a.Village, a.Partner, a.Note = get("nama"), get("metode"), get("kecamatan"), get("desa"), get("mitra"), get("catatan")
	a.Segments = nil
	for _, s := range f["segmen"] {
		a.Segments = append(a.Segments, faq.Segment(s))
	}
	var err error
	if day := get("tanggal"); day != "" {
		if a.Date, err = faq.ParseDate(day); err != nil {
			return a, bot.Errorf(bot.Invalid, "Tanggal ditulis seperti 2026-11-26.")
		}
	}
	number := func(name, label string) int {
		s := strings.ReplaceAll(get(name), ".", "")
		if s == "" {
			return 0
		}
		n, bad := strconv.Atoi(s)
		if bad != nil || n < 0 {
			err = bot.Errorf(bot.Invalid, "%s ditulis dengan angka saja.", label)
		}
		return n
	}
	a.Participants, a.Cost = number("peserta", "Jumlah peserta"), int64(number("biaya", "Biaya"))
	return a, err
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
}

// monthsShown is how many months can be chosen.
const monthsShown = 18

// Report shows the report of a month or of an activity, unrounded.
func (p *Pages) Report(_ http.ResponseWriter, r *http.Request, _ bot.Staff) (string, template.HTML, error) {
	report, err := p.report(r, Inside)
	if err != nil {
		return "", "", err
	}
	v := reportPage{Report: report, Root: p.Root, Chosen: report.Month, Code: report.Activity, Formats: []string{"pdf", "xlsx", "csv", "json"}}
	for m := MonthOf(p.today()); len(v.Months) < monthsShown; m = m.Before() {
		v.Months = append(v.Months, m)
	}
	if v.All, err = p.Book.Activities(r.Context()); err != nil {
		return "", "", err
	}
	v.Download = p.Root + "/laporan/unduh?" + url.Values{"bulan": {report.Month}, "kegiatan": {report.Activity}}.Encode() + "&bentuk="
	body, err := show("laporan.html", v)
	return report.Title, body, err
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
