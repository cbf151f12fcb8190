package outreach

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// filter is what an attacker knows a published number to be of: labels that a question carries.
type filter map[string]string

func (f filter) String() string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(f)) {
		out = append(out, k+"="+f[k])
	}
	return strings.Join(out, " ")
}

// label reads one label of a question.
func (w *world) label(q question, name string) string {
	switch name {
	case "topic":
		return q.topic
	case "answered":
		return fmt.Sprint(q.answered())
	case "segment": // an activity for one segment is counted in it
		for _, a := range w.activities {
			if a.Code == q.activity && len(a.Segments) == 1 {
				return string(a.Segments[0])
			}
		}
		return q.segment
	case "channel":
		return q.channel
	case "lang":
		return q.lang
	case "activity":
		return q.activity
	case "district":
		for _, a := range w.activities {
			if a.Code == q.activity {
				return "in " + a.District
			}
		}
		return ""
	case "edition":
		return q.edition
	case "hour":
		return fmt.Sprint(q.hour)
	case "week":
		return fmt.Sprint((q.day.Day-1)/7 + 1)
	case "verdict":
		return q.verdict
	case "entry":
		return q.entry
	}
	panic(name)
}

func (w *world) count(f filter) int {
	n := 0
	for _, q := range w.questions {
		if w.fits(q, f) {
			n++
		}
	}
	return n
}

func (w *world) fits(q question, f filter) bool {
	if q.verdict == "declined" {
		return f["verdict"] == "declined"
	}
	for k, v := range f {
		if w.label(q, k) != v {
			return false
		}
	}
	return true
}

// published is a number that was found in an export.
type published struct {
	f filter
	n int
}

// loaded is a report as anybody may load it from its JSON.
type loaded struct {
	Activity string
	Tables   []struct {
		ID      string
		Columns []struct{ Key string }
		Rows    []struct {
			Key    string
			Values []any
		}
	}
}

func loadExport(t *testing.T, r *Report) loaded {
	t.Helper()
	raw, err := json.Marshal(r)
	check(t, err)
	var doc loaded
	check(t, json.Unmarshal(raw, &doc))
	return doc
}

// harvest reads the numbers out of exports, as the JSON that anybody may load. It looks at nothing else.
func harvest(t *testing.T, all []*Report) []published {
	t.Helper()
	ed := loadEdition(t)
	seen := map[string]bool{}
	var out []published
	for _, r := range all {
		doc := loadExport(t, r)
		for _, table := range doc.Tables {
			for _, row := range table.Rows {
				for i, v := range row.Values {
					n, ok := v.(float64)
					f := address(ed, table.ID, row.Key, table.Columns[i].Key, doc.Activity)
					if !ok || f == nil {
						continue
					}
					if key := f.String(); !seen[key] {
						seen[key] = true
						out = append(out, published{f, int(n)})
					}
				}
			}
		}
	}
	return out
}

// address says what a number in a table counts, nil for what counts no questions.
func address(ed *faq.Edition, table, row, column, activity string) filter {
	if row == "tanpa" {
		row = ""
	}
	f := filter{}
	switch column {
	case "terjawab":
		f["answered"] = "true"
	case "pertanyaan", "jumlah", "diberikan":
	default:
		if table != "segmen-topik" {
			return nil
		}
	}
	switch table {
	case "ringkas", "ringkas-kegiatan":
		if table == "ringkas-kegiatan" {
			f["activity"] = activity
		}
		switch row {
		case "pertanyaan":
		case "terjawab":
			f["answered"] = "true"
		case "belum":
			f["answered"] = "false"
		case "ditolak":
			f["verdict"] = "declined"
		default:
			return nil
		}
	case "topik":
		f["topic"] = row
	case "topik-kegiatan":
		f["activity"], f["topic"] = activity, row
	case "segmen":
		f["segment"] = row
	case "segmen-topik":
		f["segment"], f["topic"] = row, column
	case "bahasa":
		f["lang"] = row
	case "saluran":
		f["channel"] = row
	case "kegiatan":
		f["activity"] = row
	case "kecamatan":
		f["district"] = "in " + row
	case "jawaban":
		f["entry"], f["answered"] = row, "true"
	case "salah-paham", "salah-paham-segmen", "salah-paham-kegiatan":
		item, segment, some := strings.Cut(row, "@")
		if some {
			f["segment"] = segment
		}
		item, code, some := strings.Cut(item, "/")
		if some {
			f["activity"] = code
		}
		for _, q := range ed.Quiz() {
			if q.ID == item && column == "diberikan" {
				f["entry"], f["answered"] = q.Entry, "true"
				return f
			}
		}
		return nil
	case "minggu":
		f["week"] = row
	case "jam":
		f["hour"] = row
	case "edisi":
		f["edition"] = row
	case "hasil":
		f["verdict"] = row
	default:
		return nil
	}
	return f
}

