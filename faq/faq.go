// Package faq holds what the election office knows: entries with approved answers, the facts and elections
// that answers name, and the rules that keep both right on every day. It renders an answer for a language and
// an instant, says until when that answer may be sent, and lints content while loading it. It knows no
// network, no database and no chat, and could be published as a library of its own. Everything loaded is
// immutable and safe for concurrent use.
package faq

// Lang is a language tag of the service: "id", "jv" or "en".
type Lang string

// The languages that every answer is written in. Indonesian is the one that always exists.
const (
	Indonesian Lang = "id"
	Javanese   Lang = "jv"
	English    Lang = "en"
)

// Langs lists the languages in the order in which they are offered.
func Langs() []Lang { return []Lang{Indonesian, Javanese, English} }

// Valid reports whether l is one of the service's languages.
func (l Lang) Valid() bool { return l == Indonesian || l == Javanese || l == English }
