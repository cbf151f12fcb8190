package telegram

import (
	"maps"
	"sync"
	"time"
)

// Mode is what the channel is doing.
type Mode string

// The modes.
const (
	Starting    Mode = "starting"
	Polling     Mode = "polling"
	Listening   Mode = "webhook"
	Slowed      Mode = "slowed"      // told to ask less often
	Second      Mode = "second"      // another program reads the same bot's messages
	Unreachable Mode = "unreachable" // the network or the server is down
	Refused     Mode = "refused"     // the token is not valid any more; somebody must act
)

// Status is how the channel fares, for the console and for metrics.
type Status struct {
	Mode    Mode              `json:"mode"`
	Since   time.Time         `json:"since,omitzero"`    // when Mode last changed
	Trouble string            `json:"trouble,omitempty"` // one sentence, "" when all is well
	LastIn  time.Time         `json:"last_in,omitzero"`
	LastOut time.Time         `json:"last_out,omitzero"`
	Counts  map[string]uint64 `json:"counts"` // by outcome, since the start: see the words at count
}

// state is the Status as it changes. The zero value is ready.
type state struct {
	mu  sync.Mutex
	s   Status
	now func() time.Time
}

// Status returns a copy of how the channel fares.
func (c *Channel) Status() Status {
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	s := c.state.s
	s.Counts = maps.Clone(s.Counts)
	if s.Mode == "" {
		s.Mode = Starting
	}
	return s
}

// set changes the mode.
func (s *state) set(m Mode, trouble string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.s.Mode != m && s.now != nil {
		s.s.Since = s.now()
	}
	s.s.Mode, s.s.Trouble = m, trouble
}

// count adds one to an outcome: accepted_<kind>, skipped_<reason>, sent, edited, sent_plain, failed_<class>,
// error_<class>, callback, inline, inline_dropped, typing, webhook_<status>.
func (s *state) count(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.s.Counts == nil {
		s.s.Counts = map[string]uint64{}
	}
	s.s.Counts[what]++
}

// in and out note when something last came and went.
func (s *state) in(at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.s.LastIn = at
}

func (s *state) out(at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.s.LastOut = at
}
