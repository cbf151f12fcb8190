package console

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"tanya/bot"
	"tanya/faq"
)

//go:embed static/* templates/*
var files embed.FS

// Page is what every page shows.
type Page struct {
	Title  string
	Active string // the part of the navigation it belongs to
	Office string
	Me     bot.Staff
	In     bool // somebody is signed in
	Notice string
	Undo   string // number of the change that can be taken back
	Now    time.Time
	Kill   bool  // everything is withdrawn
	Broken int64 // number of the newest edition when it is not used, 0 when it is
	Mock   bool  // the data is simulated
	Menu   []menuItem
	Remain int        // seconds until the session ends by itself
	Wrong  []note     // what is wrong with the form that the page shows again
	Posted bool       // it would have changed something
	form   url.Values // what was typed into it
}

type menuItem struct{ Key, Path, Label string }

// page begins a page.
func (c *Console) page(q *request, title, active string) Page {
	p := Page{Title: title, Active: active, Office: c.cfg.Office, Me: q.me, In: q.me.Login != "", Now: q.now, Mock: c.cfg.Simulated}
	p.Notice = notices[q.URL.Query().Get("ok")]
	if u := q.URL.Query().Get("urung"); p.Notice != "" && u != "" && !strings.ContainsFunc(u, func(r rune) bool { return r < '0' || r > '9' }) {
		p.Undo = u
	}
	if p.In {
		p.Remain = int(q.session.Ends().Sub(q.now) / time.Second)
	}
	if p.Wrong = q.notes; len(p.Wrong) > 0 {
		p.form, p.Posted = q.PostForm, q.Method == http.MethodPost
	}
	k := c.deps.Knowledge()
	p.Broken, p.Kill = k.Refused, k.Withdrawn["*"]
	for _, m := range menu {
		if m.Key == beforeExtras {
			for _, e := range c.deps.Extras {
				if _, path, _ := strings.Cut(e.Pattern, " "); e.Label != "" && q.me.Rights().Covers(e.Need) {
					p.Menu = append(p.Menu, menuItem{e.part(), path, e.Label})
				}
			}
		}
		if q.me.Rights().Covers(m.need) {
			p.Menu = append(p.Menu, m.menuItem)
		}
	}
	return p
}

// Fault is what is wrong with a field, "" when nothing is.
func (p Page) Fault(field string) string {
	for _, n := range p.Wrong {
		if n.Field == field {
			return n.Text
		}
	}
	return ""
}

// Note says below a field what is wrong with it.
func (p Page) Note(field string) template.HTML {
	s := p.Fault(field)
	if s == "" {
		return ""
	}
	esc := template.HTMLEscapeString
	return template.HTML(`<p class="salah" id="g-` + esc(field) + `">` + esc(s) + `</p>`)
}

// Mark ties a field to its note and to what helps with it; help are ids.
func (p Page) Mark(field string, help ...string) template.HTMLAttr {
	attr := ""
	if p.Fault(field) != "" {
		attr, help = `aria-invalid="true" `, append([]string{"g-" + field}, help...)
	}
	if len(help) > 0 {
		attr += `aria-describedby="` + template.HTMLEscapeString(strings.Join(help, " ")) + `"`
	}
	return template.HTMLAttr(attr)
}

// Typed is what was typed into a field of a form that is shown again; otherwise what it holds at first.
func (p Page) Typed(field, otherwise string) string {
	if len(p.Wrong) == 0 {
		return otherwise
	}
	return p.form.Get(field)
}

// Ticked reports whether a box is ticked: as it was in a form that is shown again, otherwise as it is at first.
func (p Page) Ticked(field, value string, otherwise bool) bool {
	if len(p.Wrong) == 0 {
		return otherwise
	}
	return slices.Contains(p.form[field], value)
}

// beforeExtras is the part of the navigation that stands after the pages of other rooms.
const beforeExtras = "saluran"

