package webchat

import (
	"net/http"
	"net/netip"
	"testing"
	"time"
)

func TestBucket(t *testing.T) {
	r := Rate{PerMinute: 60, Burst: 2}
	start := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	var b bucket
	for i, c := range []struct {
		at   time.Duration
		wait time.Duration
	}{
		{0, 0}, {0, 0}, {0, time.Second}, {500 * time.Millisecond, 500 * time.Millisecond}, {time.Second, 0}, {time.Second, time.Second},
		{-time.Hour, time.Second}, {-time.Hour + time.Second, 0}, // a clock that jumps back gives nothing away and locks nobody out
		{24 * time.Hour, 0}, {24 * time.Hour, 0}, {24 * time.Hour, time.Second},
	} {
		var wait time.Duration
		if b, wait = b.take(r, start.Add(c.at)); wait.Round(time.Millisecond) != c.wait {
			t.Errorf("step %d: wait %v, want %v", i, wait, c.wait)
		}
	}
}

func TestFrom(t *testing.T) {
	c := &Channel{cfg: Config{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}}}
	for _, x := range []struct {
		remote  string
		forward []string
		want    string
	}{
		{"203.0.113.7:1234", nil, "203.0.113.7"},
		{"203.0.113.7:1234", []string{"198.51.100.1"}, "203.0.113.7"}, // not from our proxy
		{"10.0.0.1:1234", []string{"198.51.100.1"}, "198.51.100.1"},
		{"10.0.0.1:1234", []string{"192.0.2.1, 198.51.100.1"}, "198.51.100.1"}, // what stands before it is the visitor's own word
		{"10.0.0.1:1234", []string{"192.0.2.1", "198.51.100.1, 10.0.0.2"}, "198.51.100.1"},
		{"10.0.0.1:1234", []string{"nonsense"}, "10.0.0.1"},
		{"[::1]:1234", []string{"2001:db8:1:2:3:4:5:6"}, "2001:db8:1:2::"},
		{"[::ffff:203.0.113.7]:1", nil, "203.0.113.7"},
		{"[fe80::1%eth0]:1", nil, "fe80::"},
	} {
		r := &http.Request{RemoteAddr: x.remote, Header: http.Header{"X-Forwarded-For": x.forward}}
		if got := c.from(r).String(); got != x.want {
			t.Errorf("from %s %v: %s, want %s", x.remote, x.forward, got, x.want)
		}
	}
	if got := c.from(&http.Request{RemoteAddr: "@"}); got.IsValid() {
		t.Errorf("from a socket: %s", got)
	}
}

func TestRecent(t *testing.T) {
	r := newRecent[int, int](3)
	for i := range 5 {
		r.update(i, func(int) int { return i })
		r.get(2) // keeps it young
	}
	if r.size() != 3 {
		t.Errorf("%d remembered, want 3", r.size())
	}
	for key, want := range map[int]bool{0: false, 1: false, 2: true, 3: true, 4: true} {
		if _, ok := r.get(key); ok != want {
			t.Errorf("%d is remembered: %v", key, ok)
		}
	}
	r.sweep(func(v int) bool { return v == 3 })
	r.remove(4)
	r.remove(4)
	if r.size() != 1 {
		t.Errorf("%d remembered after the sweep, want 1", r.size())
	}
}

func TestSpokenIsBounded(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	s := newSpoken()
	for i := range 2 * spokenEach {
		s.add("a", words{external: string(rune('a' + i)), text: "x", at: now})
	}
	if n := len(s.of("a", now)); n != spokenEach {
		t.Errorf("%d words of one conversation, want %d", n, spokenEach)
	}
	if n := len(s.of("a", now.Add(spokenLife))); n != 0 {
		t.Errorf("%d words after their hour", n)
	}
	for i := range spokenChats + 10 {
		s.add(time.Duration(i).String(), words{external: "x", at: now})
	}
	if n := s.talks.size(); n != spokenChats {
		t.Errorf("%d conversations, want %d", n, spokenChats)
	}
	s.sweep(now.Add(2 * spokenLife))
	if n := s.talks.size(); n != 0 {
		t.Errorf("%d conversations after the sweep", n)
	}
}
