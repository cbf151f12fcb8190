package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"

	"tanya/bot"
	"tanya/locales"
)

// Send delivers one reply: it marks the question as read, types for a moment, and sends. It returns the reply's id,
// which is the same however often the reply is sent.
func (c *Channel) Send(ctx context.Context, o bot.Outgoing) (string, error) {
	to, err := parseAddress(o.Address)
	if err != nil {
		return "", err
	}
	l, err := c.ready(ctx)
	if err != nil {
		return "", err
	}
	id := o.Platform
	if id == "" {
		id = l.secrets.messageID(o)
		if err := c.deps.Ledger.Prepare(ctx, o.ID, id); err != nil {
			return "", err
		}
	}
	m := l.picture(ctx, o)
	if m == nil {
		m = c.compose(l.secrets, id, o)
	}
	l.courtesy(ctx, to, o)
	return id, l.send(ctx, to, id, m, o.Attempt)
}

// courtesy does what a person does before an answer. What fails of it does not matter.
func (l *link) courtesy(ctx context.Context, to types.JID, o bot.Outgoing) {
	l.appear(ctx)
	if x := parseExternal(o.ReplyTo); x.id != "" {
		_ = l.client.MarkRead(ctx, []types.MessageID{x.id}, l.c.deps.Now(), to, types.EmptyJID)
	}
	if l.c.cfg.PauseMax <= 0 {
		return
	}
	_ = l.client.SendChatPresence(ctx, to, types.ChatPresenceComposing, types.ChatPresenceMediaText)
	sleep(ctx, l.c.pause(utf8.RuneCountInString(o.Reply.Text)))
}

// pause is how long a reply of so many characters is typed.
func (c *Channel) pause(length int) time.Duration {
	span := c.cfg.PauseMax - c.cfg.PauseMin
	d := c.cfg.PauseMin + time.Duration(c.deps.Rand()*float64(max(span, 0)))
	return d + time.Duration(min(length, 900)/300)*c.cfg.PauseMin/2
}

// send sends a message when it is its turn. The library sends one after the other and waits for each to be
// acknowledged; a reply whose time is over must not stand in that line.
func (l *link) send(ctx context.Context, to types.JID, id string, m *waE2E.Message, attempt int) error {
	select {
	case l.c.sending <- struct{}{}:
		defer func() { <-l.c.sending }()
	case <-ctx.Done():
		return l.c.untried(ctx.Err())
	}
	if err := errors.Join(ctx.Err(), l.turns.fence()); err != nil {
		return l.c.untried(err)
	}
	inner, h := l.turns.begin(ctx, to)
	_, err := l.client.SendMessage(inner, to, m, whatsmeow.SendRequestExtra{ID: id, Timeout: l.c.cfg.AckWait})
	h.done()
	if err == nil && !h.reached {
		err = errNobody
	}
	if l.c.cfg.PauseMax > 0 {
		_ = l.client.SendChatPresence(ctx, to, types.ChatPresencePaused, "")
	}
	return l.c.judge(err, attempt)
}

// errNobody is returned when a message was encrypted for none of the receiver's devices. The library sends it all the
// same, WhatsApp acknowledges it, and nobody gets it.
var errNobody = errors.New("the message was encrypted for no device of the receiver")

// Answers of WhatsApp to a message.
const (
	ackInvalid  = 479 // the stanza is not well formed
	ackTooFast  = 429
	ackTimelock = 463 // the account may not write to new people for a while
	ackTries    = 4   // after so many refusals a reply is given up
)

// judge gives a failed send its class.
func (c *Channel) judge(err error, attempt int) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, whatsmeow.ErrNotLoggedIn):
		return &bot.Error{Class: bot.StopChannel, Message: c.say(locales.WALoggedOut, nil), Err: err}
	case errors.Is(err, whatsmeow.ErrNotConnected):
		return c.untried(err)
	case !errors.Is(err, whatsmeow.ErrServerReturnedError):
		return c.waiting(err)
	}
	c.counts.refused.Add(1)
	code := ackCode(err)
	if code == ackTimelock {
		c.alert(c.say(locales.WATimelock, nil))
	}
	refusal := &bot.Error{Class: bot.Throttled, Message: fmt.Sprintf("WhatsApp menolak balasan dengan kode %d.", code), After: time.Minute, Err: err}
	switch {
	case code == ackInvalid:
		refusal.Class = bot.Invalid
	case code == ackTooFast, attempt < ackTries:
	default:
		refusal.Class = bot.StopChat
	}
	return refusal
}

// ackCode reads the number out of the library's error, which carries it only in its text.
func ackCode(err error) int {
	var code int
	_, _ = fmt.Sscanf(err.Error(), whatsmeow.ErrServerReturnedError.Error()+" %d", &code)
	return code
}
