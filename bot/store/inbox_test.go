package store_test

import (
	"context"
	"testing"

	"tanya/bot"
)

func TestRoad(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.ask("1", "rahasia", bot.Query{Outcome: bot.Unknown, Topic: "jadwal", Text: "min kpn"}, "a", "b")
		out := w.lease("me", 10)
		equal(t, "leased", len(out), 1)
		equal(t, "text", out[0].Reply.Text, "a")
		must(t, w.Finish(context.Background(), bot.Delivery{ID: out[0].ID, State: bot.Delivered}))
		out = w.lease("me", 10)
		equal(t, "text", out[0].Reply.Text, "b")
		equal(t, "to", out[0].Address, "rahasia")
		t.Logf("%+v %+v", w.stats(), w.sweep())
	})
}
