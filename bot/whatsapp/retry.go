package whatsapp

import (
	"context"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"

	"tanya/bot"
)

// findPage is how many replies of a chat are looked at together.
const findPage = 100

// find returns the reply that was sent to the address under the id.
func (c *Channel) find(ctx context.Context, to, id string) (bot.Outgoing, error) {
	chat := c.deps.Keys.Chat(Name, to)
	for after := int64(0); ; {
		page, err := c.deps.Ledger.Replies(ctx, chat, after, findPage)
		if err != nil {
			return bot.Outgoing{}, err
		}
		for _, o := range page {
			if o.Platform == id {
				return o, nil
			}
			after = o.ID
		}
		if len(page) < findPage {
			return bot.Outgoing{}, errGone
		}
	}
}

// sentBefore makes a message anew that a telephone could not decrypt and asks for again; without it the person would
// see "waiting for this message" for ever. The library remembers the last few itself, but not over a restart. What has
// expired since is not said any more, and a picture is left out.
func (l *link) sentBefore(_, to types.JID, id types.MessageID) *waE2E.Message {
	ctx, cancel := context.WithTimeout(l.ctx, askWait)
	defer cancel()
	if to.Server == types.DefaultUserServer {
		lid, err := l.client.Store.LIDs.GetLIDForPN(ctx, to.ToNonAD())
		if err != nil || lid.IsEmpty() {
			return nil
		}
		to = lid
	}
	o, err := l.c.find(ctx, address(to), id)
	if err != nil {
		return nil
	}
	if end := o.Reply.Expires; !end.IsZero() && !l.c.deps.Now().Before(end) {
		return nil
	}
	return l.c.compose(l.secrets, id, o)
}
