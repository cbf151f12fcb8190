package telegram

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/bottest"
)

// The tests of this file are the list of faults that a service on Telegram must live through, each by its number and
// name, on the whole road. Numbers 1 to 3 and 18, which kill the process, stand with the program in cmd/tanya; 19 is
// TestWebhook.

// TestFault04Storm answers everything with 429 for a while, in all chats: it waits, keeps the order, loses nothing.
func TestFault04Storm(t *testing.T) {
	rd := newRoad(t, bottest.StartCrabline(t))
	var refused atomic.Int32
	rd.proxy.Always("sendMessage", func(w http.ResponseWriter, q *bottest.Request) bool {
		if refused.Add(1) > 12 {
			return false
		}
		return refusal(429, "Too Many Requests: retry after 1", `{"retry_after":1}`)(w, q)
	})
	rd.walk()
	for range 2 {
		for chat := range int64(8) {
			rd.ask(chat+1, "jam berapa TPS buka")
		}
	}
	rd.settled()
	for chat, n := range rd.answers() {
		if n != 2 {
			t.Errorf("chat %s got %d answers, want 2", chat, n)
		}
	}
	if n := len(rd.proxy.Seen("sendMessage")); n > 16+12+8 {
		t.Errorf("%d attempts for 16 answers: the wait was not kept", n)
	}
	if n := len(rd.answers()); n != 8 {
		t.Errorf("%d chats answered, want 8", n)
	}
}

// TestFault05Outage goes through every way in which a server can fail to answer, on polls and on sends.
func TestFault05Outage(t *testing.T) {
	rd := newRoad(t, bottest.StartCrabline(t))
	outages := []bottest.Fault{
		bottest.Answer(500, ""), bottest.Answer(502, "<html>bad gateway</html>"), bottest.Answer(503, `{"error":"upstream"}`),
		bottest.Reset(), bottest.Half(), bottest.Answer(200, `{"ok":true,"result":`),
	}
	for _, f := range outages {
		rd.proxy.Once("getMe", f)
		rd.proxy.Once("deleteWebhook", f)
		rd.proxy.Once("getUpdates", f)
	}
	rd.proxy.Once("sendMessage", outages[:3]...)
	rd.walk()
	rd.ask(1, "jam berapa TPS buka")
	rd.settled()
	if n := rd.answers()["1"]; n != 1 {
		t.Errorf("%d answers, want 1", n)
	}
	if s := rd.Status(); s.Mode != Polling || s.Trouble != "" {
		t.Errorf("status %+v after the outage", s)
	}
}

// TestFault05TLS meets a certificate that nobody vouches for: no answer, no token in the open, no end of the channel.
func TestFault05TLS(t *testing.T) {
	asked := make(chan string, 10)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) { asked <- q.URL.Path }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	server.StartTLS()
	defer server.Close()
	r := newRig(t, "", func(c *Config, _ *Deps) { c.API = server.URL }).start()
	bottest.Eventually(t, "trouble", func() bool { return r.Status().Mode == Unreachable })
	if len(asked) > 0 {
		t.Error("the token was sent to a server that proved nothing")
	}
}

// TestFault05Name: a server whose name cannot be resolved is one that is away: said in words, tried again, and no end of
// the channel. The name lies below .invalid, which nobody may ever own.
func TestFault05Name(t *testing.T) {
	r := newRig(t, "", func(c *Config, _ *Deps) { c.API = "http://api.tanya.invalid" }).start()
	bottest.Eventually(t, "trouble", func() bool { return r.Status().Mode == Unreachable })
	bottest.Eventually(t, "another attempt", func() bool { return r.Status().Counts["error_transient"] > 1 })
	if s := r.Status(); !strings.Contains(s.Trouble, "tidak dapat dihubungi") {
		t.Errorf("status %+v", s)
	}
}

