package store_test

import (
	"context"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"tanya/bot"
	"tanya/bot/store"
)

// later is what a later version of the program brings along: our steps and some more. The names of those begin with
// how many steps they are ahead of ours.
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
	ours := len(names)
	for name, text := range more {
		ahead, rest, numbered := strings.Cut(name, "+")
		if n, err := strconv.Atoi(ahead); numbered && err == nil {
			name = fmt.Sprintf("%04d%s", ours+n, rest)
		}
		all["migrations/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return all
}

func TestNewerDatabaseIsRefusedAndOldProcessGoesOn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.ask("1", "a", bot.Query{Outcome: bot.Answered, Text: "x"}, "y")
		must(t, w.MigrateTo(ctx, later(t, map[string]string{
			"1+_note.sql":          `ALTER TABLE queries ADD COLUMN note TEXT NOT NULL DEFAULT ''`,
			"2+_kind.sqlite.sql":   `CREATE TABLE kind (word TEXT); INSERT INTO kind VALUES ('sqlite')`,
			"2+_kind.postgres.sql": `CREATE TABLE kind (word TEXT); INSERT INTO kind VALUES ('postgres')`,
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
		before, err := w.Number(ctx, `SELECT MAX(number) FROM migrations`)
		must(t, err)
		err = w.MigrateTo(ctx, later(t, map[string]string{
			"1+_good.sql": `CREATE TABLE good (n BIGINT)`,
			"2+_bad.sql":  `CREATE TABLE half (n BIGINT); INSERT INTO nowhere VALUES (1)`,
		}))
		wantClass(t, err, bot.Transient)
		if strings.Contains(err.Error(), "nowhere") {
			t.Errorf("the message names SQL: %v", err)
		}
		after, err := w.Number(ctx, `SELECT MAX(number) FROM migrations`)
		must(t, err)
		equal(t, "steps taken", after-before, 1)
		if _, err := w.Number(ctx, `SELECT COUNT(*) FROM half`); err == nil {
			t.Error("half a step was left")
		}
	})
}

func TestMigrationFilesMustFollowEachOther(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, name := range []string{"2+_gap.sql", "word_without.sql", "1+_x.oracle.sql", "0+_twice.sql", "0001_ledger.sqlite.sql"} {
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
