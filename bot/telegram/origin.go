package telegram

import (
	"strconv"
	"strings"

	"tanya/bot"
)

// place is where a conversation happens: a chat and, in a forum, a topic of it. Its text is the address that the
// engine keeps sealed.
type place struct {
	chat   int64
	thread int64 // 0 outside topics
}

func (p place) String() string {
	s := strconv.FormatInt(p.chat, 10)
	if p.thread != 0 {
		s += "/" + strconv.FormatInt(p.thread, 10)
	}
	return s
}

// group reports whether more than one person reads along.
func (p place) group() bool { return p.chat < 0 }

// parsePlace reads what place.String wrote.
func parsePlace(s string) (place, error) {
	chat, thread, topic := strings.Cut(s, "/")
	var p place
	var err, errThread error
	p.chat, err = strconv.ParseInt(chat, 10, 64)
	if topic {
		p.thread, errThread = strconv.ParseInt(thread, 10, 64)
	}
	if err != nil || errThread != nil || p.chat == 0 {
		return place{}, bot.Errorf(bot.Invalid, "the reply has no address that Telegram knows")
	}
	return p, nil
}

// origin names a message to the engine, which answers a name only once. It is built from what stays the same however
// an update arrives: chat and message id, so that an edited message is the message that it was; the id of a tap; the
// id of an album. The update id would not do: it differs for an edit, and Telegram starts it anew after a quiet week.
type origin struct {
	kind    byte // 'm' message, 'g' album, 'c' tap, 'p' vote in a quiz poll, 'u' an update that could not be read
	chat    int64
	message int64  // 'm': the message; 'c': the menu that may be edited in place, 0 when none
	rest    string // 'g': id of the album; 'c': id of the tap; 'p': id of the poll; 'u': id of the update
}

func (o origin) String() string {
	parts := []string{string(o.kind)}
	if o.kind != 'u' {
		parts = append(parts, strconv.FormatInt(o.chat, 10), strconv.FormatInt(o.message, 10))
	}
	if o.rest != "" {
		parts = append(parts, o.rest)
	}
	return strings.Join(parts, ":")
}

// parseOrigin reads what origin.String wrote; anything else is the zero origin.
func parseOrigin(s string) origin {
	parts := strings.SplitN(s, ":", 4)
	if len(parts) < 3 || len(parts[0]) != 1 {
		return origin{}
	}
	chat, err1 := strconv.ParseInt(parts[1], 10, 64)
	message, err2 := strconv.ParseInt(parts[2], 10, 64)
	if err1 != nil || err2 != nil {
		return origin{}
	}
	o := origin{kind: parts[0][0], chat: chat, message: message}
	if len(parts) == 4 {
		o.rest = parts[3]
	}
	return o
}
