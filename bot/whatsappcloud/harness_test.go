package whatsappcloud

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/bottest"
	"tanya/faq"
	"tanya/locales"
)

// What must never stand in a log.
const (
	canaryNumber = "6281234509876"
	canaryUser   = "ID.90817263545362718"
	canaryText   = "kenari-di-dalam-pesan"
	canaryName   = "Sheena"
)

// rig is a channel with the stand-in of the Graph API before it and an inbox behind it.
type rig struct {
	*Channel
	t       testing.TB
	graph   *graph
	inbox   *bottest.Inbox
	handler http.Handler
	logs    *syncBuffer
}

func newRig(t testing.TB, change ...func(*Config, *Deps)) *rig {
	t.Helper()
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, graph: newGraph(t), inbox: bottest.NewInbox(), logs: &syncBuffer{}}
	conf := Config{
		Token: testToken, AppSecret: testSecret, VerifyToken: testVerify, PhoneNumberID: testNumber,
		API: r.graph.server.URL, Timeout: 5 * time.Second, Rate: 10_000,
	}
	deps := Deps{Words: words, Log: slog.New(slog.NewTextHandler(r.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	for _, f := range change {
		f(&conf, &deps)
	}
	if r.Channel, err = New(conf, deps); err != nil {
		t.Fatal(err)
	}
	r.roll = func(time.Duration) time.Duration { return 20 * time.Millisecond }
	r.handler = r.Webhook()
	r.open(r.inbox)
	t.Cleanup(func() {
		for _, secret := range []string{testToken, testSecret, testVerify, canaryNumber, canaryUser, canaryText, canaryName} {
			if strings.Contains(r.logs.String(), secret) {
				t.Errorf("%q stands in the log", secret)
			}
		}
	})
	return r
}

// open lets the webhook take messages without Run.
func (r *rig) open(a bot.Accepter) { r.accepter.Store(&a) }

// sign makes Meta's signature.
func sign(secret string, body []byte) string {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write(body)
	return signatureStart + hex.EncodeToString(h.Sum(nil))
}

// deliver posts a body to the webhook with the signatures given.
func (r *rig) deliver(body []byte, signatures ...string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodPost, "/whatsapp/webhook", bytes.NewReader(body))
	for _, s := range signatures {
		req.Header.Add(signatureHeader, s)
	}
	w := httptest.NewRecorder()
	r.handler.ServeHTTP(w, req)
	return w
}

// hook posts a body as Meta does and wants 200.
func (r *rig) hook(body string) {
	r.t.Helper()
	if w := r.deliver([]byte(body), sign(testSecret, []byte(body))); w.Code != http.StatusOK {
		r.t.Errorf("the webhook answered %d to %.200s", w.Code, body)
	}
}

// write is a text from a person who shows a number.
func (r *rig) write(id, words string) {
	r.t.Helper()
	r.hook(wrap(fmt.Sprintf(`{"from":%q,"id":%q,"timestamp":"%d","type":"text","text":{"body":%q}}`, canaryNumber, id, time.Now().Unix(), words)))
}

// wrap makes a webhook request of messages for our number.
func wrap(messages ...string) string {
	return value(`"messages":[` + strings.Join(messages, ",") + `]`)
}

// notices makes a webhook request of statuses.
func notices(statuses ...string) string {
	return value(`"statuses":[` + strings.Join(statuses, ",") + `]`)
}

func value(inner string) string {
	return `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"value":{"messaging_product":"whatsapp",` +
		`"metadata":{"display_phone_number":"62296531007","phone_number_id":"` + testNumber + `"},` + inner + `},"field":"messages"}]}]}`
}

// send sends a reply to a person.
func (r *rig) send(to string, o bot.Outgoing) error {
	o.Channel, o.Address, o.Created = Name, to, time.Now()
	if o.Attempt == 0 {
		o.Attempt = 1
	}
	if o.Reply.Lang == "" {
		o.Reply.Lang = faq.Indonesian
	}
	_, err := r.Send(r.t.Context(), o)
	return err
}

const (
	hidden = byUser + canaryUser
	shown  = byNumber + canaryNumber
)

func say(s string) bot.Reply { return bot.Reply{Outcome: bot.Answered, Lang: faq.Indonesian, Text: s} }

// syncBuffer is a buffer that several goroutines write to.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

var _ io.Writer = (*syncBuffer)(nil)

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// run runs the channel until the test ends and returns where its error will be.
func (r *rig) run() (ended <-chan error, stop context.CancelFunc) {
	ctx, cancel := context.WithCancel(r.t.Context())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx, r.inbox) }()
	r.t.Cleanup(cancel)
	return done, cancel
}
