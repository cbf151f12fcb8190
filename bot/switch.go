package bot

import (
	"context"
	"time"
)

// Position is where the switch of a channel stands.
type Position string

// The positions.
const (
	On     Position = "on"     // takes messages and answers them
	Paused Position = "paused" // takes messages and keeps the answers back; what waited six hours is not sent any more
	Off    Position = "off"    // the kill switch: the connection is closed, nothing is taken and nothing sent
)

// Valid reports whether there is such a position.
func (p Position) Valid() bool { return p == On || p == Paused || p == Off }

// Switch is where the switch of a channel stands and who put it there. It lies in the ledger, so it survives a restart
// and holds for every process. A channel whose switch nobody ever touched is on.
type Switch struct {
	Channel  string
	Position Position
	By       string // login, "server" for the operator
	Why      string // what the person gave as the reason
	At       time.Time
}

// Switches is the part of the ledger that keeps the switches. *store.Store has it.
type Switches interface {
	// Switches returns the switches that were ever touched.
	Switches(ctx context.Context) ([]Switch, error)
	// Turn puts a switch into a position and writes the audit. A channel that had stopped for good is started again by
	// every turn that does not switch it off.
	Turn(ctx context.Context, s Switch) error
}

// gear is a channel's switch as the engine last read it.
type gear struct {
	Switch
	turned chan struct{} // closed when it is turned
}

// gear returns where the switch of a channel stands, and what is closed when it is turned.
func (e *Engine) gear(channel string) (Switch, <-chan struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	g := e.gears[channel]
	return g.Switch, g.turned
}

// shift takes over where a switch stands, and reports whether that is news.
func (e *Engine) shift(s Switch) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	g := e.gears[s.Channel]
	if g == nil || g.Switch == s {
		return false
	}
	g.Switch = s
	close(g.turned)
	g.turned = make(chan struct{})
	st := e.status[s.Channel]
	st.Position, st.Turned, st.TurnedBy, st.Why = s.Position, s.At, s.By, s.Why
	return true
}

// WakeSwitches says that a switch may have been turned.
func (e *Engine) WakeSwitches() { ring(e.turned) }

// readSwitches makes the switches count as they stand in the ledger.
func (e *Engine) readSwitches(ctx context.Context) error {
	if e.switches == nil {
		return nil
	}
	all, err := e.switches.Switches(ctx)
	if err != nil {
		return err
	}
	for _, s := range all {
		if e.shift(s) {
			e.log.Info("switch", "channel", s.Channel, "position", s.Position)
			e.WakeSender(s.Channel)
		}
	}
	return nil
}

// followSwitches reads them again when it is rung, and now and then. While they cannot be read they stay as they are.
func (e *Engine) followSwitches(ctx context.Context) {
	tick := time.NewTicker(idleLook)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-e.turned:
		case <-tick.C:
		}
		if err := e.readSwitches(ctx); err != nil && ctx.Err() == nil {
			e.log.Error("switches not read", "class", ClassOf(err), "err", err)
		}
	}
}

// whileOn returns a context that ends with ctx or when the channel is switched off.
func (e *Engine) whileOn(ctx context.Context, channel string) (context.Context, context.CancelFunc) {
	on, cancel := context.WithCancel(ctx)
	go func() {
		for {
			s, turned := e.gear(channel)
			if s.Position == Off {
				cancel()
				return
			}
			select {
			case <-turned:
			case <-on.Done():
				return
			}
		}
	}()
	return on, cancel
}
