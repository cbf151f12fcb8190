package store_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"tanya/bot"
)

func (w *world) own(owner string) []int {
	w.t.Helper()
	now := w.clock.Now()
	shards, err := w.OwnShards(context.Background(), owner, now, now.Add(10*time.Second))
	must(w.t, err)
	return shards
}

func TestOneProcessOwnsAll(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for range 2 {
			equal(t, "shards", len(w.own("one")), bot.Shards)
		}
		// After a pause in which nobody took them, they are still its own.
		w.clock.add(time.Minute)
		equal(t, "shards", len(w.own("one")), bot.Shards)
	})
}

func TestSecondProcess(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.own("one")
		second := w.second()
		if !isShared(w) {
			_, err := second.OwnShards(ctx, "two", w.clock.Now(), w.clock.Now().Add(time.Minute))
			wantClass(t, err, bot.Conflict)
			if !strings.Contains(err.Error(), "another process") {
				t.Errorf("unclear: %v", err)
			}
			must(t, w.LeaveShards(ctx, "one"))
			equal(t, "after the first left", len(second.own("two")), bot.Shards)
			return
		}
		equal(t, "nothing free yet", len(second.own("two")), 0)
		equal(t, "the first gives half back", len(w.own("one")), bot.Shards/2)
		equal(t, "the second takes it", len(second.own("two")), bot.Shards/2)
		third := w.second()
		third.own("three")
		total := map[int]string{}
		for _, v := range []struct {
			owner string
			w     *world
		}{{"one", w}, {"two", second}, {"three", third}} {
			for _, s := range v.w.own(v.owner) {
				if total[s] != "" {
					t.Errorf("shard %d belongs to %s and %s", s, total[s], v.owner)
				}
				total[s] = v.owner
			}
		}
		equal(t, "all are owned", len(total), bot.Shards)
		// The second dies, the third leaves: the first has everything within one lease.
		must(t, third.LeaveShards(ctx, "three"))
		w.clock.add(10 * time.Second)
		equal(t, "taken over", len(w.own("one")), bot.Shards)
	})
}
