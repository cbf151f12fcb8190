package match

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/gob"
	"encoding/hex"
	"fmt"
	"math"
)

// cacheVersion changes whenever the same samples would give other weights or other signals.
const cacheVersion = 3

// stored is what a cache keeps of an engine.
type stored struct {
	Classes int
	Rows    []byte
	Factor  []float32
	Right   *logistic
	Scope   *logistic
	Limits  [4]float64
	Promise [2]string

	policy *policy
}

// cacheKey names the weights by everything that they come from.
func cacheKey(ls []lesson, r recipe, opt Options) string {
	h := sha256.New()
	fmt.Fprintf(h, "%d {%v %v %v %v} %d %v %v\n", cacheVersion, r.shape, r.schedule, r.kin, r.vectorWeight, opt.Seed, opt.Bounds, opt.Guards)
	if r.drop > 0 { // each example draws its own chances
		fmt.Fprintf(h, "drop %v by example\n", r.drop)
	}
	var n [4]byte
	put := func(s string) {
		binary.LittleEndian.PutUint32(n[:], uint32(len(s)))
		h.Write(n[:])
		h.Write([]byte(s))
	}
	for _, l := range ls {
		put(l.label)
		put(l.text)
		for _, t := range l.tokens {
			put(t)
		}
		binary.LittleEndian.PutUint32(n[:], math.Float32bits(l.weight))
		h.Write(n[:])
		if opt.Critical(l.label) {
			put("critical")
		}
	}
	for _, t := range opt.Unlabelled {
		put(t)
	}
	return "match-" + hex.EncodeToString(h.Sum(nil)[:16])
}

// loadCache returns what the cache holds, nil when that is nothing usable.
func loadCache(c Cache, key string) *stored {
	if c == nil {
		return nil
	}
	b, err := c.Load(key)
	if err != nil || len(b) <= sha256.Size {
		return nil
	}
	if sum := sha256.Sum256(b[sha256.Size:]); !bytes.Equal(sum[:], b[:sha256.Size]) {
		return nil
	}
	s := new(stored)
	if err := gob.NewDecoder(bytes.NewReader(b[sha256.Size:])).Decode(s); err != nil {
		return nil
	}
	if s.Right != nil && s.Scope != nil {
		s.policy = &policy{right: s.Right, scope: s.Scope, answer: s.Limits[0], critical: s.Limits[1],
			offer: s.Limits[2], offerLost: s.Limits[3], promise: s.Promise[0], criticalPromise: s.Promise[1]}
	}
	return s
}

// saveCache hands the weights and the policy to the cache. A cache that fails costs only time.
func saveCache(c Cache, key string, m *model, p *policy) {
	if c == nil {
		return
	}
	n := len(m.w.factor)
	rows := make([]byte, n*m.w.classes) // without padding: the file says nothing about how they lie in memory
	for r := range n {
		to := rows[r*m.w.classes:][:m.w.classes]
		for i, x := range m.w.rows[r*m.w.stride:][:len(to)] {
			to[i] = byte(x)
		}
	}
	var buf bytes.Buffer
	err := gob.NewEncoder(&buf).Encode(stored{
		Classes: m.w.classes, Rows: rows, Factor: m.w.factor, Right: p.right, Scope: p.scope,
		Limits: [4]float64{p.answer, p.critical, p.offer, p.offerLost}, Promise: [2]string{p.promise, p.criticalPromise},
	})
	if err != nil {
		return
	}
	sum := sha256.Sum256(buf.Bytes())
	_ = c.Save(key, append(sum[:], buf.Bytes()...))
}

// trainOrLoad trains a model, or takes its weights from the cache where they fit.
func trainOrLoad(ctx context.Context, ls []lesson, r recipe, vec *vectors, other map[string]bool, seed uint64, saved *stored) (*model, error) {
	if saved == nil {
		return train(ctx, ls, r, vec, other, seed)
	}
	m, _ := prepare(ls, r, vec, other)
	rows := m.rows()
	if saved.Classes != len(m.labels) || len(saved.Factor) != rows || len(saved.Rows) != rows*saved.Classes {
		return train(ctx, ls, r, vec, other, seed)
	}
	stride := padded(saved.Classes)
	m.w = weights{classes: saved.Classes, stride: stride, rows: make([]int8, rows*stride), factor: saved.Factor}
	r.each(rows, func(r int) {
		to := m.w.rows[r*stride:][:saved.Classes]
		for i, b := range saved.Rows[r*saved.Classes:][:len(to)] {
			to[i] = int8(b)
		}
	})
	return m, nil
}
