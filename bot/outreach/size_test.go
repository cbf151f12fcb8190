package outreach_test

import (
	"bytes"
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/outreach"
	"tanya/faq"
)

var sizeRows = flag.Int("rows", 0, "question rows for TestSize, for example 5000000; 0 leaves it out")

// TestSize measures the report of a month with very many questions: run it with -rows 5000000. It prints what it found and
// fails above three seconds or a hundred megabytes, of Go's heap or of all that the process holds. The days are counted
// before, as the nightly sweep does.
func TestSize(t *testing.T) {
	if *sizeRows == 0 {
		t.Skip("takes minutes; run it with -rows 5000000")
	}
	l := openLedger(t)
	ctx := context.Background()
	ed, err := faq.Load(faq.Content())
	must(t, err)
	db, err := sql.Open("sqlite", l.path+"?_pragma=journal_mode(WAL)&_pragma=busy_timeout(60000)&_pragma=synchronous(0)&_pragma=cache_size(-200000)")
	must(t, err)
	defer db.Close()
	for i := range 300 { // one in each village
		segments := []faq.Segment{faq.AllSegments()[i%6]}
		must(t, l.Desk().AddActivity(ctx, bot.Activity{Code: "C" + string(rune('A'+i/26)) + string(rune('A'+i%26)), Name: "Kegiatan desa", Method: "forum-warga",
			Segments: segments, Date: faq.Date{Year: 2026, Month: 11, Day: 1 + i%28}, Participants: 40, District: []string{"Cepu", "Blora", "Jepon"}[i%3], Created: l.now}, bot.Audit{}))
	}
	began := time.Now()
	first := time.Date(2026, 11, 1, 0, 0, 0, 0, faq.Jakarta()).UnixMilli()
	_, err = db.ExecContext(ctx, `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?),
		r AS (SELECT i, i * 720 / ? AS h, (i * 7919) % 10007 AS x, (i * 104729) % 10009 AS y, i % 300 AS a FROM n)
		INSERT INTO queries (hour, channel, lang, outcome, topic, entry, score, segment, activity, edition, previous, mark)
		SELECT ? + h * 3600000, CASE x % 4 WHEN 0 THEN 'telegram' WHEN 1 THEN 'webchat' ELSE 'whatsapp' END, CASE y % 5 WHEN 0 THEN 'jv' ELSE 'id' END,
			CASE WHEN x % 20 = 2 THEN 'flow' WHEN x % 10 = 0 THEN 'unknown' WHEN x % 10 = 1 THEN 'choices' ELSE 'answered' END,
			CASE WHEN x % 20 = 2 THEN '' ELSE CASE x % 7 WHEN 0 THEN 'jadwal' WHEN 1 THEN 'tps' WHEN 2 THEN 'akses' WHEN 3 THEN 'hak-pilih' WHEN 4 THEN 'kpu' WHEN 5 THEN 'netralitas' ELSE 'politik-uang' END END,
			CASE WHEN x % 20 = 2 THEN CASE y % 2 WHEN 0 THEN 'kuis:foto-di-bilik' ELSE 'kuis:pendamping' END ELSE 'entri-' || (x % 140) END, (y % 11) / 10.0, CASE WHEN y % 3 = 0 THEN CASE a % 6 WHEN 0 THEN 'pemilih-pemula' WHEN 1 THEN 'pemilih-muda' WHEN 2 THEN 'disabilitas'
			WHEN 3 THEN 'marjinal' WHEN 4 THEN 'komunitas' ELSE 'warga-internet' END ELSE '' END,
			CASE WHEN y % 3 = 0 THEN 'C' || char(65 + a / 26, 65 + a % 26) ELSE '' END, 3, '',
			CASE WHEN x % 20 = 2 THEN CASE y % 5 WHEN 0 THEN 'akhir:0' ELSE 'awal' END WHEN x % 140 < 5 THEN 'pernyataan' ELSE '' END FROM r`, *sizeRows, *sizeRows, first)
	must(t, err)
	t.Logf("%d rows written in %v", *sizeRows, time.Since(began).Round(time.Second))
	l.now = time.Date(2026, 12, 1, 9, 0, 0, 0, faq.Jakarta())
	began = time.Now()
	_, err = l.Sweep(ctx, l.now)
	must(t, err)
	t.Logf("30 days counted in %v", time.Since(began).Round(time.Second))
	m := &outreach.Maker{Ledger: l.Reports(), Edition: func() *faq.Edition { return ed }, Office: "KPU", Now: func() time.Time { return l.now }, Zone: faq.Jakarta()}
	var before, after runtime.MemStats
	debug.FreeOSMemory()
	runtime.ReadMemStats(&before)
	held := resident()
	peak := watch()
	busy := processor()
	began = time.Now()
	r, err := m.Month(ctx, outreach.Month{Year: 2026, Month: time.November}, outreach.Inside)
	must(t, err)
	took, used := time.Since(began), processor()-busy
	heap, all := peak()
	more, process := int64(heap)-int64(before.HeapAlloc), all-held
	runtime.ReadMemStats(&after)
	var b bytes.Buffer
	must(t, r.Write(&b, "text"))
	t.Logf("month report in %v (%v of processor time), heap %d MB more at most, process %d MB more, %d MB allocated in all\n%s", took.Round(time.Millisecond), used, more>>20, process>>20,
		(after.TotalAlloc-before.TotalAlloc)>>20,
		b.String()[:min(1500, b.Len())])
	if took > 3*time.Second || max(more, process) > 100<<20 {
		t.Errorf("took %v and %d MB", took, max(more, process)>>20)
	}
}

// watch looks at the heap and the process every few milliseconds until it is asked for the most that it saw.
func watch() func() (heap uint64, process int64) {
	stop, done := make(chan struct{}), make(chan struct{})
	var heap uint64
	var process int64
	go func() {
		defer close(done)
		var m runtime.MemStats
		for {
			runtime.ReadMemStats(&m)
			heap, process = max(heap, m.HeapAlloc), max(process, resident())
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	return func() (uint64, int64) { close(stop); <-done; return heap, process }
}

// resident is how much memory the process holds, SQLite's own included; 0 where the system does not say.
func resident() int64 {
	raw, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	var size, pages int64
	if _, err := fmt.Sscan(string(raw), &size, &pages); err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}

// processor is how much processor time the process has used, to a hundredth of a second; on a busy machine it tells more
// than the clock. 0 where the system does not say.
func processor() time.Duration {
	raw, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(raw), ") ") // behind the name, which may hold anything
	f := strings.Fields(rest)
	if len(f) < 13 {
		return 0
	}
	var sum time.Duration
	for _, ticks := range f[11:13] { // of the user and of the system
		n, err := strconv.Atoi(ticks)
		if err != nil {
			return 0
		}
		sum += time.Duration(n) * 10 * time.Millisecond
	}
	return sum
}
