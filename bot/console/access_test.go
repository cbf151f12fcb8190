package console

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tanya/bot"
)

func TestSetup(t *testing.T) {
	o := openOffice(t)
	if a := o.stranger().get("/masuk"); !strings.Contains(a.body, "Belum ada petugas") {
		t.Error("an empty console does not say so")
	}
	link, err := o.c.SetupLink(t.Context())
	must(t, err)
	if a := o.stranger().get("/undangan?kunci=salah"); a.status != 404 {
		t.Errorf("a wrong key gives %d", a.status)
	}
	p := o.stranger()
	for _, bad := range []struct{ password, code, want string }{
		{"pendek", "000000", "minimal 15"},
		{"blora2024pemilukpu", "000000", "mudah ditebak"},
		{"kuda-payung-lampu-gelas", "000000", "Kode tidak cocok"},
	} {
		a := p.post("/undangan", "kunci", strings.Split(link, "kunci=")[1], "nama_masuk", "ani", "nama", "Ani", "sandi", bad.password, "sandi2", bad.password, "kode", bad.code)
		if a.status != 422 || !strings.Contains(a.body, bad.want) {
			t.Errorf("%s: %d, want %q", bad.password, a.status, bad.want)
		}
	}
	ani := o.first()
	if a := ani.get(strings.TrimPrefix(link, root)); a.status != 404 {
		t.Errorf("the link works twice: %d", a.status)
	}
	if link, err := o.c.SetupLink(t.Context()); link != "" || err != nil {
		t.Errorf("a second link is given: %q %v", link, err)
	}
}

func TestSignIn(t *testing.T) {
	o := openOffice(t)
	ani := o.first()
	p := o.stranger()
	code := ani.code()
	try := func(login, password, code string) int {
		return p.post("/masuk", "nama", login, "sandi", password, "kode", code).status
	}
	if s := try("ani", "salah-salah-salah", code); s != 403 {
		t.Errorf("wrong password: %d", s)
	}
	if s := try("ani", ani.password, "123456"); s != 403 {
		t.Errorf("wrong code: %d", s)
	}
	if s := try("tidakada", ani.password, code); s != 403 {
		t.Errorf("unknown name: %d", s)
	}
	if s := try("ani", ani.password, code); s != 200 {
		t.Errorf("right: %d", s)
	}
	if s := try("ani", ani.password, code); s != 403 {
		t.Errorf("the same code again: %d", s)
	}
	if s := try("ani", ani.password, ani.codes[0]); s != 200 {
		t.Errorf("recovery code: %d", s)
	}
	if s := try("ani", ani.password, ani.codes[0]); s != 403 {
		t.Errorf("the same recovery code again: %d", s)
	}
	code = ani.code()
	for range 10 {
		try("ani", "salah-salah-salah", "000000")
	}
	if s := try("ani", ani.password, code); s != 429 {
		t.Errorf("after many failures: %d", s)
	}
	o.clock.add(20 * time.Minute)
	if s := try("ani", ani.password, ani.code()); s != 200 {
		t.Errorf("after the pause: %d", s)
	}
}

// TestEveryRouteNeedsItsRole asks every route as a stranger, as somebody of every role below the needed one, and as an
// account that no second person has confirmed.
func TestEveryRouteNeedsItsRole(t *testing.T) {
	o := openOffice(t)
	ani := o.first()
	budi := ani.hire("budi", "Budi", bot.Admin) // the second founder
	staff := map[bot.Role]*person{bot.Admin: ani}
	for role, login := range map[bot.Role]string{bot.Reader: "rini", bot.Editor: "edi", bot.Approver: "siti"} {
		staff[role] = ani.hire(login, login, role)
		if a := budi.post("/orang/"+login+"/konfirmasi", budi.again()...); a.status != 200 {
			t.Fatalf("%s is not confirmed: %d", login, a.status)
		}
	}
	fresh := ani.hire("baru", "Baru", bot.Admin)
	open := 0
	for _, r := range o.c.routes() {
		method, path, _ := strings.Cut(r.pattern, " ")
		path = strings.NewReplacer("{nama}", "edi", "{id}", "1", "{nomor}", "1", "{kode}", "1", "{$}", "").Replace(path)
		if r.open {
			open++
			continue
		}
		if r.need == bot.Nobody {
			t.Errorf("%s needs no role", r.pattern)
		}
		s := o.stranger()
		s.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		want := http.StatusSeeOther
		if method == "POST" {
			want = http.StatusForbidden
		}
		if a := s.do(method, path, map[string][]string{}); a.status != want {
			t.Errorf("%s: a stranger gets %d", r.pattern, a.status)
		}
		for role, p := range staff {
			if role.Covers(r.need) {
				continue
			}
			if a := p.do(method, path, map[string][]string{}); a.status != http.StatusForbidden {
				t.Errorf("%s: %s gets %d", r.pattern, role, a.status)
			}
		}
		if r.need != bot.Reader {
			if a := fresh.do(method, path, map[string][]string{}); a.status != http.StatusForbidden {
				t.Errorf("%s: an unconfirmed admin gets %d", r.pattern, a.status)
			}
		}
	}
	if open != 5 {
		t.Errorf("%d routes are open, the door has 5", open)
	}
}

