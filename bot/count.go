package bot

import "tanya/faq"

// Count is how many question rows of some days share their labels. What the labels mean depends on the kind.
type Count struct {
	Kind       CountKind
	A, B, C, D string
	N          int
}

// CountKind is one way to count question rows. Every kind leaves most of a row's columns out, so that no kind can tell
// what a single conversation was about.
type CountKind string

// The kinds. D is the outcome: "answered", "choices", "unknown", "declined", "withdrawn", or Picked.
const (
	ByActivity CountKind = "activity"     // A code of the activity, B segment, C topic
	ByChannel  CountKind = "channel"      // A channel
	ByLang     CountKind = "lang"         // A language
	ByEntry    CountKind = "entry"        // A entry, C topic
	ByEdition  CountKind = "edition"      // A number of the edition
	ByHour     CountKind = "hour"         // A hour of the day in the office's zone, "0" to "23"
	ByQuiz     CountKind = "quiz-segment" // A item, B code of the activity, C segment, D mark of the row and "/1" for a right answer, "/0" for a wrong one
	ByClaim    CountKind = "claim"        // A entry that settles a statement of the quiz, B code of the activity, C segment
)

// Picked is the outcome of an answer that a person picked from the choices that the question before had led to: the
// two rows are one question.
const Picked = "picked"

// UnsureTopic is the topic of a question that was answered with choices: it has none yet.
const UnsureTopic = "pilihan"

// AskerCell names one number of distinct askers of a month. Empty fields do not narrow it; the zero value is everybody.
// Two cells have unrelated pseudonyms for the same person, so their numbers cannot be joined and must not be added.
type AskerCell struct {
	Activity string
	Segment  faq.Segment
	Topic    string
}
