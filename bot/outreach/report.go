package outreach

import (
	"context"
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
	Note      string    `json:"note,omitempty"` // that it is simulated, in words
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
		w.answerTable(), w.mythTable(), w.mythSegments(),
		w.mythActivities("Salah paham menurut kegiatan", w.s.activities...), w.quizTable("", "Kuis sebelum dan sesudah kegiatan"),
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
		w.mythActivities("Salah paham lewat kode", a), w.quizTable(code, "Kuis sebelum dan sesudah kegiatan ini"))
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
		bot.ByActivity, bot.ByChannel, bot.ByLang, bot.ByEntry, bot.ByEdition, bot.ByHour, bot.ByQuiz, bot.ByClaim)
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
		if w.Simulated {
			w.Note = simulatedNote
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
