package outreach

import (
	"slices"
	"strings"

	"tanya/bot"
)

// season is a month as it was: true counts, which never leave this package.
type season struct {
	month      Month
	activities []bot.Activity // all there are
	counts     []bot.Count    // of the whole month, all kinds
	weeks      [][]bot.Count  // by language, of each stretch of seven days of the month
	askers     map[bot.AskerCell]int
}

// unit is how a group of questions fared: n were asked, a of them answered at once or after a choice.
type unit struct{ n, a int }

func (u *unit) add(outcome string, n int) {
	switch outcome {
	case "answered", bot.Picked:
		u.n, u.a = u.n+n, u.a+n
	case "choices", "unknown", "withdrawn":
		u.n += n
	}
}

// units groups counts. A question that was answered with choices and then picked from them is one question, counted
// where it was answered; choices that nobody picked from are questions without a topic.
func units(counts []bot.Count, kind bot.CountKind, key func(bot.Count) string) map[string]unit {
	out := map[string]unit{}
	for _, c := range counts {
		if c.Kind != kind {
			continue
		}
		k := key(c)
		u := out[k]
		u.add(c.D, c.N)
		out[k] = u
		if c.D == bot.Picked {
			// The choices row lies under UnsureTopic, in the same group otherwise.
			c.C = topicOf(c, kind)
			k = key(c)
			u = out[k]
			u.n -= c.N
			out[k] = u
		}
	}
	return out
}

func topicOf(c bot.Count, kind bot.CountKind) string {
	if kind == bot.ByActivity {
		return bot.UnsureTopic
	}
	return c.C
}

// atom is the finest group that a report knows.
type atom struct{ activity, segment, topic string }

// atoms groups the questions of the season. Whoever came by an activity for one segment is counted in that segment, also
// when the session said something else: so activities lie within segments, and what remains of a segment can be guarded.
func (s *season) atoms() map[atom]unit {
	const cut = "\x00"
	out := map[atom]unit{}
	own := s.own()
	for k, u := range units(s.counts, bot.ByActivity, func(c bot.Count) string { return c.A + cut + c.B + cut + c.C }) {
		p := strings.Split(k, cut)
		if seg, ok := own[p[0]]; ok {
			p[1] = seg
		}
		a := atom{p[0], p[1], p[2]}
		out[a] = unit{out[a].n + u.n, out[a].a + u.a}
	}
	return out
}

// own is the segment of each activity that is for exactly one.
func (s *season) own() map[string]string {
	own := map[string]string{}
	for _, a := range s.activities {
		if len(a.Segments) == 1 {
			own[a.Code] = string(a.Segments[0])
		}
	}
	return own
}

// roll adds units up by another key.
func roll(atoms map[atom]unit, key func(atom) string) map[string]unit {
	out := map[string]unit{}
	for a, u := range atoms {
		v := out[key(a)]
		v.n, v.a = v.n+u.n, v.a+u.a
		out[key(a)] = v
	}
	return out
}

// keys returns the keys of a map in order.
func keys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// Names of counts in tables: a measure ("n" asked, "a" answered, "r" the rest) and what it is of.
func totalOf(m string) string              { return m + " total" }
func of(m, what, key string) string        { return m + " " + what + " " + key }
func cross(what, key, topic string) string { return "n " + what + " " + key + " topic " + topic }

// triple enters a unit: asked, answered and the rest, which add up.
func triple(t *tables, what, key string, u unit) {
	name := func(m string) string { return of(m, what, key) }
	if what == "total" {
		name = totalOf
	}
	t.add(t.set(name("n"), u.n), t.set(name("a"), u.a), t.set(name("r"), u.n-u.a))
}

// split enters a way to divide all questions.
func split(t *tables, what string, groups map[string]unit) {
	for _, m := range []string{"n", "a", "r"} {
		var parts []int
		for _, k := range keys(groups) {
			if m == "n" {
				triple(t, what, k, groups[k])
			}
			parts = append(parts, t.index[of(m, what, k)])
		}
		t.add(t.index[totalOf(m)], parts...)
	}
}

// divide enters a way to divide all questions of which only the number is said: every further number costs others.
func divide(t *tables, what string, groups map[string]unit) {
	var parts []int
	for _, k := range keys(groups) {
		parts = append(parts, t.set(of("n", what, k), groups[k].n))
	}
	t.add(t.index[totalOf("n")], parts...)
}

