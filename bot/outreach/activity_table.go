package outreach

import (
	"strings"

	"tanya/bot"
)

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
		Note: "Yang datang dengan kode kegiatan ini pada " + w.s.month.Name() + ". " + dotsNote}
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
