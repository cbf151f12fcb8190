package match

import (
	"math"
	"math/bits"
	"slices"

	"tanya/faq/text"
)

// block is one of the views on a message. Each is scaled to a length of its own, so that none drowns another.
type block uint8

const (
	wordBlock    block = iota // words
	charBlock                 // letters in a row inside words: robust against typos and affixes
	conceptBlock              // meanings across languages
	pairBlock                 // pairs of meanings
	phraseBlock               // pairs of words
	blocks
)

// feature is one entry of a sparse vector.
type feature struct {
	id int32
	v  float32
}

// space is the set of features that the training texts have, with what each is worth.
type space struct {
	opt   shape
	index places    // hash -> feature
	idf   []float32 // by feature
	kind  []block   // by feature
	rare  float32   // idf of a word that no training text has

	words *wordlist
	word  []entry // by word of the list
	ids   []int32 // of the words, one after the other
}

// entry is a word with its features, looked up once for all: ids[from:means] are the word and its letter runs, ids[means:to]
// what it means by itself.
type entry struct {
	hash            uint64
	from, means, to int32
	unknown         int32 // letter runs that are no feature
}

// shape says which features a space has. The figures are measured; see faq/match/testdata and the benchmarks.
type shape struct {
	lo, hi   int             // lengths of letter runs
	pairs    bool            // pairs of words
	weight   [blocks]float64 // lengths of the blocks; their squares sum to one
	spread   float64         // how much a feature is worth less for standing in many classes
	minDocs  int             // letter runs in fewer texts are dropped
	minPairs int             // pairs of words or meanings in fewer texts are dropped
	skips    bool            // pairs of meanings with one between them
}

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

func hashBytes[T string | []byte](s T, seed uint64) uint64 {
	h := uint64(fnvOffset) ^ seed
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * fnvPrime
	}
	return mix(h)
}

// mix spreads the bits of a hash (finaliser of splitmix64).
func mix(h uint64) uint64 {
	h ^= h >> 30
	h *= 0xbf58476d1ce4e5b9
	h ^= h >> 27
	h *= 0x94d049bb133111eb
	return h ^ h>>31
}

// meanings calls f for every pair of words and for every meaning and pair of meanings of a message. words are the hashes of
// its words.
func (o shape) meanings(words []uint64, concepts []string, f func(h uint64, b block)) {
	for i := 1; i < len(words) && o.pairs; i++ {
		f(mix(words[i-1]*31+words[i]), phraseBlock)
	}
	if o.weight[conceptBlock] == 0 {
		return
	}
	var before, old uint64
	for i, c := range concepts {
		h := hashBytes(c, 2)
		f(h, conceptBlock)
		if c[0] == '=' || c[0] == '+' {
			continue // stand behind the message, beside nothing
		}
		if i > 0 && o.pairs {
			f(mix(before*31+h), pairBlock)
		}
		if i > 1 && o.skips {
			f(mix(old*37+h), pairBlock)
		}
		old, before = before, h
	}
}

// runs calls f for the letter runs of one word, which counts as having a blank on either side.
func (o shape) runs(w string, f func(h uint64, b block)) {
	n := len(w) + 2
	for s := 0; s < n; s++ {
		h := uint64(fnvOffset)
		for l := 1; l <= o.hi && s+l <= n; l++ {
			c := byte(' ')
			if k := s + l - 1; k > 0 && k < n-1 {
				c = w[k-1]
			}
			h = (h ^ uint64(c)) * fnvPrime
			if l >= o.lo {
				f(mix(h+uint64(l)), charBlock)
			}
		}
	}
}

// tally counts in how many texts and classes each feature stands.
type tally struct {
	hashes table
	of     []count
}

type count struct {
	hash          uint64
	docs, last    int32 // how many texts, and the last of them
	spread, lastC int32 // how many classes, and the last of them
	b             block
}

