package whatsapp

import (
	"context"
	"errors"
	"strings"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waCompanionReg"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"tanya/bot"
	"tanya/locales"
)

// Bounds of pairing.
const (
	phoneCodeLife = 160 * time.Second
	settleWait    = 30 * time.Second // from "linked" to a working connection
	goodbyeWait   = 20 * time.Second
)

// Pair links the device to a telephone and returns when it works. Without a number it shows QR texts one after the
// other; with the number of the office's telephone, written with its country code, it shows a code to type there. It
// fails with the class Conflict when a telephone is linked already. Run must not be running.
func (c *Channel) Pair(ctx context.Context, phone string, show func(bot.PairingCode)) error {
	number, err := c.phone(phone)
	if err != nil {
		return err
	}
	h, err := c.briefly(ctx)
	if err != nil {
		return err
	}
	defer h.Release()
	ctx, stop := while(ctx, h)
	defer stop()
	linked, err := c.Paired(ctx)
	if err != nil {
		return err
	}
	if linked {
		return &bot.Error{Class: bot.Conflict, Message: c.say(locales.WALinked, nil)}
	}
	if _, err := c.refresh(ctx); err != nil {
		c.log.Info("version not refreshed", "class", bot.ClassOf(err))
	}
	store.DeviceProps.Os = proto.String(c.cfg.Device)
	store.DeviceProps.PlatformType = waCompanionReg.DeviceProps_CHROME.Enum()
	store.DeviceProps.RequireFullSync = proto.Bool(false)
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	p := &pairing{c: c, number: number, show: show, up: make(chan struct{}, 1)}
	fresh := c.store.NewDevice()
	p.client = c.client(inner, &device{Device: fresh})
	p.client.AddEventHandlerWithSuccessStatus(p.handle)
	defer p.client.Disconnect()
	if err := p.run(inner); err != nil {
		return err
	}
	c.set(Stopped, "")
	return nil
}

// phone checks a telephone number and leaves its digits.
func (c *Channel) phone(s string) (string, error) {
	if strings.TrimSpace(s) == "" {
		return "", nil
	}
	number := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" +-.()", r) {
			return -1
		}
		return r
	}, s)
	if !digits(number) || len(number) < 8 || len(number) > 15 || number[0] == '0' {
		return "", &bot.Error{Class: bot.Invalid, Message: c.say(locales.WAPairPhone, nil)}
	}
	return number, nil
}

// pairing is one try to link.
type pairing struct {
	c      *Channel
	client *whatsmeow.Client
	number string
	show   func(bot.PairingCode)
	up     chan struct{}
	asked  bool // for a code to type

	offered bool // WhatsApp was reached
}

// handle waits for the connection that follows a link. Messages that come with it are left for Run.
func (p *pairing) handle(event any) bool {
	switch event.(type) {
	case *events.Message:
		return false
	case *events.PairSuccess:
		p.c.guard(p.client.Store)
	case *events.Connected:
		select {
		case p.up <- struct{}{}:
		default:
		}
	}
	return true
}

