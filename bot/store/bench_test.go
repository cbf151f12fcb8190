package store_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tanya/bot"
)

// accepters is the number of goroutines that hand in messages, one message a call, each waiting for its commit.
const accepters = 32

// BenchmarkRoad measures messages from accepted to settled, with durable commits: each is accepted in a call of its own
// and settled with a session, a query row with its text, set entries and one reply.
func BenchmarkRoad(b *testing.B) {
	for _, d := range databases {
		b.Run(d.name, func(b *testing.B) {
			if d.missing != "" {
				b.Skip(d.missing)
			}
			w := open(b, d.fresh(b))
			b.ReportAllocs()
			b.ResetTimer()
			w.drive(b.N, 0)
		})
	}
}

// BenchmarkRoadAt100 measures the same at a hundred messages per second; run it with -benchtime 1000x.
func BenchmarkRoadAt100(b *testing.B) {
	for _, d := range databases {
		b.Run(d.name, func(b *testing.B) {
			if d.missing != "" {
				b.Skip(d.missing)
			}
			open(b, d.fresh(b)).drive(b.N, 10*time.Millisecond)
		})
	}
}

// drive walks n messages along the road, one every pause, and reports the rate and the time until a message is settled.
func (w *world) drive(n int, pause time.Duration) {
	b := w.t.(*testing.B)
	ctx := context.Background()
	started := make([]time.Time, n)
	took := make([]time.Duration, n)
	var next, settled atomic.Int64
	var bells [bot.Shards]chan struct{}
	done := make(chan struct{})
	var work sync.WaitGroup
	for i := range bells {
		bells[i] = make(chan struct{}, 1)
		work.Go(func() {
			for {
				select {
				case <-done:
					return
				case <-bells[i]:
				}
				for w.answerTimed(ctx, i, started, took, &settled) {
				}
				if settled.Load() == int64(n) {
					return
				}
			}
		})
	}
	var hand sync.WaitGroup
	begin := time.Now()
	for range accepters {
		hand.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				time.Sleep(time.Until(begin.Add(time.Duration(i) * pause)))
				started[i] = time.Now()
				shards, err := w.Accept(ctx, bot.Batch{Channel: "webchat", Messages: []bot.Message{
					w.message(fmt.Sprint(i), nth("chat", i%5000), fmt.Sprint(i))}})
				must(b, err)
				for _, s := range shards {
					select {
					case bells[s] <- struct{}{}:
					default:
					}
				}
			}
		})
	}
	hand.Wait()
	for settled.Load() < int64(n) {
		time.Sleep(100 * time.Microsecond)
	}
	close(done)
	work.Wait()
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "msg/s")
	b.ReportMetric(float64(took[n/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[n*99/100].Microseconds())/1000, "p99-ms")
}

func (w *world) answerTimed(ctx context.Context, shard int, started []time.Time, took []time.Duration, settled *atomic.Int64) bool {
	pending, err := w.Claim(ctx, shard, 64)
	must(w.t, err)
	var all []bot.Settlement
	seen := map[string]bool{}
	for _, p := range pending {
		if seen[p.Message.Chat] {
			break
		}
		seen[p.Message.Chat] = true
		p.Session.Updated = w.clock.Now()
		all = append(all, w.settlement(&p, bot.Query{Outcome: bot.Answered, Topic: "jadwal", Entry: "jam-tps", Text: p.Message.Text},
			"Pemungutan suara dimulai pukul 07.00 dan berakhir pukul 13.00."))
	}
	if len(all) == 0 {
		return false
	}
	must(w.t, w.Settle(ctx, all...))
	for _, s := range all {
		var i int
		_, _ = fmt.Sscan(s.Message.External, &i)
		took[i] = time.Since(started[i])
	}
	settled.Add(int64(len(all)))
	return true
}

// BenchmarkAccept measures durable commits of one message each.
func BenchmarkAccept(b *testing.B) {
	for _, d := range databases {
		for _, side := range []int{1, accepters} {
			b.Run(fmt.Sprintf("%s/%d", d.name, side), func(b *testing.B) {
				if d.missing != "" {
					b.Skip(d.missing)
				}
				w := open(b, d.fresh(b))
				var next atomic.Int64
				var wg sync.WaitGroup
				b.ResetTimer()
				for range side {
					wg.Go(func() {
						for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
							_, err := w.Accept(context.Background(), bot.Batch{Channel: "webchat", Messages: []bot.Message{
								w.message(fmt.Sprint(i), nth("chat", int(i%5000)), "kapan nyoblos")}})
							must(b, err)
						}
					})
				}
				wg.Wait()
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msg/s")
			})
		}
	}
}
