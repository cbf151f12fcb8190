package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/store"
)

// mark stands in every canary word, so that one search finds all of them.
const mark = "zqxkanari"

// TestCanaries is properties S7, P1 and P2 from outside: 300 messages that are like reports, with names, number plates
// and amounts, and 2,000 made-up identities go through the real engine into the real ledger. Then none of it may stand in
// any byte of the data folder, in the log at its most talkative, in the bodies of /healthz and /metrics or in what was sent.
func TestCanaries(t *testing.T) {
	if testing.Short() {
		t.Skip("sends 2,300 messages through the ledger; left out of short runs")
	}
	var log lockedBuffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	a := &app{stdin: strings.NewReader(""), stdout: io.Discard, stderr: &log, getenv: func(string) string { return "" }, clock: time.Now}
	cfg := config{Data: t.TempDir(), Now: "2024-11-25T20:00:00+07:00"}
	ctx, stop := context.WithCancel(t.Context())
	h, err := a.build(ctx, cfg, logger)
	if err != nil {
		t.Fatal(err)
	}
	wire := &canaryWire{}
	ledger := &watchedLedger{Store: h.store}
	engine := bot.NewEngine(ledger, h.dialogue, []bot.Channel{wire}, bot.EngineOptions{Now: h.now, Log: logger})
	done := make(chan error, 1)
	go func() { done <- h.run(ctx, engine) }()

	reports, identities := reportTexts(), identityTexts()
	texts := append(append([]string{}, reports...), identities...)
	for i, text := range texts {
		m := bot.Message{External: fmt.Sprint(mark, "-ext-", i), Address: fmt.Sprint(mark, "-adr-", i), Kind: bot.Text, Text: text}
		if err := engine.Accept(ctx, bot.Batch{Channel: wire.Name(), Messages: []bot.Message{m}}); err != nil {
			t.Fatal(err)
		}
	}
	for deadline := time.Now().Add(3 * time.Minute); wire.count() < len(texts); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d of %d messages were answered", wire.count(), len(texts))
		}
	}
	page := httptest.NewRecorder()
	healthz(h, engine)(page, httptest.NewRequest("GET", "/healthz", nil))

	figures := httptest.NewRecorder()
	inside := httptest.NewRequest("GET", "/metrics", nil)
	inside.RemoteAddr = "127.0.0.1:9"
	serveMetrics(h, engine, nil)(figures, inside)

	look(t, cfg.Data) // with the write-ahead log open
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := h.Close(); err != nil {
		t.Error(err)
	}
	look(t, cfg.Data)
	clean(t, "the log", log.Bytes())
	clean(t, "/healthz", page.Body.Bytes())
	clean(t, "/metrics", figures.Body.Bytes())
	if !strings.Contains(figures.Body.String(), "tanya_") {
		t.Error("there were no figures to search")
	}
	clean(t, "what was sent", wire.sent.Bytes())
	if n := ledger.kept(t, mark); n > 0 {
		t.Errorf("text of %d reports was handed to the ledger with the question", n)
	}
	if log.Len() == 0 || page.Body.Len() == 0 {
		t.Error("nothing was logged or shown, so nothing was searched")
	}
}

// TestCanarySearchFindsWhatIsThere proves the search itself.
func TestCanarySearchFindsWhatIsThere(t *testing.T) {
	for _, s := range []string{"x" + mark, "9900005505050001", "99 00 00 55 05 05 00 01", "0812-0000-0001", "Rp 137.531", "warga1@contoh.com"} {
		if canary.FindString(s) == "" {
			t.Errorf("%q would not be found", s)
		}
	}
}

// canary matches every canary: the mark, runs of digits as in identity and telephone numbers, the amounts and the e-mail
// host of the made-up people.
var canary = regexp.MustCompile(mark + `|\b(?:99|08|628)(?:[ .\-]{0,3}[0-9]){9,}\b|[０-９]{9,}|[0-9]{3}\.531|@contoh\.`)

// clean fails when a canary stands in b.
func clean(t *testing.T, where string, b []byte) {
	t.Helper()
	if found := canary.Find(b); found != nil {
		t.Errorf("%s holds %q", where, found)
	}
}

// look searches every file below a folder.
func look(t *testing.T, dir string) {
	t.Helper()
	var files, size int
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || strings.Contains(path, "cache") {
			return err // the cache holds thresholds computed from the content
		}
		b, err := os.ReadFile(path)
		files, size = files+1, size+len(b)
		clean(t, filepath.Base(path), b)
		return err
	})
	if err != nil || files < 2 || size < 100_000 {
		t.Errorf("searched %d files, %d bytes: %v", files, size, err)
	}
}

