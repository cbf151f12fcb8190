package webchat

import (
	"container/list"
	"sync"
)

// recent is a map that forgets what was used longest ago when it is full. It is safe for concurrent use.
type recent[K comparable, V any] struct {
	mu    sync.Mutex
	max   int
	order *list.List // of place[K, V], the last used one in front
	items map[K]*list.Element
}

type place[K comparable, V any] struct {
	key   K
	value V
}

func newRecent[K comparable, V any](size int) *recent[K, V] {
	return &recent[K, V]{max: size, order: list.New(), items: map[K]*list.Element{}}
}

// get returns the value of the key and counts as use.
func (r *recent[K, V]) get(key K) (V, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, ok := r.items[key]
	if !ok {
		var zero V
		return zero, false
	}
	r.order.MoveToFront(e)
	return e.Value.(place[K, V]).value, true
}

// update hands the value of the key to fn, the zero value when there is none, and keeps what fn returns.
func (r *recent[K, V]) update(key K, fn func(V) V) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e, ok := r.items[key]; ok {
		r.order.MoveToFront(e)
		p := e.Value.(place[K, V])
		p.value = fn(p.value)
		e.Value = p
		return
	}
	var zero V
	if len(r.items) >= r.max {
		old := r.order.Back()
		delete(r.items, old.Value.(place[K, V]).key)
		r.order.Remove(old)
	}
	r.items[key] = r.order.PushFront(place[K, V]{key, fn(zero)})
}

// remove forgets the key.
func (r *recent[K, V]) remove(key K) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e, ok := r.items[key]; ok {
		delete(r.items, key)
		r.order.Remove(e)
	}
}

// sweep removes every value that fn says is over.
func (r *recent[K, V]) sweep(over func(V) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for key, e := range r.items {
		if over(e.Value.(place[K, V]).value) {
			delete(r.items, key)
			r.order.Remove(e)
		}
	}
}

func (r *recent[K, V]) size() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.items)
}