// tables enters every number of the month that any report may show, and how they hang together, and decides which of
// them may be said.
func (s *season) tables(plain bool) *tables {
	t := newTables()
	t.plain = plain
	atoms := s.atoms()
	total := roll(atoms, func(atom) string { return "" })[""]
	triple(t, "total", "", total)
	topics := roll(atoms, func(a atom) string { return a.topic })
	segments := roll(atoms, func(a atom) string { return a.segment })
	split(t, "topic", topics)
	split(t, "segment", segments)
	split(t, "channel", units(s.counts, bot.ByChannel, func(c bot.Count) string { return c.A }))
	split(t, "lang", units(s.counts, bot.ByLang, func(c bot.Count) string { return c.A }))
	divide(t, "edition", units(s.counts, bot.ByEdition, func(c bot.Count) string { return c.A }))
	divide(t, "hour", units(s.counts, bot.ByHour, func(c bot.Count) string { return c.A }))
	s.enterVerdicts(t)
	s.enterWeeks(t)
	s.enterCross(t, atoms, topics, segments)
	s.enterActivities(t, atoms)
	s.enterEntries(t, topics)
	s.enterQuiz(t)
	s.enterClaims(t, atoms, segments)
	t.protect()
	return t
}

// enterVerdicts divides all questions by what became of them.
func (s *season) enterVerdicts(t *tables) {
	v := map[string]int{}
	for _, c := range s.counts {
		if c.Kind == bot.ByActivity {
			v[c.D] += c.N
		}
	}
	t.add(t.index[totalOf("a")], t.set("v answered", v["answered"]), t.set("v picked", v[bot.Picked]))
	unsure, ok := t.index[of("n", "topic", bot.UnsureTopic)] // the same questions: they have no topic because nobody picked
	if !ok {
		unsure = t.set(of("n", "topic", bot.UnsureTopic), 0)
	}
	t.add(t.index[totalOf("r")], unsure, t.set("v unknown", v["unknown"]), t.set("v withdrawn", v["withdrawn"]))
	t.set("v declined", v["declined"])
}

// enterWeeks divides the month into stretches of seven days that begin on the 1st, the 8th and so on: fixed ones, so
// that no two of them can be subtracted.
func (s *season) enterWeeks(t *tables) {
	if len(s.weeks) == 0 {
		return
	}
	groups := map[string]unit{}
	for i, w := range s.weeks {
		groups[string(rune('1'+i))] = units(w, bot.ByLang, func(bot.Count) string { return "" })[""]
	}
	divide(t, "week", groups)
}

// enterCross enters segment by topic.
func (s *season) enterCross(t *tables, atoms map[atom]unit, topics, segments map[string]unit) {
	both := roll(atoms, func(a atom) string { return cross("segment", a.segment, a.topic) })
	for _, seg := range keys(segments) {
		var parts []int
		for _, topic := range keys(topics) {
			name := cross("segment", seg, topic)
			parts = append(parts, t.set(name, both[name].n))
		}
		t.add(t.index[of("n", "segment", seg)], parts...)
	}
	for _, topic := range keys(topics) {
		var parts []int
		for _, seg := range keys(segments) {
			parts = append(parts, t.index[cross("segment", seg, topic)])
		}
		t.add(t.index[of("n", "topic", topic)], parts...)
	}
}

// enterActivities enters what came through each activity, by topic, by segment and by kecamatan. Activities that are
// too small to be shown are put together where nothing tells them apart.
func (s *season) enterActivities(t *tables, atoms map[atom]unit) {
	district := map[string]string{}
	for _, a := range s.activities {
		district[a.Code] = a.District
	}
	whole := roll(atoms, func(a atom) string { return a.activity })
	pattern := map[string]map[string]bool{} // the segments of an activity's questions
	for a := range atoms {
		if pattern[a.activity] == nil {
			pattern[a.activity] = map[string]bool{}
		}
		pattern[a.activity][a.segment] = true
	}
	// group is the name under which an activity is counted: its own, or that of the small ones like it.
	group := func(code string) string {
		if code == "" || whole[code].n >= least {
			return code
		}
		return "small " + district[code] + " " + strings.Join(keys(pattern[code]), "+")
	}
	merged := map[atom]unit{}
	place := map[string]string{}
	for a, u := range atoms {
		g := group(a.activity)
		place[g] = district[a.activity]
		a.activity = g
		v := merged[a]
		merged[a] = unit{v.n + u.n, v.a + u.a}
	}
	groups := roll(merged, func(a atom) string { return a.activity })
	split(t, "activity", groups)
	for g := range groups {
		if strings.HasPrefix(g, "small ") {
			for _, m := range []string{"n", "a", "r"} {
				t.cells[t.index[of(m, "activity", g)]].never = true
			}
		}
	}
	s.enterActivitySegments(t, merged)
	s.enterActivityTopics(t, merged)
	byPlace := map[string]unit{}
	members := map[string][]int{}
	for _, g := range keys(groups) {
		if g == "" {
			continue
		}
		d := place[g]
		byPlace[d] = unit{byPlace[d].n + groups[g].n, byPlace[d].a + groups[g].a}
		members[d] = append(members[d], t.index[of("n", "activity", g)])
	}
	for _, d := range keys(byPlace) {
		t.add(t.set(of("n", "district", d), byPlace[d].n), members[d]...)
	}
}

