package whatsapp

import (
	"context"
	"io"
	"net/http"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/store"

	"tanya/bot"
	"tanya/locales"
)

// refreshWait is how long is waited for the page that names the current version, pageMax how much of it is read.
const (
	refreshWait = 5 * time.Second
	pageMax     = 8 << 20
)

// refresh reads which version WhatsApp's own web client has and announces that one from the next connection on. A
// version lives a few months, then it is refused. It reports whether there was a newer one. No connection may be
// under way: the library keeps the version for the whole process.
func (c *Channel) refresh(ctx context.Context) (newer bool, err error) {
	latest, err := c.latest(ctx)
	if err != nil || !store.GetWAVersion().LessThan(latest) {
		return false, err
	}
	store.SetWAVersion(latest)
	c.log.Info("announcing a newer version", "version", latest.String())
	return true, nil
}

func (c *Channel) latest(ctx context.Context) (store.WAVersionContainer, error) {
	ctx, cancel := context.WithTimeout(ctx, refreshWait)
	defer cancel()
	latest, err := whatsmeow.GetLatestVersion(ctx, &http.Client{Transport: shortened{c.deps.HTTP}})
	if err != nil {
		return store.WAVersionContainer{}, &bot.Error{Class: bot.Transient, Message: "Versi WhatsApp yang sekarang tidak dapat dibaca.", Err: err}
	}
	return *latest, nil
}

// renew takes up a newer version once a day, which needs a new connection.
func (l *link) renew(ctx, inner context.Context) {
	latest, err := l.c.latest(ctx)
	if err != nil || !store.GetWAVersion().LessThan(latest) {
		return
	}
	l.client.Disconnect()
	store.SetWAVersion(latest)
	l.connectAgain(inner)
}

// update follows WhatsApp's "outdated": when there is a newer version it is tried once.
func (l *link) update(ctx, inner context.Context) error {
	l.client.Disconnect()
	newer, err := l.c.refresh(ctx)
	switch {
	case err != nil: // the page cannot be reached just now; the next try of Run reads it again
		return l.c.finish(ending{key: locales.WAOutdated, again: true})
	case !newer:
		return l.c.stop(locales.WAOutdated, nil)
	}
	l.connectAgain(inner)
	return nil
}

// connectAgain connects after a deliberate end of the connection.
func (l *link) connectAgain(inner context.Context) {
	l.c.set(Connecting, "")
	if err := l.client.ConnectContext(inner); err != nil {
		l.end(ending{key: locales.WAConnecting, again: true})
	}
}

// shortened reads a bounded part of every page.
type shortened struct{ http.RoundTripper }

// RoundTrip limits the answer's body.
func (s shortened) RoundTrip(q *http.Request) (*http.Response, error) {
	a, err := s.RoundTripper.RoundTrip(q)
	if err != nil {
		return nil, err
	}
	a.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(a.Body, pageMax), a.Body}
	return a, nil
}
