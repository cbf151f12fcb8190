package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rsc.io/qr/coding"

	"tanya/faq"
)

// sampleFlyer says what a kit's flyer says, for an activity that does not exist.
func sampleFlyer() Flyer {
	return Flyer{
		Lang: faq.Indonesian, At: time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC), Office: "KPU Kabupaten Blora",
		Headline: "Punya pertanyaan tentang pemilihan?", Second: "Badhe nyuwun pirsa bab pemilihan? Mangga taken wonten mriki.",
		Call: "Pindai, lalu tanyakan.", Steps: []string{"Buka kamera ponsel", "Arahkan ke sini", "Ketik pertanyaan"},
		Questions: []string{"Jam berapa TPS buka?", "Apa yang dibawa ke TPS?", "Bagaimana kalau saya pindah alamat?"},
		Lead:      "Yang dapat ditanyakan:", Topics: []string{"Jadwal pemilihan", "Hak pilih dan daftar", "Di TPS", "Difabel dan lansia", "Politik uang, lapor", "Netralitas dan hoaks", "KPU dan hasil"},
		Typed: "Tidak bisa memindai? Ketik kode ini:", Code: "KODE BCD-FGH", Open: "Buka, lalu ketik:",
		Ways:  []string{"tanya.example.go.id", "WhatsApp 0812-3456-7890", "Telegram @contoh_bot"},
		Event: []string{"Forum Warga", "Desa Contoh, Kecamatan Contoh", "Kamis, 26 November 2026"},
		Notes: []string{"Dijawab otomatis dengan teks resmi KPU Kabupaten Blora, lengkap dengan sumbernya. Gratis, tanpa nama.", "Jangan kirim NIK atau kode OTP. Ini bukan tempat melapor."},
		Link:  "https://tanya.example.go.id/?kode=BCDFGH",
	}
}

// crowded is the flyer with the longest texts that an activity and an office's addresses can have.
func crowded() Flyer {
	f := sampleFlyer()
	long := strings.Repeat("Sosialisasi", 8)[:80]
	f.Event = []string{long, strings.Repeat("W", 60) + ", Kecamatan " + strings.Repeat("W", 60), "Minggu, 26 September 2027"}
	f.Ways = []string{"layanan-tanya-jawab.kpu-kabupaten-blora.example.go.id", "WhatsApp 0812-3456-7890-12", "Telegram @tanya_jawab_kpu_blora_resmi_bot_"}
	f.Link = "https://layanan-tanya-jawab.kpu-kabupaten-blora.example.go.id/tanya/?kode=BCDFGH"
	f.Code = "KODE WWW-WWW"
	f.Stamp = "DATA SIMULASI: CONTOH, BUKAN UNTUK DIBAGIKAN"
	return f
}

type form struct {
	name       string
	wide, high float64
	ground     color.RGBA
	lay        func(*canvas, Flyer)
}

func forms() []form {
	return []form{
		{"poster", a4Wide, a4High, paper, poster}, {"handout", a5Wide, a5High, paper, handout}, {"status", statusW, statusH, sogan, status},
	}
}

// TestFlyersDoNotOverflow looks at every line of text: it stands inside the margins, on no other line and not on the QR
// code, whose modules are large enough to scan, whatever the activity is called.
func TestFlyersDoNotOverflow(t *testing.T) {
	short := sampleFlyer()
	short.Event, short.Ways, short.Second, short.Link = []string{"A"}, []string{"t.id"}, "", "https://t.id/?kode=BCDFGH"
	for name, f := range map[string]Flyer{"usual": sampleFlyer(), "crowded": crowded(), "short": short} {
		for _, form := range forms() {
			c, err := f.compose(form.wide, form.high, form.ground, form.lay)
			if err != nil {
				t.Errorf("%s %s: %v", name, form.name, err)
				continue
			}
			type box struct {
				what       string
				l, t, r, b float64
			}
			var boxes []box
			for _, l := range c.links {
				boxes = append(boxes, box{"QR", l.at.x, l.at.y, l.at.x + l.size.x, l.at.y + l.size.y})
				if mm := l.size.x / 150 * 25.4; form.name == "poster" && mm < 55 || mm < 28 {
					t.Errorf("%s %s: the QR code with its margin is %.0f mm wide", name, form.name, mm)
				}
			}
			for _, m := range c.marks {
				if m.text == "" {
					continue
				}
				w := c.types.width(m.text, style{size: m.size, bold: m.bold})
				left := m.at.x
				if m.middle {
					left -= w / 2
				}
				boxes = append(boxes, box{m.text, left, m.at.y - 0.74*m.size, left + w, m.at.y + 0.2*m.size})
				if m.size < 19 {
					t.Errorf("%s %s: %q is %.0f pixels high, under 9 points", name, form.name, m.text, m.size)
				}
			}
			for i, a := range boxes {
				if a.l < 15 || a.r > form.wide-15 || a.t < 0 || a.b > form.high-20 {
					t.Errorf("%s %s: %q stands at %.0f..%.0f, %.0f..%.0f", name, form.name, a.what, a.l, a.r, a.t, a.b)
				}
				for _, b := range boxes[:i] {
					if a.l < b.r-1 && b.l < a.r-1 && a.t < b.b-1 && b.t < a.b-1 {
						t.Errorf("%s %s: %q and %q overlap", name, form.name, b.what, a.what)
					}
				}
			}
		}
	}
}

