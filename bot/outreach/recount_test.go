package outreach

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tanya/bot"
	"tanya/faq"
)

// recount works every number of a report out again from the questions of a made-up season. It shares no code with the
// report: counts come from looking at each question, people from sets, Wilson's bounds from the equation that they solve,
// Garwood's from the distribution, the exact test from Pascal's triangle.
type recount struct {
	w    *world
	ed   *faq.Edition
	r    *Report
	said map[string]int // how often each column of each table said a number
}

// What a value must be, if it is said.
type (
	counted  int                     // a number of questions or people
	plainly  int                     // a number that is always said, as it is
	ratio    struct{ k, n int }      // a share
	around   int                     // the interval around a count
	apart    [2]ratio                // the difference of two shares
	changed  [4]ratio                // the difference of two differences
	chance   struct{ lost, won int } // the exact test
	saying   string                  // words
	perhaps  string                  // words that may be left out
	anything struct{}                // no number
	silence  struct{}                // nothing
	ranged   int                     // a number that is always a range
	coarsely ratio                   // a share in steps of five points, of the least that its range stands for
)

// report looks at every value of every table, and at the numbers in its sentences.
func (o *recount) report(t *testing.T, r *Report) {
	t.Helper()
	o.r = r
	numbers := map[string]bool{}
	for _, table := range r.Tables {
		for _, row := range table.Rows {
			if len(row.Values) != len(table.Columns) {
				t.Errorf("%s %s has %d values for %d columns", table.ID, row.Key, len(row.Values), len(table.Columns))
				continue
			}
			for i, v := range row.Values {
				for _, n := range digits.FindAllString(v.String(), -1) {
					numbers[n] = true
				}
				if i == 0 {
					continue // it names the row
				}
				key := row.Key
				if key == "tanpa" {
					key = ""
				}
				where := fmt.Sprintf("%s: %s %s %s", r.Title, table.ID, row.Key, table.Columns[i].Key)
				want := o.truth(table.ID, key, table.Columns[i].Key)
				if want == nil {
					t.Errorf("%s: nobody worked this out again", where)
					continue
				}
				if said, wrong := o.compare(v, want); wrong != "" {
					t.Errorf("%s is %v: %s", where, v, wrong)
				} else if said {
					o.said[table.ID+" "+table.Columns[i].Key]++
				}
			}
		}
	}
	for _, s := range append(slices.Clone(r.Summary), r.Alerts...) {
		s = strings.NewReplacer(o.activity(r.Activity).Name, "", Month.Name(november), "").Replace(s)
		for _, n := range digits.FindAllString(s, -1) {
			if !numbers[n] {
				t.Errorf("%s: %q says %s, which stands in no table", r.Title, s, n)
			}
		}
	}
}

var digits = regexp.MustCompile(`[0-9][0-9.]*[0-9]|[0-9]`)

// complete fails when a column never said anything: then nothing was compared there.
func (o *recount) complete(t *testing.T) {
	t.Helper()
	for table, columns := range map[string]string{
		"ringkas": "jumlah", "topik": "pertanyaan terjawab tingkat rentang penanya", "segmen": "penanya pertanyaan terjawab tingkat",
		"bahasa": "pertanyaan terjawab tingkat", "saluran": "pertanyaan terjawab tingkat",
		"kegiatan":  "peserta penanya pertanyaan terjawab tingkat pakai",
		"kecamatan": "kegiatan pertanyaan", "jawaban": "jumlah", "salah-paham": "dijawab keliru tingkat diberikan", "salah-paham-segmen": "segmen dijawab keliru tingkat diberikan",
		"salah-paham-kegiatan": "kegiatan dijawab keliru tingkat diberikan", "kuis": "pasangan sebelum sesudah uji",
		"minggu": "pertanyaan kegiatan", "jam": "pertanyaan", "edisi": "pertanyaan", "hasil": "pertanyaan", "dasar": "jumlah", "adil": "tingkat selisih tanda",
		"bukti": "jumlah", "kartu": "isi", "ringkas-kegiatan": "jumlah", "topik-kegiatan": "pertanyaan rentang",
		"kuis-kegiatan": "pasangan sebelum sesudah uji", "sebelum-sesudah": "sebelum pembanding kode selisih",
		"kecamatan-banding": "sini-sebelum sini-sesudah lain-sebelum lain-sesudah selisih", "segmen-topik": "jadwal hak-pilih tps",
	} {
		for _, column := range strings.Fields(columns) {
			if o.said[table+" "+column] == 0 {
				t.Errorf("the column %s of %s never says anything", column, table)
			}
		}
	}
}

