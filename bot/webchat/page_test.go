package webchat

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// TestWithoutScript is a whole conversation by forms alone.
func TestWithoutScript(t *testing.T) {
	h, b := open(t, nil), browser(t)
	resp, page := get(t, b, h.server.URL)
	cookie := resp.Header.Get("Set-Cookie")
	for _, want := range []string{"tanya=", "HttpOnly", "SameSite=Lax", "Max-Age=259200", "Path=/"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("the cookie lacks %s: %s", want, cookie)
		}
	}
	key := strings.TrimPrefix(strings.Split(cookie, ";")[0], "tanya=")
	if !goodKey(key) {
		t.Errorf("the key %q is no key", key)
	}

	resp, page = post(t, b, h.server.URL+"/tanya", url.Values{"id": {hidden(t, page, "id")}, "teks": {"min tps buka jam brp?"}})
	if resp.Request.Method != http.MethodGet || resp.Request.URL.Path != "/" {
		t.Errorf("the form leads to %s %s", resp.Request.Method, resp.Request.URL)
	}
	inOrder(t, page, "min tps buka jam brp?", "07.00-13.00", "<ul><li>surat pemberitahuan", "Sumber: PKPU 17", `href="https://jdih.kpu.go.id/`, "Terkait:", `value="e:antre-lewat-jam-tutup"`)
	if strings.Contains(page, key) {
		t.Error("the page of a browser that keeps its cookie shows the key")
	}

	_, page = post(t, b, h.server.URL+"/tanya", url.Values{"id": {hidden(t, page, "id")}, "pilih": {"e:antre-lewat-jam-tutup"}})
	inOrder(t, page, "min tps buka", "07.00-13.00", `tabindex="-1"`, "<p>Antre lewat jam tutup</p>", "Anda memilih e:antre-lewat-jam-tutup.")

	_, page = post(t, b, h.server.URL+"/tanya", url.Values{"id": {hidden(t, page, "id")}, "teks": {"TPS bukak jam pinten nggih?"}})
	inOrder(t, page, "bukak jam pinten", `<article class="pesan" lang="jv"`, "TPS bukak jam pitu")

	// A restart forgets the person's words, never the replies.
	h.channel.spoken = newSpoken()
	_, page = get(t, b, h.server.URL)
	inOrder(t, page, "07.00-13.00", "Anda memilih", "TPS bukak jam pitu")
	if strings.Contains(page, "min tps buka") {
		t.Error("words survived a restart")
	}

	_, page = post(t, b, h.server.URL+"/tanya", url.Values{"id": {hidden(t, page, "id")}, "teks": {"/hapus"}})
	inOrder(t, page, "sudah dihapus")
	if strings.Contains(page, "07.00-13.00") || strings.Contains(page, "min tps") {
		t.Errorf("something survived being erased:\n%s", page)
	}
}

// TestWithoutCookies carries the key in the form instead.
func TestWithoutCookies(t *testing.T) {
	for _, path := range []string{"/", "/bingkai?kode=K7Q2M"} {
		t.Run(path, func(t *testing.T) {
			h := open(t, nil)
			b := &http.Client{Timeout: 10 * time.Second}
			_, page := get(t, b, h.server.URL+path)
			form := url.Values{"id": {hidden(t, page, "id")}, "kunci": {hidden(t, page, "kunci")}, "teks": {"jam berapa?"}}
			if strings.HasPrefix(path, "/bingkai") {
				form.Set("bingkai", hidden(t, page, "bingkai"))
				form.Set("kode", hidden(t, page, "kode"))
			}
			resp, page := post(t, b, h.server.URL+"/tanya", form)
			inOrder(t, page, "jam berapa?", "07.00-13.00")
			if strings.HasPrefix(path, "/bingkai") != strings.Contains(resp.Header.Get("Content-Security-Policy"), "frame-ancestors 'self'") {
				t.Errorf("policy %s", resp.Header.Get("Content-Security-Policy"))
			}
			form = url.Values{"bahasa": {"jv"}, "id": {hidden(t, page, "id")}, "kunci": {hidden(t, page, "kunci")}}
			_, page = post(t, b, h.server.URL+"/bahasa", form)
			inOrder(t, page, `<html lang="jv">`, "jam berapa?", "07.00-13.00", "kula ngangge basa Jawi")
		})
	}
}

