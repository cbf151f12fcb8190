package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"tanya/bot"
)

// sqliteDialect keeps the ledger in one file. A single connection writes, a few read.
type sqliteDialect struct {
	path    string
	files   *sql.DB // the writer's connection, and one more for the checkpoint
	writer  *writer
	readers *sql.DB
	reading *statements

	mu   sync.Mutex
	lock *os.File // held while this process answers from the file
}

// readers is the number of connections that read: on a small machine more of them only wait for each other.
const readers = 4

func openSQLite(ctx context.Context, path string) (*sqliteDialect, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, &bot.Error{Class: bot.Invalid, Message: "the data folder cannot be made: " + filepath.Dir(path), Err: err}
	}
	// Made by us, so that nobody else may read it; SQLite gives its side files the same mode.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, &bot.Error{Class: bot.Invalid, Message: "the data file cannot be opened for writing: " + path, Err: err}
	}
	if err := f.Close(); err != nil {
		return nil, &bot.Error{Class: bot.Transient, Message: "the data file cannot be opened: " + path, Err: err}
	}
	d := &sqliteDialect{path: path}
	if d.files, err = sql.Open("sqlite", address(path, "synchronous(FULL)", "secure_delete(1)", "cache_size(-16000)")+"&_txlock=immediate"); err != nil {
		return nil, err
	}
	if d.readers, err = sql.Open("sqlite", address(path, "query_only(1)")); err != nil {
		return nil, err
	}
	d.readers.SetMaxOpenConns(readers)
	d.readers.SetMaxIdleConns(readers)
	if err := d.wake(ctx); err != nil {
		_ = d.files.Close()
		return nil, cmp.Or[error](asError(d.explain(err)), err)
	}
	d.reading = &statements{on: d.readers, ready: map[string]*sql.Stmt{}}
	d.writer = newWriter(d.files)
	return d, nil
}

// wake opens the first connection, which sets WAL before anybody reads. Where two programs start at once on a new file,
// SQLite refuses one of them without waiting, because both hold the file and want it alone; it tries again.
func (d *sqliteDialect) wake(ctx context.Context) error {
	var err error
	for range 50 {
		var e *sqlite.Error
		if err = d.files.PingContext(ctx); err == nil || !errors.As(err, &e) || e.Code()&0xff != sqlite3.SQLITE_BUSY {
			return err
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return err
}

// address writes the driver's name of the file with the settings that every connection gets.
func address(path string, pragmas ...string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	u := url.URL{Path: filepath.ToSlash(path)}
	v := url.Values{"_pragma": append([]string{"busy_timeout(5000)", "journal_mode(WAL)", "foreign_keys(1)"}, pragmas...)}
	return "file:" + u.EscapedPath() + "?" + v.Encode()
}

func (d *sqliteDialect) write(ctx context.Context, fn work) error { return d.writer.write(ctx, fn) }

// together is 0: the writer gathers whatever is written.
func (d *sqliteDialect) together() int { return 0 }

func (d *sqliteDialect) writeMany(ctx context.Context, fn work) error { return d.writer.write(ctx, fn) }

func (d *sqliteDialect) writeStatement(ctx context.Context, fn work) error {
	return d.writer.write(ctx, fn)
}

func (d *sqliteDialect) read() *statements { return d.reading }

func (d *sqliteDialect) schema(m migration) string { return m.common + m.sqlite }

func (d *sqliteDialect) leasable() string { return leasable }

// orphaned adds nothing: there is one process, every other owner is dead.
func (d *sqliteDialect) orphaned() string { return "" }

// lockSchema has nothing to do: the writer's transactions take the write lock when they begin.
func (d *sqliteDialect) lockSchema(context.Context, *statements) error { return nil }

func (d *sqliteDialect) clock() string { return `CAST(unixepoch('subsec') * 1000 AS INTEGER)` }

func (d *sqliteDialect) explain(err error) *bot.Error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return nil
	}
	say := func(c bot.Class, text string) *bot.Error { return &bot.Error{Class: c, Message: text, Err: err} }
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		return say(bot.Transient, "the disk with the data folder is full; free some space, the service goes on by itself")
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return say(bot.Transient, "the data file may not be written to; check the rights of the data folder and whether the disk is read-only")
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return say(bot.Transient, "another program holds the data file; is a second copy or a backup tool running?")
	case sqlite3.SQLITE_CANTOPEN:
		return say(bot.Transient, "the data file cannot be opened; check the data folder")
	case sqlite3.SQLITE_IOERR:
		return say(bot.Transient, "the disk with the data folder reports errors; check it and the newest backup")
	case sqlite3.SQLITE_CORRUPT:
		return say(bot.StopChannel, "the data file is damaged; stop the service and restore the newest backup")
	case sqlite3.SQLITE_NOTADB:
		return say(bot.StopChannel, "the data file is not a database of this program")
	case sqlite3.SQLITE_CONSTRAINT:
		return say(bot.Conflict, "the ledger refused the change because it contradicts what is stored")
	}
	return nil
}

// truncate moves the write-ahead log into the file and empties it, so that deleted rows are gone from the disk.
func (d *sqliteDialect) truncate(ctx context.Context) (bool, error) {
	var busy, frames, moved int
	err := d.files.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &frames, &moved)
	return err == nil && busy == 0, err
}

func (d *sqliteDialect) size(context.Context) (int64, error) {
	var sum int64
	for _, suffix := range []string{"", "-wal"} {
		info, err := os.Stat(d.path + suffix)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return 0, err
		}
		sum += info.Size()
	}
	return sum, nil
}

// ownShards gives all shards to the one process that holds the lock file; the lock ends with the process. The data
// file itself is not locked this way: closing it again would drop SQLite's own locks.
func (d *sqliteDialect) ownShards(context.Context, string, time.Time, time.Time) ([]int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.lock == nil {
		f, err := lockFile(d.path + ".lock")
		if err != nil {
			return nil, &bot.Error{Class: bot.Conflict, Err: err,
				Message: "another process already answers from this data file; stop it, or use PostgreSQL to run several"}
		}
		d.lock = f
	}
	all := make([]int, bot.Shards)
	for i := range all {
		all[i] = i
	}
	return all, nil
}

func (d *sqliteDialect) leaveShards(context.Context, string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.lock == nil {
		return nil
	}
	err := d.lock.Close()
	d.lock = nil
	return err
}

// announce and listen have nothing to do: there is no other process.
func (d *sqliteDialect) announce([]Ring) {}

func (d *sqliteDialect) listen(ctx context.Context, _ func(...Ring)) { <-ctx.Done() }

func (d *sqliteDialect) close() error {
	d.writer.close()
	return errors.Join(d.readers.Close(), d.files.Close(), d.leaveShards(context.Background(), ""))
}

// asError keeps a nil *bot.Error from becoming an error that is not nil.
func asError(e *bot.Error) error {
	if e == nil {
		return nil
	}
	return e
}
