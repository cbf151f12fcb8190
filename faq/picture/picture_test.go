package picture

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tanya/faq"
)

var update = flag.Bool("update", false, "write the golden files anew")

func edition(t *testing.T) *faq.Edition {
	t.Helper()
	ed, err := faq.Load(faq.Content())
	if err != nil {
		t.Fatal(err)
	}
	return ed
}

// instants are the days on which the pictures say something else.
func instants(ed *faq.Edition) []time.Time {
	var ts []time.Time
	for _, d := range []faq.Date{
		{Year: 2024, Month: 6, Day: 1}, {Year: 2024, Month: 9, Day: 22}, {Year: 2024, Month: 10, Day: 28}, {Year: 2024, Month: 11, Day: 25}, {Year: 2024, Month: 11, Day: 27}, {Year: 2024, Month: 11, Day: 28}, {Year: 2024, Month: 12, Day: 17}, {Year: 2025, Month: 1, Day: 9}, {Year: 2025, Month: 2, Day: 21}, {Year: 2026, Month: 12, Day: 31},
	} {
		ts = append(ts, d.Start(ed.Zone).Add(9*time.Hour))
	}
	return ts
}

func TestNamesAreThoseOfTheContent(t *testing.T) {
	ed := edition(t)
	var drawn []string
	for n := range layouts() {
		drawn = append(drawn, n)
	}
	slices.Sort(drawn)
	if !slices.Equal(drawn, Names()) || !slices.Equal(drawn, ed.Pictures()) {
		t.Errorf("drawn %v, named %v, in the content %v", drawn, Names(), ed.Pictures())
	}
}

func TestDraw(t *testing.T) {
	ed := edition(t)
	for _, name := range Names() {
		for _, lang := range faq.Langs() {
			seen := map[string]bool{}
			for _, at := range instants(ed) {
				g, err := ed.Legend(name, lang, at)
				var expired *faq.ExpiredError
				if errors.As(err, &expired) && at.Before(ed.Fact(expired.Fact).From.Start(ed.Zone)) {
					continue // not known yet on that day
				}
				if err == nil && seen[g.Alt] {
					continue // the same picture as on another day
				}
				seen[g.Alt] = true
				img, svg, alt, err := Draw(ed, name, lang, at)
				if err != nil {
					t.Fatalf("%s %s %s: %v", name, lang, at, err)
				}
				where := fmt.Sprintf("%s %s %s", name, lang, at.Format(time.DateOnly))
				checkPNG(t, where, img)
				checkSVG(t, where, svg)
				if alt == "" || strings.ContainsAny(alt, "{}") {
					t.Errorf("%s: text for listeners is %q", where, alt)
				}
			}
		}
	}
}

func checkPNG(t *testing.T, where string, b []byte) {
	t.Helper()
	if len(b) > 100_000 {
		t.Errorf("%s: the PNG has %d bytes, more than a phone with a poor line should load", where, len(b))
	}
	conf, err := png.DecodeConfig(bytes.NewReader(b))
	if err != nil || conf.Width != Width || conf.Height > 2400 {
		t.Errorf("%s: %d by %d pixels, %v", where, conf.Width, conf.Height, err)
	}
}

// checkSVG reads the drawing as XML: it must be well formed, hold its title and description, and nothing foreign.
func checkSVG(t *testing.T, where string, b []byte) {
	t.Helper()
	seen := map[string]int{}
	d := xml.NewDecoder(bytes.NewReader(b))
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", where, err)
		}
		if e, ok := tok.(xml.StartElement); ok {
			seen[e.Name.Local]++
		}
	}
	if seen["title"] != 1 || seen["desc"] != 1 || seen["text"] == 0 || seen["script"]+seen["image"]+seen["a"] > 0 {
		t.Errorf("%s: elements %v", where, seen)
	}
}

// TestTextsStayInside looks at every line of text in every picture and language.
func TestTextsStayInside(t *testing.T) {
	ed := edition(t)
	for _, name := range Names() {
		for _, lang := range faq.Langs() {
			c, _, err := compose(ed, name, lang, faq.Date{Year: 2025, Month: 3, Day: 1}.Start(ed.Zone))
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range c.marks {
				if m.text == "" {
					continue
				}
				if m.size < 30 {
					t.Errorf("%s %s: %q is too small to read on a phone (%g pixels)", name, lang, m.text, m.size)
				}
				w := c.types.width(m.text, style{size: m.size, bold: m.bold})
				left := m.at.x
				if m.middle {
					left -= w / 2
				}
				if left < 20 || left+w > Width-20 || m.at.y < m.size || m.at.y > c.height-10 {
					t.Errorf("%s %s: %q stands at %g..%g, %g of %g", name, lang, m.text, left, left+w, m.at.y, c.height)
				}
			}
		}
	}
}

