package outreach

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tanya/bot"
	"tanya/faq"
)

func (w *work) summaryTable() Table {
	t := Table{ID: "ringkas", Title: "Sekilas", Columns: []Column{{"ukuran", "Ukuran"}, {"jumlah", "Jumlah"}},
		Note: "Terjawab: dijawab langsung, atau dipilih orang itu dari pilihan yang ditawarkan."}
	t.Rows = []Row{
		{"penanya", []Value{Text("Penanya (nomor atau akun)"), w.people("all")}},
		{"pertanyaan", []Value{Text("Pertanyaan"), w.n(totalOf("n"))}},
		{"terjawab", []Value{Text("Terjawab"), w.n(totalOf("a"))}},
		{"belum", []Value{Text("Belum terjawab"), w.n(totalOf("r"))}},
		{"tingkat", []Value{Text("Tingkat terjawab"), w.answered("total", "")}},
		{"ditolak", []Value{Text("Ditolak dengan sopan (pilihan, ramalan, laporan, data orang)"), w.n("v declined")}},
	}
	return t
}

// divided is a table of a way to divide all questions. Keys that nobody used are left out; those of a fixed order are not.
func (w *work) divided(id, title, what string, order []string, name func(string) string) Table {
	t := Table{ID: id, Title: title, Bars: 1, Part: 2, Columns: []Column{
		{"nama", strings.TrimPrefix(title, "Menurut ")}, {"pertanyaan", "Pertanyaan"}, {"terjawab", "Terjawab"}, {"tingkat", "Tingkat terjawab (95%)"}}}
	if what != "topic" {
		t.Columns[0].Title = strings.ToUpper(t.Columns[0].Title[:1]) + t.Columns[0].Title[1:]
	} else {
		t.Columns[0].Title = "Topik"
		t.Columns = append(t.Columns, Column{"rentang", "Rentang jumlah (95%)"}, Column{"penanya", "Penanya"})
	}
	for _, key := range w.groups(what, order) {
		v := []Value{Text(name(key)), w.n(of("n", what, key)), w.n(of("a", what, key)), w.answered(what, key)}
		if what == "topic" && key == bot.UnsureTopic {
			v[3] = Rate{} // none of them is answered: that is what they are
		}
		if what == "topic" {
			v = append(v, spread(w.n(of("n", what, key))), w.people("topic "+key))
		}
		t.Rows = append(t.Rows, Row{orNone(key), v})
	}
	return t
}

// orNone is the key of a row for what has no label.
func orNone(key string) string {
	if key == "" {
		return "tanpa"
	}
	return key
}

// groups lists the keys of a way to divide, in the order given, the others behind it.
func (w *work) groups(what string, order []string) []string {
	var have []string
	prefix := "n " + what + " "
	for name := range w.t.index {
		if key, ok := strings.CutPrefix(name, prefix); ok && !strings.Contains(key, " ") {
			have = append(have, key)
		}
	}
	slices.SortFunc(have, func(a, b string) int {
		i, j := slices.Index(order, a), slices.Index(order, b)
		if i < 0 {
			i = len(order)
		}
		if j < 0 {
			j = len(order)
		}
		if i != j {
			return i - j
		}
		return strings.Compare(a, b)
	})
	return have
}

func (w *work) segmentTable() Table {
	t := Table{ID: "segmen", Title: "Menurut segmen", Bars: 2, Part: 3,
		Note: "Segmen berasal dari kode kegiatan atau pilihan orang itu sendiri. Tanpa segmen: datang tanpa kode.",
		Columns: []Column{{"nama", "Segmen"}, {"penanya", "Penanya"}, {"pertanyaan", "Pertanyaan"}, {"terjawab", "Terjawab"},
			{"tingkat", "Tingkat terjawab (95%)"}}}
	for _, key := range segmentOrder() {
		who := w.people("segment " + key)
		t.Rows = append(t.Rows, Row{orNone(key), []Value{Text(segmentName(key)), who, w.n(of("n", "segment", key)),
			w.n(of("a", "segment", key)), w.answered("segment", key)}})
	}
	return t
}

func (w *work) crossTable() Table {
	t := Table{ID: "segmen-topik", Title: "Segmen dan topik", Columns: []Column{{"nama", "Segmen"}}, Note: "Jumlah pertanyaan."}
	topics := w.groups("topic", topicOrder)
	for _, topic := range topics {
		t.Columns = append(t.Columns, Column{orNone(topic), topicName(topic)})
	}
	for _, seg := range segmentOrder() {
		r := Row{orNone(seg), []Value{Text(segmentName(seg))}}
		for _, topic := range topics {
			r.Values = append(r.Values, w.n(cross("segment", seg, topic)))
		}
		t.Rows = append(t.Rows, r)
	}
	return t
}

