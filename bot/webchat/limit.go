package webchat

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"tanya/bot"
)

// Limits bounds what one conversation and one network address may do. Many people share an address: a school's
// network, all customers of a telephone company in a town. Its limits are wide.
type Limits struct {
	Chat             Rate // messages of one conversation; the default is 20 a minute, 10 at once
	Address          Rate // messages from one network address; the default is 600 a minute, 300 at once
	Reads            Rate // pages and polls from one network address; the default is 3,000 a minute, 1,000 at once
	Streams          int  // open streams in all; the default is 2,000
	StreamsOfChat    int  // the default is 4
	StreamsOfAddress int  // the default is 400
}

// Rate is a number of tokens that fills up steadily.
type Rate struct {
	PerMinute float64
	Burst     float64
}

func (l Limits) withDefaults() Limits {
	rate := func(r *Rate, d Rate) {
		if *r == (Rate{}) {
			*r = d
		}
	}
	count := func(n *int, d int) {
		if *n <= 0 {
			*n = d
		}
	}
	rate(&l.Chat, Rate{20, 10})
	rate(&l.Address, Rate{600, 300})
	rate(&l.Reads, Rate{3000, 1000})
	count(&l.Streams, 2000)
	count(&l.StreamsOfChat, 4)
	count(&l.StreamsOfAddress, 400)
	return l
}

// knownMax bounds how many conversations and addresses are remembered. Who is forgotten begins with a full bucket.
const knownMax = 50_000

// gate counts in memory only, so that nothing on disk says who came from where. It is safe for concurrent use.
type gate struct {
	limits    Limits
	chats     *recent[string, bucket]
	addresses *recent[netip.Addr, bucket]
	reads     *recent[netip.Addr, bucket]

	mu               sync.Mutex
	streams          int
	streamsOfChat    map[string]int
	streamsOfAddress map[netip.Addr]int
}

func newGate(l Limits) *gate {
	return &gate{
		limits: l, chats: newRecent[string, bucket](knownMax), addresses: newRecent[netip.Addr, bucket](knownMax),
		reads: newRecent[netip.Addr, bucket](knownMax), streamsOfChat: map[string]int{}, streamsOfAddress: map[netip.Addr]int{},
	}
}

// bucket holds what is left of a rate. The zero value is a full one.
type bucket struct {
	used float64
	at   time.Time
}

// take removes one token and returns zero, or says how long to wait for one.
func (b bucket) take(r Rate, now time.Time) (bucket, time.Duration) {
	perSecond := r.PerMinute / 60
	if passed := now.Sub(b.at).Seconds(); passed > 0 { // a clock that jumped back gives nothing
		b.used = max(0, b.used-passed*perSecond)
	}
	b.at = now
	if b.used+1 > r.Burst {
		return b, time.Duration((b.used + 1 - r.Burst) / perSecond * float64(time.Second))
	}
	b.used++
	return b, 0
}

func take[K comparable](known *recent[K, bucket], key K, r Rate, now time.Time) (wait time.Duration) {
	known.update(key, func(b bucket) bucket {
		b, wait = b.take(r, now)
		return b
	})
	return wait
}

// message admits one message, or fails as Throttled.
func (g *gate) message(chat string, from netip.Addr, now time.Time) error {
	wait := take(g.addresses, from, g.limits.Address, now)
	if wait == 0 {
		wait = take(g.chats, chat, g.limits.Chat, now)
	}
	return tooMany(wait)
}

// read admits one page or poll, or fails as Throttled.
func (g *gate) read(from netip.Addr, now time.Time) error {
	return tooMany(take(g.reads, from, g.limits.Reads, now))
}

func tooMany(wait time.Duration) error {
	if wait == 0 {
		return nil
	}
	return &bot.Error{Class: bot.Throttled, Message: "too many requests", After: wait}
}

// stream admits one open stream until the returned function is called, or reports false.
func (g *gate) stream(chat string, from netip.Addr) (leave func(), ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.streams >= g.limits.Streams || g.streamsOfChat[chat] >= g.limits.StreamsOfChat || g.streamsOfAddress[from] >= g.limits.StreamsOfAddress {
		return nil, false
	}
	g.streams++
	g.streamsOfChat[chat]++
	g.streamsOfAddress[from]++
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.streams--
		if g.streamsOfChat[chat]--; g.streamsOfChat[chat] == 0 {
			delete(g.streamsOfChat, chat)
		}
		if g.streamsOfAddress[from]--; g.streamsOfAddress[from] == 0 {
			delete(g.streamsOfAddress, from)
		}
	}, true
}

// from returns the network address that a request came from. X-Forwarded-For counts only when a known proxy wrote it,
// read from its end. An IPv6 customer has a whole /64, so that is what is counted.
func (c *Channel) from(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	a := peer.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !slices.ContainsFunc(c.cfg.Proxies, func(p netip.Prefix) bool { return p.Contains(a) }) {
			break
		}
		h, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		a = h.Unmap()
	}
	if a.Is6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			return p.Addr()
		}
	}
	return a
}
