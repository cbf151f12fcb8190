package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tanya/bot/whatsappcloud"
)

// TestKillCloud kills the program with SIGKILL at random moments while people write on WhatsApp's Cloud API. A stand-in of
// Meta repeats every webhook until it is acknowledged, repeats some that were, and delivers some in another order than
// they were written in. From outside it is counted, as on Telegram: every message once and answered, a person's messages
// in the order in which they came, and answered twice at most those whose reply was on its way when the program died.
// `go test ./cmd/tanya -run KillCloud -kills 1000 -lanes 2 -timeout 4h` is the long form.
func TestKillCloud(t *testing.T) {
	if testing.Short() {
		t.Skip("kills a service many times; left out of short runs")
	}
	bin, content := buildProgram(t), fewEntries(t)
	known := askAll(t, bin, content)
	killEverywhere(t, func(t *testing.T, n int, random *rand.Rand, env ...string) killed {
		return killOnCloud(t, known, n, random, bin, append(env, "TANYA_CONTENT="+content)...)
	})
}

// killOnCloud kills a service of its own n times.
func killOnCloud(t *testing.T, known answers, n int, random *rand.Rand, bin string, env ...string) killed {
	m := newMeta(t)
	s := startService(t, bin, append(env, "TANYA_WHATSAPP_CLOUD_TOKEN="+metaToken, "TANYA_WHATSAPP_CLOUD_APP_SECRET="+metaSecret,
		"TANYA_WHATSAPP_CLOUD_VERIFY_TOKEN=v", "TANYA_WHATSAPP_CLOUD_PHONE_ID="+metaPhone, "TANYA_WHATSAPP_CLOUD_API="+m.graph.URL)...)
	s.awaitTrained()
	k := newKilling(s, whatsappcloud.Name, n, random)
	m.wire, m.webhook = k.wire, s.url+cloudWebhook
	const writers = 4
	parties := (eachKill*n + partyMessages - 1) / partyMessages
	k.out.messages = parties * partyMessages
	var next, said atomic.Int64
	var wg sync.WaitGroup
	for range writers {
		random := rand.New(rand.NewPCG(random.Uint64(), random.Uint64()))
		wg.Go(func() {
			for p := next.Add(1) - 1; int(p) < parties; p = next.Add(1) - 1 {
				m.deliver(m.requests(int(p), random), random, func(messages int) { k.wait(int(said.Add(int64(messages)))) })
			}
		})
	}
	k.run()
	wg.Wait()
	k.end(func() int {
		m.mu.Lock()
		defer m.mu.Unlock()
		marks := map[string]bool{}
		for _, s := range m.sent {
			marks[s.mark] = true
		}
		return len(marks)
	})
	m.judge(known, &k.out)
	t.Logf("%d webhooks acknowledged, %d of them repeats; %d tries were not", m.acknowledged.Load(), m.repeated.Load(), m.refused.Load())
	if m.acknowledged.Load() == m.repeated.Load() || m.repeated.Load() == 0 || n > 0 && m.refused.Load() == 0 {
		t.Error("nothing was delivered, repeated or refused: the test shows nothing")
	}
	if strings.Contains(s.log.String(), metaToken) || strings.Contains(s.log.String(), metaSecret) {
		t.Error("a secret stands in the program's output")
	}
	return k.out
}

// What Meta and the program know of each other.
const (
	metaToken  = "token-of-meta"
	metaSecret = "secret-of-meta"
	metaPhone  = "106540352242922"
)

// meta stands in for Meta: it takes what the program sends to the Graph API, and hands it signed webhooks.
type meta struct {
	t       *testing.T
	graph   *httptest.Server
	webhook string // address of the program's
	client  *http.Client
	wire    *wire

	acknowledged, repeated, refused atomic.Int64 // webhooks; repeated: of those acknowledged; refused: tries

	mu      sync.Mutex
	sent    []cloudSend
	notices []string         // of what was sent, which are not told yet
	asked   map[string][]int // questions by person, in the order in which they came
}

// cloudSend is a message that the program has sent to a person.
type cloudSend struct {
	to, mark string // mark is the program's own number of the reply
	text     string
}

func newMeta(t *testing.T) *meta {
	t.Helper()
	m := &meta{t: t, asked: map[string][]int{}, client: &http.Client{Timeout: 10 * time.Second}}
	m.graph = httptest.NewServer(m)
	t.Cleanup(func() {
		m.graph.CloseClientConnections()
		m.graph.Close()
	})
	return m
}

// ServeHTTP is the Graph API: it takes every message, a little while later than at once.
func (m *meta) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	if q.Method == http.MethodGet {
		_, _ = io.WriteString(w, `{"id":"`+metaPhone+`","verified_name":"KPU","display_phone_number":"+62 296","quality_rating":"GREEN"}`)
		return
	}
	var body map[string]any
	if json.NewDecoder(q.Body).Decode(&body) != nil {
		return // the program died
	}
	if body["status"] == "read" {
		_, _ = io.WriteString(w, `{"success":true}`)
		return
	}
	to, _ := body["recipient"].(string)
	mark, _ := body["biz_opaque_callback_data"].(string)
	defer m.wire.begin("u:" + to)() // the address of whoever shows no telephone number
	var text strings.Builder
	read(body, &text)
	time.Sleep(time.Duration(rand.Int64N(int64(20 * time.Millisecond))))
	m.mu.Lock()
	m.sent = append(m.sent, cloudSend{to, mark, text.String()})
	id := fmt.Sprintf("wamid.out%d", len(m.sent))
	m.notices = append(m.notices, fmt.Sprintf(`{"id":%q,"status":"delivered","timestamp":"%d","biz_opaque_callback_data":%q}`, id, time.Now().Unix(), mark))
	m.mu.Unlock()
	time.Sleep(time.Duration(rand.Int64N(int64(20 * time.Millisecond))))
	fmt.Fprintf(w, `{"messaging_product":"whatsapp","messages":[{"id":%q}]}`, id)
}

