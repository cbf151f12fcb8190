package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"tanya/bot"
	"tanya/bot/bottest"
)

// Each test shows a defect of the library first, then that our wall keeps it out. Where a newer library no longer has
// the defect, the first half fails, and the wall may go.

// bare is the library without our walls, against the proxy.
func bare(t *testing.T, p *bottest.FaultProxy, client tgbotapi.HTTPClient) *tgbotapi.BotAPI {
	t.Helper()
	lib := &tgbotapi.BotAPI{Token: testToken, Client: client, Buffer: 100}
	lib.SetAPIEndpoint(p.URL + "/bot%s/%s")
	return lib
}

func TestDefectTokenInErrors(t *testing.T) {
	r := newRig(t, "")
	r.proxy.Always("getMe", bottest.Reset())
	if _, err := bare(t, r.proxy, http.DefaultClient).GetMe(); err == nil || !strings.Contains(err.Error(), secret) {
		t.Errorf("the library does not show the token any more: %v", err)
	}
	_, err := ask[account](t.Context(), r.api, "getMe", nil)
	for e := err; e != nil; e = errors.Unwrap(e) {
		if s := fmt.Sprintf("%v %+v %#v", e, e, e.Error()); strings.Contains(s, secret) {
			t.Errorf("the token stands in %s", s)
		}
	}
	if bot.ClassOf(classed(err)) != bot.Transient {
		t.Errorf("class %s, want transient", bot.ClassOf(classed(err)))
	}
}

// TestDefectTokenInAddress covers an address that the library cannot even parse.
func TestDefectTokenInAddress(t *testing.T) {
	c := (&api{lib: tgbotapi.BotAPI{Token: testToken}}).carrier(t.Context(), time.Second)
	_, parse := http.NewRequestWithContext(t.Context(), "POST", "http://x/\x7f/bot"+testToken, nil)
	if parse == nil || !strings.Contains(parse.Error(), secret) {
		t.Fatalf("no longer a way to lose the token: %v", parse)
	}
	if f := c.fault("getMe", parse); strings.Contains(f.Error(), secret) {
		t.Errorf("the token stands in %v", f)
	}
}

func TestDefectNoContext(t *testing.T) {
	r := newRig(t, "")
	release := make(chan struct{})
	defer close(release)
	r.proxy.Always("getMe", bottest.Hold(release))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ask[account](ctx, r.api, "getMe", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a call outlives its context: %v", err)
	}
	r.api.timeout = 50 * time.Millisecond
	if _, err := ask[account](t.Context(), r.api, "getMe", nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a call has no time limit: %v", err)
	}
}

// TestDefectDrip covers a server that keeps its answer coming, a byte at a time.
func TestDefectDrip(t *testing.T) {
	r := newRig(t, "")
	r.proxy.Always("getMe", func(w http.ResponseWriter, q *bottest.Request) bool {
		for q.Context().Err() == nil {
			_, _ = w.Write([]byte(" "))
			w.(http.Flusher).Flush()
			time.Sleep(5 * time.Millisecond)
		}
		return true
	})
	r.api.timeout = 100 * time.Millisecond
	if _, err := ask[account](t.Context(), r.api, "getMe", nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a dripping answer is waited for: %v", err)
	}
}

func TestDefectEarlyConfirmation(t *testing.T) {
	p := bottest.StartFaultProxy(t, "")
	offsets := make(chan string, 100)
	p.Always("getUpdates", func(w http.ResponseWriter, q *bottest.Request) bool {
		offsets <- q.Form.Get("offset")
		if o := q.Form.Get("offset"); o != "" && o != "0" {
			<-q.Context().Done()
			return true
		}
		return bottest.Answer(200, `{"ok":true,"result":[`+textUpdate(100, 1, "satu")+`]}`)(w, q)
	})
	_ = bare(t, p, untilEnd{t.Context()}).GetUpdatesChan(tgbotapi.UpdateConfig{Timeout: 1}) // nobody reads
	<-offsets
	if o := <-offsets; o != "101" {
		t.Errorf("the library does not confirm unread updates any more: offset %q", o)
	}

	r := newRig(t, "")
	r.inbox.Fail(func(bot.Batch) error { return bot.Errorf(bot.Transient, "the disk is full") })
	r.proxy.Always("getUpdates", bottest.Answer(200, `{"ok":true,"result":[`+textUpdate(100, 1, "satu")+`]}`))
	r.start()
	bottest.Eventually(t, "several attempts to put the message on disk", func() bool { return strings.Count(r.logs.String(), "not on disk yet") > 3 })
	for _, q := range r.proxy.Seen("getUpdates") {
		if q.Form.Has("offset") {
			t.Errorf("offset %s was asked for although nothing is on disk", q.Form.Get("offset"))
		}
	}
	r.inbox.Fail(nil)
	if m := r.hear(); m.Text != "satu" {
		t.Errorf("heard %q", m.Text)
	}
}

func TestDefectPoison(t *testing.T) {
	raw := `[` + textUpdate(1, 1, "satu") + `,{"update_id":2,"message":{"message_id":2,"date":1,"chat":{"id":1,"type":"private"},"text":{"new":"shape"}}},` + textUpdate(3, 3, "tiga") + `]`
	var updates []tgbotapi.Update
	if err := json.Unmarshal([]byte(raw), &updates); err == nil {
		t.Error("the library reads such a list now")
	}
	r := newRig(t, "")
	r.update(strings.Trim(raw, "[]"))
	r.start()
	if a, b, c := r.hear(), r.hear(), r.hear(); a.Text != "satu" || b.Kind != bot.Broken || c.Text != "tiga" {
		t.Errorf("heard %+v, %+v, %+v", a, b, c)
	}
	bottest.Eventually(t, "the poll after it", func() bool {
		seen := r.proxy.Seen("getUpdates")
		return seen[len(seen)-1].Form.Get("offset") == "4"
	})
}

