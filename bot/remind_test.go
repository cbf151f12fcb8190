package bot_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tanya/bot"
	"tanya/faq"
	"tanya/faq/match"
	"tanya/locales"
)

// reminding is a dialogue whose withdrawals a test may change.
func reminding(t *testing.T, withdrawn map[string]bool) *bot.Dialogue {
	t.Helper()
	ed, err := content()
	if err != nil {
		t.Fatal(err)
	}
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	k := bot.Knowledge{Edition: ed, Matcher: match.NewBM25(match.EditionSamples(ed), 0), Withdrawn: withdrawn, Bound: map[string]bool{"bound": true}}
	return bot.NewDialogue(func() bot.Knowledge { return k }, words)
}

// asks lets somebody ask to be reminded.
func asks(t *testing.T, d *bot.Dialogue, channel string, at time.Time) bot.Settlement {
	t.Helper()
	s, err := d.Turn(t.Context(), bot.Session{}, bot.Message{Channel: channel, Kind: bot.Text, Text: "ingatkan saya"}, at)
	if err != nil || len(s.Replies) != 1 {
		t.Fatalf("%d replies, %v", len(s.Replies), err)
	}
	return s
}

// TestRemindersNeedAPublishedDay: a reminder can be asked for where a day is published, near and not here, and nowhere else.
// Today no election has a day, so nothing is offered.
func TestRemindersNeedAPublishedDay(t *testing.T) {
	d := reminding(t, nil)
	wib := faq.Jakarta()
	for _, c := range []struct {
		name    string
		channel string
		at      time.Time
		want    bool
	}{
		{"three weeks before", "wire", time.Date(2024, 11, 6, 10, 0, 0, 0, wib), true},
		{"a minute before it is sent", "wire", time.Date(2024, 11, 26, 8, 59, 0, 0, wib), true},
		{"when it is sent", "wire", time.Date(2024, 11, 26, 9, 0, 0, 0, wib), false},
		{"on voting day", "wire", time.Date(2024, 11, 27, 8, 0, 0, 0, wib), false},
		{"half a year before", "wire", time.Date(2024, 5, 27, 8, 0, 0, 0, wib), false},
		{"two years after, no day is published", "wire", time.Date(2026, 11, 26, 10, 0, 0, 0, wib), false},
		{"on a page that reaches nobody", "webchat", time.Date(2024, 11, 6, 10, 0, 0, 0, wib), false},
		{"where nothing may be sent after a day", "bound", time.Date(2024, 11, 6, 10, 0, 0, 0, wib), false},
	} {
		if got := asks(t, d, c.channel, c.at); (got.Remind != nil) != c.want {
			t.Errorf("%s: %+v, said %q", c.name, got.Remind, got.Replies[0].Text)
		}
		s, err := d.Turn(t.Context(), bot.Session{}, bot.Message{Channel: c.channel, Kind: bot.Tap, Choice: "e:hari-pemungutan-suara"}, c.at)
		if err != nil {
			t.Fatal(err)
		}
		offered := false
		for _, choice := range s.Replies[0].Choices {
			offered = offered || choice.Key == "remind"
		}
		if offered != c.want {
			t.Errorf("%s: offered %t", c.name, offered)
		}
	}
	r := asks(t, d, "wire", time.Date(2024, 11, 6, 10, 0, 0, 0, wib)).Remind
	if want := time.Date(2024, 11, 26, 9, 0, 0, 0, wib); !r.Due.Equal(want) || r.Event.Election != "pilkada-2024" {
		t.Errorf("due %s for %s", r.Due, r.Event.Election)
	}
	if got := asks(t, reminding(t, map[string]bool{"hari-pemungutan-suara": true}), "wire", time.Date(2024, 11, 6, 10, 0, 0, 0, wib)); got.Remind != nil {
		t.Error("a reminder is taken of a day that the office has withdrawn")
	}
}

// TestRemindersAreLookedAtWhenSent: a day that is over, was moved or is withdrawn is not said.
func TestRemindersAreLookedAtWhenSent(t *testing.T) {
	d, wib := reminding(t, nil), faq.Jakarta()
	r := bot.Reminder{Event: bot.Event{Election: "pilkada-2024", Day: faq.Date{Year: 2024, Month: 11, Day: 27}}}
	due := time.Date(2024, 11, 26, 9, 0, 0, 0, wib)
	for _, l := range faq.Langs() {
		r.Lang = l
		got, ok := d.Reminder(r, due)
		if !ok || !strings.Contains(got.Text, "27") || !strings.Contains(got.Text, "2024") || got.Footer == "" || got.Note == "" || got.Event == nil {
			t.Errorf("%s: %+v %t", l, got, ok)
		}
	}
	moved := r
	moved.Event.Day = faq.Date{Year: 2024, Month: 11, Day: 20}
	gone := r
	gone.Event.Election = "pilkada-lain"
	for name, c := range map[string]struct {
		d  *bot.Dialogue
		r  bot.Reminder
		at time.Time
	}{
		"moved": {d, moved, due}, "no such election": {d, gone, due}, "over": {d, r, due.Add(30 * time.Hour)},
		"withdrawn": {reminding(t, map[string]bool{"hari-pemungutan-suara": true}), r, due}, "all withdrawn": {reminding(t, map[string]bool{"*": true}), r, due},
	} {
		if got, ok := c.d.Reminder(c.r, c.at); ok {
			t.Errorf("%s: %q", name, got.Text)
		}
	}
}

