package main

import (
	"bytes"
	"errors"
	"image/png"
	"io"
	"testing"
	"time"

	"tanya/bot"
	"tanya/faq"
	"tanya/faq/picture"
	"tanya/locales"
)

// TestCards draws the card of every fifth answer in every language, on a day before the election and on one after it. What is
// not drawn ends too soon to be passed on, may not be said, or is too long; most are drawn, and small enough to send.
func TestCards(t *testing.T) {
	ed, err := loadEdition("")
	if err != nil {
		t.Fatal(err)
	}
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	h := &house{now: time.Now}
	h.knowledge.Store(&bot.Knowledge{Edition: ed})
	h.dialogue = bot.NewDialogue(func() bot.Knowledge { return *h.knowledge.Load() }, words)
	for _, day := range []faq.Date{{Year: 2024, Month: time.September, Day: 6}, {Year: 2026, Month: time.November, Day: 26}} {
		drawn, long, ending, largest := 0, 0, 0, 0
		for i, id := range ed.IDs() {
			if ed.Entry(id).Guard || i%5 > 0 {
				continue
			}
			for _, l := range []faq.Lang{faq.Indonesian, faq.Javanese, faq.English} {
				name := bot.PictureName("kartu-"+id, l, day)
				b, err := h.drawing(name)
				switch {
				case errors.Is(err, picture.ErrCardTooLong):
					long++
					continue
				case bot.ClassOf(err) == bot.Stale, bot.ClassOf(err) == bot.NotFound:
					ending++
					continue
				case err != nil:
					t.Errorf("%s: %v", name, err)
					continue
				}
				drawn++
				largest = max(largest, len(b))
				if c, err := png.DecodeConfig(bytes.NewReader(b)); err != nil || c.Width != picture.Width {
					t.Errorf("%s is no picture of the right width: %v", name, err)
				}
			}
		}
		t.Logf("%s: %d drawn, the largest %d KB; %d too long, %d end too soon", day, drawn, largest/1024, long, ending)
		// Before the election a part of the answers counts days; afterwards none does.
		if most := map[int]int{2024: (drawn + ending) / 4, 2026: 0}[day.Year]; long > 0 || ending > most || drawn == 0 || largest > 150<<10 {
			t.Errorf("%s: %d drawn, %d too long, %d end too soon, the largest %d KB", day, drawn, long, ending, largest>>10)
		}
	}
	f, err := h.openMedia(0, bot.PictureName("kartu-jam-tps", faq.Indonesian, faq.Date{Year: 2026, Month: time.November, Day: 26}))
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(f); err != nil || len(b) < 1000 {
		t.Errorf("the card has %d bytes (%v)", len(b), err)
	}
	for _, bad := range []string{"kartu-tidak-ada.id.2026-11-26", "kartu-.id.2026-11-26", "kartu-tolak-pilihan.xx.2026-11-26"} {
		if _, err := h.openMedia(0, bad); err == nil {
			t.Errorf("%s was drawn", bad)
		}
	}
}