// reportTexts makes 300 messages that tell of an offence.
func reportTexts() []string {
	var out []string
	who := []string{"tim sukses", "pak %sbambang", "kades %srejo", "relawan", "mandor %ssatrio", "ketua rt", "pemuda bernama %sjoko", "perangkat desa", "Bu %sSri Lestari", "orang suruhan"}
	what := []string{"bagi amplop", "membagikan sembako senilai", "kasih uang", "nyebar duit", "ngasih amplop isi"}
	where := []string{"di rumah %swati rt 3 tadi malam, mobilnya K 1234 %s", "di warung %s kemarin", "di gang %s barusan, wa 081200000%03d", "di pos ronda %s", "di lapangan %s, nik dia 99000055050500%02d", "di musala %s"}
	for i := range 300 {
		put := func(s string) string {
			return strings.ReplaceAll(s, "%s", mark)
		}
		at := put(where[i%len(where)])
		if strings.Contains(at, "%0") {
			at = fmt.Sprintf(at, i%100)
		}
		out = append(out, fmt.Sprintf("%s %s Rp %d.531 %s buat nyoblos calonnya", put(who[i%len(who)]), what[i/10%len(what)], 100+i, at))
	}
	return out
}

// identityTexts makes 2,000 messages with a number or address of a person. Province code 99 does not exist.
func identityTexts() []string {
	rnd := rand.New(rand.NewPCG(3, 4))
	frames := []string{"%s", "nik saya %s tolong cek", "kk %s an ibu", "min %s terdaftar gak", "tolong hubungi %s ya", "kapan coblosan? ini nomor saya %s"}
	var out []string
	for i := range 2000 {
		var s string
		switch i % 4 {
		case 0, 1:
			s = fmt.Sprintf("99%014d", rnd.Int64N(1e14))
			switch i / 4 % 4 {
			case 1:
				s = s[:4] + " " + s[4:8] + " " + s[8:12] + " " + s[12:]
			case 2:
				s = s[:2] + "." + s[2:4] + "." + s[4:6] + "." + s[6:12] + "." + s[12:]
			case 3:
				s = strings.Map(func(r rune) rune { return r - '0' + '０' }, s)
			}
		case 2:
			s = fmt.Sprintf("08%010d", rnd.Int64N(1e10))
			if i%8 == 2 {
				s = s[:4] + "-" + s[4:8] + "-" + s[8:]
			}
		case 3:
			s = fmt.Sprintf("warga%d@contoh.%s", i, []string{"com", "co.id"}[i/4%2])
		}
		out = append(out, fmt.Sprintf(frames[rnd.IntN(len(frames))], s))
	}
	return out
}

// watchedLedger is the real ledger; it remembers what text went in with questions.
type watchedLedger struct {
	*store.Store
	mu    sync.Mutex
	texts []string
}

func (l *watchedLedger) Settle(ctx context.Context, all ...bot.Settlement) error {
	l.mu.Lock()
	for _, s := range all {
		for _, q := range s.Queries {
			l.texts = append(l.texts, q.Text)
		}
	}
	l.mu.Unlock()
	return l.Store.Settle(ctx, all...)
}

// kept counts the texts with a word, and fails on any canary that redaction should have caught.
func (l *watchedLedger) kept(t *testing.T, word string) int {
	t.Helper()
	n := 0
	for _, s := range l.texts {
		if strings.Contains(s, word) {
			n++
		}
		if found := canary.FindString(s); found != "" && found != word && !strings.HasSuffix(found, ".531") {
			t.Errorf("redaction left %q", found)
		}
	}
	return n
}

// canaryWire swallows what is sent to it and keeps the words.
type canaryWire struct {
	mu   sync.Mutex
	n    int
	sent bytes.Buffer
}

func (*canaryWire) Name() string                                  { return "kawat" }
func (*canaryWire) Run(ctx context.Context, _ bot.Accepter) error { <-ctx.Done(); return nil }

func (w *canaryWire) Send(_ context.Context, o bot.Outgoing) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.n++
	w.sent.WriteString(o.Reply.Numbered() + "\n")
	return "", nil
}

func (w *canaryWire) count() int { w.mu.Lock(); defer w.mu.Unlock(); return w.n }

// lockedBuffer is a buffer that several may write to.
type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}
