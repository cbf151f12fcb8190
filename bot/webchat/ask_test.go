package webchat

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"tanya/bot"
)

const someID = "0123456789abcdef"

// heard is an answer whose body has been read.
type heard struct {
	StatusCode int
	Header     http.Header
	Request    *http.Request
}

// post sends a form and returns the answer with its text.
func post(t *testing.T, client *http.Client, address string, form url.Values, header ...string) (heard, string) {
	t.Helper()
	return send(t, client, address, "application/x-www-form-urlencoded", form.Encode(), header...)
}

func send(t *testing.T, client *http.Client, address, kind, body string, header ...string) (heard, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	return do(t, client, r, header...)
}

func get(t *testing.T, client *http.Client, address string, header ...string) (heard, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return do(t, client, r, header...)
}

func do(t *testing.T, client *http.Client, r *http.Request, header ...string) (heard, string) {
	t.Helper()
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return heard{resp.StatusCode, resp.Header, resp.Request}, string(b)
}

func TestAskRefuses(t *testing.T) {
	long := strings.Repeat("a", textMax)
	const form, object = "application/x-www-form-urlencoded", "application/json"
	for _, c := range []struct {
		name, kind, body string
		status           int
		class            bot.Class
	}{
		{"no id", form, "teks=halo", 400, bot.Invalid},
		{"short id", form, "id=abc&teks=halo", 400, bot.Invalid},
		{"strange id", form, "id=0123456789<b>&teks=halo", 400, bot.Invalid},
		{"no text", form, "id=" + someID, 422, bot.Invalid},
		{"blank text", form, "id=" + someID + "&teks=+%0A+", 422, bot.Invalid},
		{"long text", form, "id=" + someID + "&teks=" + long + "a", 422, bot.Invalid},
		{"not UTF-8", form, "id=" + someID + "&teks=%ff%fe", 400, bot.Invalid},
		{"long choice", form, "id=" + someID + "&pilih=" + long, 400, bot.Invalid},
		{"huge body", form, "id=" + someID + "&teks=" + strings.Repeat("a", bodyMax), 413, bot.Invalid},
		{"broken form", form, "id=%zz", 400, bot.Invalid},
		{"no JSON", object, "teks", 400, bot.Invalid},
		{"two objects", object, `{"id":"` + someID + `","text":"a"}{}`, 400, bot.Invalid},
		{"JSON number", object, `{"id":5}`, 400, bot.Invalid},
		{"huge JSON", object, `{"id":"` + someID + `","text":"` + strings.Repeat("a", bodyMax) + `"}`, 413, bot.Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := open(t, nil)
			resp, body := send(t, browser(t), h.server.URL+"/tanya", c.kind, c.body, "Accept", "application/json")
			var got struct {
				Error struct{ Class, Message string }
			}
			if err := json.Unmarshal([]byte(body), &got); err != nil {
				t.Fatalf("not JSON: %q", body)
			}
			if resp.StatusCode != c.status || got.Error.Class != string(c.class) || got.Error.Message == "" {
				t.Errorf("as JSON: %d %+v, want %d %s", resp.StatusCode, got, c.status, c.class)
			}
			if c.kind == form {
				resp, body = send(t, browser(t), h.server.URL+"/tanya", c.kind, c.body)
				if resp.StatusCode != c.status || !strings.Contains(body, `id="galat"`) || !strings.Contains(body, `aria-invalid="true"`) {
					t.Errorf("as a page: %d\n%s", resp.StatusCode, body)
				}
			}
			if ms := h.messages(); len(ms) > 0 {
				t.Errorf("accepted %+v", ms)
			}
		})
	}
}

// TestAskTakes sends what just fits.
func TestAskTakes(t *testing.T) {
	for name, text := range map[string]string{
		"longest": strings.Repeat("é", textMax), "line ends of forms": strings.Repeat("a\r\n", textMax/2), "any script": "ꦲꦤꦕꦫꦏ 🙏",
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, nil)
			resp, body := post(t, browser(t), h.server.URL+"/tanya", url.Values{"id": {someID}, "teks": {text}}, "Accept", "application/json")
			if resp.StatusCode != http.StatusAccepted || len(h.messages()) != 1 {
				t.Errorf("%d %s, %d accepted", resp.StatusCode, body, len(h.messages()))
			}
		})
	}
}

