//go:build unix

package bottest

import (
	"context"
	"errors"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// StartPostgres starts a PostgreSQL server of its own, whose commits are durable, and returns the address of an empty
// database. It ends with the test, or with the test's process, however that ends.
func StartPostgres(t testing.TB) string {
	t.Helper()
	initdb, postgres := serverProgram(t, "initdb"), serverProgram(t, "postgres")
	dir, err := os.MkdirTemp("", "pg") // short, because a socket's path may have 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	attr := &syscall.SysProcAttr{}
	if os.Getuid() == 0 { // the server refuses to run as root
		const nobody = 65534
		attr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
		if err := os.Chown(dir, nobody, nobody); err != nil {
			t.Fatal(err)
		}
	}
	data := filepath.Join(dir, "d")
	initial := exec.CommandContext(context.Background(), initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	initial.SysProcAttr, initial.Dir = attr, dir
	if out, err := initial.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	// The shell between ends the server when the pipe is closed, which a killed process does too.
	cmd := exec.CommandContext(context.Background(), "sh", "-c", `"$@" </dev/null & server=$!; cat >/dev/null; kill -QUIT $server; wait $server; rm -rf "$0"`,
		dir, postgres, "-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "max_connections=200")
	cmd.SysProcAttr, cmd.Dir = attr, dir
	hold, err := cmd.StdinPipe()
	if err := errors.Join(err, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = hold.(io.Closer).Close()
		_ = cmd.Wait()
		_ = os.RemoveAll(dir)
	})
	Eventually(t, "PostgreSQL answers", func() bool {
		probe := exec.CommandContext(context.Background(), serverProgram(t, "pg_isready"), "-q", "-h", dir)
		return probe.Run() == nil
	})
	time.Sleep(50 * time.Millisecond)
	return "postgres://postgres@/postgres?" + url.Values{"host": {dir}, "sslmode": {"disable"}}.Encode()
}

// serverProgram finds a program of PostgreSQL, in the path or where Debian keeps it.
func serverProgram(t testing.TB, name string) string {
	t.Helper()
	if p, err := exec.LookPath(name); err == nil {
		return p
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) == 0 {
		Missing(t, "postgres", "install postgresql, for its program "+name)
	}
	return found[len(found)-1]
}
