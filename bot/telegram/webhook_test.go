package telegram

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"tanya/bot"
	"tanya/bot/bottest"
)

// webhookRig is a channel that listens and has told Telegram so.
func webhookRig(t *testing.T) *rig {
	r := newRig(t, "", withWebhook).start()
	bottest.Eventually(t, "the webhook to be set", func() bool { return r.Status().Mode == Listening })
	return r
}

// post sends an update to the webhook.
func (r *rig) post(secret, body string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	q := httptest.NewRequestWithContext(r.t.Context(), http.MethodPost, "/telegram", strings.NewReader(body))
	q.Header.Set(secretHeader, secret)
	for _, f := range change {
		f(q)
	}
	w := httptest.NewRecorder()
	r.Webhook().ServeHTTP(w, q)
	return w
}

// TestWebhook is fault 19 of the list: forged, wrong secret, replayed, huge; and what should pass.
func TestWebhook(t *testing.T) {
	r := webhookRig(t)
	set := r.proxy.Seen("setWebhook")[0].Form
	if set.Get("url") != "https://tanya.example/telegram" || set.Get("secret_token") != "rahasia-uji" {
		t.Errorf("set %v", set)
	}
	for _, c := range []struct {
		name, secret, body string
		change             func(*http.Request)
		want               int
	}{
		{"no secret", "", textUpdate(1, 1, "palsu"), nil, 401},
		{"wrong secret", "rahasia-ujj", textUpdate(1, 1, "palsu"), nil, 401},
		{"longer secret", "rahasia-uji-rahasia-uji", textUpdate(1, 1, "palsu"), nil, 401},
		{"read", "rahasia-uji", "", func(q *http.Request) { q.Method = http.MethodGet }, 405},
		{"huge", "rahasia-uji", `{"update_id":1,"message":"` + strings.Repeat("x", 10<<20) + `"}`, nil, 413},
		{"no JSON", "rahasia-uji", "halo", nil, 200}, // from Telegram itself: asking again would bring the same
		{"message", "rahasia-uji", textUpdate(5, 3, "jam berapa"), nil, 200},
		{"the same again", "rahasia-uji", textUpdate(5, 3, "jam berapa"), nil, 200},
		{"edited", "rahasia-uji", strings.Replace(textUpdate(6, 3, "jam brp"), `"message"`, `"edited_message"`, 1), nil, 200},
		{"odd", "rahasia-uji", `{"update_id":7,"message":[]}`, nil, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			var change []func(*http.Request)
			if c.change != nil {
				change = append(change, c.change)
			}
			if w := r.post(c.secret, c.body, change...); w.Code != c.want || w.Body.Len() != 0 {
				t.Errorf("status %d and %q, want %d", w.Code, w.Body, c.want)
			}
		})
	}
	got := r.inbox.Messages()
	if len(got) != 2 || got[0].Text != "jam berapa" || got[1].Kind != bot.Broken {
		t.Errorf("inbox %+v", got)
	}
}

// TestWebhookDown sheds load with 503 and a time, and takes the message when it comes again.
func TestWebhookDown(t *testing.T) {
	r := webhookRig(t)
	r.inbox.Fail(func(bot.Batch) error { return bot.Errorf(bot.Transient, "the database is away") })
	if w := r.post("rahasia-uji", textUpdate(1, 1, "satu")); w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Errorf("status %d, headers %v", w.Code, w.Header())
	}
	r.inbox.Fail(nil)
	if w := r.post("rahasia-uji", textUpdate(1, 1, "satu")); w.Code != 200 || len(r.inbox.Messages()) != 1 {
		t.Errorf("status %d, %d messages", w.Code, len(r.inbox.Messages()))
	}
	r.stop()
	if w := r.post("rahasia-uji", textUpdate(2, 2, "dua")); w.Code != 503 {
		t.Errorf("status %d after the stop, want 503", w.Code)
	}
}

