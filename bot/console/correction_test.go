package console

import (
	"context"
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// TestCorrection is property S15 at the desk: an answer was given, turns out wrong and is published anew; the desk says how
// often which version was given and when, and tells the conversations that still live, once.
func TestCorrection(t *testing.T) {
	o, ani, budi := team(t)
	for i := range 3 {
		o.ask(i+1, bot.Query{Outcome: bot.Answered, Lang: faq.Indonesian, Text: "jam buka tps", Entry: "jam-tps", Topic: "jadwal", Score: 0.9}, false)
	}
	if a := ani.get("/jawaban/jam-tps"); !strings.Contains(a.body, "diberikan 3 kali, 3 di antaranya") {
		t.Errorf("the entry's page: %s", sentenceOf(a))
	}
	same := ani.get("/jawaban/jam-tps/koreksi")
	if !strings.Contains(same.body, "Tidak ada yang perlu dikoreksi") {
		t.Errorf("before anything changed: %s", sentenceOf(same))
	}
	if a := budi.post("/jawaban/jam-tps/koreksi", budi.again()...); a.status != 409 {
		t.Errorf("a correction of nothing: %d", a.status)
	}
	f := ani.entryFields("jam-tps", "teks-sesudah-id", "Pada {pilkada-2024}, Tempat Pemungutan Suara (TPS) buka pukul {jam-buka-tps}-{jam-tutup-tps} WIB, tanpa jeda.\n\n{catatan-aturan-2024}")
	if a := ani.do("POST", "/jawaban/jam-tps/ubah", f); a.status != 200 {
		t.Fatalf("edit: %s", sentenceOf(a))
	}
	path := ani.propose("jam tanpa jeda")
	if a := budi.post(path+"/setujui", append(budi.again(), "alasan", "sudah dibaca bersama, memang benar")...); a.status != 200 {
		t.Fatalf("approve: %d %s", a.status, sentenceOf(a))
	}
	o.clock.add(bot.PublishDelay)
	must(t, o.c.work(context.Background()))
	o.ask(10, bot.Query{Outcome: bot.Answered, Lang: faq.Indonesian, Text: "jam buka tps", Entry: "jam-tps", Topic: "jadwal", Score: 0.9, Edition: 1}, false)

	form := budi.get("/jawaban/jam-tps/koreksi")
	for _, want := range []string{"Diberikan 4 kali", "sama dengan sekarang", "berbeda dari sekarang", "<strong>3 percakapan</strong>"} {
		if !strings.Contains(form.body, want) {
			t.Errorf("the page does not say %q: %s", want, sentenceOf(form))
		}
	}
	if a := budi.post("/jawaban/jam-tps/koreksi", "sandi", "salah", "kode", "000000"); a.status != 403 {
		t.Errorf("without proof: %d", a.status)
	}
	if a := budi.post("/jawaban/jam-tps/koreksi", budi.again()...); a.status != 200 || !strings.Contains(a.body, "dikirim ke 3 percakapan") {
		t.Fatalf("send: %d %s", a.status, sentenceOf(a))
	}
	out, err := o.store.Lease(t.Context(), "webchat", "x", 10, o.clock.now(), o.clock.now().Add(time.Minute))
	must(t, err)
	if len(out) != 3 {
		t.Fatalf("%d replies wait", len(out))
	}
	for _, x := range out {
		if x.Address == "orang-10" || !strings.Contains(x.Reply.Text, "tanpa jeda") {
			t.Errorf("%s is told %q", x.Address, x.Reply.Text)
		}
	}
	if a := budi.get("/jawaban/jam-tps/koreksi"); !strings.Contains(a.body, "tidak ada percakapan yang masih dapat dikirimi") {
		t.Errorf("afterwards: %s", sentenceOf(a))
	}
	trail, err := o.desk.Trail(t.Context(), 0, 5)
	must(t, err)
	if trail[0].Action != "koreksi" || trail[0].Actor != "budi" {
		t.Errorf("the record ends with %+v", trail[0])
	}
}
