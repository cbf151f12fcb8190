package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// RepeatLife is how long the mark of a settled message is kept at least, so that a platform's repeat is recognised.
const RepeatLife = 7 * 24 * time.Hour

// brokenCounter counts the messages that could not be read.
const brokenCounter = "broken"

// envelope is what an inbox row keeps of a message that waits to be answered.
type envelope struct {
	External string    `json:"external"`
	Address  string    `json:"address"`
	Kind     bot.Kind  `json:"kind"`
	Text     string    `json:"text,omitempty"`
	Choice   string    `json:"choice,omitempty"`
	Lang     faq.Lang  `json:"lang,omitempty"`
	Sent     time.Time `json:"sent,omitzero"`
}

// arrival is a message made ready for its row.
type arrival struct {
	mark, chat string
	shard      int
	sealed     []byte
	received   time.Time
	broken     bool
}

// Accept commits the batch and its cursor; see bot.Inbox.
func (s *Store) Accept(ctx context.Context, b bot.Batch) ([]int, error) {
	arrivals := make([]arrival, 0, len(b.Messages))
	for _, m := range b.Messages {
		a, err := s.arrive(b.Channel, m)
		if err != nil {
			return nil, err
		}
		arrivals = append(arrivals, a)
	}
	var shards []int
	err := s.write(ctx, "accept messages", func(ctx context.Context, st *statements) error {
		shards = nil
		for _, a := range arrivals {
			fresh, err := s.insertArrival(ctx, st, b.Channel, a)
			if err != nil {
				return err
			}
			if fresh && !a.broken {
				shards = append(shards, a.shard)
			}
		}
		if b.Cursor == "" {
			return nil
		}
		_, err := st.exec(ctx, `INSERT INTO cursors (channel, position) VALUES (?, ?)
			ON CONFLICT (channel) DO UPDATE SET position = excluded.position`, b.Channel, b.Cursor)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(shards)
	shards = slices.Compact(shards)
	for _, n := range shards {
		s.bell.ring(Ring{Work: InboxWork, Shard: n})
	}
	return shards, nil
}

func (s *Store) arrive(channel string, m bot.Message) (arrival, error) {
	if channel == "" || (m.Channel != "" && m.Channel != channel) {
		return arrival{}, bot.Errorf(bot.Invalid, "a batch must hold messages of its own channel")
	}
	if m.External == "" {
		return arrival{}, bot.Errorf(bot.Invalid, "a message from %s has no id, so a repeat could not be recognised", channel)
	}
	a := arrival{
		// The keyring's other name for a channel keeps marks apart from chats.
		mark:     s.keys.Chat(channel+" message", m.External),
		chat:     s.keys.Chat(channel, m.Address),
		received: m.Received,
		broken:   m.Kind == bot.Broken,
	}
	if a.received.IsZero() {
		a.received = s.now()
	}
	a.shard = bot.Shard(a.chat)
	if a.broken {
		return a, nil
	}
	var err error
	a.sealed, err = s.seal("message", a.mark, envelope{
		External: m.External, Address: m.Address, Kind: m.Kind, Text: m.Text, Choice: m.Choice, Lang: m.Lang, Sent: m.Sent,
	})
	return a, err
}

// insertArrival stores the message unless it was accepted before. A broken one is settled at once.
func (s *Store) insertArrival(ctx context.Context, st *statements, channel string, a arrival) (fresh bool, err error) {
	chat, received, until := a.chat, millis(a.received), int64(0)
	if a.broken {
		chat, received, until = "", 0, millis(markEnd(s.now()))
	}
	n, err := st.exec(ctx, `INSERT INTO inbox (channel, external, chat, shard, sealed, received, until)
		VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (channel, external) DO NOTHING`,
		channel, a.mark, chat, a.shard, a.sealed, received, until)
	if err == nil && n > 0 && a.broken {
		err = count(ctx, st, brokenCounter, a.shard, 1)
	}
	return n > 0, err
}

// markEnd returns when the mark of a message that is settled now may go: after RepeatLife, rounded up to the hour,
// because the exact instant would tell which query row it belongs to.
func markEnd(now time.Time) time.Time {
	return now.Add(RepeatLife + time.Hour - 1).Truncate(time.Hour)
}

// Cursor returns the channel's last committed cursor; see bot.Accepter.
func (s *Store) Cursor(ctx context.Context, channel string) (string, error) {
	var position string
	err := s.db.read().row(ctx, `SELECT position FROM cursors WHERE channel = ?`, channel).Scan(&position)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return position, s.fault("read the cursor", err)
}

// Claim returns the oldest messages of the shard that wait; see bot.Inbox. A row that does not open any more comes
// back as Broken, so that it does not hold up the others.
func (s *Store) Claim(ctx context.Context, shard, limit int) ([]bot.Pending, error) {
	rows, err := s.db.read().rows(ctx, `SELECT i.seq, i.channel, i.external, i.chat, i.sealed, i.received, c.sealed
		FROM inbox i LEFT JOIN sessions c ON c.chat = i.chat AND c.until > ?
		WHERE i.shard = ? AND i.until = 0 ORDER BY i.seq LIMIT ?`, millis(s.now()), shard, limit)
	pending, err := collect(rows, err, s.scanPending)
	return pending, s.fault("read waiting messages", err)
}

func (s *Store) scanPending(r *sql.Rows) (bot.Pending, error) {
	var (
		p               bot.Pending
		mark            string
		sealed, session []byte
		received        int64
		e               envelope
	)
	m := &p.Message
	if err := r.Scan(&m.Seq, &m.Channel, &mark, &m.Chat, &sealed, &received, &session); err != nil {
		return p, err
	}
	m.Received = instant(received)
	if err := s.unseal("message", mark, sealed, &e); err != nil {
		m.Kind = bot.Broken
		return p, nil
	}
	m.External, m.Address, m.Kind, m.Text, m.Choice, m.Lang, m.Sent = e.External, e.Address, e.Kind, e.Text, e.Choice, e.Lang, e.Sent
	if session != nil && s.unseal("session", m.Chat, session, &p.Session) != nil {
		p.Session = bot.Session{} // a person greeted twice is better than one never answered
	}
	return p, nil
}

// count adds to a counter.
func count(ctx context.Context, st *statements, name string, shard, n int) error {
	_, err := st.exec(ctx, `INSERT INTO counters (name, shard, n) VALUES (?, ?, ?)
		ON CONFLICT (name, shard) DO UPDATE SET n = counters.n + excluded.n`, name, shard, n)
	return err
}
