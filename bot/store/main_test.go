package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver that makes the test databases
)

// database is one kind that every test of the suite runs over.
type database struct {
	name    string
	missing string                    // why it cannot be tested here, "" when it can
	fresh   func(t testing.TB) string // makes an empty one and returns its dsn
}

var databases = []*database{{name: "sqlite", fresh: sqliteFile}, {name: "postgres"}}

// server is the throw-away PostgreSQL cluster of this test run.
type server struct {
	dir  string
	dsn  string
	cmd  *exec.Cmd
	hold io.Closer // the server lives as long as this is open
	log  strings.Builder
	made atomic.Int64
}

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		os.Exit(m.Run()) // it is going to be killed and must leave nothing running
	}
	postgres := databases[1]
	s, err := startServer()
	if err != nil {
		postgres.missing = "no PostgreSQL to test with: " + err.Error()
		if strings.Contains(os.Getenv("TANYA_REQUIRE"), "postgres") {
			fmt.Fprintln(os.Stderr, "TANYA_REQUIRE asks for postgres, but", err)
			os.Exit(1)
		}
	} else {
		postgres.fresh = s.fresh
	}
	code := m.Run()
	if s != nil {
		s.stop()
	}
	os.Exit(code)
}

// program finds a program of the server, in the path or where Debian keeps it.
func program(name string) (string, error) {
	if p, err := exec.LookPath(name); err == nil {
		return p, nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) == 0 {
		return "", fmt.Errorf("the program %s is not installed", name)
	}
	return found[len(found)-1], nil
}

func startServer() (*server, error) {
	initdb, err := program("initdb")
	if err != nil {
		return nil, err
	}
	postgres, err := program("postgres")
	if err != nil {
		return nil, err
	}
	// A short path, because a socket's may have 107 bytes; and one that the server's user can reach.
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		return nil, err
	}
	s := &server{dir: dir, dsn: "host=" + dir + " user=postgres sslmode=disable dbname="}
	if err := s.start(initdb, postgres); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

func (s *server) start(initdb, postgres string) error {
	data := filepath.Join(s.dir, "d")
	attr, err := unprivileged(s.dir)
	if err != nil {
		return err
	}
	initial := exec.Command(initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	initial.SysProcAttr, initial.Dir = attr, s.dir
	if out, err := initial.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	// A shell between us ends the server when this process goes, however it goes: then the pipe is closed.
	s.cmd = exec.Command("sh", "-c", `"$@" </dev/null & server=$!; cat >/dev/null; kill -QUIT $server; wait $server; rm -rf "$0"`,
		s.dir, postgres, "-D", data, "-k", s.dir, "-c", "listen_addresses=", "-c", "max_connections=400", "-c", "shared_buffers=64MB")
	s.cmd.SysProcAttr, s.cmd.Dir = attr, s.dir
	s.cmd.Stdout, s.cmd.Stderr = &s.log, &s.log
	if s.hold, err = s.cmd.StdinPipe(); err != nil {
		return err
	}
	if err := s.cmd.Start(); err != nil {
		s.cmd = nil
		return err
	}
	return s.await()
}

func (s *server) await() error {
	db, err := sql.Open("pgx", s.dsn+"postgres")
	if err != nil {
		return err
	}
	defer db.Close()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if err = db.PingContext(context.Background()); err == nil {
			return nil
		}
		if time.Now().After(end) {
			return errors.Join(err, errors.New(s.log.String()))
		}
	}
}

func (s *server) stop() {
	if s.cmd != nil {
		_ = s.hold.Close()
		_ = s.cmd.Wait()
	}
	_ = os.RemoveAll(s.dir)
}

// fresh makes an empty database.
func (s *server) fresh(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("t%d", s.made.Add(1))
	db, err := sql.Open("pgx", s.dsn+"postgres")
	must(t, err)
	defer db.Close()
	_, err = db.ExecContext(context.Background(), "CREATE DATABASE "+name)
	must(t, err)
	return s.dsn + name
}
