package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"tanya/bot"
)

// parcel is what is sealed of a reply on its way out.
type parcel struct {
	Reply   bot.Reply `json:"reply"`
	ReplyTo string    `json:"reply_to,omitempty"`
}

// insertReply puts a sealed reply into the outbox. It is due at once, whatever the clock does until then.
func insertReply(ctx context.Context, st *statements, channel, chat string, address, reply []byte, now time.Time) error {
	return st.each(ctx, replyInsert, [][]any{replyRow(channel, chat, address, reply, now)})
}

const replyInsert = `INSERT INTO outbox (channel, chat, address, reply, state, due, created, until)
	VALUES (?, ?, ?, ?, 'waiting', 0, ?, ?)`

func replyRow(channel, chat string, address, reply []byte, now time.Time) []any {
	return []any{channel, chat, address, reply, millis(now), millis(now.Add(bot.SessionLife))}
}

// cancel takes back what waits to be sent to the chat. What is leased may be on the wire already and stays.
func cancel(ctx context.Context, st *statements, chat string) error {
	_, err := st.exec(ctx, `UPDATE outbox SET state = 'cancelled', address = NULL, reply = NULL
		WHERE chat = ? AND state = 'waiting'`, chat)
	return err
}

// Lease hands out replies that are due; see bot.Outbox. A reply whose lease has ended is due again. One that waits
// behind an earlier reply of its chat is not, whatever state that one is in.
func (s *Store) Lease(ctx context.Context, channel, owner string, limit int, now, end time.Time) ([]bot.Outgoing, error) {
	due, err := s.anyDue(ctx, channel, now)
	if err != nil || !due {
		return nil, err // an idle channel does not write
	}
	var leased []bot.Outgoing
	err = s.write(ctx, "lease replies", func(ctx context.Context, st *statements) error {
		leased = nil
		rows, err := st.rows(ctx, s.db.leasable(), channel, millis(now), limit)
		leased, err = collect(rows, err, s.scanOutgoing)
		if err != nil {
			return err
		}
		for i := range leased {
			leased[i].Attempt++
			_, err := st.exec(ctx, `UPDATE outbox SET state = 'leased', owner = ?, due = ?, attempts = attempts + 1
				WHERE id = ?`, owner, millis(end), leased[i].ID)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return leased, nil
}

func (s *Store) anyDue(ctx context.Context, channel string, now time.Time) (bool, error) {
	var there int
	err := s.db.read().row(ctx, `SELECT 1 FROM outbox
		WHERE channel = ? AND state IN ('waiting', 'leased') AND due <= ? LIMIT 1`, channel, millis(now)).Scan(&there)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, s.fault("look for replies", err)
}

// leasable selects what Lease may hand out; PostgreSQL adds a lock to it.
const leasable = `SELECT o.id, o.channel, o.chat, o.address, o.reply, o.platform, o.created, o.attempts, o.state
	FROM outbox o
	WHERE o.channel = ? AND o.state IN ('waiting', 'leased') AND o.due <= ?
	AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.chat = o.chat AND p.id < o.id AND p.state IN ('waiting', 'leased'))
	ORDER BY o.due, o.id LIMIT ?`

// Prepare stores the id that the reply is going to have on its platform; see bot.Outbox.
func (s *Store) Prepare(ctx context.Context, id int64, platform string) error {
	sealed, err := s.seal("platform id", "", platform)
	if err != nil {
		return err
	}
	return s.write(ctx, "prepare a reply", func(ctx context.Context, st *statements) error {
		n, err := st.exec(ctx, `UPDATE outbox SET platform = ? WHERE id = ? AND state = 'leased'`, sealed, id)
		if err == nil && n == 0 {
			return bot.Errorf(bot.Conflict, "the reply is not leased any more")
		}
		return err
	})
}

// Finish records what became of leased replies; see bot.Outbox. A reply that is not leased any more keeps its state,
// with one exception: what was delivered is delivered, even when the lease had ended before it was said.
func (s *Store) Finish(ctx context.Context, all ...bot.Delivery) error {
	now := s.now()
	platform := make([][]byte, len(all))
	for i, d := range all {
		if d.Platform == "" {
			continue
		}
		sealed, err := s.seal("platform id", "", d.Platform)
		if err != nil {
			return err
		}
		platform[i] = sealed
	}
	return s.write(ctx, "finish replies", func(ctx context.Context, st *statements) error {
		for i, d := range all {
			if err := finish(ctx, st, d, platform[i], now); err != nil {
				return err
			}
		}
		return nil
	})
}

func finish(ctx context.Context, st *statements, d bot.Delivery, platform []byte, now time.Time) error {
	var err error
	switch d.State {
	case bot.Delivered:
		_, err = st.exec(ctx, `UPDATE outbox SET state = 'delivered', owner = '', address = NULL, reason = '',
			platform = COALESCE(?, platform) WHERE id = ? AND state IN ('waiting', 'leased')`, platform, d.ID)
	case bot.Dead:
		_, err = st.exec(ctx, `UPDATE outbox SET state = 'dead', owner = '', address = NULL, reply = NULL, reason = ?,
			until = ? WHERE id = ? AND state = 'leased'`, d.Reason, millis(now.Add(DeadLife)), d.ID)
	case bot.Retry, bot.Postponed:
		var chat string
		uncounted := 0
		if d.State == bot.Postponed {
			uncounted = 1
		}
		err = st.row(ctx, `UPDATE outbox SET state = 'waiting', owner = '', due = ?, reason = ?, attempts = attempts - ?,
			platform = COALESCE(?, platform) WHERE id = ? AND state = 'leased' RETURNING chat`,
			millis(d.RetryAt), d.Reason, uncounted, platform, d.ID).Scan(&chat)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		// What waits behind it need not be looked at before, which keeps leasing cheap while a channel is down.
		_, err = st.exec(ctx, `UPDATE outbox SET due = ? WHERE chat = ? AND state = 'waiting' AND due < ?`,
			millis(d.RetryAt), chat, millis(d.RetryAt))
	default:
		return bot.Errorf(bot.Invalid, "a delivery cannot be %q", d.State)
	}
	return err
}

// Replies returns what was sent to the chat, or is being sent, after the reply with the number after. It reaches
// back as long as a session lives. A reply that may not be said any more is left out: showing it again would be
// saying it.
func (s *Store) Replies(ctx context.Context, chat string, after int64, limit int) ([]bot.Outgoing, error) {
	now := s.now()
	rows, err := s.db.read().rows(ctx, `SELECT id, channel, chat, address, reply, platform, created, attempts, state
		FROM outbox WHERE chat = ? AND id > ? AND state IN ('delivered', 'leased') AND reply IS NOT NULL AND until > ?
		ORDER BY id LIMIT ?`, chat, after, millis(now), limit)
	all, err := collect(rows, err, s.scanOutgoing)
	if err != nil {
		return nil, s.fault("read replies", err)
	}
	return slices.DeleteFunc(all, func(o bot.Outgoing) bool {
		return !o.Reply.Expires.IsZero() && !now.Before(o.Reply.Expires)
	}), nil
}

func (s *Store) scanOutgoing(r *sql.Rows) (bot.Outgoing, error) {
	var (
		o                        bot.Outgoing
		address, reply, platform []byte
		created                  int64
		state                    string
		p                        parcel
	)
	if err := r.Scan(&o.ID, &o.Channel, &o.Chat, &address, &reply, &platform, &created, &o.Attempt, &state); err != nil {
		return o, err
	}
	o.Created = instant(created)
	if err := s.unseal("reply", o.Chat, reply, &p); err != nil {
		return o, err
	}
	o.Reply, o.ReplyTo = p.Reply, p.ReplyTo
	if address != nil {
		if err := s.unseal("address", o.Chat, address, &o.Address); err != nil {
			return o, err
		}
	}
	if platform != nil {
		return o, s.unseal("platform id", "", platform, &o.Platform)
	}
	return o, nil
}
