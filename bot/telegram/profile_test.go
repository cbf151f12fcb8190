package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/bottest"
	"tanya/faq"
	"tanya/locales"
)

// TestPresent tells Telegram commands, name and descriptions in each language, and only what has changed.
func TestPresent(t *testing.T) {
	r := newRig(t, "")
	shown := map[string]string{}
	key := func(q *bottest.Request) string { return q.Method[len("getMy"):] + "/" + q.Form.Get("language_code") }
	fields := map[string]string{"Commands": "commands", "Name": "name", "Description": "description", "ShortDescription": "short_description"}
	for what, field := range fields {
		r.proxy.Always("getMy"+what, func(w http.ResponseWriter, q *bottest.Request) bool {
			value := shown[key(q)]
			switch {
			case what == "Commands" && value == "":
				value = "[]"
			case what != "Commands":
				value = encode(map[string]string{field: value})
			}
			return bottest.Answer(200, `{"ok":true,"result":`+value+`}`)(w, q)
		})
		r.proxy.Always("setMy"+what, func(w http.ResponseWriter, q *bottest.Request) bool {
			shown[key(q)] = q.Form.Get(field)
			return false
		})
	}
	r.present(t.Context())
	if len(shown) != 16 || !strings.Contains(shown["Commands/en"], `"contact"`) || !strings.Contains(shown["Commands/"], `"petugas"`) || shown["Name/jv"] == "" {
		t.Errorf("shown %v", shown)
	}
	sets := func() (n int) {
		for what := range fields {
			n += len(r.proxy.Seen("setMy" + what))
		}
		return n
	}
	before := sets()
	shown["Description/id"] = "yang lama"
	r.present(t.Context())
	if n := sets() - before; n != 1 || shown["Description/id"] == "yang lama" {
		t.Errorf("%d changes, want 1", n)
	}
}

// TestPresentTroubled goes on without what a server does not know and stops asking when told to wait.
func TestPresentTroubled(t *testing.T) {
	r := newRig(t, "")
	r.sleep = func(context.Context, time.Duration) bool { return true }
	for _, m := range []string{"getMyName", "getMyDescription", "getMyShortDescription", "setMyDescription", "setMyShortDescription"} {
		r.proxy.Always(m, refusal(404, "Not Found: method not found", ""))
	}
	r.proxy.Always("getMyCommands", bottest.Answer(200, `{"ok":true,"result":[]}`))
	r.proxy.Always("setMyName", refusal(429, "Too Many Requests: retry after 80000", `{"retry_after":80000}`))
	r.present(t.Context())
	if n := len(r.proxy.Seen("setMyName")); n != 3 {
		t.Errorf("asked %d times although told to wait, want once in each of three attempts", n)
	}
	if r.Status().Mode == Refused {
		t.Error("an unknown method is taken for a refused token")
	}
}

// TestCommandWords proves that every word which Telegram offers is one that the dialogue knows: none leads to "I did
// not understand".
func TestCommandWords(t *testing.T) {
	edition, err := faq.Load(faq.Content())
	if err != nil {
		t.Fatal(err)
	}
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	d := bot.NewDialogue(func() bot.Knowledge { return bot.Knowledge{Edition: edition, Matcher: noMatcher{}} }, words)
	for _, word := range commandWords() {
		s, err := d.Turn(t.Context(), bot.Session{}, bot.Message{Kind: bot.Text, Text: "/" + word + "@tanya_test_bot"}, time.Now())
		if err != nil || len(s.Replies) == 0 || strings.Trim(word, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			t.Errorf("/%s is no command: %v", word, err)
		}
	}
	for _, e := range menuEntries() {
		for _, lang := range locales.Tags() {
			if e.words[lang] == "" {
				t.Errorf("%s has no word in %s", e.key, lang)
			}
		}
	}
}

// noMatcher is asked nothing: a command is not a question.
type noMatcher struct{}

func (noMatcher) Match(context.Context, faq.Question) (faq.Result, error) {
	return faq.Result{}, errors.New("the dialogue took it for a question")
}

// TestDescribe is what `tanya doctor` shows.
func TestDescribe(t *testing.T) {
	r := newRig(t, "")
	r.proxy.Always("getWebhookInfo", bottest.Answer(200, `{"ok":true,"result":{"url":"https://tanya.example/rahasia/jalur","has_custom_certificate":false,"pending_update_count":3,"last_error_date":1732000000,"last_error_message":"Wrong response from the webhook: 500"}}`))
	d, err := r.Describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if d.Username != "tanya_test_bot" || d.Webhook != "tanya.example" || d.Pending != 3 || d.ErrorAt.IsZero() || d.LastError == "" {
		t.Errorf("%+v", d)
	}
	r.proxy.Always("getMe", refusal(401, "Unauthorized", ""))
	if _, err := r.Describe(t.Context()); bot.ClassOf(err) != bot.StopChannel || strings.Contains(err.Error(), secret) {
		t.Errorf("%v", err)
	}
}

// TestTyping shows the sign once for an answer that takes long, and not for one that comes at once.
func TestTyping(t *testing.T) {
	r := newRig(t, "")
	r.typing.expect("77")
	r.typing.expect("78/3")
	if err := r.answer(private, "cepat"); err != nil {
		t.Fatal(err)
	}
	bottest.Eventually(t, "a typing sign", func() bool { return len(r.proxy.Seen("sendChatAction")) == 1 })
	if f := r.proxy.Seen("sendChatAction")[0].Form; f.Get("chat_id") != "78" || f.Get("message_thread_id") != "3" || f.Get("action") != "typing" {
		t.Errorf("sent %v", f)
	}
}

func TestConfig(t *testing.T) {
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		conf Config
		ok   bool
	}{
		{Config{Token: testToken}, true}, {Config{Token: testToken, API: "http://127.0.0.1:1/x%y/"}, false}, {Config{Token: testToken, API: "http://127.0.0.1:1/x/"}, true},
		{Config{Token: ""}, false}, {Config{Token: "abc"}, false}, {Config{Token: "1:a b"}, false}, {Config{Token: "1:a/b"}, false},
		{Config{Token: testToken, API: "api.telegram.org"}, false}, {Config{Token: testToken, API: "ftp://x"}, false},
	} {
		if s := fmt.Sprintf("%v %+v %#v %s", c.conf, c.conf, c.conf, c.conf); strings.Contains(s, secret) {
			t.Errorf("the token stands in %s", s)
		}
		_, err := New(c.conf, Deps{Words: words})
		if (err == nil) != c.ok || (err != nil && (bot.ClassOf(err) != bot.Invalid || strings.Contains(err.Error(), secret))) {
			t.Errorf("%+v: %v", c.conf, err)
		}
	}
	if _, err := New(Config{Token: testToken}, Deps{}); bot.ClassOf(err) != bot.Invalid {
		t.Errorf("without words: %v", err)
	}
	if _, err := url.Parse(telegramAPI); err != nil {
		t.Error(err)
	}
}
