package store

import (
	"context"
	"database/sql"

	"tanya/bot"
)

// correctStep is the number of conversations looked at in one transaction, so that messages do not wait.
const correctStep = 100

// Corrections finds out whom a correction would reach, and sends nothing.
func (d *Desk) Corrections(ctx context.Context, c bot.Correction) (bot.Reach, error) {
	return d.correct(ctx, c, nil, bot.Audit{})
}

// Correct tells every conversation that still lives with an answer of an older edition that it was wrong, once: what
// say makes for its language goes into the outbox. A conversation that asked for silence, or whose channel does not let
// us write any more, is left alone. Whatever was sent when an error ends it stays sent and is not sent again.
func (d *Desk) Correct(ctx context.Context, c bot.Correction, say func(bot.Session) (bot.Reply, error), line bot.Audit) (bot.Reach, error) {
	r, err := d.correct(ctx, c, say, line)
	for channel := range r.Told {
		d.s.bell.ring(Ring{Work: OutboxWork, Channel: channel})
	}
	return r, err
}

func (d *Desk) correct(ctx context.Context, c bot.Correction, say func(bot.Session) (bot.Reply, error), line bot.Audit) (bot.Reach, error) {
	r := bot.Reach{Told: map[string]int{}}
	var err error
	if r.Given, err = d.Given(ctx, c.Entry); err != nil {
		return r, err
	}
	for after, done := "", false; !done; {
		var step bot.Reach
		last := after
		err := d.s.write(ctx, "correct an answer", func(ctx context.Context, st *statements) (err error) {
			step = bot.Reach{Told: map[string]int{}}
			last, done, err = d.correctSome(ctx, st, c, say, after, &step)
			return err
		})
		if err != nil {
			return r, err
		}
		after = last
		r.Missed += step.Missed
		for channel, n := range step.Told {
			r.Told[channel] += n
		}
	}
	if say == nil {
		return r, nil
	}
	return r, d.write(ctx, "note a correction", line, nil)
}

// alive is a conversation that is looked at.
type alive struct {
	chat          string
	session, path []byte
}

// correctSome looks at the conversations behind the chat after, and returns the last of them.
func (d *Desk) correctSome(ctx context.Context, st *statements, c bot.Correction, say func(bot.Session) (bot.Reply, error), after string, r *bot.Reach) (string, bool, error) {
	rows, err := st.rows(ctx, `SELECT chat, sealed, trail FROM sessions WHERE chat > ? AND trail IS NOT NULL AND until > ?
		ORDER BY chat LIMIT ?`, after, millis(d.s.now()), correctStep)
	all, err := collect(rows, err, func(r *sql.Rows) (a alive, err error) {
		err = r.Scan(&a.chat, &a.session, &a.path)
		return a, err
	})
	if err != nil {
		return after, false, err
	}
	for _, a := range all {
		if err := d.correctOne(ctx, st, c, say, a, r); err != nil {
			return after, false, err
		}
		after = a.chat
	}
	return after, len(all) < correctStep, nil
}

// correctOne tells one conversation, when it got the answer.
func (d *Desk) correctOne(ctx context.Context, st *statements, c bot.Correction, say func(bot.Session) (bot.Reply, error), a alive, r *bot.Reach) error {
	var (
		s    bot.Session
		path trail
		now  = d.s.now()
	)
	if d.s.unseal("trail", a.chat, a.path, &path) != nil || d.s.unseal("session", a.chat, a.session, &s) != nil {
		return nil // nobody that could be found by it
	}
	got := false
	for i, one := range path.Steps {
		if one.Right {
			continue
		}
		var n int
		err := st.row(ctx, `SELECT COUNT(*) FROM queries WHERE id = ? AND entry = ? AND outcome = ? AND edition < ?`,
			one.Query, c.Entry, string(bot.Answered), c.Before).Scan(&n)
		if err != nil {
			return err
		}
		if n > 0 {
			got, path.Steps[i].Right = true, true
		}
	}
	window, bounded := c.Windows[path.Channel]
	switch {
	case !got:
		return nil
	case path.Address == "", s.Stopped, bounded && now.Sub(s.Updated) >= window:
		r.Missed++
		return nil
	case say == nil:
		r.Told[path.Channel]++
		return nil
	}
	reply, err := say(s)
	if err != nil {
		return err
	}
	sealed, err := d.s.seal("trail", a.chat, path)
	if err != nil {
		return err
	}
	// A turn that was settled meanwhile wins; the next look finds the conversation again.
	n, err := st.exec(ctx, `UPDATE sessions SET trail = ? WHERE chat = ? AND trail = ?`, sealed, a.chat, a.path)
	if err != nil || n == 0 {
		return err
	}
	address, err := d.s.seal("address", a.chat, path.Address)
	if err != nil {
		return err
	}
	parcelled, err := d.s.seal("reply", a.chat, parcel{Reply: reply})
	if err != nil {
		return err
	}
	r.Told[path.Channel]++
	return insertReply(ctx, st, path.Channel, a.chat, address, parcelled, now)
}
