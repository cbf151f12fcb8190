package main

import (
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tanya/bot/bottest"
	"tanya/bot/store"
)

var lanes = flag.Int("lanes", 1, "services that TestKillTelegram kills side by side; they share the kills")

// TestKillTelegram is faults 1 to 3 and 18 of the list: it kills the program with SIGKILL at random moments while
// people write on Telegram, a server that others wrote. SQLite lives in the same process, so its death is the
// database's too. From outside it counts what became of every message: none lost, none counted twice, and answered
// twice at most those whose reply was on its way when the program died: the server had received it, and the database,
// read after the death, did not know. A program younger than three seconds has one on its way at most, and is killed before
// that, so that there are no more of them than kills that met one.
// `go test ./cmd/tanya -run KillTelegram -kills 2000 -lanes 3 -parallel 3 -timeout 4h` is the long form, with 20,000
// messages.
func TestKillTelegram(t *testing.T) {
	if testing.Short() {
		t.Skip("kills a service many times; left out of short runs")
	}
	bin, content := buildProgram(t), fewEntries(t)
	seed := uint64(time.Now().UnixNano())
	var mu sync.Mutex
	var sum killed
	t.Run("lanes", func(t *testing.T) {
		for lane := range *lanes {
			t.Run(strconv.Itoa(lane), func(t *testing.T) {
				t.Parallel()
				n := *kills / *lanes
				if lane < *kills%*lanes {
					n++
				}
				k := killOnTelegram(t, bin, content, n, seed, uint64(lane))
				t.Log(k)
				mu.Lock()
				defer mu.Unlock()
				sum.add(k)
			})
		}
	})
	t.Logf("seed %d, in sum: %v", seed, sum)
	if sum.kills != *kills || sum.lost > 0 || sum.twiceCounted != 0 {
		t.Errorf("%d kills of %d; %d messages lost; %d counted twice", sum.kills, *kills, sum.lost, sum.twiceCounted)
	}
	if sum.twiceAnswered > sum.inFlight {
		t.Errorf("%d answered twice, although only %d kills met a send in flight", sum.twiceAnswered, sum.inFlight)
	}
}

