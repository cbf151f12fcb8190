package store

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"
	"time"

	"tanya/bot"
)

// OpenReviews returns the questions before staff behind the query id after, in
// the order of their age. Only those whose text is still kept are there: the others cannot be judged.
func (d *Desk) OpenReviews(ctx context.Context, after int64, limit int) ([]bot.Review, error) {
	rows, err := d.s.db.read().rows(ctx, reviewColumns+` WHERE r.query > ? ORDER BY r.query LIMIT ?`, millis(d.s.now()), after, limit)
	all, err := collect(rows, err, d.scanReview)
	return all, d.s.fault("list questions", err)
}

// ReviewsOf returns the questions with the ids.
func (d *Desk) ReviewsOf(ctx context.Context, ids []int64) ([]bot.Review, error) {
	var all []bot.Review
	for _, id := range ids {
		rows, err := d.s.db.read().rows(ctx, reviewColumns+` WHERE r.query = ?`, millis(d.s.now()), id)
		some, err := collect(rows, err, d.scanReview)
		if err != nil {
			return nil, d.s.fault("read questions", err)
		}
		all = append(all, some...)
	}
	return all, nil
}

const reviewColumns = `SELECT r.query, r.status, r.flag, r.reason, r.author, r.at, COALESCE(b.label, ''),
	q.hour, q.channel, q.lang, q.outcome, q.topic, q.entry, q.score, q.segment, q.activity, q.edition, q.previous, t.sealed
	FROM reviews r JOIN queries q ON q.id = r.query JOIN texts t ON t.query = r.query AND t.until > ?
	LEFT JOIN feedback b ON b.query = r.query`

func (d *Desk) scanReview(r *sql.Rows) (bot.Review, error) {
	v, err := d.s.scanReview(r)
	return bot.Review{
		Query: v.Query, Status: bot.ReviewStatus(v.Status), Flag: bot.ReviewFlag(v.Flag), Reason: v.Reason, Author: v.Author, At: v.At, Rating: v.Rating,
	}, err
}

// reviewState is what changes about one question before staff.
type reviewState struct {
	query int64
	state bot.ReviewState
}

// ReviewStates returns, for every question on the list whose text is still kept, how far staff are with it and who
// waits. What is not in here may be shown to nobody any more.
func (d *Desk) ReviewStates(ctx context.Context) (map[int64]bot.ReviewState, error) {
	rows, err := d.s.db.read().rows(ctx, `SELECT r.query, r.status, r.flag, r.reason, COALESCE(g.leader, 0)
		FROM reviews r JOIN texts t ON t.query = r.query AND t.until > ? LEFT JOIN group_moves g ON g.query = r.query`, millis(d.s.now()))
	all, err := collect(rows, err, func(r *sql.Rows) (v reviewState, err error) {
		err = r.Scan(&v.query, &v.state.Status, &v.state.Flag, &v.state.Reason, &v.state.Leader)
		return v, err
	})
	if err != nil {
		return nil, d.s.fault("read the list of questions", err)
	}
	out := make(map[int64]bot.ReviewState, len(all))
	for _, v := range all {
		out[v.query] = v.state
	}
	waiting, err := d.s.db.read().rows(ctx, `SELECT query, COUNT(*) FROM waits WHERE until > ? GROUP BY query`, millis(d.s.now()))
	if err != nil {
		return nil, d.s.fault("count who waits", err)
	}
	defer waiting.Close()
	for waiting.Next() {
		var q int64
		var n int
		if err := waiting.Scan(&q, &n); err != nil {
			return nil, d.s.fault("count who waits", err)
		}
		if v, ok := out[q]; ok {
			v.Waiting = n
			out[q] = v
		}
	}
	return out, d.s.fault("count who waits", waiting.Err())
}