func TestLanguages(t *testing.T) {
	h, b := open(t, nil), browser(t)
	_, page := get(t, b, h.server.URL)
	inOrder(t, page, `<html lang="id">`, `lang="jv">Jawa`)
	_, page = post(t, b, h.server.URL+"/bahasa", url.Values{"bahasa": {"en"}, "id": {hidden(t, page, "id")}})
	inOrder(t, page, `<html lang="en">`, "Your question")
	if n := len(h.messages()); n > 0 {
		t.Errorf("choosing a language before the first question sent %d messages", n)
	}
	_, page = post(t, b, h.server.URL+"/tanya", url.Values{"id": {hidden(t, page, "id")}, "teks": {"when?"}})
	if ms := h.messages(); len(ms) != 2 || ms[0].Choice != "l:en" || ms[1].Text != "when?" || ms[1].Lang != faq.English {
		t.Errorf("accepted %+v", ms)
	}
	if strings.Contains(page, "Anda memilih l:en") {
		t.Error("what answers the page's own message is shown")
	}
	_, page = post(t, b, h.server.URL+"/bahasa", url.Values{"bahasa": {"jv"}, "id": {hidden(t, page, "id")}})
	inOrder(t, page, `<html lang="jv">`, "kula ngangge basa Jawi")
	if resp, _ := post(t, b, h.server.URL+"/bahasa", url.Values{"bahasa": {"fr"}}); resp.StatusCode != http.StatusBadRequest {
		t.Errorf("French: %d", resp.StatusCode)
	}
	resp, page := post(t, b, h.server.URL+"/bahasa", url.Values{"bahasa": {"en"}, "ke": {"/privasi"}})
	if resp.Request.URL.Path != "/privasi" {
		t.Errorf("from the privacy page it leads to %s", resp.Request.URL)
	}
	inOrder(t, page, `<html lang="en">`, "<h2>Privacy")
	_, page = get(t, browser(t), h.server.URL+"/?bahasa=jv")
	inOrder(t, page, `<html lang="jv">`)
}

// TestHeaders reads every route's headers, and every page for what the policy would refuse.
func TestHeaders(t *testing.T) {
	h := open(t, func(c *Config, _ *Deps) { c.Secure, c.FrameAncestors = true, []string{"https://kab-blora.kpu.go.id/"} })
	inline := regexp.MustCompile(`(?i)<script>|<script [^>]*>[^<]|<style|\sstyle=|\son[a-z]+=|javascript:|(src|href|action)="(//|https?:)`)
	for path, status := range map[string]int{
		"/": 200, "/bingkai": 200, "/privasi": 200, "/privasi?bahasa=jv": 200, "/tidak-ada": 404, "/jawaban": 200, "/utas": 200, "/aliran": 404,
		"/gaya.css": 200, "/obrolan.js": 200, "/sematkan.js": 200, "/ikon.svg": 200, "/batik.svg": 200, "/templates/pesan.html": 404, "/static/": 404,
	} {
		resp, body := get(t, browser(t), h.server.URL+path)
		if resp.StatusCode != status {
			t.Errorf("%s: %d, want %d", path, resp.StatusCode, status)
		}
		policy := resp.Header.Get("Content-Security-Policy")
		want := "frame-ancestors 'none'"
		if path == "/bingkai" {
			want = "frame-ancestors 'self' https://kab-blora.kpu.go.id"
		}
		if !strings.HasPrefix(policy, "default-src 'none'; script-src 'self'; style-src 'self'") || !strings.HasSuffix(policy, want) {
			t.Errorf("%s: policy %s", path, policy)
		}
		if resp.Header.Get("X-Content-Type-Options") != "nosniff" || resp.Header.Get("Strict-Transport-Security") == "" {
			t.Errorf("%s: headers %v", path, resp.Header)
		}
		if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
			if bad := inline.FindString(body); bad != "" {
				t.Errorf("%s holds %q", path, bad)
			}
			if path != "/jawaban" && path != "/utas" && strings.Count(body, "<h1") != 1 {
				t.Errorf("%s has %d first headings", path, strings.Count(body, "<h1"))
			}
		}
	}
	resp, _ := get(t, browser(t), h.server.URL)
	if c := resp.Header.Get("Set-Cookie"); !strings.HasPrefix(c, "__Host-tanya=") || !strings.Contains(c, "Secure") {
		t.Errorf("the cookie of a secure page: %s", c)
	}
	if resp, _ := get(t, browser(t), h.server.URL+"/bingkai"); resp.Header.Get("Set-Cookie") != "" {
		t.Error("the frame sets a cookie")
	}
	if resp, _ := get(t, browser(t), h.server.URL+"/sematkan.js"); resp.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Error("other sites may not load the script for other sites")
	}
}