// number is the place of a feature in the tally.
func (t *tally) number(h uint64) int32 {
	n, isNew := t.hashes.number(h)
	if isNew {
		t.of = append(t.of, count{hash: h, last: -1, lastC: -1})
	}
	return n
}

// note counts a feature of a text. Texts come sorted by class. A word and a meaning may have the same hash: they are one
// feature then, which belongs where it was met first.
func (t *tally) note(n, doc, class int32, b block) {
	if c := &t.of[n]; c.last != doc {
		if c.last < 0 {
			c.b = b
		}
		c.last = doc
		c.docs++
		if c.lastC != class {
			c.lastC = class
			c.spread++
		}
	}
}

// newSpace learns the features of the texts: those that occur, and how telling each is. class[i] is the class of text i.
// What a word consists of is looked at once, however many texts have it.
func newSpace(opt shape, words *wordlist, docs []document, class []int32, classes int) *space {
	t := tally{hashes: newTable(len(words.words) * 16)}
	s := &space{opt: opt, words: words, word: make([]entry, len(words.words))}
	var parts []int32
	for i, w := range words.words {
		e := &s.word[i]
		e.hash, e.from = hashBytes(w, 1), int32(len(parts))
		parts = append(parts, t.number(e.hash))
		opt.runs(w, func(h uint64, _ block) { parts = append(parts, t.number(h)) })
		e.means = int32(len(parts))
	}
	var hashes []uint64
	for i, d := range docs {
		hashes = hashes[:0]
		for _, w := range d.words {
			e := &s.word[w]
			hashes = append(hashes, e.hash)
			t.note(parts[e.from], int32(i), class[i], wordBlock)
			for _, n := range parts[e.from+1 : e.means] {
				t.note(n, int32(i), class[i], charBlock)
			}
		}
		opt.meanings(hashes, d.concepts, func(h uint64, b block) { t.note(t.number(h), int32(i), class[i], b) })
	}
	feature := s.keep(&t, len(docs), classes)
	s.enter(parts, feature)
	return s
}

// keep takes in the features that stand in enough texts, and returns the feature of each place in the tally, -1 for those
// that are dropped.
func (s *space) keep(t *tally, docs, classes int) []int32 {
	var hashes []uint64
	for _, c := range t.of {
		if c.b == conceptBlock || c.b == wordBlock || c.b == charBlock && int(c.docs) >= s.opt.minDocs || c.b >= pairBlock && int(c.docs) >= s.opt.minPairs {
			hashes = append(hashes, c.hash)
		}
	}
	slices.Sort(hashes) // features are numbered by what they are, not by the order of the texts
	s.index, s.idf, s.kind = newPlaces(slices.Clone(hashes)), make([]float32, len(hashes)), make([]block, len(hashes))
	feature := make([]int32, len(t.of))
	for i := range feature {
		feature[i] = -1
	}
	for i, h := range hashes {
		n, _ := t.hashes.get(h)
		c := &t.of[n]
		feature[n] = int32(i)
		idf := logRatio(1+docs, 1+int(c.docs)) + 1
		if s.opt.spread > 0 {
			idf = float64((1-s.opt.spread)*idf) + float64(s.opt.spread*(logRatio(1+classes, 1+int(c.spread))+1))
		}
		s.idf[i] = float32(idf)
		s.kind[i] = c.b
	}
	s.rare = float32(logRatio(1+docs, 2) + 1)
	return feature
}

// enter notes the features of each word, given their places in the tally, and of its meanings.
func (s *space) enter(parts, feature []int32) {
	s.ids = make([]int32, 0, len(parts)*9/8)
	var means []string
	for i := range s.word {
		e := &s.word[i]
		from := int32(len(s.ids))
		for _, n := range parts[e.from:e.means] {
			if id := feature[n]; id >= 0 {
				s.ids = append(s.ids, id)
			} else {
				e.unknown++
			}
		}
		e.from, e.means = from, int32(len(s.ids))
		means = text.AppendConcepts(means[:0], s.words.words[i:i+1], func(int) string { return s.words.means[i] })
		s.ids = s.known(s.ids, nil, means)
		e.to = int32(len(s.ids))
	}
}

