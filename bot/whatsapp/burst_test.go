package whatsapp_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/whatsapp/relaytest"
)

// Six people write forty messages each, as fast as they can: all are decrypted and answered, in order per person.
func TestBurst(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		r := newRelay(t)
		burst(t, r, placeIn(t.TempDir(), r.Address()))
	})
	t.Run("postgres", func(t *testing.T) {
		dsn := postgres(t)
		r := newRelay(t)
		burst(t, r, place{Relay: r.Address(), Session: dsn, Ledger: dsn})
	})
}

const (
	burstPeople = 6
	burstEach   = 40
)

func burst(t *testing.T, r *relaytest.Relay, at place) {
	log := &records{}
	s, err := openService(t.Context(), at, log.logger())
	must(t, err)
	must(t, s.channel.Pair(t.Context(), "", func(c bot.PairingCode) { _ = r.Scan(c.QR, office) }))
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.engine.Run(ctx) }()
	defer func() {
		stop()
		must(t, <-ended)
		must(t, s.Close())
	}()
	y := newTally()
	var people []*citizen
	for i := range burstPeople {
		c := newCitizen(t, r, fmt.Sprintf("62822000%05d", i))
		people = append(people, c)
		go func() {
			for e := range c.got {
				y.add(c.phone, e.Info.ID, textOf(e))
			}
		}()
	}
	start := time.Now()
	var wg sync.WaitGroup
	for _, c := range people {
		wg.Go(func() {
			for n := range burstEach {
				c.say(fmt.Sprint("soal ", n))
			}
		})
	}
	wg.Wait()
	const want = burstPeople * burstEach
	for end := time.Now().Add(60 * time.Second); y.total() < want && time.Now().Before(end); {
		time.Sleep(5 * time.Millisecond)
	}
	took := time.Since(start)
	t.Logf("%d of %d answered in %v, %.0f a second; %d repeats, %d not decrypted at first",
		y.total(), want, took.Round(time.Millisecond), float64(y.total())/took.Seconds(), y.repeats, s.channel.Status().Undecrypted)
	sent := map[relaytest.Sending]bool{}
	for _, one := range r.Sent(office) {
		sent[one] = true
	}
	if len(sent) != want {
		t.Errorf("the office sent %d different replies, want %d", len(sent), want)
	}
	for _, c := range people {
		if lost, doubled, misplaced := y.wrong(c.phone, 0, burstEach); lost+doubled+misplaced > 0 {
			t.Errorf("one person: %d lost, %d doubled, %d out of order", lost, doubled, misplaced)
		}
	}
	if len(y.strange) > 0 || s.channel.Status().Undecrypted > 0 {
		t.Errorf("%d strange replies, %d not decrypted; first: %.80q", len(y.strange), s.channel.Status().Undecrypted, y.strange)
	}
}
