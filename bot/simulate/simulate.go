// Package simulate lets a crowd of citizens ask a running service through its real doors, as in a season before an
// election, and checks from outside what became of every message: whether what was acknowledged was answered, once,
// and in order. It knows the service only by what any citizen or platform sees: the web chat's routes, and the Bot API,
// which it plays itself.
//
// A Season is used by one goroutine; what it starts is its own affair.
package simulate

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// Question is something that a citizen asks, and the entry that it is about.
type Question struct {
	Text  string
	Entry string
}

// Door is a way into the service. Its methods are safe for concurrent use.
type Door interface {
	// Ask sends the text as the person's n-th message and returns once the service has acknowledged it. It goes on
	// trying until then or until ctx ends.
	Ask(ctx context.Context, person string, n int, text string) error
	// Replies returns the entries of the replies that the person has got, in their order; "" for a reply that is
	// about no entry.
	Replies(ctx context.Context, person string) ([]string, error)
}

// Season describes the traffic.
type Season struct {
	Doors     map[string]Door    // by name
	Share     map[string]float64 // of the traffic, by door
	Questions []Question
	Rate      float64 // messages a second on an ordinary day
	Peak      float64 // how many times as many on voting day
	Length    time.Duration
	Patience  time.Duration // how long a reply is waited for before it counts as late, and once more for all of them before it counts as lost
	Seed      uint64
	Now       func() time.Time
	Progress  func(done, total int64) // told about the seconds that have passed; may be nil
}

// How people behave.
const (
	messagesMost = 6    // of one person; few enough for every limit on one conversation
	burstChance  = 0.15 // that a person sends all messages at once instead of waiting for replies
	underWay     = 1500 // people at a time, most
)

// rate is the traffic at a part of the season, from 0 to 1, in times of an ordinary day: days and nights, a rise
// towards voting day, voting day itself in the last quarter, and a fall.
func (s Season) rate(at float64) float64 {
	switch {
	case at < 0.6:
		const days = 6
		hour := at / 0.6 * days
		hour -= float64(int(hour))
		daily := 0.2 + 1.6*max(0, 1-4*(hour-0.6)*(hour-0.6))
		return daily * (1 + at)
	case at < 0.7:
		return 1 + (s.Peak-1)*(at-0.6)/0.1
	case at < 0.85:
		return s.Peak
	}
	return max(1, s.Peak*(1-(at-0.85)/0.1))
}

// Run lets people ask until the season is over and all of them have their replies or have lost patience.
func (s Season) Run(ctx context.Context) (Report, error) {
	if len(s.Doors) == 0 || len(s.Questions) < messagesMost || s.Rate <= 0 || s.Length <= 0 {
		return Report{}, errors.New("a season needs a door, questions, a rate and a length")
	}
	rnd := rand.New(rand.NewPCG(s.Seed, 0x5eed))
	c := newChecker()
	var wg sync.WaitGroup
	var doubts doubts
	places := make(chan struct{}, underWay)
	began := s.Now()
	next := began
	for n := 0; ctx.Err() == nil; n++ {
		passed := s.Now().Sub(began)
		if passed >= s.Length {
			break
		}
		if s.Progress != nil {
			s.Progress(int64(passed.Seconds()), int64(s.Length.Seconds()))
		}
		p := s.person(rnd, n)
		// People come at random; each brings several messages, so they come that much more rarely.
		perSecond := s.Rate * s.rate(float64(passed)/float64(s.Length)) / float64(len(p.asks))
		next = next.Add(time.Duration(rnd.ExpFloat64() / perSecond * float64(time.Second)))
		if wait := next.Sub(s.Now()); wait > 0 {
			select {
			case <-time.After(wait):
			case <-ctx.Done():
			}
		}
		select {
		case places <- struct{}{}:
		case <-ctx.Done():
			continue
		default: // so many are under way that the next has to wait at the gate; a real crowd would grow
			c.queued()
			places <- struct{}{}
		}
		wg.Go(func() {
			defer func() { <-places }()
			if d, ok := s.attend(ctx, p, c); !ok {
				doubts.add(d)
			}
		})
	}
	asked := s.Now().Sub(began)
	wg.Wait()
	s.clear(ctx, doubts.all, c)
	if s.Progress != nil {
		s.Progress(int64(s.Length.Seconds()), int64(s.Length.Seconds()))
	}
	return c.report(asked, s.Now().Sub(began)), ctx.Err()
}

// person is one citizen with what is going to be asked.
type person struct {
	name  string
	door  string
	asks  []Question
	burst bool
}

