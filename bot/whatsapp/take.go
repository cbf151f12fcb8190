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
	if l.ctx.Err() != nil || l.closed.Load() || l.turns.fence() != nil {
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
		return l.shut(e.Info.ID)
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
			return l.shut(id)
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

// gate keeps the order of messages when one could not be stored. WhatsApp delivers again what was not received, in order,
// but only on a new connection, and those behind it are on their way already. So nothing more is taken over this link,
// and after a pause another link takes its place. Within one link that would not do: the library may still be busy with
// messages of the old connection when those of the new one come.
type gate struct {
	mu    sync.Mutex
	first string // id of the message that was refused last, gateAnyone when it could not even be decrypted
	tries int    // links given up without a message stored
}

// gateAnyone stands for a message that could not be decrypted, so that nobody knows its id.
const gateAnyone = "\x00"

// gateTries is how often a message whose sender cannot be found out holds up the others.
const gateTries = 3

// hopeless reports whether a message was refused so often that those behind it should not wait any longer.
func (g *gate) hopeless(id string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.first == id && g.tries >= gateTries
}

// open follows a message that was stored.
func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.first, g.tries = "", 0
}

// shut notes that a message was refused and returns how long to wait before it is asked for again.
func (g *gate) shut(id string) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	pause := min(time.Second<<min(g.tries, 9), 5*time.Minute)
	if g.tries == 0 {
		pause = 100 * time.Millisecond
	}
	g.first = id
	g.tries++
	return pause
}

// shut refuses the message with the id and everything behind it. It always returns false.
func (l *link) shut(id string) bool {
	if l.closed.CompareAndSwap(false, true) {
		time.AfterFunc(l.gate.shut(id), func() { l.end(ending{replace: true}) })
	}
	return false
}

// errGone is returned for a reply that the ledger does not hold any more.
var errGone = errors.New("no such reply")
