package whatsapp

import (
	"context"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
)

// TakeTurns gives a citizen's client what a real telephone has and the library lacks: encrypting and decrypting take
// turns. It returns what brackets a message that is sent.
func TakeTurns(d *store.Device) func(context.Context, types.JID) (context.Context, func()) {
	t := &turns{patience: time.Second, refuse: func() {}, probe: func(context.Context) error { return nil }}
	d.Sessions, d.EventBuffer = ratchets{d.Sessions, t}, decryptions{d.EventBuffer, t}
	return func(ctx context.Context, to types.JID) (context.Context, func()) {
		ctx, h := t.begin(ctx, to)
		return ctx, h.done
	}
}