// A party are people whose messages come in the same webhooks.
const (
	partyPeople   = 3
	partyMessages = 4 * partyPeople // each asks all questions
)

// cloudRequest is a webhook and what people ask in it.
type cloudRequest struct {
	changes []string
	who     []string
	asks    []int
}

// requests makes the webhooks of a party, in the order in which they are delivered: one to three messages in each, listed
// in any order, and some webhooks before one that was written earlier. A request is read in the order of its times.
func (m *meta) requests(party int, random *rand.Rand) []cloudRequest {
	var turns []int
	asks := make([][]int, partyPeople)
	for i := range asks {
		asks[i] = random.Perm(len(questions()))
		turns = append(turns, slices.Repeat([]int{i}, len(asks[i]))...)
	}
	random.Shuffle(len(turns), func(i, j int) { turns[i], turns[j] = turns[j], turns[i] })
	written := time.Now().Add(-time.Minute).Unix()
	var all []cloudRequest
	for room := 0; len(turns) > 0; room-- {
		if room == 0 {
			room = 1 + random.IntN(3)
			all = append(all, cloudRequest{})
		}
		r, person := &all[len(all)-1], turns[0]
		who, ask := fmt.Sprintf("ID.%d.%d", party, person), asks[person][0]
		turns, asks[person] = turns[1:], asks[person][1:]
		r.changes = append(r.changes, fmt.Sprintf(`"contacts":[{"user_id":%q}],"messages":[{"from_user_id":%q,"id":"wamid.in.%s.%d","timestamp":"%d","type":"text","text":{"body":%s}}]`,
			who, who, who, ask, written+int64(partyMessages-len(turns)), quoted(questions()[ask])))
		r.who, r.asks = append(r.who, who), append(r.asks, ask)
	}
	for i := range all {
		c := all[i].changes
		random.Shuffle(len(c), func(a, b int) { c[a], c[b] = c[b], c[a] })
		if i > 0 && random.IntN(4) == 0 {
			all[i-1], all[i] = all[i], all[i-1]
		}
	}
	return all
}

// deliver delivers the webhooks of a party one after the other, each until it is acknowledged, some twice at once, and
// some that were acknowledged again meanwhile. After each it waits, told how many messages it held.
func (m *meta) deliver(all []cloudRequest, random *rand.Rand, wait func(messages int)) {
	var again sync.WaitGroup
	defer again.Wait()
	repeat := func(body string) {
		again.Go(func() {
			m.push(body)
			m.repeated.Add(1)
		})
	}
	var bodies []string
	for _, r := range all {
		body := m.compose(r)
		if random.IntN(4) == 0 {
			repeat(body)
		}
		m.push(body)
		m.mu.Lock()
		for i, who := range r.who {
			m.asked[who] = append(m.asked[who], r.asks[i])
		}
		m.mu.Unlock()
		bodies = append(bodies, body)
		if random.IntN(3) == 0 {
			repeat(bodies[random.IntN(len(bodies))])
		}
		wait(len(r.who))
	}
}

// compose writes a webhook down, with the notices of what was sent lately.
func (m *meta) compose(r cloudRequest) string {
	m.mu.Lock()
	told := m.notices
	m.notices = nil
	m.mu.Unlock()
	parts := r.changes
	if len(told) > 0 {
		parts = append(parts, `"statuses":[`+strings.Join(told, ",")+`]`)
	}
	var changes []string
	for _, p := range parts {
		changes = append(changes, `{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"62296","phone_number_id":"`+metaPhone+`"},`+p+`}}`)
	}
	return `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[` + strings.Join(changes, ",") + `]}]}`
}

// push posts a webhook until it is acknowledged.
func (m *meta) push(body string) {
	sum := hmac.New(sha256.New, []byte(metaSecret))
	_, _ = io.WriteString(sum, body)
	signature := "sha256=" + hex.EncodeToString(sum.Sum(nil))
	for m.t.Context().Err() == nil {
		status, err := m.post(body, signature)
		switch {
		case err != nil, status == http.StatusServiceUnavailable: // dead, or not ready yet
			m.refused.Add(1)
			time.Sleep(20 * time.Millisecond)
		case status == http.StatusOK:
			m.acknowledged.Add(1)
			return
		default:
			m.t.Errorf("a webhook was answered with %d", status)
			return
		}
	}
}

func (m *meta) post(body, signature string) (int, error) {
	req, err := http.NewRequestWithContext(context.WithoutCancel(m.t.Context()), http.MethodPost, m.webhook, strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Hub-Signature-256", signature)
	resp, err := m.client.Do(req)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}

// judge compares what people were sent with what they asked.
func (m *meta) judge(known answers, out *killed) {
	got, last := map[string][]int{}, map[string]string{}
	for _, s := range m.sent {
		answer := known.of(s.text)
		switch {
		case answer < 0:
			m.t.Errorf("an answer to nothing: %.80q", s.text)
		case last[s.to] == s.mark: // nothing else was sent to the person between the two
			out.twiceAnswered++
		default:
			got[s.to], last[s.to] = append(got[s.to], answer), s.mark
		}
	}
	for who, asked := range m.asked {
		out.judge(asked, got[who])
	}
}
