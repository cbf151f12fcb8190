package webchat

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"unicode"
)

// draw writes blocks down for comparison: kind, items in brackets, links as <address>.
func draw(bs []block) string {
	var out strings.Builder
	for _, b := range bs {
		out.WriteString(b.Kind)
		if b.Kind == "ol" {
			fmt.Fprint(&out, b.Start)
		}
		for _, line := range b.Lines {
			out.WriteString("[")
			for _, s := range line {
				out.WriteString(s.Text)
				if s.Href != "" {
					out.WriteString("<" + s.Href + ">")
				}
			}
			out.WriteString("]")
		}
	}
	return out.String()
}

func TestBlocks(t *testing.T) {
	for in, want := range map[string]string{
		"":                              "",
		"satu":                          "p[satu]",
		"satu\ndua\n\ntiga":             "p[satu][dua]p[tiga]",
		"Bawa:\n- surat\n- KTP":         "p[Bawa:]ul[surat][KTP]",
		"1. a\n2. b\n\n3. c":            "ol1[a][b]ol3[c]",
		"1. a\n3. c":                    "ol1[a]ol3[c]",
		"• a\r\n\r\n\r\nb":              "ul[a]p[b]",
		"-5 derajat\n7.00 buka":         "p[-5 derajat][7.00 buka]",
		"2024. tahun":                   "p[2024. tahun]",
		"lihat https://kpu.go.id/.":     "p[lihat kpu.go.id<https://kpu.go.id/>.]",
		"(https://www.kpu.go.id/a_(b))": "p[(kpu.go.id/a_(b)<https://www.kpu.go.id/a_(b)>)]",
		"https://a.example/?q=1 dan HTTP://b.example/x,": "p[a.example/…<https://a.example/?q=1> dan b.example/x<http://b.example/x>,]",
		"javascript:alert(1) ftp://a.example data:x":     "p[javascript:alert(1) ftp://a.example data:x]",
		"https://kpu.go.id@jahat.example/":               "p[https://kpu.go.id@jahat.example/]",
		"https:// x http://":                             "p[https:// x http://]",
		"https://a.example/" + strings.Repeat("b", 60):   "p[a.example/…<https://a.example/" + strings.Repeat("b", 60) + ">]",
		`https://a.example/"onload="x`:                   `p[a.example<https://a.example/>"onload="x]`,
	} {
		if got := draw(blocks(in)); got != want {
			t.Errorf("%q\n got %s\nwant %s", in, got, want)
		}
	}
}

func FuzzBlocks(f *testing.F) {
	for _, s := range append(bank(), "Bawa:\n- surat\n- KTP", "1. a\n2. b", "https://kpu.go.id/a?b=c#d).") {
		f.Add(s)
	}
	letters := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) {
				return r
			}
			return -1
		}, s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		var out strings.Builder
		for _, b := range blocks(in) {
			for _, line := range b.Lines {
				for _, s := range line {
					if s.Href == "" {
						out.WriteString(s.Text)
						continue
					}
					u, err := url.Parse(s.Href)
					if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
						t.Fatalf("%q makes the link %q", in, s.Href)
					}
				}
				out.WriteByte('\n') // or bytes of two lines would make a letter that nobody wrote
			}
		}
		if !strings.Contains(strings.ToLower(in), "http") && letters(out.String()) != letters(strings.ToValidUTF8(in, "")) && letters(out.String()) != letters(in) {
			t.Errorf("%q loses words: %q", in, out.String())
		}
	})
}
