package bot_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/faq"
	"tanya/locales"
)

// The tests here are the properties of docs/properties.md that the dialogue must hold whatever a person types.

// messages returns texts of every kind: the held-out questions, what is out of scope, and noise.
func messages(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, f := range []string{"heldout", "far", "near", "heldout2", "far2", "near2", "heldout3", "far3", "near3", "heldout4", "far4", "near4", "heldout5", "far5", "near5", "heldout6", "far6", "near6", "heldout7", "far7", "near7", "heldout8", "far8", "near8"} {
		file, err := os.Open("../faq/eval/testdata/" + f + ".tsv")
		if err != nil {
			t.Fatal(err)
		}
		s := bufio.NewScanner(file)
		for s.Scan() {
			text, _, _ := strings.Cut(s.Text(), "\t")
			out = append(out, text)
		}
		_ = file.Close()
	}
	return append(out,
		"P", "tes", "?", "...", strings.Repeat("a", 4000), strings.Repeat("kapan ", 600), "\u202eretxet", "a\u200db\u200dc", "=HYPERLINK(\"x\")",
		"<script>alert(1)</script>", "../../etc/passwd", "/start K7Q2M", "/start ' OR 1=1 --", "{hari-pemungutan-2024}", "{{.Date}}", "%s%n", "\x00\x01", "🙏🙏🙏", "1️⃣",
		"NIK saya 9900005505050001", "hp 081200000000", "0", "99999999999999999999", "menu menu", "/menu@lain_bot x", "STOP", "hapus", "bagikan", "cek "+strings.Repeat("kata ", 30),
	)
}

// answer lets a fresh conversation answer one message.
func answer(t *testing.T, text string, now time.Time) bot.Settlement {
	t.Helper()
	d, err := office()
	if err != nil {
		t.Fatal(err)
	}
	s := bot.Session{Welcomed: true, Updated: now}
	out, err := d.Turn(t.Context(), s, bot.Message{Channel: "test", Kind: bot.Text, Text: bot.Redact(text), Received: now}, now)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return out
}

// approved is everything that may be said at an instant: the paragraphs of every answer in every wording, and the
// sentences of the catalogue with their open places as patterns.
type approved struct {
	paragraphs map[string]bool
	sentences  []*regexp.Regexp
}

func approvedAt(t *testing.T, now time.Time) approved {
	t.Helper()
	ed, err := content()
	if err != nil {
		t.Fatal(err)
	}
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	a := approved{paragraphs: map[string]bool{}}
	for _, id := range ed.IDs() {
		for _, l := range faq.Langs() {
			for _, easy := range []bool{false, true} {
				for _, seg := range append(faq.AllSegments(), faq.NoSegment) {
					ans, err := ed.Answer(id, faq.View{Lang: l, Easy: easy, Segment: seg, At: now})
					if err != nil {
						continue
					}
					for _, p := range strings.Split(ans.Text, "\n\n") {
						a.paragraphs[p] = true
					}
				}
			}
		}
	}
	open := regexp.MustCompile(`\\{\\{\\.\w+\\}\\}`)
	for _, k := range locales.Keys() {
		for _, tag := range locales.Tags() {
			raw := raw(t, words, tag, k)
			for _, p := range strings.Split(raw, "\n\n") {
				a.sentences = append(a.sentences, regexp.MustCompile(`^`+open.ReplaceAllString(regexp.QuoteMeta(p), `[\pL\d ,.%:-]+`)+`$`))
			}
		}
	}
	return a
}

// raw returns a sentence with its open places still written as {{.Name}}.
func raw(t *testing.T, words *locales.Catalog, tag string, k locales.Key) string {
	t.Helper()
	data := map[string]any{}
	for _, name := range []string{"Time", "Topic", "Max", "Date", "Days", "Count", "N", "Of", "Claim", "Right", "Code", "Words", "Name", "Minutes", "MB", "Link", "Office"} {
		data[name] = "{{." + name + "}}"
	}
	return words.Text(tag, k, data)
}

// allows reports whether a paragraph is approved: as it is, as a sentence of the catalogue, or as two of them.
func (a approved) allows(p string) bool {
	if p == "" || a.paragraphs[p] {
		return true
	}
	for _, re := range a.sentences {
		if re.MatchString(p) {
			return true
		}
	}
	for i := range p {
		if p[i] == ' ' && i > 3 && strings.ContainsRune(".!?:", rune(p[i-1])) && a.sentence(p[:i]) && a.allows(p[i+1:]) {
			return true
		}
	}
	return false
}

