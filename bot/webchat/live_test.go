package webchat

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tanya/bot/bottest"
)

// TestLive has a conversation in a real browser, by mouse.
func TestLive(t *testing.T) {
	h := open(t, nil)
	p := bottest.StartBrowser(t).Page(t, bottest.Look{})
	p.Go(h.server.URL)
	p.Run(`window.same = true`)
	p.Click("#teks")
	p.Type("min tps buka jam brp?")
	p.Click(".kirim")
	p.Wait(`document.querySelector("#log [data-id='1']")`)
	p.Click("[data-id='1'] .pilih button")
	p.Wait(`document.querySelector("[data-id='2']")`)
	p.Click("#teks")
	p.Type("TPS bukak jam pinten?\r")
	p.Wait(`document.querySelector("[data-id='3'][lang=jv]")`)
	got := bottest.Value[[]string](p, `[...document.querySelectorAll("#log > article")].slice(1).map(a => a.lastElementChild.className === "catatan" ? "reply" : a.lastElementChild.textContent)`)
	want := "min tps buka jam brp?|reply|Antre lewat jam tutup|Anda memilih e:antre-lewat-jam-tutup.|TPS bukak jam pinten?|TPS bukak jam pitu enjing dumugi jam setunggal siang."
	if strings.Join(got, "|") != want {
		t.Errorf("the log reads\n%s\nwant\n%s", strings.Join(got, "|"), want)
	}
	if !bottest.Value[bool](p, `window.same === true`) {
		t.Error("the page was loaded anew")
	}
	if n := bottest.Value[int](p, `document.querySelectorAll("[aria-live],[role=log],[role=status],[role=alert]").length`); n != 1 {
		t.Errorf("%d live regions", n)
	}
	// A new page shows the same, from the server.
	p.Go(h.server.URL)
	if n := bottest.Value[int](p, `document.querySelectorAll("#log > article").length`); n != 7 {
		t.Errorf("%d messages after loading again, want 7", n)
	}
	p.Click("#teks")
	p.Type("/hapus\r")
	p.Wait(`document.querySelector("[data-hasil=erased]")`)
	if n := bottest.Value[int](p, `document.querySelectorAll("#log > article").length`); n != 2 {
		t.Errorf("%d messages after erasing, want 2", n)
	}
	if c := p.Complaints(); len(c) > 0 {
		t.Errorf("the console complains: %q", c)
	}
}

// TestKeyboard does everything by keyboard, and looks whether what has the focus can be seen.
func TestKeyboard(t *testing.T) {
	b := bottest.StartBrowser(t)
	for _, look := range []bottest.Look{{Width: 320, Height: 568}, {Width: 390, Height: 844, Text: 200}, {Width: 1280, Height: 800, Dark: true}} {
		t.Run(fmt.Sprintf("%dx%d", look.Width, look.Height), func(t *testing.T) {
			h := open(t, nil)
			p := b.Page(t, look)
			p.Go(h.server.URL)
			seen := func() string {
				t.Helper()
				return bottest.Value[string](p, `(() => {
					const e = document.activeElement, r = e.getBoundingClientRect();
					const at = document.elementFromPoint(r.left + r.width / 2, r.top + Math.min(r.height / 2, 20));
					const ring = getComputedStyle(e);
					if (at !== e && !e.contains(at)) return "covered: " + e.outerHTML + " by " + (at && at.outerHTML.slice(0, 80));
					if (ring.outlineStyle === "none" || parseFloat(ring.outlineWidth) < 2) return "no ring: " + e.outerHTML;
					return e.id || e.name || e.textContent.trim() })()`)
			}
			p.Type("\t")
			if got := seen(); !strings.HasPrefix(got, "Langsung ke") {
				t.Errorf("first comes %s", got)
			}
			order := []string{}
			for range 20 {
				p.Type("\t")
				got := seen()
				if strings.HasPrefix(got, "covered") || strings.HasPrefix(got, "no ring") {
					t.Error(got)
				}
				if order = append(order, got); got == "teks" {
					break
				}
			}
			if got := strings.Join(order, " "); got != "bahasa bahasa bahasa Privasi pilih pilih pilih pilih pilih pilih pilih teks" {
				t.Errorf("the order is %s", got)
			}
			p.Type("min tps buka jam brp?\r")
			p.Wait(`document.querySelector("[data-id='1']")`)
			p.ShiftTab() // from the box back to the last choice
			if got := seen(); got != "pilih" {
				t.Errorf("before the box comes %s", got)
			}
			p.Type(" ")
			p.Wait(`document.querySelector("[data-id='2']")`)
			if ms := h.messages(); len(ms) != 2 || ms[1].Choice != "e:hari-pemungutan-suara" {
				t.Errorf("accepted %+v", ms)
			}
		})
	}
}

