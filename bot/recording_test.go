package bot_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/faq"
	"tanya/locales"
)

// TestRecordingsAreOffered: an answer with a recording and a film in sign language offers both by their links with their
// size, in easy mode too, and sends neither (C14, C16). What is shared carries them as well.
func TestRecordingsAreOffered(t *testing.T) {
	k, err := knowledge()
	if err != nil {
		t.Fatal(err)
	}
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	file := k.Edition.Entry("jam-tps").File
	body, err := os.ReadFile("../faq/content/" + file)
	if err != nil {
		t.Fatal(err)
	}
	files, err := faq.ReadFiles(faq.Content())
	if err != nil {
		t.Fatal(err)
	}
	media := `media:
  - {kind: audio, name: suara, url: "https://kab-blora.kpu.go.id/suara.mp3", mb: 1, alt: {id: "Suara", jv: "Swara", en: "Sound"}}
  - {kind: video, name: isyarat, url: "https://kab-blora.kpu.go.id/isyarat", mb: 12, alt: {id: "Isyarat", jv: "Isyarat", en: "Signs"}}
`
	ed, err := faq.Load(files.With(map[string]string{file: strings.Replace(string(body), "phrasings:", media+"phrasings:", 1)}))
	if err != nil {
		t.Fatal(err)
	}
	k.Edition = ed
	d := bot.NewDialogue(func() bot.Knowledge { return k }, words)
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, faq.Jakarta())
	for _, easy := range []bool{false, true} {
		s := bot.Session{Welcomed: true, Updated: now, Easy: easy}
		out, err := d.Turn(t.Context(), s, bot.Message{Channel: "test", Kind: bot.Tap, Choice: "e:jam-tps", Received: now}, now)
		if err != nil {
			t.Fatal(err)
		}
		r := out.Replies[0]
		for _, want := range []string{"Versi suara (1 MB):\nhttps://kab-blora.kpu.go.id/suara.mp3", "Video bahasa isyarat (12 MB):\nhttps://kab-blora.kpu.go.id/isyarat"} {
			if !strings.Contains(r.Numbered(), want) {
				t.Errorf("easy %t: %q is missing in\n%s", easy, want, r.Numbered())
			}
		}
		for _, m := range r.Media {
			if m.Kind != "picture" {
				t.Errorf("easy %t: %s is sent unasked", easy, m.Name)
			}
		}
	}
}
