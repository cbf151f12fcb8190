package simulate

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Telegram plays the Bot API for a service that was started with its address in TANYA_TELEGRAM_API and any token. It
// keeps the platform's promises: an update is given out until a higher offset confirms it, and an update that was
// confirmed never comes again. Its handler is safe for concurrent use.
type Telegram struct {
	mu      sync.Mutex
	updates []update // not confirmed
	next    int64
	wake    chan struct{}
	waiting map[int64]chan struct{} // closed when the update is confirmed
	replies map[int64][]string      // entries by chat, "" where a reply is about none
	name    func(text string) string
	edits   int64
}

type update struct {
	id   int64
	body json.RawMessage
}

// NewTelegram returns a server without updates. entry names the entry that a reply's text is about, "" for none.
func NewTelegram(entry func(text string) string) *Telegram {
	return &Telegram{next: 1, wake: make(chan struct{}), waiting: map[int64]chan struct{}{}, replies: map[int64][]string{}, name: entry}
}

// chat is the person's number.
func chat(person string) int64 {
	raw, _ := hex.DecodeString(person) // nameOf wrote it
	var n int64
	for _, b := range raw[9:] {
		n = n<<8 | int64(b)
	}
	return n&0xffffffffff + 1
}

// Ask hands out a message and waits until the service has confirmed it.
func (t *Telegram) Ask(ctx context.Context, person string, n int, text string) error {
	who := chat(person)
	body, err := json.Marshal(map[string]any{
		"message_id": n + 1, "date": time.Now().Unix(), "text": text,
		"chat": map[string]any{"id": who, "type": "private", "first_name": "Warga"},
		"from": map[string]any{"id": who, "is_bot": false, "first_name": "Warga", "language_code": "id"},
	})
	if err != nil {
		return err
	}
	t.mu.Lock()
	id := t.next
	t.next++
	confirmed := make(chan struct{})
	t.waiting[id] = confirmed
	t.updates = append(t.updates, update{id, json.RawMessage(`{"update_id":` + strconv.FormatInt(id, 10) + `,"message":` + string(body) + `}`)})
	close(t.wake)
	t.wake = make(chan struct{})
	t.mu.Unlock()
	select {
	case <-confirmed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Replies lists what was sent to the person.
func (t *Telegram) Replies(_ context.Context, person string) ([]string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]string(nil), t.replies[chat(person)]...), nil
}

// ServeHTTP answers the methods that the service calls.
func (t *Telegram) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method := path.Base(r.URL.Path)
	_ = r.ParseMultipartForm(10 << 20) // a plain form is read too; the error only says that it is one
	var result any = true
	switch method {
	case "getMe":
		result = map[string]any{"id": 1, "is_bot": true, "first_name": "Tanya", "username": "tanya_simulasi_bot"}
	case "getUpdates":
		result = t.poll(r)
	case "getWebhookInfo":
		result = map[string]any{"url": "", "pending_update_count": 0}
	case "getMyCommands":
		result = []any{}
	case "getMyName", "getMyDescription", "getMyShortDescription":
		result = map[string]any{"name": "", "description": "", "short_description": ""}
	case "sendMessage", "sendPhoto":
		result = t.sent(r, method == "sendMessage")
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "result": result})
}

// poll confirms what is below the offset and waits for updates.
func (t *Telegram) poll(r *http.Request) []json.RawMessage {
	offset, _ := strconv.ParseInt(r.Form.Get("offset"), 10, 64)
	seconds, _ := strconv.Atoi(r.Form.Get("timeout"))
	end := time.After(time.Duration(min(seconds, 50)) * time.Second)
	for {
		t.mu.Lock()
		for len(t.updates) > 0 && t.updates[0].id < offset {
			close(t.waiting[t.updates[0].id])
			delete(t.waiting, t.updates[0].id)
			t.updates = t.updates[1:]
		}
		out := []json.RawMessage{}
		for _, u := range t.updates[:min(100, len(t.updates))] {
			out = append(out, u.body)
		}
		wake := t.wake
		t.mu.Unlock()
		if len(out) > 0 {
			return out
		}
		select {
		case <-wake:
		case <-end:
			return out
		case <-r.Context().Done():
			return out
		}
	}
}

// sent notes a reply. A picture goes with a reply, it is none of its own.
func (t *Telegram) sent(r *http.Request, isReply bool) any {
	who, _ := strconv.ParseInt(r.Form.Get("chat_id"), 10, 64)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.edits++
	if isReply {
		t.replies[who] = append(t.replies[who], t.name(strings.TrimSpace(r.Form.Get("text"))))
	}
	return map[string]any{"message_id": 1000 + t.edits, "date": time.Now().Unix(), "chat": map[string]any{"id": who, "type": "private"}, "text": ""}
}
