package store

import (
	"context"
	"database/sql"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// Reports is the ledger as reports use it: numbers only.
type Reports struct{ s *Store }

// Reports returns the side of the ledger that counts.
func (s *Store) Reports() *Reports { return &Reports{s} }

// countDelay is how long after its end a day is counted: what was under way at midnight is committed by then.
const countDelay = 2 * time.Hour

// countQueries count the question rows between two instants, one kind each. Outcome and topic are put right on the
// way, see bot.Picked and bot.UnsureTopic.
var countQueries = map[bot.CountKind]string{
	bot.ByActivity: grouped(`activity`, `segment`, `CASE WHEN outcome = 'choices' THEN 'pilihan' ELSE topic END`, outcomeLabel, asked),
	bot.ByChannel:  grouped(`channel`, `''`, `''`, outcomeLabel, asked),
	bot.ByLang:     grouped(`lang`, `''`, `''`, outcomeLabel, asked),
	bot.ByEntry:    grouped(`entry`, `''`, `topic`, outcomeLabel, `outcome IN ('answered', 'declined')`),
	bot.ByEdition:  grouped(`CAST(edition AS TEXT)`, `''`, `''`, outcomeLabel, asked),
	bot.ByHour:     grouped(`CAST((hour - ?) / 3600000 AS TEXT)`, `''`, `''`, outcomeLabel, asked),
	bot.ByQuiz:     grouped(`substr(entry, 6)`, `activity`, `segment`, `mark || CASE WHEN score > 0.5 THEN '/1' ELSE '/0' END`, quizzed),
	bot.ByClaim:    grouped(`entry`, `activity`, `segment`, outcomeLabel, `outcome = 'answered' AND mark = '`+bot.MarkClaim+`'`),
	quizBefore:     grouped(`substr(entry, 6)`, `activity`, `mark`, `CASE WHEN score > 0.5 THEN '1' ELSE '0' END`, quizzed),
}

// quizBefore is how the quiz was counted before segments were told apart. Days go on being counted this way too, for a
// process of the version before that works on the same database.
const quizBefore bot.CountKind = "quiz"

// Days that another version counted lack what it did not count. Which way of counting a day has gone through lies among its
// counts, where counting it again the old way removes it; then it is counted once more.
const (
	countedKind = bot.CountKind("counted")
	countedWay  = "2" // 1: without bot.ByQuiz, bot.ByClaim and this mark
)

const (
	quizzed      = `outcome = 'flow' AND entry LIKE 'kuis:%'`
	asked        = `outcome IN ('answered', 'choices', 'unknown', 'declined', 'withdrawn')`
	outcomeLabel = `CASE WHEN outcome = 'answered' AND previous = 'choices' AND score = 1 THEN 'picked' ELSE outcome END`
)

func grouped(a, b, c, d, where string) string {
	return `SELECT a, b, c, d, COUNT(*) FROM (SELECT ` + a + ` AS a, ` + b + ` AS b, ` + c + ` AS c, ` + d + ` AS d
		FROM queries WHERE hour >= ? AND hour < ? AND ` + where + `) x GROUP BY a, b, c, d`
}

// lastDay is the last day that can be counted at the instant.
func (s *Store) lastDay(now time.Time) faq.Date {
	return faq.DateOf(now.Add(-countDelay), s.zone).Add(-1)
}

// countDays counts the days that have ended and were not counted yet, the oldest first, and returns how many they were.
func (s *Store) countDays(ctx context.Context, now time.Time) (int, error) {
	var first sql.NullInt64
	if err := s.db.read().row(ctx, `SELECT MIN(hour) FROM queries`).Scan(&first); err != nil || !first.Valid {
		return 0, s.fault("find the first day", err)
	}
	rows, err := s.db.read().rows(ctx, `SELECT d.day FROM days_counted d JOIN day_counts c ON c.day = d.day AND c.kind = ? AND c.a = ?`, string(countedKind), countedWay)
	days, err := collect(rows, err, scanOne[string])
	if err != nil {
		return 0, s.fault("list the days that are counted", err)
	}
	done := make(map[string]bool, len(days))
	for _, d := range days {
		done[d] = true
	}
	n := 0
	for day, last := faq.DateOf(instant(first.Int64), s.zone), s.lastDay(now); !last.Before(day); day = day.Add(1) {
		if done[day.String()] {
			continue
		}
		if err := s.countDay(ctx, day); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// countDay counts one day. The reading is done beside the writer; counting again gives the same rows.
func (s *Store) countDay(ctx context.Context, day faq.Date) error {
	from, to := millis(day.Start(s.zone)), millis(day.Add(1).Start(s.zone))
	all := []bot.Count{{Kind: countedKind, A: countedWay, N: 1}}
	for kind, query := range countQueries {
		args := []any{from, to}
		if kind == bot.ByHour {
			args = []any{from, from, to}
		}
		rows, err := s.db.read().rows(ctx, query, args...)
		some, err := collect(rows, err, func(r *sql.Rows) (c bot.Count, err error) {
			c.Kind = kind
			err = r.Scan(&c.A, &c.B, &c.C, &c.D, &c.N)
			return c, err
		})
		if err != nil {
			return s.fault("count a day", err)
		}
		all = append(all, some...)
	}
	return s.write(ctx, "keep the counts of a day", func(ctx context.Context, st *statements) error {
		if _, err := st.exec(ctx, `DELETE FROM day_counts WHERE day = ?`, day.String()); err != nil {
			return err
		}
		for _, c := range all {
			_, err := st.exec(ctx, `INSERT INTO day_counts (day, kind, a, b, c, d, n) VALUES (?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT (day, kind, a, b, c, d) DO UPDATE SET n = excluded.n`, day.String(), string(c.Kind), c.A, c.B, c.C, c.D, c.N)
			if err != nil {
				return err
			}
		}
		_, err := st.exec(ctx, `INSERT INTO days_counted (day) VALUES (?) ON CONFLICT DO NOTHING`, day.String())
		return err
	})
}

// recount forgets that the day of a row was counted, when the row comes late.
func (s *Store) recount(ctx context.Context, st *statements, hour, now time.Time) error {
	day := faq.DateOf(hour, s.zone)
	if s.lastDay(now).Before(day) {
		return nil
	}
	_, err := st.exec(ctx, `DELETE FROM days_counted WHERE day = ?`, day.String())
	return err
}

// Counts returns how often each combination of labels was asked on the days from first to last, both included. The day
// that is under way is never counted: until is the last day that is, when it lies before last.
func (r *Reports) Counts(ctx context.Context, first, last faq.Date, kinds ...bot.CountKind) (all []bot.Count, until faq.Date, err error) {
	now := r.s.now()
	if _, err := r.s.countDays(ctx, now); err != nil {
		return nil, until, err
	}
	if until = r.s.lastDay(now); last.Before(until) {
		until = last
	}
	for _, kind := range kinds {
		rows, err := r.s.db.read().rows(ctx, `SELECT a, b, c, d, SUM(n) FROM day_counts WHERE day >= ? AND day <= ? AND kind = ?
			GROUP BY a, b, c, d`, first.String(), until.String(), string(kind))
		some, err := collect(rows, err, func(r *sql.Rows) (c bot.Count, err error) {
			c.Kind = kind
			err = r.Scan(&c.A, &c.B, &c.C, &c.D, &c.N)
			return c, err
		})
		if err != nil {
			return nil, until, r.s.fault("count", err)
		}
		all = append(all, some...)
	}
	return all, until, nil
}

// Askers returns how many distinct people asked within the month ("2006-01") in each of the cells.
func (r *Reports) Askers(ctx context.Context, month string, cells ...bot.AskerCell) ([]int, error) {
	named := make([]Cell, len(cells))
	for i, c := range cells {
		named[i] = cellOf(c)
	}
	return r.s.Askers(ctx, month, named...)
}

// Activities lists all activities, the newest day first.
func (r *Reports) Activities(ctx context.Context) ([]bot.Activity, error) {
	return r.s.Desk().Activities(ctx)
}

// Corrections counts the editions that were published between two instants and the answers that were withdrawn.
func (r *Reports) Corrections(ctx context.Context, from, to time.Time) (editions, withdrawn int, err error) {
	err = r.s.db.read().row(ctx, `SELECT
		(SELECT COUNT(*) FROM editions WHERE published >= ? AND published < ?),
		(SELECT COUNT(*) FROM withdrawals WHERE at >= ? AND at < ?)`,
		millis(from), millis(to), millis(from), millis(to)).Scan(&editions, &withdrawn)
	return editions, withdrawn, r.s.fault("count corrections", err)
}
