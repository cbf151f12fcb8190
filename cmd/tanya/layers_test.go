package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// floors are the layers of the house, by the beginning of an import path inside the module. A package may import
// only floors below its own; rooms on one floor do not know each other. docs/architecture.md draws it.
var floors = []struct {
	prefix string
	floor  int
	room   bool // siblings with the same prefix are strangers
}{
	{"tanya/cmd/", 5, false},
	{"tanya/bot/bottest", 4, false}, // only tests import it
	{"tanya/bot/", 3, true},
	{"tanya/bot", 2, false},
	{"tanya/faq/text", 0, false},
	{"tanya/faq/", 1, false}, // match, eval, picture, export: over faq and faq/text
	{"tanya/faq", 0, false},
	{"tanya/locales", 0, false},
}

func floorOf(pkg string) (floor int, room bool, ok bool) {
	for _, f := range floors {
		if pkg == f.prefix || strings.HasPrefix(pkg, strings.TrimSuffix(f.prefix, "/")+"/") {
			return f.floor, f.room, true
		}
	}
	return 0, false, false
}

// TestLayers reads the import lines of all files that are not tests and keeps every arrow pointing down.
func TestLayers(t *testing.T) {
	for file, imports := range importLines(t, false) {
		pkg := path.Join("tanya", filepath.ToSlash(filepath.Dir(file)))
		floor, room, ok := floorOf(pkg)
		if !ok {
			t.Errorf("%s: the package %s stands on no floor; see docs/architecture.md", file, pkg)
			continue
		}
		for _, imp := range imports {
			if !strings.HasPrefix(imp, "tanya/") {
				continue
			}
			below, _, ok := floorOf(imp)
			sameRoom := roomOf(imp) == roomOf(pkg)
			switch {
			case !ok:
				t.Errorf("%s imports %s, which stands on no floor", file, imp)
			case below > floor:
				t.Errorf("%s imports %s, which is above it", file, imp)
			case room && below == floor && !sameRoom:
				t.Errorf("%s imports the room %s; rooms do not know each other, cmd brings them together", file, imp)
			case strings.HasPrefix(imp, "tanya/bot/bottest") && floor != 4:
				t.Errorf("%s imports %s, which is for tests", file, imp)
			}
		}
	}
}

// roomOf returns the first two steps below the module: tanya/bot/telegram for all that lies in it.
func roomOf(pkg string) string {
	parts := strings.SplitN(pkg, "/", 4)
	return strings.Join(parts[:min(3, len(parts))], "/")
}

// TestWalls keeps crafts in their rooms: SQL in the store, platforms in their own packages, and none of the world in
// the ground floor.
func TestWalls(t *testing.T) {
	walls := []struct{ lib, home string }{
		{"database/sql", "bot/store"},
		{"modernc.org/sqlite", "bot/store"},
		{"github.com/jackc/pgx", "bot/store"},
		{"github.com/go-telegram-bot-api", "bot/telegram"},
		{"go.mau.fi/whatsmeow", "bot/whatsapp"},
		{"net/http", "bot/ cmd/"},
		{"os/exec", "-"},
	}
	exempt := map[string]bool{ // the linked device's own session store is the library's, in its own file
		"bot/whatsapp/database/sql": true, "bot/whatsapp/modernc.org/sqlite": true, "bot/whatsapp/github.com/jackc/pgx": true,
	}
	for file, imports := range importLines(t, false) {
		dir := filepath.ToSlash(filepath.Dir(file)) + "/"
		if strings.HasPrefix(dir, "bot/bottest/") {
			continue
		}
		for _, imp := range imports {
			for _, w := range walls {
				if imp != w.lib && !strings.HasPrefix(imp, w.lib+"/") {
					continue
				}
				home := false
				for _, h := range strings.Fields(w.home) {
					home = home || strings.HasPrefix(dir, h)
				}
				if !home && !exempt[roomDir(dir)+"/"+w.lib] {
					t.Errorf("%s imports %s, which belongs into %s", file, imp, w.home)
				}
			}
		}
	}
}

func roomDir(dir string) string {
	parts := strings.Split(dir, "/")
	return strings.Join(parts[:min(2, len(parts))], "/")
}

// importLines returns the imports of the module's files, by path from the top.
func importLines(t *testing.T, tests bool) map[string][]string {
	t.Helper()
	top := filepath.Join("..", "..")
	out := map[string][]string{}
	err := filepath.WalkDir(top, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && (name == "node_modules" || name == "testdata" || (strings.HasPrefix(name, ".") && p != top && name != "..")) {
			return fs.SkipDir
		}
		if d.IsDir() && p != top {
			if nested, _ := filepath.Glob(filepath.Join(p, "go.mod")); len(nested) > 0 {
				return fs.SkipDir
			}
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") != tests {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(top, p)
		if err != nil {
			return err
		}
		out[rel] = []string{}
		for _, i := range f.Imports {
			s, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			out[rel] = append(out[rel], s)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 20 {
		t.Fatalf("only %d files found", len(out))
	}
	return out
}
