package telegram

import (
	"encoding/json"
	"strconv"

	"tanya/bot"
)

// batch is what is made of a list of updates: messages for the inbox, taps and inline queries to answer, and the
// update to go on with. The library decodes a list as a whole, so that one update of an unexpected shape makes all
// of them unreadable, for ever, because they are handed out again. Here each stands for itself.
type batch struct {
	messages []bot.Message
	taps     []string // ids of callback queries
	inline   []inlineQuery
	next     int64 // offset of the following poll
}

// readBatch reads the raw updates that came for offset. It always moves on: what cannot be read is handed to the
// inbox as Broken, and counted.
func (c *Channel) readBatch(raws []json.RawMessage, offset int64) batch {
	b := batch{next: offset}
	last, known := int64(0), false
	for _, raw := range raws {
		if id := c.readUpdate(raw, &b); id != nil && (!known || *id > last) {
			last, known = *id, true
		}
	}
	switch {
	case known:
		// Also when it lies below offset: after a quiet week Telegram starts its numbers anew, and insisting on the
		// old offset would bring the same updates for ever.
		b.next = last + 1
	case len(raws) > 0 && offset > 0:
		b.next = offset + 1
	}
	return b
}

// readUpdate adds one update to the batch and returns its id, nil when it has none.
func (c *Channel) readUpdate(raw json.RawMessage, b *batch) *int64 {
	var u update
	if err := json.Unmarshal(raw, &u); err != nil {
		var head struct {
			ID *int64 `json:"update_id"`
		}
		_ = json.Unmarshal(raw, &head) // an id that stands before the odd part is still read
		c.broken(head.ID, b)
		return head.ID
	}
	switch {
	case present(u.Message):
		readPart(c, u, u.Message, b, c.readMessage)
	case present(u.Edited):
		readPart(c, u, u.Edited, b, c.readMessage)
	case present(u.Callback):
		readPart(c, u, u.Callback, b, c.readTap)
	case present(u.Inline):
		readPart(c, u, u.Inline, b, c.readInline)
	case present(u.Vote):
		readPart(c, u, u.Vote, b, c.readVote)
	case present(u.Member):
		c.state.count("skipped_member")
	default:
		c.state.count("skipped_unknown")
	}
	return u.ID
}

// present reports whether a part of an update is there.
func present(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }

// readPart decodes one part of an update and hands it on.
func readPart[T any](c *Channel, u update, raw json.RawMessage, b *batch, read func(*T, *batch)) {
	var part T
	if err := json.Unmarshal(raw, &part); err != nil {
		c.broken(u.ID, b)
		return
	}
	read(&part, b)
}

// broken hands an update that cannot be read to the inbox, so that it is counted there too. Without an id it could
// not be told from others and is only counted here.
func (c *Channel) broken(id *int64, b *batch) {
	if id == nil {
		c.skip("unreadable")
		return
	}
	o := origin{kind: 'u', rest: strconv.FormatInt(*id, 10)}
	b.messages = append(b.messages, bot.Message{Channel: Name, External: o.String(), Kind: bot.Broken})
}
