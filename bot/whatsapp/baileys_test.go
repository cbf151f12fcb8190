package whatsapp_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/bottest"
	"tanya/bot/whatsapp/relaytest"
)

// stranger is a citizen whose client is Baileys, in a process of its own.
type stranger struct {
	t      *testing.T
	in     io.Writer
	events chan strangerEvent
}

type strangerEvent struct {
	Event  string
	ID     string
	Text   string
	Code   int
	Status int
}

func newStranger(t *testing.T, r *relaytest.Relay, phone string) *stranger {
	t.Helper()
	peers, err := filepath.Abs(filepath.Join("..", "bottest", "peers"))
	must(t, err)
	node, err := exec.LookPath("node")
	if err != nil {
		bottest.Missing(t, "baileys", "install node 20 or newer")
	}
	if _, err := os.Stat(filepath.Join(peers, "node_modules", "baileys")); err != nil {
		bottest.Missing(t, "baileys", "run: npm ci --ignore-scripts --prefix bot/bottest/peers")
	}
	cmd := exec.CommandContext(context.Background(), node, filepath.Join(peers, "baileys-citizen.mjs"),
		"ws://"+r.Address()+"/ws/chat", r.Root(), "http://"+r.Address()+"/scan/"+phone, office)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	s := &stranger{t: t, in: in, events: make(chan strangerEvent, 1000)}
	go func() {
		defer close(s.events)
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			var e strangerEvent
			if json.Unmarshal(lines.Bytes(), &e) == nil && e.Event != "" {
				s.events <- e
			}
		}
	}()
	t.Cleanup(func() {
		_ = in.Close()
		late := time.AfterFunc(5*time.Second, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		late.Stop()
	})
	s.await("open")
	return s
}

// await returns the next event of the name.
func (s *stranger) await(name string) strangerEvent {
	s.t.Helper()
	late := time.After(2 * patience)
	for {
		select {
		case e, ok := <-s.events:
			if !ok {
				s.t.Fatal("the stranger's process ended")
			}
			if e.Event == name {
				return e
			}
		case <-late:
			s.t.Fatalf("the stranger saw no %q", name)
		}
	}
}

func (s *stranger) say(text string) {
	_, err := fmt.Fprintln(s.in, text)
	must(s.t, err)
}

// A client that shares no line of code with ours asks and gets answers, under every kind of address, over a restart of
// the service.
func TestBaileys(t *testing.T) {
	r := newRelay(t)
	at := placeIn(t.TempDir(), r.Address())
	log := &records{}
	s, err := openService(t.Context(), at, log.logger())
	must(t, err)
	must(t, s.channel.Pair(t.Context(), "", func(c bot.PairingCode) { _ = r.Scan(c.QR, office) }))
	run := func() func() {
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- s.engine.Run(ctx) }()
		return func() {
			stop()
			must(t, <-ended)
			must(t, s.Close())
		}
	}
	stop := run()
	c := newStranger(t, r, siti)
	const n = 12
	for i := range n {
		r.Speak(siti, []relaytest.Speech{relaytest.ByNumber, relaytest.ByLID, relaytest.ByNumberOnly}[i%3])
		if i == n/2 {
			stop()
			c.say(fmt.Sprint("soal ", i)) // written while the service is down
			s, err = openService(t.Context(), at, log.logger())
			must(t, err)
			stop = run()
		} else {
			c.say(fmt.Sprint("soal ", i))
		}
		if e := c.await("message"); answerOf(e.Text) != i {
			t.Errorf("question %d got %.80q", i, e.Text)
		}
	}
	stop()
}
