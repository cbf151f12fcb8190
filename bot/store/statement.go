package store

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"sync"
)

// statements runs SQL, written with ? for arguments, on a connection, a transaction or a pool.
type statements struct {
	on   querier
	bind func(string) string // puts the placeholders into the dialect's form; nil leaves them

	mu    sync.Mutex
	ready map[string]*sql.Stmt // prepared by text; nil when the driver remembers them itself
}

// querier is what *sql.DB, *sql.Conn and *sql.Tx have in common.
type querier interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// exec runs a statement and returns the number of rows that it changed.
func (s *statements) exec(ctx context.Context, query string, args ...any) (int64, error) {
	st, err := s.prepared(ctx, query)
	if err != nil {
		return 0, err
	}
	var r sql.Result
	if st != nil {
		r, err = st.ExecContext(ctx, args...)
	} else {
		r, err = s.on.ExecContext(ctx, s.bound(query), args...)
	}
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// script runs several statements that take no arguments.
func (s *statements) script(ctx context.Context, text string) error {
	_, err := s.on.ExecContext(ctx, text)
	return err
}

// rows runs a query.
func (s *statements) rows(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	st, err := s.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	if st != nil {
		return st.QueryContext(ctx, args...)
	}
	return s.on.QueryContext(ctx, s.bound(query), args...)
}

// row runs a query that returns one row.
func (s *statements) row(ctx context.Context, query string, args ...any) single {
	rows, err := s.rows(ctx, query, args...)
	return single{rows, err}
}

// single is the first row of a query.
type single struct {
	rows *sql.Rows
	err  error
}

// Scan reads the row; sql.ErrNoRows when there is none.
func (r single) Scan(into ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return sql.ErrNoRows
	}
	if err := r.rows.Scan(into...); err != nil {
		return err
	}
	return r.rows.Close()
}

func (s *statements) bound(query string) string {
	if s.bind == nil {
		return query
	}
	return s.bind(query)
}

func (s *statements) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if s.ready == nil {
		return nil, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if st := s.ready[query]; st != nil {
		return st, nil
	}
	// Detached: the caller's deadline may end the query, it must not spoil the statement for the next one.
	st, err := s.on.PrepareContext(context.WithoutCancel(ctx), s.bound(query))
	if err != nil {
		return nil, err
	}
	s.ready[query] = st
	return st, nil
}

// collect reads all rows of a query through scan.
func collect[T any](rows *sql.Rows, err error, scan func(*sql.Rows) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// scanOne reads rows of a single column.
func scanOne[T any](r *sql.Rows) (v T, err error) {
	err = r.Scan(&v)
	return v, err
}

// dollars turns the n-th ? into $n.
func dollars(query string) string {
	var b strings.Builder
	n := 0
	for i := range len(query) {
		if query[i] != '?' {
			b.WriteByte(query[i])
			continue
		}
		n++
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(n))
	}
	return b.String()
}
