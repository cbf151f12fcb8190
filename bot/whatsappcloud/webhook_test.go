package whatsappcloud

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tanya/bot"
)

func TestVerification(t *testing.T) {
	r := newRig(t)
	for _, c := range []struct {
		name, mode, token, challenge string
		want                         int
	}{
		{"Meta's question", "subscribe", testVerify, "1158201444", 200},
		{"another mode", "unsubscribe", testVerify, "1", 403},
		{"no mode", "", testVerify, "1", 403},
		{"wrong token", "subscribe", testVerify + "x", "1", 403},
		{"beginning of the token", "subscribe", testVerify[:5], "1", 403},
		{"no token", "subscribe", "", "1", 403},
		{"a book", "subscribe", testVerify, strings.Repeat("1", challengeMax+1), 403},
	} {
		q := url.Values{"hub.mode": {c.mode}, "hub.verify_token": {c.token}, "hub.challenge": {c.challenge}}
		w := httptest.NewRecorder()
		r.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/whatsapp/webhook?"+q.Encode(), nil))
		if w.Code != c.want || (w.Code == 200) != (w.Body.String() == c.challenge) {
			t.Errorf("%s: %d %q", c.name, w.Code, w.Body)
		}
		if w.Code == 200 && !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") {
			t.Errorf("the challenge comes back as %s", w.Header().Get("Content-Type"))
		}
	}
	w := httptest.NewRecorder()
	r.handler.ServeHTTP(w, httptest.NewRequest(http.MethodPut, "/whatsapp/webhook", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("PUT: %d", w.Code)
	}
}

