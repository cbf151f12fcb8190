package console

import (
	"bytes"
	"cmp"
	"crypto/ed25519"
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/bottest"
	"tanya/bot/store"
	"tanya/faq"
)

var update = flag.Bool("update", false, "write docs/panduan-petugas.md and its pictures anew, from the pages as they are")

const guideDocs = "../../docs"

// guideMax bounds the pictures of the guide together, in bytes.
const guideMax = 1_500_000

// TestGuide holds that the guide in the console and the one in docs are one, that each of its pictures exists and none
// is left over, and that they stay small. go test ./bot/console -run TestGuide -update makes them from the real pages.
func TestGuide(t *testing.T) {
	folder := filepath.Join(guideDocs, "gambar")
	if *update {
		must(t, os.MkdirAll(folder, 0o755))
		must(t, os.WriteFile(filepath.Join(guideDocs, "panduan-petugas.md"), []byte(guide), 0o644))
		drawGuide(t, folder)
	}
	b, err := os.ReadFile(filepath.Join(guideDocs, "panduan-petugas.md"))
	must(t, err)
	if string(b) != guide {
		t.Error("docs/panduan-petugas.md is not bot/console/panduan.md; run this test with -update")
	}
	var named []string
	for _, m := range regexp.MustCompile(`!\[([^\]]+)\]\(gambar/([a-z-]+\.png)\)`).FindAllStringSubmatch(guide, -1) {
		named = append(named, m[2])
	}
	files, err := os.ReadDir(folder)
	must(t, err)
	total := int64(0)
	for _, f := range files {
		if !slices.Contains(named, f.Name()) {
			t.Errorf("%s is in no guide", f.Name())
		}
		info, err := f.Info()
		must(t, err)
		total += info.Size()
	}
	if len(files) != len(named) {
		t.Errorf("the guide names %d pictures, there are %d", len(named), len(files))
	}
	t.Logf("%d pictures, %d kB", len(files), total/1000)
	if total > guideMax {
		t.Errorf("the pictures have %d bytes, at most %d", total, guideMax)
	}
	page := string(renderGuide(guide))
	for _, bad := range []string{"**", "`", "](", "<h1"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	if got := string(renderGuide("**a** <script> `b`")); got != "<p><strong>a</strong> &lt;script&gt; <code>b</code></p>\n" {
		t.Errorf("a line becomes %s", got)
	}
}

// drawGuide makes the pictures of the guide from the pages of an office with something on every page.
func drawGuide(t *testing.T, folder string) {
	b := bottest.StartBrowser(t)
	o, ani, budi := team(t)
	o.furnish(ani)
	for i := range 12 {
		o.ask(200+i, bot.Query{Outcome: bot.Answered, Lang: faq.Indonesian, Text: "tps buka jam berapa", Entry: "jam-tps", Topic: "jadwal", Score: 0.9}, false)
	}
	o.c.deps.Extras = nil // the tests' own
	s := budi.sit(b, bottest.Look{Width: 1280, Height: 860})
	for _, p := range []struct{ name, path, to string }{
		{"ringkasan", "/", ""}, {"pertanyaan", "/pertanyaan", ""}, {"kelompok", "/pertanyaan/1", ""},
		{"menulis", "/jawaban/jam-tps/ubah", "textarea"}, {"usulan", "/usulan/1", ""},
		{"coba", "/coba?tanya=jam+berapa+tps+buka&hari=2024-11-20", ".balon"}, {"saluran", "/saluran", ""}, {"catatan", "/catatan?periksa=1", ""},
		{"koreksi", "/jawaban/jam-tps/koreksi", ""},
	} {
		if p.name == "koreksi" {
			o.reword("jam-tps", "buka pukul", "melayani pukul")
		}
		s.at(p.path)
		if p.to != "" {
			s.Run(`document.querySelector("` + p.to + `").scrollIntoView({block: "center", behavior: "instant"})`)
			time.Sleep(200 * time.Millisecond)
		}
		must(t, os.WriteFile(filepath.Join(folder, p.name+".png"), shrink(t, s.Picture(false)), 0o644))
	}
}

// reword publishes an edition in which an answer says something in other words.
func (o *office) reword(entry, before, after string) {
	o.t.Helper()
	k := *o.knowledge.Load()
	files, err := faq.ReadFiles(k.Edition.Files())
	must(o.t, err)
	path := k.Edition.Entry(entry).File
	packed, err := files.With(map[string]string{path: strings.ReplaceAll(files[path], before, after)}).Pack()
	must(o.t, err)
	o.clock.add(time.Hour)
	r := bot.SignRelease(o.key, 1, packed)
	must(o.t, o.store.PutEdition(o.t.Context(), store.Edition{Number: 1, Hash: r.Hash, Signature: r.Signature, Content: packed, Published: o.clock.now()}))
	k.Edition, err = bot.OpenRelease(o.key.Public().(ed25519.PublicKey), r)
	must(o.t, err)
	o.knowledge.Store(&k)
	o.ask(300, bot.Query{Outcome: bot.Answered, Lang: faq.Indonesian, Text: "tps buka jam berapa", Entry: entry, Topic: "jadwal", Score: 0.9, Edition: 1}, false)
}

// shrink writes a picture with the 256 colours that it has most of, which on pages of flat colour is nearly all.
func shrink(t testing.TB, b []byte) []byte {
	t.Helper()
	full, err := png.Decode(bytes.NewReader(b))
	must(t, err)
	count := map[color.RGBA]int{}
	size := full.Bounds()
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(full.At(x, y)).(color.RGBA) }
	for y := size.Min.Y; y < size.Max.Y; y++ {
		for x := size.Min.X; x < size.Max.X; x++ {
			count[at(x, y)]++
		}
	}
	var colours []color.RGBA
	for c := range count {
		colours = append(colours, c)
	}
	slices.SortFunc(colours, func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a.R, b.R), cmp.Compare(a.G, b.G), cmp.Compare(a.B, b.B))
	})
	var palette color.Palette
	for _, c := range colours[:min(len(colours), 256)] {
		palette = append(palette, c)
	}
	small, nearest := image.NewPaletted(size, palette), map[color.RGBA]uint8{}
	for y := size.Min.Y; y < size.Max.Y; y++ {
		for x := size.Min.X; x < size.Max.X; x++ {
			c := at(x, y)
			i, ok := nearest[c]
			if !ok {
				i = uint8(palette.Index(c))
				nearest[c] = i
			}
			small.SetColorIndex(x, y, i)
		}
	}
	var out bytes.Buffer
	must(t, (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, small))
	return out.Bytes()
}
