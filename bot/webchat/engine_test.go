package webchat

import (
	"context"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"tanya/bot"
	"tanya/faq"
	"tanya/locales"
)

// engine is a ledger and a dialogue in memory: it keeps what is accepted and answers with fixed replies.
type engine struct {
	mu       sync.Mutex
	taken    map[string]bot.Message // by external id
	order    []bot.Message
	replies  []bot.Outgoing
	broken   error         // what Accept fails with
	blind    error         // what Replies fails with
	slow     time.Duration // how long an answer takes
	answer   func(bot.Message) []bot.Reply
	channel  *Channel
	now      func() time.Time
	swallows bool // accepts, and then fails as if the connection had broken
}

func (e *engine) Accept(ctx context.Context, b bot.Batch) error {
	e.mu.Lock()
	if e.broken != nil && !e.swallows {
		defer e.mu.Unlock()
		return e.broken
	}
	var fresh []bot.Message
	for _, m := range b.Messages {
		if _, ok := e.taken[m.External]; !ok {
			e.taken[m.External] = m
			e.order = append(e.order, m)
			fresh = append(fresh, m)
		}
	}
	broken, slow := e.broken, e.slow
	e.mu.Unlock()
	go func() {
		time.Sleep(slow)
		for _, m := range fresh {
			e.reply(m, e.answer(m)...)
		}
	}()
	return broken
}

func (e *engine) Cursor(context.Context, string) (string, error) { return "", nil }

// reply puts replies into the ledger and rings, as the outbox does.
func (e *engine) reply(m bot.Message, rs ...bot.Reply) {
	for _, r := range rs {
		e.mu.Lock()
		o := bot.Outgoing{
			ID: int64(len(e.replies)) + 1, Channel: name, Chat: m.Chat, Address: m.Address, Reply: r, ReplyTo: m.External, Created: e.now(),
		}
		e.replies = append(e.replies, o)
		e.mu.Unlock()
		_, _ = e.channel.Send(context.Background(), o)
	}
}

func (e *engine) Replies(_ context.Context, chat string, after int64, limit int) ([]bot.Outgoing, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var some []bot.Outgoing
	for _, o := range e.replies {
		if o.Chat == chat && o.ID > after && len(some) < limit {
			some = append(some, o)
		}
	}
	return some, e.blind
}

func (e *engine) messages() []bot.Message {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]bot.Message(nil), e.order...)
}

func (e *engine) fail(broken, blind error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.broken, e.blind = broken, blind
}

// plainAnswer answers like the office would: a greeting gets a menu, everything else the polling hours.
func plainAnswer(m bot.Message) []bot.Reply {
	switch {
	case m.Kind == bot.Tap && m.Choice == "l:jv":
		return []bot.Reply{{Outcome: bot.Language, Lang: faq.Javanese, Text: "Nggih, kula ngangge basa Jawi."}}
	case m.Kind == bot.Tap:
		return []bot.Reply{{Outcome: bot.Answered, Lang: faq.Indonesian, Text: "Anda memilih " + m.Choice + "."}}
	case strings.HasPrefix(m.Text, "/start"):
		return []bot.Reply{{Outcome: bot.Greeted, Lang: faq.Indonesian, Text: "Selamat pagi. Ini Tanya."}}
	case m.Text == "/hapus":
		return []bot.Reply{{Outcome: bot.Erased, Lang: faq.Indonesian, Text: "Data percakapan Anda sudah dihapus."}}
	case strings.Contains(m.Text, "pinten"):
		return []bot.Reply{{Outcome: bot.Answered, Lang: faq.Javanese, Text: "TPS bukak jam pitu enjing dumugi jam setunggal siang."}}
	case strings.Contains(m.Text, "mudah"):
		return []bot.Reply{{Outcome: bot.Menu, Lang: faq.Indonesian, Plain: true, Prompt: "Pilih:", Choices: []bot.Choice{{Key: "t:tps", Label: "Di TPS"}, {Key: "menu", Label: "Menu"}}}}
	}
	return []bot.Reply{{
		Outcome: bot.Answered, Lang: faq.Indonesian, Entry: "jam-tps",
		Text: "Pada Pilkada 2024, Tempat Pemungutan Suara (TPS) buka pukul 07.00-13.00 WIB (jam 7 pagi sampai jam 1 siang).\n\n" +
			"Yang perlu dibawa:\n- surat pemberitahuan\n- KTP elektronik\n\nPemilihan itu sudah lewat. Jam untuk pemilihan berikutnya belum ditetapkan.",
		Footer: "Sumber: PKPU 17 Tahun 2024 - Peraturan KPU tentang pemungutan suara\nhttps://jdih.kpu.go.id/data/data_pkpu/2024pkpu017.pdf\nDicek 20 November 2026.",
		Note:   "Anda bertanya kepada Tanya, layanan jawaban otomatis KPU Kabupaten Blora.",
		Prompt: "Terkait:", Choices: []bot.Choice{{Key: "e:antre-lewat-jam-tutup", Label: "Antre lewat jam tutup"}, {Key: "e:hari-pemungutan-suara", Label: "Hari pemungutan suara"}},
	}}
}