func (o *recount) activity(code string) bot.Activity {
	for _, a := range o.w.activities {
		if a.Code == code {
			return a
		}
	}
	return bot.Activity{Name: "\x00"}
}

// truth is what stands in a place of a table, nil for a place that is not known.
func (o *recount) truth(table, row, column string) any {
	if f := address(o.ed, table, row, column, o.r.Activity); f != nil && (row != "tingkat" && row != "penanya" && row != "pakai") && table != "bukti" {
		return counted(o.w.count(f))
	}
	code := o.r.Activity
	switch table {
	case "ringkas", "ringkas-kegiatan":
		return o.overview(row)
	case "topik", "segmen", "bahasa", "saluran", "kegiatan", "topik-kegiatan":
		return o.group(table, row, column)
	case "kecamatan":
		if column == "kegiatan" {
			return plainly(o.held(func(a bot.Activity) bool { return a.District == row }))
		}
	case "minggu":
		n := o.held(func(a bot.Activity) bool { return fmt.Sprint((a.Date.Day+6)/7) == row })
		return saying(fmt.Sprintf("%d kegiatan", n))
	case "salah-paham":
		return o.myth(row, column)
	case "salah-paham-segmen":
		item, segment, _ := strings.Cut(row, "@")
		return o.mythOf(item, segment, "", column)
	case "salah-paham-kegiatan":
		item, code, _ := strings.Cut(row, "/")
		return o.mythOf(item, "*", code, column)
	case "kuis":
		return o.pair(row, "", column)
	case "kuis-kegiatan":
		return o.pair(row, code, column)
	case "adil":
		return o.fair(row, column)
	case "bukti":
		return o.evidence(row, column)
	case "sebelum-sesudah", "kecamatan-banding":
		return o.beside(table, o.activity(code), row, column)
	case "kartu":
		return o.card(o.activity(code), row)
	case "dasar":
		n := map[string]int{ // KPU's and Tribun Merdeka's numbers, see docs/content.md
			"hak-pilih-jumlah-dpt-2024": 700_613, "hak-pilih-jumlah-dpt-pemilu-2024": 704_285, "hak-pilih-jumlah-kecamatan": 16, "hak-pilih-jumlah-desa": 295,
			"pemilih-disabilitas-2024": 2569}[row]
		if column == "jumlah" && n > 0 {
			return plainly(n)
		}
		if column != "jumlah" {
			return anything{}
		}
	}
	return nil
}

// askers counts people who asked something that the office answers. "" does not narrow.
func (o *recount) askers(topic, segment, activity string) any {
	if o.r.Partial {
		return silence{}
	}
	who := map[int]bool{}
	for _, q := range o.w.questions {
		if q.verdict == "declined" || (topic != "" && q.topic != topic) || (segment != "" && q.segment != segment) || (activity != "" && q.activity != activity) {
			continue
		}
		who[q.who] = true
	}
	return counted(len(who))
}

func (o *recount) held(in func(bot.Activity) bool) int {
	n := 0
	for _, a := range o.w.activities {
		if a.Date.Month == november.Month && in(a) {
			n++
		}
	}
	return n
}

// served is the answered share of those questions that a filter fits.
func (o *recount) served(f filter) ratio {
	n := o.w.count(f)
	with := filter{"answered": "true"}
	for k, v := range f {
		with[k] = v
	}
	return ratio{o.w.count(with), n}
}

func (o *recount) overview(row string) any {
	f := filter{}
	if o.r.Activity != "" {
		f["activity"] = o.r.Activity
	}
	switch row {
	case "penanya":
		return o.askers("", "", o.r.Activity)
	case "tingkat":
		return o.served(f)
	case "pakai":
		return o.pickUp(o.activity(o.r.Activity))
	}
	return nil
}

