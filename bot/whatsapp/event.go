package whatsapp

import (
	"time"

	"go.mau.fi/whatsmeow/types/events"

	"tanya/bot"
	"tanya/locales"
)

// banMargin is added to the end of a temporary ban: the first message after it should not be sent on the second.
const banMargin = 30 * time.Minute

// handle takes one event of the library. Only for messages does it matter what it returns: false keeps WhatsApp from
// hearing "received". The library waits for it, so it never waits for the network or for replies.
func (l *link) handle(event any) bool {
	switch e := event.(type) {
	case *events.Message:
		return l.take(e)
	case *events.UndecryptableMessage:
		if ours(e.Info) && !e.IsUnavailable { // else WhatsApp keeps it for the telephone: it may be looked at only once
			l.c.counts.undecrypted.Add(1)
		}
	case *events.Connected:
		l.c.rise()
	case *events.Disconnected:
		l.mu.Lock()
		l.online = false
		l.mu.Unlock()
		l.c.fall()
	case *events.KeepAliveTimeout: // the line looks open and is dead; the library connects anew after three minutes
		l.c.log.Info("no sign of life from WhatsApp", "times", e.ErrorCount)
		l.c.fall()
	case *events.KeepAliveRestored:
		l.c.rise()
	case *events.NotifyAccountReachoutTimelock:
		if e.IsActive {
			l.c.alert(l.c.say(locales.WATimelock, nil))
		}
	default:
		l.ending(event)
	}
	return true
}

// ending ends the connection on events after which the library does not come back by itself.
func (l *link) ending(event any) {
	switch e := event.(type) {
	case *events.LoggedOut:
		key := locales.WALoggedOut
		switch e.Reason {
		case events.ConnectFailureMainDeviceGone:
			key = locales.WALocked
		case events.ConnectFailureUnknownLogout:
			key = locales.WABanned
		}
		l.end(ending{key: key, unlinked: true})
	case *events.TemporaryBan:
		until := l.c.deps.Now().Add(e.Expire + banMargin)
		l.end(ending{key: locales.WAPaused, data: map[string]any{"Until": l.c.clock(until)}})
	case *events.StreamReplaced:
		l.end(ending{key: locales.WAReplaced})
	case *events.ClientOutdated:
		l.end(ending{key: locales.WAOutdated, outdated: true})
	case *events.ConnectFailure:
		l.end(ending{key: locales.WARefused, data: map[string]any{"Code": int(e.Reason)}, again: true})
	}
}

// rise marks the connection as up.
func (c *Channel) rise() {
	if !c.running() {
		return
	}
	c.mu.Lock()
	c.alerted = ""
	c.mu.Unlock()
	c.set(Up, "")
}

// fall marks it as down; the library connects again by itself.
func (c *Channel) fall() {
	if c.running() {
		c.set(Down, "")
	}
}

// running reports whether a connection is attached and was not ended for good.
func (c *Channel) running() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.link != nil && c.state != Stopped && c.state != Unlinked
}

// waiting is the error of what was under way when the connection broke, and may have arrived.
func (c *Channel) waiting(err error) *bot.Error {
	return &bot.Error{Class: bot.Transient, Message: c.say(locales.WAConnecting, nil), Err: err}
}

// untried is the error of a reply that never was on its way: there was no connection, or it was not its turn yet.
func (c *Channel) untried(err error) *bot.Error {
	return &bot.Error{Class: bot.Untried, Message: c.say(locales.WAConnecting, nil), After: readyAgain, Err: err}
}
