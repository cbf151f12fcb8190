package kit_test

import (
	"strings"
	"testing"

	"tanya/bot"
	"tanya/bot/kit"
	"tanya/faq"
)

// TestReadList reads what offices write: commas or semicolons, a mark of the encoding, days in two forms, gaps. Each wrong
// line is named with its number and its reason, and stops no other.
func TestReadList(t *testing.T) {
	others := bot.Activity{Method: "forum-warga", Date: faq.Date{Year: 2026, Month: 11, Day: 1}}
	text := "\ufeffNama;Metode;Tanggal;Segmen;Kecamatan;Desa;Peserta;Biaya\r\n" +
		"Forum satu;ceramah;26/11/2026;pemilih-pemula, komunitas;Cepu;Cabean;1.200;Rp 1.500.000\r\n" + // 2
		";;;;Cepu;Desa Sumber\r\n" + // 3
		"\r\n;;;;;;;\r\n" +
		";;;;Cepu;Desa Sumber\r\n" + // 6: again
		"Tanpa apa-apa;menari;;;;\r\n" + // 7
		"Salah hari;;31/02/2026;;;\r\n" + // 8
		"Salah angka;;;;;;banyak;\r\n" + // 9
		"Salah segmen;;;anak;;;;\r\n" + // 10
		"Terlalu lebar;;;;;;;;;;;\r\n" + // 11
		"Huruf rusak \xff;;;;;;;\r\n" + // 12
		";;;;;;;5\r\n" + // 13: no name, no village
		"Dua\tbaris;;2026-12-01;;;;;\r\n" // 14
	l, err := kit.ReadList(strings.NewReader(text), others)
	must(t, err)
	if len(l.Rows) != 3 {
		t.Fatalf("%d rows: %+v", len(l.Rows), l.Rows)
	}
	a := l.Rows[0].Activity
	if a.Name != "Forum satu" || a.Method != "ceramah" || a.Date.String() != "2026-11-26" || len(a.Segments) != 2 || a.Participants != 1200 || a.Cost != 1_500_000 {
		t.Errorf("the first row: %+v", a)
	}
	if b := l.Rows[1].Activity; b.Name != "Sosialisasi pemilihan di Desa Sumber" || b.Method != others.Method || b.Date != others.Date {
		t.Errorf("the row that leaves much out: %+v", b)
	}
	if c := l.Rows[2]; c.Activity.Name != "Dua baris" || c.Line != 14 {
		t.Errorf("the last row: %+v", c)
	}
	want := map[int]string{6: "Sama dengan baris 3.", 7: "menari", 8: "31/02/2026", 9: "banyak", 10: "anak", 11: "kolom", 12: "UTF-8", 13: "Nama"}
	for _, b := range l.Bad {
		if want[b.Line] == "" || !strings.Contains(b.Why, want[b.Line]) {
			t.Errorf("line %d: %s", b.Line, b.Why)
		}
		delete(want, b.Line)
	}
	if len(want) > 0 {
		t.Errorf("not found wrong: %v", want)
	}
	for name, bad := range map[string]string{"empty": "", "unknown column": "nama,alamat\nA,B\n", "column twice": "nama,nama\nA,B\n"} {
		if _, err := kit.ReadList(strings.NewReader(bad), others); bot.ClassOf(err) != bot.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzReadList(f *testing.F) {
	f.Add("nama;desa\nA;B\n")
	f.Add("nama,tanggal\n\"A\nB\",1/1/2026\n")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := kit.ReadList(strings.NewReader(text), bot.Activity{Method: "diskusi", Date: faq.Date{Year: 2026, Month: 1, Day: 1}})
		if err != nil {
			return
		}
		for _, r := range l.Rows {
			if err := r.Activity.Check(); err != nil || strings.ContainsAny(kit.Folder(r.Activity), "/\\. ") {
				t.Errorf("line %d: %v, folder %q", r.Line, err, kit.Folder(r.Activity))
			}
		}
	})
}

// TestTable keeps cells that a spreadsheet would run from being formulas.
func TestTable(t *testing.T) {
	got := string(kit.Table([]string{"a", "b"}, [][]string{{"=1+1", "-2"}, {"x;y", "@z"}, {"＝1", "Ö"}}))
	want := "\ufeffa;b\r\n'=1+1;'-2\r\n\"x;y\";'@z\r\n'＝1;Ö\r\n"
	if got != want {
		t.Errorf("%q", got)
	}
}
