package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"
	"strings"
	"sync"
)

// statements runs SQL, written with ? for arguments, on a connection, a transaction or a pool.
type statements struct {
	on   querier
	bind func(string) string // puts the placeholders into the dialect's form; nil leaves them
	bulk *bulk               // makes one statement of one for many rows; nil runs it for each

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

// each runs an INSERT ... VALUES (...) for every row; same are the arguments behind the values, equal for all. No two rows
// may have the same key where a conflict updates.
func (s *statements) each(ctx context.Context, query string, rows [][]any, same ...any) error {
	if len(rows) == 0 {
		return nil
	}
	if s.bulk != nil {
		query, args, err := s.bulk.insert(query, rows)
		if err == nil {
			_, err = s.on.ExecContext(ctx, query, append(args, same...)...)
		}
		return err
	}
	for _, row := range rows {
		if _, err := s.exec(ctx, query, append(row, same...)...); err != nil {
			return err
		}
	}
	return nil
}

// numbered is each for a table that numbers its rows in the column id; it returns the numbers in the order of the rows.
func (s *statements) numbered(ctx context.Context, query string, rows [][]any) ([]int64, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	if s.bulk != nil {
		query, args, err := s.bulk.numbered(query, rows)
		if err != nil {
			return nil, err
		}
		r, err := s.on.QueryContext(ctx, query, args...)
		return collect(r, err, scanOne[int64])
	}
	ids := make([]int64, len(rows))
	for i, row := range rows {
		if err := s.row(ctx, query+` RETURNING id`, row...).Scan(&ids[i]); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// added is each for an INSERT that leaves out rows which are there already; it reports which were not. The key column of
// a row, the key-th of its values and named in column, tells it from the others.
func (s *statements) added(ctx context.Context, query string, rows [][]any, key int, column string) ([]bool, error) {
	fresh := make([]bool, len(rows))
	if len(rows) == 0 {
		return fresh, nil
	}
	if s.bulk == nil {
		for i, row := range rows {
			n, err := s.exec(ctx, query, row...)
			if err != nil {
				return nil, err
			}
			fresh[i] = n > 0
		}
		return fresh, nil
	}
	query, args, err := s.bulk.insert(query, rows)
	if err != nil {
		return nil, err
	}
	r, err := s.on.QueryContext(ctx, query+` RETURNING `+column, args...)
	all, err := collect(r, err, scanOne[string])
	if err != nil {
		return nil, err
	}
	there := map[string]bool{}
	for _, v := range all {
		there[v] = true
	}
	for i, row := range rows {
		v, _ := row[key].(string)
		fresh[i] = there[v]
		delete(there, v) // of equal ones the first was added
	}
	return fresh, nil
}

// among is a condition that a column has one of the values, which go in as the one argument that list makes of them.
func (s *statements) among() string {
	if s.bulk != nil {
		return ` = ANY(?)`
	}
	return ` IN (SELECT value FROM json_each(?))`
}

func list[T int64 | string](s *statements, values []T) any {
	if s.bulk != nil {
		return values
	}
	b, _ := json.Marshal(values) // numbers and words always can
	return string(b)
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
func dollars(query string) string { return dollarsFrom(query, 0) }

// dollarsFrom does so where n placeholders stand before.
func dollarsFrom(query string, n int) string {
	var b strings.Builder
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