// TestFault06Slow keeps one send hanging: the others go on, and it is tried again.
func TestFault06Slow(t *testing.T) {
	rd := newRoad(t, bottest.StartCrabline(t), func(rd *road) { rd.limit = 2 * time.Second })
	release := make(chan struct{})
	defer close(release)
	var hung atomic.Int32
	rd.proxy.Always("sendMessage", func(w http.ResponseWriter, q *bottest.Request) bool {
		if q.Form.Get("chat_id") == "1" && hung.Add(1) == 1 {
			return bottest.Hold(release)(w, q)
		}
		return false
	})
	var drips atomic.Int32
	rd.proxy.Always("getUpdates", func(w http.ResponseWriter, q *bottest.Request) bool {
		if drips.Add(1) != 2 {
			return false
		}
		for q.Context().Err() == nil { // a poll whose answer never ends
			_, _ = w.Write([]byte(" "))
			w.(http.Flusher).Flush()
			time.Sleep(10 * time.Millisecond)
		}
		return true
	})
	rd.walk()
	for chat := range int64(4) {
		rd.ask(chat+1, "jam berapa TPS buka")
	}
	rd.settled()
	for chat := 1; chat <= 4; chat++ {
		if n := rd.answers()[fmt.Sprint(chat)]; n < 1 { // on a machine this slow an answer may come twice
			t.Errorf("chat %d got no answer", chat)
		}
	}
}

// TestFault07Repeats hands out updates twice, in another order, and old ones again: each is answered once.
func TestFault07Repeats(t *testing.T) {
	rd := newRoad(t, bottest.StartCrabline(t))
	one := func(update, message int) string {
		return strings.ReplaceAll(textUpdate(update, message, "jam berapa"), `"id":1,`, `"id":4,`)
	}
	rd.update(one(11, 2), one(10, 1), one(11, 2))
	rd.update(one(11, 2), one(10, 1))
	rd.update(strings.Replace(one(12, 2), `"message"`, `"edited_message"`, 1))
	rd.update(one(5, 1))
	rd.walk()
	bottest.Eventually(t, "all polls", func() bool { return len(rd.proxy.Seen("getUpdates")) > 4 })
	rd.from = 5000
	rd.ask(9, "masih hidup?")
	bottest.Eventually(t, "an answer after that", func() bool { return rd.answers()["9"] == 1 })
	rd.settled()
	if n := rd.answers()["4"]; n != 2 {
		t.Errorf("%d answers to 2 questions", n)
	}
}

// TestFault08Odd hands out what nobody should send: it is stored, skipped or answered, and the next one gets through.
func TestFault08Odd(t *testing.T) {
	rd := newRoad(t, bottest.StartCrabline(t))
	odd := []string{
		`7`, `"x"`, `null`, `{}`, `[]`, `{"update_id":"x"}`, `{"update_id":1e99}`, `{"update_id":20,"telepathy":{}}`, `{"update_id":21,"message":null}`,
		`{"update_id":22,"message":{"message_id":"x"}}`, `{"update_id":23,"message":{"message_id":1,"chat":{"id":5,"type":"private"},"from":{"id":5},"text":"\u0000\u202e\ud800 jam"}}`,
		textUpdate(24, 2, strings.Repeat("a", 4097)), textUpdate(25, 3, strings.Repeat("😀", 200_000)), textUpdate(26, 4, "\u200f\u202e\u2066"),
		"{\"update_id\":27,\"message\":{\"message_id\":5,\"chat\":{\"id\":5,\"type\":\"private\"},\"from\":{\"id\":5},\"text\":\"\xff\xfe jam\"}}",
		`{"update_id":28,"message":{"message_id":6,"date":99999999999,"chat":{"id":5,"type":"private"},"from":{"id":5},"text":"jam"}}`,
		`{"update_id":29,"message":{"message_id":7,"date":-5,"chat":{"id":5,"type":"private"},"from":{"id":5},"text":"jam"}}`,
		`{"update_id":30,"callback_query":{"id":"","from":{"id":5}}}`,
	}
	for _, o := range odd {
		rd.update(o)
	}
	rd.update(odd[7:]...)
	rd.walk()
	rd.from = 5000
	rd.ask(9, "masih hidup?")
	bottest.Eventually(t, "an answer after all that", func() bool { return rd.answers()["9"] == 1 })
	rd.settled()
	if n := rd.answers()["5"]; n != 4 {
		t.Errorf("%d answers to the 4 odd texts of chat 5", n)
	}
}

