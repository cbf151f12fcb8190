// Package store is the ledger: everything that must survive a crash, and all SQL of the program. It keeps the inbox
// and the outbox, the sessions, the query rows with their short-lived texts, the sets that count distinct askers, the
// callbacks, the published editions and the staff's review list. The database is SQLite in one file, or PostgreSQL
// when several machines share the work; one suite of tests holds both to the same promises.
//
// What could name a person is sealed before it reaches the database: text, address, platform ids, sessions, replies.
// What need not be read again is kept only as a keyed hash. Query rows carry neither.
//
// An exported method is one transaction (Sweep, which deletes in small steps, is several). On SQLite the transactions
// of concurrent callers share one commit, see writer.go; on PostgreSQL messages that wait are accepted and settled
// together, see gatherer.go. Every error has a class of package bot and one sentence that
// names neither SQL nor data.
package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"tanya/bot"
)

// Store is an open ledger. It is safe for concurrent use.
type Store struct {
	db     dialect
	keys   *bot.Keyring
	now    func() time.Time
	zone   *time.Location
	months *monthRing
	bell   *bell

	accepting *gatherer[*acceptance]
	settling  *gatherer[[]*plan]
}

// Options are what Open may be told beside the place of the database. The zero value works.
type Options struct {
	Now    func() time.Time // the clock; nil means time.Now
	Zone   *time.Location   // where months begin; nil means UTC
	Months MonthKeys        // keys for counting distinct askers; nil leaves them uncounted
}

var _ bot.Ledger = (*Store)(nil)

// dialect is one kind of database. What both can do with the same SQL is not in here.
type dialect interface {
	// write runs fn in one durable transaction. When it returns nil the transaction is on disk. fn may run more than
	// once, so it may only touch what it resets itself.
	write(ctx context.Context, fn work) error
	// together is the number of groups of messages that are settled at once here, which may change; 0 where write gathers
	// itself.
	together() int
	// writeMany is write for statements with many rows each.
	writeMany(ctx context.Context, fn work) error
	// writeStatement is writeMany for a fn that runs one statement only.
	writeStatement(ctx context.Context, fn work) error
	// read returns statements that see what is committed.
	read() *statements
	// schema returns a migration in the dialect's words.
	schema(m migration) string
	// leasable is the query behind Lease, with whatever keeps two processes from leasing the same row.
	leasable() string
	// orphaned narrows leased replies down to those whose owner is not alive any more.
	orphaned() string
	// lockSchema makes the transaction wait until no other process migrates.
	lockSchema(ctx context.Context, st *statements) error
	// snapshot runs fn on statements that all see the same instant, beside whatever is being written.
	snapshot(ctx context.Context, fn work) error
	// hasTables reports whether the database holds anything.
	hasTables(ctx context.Context, st *statements) (bool, error)
	// lastNumber is the highest number ever given to a row of the table; setLastNumber goes on behind it.
	lastNumber(ctx context.Context, st *statements, t table) (int64, error)
	setLastNumber(ctx context.Context, st *statements, t table, n int64) error
	// explain says what an error of the driver means, nil when it says nothing.
	explain(err error) *bot.Error
	// truncate gives back what deleting has left behind, and reports whether nothing stood in its way.
	truncate(ctx context.Context) (bool, error)
	// size returns the bytes that the database takes.
	size(ctx context.Context) (int64, error)
	// ownShards and leaveShards share the work between processes.
	ownShards(ctx context.Context, owner string, now, end time.Time) ([]int, error)
	leaveShards(ctx context.Context, owner string) error
	// clock is an expression for the database's own time in milliseconds.
	clock() string
	// announce tells other processes, listen hears them until ctx ends.
	announce(r []Ring)
	listen(ctx context.Context, heard func(...Ring))
	close() error
}

// work is what happens inside a transaction.
type work func(ctx context.Context, st *statements) error

