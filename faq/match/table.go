package match

import "math/bits"

// places finds where a hash stands among sorted ones: less than half of the memory of a table, for what is kept as long as the
// engine.
type places struct {
	hashes []uint64
	from   []int32 // by the first bits of a hash, where those that begin so start
	shift  uint
}

func newPlaces(sorted []uint64) places {
	n := max(1, bits.Len(uint(len(sorted)))) // one to two beginnings for each
	p := places{hashes: sorted, from: make([]int32, 1<<n+1), shift: 64 - uint(n)}
	for _, h := range sorted {
		p.from[h>>p.shift+1]++
	}
	for i := 1; i < len(p.from); i++ {
		p.from[i] += p.from[i-1]
	}
	return p
}

func (p *places) get(h uint64) (int32, bool) {
	k := h >> p.shift
	for i := p.from[k]; i < p.from[k+1]; i++ {
		if p.hashes[i] == h {
			return i, true
		}
	}
	return 0, false
}

// table numbers 64-bit hashes: open addressing with linear probing, faster than a map. A key and its number lie side by
// side, so that a look-up touches one line of memory.
type table struct {
	cells []slot
	mask  uint64
	n     int
}

type slot struct {
	key uint64 // 0 in an empty place
	val int32
}

func newTable(n int) table {
	size := 16
	for size < n*2 {
		size *= 2
	}
	return table{cells: make([]slot, size), mask: uint64(size - 1)}
}

// put adds a key that is not there yet; there must be room. The key 0 stands for an empty place and is stored as 1.
func (t *table) put(k uint64, v int32) {
	if k == 0 {
		k = 1
	}
	i := k & t.mask
	for t.cells[i].key != 0 {
		i = (i + 1) & t.mask
	}
	t.cells[i] = slot{k, v}
	t.n++
}

func (t *table) get(k uint64) (int32, bool) {
	if k == 0 {
		k = 1
	}
	for i := k & t.mask; ; i = (i + 1) & t.mask {
		switch c := &t.cells[i]; c.key {
		case k:
			return c.val, true
		case 0:
			return 0, false
		}
	}
}

// number gives a key its number: the one it has, or else the next.
func (t *table) number(k uint64) (n int32, isNew bool) {
	if n, ok := t.get(k); ok {
		return n, false
	}
	if 2*t.n >= len(t.cells) {
		old := t.cells
		*t = newTable(len(old))
		for _, c := range old {
			if c.key != 0 {
				t.put(c.key, c.val)
			}
		}
	}
	n = int32(t.n)
	t.put(k, n)
	return n, true
}
