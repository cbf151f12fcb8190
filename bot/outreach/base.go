package outreach

import (
	"time"

	"tanya/faq"
)

// base is a number to hold the report's numbers against, with the page it comes from.
type base struct {
	key, title string
	n          int
	source     faq.Source
}

// bases returns the base rates that may be said at the instant: what the edition knows as facts, and the voters with
// disabilities, of whom no answer speaks.
func bases(ed *faq.Edition, at time.Time) []base {
	var out []base
	for _, b := range []struct{ fact, title string }{
		{"hak-pilih-jumlah-dpt-2024", "Pemilih di DPT Pilkada 2024"},
		{"hak-pilih-jumlah-dpt-pemilu-2024", "Pemilih di DPT Pemilu 2024"},
		{"hak-pilih-jumlah-kecamatan", "Kecamatan"},
		{"hak-pilih-jumlah-desa", "Desa dan kelurahan"},
	} {
		if f := ed.Fact(b.fact); f != nil && f.Valid(at, ed.Zone) {
			out = append(out, base{b.fact, b.title, int(f.Number), f.Source})
		}
	}
	return append(out, base{"pemilih-disabilitas-2024", "Pemilih penyandang disabilitas, Pemilu 2024", 2569, faq.Source{
		Title: "Tribun Merdeka, 2.569 pemilih disabilitas Blora", Grade: "B",
		URL: "https://tribunmerdeka.co/2023/12/27/2-569-pemilih-disabilitas-akan-memberikan-suaranya-di-tps-blora/",
	}})
}

func baseTable(ed *faq.Edition, at time.Time) Table {
	t := Table{
		ID: "dasar", Title: "Angka dasar",
		Note:    "Pembanding untuk membaca laporan ini. Untuk pemilih pemula, pemilih muda, kelompok marjinal, komunitas, dan warga internet di Blora tidak ada angka bersumber.",
		Columns: []Column{{"angka", "Angka dasar"}, {"jumlah", "Jumlah"}, {"sumber", "Sumber"}, {"mutu", "Mutu"}, {"tautan", "Tautan"}},
	}
	for _, b := range bases(ed, at) {
		t.Rows = append(t.Rows, Row{b.key, []Value{Text(b.title), Amount(b.n), Text(b.source.Title), Text(b.source.Grade), Text(b.source.URL)}})
	}
	return t
}

// dotsNote says why large activities have dots too.
const dotsNote = "Titik juga muncul pada kegiatan besar: bila hampir semua terjawab, jumlah terjawab akan membuka beberapa yang belum."

// limits is the fixed box of every report.
var limits = []string{
	"Laporan ini menghitung pertanyaan yang masuk, bukan pengetahuan, pendapat, atau kehadiran di TPS.",
	"Yang terjadi bersamaan dengan suatu kegiatan belum tentu terjadi karena kegiatan itu.",
	"Orang yang tidak bertanya, tidak punya telepon, atau dibantu orang lain tidak terlihat di sini. Diam tidak berarti paham.",
	"Penanya dihitung per nomor atau akun, bukan per orang, dan tidak boleh dijumlahkan antarbulan atau antarbaris.",
	"Segmen berasal dari kode kegiatan atau pilihan orang itu sendiri, dan tidak diperiksa.",
	"Titik (·) berarti tidak ditampilkan agar tidak seorang pun dapat dikenali: kurang dari 10, atau dapat membuka angka lain.",
}
