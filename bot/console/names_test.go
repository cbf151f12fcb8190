package console

import (
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// TestNames writes what the ledger and the content keep as their own words in the words of the office.
func TestNames(t *testing.T) {
	o := openOffice(t)
	for _, c := range []struct{ got, want string }{
		{factName("hari-pemungutan-2024"), "Hari pemungutan 2024"},
		{factName("hak-pilih-jumlah-dpt-blora"), "Hak pilih jumlah DPT Blora"},
		{factName(""), ""},
		{phaseName("sesudah", ""), "sesudah"},
		{phaseName("sejak-2026", "masa-kampanye-2024"), "sejak 2026 (sampai masa kampanye 2024)"},
		{phaseName("sebelum", "hari-pemungutan-2024+1"), "sebelum (sampai lewat hari pemungutan 2024)"},
		{phaseName("rekap", "rekapitulasi-2024|akhir+1"), "rekap (sampai lewat rekapitulasi 2024)"},
		{phaseName("berlaku", "uu-7"), "berlaku (sampai UU 7)"},
		{factWords(&faq.Fact{Kind: faq.KindNumber, Number: 704285}), "704.285"},
		{factWords(&faq.Fact{Kind: faq.KindNumber, Number: 2024}), "2024"},
		{factWords(&faq.Fact{Kind: faq.KindPercent, Number: 2.5}), "2,5%"},
		{factWords(&faq.Fact{Kind: faq.KindDays, Number: 7}), "7 hari"},
		{factWords(&faq.Fact{Kind: faq.KindMoney, Number: 600000}), "Rp600.000"},
		{factWords(&faq.Fact{Kind: faq.KindTime, Clock: 7 * time.Hour}), "pukul 07.00"},
		{siteOf("https://www.detik.com/sulsel/a"), "detik.com"},
		{siteOf("://"), ""},
		{decimalComma("pada 293 jawaban 1 salah, paling banyak 1.61% salah. 2"), "pada 293 jawaban 1 salah, paling banyak 1,61% salah. 2"},
		{fileTitle(o.knowledge.Load().Edition, "entries/jadwal/jam-tps.yaml"), `Jawaban "Jam buka TPS"`},
		{fileTitle(o.knowledge.Load().Edition, "facts/tps.yaml"), "Fakta topik Di TPS"},
		{o.c.plainWords(`Fakta jam-buka-tps berisi {jam-buka-tps}, bukan "jam-tps"`), `Fakta Jam buka TPS berisi {jam-buka-tps}, bukan "Jam buka TPS"`},
		{o.c.objectText(bot.Audit{Action: "kegiatan", Object: "BFSJTV"}), "BFS-JTV"},
		{o.c.objectText(bot.Audit{Action: "tarik", Object: "*"}), "semua"},
		{o.c.objectText(bot.Audit{Action: "tarik", Object: "jam-tps"}), "Jam buka TPS"},
		{o.c.objectText(bot.Audit{Action: "sakelar", Object: "webchat"}), "Obrolan web"},
		{detailText(bot.Audit{Action: "kegiatan", Detail: "forum-warga"}), "forum warga"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	if page := o.first().get("/fakta/hari-pemungutan-2024"); !strings.Contains(page.body, "<h1>Hari pemungutan 2024</h1>") || !strings.Contains(page.body, "{hari-pemungutan-2024}") {
		t.Error("the page of a fact lacks its name, or how a text names it")
	}
}
