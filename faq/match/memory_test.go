package match

import (
	"context"
	"runtime"
	"runtime/debug"
	"testing"

	"tanya/faq"
)

// heapMax is what the whole test process may hold once an engine is trained on all content, edition and samples included.
const heapMax = 30 << 20

// An engine on the whole content fits into a small machine.
func TestHeap(t *testing.T) {
	e := contentMatcher(t)
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	t.Logf("%.1f MB with %d texts", float64(m.HeapAlloc)/(1<<20), len(e.model.near.text))
	if m.HeapAlloc > heapMax {
		t.Errorf("%.1f MB of heap, want at most %d", float64(m.HeapAlloc)/(1<<20), heapMax>>20)
	}
	runtime.KeepAlive(e)
}

// What a question allocates hangs on the question, not on how much the engine has learned.
func TestAllocationDoesNotGrow(t *testing.T) {
	whole := learned(t)
	var part []Sample
	for i, l := range whole.lessons {
		if i%8 == 0 && !l.aside {
			part = append(part, Sample{Text: l.text, Label: l.label})
		}
	}
	few, err := New(context.Background(), part, Options{Guards: true, Calibration: Never})
	if err != nil {
		t.Fatal(err)
	}
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // what is reused between questions must not be taken away meanwhile
	questions := []string{"jam berapa tps buka", "ktp saya hilang, apa masih bisa nyoblos", "nek arep pindah milih syarate opo wae", "where do i report vote buying", "kpn coblosan min"}
	cost := func(e *Engine) float64 {
		all := func() {
			for _, q := range questions {
				if _, err := e.Match(context.Background(), faq.Question{Text: q}); err != nil {
					t.Fatal(err)
				}
			}
		}
		all()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range 20 {
			all()
		}
		runtime.ReadMemStats(&after)
		return float64(after.TotalAlloc-before.TotalAlloc) / float64(20*len(questions))
	}
	little, much := cost(few), cost(whole)
	t.Logf("%.0f bytes a question with %d texts, %.0f with %d", little, len(few.model.near.text), much, len(whole.lessons))
	if much > little*1.3+512 { // more features of a question are known to the larger one
		t.Errorf("a question allocates %.0f bytes with %d texts and %.0f with %d", little, len(few.model.near.text), much, len(whole.lessons))
	}
}
