package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tanya/bot"
)

// Desk is the ledger as the staff's pages use it, in the hall's nouns. What changes people,
// the draft, proposals or editions also writes its line of the audit, in the same transaction.
type Desk struct{ s *Store }

// Desk returns the staff's side of the ledger.
func (s *Store) Desk() *Desk { return &Desk{s} }

// write runs fn and then adds the audit line, if it has an action, all in one transaction.
func (d *Desk) write(ctx context.Context, doing string, line bot.Audit, fn work) error {
	return d.s.write(ctx, doing, func(ctx context.Context, st *statements) error {
		if fn != nil {
			if err := fn(ctx, st); err != nil {
				return err
			}
		}
		if line.Action == "" {
			return nil
		}
		return d.append(ctx, st, line)
	})
}

// append adds a line to the audit.
func (d *Desk) append(ctx context.Context, st *statements, line bot.Audit) error {
	// The row of the head is the lock: two processes may not both follow the same line.
	if _, err := st.exec(ctx, `INSERT INTO audit_head (id, sealed) VALUES (1, ?) ON CONFLICT DO NOTHING`, []byte{}); err != nil {
		return err
	}
	if _, err := st.exec(ctx, `UPDATE audit_head SET id = 1 WHERE id = 1`); err != nil {
		return err
	}
	head, err := d.head(ctx, st)
	if err != nil {
		return err
	}
	if line.At.IsZero() {
		line.At = d.s.now()
	}
	line = line.Link(head)
	_, err = st.exec(ctx, `INSERT INTO audit (seq, at, actor, action, object, detail, prev, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		line.Seq, millis(line.At), line.Actor, line.Action, line.Object, line.Detail, line.Prev, line.Hash)
	if err != nil {
		return err
	}
	sealed, err := d.s.seal("audit head", "1", bot.AuditHead{Seq: line.Seq, Hash: line.Hash})
	if err != nil {
		return err
	}
	_, err = st.exec(ctx, `UPDATE audit_head SET sealed = ? WHERE id = 1`, sealed)
	return err
}

// head returns the sealed end of the audit.
func (d *Desk) head(ctx context.Context, st *statements) (bot.AuditHead, error) {
	var sealed []byte
	var h bot.AuditHead
	err := st.row(ctx, `SELECT sealed FROM audit_head WHERE id = 1`).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) || (err == nil && len(sealed) == 0) {
		return h, nil
	}
	if err != nil {
		return h, err
	}
	return h, d.s.unseal("audit head", "1", sealed, &h)
}

// Log adds a line to the audit.
func (d *Desk) Log(ctx context.Context, line bot.Audit) error {
	return d.write(ctx, "write the audit", line, nil)
}

// Trail returns lines of the audit before a number (0: from the newest on), newest first.
func (d *Desk) Trail(ctx context.Context, before int64, limit int) ([]bot.Audit, error) {
	if before == 0 {
		before = 1 << 62
	}
	rows, err := d.s.db.read().rows(ctx, `SELECT seq, at, actor, action, object, detail, prev, hash FROM audit
		WHERE seq < ? ORDER BY seq DESC LIMIT ?`, before, limit)
	all, err := collect(rows, err, scanAudit)
	return all, d.s.fault("read the audit", err)
}

// VerifyAudit checks the whole audit and returns how many lines it has. The error says in a sentence what is wrong.
func (d *Desk) VerifyAudit(ctx context.Context) (int64, error) {
	st := d.s.db.read()
	head, err := d.head(ctx, st) // before the lines: those that are added meanwhile stand behind it
	if err != nil {
		return 0, bot.Errorf(bot.Conflict, "Segel ujung catatan rusak atau dibuat dengan kunci lain.")
	}
	var c bot.Chain
	for c.Head.Seq < head.Seq {
		rows, err := st.rows(ctx, `SELECT seq, at, actor, action, object, detail, prev, hash FROM audit
			WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT 500`, c.Head.Seq, head.Seq)
		lines, err := collect(rows, err, scanAudit)
		if err != nil {
			return c.Head.Seq, d.s.fault("read the audit", err)
		}
		if len(lines) == 0 {
			break
		}
		for _, line := range lines {
			if err := c.Add(line); err != nil {
				return c.Head.Seq, err
			}
		}
	}
	if head.Seq == 0 {
		var n int64
		if err := st.row(ctx, `SELECT COUNT(*) FROM audit`).Scan(&n); err != nil {
			return 0, d.s.fault("read the audit", err)
		}
		if n > 0 {
			return 0, bot.Errorf(bot.Conflict, "Segel ujung catatan hilang.")
		}
	}
	return c.Head.Seq, c.End(head)
}

func scanAudit(r *sql.Rows) (a bot.Audit, err error) {
	var at int64
	err = r.Scan(&a.Seq, &at, &a.Actor, &a.Action, &a.Object, &a.Detail, &a.Prev, &a.Hash)
	a.At = instant(at)
	return a, err
}

// triesLife is how long failed attempts to sign in are remembered.
const triesLife = 24 * time.Hour

// Try registers an attempt to sign in under the name before it is looked at, and returns how long the name must wait;
// then the attempt does not count and must not be looked at.
func (d *Desk) Try(ctx context.Context, name string, now time.Time) (time.Duration, error) {
	var wait time.Duration
	key := d.s.keys.Chat("sign-in", name)
	err := d.write(ctx, "count an attempt", bot.Audit{}, func(ctx context.Context, st *statements) error {
		wait = 0
		var fails, at int64
		err := st.row(ctx, `SELECT fails, at FROM staff_tries WHERE name = ?`, key).Scan(&fails, &at)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if now.Sub(instant(at)) > triesLife {
			fails = 0
		}
		if until := instant(at).Add(bot.Throttle(int(fails))); fails > 0 && now.Before(until) {
			wait = until.Sub(now)
			return nil
		}
		if _, err := st.exec(ctx, `DELETE FROM staff_tries WHERE at <= ?`, millis(now.Add(-triesLife))); err != nil {
			return err
		}
		_, err = st.exec(ctx, `INSERT INTO staff_tries (name, fails, at) VALUES (?, ?, ?)
			ON CONFLICT (name) DO UPDATE SET fails = excluded.fails, at = excluded.at`, key, fails+1, millis(now))
		return err
	})
	return wait, err
}

// Forgive forgets the attempts of a name that has signed in.
func (d *Desk) Forgive(ctx context.Context, name string) error {
	return d.write(ctx, "forget attempts", bot.Audit{}, func(ctx context.Context, st *statements) error {
		_, err := st.exec(ctx, `DELETE FROM staff_tries WHERE name = ?`, d.s.keys.Chat("sign-in", name))
		return err
	})
}
