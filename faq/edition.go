package faq

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"slices"
	"sort"
	"strings"
	"time"
)

// Edition is one immutable set of all entries, facts and elections. The service answers from one edition at a
// time and every query row names it. An Edition is safe for concurrent use.
type Edition struct {
	Number int64  // 0 for files that were never published
	Hash   string // SHA-256 over all files, in hexadecimal
	Zone   *time.Location

	files     fs.FS
	entries   map[string]*Entry
	ids       []string // sorted
	facts     map[string]*Fact
	elections map[string]*Election
	quiz      []QuizItem
	hosts     map[string]hostRule
	rules     rules
	pictures  map[string]*Picture
	templates map[string]template // by source text
}

// ErrNoEntry says that an edition has no such entry.
var ErrNoEntry = errors.New("there is no such entry")

// Files returns the files that the edition was read from.
func (ed *Edition) Files() fs.FS { return ed.files }

// IDs returns the ids of all entries, sorted.
func (ed *Edition) IDs() []string { return slices.Clone(ed.ids) }

// Entry returns the entry with the id, nil when there is none.
func (ed *Edition) Entry(id string) *Entry { return ed.entries[id] }

// Fact returns the fact with the id, nil when there is none.
func (ed *Edition) Fact(id string) *Fact { return ed.facts[id] }

