package store

import (
	"context"
	"database/sql"
	"time"

	"tanya/bot"
)

// Staff returns all members of staff, by login.
func (d *Desk) Staff(ctx context.Context) ([]bot.Staff, error) {
	rows, err := d.s.db.read().rows(ctx, `SELECT login, sealed, version FROM staff ORDER BY login`)
	all, err := collect(rows, err, d.scanStaff)
	return all, d.s.fault("list staff", err)
}

// Member returns one member of staff, NotFound when there is none of that login.
func (d *Desk) Member(ctx context.Context, login string) (bot.Staff, error) {
	rows, err := d.s.db.read().rows(ctx, `SELECT login, sealed, version FROM staff WHERE login = ?`, login)
	all, err := collect(rows, err, d.scanStaff)
	if err != nil {
		return bot.Staff{}, d.s.fault("read staff", err)
	}
	if len(all) == 0 {
		return bot.Staff{}, bot.Errorf(bot.NotFound, "Petugas ini tidak ada.")
	}
	return all[0], nil
}

func (d *Desk) scanStaff(r *sql.Rows) (m bot.Staff, err error) {
	var login string
	var sealed []byte
	var version int64
	if err := r.Scan(&login, &sealed, &version); err != nil {
		return m, err
	}
	err = d.s.unseal("staff", login, sealed, &m)
	m.Login, m.Version = login, version
	return m, err
}

// SaveStaff adds a member whose version is 0, or changes one. When somebody else changed the member meanwhile it is a
// Conflict. A member who is disabled, or whose way in changed, loses all sessions when end is set.
func (d *Desk) SaveStaff(ctx context.Context, m bot.Staff, end bool, line bot.Audit) error {
	sealed, err := d.s.seal("staff", m.Login, m)
	if err != nil {
		return err
	}
	return d.write(ctx, "save staff", line, func(ctx context.Context, st *statements) error {
		var n int64
		var err error
		if m.Version == 0 {
			n, err = st.exec(ctx, `INSERT INTO staff (login, sealed, version) VALUES (?, ?, 1) ON CONFLICT DO NOTHING`, m.Login, sealed)
		} else {
			n, err = st.exec(ctx, `UPDATE staff SET sealed = ?, version = version + 1 WHERE login = ? AND version = ?`, sealed, m.Login, m.Version)
		}
		if err != nil {
			return err
		}
		if n == 0 {
			return bot.Errorf(bot.Conflict, "Data petugas ini baru saja diubah atau namanya sudah dipakai. Muat ulang halaman lalu coba lagi.")
		}
		if end {
			_, err = st.exec(ctx, `DELETE FROM staff_sessions WHERE login = ?`, m.Login)
		}
		return err
	})
}

// Enter stores a new session.
func (d *Desk) Enter(ctx context.Context, v bot.StaffSession, line bot.Audit) error {
	sealed, err := d.s.seal("staff session", v.Key, v)
	if err != nil {
		return err
	}
	return d.write(ctx, "begin a session", line, func(ctx context.Context, st *statements) error {
		_, err := st.exec(ctx, `INSERT INTO staff_sessions (key, login, sealed, seen, until) VALUES (?, ?, ?, ?, ?)`,
			v.Key, v.Login, sealed, millis(v.Seen), millis(v.Created.Add(bot.StaffLife)))
		return err
	})
}

// seenStep is how exactly the last request of a session is known; a write for every request would be too many.
const seenStep = time.Minute

// Visit returns the session with the key, if it is alive, and notes that it was used.
func (d *Desk) Visit(ctx context.Context, key string, now time.Time) (bot.StaffSession, error) {
	rows, err := d.s.db.read().rows(ctx, `SELECT key, login, sealed, seen FROM staff_sessions WHERE key = ?`, key)
	all, err := collect(rows, err, d.scanSession)
	if err != nil {
		return bot.StaffSession{}, d.s.fault("read a session", err)
	}
	if len(all) == 0 || !all[0].Live(now) {
		return bot.StaffSession{}, bot.Errorf(bot.NotFound, "Sesi sudah berakhir.")
	}
	v := all[0]
	if now.Sub(v.Seen) < seenStep {
		return v, nil
	}
	v.Seen = now
	return v, d.write(ctx, "note a session", bot.Audit{}, func(ctx context.Context, st *statements) error {
		_, err := st.exec(ctx, `UPDATE staff_sessions SET seen = ? WHERE key = ?`, millis(now), key)
		return err
	})
}

// Leave ends one session of the member, or all when key is "". What has ended by itself is cleared away too.
func (d *Desk) Leave(ctx context.Context, login, key string, line bot.Audit) error {
	now := d.s.now()
	return d.write(ctx, "end a session", line, func(ctx context.Context, st *statements) error {
		_, err := st.exec(ctx, `DELETE FROM staff_sessions WHERE (login = ? AND (key = ? OR ? = '')) OR until <= ? OR seen <= ?`,
			login, key, key, millis(now), millis(now.Add(-bot.StaffIdle)))
		return err
	})
}

// Visits lists the living sessions, newest first; login "" means everybody's.
func (d *Desk) Visits(ctx context.Context, login string, now time.Time) ([]bot.StaffSession, error) {
	rows, err := d.s.db.read().rows(ctx, `SELECT key, login, sealed, seen FROM staff_sessions
		WHERE (login = ? OR ? = '') AND until > ? AND seen > ? ORDER BY seen DESC`, login, login, millis(now), millis(now.Add(-bot.StaffIdle)))
	all, err := collect(rows, err, d.scanSession)
	return all, d.s.fault("list sessions", err)
}

func (d *Desk) scanSession(r *sql.Rows) (v bot.StaffSession, err error) {
	var key, login string
	var sealed []byte
	var seen int64
	if err := r.Scan(&key, &login, &sealed, &seen); err != nil {
		return v, err
	}
	err = d.s.unseal("staff session", key, sealed, &v)
	v.Key, v.Seen = key, instant(seen)
	if err == nil && v.Login != login {
		err = bot.Errorf(bot.Invalid, "a session was tampered with")
	}
	return v, err
}
