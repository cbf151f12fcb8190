package main

import (
	"bytes"
	"errors"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"tanya/bot"
	"tanya/faq"
	"tanya/faq/picture"
	"tanya/locales"
)

// drawing draws the picture that a reply names: bot.PictureName says how its language and day are written into the
// name. The same name gives the same bytes for ever.
func (h *house) drawing(name string) ([]byte, error) {
	subject, lang, day, err := bot.ReadPictureName(name)
	if err != nil {
		return nil, err
	}
	ed := h.knowledge.Load().Edition
	at := day.Start(ed.Zone).Add(12 * time.Hour)
	if entry, ok := bot.CardEntry(subject); ok {
		card, err := h.dialogue.Card(entry, lang, at)
		if err != nil {
			return nil, err
		}
		stamp := ""
		if h.simulated {
			stamp = h.words.Text(string(lang), locales.KitSimulated, nil)
		}
		return picture.DrawCard(picture.Card{Lead: card.Lead, Question: card.Question, Text: card.Text, Notes: card.Notes, Stamp: stamp})
	}
	png, _, _, err := picture.Draw(ed, subject, lang, at)
	return png, err
}

// openMedia opens a picture for a channel that uploads it.
func (h *house) openMedia(_ int64, name string) (fs.File, error) {
	png, err := h.drawing(name)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &pictureFile{Reader: bytes.NewReader(png), name: name + ".png", size: int64(len(png))}, nil
}

// showPicture serves a picture to the web chat.
func (h *house) showPicture(w http.ResponseWriter, r *http.Request) {
	png, err := h.drawing(strings.TrimSuffix(r.PathValue("name"), ".png"))
	var expired *faq.ExpiredError
	switch {
	case errors.As(err, &expired), err != nil:
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	_, _ = w.Write(png)
}

// pictureFile is a picture in memory as a file.
type pictureFile struct {
	*bytes.Reader
	name string
	size int64
}

// Stat returns the file's description.
func (f *pictureFile) Stat() (fs.FileInfo, error) { return pictureInfo{f}, nil }

// Close does nothing.
func (f *pictureFile) Close() error { return nil }

// pictureInfo describes a pictureFile.
type pictureInfo struct{ f *pictureFile }

func (i pictureInfo) Name() string       { return i.f.name }
func (i pictureInfo) Size() int64        { return i.f.size }
func (i pictureInfo) Mode() fs.FileMode  { return 0o444 }
func (i pictureInfo) ModTime() time.Time { return time.Time{} }
func (i pictureInfo) IsDir() bool        { return false }
func (i pictureInfo) Sys() any           { return nil }
