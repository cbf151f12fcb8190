package console

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/bottest"
	"tanya/bot/store"
	"tanya/bot/telegram"
	"tanya/locales"
)

// TestCallbackOnTelegram walks the whole road on a Telegram server of others: a person asks what nobody can answer and
// asks to be told; staff write the answer, a colleague approves, it goes live, the person is told and forgotten. The
// times are printed.
func TestCallbackOnTelegram(t *testing.T) {
	peer := bottest.StartCrabline(t)
	o, ani, budi := team(t)
	words, err := locales.New()
	must(t, err)
	channel, err := telegram.New(telegram.Config{Token: peer.Token, API: peer.URL, Wait: time.Second, Rate: 1000}, telegram.Deps{Words: words, Now: o.clock.now})
	must(t, err)
	engine := bot.NewEngine(o.store, o.c.deps.Dialogue.(*bot.Dialogue), []bot.Channel{channel}, bot.EngineOptions{Now: o.clock.now})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- engine.Run(ctx) }()
	go func() {
		for r := range o.store.Bell(ctx) {
			if r.Work == store.OutboxWork {
				engine.WakeSender(r.Channel)
			}
		}
	}()
	defer func() {
		cancel()
		must(t, <-done)
	}()
	sent := func() int { return len(peer.Sent(t)) }
	say := func(text string) bottest.Call {
		t.Helper()
		before := sent()
		peer.Say(t, bottest.Say{Chat: 100000001, Text: text})
		bottest.Eventually(t, "a reply to "+text, func() bool { return sent() > before })
		return peer.Sent(t)[sent()-1]
	}
	mark := time.Now()
	lap := func(what string) {
		t.Logf("%-34s %v", what, time.Since(mark).Round(time.Millisecond))
		mark = time.Now()
	}
	say("apakah becak saya boleh parkir di halaman balai desa waktu coblosan")
	lap("asked, not answered")
	say("kabari saya")
	h, err := o.desk.Health(t.Context())
	must(t, err)
	if h.Callbacks != 1 {
		t.Fatalf("%d people wait, after: %s", h.Callbacks, peer.Sent(t)[sent()-1].Text())
	}
	lap("asked to be told")

	id := "parkir-becak"
	form := url.Values{
		"id": {id}, "topik": {"tps"}, "versi": {"0"}, "pemilik": {"Divisi Teknis Penyelenggaraan"}, "tinjau": {"2027-05-01"}, "soal": {"1"},
		"judul-id": {"Parkir becak"}, "judul-jv": {"Parkir becak"}, "judul-en": {"Pedicab parking"},
		"tanya-id": {"Di mana becak boleh parkir di TPS?"}, "tanya-jv": {"Becak saged parkir wonten pundi?"}, "tanya-en": {"Where may a pedicab park?"},
		"teks-selalu-id":   {"Tempat parkir becak ditunjukkan petugas di pintu masuk Tempat Pemungutan Suara (TPS)."},
		"teks-selalu-easy": {"Tanyakan kepada petugas di pintu TPS. TPS adalah tempat mencoblos. Petugas menunjukkan tempat parkir becak."},
		"teks-selalu-jv":   {"Papan parkir becak dipuntedahaken petugas wonten lawang TPS (papan nyoblos)."},
		"teks-selalu-en":   {"The officer at the entrance of the polling place (TPS) shows where to park a pedicab."},
		"contoh-chat":      {"parkir becak di mana\nbecak boleh masuk halaman gak\nbecak ditaruh di mana pas coblosan\nparkiran becak sebelah mana ya min\nbawa becak parkirnya dmn"},
		"contoh-formal":    {"Di mana tempat parkir becak?\nApakah becak boleh diparkir di halaman?\nBecak diparkir di sebelah mana?"},
		"contoh-ngoko":     {"becak diparkir ning ngendi\nbecak oleh mlebu latar ora"},
		"contoh-krama":     {"becak dipun parkir wonten pundi nggih"},
		"contoh-en":        {"where do I park my pedicab\nis there pedicab parking"},
		"sumber-judul-0":   {"KPU Kabupaten Blora"},
		"sumber-tautan-0":  {"https://kab-blora.kpu.go.id/"},
		"sumber-kutipan-0": {"Petugas di pintu masuk mengatur parkir."},
		"sumber-mutu-0":    {"A"},
	}
	if a := ani.do("POST", "/jawaban-baru", form); a.status != 200 || !strings.Contains(a.path, "ok=simpan") {
		t.Fatalf("not saved: %d %s", a.status, sentenceOf(a))
	}
	path := ani.propose("jawaban baru tentang parkir")
	lap("written and checked by the gate")
	fields := append(budi.again(), "alasan", "dibaca bersama, memang benar")
	if a := budi.post(path+"/setujui", fields...); a.status != 200 {
		p, _ := o.desk.Proposal(t.Context(), 1)
		t.Fatalf("not approved: %d %+v", a.status, p.Report.Findings)
	}
	lap("approved")
	before := sent()
	o.clock.add(bot.PublishDelay)
	must(t, o.c.work(t.Context()))
	lap("live, after ten minutes of waiting")
	bottest.Eventually(t, "the person is told", func() bool { return sent() > before })
	lap("told")
	if last := peer.Sent(t)[sent()-1]; last.Chat() != "100000001" || !strings.Contains(last.Text(), "Tempat parkir becak") {
		t.Errorf("told %s: %s", last.Chat(), last.Text())
	}
	if h, err = o.desk.Health(t.Context()); err != nil || h.Callbacks != 0 {
		t.Errorf("%d people are still remembered (%v)", h.Callbacks, err)
	}
}
