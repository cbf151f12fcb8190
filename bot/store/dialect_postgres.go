package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	mathrand "math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"tanya/bot"
)

// postgresDialect keeps the ledger on a server that several processes share.
type postgresDialect struct {
	db      *sql.DB
	many    *sql.DB // for the statements with many rows
	rows    *bulk
	id      string // tells our own announcements from others'
	reading *statements
	bound   sync.Map     // query with ? -> query with $n
	alive   atomic.Int32 // processes that share the work, when it was last shared out; 0 before

	pending *listener // announcements on their way to the other processes
	stop    context.CancelFunc
	ended   chan struct{}
}

// The bounds towards the server. A transaction that lost against another is tried again, with a growing pause.
const (
	connections     = 16
	sideBySide      = 2 // groups of messages settled at once, by all processes: more make the groups small, which costs more
	manyConnections = sideBySide + 3
	attempts        = 8
	firstPause      = 2 * time.Millisecond
	listenPause     = time.Second
	announcePause   = 5 * time.Millisecond // what happens within it is announced together
)

func openPostgres(ctx context.Context, dsn string) (dialect, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, unreadable()
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	many := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(byIndex))
	many.SetMaxOpenConns(manyConnections)
	many.SetMaxIdleConns(manyConnections)
	var id [8]byte
	_, _ = rand.Read(id[:]) // never fails, says its document
	d := &postgresDialect{db: db, many: many, rows: &bulk{}, id: hex.EncodeToString(id[:]), pending: newListener(), ended: make(chan struct{})}
	d.reading = &statements{on: db, bind: d.bind}
	if err := db.PingContext(ctx); err != nil {
		_, _ = db.Close(), many.Close()
		if e := d.explain(err); e != nil {
			return nil, e
		}
		return nil, &bot.Error{Class: bot.Transient, Message: "the PostgreSQL server cannot be reached", Err: err}
	}
	ctx, d.stop = context.WithCancel(context.Background())
	go d.notify(ctx)
	return d, nil
}

func (d *postgresDialect) bind(query string) string {
	if known, ok := d.bound.Load(query); ok {
		return known.(string)
	}
	bound := dollars(query)
	d.bound.Store(query, bound)
	return bound
}

// byIndex lets the statements with many rows find rows by index only, and be planned once. The planner knows neither how
// many rows there are to find nor how the table will have grown: a plan made for an empty table would read all of a full one.
// One transaction settles for many chats, so one whose process stands still is ended soon, and nobody waits long for a row.
func byIndex(ctx context.Context, c *pgx.Conn) error {
	_, err := c.Exec(ctx, `SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
		SET plan_cache_mode = force_generic_plan; SET idle_in_transaction_session_timeout = '10s'; SET lock_timeout = '5s'`)
	return err
}

// write runs fn in a transaction from the pool. The server groups the commits of concurrent transactions by itself.
func (d *postgresDialect) write(ctx context.Context, fn work) error {
	return d.patient(ctx, func() error { return d.once(ctx, d.db, fn) })
}

// together leaves to each of the processes that are alive its part of the groups.
func (d *postgresDialect) together() int { return max(1, sideBySide/max(1, int(d.alive.Load()))) }

func (d *postgresDialect) writeMany(ctx context.Context, fn work) error {
	return d.patient(ctx, func() error { return d.once(ctx, d.many, fn) })
}

// writeStatement goes without a beginning and an end: the server commits a statement by itself, so that two of three
// questions and answers are saved.
func (d *postgresDialect) writeStatement(ctx context.Context, fn work) error {
	return d.patient(ctx, func() error { return fn(ctx, &statements{on: d.many, bind: d.bind, bulk: d.rows}) })
}

// patient runs a transaction again where it has lost against another.
func (d *postgresDialect) patient(ctx context.Context, once func() error) error {
	pause := firstPause
	for n := 1; ; n++ {
		err := once()
		if n == attempts || !lost(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause/2 + mathrand.N(pause)):
		}
		pause *= 2
	}
}