func (a approved) sentence(p string) bool {
	return a.paragraphs[p] || slices.ContainsFunc(a.sentences, func(re *regexp.Regexp) bool { return re.MatchString(p) })
}

// TestClosedOutput is promise 1 and property S1: whatever is typed, only approved text comes back.
func TestClosedOutput(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, faq.Jakarta())
	a := approvedAt(t, now)
	for _, m := range messages(t) {
		for _, r := range answer(t, m, now).Replies {
			if r.Outcome == bot.Verified {
				continue // names official words; TestCheckNamesOnlyOfficialWords
			}
			for _, text := range []string{r.Text, r.Prompt, r.Note} {
				for _, p := range strings.Split(text, "\n\n") {
					if !a.allows(p) {
						t.Errorf("to %.60q it says what nobody approved: %q", m, p)
					}
				}
			}
		}
	}
}

// TestNoIdentityComesBack is property S17: no run of nine digits from the input stands in the output.
func TestNoIdentityComesBack(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, faq.Jakarta())
	long := regexp.MustCompile(`\d{9,}`)
	for _, m := range []string{"NIK saya 9900005505050001 cek", "9900 0055 0505 0001", "kk 9900005505050002 tps mana", "wa 081200000000 tolong", "rek 1234567890123"} {
		for _, r := range answer(t, m, now).Replies {
			if found := long.FindString(r.Numbered()); found != "" {
				t.Errorf("to %q comes back %q", m, found)
			}
		}
	}
}

// TestFalseDates is property S3: with no election scheduled no 2024 date is presented as coming.
func TestFalseDates(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, faq.Jakarta())
	coming := regexp.MustCompile(`(?i)(hari lagi|besok|hari ini|in \d+ days|tomorrow|mbenjing|dinten malih)`)
	n := 0
	for _, when := range []string{"kapan", "kpn", "tanggal berapa", "tgl brp", "hari apa", "kapan sih", "kapan ya min", "pinten tanggalipun", "when is", "bulan apa"} {
		for _, what := range []string{"nyoblos", "coblosan", "pemilu", "pilkada", "pemungutan suara", "pilbup blora", "pilgub jateng", "nyoblos lagi", "pemilihan bupati", "election day", "coblosan berikutnya", "pilkada serentak lagi", "nyoblos presiden", "voting day", "pencoblosan", "pilihan bupati", "hari h", "nyoblos gubernur", "pemilu berikutnya", "nyoblos di blora"} {
			n++
			for _, r := range answer(t, when+" "+what, now).Replies {
				if r.Entry != "" && coming.MatchString(r.Text) {
					t.Errorf("%q: %s", when+" "+what, r.Text)
				}
			}
		}
	}
	if n < 200 {
		t.Fatalf("only %d phrasings", n)
	}
}

// TestInvariance is property S6 and the fairness of C9: a name, a party, a faith, a sex, a village or more politeness
// changes nothing in the reply.
func TestInvariance(t *testing.T) {
	now := time.Date(2024, 11, 10, 9, 0, 0, 0, faq.Jakarta())
	swaps := []string{
		"Arief Rohman", "Abu Nafi", "Andika Perkasa", "Ahmad Luthfi", "Sri Setyorini", "Taj Yasin", "Hendrar Prihadi", "Andika Adikrishna",
		"PDIP", "PKB", "Golkar", "Gerindra", "NasDem", "PKS", "PPP", "Demokrat", "Hanura", "PAN", "Perindo", "PSI",
		"calon nomor satu", "calon nomor dua", "paslon 1", "paslon 2", "calon perempuan", "calon laki-laki", "calon muslim", "calon kristen", "calon petahana", "calon muda",
	}
	templates := []string{
		"pilih %s atau tidak ya", "menurut kamu %s bagus ga", "apakah %s jujur", "kenapa harus pilih %s", "siapa yang lebih baik, %s atau lawannya", "tolong dukung %s",
		"%s pantas jadi bupati?", "aku bingung milih %s apa ora", "apik ndi, %s opo liyane", "%s bakal menang ga", "prediksi suara %s berapa persen", "survei %s berapa",
		"elektabilitas %s tinggi ga", "kira kira %s menang gak min", "%s opo iso menang", "who should I vote for, %s?", "is %s the best candidate", "will %s win",
		"saya mau pilih %s, setuju?", "admin dukung %s ya", "apa kelebihan %s", "apa kekurangan %s", "visi %s bagus menurutmu?", "%s korupsi ga sih",
		"apa benar %s orang baik", "%s cocok buat blora?", "coblos %s aja ya min", "jangan pilih %s kan", "kula kedah milih %s nopo mboten", "sae pundi %s kaliyan sanesipun",
		"rekomendasi dong, %s gimana", "%s layak dipilih?", "beri saran, pilih %s atau bukan", "yakin %s menang?", "%s unggul ga di blora", "siapa juara, %s ya",
		"ramal dong %s menang ga", "peluang %s berapa", "kalau %s yang jadi gimana", "pilihan terbaik %s bukan",
	}
	if len(templates) < 40 || len(swaps) < 30 {
		t.Fatalf("%d templates, %d swaps", len(templates), len(swaps))
	}
	for _, tmpl := range templates {
		var first string
		for i, swap := range swaps {
			var b strings.Builder
			for _, r := range answer(t, fmt.Sprintf(tmpl, swap), now).Replies {
				b.WriteString(r.Numbered() + "\n")
			}
			if i == 0 {
				first = b.String()
			} else if b.String() != first {
				t.Errorf("%q: the reply for %q differs from the one for %q:\n%.160s\n---\n%.160s", tmpl, swap, swaps[0], b.String(), first)
				break
			}
		}
	}
}

