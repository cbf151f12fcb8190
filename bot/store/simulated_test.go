package store_test

import (
	"context"
	"testing"

	"tanya/bot"
)

// TestSimulated marks an empty ledger for ever and refuses one in which anything has happened.
func TestSimulated(t *testing.T) {
	line := bot.Audit{Actor: "server", Action: "simulasi"}
	each(t, func(t *testing.T, w *world) {
		ctx, desk := context.Background(), w.Desk()
		is := func(want bool) {
			t.Helper()
			got, err := desk.Simulated(ctx)
			must(t, err)
			equal(t, "simulated", got, want)
		}
		is(false)
		must(t, desk.Simulate(ctx, line))
		is(true)
		wantClass(t, desk.Simulate(ctx, line), bot.Conflict)
		is(true)
	})
	each(t, func(t *testing.T, w *world) {
		ctx, desk := context.Background(), w.Desk()
		must(t, desk.SaveStaff(ctx, bot.Staff{Login: "ani", Role: bot.Reader}, false, bot.Audit{}))
		wantClass(t, desk.Simulate(ctx, line), bot.Conflict)
		got, err := desk.Simulated(ctx)
		must(t, err)
		equal(t, "a refused ledger is simulated", got, false)
	})
}
