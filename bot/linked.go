package bot

import (
	"context"
	"time"
)

// PairingCode is what somebody at the office brings to its telephone to link it. Who sees it can link the office's
// number to a device of their own: it is shown to the one who asked for it and never logged or kept.
type PairingCode struct {
	QR      string    // text of the QR picture, "" when the code is typed
	Picture []byte    // the QR picture as PNG
	Typed   string    // code to type on the telephone, "" when it is a QR picture
	Until   time.Time // when the code is of no use any more; the next one may follow
}

// Linked is a channel that a telephone of the office has to be linked to before it works. A channel that has these
// methods needs that, one that has not does not.
type Linked interface {
	// Paired reports whether a telephone is linked.
	Paired(ctx context.Context) (bool, error)
	// Pair links one and returns when that works, after about three minutes at the latest. Without a number it shows QR
	// codes one after the other; with the number of the office's telephone, written with its country code, it shows a
	// code to type. It fails with the class Conflict when one is linked already. The channel must not be at work.
	Pair(ctx context.Context, phone string, show func(PairingCode)) error
	// Unpair takes the link back, on the telephone too when it can be reached.
	Unpair(ctx context.Context) error
}
