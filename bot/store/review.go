package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// Flag says why a question is on the review list.
type Flag string

// The flags of a review row. A later one replaces an earlier one.
const (
	Missed    Flag = "missed"  // nothing answered it, or it needed a choice
	RatedDown Flag = "down"    // the person said that the answer did not help
	Sampled   Flag = "sampled" // drawn by chance, to see whether answers are right
)

// Status says how far staff are with a question.
type Status string

// The states of a review row.
const (
	New       Status = "new"
	InWork    Status = "in_work"
	Done      Status = "answered"
	Dismissed Status = "dismissed" // with a reason; the program's own is "expired"
)

// Review is a question on the review list. Its text is empty when it has been erased.
type Review struct {
	Query  bot.Query
	Status Status
	Flag   Flag
	Reason string
	Author string
	At     time.Time // when its status last changed
	Rating string    // what the person thought of the answer, "" when nothing was said
}

// ReviewFilter narrows the review list; empty fields narrow nothing.
type ReviewFilter struct {
	Status  Status
	Flag    Flag
	Outcome bot.Outcome
	Channel string
	Lang    faq.Lang
	Segment faq.Segment
	Since   time.Time
	After   int64 // query id of the last one seen; the list goes on behind it
	Limit   int   // 0 means 100
}

// flag puts a question on the review list. What staff did with it stays as it is, unless a person complains: that
// makes it new again.
func flag(ctx context.Context, st *statements, query int64, why Flag) error {
	return st.each(ctx, flagInsert, [][]any{{query, string(why)}})
}

const flagInsert = `INSERT INTO reviews (query, status, flag) VALUES (?, 'new', ?)
	ON CONFLICT (query) DO UPDATE SET flag = excluded.flag,
	status = CASE WHEN excluded.flag = 'down' THEN 'new' ELSE reviews.status END`

// Reviews lists questions for staff, oldest first.
func (s *Store) Reviews(ctx context.Context, f ReviewFilter) ([]Review, error) {
	if f.Limit == 0 {
		f.Limit = 100
	}
	query := `SELECT r.query, r.status, r.flag, r.reason, r.author, r.at, COALESCE(b.label, ''),
			q.hour, q.channel, q.lang, q.outcome, q.topic, q.entry, q.score, q.segment, q.activity, q.edition, q.previous, t.sealed
		FROM reviews r JOIN queries q ON q.id = r.query
		LEFT JOIN texts t ON t.query = r.query AND t.until > ?
		LEFT JOIN feedback b ON b.query = r.query
		WHERE r.query > ? AND q.hour >= ?`
	args := []any{millis(s.now()), f.After, millis(f.Since)}
	for _, narrow := range []struct{ clause, value string }{
		{` AND r.status = ?`, string(f.Status)},
		{` AND r.flag = ?`, string(f.Flag)},
		{` AND q.outcome = ?`, string(f.Outcome)},
		{` AND q.channel = ?`, f.Channel},
		{` AND q.lang = ?`, string(f.Lang)},
		{` AND q.segment = ?`, string(f.Segment)},
	} {
		if narrow.value != "" {
			query += narrow.clause
			args = append(args, narrow.value)
		}
	}
	rows, err := s.db.read().rows(ctx, query+` ORDER BY r.query LIMIT ?`, append(args, f.Limit)...)
	all, err := collect(rows, err, s.scanReview)
	return all, s.fault("list questions for review", err)
}

func (s *Store) scanReview(r *sql.Rows) (Review, error) {
	var (
		v        Review
		q        = &v.Query
		at, hour int64
		sealed   []byte
		w        words
	)
	err := r.Scan(&q.ID, &v.Status, &v.Flag, &v.Reason, &v.Author, &at, &v.Rating,
		&hour, &q.Channel, &q.Lang, &q.Outcome, &q.Topic, &q.Entry, &q.Score, &q.Segment, &q.Activity, &q.Edition, &q.Previous, &sealed)
	if err != nil {
		return v, err
	}
	v.At, q.Hour = instant(at), instant(hour)
	if sealed == nil {
		return v, nil
	}
	if err := s.unseal("text", "", sealed, &w); err != nil {
		return v, err
	}
	q.Text, q.Candidates, q.Explain = w.Text, w.Candidates, w.Explain
	return v, nil
}

// Change is what a member of staff does to some questions at once.
type Change struct {
	Queries []int64
	Status  Status
	Reason  string // needed to dismiss
	By      string
	At      time.Time
}

