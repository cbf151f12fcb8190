package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"tanya/bot"
)

// step is one question of a conversation. Steps stand, sealed, on the session row and end with it: they let /hapus
// find the texts of the person who asks for it, and let a rating find its answer.
type step struct {
	Query int64     `json:"query"`
	Hour  time.Time `json:"hour"`
	Right bool      `json:"right,omitempty"` // its answer was corrected since
}

// trail is the questions of a conversation, and where its person can be reached while it lives, should an answer turn
// out to be wrong.
type trail struct {
	Channel string `json:"channel,omitempty"`
	Address string `json:"address,omitempty"`
	Steps   []step `json:"steps"`
}

// UnmarshalJSON also reads a trail of an earlier version, which was its steps alone.
func (t *trail) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, &t.Steps)
	}
	type plain trail
	return json.Unmarshal(b, (*plain)(t))
}

// trailBound is the longest trail. Nobody who wants to know something asks more often within a session's life, and
// whoever floods the service must not make its rows grow.
const trailBound = 100

// keepSession stores the session with its trail, or erases it.
func (s *Store) keepSession(ctx context.Context, st *statements, p *plan, added []step) error {
	chat := p.Message.Chat
	if p.Session == nil {
		_, err := st.exec(ctx, `DELETE FROM sessions WHERE chat = ?`, chat)
		return err
	}
	sealed := p.session
	if p.missed != 0 {
		session := *p.Session
		session.LastMiss = p.missed
		var err error
		if sealed, err = s.seal("session", chat, session); err != nil {
			return err
		}
	}
	var sealedTrail []byte
	if len(added) > 0 {
		before, err := s.trail(ctx, st, chat, p.now)
		if err != nil {
			return err
		}
		steps := append(before, added...)
		for ; len(steps) > trailBound; steps = steps[1:] {
			// What /hapus could not find any more is not kept.
			if _, err := st.exec(ctx, `DELETE FROM texts WHERE query = ?`, steps[0].Query); err != nil {
				return err
			}
		}
		if sealedTrail, err = s.seal("trail", chat, trail{p.Message.Channel, p.Message.Address, steps}); err != nil {
			return err
		}
	}
	updated := p.Session.Updated
	if updated.IsZero() {
		updated = p.now
	}
	// A trail is carried on only while its session lived.
	_, err := st.exec(ctx, `INSERT INTO sessions (chat, sealed, trail, until) VALUES (?, ?, ?, ?)
		ON CONFLICT (chat) DO UPDATE SET sealed = excluded.sealed, until = excluded.until,
		trail = CASE WHEN sessions.until > ? THEN COALESCE(excluded.trail, sessions.trail) ELSE excluded.trail END`,
		chat, sealed, sealedTrail, millis(updated.Add(bot.SessionLife)), millis(p.now))
	return err
}

// trail returns the questions of the chat's conversation that are not older than a session may be.
func (s *Store) trail(ctx context.Context, st *statements, chat string, now time.Time) ([]step, error) {
	var sealed []byte
	err := st.row(ctx, `SELECT trail FROM sessions WHERE chat = ? AND until > ?`, chat, millis(now)).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) || (err == nil && sealed == nil) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all trail
	if s.unseal("trail", chat, sealed, &all) != nil {
		return nil, nil // nothing that could be found by it
	}
	var recent []step
	for _, one := range all.Steps {
		if now.Sub(one.Hour) < bot.SessionLife {
			recent = append(recent, one)
		}
	}
	return recent, nil
}
