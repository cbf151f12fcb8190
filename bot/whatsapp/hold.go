package whatsapp

import (
	"context"
	"errors"
	"os"
	"time"

	"tanya/bot"
	"tanya/locales"
)

// Hold is the right to use the link alone. *store.Hold has it.
type Hold interface {
	// Held reports whether nobody else can have it at this moment.
	Held() bool
	// Lost is closed when it is lost; the connection must be closed within two seconds of that.
	Lost() <-chan struct{}
	// Release gives it back.
	Release()
}

// pairHoldWait is how long pairing waits for a hold: longer than that of a dead process lives.
const pairHoldWait = 8 * time.Second

// alone waits for the right to use the link, and fails at once when another process has the session's file.
func (c *Channel) alone(ctx context.Context) (Hold, error) {
	if c.deps.Lock == nil {
		f, err := lockFile(c.cfg.Session + ".lock")
		if err != nil {
			return nil, err
		}
		return fileHold{f}, nil
	}
	return c.deps.Lock(ctx)
}

// fileHold is the lock of a file, which only ends with the process.
type fileHold struct{ file *os.File }

func (h fileHold) Held() bool            { return true }
func (h fileHold) Lost() <-chan struct{} { return nil }
func (h fileHold) Release()              { _ = h.file.Close() }

// briefly takes the hold for a short piece of work, or fails with the class Conflict.
func (c *Channel) briefly(ctx context.Context) (Hold, error) {
	short, cancel := context.WithTimeout(ctx, pairHoldWait)
	defer cancel()
	h, err := c.alone(short)
	if err != nil {
		return nil, &bot.Error{Class: bot.Conflict, Message: c.say(locales.WAInUse, nil), Err: err}
	}
	return h, nil
}

// while returns a context that ends with ctx or when the hold is lost.
func while(ctx context.Context, h Hold) (context.Context, context.CancelFunc) {
	held, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-h.Lost():
			cancel()
		case <-held.Done():
		}
	}()
	return held, cancel
}

// Standby reports whether replies are another process's work: where several may have the link, all but the one that
// has it.
func (c *Channel) Standby() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.deps.Lock != nil && c.link == nil
}

// errLost is returned when the right to use the link went to another process.
var errLost = errors.New("the link belongs to another process now")