// TestReportsKeepNothing is property S7: no text of a report is handed to the ledger, and no details are asked for.
func TestReportsKeepNothing(t *testing.T) {
	now := time.Date(2024, 11, 25, 20, 0, 0, 0, faq.Jakarta())
	who := []string{"tim sukses", "orang suruhan calon", "pak kades", "perangkat desa", "relawan", "tetangga saya", "mandor pabrik", "ketua rt", "seorang bapak", "ibu itu"}
	what := []string{"bagi amplop 100rb", "membagikan sembako", "kasih uang 50 ribu", "bagi-bagi beras dan mi", "mengancam warga", "maksa pilih paslon", "menyebar uang", "ngasih amplop", "kirim saldo dana", "bagi sarung"}
	where := []string{"di rt 3 tadi malam", "di desa kami kemarin", "di rumah saya barusan", "mobilnya plat K 1234 AE"}
	total, kept := 0, 0
	for _, a := range who {
		for _, b := range what {
			for _, c := range where[:3] {
				total++
				for _, q := range answer(t, a+" "+b+" "+c+" buat nyoblos", now).Queries {
					if q.Text != "" || len(q.Candidates) > 0 {
						kept++
						if kept < 6 {
							t.Logf("kept: %s %s %s -> %s %s", a, b, c, q.Outcome, q.Entry)
						}
					}
				}
			}
		}
	}
	if total < 300 {
		t.Fatalf("only %d reports", total)
	}
	if kept > 0 {
		t.Errorf("text of %d of %d reports is kept", kept, total)
	}
}

// TestCheckNamesOnlyOfficialWords keeps typed words out of the answer to a forwarded text.
func TestCheckNamesOnlyOfficialWords(t *testing.T) {
	now := time.Date(2024, 11, 20, 9, 0, 0, 0, faq.Jakarta())
	forged := "cek Pada Pilkada 2024, Tempat Pemungutan Suara (TPS) buka pukul 09.00-15.00 WIB kata zzqjahat di lapangan zzqpalsu. Hari pemungutan suara: Rabu, 27 November 2024. Datang lebih awal supaya tidak tergesa-gesa."
	out := answer(t, forged, now)
	for _, r := range out.Replies {
		if strings.Contains(r.Numbered(), "zzq") {
			t.Errorf("a typed word came back: %s", r.Numbered())
		}
	}
	if len(out.Replies) == 0 || out.Replies[0].Outcome != bot.Verified {
		t.Errorf("a forged text is not compared: %+v", out.Replies)
	}
}

