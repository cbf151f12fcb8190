package bot_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tanya/bot"
	"tanya/faq"
	"tanya/locales"
)

// sent writes messages that arrive one second apart, the last one at the instant that is returned.
func sent(texts ...string) ([]bot.Message, time.Time) {
	at := time.Date(2024, 11, 20, 15, 0, 0, 0, faq.Jakarta())
	var out []bot.Message
	for i, s := range texts {
		at = at.Add(time.Second)
		m := bot.Message{Seq: int64(i + 1), External: fmt.Sprint(i + 1), Channel: "wire", Chat: "a", Address: "a", Kind: bot.Text, Text: s, Received: at}
		if key, ok := strings.CutPrefix(s, ">> "); ok {
			m.Kind, m.Text, m.Choice = bot.Tap, "", key
		}
		out = append(out, m)
	}
	return out, at
}

// TestBundles: what is read together, and what is not.
func TestBundles(t *testing.T) {
	d := talk(t, parrot("jam-tps"), nil)
	for _, c := range []struct {
		name string
		sent []string
		text string // of the first turn
		n    int    // messages that it takes
		wait bool   // for more
	}{
		{"a question", []string{"jam berapa tps buka"}, "jam berapa tps buka", 1, false},
		{"a bare subject", []string{"undangan"}, "undangan", 1, false},
		{"a statement", []string{"saya belum dapat undangan"}, "saya belum dapat undangan", 1, false},
		{"an address", []string{"mas"}, "mas", 1, true},
		{"openings", []string{"mas", "mau tanya"}, "mas mau tanya", 2, true},
		{"openings and a question", []string{"mas", "mau tanya", "kalau tps nya jauh gimana"}, "kalau tps nya jauh gimana", 3, false},
		{"and what trails", []string{"mas", "mau tanya", "kalau tps nya jauh gimana", "??"}, "kalau tps nya jauh gimana", 4, false},
		{"pieces", []string{"min", "mau", "tanya", "undangan", "hilang", "gimana"}, "mau undangan hilang gimana", 6, false},
		{"pieces that do not ask yet", []string{"min", "undangan", "hilang"}, "undangan hilang", 3, true},
		{"broken off", []string{"kalau ktp saya hilang,", "boleh nyoblos?"}, "kalau ktp saya hilang, boleh nyoblos?", 2, false},
		{"broken off by a word", []string{"mau tanya soal"}, "mau tanya soal", 1, true},
		{"Javanese", []string{"nuwun sewu", "badhe tanglet", "TPS kula wonten pundi"}, "TPS kula wonten pundi", 3, false},
		{"two questions", []string{"kapan coblosan", "tps saya di mana"}, "kapan coblosan", 1, false},
		{"a question and an opening", []string{"kapan coblosan", "mas"}, "kapan coblosan", 1, false},
		{"a command", []string{"menu", "mas"}, "menu", 1, false},
		{"an opening and a command", []string{"mas", "menu"}, "menu", 2, false},
		{"an opening and stop", []string{"halo", "STOP"}, "STOP", 2, false},
		{"a piece and a command", []string{"mas", "undangan", "menu"}, "undangan", 2, false},
		{"an opening and a number", []string{"halo", "2"}, "2", 2, false},
		{"an opening and a tap", []string{"halo", ">> e:jam-tps"}, "", 2, false},
		{"thanks", []string{"makasih"}, "makasih", 1, false},
		{"a nod", []string{"iya"}, "iya", 1, false},
		{"a thumb", []string{"👍"}, "👍", 1, false},
		{"danger", []string{"mas", "undangan", "ada bom di tps"}, "undangan", 2, false},
		{"danger alone", []string{"mas", "ada bom di tps"}, "ada bom di tps", 2, false},
		{"a number in two pieces", []string{"mas", "NIK saya 99000055", "05050001"}, "NIK saya [nomor]", 3, true},
		{"too many", slices.Repeat([]string{"mas"}, 30), strings.TrimSpace(strings.Repeat("mas ", 12)), 12, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			waiting, now := sent(c.sent...)
			b := d.Bundle(bot.Session{}, waiting, now, bot.Patience)
			if b.Message.Text != c.text || len(b.Covers)+1 != c.n || (b.Wait > 0) != c.wait {
				t.Errorf("%q: %q of %d messages, wait %v; want %q of %d, %v", c.sent, b.Message.Text, len(b.Covers)+1, b.Wait, c.text, c.n, c.wait)
			}
			if want := int64(c.n); b.Message.Seq != want {
				t.Errorf("settles %d, want %d", b.Message.Seq, want)
			}
			if got := d.Bundle(bot.Session{}, waiting, now, -1); len(got.Covers) > 0 || got.Wait > 0 {
				t.Errorf("without patience: %+v", got)
			}
			// In a guided flow every message stands for itself.
			flow := bot.Session{Updated: now, Flow: &bot.FlowState{Name: "lapor"}}
			if got := d.Bundle(flow, waiting, now, bot.Patience); len(got.Covers) > 0 || got.Wait > 0 {
				t.Errorf("in a flow: %+v", got)
			}
		})
	}
}

