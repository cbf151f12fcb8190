package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestNothingPeopleSendIsFetched is property C13: no channel can load a voice note, a picture or a file that somebody sent,
// because no line of ours calls what would. A message has no field that could hold one.
func TestNothingPeopleSendIsFetched(t *testing.T) {
	fetching := regexp.MustCompile(`^(Download\w*|GetFile\w*|GetMedia\w*|FetchMedia\w*|RetrieveMedia\w*)$`)
	asking := regexp.MustCompile(`(?i)getfile|/file/bot|/media/|lookaside`)
	files, calls := 0, 0
	for _, dir := range []string{"telegram", "whatsapp", "whatsappcloud", "webchat", "terminal"} {
		err := filepath.WalkDir(filepath.Join("../../bot", dir), func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() && strings.HasSuffix(path, "test") {
				return fs.SkipDir // a stand-in for a platform, linked into tests only
			}
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			set := token.NewFileSet()
			f, err := parser.ParseFile(set, path, nil, 0)
			if err != nil {
				return err
			}
			files++
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.SelectorExpr:
					calls++
					if fetching.MatchString(n.Sel.Name) {
						t.Errorf("%s: %s could load what people send", set.Position(n.Pos()), n.Sel.Name)
					}
				case *ast.BasicLit:
					if n.Kind == token.STRING && asking.MatchString(n.Value) {
						t.Errorf("%s: %s asks a platform for a file", set.Position(n.Pos()), n.Value)
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files < 20 || calls < 1000 {
		t.Fatalf("only %d files and %d names were looked at", files, calls)
	}
}