// menu is the navigation, in the order of a working day.
var menu = []struct {
	menuItem
	need bot.Role
}{
	{menuItem{"ringkasan", "/", "Ringkasan"}, bot.Reader},
	{menuItem{"pertanyaan", "/pertanyaan", "Pertanyaan"}, bot.Reader},
	{menuItem{"jawaban", "/jawaban", "Jawaban"}, bot.Reader},
	{menuItem{"terbit", "/terbit", "Terbitkan"}, bot.Reader},
	{menuItem{"coba", "/coba", "Coba"}, bot.Reader},
	{menuItem{"kalender", "/kalender", "Kalender"}, bot.Reader},
	{menuItem{"saluran", "/saluran", "Saluran"}, bot.Reader},
	{menuItem{"orang", "/orang", "Orang"}, bot.Editor},
	{menuItem{"catatan", "/catatan", "Catatan"}, bot.Reader},
	{menuItem{"bantuan", "/bantuan", "Bantuan"}, bot.Reader},
}

// show renders a page, all of it or nothing.
func (c *Console) show(q *request, status int, name string, data any) error {
	t := c.pages[name]
	if t == nil {
		return fmt.Errorf("no template %s", name)
	}
	if status == http.StatusOK && q.status != 0 {
		status = q.status
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "bingkai", data); err != nil {
		return err
	}
	q.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	q.w.WriteHeader(status)
	_, _ = q.w.Write(b.Bytes()) // a browser that went away is no error of ours
	return nil
}

// part renders a piece of a page, for the script that replaces it.
func (c *Console) part(q *request, name, piece string, data any) error {
	var b bytes.Buffer
	if err := c.pages[name].ExecuteTemplate(&b, piece, data); err != nil {
		return err
	}
	q.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = q.w.Write(b.Bytes())
	return nil
}

// loadPages parses each page with the frame around it.
func (c *Console) loadPages() (map[string]*template.Template, error) {
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return nil, err
	}
	pages := map[string]*template.Template{}
	for _, name := range names {
		base := strings.TrimSuffix(path.Base(name), ".html")
		if base == "bingkai" || base == "bagian" {
			continue
		}
		t, err := template.New(base).Funcs(c.funcs()).ParseFS(files, "templates/bingkai.html", "templates/bagian.html", name)
		if err != nil {
			return nil, err
		}
		pages[base] = t
	}
	return pages, nil
}

// funcs are what templates may call.
func (c *Console) funcs() template.FuncMap {
	return template.FuncMap{
		"berkas": func(name string) string { return root + "/berkas/" + name + "?v=" + c.assets[name].version },
		"tautan": func(p string) string { return root + p },
		"saat": func(t time.Time) template.HTML {
			return timeElement(t.In(c.cfg.Zone).Format(time.RFC3339), c.moment(t), t.IsZero())
		},
		"tanggal": func(d faq.Date) template.HTML { return timeElement(d.String(), longDay(d), d.IsZero()) },
		"peran":   roleName,
		"bahasa":  langName,
		"segmen":  segmentName,
		"saluran": channelName,
		"hasil":   outcomeName,
		"status":  statusName,
		"bendera": flagName,
		"alasan":  reasonName,
		"topik":   topicName,
		"tindak":  actionName,
		"judul":   c.entryTitle,
		"persen":  func(x float64) string { return fmt.Sprintf("%.0f%%", 100*x) },
		"desimal": func(x float64) string { return strings.ReplaceAll(fmt.Sprintf("%.1f", x), ".", ",") },
		"baris":   func(s string) []string { return strings.Split(s, "\n") },
		"tambah":  func(a, b int) int { return a + b },
		"gabung":  strings.Join,
		"angka":   thousands,

		"pilihan":     func(all ...string) []string { return all },
		"statusteks":  func(s string) string { return statusName(bot.ReviewStatus(s)) },
		"benderateks": func(s string) string { return flagName(bot.ReviewFlag(s)) },
		"bahasateks":  func(s string) string { return langName(faq.Lang(s)) },
		"ragam":       varietyName,
		"keadaan":     stateName,
		"jenis":       kindName,
		"nilai":       factShown,
		"hari1": func(d faq.Date) template.HTML {
			return timeElement(d.String(), faq.ShortDay(d, faq.Indonesian), d.IsZero())
		},
		"nilaiorang":    ratingName,
		"jenisfakta":    factKindName,
		"mutu":          gradeName,
		"keadaanpemilu": electionState,
		"rinci":         detailText,
		"keluhan":       troubleText,
		"sebut":         c.plainWords,
		"namafakta":     factName,
		"objek":         c.objectText,
		"masa":          phaseName,
		"situs":         siteOf,
		"koma":          decimalComma,
		"lugas":         func(p faq.Problem) string { return bot.PlainWords(c.deps.Knowledge().Edition, p.Message) },
		"waktu":         markDays,
		"penting":       weighty,
		"beda":          wordDiff,
	}
}

