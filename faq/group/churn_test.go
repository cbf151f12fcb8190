package group_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"tanya/faq/group"
)

// TestChurn adds, moves and removes questions at random and holds that the grouper then knows the same as one that only
// ever saw those that are left, where they are: nothing of what is gone weighs on what comes.
func TestChurn(t *testing.T) {
	bg := entries(t)[:12]
	r := rand.New(rand.NewPCG(5, 5))
	g := group.New(bg)
	said := map[int64]string{}
	for id := int64(1); id <= 400; id++ {
		said[id] = fmt.Sprintf("%s %s %s", []string{"boleh bawa", "di mana", "kapan ada"}[r.IntN(3)], []string{"payung", "becak", "kucing", "helm", "tongkat"}[r.IntN(5)], []string{"ke tps", "di kantor", ""}[r.IntN(3)])
		g.Add(id, said[id])
		switch victim := 1 + r.Int64N(id); {
		case said[victim] == "":
		case r.IntN(2) == 0:
			g.Remove(victim)
			delete(said, victim)
		default:
			g.Place(victim, 1+r.Int64N(id), said[victim])
		}
	}
	fresh := group.New(bg)
	for _, o := range g.Groups() {
		for _, m := range o.Members {
			fresh.Place(m, o.ID, said[m])
		}
	}
	if len(fresh.Groups()) != len(g.Groups()) {
		t.Fatalf("%d groups, %d when only what is left was ever seen", len(g.Groups()), len(fresh.Groups()))
	}
	for _, o := range g.Groups() {
		all := func(int64) bool { return true }
		if a, b := g.Near(o.Members, 5, all), fresh.Near(o.Members, 5, all); !reflect.DeepEqual(a, b) {
			t.Errorf("near group %d are %v, %v when only what is left was ever seen", o.ID, a, b)
		}
		if g.Group(o.ID) != o {
			t.Errorf("group %d is not found by its name", o.ID)
		}
	}
}
