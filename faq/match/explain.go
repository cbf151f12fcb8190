package match

import (
	"cmp"
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

// argue says for each of the classes which words of the message argued most for it, strongest first, at most five. The weight of a
// word is what its letters, the word itself and its meaning add to the score of the class, less what they add to
// the average class.
func (m *model) argue(l *look, classes []hit) [][]faq.Word {
	out := make([][]faq.Word, len(classes))
	for k := range out {
		out[k] = make([]faq.Word, 0, len(l.doc.tokens))
	}
	sc := scratches.Get().(*scratch)
	defer scratches.Put(sc)
	sc.values.fill(l.x)
	s := m.space
	for i, w := range l.doc.tokens {
		if slices.ContainsFunc(out[0], func(o faq.Word) bool { return o.Text == w }) {
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
		for k, h := range classes {
			var sum float32
			for _, id := range ids {
				if v := sc.values.of(id); v != 0 {
					sum += float32(v * m.w.weight(id, h.class))
				}
			}
			out[k] = append(out[k], faq.Word{Text: w, Weight: float64(sum)})
		}
	}
	for k, words := range out {
		slices.SortStableFunc(words, func(a, b faq.Word) int { return cmp.Compare(b.Weight, a.Weight) })
		out[k] = words[:min(5, len(words))]
	}
	return out
}
