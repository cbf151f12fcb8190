package main

import (
	"bytes"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tanya/bot"
)

// TestDemo makes a small season and looks at what an office would see: activities, questions under their codes, answers
// to the quiz before and after, questions before staff, two editions; and it refuses to write anywhere else.
func TestDemo(t *testing.T) {
	if testing.Short() {
		t.Skip("plays a season; left out of short runs")
	}
	dir := filepath.Join(t.TempDir(), "demo")
	var out, log bytes.Buffer
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	a := &app{stdin: strings.NewReader(""), stdout: &out, stderr: &log, getenv: func(k string) string {
		return map[string]string{"TANYA_DATABASE_URL": "postgres://nobody.invalid/real", "TANYA_TELEGRAM_TOKEN": "1:real"}[k] // must not be used
	}, clock: func() time.Time { return now }}
	if code := a.run(t.Context(), []string{"demo", "-o", dir, "--daily", "2"}); code != exitOK {
		t.Fatalf("%d: %s", code, log.String())
	}
	if !strings.Contains(out.String(), "DATA SIMULASI") || !strings.Contains(log.String(), "100%") {
		t.Errorf("says %q, shows %q", out.String(), log.String())
	}
	for name, target := range map[string]string{"the same folder": dir, "a folder with anything in it": filepath.Dir(dir)} {
		if code := a.run(t.Context(), []string{"demo", "-o", target}); code != exitUsage {
			t.Errorf("%s: %d", name, code)
		}
	}
	demoSaysSo(t, a, dir)
	h, err := a.ledger(t.Context(), config{Data: dir}, a.logger("error"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = h.Close() }()
	desk := h.store.Desk()
	if mock, err := desk.Simulated(t.Context()); err != nil || !mock {
		t.Errorf("simulated: %t, %v", mock, err)
	}
	all, err := desk.Activities(t.Context())
	if err != nil || len(all) != len(demoOutings())+1 { // one more for a kit
		t.Errorf("%d activities, %v", len(all), err)
	}
	tally, err := desk.Tally(t.Context(), now.AddDate(0, 0, -demoDays))
	if err != nil || len(tally) == 0 {
		t.Errorf("tally: %d, %v", len(tally), err)
	}
	reviews, err := desk.OpenReviews(t.Context(), 0, 10)
	if err != nil || len(reviews) == 0 {
		t.Errorf("%d questions before staff, %v", len(reviews), err)
	}
	releases, err := desk.Releases(t.Context())
	if err != nil || len(releases) != 2 {
		t.Errorf("%d editions, %v", len(releases), err)
	}
	stats, err := h.store.Stats(t.Context())
	if err != nil || stats.Queries < 1000 || stats.Outbox > 0 || stats.Waiting > 0 || stats.Outcomes[bot.Unknown] == 0 || stats.Outcomes[bot.Flow] == 0 {
		t.Errorf("%+v, %v", stats, err)
	}
	if n, err := desk.VerifyAudit(t.Context()); err != nil || n < 16 {
		t.Errorf("%d lines of the audit, %v", n, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "secret.key")); err != nil {
		t.Error(err)
	}
}

// demoSaysSo looks at what leaves the folder of a demonstration for paper, for telephones, for other sites and for other
// tables: all of it says that it is made up.
func demoSaysSo(t *testing.T, a *app, dir string) {
	t.Helper()
	out, list := filepath.Join(t.TempDir(), "kit"), filepath.Join(t.TempDir(), "desa.csv")
	if err := os.WriteFile(list, []byte("desa;metode;tanggal\nDesa Contoh Sembilan;diskusi;2026-11-25\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var said, log bytes.Buffer
	made := &app{stdin: strings.NewReader(""), stdout: &said, stderr: &log, clock: a.clock,
		getenv: func(k string) string { return map[string]string{"TANYA_PUBLIC_URL": "https://tanya.example.id"}[k] }}
	for _, args := range [][]string{{"kit", "--data", dir, "--csv", list, "-o", out}, {"report", "--data", dir, "--month", "2026-10"}} {
		if code := made.run(t.Context(), args); code != exitOK {
			t.Fatalf("%v: %d: %s", args, code, log.String())
		}
	}
	if !strings.Contains(said.String(), "DATA SIMULASI") {
		t.Errorf("the report does not say that it is made up:\n%.300s", said.String())
	}
	said.Reset()
	if code := made.run(t.Context(), []string{"activity", "list", "--data", dir}); code != exitOK || !strings.HasPrefix(said.String(), "DATA SIMULASI") || strings.Count(said.String(), "\n") < 3 {
		t.Errorf("the list of activities: %d, %.300s", code, said.String())
	}
	seen := map[string]int{}
	err := filepath.WalkDir(out, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		kind := filepath.Ext(name)
		seen[kind]++
		switch kind {
		case ".pdf": // its letters are compressed; bot/kit reads them back
		case ".png":
			img, err := png.Decode(bytes.NewReader(raw))
			if err != nil {
				return err
			}
			// The stamp is a dark red bar at the top, whatever is below it.
			if r, g, _, _ := img.At(4, 30).RGBA(); r>>8 < 0x90 || g>>8 > 0x60 {
				t.Errorf("%s is not stamped: %v", name, img.At(4, 30))
			}
		default:
			if !bytes.Contains(raw, []byte("DATA SIMULASI")) {
				t.Errorf("%s does not say that it is made up", name)
			}
		}
		return nil
	})
	if err != nil || seen[".png"] < 20 || seen[".csv"] != 1 || seen[".html"] != 1 || seen[".txt"] != 1 {
		t.Errorf("looked at %v (%v)", seen, err)
	}
}
