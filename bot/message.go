package bot

import (
	"time"

	"tanya/faq"
)

// Kind says what a person sent.
type Kind string

// The kinds of message. Only text and taps are read; of everything else only the kind is kept.
const (
	Text     Kind = "text"
	Tap      Kind = "tap" // a button or list row of ours, named by Message.Choice
	Voice    Kind = "voice"
	Picture  Kind = "picture"
	Video    Kind = "video"
	Sticker  Kind = "sticker"
	File     Kind = "file"
	Location Kind = "location"
	Contact  Kind = "contact"
	Other    Kind = "other"
	Broken   Kind = "broken" // could not be read; stored so that it is counted, then skipped
)

// Message is one thing that a person sent.
type Message struct {
	Seq      int64  // number in the inbox, 0 before it is stored; grows in the order of acceptance
	Channel  string // name of the channel it came in by
	External string // the platform's id of it; a second message with the same id on the same channel is a repeat
	Chat     string // opaque key of the conversation, derived from Address by the keyring; never an address
	Address  string // where the platform wants the reply; sealed at rest, never logged
	Kind     Kind
	Text     string    // what was typed; redacted by the engine before it is stored
	Choice   string    // key of the tapped choice, for Tap
	Lang     faq.Lang  // what the platform says of the person's language, "" when nothing
	Sent     time.Time // when the person sent it, by the platform's clock; zero when unknown
	Received time.Time // when we accepted it
}

// Batch is what a channel hands over at once. Messages and Cursor are committed together or not at all.
type Batch struct {
	Channel  string
	Messages []Message
	Cursor   string // where the channel will go on reading after a restart, "" leaves it as it was
}
