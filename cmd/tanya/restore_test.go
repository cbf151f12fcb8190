package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/simulate"
)

var season = flag.Int("season", 5000, "query rows of the installation that TestRestoreDrill brings back")

// restoreLimit is how long it may take from a bare machine with the program, a backup and its key to the first answer.
const restoreLimit = 60 * time.Second

// TestRestoreDrill backs up a season's ledger, loses everything but the backup and its key, and takes the time until a
// citizen is answered again: restore, start with nothing kept from before, one question.
// `go test ./cmd/tanya -run RestoreDrill -season 200000 -v` is the long form.
func TestRestoreDrill(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the program; left out of short runs")
	}
	o := newOffice(t)
	fillSeason(t, o.data, *season)
	o.want(exitOK, []string{"backup", "--data", o.data})
	file := backups(t, filepath.Join(o.data, "cadangan"))[0]
	dir := t.TempDir()
	moved, paper := filepath.Join(dir, "satu.cadangan"), filepath.Join(dir, "kertas.key")
	for from, to := range map[string]string{file: moved, filepath.Join(o.data, "backup.key"): paper} {
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.RemoveAll(o.data); err != nil {
		t.Fatal(err)
	}
	size, err := os.Stat(moved)
	if err != nil {
		t.Fatal(err)
	}
	bin, back := buildProgram(t), filepath.Join(dir, "pulih")

	began := time.Now()
	restore := exec.CommandContext(t.Context(), bin, "restore", moved, "--key", paper, "--data", back)
	if out, err := restore.CombinedOutput(); err != nil {
		t.Fatalf("restore: %v\n%s", err, out)
	}
	restored := time.Since(began)
	s := startServiceIn(t, bin, back, "TANYA_PROXIES=127.0.0.1")
	s.awaitUpWithin(5 * time.Minute)
	up := time.Since(began)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	door, person := simulate.NewWeb(s.url), fmt.Sprintf("%032x", time.Now().UnixNano())
	if err := door.Ask(ctx, person, 0, "jam berapa TPS buka dan tutup?"); err != nil {
		t.Fatal(err)
	}
	for {
		if replies, err := door.Replies(ctx, person); err == nil && len(replies) > 0 {
			break
		}
		if ctx.Err() != nil {
			t.Fatal("no answer")
		}
		time.Sleep(10 * time.Millisecond)
	}
	took := time.Since(began)
	s.stop()
	if n := s.queries(); n != *season+3 { // and two that waited in the office
		t.Errorf("%d query rows after the restore and one question, want %d", n, *season+3)
	}
	t.Logf("%d query rows, backup of %d KB: restored after %v, started after %v, %v to the first answer", *season, size.Size()>>10,
		restored.Round(10*time.Millisecond), up.Round(10*time.Millisecond), took.Round(10*time.Millisecond))
	if took > restoreLimit {
		t.Errorf("%v from the backup to the first answer, at most %v are allowed", took, restoreLimit)
	}
}

// fillSeason puts n answered questions into an installation's ledger, one in twenty with a text that staff may read.
func fillSeason(t *testing.T, data string, n int) {
	t.Helper()
	ctx := t.Context()
	a := &app{stderr: os.Stderr, getenv: func(string) string { return "" }, clock: time.Now}
	h, err := a.ledger(ctx, config{Data: data}, a.logger("error"))
	if err != nil {
		t.Fatal(err)
	}
	for done := 0; done < n; {
		var b bot.Batch
		b.Channel = "webchat"
		for range min(1000, n-done) {
			done++
			m := bot.Message{Channel: "webchat", External: fmt.Sprint("musim-", done), Address: fmt.Sprint("warga-", done/3), Kind: bot.Text, Text: "jam berapa tps buka", Received: time.Now()}
			m.Chat = h.keys.Chat("webchat", m.Address)
			b.Messages = append(b.Messages, m)
		}
		shards, err := h.store.Accept(ctx, b)
		if err != nil {
			t.Fatal(err)
		}
		for _, shard := range shards {
			pending, err := h.store.Claim(ctx, shard, 2000)
			if err != nil {
				t.Fatal(err)
			}
			var all []bot.Settlement
			for i, p := range pending {
				q := bot.Query{Outcome: bot.Answered, Topic: "jadwal", Entry: "jam-tps", Lang: "id"}
				if i%20 == 0 {
					q.Outcome, q.Entry, q.Text = bot.Unknown, "", "pertanyaan yang belum terjawab"
				}
				all = append(all, bot.Settlement{Message: p.Message, Queries: []bot.Query{q}})
			}
			if err := h.store.Settle(ctx, all...); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
}
