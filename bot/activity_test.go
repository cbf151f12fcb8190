package bot_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/faq"
	"tanya/locales"
)

const codeLetters = "BCDFGHJKLMNPRSTVWXZ"

func codes(t testing.TB, fill byte) *bot.ActivityCodes {
	t.Helper()
	k, err := bot.NewKeyring(bytes.Repeat([]byte{fill}, bot.KeySize), nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := k.ActivityCodes()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestActivityCodes: a code survives being typed; one wrong letter, and two neighbours in its number that changed
// places, are always noticed; another office's codes are not ours.
func TestActivityCodes(t *testing.T) {
	c := codes(t, 7)
	seen := map[string]bool{}
	for n := 0; n < bot.CodeCount; n += 37 {
		code := c.Code(n)
		if seen[code] {
			t.Fatalf("%s is the code of two numbers", code)
		}
		seen[code] = true
		for _, typed := range []string{code, strings.ToLower(code), "kode " + bot.ShowCode(code), " Kode: " + strings.ToLower(bot.ShowCode(code)) + " ", strings.Join(strings.Split(code, ""), " ")} {
			if got, ok := c.Read(typed); !ok || got != code {
				t.Fatalf("%q was read as %q, %t", typed, got, ok)
			}
		}
		if n%1000 > 40 {
			continue
		}
		for i := range code {
			for _, l := range codeLetters {
				wrong := code[:i] + string(l) + code[i+1:]
				if _, ok := c.Read(wrong); ok && wrong != code {
					t.Fatalf("%s passes for %s with one wrong letter", wrong, code)
				}
			}
		}
		for i := range 3 {
			wrong := code[:i] + code[i+1:i+2] + code[i:i+1] + code[i+2:]
			if _, ok := c.Read(wrong); ok && wrong != code {
				t.Fatalf("%s passes for %s with two letters that changed places", wrong, code)
			}
		}
	}
	other, passed := codes(t, 8), 0
	for code := range seen {
		if _, ok := other.Read(code); ok {
			passed++
		}
	}
	if passed > len(seen)/100 {
		t.Errorf("%d of %d codes of another office pass", passed, len(seen))
	}
	for _, text := range []string{"", "kode", "menu", "min kpn nyoblos", "BCDFG", "BCDFGHJ", "BCDFGA", "kode kegiatan", "tps dmn"} {
		if code, ok := c.Read(text); ok {
			t.Errorf("%q was read as the code %s", text, code)
		}
	}
}

// TestArriving: a code in a start link or typed attaches the activity for a day, also in the middle of a conversation;
// an unknown or wrong one is passed over in silence; the segment of an activity for one audience is taken from it.
func TestArriving(t *testing.T) {
	base, err := knowledge()
	if err != nil {
		t.Fatal(err)
	}
	c := codes(t, 7)
	known, unknown := c.Code(4711), c.Code(4712)
	base.Codes = c
	base.Activities = map[string]bot.Activity{known: {Code: known, Name: "Sosialisasi SMA Contoh", Segments: []faq.Segment{faq.FirstTime}}}
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	d := bot.NewDialogue(func() bot.Knowledge { return base }, words)
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, faq.Jakarta())
	say := func(s bot.Session, text string, at time.Time) bot.Settlement {
		t.Helper()
		out, err := d.Turn(t.Context(), s, bot.Message{Channel: "test", Kind: bot.Text, Text: bot.Redact(text), Received: at}, at)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, text := range []string{"/start " + known, "/start " + strings.ToLower(known), "KODE " + bot.ShowCode(known), strings.ToLower(known)} {
		out := say(bot.Session{}, text, now)
		if out.Session.Activity != known || out.Session.Segment != faq.FirstTime || len(out.Replies) != 1 || !strings.Contains(out.Replies[0].Text, "SMA Contoh") {
			t.Errorf("%q: %+v", text, out.Session)
		}
		if len(out.Queries) != 0 {
			t.Errorf("%q was counted as a question", text)
		}
		asked := say(*out.Session, "jam berapa tps buka?", now.Add(23*time.Hour))
		if q := asked.Queries[0]; q.Activity != known || q.Segment != faq.FirstTime {
			t.Errorf("a question after the code counts under %q, %q", q.Activity, q.Segment)
		}
		later := say(*asked.Session, "jam berapa tps tutup?", now.Add(25*time.Hour))
		if q := later.Queries[0]; q.Activity != "" {
			t.Errorf("a day later a question still counts under %q", q.Activity)
		}
	}
	plain := say(bot.Session{}, "/start", now)
	for _, text := range []string{"/start " + unknown, "/start XYZXYZ", "/start " + strings.Repeat("x", 64)} {
		out := say(bot.Session{}, text, now)
		if out.Session.Activity != "" || out.Replies[0].Body() != plain.Replies[0].Body() {
			t.Errorf("%q is not passed over in silence: %+v", text, out.Session)
		}
	}
}

// TestCardCode: the code on a card, typed alone, brings the wording that it stands for; a code of nothing is read on.
func TestCardCode(t *testing.T) {
	d, err := office()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, faq.Jakarta())
	for _, lang := range []faq.Lang{faq.Indonesian, faq.Javanese, faq.English} {
		c, err := d.Card("lapor-ke-mana", lang, now)
		if err != nil || !strings.Contains(c.Notes[len(c.Notes)-1], c.Code) {
			t.Fatalf("%s: %+v %v", lang, c, err)
		}
		for _, typed := range []string{"KODE " + c.Code, strings.ToLower("kode " + c.Code), c.Code, "cek kode " + c.Code + "?"} {
			out := answer(t, typed, now)
			if r := out.Replies[0]; r.Outcome != bot.Verified || !strings.Contains(r.Text, "Bawaslu") || out.Queries[0].Entry != "lapor-ke-mana" {
				t.Errorf("%q: %s %.80q", typed, r.Outcome, r.Text)
			}
		}
	}
	if out := answer(t, "KODE AAAAAA", now); out.Replies[0].Outcome == bot.Verified {
		t.Error("a code of nothing was confirmed")
	}
	if _, err := d.Card("hari-pemungutan-suara", faq.Indonesian, time.Date(2024, 9, 6, 9, 0, 0, 0, faq.Jakarta())); bot.ClassOf(err) != bot.Stale {
		t.Errorf("a card that counts days was made (%v)", err)
	}
}
