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
			if p.take(chat) == 0 {
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
	if w := p.take(1); w <= 0 || w > personEach {
		t.Errorf("wait %v", w)
	}
	now += time.Hour
	total := 0
	for chat := range int64(500) {
		total += passed(chat+100, 1)
	}
	if total != 30 {
		t.Errorf("%d at once to all, want 30", total)
	}
	for minute := time.Duration(0); minute < time.Minute; minute += 10 * time.Millisecond {
		now += 10 * time.Millisecond
		total += passed(-7, 1)
	}
	if total > 30+groupBurst+20 {
		t.Errorf("%d to a group in a minute, want at most %d", total-30, groupBurst+20)
	}
}

// TestPaceForgets keeps the memory of chats bounded and loses no pause by it.
func TestPaceForgets(t *testing.T) {
	var now time.Duration
	p := newPace(func() time.Duration { return now }, 1_000_000)
	p.stop(3, 24*time.Hour)
	for chat := range int64(3 * chatsKept) {
		now += time.Second
		p.take(chat + 10)
	}
	if len(p.chats) > chatsKept || p.take(3) == 0 {
		t.Errorf("%d chats remembered, wait %v", len(p.chats), p.take(3))
	}
}

func TestSpare(t *testing.T) {
	var now time.Duration
	p := newPace(func() time.Duration { return now }, 30)
	if !p.spare(1) {
		t.Error("nothing to do, and yet no room for a typing sign")
	}
	for chat := range int64(20) {
		p.take(chat + 10)
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