// TestSharedTextIsRecognised sends shared answers back: as they are, and changed in one place.
func TestSharedTextIsRecognised(t *testing.T) {
	d, err := office()
	if err != nil {
		t.Fatal(err)
	}
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2024, 11, 12, 9, 0, 0, 0, faq.Jakarta())
	ctx := context.Background()
	same := words.Text("id", locales.VerifySame, nil)
	tried := 0
	for _, id := range []string{"jam-tps", "politik-uang-bentuk", "surat-suara-sah", "pendamping-pemilih", "lapor-ke-mana", "undangan-belum-diterima"} {
		s := bot.Session{Welcomed: true, Updated: now, Lang: faq.Indonesian, About: id}
		out, err := d.Turn(ctx, s, bot.Message{Channel: "test", Kind: bot.Text, Text: "bagikan"}, now)
		if err != nil {
			t.Fatal(err)
		}
		if out.Replies[0].Outcome != bot.Shared {
			continue // counts days, so it is not shared
		}
		tried++
		shared := out.Replies[0].Numbered()
		back, err := d.Turn(ctx, s, bot.Message{Channel: "test", Kind: bot.Text, Text: bot.Redact(shared)}, now)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(back.Replies[0].Text, same) {
			t.Errorf("%s: its own shared text is not recognised: %s", id, back.Replies[0].Text)
		}
		for _, change := range [][2]string{{"tidak", "harus"}, {"Pilkada", "Pilkades"}, {" dan ", " tanpa "}, {"\n\nSumber", " Kirim NIK Anda.\n\nSumber"}} {
			forged := strings.Replace(shared, change[0], change[1], 1)
			if forged == shared {
				continue
			}
			back, err := d.Turn(ctx, s, bot.Message{Channel: "test", Kind: bot.Text, Text: bot.Redact(forged)}, now)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(back.Replies[0].Text, same) {
				t.Errorf("%s: a changed text (%q) is confirmed", id, change[1])
			}
		}
	}
	if tried < 2 {
		t.Fatalf("only %d answers could be shared", tried)
	}
}

// TestAlteredIsNeverConfirmed: whatever the office says, in every language, with one number changed, a word of denial put
// in or left out, or a sentence added, is not confirmed, whether somebody asks to have it checked or only passes it on.
// The text itself is.
func TestAlteredIsNeverConfirmed(t *testing.T) {
	d, err := office()
	if err != nil {
		t.Fatal(err)
	}
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	k, err := knowledge()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2024, 11, 12, 9, 0, 0, 0, faq.Jakarta())
	number := regexp.MustCompile(`\b\d{1,3}\b`)
	no := regexp.MustCompile(`(?i)\b(tidak|mboten|not|never|belum|dereng|bukan|sanes|dilarang|jangan)\b ?`)
	changes := map[string]func(string) string{
		"a number": func(s string) string {
			at := number.FindStringIndex(links.ReplaceAllStringFunc(s, func(l string) string { return strings.Repeat("x", len(l)) }))
			if at == nil {
				return s
			}
			return s[:at[0]] + "33" + s[at[1]:]
		},
		"no more denial": func(s string) string {
			at := no.FindStringIndex(s)
			if at == nil {
				return s
			}
			return s[:at[0]] + s[at[1]:]
		},
		"another link": func(s string) string {
			at := links.FindStringIndex(s)
			if at == nil {
				return s
			}
			return s[:at[0]] + "https://cekdpt-kpu.com." + s[at[1]:]
		},
		"a number to call": func(s string) string { return strings.Replace(s, ". ", ". Hubungi 081200000000. ", 1) },
		"a sentence more":  func(s string) string { return s + " Kirim fotonya ke ketua RT." },
		"a word less":      func(s string) string { f := strings.Fields(s); return strings.Join(append(f[:3:3], f[4:]...), " ") },
	}
	says := func(text string, l faq.Lang, key locales.Key) bool {
		out, err := d.Turn(t.Context(), bot.Session{Welcomed: true, Updated: now, Lang: l, Fixed: true}, bot.Message{Channel: "test", Kind: bot.Text, Text: bot.Redact(text), Received: now}, now)
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(out.Replies, func(r bot.Reply) bool {
			return strings.Contains(r.Text, words.Text(string(l), key, nil))
		})
	}
	kept, altered := 0, 0
	for i, id := range k.Edition.IDs() {
		l := faq.Langs()[i%3]
		r, err := d.Say(id, l, now)
		if i%4 != 0 || err != nil || len(strings.Fields(r.Text)) < 12 { // all of them take a minute
			continue
		}
		lead := []string{words.Text(string(l), locales.ShareLead, nil) + "\n\n", "cek: "}[i/4%2]
		switch {
		case says(lead+r.Text, l, locales.VerifySame):
			kept++
		case says(lead+r.Text, l, locales.VerifyMasked): // redaction took a word of it for a name
		default:
			t.Errorf("%s, %s: its own text is not recognised", id, l)
		}
		for what, change := range changes {
			if text := change(r.Text); text != r.Text {
				if altered++; says(lead+text, l, locales.VerifySame) {
					t.Errorf("%s, %s: confirmed with %s", id, l, what)
				}
			}
		}
	}
	if kept < 25 || altered < 120 {
		t.Fatalf("only %d texts and %d changes were tried", kept, altered)
	}
}

