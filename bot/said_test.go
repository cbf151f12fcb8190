package bot_test

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"tanya/bot"
	"tanya/faq"
	"tanya/locales"
)

// The tests here look at everything that can be said: every entry by every key, in every language, plain and easy, on
// days before, on and after the dates that it names, and every sentence of the program's own.

// days are instants in every phase of the elections that the content knows.
func days() []time.Time {
	var out []time.Time
	for _, s := range []string{
		"2024-06-15 09:00", "2024-08-28 10:00", "2024-09-06 09:00", "2024-10-20 20:00", "2024-11-20 23:59", "2024-11-24 02:00", "2024-11-26 21:00",
		"2024-11-27 06:59", "2024-11-27 12:30", "2024-11-27 13:01", "2024-12-20 08:00", "2025-03-15 13:00", "2026-02-20 09:00", "2026-11-24 09:00", "2027-01-15 09:00",
	} {
		t, err := time.ParseInLocation("2006-01-02 15:04", s, faq.Jakarta())
		if err != nil {
			panic(err)
		}
		out = append(out, t)
	}
	return out
}

// said is one reply and how it came to be.
type said struct {
	bot.Reply
	how string
}

// everything taps every entry and topic in every way.
func everything(t *testing.T) []said {
	t.Helper()
	d, err := office()
	if err != nil {
		t.Fatal(err)
	}
	ed, err := content()
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, id := range ed.IDs() {
		keys = append(keys, "e:"+id)
	}
	for _, topic := range ed.Topics() {
		keys = append(keys, "t:"+topic)
	}
	keys = append(keys, "menu", "person", "c:start", "c:kind:money", "c:when:0", "c:when:older", "c:ready:all", "c:ready:some", "q:x:y:1", "fb:down")
	var out []said
	for _, now := range days() {
		for _, l := range faq.Langs() {
			for _, easy := range []bool{false, true} {
				for _, k := range keys {
					s := bot.Session{Welcomed: true, Updated: now, Lang: l, Fixed: true, Easy: easy}
					got, err := d.Turn(t.Context(), s, bot.Message{Channel: "test", Kind: bot.Tap, Choice: k, Received: now}, now)
					if err != nil {
						t.Fatal(err)
					}
					for _, r := range got.Replies {
						out = append(out, said{r, fmt.Sprintf("%s %s easy=%t %s", k, l, easy, now.Format("2006-01-02 15:04"))})
					}
				}
			}
		}
	}
	return out
}

// sentences are the program's own sentences for citizens, with their open places filled in.
func sentences(t *testing.T) map[string]string {
	t.Helper()
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, k := range locales.Keys() {
		for _, tag := range locales.Tags() {
			out[tag+" "+string(k)] = raw(t, words, tag, k)
		}
	}
	return out
}

// Everything that a person reads in one message: at most 600 characters of answer, 1,000 with what stands around it.
const (
	answerMax = 600
	replyMax  = 1000
)

var (
	links = regexp.MustCompile(`https?://[^\s)]+`)
	// numericDate is a date as nobody reads it alike.
	numericDate = regexp.MustCompile(`\b\d{1,2}/\d{1,2}/\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}-\d{1,2}-\d{4}\b`)
	// bare is an opening that affirms or denies a question that the program cannot have understood fully.
	bareOpening = regexp.MustCompile(`(?i)^(ya|iya|tidak|bukan|boleh|bisa|benar|betul|salah|nggih|inggih|mboten|saged|leres|lepat|yes|no|true|false|correct|right|wrong)\b\s*[.,!;:]`)
	slang       = regexp.MustCompile(`(?i)\b(kamu|kau|lu|lo|gue|gua|elo|elu|bro|sis|guys|woi)\b`)
)

