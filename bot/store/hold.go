package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"sync"
	"time"

	"tanya/bot"
)

// The bounds of a hold. Somebody else has it at the latest holdLife and holdLook after its holder died. A holder that
// cannot renew it lets go holdMargin before that, so that it has stopped when the next one begins; clocks need not agree
// for that, they only have to go at about the same speed.
const (
	holdLife   = 6 * time.Second // by the database's clock
	holdMargin = 2 * time.Second
	holdRenew  = 1500 * time.Millisecond
	holdAgain  = 250 * time.Millisecond // after a renewal that failed
	holdLook   = 500 * time.Millisecond // how often is looked whether it is free
)

// Hold is the right to do what one process only may do at a time, such as using a telephone's link. Its methods are safe
// for concurrent use.
type Hold struct {
	s           *Store
	name, owner string
	lost        chan struct{}
	stop        context.CancelFunc
	ended       chan struct{}

	mu    sync.Mutex
	until time.Time // by the process's own clock, which no setting of the time moves
	gone  bool
}

// Hold waits until the name is free and holds it, until it is released or was not renewed for longer than its life. It
// returns early with the error of ctx, or with a fault that somebody has to mend.
func (s *Store) Hold(ctx context.Context, name string) (*Hold, error) {
	var token [16]byte
	_, _ = rand.Read(token[:]) // never fails, says its document
	h := &Hold{s: s, name: name, owner: hex.EncodeToString(token[:]), lost: make(chan struct{}), ended: make(chan struct{})}
	for {
		asked := time.Now()
		mine, err := h.take(ctx)
		switch {
		case err == nil && mine && time.Since(asked) < holdLife-holdMargin:
			h.until = asked.Add(holdLife - holdMargin)
			var keep context.Context
			keep, h.stop = context.WithCancel(context.WithoutCancel(ctx))
			go h.keep(keep)
			return h, nil
		case ctx.Err() != nil:
			if mine {
				h.free(ctx)
			}
			return nil, s.fault("wait for its turn", ctx.Err())
		case bot.ClassOf(err) == bot.StopChannel:
			return nil, err
		}
		select {
		case <-ctx.Done():
		case <-time.After(holdLook):
		}
	}
}

// take takes the name when nobody has it. What an earlier try took whose answer was lost is taken too.
func (h *Hold) take(ctx context.Context) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, holdMargin)
	defer cancel()
	clock := h.s.db.clock()
	var n int64
	err := h.s.write(ctx, "take its turn", func(ctx context.Context, st *statements) (err error) {
		n, err = st.exec(ctx, `INSERT INTO holds (name, owner, until) VALUES (?, ?, `+clock+` + ?)
			ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
			WHERE holds.until <= `+clock+` OR holds.owner = excluded.owner`, h.name, h.owner, holdLife.Milliseconds())
		return err
	})
	return n == 1, err
}

// keep renews the hold until it is released or lost.
func (h *Hold) keep(ctx context.Context) {
	defer close(h.ended)
	again := time.NewTimer(holdRenew)
	defer again.Stop()
	for {
		h.mu.Lock()
		late := time.NewTimer(time.Until(h.until))
		h.mu.Unlock()
		select {
		case <-ctx.Done():
			late.Stop()
			return
		case <-late.C:
			h.lose()
			return
		case <-again.C:
			late.Stop()
		}
		mine, err := h.renew(ctx)
		switch {
		case err == nil && !mine:
			h.lose()
			return
		case err == nil:
			again.Reset(holdRenew)
		default:
			again.Reset(holdAgain)
		}
	}
}

// renew moves the end of the hold. It reports whether it was still ours.
func (h *Hold) renew(ctx context.Context) (bool, error) {
	asked := time.Now()
	h.mu.Lock()
	ctx, cancel := context.WithDeadline(ctx, h.until)
	h.mu.Unlock()
	defer cancel()
	var n int64
	err := h.s.write(ctx, "keep its turn", func(ctx context.Context, st *statements) (err error) {
		n, err = st.exec(ctx, `UPDATE holds SET until = `+h.s.db.clock()+` + ? WHERE name = ? AND owner = ?`,
			holdLife.Milliseconds(), h.name, h.owner)
		return err
	})
	if err == nil && n == 1 {
		h.mu.Lock()
		h.until = asked.Add(holdLife - holdMargin)
		h.mu.Unlock()
	}
	return n == 1, err
}

func (h *Hold) lose() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.gone {
		h.gone = true
		close(h.lost)
	}
}

// Lost is closed when the hold is lost. Then what it protects must end within two seconds.
func (h *Hold) Lost() <-chan struct{} { return h.lost }

// Held reports whether nobody else can have the name at this moment. It is exact where Lost may be late: in a process
// that was stopped for a while and does not know it yet.
func (h *Hold) Held() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return !h.gone && time.Now().Before(h.until)
}

// Release gives the name back, so that the next one need not wait for the end of the hold's life.
func (h *Hold) Release() {
	h.stop()
	<-h.ended
	h.lose()
	h.free(context.Background())
}

// free takes the row away when it is still ours; what fails here only makes the next one wait.
func (h *Hold) free(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), holdMargin)
	defer cancel()
	_ = h.s.write(ctx, "give back its turn", func(ctx context.Context, st *statements) error {
		_, err := st.exec(ctx, `DELETE FROM holds WHERE name = ? AND owner = ?`, h.name, h.owner)
		return err
	})
}