// TestChainLetters: a text that claims to come from the commission and asks to be spread is not ours; a long question or
// story is no such text.
func TestChainLetters(t *testing.T) {
	now := time.Date(2024, 11, 12, 9, 0, 0, 0, faq.Jakarta())
	for text, want := range map[string]bool{
		"PENGUMUMAN KPU: mulai besok semua warga wajib membawa materai sepuluh ribu ke TPS. Sebarkan ke semua grup!":                         true,
		"info dari kpu pusat coblosan dimajukan hari senin karena banjir tolong viralkan ke tetangga kanan kiri ya":                          true,
		"KPU minta warga transfer biaya administrasi surat suara sebelum hari minggu, share ke grup keluarga biar pada tahu":                 true,
		"min katanya kpu bilang kalau undangan belum sampai tetap boleh nyoblos asal bawa ktp, itu benar apa tidak ya mohon dijawab?":        false,
		"saya mau tanya kpu kalau ibu saya umur delapan puluh tahun tidak bisa jalan apakah boleh dibantu anaknya masuk bilik suara":         false,
		"tetangga saya cerita kalau kemarin ada orang datang ke rumah bagi bagi sembako dan minta milih calon tertentu saya harus bagaimana": false,
	} {
		out := answer(t, text, now)
		if got := len(out.Replies) == 1 && out.Replies[0].Outcome == bot.Verified; got != want {
			t.Errorf("%q: compared %t, want %t: %+v", text, got, want, out.Replies)
		}
	}
}

// TestSharedSaysUntilWhen: what is made to be spread names the day until which it holds whenever it speaks of a day, and
// what counts days or ends within two days is not made to be spread.
func TestSharedSaysUntilWhen(t *testing.T) {
	d, err := office()
	if err != nil {
		t.Fatal(err)
	}
	k, err := knowledge()
	if err != nil {
		t.Fatal(err)
	}
	dated := regexp.MustCompile(`\d{1,2} (Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember) \d{4}`)
	counts := regexp.MustCompile(`hari lagi|\bbesok\b|\bhari ini\b|\bkemarin\b`)
	shared, refused := 0, 0
	for _, now := range days() {
		for _, id := range k.Edition.IDs() {
			s := bot.Session{Welcomed: true, Updated: now, Lang: faq.Indonesian, Fixed: true, About: id}
			out, err := d.Turn(t.Context(), s, bot.Message{Channel: "test", Kind: bot.Text, Text: "bagikan", Received: now}, now)
			if err != nil {
				t.Fatal(err)
			}
			r := out.Replies[0]
			if r.Outcome != bot.Shared {
				refused++
				continue
			}
			shared++
			body, _, _ := strings.Cut(r.Text, "\n\nSumber")
			switch {
			case dated.MatchString(body) && (r.Expires.IsZero() || !strings.Contains(r.Text, "Berlaku sampai")):
				t.Errorf("%s at %s is spread without an end: %s", id, now, r.Text)
			case counts.MatchString(body) && r.Expires.Sub(now) < 48*time.Hour:
				t.Errorf("%s at %s is spread although it ends: %s", id, now, r.Text)
			}
		}
	}
	if shared < 300 || refused < 20 {
		t.Errorf("%d shared, %d refused: too few to tell", shared, refused)
	}
}

// TestRedactLeavesOfficialText: a text of the office that somebody passes on comes in as it is, with few exceptions. What
// is masked in it cannot be compared.
func TestRedactLeavesOfficialText(t *testing.T) {
	k, err := knowledge()
	if err != nil {
		t.Fatal(err)
	}
	seen, masked := map[string]bool{}, 0
	for _, id := range k.Edition.IDs() {
		for _, now := range days()[:2] {
			for _, l := range faq.Langs() {
				for _, easy := range []bool{false, l == faq.Indonesian} {
					a, err := k.Edition.Answer(id, faq.View{Lang: l, Easy: easy, At: now})
					if err != nil || seen[a.Text] {
						continue
					}
					seen[a.Text] = true
					if got := bot.Redact(a.Text); got != strings.NewReplacer("https://", "", "http://", "").Replace(a.Text) {
						masked++
						t.Logf("%s, %s: %s", id, l, firstDifference(a.Text, got))
					}
				}
			}
		}
	}
	if len(seen) < 500 || masked*100 > 3*len(seen) {
		t.Errorf("%d of %d texts are masked in part", masked, len(seen))
	}
}
