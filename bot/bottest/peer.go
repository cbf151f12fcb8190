package bottest

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// Missing skips a test that needs something which is not installed, or fails it where TANYA_REQUIRE, a list with
// commas, names it.
func Missing(t testing.TB, name, howto string) {
	t.Helper()
	if slices.Contains(strings.Split(os.Getenv("TANYA_REQUIRE"), ","), name) {
		t.Fatalf("%s is required and missing: %s", name, howto)
	}
	t.Skipf("skipped, because %s is missing: %s", name, howto)
}

// peerScript returns node and the path of a program of the folder peers.
func peerScript(t testing.TB, name, path string) (node, script string) {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	script = filepath.Join(filepath.Dir(here), "peers", "node_modules", filepath.FromSlash(path))
	node, err := exec.LookPath("node")
	if err != nil {
		Missing(t, name, "install node 20 or newer")
	}
	if _, err := os.Stat(script); err != nil {
		Missing(t, name, "run: npm ci --ignore-scripts --prefix bot/bottest/peers")
	}
	return node, script
}

// Shared returns the path of a file of the folder that is handed over beside the repository, or skips the test.
func Shared(t testing.TB, path string) string {
	t.Helper()
	file := sharedPath(path)
	if _, err := os.Stat(file); err != nil {
		t.Skipf("skipped, because %s is not there; set TANYA_SHARED to the folder that holds it", path)
	}
	return file
}

func sharedPath(path string) string {
	root := os.Getenv("TANYA_SHARED")
	if root == "" {
		_, here, _, _ := runtime.Caller(0)
		root = filepath.Join(filepath.Dir(here), "..", "..", "..", "shared")
	}
	return filepath.Join(root, filepath.FromSlash(path))
}