func (o *recount) pickUp(a bot.Activity) any {
	n, ok := o.askers("", "", a.Code).(counted)
	switch {
	case !ok || a.Participants < 20:
		return silence{}
	case int(n) > a.Participants:
		return perhaps("dibagikan lebih luas")
	}
	return ratio{int(n), a.Participants}
}

func (o *recount) group(table, row, column string) any {
	label := map[string]string{"topik": "topic", "segmen": "segment", "bahasa": "lang", "saluran": "channel", "kegiatan": "activity"}[table]
	switch column {
	case "tingkat":
		if row == bot.UnsureTopic {
			return silence{}
		}
		return o.served(filter{label: row})
	case "rentang":
		return around(o.w.count(address(o.ed, table, row, "pertanyaan", o.r.Activity)))
	case "penanya":
		switch {
		case row == "" || row == bot.UnsureTopic:
			return silence{}
		case table == "topik":
			return o.askers(row, "", "")
		case table == "segmen":
			return o.askers("", row, "")
		}
		return o.askers("", "", row)
	}
	a := o.activity(row)
	switch column {
	case "nama":
		return saying(map[bool]string{true: a.Name, false: "Tanpa kode"}[row != ""])
	case "tanggal":
		if row == "" {
			return saying("")
		}
		return saying(faq.ShortDay(a.Date, faq.Indonesian))
	case "kecamatan":
		return saying(a.District)
	case "peserta":
		return counted(a.Participants)
	case "pakai":
		if row == "" {
			return silence{}
		}
		return o.pickUp(a)
	}
	return nil
}

func (o *recount) myth(item, column string) any {
	if column == "diberikan" {
		for _, q := range o.ed.Quiz() {
			if q.ID == item {
				return counted(o.w.count(filter{"entry": q.Entry, "answered": "true"}))
			}
		}
		return nil
	}
	return o.mythOf(item, "*", "", column)
}

// mythOf counts the first answers to a statement by one segment, "*" for all, of those who came by a code, "" for all. Who
// came by an activity for one segment belongs to it.
func (o *recount) mythOf(item, segment, code, column string) any {
	n, wrong := 0, 0
	for _, a := range o.w.answers {
		if a.item != item || a.mark == "akhir" || (code != "" && a.activity != code) {
			continue
		}
		of := a.segment
		if in := o.activity(a.activity); len(in.Segments) == 1 {
			of = string(in.Segments[0])
		}
		if segment == "*" || of == segment {
			n++
			if !a.right {
				wrong++
			}
		}
	}
	switch column {
	case "segmen":
		return saying(segmentName(segment))
	case "kegiatan":
		return saying(o.activity(code).Name)
	case "dijawab":
		return counted(n)
	case "keliru":
		return counted(wrong)
	case "tingkat":
		return ratio{wrong, n}
	}
	return nil
}

func (o *recount) pair(item, code, column string) any {
	n, before, after, won, lost := 0, 0, 0, 0, 0
	for _, a := range o.w.answers {
		if a.item != item || a.mark != "akhir" || (code != "" && a.activity != code) {
			continue
		}
		n++
		if a.before {
			before++
		}
		if a.right {
			after++
		}
		if a.right && !a.before {
			won++
		}
		if a.before && !a.right {
			lost++
		}
	}
	switch column {
	case "pasangan":
		return counted(n)
	case "sebelum":
		return ratio{before, n}
	case "sesudah":
		return ratio{after, n}
	case "uji":
		if n < 20 || o.r.Partial {
			return silence{}
		}
		return chance{lost, won}
	}
	return nil
}

func (o *recount) fair(row, column string) any {
	label, key, _ := strings.Cut(row, "-")
	if key == "tanpa" {
		key = ""
	}
	one, all := o.served(filter{label: key}), o.served(filter{})
	if column == "tingkat" {
		return one
	}
	if o.r.Partial {
		return map[string]any{"selisih": silence{}, "tanda": saying("")}[column]
	}
	a, b, c, d := o.round(one.k), o.round(one.n), o.round(all.k), o.round(all.n)
	gap := apart{{min(a, b), b}, {min(c-a, d-b), d - b}}
	if column == "selisih" {
		return gap
	}
	mid, _, high := gap.interval()
	if o.r.Table("adil").cell(row, 2).String() != unsaid && mid <= -0.10 && high < 0 {
		return saying("perlu perhatian")
	}
	return saying("")
}

