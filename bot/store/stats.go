package store

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"tanya/bot"
)

// Stats are the numbers that tell whether the service is well.
type Stats struct {
	Waiting   int                 // messages that wait to be answered
	Oldest    time.Time           // when the oldest of them came, zero when none waits
	Outbox    int                 // replies that wait or are being sent
	Dead      int                 // replies that could not be delivered, of the last days
	Sessions  int                 // conversations that are remembered
	Callbacks int                 // people who wait to be told
	Reviews   int                 // questions that staff have not looked at
	Broken    int                 // messages that could not be read, since the beginning
	Uncounted int                 // questions whose asker could not be counted, since the beginning
	Queries   int                 // questions since the beginning
	Outcomes  map[bot.Outcome]int // the same by what came of them
	Bytes     int64               // size of the database
}

// Stats counts. Its cost depends on what waits, not on what was ever asked.
func (s *Store) Stats(ctx context.Context) (Stats, error) {
	v := Stats{Outcomes: map[bot.Outcome]int{}}
	var oldest sql.NullInt64
	err := s.db.read().row(ctx, `SELECT
		(SELECT COUNT(*) FROM inbox WHERE until = 0),
		(SELECT MIN(received) FROM inbox WHERE until = 0),
		(SELECT COUNT(*) FROM outbox WHERE state IN ('waiting', 'leased')),
		(SELECT COUNT(*) FROM outbox WHERE state = 'dead'),
		(SELECT COUNT(*) FROM sessions),
		(SELECT COUNT(*) FROM waits),
		(SELECT COUNT(*) FROM reviews WHERE status = 'new')`).
		Scan(&v.Waiting, &oldest, &v.Outbox, &v.Dead, &v.Sessions, &v.Callbacks, &v.Reviews)
	if err != nil {
		return v, s.fault("count", err)
	}
	v.Oldest = instant(oldest.Int64)
	if err := s.readCounters(ctx, &v); err != nil {
		return v, s.fault("count", err)
	}
	v.Bytes, err = s.db.size(ctx)
	return v, s.fault("measure the database", err)
}

func (s *Store) readCounters(ctx context.Context, v *Stats) error {
	rows, err := s.db.read().rows(ctx, `SELECT name, SUM(n) FROM counters GROUP BY name`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var n int
		if err := rows.Scan(&name, &n); err != nil {
			return err
		}
		outcome, isQuery := strings.CutPrefix(name, queryCounter)
		switch {
		case isQuery:
			v.Outcomes[bot.Outcome(outcome)] = n
			v.Queries += n
		case name == brokenCounter:
			v.Broken = n
		case name == askCounter:
			v.Uncounted = n
		}
	}
	return rows.Err()
}