// Facts returns the ids of all facts, sorted.
func (ed *Edition) Facts() []string {
	ids := make([]string, 0, len(ed.facts))
	for id := range ed.facts {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	return ids
}

// Election returns the election with the id, nil when there is none.
func (ed *Edition) Election(id string) *Election { return ed.elections[id] }

// Elections returns the ids of all elections, sorted.
func (ed *Edition) Elections() []string {
	ids := make([]string, 0, len(ed.elections))
	for id := range ed.elections {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	return ids
}

// Topics returns the topics that have entries for citizens, in the order of the main menu.
func (ed *Edition) Topics() []string {
	var have []string
	for _, t := range topicOrder() {
		if slices.ContainsFunc(ed.ids, func(id string) bool { e := ed.entries[id]; return e.Topic == t && !e.Guard }) {
			have = append(have, t)
		}
	}
	return have
}

// topicOrder is the order in which topics stand in the main menu.
func topicOrder() []string {
	return []string{"jadwal", "hak-pilih", "tps", "akses", "politik-uang", "netralitas", "kpu"}
}

// TopicMenu returns the entries of a topic's menu, in its order.
func (ed *Edition) TopicMenu(topic string) []*Entry {
	var es []*Entry
	for _, id := range ed.ids {
		if e := ed.entries[id]; e.Topic == topic && e.Menu > 0 && !e.Guard {
			es = append(es, e)
		}
	}
	slices.SortStableFunc(es, func(a, b *Entry) int { return a.Menu - b.Menu })
	return es
}

// View says for whom and when an answer is rendered.
type View struct {
	Lang    Lang
	Easy    bool    // the easy-read wording, where the language is Indonesian
	Segment Segment // the wording for an audience, where there is one
	Paper   bool    // for what is printed or kept: days are named, not counted ("82 hari lagi")
	At      time.Time
}

// Answer is an entry's wording for a view, with what makes it true.
type Answer struct {
	Entry   *Entry
	Phase   string
	Lang    Lang // the language it is written in
	Text    string
	Sources []Source
	Checked Date      // the earliest day on which one of its facts was checked
	Expires time.Time // not to be sent from this instant on
	Facts   []string  // the facts that it names, sorted
	Media   []Attachment
}

// Answer renders the entry for the view. It fails with an *ExpiredError when a fact may not be said at that
// instant, and with ErrNoEntry when there is no such entry. It never falls back to an older text.
func (ed *Edition) Answer(id string, v View) (Answer, error) {
	e := ed.entries[id]
	if e == nil {
		return Answer{}, fmt.Errorf("%w: %q", ErrNoEntry, id)
	}
	phase := phaseAt(e.Phases, v.At)
	text, lang := e.wording(phase.ID, v)
	if text == "" {
		return Answer{}, fmt.Errorf("entry %s has no text in phase %s", id, phase.ID)
	}
	r := rendering{ed: ed, lang: lang, at: v.At, paper: v.Paper, expires: phase.Ends}
	out, err := r.render(ed.template(text))
	if err != nil {
		return Answer{}, fmt.Errorf("entry %s, phase %s, %s: %w", id, phase.ID, lang, err)
	}
	a := Answer{
		Entry: e, Phase: phase.ID, Lang: lang, Text: out, Sources: ed.hide(ed.sources(e, r.facts)),
		Checked: r.checked, Expires: r.expires, Facts: r.facts,
	}
	return a, ed.attach(&a, v.At)
}

// attach adds what the entry shows beside its text, with the words that stand for it in the answer's language. A
// picture that may not be shown yet is left out; one that holds shorter than the text shortens the answer's life.
func (ed *Edition) attach(a *Answer, at time.Time) error {
	for _, m := range a.Entry.Media {
		if m.Kind == "picture" {
			g, err := ed.Legend(m.Name, a.Lang, at)
			var expired *ExpiredError
			if errors.As(err, &expired) {
				continue
			}
			if err != nil {
				return fmt.Errorf("entry %s: %w", a.Entry.ID, err)
			}
			m.Alt = Words{a.Lang: g.Alt}
			if a.Expires.IsZero() || (!g.Expires.IsZero() && g.Expires.Before(a.Expires)) {
				a.Expires = g.Expires
			}
		}
		a.Media = append(a.Media, m)
	}
	return nil
}

// sources are the entry's own; an entry without any shows those of the facts it names.
func (ed *Edition) sources(e *Entry, facts []string) []Source {
	if len(e.Sources) > 0 || e.Guard {
		return e.Sources
	}
	var out []Source
	for _, id := range facts {
		s := ed.facts[id].Source
		if !slices.ContainsFunc(out, func(o Source) bool { return o.URL == s.URL }) {
			out = append(out, s)
		}
	}
	return out
}

// phaseAt returns the phase that holds at the instant: the first whose end is still to come.
func phaseAt(phases []Phase, at time.Time) Phase {
	for _, p := range phases {
		if p.Ends.IsZero() || at.Before(p.Ends) {
			return p
		}
	}
	return phases[len(phases)-1]
}

// wording picks the text of a phase for a view: the audience's where there is one, then the easy one where it is
// wanted, then the language's, then the Indonesian one.
func (e *Entry) wording(phase string, v View) (string, Lang) {
	texts := e.Answer[phase]
	if v.Easy && v.Lang == Indonesian && texts[Easy] != "" {
		return texts[Easy], Indonesian
	}
	if s := e.Segments[v.Segment][phase][string(v.Lang)]; s != "" {
		return s, v.Lang
	}
	if s := texts[string(v.Lang)]; s != "" {
		return s, v.Lang
	}
	return texts[string(Indonesian)], Indonesian
}

// template returns the parsed form of a text; texts that were not seen while loading are parsed again each time.
func (ed *Edition) template(text string) template {
	if t, ok := ed.templates[text]; ok {
		return t
	}
	return parseTemplate(text)
}

// Boundaries returns every instant at which some answer may change: the ends of phases and the first and last
// instants of facts, sorted and without repeats.
func (ed *Edition) Boundaries() []time.Time {
	var ts []time.Time
	for _, id := range ed.ids {
		ts = append(ts, ends(ed.entries[id].Phases)...)
	}
	for _, name := range ed.Pictures() {
		ts = append(ts, ends(ed.pictures[name].Phases)...)
	}
	for _, id := range ed.Facts() {
		f := ed.facts[id]
		for _, d := range []Date{f.From, f.Until} {
			if !d.IsZero() {
				ts = append(ts, d.Start(ed.Zone))
			}
		}
		if f.Kind == KindDate || f.Kind == KindRange {
			ts = append(ts, f.Day.Start(ed.Zone), f.Last.Add(1).Start(ed.Zone))
		}
	}
	slices.SortFunc(ts, time.Time.Compare)
	return slices.CompactFunc(ts, time.Time.Equal)
}

// ends returns the instants at which phases end.
func ends(phases []Phase) []time.Time {
	var ts []time.Time
	for _, p := range phases {
		if !p.Ends.IsZero() {
			ts = append(ts, p.Ends)
		}
	}
	return ts
}

// hostRule says how a site may be used.
type hostRule struct {
	shown bool // its links may stand in a citizen's answer
}

// host returns the rule of a site, its own or that of the site it is part of.
func (ed *Edition) host(name string) (hostRule, bool) {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	for name != "" {
		if r, ok := ed.hosts[name]; ok {
			return r, true
		}
		_, rest, ok := strings.Cut(name, ".")
		if !ok {
			break
		}
		name = rest
	}
	return hostRule{}, false
}

// hide marks the sources whose links are not shown to citizens.
func (ed *Edition) hide(list []Source) []Source {
	out := slices.Clone(list)
	for i := range out {
		u, err := url.Parse(out[i].URL)
		if err != nil {
			out[i].Mirror = true
			continue
		}
		if r, ok := ed.host(u.Hostname()); !ok || !r.shown {
			out[i].Mirror = true
		}
	}
	return out
}
