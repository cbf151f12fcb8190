package bot_test

import (
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/faq"
	"tanya/locales"
)

// FuzzTurn says anything and then something else, as text and as a tap: no panic, no error, and a settlement that the ledger
// takes: valid texts, buttons that can be tapped, a session that goes on.
func FuzzTurn(f *testing.F) {
	for _, s := range []string{"/start BLR7", "/start", "menu", "1", "0", "mulai kuis", "/hapus", "berhenti", "e:jam-tps", "q:1:a", "kode ABCD-1234",
		"\x00\xff", "jv", "mode mudah", "teruskan: kata KPU besok libur", strings.Repeat("😀", 5000)} {
		f.Add(s, s)
	}
	ed, err := faq.Load(faq.Content())
	if err != nil {
		f.Fatal(err)
	}
	words, err := locales.New()
	if err != nil {
		f.Fatal(err)
	}
	d := bot.NewDialogue(func() bot.Knowledge { return bot.Knowledge{Edition: ed, Matcher: parrot("jam-tps")} }, words)
	now := time.Date(2024, 11, 1, 9, 0, 0, 0, faq.Jakarta())
	f.Fuzz(func(t *testing.T, first, second string) {
		var s bot.Session
		for i, m := range []bot.Message{{Kind: bot.Text, Text: first}, {Kind: bot.Tap, Choice: first}, {Kind: bot.Text, Text: second}, {Kind: bot.Tap, Choice: second}} {
			m.Channel, m.Address, m.External, m.Seq, m.Received = "telegram", "1", "x", int64(i+1), now
			m.Text = bot.Redact(strings.ToValidUTF8(m.Text, ""))
			out, err := d.Turn(t.Context(), s, m, now)
			if err != nil {
				t.Fatalf("%q: %v", m.Text+m.Choice, err)
			}
			for _, r := range out.Replies {
				if r.Text != strings.ToValidUTF8(r.Text, "") || strings.TrimSpace(r.Text) == "" && len(r.Media) == 0 && len(r.Choices) == 0 {
					t.Errorf("%q is answered with %q", m.Text+m.Choice, r.Text)
				}
				for _, c := range r.Choices {
					if c.Key == "" || c.Label == "" || len(c.Key) > 60 {
						t.Errorf("%q: choice %+v cannot be tapped", m.Text+m.Choice, c)
					}
				}
			}
			s = bot.Session{}
			if out.Session != nil {
				s = *out.Session
			}
		}
	})
}
