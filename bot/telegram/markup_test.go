package telegram

import (
	"strings"
	"testing"
	"unicode/utf8"

	"tanya/bot/bottest"
)

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		name, in string
		limit    int
		want     []string
	}{
		{"short", "satu", 10, []string{"satu"}},
		{"exactly", "0123456789", 10, []string{"0123456789"}},
		{"at a paragraph", "aaaaaa\n\nbbb ccc", 12, []string{"aaaaaa", "bbb ccc"}},
		{"at a line", "aaaaaa\nbbb ccc", 11, []string{"aaaaaa", "bbb ccc"}},
		{"at a word", "aaaaaa bbb", 9, []string{"aaaaaa", "bbb"}},
		{"not too early", "a bcdefghijkl", 10, []string{"a bcdefghi", "jkl"}},
		{"pairs stay together", strings.Repeat("😀", 6), 5, []string{"😀😀", "😀😀", "😀😀"}},
		{"families stay together", "aaaa👩‍👧", 6, []string{"aaaa", "👩‍👧"}},
		{"accents stay together", "aaae\u0301", 4, []string{"aaa", "e\u0301"}},
		{"flags stay together", "aaa🇮🇩", 5, []string{"aaa", "🇮🇩"}},
		{"empty", " \n ", 5, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, p := range split([]span{{text: c.in}}, c.limit) {
				got = append(got, toPlain(p))
			}
			if strings.Join(got, "|") != strings.Join(c.want, "|") {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// FuzzSplit: no piece is too long, each is well-formed HTML, no word is lost.
func FuzzSplit(f *testing.F) {
	f.Add("a & <b> \"c\" "+strings.Repeat("x", 50), "😀😀 é", 7)
	f.Add("\u200d\u200d\u200d\u200d\u200d", "\n\n", 2)
	f.Fuzz(func(t *testing.T, a, b string, limit int) {
		limit = 2 + (limit%50+50)%50
		a, b = strings.ToValidUTF8(a, "?"), strings.ToValidUTF8(b, "?")
		spans := []span{{a, ""}, {b, "i"}, {"\n\n", ""}, {a, "b"}}
		var all strings.Builder
		for _, piece := range split(spans, limit) {
			plain := toPlain(piece)
			if n := units(plain); n > limit || n == 0 {
				t.Fatalf("a piece of %d units, limit %d", n, limit)
			}
			read, err := bottest.ParseHTML(toHTML(piece))
			if err != nil || read != plain || !utf8.ValidString(read) {
				t.Fatalf("%q became %q: %v", plain, read, err)
			}
			all.WriteString(plain)
		}
		squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if got, want := squeeze(all.String()), squeeze(toPlain(spans)); got != want {
			t.Fatalf("%q became %q", want, got)
		}
	})
}
