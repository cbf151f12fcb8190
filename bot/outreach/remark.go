package outreach

import (
	"fmt"
	"slices"
	"strings"

	"tanya/bot"
	"tanya/faq"
)

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
	row("topik", "Topik yang ditanyakan", Amount(w.topicsAsked()), "tabel Pertanyaan per topik")
	row("terlayani", "Kelompok yang ditandai kurang terlayani", Amount(len(w.Alerts)), "tabel Siapa yang kurang terlayani")
	return t
}

// topicsAsked is how many topics were asked about. What has no topic yet is none.
func (w *work) topicsAsked() int {
	n := 0
	for _, topic := range w.groups("topic", nil) {
		if i := w.t.index[of("n", "topic", topic)]; topic != "" && topic != bot.UnsureTopic && w.t.cells[i].n > 0 {
			n++
		}
	}
	return n
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
