package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// waiting is what is sealed of a callback: where to reach the person.
type waiting struct {
	Channel string   `json:"channel"`
	Chat    string   `json:"chat"`
	Address string   `json:"address"`
	Lang    faq.Lang `json:"lang"`
}

// Callback is a person who wants to be told when a question has an answer.
type Callback struct {
	ID    int64
	Query int64
	Lang  faq.Lang
	Until time.Time
}

// waitMark is a chat's name in waits, so that a callback cannot be joined to a session or a reply.
func (s *Store) waitMark(chat string) string { return s.keys.Chat("wait", chat) }

func (s *Store) insertWait(ctx context.Context, st *statements, p *plan) error {
	query := p.Wait.Query
	if query == 0 {
		query = p.missed
	}
	var there int
	err := st.row(ctx, `SELECT 1 FROM queries WHERE id = ?`, query).Scan(&there)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // nothing to wait for; the reply must go out all the same
	}
	if err != nil {
		return err
	}
	until, last := p.Wait.Until, p.now.Add(bot.WaitLife)
	if until.IsZero() || until.After(last) {
		until = last
	}
	_, err = st.exec(ctx, `INSERT INTO waits (query, chat, sealed, until) VALUES (?, ?, ?, ?)
		ON CONFLICT (query, chat) DO UPDATE SET sealed = excluded.sealed, until = excluded.until`,
		query, s.waitMark(p.Message.Chat), p.wait, millis(until))
	return err
}

// Callbacks returns who waits for an answer to the query row.
func (s *Store) Callbacks(ctx context.Context, query int64) ([]Callback, error) {
	rows, err := s.db.read().rows(ctx, `SELECT id, chat, sealed, until FROM waits
		WHERE query = ? AND until > ? ORDER BY id`, query, millis(s.now()))
	all, err := collect(rows, err, func(r *sql.Rows) (Callback, error) {
		var (
			c      = Callback{Query: query}
			mark   string
			sealed []byte
			until  int64
			w      waiting
		)
		if err := r.Scan(&c.ID, &mark, &sealed, &until); err != nil {
			return c, err
		}
		c.Until = instant(until)
		err := s.unseal("wait", mark, sealed, &w)
		c.Lang = w.Lang
		return c, err
	})
	return all, s.fault("read callbacks", err)
}

// Tell puts the reply that a person waited for into the outbox and forgets the wait. Telling twice is NotFound.
func (s *Store) Tell(ctx context.Context, callback int64, r bot.Reply) error {
	now := s.now()
	var w waiting
	err := s.write(ctx, "answer a callback", func(ctx context.Context, st *statements) error {
		w = waiting{}
		var mark string
		var sealed []byte
		err := st.row(ctx, `DELETE FROM waits WHERE id = ? AND until > ? RETURNING chat, sealed`, callback, millis(now)).Scan(&mark, &sealed)
		if errors.Is(err, sql.ErrNoRows) {
			return bot.Errorf(bot.NotFound, "nobody waits for this answer any more")
		}
		if err != nil {
			return err
		}
		if err := s.unseal("wait", mark, sealed, &w); err != nil {
			return err
		}
		address, err := s.seal("address", w.Chat, w.Address)
		if err != nil {
			return err
		}
		reply, err := s.seal("reply", w.Chat, parcel{Reply: r})
		if err != nil {
			return err
		}
		return insertReply(ctx, st, w.Channel, w.Chat, address, reply, now)
	})
	if err != nil {
		return err
	}
	s.bell.ring(Ring{Work: OutboxWork, Channel: w.Channel})
	return nil
}
