package whatsappcloud

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
	Listening   Mode = "listening"
	Slowed      Mode = "slowed"      // told to send more slowly
	Unreachable Mode = "unreachable" // the network or Meta is down
	Refused     Mode = "refused"     // Meta refuses to send until somebody acts
)

// Status is how the channel fares, for the console and for metrics.
type Status struct {
	Mode    Mode              `json:"mode"`
	Since   time.Time         `json:"since,omitzero"`    // when Mode last changed
	Trouble string            `json:"trouble,omitempty"` // one sentence, "" when all is well
	Quality string            `json:"quality,omitempty"` // Meta's rating of the number: GREEN, YELLOW, RED, "" when unknown
	LastIn  time.Time         `json:"last_in,omitzero"`
	LastOut time.Time         `json:"last_out,omitzero"`
	Counts  map[string]uint64 `json:"counts"` // by outcome, since the start: see the words at count
}

// state is the Status as it changes.
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
	s.setLocked(m, trouble)
}

func (s *state) setLocked(m Mode, trouble string) {
	if s.s.Mode != m {
		s.s.Since = s.now()
	}
	s.s.Mode, s.s.Trouble = m, trouble
}

// known notes that Meta knows number and token. Trouble with sending ends only when something was sent.
func (s *state) known(quality string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.s.Quality = quality
	if s.s.Mode == "" || s.s.Mode == Starting || s.s.Mode == Unreachable {
		s.setLocked(Listening, "")
	}
}

// count adds one to an outcome: accepted_<kind>, skipped_<reason>, status_<status>, status_failed_<class>, status_old,
// sent_<form>, read, arrived, waited, failed_<class>, error_<class>, webhook_<http status>.
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
	s.setLocked(Listening, "")
}
