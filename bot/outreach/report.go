package outreach

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// Maker makes reports. It is safe for concurrent use.
type Maker struct {
	Ledger    Ledger
	Edition   func() *faq.Edition // for titles and statements
	Office    string
	Simulated func(ctx context.Context) (bool, error) // whether the ledger holds a simulated season; nil: it does not
	Now       func() time.Time
	Zone      *time.Location

	plain bool // tests: leave out what protects from subtraction
}

// Report is what is said about a month, or about one activity within it.
type Report struct {
	Office    string    `json:"office"`
	Title     string    `json:"title"`
	Month     string    `json:"month"`
	Activity  string    `json:"activity,omitempty"` // its code
	Partial   bool      `json:"partial"`            // the month is not over: ranges instead of numbers
	Rounded   bool      `json:"rounded"`            // numbers are rounded to fives
	Until     Day       `json:"until"`              // the last day that is counted
	Made      time.Time `json:"made"`
	Simulated bool      `json:"simulated"`
	Summary   []string  `json:"summary"`
	Alerts    []string  `json:"alerts"` // who is served worse than others
	Tables    []Table   `json:"tables"`
	Limits    []string  `json:"limits"` // what the numbers cannot tell
}

// Table returns the table with the id, an empty one when there is none.
func (r *Report) Table(id string) Table {
	for _, t := range r.Tables {
		if t.ID == id {
			return t
		}
	}
	return Table{}
}

// Subtitle says of when and how exact the numbers are.
func (r *Report) Subtitle() string {
	s := "Dihitung sampai " + r.Until.String() + "."
	switch {
	case r.Partial:
		s += " Bulan ini belum selesai: angka ditulis sebagai rentang, penanya dihitung setelah bulan berakhir."
	case r.Rounded:
		s += " Angka dibulatkan ke kelipatan lima."
	}
	return s
}

// work is a report under way.
type work struct {
	*Report
	m      *Maker
	s      *season
	ed     *faq.Edition
	t, who *tables
	p      precision
	now    time.Time
	byCode map[string]bot.Activity
}

// Month makes the report of a month.
func (m *Maker) Month(ctx context.Context, month Month, to Audience) (*Report, error) {
	w, err := m.begin(ctx, month, to)
	if err != nil {
		return nil, err
	}
	w.Title = "Laporan sosialisasi " + month.Name()
	w.Tables = append(w.Tables, w.summaryTable(), w.divided("topik", "Pertanyaan per topik", "topic", topicOrder, topicName))
	w.Tables = append(w.Tables, w.segmentTable(), w.crossTable(), w.divided("bahasa", "Menurut bahasa", "lang", nil, langName),
		w.divided("saluran", "Menurut saluran", "channel", nil, channelName), w.activityTable(), w.districtTable(),
		w.answerTable(), w.mythTable(), w.quizTable("", "Kuis sebelum dan sesudah kegiatan"),
		w.weekTable(), w.hourTable(), w.editionTable(), w.verdictTable(), baseTable(w.ed, w.now))
	w.judge()
	w.Tables = append(w.Tables, w.evidenceTable())
	w.sayMonth()
	return w.Report, nil
}

// Activity makes the report of one activity within a month.
func (m *Maker) Activity(ctx context.Context, month Month, code string, to Audience) (*Report, error) {
	w, err := m.begin(ctx, month, to)
	if err != nil {
		return nil, err
	}
	a, ok := w.byCode[code]
	if !ok {
		return nil, bot.Errorf(bot.NotFound, "Kegiatan dengan kode %s tidak ada; lihat tanya activity list.", bot.ShowCode(code))
	}
	w.Activity = code
	w.Title = "Laporan kegiatan: " + a.Name
	w.Tables = append(w.Tables, w.cardTable(a), w.activitySummary(a), w.activityTopics(a),
		w.quizTable(code, "Kuis sebelum dan sesudah kegiatan ini"))
	beside, err := w.beside(ctx, a)
	if err != nil {
		return nil, err
	}
	w.Tables = append(w.Tables, beside...)
	w.Tables = append(w.Tables, baseTable(w.ed, w.now))
	w.sayActivity(a)
	return w.Report, nil
}

