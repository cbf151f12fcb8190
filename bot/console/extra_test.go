package console

import (
	"html/template"
	"net/http"
	"strings"
	"testing"

	"tanya/bot"
)

// sampleExtras are pages as another room would hand them in.
func sampleExtras() []Extra {
	return []Extra{
		{"GET /contoh", bot.Reader, "Halaman contoh", func(_ http.ResponseWriter, _ *http.Request, me bot.Staff) (string, template.HTML, error) {
			return "Contoh", template.HTML("<p>Halo " + template.HTMLEscapeString(me.Login) + "</p>"), nil
		}},
		{"POST /contoh/{kode}", bot.Approver, "", func(w http.ResponseWriter, r *http.Request, _ bot.Staff) (string, template.HTML, error) {
			switch r.PostFormValue("isi") {
			case "":
				return "", "", bot.Errorf(bot.Invalid, "Isi belum ditulis.")
			case "salah":
				return "Contoh", `<form method="post"><label for="isi">Isi</label><input id="isi" name="isi" value="salah"></form>`, bot.Mistakes{{Field: "isi", Text: "Isi ini salah."}, {Field: "lain", Text: "Yang lain juga."}}
			}
			http.Redirect(w, r, root+"/contoh", http.StatusSeeOther)
			return "", "", nil
		}},
	}
}

func TestExtras(t *testing.T) {
	o := openOffice(t)
	ani := o.first()
	a := ani.get("/contoh")
	for _, want := range []string{"<h1>Contoh</h1>", "<p>Halo ani</p>", `href="/petugas/contoh" aria-current="page"`} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the page of another room lacks %q", want)
		}
	}
	if a := ani.post("/contoh/x"); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Isi belum ditulis.") {
		t.Errorf("an error of the page: %d", a.status)
	}
	a = ani.post("/contoh/x", "isi", "salah")
	for _, want := range []string{`id="keliru" tabindex="-1" autofocus`, "Belum tersimpan", `<a href="#isi">Isi ini salah.</a>`, `<a href="#lain">Yang lain juga.</a>`, `name="isi" value="salah"`} {
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, want) {
			t.Errorf("a form of the page that is shown again: %d, lacks %q", a.status, want)
		}
	}
	if a := ani.post("/contoh/x", "isi", "1"); a.path != root+"/contoh" {
		t.Errorf("a redirect of the page leads to %s", a.path)
	}
	fine := sampleExtras()[0].Do
	for name, bad := range map[string]Extra{
		"no method": {"/contoh", bot.Reader, "", fine}, "root": {"GET /", bot.Reader, "", fine}, "no role": {"GET /x", bot.Nobody, "", fine},
		"nothing": {"GET /x", bot.Reader, "", nil}, "taken": {"GET /terbit", bot.Reader, "", fine}, "label on a form": {"POST /x", bot.Reader, "X", fine},
	} {
		if checkExtras(o.c.ownRoutes(), []Extra{bad}) == nil {
			t.Errorf("%s is let in", name)
		}
	}
}

// TestSimulated says on every page, also before signing in, that the data is made up.
func TestSimulated(t *testing.T) {
	o := openOffice(t)
	ani := o.first()
	for _, want := range []bool{false, true} {
		o.c.cfg.Simulated = want
		for _, path := range []string{"/", "/pertanyaan", "/jawaban", "/terbit", "/catatan", "/akun", "/contoh", "/tidak-ada"} {
			if got := strings.Contains(ani.get(path).body, "DATA SIMULASI"); got != want {
				t.Errorf("%s says that the data is simulated: %t", path, got)
			}
		}
	}
}
