package webchat

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"time"

	"tanya/faq"
	"tanya/locales"
)

//go:embed static/* templates/*
var files embed.FS

// asset is a file that the page loads.
type asset struct {
	body    []byte
	kind    string
	version string // of the content
}

// loadAssets reads the files and puts the sentences into the script for other sites.
func (c *Channel) loadAssets() (map[string]asset, error) {
	all := map[string]asset{}
	kinds := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
	names, err := fs.Glob(files, "static/*")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		body, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		if path.Base(name) == "sematkan.js" {
			if body, err = c.withSentences(body); err != nil {
				return nil, err
			}
		}
		sum := sha256.Sum256(body)
		all[path.Base(name)] = asset{body, kinds[path.Ext(name)], hex.EncodeToString(sum[:6])}
	}
	return all, nil
}

// withSentences fills in what the button on another site says, in each language.
func (c *Channel) withSentences(script []byte) ([]byte, error) {
	said := map[faq.Lang]map[string]string{}
	for _, l := range faq.Langs() {
		said[l] = map[string]string{"buka": c.say(l, locales.WebOpen), "tutup": c.say(l, locales.WebClose), "judul": "Tanya " + c.cfg.Office, "baru": c.say(l, locales.WebNewTab)}
	}
	b, err := json.Marshal(said) // escapes < and >, so the text cannot end a script element it may be pasted into
	if err != nil {
		return nil, err
	}
	return bytes.ReplaceAll(script, []byte("__KATA__"), b), nil
}

// file serves an asset. One that is asked for by its version never changes.
func (c *Channel) file(w http.ResponseWriter, r *http.Request) {
	a := c.assets[path.Base(r.URL.Path)]
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("ETag", `"`+a.version+`"`)
	h.Set("Cache-Control", "public, max-age=600")
	if r.URL.Query().Get("v") == a.version {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if path.Base(r.URL.Path) == "sematkan.js" {
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(a.body))
}

// loadPages parses the templates.
func (c *Channel) loadPages() (*template.Template, error) {
	return template.New("").Funcs(template.FuncMap{
		"t": func(l faq.Lang, key locales.Key) string { return c.say(l, key) },
		"kode": func(l faq.Lang, code string) string {
			return c.words.Text(string(l), locales.WebCode, map[string]any{"Code": code})
		},
		"berkas": func(name string) string { return "/" + name + "?v=" + c.assets[name].version },
		"jam":    clock,
		"bahasa": func(l faq.Lang) string {
			return map[faq.Lang]string{faq.Indonesian: "Indonesia", faq.Javanese: "Jawa", faq.English: "English"}[l]
		},
		"pasang": func(b block, l faq.Lang) cited { return cited{b, l} },
		"nomor":  func(i int) int { return i + 1 },
	}).ParseFS(files, "templates/*.html")
}

// cited is a block of a source line with the language of its reply.
type cited struct {
	Block block
	Lang  faq.Lang
}

// clock writes when a message came: the time, and the day when it was not today.
func clock(m message) string {
	format := "15.04"
	if m.Lang == faq.English {
		format = "15:04"
	}
	text := m.At.In(m.Zone).Format(format)
	if day := faq.DateOf(m.At, m.Zone); day != faq.DateOf(m.Today, m.Zone) {
		text = faq.ShortDay(day, m.Lang) + ", " + text
	}
	return text
}