// within reports whether everything that a counts is also counted by b: because it has b's labels and more, or because an
// activity lies in a segment and a kecamatan, and an answer in a topic.
func (w *world) within(a, b filter, ed *faq.Edition) bool {
	for k, v := range b {
		if mine, ok := a[k]; ok && mine == v {
			continue
		}
		switch known, ok := w.implied(a, ed)[k]; {
		case ok && known == v:
		default:
			return false
		}
	}
	return len(a) > 0
}

// implied are labels that follow from others.
func (w *world) implied(f filter, ed *faq.Edition) filter {
	out := filter{}
	for _, a := range w.activities {
		if f["activity"] == a.Code {
			out["district"] = "in " + a.District
			if len(a.Segments) == 1 {
				out["segment"] = string(a.Segments[0])
			}
		}
	}
	if e := ed.Entry(f["entry"]); e != nil {
		out["topic"] = e.Topic
	}
	switch f["verdict"] {
	case "answered", "picked":
		out["answered"] = "true"
	case "choices", "unknown", "withdrawn":
		out["answered"] = "false"
	}
	return out
}

// attack tries to work out a number from 1 to 9 and returns how it was done.
func attack(t *testing.T, r *rand.Rand, w *world, ed *faq.Edition, known []published) []string {
	t.Helper()
	var out []string
	small := func(n int) bool { return n > 0 && n < 10 }
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	for _, p := range known {
		if small(p.n) {
			say("read: %v is %d", p.f, p.n)
		}
	}
	// All pairs: one export less another.
	inside := make([][]int, len(known)) // by number: those that lie within it
	for i, p := range known {
		for j, q := range known {
			if i != j && q.f["verdict"] != "declined" && w.within(q.f, p.f, ed) {
				inside[i] = append(inside[i], j)
				if small(p.n - q.n) {
					say("pair: (%v) less (%v) is %d", p.f, q.f, p.n-q.n)
				}
			}
		}
	}
	// Margins: a total less all its published parts along one label; and random ones of them.
	for i, p := range known {
		for _, label := range []string{"topic", "answered", "segment", "channel", "lang", "activity", "district", "edition", "hour", "week", "verdict", "entry"} {
			var parts []int
			for _, j := range inside[i] {
				q := known[j]
				if implies(w, ed, q.f, p.f, label) {
					parts = append(parts, j)
				}
			}
			for try := range 12 {
				rest := p.n
				var used []string
				for _, j := range parts {
					if try == 0 || r.IntN(5) > 0 {
						rest -= known[j].n
						used = append(used, known[j].f.String())
					}
				}
				if len(used) > 1 && small(rest) {
					say("margin: (%v) less %d parts by %s is %d", p.f, len(used), label, rest)
					break
				}
			}
		}
	}
	out = append(out, linear(r, w, known)...)
	return out
}

// implies reports whether q is p narrowed by one label from which p's own labels follow, such as an activity in a segment.
func implies(w *world, ed *faq.Edition, q, p filter, label string) bool {
	_, hasP := p[label]
	if _, hasQ := q[label]; !hasQ || hasP {
		return false
	}
	same := func(f, g filter, k string) bool { v, ok := f[k]; u, also := g[k]; return ok && also && v == u }
	have := w.implied(filter{label: q[label]}, ed)
	for k := range p {
		if !same(p, q, k) && !same(p, have, k) {
			return false
		}
	}
	for k := range q {
		if k != label && !same(p, q, k) {
			return false
		}
	}
	return true
}