func TestSameInputSameBytes(t *testing.T) {
	ed := edition(t)
	at := faq.Date{Year: 2024, Month: 11, Day: 25}.Start(ed.Zone)
	a, as, _, err := Draw(ed, "tahapan-pilkada-2024", faq.Indonesian, at)
	b, bs, _, err2 := Draw(ed, "tahapan-pilkada-2024", faq.Indonesian, at)
	if err != nil || err2 != nil || !bytes.Equal(a, b) || !bytes.Equal(as, bs) {
		t.Errorf("two drawings differ: %v, %v", err, err2)
	}
}

func TestUnknownPicture(t *testing.T) {
	if _, _, _, err := Draw(edition(t), "kucing", faq.Indonesian, time.Now()); !errors.Is(err, faq.ErrNoPicture) {
		t.Errorf("error is %v", err)
	}
}

// TestContrast keeps letters readable for people who see poorly: 4.5 to 1, as WCAG asks at level AA.
func TestContrast(t *testing.T) {
	for _, p := range []struct {
		name     string
		on, over color.RGBA
	}{
		{"ink on ground", ink, ground}, {"soft on ground", soft, ground}, {"ink on paper", ink, paper}, {"soft on paper", soft, paper},
		{"paper on good", paper, good}, {"paper on bad", paper, bad}, {"paper on maroon", paper, maroon}, {"ink on sky", ink, sky},
		{"ink on pale", ink, pale},
	} {
		if r := contrast(p.on, p.over); r < 4.5 {
			t.Errorf("%s: %.1f to 1", p.name, r)
		}
	}
}

func contrast(a, b color.RGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func luminance(c color.RGBA) float64 {
	f := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.03928 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*f(c.R) + 0.7152*f(c.G) + 0.0722*f(c.B)
}

// TestAlt keeps what a listener hears as a golden file: it must carry all that the picture shows.
func TestAlt(t *testing.T) {
	ed := edition(t)
	var b strings.Builder
	for _, name := range Names() {
		for _, lang := range faq.Langs() {
			for _, day := range []faq.Date{{Year: 2024, Month: 11, Day: 25}, {Year: 2025, Month: 3, Day: 1}} {
				g, err := ed.Legend(name, lang, day.Start(ed.Zone))
				if err != nil {
					t.Fatal(err)
				}
				fmt.Fprintf(&b, "## %s %s %s\n%s\n\n", name, lang, day, g.Alt)
			}
		}
	}
	file := filepath.Join("testdata", "alt.txt")
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("what listeners hear has changed; read it and run the test with -update")
	}
}

// TestFoldedAddressReadsAsWritten: a long address goes on in the next line without a blank or a dash of ours in it, so
// that whoever copies it from a picture types the right one.
func TestFoldedAddressReadsAsWritten(t *testing.T) {
	types, err := newTypesetter()
	if err != nil {
		t.Fatal(err)
	}
	const address = "https://id.example.org/wiki/Halaman:Perpu_1_2014.pdf/93/tahun-dua-ribu-empat-belas-tentang-pemilihan"
	for width := 200.0; width < 2600; width += 90 {
		lines := types.wrap(foldable("Lihat "+address+" di sini.", 40), width, style{size: 40})
		if one := strings.Join(lines, ""); !strings.Contains(one, strings.ReplaceAll(address, fold, "")) || strings.Contains(one, fold) {
			t.Errorf("%.0f pixels: %q", width, lines)
		}
		for _, l := range lines {
			if types.width(l, style{size: 40}) > width && width > 900 {
				t.Errorf("%.0f pixels: %q is wider", width, l)
			}
		}
	}
}

// TestLinksOnCards leaves of an address on a card what can be typed.
func TestLinksOnCards(t *testing.T) {
	for in, want := range map[string]string{
		"https://cekdptonline.kpu.go.id":                                              "cekdptonline.kpu.go.id",
		"Sumber: https://www.kpu.go.id/daftar/":                                       "Sumber: kpu.go.id/daftar",
		"https://www.detik.com/sulsel/berita/d-1/jam-berapa-tps-pilkada-tutup-di-ini": "detik.com/…",
		"https://berita.example/a?page=2":                                             "berita.example/…",
		"Dicek 23 November 2026.":                                                     "Dicek 23 November 2026.",
		"UU 1 Tahun 2015: dan/atau":                                                   "UU 1 Tahun 2015: dan/atau",
	} {
		if got := shortLinks(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}
