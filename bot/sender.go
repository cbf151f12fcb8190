package bot

import (
	"context"
	"runtime/trace"
	"sync"
	"time"
)

// sendAll sends the replies of one channel, at most one of a chat at a time, until ctx ends. A slow send holds up its
// own chat and nothing else. It begins with one reply under way and allows one more every sendGrow: what is under way
// when the program is killed is sent again, and a program that dies shortly after each start must not write the same
// to more than one person each time.
func (e *Engine) sendAll(ctx context.Context, c Channel) {
	if f, ok := c.(fetched); ok && f.Fetched() {
		e.handOver(ctx, c)
		return
	}
	wait := time.NewTimer(0)
	defer wait.Stop()
	var under sync.WaitGroup
	defer under.Wait()
	free := make(chan struct{}, sendMax)
	free <- struct{}{}
	var going sync.Map // ids of replies under way: one whose lease ends before it is recorded is not sent again
	more := time.NewTicker(sendGrow)
	defer more.Stop()
	for allowed := 1; ; {
		select {
		case <-ctx.Done():
			return
		case <-more.C:
			free <- struct{}{} // as many as fit are allowed, so this does not wait
			if allowed++; allowed == sendMax {
				more.Stop()
			}
		case <-e.senders[c.Name()]:
		case <-wait.C:
		}
		wait.Reset(idleLook / 2)
		if len(free) == 0 {
			continue // whoever is done rings
		}
		if !e.sends(c) {
			continue
		}
		now := e.now()
		batch, err := e.ledger.Lease(ctx, c.Name(), e.owner, len(free), now, now.Add(sendLease))
		if err != nil && ctx.Err() == nil {
			e.log.Error("replies wait", "channel", c.Name(), "class", ClassOf(err), "err", err)
		}
		for _, o := range batch {
			if _, there := going.LoadOrStore(o.ID, true); there {
				continue
			}
			<-free // there is room: no more than that was leased
			under.Go(func() {
				e.deliver(ctx, c, o)
				going.Delete(o.ID)
				free <- struct{}{}
				e.WakeSender(c.Name()) // the chat's next reply, or one that found no room
			})
		}
	}
}

// fetched is a channel whose replies people fetch themselves. To send one is to say that it is there: that takes no time,
// reaches nobody by itself, and shows nothing twice when it is done again.
type fetched interface {
	Fetched() bool
}

// handOver sends the replies of a fetched channel, many in one commit, until ctx ends. Nothing of what sendAll is careful
// about can happen here.
func (e *Engine) handOver(ctx context.Context, c Channel) {
	wait := time.NewTimer(0)
	defer wait.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-e.senders[c.Name()]:
		case <-wait.C:
		}
		wait.Reset(idleLook / 2)
		for ctx.Err() == nil && e.sends(c) {
			now := e.now()
			batch, err := e.ledger.Lease(ctx, c.Name(), e.owner, claimMax, now, now.Add(sendLease))
			if err != nil && ctx.Err() == nil {
				e.log.Error("replies wait", "channel", c.Name(), "class", ClassOf(err), "err", err)
			}
			if len(batch) == 0 {
				break
			}
			done := make([]Delivery, len(batch))
			for i, o := range batch {
				done[i] = e.send(ctx, c, o)
			}
			e.record(ctx, c, done...)
		}
	}
}

// standby is a channel that runs in several processes and works in one of them only.
type standby interface {
	// Standby reports whether another process does the work.
	Standby() bool
}

// sends reports whether this process may send replies of the channel now.
func (e *Engine) sends(c Channel) bool {
	g, _ := e.gear(c.Name())
	s, ok := c.(standby)
	return g.Position == On && !(ok && s.Standby())
}

// deliver sends one reply and records at once what became of it: what is sent and not recorded is sent again after a
// crash.
func (e *Engine) deliver(ctx context.Context, c Channel, o Outgoing) {
	e.record(ctx, c, e.send(ctx, c, o))
}

// record says what became of replies. A ledger that fails or stands still is asked again and again. It is recorded even
// when the program is told to stop meanwhile; then there is one attempt.
func (e *Engine) record(ctx context.Context, c Channel, all ...Delivery) {
	for {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
		err := e.ledger.Finish(last, all...)
		cancel()
		if err == nil {
			return
		}
		e.log.Error("deliveries are not recorded yet", "channel", c.Name(), "first", all[0].ID, "many", len(all), "class", ClassOf(err), "err", err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(backoffMin):
		}
	}
}

// send delivers one reply and says what became of it.
func (e *Engine) send(ctx context.Context, c Channel, o Outgoing) Delivery {
	defer trace.StartRegion(ctx, "send").End()
	d := Delivery{ID: o.ID}
	now := e.now()
	if now.Sub(o.Created) > replyLife {
		d.State, d.Reason = Dead, "stale"
		return d
	}
	if ev := o.Reply.Event; ev != nil && !e.dialogue.Stands(*ev, now) {
		d.State, d.Reason = Dead, "withdrawn"
		return d
	}
	o.Reply = e.dialogue.Renew(o.Reply, now)
	on, release := e.whileOn(ctx, c.Name())
	defer release()
	one, cancel := context.WithTimeout(on, sendTimeout)
	defer cancel()
	platform, err := c.Send(one, o)
	if err == nil {
		e.note(c.Name(), func(s *ChannelStatus) { s.LastOut = now })
		d.State, d.Platform = Delivered, platform
		return d
	}
	if on.Err() != nil { // told to stop, or switched off: it is sent when the channel is back
		d.State, d.RetryAt, d.Reason = Retry, now, "stopping"
		return d
	}
	d.Reason = string(ClassOf(err))
	if ClassOf(err) == Untried { // neither a failure nor an attempt, so the next failure's pause does not grow by it
		d.State, d.RetryAt = Postponed, now.Add(after(err))
		return d
	}
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
