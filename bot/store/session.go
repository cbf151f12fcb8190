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

// keepSessions stores the sessions of a run with their trails, or erases them.
func (s *Store) keepSessions(ctx context.Context, st *statements, run []*plan) error {
	before, err := s.trails(ctx, st, run)
	if err != nil {
		return err
	}
	var rows [][]any
	var now time.Time
	for _, p := range run {
		chat := p.Message.Chat
		if p.Session == nil {
			if _, err := st.exec(ctx, `DELETE FROM sessions WHERE chat = ?`, chat); err != nil {
				return err
			}
			continue
		}
		sealed := p.session
		if p.missed != 0 {
			session := *p.Session
			session.LastMiss = p.missed
			if sealed, err = s.seal("session", chat, session); err != nil {
				return err
			}
		}
		var sealedTrail []byte
		if len(p.added) > 0 {
			steps := append(before[chat], p.added...)
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
		rows = append(rows, []any{chat, sealed, sealedTrail, millis(updated.Add(bot.SessionLife))})
		if p.now.After(now) {
			now = p.now
		}
	}
	// A trail is carried on only while its session lived.
	return st.each(ctx, `INSERT INTO sessions (chat, sealed, trail, until) VALUES (?, ?, ?, ?)
		ON CONFLICT (chat) DO UPDATE SET sealed = excluded.sealed, until = excluded.until,
		trail = CASE WHEN sessions.until > ? THEN COALESCE(excluded.trail, sessions.trail) ELSE excluded.trail END`,
		rows, millis(now))
}

// trails returns, by chat, the questions of the conversations that go on in the run.
func (s *Store) trails(ctx context.Context, st *statements, run []*plan) (map[string][]step, error) {
	now := map[string]time.Time{}
	var chats []string
	for _, p := range run {
		if p.Session != nil && len(p.added) > 0 {
			chats = append(chats, p.Message.Chat)
			now[p.Message.Chat] = p.now
		}
	}
	if len(chats) == 0 {
		return nil, nil
	}
	rows, err := st.rows(ctx, `SELECT chat, trail, until FROM sessions WHERE chat`+st.among(), list(st, chats))
	type found struct {
		chat   string
		sealed []byte
		until  int64
	}
	all, err := collect(rows, err, func(r *sql.Rows) (f found, err error) {
		err = r.Scan(&f.chat, &f.sealed, &f.until)
		return f, err
	})
	if err != nil {
		return nil, err
	}
	out := map[string][]step{}
	for _, f := range all {
		if f.until > millis(now[f.chat]) {
			out[f.chat] = s.steps(f.chat, f.sealed, now[f.chat])
		}
	}
	return out, nil
}

// trail returns the questions of the chat's conversation that are not older than a session may be.
func (s *Store) trail(ctx context.Context, st *statements, chat string, now time.Time) ([]step, error) {
	var sealed []byte
	err := st.row(ctx, `SELECT trail FROM sessions WHERE chat = ? AND until > ?`, chat, millis(now)).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return s.steps(chat, sealed, now), err
}

// steps opens a trail; one that does not open holds nothing that could be found by it.
func (s *Store) steps(chat string, sealed []byte, now time.Time) (recent []step) {
	var all trail
	if sealed == nil || s.unseal("trail", chat, sealed, &all) != nil {
		return nil
	}
	for _, one := range all.Steps {
		if now.Sub(one.Hour) < bot.SessionLife {
			recent = append(recent, one)
		}
	}
	return recent
}
