package match

import (
	"strings"

	"tanya/faq/text"
)

// wordlist is the words of the training texts, numbered, with how often each occurs. It is never changed once made.
type wordlist struct {
	number map[string]int32
	words  []string
	count  []int32
	means  []string // see text.Meaning
}

// strange stands for a word that the list has not.
const strange = -1

// newWordlist numbers the words of texts. s says how many processors may look up what they mean.
func newWordlist(texts [][]string, s schedule) *wordlist {
	v := &wordlist{number: map[string]int32{}}
	for _, t := range texts {
		for _, w := range t {
			n, ok := v.number[w]
			if !ok {
				n = int32(len(v.words))
				w = strings.Clone(w) // the text that it is cut from can go
				v.number[w] = n
				v.words, v.count = append(v.words, w), append(v.count, 0)
			}
			v.count[n]++
		}
	}
	v.means = make([]string, len(v.words))
	s.each(len(v.words), func(i int) { v.means[i] = text.Meaning(v.words[i]) })
	return v
}

// document takes tokens apart whose numbers are words.
func (v *wordlist) document(tokens []string, words []int32) document {
	concepts := text.AppendConcepts(make([]string, 0, len(tokens)+4), tokens, func(i int) string {
		if words[i] == strange {
			return ""
		}
		return v.means[words[i]]
	})
	return document{tokens: tokens, words: words, concepts: concepts}
}

// often is how often a word occurs, 0 for a strange one.
func (v *wordlist) often(w string) int32 {
	if n, ok := v.number[w]; ok {
		return v.count[n]
	}
	return 0
}

// find appends the numbers of words to dst.
func (v *wordlist) find(dst []int32, words []string) []int32 {
	for _, w := range words {
		dst = append(dst, v.place(w))
	}
	return dst
}

// place is the number of a word.
func (v *wordlist) place(w string) int32 {
	if n, ok := v.number[w]; ok {
		return n
	}
	return strange
}
