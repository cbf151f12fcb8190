package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/store"
	"tanya/faq"
)

// TestRefusedEdition flips one byte of the published edition in the database: the service sends people to the office, and
// /healthz, /metrics and the doctor say so. An edition that holds ends it.
func TestRefusedEdition(t *testing.T) {
	ctx := t.Context()
	var said bytes.Buffer
	a := &app{stdout: &said, stderr: io.Discard, getenv: func(string) string { return "" }, clock: time.Now}
	h, err := a.build(ctx, config{Data: t.TempDir()}, a.logger("error"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = h.Close() }()
	key, err := openSigningKey(filepath.Join(h.cfg.Data, "edition.key"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := faq.ReadFiles(faq.Content())
	if err != nil {
		t.Fatal(err)
	}
	content, err := files.Pack()
	if err != nil {
		t.Fatal(err)
	}
	publish := func(number int64, flip byte) {
		t.Helper()
		r := bot.SignRelease(key, number, content)
		e := store.Edition{Number: number, Hash: r.Hash, Signature: r.Signature, Content: bytes.Clone(content), Published: time.Now()}
		e.Content[len(content)/3] ^= flip
		if err := h.store.PutEdition(ctx, e); err != nil {
			t.Fatal(err)
		}
		if err := h.reload(ctx, key); err != nil {
			t.Fatal(err)
		}
	}
	e := bot.NewEngine(h.store, h.dialogue, nil, bot.EngineOptions{Now: h.now, Log: h.log})
	server := httptest.NewServer(healthz(h, e))
	defer server.Close()
	look := func(number, refused int64) {
		t.Helper()
		if k := h.knowledge.Load(); k.Edition.Number != number || k.Refused != refused {
			t.Errorf("edition %d is used and %d refused, want %d and %d", k.Edition.Number, k.Refused, number, refused)
		}
		s := bot.Session{Welcomed: true, Lang: faq.Indonesian, Fixed: true}
		out, err := h.dialogue.Turn(ctx, s, bot.Message{Channel: "webchat", Kind: bot.Text, Text: "jam berapa tps buka"}, time.Now())
		if err != nil || len(out.Replies) == 0 {
			t.Fatalf("%d replies: %v", len(out.Replies), err)
		}
		if answered := out.Replies[0].Outcome == bot.Answered; answered != (refused == 0) {
			t.Errorf("with %d refused, people read %q", refused, out.Replies[0].Text)
		}
		w := httptest.NewRecorder()
		healthz(h, e)(w, httptest.NewRequest("GET", "/healthz", nil))
		var state health
		if err := json.Unmarshal(w.Body.Bytes(), &state); err != nil {
			t.Fatal(err)
		}
		if want := map[bool]string{true: "ok", false: "trouble"}[refused == 0]; state.Status != want || (state.Trouble == "") != (refused == 0) {
			t.Errorf("with %d refused, /healthz says %+v", refused, state)
		}
		m := httptest.NewRequest("GET", "/metrics", nil)
		m.RemoteAddr, w = "127.0.0.1:9", httptest.NewRecorder()
		serveMetrics(h, e, nil)(w, m)
		if want := map[bool]string{true: "\ntanya_edition_refused 0\n", false: "\ntanya_edition_refused 1\n"}[refused == 0]; !strings.Contains(w.Body.String(), want) {
			t.Errorf("with %d refused, the figures lack %q", refused, want)
		}
		said.Reset()
		d := &checkup{a: a, cfg: config{Addr: strings.TrimPrefix(server.URL, "http://")}}
		d.service(context.WithoutCancel(ctx))
		if told := strings.Contains(said.String(), "edisi 1 tidak dipakai"); told != (refused > 0) || d.failed != told {
			t.Errorf("with %d refused, the doctor says %s", refused, said.String())
		}
	}
	look(0, 0)
	publish(1, 1)
	look(0, 1)
	publish(2, 0)
	look(2, 0)
}