// person makes the n-th citizen, whose questions are about different entries.
func (s Season) person(rnd *rand.Rand, n int) person {
	p := person{name: nameOf(s.Seed, n), burst: rnd.Float64() < burstChance}
	x, sum := rnd.Float64(), 0.0
	for _, d := range doorNames(s.Doors) {
		p.door = d
		if sum += s.Share[d]; x < sum {
			break
		}
	}
	seen := map[string]bool{}
	for want := 1 + rnd.IntN(messagesMost); len(p.asks) < want; {
		q := s.Questions[rnd.IntN(len(s.Questions))]
		if !seen[q.Entry] || len(seen) >= len(s.Questions)/2 {
			seen[q.Entry] = true
			p.asks = append(p.asks, q)
		}
	}
	return p
}

// doubt is a person whose replies were not as expected when patience ended.
type doubt struct {
	person
	acked   int
	replies int
}

// doubts collects them. It is safe for concurrent use.
type doubts struct {
	mu  sync.Mutex
	all []doubt
}

func (d *doubts) add(one doubt) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all = append(d.all, one)
}

// attend lets a person ask everything and wait for the replies. ok says that they are there, each once and in order;
// otherwise the checker knows nothing of the person yet.
func (s Season) attend(ctx context.Context, p person, c *checker) (_ doubt, ok bool) {
	door := s.Doors[p.door]
	acked := make([]time.Time, 0, len(p.asks))
	for i, q := range p.asks {
		sent := s.Now()
		if err := s.ask(ctx, door, p.name, i, q.Text); err != nil {
			c.unsent()
			break
		}
		now := s.Now()
		c.accepted(now.Sub(sent))
		acked = append(acked, now)
		if !p.burst {
			s.await(ctx, door, p.name, acked, c.answered)
		}
	}
	if p.burst {
		s.await(ctx, door, p.name, acked, c.answered)
	}
	replies, err := door.Replies(ctx, p.name)
	if err != nil || len(replies) != len(acked) || disordered(p, len(acked), replies) > 0 {
		return doubt{p, len(acked), len(replies)}, false
	}
	c.judge(p, len(acked), replies)
	return doubt{}, true
}

// clear looks again, when the crowd has gone, at those whose replies were not as expected. What has come meanwhile was late
// and not lost. Replies that seem out of order may be right: a short question after another one may be understood
// by it. So the same person asks again under another name, calmly, one question after the other; only replies that differ from those
// were out of order.
func (s Season) clear(ctx context.Context, all []doubt, c *checker) {
	end := s.Now().Add(s.Patience)
	for i, d := range all {
		door := s.Doors[d.door]
		var replies []string
		var err error
		for {
			replies, err = door.Replies(ctx, d.name)
			if err == nil && len(replies) >= d.acked || ctx.Err() != nil || s.Now().After(end) {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		if err != nil {
			c.unread(d.acked)
			continue
		}
		c.late(max(0, min(d.acked, len(replies))-d.replies))
		if disordered(d.person, d.acked, replies) > 0 {
			if calm, err := s.calmly(ctx, d, nameOf(^s.Seed, i)); err == nil && slices.Equal(calm, replies) {
				c.understood(d.acked)
				continue
			}
		}
		c.judge(d.person, d.acked, replies)
	}
}

// calmly asks a person's questions again under another name, each when the one before has its reply, and returns the replies in that
// order.
func (s Season) calmly(ctx context.Context, d doubt, name string) ([]string, error) {
	door := s.Doors[d.door]
	var acked []time.Time
	var got []string
	for i, q := range d.asks[:d.acked] {
		if err := s.ask(ctx, door, name, i, q.Text); err != nil {
			return nil, err
		}
		acked = append(acked, s.Now())
		s.await(ctx, door, name, acked, func(time.Duration) {})
		now, err := door.Replies(ctx, name)
		if err != nil {
			return nil, err
		}
		if len(now) != i+1 || !slices.Equal(now[:i], got) {
			return nil, errors.New("not one reply after the other")
		}
		got = now
	}
	return got, nil
}

// ask sends a message for as long as the person has patience.
func (s Season) ask(ctx context.Context, door Door, person string, n int, text string) error {
	ctx, cancel := context.WithTimeout(ctx, s.Patience)
	defer cancel()
	return door.Ask(ctx, person, n, text)
}

// await waits until there are as many replies as acknowledged messages, and says how long the last one took.
func (s Season) await(ctx context.Context, door Door, name string, acked []time.Time, took func(time.Duration)) {
	if len(acked) == 0 {
		return
	}
	last := acked[len(acked)-1]
	pause := 5 * time.Millisecond
	for s.Now().Sub(last) < s.Patience {
		if replies, err := door.Replies(ctx, name); err == nil && len(replies) >= len(acked) {
			took(s.Now().Sub(last))
			return
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
		pause = min(pause*3/2, 500*time.Millisecond)
	}
}
