package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"errors"
	"io"
	"slices"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// Cell names one number of distinct askers within a month. The same person has unrelated pseudonyms in two cells, so
// the numbers of cells cannot be joined, and must not be added.
type Cell string

// AllAskers is the cell of everybody who asked something that the office answers.
const AllAskers Cell = "all"

// TopicCell is the cell of those who asked about the topic.
func TopicCell(topic string) Cell { return Cell("topic\x00" + topic) }

// ActivityCell is the cell of those who asked about the topic after the activity.
func ActivityCell(activity, topic string) Cell {
	return Cell("activity\x00" + activity + "\x00" + topic)
}

// SegmentCell is the cell of those of the segment who asked about the topic.
func SegmentCell(segment faq.Segment, topic string) Cell {
	return Cell("segment\x00" + string(segment) + "\x00" + topic)
}

// cellOf returns the cell that the hall names. Cells without a topic are of everybody in the activity or the segment.
func cellOf(c bot.AskerCell) Cell {
	switch {
	case c.Activity != "":
		return ActivityCell(c.Activity, c.Topic)
	case c.Segment != faq.NoSegment:
		return SegmentCell(c.Segment, c.Topic)
	case c.Topic != "":
		return TopicCell(c.Topic)
	}
	return AllAskers
}

// ask is one entry of a set.
type ask struct {
	cell      string
	pseudonym []byte
}

// askCounter counts the questions whose asker could not be counted because the month's key was missing.
const askCounter = "askers uncounted"

// month returns the name of the month that the instant belongs to.
func (s *Store) month(t time.Time) string { return t.In(s.zone).Format("2006-01") }

// cellKey is the name of a cell in the database. It outlives the month, so that old counts can be read.
func (s *Store) cellKey(c Cell) string { return s.keys.Chat("asker cell", string(c)) }

// pseudonym returns who asked, as this cell and this month know it.
func pseudonym(key []byte, cell, channel, chat string) []byte {
	h := hmac.New(sha256.New, key)
	_, _ = io.WriteString(h, cell+"\x00"+channel+"\x00"+chat)
	return h.Sum(nil)[:16]
}

// planAsks works out the set entries of a settlement. Without a key the answer goes out all the same, uncounted.
func (s *Store) planAsks(p *plan) {
	if len(p.Queries) == 0 || s.months.from == nil {
		return
	}
	month := s.month(p.now)
	key, err := s.months.key(month)
	if err != nil {
		p.uncount = true
		return
	}
	var cells []Cell
	for _, q := range p.Queries {
		switch q.Outcome {
		case bot.Answered, bot.Unknown, bot.Withdrawn:
		case bot.Choices:
			q.Topic = "" // a guess: what was asked about is known when the person picks
		default:
			continue // a quiz, or what was declined: whoever tells of an offence stands in no set
		}
		cells = append(cells, AllAskers)
		if q.Topic != "" {
			cells = append(cells, TopicCell(q.Topic))
		}
		for _, topic := range slices.Compact([]string{"", q.Topic}) {
			if q.Activity != "" {
				cells = append(cells, ActivityCell(q.Activity, topic))
			}
			if q.Segment != faq.NoSegment {
				cells = append(cells, SegmentCell(q.Segment, topic))
			}
		}
	}
	if len(cells) == 0 {
		return
	}
	slices.Sort(cells)
	p.month = month
	for _, c := range slices.Compact(cells) {
		cell := s.cellKey(c)
		p.asks = append(p.asks, ask{cell, pseudonym(key, cell, p.Message.Channel, p.Message.Chat)})
	}
}

