package telegram

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"sync"
	"time"

	"tanya/bot"
)

// Webhook is how Telegram reaches the program by itself. All machines that share a ledger must use the same values.
type Webhook struct {
	URL    string // where Telegram sends updates; https. "" means long polling
	Secret string // what Telegram proves itself with, 1 to 256 of A-Z a-z 0-9 _ -; "" derives one from the token
}

const (
	secretHeader = "X-Telegram-Bot-Api-Secret-Token"
	webhookMax   = 1 << 20 // bytes; an update is a few thousand
	webhookWait  = 5 * time.Second
	webhookBusy  = 64              // updates taken in side by side; more are asked to come back
	webhookWatch = 5 * time.Minute // how often Telegram is asked whether it reaches us
	retryAfter   = 5               // seconds
)

var secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// complete checks the values and derives the secret.
func (w *Webhook) complete(token string) error {
	if w.URL == "" {
		return nil
	}
	if u, err := url.Parse(w.URL); err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return bot.Errorf(bot.Invalid, "the Telegram webhook must be an address like https://tanya.example/telegram")
	}
	if w.Secret == "" {
		h := hmac.New(sha256.New, []byte(token))
		_, _ = h.Write([]byte("tanya webhook secret v1"))
		w.Secret = hex.EncodeToString(h.Sum(nil))
	}
	if !secretForm.MatchString(w.Secret) {
		return bot.Errorf(bot.Invalid, "the Telegram webhook secret may hold 1 to 256 letters, digits, _ and -")
	}
	return nil
}

// listen tells Telegram where to send updates and stays until ctx ends. The webhook is left in place then: what comes
// meanwhile waits at Telegram.
func (c *Channel) listen(ctx context.Context) error {
	err := c.insist(ctx, func(ctx context.Context) error {
		_, err := c.api.call(ctx, "setWebhook", params{
			"url": c.conf.Webhook.URL, "secret_token": c.conf.Webhook.Secret, "allowed_updates": wanted,
			"max_connections": strconv.Itoa(webhookBusy / 2), "drop_pending_updates": "false",
		})
		return err
	})
	if err != nil {
		return c.ended(ctx, err)
	}
	c.state.set(Listening, "")
	for c.sleep(ctx, webhookWatch) {
		info, err := ask[webhookInfo](ctx, c.api, "getWebhookInfo", nil)
		switch {
		case err != nil && ctx.Err() == nil:
			if err := c.trouble(err); bot.ClassOf(err) == bot.StopChannel {
				return err
			}
		case err == nil && info.URL != c.conf.Webhook.URL:
			c.state.set(Second, "Program lain mengganti webhook bot ini.")
		case err == nil && c.now().Unix()-info.ErrorDate < int64(2*webhookWatch/time.Second):
			c.state.set(Listening, "Baru saja Telegram gagal mengantar pesan ke webhook.")
		case err == nil:
			c.state.set(Listening, "")
		}
	}
	return nil
}

// Webhook takes updates that Telegram sends. It answers 200 only when they are on disk, 503 when that is not possible
// now, and refuses whoever does not know the secret. The library's handler does none of this.
func (c *Channel) Webhook() http.Handler {
	busy := make(chan struct{}, webhookBusy)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case busy <- struct{}{}:
			defer func() { <-busy }()
		default:
			c.answerWebhook(w, http.StatusServiceUnavailable)
			return
		}
		c.answerWebhook(w, c.take(w, r))
	})
}

func (c *Channel) answerWebhook(w http.ResponseWriter, status int) {
	c.state.count("webhook_" + strconv.Itoa(status))
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
	}
	w.WriteHeader(status)
}

// take takes one update in and returns the status to answer.
func (c *Channel) take(w http.ResponseWriter, r *http.Request) int {
	if r.Method != http.MethodPost {
		return http.StatusMethodNotAllowed
	}
	if c.conf.Webhook.URL == "" || !c.knows(r.Header.Get(secretHeader)) {
		return http.StatusUnauthorized
	}
	a := c.accepter.Load()
	if a == nil {
		return http.StatusServiceUnavailable
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, webhookMax))
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		return http.StatusRequestEntityTooLarge
	case err != nil:
		return http.StatusBadRequest
	}
	b := c.readBatch([]json.RawMessage{body}, 0)
	ctx, cancel := context.WithTimeout(r.Context(), webhookWait)
	defer cancel()
	if len(b.messages) > 0 {
		// No cursor: should the operator go back to polling, Telegram knows better what is left.
		c.expect(b)
		err := (*a).Accept(ctx, bot.Batch{Channel: Name, Messages: b.messages})
		if bot.ClassOf(err) == bot.Invalid { // one update is one message: nobody else's is lost with it
			err = (*a).Accept(ctx, bot.Batch{Channel: Name, Messages: []bot.Message{unreadable(b.messages[0])}})
		}
		if err != nil {
			c.log.Error("a message is not on disk yet and stays with Telegram", "class", bot.ClassOf(err), "err", err)
			return http.StatusServiceUnavailable
		}
	}
	c.accepted(b)
	c.state.set(Listening, "")
	var wg sync.WaitGroup
	detached := context.WithoutCancel(r.Context())
	c.follow(detached, b, &wg)
	return http.StatusOK
}

// knows compares a secret with ours in constant time, whatever its length.
func (c *Channel) knows(secret string) bool {
	ours, theirs := sha256.Sum256([]byte(c.conf.Webhook.Secret)), sha256.Sum256([]byte(secret))
	return subtle.ConstantTimeCompare(ours[:], theirs[:]) == 1
}
