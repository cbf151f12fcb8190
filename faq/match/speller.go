package match

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"

	"tanya/faq/text"
)

// speller reads unknown words as known ones: with the vowels that were left out ("bgmn"), one edit away, two for long
// words, or with the same consonants. It leaves every known word alone, and never turns one short word into another:
// words with figures are taken as typed, and DPT, DPTb, PPK, PPS, KPPS are all known. Where several words are as near,
// the words beside it choose, then how common each is.
type speller struct {
	known *wordlist          // words of the training texts with how often they occur
	pairs places             // two words in a row
	twos  []int32            // how often each pair occurs
	other map[string]bool    // further words that are right as they are
	words []string           // the known words that may be repaired to, commonest first
	cut   byLength           // words by what is left when one letter goes; includes the word itself
	cut2  byLength           // the same for two letters, long words only
	bones map[string][]int32 // words by their consonants, commonest first
}

// cutting says that a word without some of its letters has this hash.
type cutting struct {
	hash uint32
	word int32
}

// longest is the length of the longest word that is repaired, or repaired to.
const longest = 24

// byLength holds cuttings by how many letters they have: there are few long words, so that a message of long nonsense,
// which has most cuttings, finds small tables.
type byLength [longest + 1]cuttings

// cuttings are sorted, with the place where each beginning of a hash starts, so that a look-up touches one stretch of
// memory instead of twenty.
type cuttings struct {
	all   []cutting
	from  []int32 // by the first bits of the hash
	shift uint
	some  []uint64 // a bit by the last bits of the hash, set where there is one: most look-ups end here
}

// index sorts the cuttings and notes where each beginning starts.
func index(all []cutting) cuttings {
	slices.SortFunc(all, func(a, b cutting) int {
		if c := cmp.Compare(a.hash, b.hash); c != 0 {
			return c
		}
		return cmp.Compare(a.word, b.word)
	})
	n := max(1, bits.Len(uint(len(all)))-2) // about four to a beginning
	c := cuttings{all: all, from: make([]int32, 1<<n+1), shift: 32 - uint(n)}
	c.some = make([]uint64, 1<<max(0, bits.Len(uint(len(all)))-3)) // eight bits to a cutting or more
	for _, x := range all {
		c.from[x.hash>>c.shift+1]++
		c.some[int(x.hash>>6)&(len(c.some)-1)] |= 1 << (x.hash & 63)
	}
	for i := 1; i < len(c.from); i++ {
		c.from[i] += c.from[i-1]
	}
	return c
}

// each calls f for the words under a hash, in order.
func (c *cuttings) each(hash uint32, f func(word int32)) {
	if c.some[int(hash>>6)&(len(c.some)-1)]&(1<<(hash&63)) == 0 {
		return
	}
	k := hash >> c.shift
	for _, x := range c.all[c.from[k]:c.from[k+1]] {
		if x.hash == hash {
			f(x.word)
		}
	}
}

// maxRepairs is how many unknown words of one message are looked at, maxRepaired how many letters of them: with more, it is
// no question but noise.
const (
	maxRepairs  = 40
	maxRepaired = 320
)

// longWord is the length from which two edits are forgiven.
const longWord = 7

// newSpeller learns from the texts whose words known lists.
func newSpeller(known *wordlist, docs []document, other map[string]bool) *speller {
	s := &speller{known: known, other: other, bones: map[string][]int32{}}
	s.pairs, s.twos = pairsOf(docs)
	for _, w := range known.words {
		if plain(w) && len(w) >= 3 {
			s.words = append(s.words, w)
		}
	}
	for _, w := range text.Vocabulary() {
		if known.often(w) == 0 && plain(w) && len(w) >= 4 {
			s.words = append(s.words, w)
		}
	}
	slices.SortFunc(s.words, func(a, b string) int { // commonest first
		if d := known.often(b) - known.often(a); d != 0 {
			return int(d)
		}
		return strings.Compare(a, b)
	})
	var one, two [longest + 1][]cutting
	for i, w := range s.words {
		b := text.Skeleton(w)
		s.bones[b] = append(s.bones[b], int32(i))
		add := func(h uint64, n int) { one[n] = append(one[n], cutting{uint32(h), int32(i)}) }
		if len(w) >= 4 {
			add(hashBytes(w, 3), len(w))
			cuts(w, add)
		}
		add2 := func(h uint64, n int) { two[n] = append(two[n], cutting{uint32(h), int32(i)}) }
		if len(w) >= longWord-1 {
			add2(hashBytes(w, 3), len(w))
			cuts(w, add2)
			cuts2(w, add2)
		}
	}
	for n := range one {
		s.cut[n], s.cut2[n] = index(one[n]), index(two[n])
	}
	return s
}

func plain(w string) bool {
	for i := 0; i < len(w); i++ {
		if w[i] < 'a' || w[i] > 'z' {
			return false
		}
	}
	return len(w) <= longest
}