// TestAskFails keeps the person's text and the id, so that sending again counts once.
func TestAskFails(t *testing.T) {
	for _, c := range []struct {
		name   string
		house  func(*testing.T) *house
		status int
	}{
		{"before Run", func(t *testing.T) *house { return build(t, nil) }, 503},
		{"ledger refuses", func(t *testing.T) *house { h := open(t, nil); h.fail(errTest, nil); return h }, 503},
		{"too fast", func(t *testing.T) *house {
			return open(t, func(c *Config, _ *Deps) { c.Limits.Chat = Rate{PerMinute: 1, Burst: 0.5} })
		}, 429},
		{"crowded address", func(t *testing.T) *house {
			return open(t, func(c *Config, _ *Deps) { c.Limits.Address = Rate{PerMinute: 1, Burst: 0.5} })
		}, 429},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, b := c.house(t), browser(t)
			form := url.Values{"id": {someID}, "teks": {"kapan coblosan?"}}
			resp, body := post(t, b, h.server.URL+"/tanya", form)
			if resp.StatusCode != c.status || resp.Header.Get("Retry-After") == "" {
				t.Errorf("%d, Retry-After %q, want %d", resp.StatusCode, resp.Header.Get("Retry-After"), c.status)
			}
			if !strings.Contains(body, ">kapan coblosan?</textarea>") || !strings.Contains(body, `name="id" value="`+someID+`"`) {
				t.Errorf("text or id is lost:\n%s", body)
			}
			if resp, _ := post(t, b, h.server.URL+"/tanya", form, "Accept", "application/json"); resp.StatusCode != c.status || resp.Header.Get("Retry-After") == "" {
				t.Errorf("as JSON: %d", resp.StatusCode)
			}
		})
	}
}

// TestRepeat counts a message once however often it is sent, and never takes new words for a repeat.
func TestRepeat(t *testing.T) {
	h, b := open(t, nil), browser(t)
	get(t, b, h.server.URL)
	ask := func(form url.Values, status int) {
		t.Helper()
		if resp, body := post(t, b, h.server.URL+"/tanya", form, "Accept", "application/json"); resp.StatusCode != status {
			t.Fatalf("%d %s, want %d", resp.StatusCode, body, status)
		}
	}
	count := func(n int) {
		t.Helper()
		if got := len(h.messages()); got != n {
			t.Fatalf("%d accepted, want %d", got, n)
		}
	}
	form := url.Values{"id": {someID}, "teks": {"satu"}}
	ask(form, 202)
	ask(form, 202)
	count(1)
	ask(url.Values{"id": {someID}, "teks": {"dua"}}, 202) // a page from the browser's history, with other words
	count(2)
	ask(url.Values{"id": {someID}, "pilih": {"satu"}}, 202)
	count(3)

	h.fail(errTest, nil)
	h.swallows = true // it is on disk, but we never hear of it
	form = url.Values{"id": {someID}, "teks": {"tiga"}}
	ask(form, 503)
	h.fail(nil, nil)
	ask(form, 202)
	count(4)

	other := browser(t)
	get(t, other, h.server.URL)
	post(t, other, h.server.URL+"/tanya", form, "Accept", "application/json") // somebody else's id means nothing
	count(5)
	for _, m := range h.messages() {
		if strings.Contains(m.External, someID) || strings.Contains(m.External, m.Address) {
			t.Errorf("the external id %q tells something", m.External)
		}
	}
}

// TestForeign turns away what another site's page sends.
func TestForeign(t *testing.T) {
	h := open(t, nil)
	form := url.Values{"id": {someID}, "teks": {"halo"}}
	for _, path := range []string{"/tanya", "/bahasa"} {
		for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://jahat.example"}, {"Origin", "null"}} {
			resp, body := post(t, browser(t), h.server.URL+path, form, header...)
			if resp.StatusCode != http.StatusForbidden || !strings.Contains(body, "<h1>") {
				t.Errorf("%s with %v: %d", path, header, resp.StatusCode)
			}
		}
	}
	if resp, _ := post(t, browser(t), h.server.URL+"/tanya", form, "Origin", h.server.URL, "Sec-Fetch-Site", "same-origin"); resp.StatusCode != http.StatusOK {
		t.Errorf("our own page: %d", resp.StatusCode)
	}
	if n := len(h.messages()); n != 1 {
		t.Errorf("%d accepted, want 1", n)
	}
}

