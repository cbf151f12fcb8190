package whatsapp

import (
	"context"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"
)

// TakeTurns gives a citizen's client what a real telephone has and the library lacks: encrypting and decrypting take
// turns. It returns what brackets a message that is sent. A telephone's store does not stand still; one on a busy
// machine may for seconds, and what is given up then looks lost although the office sent it. So it is waited for long,
// and stuck is called when that was in vain.
func TakeTurns(c *whatsmeow.Client, stuck func()) func(context.Context, types.JID) (context.Context, func()) {
	d := c.Store
	t := &turns{patience: 2 * time.Minute, refuse: stuck, again: c.ResetConnection, probe: func(context.Context) error { return nil }}
	d.Sessions, d.EventBuffer = ratchets{d.Sessions, t}, decryptions{d.EventBuffer, t}
	return func(ctx context.Context, to types.JID) (context.Context, func()) {
		ctx, h := t.begin(ctx, to)
		return ctx, h.done
	}
}

// RefreshEvery sets how often WhatsApp is asked for its current version.
func RefreshEvery(cfg *Config, d time.Duration) { cfg.refresh = d }

// HoldLine keeps the place of the reply that is being sent until the function it returns is called.
func HoldLine(c *Channel) func() {
	c.sending <- struct{}{}
	return func() { <-c.sending }
}

// Again does what follows when the answer to a telephone's request could not be encrypted.
func Again(c *Channel) { c.tell((*link).again) }
