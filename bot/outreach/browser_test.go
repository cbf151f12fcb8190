package outreach

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/bottest"
	"tanya/faq"
)

func (w *world) SaveActivity(_ context.Context, a bot.Activity, _ bot.Audit) error {
	for i := range w.activities {
		if w.activities[i].Code == a.Code {
			w.activities[i] = a
		}
	}
	return nil
}

func (w *world) Corrections(context.Context, time.Time, time.Time) (int, int, error) {
	return 2, 1, nil
}

// serve shows the pages in a frame that has the desk's look and its content security policy.
func serve(t *testing.T, p *Pages, public *Public, role bot.Role) *httptest.Server {
	t.Helper()
	me := bot.Staff{Login: "ani", Name: "Ani", Role: role, Vouched: bot.Founder}
	mux := http.NewServeMux()
	frame := func(do func(http.ResponseWriter, *http.Request, bot.Staff) (string, template.HTML, error)) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'")
			_ = r.ParseForm()
			title, body, err := do(w, r, me)
			switch {
			case err != nil && body == "":
				http.Error(w, err.Error(), http.StatusInternalServerError)
			case body != "":
				if err != nil {
					w.WriteHeader(http.StatusUnprocessableEntity) // the desk says above the form what is wrong
				}
				fmt.Fprintf(w, `<!doctype html><html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>%s</title>`+
					`<link rel="stylesheet" href="/meja.css"></head><body><div class="badan"><nav class="menu" aria-label="Menu"><ul><li><a href="/kegiatan">Kegiatan</a></li><li><a href="/laporan">Laporan</a></li></ul></nav><main><h1>%s</h1>%s</main></div></body></html>`,
					template.HTMLEscapeString(title), template.HTMLEscapeString(title), body)
			}
		}
	}
	mux.HandleFunc("GET /meja.css", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, "../console/static/meja.css") })
	mux.HandleFunc("GET /kegiatan", frame(p.List))
	mux.HandleFunc("POST /kegiatan", frame(p.Create))
	mux.HandleFunc("GET /kegiatan/baru", frame(p.New))
	mux.HandleFunc("GET /kegiatan/{kode}", frame(p.One))
	mux.HandleFunc("POST /kegiatan/{kode}", frame(p.Save))
	mux.HandleFunc("GET /laporan", frame(p.Report))
	mux.HandleFunc("GET /laporan/unduh", frame(p.Download))
	mux.Handle("GET /angka", public)
	mux.HandleFunc("GET /angka/gaya.css", public.Style)
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func openPages(t *testing.T) (*Pages, *Public, *world) {
	t.Helper()
	ed := loadEdition(t)
	w := makeSeason(rand.New(rand.NewPCG(99, 1)), ed, 900)
	w.today = faq.Date{Year: 2026, Month: time.December, Day: 9}
	names := []string{"Goes to School SMAN 1 Cepu", "Forum warga Desa Klopoduwur", "Simulasi bersama Difabel Blora Mustika", "Siaran radio", "Diskusi Karang Taruna"}
	for i := range w.activities {
		w.activities[i].Name = names[i%len(names)]
	}
	m := maker(w, ed)
	add := func(_ context.Context, a bot.Activity) (bot.Activity, error) {
		a.Code = "BARU22"
		w.activities = append(w.activities, a)
		return a, nil
	}
	links := func(context.Context, string) [][2]string {
		return [][2]string{{"Web", "https://tanya.example.id/?kode=BCDFGH"}, {"Diketik", "KODE BCD-FGH (di saluran mana pun)"}}
	}
	return &Pages{Maker: m, Book: w, Add: add, Links: links, Kit: true}, &Public{Maker: m, Fixes: w, Chat: "/"}, w
}

// TestLooks visits every page, wide and narrow, without scripts. A picture of each is kept when TANYA_SHOTS names a folder.
func TestLooks(t *testing.T) {
	b := bottest.StartBrowser(t)
	p, public, w := openPages(t)
	s := serve(t, p, public, bot.Editor)
	for _, look := range []struct {
		name string
		bottest.Look
	}{
		{"lap-desk", bottest.Look{Width: 1280, Height: 800}},
		{"lap-phone", bottest.Look{Width: 390, Height: 844}},
		{"lap-dark", bottest.Look{Width: 390, Height: 844, Dark: true, Text: 200}},
	} {
		page := b.Page(t, look.Look)
		for _, one := range []struct{ name, path string }{
			{"kegiatan", "/kegiatan"}, {"baru", "/kegiatan/baru"}, {"satu", "/kegiatan/" + w.activities[0].Code}, {"laporan", "/laporan"},
			{"laporan-kegiatan", "/laporan?bulan=2026-11&kegiatan=" + w.activities[0].Code}, {"laporan-berjalan", "/laporan?bulan=2026-12"}, {"angka", "/angka"},
		} {
			page.Go(s.URL + one.path)
			page.Wait("document.querySelector('h1')")
			for _, f := range page.Axe(look.name + " " + one.name) {
				t.Logf("axe could not decide on %s: %s %v", one.name, f.ID, f.Nodes)
			}
			if wide := bottest.Value[int](page, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
				t.Errorf("%s %s is %d px wider than the window", look.name, one.name, wide)
			}
			page.Shot(look.name+"-"+one.name, true)
		}
		for _, c := range page.Complaints() {
			t.Errorf("the browser complains: %s", c)
		}
	}
}

