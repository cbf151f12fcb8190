package main

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"tanya/bot/bottest"
	"tanya/bot/telegram"
)

// TestKillTelegram is faults 1 to 3 and 18 of the list: it kills the program with SIGKILL at random moments while
// people write on Telegram, a server that others wrote. From outside it counts what became of every message: none lost,
// none counted twice, none answered before the one ahead of it, and answered twice at most those whose reply was on its
// way when the program died: the server had received it, and the database, read after the death, did not know.
// `go test ./cmd/tanya -run KillTelegram -kills 2000 -lanes 3 -timeout 4h` is the long form, with 20,000 messages on
// each database.
func TestKillTelegram(t *testing.T) {
	if testing.Short() {
		t.Skip("kills a service many times; left out of short runs")
	}
	bin, content := buildProgram(t), fewEntries(t)
	known := askAll(t, bin, content)
	killEverywhere(t, func(t *testing.T, n int, random *rand.Rand, env ...string) killed {
		return killOnTelegram(t, known, n, random, bin, append(env, "TANYA_CONTENT="+content)...)
	})
}

// killOnTelegram kills a service of its own n times. Two messages come for each chat: the first ones are answered at the
// latest after the lease of a dead process.
func killOnTelegram(t *testing.T, known answers, n int, random *rand.Rand, bin string, env ...string) killed {
	peer := bottest.StartCrabline(t)
	proxy := bottest.StartFaultProxy(t, peer.URL)
	s := startService(t, bin, append(env, "TANYA_TELEGRAM_TOKEN="+peer.Token, "TANYA_TELEGRAM_API="+proxy.URL)...)
	s.awaitTrained()
	k := newKilling(s, telegram.Name, n, random)
	k.watch(proxy)
	k.out.messages = eachKill * n
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range k.out.messages {
			peer.Say(t, bottest.Say{Chat: int64(1 + i/2), Text: questions()[i%2]})
			k.wait(i)
		}
	})
	k.run()
	wg.Wait()
	k.end(func() int {
		n := 0
		for _, all := range heard(t, peer, known, nil) {
			n += len(all)
		}
		return n
	})
	got := heard(t, peer, known, &k.out)
	for chat := 1; chat <= k.out.messages/2; chat++ {
		k.out.judge([]int{0, 1}, got[strconv.Itoa(chat)])
	}
	if strings.Contains(s.log.String(), strings.SplitN(peer.Token, ":", 2)[1]) {
		t.Error("the token stands in the program's output")
	}
	bottest.CheckBotAPI(t, proxy.Seen())
	return k.out
}

// heard returns what each chat was answered, by what it answers, and counts what came twice if out is there.
func heard(t *testing.T, peer *bottest.Crabline, known answers, out *killed) map[string][]int {
	t.Helper()
	got := map[string][]int{}
	for _, c := range peer.Sent(t) {
		answer, all := known.of(readable(t, c)), got[c.Chat()]
		switch {
		case answer >= 0 && (len(all) == 0 || all[len(all)-1] != answer):
			got[c.Chat()] = append(all, answer)
		case out == nil:
		case answer < 0:
			t.Errorf("an answer to nothing: %.80q", c.Text())
		default:
			out.twiceAnswered++
		}
	}
	return got
}

// readable is the text of a message without its markup.
func readable(t *testing.T, c bottest.Call) string {
	t.Helper()
	if c.Body["parse_mode"] != "HTML" {
		return c.Text()
	}
	plain, err := bottest.ParseHTML(c.Text())
	fatal(t, err)
	return plain
}

// watch watches the sends that pass a proxy to Telegram, and whether messages are asked for.
func (k *killing) watch(p *bottest.FaultProxy) {
	k.asks = true
	p.Always("getUpdates", func(http.ResponseWriter, *bottest.Request) bool {
		k.asked.Store(true)
		return false
	})
	for _, method := range []string{"sendMessage", "sendPhoto", "editMessageText"} {
		p.Always(method, func(rw http.ResponseWriter, r *bottest.Request) bool {
			// A server breaks a handler off by a panic when its client is gone.
			defer k.wire.begin(r.Form.Get("chat_id"))()
			r.Pass(rw)
			return true
		})
	}
}