// TestSkipLink leads past the header.
func TestSkipLink(t *testing.T) {
	h := open(t, nil)
	p := bottest.StartBrowser(t).Page(t, bottest.Look{})
	p.Go(h.server.URL)
	p.Type("\t\r")
	p.Wait(`document.activeElement.id === "teks"`)
}

// TestTargets measures what fingers must hit.
func TestTargets(t *testing.T) {
	h := open(t, nil)
	p := bottest.StartBrowser(t).Page(t, bottest.Look{Width: 320, Height: 568})
	p.Go(h.server.URL)
	p.Click("#teks")
	p.Type("min tps buka jam brp?\r")
	p.Wait(`document.querySelector("[data-id='1']")`)
	small := bottest.Value[[]string](p, `[...document.querySelectorAll("button, textarea")].filter(e => e.offsetParent).filter(e => {
		const r = e.getBoundingClientRect(); return r.width < 44 || r.height < 44 }).map(e => e.outerHTML)`)
	small = append(small, bottest.Value[[]string](p, `[...document.querySelectorAll("main a, header a")].filter(e => e.getBoundingClientRect().height < 24).map(e => e.outerHTML)`)...)
	for _, s := range small {
		t.Errorf("too small: %s", s)
	}
	if px := bottest.Value[float64](p, `parseFloat(getComputedStyle(document.querySelector("[data-id] p:nth-of-type(2)")).fontSize)`); px < 18 {
		t.Errorf("answers are written in %v px", px)
	}
}

// TestOffline loses nothing while there is no network, and counts nothing twice.
func TestOffline(t *testing.T) {
	h := open(t, nil)
	p := bottest.StartBrowser(t).Page(t, bottest.Look{})
	p.Go(h.server.URL)
	p.Click("#teks")
	p.Type("pertama\r")
	p.Wait(`document.querySelector("[data-id='1']")`)
	p.Offline(true)
	p.Type("kedua\r")
	p.Wait(`document.querySelector(".kabar")`)
	if got := bottest.Value[string](p, `document.querySelector(".kabar p").textContent`); !strings.HasPrefix(got, "Tidak ada sambungan") {
		t.Errorf("the notice says %q", got)
	}
	if !bottest.Value[bool](p, `document.querySelector(".kabar").closest("[role=log]") !== null`) {
		t.Error("the notice is not read out")
	}
	p.Type("ketiga\r") // waits behind the second
	p.Offline(false)
	p.Run(`window.dispatchEvent(new Event("online"))`)
	p.Wait(`document.querySelector("[data-id='3']") && !document.querySelector(".kabar, .menunggu")`)

	h.fail(errTest, nil)
	h.swallows = true // it is on disk, but the browser never hears of it
	p.Type("keempat\r")
	p.Wait(`document.querySelector(".kabar button")`)
	h.fail(nil, nil)
	p.Go(h.server.URL) // even a new page sends it again, under the same id
	p.Wait(`document.querySelector("[data-id='4']") && !document.querySelector(".menunggu")`)
	p.Wait(`sessionStorage.getItem("tanya.antre") === "[]"`)
	var texts []string
	for _, m := range h.messages() {
		texts = append(texts, m.Text)
	}
	if got := strings.Join(texts, " "); got != "pertama kedua ketiga keempat" {
		t.Errorf("accepted %s", got)
	}
}

