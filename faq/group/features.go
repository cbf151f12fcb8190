package group

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"tanya/faq/text"
)

// What a question is compared by, and how much each counts. The shares, and alike, were chosen on the office's own
// phrasings: half of the entries were taken away, and questions were made from them as if nobody had written them yet.
// docs/decisions/0020-grouping.md has the figures.
const (
	meaningShare = 0.44 // meanings shared by the languages
	wordShare    = 0.08 // stems of words
	topicShare   = 0.13 // the entries that such words and meanings stand in
	hintShare    = 0.35 // the matcher's thoughts, each at most 1: where it thinks nothing, the rest decides alone
)

// alike is how near a question must be to the middle of a group to belong to it: the cosine between their features.
const alike = 0.33

// topicsKept is how many entries describe a question.
const topicsKept = 12

// Hint is something else that is known of what a question is about, such as an entry that may answer it.
type Hint struct {
	Name   string
	Weight float64 // from 0 to 1
}

// feature is one coordinate of a question.
type feature struct {
	id int32
	v  float64
}

// topic says how much more often than elsewhere a word stands in an entry.
type topic struct {
	id int32 // the entry's feature
	v  float64
}

// space knows what words and meanings are worth. It grows by those it has not met.
type space struct {
	ids    map[string]int32
	worth  []float64 // by feature: how much it tells questions apart
	common []float64 // by feature: the same, by questions alone
	topics [][]topic // by feature: the entries it points at
	rare   [2]float64
}

// newSpace learns from what the office has written: one list of phrasings per entry. A word is worth much when few
// phrasings have it, and when few entries do (the inverse document frequency of Sparck Jones 1972, both ways); it points
// at the entries where it stands more often than chance (positive pointwise mutual information, Church and Hanks 1990),
// which makes words of different languages meet (explicit semantic analysis, Gabrilovich and Markovitch 2007).
func newSpace(entries [][]string) *space {
	s := &space{ids: map[string]int32{}}
	type seen struct {
		texts, last int
		by          map[int]float64
	}
	var all []seen
	n := 0
	for e, phrasings := range entries {
		for _, p := range phrasings {
			n++
			words, meanings := parts(p)
			for _, f := range slices.Concat(words, meanings) {
				id := s.id(f)
				if int(id) == len(all) {
					all = append(all, seen{by: map[int]float64{}})
				}
				if x := &all[id]; x.last != n {
					x.texts, x.last = x.texts+1, n
					x.by[e]++
				}
			}
		}
	}
	s.rare = [2]float64{0.8 * math.Log(1+float64(n)/2), 0.8 * math.Log(1+float64(len(entries)))}
	if n == 0 {
		s.rare = [2]float64{1, 1}
	}
	entry := make([]int32, len(entries)) // the entries' coordinates stand behind those of the words
	for e := range entries {
		entry[e] = s.id("~" + strconv.Itoa(e))
	}
	for _, x := range all {
		s.common = append(s.common, math.Log(1+float64(n)/float64(1+x.texts)))
		s.worth = append(s.worth, math.Log(1+float64(len(entries))/float64(len(x.by))))
		var ts []topic
		if x.texts > 1 {
			for e, k := range x.by {
				if p := math.Log(k / float64(len(entries[e])) * float64(n) / float64(x.texts)); p > 0 {
					ts = append(ts, topic{entry[e], p * math.Sqrt(k/(k+2))})
				}
			}
		}
		slices.SortFunc(ts, func(a, b topic) int { return cmp.Compare(a.id, b.id) })
		sum := 0.0
		for _, t := range ts {
			sum += t.v * t.v
		}
		for i := range ts {
			ts[i].v /= math.Sqrt(sum)
		}
		s.topics = append(s.topics, ts)
	}
	return s
}

func (s *space) id(f string) int32 {
	id, ok := s.ids[f]
	if !ok {
		id = int32(len(s.ids))
		s.ids[f] = id
	}
	return id
}

// parts returns the stems of a question's words and its meanings, without the greeting.
func parts(s string) (words, meanings []string) {
	tokens := text.Tokens(s)
	if rest, _ := text.StripGreeting(tokens); len(rest) > 0 {
		tokens = rest
	}
	for _, w := range tokens {
		if len(w) > 2 {
			words = append(words, text.Stem(w))
		}
	}
	for _, c := range text.Concepts(tokens) {
		meanings = append(meanings, "#"+c)
	}
	return unique(words), unique(meanings)
}

func unique(s []string) []string {
	slices.Sort(s)
	return slices.Compact(s)
}

// features describes a question.
func (s *space) features(q string, hints []Hint) []feature {
	words, meanings := parts(q)
	near := map[int32]float64{}
	list := func(names []string, worth func(id int32) float64) []feature {
		out := make([]feature, 0, len(names))
		for _, f := range names {
			id := s.id(f)
			out = append(out, feature{id, worth(id)})
			if int(id) < len(s.topics) {
				for _, t := range s.topics[id] {
					near[t.id] += t.v * s.common[id]
				}
			}
		}
		return out
	}
	known := func(id int32, of []float64, rare float64) float64 {
		if int(id) < len(of) {
			return of[id]
		}
		return rare
	}
	out := scale(list(words, func(id int32) float64 { return known(id, s.worth, s.rare[1]) }), wordShare)
	out = append(out, scale(list(meanings, func(id int32) float64 {
		return math.Sqrt(known(id, s.worth, s.rare[1]) * known(id, s.common, s.rare[0]))
	}), meaningShare)...)
	var topics []feature
	for id, v := range near {
		topics = append(topics, feature{id, v})
	}
	slices.SortFunc(topics, func(a, b feature) int { return cmp.Or(cmp.Compare(b.v, a.v), cmp.Compare(a.id, b.id)) })
	out = append(out, scale(topics[:min(len(topics), topicsKept)], topicShare)...)
	for _, h := range hints {
		out = append(out, feature{s.id("@" + h.Name), h.Weight * math.Sqrt(hintShare)})
	}
	return scale(out, 1)
}

// scale makes the squares of features sum to the share; features that are all zero stay.
func scale(fs []feature, share float64) []feature {
	sum := 0.0
	for _, f := range fs {
		sum += f.v * f.v
	}
	if sum > 0 {
		r := math.Sqrt(share / sum)
		for i := range fs {
			fs[i].v *= r
		}
	}
	return fs
}