// TestEngineReminds: whoever asked is written to once, on the morning before, and who said STOP is not.
func TestEngineReminds(t *testing.T) {
	for name, c := range map[string]struct {
		then []string
		want int
	}{
		"asked":        {nil, 1},
		"asked twice":  {[]string{"ingatkan saya"}, 1},
		"said STOP":    {[]string{"STOP"}, 0},
		"wrote on":     {[]string{"jam berapa tps buka"}, 1},
		"STOP, again":  {[]string{"STOP", "ingatkan saya"}, 1},
		"then erasing": {[]string{"/hapus"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := reminding(t, nil)
			synctest.Test(t, func(t *testing.T) {
				start, eve := time.Now(), time.Date(2024, 11, 25, 20, 0, 0, 0, faq.Jakarta())
				l, w := newLedger(func() time.Time { return eve.Add(time.Since(start)) }), &wire{}
				working(t, l, w, d, func(e *bot.Engine) {
					for i, text := range append([]string{"ingatkan saya"}, c.then...) {
						if err := e.Accept(t.Context(), say(string(rune('a'+i)), "a", text)); err != nil {
							t.Fatal(err)
						}
						time.Sleep(time.Minute)
					}
					before := len(w.all())
					time.Sleep(12 * time.Hour)
					if got := len(w.all()) - before; got != 0 {
						t.Errorf("%d messages before the day", got)
					}
					time.Sleep(40 * time.Hour) // past the day
					sent := w.all()[before:]
					if len(sent) != c.want {
						t.Fatalf("%d reminders, want %d", len(sent), c.want)
					}
					for _, o := range sent {
						if !strings.HasPrefix(o.Reply.Text, "Pengingat yang Anda minta") || o.Address != "a" {
							t.Errorf("sent %q", o.Reply.Text)
						}
					}
				})
			})
		})
	}
}

// TestEngineDropsAReminderThatDoesNotStand: what changed while the reply waited to be sent is looked at once more.
func TestEngineDropsAReminderThatDoesNotStand(t *testing.T) {
	d := reminding(t, nil)
	synctest.Test(t, func(t *testing.T) {
		l, w := newLedger(clock()), &wire{}
		for i, day := range []int{20, 27} {
			l.outbox = append(l.outbox, bot.Outgoing{
				ID: int64(i + 1), Channel: "wire", Chat: string(rune('a' + i)), Address: "x", Created: l.now(),
				Reply: bot.Reply{Text: "ingat", Event: &bot.Event{Election: "pilkada-2024", Day: faq.Date{Year: 2024, Month: 11, Day: day}}},
			})
		}
		working(t, l, w, d, func(*bot.Engine) {
			time.Sleep(10 * time.Second)
			if sent := w.all(); len(sent) != 1 || sent[0].ID != 2 {
				t.Errorf("sent %d", len(sent))
			}
			if got := l.delivery(1); got.State != bot.Dead || got.Reason != "withdrawn" {
				t.Errorf("the moved one became %+v", got)
			}
		})
	})
}

// TestCallbackWhereNothingMayBeSentLater: where a channel may only answer within a day, no more than that is promised, and
// the address is kept no longer.
func TestCallbackWhereNothingMayBeSentLater(t *testing.T) {
	d := reminding(t, nil)
	at := time.Date(2026, 11, 26, 10, 0, 0, 0, faq.Jakarta())
	s := bot.Session{Lang: faq.Indonesian, Welcomed: true, Updated: at, LastMiss: 7}
	for channel, life := range map[string]time.Duration{"wire": bot.WaitLife, "bound": 24 * time.Hour} {
		out, err := d.Turn(t.Context(), s, bot.Message{Channel: channel, Kind: bot.Text, Text: "kabari saya"}, at)
		if err != nil || len(out.Replies) != 1 || out.Wait == nil {
			t.Fatalf("%s: %+v, %v", channel, out, err)
		}
		if said := strings.Contains(out.Replies[0].Text, "24 jam"); !out.Wait.Until.Equal(at.Add(life)) || said != (channel == "bound") {
			t.Errorf("%s: until %v, said %q", channel, out.Wait.Until, out.Replies[0].Text)
		}
	}
}