// cuts calls f with the hash of w without each of its letters, and how many letters are left.
func cuts(w string, f func(h uint64, n int)) {
	head := uint64(fnvOffset) ^ 3 // what hashBytes makes of the letters before
	for i := 0; i < len(w) && len(w) <= longest; i++ {
		if i == 0 || w[i] != w[i-1] {
			f(mix(fold(head, w[i+1:])), len(w)-1)
		}
		head = fold(head, w[i:i+1])
	}
}

// fold goes on with a hash over more letters.
func fold(h uint64, w string) uint64 {
	for i := 0; i < len(w); i++ {
		h = (h ^ uint64(w[i])) * fnvPrime
	}
	return h
}

// cuts2 calls f with the hash of w without each pair of its letters, and how many letters are left.
func cuts2(w string, f func(h uint64, n int)) {
	head := uint64(fnvOffset) ^ 3
	for i := 0; i < len(w) && len(w) <= longest; i++ {
		most := head // the letters before the second one that goes
		for j := i + 1; j < len(w); j++ {
			f(mix(fold(most, w[j+1:])), len(w)-2)
			most = fold(most, w[j:j+1])
		}
		head = fold(head, w[i:i+1])
	}
}

// repair returns the tokens with unknown words read as known ones, and which were. The slice it was given is not
// changed. words are the tokens' numbers in the list.
func (s *speller) repair(tokens []string, words []int32) (out []string, read map[string]string) {
	out = tokens
	looked, letters := 0, 0
	for i := 0; i < len(tokens) && looked < maxRepairs && letters < maxRepaired; i++ {
		w := tokens[i]
		if words[i] != strange || len(w) < 2 || !plain(w) || s.right(w) {
			continue
		}
		looked++
		letters += len(w)
		v := s.nearest(w, s.around(out, i))
		if v == "" {
			if a, b := s.halves(w); a != "" {
				v = a + " " + b
			}
		}
		if v == "" {
			continue
		}
		if read == nil {
			read = map[string]string{}
			out = slices.Clone(tokens)
		}
		read[w] = v
		out[i] = v
	}
	if read == nil {
		return out, nil
	}
	return spread(out), read
}

// spread takes tokens apart that became two words.
func spread(tokens []string) []string {
	for i := len(tokens) - 1; i >= 0; i-- {
		if a, b, ok := strings.Cut(tokens[i], " "); ok {
			tokens[i] = b
			tokens = slices.Insert(tokens, i, a)
		}
	}
	return tokens
}

// right reports whether a word that no training text has needs no repair.
func (s *speller) right(w string) bool {
	return s.other[w] || text.Known(w)
}

// beside are the numbers of the words on either side of one, strange where there is none or it is unknown itself.
type beside struct{ before, behind int32 }

func (s *speller) around(tokens []string, i int) beside {
	b := beside{strange, strange}
	if i > 0 {
		b.before = s.known.place(tokens[i-1])
	}
	if i+1 < len(tokens) {
		b.behind = s.known.place(tokens[i+1])
	}
	return b
}

// fits says how well a word stands between two others: how common it is, the more so the likelier it is beside them.
func (s *speller) fits(v string, b beside) float64 {
	k := s.known.place(v)
	if k == strange {
		return 0.5
	}
	n := float64(s.known.count[k])
	f := n + 0.5
	likelier := func(pair uint64, other int32) {
		if i, ok := s.pairs.get(pair); ok {
			f *= 1 + float64(s.twos[i])/float64(s.known.count[other]+1)*float64(len(s.known.words))/(n+1)
		}
	}
	if b.before != strange {
		likelier(pairOf(b.before, k), b.before)
	}
	if b.behind != strange {
		likelier(pairOf(k, b.behind), b.behind)
	}
	return f
}

// pairOf names two words in a row. No two pairs have the same name: mix takes nothing away.
func pairOf(a, b int32) uint64 { return mix(uint64(a)<<32 | uint64(b)) }

// pairsOf counts the pairs of words in texts.
func pairsOf(docs []document) (ps places, count []int32) {
	var all []uint64
	for _, d := range docs {
		for i := 1; i < len(d.words); i++ {
			all = append(all, pairOf(d.words[i-1], d.words[i]))
		}
	}
	slices.Sort(all)
	n := 0
	for i, p := range all {
		if i == 0 || p != all[n-1] {
			all[n] = p
			n++
			count = append(count, 0)
		}
		count[n-1]++
	}
	return newPlaces(slices.Clone(all[:n])), slices.Clone(count)
}

