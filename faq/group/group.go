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
	"maps"
	"math"
	"slices"

	"tanya/faq/text"
)

// Group is a set of questions that are alike. Its ID is that of the oldest.
type Group struct {
	ID      int64
	Members []int64 // oldest first

	slot int
	at   map[int32]int32 // feature -> where the group stands in its list
	sq   float64         // the square of the length of the sum of the members' features, each member of length one
}

// standing is a group in the list of a feature.
type standing struct {
	slot int32   // of the group
	v    float64 // the sum of what the members have of the feature
}

// placed is a question that stands in a group.
type placed struct {
	key      string // its normal form
	features []feature
}

// Grouper places questions. Make one with New.
type Grouper struct {
	space  *space
	groups map[int64]*Group
	slots  []*Group // nil where a group is gone
	free   []int    // those slots
	home   map[int64]int64
	index  [][]standing     // by feature: the groups that have it
	same   map[string]int64 // normal form -> group
	placed map[int64]placed

	dots    []float64 // by slot, scratch
	touched []int
}

// New makes a grouper. entries are texts of the same kind by what they are about, such as the phrasings of each entry.
func New(entries [][]string) *Grouper {
	return &Grouper{
		space: newSpace(entries), groups: map[int64]*Group{}, home: map[int64]int64{},
		same: map[string]int64{}, placed: map[int64]placed{},
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
	g.put(id, at, placed{key, fs})
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
		if int(x.id) >= len(g.index) {
			continue
		}
		for _, o := range g.index[x.id] {
			if g.dots[o.slot] == 0 {
				g.touched = append(g.touched, int(o.slot))
			}
			g.dots[o.slot] += x.v * o.v
		}
	}
	for _, slot := range g.touched {
		dot := g.dots[slot]
		g.dots[slot] = 0
		if dot > 0 {
			f(g.slots[slot], dot)
		}
	}
}

// Near returns the questions that are most like some of one kind taken together, the nearest first, among those that
// want is true of and that are not of the group themselves. Questions in the same words come as one; it returns at most n
// of those.
func (g *Grouper) Near(ids []int64, n int, want func(id int64) bool) [][]int64 {
	like := make([]float64, len(g.space.ids))
	own := map[int64]bool{}
	for _, id := range ids {
		own[id] = true
		for _, f := range g.placed[id].features {
			like[f.id] += f.v
		}
	}
	type near struct {
		key  string
		v    float64
		same []int64
	}
	by := map[string]*near{}
	for id, p := range g.placed {
		v := 0.0
		for _, f := range p.features {
			v += f.v * like[f.id]
		}
		if v <= 0 || own[id] || !want(id) {
			continue
		}
		o := by[p.key]
		if o == nil {
			o = &near{key: p.key}
			by[p.key] = o
		}
		o.v = max(o.v, v)
		o.same = append(o.same, id)
	}
	all := slices.Collect(maps.Values(by))
	slices.SortFunc(all, func(a, b *near) int { return cmp.Or(cmp.Compare(b.v, a.v), cmp.Compare(a.key, b.key)) })
	var out [][]int64
	for _, o := range all[:min(n, len(all))] {
		slices.Sort(o.same)
		out = append(out, o.same)
	}
	return out
}

// Place puts a question into the group of leader, where a person wants it. A leader that is no group founds one.
func (g *Grouper) Place(id, leader int64, s string, hints ...Hint) {
	p, known := g.placed[id]
	if old, ok := g.home[id]; ok {
		if old == leader {
			return
		}
		g.take(id)
	}
	if !known {
		p = placed{text.Normalize(s), g.space.features(s, hints)}
	}
	g.put(id, leader, p)
}

func (g *Grouper) put(id, at int64, p placed) {
	o := g.groups[at]
	if o == nil {
		o = g.found(at)
	}
	o.Members = append(o.Members, id)
	g.home[id], g.placed[id] = at, p
	for _, f := range p.features {
		x := g.standing(o, f.id)
		o.sq += f.v * (2*x.v + f.v)
		x.v += f.v
	}
	o.sq = max(o.sq, tiny)
}

// found makes a group without members.
func (g *Grouper) found(id int64) *Group {
	o := &Group{ID: id, slot: len(g.slots), at: map[int32]int32{}}
	if n := len(g.free); n > 0 {
		o.slot, g.free = g.free[n-1], g.free[:n-1]
		g.slots[o.slot] = o
	} else {
		g.slots, g.dots = append(g.slots, o), append(g.dots, 0)
	}
	g.groups[id] = o
	return o
}

// standing returns where the group stands in the list of a feature, at its end when it was not there.
func (g *Grouper) standing(o *Group, f int32) *standing {
	for int(f) >= len(g.index) {
		g.index = append(g.index, nil)
	}
	i, ok := o.at[f]
	if !ok {
		i = int32(len(g.index[f]))
		g.index[f] = append(g.index[f], standing{slot: int32(o.slot)})
		o.at[f] = i
	}
	return &g.index[f][i]
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
	for _, f := range g.placed[id].features {
		x := g.standing(o, f.id)
		o.sq += f.v * (f.v - 2*x.v)
		x.v -= f.v
	}
	o.sq = max(o.sq, tiny)
	if len(o.Members) > 0 {
		return
	}
	delete(g.groups, o.ID)
	g.slots[o.slot], g.free = nil, append(g.free, o.slot)
	for f, i := range o.at { // the last of each list takes its place
		last := len(g.index[f]) - 1
		x := g.index[f][last]
		g.index[f][i], g.index[f] = x, g.index[f][:last]
		if x.slot != int32(o.slot) {
			g.slots[x.slot].at[f] = i
		}
	}
}

// Of returns the group that a question stands in, 0 when it is not placed.
func (g *Grouper) Of(id int64) int64 { return g.home[id] }

// Group returns the group of that name, otherwise the one that the question of that number stands in, nil when there is
// neither: a group keeps its name when the question that gave it is gone or stands elsewhere.
func (g *Grouper) Group(id int64) *Group {
	if o := g.groups[id]; o != nil {
		return o
	}
	return g.groups[g.home[id]]
}

// Groups returns all groups, oldest first.
func (g *Grouper) Groups() []*Group {
	out := make([]*Group, 0, len(g.groups))
	for _, o := range g.groups {
		out = append(out, o)
	}
	slices.SortFunc(out, func(a, b *Group) int { return cmp.Compare(a.ID, b.ID) })
	return out
}
