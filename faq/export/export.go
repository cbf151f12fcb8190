// Package export turns an edition into what is handed on: printable sheets, a static site, texts for SMS and
// structured data for search engines. Every sentence comes from the edition as it holds at one instant, rendered for
// paper; the few words around it are handed in. What cannot be said whole is left out and reported, never cut.
package export

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tanya/faq"
)

// File is one file of an export. Its name is relative, with slashes.
type File struct {
	Name string
	Data []byte
}

// Options says what is exported, and for whom.
type Options struct {
	At     time.Time
	Langs  []faq.Lang // none means all
	Topics []string   // none means all
	Chat   string     // address of the web chat, for links and the QR code; "" when there is none
	Office string     // address of the office's own page, in the web chat's place when there is none
	Words  map[faq.Lang]Words
	Draw   Draw // nil leaves pictures out
}

// Draw draws a picture of the edition for a language and an instant.
type Draw func(ed *faq.Edition, name string, lang faq.Lang, at time.Time) (png, svg []byte, alt string, err error)

// Words are what stands around the answers, in one language.
type Words struct {
	Language  string            // the language's own name
	Title     string            // what the whole is
	Office    string            // who says it
	Topics    map[string]string // the topics' names by their ids
	Source    string
	Checked   string // "%s" is a day
	AsOf      string // "%s" is a day
	Until     string // "%s" is a day
	Ask       string // above the address of the chat
	More      string // in front of the web chat's address, where something was left out
	Site      string // in front of the office's own page
	Easy      string
	Related   string
	Home      string
	Skip      string // first link of a page
	Languages string // name of the list of languages
	Page      string // "%d" and "%d" are the page and the number of pages
}

// Skipped says that an entry could not be exported whole, and why, in words for staff.
type Skipped struct {
	Entry string
	Lang  faq.Lang
	Why   string
}

// item is an entry as it is exported.
type item struct {
	Entry    *faq.Entry
	Lang     faq.Lang
	Title    string
	Question string
	Answer   faq.Answer
	Easy     string   // the easy-read wording, in Indonesian only
	Notes    []string // the sentences in it that stand on their own and that many answers share
}

// address is where people ask, with the words in front of it.
func (o Options) address(l faq.Lang) (lead, to string) {
	if o.Chat != "" {
		return o.Words[l].More, o.Chat
	}
	return o.Words[l].Site, o.Office
}

// langs are the languages asked for, in the service's order.
func (o Options) langs() []faq.Lang {
	if len(o.Langs) == 0 {
		return faq.Langs()
	}
	return slices.DeleteFunc(faq.Langs(), func(l faq.Lang) bool { return !slices.Contains(o.Langs, l) })
}

// topics are the topics asked for, in the order of the menu.
func (o Options) topics(ed *faq.Edition) []string {
	if len(o.Topics) == 0 {
		return ed.Topics()
	}
	return slices.DeleteFunc(ed.Topics(), func(t string) bool { return !slices.Contains(o.Topics, t) })
}

// check says what is missing before anything is written.
func (o Options) check(ed *faq.Edition) error {
	for _, t := range o.Topics {
		if !slices.Contains(ed.Topics(), t) {
			return fmt.Errorf("topik %q tidak ada; yang ada: %s", t, strings.Join(ed.Topics(), ", "))
		}
	}
	for _, l := range o.langs() {
		if o.Words[l].Title == "" {
			return fmt.Errorf("there are no words for %q", l)
		}
	}
	return nil
}

// items renders a topic's entries: those of its menu first, then the critical ones, then the others by title.
func (o Options) items(ed *faq.Edition, topic string, l faq.Lang) ([]item, []Skipped) {
	var out []item
	var skipped []Skipped
	for _, e := range ordered(ed, topic) {
		a, err := ed.Answer(e.ID, faq.View{Lang: l, At: o.At, Paper: true})
		if err != nil {
			skipped = append(skipped, Skipped{e.ID, l, fmt.Sprintf("tidak dapat tayang: %v", err)})
			continue
		}
		it := item{Entry: e, Lang: l, Title: e.Title.In(l), Question: e.Question.In(l), Answer: a}
		if l == faq.Indonesian {
			if easy, err := ed.Answer(e.ID, faq.View{Lang: l, At: o.At, Paper: true, Easy: true}); err == nil && easy.Text != a.Text {
				it.Easy = easy.Text
				it.Notes = o.notes(ed, easy)
			}
		}
		it.Notes = append(it.Notes, o.notes(ed, a)...)
		out = append(out, it)
	}
	return out, skipped
}

// notes are the facts of an answer that are whole sentences, as they stand in it.
func (o Options) notes(ed *faq.Edition, a faq.Answer) []string {
	var out []string
	for _, id := range a.Facts {
		if f := ed.Fact(id); f.Kind == faq.KindText {
			out = append(out, strings.Join(strings.Fields(f.Words.In(a.Lang)), " "))
		}
	}
	return out
}

// ordered returns the entries of a topic, without guards.
func ordered(ed *faq.Edition, topic string) []*faq.Entry {
	es := ed.TopicMenu(topic)
	var critical, others []*faq.Entry
	for _, id := range ed.IDs() {
		switch e := ed.Entry(id); {
		case e.Topic != topic || e.Guard || e.Menu > 0:
		case e.Critical:
			critical = append(critical, e)
		default:
			others = append(others, e)
		}
	}
	slices.SortStableFunc(others, func(a, b *faq.Entry) int {
		return strings.Compare(a.Title.In(faq.Indonesian), b.Title.In(faq.Indonesian))
	})
	return slices.Concat(es, critical, others)
}

// sourceLine writes where an answer comes from: the best source, the law behind it, and the day it was checked.
func (o Options) sourceLine(it item) string {
	w := o.Words[it.Lang]
	if len(it.Answer.Sources) == 0 {
		return ""
	}
	s := it.Answer.Sources[0]
	line := w.Source + ": "
	if s.Basis != "" && !strings.Contains(s.Title, s.Basis) {
		line += s.Basis + " - "
	}
	line += s.Title + "."
	if o.checked(it) {
		line += " " + fmt.Sprintf(w.Checked, faq.ShortDay(it.Answer.Checked, it.Lang))
	}
	return line
}

// checked reports whether the day on which the answer was checked may be named: a day to come may not, which only
// an export for a past instant meets.
func (o Options) checked(it item) bool {
	day := it.Answer.Checked
	return !day.IsZero() && !faq.DateOf(o.At, faq.Jakarta()).Before(day)
}

// earliest returns the earlier of two ends; zero has no end.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}

// lastDay writes the last day on which something holds that ends at an instant.
func lastDay(ends time.Time, zone *time.Location, l faq.Lang) string {
	return faq.ShortDay(faq.DateOf(ends.Add(-time.Nanosecond), zone), l)
}