// TestForgery is property: nothing is taken without the one right signature over these very bytes.
func TestForgery(t *testing.T) {
	r := newRig(t)
	body := []byte(wrap(`{"from":"62811","id":"wamid.A","timestamp":"1749416383","type":"text","text":{"body":"kapan nyoblos 😀 ` + "\u00e9" + `"}}`))
	good := sign(testSecret, body)
	tried := 0
	refused := func(name string, body []byte, signatures ...string) {
		t.Helper()
		tried++
		if w := r.deliver(body, signatures...); w.Code != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	refused("missing", body)
	refused("empty", body, "")
	refused("doubled", body, good, good)
	refused("right and wrong", body, good, sign("x", body))
	refused("joined", body, good+","+good)
	refused("other secret", body, sign("other", body))
	refused("empty secret", body, sign("", body))
	refused("of another body", body, sign(testSecret, append(bytes.Clone(body), ' ')))
	refused("without its name", body, strings.TrimPrefix(good, signatureStart))
	refused("under another name", body, "sha1=aa"+good[9:])
	refused("capitals", body, signatureStart+strings.ToUpper(good[7:]))
	refused("with a blank", body, good[:70]+" ")
	var again any
	if err := json.Unmarshal(body, &again); err != nil {
		t.Fatal(err)
	}
	written, err := json.Marshal(again)
	if err != nil {
		t.Fatal(err)
	}
	refused("written anew", written, good)
	refused("cut off", body[:len(body)-1], good)
	for i := range body {
		for _, flip := range []byte{0x01, 0x20, 0x80} {
			m := bytes.Clone(body)
			m[i] ^= flip
			refused(fmt.Sprintf("byte %d of the body", i), m, good)
		}
	}
	for i := range good {
		for _, flip := range []byte{0x01, 0x20, 0x80} {
			s := []byte(good)
			s[i] ^= flip
			refused(fmt.Sprintf("byte %d of the signature", i), body, string(s))
		}
		refused("shorter", body, good[:i])
	}
	if n := len(r.inbox.Messages()); n != 0 {
		t.Errorf("%d forged messages were taken", n)
	}
	r.hook(string(body))
	if n := len(r.inbox.Messages()); n != 1 {
		t.Errorf("%d true messages were taken", n)
	}
	t.Logf("%d forgeries refused, 0 taken", tried)
}

func TestNotBeforeItIsOnDisk(t *testing.T) {
	r := newRig(t)
	body := []byte(wrap(`{"from":"62811","id":"wamid.A","timestamp":"1749416383","type":"text","text":{"body":"halo"}}`))
	r.inbox.Fail(func(bot.Batch) error { return bot.Errorf(bot.Transient, "the disk is full") })
	w := r.deliver(body, sign(testSecret, body))
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("a full disk: %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	r.inbox.Fail(nil)
	r.hook(string(body))
	r.hook(string(body))
	if got := r.inbox.Messages(); len(got) != 1 || r.inbox.Repeats() != 1 {
		t.Errorf("%d messages, %d repeats", len(got), r.inbox.Repeats())
	}
	r.accepter.Store(nil)
	if w := r.deliver(body, sign(testSecret, body)); w.Code != http.StatusServiceUnavailable {
		t.Errorf("before the engine runs: %d", w.Code)
	}
}

func TestOneThatTheLedgerRefuses(t *testing.T) {
	r := newRig(t)
	r.inbox.Fail(func(b bot.Batch) error {
		for _, m := range b.Messages {
			if m.Text == "racun" {
				return bot.Errorf(bot.Invalid, "cannot be kept")
			}
		}
		return nil
	})
	var all []string
	for i := range 5 {
		words := "halo"
		if i == 2 {
			words = "racun"
		}
		all = append(all, fmt.Sprintf(`{"from":"62811","id":"wamid.%d","timestamp":"1749416383","type":"text","text":{"body":%q}}`, i, words))
	}
	r.hook(wrap(all...))
	if n := len(r.inbox.Messages()); n != 4 {
		t.Errorf("%d of 4 messages were taken", n)
	}
}

func TestTooLong(t *testing.T) {
	r := newRig(t)
	body := bytes.Repeat([]byte(" "), webhookMax+1)
	if w := r.deliver(body, sign(testSecret, body)); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("%d", w.Code)
	}
	if w := r.deliver(body[1:], sign(testSecret, body[1:])); w.Code != http.StatusOK {
		t.Errorf("four megabytes: %d", w.Code)
	}
}

// TestThousandChanges is the largest request that Meta announces, with repeats, out of order, and with others between.
func TestThousandChanges(t *testing.T) {
	r := newRig(t)
	var changes []string
	for i := range 900 {
		changes = append(changes, fmt.Sprintf(`{"field":"messages","value":{"metadata":{"phone_number_id":%q},"messages":[{"from":"62811%03d","id":"wamid.%d","timestamp":"%d","type":"text","text":{"body":"%d"}}]}}`,
			testNumber, i%30, i, 1749416383+i, i))
	}
	for i := range 50 {
		changes = append(changes, changes[i*3], `{"field":"account_update","value":{"event":"x"}}`)
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(changes), func(i, j int) { changes[i], changes[j] = changes[j], changes[i] })
	started := time.Now()
	r.hook(`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[` + strings.Join(changes, ",") + `]}]}`)
	got := r.inbox.Messages()
	if len(got) != 900 || r.inbox.Repeats() != 50 {
		t.Fatalf("%d messages, %d repeats", len(got), r.inbox.Repeats())
	}
	if !slices.IsSortedFunc(got, func(a, b bot.Message) int { return a.Sent.Compare(b.Sent) }) {
		t.Error("the messages are not in the order in which they were sent")
	}
	t.Logf("1,000 changes in %v", time.Since(started).Round(time.Millisecond))
}

func TestNotForUs(t *testing.T) {
	r := newRig(t)
	r.hook(wrap(`{"from":"62811","id":"wamid.G","timestamp":"1","type":"text","group_id":"Y2Fw","text":{"body":"di grup"}}`))
	r.hook(strings.ReplaceAll(wrap(`{"from":"62811","id":"wamid.N","timestamp":"1","type":"text","text":{"body":"nomor lain"}}`), testNumber, "999"))
	r.hook(strings.ReplaceAll(wrap(`{"from":"62811","id":"wamid.E","timestamp":"1","type":"text","text":{"body":"gema"}}`), `"field":"messages"`, `"field":"smb_message_echoes"`))
	r.hook(wrap(`{"from":"62811","id":"wamid.K","timestamp":"1","type":"text","text":{"body":"  "}}`))
	if got := r.inbox.Messages(); len(got) != 0 {
		t.Errorf("taken: %v", got)
	}
	counts := r.Status().Counts
	for _, k := range []string{"skipped_group", "skipped_number", "skipped_field", "skipped_empty"} {
		if counts[k] != 1 {
			t.Errorf("%s: %d", k, counts[k])
		}
	}
}

// TestOddParts: what cannot be read is counted in the ledger and keeps nothing else away.
func TestOddParts(t *testing.T) {
	good := `{"from":"62811","id":"wamid.A","timestamp":"1749416383","type":"text","text":{"body":"halo"}}`
	for _, odd := range []string{
		`7`, `null`, `[]`, `"x"`, `{}`, `{"id":7}`, `{"from":"62811","id":"wamid.B","type":"text","text":"not an object"}`,
		`{"from":"62811","id":"wa mid","type":"text","text":{"body":"x"}}`, `{"id":"wamid.B","type":"text","text":{"body":"nobody"}}`,
		`{"from":"someone else","id":"wamid.B","type":"text","text":{"body":"x"}}`,
	} {
		r := newRig(t)
		for range 2 {
			r.hook(wrap(odd, good))
		}
		var kinds []bot.Kind
		for _, m := range r.inbox.Messages() {
			kinds = append(kinds, m.Kind)
		}
		slices.Sort(kinds)
		if !slices.Equal(kinds, []bot.Kind{bot.Broken, bot.Text}) {
			t.Errorf("%s: %v", odd, kinds)
		}
	}
	r := newRig(t)
	for _, body := range []string{`nonsense`, ``, `[]`, `{"entry":7}`, `{"entry":[7]}`, `{"entry":[{"changes":[7]}]}`, `{"entry":[{"changes":[{"field":"messages","value":7}]}]}`} {
		r.hook(body)
	}
	for _, m := range r.inbox.Messages() {
		if m.Kind != bot.Broken || m.Text != "" || m.Address != "" {
			t.Errorf("%+v", m)
		}
	}
}

// FuzzWebhook: whatever is signed, the webhook answers, and what it takes can be kept and answered.
func FuzzWebhook(f *testing.F) {
	for _, m := range []string{
		`{"from":"62811","id":"wamid.A","timestamp":"1749416383","type":"text","text":{"body":"halo\u0000"}}`,
		`{"from_user_id":"ID.123","id":"wamid.A","timestamp":1749416383,"type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"e:jam-tps","title":"1. Jam"}}}`,
		`{"from":"62811","id":"wamid.A","timestamp":"x","type":"button","button":{"payload":"tanya:menu","text":"Menu"}}`,
		`{"from":"62811","id":"wamid.A","timestamp":"1","type":"image","image":{"caption":"apa ini"}}`,
		`null`,
	} {
		f.Add([]byte(wrap(m)))
	}
	f.Add([]byte(notices(`{"id":"wamid.O","status":"failed","timestamp":"1","biz_opaque_callback_data":"1/1","errors":[{"code":131047}]}`)))
	f.Add([]byte(`{"entry":[{"changes":[null]}]}`))
	r := newRig(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		var taken []bot.Message
		r.open(accepts(func(b bot.Batch) { taken = b.Messages }))
		if w := r.deliver(body, sign(testSecret, body)); w.Code != http.StatusOK {
			t.Errorf("answered %d", w.Code)
		}
		for _, m := range taken {
			if m.External == "" || m.Channel != Name || strings.ContainsRune(m.Text+m.Choice, 0) {
				t.Errorf("%+v", m)
			}
			if m.Kind == bot.Broken {
				continue
			}
			if _, err := parseAddress(m.Address); err != nil {
				t.Errorf("%q: %v", m.Address, err)
			}
		}
	})
}

// accepts is an Accepter that never fails.
type accepts func(bot.Batch)

func (f accepts) Accept(_ context.Context, b bot.Batch) error { f(b); return nil }

func (accepts) Cursor(context.Context, string) (string, error) { return "", nil }
