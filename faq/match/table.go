package match

// table maps 64-bit hashes to small numbers: open addressing with linear probing, smaller and faster than a map
// and never changed once it is filled.
type table struct {
	keys []uint64
	vals []int32
	mask uint64
}

func newTable(n int) table {
	size := 16
	for size < n*2 {
		size *= 2
	}
	return table{keys: make([]uint64, size), vals: make([]int32, size), mask: uint64(size - 1)}
}

// put adds a key that is not there yet. The key 0 stands for an empty place and is stored as 1.
func (t *table) put(k uint64, v int32) {
	if k == 0 {
		k = 1
	}
	i := k & t.mask
	for t.keys[i] != 0 {
		i = (i + 1) & t.mask
	}
	t.keys[i], t.vals[i] = k, v
}

func (t *table) get(k uint64) (int32, bool) {
	if k == 0 {
		k = 1
	}
	for i := k & t.mask; ; i = (i + 1) & t.mask {
		switch t.keys[i] {
		case k:
			return t.vals[i], true
		case 0:
			return 0, false
		}
	}
}
