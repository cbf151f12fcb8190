package whatsappcloud

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/bottest"
	"tanya/bot/store"
)

// road is the whole way of a message: webhook, ledger on disk, real dialogue, stand-in of the Graph API.
type road struct {
	*rig
	store *store.Store
	url   string // of the webhook
	dir   string
	root  []byte
	stop  func()
}

func newRoad(t *testing.T) *road {
	t.Helper()
	rd := &road{rig: newRig(t), dir: t.TempDir()}
	var err error
	if rd.root, err = bot.NewRoot(nil); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(rd.handler)
	t.Cleanup(server.Close)
	rd.url = server.URL
	rd.accepter.Store(nil)
	return rd
}

// walk starts engine and channel.
func (rd *road) walk() *road {
	t := rd.t
	t.Helper()
	keys, err := bot.NewKeyring(rd.root, nil)
	if err != nil {
		t.Fatal(err)
	}
	if rd.store, err = store.Open(t.Context(), filepath.Join(rd.dir, "tanya.db"), keys, store.Options{}); err != nil {
		t.Fatal(err)
	}
	d, err := trained()
	if err != nil {
		t.Fatal(err)
	}
	engine := bot.NewEngine(rd.store, d, []bot.Channel{rd.Channel}, bot.EngineOptions{Log: rd.log})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- engine.Run(ctx) }()
	var once sync.Once
	rd.stop = func() {
		once.Do(func() {
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
			if err := rd.store.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	t.Cleanup(rd.stop)
	bottest.Eventually(t, "the channel runs", func() bool { return rd.accepter.Load() != nil })
	return rd
}

// push posts to the webhook until it is taken, as Meta does.
func (rd *road) push(body string) {
	rd.t.Helper()
	for range 200 {
		req, err := http.NewRequestWithContext(rd.t.Context(), http.MethodPost, rd.url, bytes.NewReader([]byte(body)))
		if err != nil {
			rd.t.Fatal(err)
		}
		req.Header.Set(signatureHeader, sign(testSecret, []byte(body)))
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	rd.t.Error("the webhook did not take a message")
}

func (rd *road) settled(messages int) {
	rd.t.Helper()
	bottest.Eventually(rd.t, fmt.Sprintf("%d replies", messages), func() bool {
		s, err := rd.store.Stats(rd.t.Context())
		return err == nil && s.Waiting == 0 && s.Outbox == 0 && len(rd.graph.messages()) >= messages
	})
}

// TestConversation: a person without a telephone number asks, taps, types a number, and comes back after a restart.
func TestConversation(t *testing.T) {
	rd := newRoad(t).walk()
	person := func(id, inner string) string {
		return value(fmt.Sprintf(`"contacts":[{"profile":{"name":%q,"username":"budi"},"user_id":%q}],"messages":[{"from_user_id":%q,"id":%q,"timestamp":"%d",%s}]`,
			canaryName, canaryUser, canaryUser, id, time.Now().Unix(), inner))
	}
	rd.push(person("wamid.1", `"type":"text","text":{"body":"jam berapa TPS buka?"}`))
	rd.settled(1)
	first := rd.graph.messages()
	for _, m := range first {
		if m["recipient"] != canaryUser || m["to"] != nil {
			t.Errorf("answered to %v / %v", m["recipient"], m["to"])
		}
	}
	rd.push(person("wamid.1", `"type":"text","text":{"body":"jam berapa TPS buka?"}`)) // Meta repeats itself
	rd.push(person("wamid.2", `"type":"text","text":{"body":"menu"}`))
	rd.settled(len(first) + 1)
	menu := rd.graph.messages()[len(first)]
	if at(menu, "interactive", "type") != "list" {
		t.Fatalf("the menu is %v", menu)
	}
	sections, _ := at(menu, "interactive", "action", "sections").([]any)
	rows, _ := at(sections[0], "rows").([]any)
	rd.push(person("wamid.3", fmt.Sprintf(`"type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":%q,"title":%q}}`, at(rows[1], "id"), at(rows[1], "title"))))
	rd.settled(len(first) + 2)
	byTap := rd.graph.messages()[len(first)+1]

	rd.push(person("wamid.4", `"type":"text","text":{"body":"menu"}`))
	rd.settled(len(first) + 3)
	rd.stop()
	rd.walk()
	rd.push(person("wamid.5", `"type":"text","text":{"body":"2"}`))
	rd.settled(len(first) + 4)
	all := rd.graph.messages()
	if len(all) != len(first)+4 {
		t.Errorf("%d messages", len(all))
	}
	typed := all[len(all)-1]
	if a, b := fmt.Sprint(byTap["interactive"]), fmt.Sprint(typed["interactive"]); a != b || a == "<nil>" {
		t.Errorf("tapping and typing differ:\n%s\n%s", a, b)
	}
}

// TestBurst: 120 people write at once, three messages each, each delivered two or three times; the Graph API loses
// answers and fails. Everybody is answered, in order; only what broke off can arrive twice, and seldom does, because the
// notice comes first.
func TestBurst(t *testing.T) {
	const people, each = 120, 3
	rd := newRoad(t)
	var mu sync.Mutex
	attempt := 0
	var out []string
	rd.graph.onAll(func(w http.ResponseWriter, body map[string]any) bool {
		mu.Lock()
		attempt++
		n := attempt
		mu.Unlock()
		switch {
		case n%17 == 0: // taken, and the answer is lost
			id := rd.graph.keep(body)
			go rd.push(notices(fmt.Sprintf(`{"id":%q,"status":"sent","timestamp":"%d","biz_opaque_callback_data":%q}`, id, time.Now().Unix(), body["biz_opaque_callback_data"])))
			panic(http.ErrAbortHandler)
		case n%41 == 0:
			return refuse(500, 131016, 0)(w, body)
		}
		return false
	})
	rd.graph.sent = func(_ string, m map[string]any) {
		mu.Lock()
		defer mu.Unlock()
		out = append(out, text(m["recipient"])+" "+text(m["biz_opaque_callback_data"]))
	}
	rd.walk()
	var wg sync.WaitGroup
	for p := range people {
		wg.Go(func() {
			for i := range each {
				body := wrap(fmt.Sprintf(`{"from_user_id":"ID.%d","id":"wamid.%d.%d","timestamp":"%d","type":"text","text":{"body":"menu"}}`, p, p, i, time.Now().Unix()))
				for range 1 + (p+i)%2 + 1 {
					rd.push(body)
				}
			}
		})
	}
	wg.Wait()
	rd.settled(people * each)
	stats, err := rd.store.Stats(t.Context())
	if err != nil || stats.Dead != 0 {
		t.Errorf("%d replies given up (%v)", stats.Dead, err)
	}
	seen, last, twice := map[string]int{}, map[string]int64{}, 0
	for _, line := range out {
		who, number, _ := strings.Cut(line, " ")
		if seen[line]++; seen[line] > 1 {
			twice++
		}
		var n int64
		if _, err := fmt.Sscan(number, &n); err != nil {
			t.Fatal(err)
		}
		if n < last[who] {
			t.Errorf("%s: reply %d after %d", who, n, last[who])
		}
		last[who] = n
	}
	if len(seen) != people*each || len(last) != people {
		t.Errorf("%d replies to %d people", len(seen), len(last))
	}
	t.Logf("%d messages of %d people: %d replies, %d sent twice, %d requests, %d settled by a notice", people*each, people, len(seen), twice, rd.graph.attempts(), rd.Status().Counts["arrived"])
	if lost := rd.graph.attempts() / 17; twice > lost {
		t.Errorf("%d replies were sent twice, and only %d broke off", twice, lost)
	}
}
