package text

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// hostile gives messages of 4,000 characters that cost as much as possible: what a search among blanks, signs, run-ons and
// mutations of them found, and what each table and loop of the package likes least.
func hostile() map[string]string {
	out := map[string]string{}
	for _, unit := range []string{
		" ", "a", "ab", "a?", "a\n", "ab. ", "a;", "a1", "a1b2c3d4 ", "jam7", "jam7 ", "kira2", "x2 ", "1", "1 ", "1.2 ", "1,1", "[", "[aa]", "[nomor] ", "ppp ", "ppp,", "ppp\u0301",
		"🙂", "e\u0301\u0302\u0303\u0323", "\u0301", "한", "ﷺ", "ＫＴＰ ", "\x00", "\xff", "?", "kapan terus kapan ", "apa dan apa kapan dan ", "kapan nyoblos mana tps\n", "kapan pemilu;",
		"sih kok to? ", "wk", "haha ", "dua puluh ", "seratus ribu juta ", "assalamualaikum ", "selamat pagi min ", "arief rohman ", "di mana ", "abcdefghijklmnopqrstuvwx ", "memperpanjangkannyakah ",
		"pemungutansuaradimanakapan", "kapannn nyoblosss di tpss manaaa? ",
	} {
		out[unit] = strings.Repeat(unit, 4000/len([]rune(unit))+1)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{3, 7, 20} {
		var b strings.Builder
		for b.Len() < 4000 {
			for range n {
				b.WriteByte(byte('a' + rnd.IntN(26)))
			}
			b.WriteByte(' ')
		}
		out["words of "+string(rune('a'+n))] = b.String()
	}
	return out
}

// No function of the package may cost more than a few milliseconds, whatever is typed. Before Split was bounded, "a?a?a?" took
// 400 ms.
func TestHostileText(t *testing.T) {
	if testing.Short() {
		t.Skip("times say nothing under the race detector; left out with -short")
	}
	for name, s := range hostile() {
		tokens := Tokens(s)
		for what, f := range map[string]func(){
			"Normalize": func() { Normalize(s) }, "Tokens": func() { Tokens(s) }, "Split": func() { Split(s) }, "DetectLang": func() { DetectLang(s) },
			"Asks": func() { Asks(s) }, "Concepts": func() { Concepts(tokens) }, "StripGreeting": func() { StripGreeting(tokens) }, "MaskNames": func() { MaskNames(tokens) },
		} {
			best := time.Hour
			for range 9 { // the machine may be busy: the fastest counts
				start := time.Now()
				f()
				if best = min(best, time.Since(start)); best < time.Millisecond {
					break
				}
			}
			if best > 5*time.Millisecond {
				t.Errorf("%s of %q takes %v", what, name, best)
			}
		}
	}
}