// nearest finds the known word that w most likely is, "" when none is near.
func (s *speller) nearest(w string, b beside) string {
	if v := s.voiced(w, b); v != "" || len(w) < 3 {
		return v
	}
	best, bestD, bestF := "", 3, -1.0
	try := func(v string, most int) {
		if v == best || len(w) < longWord && v[0] != w[0] { // people hit the first letter right: "jenang" is porridge, not "tenang"
			return
		}
		d := edits(w, v, min(most, bestD))
		if d > most || d > bestD {
			return
		}
		if f := s.fits(v, b); d < bestD || d == bestD && (f > bestF || f == bestF && v < best) {
			best, bestD, bestF = v, d, f
		}
	}
	if len(w) >= 4 {
		s.near(&s.cut, w, 1, try)
	}
	if best == "" && len(w) >= longWord {
		s.near(&s.cut2, w, 2, try)
	}
	if best == "" {
		alike := s.bones[text.Skeleton(w)]
		for _, i := range alike {
			v := s.words[i]
			if f := s.fits(v, b); shortens(w, v) && f > bestF {
				best, bestF = v, f
			}
		}
		if best == "" && len(alike) > 0 {
			if v := s.words[alike[0]]; s.known.often(v) > 0 && len(v) <= len(w)+5 {
				return v
			}
		}
	}
	return best
}

// voiced finds the word that w is when it was typed without its inner vowels, "" when it was not or there is none. An
// abbreviation that is one edit away may be meant as well.
func (s *speller) voiced(w string, b beside) string {
	if strings.ContainsAny(w[1:], vowels) || len(w) < 3 && strings.IndexByte(vowels, w[0]) >= 0 {
		return ""
	}
	best, bestF := "", 0.0
	for _, i := range s.bones[text.Skeleton(w)] {
		v := s.words[i]
		if s.known.often(v) < oftenEnough {
			break // commonest first
		}
		if !unvoiced(v, w) || len(v) > len(w)+5 {
			continue
		}
		if f := s.fits(v, b); f > bestF {
			best, bestF = v, f
		}
	}
	if best == "" || len(w) < 3 {
		return best
	}
	s.near(&s.cut, w, 1, func(v string, most int) {
		if v[0] == w[0] && !strings.ContainsAny(v[1:], vowels) && edits(w, v, 1) <= 1 {
			if f := s.fits(v, b); f > bestF {
				best, bestF = v, f
			}
		}
	})
	return best
}

// oftenEnough is how often a word must stand in the training texts for a few consonants to be taken for it.
const oftenEnough = 3

const vowels = "aeiou"

// unvoiced reports whether w is v without its inner vowels.
func unvoiced(v, w string) bool {
	k := 0
	for i := 0; i < len(v); i++ {
		if i > 0 && strings.IndexByte(vowels, v[i]) >= 0 {
			continue
		}
		if k == len(w) || w[k] != v[i] {
			return false
		}
		k++
	}
	return k == len(w)
}

// shortens reports whether w is v with some letters left out.
func shortens(w, v string) bool {
	k := 0
	for i := 0; i < len(v) && k < len(w); i++ {
		if v[i] == w[k] {
			k++
		}
	}
	return k == len(w)
}

// near calls try for the words whose cuttings meet a cutting of w.
func (s *speller) near(index *byLength, w string, most int, try func(v string, most int)) {
	look := func(h uint64, n int) {
		if c := &index[n]; len(c.all) > 0 {
			c.each(uint32(h), func(i int32) { try(s.words[i], most) })
		}
	}
	look(hashBytes(w, 3), len(w))
	cuts(w, look)
	if most > 1 {
		cuts2(w, look)
	}
}

// halves splits a word that was typed without its blank into two known words, the rarer of them as common as can be.
func (s *speller) halves(w string) (a, b string) {
	if len(w) < 6 {
		return "", ""
	}
	best := int32(1)
	for i := 2; i <= len(w)-3; i++ {
		x, y := s.known.often(w[:i]), s.known.often(w[i:])
		if n := min(x, y); n > best {
			best, a, b = n, w[:i], w[i:]
		}
	}
	return a, b
}

// edits is the optimal string alignment distance (insert, delete, replace, swap neighbours), cut off above most.
func edits(a, b string, most int) int {
	if d := len(a) - len(b); d > most || -d > most || len(b) > 30 || len(a) > 30 {
		return most + 1
	}
	var buf [3][32]int8
	two, one, now := &buf[0], &buf[1], &buf[2]
	for j := 0; j <= len(b); j++ {
		one[j] = int8(j)
	}
	for i := 1; i <= len(a); i++ {
		now[0] = int8(i)
		low := now[0]
		for j := 1; j <= len(b); j++ {
			x := one[j-1]
			if a[i-1] != b[j-1] {
				x++
			}
			x = min(x, one[j]+1, now[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				x = min(x, two[j-2]+1)
			}
			now[j] = x
			low = min(low, x)
		}
		if int(low) > most {
			return most + 1
		}
		two, one, now = one, now, two
	}
	return int(one[len(b)])
}
