package match

import (
	"slices"

	"tanya/faq"
	"tanya/faq/text"
)

// value is what a feature counts in the message, 0 when it is not there.
func (l *look) value(id int32) float32 {
	lo, hi := 0, len(l.x)
	for lo < hi {
		if mid := int(uint(lo+hi) >> 1); l.x[mid].id < id {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(l.x) && l.x[lo].id == id {
		return l.x[lo].v
	}
	return 0
}

// argue says which words of the message argued most for a class, strongest first, at most five. The weight of a
// word is what its letters, the word itself and its meaning add to the score of the class, less what they add to
// the average class.
func (m *model) argue(l *look, class int) []faq.Word {
	words := make([]faq.Word, 0, len(l.doc.tokens))
	var means []string
	var token [1]string
	for _, w := range l.doc.tokens {
		if slices.ContainsFunc(words, func(o faq.Word) bool { return o.Text == w }) {
			continue
		}
		var sum float32
		token[0] = w
		means = text.AppendConcepts(means[:0], token[:])
		m.space.opt.grams(token[:], means, func(h uint64, _ block) {
			id, ok := m.space.index.get(h)
			if !ok {
				return
			}
			if v := l.value(id); v != 0 {
				sum += float32(v * m.w.weight(id, class))
			}
		})
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
