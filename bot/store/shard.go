package store

import (
	"context"
	"time"
)

// OwnShards claims or renews the shards that owner answers for until end, at most its fair share, and returns them.
// A shard that is missing from the list belongs to somebody else from now on. On SQLite one process owns all; a second
// one gets a Conflict.
func (s *Store) OwnShards(ctx context.Context, owner string, now, end time.Time) ([]int, error) {
	shards, err := s.db.ownShards(ctx, owner, now, end)
	return shards, s.fault("share the work", err)
}

// LeaveShards gives back what owner holds, so that others need not wait for its lease to end.
func (s *Store) LeaveShards(ctx context.Context, owner string) error {
	return s.fault("share the work", s.db.leaveShards(ctx, owner))
}
