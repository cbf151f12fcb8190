package match

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"

	"tanya/faq/text"
)

// speller reads unknown words as known ones: one edit away, two for long words, or with the same consonants
// ("bgmn"). It leaves every known word alone, and never turns one short word into another: words below four letters
// and words with figures are taken as typed, and DPT, DPTb, PPK, PPS, KPPS are all known.
type speller struct {
	known *wordlist          // words of the training texts with how often they occur
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
	for _, x := range all {
		c.from[x.hash>>c.shift+1]++
	}
	for i := 1; i < len(c.from); i++ {
		c.from[i] += c.from[i-1]
	}
	return c
}

// each calls f for the words under a hash, in order.
func (c *cuttings) each(hash uint32, f func(word int32)) {
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

func newSpeller(known *wordlist, other map[string]bool) *speller {
	s := &speller{known: known, other: other, bones: map[string][]int32{}}
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
	var buf [32]byte
	for i := 0; i < len(w) && len(w) <= len(buf); i++ {
		if i > 0 && w[i] == w[i-1] {
			continue
		}
		b := append(append(buf[:0], w[:i]...), w[i+1:]...)
		f(hashBytes(b, 3), len(b))
	}
}

// cuts2 calls f with the hash of w without each pair of its letters, and how many letters are left.
func cuts2(w string, f func(h uint64, n int)) {
	var buf [32]byte
	for i := 0; i < len(w) && len(w) <= len(buf); i++ {
		for j := i + 1; j < len(w); j++ {
			b := append(buf[:0], w[:i]...)
			b = append(append(b, w[i+1:j]...), w[j+1:]...)
			f(hashBytes(b, 3), len(b))
		}
	}
}

// repair returns the tokens with unknown words read as known ones, and which were. The slice it was given is not
// changed. words are the tokens' numbers in the list.
func (s *speller) repair(tokens []string, words []int32) (out []string, read map[string]string) {
	out = tokens
	looked, letters := 0, 0
	for i := 0; i < len(tokens) && looked < maxRepairs && letters < maxRepaired; i++ {
		w := tokens[i]
		if words[i] != strange || len(w) < 3 || !plain(w) || s.right(w) {
			continue
		}
		looked++
		letters += len(w)
		v := s.nearest(w)
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

// nearest finds the known word that w most likely is, "" when none is near.
func (s *speller) nearest(w string) string {
	best, bestD, bestN := "", 3, int32(-1)
	try := func(v string, most int) {
		if len(w) < 6 && v[0] != w[0] {
			return
		}
		d := edits(w, v, most)
		if d > most {
			return
		}
		if n := s.known.often(v); d < bestD || d == bestD && (n > bestN || n == bestN && v < best) {
			best, bestD, bestN = v, d, n
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
			if v := s.words[i]; shortens(w, v) {
				return v
			}
		}
		if len(alike) > 0 {
			if v := s.words[alike[0]]; s.known.often(v) > 0 && len(v) <= len(w)+5 {
				return v
			}
		}
	}
	return best
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
