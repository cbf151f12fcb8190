package telegram

import "sync"

// memory is a map that forgets what was put in first when it is full. What it holds is never needed, only useful: a
// restart loses it. It is safe for concurrent use.
type memory[K comparable, V any] struct {
	mu   sync.Mutex
	size int
	m    map[K]V
	ring []K
	next int
}

func newMemory[K comparable, V any](size int) *memory[K, V] {
	return &memory[K, V]{size: size, m: map[K]V{}}
}

func (m *memory[K, V]) get(k K) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.m[k]
	return v, ok
}

func (m *memory[K, V]) put(k K, v V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.m[k]; !ok {
		if len(m.ring) < m.size {
			m.ring = append(m.ring, k)
		} else {
			delete(m.m, m.ring[m.next])
			m.ring[m.next] = k
			m.next = (m.next + 1) % m.size
		}
	}
	m.m[k] = v
}

// drop forgets a key. Its place in the ring stays until its turn comes.
func (m *memory[K, V]) drop(k K) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.m, k)
}
