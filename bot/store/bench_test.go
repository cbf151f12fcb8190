package store_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
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
			w.drive(b.N, accepters, 0)
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
			open(b, d.fresh(b)).drive(b.N, accepters, 10*time.Millisecond)
		})
	}
}

// BenchmarkRoadTwo measures what two processes do with one PostgreSQL: each takes every second message and answers half
// of the shards, with connections of its own. The callers of BenchmarkRoad are shared out between them, or each process has as
// many at its own door, as when a second one is started because more people come.
func BenchmarkRoadTwo(b *testing.B) {
	for _, c := range []struct {
		name  string
		hands int
	}{{"shared", accepters}, {"each", 2 * accepters}} {
		b.Run(c.name, func(b *testing.B) {
			d := databases[1]
			if d.missing != "" {
				b.Skip(d.missing)
			}
			w := open(b, d.fresh(b))
			other := w.second()
			for _, own := range []struct {
				name string
				of   *world
			}{{"one", w}, {"two", other}, {"one", w}} { // as they do when they begin, so that each knows of the other
				_, err := own.of.OwnShards(context.Background(), own.name, w.clock.Now(), w.clock.Now().Add(time.Hour))
				must(b, err)
			}
			b.ResetTimer()
			w.drive(b.N, c.hands, 0, other)
		})
	}
}

var grown = flag.String("grown", "10000,100000", "rows that are there already in BenchmarkRoadGrown, separated by commas")

// BenchmarkRoadGrown measures a message in a ledger that has grown: with so many query rows, askers, and replies and
// repeat marks of the last days. The cost of a message should not grow along.
// `go test ./bot/store -run '^$' -bench RoadGrown -benchtime 20000x -grown 10000,1000000,10000000` is the long form.
func BenchmarkRoadGrown(b *testing.B) {
	for _, d := range databases {
		for rows := range strings.SplitSeq(*grown, ",") {
			b.Run(d.name+"/"+rows, func(b *testing.B) {
				if d.missing != "" {
					b.Skip(d.missing)
				}
				w := open(b, d.fresh(b))
				if b.N > 1 { // the first round of one message only finds out how the benchmark behaves
					w.grow(rows, d.name == "sqlite")
				}
				b.ResetTimer()
				w.drive(b.N, accepters, 0)
			})
		}
	}
}

// grow puts rows into the ledger as a season leaves them, in the order of their keys: ten million rows at random places would
// take hours to write and end as the same trees. What is measured afterwards falls at places all over them.
func (w *world) grow(rows string, sqlite bool) {
	w.t.Helper()
	count := `WITH RECURSIVE n (i) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i < ` + rows + `) `
	chat := `'chat' || (i * 50000 / ` + rows + `)`
	id := `decode(lpad(to_hex(i), 32, '0'), 'hex')`
	external := `'grown' || lpad(i::text, 9, '0')`
	if sqlite {
		id = `unhex(printf('%032x', i))`
		external = `printf('grown%09d', i)`
	}
	until := fmt.Sprint(w.clock.Now().Add(48 * time.Hour).UnixMilli())
	for _, fill := range []string{
		`INSERT INTO queries (hour, channel, lang, outcome, topic, entry, score, segment, activity, edition, previous) ` + count +
			`SELECT i / 100, 'webchat', 'id', 'answered', 'jadwal', 'jam-tps', 0.9, '', '', 1, '' FROM n`,
		`INSERT INTO askers (month, cell, pseudonym) ` + count + `SELECT '2026-10', 'cell' || (i * 50 / ` + rows + `), ` + id + ` FROM n`,
		`INSERT INTO inbox (channel, external, chat, shard, received, until) ` + count +
			`SELECT 'webchat', ` + external + `, ` + chat + `, i % 32, i, ` + until + ` FROM n`,
		`INSERT INTO outbox (channel, chat, reply, state, due, created, until) ` + count +
			`SELECT 'webchat', ` + chat + `, ` + id + `, 'delivered', 0, i, ` + until + ` FROM n`,
	} {
		must(w.t, w.Script(context.Background(), fill))
	}
}

// drive walks n messages along the road, one every pause, handed in by so many callers, and reports the rate and the time until a message is settled.
// When there are other processes, they share the work.
func (w *world) drive(n, hands int, pause time.Duration, others ...*world) {
	all := append([]*world{w}, others...)
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
				for all[i%len(all)].answerTimed(ctx, i, started, took, &settled) {
				}
				if settled.Load() == int64(n) {
					return
				}
			}
		})
	}
	var hand sync.WaitGroup
	log, work0 := w.server()
	begin, spent := time.Now(), cpu()
	for range hands {
		hand.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				time.Sleep(time.Until(begin.Add(time.Duration(i) * pause)))
				started[i] = time.Now()
				shards, err := all[i%len(all)].Accept(ctx, bot.Batch{Channel: "webchat", Messages: []bot.Message{
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
	b.ReportMetric(float64((cpu()-spent).Microseconds())/float64(n), "cpu-us/msg")
	if logged, worked := w.server(); logged > 0 {
		b.ReportMetric(float64(logged-log)/float64(n), "wal-B/msg")
		b.ReportMetric(float64((worked-work0).Microseconds())/float64(n), "server-us/msg")
	}
	b.ReportMetric(float64(took[n/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[n*99/100].Microseconds())/1000, "p99-ms")
}

// server returns how many bytes a PostgreSQL server has logged and how much processor time it and its processes have used.
func (w *world) server() (logged int, used time.Duration) {
	ctx := context.Background()
	pid, err := w.Number(ctx, `SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)::int`)
	if err != nil {
		return 0, 0 // not that kind of database
	}
	logged, err = w.Number(ctx, `SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint`)
	must(w.t, err)
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		text, _ := os.ReadFile(name)
		_, rest, _ := strings.Cut(string(text), ") ") // the name before it may hold anything
		f := strings.Fields(rest)
		if len(f) < 15 || (f[1] != strconv.Itoa(pid) && !strings.HasPrefix(string(text), strconv.Itoa(pid)+" ")) {
			continue
		}
		for _, field := range f[11:15] { // user and system time, its own and of those that have ended
			ticks, _ := strconv.Atoi(field)
			used += time.Duration(ticks) * 10 * time.Millisecond
		}
	}
	return logged, used
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
