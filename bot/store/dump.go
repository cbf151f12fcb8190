package store

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strings"

	"tanya/bot"
)

// progressEvery is the number of rows between two words about the progress.
const progressEvery = 5000

// Dump writes a copy of everything that the ledger holds at one instant, while it goes on working. What is sealed
// stays sealed: the copy is of use only together with the secret key.
func (s *Store) Dump(ctx context.Context, w io.Writer, progress Progress) (Manifest, error) {
	if progress == nil {
		progress = func(int64, int64) {}
	}
	steps, err := migrationsIn(migrationFiles)
	if err != nil {
		return Manifest{}, err
	}
	m := Manifest{Schema: len(steps), Taken: millis(s.now())}
	buffered := bufio.NewWriterSize(w, 1<<20)
	err = s.db.snapshot(ctx, func(ctx context.Context, st *statements) error {
		for _, t := range tablesOf(steps) {
			c, err := s.describe(ctx, st, t)
			if err != nil {
				return err
			}
			m.Tables = append(m.Tables, c)
		}
		if _, err := io.WriteString(buffered, copyMagic); err != nil {
			return &unwritable{err}
		}
		if err := writeLine(buffered, m); err != nil {
			return &unwritable{err}
		}
		var done int64
		for i := range m.Tables {
			if err := dumpTable(ctx, st, buffered, &m.Tables[i], func(n int64) { progress(done+n, m.Rows()) }); err != nil {
				return err
			}
			done += m.Tables[i].Rows
		}
		return nil
	})
	if err == nil {
		err = errors.Join(writeLine(buffered, m), buffered.Flush())
		if err != nil {
			err = &unwritable{err}
		}
	}
	var u *unwritable
	if errors.As(err, &u) {
		return m, &bot.Error{Class: bot.Transient, Message: "the copy of the ledger could not be written", Err: u.err}
	}
	progress(m.Rows(), m.Rows())
	return m, s.fault("be copied", err)
}

// unwritable tells an error of the stream from one of the database.
type unwritable struct{ err error }

func (u *unwritable) Error() string { return u.err.Error() }
func (u *unwritable) Unwrap() error { return u.err }

// describe lists a table's columns, its number of rows and the last number given.
func (s *Store) describe(ctx context.Context, st *statements, t table) (TableCopy, error) {
	c := TableCopy{Name: t.name}
	rows, err := st.rows(ctx, `SELECT * FROM `+t.name+` LIMIT 0`)
	if err != nil {
		return c, err
	}
	c.Columns, err = rows.Columns()
	if err := errors.Join(err, rows.Close()); err != nil {
		return c, err
	}
	if err := st.row(ctx, `SELECT COUNT(*) FROM `+t.name).Scan(&c.Rows); err != nil {
		return c, err
	}
	if t.number != "" {
		c.Last, err = s.db.lastNumber(ctx, st, t)
	}
	return c, err
}

// dumpTable writes a table's rows and completes its digest.
func dumpTable(ctx context.Context, st *statements, w io.Writer, t *TableCopy, done func(int64)) error {
	rows, err := st.rows(ctx, `SELECT `+strings.Join(t.Columns, ", ")+` FROM `+t.Name)
	if err != nil {
		return err
	}
	defer rows.Close()
	values := make([]any, len(t.Columns))
	into := make([]any, len(values))
	for i := range values {
		into[i] = &values[i]
	}
	var sum digest
	var row []byte
	var n int64
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		row = row[:0]
		for _, v := range values {
			if row, err = appendValue(row, v); err != nil {
				return err
			}
		}
		sum.add(row)
		if _, err := w.Write(row); err != nil {
			return &unwritable{err}
		}
		if n++; n%progressEvery == 0 {
			done(n)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if n != t.Rows {
		return fmt.Errorf("the table %s has %d rows, not %d", t.Name, n, t.Rows)
	}
	t.Digest = sum.String()
	return nil
}

// lastNumber asks SQLite's own book-keeping.
func (d *sqliteDialect) lastNumber(ctx context.Context, st *statements, t table) (int64, error) {
	var n int64
	err := st.row(ctx, `SELECT seq FROM sqlite_sequence WHERE name = ?`, t.name).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) { // no row was ever added
		return 0, nil
	}
	return n, err
}

// setLastNumber continues the numbering behind n.
func (d *sqliteDialect) setLastNumber(ctx context.Context, st *statements, t table, n int64) error {
	changed, err := st.exec(ctx, `UPDATE sqlite_sequence SET seq = ? WHERE name = ?`, n, t.name)
	if err == nil && changed == 0 {
		_, err = st.exec(ctx, `INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)`, t.name, n)
	}
	return err
}

// snapshot runs fn in a transaction that reads what is committed at its beginning. In WAL mode it blocks no writer.
func (d *sqliteDialect) snapshot(ctx context.Context, fn work) error {
	c, err := d.readers.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	if _, err := c.ExecContext(ctx, `BEGIN`); err != nil {
		return err
	}
	defer func() { _, _ = c.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`) }()
	return fn(ctx, &statements{on: c})
}

// lastNumber asks the sequence behind the column.
func (d *postgresDialect) lastNumber(ctx context.Context, st *statements, t table) (int64, error) {
	var n sql.NullInt64
	err := st.row(ctx, `SELECT pg_sequence_last_value(CAST(pg_get_serial_sequence(?, ?) AS regclass))`, t.name, t.number).Scan(&n)
	return n.Int64, err
}

// setLastNumber continues the numbering behind n.
func (d *postgresDialect) setLastNumber(ctx context.Context, st *statements, t table, n int64) error {
	if n == 0 {
		return nil
	}
	var none int64
	return st.row(ctx, `SELECT setval(pg_get_serial_sequence(?, ?), ?)`, t.name, t.number, n).Scan(&none)
}

// snapshot runs fn in a transaction that sees one instant of the database.
func (d *postgresDialect) snapshot(ctx context.Context, fn work) error {
	tx, err := d.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	return fn(ctx, &statements{on: tx, bind: d.bind})
}