// TestFault08EveryUpdate feeds random updates of every kind that the Bot API describes, whole and spoiled, to the whole
// road: each is stored, skipped or answered, none holds up the question that comes last, and whatever is sent because
// of them is valid.
func TestFault08EveryUpdate(t *testing.T) {
	spec := bottest.LoadBotAPI(t)
	rd := newRoad(t, bottest.StartCrabline(t))
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 2))
	id, batches := int64(0), 0
	for range 6 {
		for _, kind := range spec.Updates() {
			var batch []string
			for i := range 3 {
				id++
				batch = append(batch, string(spec.RandomUpdate(random, id, kind, []int{0, 200, 20}[i])))
			}
			rd.update(batch...)
			batches++
		}
	}
	rd.walk()
	bottest.Eventually(t, "every batch to be read", func() bool { return len(rd.proxy.Seen("getUpdates")) > batches })
	rd.from = 1_000_000
	rd.ask(777_777, "masih hidup?")
	bottest.Eventually(t, "an answer after all that", func() bool { return rd.answers()["777777"] == 1 })
	bottest.Eventually(t, "nothing waits to be answered", func() bool {
		s, err := rd.store.Stats(t.Context())
		return err == nil && s.Waiting == 0
	})
	if s := rd.Status(); s.Mode != Polling || s.Trouble != "" {
		t.Errorf("status %+v", s)
	}
	t.Logf("seed %d: %d updates of %d kinds, %v", seed, id, len(spec.Updates()), rd.Status().Counts)
}

// TestFault08Refused: what the ledger refuses for good is set aside alone; its neighbours are answered.
func TestFault08Refused(t *testing.T) {
	for name, change := range map[string]func(*Config, *Deps){"polling": func(*Config, *Deps) {}, "webhook": withWebhook} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, "", change)
			r.inbox.Fail(func(b bot.Batch) error {
				for _, m := range b.Messages {
					if m.Text == "dua" {
						return bot.Errorf(bot.Invalid, "this will never do")
					}
				}
				return nil
			})
			all := []string{textUpdate(1, 1, "satu"), textUpdate(2, 2, "dua"), textUpdate(3, 3, "tiga")}
			r.update(all...)
			r.start()
			if name == "webhook" {
				bottest.Eventually(t, "the webhook to be set", func() bool { return r.Status().Mode == Listening })
				for _, u := range all {
					if w := r.post("rahasia-uji", u); w.Code != 200 {
						t.Errorf("status %d", w.Code)
					}
				}
			}
			if a, b, c := r.hear(), r.hear(), r.hear(); a.Text != "satu" || b.Kind != bot.Broken || c.Text != "tiga" {
				t.Errorf("heard %+v, %+v, %+v", a, b, c)
			}
		})
	}
}

// TestFault09Gone: who has blocked the bot is not written to again; a group that moved is followed.
func TestFault09Gone(t *testing.T) {
	rd := newRoad(t, bottest.StartCrabline(t))
	rd.proxy.Always("sendMessage", func(w http.ResponseWriter, q *bottest.Request) bool {
		switch q.Form.Get("chat_id") {
		case "1":
			return refusal(403, "Forbidden: bot was blocked by the user", "")(w, q)
		case "-5":
			return refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", `{"migrate_to_chat_id":-1005}`)(w, q)
		}
		return false
	})
	rd.walk()
	rd.ask(1, "jam berapa")
	rd.peer.Say(t, bottest.Say{Chat: -5, From: 8, Text: "/menu@tanya_test_bot"})
	rd.asked++
	rd.ask(2, "jam berapa")
	rd.settled()
	got := rd.answers()
	if got["1"] != 0 || got["2"] != 1 || got["-1005"] != 1 {
		t.Errorf("answers %v", got)
	}
	blocked := 0
	for _, q := range rd.proxy.Seen("sendMessage") {
		if q.Form.Get("chat_id") == "1" {
			blocked++
		}
	}
	if blocked != 1 {
		t.Errorf("%d attempts at a person who has blocked the bot, want 1", blocked)
	}
}

// otherChannel stands for any channel beside Telegram.
type otherChannel struct {
	accept chan bot.Accepter
	sent   chan bot.Outgoing
}

func (otherChannel) Name() string { return "other" }
func (o otherChannel) Run(ctx context.Context, a bot.Accepter) error {
	o.accept <- a
	<-ctx.Done()
	return nil
}
func (o otherChannel) Send(_ context.Context, out bot.Outgoing) (string, error) {
	o.sent <- out
	return "1", nil
}

