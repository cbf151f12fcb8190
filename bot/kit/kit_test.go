package kit_test

import (
	"archive/zip"
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/bottest"
	"tanya/bot/kit"
	"tanya/faq"
	"tanya/locales"
)

var allDoors = kit.Doors{Web: "https://tanya.example.go.id", Telegram: "contoh_bot", WhatsApp: "6281234567890"}

// content is read once for all tests.
var content = sync.OnceValues(func() (*faq.Edition, error) { return faq.Load(faq.Content()) })

// press prints kits with the content of the program.
func press(t testing.TB, doors kit.Doors, mock bool) *kit.Press {
	t.Helper()
	words, err := locales.New()
	must(t, err)
	ed, err := content()
	must(t, err)
	return kit.New(kit.Deps{
		Words: words, Edition: func() *faq.Edition { return ed }, Doors: func(context.Context) kit.Doors { return doors },
		Card: func(entry string, _ faq.Date) ([]byte, error) {
			if entry == "jam-tps" {
				return []byte("png"), nil
			}
			return nil, bot.Errorf(bot.NotFound, "no card")
		},
		Now:  func() time.Time { return time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC) },
		Mock: func(context.Context) (bool, error) { return mock, nil },
	})
}

func codes(t testing.TB) *bot.ActivityCodes {
	t.Helper()
	k, err := bot.NewKeyring(bytes.Repeat([]byte{7}, bot.KeySize), nil)
	must(t, err)
	c, err := k.ActivityCodes()
	must(t, err)
	return c
}

func forum(t testing.TB) bot.Activity {
	return bot.Activity{
		Code: codes(t).Code(1234), Name: "Forum warga", Method: "forum-warga", Village: "Desa Contoh", District: "Contoh",
		Date: faq.Date{Year: 2026, Month: 11, Day: 26}, Created: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC),
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func named(t testing.TB, files []kit.File, name string) []byte {
	t.Helper()
	for _, f := range files {
		if f.Name == name {
			return f.Data
		}
	}
	t.Fatalf("the kit has no %s", name)
	return nil
}

// words is what a PDF says, as a screen reader finds it.
func words(t *testing.T, pdf []byte) string {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		bottest.Missing(t, "poppler", "install poppler-utils")
	}
	file := filepath.Join(t.TempDir(), "a.pdf")
	must(t, os.WriteFile(file, pdf, 0o600))
	out, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", file, "-").Output()
	must(t, err)
	return string(out)
}

// TestPrintedCodeIsTyped: what the poster and the hand-out ask people to type is read as the activity's code, and no word
// that differs from it in one letter is. This is the way for whoever cannot scan, and where a program drops what a link
// carries.
func TestPrintedCodeIsTyped(t *testing.T) {
	a := forum(t)
	files, _, err := press(t, allDoors, false).Sheets(t.Context(), a, faq.Indonesian)
	must(t, err)
	for _, name := range []string{"poster-a4.pdf", "selebaran-a5.pdf"} {
		said := words(t, named(t, files, name))
		typed := ""
		for _, line := range strings.Split(said, "\n") {
			if line = strings.TrimSpace(line); strings.HasPrefix(line, "KODE ") {
				typed = line
			}
		}
		if code, ok := codes(t).Read(typed); !ok || code != a.Code {
			t.Errorf("%s: %q is read as %q", name, typed, code)
		}
		for _, dash := range []string{"", " ", "\u2013", "\u2011"} {
			if code, ok := codes(t).Read(strings.ToLower(strings.ReplaceAll(typed, "-", dash))); !ok || code != a.Code {
				t.Errorf("%s: %q with %q for the dash is not read", name, typed, dash)
			}
		}
		letters := []byte(strings.TrimPrefix(typed, "KODE "))
		for i, was := range letters {
			for l := byte('A'); l <= 'Z' && was != '-'; l++ {
				letters[i] = l
				if _, ok := codes(t).Read(string(letters)); ok && l != was {
					t.Errorf("%s passes for %s", letters, typed)
				}
			}
			letters[i] = was
		}
		for _, want := range []string{"KPU Kabupaten Blora", "Forum warga", "Desa Contoh", "Kamis, 26 November 2026", "0812-3456-7890", "@contoh_bot", "Jangan kirim NIK", "Badhe nyuwun pirsa"} {
			if !strings.Contains(said, want) {
				t.Errorf("%s does not say %q", name, want)
			}
		}
		if strings.Contains(said, "SIMULASI") {
			t.Errorf("%s says that it is simulated", name)
		}
	}
}