// TestQuestionsDoNotWait: of all the ways of asking that the office wrote down, those that wait for a next piece are openings.
func TestQuestionsDoNotWait(t *testing.T) {
	d := talk(t, parrot("jam-tps"), nil)
	ed, err := content()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	var waits []string
	for _, id := range ed.IDs() {
		for _, p := range ed.Entry(id).Phrasings {
			one, now := sent(p.Text)
			if n++; d.Bundle(bot.Session{}, one, now, bot.Patience).Wait > 0 {
				waits = append(waits, p.Text)
			}
		}
	}
	t.Logf("%d of %d wait: %q", len(waits), n, waits)
	if n < 5000 || len(waits) > n/500 {
		t.Errorf("%d of %d wait: %q", len(waits), n, waits)
	}
	for _, s := range []string{"dimana tps saya", "dimana tps saya...", "kapan coblosan,", "TPS kula wonten pundi", "where do I vote", "syaratnya apa", "jam berapa", "undangan", "KTP hilang"} {
		one, now := sent(s)
		if d.Bundle(bot.Session{}, one, now, bot.Patience).Wait > 0 {
			t.Errorf("%q waits", s)
		}
	}
}

// TestBundleWaitsNotForever: the wait ends after the patience, after three times as much whatever comes, and at once when
// the clock was set.
func TestBundleWaitsNotForever(t *testing.T) {
	d := talk(t, parrot("jam-tps"), nil)
	one, now := sent("mas")
	for _, c := range []struct {
		later, want time.Duration
	}{{0, 2 * time.Second}, {time.Second, time.Second}, {2 * time.Second, 0}, {time.Hour, 0}, {-time.Second, 0}} {
		if got := d.Bundle(bot.Session{}, one, now.Add(c.later), bot.Patience).Wait; got != c.want {
			t.Errorf("%v after it: waits %v, want %v", c.later, got, c.want)
		}
	}
	many, now := sent("mas", "mas", "mas", "mas", "mas", "mas", "mas")
	if b := d.Bundle(bot.Session{}, many, now, bot.Patience); b.Wait > 0 || len(b.Covers) != 6 {
		t.Errorf("after six seconds of openings: %+v", b)
	}
	old, now := sent("undangan saya,", "tidak ada")
	old[0].Received = old[0].Received.Add(-time.Hour)
	if b := d.Bundle(bot.Session{}, old, now, bot.Patience); len(b.Covers) > 0 || b.Wait > 0 {
		t.Errorf("an hour lies between: %+v", b)
	}
}

// TestEngineAnswersPiecesOnce: one reply to a flood, also over a restart in its midst; a question by itself does not wait.
func TestEngineAnswersPiecesOnce(t *testing.T) {
	d := talk(t, parrot("jam-tps"), nil)
	write := func(t *testing.T, e *bot.Engine, chat string, texts ...string) {
		for i, s := range texts {
			if i > 0 {
				time.Sleep(700 * time.Millisecond)
			}
			if err := e.Accept(t.Context(), say(fmt.Sprint(chat, i, s), chat, s)); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Run("flood", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l, w := newLedger(clock()), &wire{}
			working(t, l, w, d, func(e *bot.Engine) {
				write(t, e, "a", "mas", "mau tanya", "jam berapa tps buka", "??", "min")
				time.Sleep(time.Minute)
				synctest.Wait()
			})
			if n := len(w.all()); n != 1 || len(l.queries) != 1 || len(l.settled) != 5 {
				t.Errorf("%d replies, %d counted, %d settled of five messages", n, len(l.queries), len(l.settled))
			}
		})
	})
	t.Run("no wait", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l, w := newLedger(clock()), &wire{}
			working(t, l, w, d, func(e *bot.Engine) {
				write(t, e, "b", "mas") // somebody else is still writing
				write(t, e, "a", "jam berapa tps buka")
				synctest.Wait()
				if n := l.count(func(l *ledger) int { return len(l.queries) }); n != 1 {
					t.Errorf("%d answered at once", n)
				}
				time.Sleep(bot.Patience)
				synctest.Wait()
				if n := l.count(func(l *ledger) int { return len(l.settled) }); n != 2 {
					t.Errorf("%d settled after the patience", n)
				}
			})
		})
	})
	t.Run("restart", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l, w := newLedger(clock()), &wire{}
			working(t, l, w, d, func(e *bot.Engine) { write(t, e, "a", "mas", "mau tanya") })
			if len(l.settled) != 0 {
				t.Errorf("%d settled before the person was done", len(l.settled))
			}
			working(t, l, w, d, func(e *bot.Engine) {
				write(t, e, "a", "jam berapa tps buka")
				time.Sleep(time.Minute)
				synctest.Wait()
			})
			if n := len(w.all()); n != 1 || len(l.queries) != 1 || len(l.settled) != 3 {
				t.Errorf("%d replies, %d counted, %d settled of three messages", n, len(l.queries), len(l.settled))
			}
		})
	})
	t.Run("busy", func(t *testing.T) { // who waits behind a crowd of openings does not wait for them
		synctest.Test(t, func(t *testing.T) {
			l, w := newLedger(clock()), &wire{}
			chat, shard := "a", bot.Shard("a")
			for i := 0; bot.Shard(chat) != shard || chat == "a"; i++ {
				chat = fmt.Sprint("b", i)
			}
			working(t, l, w, d, func(e *bot.Engine) {
				var b bot.Batch
				for i := range 100 {
					b.Channel, b.Messages = "wire", append(b.Messages, bot.Message{External: fmt.Sprint(i), Address: "a", Kind: bot.Text, Text: "mas"})
				}
				b.Messages = append(b.Messages, bot.Message{External: "q", Address: chat, Kind: bot.Text, Text: "jam berapa tps buka"})
				if err := e.Accept(t.Context(), b); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				if !l.settled[101] {
					t.Error("waits behind a crowd of openings")
				}
			})
		})
	})
}

