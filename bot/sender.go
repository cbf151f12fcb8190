package bot

import (
	"context"
	"sync"
	"time"
)

// sendAll sends the replies of one channel, at most one of a chat at a time, until ctx ends.
func (e *Engine) sendAll(ctx context.Context, c Channel) {
	wait := time.NewTimer(0)
	defer wait.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-e.senders[c.Name()]:
		case <-wait.C:
		}
		for ctx.Err() == nil {
			n, err := e.sendSome(ctx, c)
			if err != nil && ctx.Err() == nil {
				e.log.Error("replies wait", "channel", c.Name(), "class", ClassOf(err), "err", err)
			}
			if n == 0 || err != nil {
				break
			}
		}
		wait.Reset(idleLook / 2)
	}
}

// sendSome leases what is due, sends it side by side and records what became of it. It returns how many were sent.
func (e *Engine) sendSome(ctx context.Context, c Channel) (int, error) {
	now := e.now()
	batch, err := e.ledger.Lease(ctx, c.Name(), e.owner, sendMax, now, now.Add(sendLease))
	if err != nil || len(batch) == 0 {
		return 0, err
	}
	results := make([]Delivery, len(batch))
	var wg sync.WaitGroup
	for i, o := range batch {
		wg.Go(func() { results[i] = e.send(ctx, c, o) })
	}
	wg.Wait()
	// What was sent must be recorded even when the program is told to stop meanwhile.
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	if err := e.ledger.Finish(last, results...); err != nil {
		return 0, err
	}
	return len(batch), nil
}

// send delivers one reply and says what became of it.
func (e *Engine) send(ctx context.Context, c Channel, o Outgoing) Delivery {
	d := Delivery{ID: o.ID}
	now := e.now()
	if now.Sub(o.Created) > replyLife {
		d.State, d.Reason = Dead, "stale"
		return d
	}
	o.Reply = e.dialogue.Renew(o.Reply, now)
	one, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	platform, err := c.Send(one, o)
	if err == nil {
		e.note(c.Name(), func(s *ChannelStatus) { s.LastOut = now })
		d.State, d.Platform = Delivered, platform
		return d
	}
	if ctx.Err() != nil { // told to stop: it is sent at the next start
		d.State, d.RetryAt, d.Reason = Retry, now, "stopping"
		return d
	}
	d.Reason = string(ClassOf(err))
	e.log.Warn("reply not sent", "channel", c.Name(), "outbox", o.ID, "attempt", o.Attempt, "class", d.Reason)
	switch ClassOf(err) {
	case StopChat, Invalid, Stale, NotFound, Denied:
		d.State = Dead
	case Throttled:
		d.State, d.RetryAt = Retry, now.Add(after(err))
	case StopChannel:
		e.note(c.Name(), func(s *ChannelStatus) { s.Trouble = sentence(err) })
		d.State, d.RetryAt = Retry, now.Add(time.Minute)
	default:
		d.State, d.RetryAt = Retry, now.Add(backoff(o.Attempt))
	}
	return d
}

// backoff is the pause before the next attempt: from one second, doubling, with jitter, at most five minutes.
func backoff(attempt int) time.Duration {
	d := backoffMin << min(max(attempt-1, 0), 9)
	return min(jitter(min(d, backoffMax)), backoffMax)
}