// Open opens the ledger at dsn and brings its schema up to date. A dsn that begins with postgres:// (or is a list of
// key=value words with a host) is a PostgreSQL server, anything else is the path of an SQLite file, which is made
// when it does not exist.
func Open(ctx context.Context, dsn string, keys *bot.Keyring, o Options) (*Store, error) {
	s, err := connect(ctx, dsn, keys, o)
	if err != nil {
		return nil, err
	}
	if err := s.prepare(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// connect opens the database as it is.
func connect(ctx context.Context, dsn string, keys *bot.Keyring, o Options) (*Store, error) {
	if keys == nil {
		return nil, bot.Errorf(bot.Invalid, "the ledger needs the secret key")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	db, err := dial(ctx, dsn)
	if err != nil {
		return nil, err
	}
	s := &Store{db: db, keys: keys, now: o.Now, zone: o.Zone, months: &monthRing{from: o.Months}, bell: newBell(db)}
	s.accepting = &gatherer[*acceptance]{side: func() int { return min(1, db.together()) }, size: (*acceptance).size, do: s.acceptAll}
	s.settling = &gatherer[[]*plan]{side: db.together, size: sizeOf, do: s.settleAll}
	return s, nil
}

func dial(ctx context.Context, dsn string) (dialect, error) {
	switch {
	case strings.HasPrefix(dsn, "postgres://"), strings.HasPrefix(dsn, "postgresql://"), strings.HasPrefix(dsn, "host="):
		return openPostgres(ctx, dsn)
	case dsn == "", strings.Contains(dsn, ":memory:"):
		return nil, bot.Errorf(bot.Invalid, "the database needs a file: give a path or a postgres:// address")
	case strings.Contains(dsn, "://") && !strings.HasPrefix(dsn, "sqlite://"):
		return nil, bot.Errorf(bot.Invalid, "the database address must be a path or begin with postgres://")
	}
	return openSQLite(ctx, strings.TrimPrefix(dsn, "sqlite://"))
}

func (s *Store) prepare(ctx context.Context) error {
	steps, err := migrationsIn(migrationFiles)
	if err != nil {
		return err
	}
	if err := s.migrate(ctx, steps); err != nil {
		return err
	}
	return s.checkKey(ctx)
}

// checkKey refuses a key that the ledger was not written with: with a wrong one every sealed row would be lost, and
// every person would be a new one.
func (s *Store) checkKey(ctx context.Context) error {
	const purpose, plain = "key check", "tanya"
	return s.write(ctx, "check the secret key", func(ctx context.Context, st *statements) error {
		fresh, err := s.keys.Seal(purpose, []byte(plain))
		if err != nil {
			return err
		}
		if _, err := st.exec(ctx, `INSERT INTO keycheck (id, sealed) VALUES (1, ?) ON CONFLICT DO NOTHING`, fresh); err != nil {
			return err
		}
		var sealed []byte
		if err := st.row(ctx, `SELECT sealed FROM keycheck WHERE id = 1`).Scan(&sealed); err != nil {
			return err
		}
		if _, err := s.keys.Open(purpose, sealed); err != nil {
			return bot.Errorf(bot.Invalid, "the database was written with another secret key; put the old key file back")
		}
		return nil
	})
}

// Close waits for what is under way and closes the ledger.
func (s *Store) Close() error {
	s.bell.close()
	return s.fault("close", s.db.close())
}

// write runs fn in a transaction; doing completes the sentence "the ledger could not ...".
func (s *Store) write(ctx context.Context, doing string, fn work) error {
	return s.fault(doing, s.db.write(ctx, fn))
}

// fault gives an error its class and its sentence.
func (s *Store) fault(doing string, err error) error {
	var known *bot.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &bot.Error{Class: bot.Transient, Message: fmt.Sprintf("the ledger had no time to %s", doing), Err: err}
	}
	if e := s.db.explain(err); e != nil {
		return e
	}
	return &bot.Error{Class: bot.Transient, Message: fmt.Sprintf("the ledger could not %s", doing), Err: err}
}

// seal and unseal bind a sealed value to its kind and to the row it belongs to, so that values cannot be swapped
// between rows. Errors name the kind only.
func (s *Store) seal(kind, row string, v any) ([]byte, error) {
	b, err := s.keys.SealJSON("store "+kind+" "+row, v)
	if err != nil {
		return nil, &bot.Error{Class: bot.Transient, Message: "a " + kind + " could not be sealed", Err: err}
	}
	return b, nil
}

func (s *Store) unseal(kind, row string, sealed []byte, v any) error {
	if err := s.keys.OpenJSON("store "+kind+" "+row, sealed, v); err != nil {
		return bot.Errorf(bot.Invalid, "a sealed %s does not open", kind)
	}
	return nil
}

// millis writes an instant, 0 for the zero time; instant reads it.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
