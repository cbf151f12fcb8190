package bot

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tanya/faq"
)

// Outcome says what the dialogue did with a message. Query rows and metrics carry it.
type Outcome string

// The outcomes. The first four are a matcher's verdicts on a question, the rest are the dialogue's own.
const (
	Answered  Outcome = "answered"
	Choices   Outcome = "choices"
	Unknown   Outcome = "unknown"
	Declined  Outcome = "declined"
	Greeted   Outcome = "greeting"
	Menu      Outcome = "menu"
	Person    Outcome = "person"   // a person's contact was given
	Language  Outcome = "language" // the language was switched
	Stopped   Outcome = "stopped"
	Erased    Outcome = "erased"
	Privacy   Outcome = "privacy"
	NotText   Outcome = "not_text" // a picture, a voice note and so on
	Busy      Outcome = "busy"     // asked to slow down
	Thanked   Outcome = "thanked"
	Feedback  Outcome = "feedback"
	Flow      Outcome = "flow"     // a step of a guided flow (report coach, quiz)
	Callback  Outcome = "callback" // asked to be told later, or told
	Ignored   Outcome = "ignored"  // nothing to say (unreadable, empty, a repeat)
	Withdrawn Outcome = "withdrawn"
	Shared    Outcome = "shared"   // a forwardable text was given
	Verified  Outcome = "verified" // a forwarded text was compared with the office's
)

// Choice is one thing a person can pick: by tapping it, by its number or by its words.
type Choice struct {
	Key   string `json:"key"` // short, versioned and stable, at most 64 bytes: "e:jam-tps", "t:jadwal", "none"
	Label string `json:"label"`
}

// Media is a picture, sound or film that goes with a reply. Its text says everything that it shows.
type Media struct {
	Kind string `json:"kind"` // "picture", "audio", "video"
	Name string `json:"name"` // name in the edition, resolved by the channel through faq.Edition
	Alt  string `json:"alt"`
}

// Poll is a question of the quiz with its one right answer. Its options are the first choices of the reply that it
// belongs to; a channel without quiz polls shows the reply as any other.
type Poll struct {
	Question string `json:"question"`
	Options  int    `json:"options"`       // how many of the choices are options
	Right    int    `json:"right"`         // the place of the right one among them, from 0
	Why      string `json:"why,omitempty"` // shown with the result: at most PollWhyMax characters of approved text
}

// PollWhyMax is the longest explanation of a poll, in characters.
const PollWhyMax = 200

// Reply is what goes back to a person: approved text and what belongs to it. It carries no markup; each channel
// renders choices and sources in its own way.
type Reply struct {
	Outcome Outcome      `json:"outcome"`
	Lang    faq.Lang     `json:"lang"`
	Text    string       `json:"text"`
	Footer  string       `json:"footer,omitempty"` // the source line, below the text
	Note    string       `json:"note,omitempty"`   // what belongs below everything, such as the first-contact line
	Sources []faq.Source `json:"sources,omitempty"`
	Choices []Choice     `json:"choices,omitempty"`
	Prompt  string       `json:"prompt,omitempty"` // the line above the choices
	Media   []Media      `json:"media,omitempty"`
	Poll    *Poll        `json:"poll,omitempty"`  // the first choices as a quiz question, for channels that have such
	Plain   bool         `json:"plain,omitempty"` // easy mode: no buttons, no decoration, numbers only

	Entry   string    `json:"entry,omitempty"`   // the entry it was rendered from, "" for the program's own words
	Edition int64     `json:"edition,omitempty"` // the edition it was rendered from
	Event   *Event    `json:"event,omitempty"`   // what it reminds of: not to be sent when that does not stand any more
	Expires time.Time `json:"expires,omitzero"`  // not to be sent from this instant on; zero when it holds no fact
}

// Key is the choice that asks for what the reply says once more: its entry, the day that it reminds of, or the menu.
func (r Reply) Key() string {
	switch {
	case r.Entry != "":
		return keyEntry + r.Entry
	case r.Event != nil:
		return keyEntry + votingDay
	}
	return keyMenu
}

// Body returns the reply as plain text without its choices: text, source line and note, with an empty line between.
func (r Reply) Body() string { return paragraphs(r.Text, r.Footer, r.Note) }

// Numbered returns the reply as plain text with its choices as a numbered list, for channels without buttons.
func (r Reply) Numbered() string {
	var list strings.Builder
	for i, c := range r.Choices {
		fmt.Fprintf(&list, "%d. %s\n", i+1, c.Label)
	}
	menu := strings.TrimSpace(r.Prompt + "\n" + list.String())
	if r.Text == "" {
		return paragraphs(menu, r.Footer, r.Note)
	}
	return paragraphs(r.Text, r.Footer, menu, r.Note)
}

// paragraphs joins what is not empty with an empty line between.
func paragraphs(parts ...string) string {
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	return strings.Join(parts, "\n\n")
}

// Outgoing is a reply on its way out.
type Outgoing struct {
	ID       int64  // number in the outbox
	Channel  string //
	Chat     string
	Address  string
	Reply    Reply
	ReplyTo  string    // the platform's id of the message that it answers, "" when none
	Platform string    // the platform's id of the reply, where we choose it; stored before sending and reused when sent again
	Created  time.Time // when it was committed
	Attempt  int       // 1 for the first try
}

// Delivery is what became of an outgoing reply.
type Delivery struct {
	ID       int64
	State    DeliveryState
	RetryAt  time.Time // for Retry and Postponed
	Reason   string    // class of failure for staff, never the platform's own words
	Platform string    // the platform's id of what was sent, "" when unknown
}

// DeliveryState is the end, or not yet the end, of a delivery.
type DeliveryState string

// The states a delivery can report.
const (
	Delivered DeliveryState = "delivered"
	Retry     DeliveryState = "retry"
	Postponed DeliveryState = "postponed" // retry what was not sent: it does not count as an attempt
	Dead      DeliveryState = "dead"
)
