package whatsapp_test

import (
	"context"
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"tanya/bot/bottest"
)

// postgres starts a throw-away PostgreSQL server that ends with the test, and returns the address of its database.
func postgres(t testing.TB) string {
	t.Helper()
	initdb, server := program("initdb"), program("postgres")
	if initdb == "" || server == "" {
		bottest.Missing(t, "postgres", "install the programs initdb and postgres of PostgreSQL 15 or newer")
	}
	dir, err := os.MkdirTemp("", "pg") // a short path that the server's user can reach
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	attr, err := unprivileged(dir)
	must(t, err)
	data := filepath.Join(dir, "d")
	first := exec.CommandContext(context.Background(), initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	first.SysProcAttr, first.Dir = attr, dir
	if out, err := first.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v: %s", err, out)
	}
	cmd := exec.CommandContext(context.Background(), server, "-D", data, "-k", dir, "-c", "listen_addresses=")
	cmd.SysProcAttr, cmd.Dir = attr, dir
	must(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	})
	dsn := "host=" + dir + " user=postgres dbname=postgres sslmode=disable"
	db, err := sql.Open("pgx", dsn)
	must(t, err)
	defer func() { _ = db.Close() }()
	until(t, "the server answers", func() bool {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		return db.PingContext(ctx) == nil
	})
	return dsn
}

// program finds a program of the server in the path or where Debian keeps it, "" when it is not there.
func program(name string) string {
	if p, err := exec.LookPath(name); err == nil {
		return p
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) == 0 {
		return ""
	}
	return found[len(found)-1]
}