// TestEverythingThatCanBeSaid is properties C1, C3, C6, C7, C9, S8, S9, S13 and S17 over all of it.
func TestEverythingThatCanBeSaid(t *testing.T) {
	hosts := allowed(t)
	seen := map[string]bool{}
	longest := map[string]int{}
	all := everything(t)
	for _, r := range all {
		whole := r.Numbered()
		if id := string(r.Lang) + whole; seen[id] {
			continue
		} else {
			seen[id] = true
		}
		check(t, r.how, whole, hosts)
		longest["text"] = max(longest["text"], utf8.RuneCountInString(r.Text))
		longest["reply"] = max(longest["reply"], utf8.RuneCountInString(links.ReplaceAllString(whole, "")))
		if n := utf8.RuneCountInString(r.Text); n > answerMax && r.Entry != "" {
			t.Errorf("%s: %d characters of answer", r.how, n)
		}
		if n := utf8.RuneCountInString(links.ReplaceAllString(whole, "")); n > replyMax {
			t.Errorf("%s: %d characters without links", r.how, n)
		}
		if len(r.Choices) > 7 {
			t.Errorf("%s: %d choices", r.how, len(r.Choices))
		}
		for _, c := range r.Choices {
			if len(c.Key) > 64 || utf8.RuneCountInString(c.Label) > 24 || c.Label == "" {
				t.Errorf("%s: choice %q %q", r.how, c.Key, c.Label)
			}
		}
		if strings.HasPrefix(r.Entry, "tolak-") || r.Entry == "" {
			continue
		}
		if bareOpening.MatchString(r.Text) {
			t.Errorf("%s opens with a bare yes or no: %.60q", r.how, r.Text)
		}
	}
	t.Logf("%d replies, %d different; longest answer %d, longest reply %d characters without links", len(all), len(seen), longest["text"], longest["reply"])
	for how, s := range sentences(t) {
		if strings.HasPrefix(strings.SplitN(how, " ", 2)[1], "wa_") {
			continue // for the operator
		}
		check(t, how, s, hosts)
		if utf8.RuneCountInString(s) > replyMax {
			t.Errorf("%s: %d characters", how, utf8.RuneCountInString(s))
		}
	}
}

// check looks at one text as a person would.
func check(t *testing.T, how, s string, hosts []string) {
	t.Helper()
	if found := numericDate.FindString(links.ReplaceAllString(s, "")); found != "" {
		t.Errorf("%s: a date in figures: %s", how, found)
	}
	if found := slang.FindString(s); found != "" {
		t.Errorf("%s: %q is no way to speak to a citizen", how, found)
	}
	for _, r := range s {
		if r > 0x2190 && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			t.Errorf("%s: a sign that a screen reader spells out: %q", how, r)
		}
	}
	for _, l := range links.FindAllString(s, -1) {
		host, _, _ := strings.Cut(strings.SplitN(l, "//", 2)[1], "/")
		host, _, _ = strings.Cut(strings.TrimRight(host, ".,;"), ":")
		if !slices.ContainsFunc(hosts, func(h string) bool { return host == h || strings.HasSuffix(host, "."+h) }) {
			t.Errorf("%s: %s is not on the list of sites", how, l)
		}
		if strings.HasSuffix(strings.ToLower(l), ".apk") {
			t.Errorf("%s: %s is a program", how, l)
		}
	}
}

// allowed reads the list of sites whose links may be shown.
func allowed(t *testing.T) []string {
	t.Helper()
	b, err := fs.ReadFile(faq.Content(), "hosts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range regexp.MustCompile(`(?m)^- \{host: ([^,]+),.*shown: true`).FindAllStringSubmatch(string(b), -1) {
		out = append(out, m[1])
	}
	if len(out) < 5 {
		t.Fatalf("%d sites", len(out))
	}
	return out
}

// TestAnswersNameTheirSource is property S8 for the reader: below every answer of the office stands who says it.
func TestAnswersNameTheirSource(t *testing.T) {
	ed, err := content()
	if err != nil {
		t.Fatal(err)
	}
	missing := map[string]bool{}
	for _, r := range everything(t) {
		e := ed.Entry(r.Entry)
		if e == nil || e.Guard || r.Outcome != bot.Answered || r.Footer != "" && len(r.Sources) > 0 {
			continue
		}
		if r.Entry != "tentang-bot" && !missing[r.Entry] { // what the program says of itself has no other source
			missing[r.Entry] = true
			t.Errorf("%s: no source", r.how)
		}
	}
}