// TestFault10Revoked: a refused token stops this channel, with one sentence, and no other.
func TestFault10Revoked(t *testing.T) {
	other := otherChannel{make(chan bot.Accepter, 1), make(chan bot.Outgoing, 1)}
	rd := newRoad(t, bottest.StartCrabline(t), func(rd *road) { rd.beside = []bot.Channel{other} })
	rd.walk()
	bottest.Eventually(t, "polls", func() bool { return rd.Status().Mode == Polling })
	for _, m := range []string{"getUpdates", "getMe", "sendMessage"} {
		rd.proxy.Always(m, refusal(401, "Unauthorized", ""))
	}
	rd.ask(1, "jam berapa")
	var mine, beside bot.ChannelStatus
	bottest.Eventually(t, "the end of the channel", func() bool {
		for _, s := range rd.engine.Status() {
			if s.Name == Name {
				mine = s
			} else {
				beside = s
			}
		}
		return mine.Stopped
	})
	if mine.Up || !strings.Contains(mine.Trouble, "BotFather") || !beside.Up || rd.Status().Mode != Refused {
		t.Errorf("telegram %+v, the other %+v", mine, beside)
	}
	a := <-other.accept
	if err := a.Accept(t.Context(), bot.Batch{Channel: "other", Messages: []bot.Message{{External: "1", Address: "x", Kind: bot.Text, Text: "jam berapa"}}}); err != nil {
		t.Errorf("the other channel: %v", err)
	}
	polls := len(rd.proxy.Seen("getUpdates"))
	<-other.sent
	if n := len(rd.proxy.Seen("getUpdates")); n != polls {
		t.Error("a stopped channel polls")
	}
}

// TestFault11Second: when another program polls too, both say so and neither spins.
func TestFault11Second(t *testing.T) {
	peer := bottest.StartCrabline(t)
	first, second := newRig(t, peer.URL), newRig(t, peer.URL)
	for _, r := range []*rig{first, second} {
		r.roll = func(time.Duration) time.Duration { return 300 * time.Millisecond }
		r.start()
	}
	bottest.Eventually(t, "both notice", func() bool {
		return first.Status().Counts["error_conflict"] > 0 && second.Status().Counts["error_conflict"] > 0
	})
	if !strings.Contains(first.logs.String()+second.logs.String(), "class=conflict") {
		t.Error("nothing in the log")
	}
}