// TestDraft keeps what was typed and not sent.
func TestDraft(t *testing.T) {
	h := open(t, func(c *Config, _ *Deps) { c.Limits.Chat = Rate{PerMinute: 600, Burst: 1} })
	p := bottest.StartBrowser(t).Page(t, bottest.Look{})
	p.Go(h.server.URL)
	p.Click("#teks")
	p.Type("belum selesai")
	p.Go(h.server.URL)
	p.Wait(`document.getElementById("teks").value === "belum selesai"`)
	// Too fast: a polite notice, and everything is sent once the minute allows it.
	p.Click("#teks")
	p.Type("\r")
	p.Type("satu lagi\r")
	p.Wait(`document.querySelector("[data-id='2']") && !document.querySelector(".kabar, .menunggu")`)
	// What the server refuses comes back into the box.
	p.Run(`document.getElementById("teks").removeAttribute("maxlength")`)
	p.Run(`document.getElementById("teks").value = "a".repeat(1001)`)
	p.Click(".kirim")
	p.Wait(`document.querySelector(".kabar") && document.getElementById("teks").value.length === 1001 && document.activeElement.id === "teks"`)
}

// TestNoStream polls where streams are swallowed.
func TestNoStream(t *testing.T) {
	h := build(t, nil)
	inner := h.channel.Handler()
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/aliran" {
			http.Error(w, "no streams here", http.StatusBadGateway)
			return
		}
		inner.ServeHTTP(w, r)
	}))
	defer proxy.Close()
	go func() { _ = h.channel.Run(t.Context(), h.engine) }()
	p := bottest.StartBrowser(t).Page(t, bottest.Look{})
	p.Go(proxy.URL)
	p.Click("#teks")
	p.Type("jam berapa?\r")
	p.Wait(`document.querySelector("[data-id='1']")`)
}

// TestBankInBrowser shows hostile texts in a real browser and looks whether any of them ran.
func TestBankInBrowser(t *testing.T) {
	h := open(t, func(c *Config, _ *Deps) { c.Limits.Chat = Rate{1e6, 1e6} })
	h.answer = echo
	p := bottest.StartBrowser(t).Page(t, bottest.Look{})
	p.Go(h.server.URL)
	for i, s := range bank() {
		p.Run(fmt.Sprintf(`document.getElementById("teks").value = %q; document.querySelector(".kirim").click()`, strings.ToValidUTF8(s, "")))
		p.Wait(fmt.Sprintf(`document.querySelector("[data-id='%d']")`, i+1))
	}
	p.Go(h.server.URL)
	time.Sleep(200 * time.Millisecond) // what runs, runs at once
	if bottest.Value[bool](p, `"xss" in window`) {
		t.Error("a text ran as a script")
	}
	if c := p.Complaints(); len(c) > 0 {
		t.Errorf("the console complains: %q", c)
	}
}

// TestScriptless asks with scripts switched off.
func TestScriptless(t *testing.T) {
	h := open(t, nil)
	p := bottest.StartBrowser(t).Page(t, bottest.Look{NoScript: true})
	p.Go(h.server.URL)
	p.Click("#teks")
	p.Type("min tps buka jam brp?")
	p.Click(".kirim")
	p.Wait(`location.hash === "#terakhir" && document.querySelector("[data-id='1']")`)
	p.Shot("scriptless", false)
	p.Click("[data-id='1'] .pilih button")
	p.Wait(`document.querySelector("[data-id='2']")`)
}

// TestFrameRemembers keeps a conversation over a new page without any cookie, and where storage is forbidden too.
func TestFrameRemembers(t *testing.T) {
	b := bottest.StartBrowser(t)
	for name, blocked := range map[string]bool{"storage": false, "no storage": true} {
		t.Run(name, func(t *testing.T) {
			h := open(t, nil)
			p := b.Page(t, bottest.Look{NoStorage: blocked})
			for i := range 2 {
				p.Go(h.server.URL + "/bingkai")
				p.Wait(fmt.Sprintf(`document.querySelectorAll("[data-id]").length === %d`, i))
				p.Click("#teks")
				p.Type("jam berapa?\r")
				p.Wait(fmt.Sprintf(`document.querySelectorAll("[data-id], .sendiri").length === %d`, 2*i+2))
			}
			if ms := h.messages(); len(ms) != 2 || ms[0].Address != ms[1].Address {
				t.Errorf("accepted %+v", ms)
			}
			if got := bottest.Value[string](p, `document.cookie`); got != "" || len(p.Complaints()) > 0 {
				t.Errorf("cookie %q, complaints %q", got, p.Complaints())
			}
			// A language switch, which is a form of its own, stays in the conversation.
			p.Click(".bahasa button[lang=jv]")
			p.Wait(`document.documentElement.lang === "jv" && document.querySelectorAll("[data-id]").length === 3`)
		})
	}
}

