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

	// What the transaction finds out.
	missed int64  // the new query row that a callback or feedback belongs to, 0 when there is none
	added  []step // the new query rows
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
	if len(plans) == 0 {
		return nil
	}
	if err := s.settling.make(ctx, plans); err != nil {
		return err
	}
	for i, p := range plans {
		if p.missed != 0 && p.Session != nil {
			all[i].Session.LastMiss = p.missed
		}
	}
	return nil
}

func sizeOf(plans []*plan) int { return len(plans) }

// settleAll commits the settlements of several callers together.
func (s *Store) settleAll(ctx context.Context, group [][]*plan) error {
	all := slices.Concat(group...)
	err := s.fault("settle messages", s.db.writeMany(ctx, func(ctx context.Context, st *statements) error {
		counts := tally{}
		for _, run := range runs(all) {
			if err := s.settle(ctx, st, run, counts); err != nil {
				return err
			}
		}
		return counts.store(ctx, st)
	}))
	if err != nil {
		return err
	}
	rung := map[string]bool{}
	for _, p := range all {
		if channel := p.Message.Channel; len(p.Replies) > 0 && !rung[channel] {
			rung[channel] = true
			s.bell.ring(Ring{Work: OutboxWork, Channel: channel})
		}
	}
	return nil
}

// runs parts plans where a chat comes again: what is settled of it first must stand before the next.
func runs(all []*plan) (out [][]*plan) {
	seen := map[string]bool{}
	begin := 0
	for i, p := range all {
		if seen[p.Message.Chat] {
			out = append(out, all[begin:i])
			clear(seen)
			begin = i
		}
		seen[p.Message.Chat] = true
	}
	return append(out, all[begin:])
}

func (s *Store) plan(one bot.Settlement) (*plan, error) {
	m := one.Message
	if m.Seq == 0 || m.Chat == "" {
		return nil, bot.Errorf(bot.Invalid, "only a message from the inbox can be settled")
	}
	p := &plan{Settlement: one, now: s.now(), shard: bot.Shard(m.Chat)}
	var err error
	if p.Session != nil {
		own := *p.Session // the caller's may change when it does not wait any longer
		p.Session = &own
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

// settle runs inside the transaction, on plans of different chats. The order matters: what is erased or cancelled is what
// was there before. What most of them have goes into the database for all of them at once.
func (s *Store) settle(ctx context.Context, st *statements, run []*plan, counts tally) error {
	run, err := markSettled(ctx, st, run)
	if err != nil {
		return err
	}
	for _, p := range run {
		if err := s.forget(ctx, st, p); err != nil {
			return err
		}
	}
	if err := s.insertQueries(ctx, st, run, counts); err != nil {
		return err
	}
	for _, p := range run {
		if p.Rating != "" {
			if err := s.rate(ctx, st, p); err != nil {
				return err
			}
		}
	}
	if err := s.keepSessions(ctx, st, run); err != nil {
		return err
	}
	var replies [][]any
	for _, p := range run {
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
			replies = append(replies, replyRow(p.Message.Channel, p.Message.Chat, p.address, sealed, p.now))
		}
	}
	return st.each(ctx, replyInsert, replies)
}

// markSettled marks the messages of the run and returns the plans of those that were not settled before: of the others
// nothing changes again.
func markSettled(ctx context.Context, st *statements, run []*plan) ([]*plan, error) {
	// A chat's messages are settled in their order, so that the first one covered tells of all.
	first, end := make([]int64, len(run)), int64(0)
	for i, p := range run {
		first[i], end = p.covered()[0], max(end, millis(markEnd(p.now)))
		p.missed, p.added = 0, nil
	}
	mark := func(seqs []int64) ([]int64, error) {
		rows, err := st.rows(ctx, `UPDATE inbox SET sealed = NULL, chat = '', received = 0, until = ?
			WHERE until = 0 AND seq`+st.among()+` RETURNING seq`, end, list(st, seqs))
		return collect(rows, err, scanOne[int64])
	}
	marked, err := mark(first)
	if err != nil {
		return nil, err
	}
	var fresh []*plan
	var others []int64
	for i, p := range run {
		if slices.Contains(marked, first[i]) {
			fresh = append(fresh, p)
			others = append(others, p.covered()[1:]...)
		}
	}
	if len(others) > 0 {
		_, err = mark(others)
	}
	return fresh, err
}

// covered returns the numbers of the messages that the plan settles, oldest first.
func (p *plan) covered() []int64 { return append(slices.Clone(p.Covers), p.Message.Seq) }

// forget takes back what the chat wishes to be taken back.
func (s *Store) forget(ctx context.Context, st *statements, p *plan) error {
	chat := p.Message.Chat
	if p.Erase {
		if err := s.erase(ctx, st, chat, p.Message.Channel, p.now); err != nil {
			return err
		}
	}
	if !p.Silence {
		return nil
	}
	if err := cancel(ctx, st, chat); err != nil {
		return err
	}
	// Whoever wants silence does not want to be told later either.
	if _, err := st.exec(ctx, `DELETE FROM waits WHERE chat = ?`, s.waitMark(chat)); err != nil {
		return err
	}
	return s.forgetReminders(ctx, st, chat)
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
	rows := make([][]any, len(names))
	for i, k := range names {
		rows[i] = []any{k.name, int64(k.shard), int64(t[k])}
	}
	return st.each(ctx, countInsert, rows)
}