// TestTrailingPiecesAreNotAnsweredTwice: "??" behind an answer that cannot have been read yet gets none of its own, and
// does not close what the answer offered. Later it does.
func TestTrailingPiecesAreNotAnsweredTwice(t *testing.T) {
	d := talk(t, parrot("jam-tps"), nil)
	now := time.Date(2024, 11, 20, 15, 0, 0, 0, faq.Jakarta())
	turn := func(s bot.Session, at time.Time, text string) bot.Settlement {
		t.Helper()
		out, err := d.Turn(context.Background(), s, bot.Message{Seq: 1, Channel: "wire", Kind: bot.Text, Text: text, Received: at}, at)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	first := turn(bot.Session{}, now, "jam berapa tps buka")
	soon := turn(*first.Session, now.Add(time.Second), "??")
	if len(soon.Replies) != 0 || soon.Session == nil || !soon.Session.Updated.Equal(now) || len(soon.Session.Offer) == 0 {
		t.Errorf("a second later: %d replies, %+v", len(soon.Replies), soon.Session)
	}
	if late := turn(*soon.Session, now.Add(bot.Patience), "??"); len(late.Replies) != 1 {
		t.Errorf("later: %d replies", len(late.Replies))
	}
	if nod := turn(*first.Session, now.Add(time.Second), "makasih"); len(nod.Replies) == 0 {
		t.Error("thanks are answered")
	}
}

// TestWhoeverWritesTooFastIsToldOnce: twelve messages within a minute are answered, the next one gets a polite sentence, the
// rest silence, and a minute later all is as before. A bundle counts as one.
func TestWhoeverWritesTooFastIsToldOnce(t *testing.T) {
	d := talk(t, parrot("jam-tps"), nil)
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2024, 11, 20, 15, 0, 0, 0, faq.Jakarta())
	s := bot.Session{}
	ask := func() bot.Settlement {
		t.Helper()
		out, err := d.Turn(t.Context(), s, bot.Message{Seq: 1, Channel: "wire", Kind: bot.Text, Text: "jam berapa tps buka", Received: at}, at)
		if err != nil {
			t.Fatal(err)
		}
		s = *out.Session
		return out
	}
	for i := 1; i <= 20; i++ {
		at = at.Add(2 * time.Second)
		out := ask()
		switch told := len(out.Replies) == 1 && out.Replies[0].Text == words.Text("id", locales.BusyKey, nil) && out.Replies[0].Outcome == bot.Busy; {
		case i <= 12 && (len(out.Replies) == 0 || told):
			t.Errorf("message %d is not answered: %+v", i, out.Replies)
		case i == 13 && (!told || len(out.Queries) > 0):
			t.Errorf("message %d: %+v", i, out.Replies)
		case i > 13 && len(out.Replies) > 0:
			t.Errorf("message %d gets another reply: %+v", i, out.Replies)
		}
	}
	at = at.Add(time.Minute)
	if out := ask(); len(out.Replies) == 0 || out.Replies[0].Outcome == bot.Busy {
		t.Errorf("a minute later: %+v", out.Replies)
	}
}