// TestUnknownDoorsAreLeftOut: a way into the service that is not known stands nowhere, and staff are told.
func TestUnknownDoorsAreLeftOut(t *testing.T) {
	for name, c := range map[string]struct {
		doors        kit.Doors
		has, hasNot  string
		missing      int
		snippet, bad bool
	}{
		"all":      {doors: allDoors, has: "https://t.me/contoh_bot?start=", hasNot: "NAMA", snippet: true},
		"web":      {doors: kit.Doors{Web: allDoors.Web}, has: "https://tanya.example.go.id/?kode=", hasNot: "wa.me", missing: 2, snippet: true},
		"whatsapp": {doors: kit.Doors{WhatsApp: allDoors.WhatsApp}, has: "https://wa.me/6281234567890?text=KODE%20", hasNot: "t.me", missing: 2},
		"telegram": {doors: kit.Doors{Telegram: allDoors.Telegram}, has: "https://t.me/contoh_bot?start=", hasNot: "wa.me", missing: 2},
		"none":     {bad: true},
	} {
		files, missing, err := press(t, c.doors, false).Sheets(t.Context(), forum(t), faq.Indonesian)
		if c.bad {
			if bot.ClassOf(err) != bot.Invalid {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		must(t, err)
		read := string(named(t, files, "BACA-SAYA.txt"))
		if !strings.Contains(read, c.has) || strings.Contains(read, c.hasNot) || len(missing) != c.missing {
			t.Errorf("%s: missing %q\n%s", name, missing, read)
		}
		snippet := ""
		for _, f := range files {
			if f.Name == "sematan.html" {
				snippet = string(f.Data)
			}
		}
		want := `<script src="https://tanya.example.go.id/sematkan.js" data-kode="` + forum(t).Code + `" data-bahasa="id" async></script>`
		if c.snippet != (strings.TrimSpace(snippet) == want) {
			t.Errorf("%s: the snippet is %q", name, snippet)
		}
	}
}

// TestSimulatedKitsSaySo stamps every sheet of made-up data.
func TestSimulatedKitsSaySo(t *testing.T) {
	files, _, err := press(t, allDoors, true).Sheets(t.Context(), forum(t), faq.Indonesian)
	must(t, err)
	for _, name := range []string{"poster-a4.pdf", "selebaran-a5.pdf"} {
		if !strings.Contains(words(t, named(t, files, name)), "DATA SIMULASI") {
			t.Errorf("%s does not say that it is simulated", name)
		}
	}
	for name, prefix := range map[string]string{"BACA-SAYA.txt": "DATA SIMULASI", "sematan.html": "<!-- DATA SIMULASI"} {
		if !strings.HasPrefix(string(named(t, files, name)), prefix) {
			t.Errorf("%s does not say that it is simulated", name)
		}
	}
}

// TestLanguages draws the kit in every language.
func TestLanguages(t *testing.T) {
	for _, l := range faq.Langs() {
		if _, _, err := press(t, allDoors, true).Sheets(t.Context(), forum(t), l); err != nil {
			t.Errorf("%s: %v", l, err)
		}
	}
}

// TestDownload gives the desk the kit as one file, and an unknown code as an error that it shows.
func TestDownload(t *testing.T) {
	a := forum(t)
	page := press(t, allDoors, false).Download(func(_ context.Context, code string) (bot.Activity, error) {
		if code != a.Code {
			return bot.Activity{}, bot.Errorf(bot.NotFound, "Tidak ada kegiatan dengan kode itu.")
		}
		return a, nil
	})
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	r.SetPathValue("kode", a.Code)
	w := httptest.NewRecorder()
	if _, body, err := page(w, r, bot.Staff{}); err != nil || body != "" {
		t.Fatalf("%q, %v", body, err)
	}
	z, err := zip.NewReader(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
	must(t, err)
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	want := "poster-a4.pdf poster-a4.png selebaran-a5.pdf selebaran-a5.png status-wa.png sematan.html BACA-SAYA.txt kartu/jam-tps.png"
	want = "kit-" + a.Code + "/" + strings.ReplaceAll(want, " ", " kit-"+a.Code+"/")
	if got := strings.Join(names, " "); got != want {
		t.Errorf("the file holds %s", got)
	}
	r.SetPathValue("kode", "BCDFGH")
	if _, _, err := page(httptest.NewRecorder(), r, bot.Staff{}); bot.ClassOf(err) != bot.NotFound {
		t.Errorf("an unknown code: %v", err)
	}
}

func TestNumbers(t *testing.T) {
	for typed, want := range map[string]string{
		"0812 3456 7890": "6281234567890", "+62 812-3456-7890": "6281234567890", "6281234567890": "6281234567890", "(0296) 531234": "62296531234",
		"": "", "12345": "", "nomor kantor": "", "0812x34567890": "", "+1 202 555 0100": "12025550100",
	} {
		if got := kit.Number(typed); got != want {
			t.Errorf("%q is read as %q", typed, got)
		}
	}
	for digits, want := range map[string]string{"6281234567890": "0812-3456-7890", "62296531234": "0296-5312-34", "12025550100": "+12025550100"} {
		if got := kit.ShowNumber(digits); got != want {
			t.Errorf("%s is shown as %s", digits, got)
		}
	}
	for address, want := range map[string]string{
		"https://tanya.example.id/": "https://tanya.example.id", "http://127.0.0.1:8080": "", "http://localhost:8080": "", "http://[::1]": "", "http://0.0.0.0:80": "", "": "",
	} {
		if got := kit.PublicWeb(address); got != want {
			t.Errorf("%q is public as %q", address, got)
		}
	}
}
