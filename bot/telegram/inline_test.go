package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/bottest"
	"tanya/faq"
)

// searcher answers every search alike and remembers what was searched for.
type searcher struct {
	replies []bot.Reply
	err     error
	asked   chan string
}

func (s searcher) Search(_ context.Context, text string, lang faq.Lang, _ time.Time) ([]bot.Reply, error) {
	s.asked <- text + "|" + string(lang)
	return s.replies, s.err
}

func inlineUpdate(query string) string {
	return `{"update_id":3,"inline_query":{"id":"iq","from":{"id":9,"is_bot":false,"first_name":"x","language_code":"en-GB"},"query":"` + query + `","offset":""}}`
}

// TestInline shares approved answers with source and code in any chat.
func TestInline(t *testing.T) {
	now := time.Date(2024, 9, 6, 9, 0, 0, 0, time.UTC)
	long := strings.Repeat("Kalimat. ", 600)
	s := searcher{asked: make(chan string, 10), replies: []bot.Reply{
		{Entry: "pindah-memilih", Edition: 12, Lang: "en", Text: "You can move <b>. Ask the PPS.", Footer: "Source: UU", Expires: now.Add(90 * time.Second)},
		{Entry: "pindah-memilih", Edition: 12, Lang: "en", Text: "The same entry again."},
		{Entry: "lama", Lang: "en", Text: "Expired.", Expires: now},
		{Lang: "en", Text: "Of no entry."},
		{Entry: "panjang", Lang: "en", Text: long},
		{Entry: "jam-tps", Edition: 12, Lang: "en", Text: "At 7.", Prompt: "When do polling stations open?"},
	}}
	r := newRig(t, "", func(_ *Config, d *Deps) { d.Inline, d.Now = s, func() time.Time { return now } })
	r.update(inlineUpdate("pindah"))
	r.start()
	if q := <-s.asked; q != "pindah|en" {
		t.Errorf("searched for %q", q)
	}
	bottest.Eventually(t, "an answer", func() bool { return len(r.proxy.Seen("answerInlineQuery")) == 1 })
	f := r.proxy.Seen("answerInlineQuery")[0].Form
	var got []article
	if err := json.Unmarshal([]byte(f.Get("results")), &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].ID != "en:pindah-memilih" || got[0].Title != "You can move <b>" || got[1].Title != "When do polling stations open?" {
		t.Fatalf("results %+v", got)
	}
	text, err := bottest.ParseHTML(got[0].Content.Text)
	if err != nil || !strings.HasPrefix(text, "You can move <b>. Ask the PPS.\n\nSource: UU\n\n") ||
		!strings.Contains(text, "pindah-memilih") || !strings.Contains(text, "12") || !strings.Contains(text, "@tanya_test_bot") {
		t.Errorf("shared text %q, %v", text, err)
	}
	if f.Get("cache_time") != "90" || f.Get("is_personal") != "false" || !strings.Contains(f.Get("button"), `"start_parameter":"inline"`) {
		t.Errorf("sent %v", f)
	}
	if len(r.inbox.Messages()) != 0 {
		t.Error("an inline query was stored")
	}
}

// TestInlineNothing shows the way to the bot when nothing was found, and says nothing when the search failed.
func TestInlineNothing(t *testing.T) {
	s := searcher{asked: make(chan string, 10)}
	r := newRig(t, "", func(_ *Config, d *Deps) { d.Inline = s })
	r.update(inlineUpdate(""))
	r.start()
	bottest.Eventually(t, "an answer", func() bool { return len(r.proxy.Seen("answerInlineQuery")) == 1 })
	if f := r.proxy.Seen("answerInlineQuery")[0].Form; f.Get("results") != "[]" || f.Get("button") == "" {
		t.Errorf("sent %v", f)
	}
	r.stop()

	s.err = errors.New("broken")
	bad := newRig(t, "", func(_ *Config, d *Deps) { d.Inline = s })
	bad.update(inlineUpdate("x"))
	bad.start()
	<-s.asked
	<-s.asked
	bottest.Eventually(t, "a word in the log", func() bool { return strings.Contains(bad.logs.String(), "not answered") })
	if n := len(bad.proxy.Seen("answerInlineQuery")); n != 0 {
		t.Errorf("%d answers", n)
	}
}

func TestShorten(t *testing.T) {
	for in, want := range map[string]string{"satu dua": "satu dua", "satu  dua\ntiga empat": "satu dua…", "satuduatigaempat": "satuduatig…", "😀😀😀😀😀😀😀": "😀😀😀😀😀…"} {
		if got := shorten(in, 11); got != want || units(got) > 11 {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}
