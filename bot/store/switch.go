package store

import (
	"context"
	"database/sql"

	"tanya/bot"
)

// Switches returns the channels' switches that were ever touched.
func (s *Store) Switches(ctx context.Context) ([]bot.Switch, error) {
	rows, err := s.db.read().rows(ctx, `SELECT channel, position, actor, why, at FROM switches ORDER BY channel`)
	all, err := collect(rows, err, func(r *sql.Rows) (w bot.Switch, err error) {
		var at int64
		err = r.Scan(&w.Channel, &w.Position, &w.By, &w.Why, &at)
		w.At = instant(at)
		return w, err
	})
	return all, s.fault("read the switches", err)
}

// Turn puts a channel's switch into a position, for all processes and over restarts, and writes the audit.
func (s *Store) Turn(ctx context.Context, w bot.Switch) error {
	if w.Channel == "" || !w.Position.Valid() {
		return bot.Errorf(bot.Invalid, "there is no such position of a switch")
	}
	if w.At.IsZero() {
		w.At = s.now()
	}
	detail := string(w.Position)
	if w.Why != "" {
		detail += ": " + w.Why
	}
	line := bot.Audit{At: w.At, Actor: w.By, Action: "sakelar", Object: w.Channel, Detail: detail}
	err := s.Desk().write(ctx, "turn the switch", line, func(ctx context.Context, st *statements) error {
		_, err := st.exec(ctx, `INSERT INTO switches (channel, position, actor, why, at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (channel) DO UPDATE SET position = excluded.position, actor = excluded.actor, why = excluded.why,
			at = excluded.at`, w.Channel, string(w.Position), w.By, w.Why, millis(w.At))
		return err
	})
	if err == nil {
		s.bell.ring(Ring{Work: SwitchWork, Channel: w.Channel})
	}
	return err
}
