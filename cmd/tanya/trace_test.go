package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tanya/bot"
)

// TestTrace lets a message walk its road while the recorder runs: the trace names the stations and nothing of the message.
func TestTrace(t *testing.T) {
	a := &app{stderr: io.Discard, getenv: func(string) string { return "" }, clock: time.Now}
	h, err := a.build(t.Context(), config{Data: t.TempDir(), Trace: "on"}, a.logger("error"))
	fatal(t, err)
	defer h.Close()
	r := rooms{pages: map[string]http.Handler{}}
	fatal(t, h.addTrace(&r))
	if len(r.closers) != 1 || len(r.notes) != 1 {
		t.Errorf("closers %d, notes %v", len(r.closers), r.notes)
	}
	e := bot.NewEngine(h.store, h.dialogue, nil, bot.EngineOptions{Now: h.now, Log: h.log})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- h.run(ctx, e) }()
	m := bot.Message{Channel: "webchat", External: "rahasia-1", Address: "alamat-rahasia", Kind: bot.Text, Text: "jam berapa rahasia"}
	m.Chat = h.keys.Chat("webchat", m.Address)
	fatal(t, e.Accept(t.Context(), bot.Batch{Channel: "webchat", Messages: []bot.Message{m}}))
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if st, err := h.store.Stats(t.Context()); err == nil && st.Queries > 0 {
			break
		}
		if time.Now().After(end) {
			t.Fatal("not answered")
		}
	}
	get := func(from string) *httptest.ResponseRecorder {
		req := httptest.NewRequest(http.MethodGet, "/trace", nil)
		req.RemoteAddr = from
		w := httptest.NewRecorder()
		r.handler(h, e).ServeHTTP(w, req)
		return w
	}
	got := get("127.0.0.1:9")
	if got.Code != http.StatusOK {
		t.Fatalf("/trace answers %d", got.Code)
	}
	for _, want := range []string{"accept", "turn", "settle"} {
		if !strings.Contains(got.Body.String(), want) {
			t.Errorf("the trace does not name %q", want)
		}
	}
	if strings.Contains(got.Body.String(), "rahasia") || strings.Contains(got.Body.String(), m.Chat) {
		t.Error("the trace names a person or a message")
	}
	if w := get("8.8.8.8:9"); w.Code != http.StatusNotFound {
		t.Errorf("a stranger got %d", w.Code)
	}
	stop()
	fatal(t, <-done)
	fatal(t, r.closers[0]())

	// Off is the default.
	off := rooms{pages: map[string]http.Handler{}}
	h.cfg.Trace = ""
	fatal(t, h.addTrace(&off))
	if len(off.pages) != 0 {
		t.Error("there is a page though nobody asked for it")
	}
}

// stuck is a recorder that is being read.
type stuck struct{ begun, end chan struct{} }

func (s stuck) WriteTo(io.Writer) (int64, error) {
	close(s.begun)
	<-s.end
	return 0, errors.New("broken off")
}

// TestTraceOneAtATime: two who ask at once do not make the program write two.
func TestTraceOneAtATime(t *testing.T) {
	s := stuck{make(chan struct{}), make(chan struct{})}
	page := serveTrace(s)
	get := func() int {
		req := httptest.NewRequest(http.MethodGet, "/trace", nil)
		req.RemoteAddr = "127.0.0.1:9"
		w := httptest.NewRecorder()
		page(w, req)
		return w.Code
	}
	first := make(chan int)
	go func() { first <- get() }()
	<-s.begun
	if code := get(); code != http.StatusServiceUnavailable {
		t.Errorf("the second one got %d", code)
	}
	close(s.end)
	if code := <-first; code != http.StatusInternalServerError {
		t.Errorf("a trace that breaks off answers %d", code)
	}
}
