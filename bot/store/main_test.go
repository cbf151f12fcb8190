package store_test

import "testing"

type database struct {
	name    string
	missing string
	fresh   func(t testing.TB) string
}

var databases = []database{{name: "sqlite", fresh: sqliteFile}}
