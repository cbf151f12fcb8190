package peers

import (
	"maps"
	"slices"
)

// hitsMax is how many hits are asked for where they vote.
const hitsMax = 50

// vote is a way to make a class out of hits.
type vote struct {
	name string
	pick func(hits []hit, label []string) string
}

// votes are the ways that are tried; the best of an engine counts.
func votes() []vote {
	return []vote{
		{"best hit", func(hs []hit, label []string) string { return sum(hs, label, 1, 1) }},
		{"sum of 10", func(hs []hit, label []string) string { return sum(hs, label, 10, 10) }},
		{"sum of 50", func(hs []hit, label []string) string { return sum(hs, label, hitsMax, hitsMax) }},
		{"3 best of each", func(hs []hit, label []string) string { return sum(hs, label, hitsMax, 3) }},
	}
}

// sum returns the class with the largest sum over the first n hits, of which each class brings at most each.
func sum(hs []hit, label []string, n, each int) string {
	total, seen := map[string]float64{}, map[string]int{}
	for _, h := range hs[:min(n, len(hs))] {
		if l := label[h.doc]; seen[l] < each {
			seen[l]++
			total[l] += h.score
		}
	}
	best := ""
	for _, l := range slices.Sorted(maps.Keys(total)) { // ties go by the alphabet, not by chance
		if best == "" || total[l] > total[best] {
			best = l
		}
	}
	return best
}
