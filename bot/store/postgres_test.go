package store_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/store"
)

// onPostgres opens a ledger on the server, or skips.
func onPostgres(t *testing.T) *world {
	t.Helper()
	d := databases[1]
	if d.missing != "" {
		t.Skip(d.missing)
	}
	return open(t, d.fresh(t))
}

// end ends all connections to the database but the one that does it, as a restart of the server would.
func (w *world) end() {
	w.t.Helper()
	var err error
	for range 20 { // its own pool may still hold a connection that was ended before
		if err = w.Script(context.Background(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid()`); err == nil {
			return
		}
	}
	must(w.t, err)
}

func TestServerRestart(t *testing.T) {
	w := onPostgres(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	other := w.second()
	rings := other.Bell(ctx)
	hear(t, rings, store.Ring{Work: store.AnyWork})
	for i := range 4 {
		w.accept(w.message(nth("m", i), "a", "x"))
		w.end()
		var err error
		for range 20 { // a connection that was cut gives an error once
			if _, err = other.Accept(ctx, bot.Batch{Channel: "webchat", Messages: []bot.Message{w.message(nth("n", i), "a", "x")}}); err == nil {
				break
			}
			wantClass(t, err, bot.Transient)
		}
		must(t, err)
	}
	equal(t, "waiting", len(w.claim()), 8)
	hear(t, rings, store.Ring{Work: store.AnyWork}) // it listens again and says that it was away
}

func TestStandbyTakesNoChanges(t *testing.T) {
	w := onPostgres(t)
	must(t, w.Script(context.Background(), `DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET default_transaction_read_only = on'; END $$`))
	w.end()
	must(t, w.Close())
	months, err := store.NewKeyFolder(w.dir)
	must(t, err)
	_, err = store.Open(context.Background(), w.dsn, w.keys, store.Options{Months: months})
	wantClass(t, err, bot.Transient)
	if err != nil && !strings.Contains(err.Error(), "takes no changes") {
		t.Errorf("unclear: %v", err)
	}
}

func TestUnusableServers(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	for _, c := range []struct {
		dsn   string
		class bot.Class
	}{
		{"postgres://u:secretword@[bad/db", bot.Invalid},
		{"postgres://u:secretword@127.0.0.1:1/db", bot.Transient},
		{"host=/nowhere user=secretword", bot.Transient},
	} {
		_, err := store.Open(ctx, c.dsn, keyring(t, 7), store.Options{})
		wantClass(t, err, c.class)
		if err != nil && strings.Contains(err.Error(), "secretword") {
			t.Errorf("the message holds the address: %v", err)
		}
	}
	w := onPostgres(t)
	i := strings.LastIndex(w.dsn, "dbname=")
	_, err := store.Open(ctx, w.dsn[:i]+"dbname=nowhere", keyring(t, 7), store.Options{})
	wantClass(t, err, bot.StopChannel)
}

// Two processes settle the same messages, as happens when one has lost its shards without knowing: each message counts
// once, whoever comes first.
func TestTwoProcessesSettleTheSame(t *testing.T) {
	w := onPostgres(t)
	other := w.second()
	const n = 60
	for i := range n {
		w.accept(w.message(nth("m", i), nth("a", i%7), "x"))
	}
	done := make(chan struct{})
	for _, v := range []*world{w, other} {
		go func() {
			for v.stats().Waiting > 0 && !t.Failed() {
				for shard := range bot.Shards {
					v.answer(context.Background(), shard)
				}
			}
			done <- struct{}{}
		}()
	}
	<-done
	<-done
	v := w.stats()
	equal(t, "queries", v.Queries, n)
	equal(t, "replies", v.Outbox, n)
}