// TestFault11Webhook: a webhook that somebody set is taken down, because this program polls.
func TestFault11Webhook(t *testing.T) {
	r := newRig(t, "")
	r.proxy.Once("getUpdates", refusal(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first", ""))
	r.update(textUpdate(1, 1, "jam"))
	r.start()
	if m := r.hear(); m.Text != "jam" || len(r.proxy.Seen("deleteWebhook")) != 2 {
		t.Errorf("heard %q after %d deletions", m.Text, len(r.proxy.Seen("deleteWebhook")))
	}
	if q := r.proxy.Seen("deleteWebhook")[0].Form; q.Get("drop_pending_updates") != "false" {
		t.Error("waiting messages would be dropped")
	}
}

// TestFault14Old: a button of an older program and a number of a menu long closed get a helpful answer, after a
// restart too.
func TestFault14Old(t *testing.T) {
	rd := newRoad(t, bottest.StartCrabline(t)).walk()
	rd.ask(3, "/menu")
	rd.settled()
	rd.stop()
	rd.walk()
	tap := func(update int, data string) string {
		return fmt.Sprintf(`{"update_id":%d,"callback_query":{"id":"q%d","from":{"id":3,"is_bot":false,"first_name":"x"},"chat_instance":"1","data":%q,"message":{"message_id":1,"date":1732000000,"chat":{"id":3,"type":"private"}}}}`, update, update, data)
	}
	rd.update(tap(900, "faq_old_12"), tap(901, "1:e:gone-entry"), tap(902, "1m:t:jadwal"))
	rd.from = 5000
	rd.ask(3, "2")
	bottest.Eventually(t, "four answers", func() bool { return len(rd.peer.Sent(t)) == 5 })
	rd.settled()
	sent := rd.peer.Sent(t)
	menus := 0
	for _, c := range sent[1:] {
		if strings.Contains(fmt.Sprint(c.Body["reply_markup"]), "callback_data") {
			menus++
		}
	}
	if menus < 3 {
		t.Errorf("%d of 4 answers lead on: %+v", menus, sent)
	}
	if n := len(rd.proxy.Seen("answerCallbackQuery")); n != 3 {
		t.Errorf("%d taps confirmed, want 3", n)
	}
	if n := len(rd.proxy.Seen("editMessageText")); n != 1 {
		t.Errorf("%d menus turned in place, want 1", n)
	}
}

// TestFault15Clock sets the clock an hour forward and back while people write, and dates messages into the future.
func TestFault15Clock(t *testing.T) {
	var shift atomic.Int64
	rd := newRoad(t, bottest.StartCrabline(t), func(rd *road) {
		rd.now = func() time.Time { return time.Now().Round(0).Add(time.Duration(shift.Load())) }
	}).walk()
	chat := int64(0)
	for _, d := range []time.Duration{0, time.Hour, -time.Hour, 0, 30 * time.Minute} {
		shift.Store(int64(d))
		for range 3 {
			chat++
			rd.ask(chat, "jam berapa TPS buka")
		}
		bottest.Eventually(t, fmt.Sprintf("answers with the clock %v off", d), func() bool { return len(rd.answers()) == int(chat) })
	}
	future := fmt.Sprintf(`"date":%d`, time.Now().Add(48*time.Hour).Unix())
	rd.update(strings.Replace(strings.ReplaceAll(textUpdate(700, 1, "jam"), `"id":1,`, `"id":99,`), `"date":1732000000`, future, 1))
	bottest.Eventually(t, "an answer to tomorrow's message", func() bool { return rd.answers()["99"] == 1 })
}

// TestFault20Burst: 500 chats at once, and one chat with 200 messages that must hold up no other.
func TestFault20Burst(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped, because it takes a while (-short)")
	}
	rd := newRoad(t, bottest.StartCrabline(t)).walk()
	const chats, flood = 500, 200 // the flood is answered as fast as one chat may be written to; nobody waits for its end
	before := heap()
	var wg sync.WaitGroup
	for range flood {
		rd.ask(9999, "jam berapa TPS buka")
	}
	for part := range 4 {
		wg.Go(func() {
			for i := range chats / 4 {
				rd.ask(int64(1+part*chats/4+i), "jam berapa TPS buka")
			}
		})
	}
	wg.Wait()
	bottest.Eventually(t, "an answer to each of 500 chats", func() bool { return len(rd.answers()) == chats+1 })
	if n := rd.answers()["9999"]; n > flood {
		t.Errorf("the busy chat got %d answers to %d messages", n, flood)
	}
	for chat, n := range rd.answers() {
		if chat != "9999" && n != 1 {
			t.Errorf("chat %s got %d answers", chat, n)
		}
	}
	if grown := heap() - before; grown > 32<<20 {
		t.Errorf("700 messages at once have taken %d MB that are not given back", grown>>20)
	}
}

// heap returns how many bytes are in use.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestFault21Stop stops during all of this, starts again, and nothing is lost. Which attempts fail is fixed for each
// chat: were it left to the order of the sends, one unlucky chat could fail again and again and wait for a minute.
func TestFault21Stop(t *testing.T) {
	rd := newRoad(t, bottest.StartCrabline(t))
	var mu sync.Mutex
	attempts := map[int]int{}
	rd.proxy.Always("sendMessage", func(w http.ResponseWriter, q *bottest.Request) bool {
		chat, err := strconv.Atoi(q.Form.Get("chat_id"))
		if err != nil {
			t.Errorf("sent to chat %q", q.Form.Get("chat_id"))
		}
		mu.Lock()
		attempts[chat]++
		n := attempts[chat]
		mu.Unlock()
		switch {
		case n == 1 && chat%3 == 0, n == 2 && chat%4 == 0:
			return bottest.Answer(502, "")(w, q)
		case n == 1 && chat%3 == 1, n == 2 && chat%4 == 1:
			return refusal(429, "Too Many Requests: retry after 1", `{"retry_after":1}`)(w, q)
		}
		time.Sleep(5 * time.Millisecond)
		return false
	})
	for round := range 3 {
		rd.walk()
		for i := range 10 {
			rd.ask(int64(round*10+i+1), "jam berapa TPS buka")
		}
		rd.stop() // fails the test when it takes too long
	}
	rd.walk()
	rd.settled()
	got := rd.answers()
	for chat := 1; chat <= 30; chat++ {
		if got[fmt.Sprint(chat)] != 1 {
			t.Errorf("chat %d got %d answers, want 1", chat, got[fmt.Sprint(chat)])
		}
	}
}

// TestFault22Fallback: a language that nobody wrote falls back to Indonesian; no message is empty. TestButtons shows
// the same for a reply with nothing in it.
func TestFault22Fallback(t *testing.T) {
	rd := newRoad(t, bottest.StartCrabline(t)).walk()
	rd.update(strings.Replace(textUpdate(1, 1, "privasi"), `"language_code":"id"`, `"language_code":"xx-unknown"`, 1))
	bottest.Eventually(t, "an answer", func() bool { return len(rd.peer.Sent(t)) == 1 })
	if text := rd.peer.Sent(t)[0].Text(); len(text) < 20 {
		t.Errorf("sent %q", text)
	}
}