// TestWeight keeps the page light: cheap phones, dear bytes.
func TestWeight(t *testing.T) {
	h, b := open(t, nil), browser(t)
	total := 0
	_, page := get(t, b, h.server.URL)
	for _, m := range regexp.MustCompile(`(?:href|src)="(/[a-z]+\.[a-z]+\?v=[0-9a-f]+)"`).FindAllStringSubmatch(page, -1) {
		resp, body := get(t, b, h.server.URL+m[1])
		total += len(body)
		if !strings.Contains(resp.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s is fetched again and again", m[1])
		}
	}
	_, batik := get(t, b, h.server.URL+"/batik.svg")
	total += len(page) + len(batik)
	t.Logf("the page weighs %d bytes, uncompressed", total)
	if total > 40_000 || total < 10_000 {
		t.Errorf("the page weighs %d bytes", total)
	}
}

// TestExpired never shows an answer whose time is over, wherever it is read from.
func TestExpired(t *testing.T) {
	start := time.Date(2024, 11, 27, 9, 0, 0, 0, time.UTC)
	for name, renew := range map[string]func(bot.Reply, time.Time) bot.Reply{
		"by itself": nil,
		"renewed": func(r bot.Reply, now time.Time) bot.Reply {
			if !r.Expires.IsZero() && !now.Before(r.Expires) {
				return bot.Reply{Lang: r.Lang, Text: "Pemilihan itu sudah lewat."}
			}
			return r
		},
	} {
		t.Run(name, func(t *testing.T) {
			now := start
			h := open(t, func(_ *Config, d *Deps) { d.Now, d.Renew = func() time.Time { return now }, renew })
			h.answer = func(bot.Message) []bot.Reply {
				return []bot.Reply{{Lang: faq.Indonesian, Text: "TPS buka hari ini.", Expires: start.Add(time.Hour)}}
			}
			b := browser(t)
			_, page := get(t, b, h.server.URL)
			_, page = post(t, b, h.server.URL+"/tanya", url.Values{"id": {hidden(t, page, "id")}, "teks": {"kapan?"}})
			inOrder(t, page, "kapan?", "TPS buka hari ini.")
			now = start.Add(time.Hour)
			for _, path := range []string{"/", "/jawaban", "/utas"} {
				if _, body := get(t, b, h.server.URL+path); strings.Contains(body, "TPS buka hari ini.") {
					t.Errorf("%s says what has expired", path)
				}
			}
			want := "sedang diperbarui"
			if renew != nil {
				want = "sudah lewat"
			}
			_, page = get(t, b, h.server.URL)
			inOrder(t, page, want)
			if now = start.Add(2 * time.Hour); strings.Contains(page, "kapan?") {
				t.Error("words are shown after their hour")
			}
		})
	}
}

func TestPlain(t *testing.T) {
	h, b := open(t, nil), browser(t)
	_, page := get(t, b, h.server.URL)
	_, page = post(t, b, h.server.URL+"/tanya", url.Values{"id": {hidden(t, page, "id")}, "teks": {"mode mudah"}})
	inOrder(t, page, "mode mudah", "<p>Pilih:</p><ol><li>Di TPS</li><li>Menu</li></ol>")
	if _, after, _ := strings.Cut(page, "mode mudah"); strings.Contains(after, `form="pilihan"`) {
		t.Error("an easy reply has buttons")
	}
}

