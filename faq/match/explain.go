package match

import (
	"slices"

	"tanya/faq"
	"tanya/faq/text"
)

// argue says which words of the message argued most for a class, strongest first, at most five. The weight of a
// word is what its letters, the word itself and its meaning add to the score of the class, less what they add to
// the average class.
func (m *model) argue(l *look, class int) []faq.Word {
	words := make([]faq.Word, 0, len(l.doc.tokens))
	for _, w := range l.doc.tokens {
		if slices.ContainsFunc(words, func(o faq.Word) bool { return o.Text == w }) {
			continue
		}
		var sum float32
		m.space.opt.grams([]string{w}, text.Concepts([]string{w}), func(h uint64, _ block) {
			id, ok := m.space.index.get(h)
			if !ok {
				return
			}
			if at, ok := slices.BinarySearchFunc(l.x, id, func(f feature, id int32) int { return int(f.id - id) }); ok {
				sum += float32(l.x[at].v * m.w.weight(id, class))
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