// TestFirstContact is properties C18, S16 and P9: what the first reply says, whatever the first message was, and that it
// says it once.
func TestFirstContact(t *testing.T) {
	d, err := office()
	if err != nil {
		t.Fatal(err)
	}
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range locales.Tags() {
		s := words.Text(tag, locales.Welcome, nil)
		if n := utf8.RuneCountInString(s); n > 400 {
			t.Errorf("%s: the first-contact text has %d characters", tag, n)
		}
		for _, must := range []string{"KPU", "APK", "NIK", "OTP", "PRIVA"} {
			if !strings.Contains(s, must) && !(tag == "en" && must == "NIK" && strings.Contains(s, "ID")) {
				t.Errorf("%s: the first-contact text says nothing of %s", tag, must)
			}
		}
	}
	now := time.Date(2024, 11, 20, 9, 0, 0, 0, faq.Jakarta())
	for _, m := range []bot.Message{
		{Kind: bot.Text, Text: "kapan coblosan"}, {Kind: bot.Text, Text: "halo"}, {Kind: bot.Text, Text: "menu"}, {Kind: bot.Text, Text: "xqzw"}, {Kind: bot.Text, Text: "kuis"},
		{Kind: bot.Text, Text: "🙏"}, {Kind: bot.Text, Text: "ya"}, {Kind: bot.Text, Text: "1"}, {Kind: bot.Text, Text: "petugas"}, {Kind: bot.Text, Text: "when is the election"},
		{Kind: bot.Text, Text: "kulo nuwun"}, {Kind: bot.Voice}, {Kind: bot.Tap, Choice: "e:jam-tps"}, {Kind: bot.Text, Text: "dasar goblok"}, {Kind: bot.Text, Text: "pilih siapa"},
	} {
		m.Channel, m.Received = "test", now
		first, err := d.Turn(t.Context(), bot.Session{}, m, now)
		if err != nil || len(first.Replies) == 0 {
			t.Fatalf("%+v: %v", m, err)
		}
		var all strings.Builder
		for _, r := range first.Replies {
			all.WriteString(r.Numbered())
		}
		if n := strings.Count(all.String(), "OTP"); n == 0 || !strings.Contains(all.String(), "PRIVA") || !strings.Contains(all.String(), "KPU") {
			t.Errorf("%q %s: the first reply does not say who speaks:\n%s", m.Text, m.Kind, all.String())
		}
		again, err := d.Turn(t.Context(), *first.Session, bot.Message{Channel: "test", Kind: bot.Text, Text: "menu", Received: now}, now)
		if err != nil || again.Replies[0].Note != "" {
			t.Errorf("%q: the notice comes twice (%v)", m.Text, err)
		}
	}
}

// TestGreetingsDoNotEatTheQuestion is property C8.
func TestGreetingsDoNotEatTheQuestion(t *testing.T) {
	now := time.Date(2024, 11, 20, 9, 0, 0, 0, faq.Jakarta())
	greetings := []string{
		"assalamualaikum", "assalamu'alaikum wr wb", "salam", "selamat pagi", "selamat malam", "sugeng enjing", "sugeng siang", "sugeng sonten", "sugeng dalu", "kulo nuwun", "nuwun sewu",
		"permisi", "punten", "halo min", "halo kak", "halo pak", "halo bu", "hai", "hello", "good morning", "min", "mau tanya", "nyuwun pirsa", "shalom", "om swastiastu",
	}
	questions := map[string]string{
		"kapan coblosan": "hari-pemungutan-suara", "jam berapa tps buka": "jam-tps", "undangan belum dapat gimana": "undangan-belum-diterima", "boleh bawa hp ke bilik?": "hp-dan-foto-di-bilik",
	}
	eaten, total := 0, 0
	for _, g := range greetings {
		for q, entry := range questions {
			for _, text := range []string{g + " " + q, g + ", " + q + " matur nuwun"} {
				total++
				got := answer(t, text, now)
				if len(got.Queries) != 1 || got.Queries[0].Entry != entry {
					eaten++
					t.Logf("%q: %+v", text, got.Queries)
				}
			}
		}
	}
	if eaten > total/50 {
		t.Errorf("%d of %d questions behind a greeting are not understood", eaten, total)
	}
}

