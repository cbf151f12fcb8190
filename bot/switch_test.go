package bot_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tanya/bot"
)

// board keeps switches in memory.
type board struct {
	mu  sync.Mutex
	all []bot.Switch
}

func (b *board) Switches(context.Context) ([]bot.Switch, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.all), nil
}

func (b *board) Turn(_ context.Context, s bot.Switch) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all = append(slices.DeleteFunc(b.all, func(o bot.Switch) bool { return o.Channel == s.Channel }), s)
	return nil
}

// switched runs an engine with switches inside a bubble until the test's work is done.
func switched(t *testing.T, l *ledger, b *board, c bot.Channel, d *bot.Dialogue, work func(e *bot.Engine, p *bot.Panel)) {
	t.Helper()
	e := bot.NewEngine(l, d, []bot.Channel{c}, bot.EngineOptions{Owner: "test", Switches: b, Now: l.now})
	p := bot.NewPanel(e, b)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	synctest.Wait()
	work(e, p)
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

// TestSwitch: off closes the connection and sends nothing, paused takes and keeps back, on sends what was kept back;
// and a restart changes nothing of it.
func TestSwitch(t *testing.T) {
	d := talk(t, parrot("jam-tps"), nil)
	synctest.Test(t, func(t *testing.T) {
		l, b, w := newLedger(clock()), &board{}, &wire{}
		running := false
		w.run = func(ctx context.Context, _ bot.Accepter) error {
			running = true
			<-ctx.Done()
			running = false
			return nil
		}
		turn := func(p *bot.Panel, to bot.Position) {
			t.Helper()
			if err := p.Turn(t.Context(), "wire", to, "ani", "uji"); err != nil {
				t.Fatal(err)
			}
			time.Sleep(2 * time.Second)
			synctest.Wait()
			if s := p.Channels()[0]; s.Position != to || s.TurnedBy != "ani" || s.Why != "uji" || s.Up != (to != bot.Off) || running != s.Up {
				t.Errorf("after turning %s: running %t, %+v", to, running, s)
			}
		}
		ask := func(e *bot.Engine, id string, sent int) {
			t.Helper()
			if err := e.Accept(t.Context(), say(id, "a"+id, "jam")); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Minute)
			synctest.Wait()
			if n := len(w.all()); n != sent {
				t.Errorf("%d replies were sent, want %d", n, sent)
			}
		}
		switched(t, l, b, w, d, func(e *bot.Engine, p *bot.Panel) {
			if s := p.Channels()[0]; s.Position != bot.On || !s.Up {
				t.Errorf("untouched: %+v", s)
			}
			ask(e, "1", 1)
			turn(p, bot.Paused)
			ask(e, "2", 1)
			turn(p, bot.On)
			ask(e, "3", 3)
			turn(p, bot.Off)
			ask(e, "4", 3) // what was accepted at the last moment
			if err := p.Turn(t.Context(), "wire", "half", "ani", ""); bot.ClassOf(err) != bot.NotFound {
				t.Errorf("half: %v", err)
			}
			if err := p.Turn(t.Context(), "pigeon", bot.On, "ani", ""); bot.ClassOf(err) != bot.NotFound {
				t.Errorf("pigeon: %v", err)
			}
		})
		switched(t, l, b, w, d, func(e *bot.Engine, p *bot.Panel) {
			ask(e, "5", 3)
			if running {
				t.Error("the restart switched it on")
			}
			turn(p, bot.On)
			ask(e, "6", 6)
		})
	})
}

// TestSwitchOffEndsASend: what is being sent when the kill switch is thrown is not sent to its end.
func TestSwitchOffEndsASend(t *testing.T) {
	d := talk(t, parrot("jam-tps"), nil)
	synctest.Test(t, func(t *testing.T) {
		l, b := newLedger(clock()), &board{}
		c := &slow{}
		switched(t, l, b, c, d, func(e *bot.Engine, p *bot.Panel) {
			if err := e.Accept(t.Context(), say("1", "a", "jam")); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
			if err := p.Turn(t.Context(), "wire", bot.Off, "ani", ""); err != nil {
				t.Fatal(err)
			}
			time.Sleep(2 * time.Second)
			synctest.Wait()
			if c.cut != 1 || l.delivery(1).State != bot.Retry {
				t.Errorf("%d sends were cut, %+v", c.cut, l.delivery(1))
			}
		})
	})
}

// slow is a channel that sends for ten seconds.
type slow struct {
	wire
	cut int
}

func (s *slow) Send(ctx context.Context, _ bot.Outgoing) (string, error) {
	select {
	case <-time.After(10 * time.Second):
		return "", nil
	case <-ctx.Done():
		s.cut++
		return "", ctx.Err()
	}
}

