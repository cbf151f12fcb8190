package match

import (
	"context"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"tanya/faq"
)

// BenchmarkMatch asks the phrasings of the content in turn and reports the median and the 99th percentile.
func BenchmarkMatch(b *testing.B) {
	e := contentMatcher(b)
	ed, _ := faq.Read(os.DirFS("../content"))
	samples := EditionSamples(ed)
	ctx := context.Background()
	took := make([]time.Duration, 0, b.N)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		q := faq.Question{Text: samples[i*37%len(samples)].Text}
		start := time.Now()
		if _, err := e.Match(ctx, q); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
		i++
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1e3, "p50-us")
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1e3, "p99-us")
}

// BenchmarkTrain is the way from content to the first answer, thresholds not yet computed.
func BenchmarkTrain(b *testing.B) {
	ed, _ := faq.Read(os.DirFS("../content"))
	for b.Loop() {
		e, err := FromEdition(context.Background(), ed, Options{Calibration: Never})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := e.Match(context.Background(), faq.Question{Text: "kapan nyoblos"}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCached is the same with everything in the cache; it also reports the heap that an engine holds.
func BenchmarkCached(b *testing.B) {
	ed, _ := faq.Read(os.DirFS("../content"))
	cache := memoryCache{}
	if _, err := FromEdition(context.Background(), ed, Options{Cache: cache}); err != nil {
		b.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var e *Engine
	for b.Loop() {
		var err error
		if e, err = FromEdition(context.Background(), ed, Options{Cache: cache}); err != nil {
			b.Fatal(err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric((float64(after.HeapAlloc)-float64(before.HeapAlloc))/1e6, "heap-MB")
	runtime.KeepAlive(e)
}