// begin counts the month and decides what may be said of it.
func (m *Maker) begin(ctx context.Context, month Month, to Audience) (*work, error) {
	now := m.Now()
	today := faq.DateOf(now, m.Zone)
	if today.Before(month.First()) {
		return nil, bot.Errorf(bot.Invalid, "Bulan %s belum mulai.", month.Name())
	}
	w := &work{m: m, ed: m.Edition(), now: now, s: &season{month: month, askers: map[bot.AskerCell]int{}}, byCode: map[string]bot.Activity{}}
	var err error
	var until faq.Date
	w.s.counts, until, err = m.Ledger.Counts(ctx, month.First(), month.Last(),
		bot.ByActivity, bot.ByChannel, bot.ByLang, bot.ByEntry, bot.ByEdition, bot.ByHour, bot.ByQuiz)
	if err != nil {
		return nil, err
	}
	for day := month.First(); !month.Last().Before(day); day = day.Add(7) {
		last := day.Add(6)
		if month.Last().Before(last) {
			last = month.Last()
		}
		week, _, err := m.Ledger.Counts(ctx, day, last, bot.ByLang)
		if err != nil {
			return nil, err
		}
		w.s.weeks = append(w.s.weeks, week)
	}
	if w.s.activities, err = m.Ledger.Activities(ctx); err != nil {
		return nil, err
	}
	for _, a := range w.s.activities {
		w.byCode[a.Code] = a
	}
	w.Report = &Report{Office: m.Office, Month: month.String(), Until: Day(until), Made: now.Truncate(time.Hour), Limits: limits,
		Partial: until.Before(month.Last()), Rounded: to == Outside}
	if m.Simulated != nil {
		if w.Simulated, err = m.Simulated(ctx); err != nil {
			return nil, err
		}
	}
	switch {
	case w.Partial:
		w.p = bands
	case to == Outside:
		w.p = fives
	}
	w.t = w.s.tables(m.plain)
	w.t.label(w.pairs()...)
	if err := w.countPeople(ctx); err != nil {
		return nil, err
	}
	return w, nil
}

// pairs lists the totals with their two parts, for labels.
func (w *work) pairs() [][3]string {
	var out [][3]string
	for name := range w.t.index {
		if rest, ok := strings.CutPrefix(name, "n "); ok && !strings.Contains(rest, " topic ") {
			if _, ok := w.t.index["a "+rest]; ok {
				out = append(out, [3]string{name, "a " + rest, "r " + rest})
			}
		}
		if rest, ok := strings.CutPrefix(name, "pairs "); ok {
			out = append(out, [3]string{name, "before right " + rest, "before wrong " + rest}, [3]string{name, "after right " + rest, "after wrong " + rest})
		}
		if rest, ok := strings.CutPrefix(name, "first right "); ok {
			out = append(out, [3]string{"first " + rest, name, "first wrong " + rest})
		}
	}
	slices.SortFunc(out, func(a, b [3]string) int { return strings.Compare(a[0]+a[1], b[0]+b[1]) })
	return out
}

// countPeople reads the distinct askers. A month that is not over has none yet: a number that grows while one looks at
// it tells when it grew.
func (w *work) countPeople(ctx context.Context) error {
	w.who = newTables()
	cells := []bot.AskerCell{{}}
	for _, s := range faq.AllSegments() {
		cells = append(cells, bot.AskerCell{Segment: s})
	}
	for _, topic := range topicOrder {
		if topic != "" && topic != bot.UnsureTopic {
			cells = append(cells, bot.AskerCell{Topic: topic})
		}
	}
	for _, a := range w.s.activities {
		if _, ok := w.t.index[of("n", "activity", a.Code)]; ok {
			cells = append(cells, bot.AskerCell{Activity: a.Code})
		}
	}
	if !w.Partial {
		n, err := w.m.Ledger.Askers(ctx, w.s.month.String(), cells...)
		if err != nil {
			return err
		}
		for i, c := range cells {
			w.s.askers[c] = n[i]
		}
	}
	w.who = w.s.people(w.t, w.m.plain)
	return nil
}

// n is a count as it may be said.
func (w *work) n(name string) Figure { return w.t.figure(name, w.p) }

// people is a number of askers as it may be said.
func (w *work) people(name string) Figure {
	if w.Partial && !strings.HasPrefix(name, "came") {
		return Figure{}
	}
	return w.who.figure(name, w.p)
}

// answered is the answered rate of a group.
func (w *work) answered(what, key string) Rate {
	if what == "total" {
		return w.t.rate(totalOf("a"), totalOf("n"), totalOf("r"), w.p)
	}
	return w.t.rate(of("a", what, key), of("n", what, key), of("r", what, key), w.p)
}

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
	slices.SortFunc(out, func(a, b bot.Activity) int {
		if d := a.Date.Sub(b.Date); d != 0 {
			return d
		}
		return strings.Compare(a.Code, b.Code)
	})
	return out
}