// TestPersonFromAnywhere is property C12: one step to a person, from every state, also at two on a Sunday.
func TestPersonFromAnywhere(t *testing.T) {
	d, err := office()
	if err != nil {
		t.Fatal(err)
	}
	night := time.Date(2024, 11, 24, 2, 0, 0, 0, faq.Jakarta())
	for _, before := range [][]string{nil, {"menu"}, {"menu", "3"}, {"kapan coblosan"}, {"kuis"}, {"siapkan laporan"}, {"siapkan laporan", "1"}, {"xqzw"}, {"xqzw", "wqzx"}, {"mode mudah"}, {"stop"}, {"bahasa"}, {"jawaban kurang membantu"}} {
		for _, word := range []string{"petugas", "PETUGAS", "/petugas", "officer", "petugas ya"} {
			s := bot.Session{}
			var out bot.Settlement
			for _, text := range append(slices.Clone(before), word) {
				if out, err = d.Turn(t.Context(), s, bot.Message{Channel: "test", Kind: bot.Text, Text: text, Received: night}, night); err != nil {
					t.Fatal(err)
				}
				s = *out.Session
			}
			if len(out.Replies) != 1 || !strings.Contains(out.Replies[0].Text, "kab-blora.kpu.go.id") {
				t.Errorf("%q after %q: %+v", word, before, out.Replies)
			}
		}
	}
}

// TestNotTextIsAnsweredOnceAndCounted is property C13 for the dialogue. A message has no field for media, so that there
// is nothing to fetch; each channel's own tests count the fetches at the platform.
func TestNotTextIsAnsweredOnceAndCounted(t *testing.T) {
	d, err := office()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, faq.Jakarta())
	for _, k := range []bot.Kind{bot.Voice, bot.Picture, bot.Video, bot.Sticker, bot.File, bot.Location, bot.Contact, bot.Other} {
		out, err := d.Turn(t.Context(), bot.Session{}, bot.Message{Channel: "test", Kind: k, Text: "a caption", Received: now}, now)
		if err != nil || len(out.Replies) != 1 || out.Replies[0].Outcome != bot.NotText || len(out.Queries) != 1 || out.Queries[0].Text != "" {
			t.Errorf("%s: %+v %v", k, out, err)
		}
	}
}

// TestStopIsConfirmedOnce is property C17 for the dialogue: what waits is cancelled, one sentence, then silence until the
// person writes again.
func TestStopIsConfirmedOnce(t *testing.T) {
	d, err := office()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, faq.Jakarta())
	for _, word := range []string{"STOP", "stop", "berhenti", "BERHENTI!", "/stop", "mandheg", "unsubscribe", "jangan kirim lagi", "stop min"} {
		s := bot.Session{Welcomed: true, Updated: now}
		for i, want := range []int{1, 0, 0} {
			out, err := d.Turn(t.Context(), s, bot.Message{Channel: "test", Kind: bot.Text, Text: word, Received: now}, now)
			if err != nil || len(out.Replies) != want || !out.Silence {
				t.Errorf("%q for the %d. time: %d replies, silence %t, %v", word, i+1, len(out.Replies), out.Silence, err)
			}
			s = *out.Session
		}
	}
}

