package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tanya/bot"
)

// Edition is one published state of all that the office answers. It is written once and never changed.
type Edition struct {
	Number    int64
	Hash      string
	Signature []byte
	Published time.Time
	Content   []byte // nil in lists
	Note      string
	Author    string
}

// PutEdition publishes an edition. Its number must follow the newest one; when a colleague was faster it is a
// Conflict.
func (s *Store) PutEdition(ctx context.Context, e Edition) error {
	err := s.write(ctx, "publish an edition", func(ctx context.Context, st *statements) error {
		var newest int64
		if err := st.row(ctx, `SELECT COALESCE(MAX(number), 0) FROM editions`).Scan(&newest); err != nil {
			return err
		}
		if e.Number != newest+1 {
			return bot.Errorf(bot.Conflict, "edition %d cannot follow edition %d; somebody published meanwhile", e.Number, newest)
		}
		_, err := st.exec(ctx, `INSERT INTO editions (number, hash, signature, published, content, note, author)
			VALUES (?, ?, ?, ?, ?, ?, ?)`,
			e.Number, e.Hash, filled(e.Signature), millis(e.Published), filled(e.Content), e.Note, e.Author)
		return err
	})
	if err == nil {
		s.bell.ring(Ring{Work: ContentWork})
	}
	return err
}

// filled makes empty what is nil, for columns that hold no NULL.
func filled(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// Editions lists all editions, newest first, without their content.
func (s *Store) Editions(ctx context.Context) ([]Edition, error) {
	rows, err := s.db.read().rows(ctx, `SELECT number, hash, signature, published, NULL, note, author
		FROM editions ORDER BY number DESC`)
	all, err := collect(rows, err, scanEdition)
	return all, s.fault("list editions", err)
}

// Edition returns one edition, NotFound when there is none of that number.
func (s *Store) Edition(ctx context.Context, number int64) (Edition, error) {
	return s.edition(ctx, `SELECT number, hash, signature, published, content, note, author
		FROM editions WHERE number = ?`, number)
}

// Newest returns the newest edition, NotFound when none was published.
func (s *Store) Newest(ctx context.Context) (Edition, error) {
	return s.edition(ctx, `SELECT number, hash, signature, published, content, note, author
		FROM editions ORDER BY number DESC LIMIT 1`)
}

func (s *Store) edition(ctx context.Context, query string, args ...any) (Edition, error) {
	rows, err := s.db.read().rows(ctx, query, args...)
	all, err := collect(rows, err, scanEdition)
	if err != nil {
		return Edition{}, s.fault("read an edition", err)
	}
	if len(all) == 0 {
		return Edition{}, bot.Errorf(bot.NotFound, "there is no such edition")
	}
	return all[0], nil
}

func scanEdition(r *sql.Rows) (e Edition, err error) {
	var published int64
	err = r.Scan(&e.Number, &e.Hash, &e.Signature, &published, &e.Content, &e.Note, &e.Author)
	e.Published = instant(published)
	return e, err
}

// Withdrawal takes an entry out of service at once, whatever the edition says.
type Withdrawal struct {
	Entry  string
	At     time.Time
	By     string
	Reason string
	Until  time.Time // when the entry comes back by itself; zero: when it is restored
}

// Withdraw takes an entry out of service. One that is out already stays out, with the newer reason and end.
func (s *Store) Withdraw(ctx context.Context, w Withdrawal) error {
	if w.Entry == "" {
		return bot.Errorf(bot.Invalid, "a withdrawal must name an entry")
	}
	err := s.write(ctx, "withdraw an entry", func(ctx context.Context, st *statements) error {
		if err := lift(ctx, st, w.Entry, w.By, w.At); err != nil && !errors.Is(err, errNotOut) {
			return err
		}
		_, err := st.exec(ctx, `INSERT INTO withdrawals (entry, at, author, reason, until) VALUES (?, ?, ?, ?, ?)`,
			w.Entry, millis(w.At), w.By, w.Reason, millis(w.Until))
		return err
	})
	if err == nil {
		s.bell.ring(Ring{Work: ContentWork})
	}
	return err
}

// Restore puts an entry back into service, NotFound when it was not out.
func (s *Store) Restore(ctx context.Context, entry, by string, at time.Time) error {
	err := s.write(ctx, "restore an entry", func(ctx context.Context, st *statements) error {
		err := lift(ctx, st, entry, by, at)
		if errors.Is(err, errNotOut) {
			return bot.Errorf(bot.NotFound, "this entry is not withdrawn")
		}
		return err
	})
	if err == nil {
		s.bell.ring(Ring{Work: ContentWork})
	}
	return err
}

var errNotOut = errors.New("not withdrawn")

func lift(ctx context.Context, st *statements, entry, by string, at time.Time) error {
	n, err := st.exec(ctx, `UPDATE withdrawals SET lifted = ?, lifted_by = ? WHERE entry = ? AND lifted = 0`, millis(at), by, entry)
	if err == nil && n == 0 {
		return errNotOut
	}
	return err
}

// Withdrawn lists the entries that are out of service at now.
func (s *Store) Withdrawn(ctx context.Context, now time.Time) ([]Withdrawal, error) {
	rows, err := s.db.read().rows(ctx, `SELECT entry, at, author, reason, until FROM withdrawals
		WHERE lifted = 0 AND (until = 0 OR until > ?) ORDER BY id`, millis(now))
	all, err := collect(rows, err, func(r *sql.Rows) (w Withdrawal, err error) {
		var at, until int64
		err = r.Scan(&w.Entry, &at, &w.By, &w.Reason, &until)
		w.At, w.Until = instant(at), instant(until)
		return w, err
	})
	return all, s.fault("list withdrawn entries", err)
}