// entryTitle names an answer as staff know it; what has no answer stays as it is.
func (c *Console) entryTitle(id string) string {
	if e := c.deps.Knowledge().Edition.Entry(id); e != nil {
		return e.Title.In(faq.Indonesian)
	}
	return id
}

// fileTitle names a file of an edition as staff know it.
func fileTitle(ed *faq.Edition, file string) string {
	if topic, ok := strings.CutPrefix(file, "facts/"); ok {
		return "Fakta topik " + topicName(strings.TrimSuffix(topic, ".yaml"))
	}
	return bot.ContentName(ed, file)
}

// hyphened is what may be the id of a fact or an answer.
var hyphened = regexp.MustCompile(`[a-z0-9]+(?:-[a-z0-9]+)+`)

// plainWords puts names in place of what the gate and the lint call by id. In braces an id stays: so a text
// writes it.
func (c *Console) plainWords(s string) string {
	ed := c.deps.Knowledge().Edition
	var b strings.Builder
	from := 0
	for _, m := range hyphened.FindAllStringIndex(s, -1) {
		id := s[m[0]:m[1]]
		if m[0] > 0 && strings.IndexByte("{/.", s[m[0]-1]) >= 0 {
			continue
		}
		switch {
		case ed.Fact(id) != nil:
			id = factName(id)
		case ed.Entry(id) != nil:
			id = c.entryTitle(id)
		}
		b.WriteString(s[from:m[0]] + id)
		from = m[1]
	}
	return b.String() + s[from:]
}

// timeElement writes a day or an instant for people and for machines.
func timeElement(iso, text string, none bool) template.HTML {
	if none {
		return template.HTML(template.HTMLEscapeString(text))
	}
	return template.HTML(`<time datetime="` + template.HTMLEscapeString(iso) + `">` + template.HTMLEscapeString(text) + `</time>`)
}

// writtenDay finds days within a sentence, as people write them and as files do.
var writtenDay = regexp.MustCompile(`\b(\d{1,2}) (` + strings.Join(monthNames[:], "|") + `) (\d{4})\b|\b\d{4}-\d{2}-\d{2}\b`)

var monthNames = [...]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"}

// markDays writes a sentence with the days in it marked for machines.
func markDays(s string) template.HTML {
	var b strings.Builder
	from := 0
	for _, m := range writtenDay.FindAllStringSubmatchIndex(s, -1) {
		day := s[m[0]:m[1]]
		iso, shown := day, day
		if m[2] >= 0 {
			month := slices.Index(monthNames[:], s[m[4]:m[5]]) + 1
			iso = fmt.Sprintf("%s-%02d-%02s", s[m[6]:m[7]], month, s[m[2]:m[3]])
		} else if d, err := faq.ParseDate(day); err == nil {
			shown = faq.ShortDay(d, faq.Indonesian)
		}
		b.WriteString(template.HTMLEscapeString(s[from:m[0]]))
		b.WriteString(string(timeElement(iso, shown, false)))
		from = m[1]
	}
	b.WriteString(template.HTMLEscapeString(s[from:]))
	return template.HTML(b.String())
}

// moment writes an instant as people say it.
func (c *Console) moment(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return faq.ShortDay(faq.DateOf(t, c.cfg.Zone), faq.Indonesian) + ", " + t.In(c.cfg.Zone).Format("15.04")
}

// asset is a file that the pages load.
type asset struct {
	body    []byte
	kind    string
	version string
}

func loadAssets() (map[string]asset, error) {
	kinds := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
	names, err := fs.Glob(files, "static/*")
	if err != nil {
		return nil, err
	}
	all := map[string]asset{}
	for _, name := range names {
		body, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(body)
		all[path.Base(name)] = asset{body, kinds[path.Ext(name)], hex.EncodeToString(sum[:6])}
	}
	return all, nil
}

// file serves an asset. One that is asked for by its version never changes.
func (c *Console) file(q *request) error {
	a, ok := c.assets[q.PathValue("nama")]
	if !ok {
		return bot.Errorf(bot.NotFound, "no such file")
	}
	h := q.w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "public, max-age=600")
	if q.URL.Query().Get("v") == a.version {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	http.ServeContent(q.w, q.Request, "", time.Time{}, bytes.NewReader(a.body))
	return nil
}
