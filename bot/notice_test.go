package bot_test

import (
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/faq"
	"tanya/locales"
)

// TestNotices is the dialogue's half of property S15 and what somebody reads who asked to be told: a message that comes
// unasked says why it comes before it says anything else, also when it waited until the answer had another wording.
func TestNotices(t *testing.T) {
	k, err := knowledge()
	if err != nil {
		t.Fatal(err)
	}
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	k.Withdrawn = map[string]bool{"golput": true}
	d := bot.NewDialogue(func() bot.Knowledge { return k }, words)
	eve := time.Date(2024, 11, 26, 20, 0, 0, 0, faq.Jakarta())
	for _, l := range faq.Langs() {
		for key, r := range map[locales.Key]func() (bot.Reply, error){
			locales.CorrectedNow: func() (bot.Reply, error) { return d.Corrected("jam-tps", bot.Session{Lang: l}, eve) },
			locales.WaitTold:     func() (bot.Reply, error) { return d.Told("jam-tps", l, eve) },
		} {
			lead := words.Text(string(l), key, nil)
			got, err := r()
			if err != nil {
				t.Fatal(err)
			}
			answer, err := d.Say("jam-tps", l, eve)
			if err != nil || got.Text != lead+"\n\n"+answer.Text || got.Entry != "jam-tps" || got.Footer == "" || got.Outcome != bot.Callback {
				t.Errorf("%s %s: %+v %v", key, l, got, err)
			}
			next := d.Renew(got, eve.AddDate(0, 0, 3))
			if !strings.HasPrefix(next.Text, lead) || next.Text == got.Text {
				t.Errorf("%s %s, sent three days later: %q", key, l, next.Text)
			}
		}
		if _, err := d.Corrected("golput", bot.Session{Lang: l}, eve); err == nil {
			t.Errorf("%s: a withdrawn answer goes out as the right one", l)
		}
	}
}
