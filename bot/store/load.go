package store

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"tanya/bot"
)

// The sizes in which rows are added: so many in one statement, so many statements in one transaction.
const (
	loadRows       = 50
	loadStatements = 100
)

// Load fills an empty database with a copy that Dump wrote, from either kind of database, and brings it up to date.
// It fails with Conflict when the database is not empty and with Invalid when the copy is damaged, was made by a
// newer version, or belongs to another secret key; what was loaded until then must be thrown away.
func Load(ctx context.Context, dsn string, keys *bot.Keyring, o Options, r io.Reader, progress Progress) (Manifest, error) {
	if progress == nil {
		progress = func(int64, int64) {}
	}
	s, err := connect(ctx, dsn, keys, o)
	if err != nil {
		return Manifest{}, err
	}
	l := &loader{s: s, r: bufio.NewReaderSize(r, 1<<20), progress: progress}
	m, err := l.load(ctx)
	return m, errors.Join(s.fault("be loaded", err), s.Close())
}

// loader reads a copy.
type loader struct {
	s        *Store
	r        *bufio.Reader
	progress Progress
	done     int64
	total    int64
}

func (l *loader) load(ctx context.Context) (Manifest, error) {
	m, err := l.manifest()
	if err != nil {
		return m, err
	}
	steps, err := migrationsIn(migrationFiles)
	if err != nil {
		return m, err
	}
	if m.Schema > len(steps) {
		return m, bot.Errorf(bot.Invalid, "Salinan dibuat oleh versi program yang lebih baru (skema %d, program ini mengenal %d).", m.Schema, len(steps))
	}
	if err := l.begin(ctx, steps[:m.Schema]); err != nil {
		return m, err
	}
	known := map[string]table{}
	for _, t := range tablesOf(steps[:m.Schema]) {
		known[t.name] = t
	}
	l.total = m.Rows()
	for i := range m.Tables {
		t, ok := known[m.Tables[i].Name]
		if !ok {
			return m, errDamaged
		}
		if err := l.table(ctx, t, &m.Tables[i]); err != nil {
			return m, err
		}
	}
	if err := l.end(m); err != nil {
		return m, err
	}
	l.progress(l.total, l.total)
	return m, l.s.prepare(ctx) // the steps since the copy was made, and the key
}

// manifest reads the first lines of a copy: its magic and what it holds.
func (l *loader) manifest() (Manifest, error) {
	var m Manifest
	begin := make([]byte, len(copyMagic))
	if _, err := io.ReadFull(l.r, begin); err != nil || string(begin) != copyMagic {
		return m, errDamaged
	}
	line, err := l.r.ReadBytes('\n')
	if err != nil || json.Unmarshal(line, &m) != nil || m.Schema < 1 {
		return m, errDamaged
	}
	return m, nil
}

// end reads the line that closes a copy. It says again what was said at the beginning, with the digests; a copy in which
// any of it differs was damaged there or here.
func (l *loader) end(m Manifest) error {
	line, err := l.r.ReadBytes('\n')
	if err != nil {
		return errDamaged
	}
	want, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if !bytes.Equal(bytes.TrimSuffix(line, []byte("\n")), want) {
		return errDamaged
	}
	return nil
}

// begin makes the schema that the copy has, in a database that has none.
func (l *loader) begin(ctx context.Context, steps []migration) error {
	empty := bot.Errorf(bot.Conflict, "Basis data tujuan sudah berisi; pakai yang kosong.")
	return l.s.write(ctx, "make the tables", func(ctx context.Context, st *statements) error {
		if err := l.s.db.lockSchema(ctx, st); err != nil {
			return err
		}
		if there, err := l.s.db.hasTables(ctx, st); err != nil {
			return err
		} else if there {
			return empty
		}
		for range steps {
			if _, err := l.s.step(ctx, st, steps); err != nil {
				return err
			}
		}
		return nil
	})
}

// table adds the rows of one table.
func (l *loader) table(ctx context.Context, t table, c *TableCopy) error {
	// The names go into a statement, so they must be ours.
	have, err := l.s.describe(ctx, l.s.db.read(), t)
	if err != nil {
		return err
	}
	for _, name := range c.Columns {
		if !slices.Contains(have.Columns, name) {
			return errDamaged
		}
	}
	var sum digest
	for left := c.Rows; left > 0; {
		var batch [][]any
		for range min(left, loadRows*loadStatements) {
			row, raw, err := l.row(len(c.Columns))
			if err != nil {
				return err
			}
			sum.add(raw)
			batch = append(batch, row)
		}
		left -= int64(len(batch))
		err := l.s.db.write(ctx, func(ctx context.Context, st *statements) error {
			return insertAll(ctx, st, c, batch)
		})
		if err != nil {
			return err
		}
		l.done += int64(len(batch))
		l.progress(l.done, l.total)
	}
	c.Digest = sum.String()
	if t.number == "" {
		return nil
	}
	return l.s.db.write(ctx, func(ctx context.Context, st *statements) error {
		return l.s.db.setLastNumber(ctx, st, t, c.Last)
	})
}

func insertAll(ctx context.Context, st *statements, c *TableCopy, rows [][]any) error {
	for len(rows) > 0 {
		n := min(len(rows), loadRows)
		args := make([]any, 0, n*len(c.Columns))
		for _, r := range rows[:n] {
			args = append(args, r...)
		}
		if _, err := st.exec(ctx, insertion(c.Name, c.Columns, n), args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// row reads the values of one row, and the bytes that they were written as.
func (l *loader) row(columns int) (values []any, raw []byte, err error) {
	values = make([]any, columns)
	for i := range values {
		if values[i], err = readValue(l.r); err != nil {
			return nil, nil, errDamaged
		}
		if raw, err = appendValue(raw, values[i]); err != nil {
			return nil, nil, err
		}
	}
	return values, raw, nil
}

func (d *sqliteDialect) hasTables(ctx context.Context, st *statements) (there bool, err error) {
	err = st.row(ctx, `SELECT COUNT(*) > 0 FROM sqlite_master WHERE type = 'table'`).Scan(&there)
	return there, err
}

func (d *postgresDialect) hasTables(ctx context.Context, st *statements) (there bool, err error) {
	err = st.row(ctx, `SELECT COUNT(*) > 0 FROM pg_tables WHERE schemaname = current_schema()`).Scan(&there)
	return there, err
}
