package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"tanya/bot"
)

// plan is a settlement with everything sealed that can be sealed before the transaction begins: the writer is the
// one place where callers wait for each other.
type plan struct {
	bot.Settlement
	now     time.Time
	shard   int
	session []byte // sealed; sealed again inside the transaction when it must name a new query row
	texts   [][]byte
	asks    []ask
	month   string // month of asks, "" when nothing is counted
	uncount bool   // there was no key to count with
	wait    []byte
	remind  []byte
	address []byte
	replies [][]byte

	missed int64 // the new query row that a callback or feedback belongs to, 0 when there is none
}

// Settle commits what follows from messages; see bot.Inbox. Where a question was not understood, LastMiss of the
// session is set to its query row, in the ledger and, after the commit, in the session that was handed in.
func (s *Store) Settle(ctx context.Context, all ...bot.Settlement) error {
	plans := make([]*plan, 0, len(all))
	for _, one := range all {
		p, err := s.plan(one)
		if err != nil {
			return err
		}
		plans = append(plans, p)
	}
	err := s.write(ctx, "settle messages", func(ctx context.Context, st *statements) error {
		counts := tally{}
		for _, p := range plans {
			p.missed = 0
			if err := s.settle(ctx, st, p, counts); err != nil {
				return err
			}
		}
		return counts.store(ctx, st)
	})
	if err != nil {
		return err
	}
	for _, p := range plans {
		if p.missed != 0 && p.Session != nil {
			p.Session.LastMiss = p.missed
		}
		if len(p.Replies) > 0 {
			s.bell.ring(Ring{Work: OutboxWork, Channel: p.Message.Channel})
		}
	}
	return nil
}

func (s *Store) plan(one bot.Settlement) (*plan, error) {
	m := one.Message
	if m.Seq == 0 || m.Chat == "" {
		return nil, bot.Errorf(bot.Invalid, "only a message from the inbox can be settled")
	}
	p := &plan{Settlement: one, now: s.now(), shard: bot.Shard(m.Chat)}
	var err error
	if p.Session != nil {
		if p.session, err = s.seal("session", m.Chat, p.Session); err != nil {
			return nil, err
		}
	}
	for _, q := range p.Queries {
		sealed, err := s.sealText(q)
		if err != nil {
			return nil, err
		}
		p.texts = append(p.texts, sealed)
	}
	s.planAsks(p)
	if p.Wait != nil {
		if p.wait, err = s.seal("wait", s.waitMark(m.Chat), waiting{m.Channel, m.Chat, m.Address, p.Wait.Lang}); err != nil {
			return nil, err
		}
	}
	if p.Remind != nil {
		if p.remind, err = s.sealReminder(m, p.Remind); err != nil {
			return nil, err
		}
	}
	if len(p.Replies) > 0 {
		if p.address, err = s.seal("address", m.Chat, m.Address); err != nil {
			return nil, err
		}
	}
	for _, r := range p.Replies {
		sealed, err := s.seal("reply", m.Chat, parcel{r, m.External})
		if err != nil {
			return nil, err
		}
		p.replies = append(p.replies, sealed)
	}
	return p, nil
}

// settle runs inside the transaction. The order matters: what is erased or cancelled is what was there before.
func (s *Store) settle(ctx context.Context, st *statements, p *plan, counts tally) error {
	chat := p.Message.Chat
	// A chat's messages are settled in their order, so that the first one covered tells of all.
	for i, seq := range append(slices.Clone(p.Covers), p.Message.Seq) {
		n, err := st.exec(ctx, `UPDATE inbox SET sealed = NULL, chat = '', received = 0, until = ? WHERE seq = ? AND until = 0`,
			millis(markEnd(p.now)), seq)
		if err != nil || i == 0 && n == 0 {
			return err // settled before: nothing changes again
		}
	}
	if p.Erase {
		if err := s.erase(ctx, st, chat, p.Message.Channel, p.now); err != nil {
			return err
		}
	}
	if p.Silence {
		if err := cancel(ctx, st, chat); err != nil {
			return err
		}
		// Whoever wants silence does not want to be told later either.
		if _, err := st.exec(ctx, `DELETE FROM waits WHERE chat = ?`, s.waitMark(chat)); err != nil {
			return err
		}
		if err := s.forgetReminders(ctx, st, chat); err != nil {
			return err
		}
	}
	added, err := s.insertQueries(ctx, st, p, counts)
	if err != nil {
		return err
	}
	if p.Rating != "" {
		if err := s.rate(ctx, st, p, added); err != nil {
			return err
		}
	}
	if err := s.keepSession(ctx, st, p, added); err != nil {
		return err
	}
	if p.Wait != nil {
		if err := s.insertWait(ctx, st, p); err != nil {
			return err
		}
	}
	if p.Remind != nil {
		if err := s.insertReminder(ctx, st, p); err != nil {
			return err
		}
	}
	for _, sealed := range p.replies {
		if err := insertReply(ctx, st, p.Message.Channel, chat, p.address, sealed, p.now); err != nil {
			return err
		}
	}
	return nil
}

// erase forgets what still belongs to the chat. Rows on their way out stay: they hold the reply to the wish itself.
func (s *Store) erase(ctx context.Context, st *statements, chat, channel string, now time.Time) error {
	trail, err := s.trail(ctx, st, chat, now)
	if err != nil {
		return err
	}
	for _, step := range trail {
		if _, err := st.exec(ctx, `DELETE FROM texts WHERE query = ?`, step.Query); err != nil {
			return err
		}
	}
	if err := s.eraseAsks(ctx, st, channel, chat); err != nil {
		return err
	}
	if _, err := st.exec(ctx, `DELETE FROM waits WHERE chat = ?`, s.waitMark(chat)); err != nil {
		return err
	}
	if err := s.forgetReminders(ctx, st, chat); err != nil {
		return err
	}
	if _, err := st.exec(ctx, `DELETE FROM outbox WHERE chat = ? AND state NOT IN ('waiting', 'leased')`, chat); err != nil {
		return err
	}
	_, err = st.exec(ctx, `DELETE FROM sessions WHERE chat = ?`, chat)
	return err
}

// tally gathers what a transaction counts, so that a batch touches each counter once.
type tally map[tallied]int

type tallied struct {
	name  string
	shard int
}

func (t tally) store(ctx context.Context, st *statements) error {
	// In a fixed order, so that two processes cannot wait for each other in a circle.
	names := make([]tallied, 0, len(t))
	for k := range t {
		names = append(names, k)
	}
	slices.SortFunc(names, func(a, b tallied) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.shard, b.shard))
	})
	for _, k := range names {
		if err := count(ctx, st, k.name, k.shard, t[k]); err != nil {
			return err
		}
	}
	return nil
}
