package whatsapp_test

import (
	"context"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/whatsapp"
)

// What staff do at the console, on the real channel: they link a telephone, and the running service begins to answer;
// they pause it, throw the kill switch, and switch it on again; and a restart changes nothing of it.
func TestPanel(t *testing.T) {
	r := newRelay(t)
	at := placeIn(t.TempDir(), r.Address())
	var s *service
	var p *bot.Panel
	var stop func()
	start := func() {
		t.Helper()
		var err error
		s, err = openService(t.Context(), at, nil)
		must(t, err)
		p = bot.NewPanel(s.engine, s.ledger)
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- s.engine.Run(ctx) }()
		stop = func() {
			t.Helper()
			cancel()
			must(t, <-ended)
			must(t, p.Close())
			must(t, s.Close())
		}
	}
	turn := func(to bot.Position) {
		t.Helper()
		must(t, p.Turn(t.Context(), whatsapp.Name, to, "ani", "uji"))
		until(t, string(to), func() bool { return p.Channels()[0].Position == to && r.Online(office) == (to != bot.Off) })
	}
	start()
	until(t, "it stops for want of a telephone", func() bool { return p.Channels()[0].Stopped })
	must(t, p.Pair(t.Context(), whatsapp.Name, "", "ani"))
	scanned := ""
	until(t, "the telephone is linked", func() bool {
		v, err := p.Pairing(t.Context(), whatsapp.Name)
		must(t, err)
		if v.Trouble != "" {
			t.Fatal(v.Trouble)
		}
		if v.Code.QR != scanned && v.Code.QR != "" {
			if len(v.Code.Picture) == 0 {
				t.Error("the QR code has no picture")
			}
			scanned = v.Code.QR
			must(t, r.Scan(scanned, office))
		}
		return v.Linked && !v.Running
	})
	until(t, "the service begins to work", func() bool { return p.Channels()[0].Up && r.Online(office) })

	c := newCitizen(t, r, siti)
	answered := func(n int) {
		t.Helper()
		if got := answerOf(textOf(c.hear())); got != n {
			t.Errorf("answer %d, want %d", got, n)
		}
	}
	c.say("soal 1")
	answered(1)
	turn(bot.Paused)
	c.say("soal 2")
	until(t, "the question is taken", func() bool { return r.Waiting(office) == 0 })
	time.Sleep(500 * time.Millisecond)
	if len(c.got) > 0 {
		t.Error("answered while it was paused")
	}
	turn(bot.Off)
	c.say("soal 3")
	stop()
	start()
	time.Sleep(time.Second)
	if r.Online(office) || r.Waiting(office) == 0 {
		t.Error("the restart switched it on")
	}
	turn(bot.On)
	answered(2)
	answered(3)
	must(t, p.Unpair(t.Context(), whatsapp.Name))
	until(t, "it is unlinked", func() bool { return !r.Linked(office) && p.Channels()[0].Stopped })
	stop()
}
