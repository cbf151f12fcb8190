package bot

import (
	"context"
	"sync"
	"time"
)

// sendAll sends the replies of one channel, at most one of a chat at a time, until ctx ends. A slow send holds up its
// own chat and nothing else.
func (e *Engine) sendAll(ctx context.Context, c Channel) {
	wait := time.NewTimer(0)
	defer wait.Stop()
	var under sync.WaitGroup
	defer under.Wait()
	free := make(chan struct{}, sendMax)
	for range sendMax {
		free <- struct{}{}
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-e.senders[c.Name()]:
		case <-wait.C:
		}
		wait.Reset(idleLook / 2)
		if len(free) == 0 {
			continue // whoever is done rings
		}
		now := e.now()
		batch, err := e.ledger.Lease(ctx, c.Name(), e.owner, len(free), now, now.Add(sendLease))
		if err != nil && ctx.Err() == nil {
			e.log.Error("replies wait", "channel", c.Name(), "class", ClassOf(err), "err", err)
		}
		for _, o := range batch {
			<-free // there is room: no more than that was leased
			under.Go(func() {
				e.deliver(ctx, c, o)
				free <- struct{}{}
				e.WakeSender(c.Name()) // the chat's next reply, or one that found no room
			})
		}
	}
}

// deliver sends one reply and records at once what became of it: what is sent and not recorded is sent again after a
// crash. It is recorded even when the program is told to stop meanwhile.
func (e *Engine) deliver(ctx context.Context, c Channel, o Outgoing) {
	d := e.send(ctx, c, o)
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	if err := e.ledger.Finish(last, d); err != nil {
		e.log.Error("a delivery was not recorded and may be repeated", "channel", c.Name(), "class", ClassOf(err), "err", err)
	}
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