// heldOrSeen are the activities of the month: those that took place in it and those whose codes still brought questions.
func (w *work) heldOrSeen() []bot.Activity {
	var out []bot.Activity
	for _, a := range w.s.activities {
		if _, seen := w.t.index[of("n", "activity", a.Code)]; seen || w.s.held(a) {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, byDate)
	return out
}

// byDate puts activities in order.
func byDate(a, b bot.Activity) int {
	return cmp.Or(a.Date.Sub(b.Date), strings.Compare(a.Code, b.Code))
}

func (w *work) activityTable() Table {
	t := Table{ID: "kegiatan", Title: "Kegiatan", Bars: 6, Part: 7,
		Note: "Lewat kode: pertanyaan dan penanya yang datang dengan kode kegiatan itu. Kode dapat dibagikan lebih luas. " + dotsNote,
		Columns: []Column{{"kode", "Kode"}, {"nama", "Kegiatan"}, {"tanggal", "Tanggal"}, {"kecamatan", "Kecamatan"}, {"peserta", "Peserta"},
			{"penanya", "Penanya lewat kode"}, {"pertanyaan", "Pertanyaan lewat kode"}, {"terjawab", "Terjawab"}, {"tingkat", "Tingkat terjawab (95%)"},
			{"pakai", "Penanya per peserta"}}}
	for _, a := range w.heldOrSeen() {
		t.Rows = append(t.Rows, Row{a.Code, []Value{Text(bot.ShowCode(a.Code)), Text(a.Name), Day(a.Date), Text(a.District), w.came(a),
			w.people("activity " + a.Code), w.n(of("n", "activity", a.Code)), w.n(of("a", "activity", a.Code)), w.answered("activity", a.Code), w.pickUp(a)}})
	}
	t.Rows = append(t.Rows, Row{"tanpa", []Value{Text("-"), Text("Tanpa kode"), Text(""), Text(""), Figure{}, Figure{},
		w.n(of("n", "activity", "")), w.n(of("a", "activity", "")), w.answered("activity", ""), Rate{}}})
	return t
}

// came is the attendance list's number. Outside the month it was counted with another.
func (w *work) came(a bot.Activity) Figure { return w.who.figure("came "+a.Code, w.p) }

// pickUp is how many askers came by the code for each participant. More askers than participants is no share: the code
// went further.
func (w *work) pickUp(a bot.Activity) Value {
	if w.Partial || !w.who.shown("came "+a.Code) || !w.who.shown("activity "+a.Code) || a.Participants < leastRate {
		return Rate{}
	}
	n := w.s.askers[bot.AskerCell{Activity: a.Code}]
	if n > a.Participants {
		return Text("dibagikan lebih luas")
	}
	return rateOf(n, a.Participants, w.p)
}

func (w *work) districtTable() Table {
	t := Table{ID: "kecamatan", Title: "Jangkauan per kecamatan", Note: "Urut abjad, tidak diperingkat: jumlah penduduk dan jaringan berbeda.",
		Columns: []Column{{"nama", "Kecamatan"}, {"kegiatan", "Kegiatan bulan ini"}, {"pertanyaan", "Pertanyaan lewat kode"}}}
	held := map[string]int{}
	for _, a := range w.s.activities {
		if w.s.held(a) {
			held[a.District]++
		}
	}
	all := map[string]bool{}
	for d := range held {
		all[d] = true
	}
	for name := range w.t.index {
		if d, ok := strings.CutPrefix(name, "n district "); ok {
			all[d] = true
		}
	}
	for _, d := range keys(all) {
		label := d
		if d == "" {
			label = "Tanpa kecamatan"
		}
		t.Rows = append(t.Rows, Row{orNone(d), []Value{Text(label), Amount(held[d]), w.n(of("n", "district", d))}})
	}
	return t
}

// answerRows is how many answers are listed.
const answerRows = 12

func (w *work) answerTable() Table {
	t := Table{ID: "jawaban", Title: "Jawaban yang paling banyak diberikan", Bars: 1, Columns: []Column{{"nama", "Jawaban"}, {"jumlah", "Diberikan"}}}
	list := w.groups("entry", nil)
	list = slices.DeleteFunc(list, func(e string) bool { return !w.n(of("n", "entry", e)).Shown() })
	rough := max(w.p, fives) // the order tells no more inside than outside
	slices.SortStableFunc(list, func(a, b string) int {
		return w.t.figure(of("n", "entry", b), rough).Least() - w.t.figure(of("n", "entry", a), rough).Least()
	})
	for _, e := range list[:min(answerRows, len(list))] {
		t.Rows = append(t.Rows, Row{e, []Value{Text(w.entryTitle(e)), w.n(of("n", "entry", e))}})
	}
	return t
}

func (w *work) entryTitle(id string) string {
	if e := w.ed.Entry(id); e != nil {
		return e.Title.In(faq.Indonesian)
	}
	return id
}

// claim is a statement of the quiz in words, its name when the edition does not hold it any more.
func (w *work) claim(item string) string {
	for _, q := range w.ed.Quiz() {
		if q.ID != item {
			continue
		}
		if s, err := w.ed.Phrase(q.Claim.In(faq.Indonesian), faq.Indonesian, w.now); err == nil {
			verdict := "keliru"
			if q.Holds {
				verdict = "benar"
			}
			return s + " [" + verdict + "]"
		}
	}
	return item
}

// mythTable shows what is misunderstood: how the statements of the quiz were judged at the first try, and how often the
// answer that puts a wrong one right was given.
func (w *work) mythTable() Table {
	t := Table{ID: "salah-paham", Title: "Salah paham",
		Note: "Dijawab keliru: pernyataan kuis pada percobaan pertama. Jawaban diberikan: berapa kali jawaban yang meluruskannya diminta; tidak semua peminta salah paham.",
		Columns: []Column{{"nama", "Pernyataan"}, {"dijawab", "Dijawab di kuis"}, {"keliru", "Dijawab keliru"}, {"tingkat", "Tingkat keliru (95%)"},
			{"diberikan", "Jawaban diberikan"}}}
	for _, q := range w.ed.Quiz() {
		t.Rows = append(t.Rows, Row{q.ID, []Value{Text(w.claim(q.ID)), w.n("first " + q.ID), w.n("first wrong " + q.ID),
			w.t.rate("first wrong "+q.ID, "first "+q.ID, "first right "+q.ID, w.p), w.n(of("n", "entry", q.Entry))}})
	}
	return t
}

// mythColumns are those of a table that says who misunderstands what; whose heads the second one.
func mythColumns(id, whose string) []Column {
	return []Column{{"nama", "Pernyataan"}, {id, whose}, {"dijawab", "Dijawab di kuis"}, {"keliru", "Dijawab keliru"},
		{"tingkat", "Tingkat keliru (95%)"}, {"diberikan", "Jawaban diberikan"}}
}

// mythSegments shows what each segment misunderstands. What is not said of a segment has no row.
func (w *work) mythSegments() Table {
	t := Table{ID: "salah-paham-segmen", Title: "Salah paham menurut segmen", Columns: mythColumns("segmen", "Segmen"),
		Note: "Pernyataan kuis pada percobaan pertama, dan berapa kali segmen itu diberi jawaban yang meluruskannya. Segmen yang tidak disebut: terlalu sedikit, atau dapat membuka angka lain."}
	for _, q := range w.ed.Quiz() {
		for _, seg := range segmentOrder() {
			t.Rows = append(t.Rows, w.mythRow(q, segmentName(seg), ofSegment(q.ID, seg), ofSegment(q.Entry, seg))...)
		}
	}
	return t
}

// mythActivities shows what those misunderstand who came by the code of an activity, of all of them or of one. What is not
// said of an activity has no row.
func (w *work) mythActivities(title string, all ...bot.Activity) Table {
	t := Table{ID: "salah-paham-kegiatan", Title: title, Columns: mythColumns("kegiatan", "Kegiatan"),
		Note: "Yang datang dengan kode kegiatan: pernyataan kuis pada percobaan pertama, bila dijawab 20 kali atau lebih, dan berapa kali mereka diberi jawaban yang meluruskannya. Yang tidak disebut: terlalu sedikit, atau dapat membuka angka lain."}
	all = slices.SortedFunc(slices.Values(all), byDate)
	for _, q := range w.ed.Quiz() {
		for _, a := range all {
			t.Rows = append(t.Rows, w.mythRow(q, a.Name, ofActivity(q.ID, a.Code), ofActivity(q.Entry, a.Code))...)
		}
	}
	return t
}

// mythRow is what may be said of a statement and those who are named: their first answers, and how often they were given
// the answer that settles it. There is none when nothing may be said.
func (w *work) mythRow(q faq.QuizItem, name, first, claim string) []Row {
	n, wrong := w.n("first "+first), w.n("first wrong "+first)
	rate := w.t.rate("first wrong "+first, "first "+first, "first right "+first, w.p)
	given := w.n(of("n", "claim", claim))
	if !n.Shown() && !wrong.Shown() && !rate.Shown() && !given.Shown() {
		return nil
	}
	return []Row{{first, []Value{Text(w.claim(q.ID)), Text(name), n, wrong, rate, given}}}
}

// quizTable compares answers before and after, of the same people in the same conversation.
func (w *work) quizTable(code, title string) Table {
	id := "kuis"
	if code != "" {
		id = "kuis-kegiatan"
	}
	t := Table{ID: id, Title: title,
		Note: "Hanya orang yang menjawab sebelum dan sesudah dalam satu percakapan. Uji McNemar eksak; tanpa kelompok pembanding, jadi perubahan dapat juga punya sebab lain.",
		Columns: []Column{{"nama", "Pernyataan"}, {"pasangan", "Menjawab dua kali"}, {"sebelum", "Benar sebelum (95%)"}, {"sesudah", "Benar sesudah (95%)"},
			{"uji", "Berubah karena kebetulan?"}}}
	paired, _ := w.s.quiz()
	by := map[string]pairs{}
	for k, p := range paired {
		if code == "" || k[1] == code {
			m := by[k[0]]
			by[k[0]] = pairs{m.kept + p.kept, m.lost + p.lost, m.gained + p.gained, m.never + p.never}
		}
	}
	for _, item := range keys(by) {
		what := item
		if code != "" {
			what += " " + code
		}
		test := ""
		if w.p != bands {
			test = w.t.odds(what, by[item])
		}
		t.Rows = append(t.Rows, Row{item, []Value{Text(w.claim(item)), w.n("pairs " + what),
			w.t.rate("before right "+what, "pairs "+what, "before wrong "+what, w.p), w.t.rate("after right "+what, "pairs "+what, "after wrong "+what, w.p),
			Text(orUnsaid(test))}})
	}
	return t
}

func orUnsaid(s string) string {
	if s == "" {
		return unsaid
	}
	return s
}

func (w *work) weekTable() Table {
	t := Table{ID: "minggu", Title: "Dari minggu ke minggu", Bars: 1, Note: "Kegiatan disebut pada minggunya: bersamaan dengan, belum tentu karena.",
		Columns: []Column{{"nama", "Tanggal"}, {"pertanyaan", "Pertanyaan"}, {"kegiatan", "Bersamaan dengan"}}}
	for i := range w.s.weeks {
		key := string(rune('1' + i))
		first := w.s.month.First().Add(7 * i)
		last := first.Add(6)
		if w.s.month.Last().Before(last) {
			last = w.s.month.Last()
		}
		n := 0
		for _, a := range w.s.activities {
			if !a.Date.Before(first) && !last.Before(a.Date) {
				n++
			}
		}
		t.Rows = append(t.Rows, Row{key, []Value{Text(fmt.Sprintf("%d–%d", first.Day, last.Day)), w.n(of("n", "week", key)),
			Text(fmt.Sprintf("%d kegiatan", n))}})
	}
	return t
}

func (w *work) hourTable() Table {
	t := Table{ID: "jam", Title: "Jam bertanya", Bars: 1, Columns: []Column{{"nama", "Jam"}, {"pertanyaan", "Pertanyaan"}}}
	for h := range 24 {
		t.Rows = append(t.Rows, Row{fmt.Sprint(h), []Value{Text(fmt.Sprintf("%02d.00", h)), w.n(of("n", "hour", fmt.Sprint(h)))}})
	}
	return t
}

func (w *work) editionTable() Table {
	t := Table{ID: "edisi", Title: "Menurut edisi isi", Columns: []Column{{"nama", "Edisi"}, {"pertanyaan", "Pertanyaan"}}}
	for _, e := range w.groups("edition", nil) {
		label := e
		if e == "0" {
			label = "bawaan program"
		}
		t.Rows = append(t.Rows, Row{e, []Value{Text(label), w.n(of("n", "edition", e))}})
	}
	return t
}

func (w *work) verdictTable() Table {
	t := Table{ID: "hasil", Title: "Menurut hasil", Columns: []Column{{"nama", "Hasil"}, {"pertanyaan", "Pertanyaan"}}}
	for _, v := range [][2]string{{"answered", "Dijawab langsung"}, {"picked", "Dipilih dari pilihan"}, {"choices", "Diberi pilihan, tidak memilih"},
		{"unknown", "Tidak dimengerti"}, {"withdrawn", "Jawabannya sedang ditarik"}} {
		name := "v " + v[0]
		if v[0] == "choices" {
			name = of("n", "topic", bot.UnsureTopic)
		}
		t.Rows = append(t.Rows, Row{v[0], []Value{Text(v[1]), w.n(name)}})
	}
	return t
}
