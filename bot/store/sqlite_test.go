package store_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/store"
)

func TestDiskFullAndFreedAgain(t *testing.T) {
	w := open(t, sqliteFile(t))
	ctx := context.Background()
	pages, err := w.Number(ctx, `SELECT page_count FROM pragma_page_count`)
	must(t, err)
	must(t, w.Script(ctx, fmt.Sprintf(`PRAGMA max_page_count = %d`, pages+20)))
	accepted, refused := 0, 0
	var mu sync.Mutex
	var wg sync.WaitGroup
	for n := range 16 {
		wg.Go(func() {
			for i := range 20 {
				_, err := w.Accept(ctx, bot.Batch{Channel: "webchat", Messages: []bot.Message{
					w.message(nth(nth("m", n), i), nth("a", n), strings.Repeat("x", 700))}})
				mu.Lock()
				if err == nil {
					accepted++
				} else {
					refused++
					wantClass(t, err, bot.Transient)
					if !strings.Contains(err.Error(), "full") {
						t.Errorf("unclear: %v", err)
					}
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if accepted == 0 || refused == 0 {
		t.Fatalf("accepted %d, refused %d", accepted, refused)
	}
	equal(t, "waiting", w.stats().Waiting, accepted)
	must(t, w.Script(ctx, `PRAGMA max_page_count = 1000000`))
	w.accept(w.message("later", "b", "x"))
	w.intact()
	must(t, w.Close())
	w.reopen()
	equal(t, "waiting after a restart", w.stats().Waiting, accepted+1)
}

func (w *world) intact() {
	w.t.Helper()
	n, err := w.Number(context.Background(), `SELECT COUNT(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'`)
	must(w.t, err)
	equal(w.t, "integrity", n, 1)
}

func TestUnusableFiles(t *testing.T) {
	ctx := context.Background()
	for _, c := range []struct {
		name  string
		class bot.Class
		words string
		spoil func(t *testing.T, path string)
	}{
		{"folder", bot.Invalid, "cannot be opened", func(t *testing.T, path string) { must(t, os.Mkdir(path, 0o700)) }},
		{"folder is a file", bot.Invalid, "data folder", func(t *testing.T, path string) {
			must(t, os.WriteFile(filepath.Dir(path), nil, 0o600))
		}},
		{"other file", bot.StopChannel, "not a database", func(t *testing.T, path string) {
			must(t, os.WriteFile(path, []byte(strings.Repeat("not a database ", 1000)), 0o600))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "data", "ledger.db")
			if c.name != "folder is a file" {
				must(t, os.Mkdir(filepath.Dir(path), 0o700))
			}
			c.spoil(t, path)
			_, err := store.Open(ctx, path, keyring(t, 7), store.Options{})
			wantClass(t, err, c.class)
			if err != nil && !strings.Contains(err.Error(), c.words) {
				t.Errorf("unclear: %v", err)
			}
		})
	}
	for _, dsn := range []string{"", ":memory:", "file::memory:?cache=shared", "mysql://x"} {
		_, err := store.Open(ctx, dsn, keyring(t, 7), store.Options{})
		wantClass(t, err, bot.Invalid)
	}
}

func TestReadOnly(t *testing.T) {
	w := open(t, sqliteFile(t))
	must(t, w.Script(context.Background(), `PRAGMA query_only = 1`))
	_, err := w.Accept(context.Background(), bot.Batch{Channel: "webchat", Messages: []bot.Message{w.message("1", "a", "x")}})
	wantClass(t, err, bot.Transient)
	if err != nil && !strings.Contains(err.Error(), "may not be written") {
		t.Errorf("unclear: %v", err)
	}
}

func TestDamagedFile(t *testing.T) {
	w := open(t, sqliteFile(t))
	for i := range 200 {
		w.accept(w.message(nth("m", i), "a", strings.Repeat("x", 500)))
	}
	w.sweep()
	must(t, w.Close())
	raw, err := os.ReadFile(w.dsn)
	must(t, err)
	for i := 8192; i < len(raw); i++ {
		raw[i] = 0x5a
	}
	must(t, os.WriteFile(w.dsn, raw, 0o600))
	_, err = store.Open(context.Background(), w.dsn, w.keys, store.Options{})
	wantClass(t, err, bot.StopChannel)
	if err != nil && !strings.Contains(err.Error(), "damaged") {
		t.Errorf("unclear: %v", err)
	}
}

func TestFileModes(t *testing.T) {
	w := open(t, filepath.Join(t.TempDir(), "a b%20?#", "ledger.db"))
	w.own("me")
	w.accept(w.message("1", "a", "x"))
	for _, suffix := range []string{"", "-wal", "-shm", ".lock"} {
		info, err := os.Stat(w.dsn + suffix)
		must(t, err)
		equal(t, suffix, info.Mode().Perm(), 0o600)
	}
}

// The write-ahead log is cut anywhere, as after a power failure that lost what was not forced to disk. What had been
// acknowledged by then is there, and no message without its cursor.
func TestCutLogLosesNothingAcknowledged(t *testing.T) {
	w := open(t, sqliteFile(t))
	ctx := context.Background()
	w.sweep() // the schema is in the file; from here on everything is in the log
	file, err := os.ReadFile(w.dsn)
	must(t, err)
	var sizes []int64 // of the log after the n-th acknowledgement
	for i := range 60 {
		_, err := w.Accept(ctx, bot.Batch{Channel: "webchat", Cursor: strconv.Itoa(i + 1), Messages: []bot.Message{
			w.message(nth("m", i), "a", nth("t", i))}})
		must(t, err)
		info, err := os.Stat(w.dsn + "-wal")
		must(t, err)
		sizes = append(sizes, info.Size())
	}
	log, err := os.ReadFile(w.dsn + "-wal")
	must(t, err)
	now, err := os.ReadFile(w.dsn)
	must(t, err)
	equal(t, "nothing was moved into the file meanwhile", string(now) == string(file), true)
	for range 40 {
		cut := rand.IntN(len(log))
		v := *w
		v.dsn = sqliteFile(t)
		must(t, os.WriteFile(v.dsn, file, 0o600))
		must(t, os.WriteFile(v.dsn+"-wal", log[:cut], 0o600))
		v.reopen()
		v.intact()
		want := 0
		for want < len(sizes) && sizes[want] <= int64(cut) {
			want++
		}
		got := len(v.claim())
		if got < want {
			t.Errorf("cut at %d: %d messages, %d were acknowledged", cut, got, want)
		}
		cursor, err := v.Cursor(ctx, "webchat")
		must(t, err)
		if got > 0 || cursor != "" {
			equal(t, "cursor", cursor, strconv.Itoa(got))
		}
		must(t, v.Close())
	}
}

// childEnv tells a process of this test that it is the one to be killed, and which file to work on.
const childEnv = "STORE_TEST_CHILD"

// A child process is killed while it works; what it said it had committed is there, once.
func TestKilledProcessLosesNothingAcknowledged(t *testing.T) {
	if dsn := os.Getenv(childEnv); dsn != "" {
		child(t, dsn)
		return
	}
	exe, err := os.Executable()
	must(t, err)
	w := open(t, sqliteFile(t))
	must(t, w.Close())
	acked := map[string]bool{}
	for round := range 8 {
		cmd := exec.Command(exe, "-test.run=TestKilledProcessLosesNothingAcknowledged$")
		cmd.Env = append(os.Environ(), childEnv+"="+w.dsn, "STORE_TEST_ROUND="+strconv.Itoa(round))
		out, err := cmd.StdoutPipe()
		must(t, err)
		must(t, cmd.Start())
		lines := bufio.NewScanner(out)
		enough := 20 + rand.IntN(200)
		for n := 0; lines.Scan(); {
			if id, ok := strings.CutPrefix(lines.Text(), "ack "); ok {
				acked[id] = true
				if n++; n == enough {
					must(t, cmd.Process.Kill())
				}
			}
		}
		_ = cmd.Wait()
		w.reopen()
		w.intact()
		must(t, w.Close())
	}
	w.reopen()
	// Every acknowledged message was either settled, and then has exactly one query row, or waits.
	v := w.stats()
	rows, err := w.Number(context.Background(), `SELECT COUNT(*) FROM inbox`)
	must(t, err)
	queries, err := w.Number(context.Background(), `SELECT COUNT(*) FROM queries`)
	must(t, err)
	equal(t, "settled and waiting", queries+v.Waiting, rows)
	equal(t, "counter and rows", v.Queries, queries)
	lost := 0
	for id := range acked {
		shards, err := w.Accept(context.Background(), bot.Batch{Channel: "webchat", Messages: []bot.Message{w.message(id, "x", "x")}})
		must(t, err)
		lost += len(shards)
	}
	equal(t, "lost of "+strconv.Itoa(len(acked)), lost, 0)
}

func child(t *testing.T, dsn string) {
	w := &world{t: t, clock: newClock(), keys: keyring(t, 7), dsn: dsn, dir: t.TempDir()}
	w.reopen()
	round := os.Getenv("STORE_TEST_ROUND")
	var out sync.Mutex
	for n := range 8 {
		go func() {
			for i := 0; ; i++ {
				id := nth(nth(round, n), i)
				_, err := w.Accept(context.Background(), bot.Batch{Channel: "webchat", Messages: []bot.Message{w.message(id, nth("a", n), "x")}})
				if err == nil {
					out.Lock()
					fmt.Println("ack", id)
					out.Unlock()
				}
			}
		}()
	}
	for {
		for shard := range bot.Shards {
			pending, _ := w.Claim(context.Background(), shard, 5)
			for _, p := range pending {
				_ = w.Settle(context.Background(), w.settlement(&p, bot.Query{Outcome: bot.Answered, Topic: "t"}, "y"))
			}
		}
		time.Sleep(time.Millisecond)
	}
}
