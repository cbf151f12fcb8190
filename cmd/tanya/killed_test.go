package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
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

var lanes = flag.Int("lanes", 1, "services that TestKillTelegram and TestKillCloud kill side by side on each database; they share the kills")

// patience is how long nothing at all may happen. A machine with much else to do may need minutes for a start.
const patience = 3 * time.Minute

// eachKill is how many messages people write for every kill.
const eachKill = 10

// killed is what became of the messages.
type killed struct {
	kills, starting, messages                 int // starting: kills before the program was ready
	worked                                    int // sends of the programs that were killed
	lost, twiceCounted, twiceAnswered, passed int // passed: answers that another one of the chat passed
	inFlight, flying                          int // kills that met a send in flight, and those sends
	bound                                     int // how many answers may come twice for it
}

func (k *killed) add(o killed) {
	k.kills += o.kills
	k.starting += o.starting
	k.messages += o.messages
	k.worked += o.worked
	k.lost += o.lost
	k.twiceCounted += o.twiceCounted
	k.twiceAnswered += o.twiceAnswered
	k.passed += o.passed
	k.inFlight += o.inFlight
	k.flying += o.flying
	k.bound += o.bound
}

func (k killed) String() string {
	return fmt.Sprintf("kills %d (%d while starting) between %d sends, messages %d, lost %d, counted twice %d, out of order %d, answered twice %d, kills with a send in flight %d (%d sends)",
		k.kills, k.starting, k.worked, k.messages, k.lost, k.twiceCounted, k.passed, k.twiceAnswered, k.inFlight, k.flying)
}

// judge compares the answers that a chat got, by what they answer and with the repeats of each left out, with what it
// asked, in order.
func (k *killed) judge(asked, got []int) {
	k.lost += max(0, len(asked)-len(got))
	k.twiceAnswered += max(0, len(got)-len(asked))
	for i := range min(len(asked), len(got)) {
		if got[i] != asked[i] {
			k.passed++
		}
	}
}

// lane kills one service n times and counts. Its env is that of the database.
type lane func(t *testing.T, n int, random *rand.Rand, env ...string) killed

// killEverywhere kills services on both databases, side by side, in as many lanes as are wanted, and checks what the
// lanes have counted. On SQLite the database dies with the service.
func killEverywhere(t *testing.T, kill lane) {
	t.Helper()
	for _, database := range []string{"sqlite", "postgres"} {
		t.Run(database, func(t *testing.T) {
			t.Parallel()
			seed := uint64(time.Now().UnixNano())
			var mu sync.Mutex
			var sum killed
			var missing bool // something that the kills need, which the lane then has said
			var wg sync.WaitGroup
			for i := range *lanes { // goroutines, since t.Parallel would let no more of them run than there are processors
				wg.Go(func() {
					t.Run(strconv.Itoa(i), func(t *testing.T) {
						defer func() {
							mu.Lock()
							defer mu.Unlock()
							missing = missing || t.Skipped()
						}()
						n := *kills / *lanes
						if i < *kills%*lanes {
							n++
						}
						var env []string
						if database == "postgres" {
							env = append(env, "TANYA_DATABASE_URL="+bottest.StartPostgres(t))
						}
						one := kill(t, n, rand.New(rand.NewPCG(seed, uint64(i))), env...)
						t.Log(one)
						mu.Lock()
						defer mu.Unlock()
						sum.add(one)
					})
				})
			}
			wg.Wait()
			if missing {
				t.Skip("nothing was killed; see above for what is missing")
			}
			t.Logf("%s, seed %d, in sum: %v", database, seed, sum)
			if sum.kills != *kills || sum.lost > 0 || sum.twiceCounted != 0 || sum.passed > 0 {
				t.Errorf("%d kills of %d; %d messages lost; %d counted twice; %d out of order", sum.kills, *kills, sum.lost, sum.twiceCounted, sum.passed)
			}
			if sum.twiceAnswered > sum.bound {
				t.Errorf("%d answered twice, although kills met only %d sends that may be in flight", sum.twiceAnswered, sum.bound)
			}
		})
	}
}

