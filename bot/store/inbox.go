package store

import (
	"context"
	"database/sql"
	"errors"
	"maps"
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
	a := &acceptance{channel: b.Channel, cursor: b.Cursor, arrivals: arrivals}
	if err := s.accepting.make(ctx, a); err != nil {
		return nil, err
	}
	return a.shards, nil
}

// acceptance is a batch made ready to be accepted, and then the shards that have new work by it.
type acceptance struct {
	channel, cursor string
	arrivals        []arrival
	shards          []int
}

func (a *acceptance) size() int { return len(a.arrivals) }

// more says that there is more to store than messages: a cursor, or the count of those that cannot be read.
func (a *acceptance) more() bool {
	return a.cursor != "" || slices.ContainsFunc(a.arrivals, func(a arrival) bool { return a.broken })
}

// acceptAll commits batches together.
func (s *Store) acceptAll(ctx context.Context, group []*acceptance) error {
	write := s.db.writeStatement
	if slices.ContainsFunc(group, (*acceptance).more) {
		write = s.db.writeMany
	}
	err := s.fault("accept messages", write(ctx, func(ctx context.Context, st *statements) error {
		return s.insertArrivals(ctx, st, group)
	}))
	if err != nil {
		return err
	}
	rings := map[int]bool{}
	for _, a := range group {
		slices.Sort(a.shards)
		a.shards = slices.Compact(a.shards)
		for _, n := range a.shards {
			rings[n] = true
		}
	}
	for n := range rings {
		s.bell.ring(Ring{Work: InboxWork, Shard: n})
	}
	return nil
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

// insertArrivals stores the messages that were not accepted before. A broken one is settled at once.
func (s *Store) insertArrivals(ctx context.Context, st *statements, group []*acceptance) error {
	var rows [][]any
	for _, b := range group {
		b.shards = nil
		for _, a := range b.arrivals {
			chat, received, until := a.chat, millis(a.received), int64(0)
			if a.broken {
				chat, received, until = "", 0, millis(markEnd(s.now()))
			}
			rows = append(rows, []any{b.channel, a.mark, chat, int64(a.shard), a.sealed, received, until})
		}
	}
	fresh, err := st.added(ctx, `INSERT INTO inbox (channel, external, chat, shard, sealed, received, until)
		VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (channel, external) DO NOTHING`, rows, 1, "external")
	if err != nil {
		return err
	}
	counts, cursors := tally{}, map[string]string{}
	for _, b := range group {
		for _, a := range b.arrivals {
			switch {
			case fresh[0] && a.broken:
				counts[tallied{brokenCounter, a.shard}]++
			case fresh[0]:
				b.shards = append(b.shards, a.shard)
			}
			fresh = fresh[1:]
		}
		if b.cursor != "" {
			cursors[b.channel] = b.cursor
		}
	}
	for _, channel := range slices.Sorted(maps.Keys(cursors)) {
		_, err := st.exec(ctx, `INSERT INTO cursors (channel, position) VALUES (?, ?)
			ON CONFLICT (channel) DO UPDATE SET position = excluded.position`, channel, cursors[channel])
		if err != nil {
			return err
		}
	}
	return counts.store(ctx, st)
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

// countInsert adds to a counter.
const countInsert = `INSERT INTO counters (name, shard, n) VALUES (?, ?, ?)
	ON CONFLICT (name, shard) DO UPDATE SET n = counters.n + excluded.n`

func count(ctx context.Context, st *statements, name string, shard, n int) error {
	_, err := st.exec(ctx, countInsert, name, shard, n)
	return err
}