// TestNeverTheSameFallbackTwice is property C11.
func TestNeverTheSameFallbackTwice(t *testing.T) {
	d, err := office()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, faq.Jakarta())
	for _, texts := range [][]string{
		{"xqzw", "wqzx", "zzqq", "qxqx"}, {"resep lodeh tewel", "harga gabah", "cara ternak lele", "jadwal bioskop"}, {"xqzw", "tidak", "xqzw", "gak"},
	} {
		s, last := bot.Session{Welcomed: true, Updated: now}, ""
		for i, text := range texts {
			at := now.Add(time.Duration(i) * 2 * time.Minute)
			out, err := d.Turn(t.Context(), s, bot.Message{Channel: "test", Kind: bot.Text, Text: text, Received: at}, at)
			if err != nil || len(out.Replies) != 1 {
				t.Fatalf("%q: %d replies, %v", text, len(out.Replies), err)
			}
			if said := out.Replies[0].Text + out.Replies[0].Prompt; said == last {
				t.Errorf("%q after %q is answered the same way again: %.80q", text, texts[:i], said)
			} else {
				last = said
			}
			s = *out.Session
		}
	}
}

// TestOtherRegions is property S5.
func TestOtherRegions(t *testing.T) {
	now := time.Date(2024, 11, 10, 9, 0, 0, 0, faq.Jakarta())
	regions := []string{
		"Banjarnegara", "Banyumas", "Batang", "Boyolali", "Brebes", "Cilacap", "Demak", "Grobogan", "Jepara", "Karanganyar", "Kebumen", "Kendal", "Klaten", "Kudus", "Magelang", "Pati",
		"Pekalongan", "Pemalang", "Purbalingga", "Purworejo", "Rembang", "Semarang", "Sragen", "Sukoharjo", "Tegal", "Temanggung", "Wonogiri", "Wonosobo", "Salatiga", "Surakarta",
		"Bojonegoro", "Ngawi", "Tuban",
	}
	questions := []string{"kapan pilkada %s", "jam buka tps di %s", "siapa calon bupati %s", "berapa jumlah pemilih %s", "kpu %s di mana"}
	wrong, total := 0, 0
	for _, place := range regions {
		for _, q := range questions {
			total++
			for _, r := range answer(t, fmt.Sprintf(q, place), now).Replies {
				if r.Outcome == bot.Answered {
					wrong++
					t.Logf("%s: %.70s", fmt.Sprintf(q, place), r.Text)
				}
			}
		}
	}
	if wrong > 0 {
		t.Errorf("%d of %d questions about other regions get Blora's answer", wrong, total)
	}
}

// TestOwnStatusIsNotLookedUp is property S18: whoever asks about her own name, or that of somebody near her, is sent to the
// official checker, and not with a list of choices. Who says that a name is missing is told what to do.
func TestOwnStatusIsNotLookedUp(t *testing.T) {
	now := time.Date(2024, 11, 10, 9, 0, 0, 0, faq.Jakarta())
	for _, q := range []string{
		"apakah saya terdaftar", "saya sudah terdaftar belum", "nama saya ada di dpt?", "tps saya di mana", "tps saya nomor berapa", "tpsku ngendi", "am i registered", "where is my polling place",
		"cek nama saya dong", "suami saya masuk dpt gak", "apa istri saya terdaftar sebagai pemilih?", "bapak saya ada di daftar pemilih tidak ya", "kula kadhaftar nopo mboten", "bojoku mlebu dpt ra",
		"jenengku ana ing dpt ora", "is my husband registered?", "am I on the voter list", "anak saya udah masuk dpt belum min", "asma kula wonten dpt nopo dereng",
	} {
		out := answer(t, q, now)
		var b strings.Builder
		for _, r := range out.Replies {
			b.WriteString(r.Numbered())
		}
		if !strings.Contains(b.String(), "cekdptonline") || out.Queries[0].Outcome == bot.Choices || out.Queries[0].Outcome == bot.Unknown {
			t.Errorf("%q: %s: %s", q, out.Queries[0].Outcome, b.String())
		}
	}
	for _, q := range []string{"nama saya tidak ada di dpt gimana", "saya belum terdaftar, bisa nyoblos?", "kalau saya terdaftar di dua tps bagaimana", "kenapa nama saya masuk dpt desa lain",
		"nama saya salah tulis di daftar pemilih, benerin ke mana", "bapakku wis seda kok jenenge isih ana ing daftar pemilih", "jenengku dicek ing dpt ora metu, isih oleh milih?"} {
		if out := answer(t, q, now); out.Queries[0].Entry == "cek-daftar-pemilih" && out.Queries[0].Outcome == bot.Answered {
			t.Errorf("%q is only sent to the checker", q)
		}
	}
}

