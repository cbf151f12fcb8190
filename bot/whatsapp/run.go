package whatsapp

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"

	"tanya/bot"
	"tanya/locales"
)

const (
	idleEvery = 30 * time.Second // how often is looked whether the office is still shown as online
	onlineFor = time.Minute      // how long the office is shown as online after its last reply
)

// link is the connection of one Run, from the first dial until the library gives up or ctx ends.
type link struct {
	c       *Channel
	ctx     context.Context
	client  *whatsmeow.Client
	secrets secrets
	turns   *turns
	accept  bot.Accepter
	ended   chan ending
	busy    sync.RWMutex // held for reading while a message is taken
	gate    *gate
	closed  atomic.Bool // nothing more is taken over this link
	renewal atomic.Bool // a new connection is on its way, see again

	mu       sync.Mutex
	lastSent time.Time
	online   bool
}

// ending is why a connection will not come back by itself.
type ending struct {
	key      locales.Key
	data     map[string]any
	again    bool // may be tried again without anybody acting
	outdated bool
	unlinked bool // the link is dead and has to be forgotten
	replace  bool // another link takes its place at once
}

// Run connects and hands over what people write until ctx ends or the link cannot go on. Where several processes may
// have the link it first waits for its turn. Its error says in one sentence what the operator has to do.
func (c *Channel) Run(ctx context.Context, a bot.Accepter) error {
	if c.deps.Lock != nil {
		c.set(Waiting, "")
	}
	h, err := c.alone(ctx)
	if ctx.Err() != nil {
		c.set(Stopped, "")
		if err == nil {
			h.Release()
		}
		return nil
	}
	if err != nil {
		sentence := c.say(locales.WAInUse, nil)
		c.set(Down, sentence)
		return &bot.Error{Class: bot.Transient, Message: sentence, Err: err}
	}
	defer h.Release()
	held, cancel := while(ctx, h)
	defer cancel()
	err = c.work(held, h, a)
	if ctx.Err() == nil && !h.Held() {
		c.set(Waiting, "")
		return &bot.Error{Class: bot.Transient, Message: c.say(locales.WAWaiting, nil), Err: errLost}
	}
	return err
}

// work is what Run does while it may use the link.
func (c *Channel) work(ctx context.Context, h Hold, a bot.Accepter) error {
	d, err := c.stored(ctx)
	if err != nil {
		return &bot.Error{Class: bot.Transient, Message: c.say(locales.WAStore, nil), Err: err}
	}
	if d == nil {
		return c.stop(locales.WAUnlinked, nil)
	}
	c.set(Connecting, "")
	if _, err := c.refresh(ctx); err != nil {
		c.log.Info("version not refreshed", "class", bot.ClassOf(err))
	}
	d.turns.held = h.Held
	d.turns.refuse = func() {
		c.log.Error("messages cannot be decrypted while the session's store is out of order")
		c.tell(func(l *link) { l.shut(gateAnyone) })
	}
	d.turns.again = func() { c.tell((*link).again) }
	g := &gate{}
	for {
		if err := c.once(ctx, d, g, a); !errors.Is(err, errReplace) {
			return err
		}
		d.turns.settle()
		c.set(Connecting, "")
	}
}

// errReplace ends a link that another one is to follow.
var errReplace = errors.New("a message was refused and has to come again")

// once is the life of one link.
func (c *Channel) once(ctx context.Context, d *device, g *gate, a bot.Accepter) error {
	// The library hangs up before its context ends: the other way round its parts get into each other's way.
	inner, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	l := &link{c: c, ctx: ctx, client: c.client(inner, d), secrets: d.secrets, turns: d.turns, accept: a, ended: make(chan ending, 1), gate: g}
	l.client.AddEventHandlerWithSuccessStatus(l.handle)
	l.client.GetMessageForRetry = l.sentBefore
	c.attach(l)
	defer c.detach(l, cancel)
	stop := context.AfterFunc(ctx, cancel)
	err := l.client.ConnectContext(inner)
	stop()
	if err != nil {
		c.set(Down, "")
		return &bot.Error{Class: bot.Transient, Message: c.say(locales.WAConnecting, nil), Err: err}
	}
	return l.wait(ctx, inner)
}

// wait lives as long as the connection.
func (l *link) wait(ctx, inner context.Context) error {
	daily, idle := time.NewTicker(l.c.cfg.refresh), time.NewTicker(idleEvery)
	defer daily.Stop()
	defer idle.Stop()
	refreshed := false
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-idle.C:
			l.rest()
		case <-daily.C:
			l.renew(ctx, inner)
		case e := <-l.ended:
			if e.replace {
				return errReplace
			}
			if e.unlinked {
				l.c.forget(ctx)
			}
			if !e.outdated || refreshed {
				return l.c.finish(e)
			}
			refreshed = true
			if err := l.update(ctx, inner); err != nil {
				return err
			}
		}
	}
}

