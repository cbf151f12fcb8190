// Package match finds the entry that answers a question, says how sure it is, and knows when it does not know.
//
// It learns from a handful of phrasings per entry when the program starts: no download, no other service, no
// database. A message is folded, written out and repaired (package text and the speller here), turned into words,
// letter runs and meanings shared by Indonesian, Javanese and English, and scored by one multinomial logistic
// regression over all entries and an out-of-scope class. Cross-validation on the same phrasings turns scores into
// probabilities and sets the thresholds for answering, so that wrong answers stay under a stated bound. Guards stand
// before all of that: preference, prediction, reports, personal data and other regions are never a matter of scores.
//
// An Engine is immutable but for its calibration, which may arrive later, and safe for concurrent use. The same
// phrasings and the same question give the same result on every machine.
package match

import (
	"context"
	"errors"

	"tanya/faq"
)

// OutOfScope is the label of samples that no entry answers.
const OutOfScope = "oos"

// Sample is a text with the label of the entry that answers it, or OutOfScope.
type Sample struct {
	Text    string
	Label   string
	Lang    faq.Lang
	Variety string // formal, chat, ngoko, krama, en, campur; "" where unknown
}

// Bounds say how many of the answers may be wrong, with what confidence.
type Bounds struct {
	Overall    float64 // share of wrong answers among answers
	Critical   float64 // the same among answers from critical entries
	Confidence float64 // of the upper bound, 0.95
}

// Calibration says when thresholds are computed.
type Calibration int

// The ways to calibrate.
const (
	Foreground Calibration = iota // New returns calibrated
	Background                    // New returns at once with cautious thresholds; better ones follow
	Never                         // cautious thresholds are all there is
)

// Cache keeps what took long to compute. Load returns an error when there is nothing under the key; what it returns
// is checked, and a damaged value only costs the time to compute it again.
type Cache interface {
	Load(key string) ([]byte, error)
	Save(key string, data []byte) error
}

// Options say how an engine is built. The zero value is a plain classifier without guards.
type Options struct {
	Critical    func(label string) bool // entries under the stricter bound; nil: none
	Declines    func(label string) bool // guard entries: the verdict is Declined; nil: none
	Guards      bool                    // structural guards, greetings left aside, names masked
	Titles      map[string]string       // a label's title, read as one more phrasing and as context of a follow-up
	Related     map[string][]string     // entries that stand next to an entry; offered before others
	Negatives   []string                // out-of-scope messages
	Answers     []Sample                // texts of answers: weak evidence, they bring no words of their own
	Unlabelled  []string                // text of the same kind, for word vectors; used from a thousand lines on
	Bounds      Bounds                  // zero: 2%, 0.5%, 95%
	Calibration Calibration
	Recalibrate bool  // compute the thresholds also where those of the release fit
	Cache       Cache // nil: none
	Seed        uint64
}

// ErrNoSamples says that there is nothing to learn from.
var ErrNoSamples = errors.New("match: no samples to learn from")

func (o Options) withDefaults() Options {
	if o.Critical == nil {
		o.Critical = func(string) bool { return false }
	}
	if o.Declines == nil {
		o.Declines = func(string) bool { return false }
	}
	if o.Bounds.Overall == 0 {
		o.Bounds.Overall = 0.02
	}
	if o.Bounds.Critical == 0 {
		o.Bounds.Critical = 0.005
	}
	if o.Bounds.Confidence == 0 {
		o.Bounds.Confidence = 0.95
	}
	return o
}

var _ faq.Matcher = (*Engine)(nil)

// Match finds the entries that may answer a question. It fails only when ctx is done.
func (e *Engine) Match(ctx context.Context, q faq.Question) (faq.Result, error) {
	if err := ctx.Err(); err != nil {
		return faq.Result{}, err
	}
	return e.match(q), nil
}
