package match

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Keys are numbered in the order in which they come, whatever the table's size, and keep their numbers when it grows.
func TestTableNumbers(t *testing.T) {
	rnd := rand.New(rand.NewPCG(11, 12))
	tb := newTable(0)
	first := map[uint64]int32{}
	for range 5000 {
		k := 2 + rnd.Uint64N(3000)<<(rnd.IntN(3)*20) // many share their lower bits
		want, old := first[k]
		if !old {
			want = int32(len(first))
			first[k] = want
		}
		if n, isNew := tb.number(k); n != want || isNew == old {
			t.Fatalf("key %x has number %d (new %v), want %d (new %v)", k, n, isNew, want, !old)
		}
	}
	for k, want := range first {
		if n, ok := tb.get(k); !ok || n != want {
			t.Fatalf("key %x: %d, %v; want %d", k, n, ok, want)
		}
	}
	if _, ok := tb.get(1); ok {
		t.Error("found a key that is not there")
	}
}

// A word and a meaning that have the same hash are one feature, which belongs to the view that met it first.
func TestSameHashIsOneFeature(t *testing.T) {
	if hashBytes("pasar", 1) != hashBytes("sasar", 2) {
		t.Fatal("these two do not have the same hash any more; find others")
	}
	docs := []document{{tokens: []string{"x"}, concepts: []string{"sasar"}}, {tokens: []string{"pasar"}, concepts: []string{"x"}}}
	for _, order := range [][]int{{0, 1}, {1, 0}} {
		ds := []document{docs[order[0]], docs[order[1]]}
		list := newWordlist([][]string{ds[0].tokens, ds[1].tokens}, schedule{})
		for i := range ds {
			ds[i].words = list.find(nil, ds[i].tokens)
		}
		s := newSpace(standard().shape, list, ds, []int32{0, 1}, 2)
		id, ok := s.index.get(hashBytes("pasar", 1))
		if want := []block{conceptBlock, wordBlock}[order[0]]; !ok || s.kind[id] != want {
			t.Errorf("order %v: kind %d, want %d", order, s.kind[id], want)
		}
	}
}

// Every hash is found where it stands, and no other.
func TestPlaces(t *testing.T) {
	rnd := rand.New(rand.NewPCG(13, 14))
	for _, n := range []int{0, 1, 2, 3, 1000} {
		hs := []uint64{0, 1<<64 - 1}[:min(2, n)]
		for len(hs) < n {
			hs = append(hs, rnd.Uint64())
		}
		slices.Sort(hs)
		p := newPlaces(hs)
		for i, h := range hs {
			if got, ok := p.get(h); !ok || got != int32(i) {
				t.Fatalf("%d hashes: %x stands at %d, %v; want %d", n, h, got, ok, i)
			}
			if _, ok := p.get(h ^ 2); ok {
				t.Fatalf("%d hashes: found %x, which is not there", n, h^2)
			}
		}
	}
}