// bank is what people and attackers may put into a text.
func bank() []string {
	return []string{
		`<script>window.xss=1</script>`, `"><img src=x onerror="window.xss=1">`, `</textarea><script>window.xss=1</script>`, `<svg/onload=window.xss=1>`,
		`javascript:window.xss=1`, `https://a.example/"onmouseover="window.xss=1`, `http://x@jahat.example/`, `'-window.xss=1-'`, `{{.}}`, `${window.xss=1}`,
		`<a href="javascript:window.xss=1">x</a>`, `&lt;script&gt;window.xss=1&lt;/script&gt;`, `<!--`, `]]><script>window.xss=1</script>`,
		`<iframe srcdoc="<script>parent.xss=1</script>">`, "data: x\nevent: jawaban\n\n<b>", "\u202e\u2066gnp.exe", `https://jdih.kpu.go.id/<script>window.xss=1</script>`,
		`<base href=https://jahat.example>`, `<form action=https://jahat.example><button>`, `</template><script>window.xss=1</script>`, `=HYPERLINK("x")`,
	}
}

// TestBank sends each of the bank through every place that shows text, and looks for what would run.
func TestBank(t *testing.T) {
	h := open(t, func(c *Config, _ *Deps) { c.Limits.Chat = Rate{1e6, 1e6} })
	h.answer = echo
	live := regexp.MustCompile(`(?i)<(script|img|svg|iframe|base|form|style|object|embed|meta|link)[ />]|<[a-z]+(\s+[a-z-]+(="[^"]*")?)*\s+on[a-z]+\s*=|href="(javascript|data|vbscript):|href="https?://[^"]*@`)
	b := browser(t)
	_, page := get(t, b, h.server.URL)
	for _, s := range bank() {
		_, page = post(t, b, h.server.URL+"/tanya", url.Values{"id": {hidden(t, page, "id")}, "teks": {s}})
		_, thread := get(t, b, h.server.URL+"/utas")
		_, draft := post(t, b, h.server.URL+"/tanya", url.Values{"id": {"x"}, "teks": {s}, "kode": {s}, "kunci": {s}, "bahasa": {s}})
		_, draft, _ = strings.Cut(draft, "<textarea")
		draft, _, _ = strings.Cut(draft, "</textarea>")
		for where, html := range map[string]string{"the conversation": thread, "the draft": draft} {
			if bad := live.FindString(html); bad != "" {
				t.Errorf("%s with %q holds %q", where, s, bad)
			}
		}
	}
}

func TestConfig(t *testing.T) {
	for _, bad := range []string{"kpu.go.id", "https://a.example/x", "https://a.example; script-src *", "javascript:1", "https://a b", "*", "https://u@a.example"} {
		if got, err := ancestors([]string{bad}); err == nil || bot.ClassOf(err) != bot.Invalid {
			t.Errorf("%q may frame us: %q", bad, got)
		}
	}
	if got, err := ancestors([]string{" https://a.example/ ", "", "http://localhost:8000"}); err != nil || got != "'self' https://a.example http://localhost:8000" {
		t.Errorf("%q %v", got, err)
	}
	if _, err := New(Config{}, Deps{}); bot.ClassOf(err) != bot.Invalid {
		t.Errorf("without a ledger: %v", err)
	}
}

func TestRunEnds(t *testing.T) {
	h := build(t, nil)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := h.channel.Run(ctx, h.engine); err != nil || h.channel.up.Load() != nil {
		t.Errorf("Run: %v", err)
	}
	if h.channel.Name() != "webchat" {
		t.Error(h.channel.Name())
	}
}

// inOrder checks that the parts stand in the page one behind the other.
func inOrder(t *testing.T, page string, parts ...string) {
	t.Helper()
	rest := page
	for _, part := range parts {
		i := strings.Index(rest, part)
		if i < 0 {
			t.Fatalf("%q is missing, or not where it belongs, in:\n%s", part, page)
		}
		rest = rest[i+len(part):]
	}
}
