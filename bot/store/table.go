package store

import (
	"regexp"
	"strings"
)

// table is one table of the schema, as the migrations make it.
type table struct {
	name   string
	number string // the column that numbers its rows, "" when there is none
}

var (
	tableStatement = regexp.MustCompile(`(?s)CREATE TABLE (?:IF NOT EXISTS )?(\w+) \((.*?)\n\)`)
	numberColumn   = regexp.MustCompile(`(?m)^\s*(\w+)\s+INTEGER PRIMARY KEY AUTOINCREMENT`)
)

// running are the tables that describe running processes; a copy of them would say that the dead are alive.
var running = map[string]bool{"shards": true, "members": true, "holds": true}

// tablesOf lists the tables that the steps make, those that others refer to first: in the order in which they are
// made. Process tables are left out.
func tablesOf(steps []migration) []table {
	var out []table
	for _, s := range steps {
		// A dialect of its own still makes the same tables; SQLite's words are the ones that are read.
		for _, m := range tableStatement.FindAllStringSubmatch(s.common+s.sqlite, -1) {
			if running[m[1]] {
				continue
			}
			t := table{name: m[1]}
			if n := numberColumn.FindStringSubmatch(m[2]); n != nil {
				t.number = n[1]
			}
			out = append(out, t)
		}
	}
	return out
}

// insertion writes the statement that adds n rows.
func insertion(name string, columns []string, n int) string {
	row := "(" + strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", ") + ")"
	return "INSERT INTO " + name + " (" + strings.Join(columns, ", ") + ") VALUES " +
		strings.TrimSuffix(strings.Repeat(row+", ", n), ", ")
}
