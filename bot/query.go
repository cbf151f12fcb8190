package bot

import (
	"time"

	"tanya/faq"
)

// TextLife is how long the redacted text of a question is kept for review, sampling and replay.
const TextLife = 30 * 24 * time.Hour

// Query is the row that counts one question. It says what was asked and what came of it, never who asked: no
// address, no pseudonym, no message id, and the time only to the hour.
type Query struct {
	ID       int64
	Hour     time.Time // truncated to the hour
	Channel  string
	Lang     faq.Lang
	Outcome  Outcome
	Topic    string
	Entry    string // the entry that answered, or the best candidate
	Score    float64
	Segment  faq.Segment
	Activity string
	Edition  int64
	Mark     string  // quiz rows: "awal", "akhir", and "akhir:0" or "akhir:1" with what was answered before; else "" or MarkClaim
	Previous Outcome // outcome of the question before it in the same conversation

	// Text is the redacted text, kept apart from the row, sealed, for at most TextLife; "" for anything that is
	// like a report.
	Text       string
	Candidates []faq.Candidate // what the matcher thought, for staff; kept and erased with Text
	Explain    faq.Explanation
}

// MarkClaim marks a question whose answer is the one that settles a statement of the quiz: whoever believes it asks this.
const MarkClaim = "pernyataan"

// Settlement is everything that follows from one message, or from several that are pieces of one. The ledger commits it
// in one transaction: the session, the query rows, the replies in the outbox, and the messages as done.
type Settlement struct {
	Message Message
	Covers  []int64  // numbers of the messages before it that this one turn answers too, oldest first
	Session *Session // nil erases the session
	Queries []Query
	Replies []Reply
	Erase   bool  // forget everything that still belongs to the chat: session, waiting texts, set entries, callbacks
	Silence bool  // cancel what still waits to be sent to the chat, before Replies are added
	Wait    *Wait // a callback the person asked for
	Remind  *Reminder
	Rating  string // feedback on the last answer, "" when none: "up" or "down:<reason>"
}

// Wait is a person's wish to be told when a question has an answer. Its address is sealed and lives until it is
// told or WaitLife has passed.
type Wait struct {
	Query int64 // the unanswered query row
	Lang  faq.Lang
	Until time.Time
}

// WaitLife is how long a callback may wait.
const WaitLife = 14 * 24 * time.Hour
