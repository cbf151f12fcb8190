package store

import (
	"context"
	"time"

	"tanya/bot"
)

// DeadLife is how long staff can see that a reply could not be delivered. Neither its text nor its address is kept.
const DeadLife = 7 * 24 * time.Hour

// sweepStep is the number of rows deleted in one transaction, so that messages do not wait for a large clean-up.
const sweepStep = 500

// Swept says what a Sweep deleted.
type Swept struct {
	Marks     int  // marks of settled messages
	Sessions  int  // sessions with their trails
	Texts     int  // texts of questions
	Waits     int  // callbacks that nobody could answer in time
	Reminders int  // reminders that could not be handed out in time
	Replies   int  // rows of the outbox
	Overdue   int  // replies that could not be sent in time and are dead now
	Reviews   int  // questions that staff did not come to while their text was kept
	Months    int  // months whose keys were destroyed
	Truncated bool // the write-ahead log was emptied, so that nothing deleted is left in it
}

// Sweep deletes everything whose time has passed at now. A row goes at the very instant that its life ends.
func (s *Store) Sweep(ctx context.Context, now time.Time) (Swept, error) {
	var w Swept
	ms := millis(now)
	for _, part := range []struct {
		n     *int
		query string
		args  []any
	}{
		{&w.Marks, `DELETE FROM inbox WHERE seq IN (SELECT seq FROM inbox WHERE until > 0 AND until <= ? ORDER BY until LIMIT ?)`,
			[]any{ms, sweepStep}},
		{&w.Sessions, `DELETE FROM sessions WHERE chat IN (SELECT chat FROM sessions WHERE until <= ? ORDER BY until LIMIT ?)`,
			[]any{ms, sweepStep}},
		{&w.Texts, `DELETE FROM texts WHERE query IN (SELECT query FROM texts WHERE until <= ? ORDER BY until LIMIT ?)`,
			[]any{ms, sweepStep}},
		{&w.Waits, `DELETE FROM waits WHERE id IN (SELECT id FROM waits WHERE until <= ? ORDER BY until LIMIT ?)`,
			[]any{ms, sweepStep}},
		{&w.Reminders, `DELETE FROM reminders WHERE id IN (SELECT id FROM reminders WHERE until <= ? ORDER BY until LIMIT ?)`,
			[]any{ms, sweepStep}},
		// A reply is never dropped in silence: what could not be sent in its time is listed as dead for a while.
		{&w.Overdue, `UPDATE outbox SET state = 'dead', owner = '', address = NULL, reply = NULL, reason = 'stale', until = ?
			WHERE id IN (SELECT id FROM outbox WHERE until <= ? AND state IN ('waiting', 'leased') ORDER BY until LIMIT ?)`,
			[]any{millis(now.Add(DeadLife)), ms, sweepStep}},
		{&w.Replies, `DELETE FROM outbox WHERE id IN (SELECT id FROM outbox
			WHERE until <= ? AND state NOT IN ('waiting', 'leased') ORDER BY until LIMIT ?)`,
			[]any{ms, sweepStep}},
		{&w.Reviews, `UPDATE reviews SET status = 'dismissed', reason = 'expired', at = ? WHERE query IN (SELECT r.query
			FROM reviews r JOIN queries q ON q.id = r.query WHERE r.status = 'new' AND q.hour <= ? LIMIT ?)`,
			[]any{ms, millis(now.Add(-bot.TextLife)), sweepStep}},
	} {
		n, err := s.sweep(ctx, part.query, part.args)
		*part.n = n
		if err != nil {
			return w, err
		}
	}
	_, err := s.countDays(ctx, now) // what deletes nothing has no number in Swept
	if err != nil {
		return w, err
	}
	if w.Months, err = s.closeMonths(ctx, now); err != nil {
		return w, err
	}
	w.Truncated, err = s.db.truncate(ctx)
	return w, s.fault("empty the write-ahead log", err)
}

// sweep repeats a statement, each time in a transaction of its own, until it finds less than a step.
func (s *Store) sweep(ctx context.Context, query string, args []any) (int, error) {
	sum := 0
	for {
		var n int64
		err := s.write(ctx, "delete what is past its time", func(ctx context.Context, st *statements) (err error) {
			n, err = st.exec(ctx, query, args...)
			return err
		})
		if err != nil {
			return sum, err
		}
		sum += int(n)
		if n < sweepStep {
			return sum, nil
		}
	}
}
