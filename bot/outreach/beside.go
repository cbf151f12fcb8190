package outreach

import (
	"context"
	"slices"

	"tanya/bot"
	"tanya/faq"
)

// besideDays is how many days before and after an activity are laid beside each other. The day itself belongs to the
// days after.
const besideDays = 7

// beside compares the topics of the seven days before an activity with those of the seven days after it: of those who
// came by its code, and of everybody else as the comparison. Such stretches of days overlap, so one could be subtracted
// from another; all their numbers are therefore ranges, and shares in steps of five points, inside the office too.
func (w *work) beside(ctx context.Context, a bot.Activity) ([]Table, error) {
	first, last := a.Date.Add(-besideDays), a.Date.Add(besideDays-1)
	codes := Table{ID: "sebelum-sesudah", Title: "Tujuh hari sebelum dan sesudah, bersamaan dengan kegiatan",
		Note: "Bagian tiap topik dari semua pertanyaan. Pembanding: semua yang bertanya tanpa kode kegiatan ini pada tujuh hari yang sama. Selisih: lewat kode dikurangi pembanding.",
		Columns: []Column{{"nama", "Topik"}, {"sebelum", "7 hari sebelum, semua"}, {"pembanding", "7 hari sesudah, pembanding"}, {"kode", "7 hari sesudah, lewat kode"},
			{"selisih", "Selisih (95%)"}}}
	places := Table{ID: "kecamatan-banding", Title: "Kecamatan kegiatan dan kecamatan lain, bersamaan dengan kegiatan",
		Note: "Yang datang lewat kode kegiatan mana pun di kecamatan ini, dan lewat kode di kecamatan lain. Selisih: perubahan di kecamatan ini dikurangi perubahan di kecamatan lain.",
		Columns: []Column{{"nama", "Topik"}, {"sini-sebelum", "Sebelum, kecamatan ini"}, {"sini-sesudah", "Sesudah, kecamatan ini"}, {"lain-sebelum", "Sebelum, kecamatan lain"},
			{"lain-sesudah", "Sesudah, kecamatan lain"}, {"selisih", "Selisih perubahan (95%)"}}}
	before, _, err := w.m.Ledger.Counts(ctx, first, a.Date.Add(-1), bot.ByActivity)
	if err != nil {
		return nil, err
	}
	after, until, err := w.m.Ledger.Counts(ctx, a.Date, last, bot.ByActivity)
	if err != nil {
		return nil, err
	}
	if until.Before(last) {
		codes.Note = "Dapat dibuat setelah " + faq.ShortDay(last, faq.Indonesian) + "."
		return []Table{codes}, nil
	}
	v := &beside{t: newTables(), topics: w.groups("topic", topicOrder)}
	v.t.plain = w.m.plain
	district := map[string]string{}
	for _, o := range w.s.activities {
		district[o.Code] = o.District
	}
	for _, win := range []struct {
		name   string
		counts []bot.Count
	}{{"before", before}, {"after", after}} {
		s := season{counts: win.counts}
		atoms := s.atoms()
		v.enter(win.name, atoms, func(atom) bool { return true })
		v.enter(win.name+" code", atoms, func(o atom) bool { return o.activity == a.Code })
		v.enter(win.name+" others", atoms, func(o atom) bool { return o.activity != a.Code })
		v.enter(win.name+" here", atoms, func(o atom) bool { return o.activity != "" && district[o.activity] == a.District })
		v.enter(win.name+" there", atoms, func(o atom) bool { return o.activity != "" && district[o.activity] != a.District })
		v.tie(win.name, "code", "others")
		v.tie(win.name, "here", "there")
	}
	v.t.protect()
	sizes := Row{"semua", []Value{Text("Semua pertanyaan"), v.size("before"), v.size("after others"), v.size("after code"), Range{}}}
	codes.Rows = append(codes.Rows, sizes)
	for _, topic := range v.topics {
		codes.Rows = append(codes.Rows, Row{orNone(topic), []Value{Text(topicName(topic)), v.share("before", topic), v.share("after others", topic),
			v.share("after code", topic), v.gap("after code", "after others", topic)}})
	}
	out := []Table{codes}
	if a.District == "" {
		return out, nil
	}
	places.Rows = append(places.Rows, Row{"semua", []Value{Text("Semua pertanyaan"), v.size("before here"), v.size("after here"), v.size("before there"),
		v.size("after there"), Range{}}})
	for _, topic := range v.topics {
		places.Rows = append(places.Rows, Row{orNone(topic), []Value{Text(topicName(topic)), v.share("before here", topic), v.share("after here", topic),
			v.share("before there", topic), v.share("after there", topic), v.change(topic)}})
	}
	return append(out, places), nil
}

