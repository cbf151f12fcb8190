package whatsapp_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/whatsapp"
	"tanya/bot/whatsapp/relaytest"
)

// One process uses a link at a time. With the session in a file a second one is turned away.
func TestOneProcess(t *testing.T) {
	r := newRelay(t)
	d := newDesk(t, r).pair().start()
	before := r.Doubled(office)
	twin, err := whatsapp.New(t.Context(), d.cfg, d.deps)
	must(t, err)
	defer func() { _ = twin.Close() }()
	sentence(t, twin.Run(t.Context(), d.inbox), bot.Transient, "proses lain")
	if err := twin.Pair(t.Context(), "", nil); bot.ClassOf(err) != bot.Conflict {
		t.Errorf("pairing beside a running channel: %v", err)
	}
	if !r.Online(office) || r.Doubled(office) > before {
		t.Error("the first one was thrown out")
	}
}

// takeOver is how long the link may be without a process after its holder died.
const takeOver = 10 * time.Second

// With the session in PostgreSQL several real processes run. One has the link; another takes over when that one is
// killed, or lives and has lost the database, and never are two connected at once.
func TestOneProcessOfMany(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped, because -short was asked for: it waits for holds to run out")
	}
	dsn := postgres(t)
	r := newRelay(t)
	at := place{Relay: r.Address(), Session: dsn, Ledger: dsn}
	first, err := openService(t.Context(), at, nil)
	must(t, err)
	must(t, first.channel.Pair(t.Context(), "", func(c bot.PairingCode) { _ = r.Scan(c.QR, office) }))
	must(t, first.Close())
	until(t, "the telephone is linked and left alone", func() bool { return !r.Online(office) })
	before := r.Doubled(office)
	c := newCitizen(t, r, siti)
	asked, heard := 0, map[string]bool{}
	ask := func() {
		t.Helper()
		c.say(fmt.Sprint("soal ", asked))
		e := c.hear()
		for heard[e.Info.ID] { // sent and not recorded when its process died
			e = c.hear()
		}
		heard[e.Info.ID] = true
		if got := answerOf(textOf(e)); got != asked {
			t.Errorf("question %d got answer %d", asked, got)
		}
		asked++
	}
	changed := func(what string, since time.Time) {
		t.Helper()
		until(t, what, func() bool { return r.Online(office) })
		took := time.Since(since)
		t.Logf("%s: taken over after %v", what, took.Round(time.Millisecond))
		if took > takeOver {
			t.Errorf("%s: taken over after %v", what, took)
		}
	}

	wire := newTap(t, dsn)
	far := launch(t, orderFor(t, at.through(wire), r))
	until(t, "the first process connects", func() bool { return r.Online(office) })
	near := launch(t, orderFor(t, at, r))
	ask()
	logins := len(r.Versions())
	time.Sleep(2 * time.Second) // the second one is up by now
	if n := len(r.Versions()); n != logins {
		t.Errorf("%d connections were opened beside the first process", n-logins)
	}

	wire.freeze() // the first lives, and hears nothing of the database any more
	cut := time.Now()
	until(t, "the first process hangs up", func() bool { return !r.Online(office) })
	changed("without a database", cut)
	ask()
	wire.thaw()
	ask()

	must(t, near.Process.Kill())
	_ = near.Wait()
	cut = time.Now()
	until(t, "the relay notices", func() bool { return !r.Online(office) })
	changed("killed", cut)
	ask()
	if n := r.Doubled(office) - before; n > 0 {
		t.Errorf("%d times two processes were connected at once", n)
	}
	_ = far
}

// through is the same place with the database behind a tap.
func (p place) through(w *tap) place {
	p.Session, p.Ledger = w.dsn, w.dsn
	return p
}

func orderFor(t testing.TB, at place, r *relaytest.Relay) string {
	t.Helper()
	text, err := json.Marshal(order{place: at, Root: r.Root()})
	must(t, err)
	return string(text)
}

// tap stands between a process and PostgreSQL and can be shut: then nothing comes and nothing fails, as with a cable
// that was pulled out.
type tap struct {
	dsn string

	mu   sync.Mutex
	open *sync.Cond
	shut bool
}

func newTap(t testing.TB, dsn string) *tap {
	t.Helper()
	socket := strings.TrimPrefix(strings.Fields(dsn)[0], "host=")
	dir, err := os.MkdirTemp("", "tap")
	must(t, err)
	w := &tap{dsn: strings.Replace(dsn, socket, dir, 1)}
	w.open = sync.NewCond(&w.mu)
	const name = ".s.PGSQL.5432"
	l, err := net.Listen("unix", filepath.Join(dir, name))
	must(t, err)
	t.Cleanup(func() {
		w.thaw()
		_ = l.Close()
		_ = os.RemoveAll(dir)
	})
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("unix", filepath.Join(socket, name))
			if err != nil {
				_ = in.Close()
				continue
			}
			pass := func(to, from net.Conn) {
				_, _ = io.Copy(to, slowly{from, w})
				_, _ = to.Close(), from.Close()
			}
			go pass(out, in)
			go pass(in, out)
		}
	}()
	return w
}

func (w *tap) freeze() { w.mu.Lock(); w.shut = true; w.mu.Unlock() }
func (w *tap) thaw()   { w.mu.Lock(); w.shut = false; w.mu.Unlock(); w.open.Broadcast() }

// slowly reads, and hands on what it read while the tap is open.
type slowly struct {
	io.Reader
	tap *tap
}

// Read waits until the tap is open.
func (s slowly) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	s.tap.mu.Lock()
	defer s.tap.mu.Unlock()
	for s.tap.shut {
		s.tap.open.Wait()
	}
	return n, err
}