// linear solves for every count of two labels at most: is it a combination of published ones? It calculates in whole
// numbers modulo a prime, over the questions themselves, and shares no code with what is attacked.
func linear(r *rand.Rand, w *world, known []published) []string {
	const prime = 2147483629
	inverse := func(a int64) int64 { // Fermat
		out, base := int64(1), a%prime
		for e := int64(prime - 2); e > 0; e >>= 1 {
			if e&1 == 1 {
				out = out * base % prime
			}
			base = base * base % prime
		}
		return out
	}
	labels := []string{"topic", "answered", "segment", "channel", "lang", "activity", "edition", "hour", "week", "verdict", "entry"}
	column := map[string]int{}
	var of []question
	for _, q := range w.questions {
		if q.verdict == "declined" {
			continue
		}
		var key strings.Builder
		for _, l := range labels {
			key.WriteString(w.label(q, l) + "\x00")
		}
		if _, ok := column[key.String()]; !ok {
			column[key.String()] = len(of)
			of = append(of, q)
		}
	}
	// The attacker does not know which combinations of labels nobody asked with. Made-up ones that could be keep the
	// solver from using that; what holds for all of them follows from the labels alone.
	for range 2 * len(known) {
		one := func() question { return w.questions[r.IntN(len(w.questions))] }
		q, place := one(), one()
		if q.verdict == "declined" {
			continue
		}
		q.activity, q.segment = place.activity, place.segment
		q.channel, q.lang, q.edition, q.hour, q.day = one().channel, one().lang, one().edition, one().hour, one().day
		of = append(of, q)
	}
	vector := func(f filter) []int64 {
		v := make([]int64, len(of))
		for i, q := range of {
			if w.fits(q, f) {
				v[i] = 1
			}
		}
		return v
	}
	var basis [][]int64
	var pivots []int
	reduce := func(v []int64) int {
		for k, row := range basis {
			if f := v[pivots[k]]; f != 0 {
				for j := pivots[k]; j < len(v); j++ {
					if row[j] != 0 {
						v[j] = (v[j] + (prime-f)*row[j]) % prime
					}
				}
			}
		}
		return slices.IndexFunc(v, func(x int64) bool { return x != 0 })
	}
	for _, p := range known {
		if p.f["verdict"] == "declined" {
			continue
		}
		v := vector(p.f)
		at := reduce(v)
		if at < 0 {
			continue
		}
		inv := inverse(v[at])
		for j := at; j < len(v); j++ {
			v[j] = v[j] * inv % prime
		}
		basis, pivots = append(basis, v), append(pivots, at)
	}
	var out []string
	values := map[string]map[string]bool{}
	for _, l := range labels {
		values[l] = map[string]bool{}
		for _, q := range of {
			values[l][w.label(q, l)] = true
		}
	}
	var targets []filter
	for _, l := range labels {
		for v := range values[l] {
			targets = append(targets, filter{l: v})
			for _, m := range []string{"topic", "answered", "segment", "activity"} {
				for u := range values[m] {
					if m != l {
						targets = append(targets, filter{l: v, m: u})
					}
				}
			}
		}
	}
	for _, f := range targets {
		if n := w.count(f); n > 0 && n < 10 && reduce(vector(f)) < 0 {
			out = append(out, fmt.Sprintf("linear: %v is %d", f, n))
		}
	}
	return out
}

// attackRounds is how many seasons are attacked: more, and larger ones, with -attack 40.
var attackRounds = flag.Int("attack", 3, "how many random seasons TestNothingSmallCanBeComputed attacks")