func (o *recount) evidence(row, column string) any {
	if column == "asal" {
		return anything{}
	}
	direct := []string{"forum-warga", "diskusi", "seminar", "lokakarya", "pelatihan", "ceramah", "simulasi", "gelar-wicara", "budaya-lokal"}
	switch row {
	case "langsung":
		return plainly(o.held(func(a bot.Activity) bool { return slices.Contains(direct, a.Method) }))
	case "tidak-langsung":
		return plainly(o.held(func(a bot.Activity) bool { return !slices.Contains(direct, a.Method) }))
	case "segmen":
		invited := map[faq.Segment]bool{}
		o.held(func(a bot.Activity) bool {
			for _, s := range a.Segments {
				invited[s] = true
			}
			return true
		})
		return plainly(len(invited))
	case "peserta":
		sum := 0
		o.held(func(a bot.Activity) bool { sum += a.Participants; return true })
		return counted(sum)
	case "penanya":
		return o.askers("", "", "")
	case "pertanyaan":
		return counted(o.w.count(filter{}))
	case "tingkat":
		return o.served(filter{})
	case "topik":
		topics := map[string]bool{}
		for _, q := range o.w.questions {
			if q.verdict != "declined" && q.topic != bot.UnsureTopic {
				topics[q.topic] = true
			}
		}
		return plainly(len(topics))
	case "terlayani":
		n := 0
		for _, r := range o.r.Table("adil").Rows {
			if o.fair(r.Key, "tanda") == any(saying("perlu perhatian")) {
				n++
			}
		}
		return plainly(n)
	}
	return nil
}

func (o *recount) card(a bot.Activity, row string) any {
	switch row {
	case "peserta":
		return counted(a.Participants)
	case "tanggal":
		return saying(faq.ShortDay(a.Date, faq.Indonesian))
	case "kode":
		return saying(a.Code)
	case "nama":
		return saying(a.Name)
	}
	return anything{}
}

// beside counts the questions of the seven days before and of the seven from the activity on.
func (o *recount) beside(table string, a bot.Activity, topic, column string) any {
	district := map[string]string{}
	for _, b := range o.w.activities {
		district[b.Code] = b.District
	}
	window := func(after bool, in func(question) bool) ratio {
		var s ratio
		for _, q := range o.w.questions {
			days := q.day.Sub(a.Date)
			if q.verdict == "declined" || (after && (days < 0 || days > 6)) || (!after && (days < -7 || days > -1)) || !in(q) {
				continue
			}
			s.n++
			if q.topic == topic {
				s.k++
			}
		}
		return s
	}
	everybody := func(question) bool { return true }
	coded := func(q question) bool { return q.activity == a.Code }
	others := func(q question) bool { return q.activity != a.Code }
	here := func(q question) bool { return q.activity != "" && district[q.activity] == a.District }
	there := func(q question) bool { return q.activity != "" && district[q.activity] != a.District }
	var s ratio
	switch column {
	case "sebelum":
		s = window(false, everybody)
	case "pembanding":
		s = window(true, others)
	case "kode":
		s = window(true, coded)
	case "sini-sebelum":
		s = window(false, here)
	case "sini-sesudah":
		s = window(true, here)
	case "lain-sebelum":
		s = window(false, there)
	case "lain-sesudah":
		s = window(true, there)
	case "selisih":
		switch {
		case topic == "semua":
			return silence{}
		case table == "kecamatan-banding":
			return changed{rough(window(true, here)), rough(window(false, here)), rough(window(true, there)), rough(window(false, there))}
		}
		return apart{rough(window(true, coded)), rough(window(true, others))}
	default:
		return nil
	}
	if topic == "semua" {
		return ranged(s.n)
	}
	return coarsely(s)
}

