package whatsapp

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"sync"
	"time"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"tanya/bot"
)

// take commits one message to the inbox. It returns false when WhatsApp has to deliver it again.
func (l *link) take(e *events.Message) bool {
	l.busy.RLock()
	defer l.busy.RUnlock()
	if l.ctx.Err() != nil || l.turns.fence() != nil {
		return false
	}
	if !ours(e.Info) {
		return true
	}
	c, ok := read(e)
	if !ok {
		return true
	}
	who, err := l.person(e.Info.MessageSource)
	if err != nil && !l.gate.hopeless(e.Info.ID) {
		return l.gate.shut(e.Info.ID, l)
	}
	m := bot.Message{
		Channel: Name, Kind: c.kind, Text: c.text, Sent: e.Info.Timestamp, Address: address(who),
		External: external{person: who.User, id: e.Info.ID, timer: c.timer}.String(),
	}
	if c.edits != "" {
		m.External = external{person: who.User, id: c.edits, timer: c.timer}.String()
	}
	if c.vote && !l.vote(e, &m) {
		return true
	}
	if who.IsEmpty() {
		// WhatsApp does not tell who it is without telephone number, so no reply could be sent either.
		m.Kind, m.Text, m.External = bot.Broken, "", "nobody "+e.Info.ID
	}
	if l.c.deps.Now().Sub(e.Info.Timestamp) > l.c.cfg.MaxAge {
		l.c.counts.old.Add(1)
		m.Kind, m.Text = bot.Broken, "" // counted on disk, not answered: the question is hours old
	}
	return l.commit(e.Info.ID, m)
}

// person returns the LID of who wrote. A person's messages come under the LID or the telephone number, and the other
// one beside it or not. It is empty when WhatsApp knows none.
func (l *link) person(s types.MessageSource) (types.JID, error) {
	for _, j := range []types.JID{s.Sender, s.SenderAlt} {
		if j.Server == types.HiddenUserServer && j.User != "" {
			return j.ToNonAD(), nil
		}
	}
	lid, err := l.client.Store.LIDs.GetLIDForPN(l.ctx, s.Sender.ToNonAD())
	if err == nil && lid.IsEmpty() {
		ctx, cancel := context.WithTimeout(l.ctx, askWait)
		defer cancel()
		var found map[types.JID]types.UserInfo
		found, err = l.client.GetUserInfo(ctx, []types.JID{s.Sender.ToNonAD()})
		lid = found[s.Sender.ToNonAD()].LID
	}
	return lid.ToNonAD(), err
}

// askWait is how long WhatsApp may take to tell a person's LID.
const askWait = 10 * time.Second

// vote turns a vote into a tap on the choice that it stands for. It is false when there is nothing to answer: the vote
// was taken back, or is for a poll that is not known any more.
func (l *link) vote(e *events.Message, m *bot.Message) bool {
	ctx, cancel := context.WithTimeout(l.ctx, askWait)
	defer cancel()
	v, err := l.client.DecryptPollVote(ctx, e)
	if err != nil || len(v.GetSelectedOptions()) == 0 {
		return false
	}
	id := e.Message.GetPollUpdateMessage().GetPollCreationMessageKey().GetID()
	o, err := l.c.find(ctx, m.Address, id)
	if err != nil {
		return false
	}
	for _, ch := range o.Reply.Choices {
		sum := sha256.Sum256([]byte(plain(ch.Label)))
		if slices.Equal(sum[:], v.GetSelectedOptions()[0]) {
			m.Kind, m.Text, m.Choice = bot.Tap, "", ch.Key
			return true
		}
	}
	return false
}

// Pauses between the tries to commit a message.
const (
	commitPauseMin = 50 * time.Millisecond
	commitPauseMax = 2 * time.Second
)

// commit hands a message to the inbox. It tries for a while before it lets WhatsApp deliver the message again: the
// library hands out messages one after the other, so this holds up everybody, as a ledger out of order does anyway.
func (l *link) commit(id string, m bot.Message) bool {
	if !l.gate.pass(id) {
		return false
	}
	deadline := time.Now().Add(l.c.cfg.StoreWait)
	for pause := commitPauseMin; ; pause = min(2*pause, commitPauseMax) {
		err := l.accept.Accept(l.ctx, bot.Batch{Channel: Name, Messages: []bot.Message{m}})
		switch {
		case err == nil:
			l.gate.open()
			return true
		case l.ctx.Err() != nil:
			return false
		case bot.ClassOf(err) == bot.Invalid && m.Kind == bot.Broken:
			l.c.log.Error("a message was given up", "err", err)
			return true
		case bot.ClassOf(err) == bot.Invalid:
			m.Kind, m.Text, m.Choice = bot.Broken, "", "" // it would be refused for ever and hold up everybody
		case time.Now().After(deadline):
			l.c.log.Error("messages cannot be stored", "class", bot.ClassOf(err), "err", err)
			return l.gate.shut(id, l)
		case !sleep(l.ctx, pause):
			return false
		}
	}
}

// sleep waits and reports whether ctx is still alive.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// gate keeps the order of messages when one could not be stored. WhatsApp delivers again what was not received, but
// only on a new connection, and those behind it are on their way already: they are refused too until the first one
// has come again.
type gate struct {
	mu      sync.Mutex
	waits   string // id of the message that must come first, "" when the gate is open
	refused bool   // others were refused since
	tries   int    // reconnections without a message stored
	timer   *time.Timer
}

// gateAnyone is waited for when a message could not even be decrypted, so that nobody knows its id: the gate stays shut
// until the backlog of the next connection has gone by.
const gateAnyone = "\x00"

// pass reports whether the message may be stored now.
func (g *gate) pass(id string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.waits != "" && g.waits != id {
		g.refused = true
		return false
	}
	return true
}

// hopeless reports whether a message was refused so often that those behind it should not wait any longer.
func (g *gate) hopeless(id string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.waits == id && g.tries >= gateTries
}

// gateTries is how often a message whose sender cannot be found out holds up the others.
const gateTries = 3

// open follows a message that was stored.
func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waits, g.refused, g.tries = "", false, 0
}

// shut lets nothing pass before the message with the id, and connects anew after a pause so that it comes. It always
// returns false.
func (g *gate) shut(id string, l *link) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.waits == "" {
		g.waits = id
	}
	pause := min(time.Second<<min(g.tries, 9), 5*time.Minute)
	if g.tries == 0 {
		pause = 100 * time.Millisecond
	}
	g.tries++
	if g.timer != nil {
		g.timer.Stop()
	}
	g.timer = time.AfterFunc(pause, func() {
		if l.ctx.Err() == nil {
			l.client.ResetConnection()
		}
	})
	return false
}

// caughtUp follows the backlog of a new connection. When the message that was waited for is not in it, it will not come
// any more (its sender took it back); those that were refused meanwhile are asked for with one more connection.
func (l *link) caughtUp() {
	l.gate.mu.Lock()
	lost := l.gate.waits != "" && l.gate.refused
	if l.gate.waits == gateAnyone && !lost {
		l.gate.waits = ""
	}
	if lost {
		l.gate.waits, l.gate.refused = "", false
	}
	l.gate.mu.Unlock()
	if lost {
		go l.client.ResetConnection()
	}
}

// errGone is returned for a reply that the ledger does not hold any more.
var errGone = errors.New("no such reply")