// TestWebhookCrowd answers at most so many at once and asks the others to come back.
func TestWebhookCrowd(t *testing.T) {
	r := webhookRig(t)
	entered, release := make(chan struct{}, 200), make(chan struct{})
	h := r.Webhook()
	r.accepter.Store(accepter(slowInbox{r.inbox, entered, release}))
	codes := make(chan int, 200)
	one := func(i int) {
		q := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(textUpdate(i, i, "x")))
		q.Header.Set(secretHeader, "rahasia-uji")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, q)
		codes <- w.Code
	}
	var wg sync.WaitGroup
	for i := range webhookBusy {
		wg.Go(func() { one(i + 1) })
	}
	for range webhookBusy {
		<-entered
	}
	one(1000)
	if code := <-codes; code != 503 {
		t.Errorf("status %d for one too many, want 503", code)
	}
	close(release)
	wg.Wait()
	for range webhookBusy {
		if code := <-codes; code != 200 {
			t.Errorf("status %d, want 200", code)
		}
	}
}

// TestSameIDs proves that polling and webhook name a message alike: switching loses and repeats nothing.
func TestSameIDs(t *testing.T) {
	raw := textUpdate(9, 4, "jam berapa")
	polled := newRig(t, "")
	polled.update(raw)
	polled.start()
	m := polled.hear()
	polled.stop()

	pushed := newRig(t, "", withWebhook)
	pushed.inbox = polled.inbox
	pushed.start()
	bottest.Eventually(t, "the webhook to be set", func() bool { return pushed.Status().Mode == Listening })
	if w := pushed.post("rahasia-uji", raw); w.Code != 200 || polled.inbox.Repeats() != 1 {
		t.Errorf("status %d; %q did not count as a repeat", w.Code, m.External)
	}
	if c, _ := polled.inbox.Cursor(t.Context(), Name); c != "10" {
		t.Errorf("the webhook changed the cursor to %q", c)
	}
}

// TestWebhookCrabline lets a server that others wrote deliver, with its own retries.
func TestWebhookCrabline(t *testing.T) {
	peer := bottest.StartCrabline(t)
	var h http.Handler
	var mu sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		h.ServeHTTP(w, q)
	}))
	defer server.Close()
	r := newRig(t, peer.URL, func(c *Config, _ *Deps) { c.Webhook = Webhook{URL: server.URL + "/telegram"} })
	mu.Lock()
	h = r.Webhook()
	mu.Unlock()
	fails := 3
	r.inbox.Fail(func(bot.Batch) error {
		if fails--; fails >= 0 {
			return bot.Errorf(bot.Transient, "the database is away")
		}
		return nil
	})
	r.start()
	bottest.Eventually(t, "the webhook to be set", func() bool { return r.Status().Mode == Listening })
	peer.Say(t, bottest.Say{Chat: 7, Text: "jam berapa"})
	if m := r.hear(); m.Text != "jam berapa" {
		t.Errorf("heard %q", m.Text)
	}
	if c := r.Status().Counts; c["webhook_503"] != 3 {
		t.Errorf("counts %v, want three times 503", c)
	}
}

func TestWebhookConfig(t *testing.T) {
	for _, c := range []struct {
		w  Webhook
		ok bool
	}{
		{Webhook{}, true}, {Webhook{URL: "https://x.example/t"}, true}, {Webhook{URL: "x"}, false}, {Webhook{URL: "ftp://x/"}, false},
		{Webhook{URL: "https://x.example/t", Secret: "a b"}, false}, {Webhook{URL: "https://x.example/t", Secret: strings.Repeat("a", 257)}, false},
	} {
		w := c.w
		if err := w.complete(testToken); (err == nil) != c.ok {
			t.Errorf("%+v: %v", c.w, err)
		} else if err == nil && w.URL != "" && (!secretForm.MatchString(w.Secret) || strings.Contains(w.Secret, secret)) {
			t.Errorf("secret %q", w.Secret)
		}
	}
}
