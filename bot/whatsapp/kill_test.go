package whatsapp_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/whatsapp/relaytest"
)

var (
	killTimes    = flag.Int("kills", 60, "how often TestKill kills the process that runs the linked device")
	killMessages = flag.Int("kill-messages", 600, "how many messages citizens write meanwhile")
)

// childEnv makes the test binary a service instead: it holds the place as JSON.
const childEnv = "TANYA_WHATSAPP_CHILD"

func TestMain(m *testing.M) {
	if at := os.Getenv(childEnv); at != "" {
		if err := child(at); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// order is what a child is told.
type order struct {
	place
	Root string
}

// child runs the service until its input ends: with that it also ends when the test does.
func child(text string) error {
	var o order
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return err
	}
	if err := relaytest.Trust(o.Root); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	s, err := openService(ctx, o.place, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})))
	if err != nil {
		return err
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	if err := s.engine.Run(ctx); err != nil {
		return err
	}
	return s.Close()
}

// The process that runs the linked device is killed at random moments while people write. No question may be lost, and
// a reply that comes twice must carry the same id both times.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped, because -short was asked for")
	}
	r := newRelay(t)
	at := placeIn(t.TempDir(), r.Address())
	first, err := openService(t.Context(), at, nil)
	must(t, err)
	must(t, first.channel.Pair(t.Context(), "", func(c bot.PairingCode) { _ = r.Scan(c.QR, office) }))
	must(t, first.Close())
	y := newTally()
	const people = 6
	each := *killMessages / people
	var citizens []*citizen
	for i := range people {
		c := newCitizen(t, r, fmt.Sprintf("62822000%05d", i))
		citizens = append(citizens, c)
		go func() {
			for e := range c.got {
				y.add(c.phone, e.Info.ID, textOf(e))
			}
		}()
	}
	order, err := json.Marshal(order{place: at, Root: r.Root()})
	must(t, err)
	start, logins := time.Now(), len(r.Versions())
	var said, kills atomic.Int64
	over := make(chan struct{}) // closed when the killing is: what is left may be written at once
	var wg sync.WaitGroup
	for _, c := range citizens {
		wg.Go(func() {
			for n := range each {
				c.say(fmt.Sprint("soal ", n))
				said.Add(1)
				for wait := true; wait && said.Load()*int64(*killTimes) > int64(*killMessages)*(kills.Load()+1); {
					select { // messages are spread over the kills
					case <-over:
						wait = false
					case <-time.After(5 * time.Millisecond):
					}
				}
			}
		})
	}
	for range *killTimes {
		p := launch(t, string(order))
		until(t, "the child connects", func() bool { return r.Online(office) })
		time.Sleep(time.Duration(rand.IntN(250)) * time.Millisecond)
		must(t, p.Process.Kill())
		_ = p.Wait()
		until(t, "the relay notices", func() bool { return !r.Online(office) })
		kills.Add(1)
	}
	close(over)
	launch(t, string(order))
	wg.Wait()
	const still = 2 * time.Minute // without any answer; a slow machine may need longer for all of them
	for seen, end := 0, time.Now().Add(still); y.total() < people*each && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if n := y.total(); n > seen {
			seen, end = n, time.Now().Add(still)
		}
	}
	lost, doubled, misplaced := 0, 0, 0
	for _, c := range citizens {
		l, d, m := y.wrong(c.phone, 0, each)
		if l+d+m > 0 {
			at := y.parts(c.phone, 0)
			t.Logf("one person: lost %d, doubled %d, out of order from answer %d on, by %v; the relay holds %d for them", l, d, at, y.around(c.phone, at), r.Waiting(c.phone))
		}
		lost, doubled, misplaced = lost+l, doubled+d, misplaced+m
	}
	t.Logf("%d kills in %d messages, %v: lost %d, repeated with the same id %d, with another id %d, out of order %d",
		*killTimes, people*each, time.Since(start).Round(time.Millisecond), lost, y.repeats, doubled, misplaced)
	if lost+doubled+misplaced > 0 || len(y.strange) > 0 {
		if after, err := openService(t.Context(), at, nil); err == nil { // what the ledger says of it
			stats, err := after.ledger.Stats(t.Context())
			t.Logf("ledger: %d messages wait, %d replies wait, %d were given up, %d queries; relay: %d wait for the office, %d sent (%v)",
				stats.Waiting, stats.Outbox, stats.Dead, stats.Queries, r.Waiting(office), len(r.Sent(office)), err)
			_ = after.Close()
		}
		asked := map[bool]int{}
		for _, x := range r.Receipts() {
			if x.Kind == "retry" {
				asked[x.From == office]++
			}
		}
		t.Logf("%d logins, %d starts", len(r.Versions())-logins, *killTimes+1)
		t.Logf("asked to send again: %d times by the office, %d times by people", asked[true], asked[false])
		t.Errorf("lost %d, doubled with another id %d, out of order %d, strange %d", lost, doubled, misplaced, len(y.strange))
	}
}

// launch starts a child that ends with the test.
func launch(t testing.TB, order string) *exec.Cmd {
	t.Helper()
	p := exec.CommandContext(context.Background(), os.Args[0]) // it ends with its input, or killed
	p.Env = append(os.Environ(), childEnv+"="+order)
	p.Stderr = os.Stderr
	in, err := p.StdinPipe()
	must(t, err)
	must(t, p.Start())
	t.Cleanup(func() {
		_ = in.Close()
		_ = p.Wait()
	})
	return p
}