// ReviewMark returns a text that stays the same as long as ReviewStates would say the same, and costs little to make.
func (d *Desk) ReviewMark(ctx context.Context) (string, error) {
	now := millis(d.s.now())
	parts := make([]string, 5)
	err := d.s.db.read().row(ctx, `SELECT
		(SELECT CAST(COUNT(*) AS TEXT) || ' ' || COALESCE(CAST(MAX(query) AS TEXT), '') || ' ' || COALESCE(CAST(SUM(at) AS TEXT), '') || ' ' ||
			COALESCE(CAST(SUM(CASE flag WHEN 'missed' THEN 1 WHEN 'down' THEN 1000000 ELSE 0 END) AS TEXT), '') || ' ' ||
			COALESCE(CAST(SUM(CASE status WHEN 'new' THEN 1 WHEN 'in_work' THEN 1000000 ELSE 0 END) AS TEXT), '') FROM reviews),
		(SELECT CAST(COUNT(*) AS TEXT) FROM texts WHERE until > ?), (SELECT COALESCE(CAST(MAX(query) AS TEXT), '') FROM texts),
		(SELECT CAST(COUNT(*) AS TEXT) || ' ' || COALESCE(CAST(SUM(leader) AS TEXT), '') || ' ' || COALESCE(CAST(SUM(leader * (query % 997)) AS TEXT), '') FROM group_moves),
		(SELECT CAST(COUNT(*) AS TEXT) || ' ' || COALESCE(CAST(SUM(id) AS TEXT), '') FROM waits WHERE until > ?)`, now, now).
		Scan(&parts[0], &parts[1], &parts[2], &parts[3], &parts[4])
	return strings.Join(parts, "/"), d.s.fault("look whether the list of questions changed", err)
}

// ChangeReviews sets the status of questions and returns a number to undo it by.
func (d *Desk) ChangeReviews(ctx context.Context, c bot.ReviewChange) (int64, error) {
	return d.s.ChangeReviews(ctx, Change{Queries: c.Queries, Status: Status(c.Status), Reason: c.Reason, By: c.By, At: c.At})
}

// UndoReviews takes a change back.
func (d *Desk) UndoReviews(ctx context.Context, change int64, at time.Time) (int, error) {
	return d.s.UndoReviews(ctx, change, at)
}

