package telegram

import (
	"sync"
	"time"
)

// How fast Telegram lets a bot write, as it advises. What is too much comes back as a 429, which is obeyed whatever
// these figures say. All chats together get no burst: evenly spaced, few messages are on the wire at once, and so few
// can arrive twice when the program dies.
const (
	everyoneRate = 30 // messages a second to all chats together
	personEach   = time.Second
	personBurst  = 4
	groupEach    = 3 * time.Second
	groupBurst   = 5
)

// slotMax is how far ahead a place in the row of all messages is given out.
const slotMax = 2 * time.Second

// rhythm lets burst messages pass at once and one more each time.
type rhythm struct {
	each  time.Duration
	burst int
}

// pace keeps the rhythm of each chat and of all together, and the pauses that Telegram has asked for. It counts on a
// clock that only runs forward, so that a clock that is set anew makes nobody wait. It is safe for concurrent use.
type pace struct {
	mu    sync.Mutex
	now   func() time.Duration
	all   bucket
	pulse rhythm // of all together
	chats map[int64]*bucket
}

// bucket remembers when its owner has caught up and until when it must not write.
type bucket struct {
	busy  time.Duration // messages that were let pass keep it busy until here
	pause time.Duration
}

// chatsKept is how many chats are remembered; those that have caught up are forgotten first.
const chatsKept = 4096

// newPace lets rate messages a second pass to all chats together.
func newPace(now func() time.Duration, rate int) *pace {
	return &pace{now: now, pulse: rhythm{time.Second / time.Duration(rate), 1}, chats: map[int64]*bucket{}}
}

// monotonic is a clock that nobody can set.
func monotonic() func() time.Duration {
	start := time.Now()
	return func() time.Duration { return time.Since(start) }
}

// take asks to write to a chat. When the chat may be written to, it gives a place in the row of all messages and how
// long to wait for it; else, false and how long to wait before asking again.
func (p *pace) take(chat int64) (time.Duration, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	b := p.bucket(chat, now)
	r := rhythmOf(chat)
	slot := p.all.wait(now, p.pulse)
	if own := max(b.wait(now, r), p.all.pause-now); own > 0 || slot > slotMax {
		return max(own, slot-slotMax/2), false
	}
	p.all.add(now, p.pulse)
	b.add(now, r)
	return slot, true
}

// spare reports whether something that is not needed, such as a typing sign, may be sent too.
func (p *pace) spare(chat int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if p.all.wait(now, p.pulse) > 0 || p.bucket(chat, now).pause > now {
		return false
	}
	p.all.add(now, p.pulse)
	return true
}

// stop obeys a 429: the chat pauses. When one pauses already, the whole bot is too fast, and all pause.
func (p *pace) stop(chat int64, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	for _, b := range p.chats {
		if b.pause > now {
			p.all.pause = max(p.all.pause, now+d)
			break
		}
	}
	b := p.bucket(chat, now)
	b.pause = max(b.pause, now+d)
}

func rhythmOf(chat int64) rhythm {
	if chat < 0 {
		return rhythm{groupEach, groupBurst}
	}
	return rhythm{personEach, personBurst}
}

// wait is how long until one more message fits.
func (b *bucket) wait(now time.Duration, r rhythm) time.Duration {
	return max(b.pause-now, b.busy-now-r.each*time.Duration(r.burst-1), 0)
}

func (b *bucket) add(now time.Duration, r rhythm) { b.busy = max(b.busy, now) + r.each }

// bucket returns the chat's bucket and makes room for it.
func (p *pace) bucket(chat int64, now time.Duration) *bucket {
	if b := p.chats[chat]; b != nil {
		return b
	}
	if len(p.chats) >= chatsKept {
		for id, b := range p.chats {
			if b.busy <= now && b.pause <= now {
				delete(p.chats, id)
			}
		}
	}
	b := &bucket{}
	if len(p.chats) < chatsKept { // else it is not remembered; the rhythm of all still holds
		p.chats[chat] = b
	}
	return b
}