func (p *pairing) run(ctx context.Context) error {
	items, err := p.client.GetQRChannel(ctx)
	if err != nil {
		return p.failed(err)
	}
	if err := p.client.ConnectContext(ctx); err != nil {
		return p.c.waiting(err)
	}
	for item := range items {
		done, err := p.step(ctx, item)
		if err != nil {
			return err
		}
		if done {
			return p.settle(ctx)
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return p.late()
}

// step follows one thing that happened. It reports whether the telephone is linked.
func (p *pairing) step(ctx context.Context, item whatsmeow.QRChannelItem) (bool, error) {
	switch item.Event {
	case whatsmeow.QRChannelEventCode:
		p.offered = true
		if p.number == "" {
			p.show(bot.PairingCode{QR: item.Code, Picture: picture(item.Code), Until: p.c.deps.Now().Add(item.Timeout)})
			return false, nil
		}
		if p.asked {
			return false, nil
		}
		p.asked = true
		code, err := p.client.PairPhone(ctx, p.number, true, whatsmeow.PairClientChrome, "Chrome (Linux)")
		if err != nil {
			return false, p.failed(err)
		}
		p.show(bot.PairingCode{Typed: code, Until: p.c.deps.Now().Add(phoneCodeLife)})
		return false, nil
	case whatsmeow.QRChannelSuccess.Event:
		return true, nil
	case whatsmeow.QRChannelTimeout.Event:
		return false, p.late()
	case whatsmeow.QRChannelClientOutdated.Event:
		return false, &bot.Error{Class: bot.Conflict, Message: p.c.say(locales.WAOutdated, nil)}
	case whatsmeow.QRChannelEventPasskeyRequest, whatsmeow.QRChannelEventPasskeyResponse:
		return false, &bot.Error{Class: bot.Denied, Message: p.c.say(locales.WAPairPasskey, nil)}
	case whatsmeow.QRChannelScannedWithoutMultidevice.Event:
		return false, nil // an old setting on the telephone; the code stays good
	}
	return false, p.failed(item.Error)
}

// settle waits until the link works: WhatsApp hangs up once and lets the client come again.
func (p *pairing) settle(ctx context.Context) error {
	late := time.NewTimer(settleWait)
	defer late.Stop()
	select {
	case <-p.up:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-late.C:
		return nil // the link is stored; Run will say what is wrong
	}
}

func (p *pairing) failed(err error) error {
	return &bot.Error{Class: bot.Transient, Message: p.c.say(locales.WAPairFailed, nil), Err: err}
}

// late says why nothing came of it: the codes were not used in time, or WhatsApp was never reached to give one.
func (p *pairing) late() error {
	if !p.offered {
		return &bot.Error{Class: bot.Transient, Message: p.c.say(locales.WAPairOffline, nil)}
	}
	return &bot.Error{Class: bot.Transient, Message: p.c.say(locales.WAPairTimeout, nil)}
}

// Unpair takes the device off the telephone's list and forgets the link. When WhatsApp cannot be reached the link is
// forgotten here all the same, and the error of the class Conflict says what is left to do. A running Run ends.
func (c *Channel) Unpair(ctx context.Context) error {
	c.mu.Lock()
	l := c.link
	c.mu.Unlock()
	if l != nil {
		err := c.goodbye(ctx, l.client)
		l.end(ending{key: locales.WAUnlinked})
		return err
	}
	h, err := c.briefly(ctx)
	if err != nil {
		return err
	}
	defer h.Release()
	ctx, stop := while(ctx, h)
	defer stop()
	d, err := c.stored(ctx)
	if err != nil {
		return &bot.Error{Class: bot.Transient, Message: c.say(locales.WAStore, nil), Err: err}
	}
	if d == nil {
		return nil
	}
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	cli := c.client(inner, d)
	up := make(chan struct{}, 1)
	p := &pairing{c: c, client: cli, up: up}
	cli.AddEventHandlerWithSuccessStatus(p.handle)
	defer cli.Disconnect()
	if err := cli.ConnectContext(inner); err == nil {
		late := time.NewTimer(goodbyeWait)
		defer late.Stop()
		select {
		case <-up:
		case <-late.C:
		case <-ctx.Done():
		}
	}
	err = c.goodbye(ctx, cli)
	c.set(Unlinked, c.say(locales.WAUnlinked, nil))
	return err
}

// goodbye logs out, and forgets the link whether that worked or not.
func (c *Channel) goodbye(ctx context.Context, cli *whatsmeow.Client) error {
	short, cancel := context.WithTimeout(ctx, goodbyeWait)
	defer cancel()
	out := cli.Logout(short)
	if out == nil {
		return nil
	}
	cli.Disconnect()
	if err := cli.Store.Delete(context.WithoutCancel(ctx)); err != nil && !errors.Is(err, store.ErrDeviceDeleted) {
		return &bot.Error{Class: bot.Transient, Message: c.say(locales.WAStore, nil), Err: err}
	}
	return &bot.Error{Class: bot.Conflict, Message: c.say(locales.WAForgotten, nil), Err: out}
}
