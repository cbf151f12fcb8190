package bot

import (
	"maps"
	"slices"
	"strings"
	"time"

	"tanya/faq"
)

// Changes compares two editions as people would read them from now on: every wording of every entry, and what facts
// make of them at each instant at which some answer may change.
func Changes(before, after *faq.Edition, now time.Time) ([]EntryChange, []DayChange) {
	ids := map[string]bool{}
	for _, id := range append(before.IDs(), after.IDs()...) {
		ids[id] = true
	}
	at := instants(before, after, now)
	var out []EntryChange
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		if c, ok := entryChange(before, after, id, at); ok {
			out = append(out, c)
		}
	}
	return append(out, otherChanges(before, after)...), dayChanges(before, after)
}

// instants are now and every later moment at which an answer may change in one of the editions.
func instants(before, after *faq.Edition, now time.Time) []time.Time {
	at := []time.Time{now}
	for _, t := range append(before.Boundaries(), after.Boundaries()...) {
		if t.After(now) {
			at = append(at, t)
		}
	}
	slices.SortFunc(at, time.Time.Compare)
	return slices.CompactFunc(at, time.Time.Equal)
}

// weighty reports whether a wrong word in the entry can cost a vote, or the office its word: critical entries, guards,
// the way to a person and the privacy text.
func weighty(e *faq.Entry) bool {
	return e != nil && (e.Critical || e.Guard || e.ID == contactEntry || e.ID == privacyEntry)
}

func entryChange(before, after *faq.Edition, id string, at []time.Time) (EntryChange, bool) {
	a, b := before.Entry(id), after.Entry(id)
	c := EntryChange{Entry: id, Critical: weighty(a) || weighty(b)}
	for _, e := range []*faq.Entry{a, b} {
		if e != nil && e.Title[faq.Indonesian] != "" {
			c.Title = e.Title[faq.Indonesian]
		}
	}
	switch {
	case a == nil:
		c.Kind, c.Texts = "baru", newTexts(b)
		return c, true
	case b == nil:
		c.Kind = "hapus"
		return c, true
	}
	c.Texts = append(rawDiffs(a, b), shownDiffs(before, after, a, b, at)...)
	c.Texts = append(c.Texts, phaseDiffs(a, b)...)
	switch {
	case len(c.Texts) > 0:
		c.Kind = "teks"
	case !slices.Equal(a.Phrasings, b.Phrasings):
		c.Kind = "contoh"
		c.Critical = false // what is said stays the same; whether questions still find it is for the gate to see
		c.Texts = phrasingDiff(a, b)
	case faq.WriteEntry(a) != faq.WriteEntry(b):
		c.Kind = "lain"
	default:
		return c, false
	}
	return c, true
}

func newTexts(e *faq.Entry) []TextDiff {
	var out []TextDiff
	for _, p := range e.Phases {
		for _, key := range slices.Sorted(maps.Keys(e.Answer[p.ID])) {
			out = append(out, TextDiff{Where: where(p.ID, key), After: e.Answer[p.ID][key]})
		}
	}
	return out
}

// where names a wording: its language and, where an entry has several, its phase.
func where(phase, key string) string {
	name := map[string]string{"id": "Indonesia", "easy": "mudah dibaca", "jv": "Jawa", "en": "Inggris"}[key]
	if name == "" {
		name = key
	}
	if phase == faq.Always || phase == "" {
		return name
	}
	return name + ", masa " + phase
}

// rawDiffs compares titles, sources and every wording of every phase, also of those that are over.
func rawDiffs(a, b *faq.Entry) []TextDiff {
	var out []TextDiff
	add := func(where, before, after string) {
		if before != after {
			out = append(out, TextDiff{where, before, after})
		}
	}
	for _, l := range faq.Langs() {
		add("judul, "+where("", string(l)), a.Title[l], b.Title[l])
	}
	add("sumber", sourceText(a), sourceText(b))
	if a.Critical != b.Critical {
		add("tanda kritis", yesNo(a.Critical), yesNo(b.Critical))
	}
	texts := func(label string, x, y map[string]faq.Texts) {
		phases := map[string]bool{}
		for p := range x {
			phases[p] = true
		}
		for p := range y {
			phases[p] = true
		}
		for _, p := range slices.Sorted(maps.Keys(phases)) {
			keys := map[string]bool{}
			for k := range x[p] {
				keys[k] = true
			}
			for k := range y[p] {
				keys[k] = true
			}
			for _, k := range slices.Sorted(maps.Keys(keys)) {
				add(label+where(p, k), x[p][k], y[p][k])
			}
		}
	}
	texts("", a.Answer, b.Answer)
	for _, s := range faq.AllSegments() {
		texts(string(s)+", ", a.Segments[s], b.Segments[s])
	}
	return out
}

