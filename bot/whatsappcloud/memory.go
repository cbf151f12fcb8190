package whatsappcloud

import "sync"

// memory is a map that forgets what was put in first when it is full. What it holds is never needed, only useful: a
// restart loses it. It is safe for concurrent use.
type memory[K comparable, V any] struct {
	mu   sync.Mutex
	m    map[K]V
	ring []K
	next int
}

func newMemory[K comparable, V any](size int) *memory[K, V] {
	return &memory[K, V]{m: map[K]V{}, ring: make([]K, 0, size)}
}

func (m *memory[K, V]) get(k K) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.m[k]
	return v, ok
}

// change lets f turn the value of a key, zero and false when there is none, into another. When f says no, nothing
// changes. It returns what f returned.
func (m *memory[K, V]) change(k K, f func(V, bool) (V, bool)) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	old, known := m.m[k]
	v, keep := f(old, known)
	if !keep {
		return v, false
	}
	if !known {
		m.admit(k)
	}
	m.m[k] = v
	return v, true
}

// admit gives a key its place in the ring. The place of a key that was dropped stays until its turn comes.
func (m *memory[K, V]) admit(k K) {
	if len(m.ring) < cap(m.ring) {
		m.ring = append(m.ring, k)
		return
	}
	delete(m.m, m.ring[m.next])
	m.ring[m.next] = k
	m.next = (m.next + 1) % len(m.ring)
}

func (m *memory[K, V]) put(k K, v V) {
	m.change(k, func(V, bool) (V, bool) { return v, true })
}

func (m *memory[K, V]) drop(k K) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.m, k)
}
