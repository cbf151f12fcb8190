package store_test

import (
	"context"
	"testing"

	"tanya/bot"
	"tanya/bot/store"
)

// TestSwitches: a turn holds over a restart, the others hear of it, and the audit says who did it.
func TestSwitches(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		rings := w.Bell(ctx)
		at := w.clock.Now()
		for _, to := range []bot.Position{bot.Off, bot.Paused} {
			must(t, w.Turn(ctx, bot.Switch{Channel: "whatsapp", Position: to, By: "ani", Why: "uji", At: at}))
		}
		hear(t, rings, store.Ring{Work: store.SwitchWork, Channel: "whatsapp"})
		w.reopen()
		all, err := w.Switches(ctx)
		must(t, err)
		want := bot.Switch{Channel: "whatsapp", Position: bot.Paused, By: "ani", Why: "uji", At: all[0].At}
		if len(all) != 1 || all[0] != want || !all[0].At.Equal(at) {
			t.Errorf("switches: %+v", all)
		}
		lines, err := w.Desk().Trail(ctx, 0, 9)
		must(t, err)
		if len(lines) != 2 || lines[1].Actor != "ani" || lines[1].Object != "whatsapp" || lines[1].Detail != "off: uji" {
			t.Errorf("audit: %+v", lines)
		}
		if err := w.Turn(ctx, bot.Switch{Channel: "whatsapp", Position: "half"}); bot.ClassOf(err) != bot.Invalid {
			t.Errorf("half: %v", err)
		}
	})
}
