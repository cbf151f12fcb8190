//go:build unix

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"tanya/bot/bottest"
	"tanya/bot/simulate"
)

// takeoverLimit is how long the chats of a killed process may wait for another to go on with them.
const takeoverLimit = 10 * time.Second

// TestTakeover runs two processes on one PostgreSQL, kills one while people ask through the other, and measures how long
// the slowest chat waits for its answer: half of the chats belonged to the dead one.
// `go test ./cmd/tanya -run Takeover -kills 100 -v` is the long form.
func TestTakeover(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes; left out of short runs")
	}
	dsn, bin, content := bottest.StartPostgres(t), buildProgram(t), fewEntries(t)
	env := []string{"TANYA_DATABASE_URL=" + dsn, "TANYA_CONTENT=" + content, "TANYA_PROXIES=127.0.0.1"}
	stays := startService(t, bin, env...)
	stays.awaitTrained()
	stays.awaitUp()
	dies := startServiceIn(t, bin, copyFolder(t, stays.data), env...)
	var waits []time.Duration
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 3))
	for round := range max(1, *kills/6) {
		dies.awaitUp()
		time.Sleep(3*time.Second + time.Duration(random.Int64N(int64(3*time.Second)))) // until the shards are shared out
		dies.kill()
		waits = append(waits, stays.slowest(round, 24))
		dies.start()
	}
	dies.awaitUp()
	dies.stop()
	stays.drainWithin(30 * time.Second)
	stays.stop()
	slices.Sort(waits)
	worst := waits[len(waits)-1]
	t.Logf("seed %d: %d processes killed, the slowest chat waited %v in the middle, %v at worst", seed, len(waits), waits[len(waits)/2], worst)
	if worst > takeoverLimit {
		t.Errorf("a chat of a killed process waited %v, at most %v are allowed", worst, takeoverLimit)
	}
	if waits[len(waits)-1] < time.Second {
		t.Error("nobody waited: the dead process owned no chat, so the test shows nothing")
	}
}

// slowest lets n people ask at once and returns how long the last of them waited for the answer.
func (s *service) slowest(round, n int) time.Duration {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	door := simulate.NewWeb(s.url)
	began := time.Now()
	took := make([]time.Duration, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			person := fmt.Sprintf("%032x", 1+round*1000+i)
			if err := door.Ask(ctx, person, 0, "jam berapa TPS buka dan tutup?"); err != nil {
				s.t.Errorf("not acknowledged: %v", err)
				return
			}
			for {
				replies, err := door.Replies(ctx, person)
				took[i] = time.Since(began)
				if err == nil && len(replies) > 0 {
					return
				}
				if ctx.Err() != nil {
					s.t.Errorf("a chat got no answer within a minute")
					return
				}
				time.Sleep(50 * time.Millisecond)
			}
		})
	}
	wg.Wait()
	return slices.Max(took)
}

// copyFolder copies a data folder, keys and cache, as an operator does for a second machine.
func copyFolder(t *testing.T, from string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return to
}