// TestEveryPageIsShutIn: whatever a page is made of comes from here, nothing inline runs, no other site frames it, and
// nobody's copy of it stays on an office computer. It holds for refusals too.
func TestEveryPageIsShutIn(t *testing.T) {
	o := openOffice(t)
	ani := o.first()
	for _, r := range o.c.routes() {
		method, path, _ := strings.Cut(r.pattern, " ")
		if method != "GET" {
			continue
		}
		path = strings.NewReplacer("{nama}", "edi", "{id}", "1", "{nomor}", "1", "{kode}", "1").Replace(path)
		for name, who := range map[string]*http.Client{"signed in": ani.http, "a stranger": http.DefaultClient} {
			req, err := http.NewRequestWithContext(t.Context(), method, o.server.URL+root+path, nil)
			must(t, err)
			resp, err := who.Do(req)
			must(t, err)
			_ = resp.Body.Close()
			policy := map[string]string{}
			for part := range strings.SplitSeq(resp.Header.Get("Content-Security-Policy"), ";") {
				key, value, _ := strings.Cut(strings.TrimSpace(part), " ")
				policy[key] = value
			}
			for key, want := range map[string]string{"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "base-uri": "'none'", "form-action": "'self'", "frame-ancestors": "'none'"} {
				if policy[key] != want {
					t.Errorf("%s, %s: %s is %q, want %q", r.pattern, name, key, policy[key], want)
				}
			}
			if kept := resp.Header.Get("Cache-Control"); !strings.Contains(kept, "no-store") && !strings.HasPrefix(path, "/static/") {
				t.Errorf("%s, %s: Cache-Control %q", r.pattern, name, kept)
			}
		}
	}
}

// TestWritesComeFromOurPages sends every writing route what another site or a bare program would send.
func TestWritesComeFromOurPages(t *testing.T) {
	o := openOffice(t)
	ani := o.first()
	for _, r := range o.c.routes() {
		method, path, _ := strings.Cut(r.pattern, " ")
		if method == "GET" {
			continue
		}
		path = strings.NewReplacer("{nama}", "edi", "{id}", "1", "{nomor}", "1", "{kode}", "1").Replace(path)
		for name, head := range map[string][2]string{
			"no origin":     {"X-Nothing", "1"},
			"another site":  {"Sec-Fetch-Site", "cross-site"},
			"another host":  {"Origin", "https://example.com"},
			"sibling":       {"Sec-Fetch-Site", "same-site"},
			"null":          {"Origin", "null"},
			"none and site": {"Origin", "http://127.0.0.1:1"},
		} {
			req, err := http.NewRequestWithContext(t.Context(), method, o.server.URL+root+path, strings.NewReader(""))
			must(t, err)
			req.Header.Set(head[0], head[1])
			resp, err := ani.http.Do(req)
			must(t, err)
			_ = resp.Body.Close()
			if resp.StatusCode != http.StatusForbidden {
				t.Errorf("%s, %s: %d", r.pattern, name, resp.StatusCode)
			}
		}
	}
}

func TestSessions(t *testing.T) {
	o := openOffice(t)
	ani := o.first()
	other := o.stranger()
	other.login, other.password, other.secret = ani.login, ani.password, ani.secret
	other.signIn()
	if a := ani.get("/akun"); strings.Count(a.body, "Firefox di Windows</td>")+strings.Count(a.body, "Firefox di Windows <span") != 2 {
		t.Errorf("both sessions should be listed")
	}
	if a := ani.post("/akun/sandi", append(ani.again(), "sandi_baru", "empat-ekor-sapi-berenang")...); a.status != 200 || !strings.Contains(a.path, "ok=sandi") {
		t.Fatalf("the password is not changed: %d %s", a.status, a.path)
	}
	if a := other.get("/akun"); !strings.Contains(a.path, "/masuk") {
		t.Errorf("the other session goes on: %s", a.path)
	}
	if a := ani.get("/akun"); a.path != root+"/akun" {
		t.Errorf("the own session ended: %s", a.path)
	}
	o.clock.add(bot.StaffIdle)
	if a := ani.get("/akun"); !strings.Contains(a.path, "/masuk") {
		t.Errorf("an idle session goes on: %s", a.path)
	}
}

// TestSecondPerson holds the rules by which one stolen account cannot make itself a second one.
func TestSecondPerson(t *testing.T) {
	o := openOffice(t)
	ani := o.first()
	budi := ani.hire("budi", "Budi", bot.Approver)
	self := ani.hire("cici", "Cici", bot.Approver)
	steps := []struct {
		name string
		by   *person
		path string
		form []string
		want int
	}{
		{"who added confirms", ani, "/orang/cici/konfirmasi", nil, 403},
		{"the account confirms itself", self, "/orang/cici/konfirmasi", nil, 403},
		{"without proof", budi, "/orang/cici/konfirmasi", []string{"sandi", "x", "kode", "1"}, 403},
		{"new access for a colleague", ani, "/orang/budi/akses", []string{}, 200},
		{"own new access", ani, "/orang/ani/akses", []string{}, 403},
		{"last admin", ani, "/orang/ani", []string{"tindakan", "nonaktif"}, 409},
	}
	for _, s := range steps {
		form := s.form
		if form == nil {
			form = s.by.again()
		}
		if a := s.by.post(s.path, form...); a.status != s.want {
			t.Errorf("%s: %d, want %d", s.name, a.status, s.want)
		}
	}
	m, err := o.desk.Member(t.Context(), "budi")
	must(t, err)
	if m.Confirmed() || m.Ready() {
		t.Error("an account whose way in was replaced still counts as a second person")
	}
	if a := budi.get("/akun"); !strings.Contains(a.path, "/masuk") {
		t.Error("the session from before the new access goes on")
	}
}

func TestAuditPage(t *testing.T) {
	o := openOffice(t)
	ani := o.first()
	if a := ani.get("/catatan?periksa=1"); !strings.Contains(a.body, "Catatan utuh") {
		t.Error("the record is not sound")
	}
}
