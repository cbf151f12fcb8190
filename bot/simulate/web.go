package simulate

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"strconv"
	"time"
)

// Web is the web chat of a service. Every person comes from an address of their own, which the service believes when
// TANYA_PROXIES names the machine that simulates.
type Web struct {
	URL    string // like http://127.0.0.1:8080
	Client *http.Client
}

// NewWeb returns a door with connections enough for a crowd.
func NewWeb(url string) *Web {
	return &Web{URL: url, Client: &http.Client{
		Timeout:   20 * time.Second,
		Transport: &http.Transport{MaxIdleConnsPerHost: 256, MaxConnsPerHost: 256, IdleConnTimeout: time.Minute},
	}}
}

// key is the conversation's key: 16 bytes, as the page would have made them.
func key(person string) string {
	raw, _ := hex.DecodeString(person) // nameOf wrote it
	return base64.RawURLEncoding.EncodeToString(raw)
}

func (w *Web) request(ctx context.Context, method, path, person string, body []byte) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, w.URL+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	h := fnv.New32a()
	_, _ = io.WriteString(h, person)
	n := h.Sum32()
	req.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", byte(n>>16), byte(n>>8), byte(n)))
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Tanya-Key", key(person))
	return w.Client.Do(req)
}

// Ask posts a message until it is acknowledged. Its id stays the same, so that the service counts it once.
func (w *Web) Ask(ctx context.Context, person string, n int, text string) error {
	body, err := json.Marshal(map[string]string{"id": fmt.Sprintf("pesan-%s-%d", person[24:], n), "text": text})
	if err != nil {
		return err
	}
	pause := 50 * time.Millisecond
	for {
		resp, err := w.request(ctx, http.MethodPost, "/tanya", person, body)
		if err == nil {
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
			switch resp.StatusCode {
			case http.StatusAccepted:
				return nil
			case http.StatusTooManyRequests, http.StatusServiceUnavailable:
				if after, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil {
					pause = time.Duration(after) * time.Second
				}
			default:
				return fmt.Errorf("the web chat answered %s", resp.Status)
			}
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
		pause = min(2*pause, 5*time.Second)
	}
}

// Replies reads the conversation.
func (w *Web) Replies(ctx context.Context, person string) ([]string, error) {
	resp, err := w.request(ctx, http.MethodGet, "/jawaban?after=0", person, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the web chat answered %s", resp.Status)
	}
	var page struct {
		Replies []struct {
			Entry string `json:"entry"`
		} `json:"replies"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&page); err != nil {
		return nil, err
	}
	out := make([]string, len(page.Replies))
	for i, r := range page.Replies {
		out[i] = r.Entry
	}
	return out, nil
}
