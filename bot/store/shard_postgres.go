package store

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/stdlib"

	"tanya/bot"
)

// ownShards renews what owner has, up to its fair share, gives back the rest, and takes what is free.
func (d *postgresDialect) ownShards(ctx context.Context, owner string, now, end time.Time) ([]int, error) {
	var owned []int
	err := d.write(ctx, func(ctx context.Context, st *statements) error {
		share, err := d.share(ctx, st, owner, now, end)
		if err != nil {
			return err
		}
		rows, err := st.rows(ctx, `SELECT shard FROM shards WHERE owner = ? AND until > ? ORDER BY shard FOR UPDATE`, owner, millis(now))
		owned, err = collect(rows, err, scanOne[int])
		if err != nil {
			return err
		}
		var surplus []int
		if len(owned) > share {
			owned, surplus = owned[:share], owned[share:]
		}
		for _, shard := range surplus {
			if _, err := st.exec(ctx, `UPDATE shards SET owner = '', until = 0 WHERE shard = ?`, shard); err != nil {
				return err
			}
		}
		rows, err = st.rows(ctx, `SELECT shard FROM shards WHERE until <= ? ORDER BY shard LIMIT ? FOR UPDATE SKIP LOCKED`,
			millis(now), share-len(owned))
		free, err := collect(rows, err, scanOne[int])
		if err != nil {
			return err
		}
		owned = append(owned, free...)
		for _, shard := range owned {
			if _, err := st.exec(ctx, `UPDATE shards SET owner = ?, until = ? WHERE shard = ?`, owner, millis(end), shard); err != nil {
				return err
			}
		}
		return nil
	})
	return owned, err
}

// share notes that owner is alive and returns how many shards fall to each of those who are.
func (d *postgresDialect) share(ctx context.Context, st *statements, owner string, now, end time.Time) (int, error) {
	if err := seed(ctx, st); err != nil {
		return 0, err
	}
	if _, err := st.exec(ctx, `DELETE FROM members WHERE until <= ? AND owner <> ?`, millis(now), owner); err != nil {
		return 0, err
	}
	if _, err := st.exec(ctx, `INSERT INTO members (owner, until) VALUES (?, ?)
		ON CONFLICT (owner) DO UPDATE SET until = excluded.until`, owner, millis(end)); err != nil {
		return 0, err
	}
	var alive int
	if err := st.row(ctx, `SELECT COUNT(*) FROM members`).Scan(&alive); err != nil {
		return 0, err
	}
	d.alive.Store(int32(alive))
	return (bot.Shards + alive - 1) / alive, nil
}

// seed makes the rows of the shards when the database is new.
func seed(ctx context.Context, st *statements) error {
	var there int
	if err := st.row(ctx, `SELECT COUNT(*) FROM shards`).Scan(&there); err != nil || there == bot.Shards {
		return err
	}
	_, err := st.exec(ctx, `INSERT INTO shards (shard) SELECT generate_series(0, ?::bigint - 1) ON CONFLICT DO NOTHING`, bot.Shards)
	return err
}

func (d *postgresDialect) leaveShards(ctx context.Context, owner string) error {
	return d.write(ctx, func(ctx context.Context, st *statements) error {
		if _, err := st.exec(ctx, `UPDATE shards SET owner = '', until = 0 WHERE owner = ?`, owner); err != nil {
			return err
		}
		_, err := st.exec(ctx, `DELETE FROM members WHERE owner = ?`, owner)
		return err
	})
}

// bellChannel is the name that announcements go by on the server.
const bellChannel = "tanya"

// announce tells the other processes. It happens beside the transaction, not in it: the server lets transactions
// that notify commit one after the other only, and a ring is no more than a hint.
func (d *postgresDialect) announce(r []Ring) { d.pending.add(r) }

// notify sends what was announced, gathered over a short pause.
func (d *postgresDialect) notify(ctx context.Context) {
	defer close(d.ended)
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.pending.wake:
		}
		var words []string
		for r := range d.pending.take() {
			words = append(words, d.id+" "+r.word())
		}
		_, _ = d.db.ExecContext(ctx, `SELECT pg_notify($1, word) FROM unnest($2::text[]) AS word`, bellChannel, words)
		select {
		case <-ctx.Done():
			return
		case <-time.After(announcePause):
		}
	}
}

// listen hears the other processes. After a lost connection it says that anything may have been missed.
func (d *postgresDialect) listen(ctx context.Context, heard func(...Ring)) {
	for ctx.Err() == nil {
		_ = d.listenOnce(ctx, heard)
		select {
		case <-ctx.Done():
		case <-time.After(listenPause):
		}
	}
}

func (d *postgresDialect) listenOnce(ctx context.Context, heard func(...Ring)) error {
	c, err := d.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	return c.Raw(func(raw any) error {
		conn := raw.(*stdlib.Conn).Conn()
		// It listens, so it must not go back into the pool.
		defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
		if _, err := conn.Exec(ctx, `LISTEN `+bellChannel); err != nil {
			return err
		}
		heard(Ring{Work: AnyWork})
		for {
			n, err := conn.WaitForNotification(ctx)
			if err != nil {
				return err
			}
			from, word, _ := strings.Cut(n.Payload, " ")
			if r, ok := ringOf(word); ok && from != d.id {
				heard(r)
			}
		}
	})
}

// word writes a ring for other processes, ringOf reads it.
func (r Ring) word() string {
	return string(r.Work) + " " + strconv.Itoa(r.Shard) + " " + r.Channel
}

func ringOf(word string) (Ring, bool) {
	parts := strings.SplitN(word, " ", 3)
	if len(parts) != 3 {
		return Ring{}, false
	}
	shard, err := strconv.Atoi(parts[1])
	return Ring{Work: Work(parts[0]), Shard: shard, Channel: parts[2]}, err == nil
}