// killing kills a service while people write on one of its channels.
type killing struct {
	*service
	channel  string
	asks     bool // the program has to ask the platform for messages
	wire     *wire
	random   *rand.Rand
	asked    atomic.Bool    // this life of the program has asked the platform for messages, where it has to
	n        int            // kills that are wanted
	rounds   atomic.Int64   // and were made
	born     time.Time      // when this life began
	recorded map[string]int // sends to an address that the database knows of
	out      killed
}

func newKilling(s *service, channel string, n int, random *rand.Rand) *killing {
	k := &killing{service: s, channel: channel, wire: &wire{sends: map[string]int{}}, random: random, n: n, recorded: map[string]int{}}
	k.asked.Store(true)
	return k
}

// wait holds a message back until its kill is near, so that there is traffic at every kill.
func (k *killing) wait(message int) {
	for done := k.rounds.Load(); done < int64(k.n) && int64(message) > eachKill*(done+1); done = k.rounds.Load() {
		time.Sleep(5 * time.Millisecond)
	}
}

// run kills at random moments, a quarter of the times while the program starts, and finds out what was in flight. A
// program younger than three seconds has one reply on its way at most, and is killed before that, except on a slow machine,
// where it is given as long again as its start took, or it would never come to work.
func (k *killing) run() {
	starts := 300 * time.Millisecond // how long the last start took
	for i := range k.n {
		if k.random.IntN(4) == 0 && i > 0 {
			time.Sleep(time.Duration(k.random.Int64N(int64(starts))))
			if h, err := k.healthWithin(50 * time.Millisecond); err != nil || len(h.Channels) == 0 {
				k.out.starting++
			}
		} else {
			began := time.Now()
			k.awaitUpWithin(patience)
			starts = min(max(time.Since(began), 100*time.Millisecond), 5*time.Second)
			for end := time.Now().Add(starts); !k.asked.Load() && time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
			}
			time.Sleep(50*time.Millisecond + time.Duration(k.random.Int64N(int64(max(starts, 750*time.Millisecond)))))
		}
		young := time.Since(k.born) < 3*time.Second
		k.kill()
		k.out.kills++
		sent := k.wire.died()
		for _, n := range sent {
			k.out.worked += n
		}
		if sends := k.unrecorded(sent); sends > 0 {
			k.out.inFlight++
			k.out.flying += sends
			if young {
				sends = 1
			}
			k.out.bound += sends
		}
		k.rounds.Add(1)
		k.asked.Store(!k.asks)
		k.born = time.Now()
		k.start()
		if k.out.kills%50 == 0 {
			fmt.Printf("%s %s: %d of %d kills between %d sends, %d with one in flight\n", time.Now().Format(time.TimeOnly), k.t.Name(), k.out.kills, k.n, k.out.worked, k.out.inFlight)
		}
	}
}

// end lets the service work off what is left, at the pace of the platform and of the leases of the dead, and stops it.
// Answered counts the messages that have an answer; nothing more is waited for when that stands still.
func (k *killing) end(answered func() int) {
	k.awaitUpWithin(patience)
	for last, end := 0, time.Now().Add(patience); last < k.out.messages && time.Now().Before(end); time.Sleep(500 * time.Millisecond) {
		if n := answered(); n > last {
			last, end = n, time.Now().Add(patience)
		}
	}
	k.drainWithin(patience) // what is sent again by leases of the dead
	k.stop()
	k.out.twiceCounted = k.queries() - k.out.messages
}