// forget sees to it that a dead link is not stored any more. The library erases it too, but beside telling so, and it
// gives up when Run ends meanwhile.
func (c *Channel) forget(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), forgetWait)
	defer cancel()
	for ctx.Err() == nil {
		if linked, err := c.Paired(ctx); err == nil && !linked {
			return
		}
		sleep(ctx, 10*time.Millisecond)
	}
	last, done := context.WithTimeout(context.WithoutCancel(ctx), forgetWait)
	defer done()
	if d, err := c.stored(last); err == nil && d != nil {
		if err := d.Delete(last); err != nil {
			c.log.Error("the dead link could not be erased", "class", bot.ClassOf(err))
		}
	}
}

// forgetWait is how long the library may take to erase a dead link.
const forgetWait = 2 * time.Second

// finish says why the connection ended.
func (c *Channel) finish(e ending) error {
	if !e.again {
		return c.stop(e.key, e.data)
	}
	sentence := c.say(e.key, e.data)
	c.set(Down, sentence)
	c.alert(sentence)
	return &bot.Error{Class: bot.Transient, Message: sentence}
}

// end reports why the connection ends; the first reason counts.
func (l *link) end(e ending) {
	select {
	case l.ended <- e:
	default:
	}
}

// tell does something with the link of this moment, if there is one.
func (c *Channel) tell(do func(*link)) {
	c.mu.Lock()
	l := c.link
	c.mu.Unlock()
	if l != nil {
		do(l)
	}
}

// attach makes l the connection that replies are sent over.
func (c *Channel) attach(l *link) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.link = l
}

// hangUpWait is how long the library may take to hang up; a dial that is under way does not stop for it.
const hangUpWait = 500 * time.Millisecond

// detach hangs up and waits for the message that is being taken.
func (c *Channel) detach(l *link, cancel context.CancelFunc) {
	c.mu.Lock()
	c.link = nil
	stopped := c.state == Stopped || c.state == Unlinked || c.trouble != ""
	c.mu.Unlock()
	if !stopped {
		c.set(Stopped, "")
	}
	late := time.AfterFunc(hangUpWait, cancel)
	defer late.Stop()
	l.client.Disconnect()
	l.busy.Lock()
	l.busy.Unlock() //nolint:staticcheck // it only waits
}

// againAfter is how soon a telephone's request is asked for once more that was not acknowledged.
const againAfter = time.Second

// again connects anew in a moment: only on a new connection does WhatsApp deliver what was not acknowledged. Without
// it, a telephone that asked for a reply again would wait for it until the connection breaks by itself.
func (l *link) again() {
	if !l.renewal.CompareAndSwap(false, true) {
		return
	}
	time.AfterFunc(againAfter, func() {
		l.renewal.Store(false)
		if l.ctx.Err() == nil {
			l.client.ResetConnection()
		}
	})
}

// errDown is returned while there is no connection to send over.
var errDown = errors.New("not connected")

// ready returns the connection as soon as it is up, or an error when it will not be in a little while.
func (c *Channel) ready(ctx context.Context) (*link, error) {
	patience := time.NewTimer(readyWait)
	defer patience.Stop()
	for {
		c.mu.Lock()
		l, state, trouble, changed := c.link, c.state, c.trouble, c.changed
		c.mu.Unlock()
		switch {
		case l != nil && state == Up:
			return l, nil
		case state == Unlinked, state == Stopped && trouble != "":
			return nil, &bot.Error{Class: bot.StopChannel, Message: trouble}
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, c.untried(ctx.Err())
		case <-patience.C:
			return nil, c.untried(errDown)
		}
	}
}

// readyWait is how long a reply waits for the connection, readyAgain when it is tried again after that.
const (
	readyWait  = 15 * time.Second
	readyAgain = 5 * time.Second
)

// appear shows the office as online, which typing needs.
func (l *link) appear(ctx context.Context) {
	l.mu.Lock()
	l.lastSent = l.c.deps.Now()
	was := l.online
	l.online = true
	l.mu.Unlock()
	if !was {
		_ = l.client.SendPresence(ctx, types.PresenceAvailable) // fails until the account's name is known; typing works all the same
	}
}

// rest shows the office as away again, so that its telephone rings for what the office's people answer themselves.
func (l *link) rest() {
	l.mu.Lock()
	tired := l.online && l.c.deps.Now().Sub(l.lastSent) > onlineFor
	if tired {
		l.online = false
	}
	l.mu.Unlock()
	if tired {
		_ = l.client.SendPresence(l.ctx, types.PresenceUnavailable)
	}
}
