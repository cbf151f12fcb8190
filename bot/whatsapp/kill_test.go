package whatsapp_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/types"

	"tanya/bot"
	"tanya/bot/bottest"
	"tanya/bot/whatsapp/relaytest"
)

var killTimes = flag.Int("kills", 0, "how often TestKill kills on each database the process that runs the linked device, with ten messages for each; 0 means 60 and 3 times")

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

// TestKill kills the process that runs the linked device at random moments while people write. No question may be lost,
// counted twice or answered out of order, and a reply that comes twice must carry the same id both times. With the ledger
// in PostgreSQL the link's session lies there too, and the next process waits until the dead one's hold and shards have
// run out, so that a kill takes seven seconds there. `go test ./bot/whatsapp -run 'TestKill$/sqlite' -kills 1000` is the
// long form.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped, because -short was asked for")
	}
	often := func(times int) int {
		if *killTimes > 0 {
			return *killTimes
		}
		return times
	}
	r := newRelay(t)
	t.Run("sqlite", func(t *testing.T) {
		killLinked(t, r, office, placeIn(t.TempDir(), r.Address()), often(60), 250*time.Millisecond)
	})
	t.Run("postgres", func(t *testing.T) {
		dsn := bottest.StartPostgres(t)
		// What came in while nobody was there is answered within a second or two, and is to be hit.
		killLinked(t, r, elsewhere, place{Relay: r.Address(), Session: dsn, Ledger: dsn}, often(3), 1500*time.Millisecond)
	})
}

// elsewhere is the number of an office of its own.
const elsewhere = "6281100000009"

// killing is a process that is killed while people write to its linked device.
type killing struct {
	t             *testing.T
	relay         *relaytest.Relay
	number        string
	order         string
	times, each   int // kills, and messages of each citizen
	life          time.Duration
	citizens      []*citizen
	tally         *tally
	kills, logins int
	starting      int          // kills before the link was up
	between       int          // answers that came before the last kill
	said, done    atomic.Int64 // messages, and kills that are over
}

// killLinked kills the process that runs a number's link, until life after its link is up, every fourth one before that.
func killLinked(t *testing.T, r *relaytest.Relay, number string, at place, times int, life time.Duration) {
	first, err := openService(t.Context(), at, nil)
	must(t, err)
	must(t, first.channel.Pair(t.Context(), "", func(c bot.PairingCode) { _ = r.Scan(c.QR, number) }))
	must(t, first.Close())
	untilWithin(t, time.Minute, "the telephone is linked and left alone", func() bool { return !r.Online(number) })
	const people, perKill = 6, 10
	text, err := json.Marshal(order{place: at, Root: r.Root()})
	must(t, err)
	k := &killing{
		t: t, relay: r, number: number, order: string(text), times: times, life: life,
		each: max(1, perKill*times/people), tally: newTally(), logins: len(r.Versions()),
	}
	for i := range people {
		k.meet(fmt.Sprintf("62822%s%05d", number[len(number)-3:], i))
	}
	start := time.Now()
	last := k.run()
	for seen, end := 0, time.Now().Add(killStill); k.tally.total() < people*k.each && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if n := k.tally.total(); n > seen {
			seen, end = n, time.Now().Add(killStill)
		}
	}
	last.end()
	k.judge(at, time.Since(start))
}

// killStill is how long nothing may come before what is missing counts as lost; a slow machine may need longer for all.
const killStill = 2 * time.Minute

// meet lets somebody join who writes to the number and keeps what comes back.
func (k *killing) meet(phone string) {
	c := newCitizen(k.t, k.relay, phone)
	c.to = types.NewJID(k.number, types.DefaultUserServer)
	k.citizens = append(k.citizens, c)
	go func() {
		for e := range c.got {
			k.tally.add(c.phone, e.Info.ID, textOf(e))
		}
	}()
}