// enterActivitySegments ties activities to segments: whoever comes by an activity for one segment is counted in it.
func (s *season) enterActivitySegments(t *tables, merged map[atom]unit) {
	const cut = "\x00"
	cells := roll(merged, func(a atom) string { return a.activity + cut + a.segment })
	bySegment, byActivity := map[string][]string{}, map[string][]string{}
	for _, k := range keys(cells) {
		g, seg, _ := strings.Cut(k, cut)
		bySegment[seg] = append(bySegment[seg], k)
		byActivity[g] = append(byActivity[g], k)
	}
	for _, m := range []string{"n", "a", "r"} {
		at := map[string]int{}
		for k, u := range cells {
			g, seg, _ := strings.Cut(k, cut)
			if len(byActivity[g]) == 1 {
				at[k] = t.index[of(m, "activity", g)]
				continue
			}
			at[k] = t.rest(of(m, "activity", g)+" segment "+seg, map[string]int{"n": u.n, "a": u.a, "r": u.n - u.a}[m])
		}
		tie := func(total string, ks []string) {
			parts := make([]int, len(ks))
			for i, k := range ks {
				parts[i] = at[k]
			}
			t.add(t.index[total], parts...)
		}
		for _, seg := range keys(bySegment) {
			tie(of(m, "segment", seg), bySegment[seg])
		}
		for _, g := range keys(byActivity) {
			if len(byActivity[g]) > 1 {
				tie(of(m, "activity", g), byActivity[g])
			}
		}
	}
}

// enterActivityTopics enters activity by topic, where the activity is large enough, and ties it to segment by topic.
func (s *season) enterActivityTopics(t *tables, merged map[atom]unit) {
	large := map[string]bool{}
	for g, u := range roll(merged, func(a atom) string { return a.activity }) {
		large[g] = g != "" && !strings.HasPrefix(g, "small ") && u.n >= leastRate
	}
	const cut = "\x00"
	topicsOf := map[string][]int{}                            // by activity
	pieces := map[string][]string{}                           // segments by activity and topic
	tied, tiedTopic := map[string][]int{}, map[string][]int{} // by segment and topic, by topic
	byTopic := roll(merged, func(a atom) string { return a.activity + cut + a.topic })
	for a := range merged {
		if large[a.activity] {
			k := a.activity + cut + a.topic
			pieces[k] = append(pieces[k], a.segment)
		}
	}
	for _, k := range keys(pieces) {
		g, topic, _ := strings.Cut(k, cut)
		name := cross("activity", g, topic)
		c := t.set(name, byTopic[k].n)
		topicsOf[g] = append(topicsOf[g], c)
		tiedTopic[topic] = append(tiedTopic[topic], c)
		if segs := pieces[k]; len(segs) == 1 {
			tied[cross("segment", segs[0], topic)] = append(tied[cross("segment", segs[0], topic)], c)
			continue
		}
		slices.Sort(pieces[k])
		var parts []int
		for _, seg := range pieces[k] {
			p := t.rest(name+" segment "+seg, merged[atom{g, seg, topic}].n)
			parts = append(parts, p)
			tied[cross("segment", seg, topic)] = append(tied[cross("segment", seg, topic)], p)
		}
		t.add(c, parts...)
	}
	for _, g := range keys(topicsOf) {
		t.add(t.index[of("n", "activity", g)], topicsOf[g]...)
	}
	for _, k := range keys(tied) {
		t.addWith("rest "+k, t.index[k], tied[k]...)
	}
	for _, topic := range keys(tiedTopic) {
		t.addWith("rest topic "+topic, t.index[of("n", "topic", topic)], tiedTopic[topic]...)
	}
}

// enterEntries divides the answers that were given by entry.
func (s *season) enterEntries(t *tables, topics map[string]unit) {
	given := map[string]int{}
	byTopic := map[string][]string{}
	for _, c := range s.counts {
		if c.Kind == bot.ByEntry && c.D != "declined" {
			if _, ok := given[c.A]; !ok {
				byTopic[c.C] = append(byTopic[c.C], c.A)
			}
			given[c.A] += c.N
		}
	}
	for _, topic := range keys(byTopic) {
		var parts []int
		slices.Sort(byTopic[topic])
		for _, e := range byTopic[topic] {
			parts = append(parts, t.set(of("n", "entry", e), given[e]))
		}
		if _, ok := topics[topic]; ok {
			t.addWith("rest entry "+topic, t.index[of("a", "topic", topic)], parts...)
		}
	}
}

// held reports whether the activity took place in the month.
func (s *season) held(a bot.Activity) bool { return MonthOf(a.Date) == s.month }