// MoveReviews puts questions into the group of leader; 0 gives them back to the program, a question's own id makes it
// the first of a group of its own.
func (d *Desk) MoveReviews(ctx context.Context, queries []int64, leader int64, line bot.Audit) error {
	return d.write(ctx, "regroup questions", line, func(ctx context.Context, st *statements) error {
		for _, q := range queries {
			_, err := st.exec(ctx, `INSERT INTO group_moves (query, leader) SELECT id, ? FROM queries WHERE id = ?
				ON CONFLICT (query) DO UPDATE SET leader = excluded.leader`, leader, q)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// KeepGroups remembers which group the program has put questions into. Where staff put one, it stays.
func (d *Desk) KeepGroups(ctx context.Context, leaders map[int64]int64) error {
	return d.write(ctx, "keep groups", bot.Audit{}, func(ctx context.Context, st *statements) error {
		for _, q := range slices.Sorted(maps.Keys(leaders)) {
			_, err := st.exec(ctx, `INSERT INTO group_moves (query, leader) SELECT id, ? FROM queries WHERE id = ?
				ON CONFLICT (query) DO UPDATE SET leader = excluded.leader WHERE group_moves.leader = 0`, leaders[q], q)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// SampleAnswers draws answered questions by chance.
func (d *Desk) SampleAnswers(ctx context.Context, since time.Time, n int) (int, error) {
	return d.s.SampleAnswers(ctx, since, n)
}

// Recent returns questions since then whose text is still kept, newest first, for replaying.
func (d *Desk) Recent(ctx context.Context, since time.Time, limit int) ([]bot.Query, error) {
	rows, err := d.s.db.read().rows(ctx, `SELECT q.id, q.lang, q.outcome, q.entry, q.segment, t.sealed FROM queries q
		JOIN texts t ON t.query = q.id AND t.until > ? WHERE q.hour >= ? ORDER BY q.id DESC LIMIT ?`, millis(d.s.now()), millis(since), limit)
	all, err := collect(rows, err, func(r *sql.Rows) (q bot.Query, err error) {
		var sealed []byte
		var w words
		if err := r.Scan(&q.ID, &q.Lang, &q.Outcome, &q.Entry, &q.Segment, &sealed); err != nil {
			return q, err
		}
		err = d.s.unseal("text", "", sealed, &w)
		q.Text = w.Text
		return q, err
	})
	return all, d.s.fault("read recent questions", err)
}

// Tally counts questions by day, outcome, channel, language and segment since then.
func (d *Desk) Tally(ctx context.Context, since time.Time) ([]bot.Tally, error) {
	rows, err := d.s.db.read().rows(ctx, `SELECT hour, outcome, channel, lang, segment, topic, COUNT(*) FROM queries WHERE hour >= ?
		GROUP BY hour, outcome, channel, lang, segment, topic`, millis(since))
	all, err := collect(rows, err, func(r *sql.Rows) (t bot.Tally, err error) {
		var hour int64
		err = r.Scan(&hour, &t.Outcome, &t.Channel, &t.Lang, &t.Segment, &t.Topic, &t.N)
		t.Hour = instant(hour)
		return t, err
	})
	return all, d.s.fault("count questions", err)
}

// Closing returns how long the questions took that staff closed with an answer since then, the quickest first. A question
// is known by its hour only, so each may be up to an hour too long.
func (d *Desk) Closing(ctx context.Context, since time.Time) ([]time.Duration, error) {
	rows, err := d.s.db.read().rows(ctx, `SELECT r.at - q.hour FROM reviews r JOIN queries q ON q.id = r.query
		WHERE r.status = 'answered' AND r.at >= ? ORDER BY r.at - q.hour`, millis(since))
	all, err := collect(rows, err, func(r *sql.Rows) (time.Duration, error) {
		var ms int64
		err := r.Scan(&ms)
		return time.Duration(ms) * time.Millisecond, err
	})
	return all, d.s.fault("measure how fast questions are answered", err)
}

// Given counts how often an entry was the answer, by edition: how many replies a correction would concern. It knows
// nobody who got one, because query rows name nobody.
func (d *Desk) Given(ctx context.Context, entry string) (map[int64]int, error) {
	rows, err := d.s.db.read().rows(ctx, `SELECT edition, COUNT(*) FROM queries WHERE entry = ? AND outcome = ? GROUP BY edition`,
		entry, string(bot.Answered))
	type count struct {
		edition int64
		n       int
	}
	all, err := collect(rows, err, func(r *sql.Rows) (c count, err error) {
		err = r.Scan(&c.edition, &c.n)
		return c, err
	})
	by := make(map[int64]int, len(all))
	for _, c := range all {
		by[c.edition] = c.n
	}
	return by, d.s.fault("count answers", err)
}

// Waiters returns who wants to be told the answer to a question.
func (d *Desk) Waiters(ctx context.Context, query int64) ([]bot.Waiter, error) {
	all, err := d.s.Callbacks(ctx, query)
	var out []bot.Waiter
	for _, c := range all {
		out = append(out, bot.Waiter{ID: c.ID, Query: c.Query, Lang: c.Lang})
	}
	return out, err
}

// Tell answers somebody who waits, and forgets them.
func (d *Desk) Tell(ctx context.Context, waiter int64, r bot.Reply) error {
	return d.s.Tell(ctx, waiter, r)
}

// Health returns the numbers that tell whether the service is well.
func (d *Desk) Health(ctx context.Context) (bot.Health, error) {
	v, err := d.s.Stats(ctx)
	return bot.Health{
		Waiting: v.Waiting, Oldest: v.Oldest, Outbox: v.Outbox, Dead: v.Dead, Callbacks: v.Callbacks, Reviews: v.Reviews, Bytes: v.Bytes,
	}, err
}
