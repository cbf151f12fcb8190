// Package picture draws what is understood faster by looking: valid and invalid ballots, the way through the
// polling place, the two ballot colours, the timeline of an election. A picture's words and facts come from an
// edition; only shapes live here. They are neutral: grey silhouettes, pairs named A and B, no party's colour, and
// every meaning that a colour carries is also said in words or by a sign. Drawing needs no network and no files.
package picture

import (
	"fmt"
	"time"

	"tanya/faq"
)

// Width is the width of every picture in pixels: three times that of a small phone, so that the smallest letters
// are as large there as those of a message.
const Width = 1080

// layout draws one picture's shapes around its words.
type layout func(*canvas, faq.Legend)

// layouts lists the pictures that can be drawn.
func layouts() map[string]layout {
	return map[string]layout{
		"alur-di-tps":           drawRoute,
		"surat-suara-sah":       drawValid,
		"surat-suara-tidak-sah": drawInvalid,
		"tahapan-pilkada-2024":  drawTimeline,
		"warna-surat-suara":     drawColours,
	}
}

// Names returns the names of the pictures that Draw knows, sorted.
func Names() []string {
	return []string{"alur-di-tps", "surat-suara-sah", "surat-suara-tidak-sah", "tahapan-pilkada-2024", "warna-surat-suara"}
}

// Draw draws a picture for a language and an instant, as PNG and as SVG, with the text that says all that it shows.
// It fails with faq.ErrNoPicture, and with a *faq.ExpiredError when a fact in it may not be said at the instant.
// The same input gives the same bytes.
func Draw(ed *faq.Edition, name string, lang faq.Lang, at time.Time) (png, svg []byte, alt string, err error) {
	c, alt, err := compose(ed, name, lang, at)
	if err != nil {
		return nil, nil, "", err
	}
	if png, err = c.png(); err != nil {
		return nil, nil, "", fmt.Errorf("picture %s: %w", name, err)
	}
	return png, c.svg(alt, lang), alt, nil
}

// compose lays a picture out.
func compose(ed *faq.Edition, name string, lang faq.Lang, at time.Time) (*canvas, string, error) {
	draw := layouts()[name]
	if draw == nil {
		return nil, "", fmt.Errorf("%w: %q", faq.ErrNoPicture, name)
	}
	g, err := ed.Legend(name, lang, at)
	if err != nil {
		return nil, "", err
	}
	c, err := newCanvas()
	if err != nil {
		return nil, "", fmt.Errorf("picture %s: %w", name, err)
	}
	c.title = g.Words["judul"]
	draw(c, g)
	if len(c.faults) > 0 {
		return nil, "", fmt.Errorf("picture %s, %s: text does not fit: %q", name, lang, c.faults)
	}
	return c, g.Alt, nil
}
