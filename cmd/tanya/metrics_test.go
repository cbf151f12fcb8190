package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"tanya/bot"
)

// TestMetrics reads the figures of a house as Prometheus would: every line is of the form, every name says what it is
// once, and what came from people is only counted.
func TestMetrics(t *testing.T) {
	a := &app{stderr: io.Discard, getenv: func(string) string { return "" }, clock: time.Now}
	h, err := a.build(t.Context(), config{Data: t.TempDir()}, a.logger("error"))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	m := bot.Message{Channel: "webchat", External: "rahasia-1", Address: "alamat-rahasia", Kind: bot.Text, Text: "jam berapa rahasia", Received: time.Now()}
	m.Chat = h.keys.Chat("webchat", m.Address)
	if _, err := h.store.Accept(t.Context(), bot.Batch{Channel: "webchat", Messages: []bot.Message{m}}); err != nil {
		t.Fatal(err)
	}
	e := bot.NewEngine(h.store, h.dialogue, nil, bot.EngineOptions{Now: h.now, Log: h.log})
	counts := map[string]func() map[string]uint64{"telegram": func() map[string]uint64 { return map[string]uint64{"sent": 3} }}
	ask := func(from string, header ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
		r.RemoteAddr = from
		for _, name := range header {
			r.Header.Set(name, "203.0.113.9")
		}
		w := httptest.NewRecorder()
		serveMetrics(h, e, counts)(w, r)
		return w
	}
	text := ask("127.0.0.1:9").Body.String()
	line := regexp.MustCompile(`^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z]+="[^"\\\n]*",?)+\})? -?[0-9.e+-]+)$`)
	for _, l := range strings.Split(strings.TrimSpace(text), "\n") {
		if !line.MatchString(l) {
			t.Errorf("not of the form: %q", l)
		}
	}
	for _, want := range []string{"tanya_ledger_up 1\n", "tanya_inbox_waiting 1\n", `tanya_channel_events_total{channel="telegram",outcome="sent"} 3`, "tanya_entries 138\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if n := strings.Count(text, "# TYPE tanya_inbox_waiting "); n != 1 {
		t.Errorf("a figure is introduced %d times", n)
	}
	if strings.Contains(text, "rahasia") || strings.Contains(text, m.Chat) {
		t.Error("the figures name a person or a message")
	}
	for _, from := range []string{"8.8.8.8:9", "nonsense"} {
		if w := ask(from); w.Code != http.StatusNotFound {
			t.Errorf("%s got %d", from, w.Code)
		}
	}
	if w := ask("127.0.0.1:9", "X-Forwarded-For"); w.Code != http.StatusNotFound {
		t.Errorf("somebody behind the proxy got %d", w.Code)
	}
	if w := ask("172.18.0.4:9"); w.Code != http.StatusOK {
		t.Errorf("a neighbour got %d", w.Code)
	}
}