// compare holds a value against what it must be. It reports whether it says anything, and what is wrong with it.
func (o *recount) compare(v Value, want any) (said bool, wrong string) {
	no := func(format string, args ...any) (bool, string) { return true, fmt.Sprintf(format, args...) }
	near := func(a, b float64) bool { return math.Abs(a-b) <= 0.5+1e-6 }
	switch want := want.(type) {
	case saying:
		if v.String() != string(want) {
			return no("counted again %s", want)
		}
		return want != "", ""
	case perhaps:
		if v.String() != unsaid && v.String() != string(want) {
			return no("counted again %s", want)
		}
		return v.String() != unsaid, ""
	case anything:
		return false, ""
	case plainly:
		if a, ok := v.(Amount); !ok || int(a) != int(want) {
			return no("counted again %d", want)
		}
		return true, ""
	case chance:
		if v.String() == unsaid {
			return false, ""
		}
		if p := want.step(); v.String() != p {
			return no("tested again %s", p)
		}
		return true, ""
	}
	if v.String() == unsaid {
		return false, ""
	}
	switch want := want.(type) {
	case silence:
		return no("it should say nothing")
	case counted:
		f, ok := v.(Figure)
		if n, single := f.Single(); !ok || want < 10 || (o.r.Partial && !inRange(f, int(want))) || (!o.r.Partial && (!single || n != o.round(int(want)))) {
			return no("counted again %d", want)
		}
	case ranged:
		if f, ok := v.(Figure); !ok || want < 20 || !inRange(f, int(want)) {
			return no("counted again %d", want)
		}
	case ratio:
		if o.r.Partial {
			return o.compare(v, coarsely(want))
		}
		r, ok := v.(Rate)
		if !ok || want.n < 20 {
			return no("it is %d of %d", want.k, want.n)
		}
		few, least := want.n-want.k, float64(want.n)
		if o.r.Rounded {
			least = float64(o.round(want.n) - 2)
		}
		switch r.kind {
		case atMost:
			if want.k >= 10 || r.Percent != math.Ceil(900/least) {
				return no("it is %d of %d", want.k, want.n)
			}
		case atLeast:
			if few >= 10 || r.Percent != math.Floor(100-900/least) {
				return no("it is %d of %d", want.k, want.n)
			}
		default:
			n := o.round(want.n)
			k := min(n, o.round(want.k))
			low, high := bounds(k, n)
			if want.k < 10 || few < 10 && few > 0 || !near(r.Percent, 100*float64(k)/float64(n)) || !near(r.Low, 100*low) || !near(r.High, 100*high) {
				return no("it is %d of %d, from %.2f to %.2f", want.k, want.n, 100*low, 100*high)
			}
		}
	case coarsely:
		r, ok := v.(Rate)
		step := 5 * math.Round(20*float64(want.k)/float64(want.n))
		c := rough(ratio(want))
		low, high := bounds(c.k, c.n)
		if !ok || r.kind != plainRate || want.k < 10 || r.Percent != step || !near(r.Low, 100*low) || !near(r.High, 100*high) {
			return no("it is %d of %d, from %.2f to %.2f", want.k, want.n, 100*low, 100*high)
		}
	case around:
		n := o.round(int(want))
		low, high := garwood(n)
		r, ok := v.(Range)
		within := 0.01
		if n > 200 {
			within = 0.15
		}
		if !ok || want < 10 || math.Abs(r.Low-low) > within || math.Abs(r.High-high) > within {
			return no("around %d it is %.2f to %.2f", n, low, high)
		}
	case apart:
		return o.difference(v, want.interval)
	case changed:
		return o.difference(v, want.interval)
	default:
		return no("%T is not known", want)
	}
	return true, ""
}

func (o *recount) difference(v Value, of func() (mid, low, high float64)) (bool, string) {
	r, ok := v.(Range)
	mid, low, high := of()
	if !ok || math.Abs(r.Mid-100*mid) > 1e-4 || math.Abs(r.Low-100*low) > 1e-4 || math.Abs(r.High-100*high) > 1e-4 {
		return true, fmt.Sprintf("calculated again %.2f (%.2f to %.2f)", 100*mid, 100*low, 100*high)
	}
	return true, ""
}