// TestCode sends the activity's code as the first message, once, and does not show what answers it.
func TestCode(t *testing.T) {
	h, b := open(t, nil), browser(t)
	_, page := get(t, b, h.server.URL+"/?kode=K7Q2M")
	if !strings.Contains(page, `name="kode" value="K7Q2M"`) || !strings.Contains(page, "K7Q2M ikut terkirim") {
		t.Fatalf("the page does not carry the code:\n%s", page)
	}
	_, page = post(t, b, h.server.URL+"/tanya", url.Values{"id": {hidden(t, page, "id")}, "teks": {"jam berapa?"}, "kode": {"K7Q2M"}})
	post(t, b, h.server.URL+"/tanya", url.Values{"id": {hidden(t, page, "id")}, "teks": {"lalu?"}, "kode": {"K7Q2M"}})
	var texts []string
	for _, m := range h.messages() {
		texts = append(texts, m.Text)
	}
	if got := strings.Join(texts, "|"); got != "/start K7Q2M|jam berapa?|lalu?" {
		t.Errorf("accepted %s", got)
	}
	if strings.Contains(page, "Ini Tanya.") || strings.Contains(page, "/start") || !strings.Contains(page, "07.00-13.00") {
		t.Errorf("the page shows the wrong things:\n%s", page)
	}
	for _, bad := range []string{"' OR 1=1", "a b", strings.Repeat("K", 33), "<b>"} {
		if _, page := get(t, b, h.server.URL+"/?kode="+url.QueryEscape(bad)); strings.Contains(page, `name="kode"`) {
			t.Errorf("the page carries %q", bad)
		}
	}
}

// TestLog proves that the log tells nothing of what was said or who said it.
func TestLog(t *testing.T) {
	var log bytes.Buffer
	h := open(t, func(_ *Config, d *Deps) {
		d.Log = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	b := browser(t)
	get(t, b, h.server.URL)
	h.fail(errTest, nil)
	post(t, b, h.server.URL+"/tanya", url.Values{"id": {someID}, "teks": {"kenari-rahasia"}})
	h.fail(nil, errTest)
	get(t, b, h.server.URL+"/jawaban")
	u, _ := url.Parse(h.server.URL)
	if log.Len() == 0 {
		t.Error("failures leave no trace")
	}
	for _, c := range b.Jar.Cookies(u) {
		if strings.Contains(log.String(), c.Value) {
			t.Errorf("the log holds the cookie %s", c.Name)
		}
	}
	for _, s := range []string{"kenari", "127.0.0.1", someID} {
		if strings.Contains(log.String(), s) {
			t.Errorf("the log holds %q:\n%s", s, &log)
		}
	}
}

// hidden reads a hidden field of a page.
func hidden(t *testing.T, page, name string) string {
	t.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("the page has no field %q:\n%s", name, page)
	}
	return m[1]
}

func FuzzReadQuestion(f *testing.F) {
	f.Add("application/json", `{"id":"0123456789","text":"halo"}`)
	f.Add("application/x-www-form-urlencoded", "id=0123456789&teks=halo&pilih=&kode=K7Q2M&bingkai=1")
	f.Add("multipart/form-data; boundary=x", "--x--")
	f.Fuzz(func(t *testing.T, kind, body string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/tanya", strings.NewReader(body))
		if err != nil {
			t.Skip()
		}
		r.Header.Set("Content-Type", kind)
		q, err := readQuestion(r)
		if q.Code != "" && !goodCode.MatchString(q.Code) {
			t.Errorf("code %q", q.Code)
		}
		if err != nil {
			if s := troubleOf(err).status; s < 400 || s > 499 {
				t.Errorf("status %d for %q", s, body)
			}
			return
		}
		if !goodID.MatchString(q.ID) || len(q.Choice) > choiceMax || q.Choice == "" && (strings.TrimSpace(q.Text) == "" || len([]rune(q.Text)) > textMax) {
			t.Errorf("took %+v", q)
		}
	})
}

func TestDigestSeparates(t *testing.T) {
	if digest("ab", "c") == digest("a", "bc") || digest("a") == digest("a", "") {
		t.Error("different parts make the same id")
	}
	if n := len(startPrefix + digest("a", "b", time.Now().String())); n > 64 {
		t.Errorf("an id has %d bytes", n)
	}
}
