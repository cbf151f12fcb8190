package store_test

import (
	"context"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/store"
)

// hold takes a name, and fails the test when that takes longer than patience.
func (w *world) hold(name string, patience time.Duration) *store.Hold {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	h, err := w.Hold(ctx, name)
	must(w.t, err)
	return h
}

// TestHold: one at a time, in turn, and other names do not matter. The ones who wait may belong to any process.
func TestHold(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		second := w.second()
		h := w.hold("wa", 5*time.Second)
		if !h.Held() {
			t.Error("taken and not held")
		}
		ctx, cancel := context.WithTimeout(context.Background(), 700*time.Millisecond)
		defer cancel()
		if _, err := second.Hold(ctx, "wa"); bot.ClassOf(err) != bot.Transient {
			t.Errorf("a second one holds it too: %v", err)
		}
		other := second.hold("other", 5*time.Second)
		defer other.Release()
		h.Release()
		if h.Held() {
			t.Error("released and held")
		}
		next := second.hold("wa", 2*time.Second) // no waiting for the end of its life
		next.Release()
	})
}

// TestHoldIsKept: a hold lasts for many lives of its row.
func TestHoldIsKept(t *testing.T) {
	if testing.Short() {
		t.Skip("takes eight seconds")
	}
	each(t, func(t *testing.T, w *world) {
		h := w.hold("wa", 5*time.Second)
		defer h.Release()
		ctx, cancel := context.WithTimeout(context.Background(), 8*time.Second)
		defer cancel()
		if _, err := w.second().Hold(ctx, "wa"); err == nil || !h.Held() {
			t.Error("it ran out while its holder was alive")
		}
	})
}

// TestHoldOfTheDead: when its holder loses the database, it lets go before the next one begins, and that is within 10 s.
func TestHoldOfTheDead(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		h := w.hold("wa", 5*time.Second)
		second := w.second()
		cut := time.Now()
		must(t, w.Close()) // no more renewals, and no release
		letGo := make(chan time.Time, 1)
		go func() {
			<-h.Lost()
			letGo <- time.Now()
		}()
		next := second.hold("wa", 10*time.Second)
		taken := time.Now()
		select {
		case at := <-letGo:
			t.Logf("let go after %v, taken over after %v", at.Sub(cut).Round(time.Millisecond), taken.Sub(cut).Round(time.Millisecond))
			if taken.Sub(at) < time.Second {
				t.Errorf("the next one began %v after the first let go", taken.Sub(at))
			}
		default:
			t.Error("the next one began while the first still held it")
		}
		if h.Held() {
			t.Error("still held")
		}
		next.Release()
	})
}

// TestHoldTaken: a holder whose row was taken away notices at the next renewal.
func TestHoldTaken(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		h := w.hold("wa", 5*time.Second)
		must(t, w.Script(context.Background(), `UPDATE holds SET owner = 'somebody'`))
		select {
		case <-h.Lost():
		case <-time.After(5 * time.Second):
			t.Error("it did not notice")
		}
	})
}
