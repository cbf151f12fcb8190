package match

import (
	"context"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"tanya/faq"
	"tanya/faq/text"
)

// hostile gives messages of 4,000 characters that cost as much as possible, as a search among blanks, signs, run-ons and
// their mixtures found them, and what brings programs down.
func hostile() []string {
	out := []string{"", " ", "?", "\x00\xff", "=HYPERLINK(\"x\")", "<script>alert(1)</script>", "../../etc/passwd", "/start ' OR 1=1", "\u202e\u200d\u200b"}
	for _, unit := range []string{
		"a", "ab", "a?", "a\n", "ab. ", "? ", "a;", "jam7", "1.2 ", "ppp,", "ā", "🙂", "e\u0301\u0302\u0323", "ﷺ", "kapan terus kapan ", "apa dan apa kapan dan ", "kapan nyoblos mana tps\n",
		"kapannn nyoblosss di tpss manaaa ", "kapan nyoblos di tps mana? ", "pemungutansuaradimanakapan", "memperpanjangkannyakah ", "abcdefghijklmnopqrstuvwx ", "arief rohman ", "nik 12345 cek ", "[nomor] ", "sih kok to? ", "seratus ribu juta ", "di mana ", "\u0301", "1,1",
	} {
		out = append(out, strings.Repeat(unit, 4000/len([]rune(unit))))
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{3, 8, 20, 24} { // words that the speller looks at longest
		var b strings.Builder
		for b.Len() < 4000 {
			for range n {
				b.WriteByte(byte('a' + rnd.IntN(26)))
			}
			b.WriteString([]string{" ", "? "}[rnd.IntN(10)/9])
		}
		out = append(out, b.String())
	}
	return out
}

// dear is what no message may cost. It is time of the processor, not of the clock, and the least of several tries. Before
// Split was bounded, "a?a?a?" took 400 ms.
const dear = 5 * time.Millisecond

// least is the least processor time that f takes in a few tries.
func least(f func()) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	best := time.Hour
	for range 15 {
		start := spent()
		f()
		if best = min(best, spent()-start); best < dear/5 {
			break
		}
	}
	return best
}

// Nothing that a person sends may cost more than a few milliseconds, or bring the engine down.
func TestHostileMessages(t *testing.T) {
	e := contentMatcher(t)
	var worst time.Duration
	for _, s := range hostile() {
		took := least(func() { ask(t, e, s) })
		if worst = max(worst, took); took > dear {
			t.Errorf("%.30q took %v", s, took)
		}
	}
	t.Logf("the dearest took %v", worst)
}

// The same of every function of package text by itself.
func TestHostileText(t *testing.T) {
	if testing.Short() {
		t.Skip("times say nothing under the race detector; left out with -short")
	}
	for _, s := range hostile() {
		tokens := text.Tokens(s)
		for what, f := range map[string]func(){
			"Normalize": func() { text.Normalize(s) }, "Tokens": func() { text.Tokens(s) }, "Split": func() { text.Split(s) }, "DetectLang": func() { text.DetectLang(s) },
			"Asks": func() { text.Asks(s) }, "Concepts": func() { text.Concepts(tokens) }, "StripGreeting": func() { text.StripGreeting(tokens) }, "MaskNames": func() { text.MaskNames(tokens) },
		} {
			if took := least(f); took > dear {
				t.Errorf("%s of %.30q took %v", what, s, took)
			}
		}
	}
}

// FuzzMatch asks a small engine whatever comes: the result is always whole, and the same again.
func FuzzMatch(f *testing.F) {
	e, err := New(context.Background(), small(), Options{Guards: true, Calibration: Never})
	if err != nil {
		f.Fatal(err)
	}
	b := NewBM25(small(), 0)
	for _, s := range hostile() {
		if len(s) < 400 {
			f.Add(s, "jam")
		}
	}
	f.Add("tps bukak jam pinten? KTP kulo ical, pripun", "")
	f.Add("aku disogok calon 1 neng tps", "ktp")
	f.Fuzz(func(t *testing.T, s, about string) {
		q := faq.Question{Text: s, About: about}
		for _, m := range []faq.Matcher{e, b} {
			r, err := m.Match(context.Background(), q)
			if err != nil {
				t.Fatal(err)
			}
			if again, _ := m.Match(context.Background(), q); !reflect.DeepEqual(r, again) {
				t.Errorf("%q: %+v, then %+v", s, r, again)
			}
			whole(t, s, r)
		}
	})
}

// whole checks what must hold of every result.
func whole(t *testing.T, s string, r faq.Result) {
	t.Helper()
	if !(r.Score >= 0 && r.Score <= 1 && r.Explain.InScope >= 0 && r.Explain.InScope <= 1) {
		t.Errorf("%q: score %v, in scope %v", s, r.Score, r.Explain.InScope)
	}
	named := r.Verdict == faq.Answered || r.Verdict == faq.Declined
	if named != (r.Entry != "") || (r.Verdict == faq.Choices) != (len(r.Choices) > 0) || len(r.Choices) > maxChoices || len(r.Candidates) > 10 {
		t.Errorf("%q: %s %q %v, %d candidates", s, r.Verdict, r.Entry, r.Choices, len(r.Candidates))
	}
	switch r.Verdict {
	case faq.Answered, faq.Declined, faq.Choices, faq.Unknown, faq.Greeting:
	default:
		t.Errorf("%q: verdict %q", s, r.Verdict)
	}
	if r.Verdict != faq.Answered && r.Explain.Why == "" && r.Verdict != faq.Greeting {
		t.Errorf("%q: %s, and nobody can see why", s, r.Verdict)
	}
	if unique := slices.Compact(slices.Sorted(slices.Values(r.Choices))); len(unique) != len(r.Choices) {
		t.Errorf("%q: offered twice: %v", s, r.Choices)
	}
}