// printed is a flyer's first page as a printer with 150 dots an inch puts it on paper.
func printed(t *testing.T, pdf []byte) *image.RGBA {
	t.Helper()
	needs(t, "poppler", "pdftoppm", "poppler-utils")
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "a.pdf"), pdf, 0o600))
	out, err := exec.CommandContext(t.Context(), "pdftoppm", "-r", "150", "-png", "-singlefile", filepath.Join(dir, "a.pdf"), filepath.Join(dir, "a")).CombinedOutput()
	if err != nil {
		t.Fatalf("pdftoppm: %v %s", err, out)
	}
	b, err := os.ReadFile(filepath.Join(dir, "a.png"))
	must(t, err)
	img, err := png.Decode(bytes.NewReader(b))
	must(t, err)
	page := image.NewRGBA(img.Bounds())
	draw.Draw(page, page.Bounds(), img, image.Point{}, draw.Src)
	return page
}

// scan reads the QR codes of a picture with zbar, which shares no line with what drew them.
func scan(t *testing.T, img image.Image) string {
	t.Helper()
	needs(t, "zbar", "zbarimg", "zbar-tools")
	file := filepath.Join(t.TempDir(), "a.png")
	var b bytes.Buffer
	must(t, png.Encode(&b, img))
	must(t, os.WriteFile(file, b.Bytes(), 0o600))
	out, _ := exec.CommandContext(t.Context(), "zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", file).Output() // fails when nothing is found
	return strings.TrimSpace(string(out))
}

