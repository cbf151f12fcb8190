package match

import (
	"slices"

	"tanya/faq"
	"tanya/faq/text"
)

// values finds what a feature counts in a message: a small table, since the features of each word are looked up again.
type values struct {
	ids  []int32 // feature + 1, 0 for an empty place
	is   []float32
	mask uint32
}

// fill takes the features of one message in.
func (v *values) fill(x []feature) {
	size := 64
	for size < 2*len(x) {
		size *= 2
	}
	if len(v.ids) < size {
		v.ids, v.is = make([]int32, size), make([]float32, size)
	}
	clear(v.ids)
	v.mask = uint32(len(v.ids) - 1)
	for _, f := range x {
		at := uint32(f.id) & v.mask
		for v.ids[at] != 0 {
			at = (at + 1) & v.mask
		}
		v.ids[at], v.is[at] = f.id+1, f.v
	}
}

// of is what a feature counts, 0 when the message has it not.
func (v *values) of(id int32) float32 {
	for at := uint32(id) & v.mask; v.ids[at] != 0; at = (at + 1) & v.mask {
		if v.ids[at] == id+1 {
			return v.is[at]
		}
	}
	return 0
}

// argue says which words of the message argued most for a class, strongest first, at most five. The weight of a
// word is what its letters, the word itself and its meaning add to the score of the class, less what they add to
// the average class.
func (m *model) argue(l *look, class int) []faq.Word {
	words := make([]faq.Word, 0, len(l.doc.tokens))
	sc := scratches.Get().(*scratch)
	defer scratches.Put(sc)
	sc.values.fill(l.x)
	s := m.space
	for i, w := range l.doc.tokens {
		if slices.ContainsFunc(words, func(o faq.Word) bool { return o.Text == w }) {
			continue
		}
		var ids []int32
		if n := l.doc.words[i]; n != strange {
			ids = s.ids[s.word[n].from:s.word[n].to]
		} else {
			sc.ids, _ = s.own(sc.ids[:0], w)
			sc.ids = s.known(sc.ids, nil, text.Concepts(l.doc.tokens[i:i+1]))
			ids = sc.ids
		}
		var sum float32
		for _, id := range ids {
			if v := sc.values.of(id); v != 0 {
				sum += float32(v * m.w.weight(id, class))
			}
		}
		words = append(words, faq.Word{Text: w, Weight: float64(sum)})
	}
	slices.SortStableFunc(words, func(a, b faq.Word) int {
		switch {
		case a.Weight > b.Weight:
			return -1
		case a.Weight < b.Weight:
			return 1
		}
		return 0
	})
	return words[:min(5, len(words))]
}