// round rounds the way the report says that it does.
func (o *recount) round(n int) int {
	if o.r.Rounded && !o.r.Partial {
		return int(5 * math.Floor(float64(n)/5+0.5))
	}
	return n
}

// ranges are where the ranges begin that a number may be said as.
var ranges = []int{10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000}

func inRange(f Figure, n int) bool {
	i := slices.Index(ranges, f.lo)
	return i >= 0 && i+1 < len(ranges) && f.lo <= n && n <= f.hi && f.hi == ranges[i+1]-1
}

// rough is a share in steps of five points, of the least number of its range.
func rough(s ratio) ratio {
	least := 0
	for _, n := range ranges {
		if n <= s.n {
			least = n
		}
	}
	if s.n == 0 {
		return ratio{}
	}
	return ratio{int(math.Round(math.Round(20*float64(s.k)/float64(s.n)) / 20 * float64(least))), least}
}

// bounds solves |p - L| = z sqrt(L (1 - L) / n), whose two solutions are Wilson's bounds.
func bounds(k, n int) (low, high float64) {
	p := float64(k) / float64(n)
	far := func(bound float64) bool { return math.Abs(p-bound) > 1.959964*math.Sqrt(bound*(1-bound)/float64(n)) }
	solve := func(outer float64) float64 {
		inner := p
		for range 60 {
			if mid := (outer + inner) / 2; far(mid) {
				outer = mid
			} else {
				inner = mid
			}
		}
		return (outer + inner) / 2
	}
	return solve(0), solve(1)
}

// interval joins the bounds of two shares to those of their difference, as Newcombe does.
func (a apart) interval() (mid, low, high float64) {
	p, q := float64(a[0].k)/float64(a[0].n), float64(a[1].k)/float64(a[1].n)
	lp, hp := bounds(a[0].k, a[0].n)
	lq, hq := bounds(a[1].k, a[1].n)
	return p - q, p - q - math.Sqrt((p-lp)*(p-lp)+(hq-q)*(hq-q)), p - q + math.Sqrt((hp-p)*(hp-p)+(q-lq)*(q-lq))
}

func (c changed) interval() (mid, low, high float64) {
	d, ld, hd := apart{c[0], c[1]}.interval()
	e, le, he := apart{c[2], c[3]}.interval()
	return d - e, d - e - math.Sqrt((d-ld)*(d-ld)+(he-e)*(he-e)), d - e + math.Sqrt((hd-d)*(hd-d)+(e-le)*(e-le))
}

// garwood finds the means of which a count of n or more, and of n or fewer, happens once in forty times.
func garwood(n int) (low, high float64) {
	upTo := func(k int, mean float64) float64 { // terms from the largest down, each from the one before
		g, _ := math.Lgamma(float64(k) + 1)
		term := math.Exp(float64(k)*math.Log(mean) - mean - g)
		sum := 0.0
		for i := k; i >= 0; i-- {
			sum += term
			term *= float64(i) / mean
		}
		return sum
	}
	solve := func(from, to float64, over func(float64) bool) float64 {
		for range 80 {
			if mid := (from + to) / 2; over(mid) {
				to = mid
			} else {
				from = mid
			}
		}
		return (from + to) / 2
	}
	low = solve(0, float64(n), func(m float64) bool { return 1-upTo(n-1, m) > 0.025 })
	return low, solve(float64(n), 2*float64(n)+30, func(m float64) bool { return upTo(n, m) < 0.025 })
}

// step is McNemar's exact test by Pascal's triangle, in the steps in which it is said.
func (c chance) step() string {
	row := []float64{1}
	for range c.lost + c.won {
		next := make([]float64, len(row)+1)
		for i, x := range row {
			next[i] += x / 2
			next[i+1] += x / 2
		}
		row = next
	}
	p := 0.0
	for i := range min(c.lost, c.won) + 1 {
		p += 2 * row[i]
	}
	switch {
	case p < 0.001:
		return "p < 0,001"
	case p < 0.01:
		return "p < 0,01"
	case p < 0.05:
		return "p < 0,05"
	}
	return "dapat kebetulan (p ≥ 0,05)"
}
