// Package group puts questions that ask the same thing together, from two on. It works one question after the other in
// the order of their age and never moves a question that it has placed, so that a group that staff saw in the morning is
// still there in the afternoon. A group is named by its oldest question. It needs no model: it compares meanings, word
// stems, the entries that such words stand in, and what the matcher thought of, weighted by how much they tell apart in
// the office's own phrasings.
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

	slot int
	sum  map[int32]float64 // of the members' features, each member of length one
	sq   float64           // the square of the sum's length
}

// Grouper places questions. Make one with New.
type Grouper struct {
	space  *space
	groups map[int64]*Group
	slots  []*Group // nil where a group is gone
	home   map[int64]int64
	index  map[int32][]*Group // feature -> groups that have it
	same   map[string]int64   // normal form -> group
	placed map[int64][]feature

	dots    []float64 // by slot, scratch
	touched []int
}

// New makes a grouper. entries are texts of the same kind by what they are about, such as the phrasings of each entry.
func New(entries [][]string) *Grouper {
	return &Grouper{
		space: newSpace(entries), groups: map[int64]*Group{}, home: map[int64]int64{}, index: map[int32][]*Group{},
		same: map[string]int64{}, placed: map[int64][]feature{},
	}
}

// Add places a question and returns its group. One that is placed already stays where it is.
func (g *Grouper) Add(id int64, s string, hints ...Hint) int64 {
	if at, ok := g.home[id]; ok {
		return at
	}
	fs := g.space.features(s, hints)
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

// nearest finds the group that the features are most like, 0 when none is near enough; the older of two that are.
func (g *Grouper) nearest(fs []feature) int64 {
	best, at := alike, int64(0)
	g.compare(fs, func(o *Group, dot float64) {
		if c := dot / math.Sqrt(o.sq); c > best || (c == best && at != 0 && o.ID < at) {
			best, at = c, o.ID
		}
	})
	return at
}

// compare calls f for every group that shares a feature, with the product of the two.
func (g *Grouper) compare(fs []feature, f func(o *Group, dot float64)) {
	g.touched = g.touched[:0]
	for _, x := range fs {
		for _, o := range g.index[x.id] {
			if g.dots[o.slot] == 0 {
				g.touched = append(g.touched, o.slot)
			}
			g.dots[o.slot] += x.v * o.sum[x.id]
		}
	}
	for _, slot := range g.touched {
		dot := g.dots[slot]
		g.dots[slot] = 0
		if o := g.slots[slot]; o != nil && dot > 0 {
			f(o, dot)
		}
	}
}

// Near returns the groups that are most like the group of a question, the nearest first, at most n.
func (g *Grouper) Near(id int64, n int) []int64 {
	self := g.groups[g.home[id]]
	if self == nil {
		return nil
	}
	fs := make([]feature, 0, len(self.sum))
	for f, v := range self.sum {
		fs = append(fs, feature{f, v})
	}
	slices.SortFunc(fs, func(a, b feature) int { return cmp.Compare(a.id, b.id) })
	type near struct {
		id   int64
		like float64
	}
	var all []near
	g.compare(fs, func(o *Group, dot float64) {
		if c := dot / math.Sqrt(o.sq*self.sq); o != self && c > alike/2 {
			all = append(all, near{o.ID, c})
		}
	})
	slices.SortFunc(all, func(a, b near) int { return cmp.Or(cmp.Compare(b.like, a.like), cmp.Compare(a.id, b.id)) })
	var out []int64
	for _, x := range all[:min(n, len(all))] {
		out = append(out, x.id)
	}
	return out
}

// Place puts a question into the group of leader, where a person wants it. A leader that is no group founds one.
func (g *Grouper) Place(id, leader int64, s string) {
	fs := g.placed[id]
	if old, ok := g.home[id]; ok {
		if old == leader {
			return
		}
		g.take(id)
	}
	if fs == nil {
		fs = g.space.features(s, nil)
	}
	g.put(id, leader, fs)
}

func (g *Grouper) put(id, at int64, fs []feature) {
	o := g.groups[at]
	if o == nil {
		o = &Group{ID: at, slot: len(g.slots), sum: map[int32]float64{}}
		g.groups[at] = o
		g.slots, g.dots = append(g.slots, o), append(g.dots, 0)
	}
	o.Members = append(o.Members, id)
	g.home[id], g.placed[id] = at, fs
	for _, f := range fs {
		old, ok := o.sum[f.id]
		if !ok {
			g.index[f.id] = append(g.index[f.id], o)
		}
		o.sum[f.id] = old + f.v
		o.sq += f.v * (2*old + f.v)
	}
	o.sq = max(o.sq, tiny)
}

// tiny keeps the length of a group of questions without words away from zero.
const tiny = 1e-9

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
	delete(g.home, id)
	for _, f := range g.placed[id] {
		old := o.sum[f.id]
		o.sum[f.id] = old - f.v
		o.sq += f.v * (f.v - 2*old)
	}
	o.sq = max(o.sq, tiny)
	if len(o.Members) > 0 {
		return
	}
	delete(g.groups, o.ID)
	g.slots[o.slot] = nil
	for f := range o.sum {
		g.index[f] = slices.DeleteFunc(g.index[f], func(x *Group) bool { return x == o })
	}
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
