package faq

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"sort"
	"time"
)

// Picture is what a drawing says: its labels, with facts in braces like an answer, and the text that says all that
// it shows. How it looks is the drawing program's business.
type Picture struct {
	Name     string
	Owner    string
	Review   Date
	Election string
	Sources  []Source
	Phases   []Phase
	Stages   []string                    // for a timeline: facts of kind date or range, in order of their first days
	Words    map[string]map[string]Words // by phase id and key; what a phase lacks stands under Always
	File     string
}

// AltKey is the key under which a picture's words say all that it shows.
const AltKey = "alt"

// ErrNoPicture says that an edition has no such picture.
var ErrNoPicture = errors.New("there is no such picture")

// StageState says where a stage of a timeline stands.
type StageState string

// The states of a stage. They are also the keys of their labels.
const (
	StagePast   StageState = "lewat"
	StageNow    StageState = "berlangsung"
	StageComing StageState = "mendatang"
)

// Stage is one stretch of a timeline at an instant.
type Stage struct {
	Label string // what happens
	When  string // its days, written out
	State StageState
	Fact  string
}

// Legend is a picture's words for a language and an instant, with what makes them true.
type Legend struct {
	Picture *Picture
	Lang    Lang
	Words   map[string]string
	Stages  []Stage
	Alt     string
	Facts   []string
	Checked Date
	Expires time.Time // not to be shown from this instant on; zero when it holds no fact
}

// Pictures returns the names of all pictures, sorted.
func (ed *Edition) Pictures() []string {
	names := make([]string, 0, len(ed.pictures))
	for n := range ed.pictures {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// Picture returns the picture with the name, nil when there is none.
func (ed *Edition) Picture(name string) *Picture { return ed.pictures[name] }

// Legend renders the words of a picture. It fails with ErrNoPicture, or with an *ExpiredError when the picture
// holds a fact that may not be said at the instant.
func (ed *Edition) Legend(name string, l Lang, at time.Time) (Legend, error) {
	p := ed.pictures[name]
	if p == nil {
		return Legend{}, fmt.Errorf("%w: %q", ErrNoPicture, name)
	}
	phase := phaseAt(p.Phases, at)
	r := rendering{ed: ed, lang: l, at: at, expires: phase.Ends}
	g := Legend{Picture: p, Lang: l, Words: map[string]string{}}
	for _, key := range p.keys(phase.ID) {
		s, err := r.render(ed.template(p.word(phase.ID, key).In(l)))
		if err != nil {
			return Legend{}, fmt.Errorf("picture %s, %s, %s: %w", name, key, l, err)
		}
		g.Words[key] = s
	}
	g.Alt = g.Words[AltKey]
	for _, id := range p.Stages {
		s, ok, err := r.stage(ed.facts[id], g.Words[id])
		switch {
		case err != nil:
			return Legend{}, fmt.Errorf("picture %s, stage %s, %s: %w", name, id, l, err)
		case ok:
			g.Stages = append(g.Stages, s)
			g.Alt += fmt.Sprintf("\n%s: %s (%s).", s.Label, s.When, g.Words[string(s.State)])
		}
	}
	slices.Sort(r.facts)
	g.Facts, g.Checked, g.Expires = slices.Compact(r.facts), r.checked, r.expires
	return g, nil
}

// stage writes one stage; it is left out, without an error, until its days may be said.
func (r *rendering) stage(f *Fact, label string) (Stage, bool, error) {
	if f == nil {
		return Stage{}, false, errors.New("there is no such fact")
	}
	if from := f.From.Start(r.ed.Zone); !f.From.IsZero() && r.at.Before(from) {
		r.sooner(from)
		return Stage{}, false, nil
	}
	form := ""
	if f.Kind == KindDate {
		form = "tanggal"
	}
	when, err := r.fact(part{fact: f.ID, form: form})
	if err != nil {
		return Stage{}, false, err
	}
	s := Stage{Label: label, When: when, State: StagePast, Fact: f.ID}
	begin, end := f.Day.Start(r.ed.Zone), f.Last.Add(1).Start(r.ed.Zone)
	switch {
	case r.at.Before(begin):
		s.State = StageComing
		r.sooner(begin)
	case r.at.Before(end):
		s.State = StageNow
		r.sooner(end)
	}
	return s, true, nil
}

// keys returns the keys of the words of a phase, sorted.
func (p *Picture) keys(phase string) []string {
	var keys []string
	for _, id := range []string{Always, phase} {
		for k := range p.Words[id] {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// word returns the words of a key in a phase.
func (p *Picture) word(phase, key string) Words {
	if w := p.Words[phase][key]; w != nil {
		return w
	}
	return p.Words[Always][key]
}

// rawPicture is a picture as its file writes it.
type rawPicture struct {
	Name     string
	Owner    string
	Review   string
	Election string
	Sources  []Source
	Phases   []struct{ ID, Until string }
	Stages   []string
	Words    map[string]map[string]map[string]string
}

func (l *loader) picture(name string, b []byte) {
	var r rawPicture
	if !l.decode(name, b, &r) {
		return
	}
	if want := path.Join("pictures", r.Name+".yaml"); want != name {
		l.problem(name, "berkas", "Gambar %q seharusnya berada di %s.", r.Name, want)
		return
	}
	p := &Picture{
		Name: r.Name, Owner: r.Owner, Election: r.Election, Sources: r.Sources, Stages: r.Stages, File: name,
		Words: map[string]map[string]Words{},
	}
	if d, err := ParseDate(r.Review); err == nil {
		p.Review = d
	} else {
		l.problem(name, "tinjau", "Tanggal tinjau %q tidak terbaca. Tulis seperti 2027-05-01.", r.Review)
	}
	for _, q := range r.Phases {
		p.Phases = append(p.Phases, Phase{ID: q.ID, Until: q.Until})
	}
	if len(p.Phases) == 0 {
		p.Phases = []Phase{{ID: Always}}
	}
	for phase, keys := range r.Words {
		p.Words[phase] = map[string]Words{}
		for key, m := range keys {
			w := words(m)
			p.Words[phase][key] = w
			for _, text := range w {
				l.ed.templates[text] = parseTemplate(text)
			}
		}
	}
	l.ed.pictures[p.Name] = p
}
