package webchat

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// reader is a client of the stream.
type reader struct {
	t     *testing.T
	resp  *http.Response
	lines *bufio.Scanner
	stop  context.CancelFunc
}

func listenTo(t *testing.T, b *http.Client, address string, header ...string) *reader {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := b.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = resp.Body.Close() })
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	return &reader{t, resp, lines, cancel}
}

// until reads up to a line that begins so.
func (r *reader) until(prefix string) string {
	r.t.Helper()
	for r.lines.Scan() {
		if strings.HasPrefix(r.lines.Text(), prefix) {
			return r.lines.Text()
		}
	}
	r.t.Fatalf("the stream ended before %q: %v", prefix, r.lines.Err())
	return ""
}

func TestStream(t *testing.T) {
	h, b := open(t, func(c *Config, _ *Deps) { c.Heartbeat, c.Look = 30*time.Millisecond, time.Hour }), browser(t)
	get(t, b, h.server.URL)
	ask := func(id, text string) {
		t.Helper()
		post(t, b, h.server.URL+"/tanya", url.Values{"id": {id}, "teks": {text}}, "Accept", "application/json")
	}
	first, second := listenTo(t, b, h.server.URL+"/aliran"), listenTo(t, b, h.server.URL+"/aliran?after=0")
	if got := first.resp.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/event-stream") {
		t.Errorf("type %s", got)
	}
	first.until(": tanya")
	first.until(":") // it shows that it lives
	ask(someID+"1", "jam berapa?")
	for _, r := range []*reader{first, second} {
		r.until("id: 1")
		r.until("event: jawaban")
		if line := r.until("data: <article"); !strings.Contains(line, `data-id="1"`) {
			t.Errorf("event %s", line)
		}
	}
	first.stop()
	ask(someID+"2", "TPS bukak jam pinten?")
	second.until("id: 2")
	// A stream that comes back goes on where it was cut.
	again := listenTo(t, b, h.server.URL+"/aliran?after=0", "Last-Event-ID", "1")
	if line := again.until("id: "); line != "id: 2" {
		t.Errorf("after 1 comes %s", line)
	}
	again.until(`data: <article class="pesan" lang="jv"`)

	// Nobody hears what is meant for somebody else.
	other := browser(t)
	get(t, other, h.server.URL)
	if _, body := get(t, other, h.server.URL+"/jawaban"); strings.Contains(body, "TPS") {
		t.Errorf("somebody else reads %s", body)
	}

	h.stop()
	for again.lines.Scan() { // ends, or the test runs into its deadline
	}
	if err := again.lines.Err(); err != nil {
		t.Errorf("the stream was cut: %v", err)
	}
}

// TestLook finds replies that another process has sent, without a ring.
func TestLook(t *testing.T) {
	h, b := open(t, func(c *Config, _ *Deps) { c.Look = 20 * time.Millisecond }), browser(t)
	get(t, b, h.server.URL)
	u, _ := url.Parse(h.server.URL)
	key := b.Jar.Cookies(u)[0].Value
	r := listenTo(t, b, h.server.URL+"/aliran")
	r.until(": tanya")
	h.mu.Lock()
	h.replies = append(h.replies, bot.Outgoing{ID: 7, Chat: "chat-of-" + key, Reply: bot.Reply{Lang: faq.English, Text: "Hello."}})
	h.mu.Unlock()
	r.until("id: 7")
	r.until("data: <p>Hello.</p>")
}

