package store_test

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/store"
)

// season fills a ledger with some of everything, through the doors that the service uses.
func season(t *testing.T, w *world) {
	t.Helper()
	ctx := context.Background()
	for i := range 120 {
		w.ask(nth("s", i), nth("warga", i%17), bot.Query{
			Hour: w.clock.Now().Truncate(time.Hour), Channel: "webchat", Lang: "id", Outcome: bot.Answered, Topic: "jadwal", Entry: "jam-tps",
			Score: 0.1 + float64(i)/1000, Text: "jam berapa tps buka",
		}, "jawaban")
	}
	w.accept(w.message("waits", "warga-9", "pesan yang belum dijawab"))
	must(t, w.Script(ctx, `INSERT INTO cursors (channel, position) VALUES ('telegram', '4711')`))
	must(t, w.Script(ctx, `DELETE FROM outbox WHERE id = (SELECT MAX(id) FROM outbox)`)) // its number must not be given again
}

// TestCopyMovesEverything copies a ledger from every kind of database into every kind, and looks at both.
func TestCopyMovesEverything(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		season(t, w)
		var copied bytes.Buffer
		var last int64
		m, err := w.Dump(context.Background(), &copied, func(done, total int64) {
			if done < last || done > total {
				t.Errorf("progress went from %d to %d of %d", last, done, total)
			}
			last = done
		})
		must(t, err)
		equal(t, "rows told at the end", last, m.Rows())
		for _, to := range databases {
			if to.missing != "" {
				continue
			}
			dsn := to.fresh(t)
			loaded, err := store.Load(context.Background(), dsn, w.keys, store.Options{Now: w.clock.Now}, bytes.NewReader(copied.Bytes()), nil)
			must(t, err)
			if differs, same := m.Same(loaded); !same {
				t.Errorf("into %s: %s differs", to.name, differs)
			}
			v := &world{t: t, clock: w.clock, keys: w.keys, dsn: dsn, dir: w.dir}
			v.reopen()
			again, err := v.Dump(context.Background(), io.Discard, nil)
			must(t, err)
			if differs, same := m.Same(again); !same {
				t.Errorf("into %s: %s differs when it is read back", to.name, differs)
			}
			equal(t, "what waits after the move", v.waiting("warga-9").Message.Text, "pesan yang belum dijawab")
			before, err := w.Number(context.Background(), `SELECT COUNT(*) FROM outbox`)
			must(t, err)
			v.ask("new", "warga-1", bot.Query{Channel: "webchat", Text: "baru"}, "jawaban baru")
			after, err := v.Number(context.Background(), `SELECT MAX(id) FROM outbox`)
			must(t, err)
			if after <= before+1 {
				t.Errorf("into %s: the new reply got the number %d, which was given before", to.name, after)
			}
			must(t, v.Close())
		}
	})
}

// TestCopyIsOneInstant copies while questions come in.
func TestCopyIsOneInstant(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		season(t, w)
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan int)
		go func() {
			n := 0
			for ; ctx.Err() == nil; n++ {
				_, _ = w.Accept(context.Background(), bot.Batch{Channel: "webchat", Messages: []bot.Message{w.message(nth("busy", n), nth("x", n), "x")}})
			}
			done <- n
		}()
		for range 5 {
			var b bytes.Buffer
			_, err := w.Dump(context.Background(), &b, nil)
			must(t, err)
			_, err = store.Load(context.Background(), sqliteFile(t), w.keys, store.Options{}, &b, nil)
			must(t, err)
		}
		stop()
		if n := <-done; n == 0 {
			t.Error("nothing was accepted while the copies were made")
		}
	})
}

// TestLoadRefuses: a database that holds something, another key, a damaged or cut copy.
func TestLoadRefuses(t *testing.T) {
	w := open(t, sqliteFile(t))
	season(t, w)
	var b bytes.Buffer
	_, err := w.Dump(context.Background(), &b, nil)
	must(t, err)
	load := func(dsn string, keys *bot.Keyring, copied []byte) error {
		_, err := store.Load(context.Background(), dsn, keys, store.Options{}, bytes.NewReader(copied), nil)
		return err
	}
	wantClass(t, load(w.dsn, w.keys, b.Bytes()), bot.Conflict)
	wantClass(t, load(sqliteFile(t), keyring(t, 8), b.Bytes()), bot.Invalid)
	wantClass(t, load(sqliteFile(t), w.keys, nil), bot.Invalid)
	wantClass(t, load(sqliteFile(t), w.keys, []byte("something else\n")), bot.Invalid)
	for _, n := range []int{20, b.Len() / 3, b.Len() - 1} {
		wantClass(t, load(sqliteFile(t), w.keys, b.Bytes()[:n]), bot.Invalid)
	}
	first := bytes.IndexByte(b.Bytes()[20:], '\n') + 20
	missed := 0
	for at := first + 1; at < b.Len(); at += b.Len() / 60 {
		bad := bytes.Clone(b.Bytes())
		bad[at] ^= 0x40
		if load(filepath.Join(t.TempDir(), "l.db"), w.keys, bad) == nil {
			missed++
		}
	}
	equal(t, "flipped bits that were not noticed", missed, 0)
}

// FuzzLoad feeds anything to the reader of copies: it refuses, it does not panic and does not eat memory.
func FuzzLoad(f *testing.F) {
	w := open(f, sqliteFile(f))
	var b bytes.Buffer
	_, err := w.Dump(context.Background(), &b, nil)
	must(f, err)
	f.Add(b.Bytes())
	f.Add([]byte("tanya ledger 1\n{\"schema\":1,\"tables\":[{\"name\":\"cursors\",\"columns\":[\"channel\"],\"rows\":1}]}\n\x03\xff\xff\xff\xff\x7f"))
	f.Fuzz(func(t *testing.T, copied []byte) {
		_, _ = store.Load(context.Background(), filepath.Join(t.TempDir(), "l.db"), w.keys, store.Options{}, bytes.NewReader(copied), nil)
	})
}

// BenchmarkCopy copies a ledger of a season, 200,000 questions for each iteration, out and into another SQLite file.
func BenchmarkCopy(b *testing.B) {
	const questions = 200_000
	w := open(b, sqliteFile(b))
	must(b, w.Script(context.Background(), `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
		INSERT INTO queries (hour, channel, lang, outcome, topic, entry, score, segment, activity, edition, previous)
		SELECT 1732000000000 + i / 100 * 3600000, 'webchat', 'id', 'answered', 'jadwal', 'entri-' || (i % 130), 0.9, '', '', 7, '' FROM n`))
	for b.Loop() {
		var copied bytes.Buffer
		m, err := w.Dump(context.Background(), &copied, nil)
		must(b, err)
		_, err = store.Load(context.Background(), sqliteFile(b), w.keys, store.Options{}, &copied, nil)
		must(b, err)
		b.ReportMetric(float64(m.Rows()), "rows")
	}
	b.ReportMetric(float64(b.N)*questions/b.Elapsed().Seconds(), "questions/s")
}