func (w *work) activityTable() Table {
	t := Table{ID: "kegiatan", Title: "Kegiatan", Bars: 6, Part: 7,
		Note: "Lewat kode: pertanyaan dan penanya yang datang dengan kode kegiatan itu. Kode dapat dibagikan lebih luas.",
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

func (w *work) cardTable(a bot.Activity) Table {
	t := Table{ID: "kartu", Title: "Kegiatan", Columns: []Column{{"nama", "Keterangan"}, {"isi", "Isi"}}}
	place := strings.Trim(a.Village+", "+a.District, ", ")
	for _, r := range []struct {
		key, label string
		v          Value
	}{{"kode", "Kode", Text(bot.ShowCode(a.Code))}, {"nama", "Nama", Text(a.Name)}, {"metode", "Metode", Text(MethodName(a.Method))},
		{"segmen", "Segmen yang diundang", Text(segmentNames(a.Segments))}, {"tanggal", "Tanggal", Day(a.Date)}, {"tempat", "Tempat", Text(place)},
		{"peserta", "Peserta menurut daftar hadir", w.came(a)}, {"mitra", "Mitra", Text(a.Partner)}} {
		t.Rows = append(t.Rows, Row{r.key, []Value{Text(r.label), r.v}})
	}
	return t
}

func (w *work) activitySummary(a bot.Activity) Table {
	t := Table{ID: "ringkas-kegiatan", Title: "Sekilas", Columns: []Column{{"ukuran", "Ukuran"}, {"jumlah", "Jumlah"}},
		Note: "Yang datang dengan kode kegiatan ini pada " + w.s.month.Name() + "."}
	t.Rows = []Row{
		{"penanya", []Value{Text("Penanya lewat kode"), w.people("activity " + a.Code)}},
		{"pakai", []Value{Text("Penanya per peserta"), w.pickUp(a)}},
		{"pertanyaan", []Value{Text("Pertanyaan lewat kode"), w.n(of("n", "activity", a.Code))}},
		{"terjawab", []Value{Text("Terjawab"), w.n(of("a", "activity", a.Code))}},
		{"belum", []Value{Text("Belum terjawab"), w.n(of("r", "activity", a.Code))}},
		{"tingkat", []Value{Text("Tingkat terjawab"), w.answered("activity", a.Code)}},
	}
	return t
}

func (w *work) activityTopics(a bot.Activity) Table {
	t := Table{ID: "topik-kegiatan", Title: "Pertanyaan per topik lewat kode", Bars: 1, Columns: []Column{{"nama", "Topik"}, {"pertanyaan", "Pertanyaan"},
		{"rentang", "Rentang jumlah (95%)"}}}
	for _, topic := range w.groups("topic", topicOrder) {
		f := w.n(cross("activity", a.Code, topic))
		t.Rows = append(t.Rows, Row{orNone(topic), []Value{Text(topicName(topic)), f, spread(f)}})
	}
	return t
}

// alarm is the difference in answered rate, in points, from which a group is said to be served worse.
const alarm = 10

// judge compares how each segment, language and channel is served with all the others. It works with what is said: two
// numbers that may be said leave a third that may be said.
func (w *work) judge() {
	w.Alerts = []string{}
	t := Table{ID: "adil", Title: "Siapa yang kurang terlayani",
		Note:    "Tingkat terjawab tiap kelompok dibanding semua yang lain, dengan rentang 95%. Ditandai bila lebih rendah 10 poin atau lebih dan rentangnya di bawah nol.",
		Columns: []Column{{"nama", "Kelompok"}, {"tingkat", "Tingkat terjawab (95%)"}, {"selisih", "Selisih dengan yang lain (95%)"}, {"tanda", "Tanda"}}}
	for _, g := range []struct {
		what  string
		order []string
		name  func(string) string
	}{{"segment", segmentOrder(), segmentName}, {"lang", nil, langName}, {"channel", nil, channelName}} {
		for _, key := range w.groups(g.what, g.order) {
			d := w.against(g.what, key)
			mark := ""
			if d.some && d.High < 0 && d.Mid <= -alarm {
				mark = "perlu perhatian"
				w.Alerts = append(w.Alerts, fmt.Sprintf("%s: %s terjawab, selisih dengan kelompok lain %s.", g.name(key), w.answered(g.what, key), d))
			}
			t.Rows = append(t.Rows, Row{g.what + "-" + orNone(key), []Value{Text(g.name(key)), w.answered(g.what, key), d, Text(mark)}})
		}
	}
	w.Tables = append(w.Tables, t)
}

// against is the difference between the answered rate of a group and that of all others.
func (w *work) against(what, key string) Range {
	names := [4]string{of("a", what, key), of("n", what, key), totalOf("a"), totalOf("n")}
	var v [4]int
	for i, name := range names {
		n, ok := w.n(name).Single()
		if !ok {
			return Range{}
		}
		v[i] = n
	}
	others, of := v[2]-v[0], v[3]-v[1]
	if v[1] < leastRate || of < leastRate || others < 0 {
		return Range{}
	}
	diff, low, high := newcombe(min(v[0], v[1]), v[1], min(others, of), of)
	return Range{100 * diff, 100 * low, 100 * high, true, true}
}

// evidenceTable puts the month's numbers beside what KPU's participation index asks of outreach.
func (w *work) evidenceTable() Table {
	t := Table{ID: "bukti", Title: "Bukti untuk Indeks Partisipasi: variabel sosialisasi dan pendidikan pemilih",
		Note:    "Angka dari laporan ini; daftar hadir, foto, dan bahan dilampirkan sendiri. Susunan variabel menurut kantor.",
		Columns: []Column{{"nama", "Yang ditunjukkan"}, {"jumlah", "Angka"}, {"asal", "Asal"}}}
	direct, indirect, segments := 0, 0, map[faq.Segment]bool{}
	for _, a := range w.s.activities {
		if !w.s.held(a) {
			continue
		}
		if slices.Index(bot.Methods(), a.Method) < directMethods {
			direct++
		} else {
			indirect++
		}
		for _, s := range a.Segments {
			segments[s] = true
		}
	}
	row := func(key, label string, v Value, from string) {
		t.Rows = append(t.Rows, Row{key, []Value{Text(label), v, Text(from)}})
	}
	row("langsung", "Kegiatan tatap muka (PKPU 9/2022 Pasal 12)", Amount(direct), "daftar kegiatan")
	row("tidak-langsung", "Kegiatan tidak langsung (PKPU 9/2022 Pasal 13)", Amount(indirect), "daftar kegiatan")
	row("segmen", "Segmen yang diundang, dari enam", Amount(len(segments)), "daftar kegiatan")
	row("peserta", "Peserta menurut daftar hadir", w.who.figure("came", w.p), "daftar kegiatan")
	row("penanya", "Penanya layanan tanya jawab", w.people("all"), "tabel Sekilas")
	row("pertanyaan", "Pertanyaan warga", w.n(totalOf("n")), "tabel Sekilas")
	row("tingkat", "Tingkat terjawab", w.answered("total", ""), "tabel Sekilas")
	row("topik", "Topik yang ditanyakan", Amount(len(w.groups("topic", nil))), "tabel Pertanyaan per topik")
	row("terlayani", "Kelompok yang ditandai kurang terlayani", Amount(len(w.Alerts)), "tabel Siapa yang kurang terlayani")
	return t
}

// directMethods is how many of bot.Methods are face to face.
const directMethods = 9

// sayMonth writes the findings in a few sentences.
func (w *work) sayMonth() {
	n := w.n(totalOf("n"))
	if !n.Shown() {
		w.Summary = []string{"Pertanyaan bulan ini terlalu sedikit untuk dilaporkan."}
		return
	}
	line := n.String() + " pertanyaan"
	if who := w.people("all"); who.Shown() {
		line += " dari " + who.String() + " penanya (nomor atau akun)"
	}
	if r := w.answered("total", ""); r.Shown() {
		line += "; " + r.String() + " terjawab"
	}
	w.Summary = append(w.Summary, line+".")
	topics := w.groups("topic", topicOrder)
	topics = slices.DeleteFunc(topics, func(s string) bool { return s == "" || s == bot.UnsureTopic || !w.n(of("n", "topic", s)).Shown() })
	slices.SortStableFunc(topics, func(a, b string) int { return w.n(of("n", "topic", b)).Least() - w.n(of("n", "topic", a)).Least() })
	var top []string
	for _, s := range topics[:min(3, len(topics))] {
		top = append(top, topicName(s)+" ("+w.n(of("n", "topic", s)).String()+")")
	}
	if len(top) > 0 {
		w.Summary = append(w.Summary, "Paling banyak ditanyakan: "+strings.Join(top, ", ")+".")
	}
	if len(w.Alerts) == 0 {
		w.Summary = append(w.Summary, "Tidak ada kelompok yang ditandai kurang terlayani.")
	}
}

func (w *work) sayActivity(a bot.Activity) {
	n := w.n(of("n", "activity", a.Code))
	if !n.Shown() {
		w.Summary = []string{"Pertanyaan lewat kode kegiatan ini terlalu sedikit untuk dilaporkan pada " + w.s.month.Name() + "."}
		return
	}
	line := n.String() + " pertanyaan datang lewat kode kegiatan ini"
	if who := w.people("activity " + a.Code); who.Shown() {
		line += ", dari " + who.String() + " penanya"
	}
	if r := w.answered("activity", a.Code); r.Shown() {
		line += "; " + r.String() + " terjawab"
	}
	w.Summary = []string{line + "."}
}