// TestNothingSmallCanBeComputed attacks random seasons with everything that is published about them.
func TestNothingSmallCanBeComputed(t *testing.T) {
	ed := loadEdition(t)
	for seed := range *attackRounds {
		r := rand.New(rand.NewPCG(uint64(seed), 13))
		w := makeSeason(r, ed, []int{120, 300, 500, 1500}[seed%4])
		switch seed % 4 {
		case 1:
			fewAnswers(w, ed, nil)
		case 2:
			fewAnswers(w, ed, w.claims)
		}
		m := maker(w, ed)
		all := reports(t, m, w)
		// What is said inside is exact; what is said outside is the same set of numbers, rounded.
		var inside, outside []*Report
		for _, one := range all {
			if one.Rounded {
				outside = append(outside, one)
			} else {
				inside = append(inside, one)
			}
		}
		known := harvest(t, inside)
		for _, p := range known {
			if want := w.count(p.f); want != p.n {
				t.Fatalf("season %d: %v is published as %d and is %d", seed, p.f, p.n, want)
			}
		}
		for _, how := range attack(t, r, w, ed, known) {
			t.Errorf("season %d: %s", seed, how)
		}
		names := map[string]bool{}
		for _, p := range known {
			names[p.f.String()] = true
		}
		for _, p := range harvest(t, outside) {
			if !names[p.f.String()] {
				t.Errorf("season %d: %v is said outside and not inside", seed, p.f)
			}
			if p.n%5 != 0 || p.n < 10 {
				t.Errorf("season %d: %v is said outside as %d", seed, p.f, p.n)
			}
		}
		if t.Failed() {
			return
		}
		t.Logf("season %d: %d questions, %d activities, %d numbers published", seed, len(w.questions), len(w.activities), len(known))
	}
}

// fewAnswers lets all questions of a topic meet three answers, so that answers are said and make up their topic; the first
// of them are those that are named.
func fewAnswers(w *world, ed *faq.Edition, first []string) {
	of := map[string][]string{}
	for _, id := range slices.Concat(first, ed.IDs()) {
		if e := ed.Entry(id); len(of[e.Topic]) < 3 {
			of[e.Topic] = append(of[e.Topic], id)
		}
	}
	for i := range w.questions {
		if all := of[w.questions[i].topic]; len(all) > 0 {
			w.questions[i].entry = all[i%len(all)]
		}
	}
}

// TestAnswersWithinTopic: the answers of a topic, of which two are given often and one seldom, do not give the seldom one
// away by what the topic makes up in all.
func TestAnswersWithinTopic(t *testing.T) {
	ed := loadEdition(t)
	w := &world{today: faq.Date{Year: 2026, Month: time.December, Day: 9}}
	for _, g := range []struct {
		n                     int
		topic, entry, verdict string
	}{{31, "jadwal", "jam-tps", "answered"}, {26, "jadwal", "pilkada-berikutnya", "answered"}, {4, "jadwal", "pemilu-nasional-berikutnya", "answered"},
		{15, "jadwal", "jam-tps", "unknown"}, {44, "hak-pilih", "syarat-pemilih", "answered"}, {17, "hak-pilih", "syarat-pemilih", "unknown"}} {
		if e := ed.Entry(g.entry); e == nil || e.Topic != g.topic {
			t.Fatalf("%s is no answer of %s", g.entry, g.topic)
		}
		for range g.n {
			w.questions = append(w.questions, question{day: november.First().Add(2), hour: 9, who: len(w.questions), channel: "webchat", lang: "id", edition: "1",
				topic: g.topic, entry: g.entry, verdict: g.verdict})
		}
	}
	for _, plain := range []bool{false, true} {
		m := maker(w, ed)
		m.plain = plain
		report, err := m.Month(t.Context(), november, Inside)
		check(t, err)
		known := harvest(t, []*Report{report})
		found := attack(t, rand.New(rand.NewPCG(1, 1)), w, ed, known)
		answers := 0
		for _, p := range known {
			if p.f["entry"] != "" {
				answers++
			}
		}
		if plain == (len(found) == 0) || answers == 0 {
			t.Errorf("plain is %t, %d answers are said, found %q", plain, answers, found)
		}
	}
}