// TestLedgerTrouble keeps a stream open while the ledger cannot be read.
func TestLedgerTrouble(t *testing.T) {
	h, b := open(t, func(c *Config, _ *Deps) { c.Look = 20 * time.Millisecond }), browser(t)
	get(t, b, h.server.URL)
	h.fail(nil, errTest)
	r := listenTo(t, b, h.server.URL+"/aliran")
	r.until(": tanya")
	if resp, _ := get(t, b, h.server.URL+"/jawaban"); resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" {
		t.Errorf("a poll: %d", resp.StatusCode)
	}
	if resp, _ := get(t, b, h.server.URL); resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("the page: %d", resp.StatusCode)
	}
	h.fail(nil, nil)
	post(t, b, h.server.URL+"/tanya", url.Values{"id": {someID}, "teks": {"jam berapa?"}}, "Accept", "application/json")
	r.until("id: 1")
}

func TestStreamsAreBounded(t *testing.T) {
	h, b := open(t, func(c *Config, _ *Deps) { c.Limits.StreamsOfChat = 1 }), browser(t)
	if resp, _ := get(t, b, h.server.URL+"/aliran"); resp.StatusCode != http.StatusNotFound {
		t.Errorf("a stream of nobody: %d", resp.StatusCode)
	}
	get(t, b, h.server.URL)
	one := listenTo(t, b, h.server.URL+"/aliran")
	one.until(": tanya")
	if resp, _ := get(t, b, h.server.URL+"/aliran"); resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a second stream: %d", resp.StatusCode)
	}
	one.stop()
	for range 500 {
		if h.streams() == 0 {
			if n := len(h.channel.gate.streamsOfChat) + len(h.channel.gate.streamsOfAddress); n > 0 {
				t.Errorf("%d are still remembered", n)
			}
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("a closed stream is still counted")
}

// TestProgram is a conversation of another program, without cookies.
func TestProgram(t *testing.T) {
	h, b := open(t, nil), &http.Client{Timeout: 10 * time.Second}
	resp, body := send(t, b, h.server.URL+"/tanya", "application/json", `{"id":"`+someID+`","text":"jam berapa?"}`, "Accept", "application/json")
	var took struct{ ID, Key string }
	if err := json.Unmarshal([]byte(body), &took); err != nil || resp.StatusCode != http.StatusAccepted || took.ID != someID || !goodKey(took.Key) {
		t.Fatalf("%d %s", resp.StatusCode, body)
	}
	_, body = send(t, b, h.server.URL+"/tanya", "application/json", `{"id":"`+someID+`2","choice":"e:jam-tps"}`, "Accept", "application/json", keyHeader, took.Key)
	if strings.Contains(body, "key") {
		t.Errorf("a second key: %s", body)
	}
	var got struct {
		Replies []struct {
			ID      int64
			Text    string
			Source  string
			Choices []bot.Choice
		}
		After int64
	}
	for after := "0"; got.After < 2; {
		_, body = get(t, b, h.server.URL+"/jawaban?after="+after, keyHeader, took.Key)
		if err := json.Unmarshal([]byte(body), &got); err != nil {
			t.Fatal(err)
		}
	}
	if r := got.Replies; len(r) != 2 || !strings.Contains(r[0].Text, "07.00") || r[0].Source == "" || len(r[0].Choices) != 2 || r[1].Text != "Anda memilih e:jam-tps." {
		t.Errorf("%+v", got)
	}
	if _, body = get(t, b, h.server.URL+"/jawaban?after=2", keyHeader, took.Key); strings.TrimSpace(body) != `{"after":2,"replies":[]}` {
		t.Errorf("nothing new: %s", body)
	}
	resp, body = get(t, b, h.server.URL+"/jawaban?after=1", keyHeader, took.Key, "Accept", "text/html")
	if resp.Header.Get("Tanya-After") != "2" || !strings.Contains(body, "<article") {
		t.Errorf("as HTML: %s %s", resp.Header.Get("Tanya-After"), body)
	}
	for _, bad := range []string{"", "short", strings.Repeat("A", 23), took.Key + "=", "../../etc/passwd"} {
		if _, body := get(t, b, h.server.URL+"/jawaban", keyHeader, bad); strings.Contains(body, "TPS") {
			t.Errorf("the key %q reads %s", bad, body)
		}
	}
}
