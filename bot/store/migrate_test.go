package store_test

import (
	"context"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"tanya/bot"
	"tanya/bot/store"
)

// later is what a later version of the program brings along: our steps and some more.
func later(t *testing.T, more map[string]string) fstest.MapFS {
	t.Helper()
	all := fstest.MapFS{}
	names, err := fs.Glob(store.Migrations, "migrations/*.sql")
	must(t, err)
	for _, name := range names {
		text, err := fs.ReadFile(store.Migrations, name)
		must(t, err)
		all[name] = &fstest.MapFile{Data: text}
	}
	for name, text := range more {
		all["migrations/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return all
}

func TestNewerDatabaseIsRefusedAndOldProcessGoesOn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.ask("1", "a", bot.Query{Outcome: bot.Answered, Text: "x"}, "y")
		must(t, w.MigrateTo(ctx, later(t, map[string]string{
			"0003_note.sql":          `ALTER TABLE queries ADD COLUMN note TEXT NOT NULL DEFAULT ''`,
			"0004_kind.sqlite.sql":   `CREATE TABLE kind (word TEXT); INSERT INTO kind VALUES ('sqlite')`,
			"0004_kind.postgres.sql": `CREATE TABLE kind (word TEXT); INSERT INTO kind VALUES ('postgres')`,
		})))
		n, err := w.Number(ctx, `SELECT COUNT(*) FROM kind WHERE word = ?`, map[bool]string{true: "postgres", false: "sqlite"}[isShared(w)])
		must(t, err)
		equal(t, "the dialect's own step", n, 1)
		// The process of the version before still runs.
		w.ask("2", "a", bot.Query{Outcome: bot.Answered, Text: "x"}, "y")
		equal(t, "queries", w.stats().Queries, 2)
		// But it is not started anew.
		_, err = store.Open(ctx, w.dsn, w.keys, store.Options{})
		wantClass(t, err, bot.Invalid)
		if err != nil && !strings.Contains(err.Error(), "newer version") {
			t.Errorf("unclear: %v", err)
		}
	})
}

func TestFailingMigrationLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		err := w.MigrateTo(ctx, later(t, map[string]string{
			"0003_good.sql": `CREATE TABLE good (n BIGINT)`,
			"0004_bad.sql":  `CREATE TABLE half (n BIGINT); INSERT INTO nowhere VALUES (1)`,
		}))
		wantClass(t, err, bot.Transient)
		if strings.Contains(err.Error(), "nowhere") {
			t.Errorf("the message names SQL: %v", err)
		}
		n, err := w.Number(ctx, `SELECT MAX(number) FROM migrations`)
		must(t, err)
		equal(t, "schema", n, 3)
		if _, err := w.Number(ctx, `SELECT COUNT(*) FROM half`); err == nil {
			t.Error("half a step was left")
		}
	})
}

func TestMigrationFilesMustFollowEachOther(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, name := range []string{"0009_gap.sql", "word_without.sql", "0003_x.oracle.sql"} {
			if err := w.MigrateTo(context.Background(), later(t, map[string]string{name: ""})); err == nil {
				t.Errorf("%s was accepted", name)
			}
		}
	})
}

// Several processes may start on an empty database at the same time.
func TestConcurrentStart(t *testing.T) {
	for _, d := range databases {
		t.Run(d.name, func(t *testing.T) {
			if d.missing != "" {
				t.Skip(d.missing)
			}
			dsn, keys := d.fresh(t), keyring(t, 7)
			errs := make(chan error)
			for range 4 {
				go func() {
					s, err := store.Open(context.Background(), dsn, keys, store.Options{})
					if err == nil {
						err = s.Close()
					}
					errs <- err
				}()
			}
			for range 4 {
				must(t, <-errs)
			}
		})
	}
}
