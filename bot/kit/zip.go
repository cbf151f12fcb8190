package kit

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"html/template"
	"net/http"
	"path"
	"strings"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// Zip makes the whole kit of an activity, cards and all, as one file. What is missing is said in sentences for staff.
func (p *Press) Zip(ctx context.Context, a bot.Activity, lang faq.Lang) (data []byte, missing []string, err error) {
	files, missing, err := p.Sheets(ctx, a, lang)
	if err != nil {
		return nil, nil, err
	}
	cards, err := p.Cards()
	if err != nil {
		return nil, nil, err
	}
	data, err = zipped("kit-"+a.Code, append(files, cards...), p.deps.Now())
	return data, missing, err
}

// zipped packs files into a folder. Pictures and PDFs are compressed already.
func zipped(folder string, files []File, at time.Time) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		method := zip.Deflate
		if strings.HasSuffix(f.Name, ".png") {
			method = zip.Store
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: path.Join(folder, f.Name), Method: method, Modified: at})
		if err == nil {
			_, err = w.Write(f.Data)
		}
		if err != nil {
			return nil, fmt.Errorf("pack %s: %w", f.Name, err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("pack the kit: %w", err)
	}
	return b.Bytes(), nil
}

// Find returns the activity of a code, or fails as NotFound.
type Find func(ctx context.Context, code string) (bot.Activity, error)

// Download answers a request for the kit of the activity whose code is the path's {kode}, as a page of the staff's desk:
// the file itself, or an error that the desk shows.
func (p *Press) Download(find Find) func(http.ResponseWriter, *http.Request, bot.Staff) (string, template.HTML, error) {
	return func(w http.ResponseWriter, r *http.Request, _ bot.Staff) (string, template.HTML, error) {
		a, err := find(r.Context(), r.PathValue("kode"))
		if err != nil {
			return "", "", err
		}
		lang := faq.Lang(r.URL.Query().Get("bahasa"))
		if !lang.Valid() {
			lang = faq.Indonesian
		}
		data, _, err := p.Zip(r.Context(), a, lang)
		if err != nil {
			return "", "", err
		}
		h := w.Header()
		h.Set("Content-Type", "application/zip")
		h.Set("Content-Disposition", `attachment; filename="tanya-kit-`+a.Code+`.zip"`)
		h.Set("X-Content-Type-Options", "nosniff")
		_, err = w.Write(data)
		if err != nil {
			err = nil // the browser has gone away, and half of the answer is written: there is nobody to tell
		}
		return "", "", err
	}
}
