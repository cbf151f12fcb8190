package outreach

import (
	"tanya/bot"
)

// enterClaims enters how often each segment, and those who came by each activity, were given the answers that settle
// statements of the quiz. They are some of an answer's, some of what the segment or the activity asked about the topic, and
// some of what it was answered.
func (s *season) enterClaims(t *tables, atoms map[atom]unit, segments map[string]unit) {
	topic := map[string]string{}
	for _, c := range s.counts {
		if c.Kind == bot.ByEntry {
			topic[c.A] = c.C
		}
	}
	asked := roll(atoms, func(a atom) string { return a.activity })
	own := s.own()
	type claim struct{ entry, activity, segment string }
	given := map[claim]int{}
	for _, c := range s.counts {
		if c.Kind != bot.ByClaim {
			continue
		}
		seg := c.C
		if of, ok := own[c.B]; ok {
			seg = of
		}
		given[claim{c.A, "", seg}] += c.N
		if c.B != "" && asked[c.B].n >= leastRate { // only there topics are told apart
			given[claim{c.A, c.B, ""}] += c.N
			given[claim{c.A, c.B, "@" + seg}] += c.N
		}
	}
	groups := map[string][]int{} // by what they are some of
	some := func(whole string, c int) { groups[whole] = append(groups[whole], c) }
	for _, seg := range keys(segments) {
		for _, entry := range keys(topic) {
			if n, ok := given[claim{entry, "", seg}]; ok {
				i := t.set(of("n", "claim", ofSegment(entry, seg)), n)
				some(of("n", "entry", entry), i) // days from before claims were marked leave a rest
				some(cross("segment", seg, topic[entry]), i)
				some(of("a", "segment", seg), i)
			}
		}
	}
	byActivity := map[string][]int{} // the same, of activities
	for _, a := range s.activities {
		for _, entry := range keys(topic) {
			n := given[claim{entry, a.Code, ""}]
			if n < least {
				continue
			}
			i := t.set(of("n", "claim", ofActivity(entry, a.Code)), n)
			some(cross("activity", a.Code, topic[entry]), i)
			some(of("a", "activity", a.Code), i)
			for _, whole := range []string{of("n", "entry", entry), of("n", "topic", topic[entry])} {
				byActivity[whole] = append(byActivity[whole], i)
			}
			var pieces []int
			for _, seg := range keys(segments) {
				k, ok := given[claim{entry, a.Code, "@" + seg}]
				if !ok {
					continue
				}
				c := i
				if k < n {
					c = t.rest("piece "+ofActivity(entry, a.Code)+" segment "+seg, k)
					pieces = append(pieces, c)
				}
				for _, whole := range []string{of("n", "claim", ofSegment(entry, seg)), cross("segment", seg, topic[entry])} {
					byActivity[whole] = append(byActivity[whole], c)
				}
			}
			if len(pieces) > 0 {
				t.add(i, pieces...)
			}
		}
	}
	tie := func(rest string, all map[string][]int) {
		for _, whole := range keys(all) {
			if i, ok := t.index[whole]; ok {
				t.addWith(rest+whole, i, all[whole]...)
			}
		}
	}
	tie("rest claims ", groups)
	tie("rest claims of activities ", byActivity)
}