// known appends the features among the pairs of words and the meanings.
func (s *space) known(dst []int32, words []uint64, concepts []string) []int32 {
	s.opt.meanings(words, concepts, func(h uint64, _ block) {
		if id, ok := s.index.get(h); ok {
			dst = append(dst, id)
		}
	})
	return dst
}

// wordFeature is the feature of a word with its number in the list. A strange one has none, unless a meaning has its hash.
func (s *space) wordFeature(n int32, w string) (id int32, ok bool) {
	if n == strange {
		return s.index.get(hashBytes(w, 1))
	}
	return s.ids[s.word[n].from], true
}

// own appends the features of a word that the list has not, and counts the letter runs that are none.
func (s *space) own(dst []int32, w string) (ids []int32, unknown int) {
	if id, ok := s.wordFeature(strange, w); ok {
		dst = append(dst, id)
	}
	s.opt.runs(w, func(h uint64, _ block) {
		if id, ok := s.index.get(h); ok {
			dst = append(dst, id)
		} else {
			unknown++
		}
	})
	return dst, unknown
}

// logRatio is ln(a/b), rounded so that it is the same on every machine.
func logRatio(a, b int) float64 {
	return math.Round(math.Log(float64(a)/float64(b))*1e5) / 1e5
}

// document is a text taken apart.
type document struct {
	tokens   []string
	words    []int32 // the tokens' numbers in the list, or strange
	concepts []string
}

// vector appends the weighted features of a document to dst, sorted by feature, and counts the letter runs that no
// training text has.
func (s *space) vector(dst []feature, d document, sc *scratch) (out []feature, unknown int) {
	sc.ids = sc.ids[:0]
	sc.hashes = sc.hashes[:0]
	for i, w := range d.words {
		if w == strange {
			var n int
			sc.ids, n = s.own(sc.ids, d.tokens[i])
			unknown += n
			sc.hashes = append(sc.hashes, hashBytes(d.tokens[i], 1))
			continue
		}
		e := &s.word[w]
		sc.ids = append(sc.ids, s.ids[e.from:e.means]...)
		sc.hashes = append(sc.hashes, e.hash)
		unknown += int(e.unknown)
	}
	sc.ids = s.known(sc.ids, sc.hashes, d.concepts)
	if len(sc.count) < len(s.idf) {
		sc.count, sc.have = make([]uint8, len(s.idf)), make([]uint64, (len(s.idf)+63)/64)
	}
	for _, id := range sc.ids {
		sc.have[id>>6] |= 1 << (id & 63)
		if sc.count[id] < math.MaxUint8 {
			sc.count[id]++
		}
	}
	from := len(dst)
	var norm [blocks]float64
	for k, set := range sc.have[:(len(s.idf)+63)/64] {
		if set == 0 {
			continue
		}
		sc.have[k] = 0
		for ; set != 0; set &= set - 1 {
			id := int32(k<<6 + bits.TrailingZeros64(set))
			v := float64(s.idf[id] * sublinear(int(sc.count[id])))
			sc.count[id] = 0
			norm[s.kind[id]] += float64(v * v)
			dst = append(dst, feature{id, float32(v)})
		}
	}
	for b, n := range norm {
		if n > 0 {
			norm[b] = s.opt.weight[b] / math.Sqrt(n)
		}
	}
	for i := from; i < len(dst); i++ {
		dst[i].v *= float32(norm[s.kind[dst[i].id]])
	}
	return dst, unknown
}

// sublinear is 1+ln(n) of a count: saying a word twice is not twice as much.
func sublinear(n int) float32 {
	if n <= len(logs) {
		return logs[n-1]
	}
	return logs[len(logs)-1]
}

var logs = [...]float32{1, 1.6931472, 2.0986123, 2.3862944, 2.609438, 2.7917595, 2.9459102, 3.0794415}
