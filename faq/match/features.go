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
	index table     // hash -> feature
	idf   []float32 // by feature
	kind  []block   // by feature
	rare  float32   // idf of a word that no training text has
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

// grams calls f for every feature of a message, as often as it occurs.
func (o shape) grams(tokens, concepts []string, f func(h uint64, b block)) {
	var before uint64
	for i, w := range tokens {
		h := hashBytes(w, 1)
		f(h, wordBlock)
		if i > 0 && o.pairs {
			f(mix(before*31+h), phraseBlock)
		}
		before = h
		o.runs(w, f)
	}
	if o.weight[conceptBlock] == 0 {
		return
	}
	before = 0
	var old uint64
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

// newSpace learns the features of the texts: those that occur, and how telling each is. class[i] is the class of text i.
func newSpace(opt shape, docs []document, class []int32, classes int) *space {
	type count struct {
		docs, last    int32
		spread, lastC int32
		b             block
	}
	seen := make(map[uint64]*count, len(docs)*24)
	for i, d := range docs {
		opt.grams(d.tokens, d.concepts, func(h uint64, b block) {
			c := seen[h]
			if c == nil {
				c = &count{last: -1, lastC: -1, b: b}
				seen[h] = c
			}
			if c.last != int32(i) {
				c.last = int32(i)
				c.docs++
				if c.lastC != class[i] { // texts come sorted by class
					c.lastC = class[i]
					c.spread++
				}
			}
		})
	}
	hashes := make([]uint64, 0, len(seen))
	for h, c := range seen {
		if c.b == conceptBlock || c.b == wordBlock || c.b == charBlock && int(c.docs) >= opt.minDocs || c.b >= pairBlock && int(c.docs) >= opt.minPairs {
			hashes = append(hashes, h)
		}
	}
	slices.Sort(hashes) // the order of a map must not reach the model
	s := &space{opt: opt, index: newTable(len(hashes)), idf: make([]float32, len(hashes)), kind: make([]block, len(hashes))}
	for i, h := range hashes {
		c := seen[h]
		s.index.put(h, int32(i))
		idf := logRatio(1+len(docs), 1+int(c.docs)) + 1
		if opt.spread > 0 {
			idf = float64((1-opt.spread)*idf) + float64(opt.spread*(logRatio(1+classes, 1+int(c.spread))+1))
		}
		s.idf[i] = float32(idf)
		s.kind[i] = c.b
	}
	s.rare = float32(logRatio(1+len(docs), 2) + 1)
	return s
}

// logRatio is ln(a/b), rounded so that it is the same on every machine.
func logRatio(a, b int) float64 {
	return math.Round(math.Log(float64(a)/float64(b))*1e5) / 1e5
}

// document is a text taken apart.
type document struct {
	tokens   []string
	concepts []string
}

func newDocument(tokens []string) document {
	return document{tokens, text.Concepts(tokens)}
}

// vector appends the weighted features of a document to dst, sorted by feature, and counts the letter runs that no
// training text has.
func (s *space) vector(dst []feature, d document, sc *scratch) (out []feature, unknown int) {
	sc.ids = sc.ids[:0]
	s.opt.grams(d.tokens, d.concepts, func(h uint64, b block) {
		if id, ok := s.index.get(h); ok {
			sc.ids = append(sc.ids, id)
		} else if b == charBlock {
			unknown++
		}
	})
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