// unrecorded returns how many of the sends, by address, the database of the dead service does not know of. What a process
// has told PostgreSQL is done after its death too, so its connections are waited for. Of SQLite a copy is read: the
// program must find everything as it left it.
func (k *killing) unrecorded(sends map[string]int) int {
	k.t.Helper()
	if len(sends) == 0 {
		return 0
	}
	dsn := k.database()
	if strings.HasPrefix(dsn, "postgres://") {
		k.awaitSilence(dsn)
	} else {
		dir := k.t.TempDir()
		defer func() { _ = os.RemoveAll(dir) }()
		for _, name := range []string{"tanya.db", "tanya.db-wal"} {
			b, err := os.ReadFile(filepath.Join(k.data, name))
			if err != nil && !os.IsNotExist(err) {
				k.t.Fatal(err)
			}
			fatal(k.t, os.WriteFile(filepath.Join(dir, name), b, 0o600))
		}
		dsn = filepath.Join(dir, "tanya.db")
	}
	keys, err := openKeyring(filepath.Join(k.data, "secret.key"))
	fatal(k.t, err)
	led, err := store.Open(k.t.Context(), dsn, keys, store.Options{})
	fatal(k.t, err)
	defer func() { _ = led.Close() }()
	open := 0
	for address, sent := range sends {
		replies, err := led.Replies(k.t.Context(), keys.Chat(k.channel, address), 0, 100)
		fatal(k.t, err)
		known := 0
		for _, r := range replies {
			if r.Platform != "" { // the server's id of the message is written with "delivered"
				known++
			}
		}
		open += max(0, sent-(known-k.recorded[address]))
		k.recorded[address] = known
	}
	return open
}

// awaitSilence waits until nobody is connected to the server any more.
func (k *killing) awaitSilence(dsn string) {
	k.t.Helper()
	db, err := sql.Open("pgx", dsn)
	fatal(k.t, err)
	defer func() { _ = db.Close() }()
	bottest.Eventually(k.t, "the connections of the dead end", func() bool {
		var others int
		err := db.QueryRow(`SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`).Scan(&others)
		fatal(k.t, err)
		return others == 0
	})
}

// wire watches the sends of a program that reach the platform, by address.
type wire struct {
	mu    sync.Mutex
	open  int
	seen  int
	sends map[string]int // that the platform received in this life of the program
}

// begin notes a send; the function that it returns notes that it was answered.
func (w *wire) begin(address string) (end func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open++
	w.seen++
	w.sends[address]++
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.open--
	}
}

// died returns the sends of the life that has ended, by address, when the wire has come to rest: what the dead program
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
	out := w.sends
	w.sends = map[string]int{}
	return out
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
	keys, err := openKeyring(filepath.Join(s.data, "secret.key"))
	fatal(s.t, err)
	led, err := store.Open(s.t.Context(), s.database(), keys, store.Options{})
	fatal(s.t, err)
	defer func() { _ = led.Close() }()
	stats, err := led.Stats(s.t.Context())
	fatal(s.t, err)
	return stats.Queries
}

// questions are what people ask who are to be answered in order.
func questions() []string {
	return []string{question, "kapan hari pemungutan suara?", "bot ini buatan siapa?", "data saya disimpan di mana?"}
}

// answers are the beginnings of the answers to questions, by which they are told apart.
type answers []string

// askAll lets the program itself say how it answers the questions with a content.
func askAll(t *testing.T, bin, content string) answers {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), bin, "ask", "--jsonl")
	cmd.Env = []string{"HOME=" + t.TempDir(), "TANYA_CONTENT=" + content}
	cmd.Stdin, cmd.Stderr = strings.NewReader(strings.Join(questions(), "\n")+"\n"), os.Stderr
	said, err := cmd.Output()
	fatal(t, err)
	var out answers
	for lines := json.NewDecoder(bytes.NewReader(said)); lines.More(); {
		var a struct{ Verdict, Text string }
		fatal(t, lines.Decode(&a))
		beginning, _, _ := strings.Cut(a.Text, "\n")
		beginning = string([]rune(beginning)[:min(40, len([]rune(beginning)))])
		if a.Verdict != "answered" || out.of(beginning) >= 0 {
			t.Fatalf("%q is no answer to go by (%s)", a.Text, a.Verdict)
		}
		out = append(out, beginning)
	}
	if len(out) != len(questions()) {
		t.Fatalf("%d answers to %d questions", len(out), len(questions()))
	}
	return out
}

// of says which question a text answers, -1 when it answers none.
func (a answers) of(text string) int {
	for i, beginning := range a {
		if strings.Contains(text, beginning) {
			return i
		}
	}
	return -1
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