// ChangeReviews sets the status of the questions and returns a number to undo it by. Questions that are not on the
// list are left out.
func (s *Store) ChangeReviews(ctx context.Context, c Change) (int64, error) {
	switch c.Status {
	case New, InWork, Done:
	case Dismissed:
		if c.Reason == "" {
			return 0, bot.Errorf(bot.Invalid, "say why the questions are set aside")
		}
	default:
		return 0, bot.Errorf(bot.Invalid, "a question cannot be %q", c.Status)
	}
	var id int64
	err := s.write(ctx, "change questions under review", func(ctx context.Context, st *statements) error {
		err := st.row(ctx, `INSERT INTO review_changes (at, author, status, reason) VALUES (?, ?, ?, ?) RETURNING id`,
			millis(c.At), c.By, string(c.Status), c.Reason).Scan(&id)
		if err != nil {
			return err
		}
		for _, query := range c.Queries {
			_, err := st.exec(ctx, `INSERT INTO review_moves (change, query, status, reason, author, at)
				SELECT c.id, r.query, r.status, r.reason, r.author, r.at FROM reviews r, review_changes c
				WHERE r.query = ? AND c.id = ? ON CONFLICT DO NOTHING`, query, id)
			if err != nil {
				return err
			}
			_, err = st.exec(ctx, `UPDATE reviews SET status = ?, reason = ?, author = ?, at = ? WHERE query = ?`,
				string(c.Status), c.Reason, c.By, millis(c.At), query)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return id, err
}

// UndoReviews takes a change back and returns how many questions are as they were before. One that somebody has
// changed since stays as it is. Links to an answer that the change came with are taken back too. Undoing twice is a
// Conflict.
func (s *Store) UndoReviews(ctx context.Context, change int64, at time.Time) (int, error) {
	var n int64
	err := s.write(ctx, "undo a change", func(ctx context.Context, st *statements) error {
		var status, author, reason string
		var changed int64
		err := st.row(ctx, `UPDATE review_changes SET undone = ? WHERE id = ? AND undone = 0 RETURNING status, author, reason, at`,
			millis(at), change).Scan(&status, &author, &reason, &changed)
		if errors.Is(err, sql.ErrNoRows) {
			return bot.Errorf(bot.Conflict, "this change was undone already")
		}
		if err != nil {
			return err
		}
		if reason == bot.ReasonAttached {
			_, err = st.exec(ctx, `DELETE FROM draft_links WHERE query IN (SELECT r.query FROM reviews r
				JOIN review_moves m ON m.query = r.query AND m.change = ? WHERE r.status = ? AND r.author = ? AND r.at = ?)`, change, status, author, changed)
			if err != nil {
				return err
			}
		}
		n, err = st.exec(ctx, `UPDATE reviews SET
			status = (SELECT m.status FROM review_moves m WHERE m.change = ? AND m.query = reviews.query),
			reason = (SELECT m.reason FROM review_moves m WHERE m.change = ? AND m.query = reviews.query),
			author = (SELECT m.author FROM review_moves m WHERE m.change = ? AND m.query = reviews.query),
			at = (SELECT m.at FROM review_moves m WHERE m.change = ? AND m.query = reviews.query)
			WHERE status = ? AND author = ? AND at = ?
			AND query IN (SELECT m.query FROM review_moves m WHERE m.change = ?)`,
			change, change, change, change, status, author, changed, change)
		return err
	})
	return int(n), err
}

// SampleAnswers puts up to n answered questions since then on the review list, drawn by chance among those that are
// not on it and whose text is still kept. It returns how many it found.
func (s *Store) SampleAnswers(ctx context.Context, since time.Time, n int) (int, error) {
	var found int64
	err := s.write(ctx, "draw a sample", func(ctx context.Context, st *statements) (err error) {
		found, err = st.exec(ctx, `INSERT INTO reviews (query, status, flag)
			SELECT q.id, 'new', 'sampled' FROM queries q JOIN texts t ON t.query = q.id AND t.until > ?
			WHERE q.outcome = 'answered' AND q.hour >= ?
			AND NOT EXISTS (SELECT 1 FROM reviews r WHERE r.query = q.id)
			ORDER BY RANDOM() LIMIT ?`, millis(s.now()), millis(since), n)
		return err
	})
	return int(found), err
}