// TestForms enters and changes activities the way a browser without scripts does.
func TestForms(t *testing.T) {
	p, public, w := openPages(t)
	s := serve(t, p, public, bot.Editor)
	page := ""
	post := func(path string, f url.Values) (int, string) {
		t.Helper()
		c := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		r, err := c.PostForm(s.URL+path, f)
		check(t, err)
		defer r.Body.Close()
		b, err := io.ReadAll(r.Body)
		check(t, err)
		page = string(b)
		return r.StatusCode, r.Header.Get("Location")
	}
	f := url.Values{"nama": {"Ceramah di pesantren"}, "metode": {"ceramah"}, "tanggal": {"2026-12-20"}, "segmen": {"pemilih-pemula"}, "peserta": {"1.200"}, "kecamatan": {"Cepu"}}
	if code, to := post("/kegiatan", f); code != http.StatusSeeOther || to != "/kegiatan/BARU22" {
		t.Fatalf("a new activity: %d %s", code, to)
	}
	at := func() bot.Activity {
		i := slices.IndexFunc(w.activities, func(a bot.Activity) bool { return a.Code == "BARU22" })
		return w.activities[i]
	}
	if a := at(); a.Participants != 1200 || a.Author != "ani" || !contains(a.Segments, "pemilih-pemula") {
		t.Errorf("kept: %+v", a)
	}
	long := strings.Repeat("panjang ", 12)
	for _, bad := range []struct {
		form   url.Values
		fields string   // that are wrong, in the order of the form
		kept   []string // what must stand in the page again
	}{
		{url.Values{"nama": {""}, "metode": {"ceramah"}, "tanggal": {"2026-12-20"}, "catatan": {"jangan hilang"}}, "nama", []string{"jangan hilang</textarea>", `value="2026-12-20"`}},
		{url.Values{"nama": {"Temu warga"}, "metode": {"ceramah"}, "tanggal": {"besok"}, "segmen": {"marjinal"}}, "tanggal", []string{`value="besok"`, `value="Temu warga"`, `value="marjinal" checked`}},
		{url.Values{"nama": {long}, "metode": {"sulap"}, "tanggal": {"lusa"}, "desa": {long}, "peserta": {"banyak"}, "biaya": {"-5"}, "mitra": {long}},
			"nama metode tanggal desa peserta biaya mitra", []string{`value="lusa"`, `value="banyak"`, `value="-5"`, `value="` + strings.TrimSpace(long) + `"`}},
		{url.Values{"nama": {"x"}, "metode": {"ceramah"}, "tanggal": {"2026-12-20"}, "peserta": {"99999999999999999999"}}, "peserta", []string{`value="99999999999999999999"`}},
	} {
		for _, path := range []string{"/kegiatan", "/kegiatan/BARU22"} {
			before, was := len(w.activities), at()
			code, _ := post(path, bad.form)
			if code != http.StatusUnprocessableEntity || len(w.activities) != before || at().Name != was.Name {
				t.Errorf("%s: %v is taken: %d", path, bad.form, code)
			}
			var wrong []string
			for _, m := range regexp.MustCompile(`class="salah" id="g-([a-z]+)"`).FindAllStringSubmatch(page, -1) {
				wrong = append(wrong, m[1])
				if !regexp.MustCompile(`id="` + m[1] + `"[^>]* aria-invalid="true" aria-describedby="g-` + m[1] + `[ "]`).MatchString(page) {
					t.Errorf("%s: %s is not tied to what is wrong with it", path, m[1])
				}
			}
			if got := strings.Join(wrong, " "); got != bad.fields {
				t.Errorf("%s: wrong are %q, want %q", path, got, bad.fields)
			}
			for _, s := range bad.kept {
				if !strings.Contains(page, s) {
					t.Errorf("%s: %q is lost", path, s)
				}
			}
			if strings.Contains(page, "<h1></h1>") {
				t.Errorf("%s: the page has no heading", path)
			}
		}
	}
	for _, path := range []string{"/laporan?bulan=kemarin", "/laporan?bulan=2030-01", "/laporan?kegiatan=XXXXXX"} {
		r, err := http.Get(s.URL + path)
		check(t, err)
		b, err := io.ReadAll(r.Body)
		check(t, errors.Join(err, r.Body.Close()))
		if r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(b), `id="g-bulan"`) || !strings.Contains(string(b), "Ringkasnya") {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
	// Before its day an activity can be moved; from then on its segments and its kecamatan stay.
	f.Set("kecamatan", "Jepon")
	post("/kegiatan/BARU22", f)
	if at().District != "Jepon" {
		t.Error("the kecamatan cannot be put right before the day")
	}
	w.today = faq.Date{Year: 2026, Month: time.December, Day: 20}
	f.Set("kecamatan", "Blora")
	f.Set("segmen", "disabilitas")
	f.Set("tanggal", "2026-12-28")
	f.Set("peserta", "900")
	post("/kegiatan/BARU22", f)
	if a := at(); a.District != "Jepon" || a.Segments[0] != faq.FirstTime || a.Date.Day != 20 || a.Participants != 900 {
		t.Errorf("changed after its day: %+v", a)
	}
}

// TestPublicPage shows rounded numbers of the month before, and nothing that the report would not say.
func TestPublicPage(t *testing.T) {
	p, public, _ := openPages(t)
	s := serve(t, p, public, bot.Reader)
	r, err := http.Get(s.URL + "/angka")
	check(t, err)
	defer r.Body.Close()
	var b strings.Builder
	buf := make([]byte, 1<<16)
	for {
		n, err := r.Body.Read(buf)
		b.Write(buf[:n])
		if err != nil {
			break
		}
	}
	report, err := p.Maker.Month(t.Context(), november, Outside)
	check(t, err)
	for _, want := range []string{"November 2026", report.Table("ringkas").cell("pertanyaan", 1).String(), report.Table("ringkas").cell("tingkat", 1).String(), "2 edisi"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(b.String(), "Goes to School") {
		t.Error("the page names an activity")
	}
}