// TestEmbedded opens the chat on another site, which the browser gives no cookies of ours.
func TestEmbedded(t *testing.T) {
	for _, look := range []bottest.Look{{Width: 390, Height: 844}, {Width: 1280, Height: 800}} {
		t.Run(fmt.Sprint(look.Width), func(t *testing.T) {
			var h *house
			site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				// A site with a strict policy of its own must only let our script and our frame in.
				w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src "+h.server.URL+"; frame-src "+h.server.URL)
				_, _ = fmt.Fprintf(w, `<!doctype html><html lang="id"><title>Desa</title><meta name="viewport" content="width=device-width">`+
					`<main><h1>Desa Sumberagung</h1><p>Selamat datang di situs desa.</p></main><script src="%s/sematkan.js" data-kode="K7Q2M" async></script>`, h.server.URL)
			}))
			defer site.Close()
			other := strings.Replace(site.URL, "127.0.0.1", "localhost", 1) // another site for the browser
			h = open(t, func(c *Config, _ *Deps) { c.FrameAncestors = []string{other} })
			p := bottest.StartBrowser(t).Page(t, look)
			p.Go(other)
			p.Wait(`document.getElementById("tanya-sematan")`)
			p.Axe("a site with the button")
			p.Run(`addEventListener("message", e => { window.ready = e.data.tanya === "siap" })`)
			p.Type("\t") // the only thing on the page that takes the focus is our button
			p.Type("\r")
			p.Wait(`document.activeElement.id === "tanya-sematan"`)
			p.Shot(fmt.Sprintf("embedded-%d", look.Width), false)
			p.Wait("window.ready")
			p.Tap(look.Width-200, look.Height-60)
			p.Type("jam berapa?\r")
			for i := 0; len(h.messages()) == 0; i++ {
				if i > 200 {
					t.Fatal("nothing was asked in the frame")
				}
				time.Sleep(50 * time.Millisecond)
			}
			for i := 0; h.streams() == 0 && i < 100; i++ {
				time.Sleep(50 * time.Millisecond)
			}
			time.Sleep(300 * time.Millisecond)
			p.Shot(fmt.Sprintf("embedded-%d-answer", look.Width), false)
			if ms := h.messages(); ms[0].Text != "/start K7Q2M" || ms[1].Text != "jam berapa?" || ms[0].Address != ms[1].Address {
				t.Errorf("accepted %+v", ms)
			}
			p.Type("\x1b") // Escape, inside the frame
			p.Wait(`document.activeElement.id === "tanya-sematan"`)
			p.Shot(fmt.Sprintf("embedded-%d-closed", look.Width), false)
		})
	}
}

// TestEmbeddedWhereItMayNotBe: on a site that the office has not listed the browser shows no frame, so the button offers
// the page itself, with the activity's code.
func TestEmbeddedWhereItMayNotBe(t *testing.T) {
	h := open(t, nil)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="id"><title>Desa</title><main><h1>Desa</h1></main><script src="%s/sematkan.js" data-kode="K7Q2M" async></script>`, h.server.URL)
	}))
	defer site.Close()
	p := bottest.StartBrowser(t).Page(t, bottest.Look{Width: 390, Height: 844})
	p.Go(strings.Replace(site.URL, "127.0.0.1", "localhost", 1))
	p.Wait(`document.getElementById("tanya-sematan")`)
	p.Type("\t")
	p.Type("\r")
	p.Wait(`document.getElementById("tanya-sematan").getAttribute("data-tautan")`)
	if got := bottest.Value[string](p, `document.getElementById("tanya-sematan").getAttribute("data-tautan")`); got != h.server.URL+"/?kode=K7Q2M" {
		t.Errorf("offers %q", got)
	}
	p.Shot("embedded-refused", false)
}
