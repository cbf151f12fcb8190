// Package group puts questions that ask the same thing together, from two on. It works one question after the other in
// the order of their age and never moves a question that it has placed, so that a group that staff saw in the morning is
// still there in the afternoon. A group is named by its oldest question. It needs no model: it compares meanings and
// word stems, weighted by how much they tell apart in the office's own phrasings.
//
// A Grouper is not safe for concurrent use.
package group

import (
	"cmp"
	"math"
	"slices"

	"tanya/faq/text"
)

// Group is a set of questions that are alike. Its ID is that of the oldest.
type Group struct {
	ID      int64
	Members []int64 // oldest first

	sum  map[string]float64 // of the members' features, each member of length one
	norm float64
}

// Grouper places questions. Make one with New.
type Grouper struct {
	weigh  map[string]float64
	unseen float64
	groups map[int64]*Group
	home   map[int64]int64     // question -> group
	index  map[string][]*Group // feature -> groups that have it
	same   map[string]int64    // normal form -> group
	placed map[int64][]feature // for taking out again
}

// alike is how near a question must be to the middle of a group to belong to it: the cosine between their features.
const alike = 0.4

type feature struct {
	name string
	v    float64
}

// New makes a grouper. background are texts of the same kind, such as the phrasings of all entries: what stands in many
// of them tells little.
func New(background []string) *Grouper {
	g := &Grouper{
		weigh: map[string]float64{}, groups: map[int64]*Group{}, home: map[int64]int64{}, index: map[string][]*Group{},
		same: map[string]int64{}, placed: map[int64][]feature{},
	}
	df := map[string]int{}
	for _, s := range background {
		for f := range bag(text.Tokens(s)) {
			df[f]++
		}
	}
	n := float64(len(background) + 1)
	for f, k := range df {
		g.weigh[f] = math.Log(1 + n/float64(1+k))
	}
	g.unseen = math.Log(1 + n/2)
	if len(background) == 0 {
		g.unseen = 1
	}
	return g
}

// bag counts what a question is about: its meanings, and the stems of its words.
func bag(tokens []string) map[string]float64 {
	rest, _ := text.StripGreeting(tokens)
	if len(rest) > 0 {
		tokens = rest
	}
	out := map[string]float64{}
	for _, c := range text.Concepts(tokens) {
		out["#"+c] = 1
	}
	for _, w := range tokens {
		if len(w) < 3 {
			continue
		}
		v := 0.5
		if !text.HasConcept(w) && !text.Known(w) {
			v = 0.9 // a rare word says much
		}
		out[text.Stem(w)] = v
	}
	return out
}

// features returns the weighted features of a question, of length one.
func (g *Grouper) features(tokens []string) []feature {
	var out []feature
	sum := 0.0
	for f, v := range bag(tokens) {
		w, ok := g.weigh[f]
		if !ok {
			w = g.unseen * 0.7 // unknown to the office: a typo more often than a topic
		}
		v *= w
		out = append(out, feature{f, v})
		sum += v * v
	}
	slices.SortFunc(out, func(a, b feature) int { return cmp.Compare(a.name, b.name) })
	if sum > 0 {
		for i := range out {
			out[i].v /= math.Sqrt(sum)
		}
	}
	return out
}

// Hint is something else that is known of what a question is about, such as an entry that may answer it.
type Hint struct {
	Name   string
	Weight float64 // from 0 to 1
}

// hintShare is how much hints count beside words: two questions in different languages share few words, but the
// matcher often thinks of the same entries.
const hintShare = 0.5

// hinted adds hints to features, both of length one, and keeps the length.
func hinted(fs []feature, hints []Hint) []feature {
	sum := 0.0
	for _, h := range hints {
		sum += h.Weight * h.Weight
	}
	if sum == 0 {
		return fs
	}
	for i := range fs {
		fs[i].v *= math.Sqrt(1 - hintShare)
	}
	for _, h := range hints {
		fs = append(fs, feature{"@" + h.Name, h.Weight / math.Sqrt(sum) * math.Sqrt(hintShare)})
	}
	return fs
}

// Add places a question and returns its group. One that is placed already stays where it is.
func (g *Grouper) Add(id int64, s string, hints ...Hint) int64 {
	if at, ok := g.home[id]; ok {
		return at
	}
	tokens := text.Tokens(s)
	fs := hinted(g.features(tokens), hints)
	key := text.Normalize(s)
	at, ok := g.same[key]
	if !ok || g.groups[at] == nil {
		at = g.nearest(fs)
	}
	if at == 0 {
		at = id
	}
	g.put(id, at, fs)
	g.same[key] = at
	return at
}

// nearest finds the group that the features are most like, 0 when none is near enough.
func (g *Grouper) nearest(fs []feature) int64 {
	dots := map[*Group]float64{}
	for _, f := range fs {
		for _, o := range g.index[f.name] {
			dots[o] += f.v * o.sum[f.name]
		}
	}
	best, at := alike, int64(0)
	for o, dot := range dots {
		c := dot / o.norm
		if c > best || (c == best && at != 0 && o.ID < at) {
			best, at = c, o.ID
		}
	}
	return at
}

// Place puts a question into the group of leader, where a person wants it. A leader that is no group founds one.
func (g *Grouper) Place(id, leader int64, s string) {
	if old, ok := g.home[id]; ok {
		if old == leader {
			return
		}
		g.take(id)
	}
	g.put(id, leader, g.features(text.Tokens(s)))
}

func (g *Grouper) put(id, at int64, fs []feature) {
	o := g.groups[at]
	if o == nil {
		o = &Group{ID: at, sum: map[string]float64{}}
		g.groups[at] = o
	}
	o.Members = append(o.Members, id)
	g.home[id], g.placed[id] = at, fs
	for _, f := range fs {
		if _, ok := o.sum[f.name]; !ok {
			g.index[f.name] = append(g.index[f.name], o)
		}
		o.sum[f.name] += f.v
	}
	o.measure()
}

// Remove forgets a question; its group stays as long as it has others.
func (g *Grouper) Remove(id int64) {
	if g.groups[g.home[id]] != nil {
		g.take(id)
		delete(g.placed, id)
	}
}

// take removes a question from its group.
func (g *Grouper) take(id int64) {
	o := g.groups[g.home[id]]
	o.Members = slices.DeleteFunc(o.Members, func(m int64) bool { return m == id })
	for _, f := range g.placed[id] {
		o.sum[f.name] -= f.v
	}
	delete(g.home, id)
	if len(o.Members) > 0 {
		o.measure()
		return
	}
	delete(g.groups, o.ID)
	for f := range o.sum {
		g.index[f] = slices.DeleteFunc(g.index[f], func(x *Group) bool { return x == o })
	}
}

func (o *Group) measure() {
	sum := 0.0
	for _, v := range o.sum {
		sum += v * v
	}
	o.norm = math.Max(math.Sqrt(sum), 1e-9)
}

// Of returns the group of a question, 0 when it is not placed.
func (g *Grouper) Of(id int64) int64 { return g.home[id] }

// Groups returns all groups, oldest first.
func (g *Grouper) Groups() []*Group {
	out := make([]*Group, 0, len(g.groups))
	for _, o := range g.groups {
		out = append(out, o)
	}
	slices.SortFunc(out, func(a, b *Group) int { return cmp.Compare(a.ID, b.ID) })
	return out
}