// TestStandby: a process that only waits for the channel's work leases none of its replies.
func TestStandby(t *testing.T) {
	d := talk(t, parrot("jam-tps"), nil)
	synctest.Test(t, func(t *testing.T) {
		l, w := newLedger(clock()), &waiting{}
		w.waits = true
		switched(t, l, &board{}, w, d, func(e *bot.Engine, _ *bot.Panel) {
			if err := e.Accept(t.Context(), say("1", "a", "jam")); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Minute)
			synctest.Wait()
			if n := len(w.all()); n != 0 {
				t.Errorf("%d replies were sent by a process that waits", n)
			}
			w.set(false)
			time.Sleep(2 * time.Second)
			synctest.Wait()
			if n := len(w.all()); n != 1 {
				t.Errorf("%d replies were sent after the turn came", n)
			}
		})
	})
}

type waiting struct {
	wire
	waits bool
}

func (w *waiting) Standby() bool { w.mu.Lock(); defer w.mu.Unlock(); return w.waits }
func (w *waiting) set(v bool)    { w.mu.Lock(); defer w.mu.Unlock(); w.waits = v }

// phone is a channel that needs a telephone.
type phone struct {
	wire
	mu     sync.Mutex
	linked bool
	runs   int
	tries  []chan error
}

func (p *phone) Paired(context.Context) (bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.linked, nil
}

func (p *phone) Run(ctx context.Context, _ bot.Accepter) error {
	p.mu.Lock()
	p.runs++
	linked := p.linked
	p.mu.Unlock()
	if !linked {
		return bot.Errorf(bot.StopChannel, "belum tertaut")
	}
	<-ctx.Done()
	return nil
}

func (p *phone) Pair(ctx context.Context, number string, show func(bot.PairingCode)) error {
	show(bot.PairingCode{Typed: "ABCD" + number, Until: time.Now().AddDate(100, 0, 0)})
	end := make(chan error, 1)
	p.mu.Lock()
	p.tries = append(p.tries, end)
	p.mu.Unlock()
	select {
	case err := <-end:
		p.mu.Lock()
		p.linked = err == nil
		p.mu.Unlock()
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *phone) Unpair(context.Context) error {
	p.mu.Lock()
	p.linked = false
	p.mu.Unlock()
	return nil
}

// TestPanelPairs: a page can begin a pairing, follow it, take it back and try again; the channel starts when it worked.
func TestPanelPairs(t *testing.T) {
	d := talk(t, parrot("jam-tps"), nil)
	synctest.Test(t, func(t *testing.T) {
		l, b, c := newLedger(clock()), &board{}, &phone{}
		switched(t, l, b, c, d, func(_ *bot.Engine, p *bot.Panel) {
			look := func() bot.Pairing {
				t.Helper()
				time.Sleep(time.Second)
				synctest.Wait()
				v, err := p.Pairing(t.Context(), "wire")
				if err != nil {
					t.Fatal(err)
				}
				return v
			}
			if v := look(); !v.Linkable || v.Linked || v.Running {
				t.Errorf("before: %+v", v)
			}
			begin := func(want bot.Class) {
				t.Helper()
				if err := p.Pair(t.Context(), "wire", "62", "ani"); bot.ClassOf(err) != want {
					t.Fatalf("pairing: %v", err)
				}
			}
			begin("")
			begin(bot.Conflict)
			if v := look(); !v.Running || v.Code.Typed != "ABCD62" || v.By != "ani" {
				t.Errorf("under way: %+v", v)
			}
			p.Cancel("wire")
			if v := look(); v.Running || v.Code.Typed != "" || v.Trouble != "" {
				t.Errorf("taken back: %+v", v)
			}
			begin("")
			look()
			c.tries[1] <- bot.Errorf(bot.Transient, "waktu habis")
			if v := look(); v.Running || v.Trouble != "waktu habis" || v.Code.Typed != "" {
				t.Errorf("failed: %+v", v)
			}
			begin("")
			look()
			if s := p.Channels()[0]; !s.Stopped || c.runs != 1 {
				t.Errorf("the channel runs without a telephone: %+v, %d runs", s, c.runs)
			}
			c.tries[2] <- nil
			if v, s := look(), p.Channels()[0]; v.Running || !v.Linked || v.Trouble != "" || !s.Up || s.Stopped || c.runs != 2 {
				t.Errorf("linked: %+v, %+v, %d runs", v, s, c.runs)
			}
			if len(b.all) != 1 || !strings.Contains(b.all[0].Why, "ditautkan") {
				t.Errorf("switches: %+v", b.all)
			}
			if err := p.Turn(t.Context(), "wire", bot.Off, "ani", ""); err != nil {
				t.Fatal(err)
			}
			look()
			begin(bot.Conflict)
			if err := p.Unpair(t.Context(), "wire"); err != nil || look().Linked {
				t.Errorf("unpairing: %v", err)
			}
			if err := p.Pair(t.Context(), "pigeon", "", "ani"); bot.ClassOf(err) != bot.NotFound {
				t.Errorf("pigeon: %v", err)
			}
		})
	})
}