func TestDefectSlowStop(t *testing.T) {
	held := make(chan struct{}, 10)
	hold := func(w http.ResponseWriter, q *bottest.Request) bool {
		held <- struct{}{}
		<-q.Context().Done()
		return true
	}
	r := newRig(t, "")
	r.conf.Wait = 50 * time.Second
	r.proxy.Always("getUpdates", hold)
	r.start()
	<-held
	r.stop() // fails the test when it takes 20 s
}

func TestDefectUploadCode(t *testing.T) {
	body := `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7","parameters":{"retry_after":7}}`
	r := newRig(t, "")
	r.proxy.Always("sendPhoto", bottest.Answer(429, body))
	file := tgbotapi.RequestFile{Name: "photo", Data: tgbotapi.FileBytes{Name: "a.png", Bytes: []byte("x")}}
	_, err := bare(t, r.proxy, http.DefaultClient).UploadFiles("sendPhoto", tgbotapi.Params{"chat_id": "1"}, []tgbotapi.RequestFile{file})
	var lib *tgbotapi.Error
	if !errors.As(err, &lib) || lib.Code != 0 {
		t.Errorf("the library keeps the code now: %v", err)
	}
	_, err = r.api.upload(t.Context(), "sendPhoto", params{"chat_id": "1"}, "photo", "a.png", []byte("x"))
	var f *fault
	if !asFault(err, &f) || f.status != 429 || f.after != 7*time.Second {
		t.Errorf("fault %+v", f)
	}
	r.proxy.Always("sendPhoto", bottest.Answer(403, `{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}`))
	_, err = r.api.upload(t.Context(), "sendPhoto", params{"chat_id": "1"}, "photo", "a.png", []byte("x"))
	if c := bot.ClassOf(classed(err)); c != bot.StopChat {
		t.Errorf("class %s, want stop_chat", c)
	}
}

func TestDefectNotJSON(t *testing.T) {
	for name, answer := range map[string]bottest.Fault{
		"502 with a page": bottest.Answer(502, "<html>bad gateway</html>"),
		"empty 500":       bottest.Answer(500, ""),
		"a redirect": func(w http.ResponseWriter, q *bottest.Request) bool {
			http.Redirect(w, q.Request, "http://elsewhere.invalid/", http.StatusFound)
			return true
		},
		"half an answer": bottest.Half(),
		"half of JSON":   bottest.Answer(200, `{"ok":true,"result":{"id"`),
		"a bare list":    bottest.Answer(200, `[]`),
		"another shape":  bottest.Answer(200, `{"ok":true,"result":[1,2]}`),
		"JSON of others": bottest.Answer(503, `{"error":"upstream"}`),
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, "")
			r.proxy.Always("getMe", answer)
			_, err := ask[account](t.Context(), r.api, "getMe", nil)
			if c := bot.ClassOf(classed(err)); c != bot.Transient {
				t.Errorf("class %q of %v, want transient", c, err)
			}
		})
	}
}

func TestDefectMarkdownEscape(t *testing.T) {
	if got := tgbotapi.EscapeText(tgbotapi.ModeMarkdownV2, `a\b`); got != `a\b` {
		t.Errorf("the library escapes the backslash now: %q", got)
	}
	if got, err := bottest.ParseHTML(toHTML([]span{{`a\b_c. <i>&amp;"`, "i"}})); err != nil || got != `a\b_c. <i>&amp;"` {
		t.Errorf("%q, %v", got, err)
	}
}

// TestDefectWebhookTakesAnything shows that the library's handler asks nobody who they are.
func TestDefectWebhookTakesAnything(t *testing.T) {
	q := httptest.NewRequestWithContext(t.Context(), "POST", "/", strings.NewReader(textUpdate(1, 1, "palsu")))
	if _, err := (&tgbotapi.BotAPI{}).HandleUpdate(q); err != nil {
		t.Errorf("the library verifies now: %v", err)
	}
	r := newRig(t, "", withWebhook)
	r.start()
	bottest.Eventually(t, "the webhook to be set", func() bool { return r.Status().Mode == Listening })
	w := httptest.NewRecorder()
	r.Webhook().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "POST", "/", strings.NewReader(textUpdate(1, 1, "palsu"))))
	if w.Code != http.StatusUnauthorized || len(r.inbox.Messages()) != 0 {
		t.Errorf("status %d, %d messages", w.Code, len(r.inbox.Messages()))
	}
}

// untilEnd lets the library's loop, which nothing can stop in the middle of a poll, rest when its test is over.
type untilEnd struct{ test context.Context }

func (u untilEnd) Do(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultClient.Do(r)
	if u.test.Err() != nil || err != nil {
		select {}
	}
	return resp, err
}

// textUpdate is a raw update with a text in the private chat 1.
func textUpdate(update, message int, text string) string {
	return `{"update_id":` + strconv.Itoa(update) + `,"message":{"message_id":` + strconv.Itoa(message) +
		`,"date":1732000000,"from":{"id":1,"is_bot":false,"first_name":"x","language_code":"id"},"chat":{"id":1,"type":"private"},"text":` + strconv.Quote(text) + `}}`
}

func withWebhook(c *Config, _ *Deps) {
	c.Webhook = Webhook{URL: "https://tanya.example/telegram", Secret: "rahasia-uji"}
}