// fewEntries copies as much of the content as the program needs to start, and returns the folder: a start then costs a
// fifth, and more kills fit into an hour. What is on trial here is the road, not the answers.
func fewEntries(t *testing.T) string {
	t.Helper()
	from, to := filepath.Join("..", "..", "faq", "content"), t.TempDir()
	files := []string{"elections.yaml", "hosts.yaml"}
	for _, pattern := range []string{"facts/*.yaml", "entries/*/ancaman-darurat.yaml", "entries/*/data-pribadi.yaml",
		"entries/*/di-luar-topik.yaml", "entries/*/hari-pemungutan-suara.yaml", "entries/*/jam-tps.yaml", "entries/*/kontak-*.yaml",
		"entries/*/laporan-masuk.yaml", "entries/*/privasi-bot.yaml", "entries/*/tentang-bot.yaml", "entries/*/tolak-*.yaml"} {
		found, err := fs.Glob(os.DirFS(from), pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("no content at %s: %v", pattern, err)
		}
		files = append(files, found...)
	}
	related := regexp.MustCompile(`(?m)^related:.*\n`) // to entries that are not copied
	for _, name := range files {
		b, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Join(to, filepath.Dir(name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, name), related.ReplaceAll(b, nil), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

// killed is what became of the messages.
type killed struct {
	kills, starting, messages         int // starting: kills before the program was ready
	lost, twiceCounted, twiceAnswered int
	inFlight, flying                  int // kills that met a send in flight, and those sends
}

func (k *killed) add(o killed) {
	k.kills += o.kills
	k.starting += o.starting
	k.messages += o.messages
	k.lost += o.lost
	k.twiceCounted += o.twiceCounted
	k.twiceAnswered += o.twiceAnswered
	k.inFlight += o.inFlight
	k.flying += o.flying
}

func (k killed) String() string {
	return fmt.Sprintf("kills %d (%d while starting), messages %d, lost %d, counted twice %d, answered twice %d, kills with a send in flight %d (%d sends)",
		k.kills, k.starting, k.messages, k.lost, k.twiceCounted, k.twiceAnswered, k.inFlight, k.flying)
}

// killOnTelegram kills a service of its own n times while ten messages for each kill arrive.
func killOnTelegram(t *testing.T, bin, content string, n int, seed, lane uint64) killed {
	peer := bottest.StartCrabline(t)
	proxy := bottest.StartFaultProxy(t, peer.URL)
	s := startService(t, bin, "TANYA_TELEGRAM_TOKEN="+peer.Token, "TANYA_TELEGRAM_API="+proxy.URL, "TANYA_CONTENT="+content)
	s.awaitTrained()
	wire := watchWire(proxy)
	random := rand.New(rand.NewPCG(seed, lane))

	const each = 10
	out := killed{messages: each * n}
	var rounds atomic.Int64
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range out.messages {
			// Two messages for a chat. The first ones are answered at the latest after the lease of a dead process.
			peer.Say(t, bottest.Say{Chat: int64(1 + i/2), Text: "jam berapa TPS buka dan tutup?"})
			for int64(i) > each*(rounds.Load()+1) && int(rounds.Load()) < n { // there is traffic at every kill
				time.Sleep(5 * time.Millisecond)
			}
		}
	})
	recorded := map[string]int{}     // sends to a chat that the database knows of
	starts := 300 * time.Millisecond // how long the last start took
	for i := range n {
		if random.IntN(4) == 0 && i > 0 {
			time.Sleep(time.Duration(random.Int64N(int64(starts))))
			if h, err := s.healthWithin(50 * time.Millisecond); err != nil || len(h.Channels) == 0 {
				out.starting++
			}
		} else {
			began := time.Now()
			s.awaitUp()
			starts = min(max(time.Since(began), 100*time.Millisecond), 5*time.Second)
			time.Sleep(time.Duration(50+random.IntN(750)) * time.Millisecond)
		}
		s.kill()
		out.kills++
		if sends := s.unrecorded(wire.died(), recorded); sends > 0 {
			out.inFlight++
			out.flying += sends
		}
		rounds.Add(1)
		s.start()
		if out.kills%50 == 0 {
			fmt.Printf("%s lane %d: %d of %d kills, %d with a send in flight\n", time.Now().Format(time.TimeOnly), lane, out.kills, n, out.inFlight)
		}
	}
	wg.Wait()
	s.awaitUp()
	s.drainWithin(3*time.Minute + time.Duration(out.messages)*100*time.Millisecond) // Telegram's pace, and leases of the dead
	s.stop()

	answers := map[string]int{}
	for _, c := range peer.Sent(t) {
		answers[c.Chat()]++
	}
	for chat := 1; chat <= out.messages/2; chat++ {
		n := answers[strconv.Itoa(chat)]
		out.lost += max(0, 2-n)
		out.twiceAnswered += max(0, n-2)
	}
	out.twiceCounted = s.queries() - out.messages
	if strings.Contains(s.log.String(), strings.SplitN(peer.Token, ":", 2)[1]) {
		t.Error("the token stands in the program's output")
	}
	bottest.CheckBotAPI(t, proxy.Seen())
	return out
}

// wire watches the sends that pass the proxy, by chat.
type wire struct {
	mu     sync.Mutex
	open   int
	seen   int
	bodies map[string]int // sends that the server received in this life of the program
}

func watchWire(p *bottest.FaultProxy) *wire {
	w := &wire{bodies: map[string]int{}}
	watch := func(rw http.ResponseWriter, r *bottest.Request) bool {
		w.mu.Lock()
		w.open++
		w.seen++
		w.bodies[r.Form.Get("chat_id")]++
		w.mu.Unlock()
		defer func() { // a server breaks a handler off by a panic when its client is gone
			w.mu.Lock()
			w.open--
			w.mu.Unlock()
		}()
		r.Pass(rw)
		return true
	}
	for _, method := range []string{"sendMessage", "sendPhoto", "editMessageText"} {
		p.Always(method, watch)
	}
	return w
}

// died returns the sends of the life that has ended, by chat, when the wire has come to rest: what the dead program
// has written may still be in a buffer.
func (w *wire) died() map[string]int {
	seen := -1
	for {
		time.Sleep(20 * time.Millisecond)
		w.mu.Lock()
		if w.open == 0 && w.seen == seen {
			break
		}
		seen = w.seen
		w.mu.Unlock()
	}
	defer w.mu.Unlock()
	out := w.bodies
	w.bodies = map[string]int{}
	return out
}

// unrecorded returns how many of the sends the database of the dead service does not know of, and brings recorded, what
// it knew before, up to date. It reads a copy: the program must find everything as it left it.
func (s *service) unrecorded(sends map[string]int, recorded map[string]int) int {
	s.t.Helper()
	if len(sends) == 0 {
		return 0
	}
	dir := s.t.TempDir()
	for _, name := range []string{"tanya.db", "tanya.db-wal"} {
		b, err := os.ReadFile(filepath.Join(s.data, name))
		if err != nil && !os.IsNotExist(err) {
			s.t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			s.t.Fatal(err)
		}
	}
	defer func() { _ = os.RemoveAll(dir) }()
	keys, err := openKeyring(filepath.Join(s.data, "secret.key"))
	if err != nil {
		s.t.Fatal(err)
	}
	led, err := store.Open(s.t.Context(), filepath.Join(dir, "tanya.db"), keys, store.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = led.Close() }()
	open := 0
	for chat, sent := range sends {
		replies, err := led.Replies(s.t.Context(), keys.Chat("telegram", chat), 0, 100)
		if err != nil {
			s.t.Fatal(err)
		}
		known := 0
		for _, r := range replies {
			if r.Platform != "" { // the server's id of the message is written with "delivered"
				known++
			}
		}
		open += max(0, sent-(known-recorded[chat]))
		recorded[chat] = known
	}
	return open
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