func (d *postgresDialect) once(ctx context.Context, db *sql.DB, fn work) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := fn(ctx, &statements{on: tx, bind: d.bind, bulk: d.rows}); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// lost reports whether the transaction only had bad luck: a serialization failure or a deadlock.
func lost(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == "40001" || e.Code == "40P01")
}

func (d *postgresDialect) read() *statements { return d.reading }

// schema puts SQLite's words into PostgreSQL's.
func (d *postgresDialect) schema(m migration) string {
	return strings.NewReplacer(
		"INTEGER PRIMARY KEY AUTOINCREMENT", "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
		" BLOB", " BYTEA",
		") WITHOUT ROWID;", ");",
	).Replace(m.common) + m.psql
}

// schemaLock is the number of the advisory lock that migrating processes take; any number that nobody else uses does.
const schemaLock = 7_261_640_919

func (d *postgresDialect) lockSchema(ctx context.Context, st *statements) error {
	var none any
	return st.row(ctx, `SELECT pg_advisory_xact_lock(?)`, int64(schemaLock)).Scan(&none)
}

func (d *postgresDialect) leasable() string { return leasable + ` FOR UPDATE OF o SKIP LOCKED` }

// orphaned asks the members: who has not renewed its shards is not alive.
func (d *postgresDialect) orphaned() string { return ` AND owner NOT IN (SELECT owner FROM members)` }

// clock is the time of the moment, not the one at which the transaction began.
func (d *postgresDialect) clock() string {
	return `(EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint`
}

func (d *postgresDialect) explain(err error) *bot.Error {
	say := func(c bot.Class, text string) *bot.Error { return &bot.Error{Class: c, Message: text, Err: err} }
	var parse *pgconn.ParseConfigError
	var connect *pgconn.ConnectError
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		switch {
		case errors.As(err, &parse):
			return unreadable()
		case errors.As(err, &connect):
			return say(bot.Transient, "the PostgreSQL server cannot be reached; check that it runs and that its address is right")
		}
		return nil
	}
	switch class := e.Code[:min(2, len(e.Code))]; {
	case e.Code == "53100":
		return say(bot.Transient, "the disk of the PostgreSQL server is full; free some space, the service goes on by itself")
	case e.Code == "25006":
		return say(bot.Transient, "the PostgreSQL server takes no changes; is it a standby, or was it switched to read-only?")
	case e.Code == "53300":
		return say(bot.Transient, "the PostgreSQL server has no connection left; raise max_connections or run fewer processes")
	case lost(err):
		return say(bot.Transient, "the ledger was busy; the change was tried several times and will be tried again")
	case class == "28":
		return say(bot.StopChannel, "the PostgreSQL server refuses this user or password")
	case e.Code == "3D000":
		return say(bot.StopChannel, "the PostgreSQL server has no such database; create it first")
	case e.Code == "42501":
		return say(bot.StopChannel, "this user may not use the tables on the PostgreSQL server")
	case class == "XX":
		return say(bot.StopChannel, "the PostgreSQL server reports damaged data; stop the service and restore the newest backup")
	case class == "08", class == "57":
		return say(bot.Transient, "the PostgreSQL server is stopping or starting; the service goes on by itself")
	case class == "23":
		return say(bot.Conflict, "the ledger refused the change because it contradicts what is stored")
	}
	return nil
}

// unreadable keeps the driver's own words to itself: they hold the address.
func unreadable() *bot.Error {
	return bot.Errorf(bot.Invalid, "the address of the PostgreSQL server cannot be read; it looks like postgres://user:password@host/database")
}

// truncate has nothing to do: the server cleans up by itself.
func (d *postgresDialect) truncate(context.Context) (bool, error) { return true, nil }

func (d *postgresDialect) size(ctx context.Context) (n int64, err error) {
	err = d.reading.row(ctx, `SELECT pg_database_size(current_database())`).Scan(&n)
	return n, err
}

func (d *postgresDialect) close() error {
	d.stop()
	<-d.ended
	return errors.Join(d.many.Close(), d.db.Close())
}
