package bot_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// converse plays typed messages of one conversation and returns what came back to the last one, with the session.
func converse(t *testing.T, s bot.Session, now time.Time, texts ...string) (bot.Settlement, bot.Session) {
	t.Helper()
	d, err := office()
	if err != nil {
		t.Fatal(err)
	}
	var out bot.Settlement
	for i, text := range texts {
		at := now.Add(time.Duration(i) * time.Minute)
		m := bot.Message{Channel: "test", Kind: bot.Text, Text: bot.Redact(text), Received: at}
		if out, err = d.Turn(t.Context(), s, m, at); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if out.Session == nil {
			s = bot.Session{}
		} else {
			s = *out.Session
		}
	}
	return out, s
}

// TestNoAnswerTwiceRunning: behind any answer, in any language and in easy mode, no short question and no repeated
// question brings the very same words again, and what is said instead names the limits of the answer.
func TestNoAnswerTwiceRunning(t *testing.T) {
	k, err := knowledge()
	if err != nil {
		t.Fatal(err)
	}
	d, err := office()
	if err != nil {
		t.Fatal(err)
	}
	behind := map[faq.Lang][]string{
		faq.Indonesian: {"terus?", "terus syaratnya apa?", "jam berapa?", "maksudnya?"},
		faq.Javanese:   {"terus piye?", "nek sing kuwi piye?", "maksude piye"},
		faq.English:    {"what do you mean", "and then?", "what time?"},
	}
	asked := 0
	for i, id := range k.Edition.IDs() {
		e := k.Edition.Entry(id)
		if e.Guard || id == "ancaman-darurat" {
			continue
		}
		for _, l := range faq.Langs()[i%3 : i%3+1] {
			now := days()[i/3%len(days())]
			s := bot.Session{Welcomed: true, Updated: now, Lang: l, Fixed: true, Easy: i%2 == 0}
			first, err := d.Turn(t.Context(), s, bot.Message{Channel: "test", Kind: bot.Tap, Choice: "e:" + id, Received: now}, now)
			if err != nil || len(first.Replies) != 1 {
				t.Fatalf("%s: %v", id, err)
			}
			if first.Replies[0].Outcome != bot.Answered {
				continue // not to be said at this instant
			}
			full := first.Replies[0].Text
			for _, q := range append(slices.Clone(behind[l]), e.Question.In(l)) {
				asked++
				out, _ := converse(t, *first.Session, now.Add(time.Minute), q)
				for _, r := range out.Replies {
					if r.Text == full {
						t.Errorf("%s, %s: %q is answered with the same words", id, l, q)
					}
					if strings.Contains(r.Text, full) && len(full) > 0 && r.Entry == id {
						t.Errorf("%s, %s: %q is answered with all the words again", id, l, q)
					}
				}
			}
		}
	}
	if asked < 350 {
		t.Fatalf("only %d questions were asked", asked)
	}
}

// TestAskedFourTimes: the same question four times running gets the answer, the answer in short, a word that there is
// nothing simpler, and a person; "ulangi" gets all of it again.
func TestAskedFourTimes(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, faq.Jakarta())
	s := bot.Session{Welcomed: true, Updated: now}
	var said []string
	for range 4 {
		var out bot.Settlement
		out, s = converse(t, s, now, "jam berapa tps buka")
		said = append(said, out.Replies[0].Text)
	}
	for i := range said {
		if slices.Contains(said[:i], said[i]) {
			t.Errorf("for the %d. time: %q", i+1, said[i])
		}
	}
	if !strings.Contains(said[1], "sudah lewat") || !strings.Contains(said[3], "kab-blora.kpu.go.id") {
		t.Errorf("%q", said)
	}
	if out, _ := converse(t, s, now, "ulangi"); out.Replies[0].Text != said[0] {
		t.Errorf("asked to repeat it: %q", out.Replies[0].Text)
	}
	if out, _ := converse(t, bot.Session{Welcomed: true, Updated: now}, now, "maksudnya?"); out.Replies[0].Outcome != bot.Menu {
		t.Errorf("with nothing said: %+v", out.Replies[0])
	}
}
