package text

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// seeds are messages as they come: greetings, noise, marks that nobody sees, code.
func seeds(f *testing.F) {
	for _, s := range []string{
		"", "p", "min kpn nyoblos", "Sugeng enjing, badhe nyuwun pirsa, coblosan kapan nggih?", "kira2 jam7 di tps brp wkwkwk",
		"NIK saya 9900 0055 0505 0001 cek dong", "[nomor]", "[", "[]", "1️⃣ ② ３ ٤ ꧑", "nyo\u200bblos\u202e", "e\u0301sok", "\xff\xfe\x00",
		"=HYPERLINK(\"x\")", "<script>", "../../etc/passwd", "/start ' OR 1=1", strings.Repeat("a", 4100), strings.Repeat("?", 500),
		"dua puluh tujuh november dua ribu dua puluh empat", "tgl 27/11/2024 jam 07.00 Rp 50.000,-", "2x", "c6", "h-7", "aaaa2", "2",
	} {
		f.Add(s)
	}
}

func FuzzNormalize(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		n := Normalize(s)
		if !utf8.ValidString(n) || strings.Contains(n, "  ") || strings.TrimSpace(n) != n {
			t.Errorf("Normalize(%q) = %q", s, n)
		}
		for i := 0; i < len(n); i++ {
			if c := n[i]; !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || strings.IndexByte(" #.,:/", c) >= 0) {
				t.Fatalf("Normalize(%q) = %q holds %q", s, n, c)
			}
		}
	})
}

func FuzzTokens(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		ws := Tokens(s)
		if slices.Contains(ws, "") || !slices.Equal(ws, Tokens(s)) {
			t.Errorf("Tokens(%q) = %q", s, ws)
		}
		for _, w := range ws {
			if Stem(w) == "" || English(w) == "" || Skeleton(w) == "" {
				t.Errorf("nothing is left of %q", w)
			}
			Known(w)
			HasConcept(w)
		}
		before := slices.Clone(ws)
		if cs := Concepts(ws); slices.Contains(cs, "") || slices.Contains(cs, "-") {
			t.Errorf("Concepts(%q) = %q", ws, cs)
		}
		for _, n := range Names(ws) {
			if n.At < 0 || n.Len < 1 || n.At+n.Len > len(ws) {
				t.Errorf("Names(%q) = %+v", ws, n)
			}
		}
		if slices.Contains(MaskNames(ws), "") {
			t.Errorf("MaskNames(%q) holds an empty word", ws)
		}
		if l := Language(ws); l != DetectLang(s) {
			t.Errorf("Language of %q is %q, that of its tokens %q", s, DetectLang(s), l)
		}
		if !slices.Equal(before, ws) {
			t.Errorf("the tokens of %q were changed", s)
		}
	})
}

func FuzzStripGreeting(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		ws := Tokens(s)
		rest, took := StripGreeting(ws)
		if len(rest) < len(ws) && !took.Any() {
			t.Errorf("StripGreeting(%q) took words and says it did not", s)
		}
		if !strings.Contains(" "+strings.Join(ws, " ")+" ", strings.Join(rest, " ")) {
			t.Errorf("StripGreeting(%q) = %q is no stretch of the message", s, rest)
		}
	})
}

func FuzzDetectLang(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		switch l := DetectLang(s); l {
		case "", "id", "jv", "en":
		default:
			t.Errorf("DetectLang(%q) = %q", s, l)
		}
	})
}

func FuzzAsks(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		if first, second := Asks(s), Asks(s); first != second {
			t.Errorf("Asks(%q) changes its mind", s)
		}
		for _, w := range []string{s, strings.ToLower(s)} { // as typed, not only as folded
			_ = Stem(w)
			English(w)
			Skeleton(w)
			HasConcept(w)
			Known(w)
		}
	})
}

func FuzzSplit(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		pieces := Split(s)
		if n := len(pieces); n < 1 || n > 4 {
			t.Errorf("Split(%q) gives %d pieces", s, n)
		}
		for _, p := range pieces {
			if len(p) > MaxLen+sentencesMax { // sentences that stay together get a blank between them
				t.Errorf("Split(%q) gives a piece of %d bytes", s, len(p))
			}
		}
	})
}