// run kills while all write, and returns the process that works off what is left.
func (k *killing) run() *process {
	over := make(chan struct{}) // closed when the killing is: what is left may be written at once
	var wg sync.WaitGroup
	for _, c := range k.citizens {
		wg.Go(func() { k.write(c, over) })
	}
	starts, life, answered := time.Second, k.life, 0 // starts: how long the last one took
	online := func() bool { return k.relay.Online(k.number) }
	for i := range k.times {
		p := launch(k.t, k.order)
		if i > 0 && rand.IntN(4) == 0 {
			time.Sleep(time.Duration(rand.Int64N(int64(starts))))
			if !online() {
				k.starting++
			}
		} else {
			began := time.Now()
			untilWithin(k.t, 2*time.Minute, "the child connects", online)
			starts = max(time.Since(began), 10*time.Millisecond)
			time.Sleep(time.Duration(rand.Int64N(int64(life))))
			if n := k.tally.total(); n > answered { // else a slow machine kills what never came to work
				answered, life = n, max(life*4/5, k.life)
			} else {
				life = min(life*5/4, 10*time.Second)
			}
		}
		must(k.t, p.Process.Kill())
		_ = p.Wait()
		untilWithin(k.t, time.Minute, "the relay notices", func() bool { return !online() })
		k.kills++
		k.done.Add(1)
		if k.kills%50 == 0 {
			fmt.Printf("%s %s: %d of %d kills between %d answers\n", time.Now().Format(time.TimeOnly), k.t.Name(), k.kills, k.times, k.tally.total())
		}
	}
	k.between = k.tally.total()
	close(over)
	last := launch(k.t, k.order)
	wg.Wait()
	return last
}

// write lets a citizen ask, spread over the kills.
func (k *killing) write(c *citizen, over <-chan struct{}) {
	total := int64(k.each * len(k.citizens))
	for n := range k.each {
		c.say(fmt.Sprint("soal ", n))
		k.said.Add(1)
		for wait := true; wait && k.said.Load()*int64(k.times) > total*(k.done.Load()+1); {
			select {
			case <-over:
				wait = false
			case <-time.After(5 * time.Millisecond):
			}
		}
	}
}

// judge compares what came with what was asked, and with what the ledger has counted.
func (k *killing) judge(at place, took time.Duration) {
	t, y, asked := k.t, k.tally, k.each*len(k.citizens)
	lost, doubled, misplaced := 0, 0, 0
	for _, c := range k.citizens {
		l, d, m := y.wrong(c.phone, 0, k.each)
		if l+d+m > 0 {
			from := y.parts(c.phone, 0)
			t.Logf("one person: lost %d, doubled %d, out of order from answer %d on, by %v; the relay holds %d for them", l, d, from, y.around(c.phone, from), k.relay.Waiting(c.phone))
		}
		lost, doubled, misplaced = lost+l, doubled+d, misplaced+m
	}
	after, err := openService(t.Context(), at, nil)
	must(t, err)
	stats, err := after.ledger.Stats(t.Context())
	must(t, errors.Join(err, after.Close()))
	t.Logf("%s: %d kills (%d while starting) between %d answers in %d messages, %v: lost %d, counted twice %d, repeated with the same id %d, with another id %d, out of order %d",
		path.Base(t.Name()), k.kills, k.starting, k.between, asked, took.Round(time.Millisecond), lost, stats.Queries-asked, y.repeats, doubled, misplaced)
	if lost+doubled+misplaced == 0 && len(y.strange) == 0 && stats.Queries == asked {
		return
	}
	t.Logf("ledger: %d messages wait, %d replies wait, %d were given up, %d queries; relay: %d wait for the office, %d sent",
		stats.Waiting, stats.Outbox, stats.Dead, stats.Queries, k.relay.Waiting(k.number), len(k.relay.Sent(k.number)))
	again := map[bool]int{}
	for _, x := range k.relay.Receipts() {
		if x.Kind == "retry" {
			again[x.From == k.number]++
		}
	}
	t.Logf("%d logins, %d starts", len(k.relay.Versions())-k.logins, k.times+1)
	t.Logf("asked to send again: %d times by the office, %d times by people", again[true], again[false])
	t.Errorf("lost %d, %d questions of %d counted, doubled with another id %d, out of order %d, strange %d", lost, stats.Queries, asked, doubled, misplaced, len(y.strange))
}

// process is a child that works until its input ends.
type process struct {
	*exec.Cmd
	in io.Closer
}

// end lets the process finish.
func (p *process) end() {
	_ = p.in.Close()
	_ = p.Wait()
}

// launch starts a child that ends with the test.
func launch(t testing.TB, order string) *process {
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
	return &process{p, in}
}
