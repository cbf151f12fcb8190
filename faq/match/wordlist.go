package match

// wordlist is the words of the training texts, numbered, with how often each occurs. It is never changed once made.
type wordlist struct {
	number map[string]int32
	words  []string
	count  []int32
}

// strange stands for a word that the list has not.
const strange = -1

// newWordlist reads the texts and numbers their words in them.
func newWordlist(docs []document) *wordlist {
	v := &wordlist{number: map[string]int32{}}
	for i := range docs {
		d := &docs[i]
		d.words = make([]int32, len(d.tokens))
		for k, w := range d.tokens {
			n, ok := v.number[w]
			if !ok {
				n = int32(len(v.words))
				v.number[w] = n
				v.words, v.count = append(v.words, w), append(v.count, 0)
			}
			v.count[n]++
			d.words[k] = n
		}
	}
	return v
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