var errTest = errors.New("a failure that the test asked for")

// echo answers with what was asked, in every place of a reply.
func echo(m bot.Message) []bot.Reply {
	s := m.Text
	return []bot.Reply{{
		Outcome: bot.Outcome(s), Lang: faq.Lang(s), Text: s + "\n\n- " + s, Footer: s + "\n" + s, Note: s, Prompt: s,
		Choices: []bot.Choice{{Key: s[:min(len(s), 40)], Label: s}}, Media: []bot.Media{{Alt: s}},
	}}
}

// streams counts the open streams.
func (h *house) streams() int {
	h.channel.gate.mu.Lock()
	defer h.channel.gate.mu.Unlock()
	return h.channel.gate.streams
}

// house is a running web chat with its engine.
type house struct {
	*engine
	server *httptest.Server
	stop   context.CancelFunc
}

// open starts a web chat for a test. Fields that set changes are those of the configuration.
func open(t testing.TB, set func(*Config, *Deps)) *house {
	t.Helper()
	h := build(t, set)
	ctx, cancel := context.WithCancel(context.Background())
	h.stop = cancel
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = h.channel.Run(ctx, h.engine)
	}()
	for h.channel.up.Load() == nil {
		time.Sleep(time.Millisecond)
	}
	t.Cleanup(func() {
		cancel()
		<-done
	})
	return h
}

// build makes a web chat that does not run yet.
func build(t testing.TB, set func(*Config, *Deps)) *house {
	t.Helper()
	catalog, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	e := &engine{taken: map[string]bot.Message{}, answer: plainAnswer, now: time.Now}
	zone := time.FixedZone("WIB", 7*3600)
	cfg := Config{Office: "KPU Kabupaten Blora", Zone: zone, AnswerWait: 5 * time.Second}
	deps := Deps{
		Threads: e, ChatKey: func(a string) string { return "chat-of-" + a }, Words: catalog,
		Topics: func() []string {
			return []string{"jadwal", "hak-pilih", "tps", "akses", "politik-uang", "netralitas", "kpu"}
		},
		Privacy: func(l faq.Lang, _ time.Time) (bot.Reply, error) {
			return bot.Reply{Lang: l, Text: "Layanan ini menyimpan sedikit data.\n\n- Teks pertanyaan: paling lama 30 hari"}, nil
		},
	}
	if set != nil {
		set(&cfg, &deps)
	}
	if deps.Now != nil {
		e.now = deps.Now
	}
	c, err := New(cfg, deps)
	if err != nil {
		t.Fatal(err)
	}
	e.channel = c
	h := &house{engine: e, server: httptest.NewServer(c.Handler())}
	t.Cleanup(h.server.Close)
	return h
}

// browser is a plain HTTP client with cookies and without JavaScript.
func browser(t testing.TB) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, Timeout: 20 * time.Second}
}