// TestDangerComesFirst: whoever writes of dying, a weapon or a bomb is told where help is, and nothing is kept of it. It
// comes before the steps of the coach and the quiz, in easy mode too, and before being asked to slow down. What is said
// of lamps and telephones is no danger.
func TestDangerComesFirst(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, faq.Jakarta())
	for _, q := range []string{
		"saya mau bunuh diri", "pengen mati saja rasanya", "aku pingin mati wae", "i want to kill myself", "I want to die", "hp rusak, saya mau mati saja", "mending mati", "aku diancam dibunuh tim sukses",
		"ada yang mau dibacok di tps", "ada bom di tps", "TPS kebakaran tolong", "ana bom ning TPS", "saya ingin mengakhiri hidup", "bapak arep dipateni wong", "somebody wants to kill me",
	} {
		for _, before := range [][]string{nil, {"siapkan laporan"}, {"siapkan laporan", "1"}, {"kuis"}, {"mode mudah"}, {"mode mudah", "kuis"}, {"jam berapa tps buka"}, {"xqzw"}} {
			out, s := converse(t, bot.Session{Welcomed: true, Updated: now}, now, append(slices.Clone(before), q)...)
			if len(out.Replies) != 1 || out.Replies[0].Entry != "ancaman-darurat" || !strings.Contains(out.Replies[0].Text, "110") || s.Flow != nil {
				t.Errorf("%q after %q: %+v", q, before, out.Replies)
			}
			for _, row := range out.Queries {
				if row.Text != "" || row.Candidates != nil {
					t.Errorf("%q is kept: %+v", q, row)
				}
			}
		}
	}
	for q, want := range map[string]bool{
		"saya mau bunuh diri": true, "pengen mati saja rasanya": true, "I want to die": true, "aku pingin mati wae": true, "ada bom di tps": false, "saya mau dibacok": false,
	} {
		out, _ := converse(t, bot.Session{Welcomed: true, Updated: now}, now, q)
		if got := strings.Contains(out.Replies[0].Text, "healing119.id") && strings.Contains(out.Replies[0].Text, "119"); got != want {
			t.Errorf("%q is told who listens: %t", q, got)
		}
		if r := out.Replies[0]; strings.Contains(r.Footer, "healing119-id") != want {
			t.Errorf("%q is answered with the source %q", q, r.Footer)
		}
	}
	flooding := bot.Session{Welcomed: true, Updated: now, Burst: 13, BurstAt: now}
	if out, _ := converse(t, flooding, now, "tolong ada bom di tps"); len(out.Replies) != 1 || out.Replies[0].Entry != "ancaman-darurat" {
		t.Errorf("whoever writes fast is not answered in danger: %+v", out.Replies)
	}
	for _, q := range []string{
		"calon itu mau mati-matian membela rakyat", "ktp saya hilang karena rumah kebakaran", "pemilih yang sudah mati kok terdaftar", "listrik mau mati", "listrik di rumah mau mati nih, buruan", "hp saya mau mati",
		"HP mati pas di tps gimana", "mati lampu", "katanya mau mati lampu pas coblosan", "baterai hpku mau mati, jam berapa tps tutup", "sinyal mau mati terus", "kalau mati listrik waktu hitung suara gimana",
	} {
		for _, r := range answer(t, q, now).Replies {
			if r.Entry == "ancaman-darurat" {
				t.Errorf("%q is taken for danger", q)
			}
		}
	}
}
