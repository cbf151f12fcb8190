package store

import (
	"context"
	"io/fs"
)

// Script runs SQL on the connection that writes.
func (s *Store) Script(ctx context.Context, text string) error {
	return s.write(ctx, "run a script", func(ctx context.Context, st *statements) error { return st.script(ctx, text) })
}

// Number reads a number from the database.
func (s *Store) Number(ctx context.Context, query string, args ...any) (n int, err error) {
	err = s.db.read().row(ctx, query, args...).Scan(&n)
	return n, err
}

// MigrateTo brings the schema to the last of the migrations in files.
func (s *Store) MigrateTo(ctx context.Context, files fs.FS) error {
	steps, err := migrationsIn(files)
	if err != nil {
		return err
	}
	return s.migrate(ctx, steps)
}

// Migrations are the files of this version.
var Migrations fs.FS = migrationFiles
