package bottest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// Crabline is a Telegram server that others wrote, as a process of its own: true long polling, offsets, conflicts and
// webhooks. It keeps its updates in memory and records every call.
type Crabline struct {
	URL   string // base of the Bot API
	Token string
	Bot   string // username of the bot

	mu     sync.Mutex
	record string
	read   int64 // bytes of the record that are in calls
	calls  []Call
}

const (
	crablineAdmin = "admin-of-the-test"
	crablineToken = "424242:token-of-the-test"
)

// StartCrabline starts a server that ends with the test.
func StartCrabline(t testing.TB) *Crabline {
	t.Helper()
	node, script := peerScript(t, "crabline", "@openclaw/crabline/dist/src/bin/crabline.js")
	dir := t.TempDir()
	ready := filepath.Join(dir, "ready.json")
	c := &Crabline{Token: crablineToken, Bot: "tanya_test_bot", record: filepath.Join(dir, "record.jsonl")}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), node, script, "--json", "serve", "telegram", "--recorder", c.record, "--ready-file", ready, "--bot-username", c.Bot)
	cmd.Env = append(os.Environ(), "CRABLINE_ADMIN_TOKEN="+crablineAdmin, "CRABLINE_BOT_TOKEN="+crablineToken)
	cmd.Stdout, cmd.Stderr = io.Discard, os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatalf("start crabline: %v", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	for range 2400 {
		var manifest struct{ BaseURL string }
		if b, err := os.ReadFile(ready); err == nil && json.Unmarshal(b, &manifest) == nil && manifest.BaseURL != "" {
			c.URL = manifest.BaseURL
			return c
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatal("crabline did not start within a minute")
	return nil
}

// Say is a message of a person. Fields that are not set are left to crabline.
type Say struct {
	Chat   int64  `json:"chatId"`
	From   int64  `json:"fromId"`
	Text   string `json:"text"`
	Thread int64  `json:"messageThreadId,omitempty"`
	Forum  bool   `json:"isForum,omitempty"`
	Update int64  `json:"updateId,omitempty"`
}

// Say makes crabline hand a message to the bot. When its queue is full it waits; when its record of what happens is locked
// for too long on a busy machine, it takes the message back and is asked again.
func (c *Crabline) Say(t testing.TB, s Say) {
	t.Helper()
	if s.From == 0 {
		s.From = max(s.Chat, -s.Chat)
	}
	body, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	for tries := 0; ; tries++ {
		status, answer, err := c.inject(t, body)
		switch {
		case err != nil:
			t.Fatalf("hand a message to crabline: %v", err)
		case status == http.StatusTooManyRequests:
			time.Sleep(20 * time.Millisecond)
		case status == http.StatusInternalServerError && tries < 3:
		case status != http.StatusOK:
			t.Fatalf("crabline refuses a message: %d %s", status, answer)
		default:
			return
		}
	}
}

func (c *Crabline) inject(t testing.TB, body []byte) (int, []byte, error) {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.URL+"/crabline/telegram/inbound", bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("X-Crabline-Admin-Token", crablineAdmin)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	return resp.StatusCode, answer, err
}

// Call is a call of the bot that crabline has recorded.
type Call struct {
	Method   string
	Body     map[string]any
	Accepted bool
}

// Chat is the chat that the call writes to.
func (c Call) Chat() string { return fmt.Sprint(c.Body["chat_id"]) }

// Text is the text or caption that the call sends.
func (c Call) Text() string {
	if s, ok := c.Body["text"].(string); ok {
		return s
	}
	s, _ := c.Body["caption"].(string)
	return s
}

// Calls returns what the bot has called so far, of the methods named, or of all when none is.
func (c *Crabline) Calls(t testing.TB, methods ...string) []Call {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.readOn(); err != nil {
		t.Fatalf("read crabline's record: %v", err)
	}
	var some []Call
	for _, call := range c.calls {
		if len(methods) == 0 || contains(methods, call.Method) {
			some = append(some, call)
		}
	}
	return some
}

// readOn reads what the record has gained.
func (c *Crabline) readOn() error {
	f, err := os.Open(c.record)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	if _, err := f.Seek(c.read, io.SeekStart); err != nil {
		return err
	}
	for lines := bufio.NewReader(f); ; {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return nil // what follows the last line feed is still being written
		}
		c.read += int64(len(line))
		var e struct {
			Type, Path string
			Body       map[string]any
			Accepted   bool
		}
		if json.Unmarshal(line, &e) == nil && e.Type == "api" {
			method := e.Path[strings.LastIndexByte(e.Path, '/')+1:]
			c.calls = append(c.calls, Call{Method: method, Body: e.Body, Accepted: e.Accepted})
		}
	}
}

// Sent returns the messages that arrived.
func (c *Crabline) Sent(t testing.TB) []Call {
	t.Helper()
	var ok []Call
	for _, call := range c.Calls(t, "sendMessage", "sendPhoto", "editMessageText") {
		if call.Accepted {
			ok = append(ok, call)
		}
	}
	return ok
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if strings.EqualFold(x, s) {
			return true
		}
	}
	return false
}

// Eventually waits until ok holds and fails the test when it does not within the limit, which is generous: it is no
// measurement.
func Eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(90 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("this did not happen within 90 s: %s", what)
}
