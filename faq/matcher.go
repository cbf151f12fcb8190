package faq

import "context"

// Matcher finds the entries that may answer a question, best first, and says how sure it is.
// Implementations are safe for concurrent use and return the same result for the same question.
type Matcher interface {
	Match(ctx context.Context, q Question) (Result, error)
}

// Question is one question as a person typed it, after redaction.
type Question struct {
	Text  string // what was typed
	Lang  Lang   // the language of the conversation, "" when not known yet
	About string // id of the entry that was just talked about, "" when none
}

// Verdict is what a matcher decided about a question.
type Verdict string

// The verdicts. Menu is never returned by a matcher: a command word asks for it.
const (
	Answered Verdict = "answered" // one entry answers it
	Choices  Verdict = "choices"  // two or three entries are close
	Unknown  Verdict = "unknown"  // nothing here answers it
	Declined Verdict = "declined" // a guard entry answers it
	Greeting Verdict = "greeting" // nothing but a greeting, thanks or the like
	Menu     Verdict = "menu"     // the person asked for the menu
)

// Result is a verdict with everything that led to it.
type Result struct {
	Verdict    Verdict
	Entry      string      // the entry that answers (answered) or the guard (declined), else ""
	Score      float64     // calibrated probability that Entry, or the best candidate, is right
	Lang       Lang        // the language the message was written in, "" when it could be any
	Choices    []string    // the entries to offer, best first, when the verdict is Choices
	Candidates []Candidate // best first, at most ten, also when the verdict is Unknown
	Explain    Explanation
}

// Candidate is an entry that may answer the question.
type Candidate struct {
	Entry   string  `json:"entry"`
	Score   float64 `json:"score"`             // calibrated probability
	Nearest string  `json:"nearest,omitempty"` // the sample phrasing that is most like the question
	Words   []Word  `json:"words,omitempty"`   // the words that argued most, strongest first
}

// Word is one word of the question and what it argued.
type Word struct {
	Text   string  `json:"text"`
	Weight float64 `json:"weight"` // positive argues for the candidate
}

// Explanation tells staff why a result is what it is.
type Explanation struct {
	Words     []string          `json:"words"`              // the question after normalisation
	Repaired  map[string]string `json:"repaired,omitempty"` // words read as other words
	Stripped  string            `json:"stripped,omitempty"` // greeting or padding that was left aside
	Guard     string            `json:"guard,omitempty"`    // the rule that fired, in words
	InScope   float64           `json:"in_scope"`           // probability that the question is about elections here
	Threshold float64           `json:"threshold"`          // the score an answer needed
	Bound     string            `json:"bound,omitempty"`    // what the threshold promises, in words
	Why       string            `json:"why"`                // one sentence in Indonesian for staff
}
