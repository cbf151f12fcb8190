package store

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// bulk writes an INSERT for one row anew as one for any number of rows: PostgreSQL takes a column of values as one
// argument, so that the statement is the same for every number and is planned once.
type bulk struct {
	known sync.Map // shape -> statement
}

// shape is a statement with the kinds of its columns, and whether it returns numbers.
type shape struct {
	query, kinds string
	numbered     bool
}

// oneRow finds the parts of INSERT INTO table (columns) VALUES (expressions) and what follows.
var oneRow = regexp.MustCompile(`(?s)^INSERT INTO (\w+)\s*\(([^)]*)\)\s*VALUES \(([^)]*)\)(.*)$`)

// insert returns the statement that adds all rows in their order, and its arguments.
func (b *bulk) insert(query string, rows [][]any) (string, []any, error) {
	return b.of(query, rows, false)
}

// numbered returns the statement that does so and returns the numbers in the column id, in the order of the rows.
func (b *bulk) numbered(query string, rows [][]any) (string, []any, error) {
	return b.of(query, rows, true)
}

func (b *bulk) of(query string, rows [][]any, numbered bool) (string, []any, error) {
	kinds, args, err := columns(rows)
	if err != nil {
		return "", nil, err
	}
	s := shape{query, strings.Join(kinds, ","), numbered}
	if known, ok := b.known.Load(s); ok {
		return known.(string), args, nil
	}
	text, err := s.write(kinds)
	if err == nil {
		b.known.Store(s, text)
	}
	return text, args, err
}

// write makes the statement. Rows keep their order, because a row's number says which came first.
func (s shape) write(kinds []string) (string, error) {
	part := oneRow.FindStringSubmatch(s.query)
	if part == nil || strings.Count(part[3], "?") != len(kinds) {
		return "", fmt.Errorf("a statement for one row cannot be one for many: %.30s", s.query)
	}
	table, names, values, rest := part[1], part[2], part[3], part[4]
	arrays, fields := make([]string, len(kinds)), make([]string, len(kinds))
	for i, kind := range kinds {
		fields[i] = "c" + strconv.Itoa(i+1)
		arrays[i] = "$" + strconv.Itoa(i+1) + "::" + kind + "[]"
		values = strings.Replace(values, "?", "r."+fields[i], 1)
	}
	from := "unnest(" + strings.Join(arrays, ", ") + ") WITH ORDINALITY AS r (" + strings.Join(fields, ", ") + ", n)"
	if !s.numbered {
		return "INSERT INTO " + table + " (" + names + ") SELECT " + values + " FROM " + from + " ORDER BY r.n" +
			dollarsFrom(rest, len(kinds)), nil
	}
	// The numbers are drawn first, so that it is certain which row has which.
	return "WITH r AS MATERIALIZED (SELECT nextval((SELECT pg_get_serial_sequence('" + table + "', 'id'))::regclass) AS id, r.* FROM " + from +
		"), done AS (INSERT INTO " + table + " (id, " + names + ") SELECT r.id, " + values + " FROM r ORDER BY r.n) SELECT id FROM r ORDER BY n", nil
}

// columns turns rows into columns, and names the database's kind of each.
func columns(rows [][]any) (kinds []string, args []any, err error) {
	for i := range rows[0] {
		var kind string
		var column any
		switch rows[0][i].(type) {
		case string:
			kind, column = "text", taken[string](rows, i)
		case int64:
			kind, column = "bigint", taken[int64](rows, i)
		case float64:
			kind, column = "double precision", taken[float64](rows, i)
		case []byte:
			kind, column = "bytea", taken[[]byte](rows, i)
		}
		if kind == "" || column == nil {
			return nil, nil, fmt.Errorf("values of the kind %T cannot be a column", rows[0][i])
		}
		kinds, args = append(kinds, kind), append(args, column)
	}
	return kinds, args, nil
}

// taken takes one column out of the rows, nil when it is not of one kind.
func taken[T any](rows [][]any, i int) any {
	all := make([]T, len(rows))
	for n, row := range rows {
		v, ok := row[i].(T)
		if !ok {
			return nil
		}
		all[n] = v
	}
	return all
}
