package bot_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"tanya/bot"
)

// TestWalks lets people wander: hundreds of conversations of random messages, taps and pauses. Whatever they do, there is
// an answer of at most two bubbles, a number always points into the list that was shown last, and the session, which is
// what is remembered of them, holds nothing that they typed.
func TestWalks(t *testing.T) {
	d, err := office()
	if err != nil {
		t.Fatal(err)
	}
	typed := []string{
		"menu", "0", "1", "2", "3", "4", "5", "7", "9", "1 2", "siji", "yang pertama", "terakhir", "iya", "gak", "ok", "bukan itu", "petugas", "stop", "/start", "/hapus", "bahasa", "english", "bahasa jawa",
		"bahasa indonesia", "mode mudah", "mode biasa", "kuis", "kuis awal", "kuis akhir", "siapkan laporan", "bagikan", "kabari saya", "jawaban kurang membantu", "membantu", "suwun", "halo", "👍", "?", "salah", "benar",
		"kapan coblosan", "jam berapa tps buka", "terus syaratnya?", "nek sing kuwi piye", "undangan hilang gimana? terus boleh bawa hp?", "tps buka jam berapa? terus kalau undangan belum dapat gimana?",
		"pilih siapa", "zqxkanari bagi amplop 100rb di rt 3", "zqxkanari", "resep zqxkanari", "goblok zqxkanari", "cek zqxkanari dua tiga empat lima enam tujuh delapan", "kapan pilkada tuban", "lapor", "jadwal", "privasi",
	}
	taps := []string{"menu", "person", "none", "wait", "fb:down", "fb:why:wrong", "e:jam-tps", "e:tidak-ada", "t:tps", "t:tidak-ada", "c:start", "c:when:1", "c:ready:all", "c:leave", "q:0:ambil-uang:1", "q:1:undangan-wajib:0", "s:skip", "s:disabilitas", "l:jv", "zqxkanari", ""}
	rnd := rand.New(rand.NewPCG(5, 6))
	for walk := range 120 {
		now := days()[walk%len(days())]
		var s bot.Session
		var shown []bot.Choice
		var trail []string
		for range 25 {
			now = now.Add(time.Duration(rnd.IntN(10)+6) * time.Second)
			if rnd.IntN(40) == 0 {
				now = now.Add(20 * time.Hour)
			}
			m := bot.Message{Channel: "test", Kind: bot.Text, Text: typed[rnd.IntN(len(typed))], Received: now}
			if rnd.IntN(5) == 0 {
				m = bot.Message{Channel: "test", Kind: bot.Tap, Choice: taps[rnd.IntN(len(taps))], Received: now}
			}
			trail = append(trail, m.Text+m.Choice)
			out, err := d.Turn(t.Context(), s, m, now)
			if err != nil {
				t.Fatalf("%q: %v", trail, err)
			}
			if n := len(out.Replies); n > 2 {
				t.Errorf("%q: %d replies", trail, n)
			}
			for _, r := range out.Replies {
				if r.Numbered() == "" || !r.Lang.Valid() {
					t.Errorf("%q: an empty reply", trail)
				}
				if strings.Contains(r.Numbered(), "zqx") {
					t.Errorf("%q: a typed word comes back", trail)
				}
				if len(r.Choices) > 0 {
					shown = r.Choices
				}
			}
			if out.Session == nil {
				s, shown = bot.Session{}, nil
				continue
			}
			s = *out.Session
			if len(s.Offer) > 0 && !slices.Equal(s.Offer, shown) {
				t.Fatalf("%q: a number points into %v, shown was %v", trail, s.Offer, shown)
			}
			if b, err := json.Marshal(s); err != nil || strings.Contains(string(b), "zqx") {
				t.Fatalf("%q: the session remembers %s (%v)", trail, b, err)
			}
		}
	}
}

// BenchmarkCheck compares a forwarded text that is not ours with all that the office says: within a minute, and in the
// first moment of another one.
func BenchmarkCheck(b *testing.B) {
	d, err := office()
	if err != nil {
		b.Fatal(err)
	}
	for name, step := range map[string]time.Duration{"same minute": 0, "next minute": time.Minute} {
		b.Run(name, func(b *testing.B) {
			now := days()[3]
			for b.Loop() {
				now = now.Add(step)
				if _, err := d.Turn(b.Context(), bot.Session{}, bot.Message{Kind: bot.Text, Text: "cek: kabar burung yang panjang sekali tentang apa saja dan siapa saja yang tidak ada di sini sama sekali menurut tetangga"}, now); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
