package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"tanya/bot"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migration is one numbered step of the schema. Steps only add, so that a process of the version before goes on
// working on the new schema until it is restarted.
type migration struct {
	number int
	name   string
	common string // the text for both dialects, "" when each has its own
	sqlite string
	psql   string
}

// migrationsIn reads the steps: 0001_name.sql, or the pair 0001_name.sqlite.sql and 0001_name.postgres.sql.
func migrationsIn(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var steps []migration
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		base := strings.TrimSuffix(strings.TrimPrefix(name, "migrations/"), ".sql")
		base, dialect, _ := strings.Cut(base, ".")
		digits, title, _ := strings.Cut(base, "_")
		number, err := strconv.Atoi(digits)
		if err != nil {
			return nil, fmt.Errorf("migration %s has no number", base)
		}
		if number == len(steps)+1 {
			steps = append(steps, migration{number: number, name: title})
		}
		if number != len(steps) {
			return nil, fmt.Errorf("migration %s does not follow number %d", base, len(steps))
		}
		step := &steps[number-1]
		place := map[string]*string{"": &step.common, "sqlite": &step.sqlite, "postgres": &step.psql}[dialect]
		if place == nil {
			return nil, fmt.Errorf("migration %s is for an unknown database", base)
		}
		if step.name != title || *place != "" || (dialect != "" && step.common != "") {
			return nil, fmt.Errorf("there are two migrations of the number %d", number)
		}
		*place = string(text)
	}
	return steps, nil
}

// migrate brings the schema to the last step, each in a transaction of its own. A database that another version has
// taken further is refused: what its rows mean cannot be known here.
func (s *Store) migrate(ctx context.Context, steps []migration) error {
	at := 0
	for {
		err := s.write(ctx, "bring the database up to date", func(ctx context.Context, st *statements) (err error) {
			at, err = s.step(ctx, st, steps)
			return err
		})
		if err != nil {
			return err
		}
		if at >= len(steps) {
			return nil
		}
	}
}

// step applies the first step that is missing and returns the number that the schema is at.
func (s *Store) step(ctx context.Context, st *statements, steps []migration) (int, error) {
	// Another process may be migrating at this moment; from here on we are alone, and look again.
	if err := s.db.lockSchema(ctx, st); err != nil {
		return 0, err
	}
	err := st.script(ctx, `CREATE TABLE IF NOT EXISTS migrations (
		number BIGINT PRIMARY KEY, name TEXT NOT NULL, applied BIGINT NOT NULL)`)
	if err != nil {
		return 0, err
	}
	var at int
	if err := st.row(ctx, `SELECT COALESCE(MAX(number), 0) FROM migrations`).Scan(&at); err != nil {
		return 0, err
	}
	if at > len(steps) {
		return at, bot.Errorf(bot.Invalid,
			"the database was written by a newer version of the program (schema %d, this program knows %d); install that version or restore an older backup", at, len(steps))
	}
	if at == len(steps) {
		return at, nil
	}
	next := steps[at]
	if err := st.script(ctx, s.db.schema(next)); err != nil {
		return at, fmt.Errorf("migration %d: %w", next.number, err)
	}
	_, err = st.exec(ctx, `INSERT INTO migrations (number, name, applied) VALUES (?, ?, ?)`, next.number, next.name, millis(s.now()))
	return next.number, err
}