func insertAsks(ctx context.Context, st *statements, run []*plan, counts tally) error {
	open := map[string]bool{}
	var rows [][]any
	for _, p := range run {
		if p.uncount {
			counts[tallied{askCounter, p.shard}]++
		}
		if p.month == "" {
			continue
		}
		if _, known := open[p.month]; !known {
			var err error
			if open[p.month], err = openMonth(ctx, st, p.month); err != nil {
				return err
			}
		}
		if !open[p.month] { // the month ended between the plan and now
			counts[tallied{askCounter, p.shard}]++
			continue
		}
		for _, a := range p.asks {
			rows = append(rows, []any{p.month, a.cell, a.pseudonym})
		}
	}
	return st.each(ctx, `INSERT INTO askers (month, cell, pseudonym) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, rows)
}

// openMonth reports whether askers of the month are still counted, and notes a month that is new.
func openMonth(ctx context.Context, st *statements, month string) (bool, error) {
	var closed int64
	err := st.row(ctx, `SELECT closed FROM months WHERE month = ?`, month).Scan(&closed)
	if errors.Is(err, sql.ErrNoRows) {
		_, err = st.exec(ctx, `INSERT INTO months (month) VALUES (?) ON CONFLICT DO NOTHING`, month)
	}
	return closed == monthOpen, err
}

// eraseAsks takes the chat out of every set of the months that are open: the current one and, until the next sweep,
// the one before it.
func (s *Store) eraseAsks(ctx context.Context, st *statements, channel, chat string) error {
	if s.months.from == nil {
		return nil
	}
	rows, err := st.rows(ctx, `SELECT DISTINCT a.month, a.cell FROM askers a JOIN months m ON m.month = a.month WHERE m.closed = ?`, monthOpen)
	type set struct{ month, cell string }
	sets, err := collect(rows, err, func(r *sql.Rows) (v set, err error) {
		err = r.Scan(&v.month, &v.cell)
		return v, err
	})
	if err != nil {
		return err
	}
	for _, one := range sets {
		key, err := s.months.key(one.month)
		if err != nil {
			return &bot.Error{Class: bot.Transient, Message: "the key of a month cannot be read, so nothing can be erased by it", Err: err}
		}
		_, err = st.exec(ctx, `DELETE FROM askers WHERE month = ? AND cell = ? AND pseudonym = ?`,
			one.month, one.cell, pseudonym(key, one.cell, channel, chat))
		if err != nil {
			return err
		}
	}
	return nil
}

// Askers returns how many distinct people asked within the month ("2006-01") in each of the cells.
func (s *Store) Askers(ctx context.Context, month string, cells ...Cell) ([]int, error) {
	counts := make([]int, len(cells))
	for i, c := range cells {
		var live, frozen int
		err := s.db.read().row(ctx, `SELECT
			(SELECT COUNT(*) FROM askers WHERE month = ? AND cell = ?),
			(SELECT COALESCE(SUM(n), 0) FROM asker_counts WHERE month = ? AND cell = ?)`,
			month, s.cellKey(c), month, s.cellKey(c)).Scan(&live, &frozen)
		if err != nil {
			return nil, s.fault("count askers", err)
		}
		counts[i] = live + frozen
	}
	return counts, nil
}

// The states of months.closed; anything above is the instant at which the month's key was destroyed.
const (
	monthOpen   = 0
	monthFrozen = 1 // counted for good, its key still to be destroyed
)

// closeMonths ends the months before the one of now: their numbers are frozen, their pseudonyms deleted, and then
// their keys destroyed, so that nobody can ever work out again who was in a set.
func (s *Store) closeMonths(ctx context.Context, now time.Time) (int, error) {
	rows, err := s.db.read().rows(ctx, `SELECT month FROM months WHERE closed <= ? AND month < ? ORDER BY month`, monthFrozen, s.month(now))
	due, err := collect(rows, err, scanOne[string])
	if err != nil {
		return 0, s.fault("read the months", err)
	}
	for n, month := range due {
		if err := s.write(ctx, "close the month", func(ctx context.Context, st *statements) error {
			return freeze(ctx, st, month)
		}); err != nil {
			return n, err
		}
		if err := s.months.destroy(month); err != nil {
			return n, &bot.Error{Class: bot.Transient, Message: "the key of " + month + " could not be destroyed; it will be tried again", Err: err}
		}
		if err := s.write(ctx, "close the month", func(ctx context.Context, st *statements) error {
			_, err := st.exec(ctx, `UPDATE months SET closed = ? WHERE month = ?`, millis(now), month)
			return err
		}); err != nil {
			return n, err
		}
	}
	return len(due), nil
}

// freeze turns the sets of a month into numbers. Running it again adds nothing.
func freeze(ctx context.Context, st *statements, month string) error {
	for _, query := range []string{
		`INSERT INTO asker_counts (month, cell, n)
			SELECT month, cell, COUNT(*) FROM askers WHERE month = ? GROUP BY month, cell
			ON CONFLICT (month, cell) DO UPDATE SET n = asker_counts.n + excluded.n`,
		`DELETE FROM askers WHERE month = ?`,
		`UPDATE months SET closed = 1 WHERE month = ? AND closed = 0`, // monthFrozen, monthOpen,
	} {
		if _, err := st.exec(ctx, query, month); err != nil {
			return err
		}
	}
	return nil
}