// beside holds the counts of the days around an activity.
type beside struct {
	t      *tables
	topics []string
}

// enter counts the questions of a group by topic.
func (v *beside) enter(name string, atoms map[atom]unit, in func(atom) bool) {
	by := roll(atoms, func(a atom) string {
		if in(a) {
			return a.topic
		}
		return "\x00"
	})
	delete(by, "\x00")
	sum := 0
	for topic, u := range by {
		sum += u.n
		if !slices.Contains(v.topics, topic) {
			v.topics = append(v.topics, topic)
		}
	}
	total := v.t.set(name, sum)
	var parts []int
	for _, topic := range keys(by) {
		parts = append(parts, v.t.set(name+" topic "+topic, by[topic].n))
	}
	v.t.add(total, parts...)
}

// tie says that the group of all is made of the two, and of those who are in neither.
func (v *beside) tie(all, one, other string) {
	at := func(name string) (int, bool) { i, ok := v.t.index[name]; return i, ok }
	suffixes := []string{""}
	for _, topic := range v.topics {
		suffixes = append(suffixes, " topic "+topic)
	}
	for _, suffix := range suffixes {
		total, ok := at(all + suffix)
		if !ok {
			continue
		}
		var parts []int
		for _, g := range []string{one, other} {
			if i, ok := at(all + " " + g + suffix); ok {
				parts = append(parts, i)
			}
		}
		v.t.addWith("rest "+all+" "+one+suffix, total, parts...)
	}
}

// size is how many questions a group asked, as a range.
func (v *beside) size(group string) Figure {
	if i, ok := v.t.index[group]; !ok || v.t.cells[i].n < leastRate {
		return Figure{}
	}
	return v.t.figure(group, bands)
}

// of returns a topic's share of a group's questions, when both may be said.
func (v *beside) of(group, topic string) (share, bool) {
	name := group + " topic " + topic
	if !v.size(group).Shown() || !v.t.shown(name) {
		return share{}, false
	}
	s := share{v.t.cells[v.t.index[name]].n, v.t.cells[v.t.index[group]].n}
	return s, s.vague()
}

func (v *beside) share(group, topic string) Rate {
	s, ok := v.of(group, topic)
	if !ok {
		return Rate{}
	}
	return rateOf(s.k, s.n, bands)
}

// gap is the difference of a topic's share between two groups.
func (v *beside) gap(one, other, topic string) Range {
	a, okA := v.of(one, topic)
	b, okB := v.of(other, topic)
	if !okA || !okB {
		return Range{}
	}
	a, b = coarse(a), coarse(b)
	return points(newcombe(a.k, a.n, b.k, b.n))
}

// change is the difference in differences between the activity's kecamatan and the others.
func (v *beside) change(topic string) Range {
	var s [4]share
	for i, g := range []string{"after here", "before here", "after there", "before there"} {
		one, ok := v.of(g, topic)
		if !ok {
			return Range{}
		}
		s[i] = coarse(one)
	}
	return points(difference(s[0], s[1], s[2], s[3]))
}

func points(diff, low, high float64) Range {
	return Range{100 * diff, 100 * low, 100 * high, true, true}
}
