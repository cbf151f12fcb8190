package telegram

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/bottest"
	"tanya/faq"
	"tanya/locales"
)

// secret is the part of the token that must never be seen anywhere.
const secret = "token-of-the-test"

const testToken = "424242:" + secret

// rig is a channel with a fault proxy before it and an inbox behind it.
type rig struct {
	*Channel
	t     testing.TB
	proxy *bottest.FaultProxy
	inbox *bottest.Inbox
	logs  *syncBuffer
	stop  func()
	done  chan error
}

// newRig makes a channel against the server at target, "" for none. It is not running yet.
func newRig(t testing.TB, target string, change ...func(*Config, *Deps)) *rig {
	t.Helper()
	r := &rig{t: t, proxy: bottest.StartFaultProxy(t, target), inbox: bottest.NewInbox(), logs: &syncBuffer{}}
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	conf := Config{Token: testToken, API: r.proxy.URL, Wait: 2 * time.Second, Timeout: 2 * time.Second, Rate: 1000}
	deps := Deps{Words: words, Log: slog.New(slog.NewTextHandler(r.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	for _, f := range change {
		f(&conf, &deps)
	}
	if r.Channel, err = New(conf, deps); err != nil {
		t.Fatal(err)
	}
	r.roll = func(time.Duration) time.Duration { return 20 * time.Millisecond }
	if target == "" {
		r.proxy.Always("getMe", bottest.Answer(200, `{"ok":true,"result":{"id":424242,"is_bot":true,"first_name":"Tanya","username":"tanya_test_bot"}}`))
		r.proxy.Always("sendMessage", bottest.Answer(200, `{"ok":true,"result":{"message_id":7}}`))
		r.proxy.Always("editMessageText", bottest.Answer(200, `{"ok":true,"result":{"message_id":7}}`))
		r.self.Store(&account{ID: 424242, Username: "tanya_test_bot", Name: "Tanya"})
	}
	t.Cleanup(func() {
		if strings.Contains(r.logs.String(), secret) {
			t.Error("the token stands in the log")
		}
		bottest.CheckBotAPI(t, r.proxy.Seen())
	})
	return r
}

// start runs the channel until the test ends or stop is called.
func (r *rig) start() *rig {
	ctx, cancel := context.WithCancel(r.t.Context())
	r.done = make(chan error, 1)
	go func() { r.done <- r.Run(ctx, r.inbox) }()
	var once sync.Once
	r.stop = func() {
		once.Do(func() {
			cancel()
			select {
			case err := <-r.done:
				if err != nil {
					r.t.Errorf("Run: %v", err)
				}
			case <-time.After(20 * time.Second):
				r.t.Error("Run did not end")
			}
		})
	}
	r.t.Cleanup(r.stop)
	return r
}

// hear returns the next message that the inbox takes.
func (r *rig) hear() bot.Message {
	r.t.Helper()
	select {
	case m := <-r.inbox.Heard():
		return m
	case <-time.After(90 * time.Second):
		r.t.Fatal("no message came within 90 s")
		return bot.Message{}
	}
}

// answer sends a text in reply to a message.
func (r *rig) answer(m bot.Message, text string) error {
	return r.send(m, bot.Reply{Outcome: bot.Answered, Lang: faq.Indonesian, Text: text})
}

// send sends a reply to a message.
func (r *rig) send(m bot.Message, reply bot.Reply) error {
	_, err := r.Send(r.t.Context(), bot.Outgoing{Channel: Name, Address: m.Address, ReplyTo: m.External, Reply: reply, Created: time.Now(), Attempt: 1})
	return err
}

// update hands the channel one raw update in place of the server's answer to the next poll.
func (r *rig) update(raw ...string) {
	r.proxy.Once("getUpdates", bottest.Answer(200, `{"ok":true,"result":[`+strings.Join(raw, ",")+`]}`))
}

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

// testContext is a context that ends with the test or when stop is called.
func testContext(t testing.TB) (ctx context.Context, stop func()) {
	return context.WithCancel(t.Context())
}

// slowInbox holds every batch until it is released.
type slowInbox struct {
	*bottest.Inbox
	entered chan<- struct{}
	release <-chan struct{}
}

func (s slowInbox) Accept(ctx context.Context, b bot.Batch) error {
	s.entered <- struct{}{}
	<-s.release
	return s.Inbox.Accept(ctx, b)
}

func accepter(a bot.Accepter) *bot.Accepter { return &a }
