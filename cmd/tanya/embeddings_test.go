package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/embed"
	"tanya/faq"
)

// Doctor tells whether questions go elsewhere, tries it, and shows no key.
func TestDoctorTriesEmbeddings(t *testing.T) {
	const key = "kunci-rahasia"
	broken := false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if broken || r.Header.Get("Authorization") != "Bearer "+key {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"data": []any{map[string]any{"index": 0, "embedding": []float64{3, 4}}}})
	}))
	defer server.Close()
	env := map[string]string{
		"TANYA_EMBEDDINGS_URL": server.URL, "TANYA_EMBEDDINGS_KEY": key, "TANYA_EMBEDDINGS_MODEL": "model-uji",
		"TANYA_DATA": t.TempDir(), "TANYA_ADDR": "127.0.0.1:1",
	}
	doctor := func() (string, int) {
		var out bytes.Buffer
		a := &app{stdin: strings.NewReader(""), stdout: &out, stderr: &out, getenv: func(k string) string { return env[k] }, clock: time.Now}
		code := a.run(context.Background(), []string{"doctor"})
		if strings.Contains(out.String(), key) {
			t.Errorf("the key is shown:\n%s", out.String())
		}
		return out.String(), code
	}
	if out, code := doctor(); code != exitOK || !strings.Contains(out, "menyala, model-uji di 127.0.0.1") || !strings.Contains(out, "2 dimensi") {
		t.Errorf("exit %d:\n%s", code, out)
	}
	broken = true
	if out, code := doctor(); code == exitOK || !strings.Contains(out, "periksa TANYA_EMBEDDINGS_KEY") {
		t.Errorf("exit %d:\n%s", code, out)
	}
	env["TANYA_EMBEDDINGS_URL"] = "http://8.8.8.8"
	if out, code := doctor(); code == exitOK || !strings.Contains(out, "harus https") {
		t.Errorf("exit %d:\n%s", code, out)
	}
}

// Without an endpoint the matcher stands alone; with one, what measures proposals still gets the matcher alone.
func TestSecondOpinionIsOffByDefault(t *testing.T) {
	ed, _ := faq.Read(faq.Content())
	plain := lone{}
	h := &house{now: time.Now}
	second, err := h.secondOpinion()
	if second != nil || err != nil {
		t.Fatalf("%v, %v", second, err)
	}
	if m := h.beside(ed, plain); m != plain {
		t.Errorf("%T stands before the matcher", m)
	}
	h.cfg.Embeddings = embed.Config{URL: "http://127.0.0.1:1", Model: "m"}
	if h.second, err = h.secondOpinion(); err != nil {
		t.Fatal(err)
	}
	h.knowledge.Store(&bot.Knowledge{Edition: ed, Matcher: h.beside(ed, plain)})
	if _, ok := h.knowledge.Load().Matcher.(*embed.Matcher); !ok {
		t.Errorf("%T answers", h.knowledge.Load().Matcher)
	}
	if m := h.plainKnowledge().Matcher; m != plain {
		t.Errorf("%T measures proposals", m)
	}
}

// lone is a matcher that knows nothing.
type lone struct{}

func (lone) Match(context.Context, faq.Question) (faq.Result, error) { return faq.Result{}, nil }
