package bot

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// Panel is what staff can do with the channels: see how they fare, pause them, switch them off and on, and link a
// telephone where a channel needs one. It knows channels by name only. Its methods are safe for concurrent use.
//
// A page shows Channels, and for a channel that can be linked Pairing. Pair returns at once; the page then asks for
// Pairing every second or two and shows Code until it is Done or has a Trouble. A pairing lives in the process that
// began it and ends with it.
type Panel struct {
	engine   *Engine
	switches Switches
	linked   map[string]Linked
	now      func() time.Time

	mu       sync.Mutex
	pairings map[string]*pairing
	under    sync.WaitGroup
}

// Pairing is how far the linking of a telephone is.
type Pairing struct {
	Linkable bool        // the channel needs a telephone; everything else is zero when it does not
	Linked   bool        // one is linked
	Running  bool        // somebody is linking one right now
	By       string      // who
	Code     PairingCode // to be shown while Running; zero while there is none yet
	Trouble  string      // one sentence why the last try failed, "" when it did not
}

// pairing is one try to link.
type pairing struct {
	Pairing
	cancel context.CancelFunc
}

// NewPanel makes the panel of an engine's channels.
func NewPanel(e *Engine, s Switches) *Panel {
	p := &Panel{engine: e, switches: s, linked: map[string]Linked{}, now: e.now, pairings: map[string]*pairing{}}
	for _, c := range e.channels {
		if l, ok := c.(Linked); ok {
			p.linked[c.Name()] = l
		}
	}
	return p
}

// Channels returns how the channels fare and where their switches stand.
func (p *Panel) Channels() []ChannelStatus { return p.engine.Status() }

// Turn puts a channel's switch into a position, for every process and over restarts. It works within two seconds.
// Turning one On starts a channel again that had stopped for good.
func (p *Panel) Turn(ctx context.Context, channel string, to Position, by, why string) error {
	if !to.Valid() || !slices.ContainsFunc(p.Channels(), func(s ChannelStatus) bool { return s.Name == channel }) {
		return Errorf(NotFound, "Tidak ada saluran atau posisi seperti itu.")
	}
	if err := p.switches.Turn(ctx, Switch{Channel: channel, Position: to, By: by, Why: why, At: p.now()}); err != nil {
		return err
	}
	p.engine.WakeSwitches()
	return nil
}

// Pairing returns how far the linking of a telephone to the channel is.
func (p *Panel) Pairing(ctx context.Context, channel string) (Pairing, error) {
	l, ok := p.linked[channel]
	if !ok {
		return Pairing{}, nil
	}
	linked, err := l.Paired(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	var out Pairing
	if t := p.pairings[channel]; t != nil {
		out = t.Pairing
	}
	if !out.Code.Until.IsZero() && !p.now().Before(out.Code.Until) {
		out.Code = PairingCode{}
	}
	out.Linkable, out.Linked = true, linked
	return out, err
}

// Pair begins to link a telephone to the channel and returns at once. With a number the code is one to type. When the
// telephone is linked the channel starts by itself, in every process.
func (p *Panel) Pair(ctx context.Context, channel, phone, by string) error {
	l, ok := p.linked[channel]
	if !ok {
		return Errorf(NotFound, "Saluran ini tidak memakai ponsel.")
	}
	if g, _ := p.engine.gear(channel); g.Position == Off {
		return Errorf(Conflict, "Saluran ini dimatikan. Nyalakan dahulu, lalu tautkan ponsel.")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if t := p.pairings[channel]; t != nil && t.Running {
		return Errorf(Conflict, "Penautan sudah berjalan, dimulai oleh %s.", t.By)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx)) // it outlives the request that asked for it
	t := &pairing{Pairing: Pairing{Running: true, By: by}, cancel: cancel}
	p.pairings[channel] = t
	p.under.Go(func() {
		defer cancel()
		p.finish(ctx, channel, t, l.Pair(ctx, phone, func(c PairingCode) {
			p.mu.Lock()
			defer p.mu.Unlock()
			t.Code = c
		}))
	})
	return nil
}

// finish ends a pairing. Turning the switch to where it stands starts the channel.
func (p *Panel) finish(ctx context.Context, channel string, t *pairing, err error) {
	if err == nil {
		g, _ := p.engine.gear(channel)
		err = p.Turn(ctx, channel, g.Position, t.By, "ponsel ditautkan")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	t.Running, t.Code = false, PairingCode{}
	if err != nil && !errors.Is(err, context.Canceled) {
		t.Trouble = sentence(err)
	}
}

// Cancel ends the linking that is under way.
func (p *Panel) Cancel(channel string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if t := p.pairings[channel]; t != nil {
		t.cancel()
	}
}

// Unpair takes back the link of the channel's telephone; the channel stops.
func (p *Panel) Unpair(ctx context.Context, channel string) error {
	l, ok := p.linked[channel]
	if !ok {
		return Errorf(NotFound, "Saluran ini tidak memakai ponsel.")
	}
	return l.Unpair(ctx)
}

// Close ends the linkings that are under way and waits for them.
func (p *Panel) Close() error {
	p.mu.Lock()
	for _, t := range p.pairings {
		t.cancel()
	}
	p.mu.Unlock()
	p.under.Wait()
	return nil
}
