package whatsappcloud

import (
	"sync"
	"time"
)

// How fast Meta lets a number write. What is too much comes back as an error, which is obeyed whatever these figures say.
// All people together get no burst: evenly spaced, few messages are on the wire at once, and so few can arrive twice
// when the program dies.
const (
	everyoneRate = 80              // messages a second to all together
	personEach   = 6 * time.Second // one message to the same person; a burst borrows from the time after it
	personBurst  = 8
	patience     = 150 * time.Millisecond // how long Send waits for a person's turn itself
	slotMax      = 2 * time.Second        // how far ahead a place in the row of all messages is given out
	peopleKept   = 4096
)

// pace keeps the rhythm of each person and of all together, and the pauses that Meta has asked for. It counts on a
// clock that only runs forward, so that a clock that is set anew makes nobody wait. It is safe for concurrent use.
type pace struct {
	mu     sync.Mutex
	now    func() time.Duration
	each   time.Duration // between messages of all together
	all    bucket
	people map[address]*bucket
}

// bucket remembers when its owner has caught up and until when it must not write.
type bucket struct{ busy, pause time.Duration }

func newPace(now func() time.Duration, rate int) *pace {
	return &pace{now: now, each: time.Second / time.Duration(rate), people: map[address]*bucket{}}
}

// monotonic is a clock that nobody can set.
func monotonic() func() time.Duration {
	start := time.Now()
	return func() time.Duration { return time.Since(start) }
}

// take asks to write to a person. When the person may be written to, it gives a place in the row of all messages and
// how long to wait for it; else, false and how long to wait before asking again.
func (p *pace) take(to address) (time.Duration, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	b := p.bucket(to, now)
	slot := p.all.wait(now, p.each, 1)
	if own := max(b.wait(now, personEach, personBurst), p.all.pause-now); own > 0 || slot > slotMax {
		return max(own, slot-slotMax/2), false
	}
	p.all.add(now, p.each)
	b.add(now, personEach)
	return slot, true
}

// spare reports whether something that is not needed, such as a mark of reading, may be sent too.
func (p *pace) spare() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if p.all.wait(now, p.each, 1) > 0 {
		return false
	}
	p.all.add(now, p.each)
	return true
}

// stop makes a person wait, everybody when to is "".
func (p *pace) stop(to address, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	b := &p.all
	if to != "" {
		b = p.bucket(to, now)
	}
	b.pause = max(b.pause, now+d)
}

// wait is how long until one more message fits.
func (b *bucket) wait(now, each time.Duration, burst int) time.Duration {
	return max(b.pause-now, b.busy-now-each*time.Duration(burst-1), 0)
}

func (b *bucket) add(now, each time.Duration) { b.busy = max(b.busy, now) + each }

// bucket returns the person's bucket and makes room for it.
func (p *pace) bucket(to address, now time.Duration) *bucket {
	if b := p.people[to]; b != nil {
		return b
	}
	if len(p.people) >= peopleKept {
		for a, b := range p.people {
			if b.busy <= now && b.pause <= now {
				delete(p.people, a)
			}
		}
	}
	b := &bucket{}
	if len(p.people) < peopleKept { // else it is not remembered; the rhythm of all still holds
		p.people[to] = b
	}
	return b
}
