package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets scripts run the program itself as "tanya".
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tanya": main})
}

// TestScripts runs the program the way its users do. The names of the files are a list of promises.
func TestScripts(t *testing.T) {
	cache := filepath.Join(os.TempDir(), "tanya-script-cache")
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("XDG_CACHE_HOME", cache) // what the matcher computes is computed once for all scripts
			return nil
		},
	})
}
