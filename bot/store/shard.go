package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// OwnShards claims or renews the shards that owner answers for until end, at most its fair share, and returns them.
// A shard that is missing from the list belongs to somebody else from now on. On SQLite one process owns all; a second
// one gets a Conflict.
func (s *Store) OwnShards(ctx context.Context, owner string, now, end time.Time) ([]int, error) {
	shards, err := s.db.ownShards(ctx, owner, now, end)
	if err == nil {
		err = s.inherit(ctx, owner)
	}
	return shards, s.fault("share the work", err)
}

// inherit makes replies due that a process had leased which is not alive any more. Without it a reply would wait for
// the end of the dead process' lease.
func (s *Store) inherit(ctx context.Context, owner string) error {
	// The first condition says the same as the second to the index of what is under way.
	orphans := ` FROM outbox WHERE state IN ('waiting', 'leased') AND state = 'leased' AND due > 0 AND owner <> ?` + s.db.orphaned()
	var there int
	switch err := s.db.read().row(ctx, `SELECT 1`+orphans+` LIMIT 1`, owner).Scan(&there); {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	return s.write(ctx, "take over replies", func(ctx context.Context, st *statements) error {
		_, err := st.exec(ctx, `UPDATE outbox SET due = 0 WHERE id IN (SELECT id`+orphans+`)`, owner)
		return err
	})
}

// LeaveShards gives back what owner holds, so that others need not wait for its lease to end.
func (s *Store) LeaveShards(ctx context.Context, owner string) error {
	return s.fault("share the work", s.db.leaveShards(ctx, owner))
}
