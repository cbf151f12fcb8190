package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tanya/bot/bottest"
	"tanya/bot/store"
)

// TestKillTelegram is faults 1 to 3 and 18 of the list: it kills the program with SIGKILL at random moments while
// people write on Telegram, a server that others wrote. SQLite lives in the same process, so its death is the
// database's too. From outside it counts what became of every message: none lost, none counted twice, and answered
// twice at most those whose reply was on its way when the program died.
// `go test ./cmd/tanya -run KillTelegram -kills 2000 -timeout 4h` is the long form, with 20,000 messages.
func TestKillTelegram(t *testing.T) {
	if testing.Short() {
		t.Skip("kills a service many times; left out of short runs")
	}
	peer := bottest.StartCrabline(t)
	proxy := bottest.StartFaultProxy(t, peer.URL)
	s := startService(t, "TANYA_TELEGRAM_TOKEN="+peer.Token, "TANYA_TELEGRAM_API="+proxy.URL)
	s.awaitTrained()
	wire := watchWire(proxy)

	const each = 10 // messages for each kill
	total := each * *kills
	var rounds atomic.Int64
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range total {
			// Two messages for a chat. The first ones are answered at the latest after the lease of a dead process.
			peer.Say(t, bottest.Say{Chat: int64(1 + i/2), Text: "jam berapa TPS buka dan tutup?"})
			for int64(i) > each*(rounds.Load()+1) && int(rounds.Load()) < *kills { // there is traffic at every kill
				time.Sleep(5 * time.Millisecond)
			}
		}
	})
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 2))
	inFlight, flying := 0, 0
	for range *kills {
		s.awaitAnswering(wire)
		time.Sleep(time.Duration(random.IntN(300)) * time.Millisecond)
		s.kill()
		if n := wire.die(); n > 0 {
			inFlight++
			flying += n
		}
		rounds.Add(1)
		s.start()
	}
	wg.Wait()
	s.awaitUp()
	s.drainWithin(5 * time.Minute)
	s.stop()

	lost, twice := 0, 0
	answers := map[string]int{}
	for _, c := range peer.Sent(t) {
		answers[c.Chat()]++
	}
	for chat := 1; chat <= total/2; chat++ {
		n := answers[strconv.Itoa(chat)]
		lost += max(0, 2-n)
		twice += max(0, n-2)
	}
	counted := s.queries()
	t.Logf("seed %d: kills %d, messages %d, lost %d, counted twice %d, answered twice %d, kills with a send in flight %d (%d sends)",
		seed, *kills, total, lost, counted-total, twice, inFlight, flying)
	if lost > 0 || counted != total {
		t.Errorf("%d messages lost; %d counted of %d", lost, counted, total)
	}
	if twice > flying {
		t.Errorf("%d answered twice, although only %d were on their way when the program died", twice, flying)
	}
	if strings.Contains(s.log.String(), strings.SplitN(peer.Token, ":", 2)[1]) {
		t.Error("the token stands in the program's output")
	}
	bottest.CheckBotAPI(t, proxy.Seen())
}

// wire watches the sends that pass the proxy. A send is on its way from when the program makes it until the program
// makes the next move that shows that it has recorded it, which from outside is not seen; so it counts as on its way
// for a moment after its answer too.
type wire struct {
	mu     sync.Mutex
	open   int
	recent []time.Time // when answers went back
	done   int
}

// recordTime is how long the program may take to record that a reply was sent.
const recordTime = 3 * time.Second

func watchWire(p *bottest.FaultProxy) *wire {
	w := &wire{}
	p.Always("sendMessage", func(rw http.ResponseWriter, r *bottest.Request) bool {
		w.mu.Lock()
		w.open++
		w.mu.Unlock()
		r.Pass(rw)
		w.mu.Lock()
		w.open--
		w.done++
		w.recent = append(w.recent, time.Now())
		w.mu.Unlock()
		return true
	})
	return w
}

// arrived is how many sends have been answered.
func (w *wire) arrived() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.done
}

// die returns how many sends were on their way at this moment.
func (w *wire) die() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := w.open
	for _, at := range w.recent {
		if time.Since(at) < recordTime {
			n++
		}
	}
	w.recent = nil
	return n
}

// awaitAnswering waits until the restarted service sends, or has nothing to send.
func (s *service) awaitAnswering(w *wire) {
	s.t.Helper()
	s.awaitUp()
	before := w.arrived()
	for end := time.Now().Add(2 * time.Second); time.Now().Before(end) && w.arrived() == before; {
		time.Sleep(5 * time.Millisecond)
	}
}

// drainWithin waits until nothing waits any more, replies of dead processes included.
func (s *service) drainWithin(limit time.Duration) {
	s.t.Helper()
	var last string
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		h, err := s.health()
		if err == nil && h.Inbox == 0 && h.Outbox == 0 {
			return
		}
		last = fmt.Sprintf("%+v %v", h, err)
	}
	s.t.Errorf("work is left: %s", last)
}

// queries counts the query rows of the stopped service.
func (s *service) queries() int {
	s.t.Helper()
	keys, err := openKeyring(s.data + "/secret.key")
	if err != nil {
		s.t.Fatal(err)
	}
	led, err := store.Open(s.t.Context(), s.data+"/tanya.db", keys, store.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = led.Close() }()
	stats, err := led.Stats(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return stats.Queries
}
