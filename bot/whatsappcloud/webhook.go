package whatsappcloud

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"tanya/bot"
)

const (
	signatureHeader = "X-Hub-Signature-256"
	signatureStart  = "sha256="
	webhookMax      = 4 << 20 // bytes; Meta sends up to 3 MB
	webhookWait     = 8 * time.Second
	webhookBusy     = 32 // requests taken in side by side; more are asked to come back
	retryAfter      = 5  // seconds
	challengeMax    = 256
	complainEach    = 60 // seconds between log lines about refused requests
)

// Webhook takes what Meta sends. A GET is Meta's question whether the address is ours. A POST is answered 200 only when
// its messages are on disk, 503 when that is not possible now, 401 when the signature is not Meta's.
func (c *Channel) Webhook() http.Handler {
	busy := make(chan struct{}, webhookBusy)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodGet:
			c.greet(w, r)
			return
		case http.MethodPost:
		default:
			w.Header().Set("Allow", "GET, POST")
			c.answer(w, http.StatusMethodNotAllowed)
			return
		}
		select {
		case busy <- struct{}{}:
			defer func() { <-busy }()
			c.answer(w, c.take(w, r))
		default:
			c.answer(w, http.StatusServiceUnavailable)
		}
	})
}

func (c *Channel) answer(w http.ResponseWriter, status int) {
	c.state.count("webhook_" + strconv.Itoa(status))
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
	}
	w.WriteHeader(status)
}

// greet answers Meta's question: whoever knows the verify token gets the challenge back.
func (c *Channel) greet(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	challenge := q.Get("hub.challenge")
	if q.Get("hub.mode") != "subscribe" || !same(q.Get("hub.verify_token"), c.conf.VerifyToken) || len(challenge) > challengeMax {
		c.complain("a question about the webhook without the verify token")
		c.answer(w, http.StatusForbidden)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	c.answer(w, http.StatusOK)
	_, _ = io.WriteString(w, challenge)
}

// same compares two secrets in constant time, whatever their length.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// take takes one request in and returns the status to answer.
func (c *Channel) take(w http.ResponseWriter, r *http.Request) int {
	signatures := r.Header.Values(signatureHeader)
	if len(signatures) != 1 || len(signatures[0]) != len(signatureStart)+2*sha256.Size {
		c.complain("a webhook request without one signature")
		return http.StatusUnauthorized
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, webhookMax))
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		return http.StatusRequestEntityTooLarge
	case err != nil:
		return http.StatusBadRequest
	case !c.signed(signatures[0], body):
		c.complain("a webhook request whose signature is not that of the app secret")
		return http.StatusUnauthorized
	}
	a := c.accepter.Load()
	if a == nil {
		return http.StatusServiceUnavailable
	}
	b := c.read(body)
	ctx, cancel := context.WithTimeout(r.Context(), webhookWait)
	defer cancel()
	if err := c.accept(ctx, *a, b.messages); err != nil {
		c.log.Error("messages are not on disk yet and stay with WhatsApp", "messages", len(b.messages), "class", bot.ClassOf(err), "err", err)
		return http.StatusServiceUnavailable
	}
	c.accepted(b)
	return http.StatusOK
}

// signed reports whether the signature over the raw bytes is Meta's. It is compared as it is written, so that there is
// one way only to write it.
func (c *Channel) signed(signature string, body []byte) bool {
	h := hmac.New(sha256.New, []byte(c.conf.AppSecret))
	_, _ = h.Write(body)
	want := signatureStart + hex.EncodeToString(h.Sum(nil))
	return hmac.Equal([]byte(signature), []byte(want))
}

// accept hands messages to the inbox. One that the inbox will never take must not keep the others away for ever: they
// are then handed over one by one, and it is left out.
func (c *Channel) accept(ctx context.Context, a bot.Accepter, messages []bot.Message) error {
	if len(messages) == 0 {
		return nil
	}
	err := a.Accept(ctx, bot.Batch{Channel: Name, Messages: messages})
	if bot.ClassOf(err) != bot.Invalid {
		return err
	}
	for _, m := range messages {
		err := a.Accept(ctx, bot.Batch{Channel: Name, Messages: []bot.Message{m}})
		switch {
		case bot.ClassOf(err) == bot.Invalid:
			c.log.Error("a message cannot be kept and is left out", "err", err)
			c.state.count("skipped_invalid")
		case err != nil:
			return err
		}
	}
	return nil
}

// accepted notes what is on disk now.
func (c *Channel) accepted(b batch) {
	for _, m := range b.messages {
		c.state.count("accepted_" + string(m.Kind))
		if m.Kind != bot.Broken && !m.Sent.IsZero() {
			c.heard.change(address(m.Address), func(last time.Time, _ bool) (time.Time, bool) { return m.Sent, m.Sent.After(last) })
		}
	}
	if len(b.messages) > 0 {
		c.state.in(c.now())
	}
	for _, s := range b.statuses {
		c.follow(s)
	}
}

// complain logs a refused request, at most one a minute: anybody can make them.
func (c *Channel) complain(what string) {
	now, last := c.now().Unix(), c.refused.Load()
	if now-last >= complainEach && c.refused.CompareAndSwap(last, now) {
		c.log.Warn("refused: " + what)
	}
}
