package whatsapp

import (
	"sync/atomic"
	"time"

	"tanya/locales"
)

// State is how the link fares.
type State string

// The states.
const (
	Unlinked   State = "unlinked"   // no telephone is linked
	Waiting    State = "waiting"    // another process has the link; this one takes over when that one ends
	Connecting State = "connecting" //
	Up         State = "up"         // messages come and go
	Down       State = "down"       // connecting again by itself
	Stopped    State = "stopped"    // not running, or it cannot go on until somebody acts
)

// Status is what an operator sees of the channel.
type Status struct {
	State       State     `json:"state"`
	Since       time.Time `json:"since"`
	Sentence    string    `json:"sentence"`    // what it means and what to do
	Undecrypted int64     `json:"undecrypted"` // messages that could not be decrypted at first; their senders are asked to send again
	Old         int64     `json:"old"`         // messages that were too old to answer
	Refused     int64     `json:"refused"`     // replies that WhatsApp refused
	Pictureless int64     `json:"pictureless"` // replies whose picture could not be shown; their text was sent
}

// counts are what Status counts since the start.
type counts struct {
	undecrypted, old, refused, pictures atomic.Int64
}

// downPatience is how long a lost connection is not worth a word.
const downPatience = time.Minute

// Status returns how the channel fares.
func (c *Channel) Status() Status {
	c.mu.Lock()
	s := Status{State: c.state, Since: c.since, Sentence: c.trouble}
	c.mu.Unlock()
	s.Undecrypted, s.Old, s.Refused = c.counts.undecrypted.Load(), c.counts.old.Load(), c.counts.refused.Load()
	s.Pictureless = c.counts.pictures.Load()
	switch {
	case s.Sentence != "":
	case s.State == Stopped:
		s.Sentence = c.say(locales.WAIdle, nil)
	case s.State == Waiting:
		s.Sentence = c.say(locales.WAWaiting, nil)
	case s.State == Up:
		s.Sentence = c.say(locales.WAUp, nil)
	case s.State == Down && c.deps.Now().Sub(s.Since) > downPatience:
		s.Sentence = c.say(locales.WADown, map[string]any{"Since": c.clock(s.Since)})
	case s.State == Down || s.State == Connecting:
		s.Sentence = c.say(locales.WAConnecting, nil)
	}
	return s
}

// set changes the state and wakes who waits for it.
func (c *Channel) set(state State, trouble string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state != state {
		c.since = c.deps.Now()
	}
	if c.state != state || c.trouble != trouble {
		c.log.Info("state", "state", state, "trouble", trouble)
	}
	c.state, c.trouble = state, trouble
	close(c.changed)
	c.changed = make(chan struct{})
}

// clock writes an instant as the operator's own clock shows it.
func (c *Channel) clock(t time.Time) string { return t.In(wib()).Format("2 Jan 2006 15.04") + " WIB" }

// wib is the office's time zone; it knows no summer time.
func wib() *time.Location { return time.FixedZone("WIB", 7*60*60) }