func sourceText(e *faq.Entry) string {
	var lines []string
	for _, s := range e.Sources {
		lines = append(lines, s.Title+" "+s.URL+" "+s.Basis)
	}
	return strings.Join(lines, "\n")
}

func yesNo(b bool) string {
	if b {
		return "ya"
	}
	return "tidak"
}

// phaseDiffs compares when wordings begin and end.
func phaseDiffs(a, b *faq.Entry) []TextDiff {
	write := func(e *faq.Entry) string {
		var lines []string
		for _, p := range e.Phases {
			lines = append(lines, p.ID+" sampai "+p.Until)
		}
		return strings.Join(lines, "\n")
	}
	if x, y := write(a), write(b); x != y {
		return []TextDiff{{"masa", x, y}}
	}
	return nil
}

// shownDiffs finds what facts change in wordings that are themselves the same.
func shownDiffs(before, after *faq.Edition, a, b *faq.Entry, at []time.Time) []TextDiff {
	if a.Guard && b.Guard {
		at = at[:1]
	}
	var out []TextDiff
	seen := map[string]bool{}
	for _, t := range at {
		for _, l := range faq.Langs() {
			for _, easy := range []bool{false, true} {
				if easy && l != faq.Indonesian {
					continue
				}
				key := string(l)
				if easy {
					key = faq.Easy
				}
				if seen[key] {
					continue
				}
				v := faq.View{Lang: l, Easy: easy, At: t}
				x, y := shown(before, a.ID, v), shown(after, b.ID, v)
				if x.text == y.text || x.raw != y.raw { // a wording that differs is reported as such
					continue
				}
				seen[key] = true
				out = append(out, TextDiff{where("", key) + ", mulai " + faq.ShortDay(faq.DateOf(t, after.Zone), faq.Indonesian), x.text, y.text})
			}
		}
	}
	return out
}

type sight struct{ text, raw string }

func shown(ed *faq.Edition, id string, v faq.View) sight {
	a, err := ed.Answer(id, v)
	if err != nil {
		return sight{text: "(tidak dapat ditampilkan)"}
	}
	key := string(a.Lang)
	if v.Easy && a.Entry.Answer[a.Phase][faq.Easy] != "" {
		key = faq.Easy
	}
	return sight{a.Text, a.Phase + "\x00" + a.Entry.Answer[a.Phase][key]}
}

// phrasingDiff lists the ways of asking that came and went.
func phrasingDiff(a, b *faq.Entry) []TextDiff {
	var gone, came []string
	for _, p := range a.Phrasings {
		if !slices.Contains(b.Phrasings, p) {
			gone = append(gone, p.Text)
		}
	}
	for _, p := range b.Phrasings {
		if !slices.Contains(a.Phrasings, p) {
			came = append(came, p.Text)
		}
	}
	return []TextDiff{{"contoh pertanyaan", strings.Join(gone, "\n"), strings.Join(came, "\n")}}
}

// otherChanges reports files that are neither entries nor facts: elections, sites, rules, pictures. They can change any
// answer, so they count as critical.
func otherChanges(before, after *faq.Edition) []EntryChange {
	x, err1 := faq.ReadFiles(before.Files())
	y, err2 := faq.ReadFiles(after.Files())
	if err1 != nil || err2 != nil {
		return []EntryChange{{Entry: "berkas", Kind: "lain", Critical: true}}
	}
	var out []EntryChange
	for _, name := range slices.Sorted(maps.Keys(x.With(y))) {
		if strings.HasPrefix(name, "entries/") || strings.HasPrefix(name, "facts/") || name == faq.GoldFile || x[name] == y[name] {
			continue
		}
		out = append(out, EntryChange{Entry: name, Kind: "lain", Critical: true, Texts: []TextDiff{{"isi berkas", x[name], y[name]}}})
	}
	return out
}

// dayChanges lists dates that change, also those that no answer names yet.
func dayChanges(before, after *faq.Edition) []DayChange {
	var out []DayChange
	for _, id := range after.Facts() {
		f, old := after.Fact(id), before.Fact(id)
		if f.Kind != faq.KindDate && f.Kind != faq.KindRange {
			continue
		}
		switch {
		case old == nil:
			out = append(out, DayChange{Fact: id, After: f.Day})
		case old.Day != f.Day:
			out = append(out, DayChange{id, old.Day, f.Day})
		case old.Last != f.Last:
			out = append(out, DayChange{id, old.Last, f.Last})
		}
	}
	return out
}