// TestClaimsWithinActivity: how often those who came by an activity were given an answer that settles a statement of the quiz
// does not give away what little else they asked about its topic, or had answered.
func TestClaimsWithinActivity(t *testing.T) {
	ed := loadEdition(t)
	var claim, other string
	for _, q := range ed.Quiz() {
		claim = q.Entry
		if i := slices.IndexFunc(ed.IDs(), func(id string) bool { return id != claim && ed.Entry(id).Topic == ed.Entry(claim).Topic }); i >= 0 {
			other = ed.IDs()[i]
			break
		}
	}
	topic := ed.Entry(claim).Topic
	for name, groups := range map[string][]struct {
		n                           int
		code, topic, entry, verdict string
	}{
		// Each leaves out less than ten: of the topic, of what was answered, of the claim.
		"topic":    {{31, "KG00", topic, claim, "answered"}, {4, "KG00", topic, other, "answered"}, {40, "KG00", "x", "y", "answered"}, {12, "KG01", topic, other, "unknown"}, {25, "KG03", topic, "lain", "answered"}, {60, "KG03", topic, claim, "answered"}, {50, "KG03", topic, other, "answered"}},
		"answered": {{31, "KG00", topic, claim, "answered"}, {30, "KG00", topic, other, "unknown"}, {6, "KG00", "x", "y", "answered"}, {60, "KG03", topic, claim, "answered"}, {50, "KG03", topic, other, "answered"}},
		"segment":  {{31, "KG00", topic, claim, "answered"}, {30, "KG00", topic, other, "answered"}, {3, "KG02", topic, claim, "answered"}, {60, "", topic, claim, "answered"}, {50, "KG01", topic, other, "answered"}},
		"nothing":  {{31, "KG00", topic, claim, "answered"}, {30, "KG00", topic, other, "answered"}, {60, "", topic, claim, "answered"}, {50, "KG01", topic, other, "answered"}},
	} {
		w := &world{today: faq.Date{Year: 2026, Month: time.December, Day: 9}, claims: []string{claim}}
		for i, seg := range []faq.Segment{faq.Young, faq.Disabled, faq.Young, faq.Young} {
			w.activities = append(w.activities, bot.Activity{Code: fmt.Sprintf("KG%02d", i), Name: "Forum", Method: "diskusi", Date: november.First(), Segments: []faq.Segment{seg}})
		}
		for _, g := range groups {
			for range g.n {
				w.questions = append(w.questions, question{day: november.First().Add(2), hour: 9, who: len(w.questions), channel: "webchat", lang: "id", edition: "1",
					activity: g.code, topic: g.topic, entry: g.entry, verdict: g.verdict})
			}
		}
		for _, plain := range []bool{false, true} {
			m := maker(w, ed)
			m.plain = plain
			known := harvest(t, reports(t, m, w))
			found := attack(t, rand.New(rand.NewPCG(1, 1)), w, ed, known)
			claims := slices.ContainsFunc(known, func(p published) bool { return p.f["entry"] == claim && p.f["activity"] == "KG00" })
			if (len(found) > 0) != (plain && name != "nothing") || !claims && (plain || name == "nothing") {
				t.Errorf("%s: plain is %t, the claims of the activity are said: %t, found %q", name, plain, claims, found)
			}
		}
	}
}

// TestAttackFindsWhatIsOpen takes out what protects from subtraction: the same attack must find something.
func TestAttackFindsWhatIsOpen(t *testing.T) {
	ed := loadEdition(t)
	kinds := map[string]int{}
	for seed := range 2 {
		r := rand.New(rand.NewPCG(uint64(seed), 13))
		w := makeSeason(r, ed, []int{120, 300}[seed])
		m := maker(w, ed)
		m.plain = true
		found := attack(t, r, w, ed, harvest(t, reports(t, m, w)))
		if len(found) == 0 {
			t.Errorf("season %d: nothing found though nothing is protected", seed)
		}
		for _, how := range found {
			kind, _, _ := strings.Cut(how, ":")
			kinds[kind]++
		}
	}
	for _, kind := range []string{"pair", "margin", "linear"} {
		if kinds[kind] == 0 {
			t.Errorf("no attack of the kind %q succeeds where nothing is protected: it attacks nothing", kind)
		}
	}
}