// needs skips a test, or fails it where TANYA_REQUIRE names what is missing.
func needs(t *testing.T, name, program, debian string) {
	t.Helper()
	if _, err := exec.LookPath(program); err == nil {
		return
	}
	if slices.Contains(strings.Split(os.Getenv("TANYA_REQUIRE"), ","), name) {
		t.Fatalf("%s is required and missing: install %s", name, debian)
	}
	t.Skipf("skipped, because %s is missing: install %s", name, debian)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestQRIsReadBack scans what was printed and what was drawn, in colour, in grey and from far away.
func TestQRIsReadBack(t *testing.T) {
	for name, f := range map[string]Flyer{"usual": sampleFlyer(), "crowded": crowded()} {
		for kind, make := range map[string]func(Flyer) (Sheet, error){"poster": DrawPoster, "handout": DrawHandout} {
			s, err := make(f)
			must(t, err)
			page := printed(t, s.PDF)
			drawn, err := png.Decode(bytes.NewReader(s.PNG))
			must(t, err)
			grey := image.NewGray(page.Bounds())
			draw.Draw(grey, grey.Bounds(), page, image.Point{}, draw.Src)
			for how, img := range map[string]image.Image{"printed": page, "drawn": drawn, "in grey": grey} {
				if got := scan(t, img); got != f.Link {
					t.Errorf("%s %s, %s: read as %q", name, kind, how, got)
				}
			}
		}
	}
}

// module is the place of one square of the code on the page.
type module struct {
	x, y  int
	block int // of error correction; -1 for a square that carries no data
	word  int // the codeword that it belongs to
}

// modules tells for each square of the poster's code which codeword and block it belongs to.
func modules(t *testing.T, c *canvas) (all []module, origin image.Point, cell int, blocks [][]int) {
	t.Helper()
	l := c.links[0]
	for v := coding.Version(1); ; v++ {
		plan, err := coding.NewPlan(v, coding.H, 0)
		must(t, err)
		if plan.DataBytes*8 < headBits(v, l.to) {
			continue
		}
		n := len(plan.Pixel)
		cell = int(l.size.x) / (n + 2*quiet)
		if cell*(n+2*quiet) != int(l.size.x) {
			t.Fatalf("a code of version %d does not fill %.0f pixels", v, l.size.x)
		}
		blocks = make([][]int, plan.Blocks)
		per, extra := plan.DataBytes/plan.Blocks, plan.DataBytes%plan.Blocks
		var of []int
		for b := range plan.Blocks {
			for range per + min(1, max(0, b-(plan.Blocks-extra)+1)) {
				of = append(of, b)
			}
		}
		for b := range plan.Blocks {
			for range plan.CheckBytes / plan.Blocks {
				of = append(of, b)
			}
		}
		for w, b := range of {
			blocks[b] = append(blocks[b], w)
		}
		for y := range n {
			for x := range n {
				m := module{x: x, y: y, block: -1, word: -1}
				if p := plan.Pixel[y][x]; p.Role() == coding.Data || p.Role() == coding.Check {
					m.word = int(p.Offset() / 8)
					m.block = of[m.word]
				}
				all = append(all, m)
			}
		}
		return all, image.Pt(int(l.at.x)+quiet*cell, int(l.at.y)+quiet*cell), cell, blocks
	}
}

// headBits is the length of a text of bytes in a code of a version.
func headBits(v coding.Version, text string) int {
	if v < 10 {
		return 4 + 8 + 8*len(text)
	}
	return 4 + 16 + 8*len(text)
}

// invert makes black squares white and white ones black.
func invert(img *image.RGBA, r image.Rectangle) {
	dark := img.RGBAAt((r.Min.X+r.Max.X)/2, (r.Min.Y+r.Max.Y)/2).R < 128
	fill := image.NewUniform(color.White)
	if !dark {
		fill = image.NewUniform(color.Black)
	}
	draw.Draw(img, r, fill, image.Point{}, draw.Src)
}

// TestQRSurvivesDamage: error correction of level H puts right what its standard says: three in ten of the codewords in
// each block, all their squares turned over, wherever they lie. A blot or a tear takes many squares side by side
// and some that carry no data, so the bound there is another, and was found by trying. What covers one of the three large
// squares in the corners is never read by anything.
func TestQRSurvivesDamage(t *testing.T) {
	f := sampleFlyer()
	c, err := f.compose(a4Wide, a4High, paper, poster)
	must(t, err)
	s, err := DrawPoster(f)
	must(t, err)
	clean := printed(t, s.PDF)
	all, origin, cell, blocks := modules(t, c)
	square := func(m module) image.Rectangle {
		return image.Rect(0, 0, cell, cell).Add(origin).Add(image.Pt(m.x*cell, m.y*cell))
	}
	around := image.Rect(-quiet*cell, -quiet*cell, (quiet+45)*cell, (quiet+45)*cell).Add(origin)
	fresh := func() *image.RGBA {
		img := image.NewRGBA(around.Intersect(clean.Bounds()))
		draw.Draw(img, img.Bounds(), clean, img.Bounds().Min, draw.Src)
		return img
	}
	t.Run("codewords", func(t *testing.T) {
		for seed := range uint64(6) {
			rnd := rand.New(rand.NewPCG(seed, 8))
			hit, words := map[int]bool{}, 0
			for _, b := range blocks {
				words += len(b)
				for _, i := range rnd.Perm(len(b))[:int(math.Ceil(0.3*float64(len(b))))] {
					hit[b[i]] = true
				}
			}
			if share := float64(len(hit)) / float64(words); share < 0.3 {
				t.Fatalf("only %.0f%% of the codewords are damaged", 100*share)
			}
			img := fresh()
			for _, m := range all {
				if hit[m.word] {
					invert(img, square(m))
				}
			}
			if got := scan(t, img); got != f.Link {
				t.Errorf("seed %d: %d of %d codewords damaged, read as %q", seed, len(hit), words, got)
			}
		}
	})
	t.Run("blots", func(t *testing.T) {
		n := int(math.Sqrt(float64(len(all)))) * cell
		side := int(math.Sqrt(0.12) * float64(n)) // 12% of the code
		middle, far := (n-side)/2, n-side-cell
		for _, at := range []image.Point{{middle, middle}, {far, far}, {far, middle}, {middle, far}} {
			for _, ink := range []color.Color{color.Black, color.White} {
				img := fresh()
				draw.Draw(img, image.Rect(0, 0, side, side).Add(origin).Add(at), image.NewUniform(ink), image.Point{}, draw.Src)
				if got := scan(t, img); got != f.Link {
					t.Errorf("a blot of 12%% at %v in %v: read as %q", at, ink, got)
				}
			}
		}
	})
}
