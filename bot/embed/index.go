package embed

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"slices"
)

// sample is a phrasing with the entry it belongs to.
type sample struct{ entry, text string }

// index holds the vectors of phrasings, eight bits a number: a fourth of the memory, and cosines that differ in the third
// decimal. It is immutable.
type index struct {
	dims  int
	scale []float32 // per phrasing
	rows  []int8    // phrasings x dims
	texts []string
	of    map[string][]int // phrasings of an entry
}

const batchSize = 64 // texts in one request

// add appends a vector of length one.
func (x *index) add(v []float32) {
	top := float32(0)
	for _, f := range v {
		top = max(top, max(f, -f))
	}
	for _, f := range v {
		x.rows = append(x.rows, int8(math.Round(float64(f/top*127))))
	}
	x.scale = append(x.scale, top/127)
}

// cosine compares a vector of length one with a phrasing.
func (x *index) cosine(v []float32, i int) float64 {
	sum := float32(0)
	for k, r := range x.rows[i*x.dims : (i+1)*x.dims] {
		sum += v[k] * float32(r)
	}
	return float64(sum * x.scale[i])
}

// vector writes a phrasing's vector out again.
func (x *index) vector(i int) []float32 {
	v := make([]float32, x.dims)
	for k, r := range x.rows[i*x.dims : (i+1)*x.dims] {
		v[k] = float32(r) * x.scale[i]
	}
	return v
}

// nearest is how near an entry's phrasings are to a vector: the mean of the three nearest cosines, leaving one out.
func (x *index) nearest(v []float32, entry string, without int) float64 {
	best := [3]float64{-2, -2, -2}
	for _, i := range x.of[entry] {
		if i == without {
			continue
		}
		c := x.cosine(v, i)
		for k := range best {
			if c > best[k] {
				c, best[k] = best[k], c
			}
		}
	}
	sum, n := 0.0, 0
	for _, c := range best {
		if c > -2 {
			sum += c
			n++
		}
	}
	if n == 0 {
		return -2
	}
	return sum / float64(n)
}

// checkMax is how many phrasings are looked at when the model is checked; the whole takes a second or two.
const checkMax = 300

// check leaves phrasings out in turn and counts those that are nearest to their own entry.
func (x *index) check(ctx context.Context, texts []sample) (right, n int) {
	step := max(1, len(texts)/checkMax)
	for i := 0; i < len(texts) && ctx.Err() == nil; i += step {
		if len(x.of[texts[i].entry]) < 2 {
			continue
		}
		v, best, near := x.vector(i), "", -3.0
		for e := range x.of {
			if c := x.nearest(v, e, i); c > near || c == near && e < best {
				best, near = e, c
			}
		}
		n++
		if best == texts[i].entry {
			right++
		}
	}
	return right, n
}

// vectors returns the index of the texts: what the cache holds under their hash, else asked for in batches, but for
// those that the index in use already knows.
func (s *Service) vectors(ctx context.Context, texts []sample) (*index, error) {
	key := s.key(texts)
	if s.deps.Cache != nil {
		if b, err := s.deps.Cache.Load(key); err == nil {
			if x := decode(b, texts); x != nil {
				return x, nil
			}
		}
	}
	x := &index{of: map[string][]int{}}
	for at := 0; at < len(texts); at += batchSize {
		part := texts[at:min(at+batchSize, len(texts))]
		vs, err := s.batch(ctx, part)
		if err != nil {
			return nil, err
		}
		for i, v := range vs {
			if x.dims == 0 {
				x.dims = len(v)
			}
			if len(v) != x.dims {
				return nil, &fault{cause: uneven}
			}
			x.add(v)
			x.texts = append(x.texts, part[i].text)
			x.of[part[i].entry] = append(x.of[part[i].entry], at+i)
		}
	}
	if s.deps.Cache != nil {
		_ = s.deps.Cache.Save(key, x.encode()) // a cache that fails costs only time
	}
	return x, nil
}

// batch returns the vectors of some texts; only those that are new are sent.
func (s *Service) batch(ctx context.Context, texts []sample) ([][]float32, error) {
	out := make([][]float32, len(texts))
	var ask []string
	var places []int
	old := s.learned.Load()
	for i, t := range texts {
		if at := old.find(t.text); at >= 0 {
			out[i] = old.vector(at)
			continue
		}
		ask, places = append(ask, t.text), append(places, i)
	}
	if len(ask) == 0 {
		return out, nil
	}
	ctx, cancel := context.WithTimeout(ctx, s.conf.Batch)
	defer cancel()
	vs, err := s.client.embed(ctx, ask)
	if err != nil {
		return nil, err
	}
	for i, v := range vs {
		out[places[i]] = v
	}
	return out, nil
}

// find returns the place of a text, -1 where it is not known.
func (x *index) find(text string) int {
	if x == nil {
		return -1
	}
	return slices.Index(x.texts, text)
}

// key names the vectors by everything that they come from, the key of the endpoint left out.
func (s *Service) key(texts []sample) string {
	h := sha256.New()
	fmt.Fprintf(h, "1\n%s\n%s\n", s.client.address, s.conf.Model)
	for _, t := range texts {
		fmt.Fprintf(h, "%d %s%d %s", len(t.entry), t.entry, len(t.text), t.text)
	}
	return "embed-" + hex.EncodeToString(h.Sum(nil)[:16])
}

// encode writes the vectors with a checksum before them. The texts are not written: they are the key.
func (x *index) encode() []byte {
	var b bytes.Buffer
	head := []uint32{uint32(x.dims), uint32(len(x.scale))}
	for _, v := range []any{head, x.scale, x.rows} {
		_ = binary.Write(&b, binary.LittleEndian, v) // a buffer takes everything
	}
	sum := sha256.Sum256(b.Bytes())
	return append(sum[:], b.Bytes()...)
}

// decode reads what encode wrote, nil where it is damaged or of other texts.
func decode(b []byte, texts []sample) *index {
	if len(b) < sha256.Size+8 {
		return nil
	}
	if sum := sha256.Sum256(b[sha256.Size:]); !bytes.Equal(sum[:], b[:sha256.Size]) {
		return nil
	}
	r := bytes.NewReader(b[sha256.Size:])
	var head [2]uint32
	if binary.Read(r, binary.LittleEndian, &head) != nil || head[0] == 0 || head[0] > dimsMax || int(head[1]) != len(texts) {
		return nil
	}
	x := &index{dims: int(head[0]), scale: make([]float32, len(texts)), rows: make([]int8, len(texts)*int(head[0])), of: map[string][]int{}}
	if binary.Read(r, binary.LittleEndian, x.scale) != nil || binary.Read(r, binary.LittleEndian, x.rows) != nil {
		return nil
	}
	if _, err := r.ReadByte(); err != io.EOF {
		return nil
	}
	for i, t := range texts {
		x.texts = append(x.texts, t.text)
		x.of[t.entry] = append(x.of[t.entry], i)
	}
	return x
}
