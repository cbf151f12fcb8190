package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestPropertiesAreListed reads docs/properties.md: every property has its line, every line that claims to be held names
// a test, and every named test exists in the package that it names.
func TestPropertiesAreListed(t *testing.T) {
	page, err := os.ReadFile("../../docs/properties.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`(?m)^\| ([SCAP]\d+) \| ([^|]*) \| (held|in part|open) \|([^|]*)\|`)
	test := regexp.MustCompile("`([a-z/]+)\\.((?:Test|Fuzz)\\w+)`")
	seen := map[string]bool{}
	for _, m := range row.FindAllStringSubmatch(string(page), -1) {
		seen[m[1]] = true
		if named := test.MatchString(m[4]); named == (m[3] == "open") {
			t.Errorf("%s is %q and names %q", m[1], m[3], m[4])
		}
	}
	for letter, last := range map[string]int{"S": 20, "C": 20, "A": 10, "P": 9} {
		for i := 1; i <= last; i++ {
			if id := fmt.Sprint(letter, i); !seen[id] {
				t.Errorf("%s has no line", id)
			}
		}
	}
	for _, m := range test.FindAllStringSubmatch(string(page), -1) {
		if !declared(t, m[1], m[2]) {
			t.Errorf("%s has no %s", m[1], m[2])
		}
	}
}

// TestFaultsAreListed: every test that the list of faults in docs/figures.md names exists.
func TestFaultsAreListed(t *testing.T) {
	page, err := os.ReadFile("../../docs/figures/faults.txt")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`([a-z/]+)\\.(Test\\w+)`").FindAllStringSubmatch(string(page), -1)
	if len(named) < 20 {
		t.Errorf("only %d tests are named", len(named))
	}
	for _, m := range named {
		if !declared(t, m[1], m[2]) {
			t.Errorf("%s has no %s", m[1], m[2])
		}
	}
}

// declared reports whether a package declares a test.
func declared(t *testing.T, pkg, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("../..", pkg, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), "func "+name+"(") {
			return true
		}
	}
	return false
}
