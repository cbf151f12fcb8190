package telegram

import (
	"fmt"
	"testing"
	"time"
)

func TestPace(t *testing.T) {
	var now time.Duration
	p := newPace(func() time.Duration { return now }, 30)
	passed := func(chat int64, asks int) int {
		n := 0
		for range asks {
			if _, ok := p.take(chat); ok {
				n++
			}
		}
		return n
	}
	if n := passed(1, 10); n != personBurst {
		t.Errorf("%d at once to a person, want %d", n, personBurst)
	}
	if n := passed(-1, 10); n != groupBurst {
		t.Errorf("%d at once to a group, want %d", n, groupBurst)
	}
	now += time.Second
	if n := passed(1, 10); n != 1 {
		t.Errorf("%d to a person after a second, want 1", n)
	}
	if w, ok := p.take(1); ok || w <= 0 || w > personEach {
		t.Errorf("wait %v", w)
	}
	now += time.Hour
	total, last := 0, time.Duration(-1)
	for chat := range int64(500) {
		w, ok := p.take(chat + 100)
		if !ok {
			continue
		}
		total++
		if last >= 0 && w-last != time.Second/30 {
			t.Fatalf("places %v and %v", last, w)
		}
		last = w
	}
	if total != 61 || last > slotMax {
		t.Errorf("%d places given out up to %v ahead, want 61 in 2 s", total, last)
	}
	for minute := time.Duration(0); minute < time.Minute; minute += 10 * time.Millisecond {
		now += 10 * time.Millisecond
		total += passed(-7, 1)
	}
	if n := total - 61; n > groupBurst+20 || n < 20 {
		t.Errorf("%d to a group in a minute, want 20 and a burst of %d", n, groupBurst)
	}
}

// TestPaceForgets keeps the memory of chats bounded and loses no pause by it.
func TestPaceForgets(t *testing.T) {
	var now time.Duration
	p := newPace(func() time.Duration { return now }, 1_000_000)
	p.stop(3, 24*time.Hour)
	for chat := range int64(3 * chatsKept) {
		now += time.Second
		_, _ = p.take(chat + 10)
	}
	if _, ok := p.take(3); ok || len(p.chats) > chatsKept {
		t.Errorf("%d chats remembered, written to the paused one: %v", len(p.chats), ok)
	}
}

func TestSpare(t *testing.T) {
	var now time.Duration
	p := newPace(func() time.Duration { return now }, 30)
	if !p.spare(1) {
		t.Error("nothing to do, and yet no room for a typing sign")
	}
	for chat := range int64(20) {
		_, _ = p.take(chat + 10)
	}
	if p.spare(1) {
		t.Error("in a rush typing signs take room from answers")
	}
}

func TestMemory(t *testing.T) {
	m := newMemory[int, string](3)
	for i := range 10 {
		m.put(i, fmt.Sprint(i))
	}
	m.drop(9)
	_, gone := m.get(6)
	eight, ok := m.get(8)
	if _, dropped := m.get(9); gone || !ok || eight != "8" || dropped || len(m.m) > 3 {
		t.Errorf("%v", m.m)
	}
	for i := range 100 {
		m.put(i%2, "x")
		m.drop(i % 2)
	}
	if len(m.ring) > 3 || len(m.m) > 3 {
		t.Errorf("%d kept", len(m.ring))
	}
}
