package simulate

import (
	"encoding/binary"
	"encoding/hex"
	"maps"
	"slices"
	"sync"
	"time"
)

// Report is what the checker saw.
type Report struct {
	People     int
	Accepted   int // messages that the service acknowledged
	Answered   int // replies to them
	Late       int // replies that came after the patience for them had ended
	Lost       int // acknowledged, and no reply even then
	Double     int // replies more than messages
	Disordered int // replies that came before one to an earlier question
	Understood int // people whose replies only seem out of order: asked calmly, the service replies the same
	Unsent     int // messages that were never acknowledged
	Queued     int // people who had to wait because too many were under way
	Asking     time.Duration
	Whole      time.Duration
	Accept     Latency // from sending to the acknowledgement
	Reply      Latency // from the acknowledgement to the reply being there
	Busiest    int     // messages acknowledged in the busiest second
}

// Latency are the usual points of a distribution.
type Latency struct {
	N                  int
	P50, P95, P99, Max time.Duration
}

// checker notes what happens. It is safe for concurrent use.
type checker struct {
	mu      sync.Mutex
	r       Report
	accept  []time.Duration
	reply   []time.Duration
	seconds map[int64]int
}

func newChecker() *checker { return &checker{seconds: map[int64]int{}} }

func (c *checker) with(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f()
}

func (c *checker) queued()         { c.with(func() { c.r.Queued++ }) }
func (c *checker) unsent()         { c.with(func() { c.r.Unsent++ }) }
func (c *checker) late(n int)      { c.with(func() { c.r.Late += n }) }
func (c *checker) unread(lost int) { c.with(func() { c.r.People++; c.r.Lost += lost }) }

func (c *checker) accepted(took time.Duration) {
	c.with(func() {
		c.r.Accepted++
		c.accept = append(c.accept, took)
		c.seconds[time.Now().Unix()]++
	})
}

func (c *checker) answered(took time.Duration) {
	c.with(func() { c.reply = append(c.reply, took) })
}

// understood notes a person whose replies are right though they seem out of order.
func (c *checker) understood(acked int) {
	c.with(func() {
		c.r.People++
		c.r.Answered += acked
		c.r.Understood++
	})
}

// disordered counts the replies that name an entry which was asked about and come after one to a later question.
func disordered(p person, acked int, replies []string) int {
	place := map[string]int{}
	for i, q := range p.asks[:acked] {
		place[q.Entry] = i
	}
	count, last := 0, -1
	for _, entry := range replies {
		if i, ok := place[entry]; ok {
			if i < last {
				count++
			}
			last = max(last, i)
		}
	}
	return count
}

// judge compares what a person asked and got. Replies must be as many as messages, and in the order of the questions.
func (c *checker) judge(p person, acked int, replies []string) {
	c.with(func() {
		c.r.People++
		c.r.Answered += min(acked, len(replies))
		c.r.Lost += max(0, acked-len(replies))
		c.r.Double += max(0, len(replies)-acked)
		c.r.Disordered += disordered(p, acked, replies)
	})
}

func (c *checker) report(asking, whole time.Duration) Report {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.r.Asking, c.r.Whole = asking, whole
	c.r.Accept, c.r.Reply = latency(c.accept), latency(c.reply)
	for _, n := range c.seconds {
		c.r.Busiest = max(c.r.Busiest, n)
	}
	return c.r
}

func latency(all []time.Duration) Latency {
	if len(all) == 0 {
		return Latency{}
	}
	slices.Sort(all)
	at := func(q float64) time.Duration { return all[min(len(all)-1, int(q*float64(len(all))))] }
	return Latency{N: len(all), P50: at(0.5), P95: at(0.95), P99: at(0.99), Max: all[len(all)-1]}
}

// nameOf names the n-th person of a season: 32 hexadecimal digits.
func nameOf(seed uint64, n int) string {
	b := binary.BigEndian.AppendUint64(nil, seed)
	return hex.EncodeToString(binary.BigEndian.AppendUint64(b, uint64(n)))
}

// doorNames lists the doors in a fixed order.
func doorNames(doors map[string]Door) []string { return slices.Sorted(maps.Keys(doors)) }
