package bot

import (
	"time"

	"tanya/faq"
)

// SessionLife is how long a conversation is remembered after its last message. The reply address lives as long.
const SessionLife = 72 * time.Hour

// Session is what is remembered of a conversation. It holds no text that a person typed and no address; it is
// sealed at rest and erased after SessionLife or by /hapus.
type Session struct {
	Lang     faq.Lang  `json:"lang,omitempty"`
	Fixed    bool      `json:"fixed,omitempty"`    // the person chose the language, do not guess any more
	Welcomed bool      `json:"welcomed,omitempty"` // the first-contact text was given
	Easy     bool      `json:"easy,omitempty"`     // easy-read texts, one thing a message, plain numbered menus
	Stopped  bool      `json:"stopped,omitempty"`  // asked not to be written to
	About    string    `json:"about,omitempty"`    // the entry last talked about
	Said     string    `json:"said,omitempty"`     // stands for the wording of the answer last given, so that it is not said twice
	SaidAt   time.Time `json:"said_at,omitzero"`   // when
	Brief    string    `json:"brief,omitempty"`    // stands for the short form last given
	Offer    []Choice  `json:"offer,omitempty"`    // the choices last shown, for numbers and words
	Before   []Choice  `json:"before,omitempty"`   // the choices shown before those, for a late tap
	OfferAt  time.Time `json:"offer_at,omitzero"`
	Others   []string  `json:"others,omitempty"`    // what else the last question may have meant, for "not that one"
	Last     Outcome   `json:"last,omitempty"`      // outcome of the last question
	Misses   int       `json:"misses,omitempty"`    // questions in a row that were not understood
	Turns    int       `json:"turns,omitempty"`     // messages answered in this session
	LastMiss int64     `json:"last_miss,omitempty"` // the query row a callback or feedback belongs to

	Activity string      `json:"activity,omitempty"` // code of the outreach activity the person came by
	ActiveTo time.Time   `json:"active_to,omitzero"` // until when it counts
	Segment  faq.Segment `json:"segment,omitempty"`  // from the activity or the person's own tap
	Asked    bool        `json:"asked,omitempty"`    // the optional segment question was shown

	Reminded string `json:"reminded,omitempty"` // the election that the person asked to be reminded of

	Flow *FlowState        `json:"flow,omitempty"` // a guided flow that is under way
	Quiz map[string]string `json:"quiz,omitempty"` // "0" or "1" by item, answered before an activity

	Burst   int       `json:"burst,omitempty"` // messages within a minute
	BurstAt time.Time `json:"burst_at,omitzero"`
	Calmed  bool      `json:"calmed,omitempty"` // an insult was answered
	Updated time.Time `json:"updated"`
}

// FlowState is where a person stands in a guided flow. It holds choices, never typed text.
type FlowState struct {
	Name  string            `json:"name"`
	Step  int               `json:"step"`
	Marks map[string]string `json:"marks,omitempty"` // answers to fixed questions, by key
}

// Fresh reports whether the session still counts at the instant.
func (s Session) Fresh(now time.Time) bool {
	return !s.Updated.IsZero() && now.Sub(s.Updated) < SessionLife
}
