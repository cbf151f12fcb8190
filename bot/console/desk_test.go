package console

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/store"
	"tanya/faq"
)

// wordsOf is what a page says, without markup, blanks as one.
func wordsOf(a answer) string {
	s := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(mainText.FindString(a.body), " ")
	return strings.Join(strings.Fields(s), " ")
}

// untrained lets the gate measure every edition with the matcher that is there: for tests of what comes after it.
func (o *office) untrained() {
	o.c.deps.Train = func(context.Context, *faq.Edition) (faq.Matcher, error) { return o.knowledge.Load().Matcher, nil }
}

// missed settles n people's question that nobody could answer, near to an entry.
func (o *office) missed(from, n int, text, near string, segment faq.Segment) {
	o.t.Helper()
	for i := range n {
		q := bot.Query{Outcome: bot.Unknown, Lang: faq.Indonesian, Text: text, Segment: segment}
		if near != "" {
			q.Candidates = []faq.Candidate{{Entry: near, Score: 0.4}}
		}
		o.ask(from+i, q, false)
	}
}

// TestOrderOfGroups is the order of the list: people waiting, times how near the next deadline is, times how badly those
// who ask are served. Of two groups that differ in one of these the heavier stands first, and the three multiply.
func TestOrderOfGroups(t *testing.T) {
	o := openOffice(t)
	o.clock.at.Store(time.Date(2024, 11, 21, 2, 0, 0, 0, time.UTC).UnixMilli()) // six days before a voting day
	ani := o.first()
	days := func(entry string) int {
		k := o.knowledge.Load()
		return deadline(k.Edition, k.Edition.Entry(entry), faq.DateOf(o.clock.now(), faq.Jakarta()))
	}
	if near, none := days("jam-tps"), days("kontak-kpu"); near != 7 || none != -1 {
		t.Fatalf("the deadlines are %d and %d days away", near, none)
	}
	for i := range 20 { // people with a disability get no answers, young people do
		o.ask(1000+i, bot.Query{Outcome: bot.Answered, Lang: faq.Indonesian, Text: "tps buka jam berapa", Entry: "jam-tps", Segment: faq.FirstTime}, false)
	}
	o.missed(1100, 20, "apakah ada bis khusus penyandang difabel", "", faq.Disabled)

	o.missed(1, 3, "becak diparkir sebelah mana", "kontak-kpu", "")
	o.missed(11, 2, "saksi mendapat konsumsi nasi kotak", "kontak-kpu", "")
	o.missed(21, 2, "bilik suara memakai kardus warna biru", "jam-tps", "")
	o.missed(31, 3, "kucing peliharaan ikut masuk antrean", "jam-tps", "")
	o.missed(41, 2, "huruf braille dicetak percetakan mana", "kontak-kpu", faq.Disabled)
	o.missed(51, 2, "kursi roda dipinjamkan pagi hari", "jam-tps", faq.Disabled)
	for i := range 2 { // as many people, and two of them wait to be told
		o.ask(61+i, bot.Query{Outcome: bot.Unknown, Lang: faq.Indonesian, Text: "tinta ungu halal sertifikat", Candidates: []faq.Candidate{{Entry: "kontak-kpu", Score: 0.4}}}, true)
	}
	page := ani.get("/pertanyaan")
	var got []string
	for _, m := range regexp.MustCompile(`<a href="/petugas/pertanyaan/\d+" lang="id">([^<]+)</a>`).FindAllStringSubmatch(page.body, -1) {
		got = append(got, m[1])
	}
	place := func(word string) int {
		return slices.IndexFunc(got, func(s string) bool { return strings.Contains(s, word) })
	}
	for _, pair := range []struct{ first, then, why string }{
		{"bis khusus", "kucing", "twenty people before three"},
		{"becak", "saksi", "three people before two, all else the same"},
		{"kucing", "bilik", "three people before two near the same deadline"},
		{"bilik", "saksi", "a deadline before none, as many people"},
		{"bilik", "becak", "two people near a deadline before three without: the factors multiply"},
		{"braille", "saksi", "badly served people before others, as many"},
		{"kursi roda", "braille", "badly served and near a deadline before badly served"},
		{"kursi roda", "kucing", "two badly served before three, near the same deadline"},
		{"tinta", "saksi", "people who wait to be told before people who do not"},
	} {
		if a, b := place(pair.first), place(pair.then); a < 0 || b < 0 || a > b {
			t.Errorf("%s: %q stands at %d, %q at %d", pair.why, pair.first, a, pair.then, b)
		}
	}
	if len(got) != 8 {
		t.Errorf("%d groups, want 8: %q", len(got), got)
	}
	row := func(word string) string {
		i := strings.Index(page.body, word)
		return page.body[i : i+strings.Index(page.body[i:], "</li>")]
	}
	for _, want := range []struct {
		word, says string
		is         bool
	}{
		{"kursi roda", "batas waktu 7 hari lagi", true}, {"kursi roda", "segmen kurang terlayani", true}, {"saksi", "batas waktu", false}, {"saksi", "kurang terlayani", false},
		{"tinta", "2 minta dikabari", true},
	} {
		if strings.Contains(row(want.word), want.says) != want.is {
			t.Errorf("%q says %q: %t", want.word, want.says, !want.is)
		}
	}
}

// TestWhatReachesTheDesk: unanswered, unsure and disliked questions and a sample of answered ones are on the list, with
// what is known about them; search and filters narrow it; what is done to a group is done to all of it.
func TestWhatReachesTheDesk(t *testing.T) {
	o, ani, _ := team(t)
	k := o.knowledge.Load()
	o.ask(1, bot.Query{Outcome: bot.Unknown, Lang: faq.Javanese, Text: "becak dipun parkir wonten pundi [nama]", Segment: faq.Disabled, Previous: bot.Choices,
		Candidates: []faq.Candidate{{Entry: "jam-tps", Score: 0.31, Nearest: "tps bukak jam pinten", Words: []faq.Word{{Text: "parkir", Weight: 1}}}},
		Explain:    faq.Explanation{Why: "Tidak ada jawaban yang cukup mirip.", Words: []string{"becak", "parkir"}, Threshold: 0.83, Bound: "paling banyak 2% salah"}}, false)
	o.ask(2, bot.Query{Outcome: bot.Choices, Lang: faq.Indonesian, Text: "surat suara rusak bagaimana"}, false)
	o.ask(3, bot.Query{Outcome: bot.Answered, Lang: faq.Indonesian, Text: "kantor pindah alamat", Entry: "kontak-kpu", Score: 0.95}, false)
	o.rate(3, "down:wrong")
	o.ask(4, bot.Query{Outcome: bot.Answered, Lang: faq.English, Text: "when does the polling place open", Entry: "jam-tps", Score: 0.95}, false)
	o.ask(5, bot.Query{Outcome: bot.Greeted, Lang: faq.Indonesian, Text: "halo"}, false)

	list := func(query string) string { return wordsOf(ani.get("/pertanyaan" + query)) }
	all := list("")
	for text, listed := range map[string]bool{"becak dipun parkir": true, "surat suara rusak": true, "kantor pindah alamat": true, "polling place open": false, "halo": false} {
		if strings.Contains(all, text) != listed {
			t.Errorf("%q is on the list: %t", text, !listed)
		}
	}
	if a := ani.post("/pertanyaan/contoh"); !strings.Contains(wordsOf(a), "polling place open") {
		t.Errorf("the sample: %s", sentenceOf(a))
	}
	for query, want := range map[string]string{
		"?bahasa=jv": "becak", "?segmen=disabilitas": "becak", "?cari=SURAT": "surat", "?bendera=down": "kantor pindah", "?bendera=sampled": "polling place",
		"?bahasa=en": "polling place", "?saluran=telegram": "", "?status=in_work": "", "?bahasa=jv&cari=surat": "",
	} {
		got := list(query)
		for _, word := range []string{"becak", "surat", "kantor pindah", "polling place"} {
			if strings.Contains(got, word) != (word == want) {
				t.Errorf("%s shows %q: %t", query, word, word != want)
			}
		}
	}
	group := wordsOf(ani.get("/pertanyaan/1"))
	for _, want := range []string{"[nama]", "Baru", "Tidak terjawab", "Obrolan web", "Jawa", "Disabilitas", "sebelumnya: Diberi pilihan", "24 November 2026, 09.00",
		k.Edition.Entry("jam-tps").Title.In(faq.Indonesian), "31%", "tps bukak jam pinten", "Tidak ada jawaban yang cukup mirip.", "becak parkir", "83%"} {
		if !strings.Contains(group, want) {
			t.Errorf("the page of the question lacks %q: %s", want, group)
		}
	}
	if got := wordsOf(ani.get("/pertanyaan/3")); !strings.Contains(got, "dinilai keliru") || !strings.Contains(got, "Dinilai tidak membantu") {
		t.Errorf("a disliked answer: %s", got)
	}
	// New, in work, done or set aside with a reason of the list, and each back again.
	for _, step := range []struct{ status, reason, says string }{{"in_work", "", "Dikerjakan"}, {"answered", "", "Selesai"}, {"dismissed", "tidak-jelas", "Tidak jelas maksudnya"}} {
		a := ani.post("/pertanyaan/status", "soal", "1,2", "status", step.status, "alasan", step.reason)
		for _, id := range []string{"1", "2"} {
			if got := wordsOf(ani.get("/pertanyaan/" + id)); !strings.Contains(got, step.says) {
				t.Errorf("%s: question %s says %s", step.status, id, got)
			}
		}
		if got := wordsOf(ani.get("/pertanyaan/2")); !strings.Contains(got, "Belum terjawab") {
			t.Errorf("why an unsure answer is here: %s", got)
		}
		undo := regexp.MustCompile(`name="perubahan" value="(\d+)"`).FindStringSubmatch(a.body)
		if undo == nil {
			t.Fatalf("%s cannot be undone: %s", step.status, sentenceOf(a))
		}
		ani.post("/pertanyaan/urung", "perubahan", undo[1])
		if got := ani.get("/pertanyaan/2"); !strings.Contains(got.body, `<span class="tanda">Baru</span>`) {
			t.Errorf("%s undone: %s", step.status, sentenceOf(got))
		}
	}
}

// rate says what the person who asked a question thought of the answer.
func (o *office) rate(n int, label string) {
	o.t.Helper()
	ctx, id := context.Background(), fmt.Sprint(n)
	m := bot.Message{Channel: "webchat", External: "nilai-" + id, Address: "orang-" + id, Chat: "chat-" + id, Kind: bot.Text, Text: "tidak", Received: o.clock.now()}
	_, err := o.store.Accept(ctx, bot.Batch{Channel: "webchat", Messages: []bot.Message{m}})
	must(o.t, err)
	for shard := range bot.Shards {
		pending, err := o.store.Claim(ctx, shard, 10)
		must(o.t, err)
		for _, p := range pending {
			must(o.t, o.store.Settle(ctx, bot.Settlement{Message: p.Message, Session: &bot.Session{Updated: o.clock.now()}, Rating: label}))
		}
	}
}

// TestAttachIsUndone: questions that were attached to an answer are free again, and their words leave the draft; what a
// colleague wrote meanwhile stays.
func TestAttachIsUndone(t *testing.T) {
	o, ani, budi := team(t)
	for i, s := range []string{"apakah di tps ada tempat parkir becak", "parkir becak di tps sebelah mana ya"} {
		o.unanswered(i+1, s, true)
	}
	undo := func(a answer) []string {
		t.Helper()
		m := regexp.MustCompile(`name="perubahan" value="(\d+)"`).FindStringSubmatch(a.body)
		if m == nil {
			t.Fatalf("nothing can be undone: %s", sentenceOf(a))
		}
		return []string{"perubahan", m[1]}
	}
	state := func(when string, files, links int, says string) {
		t.Helper()
		d, err := o.desk.DraftFiles(t.Context())
		must(t, err)
		l, err := o.desk.Links(t.Context())
		must(t, err)
		if got := wordsOf(ani.get("/pertanyaan/1")); len(d) != files || len(l) != links || !strings.Contains(got, says) {
			t.Errorf("%s: %d files, %d links, want %d and %d; the page says %s", when, len(d), len(l), files, links, got)
		}
	}
	a := ani.post("/pertanyaan/kaitkan", "soal", "1", "soal", "2", "jawaban", "jam-tps")
	state("attached", 1, 2, "Dikerjakan: menunggu terbit")
	if b := ani.post("/pertanyaan/urung", undo(a)...); b.status != 200 {
		t.Fatalf("undo: %s", sentenceOf(b))
	}
	state("undone", 0, 0, "Baru")

	a = ani.post("/pertanyaan/kaitkan", "soal", "1", "soal", "2", "jawaban", "jam-tps")
	f := budi.entryFields("jam-tps", "pemilik", "Divisi Lain")
	if b := budi.do("POST", "/jawaban/jam-tps/ubah", f); b.status != 200 {
		t.Fatalf("edit: %s", sentenceOf(b))
	}
	ani.post("/pertanyaan/urung", undo(a)...)
	state("undone beside a colleague", 1, 0, "Baru")
	d, err := o.desk.DraftFiles(t.Context())
	must(t, err)
	if !strings.Contains(d[0].Content, "Divisi Lain") || strings.Contains(d[0].Content, "becak") {
		t.Error("the colleague's words are gone, or the question's are not")
	}
	h, err := o.desk.Health(t.Context())
	must(t, err)
	if h.Callbacks != 2 {
		t.Errorf("%d people wait to be told, want 2", h.Callbacks)
	}
}

// TestTry asks what the bot will say on a day: before, on and after a voting day, at an hour, in a language, to a segment,
// in easy words and on a channel without buttons. Each is what the edition says then, with the reasons, and nothing counts.
func TestTry(t *testing.T) {
	o := openOffice(t)
	o.clock.at.Store(time.Date(2024, 11, 20, 2, 0, 0, 0, time.UTC).UnixMilli())
	ani := o.first()
	ed := o.knowledge.Load().Edition
	read := func(entry string, v faq.View) string {
		t.Helper()
		a, err := ed.Answer(entry, v)
		must(t, err)
		return strings.Join(strings.Fields(a.Text), " ")
	}
	at := func(s string) time.Time {
		t.Helper()
		when, err := time.ParseInLocation("2006-01-02 15:04", s, faq.Jakarta())
		must(t, err)
		return when
	}
	hours, company := "jam berapa tps buka", ed.Entry("pendamping-pemilih").Question.In(faq.Indonesian)
	before, after := read("jam-tps", faq.View{Lang: faq.Indonesian, At: at("2024-11-20 09:00")}), read("jam-tps", faq.View{Lang: faq.Indonesian, At: at("2024-11-28 09:00")})
	if before == after {
		t.Fatal("the answer does not change after the day")
	}
	seen := map[string]bool{}
	for _, tt := range []struct {
		name, ask string
		form      string
		entry     string
		view      faq.View
	}{
		{"a week before", hours, "hari=2024-11-20", "jam-tps", faq.View{Lang: faq.Indonesian, At: at("2024-11-20 09:00")}},
		{"the day before", hours, "hari=2024-11-26", "jam-tps", faq.View{Lang: faq.Indonesian, At: at("2024-11-26 09:00")}},
		{"on the day, late", hours, "hari=2024-11-27&jam=23:59", "jam-tps", faq.View{Lang: faq.Indonesian, At: at("2024-11-27 23:59")}},
		{"a minute later", hours, "hari=2024-11-28&jam=00:00", "jam-tps", faq.View{Lang: faq.Indonesian, At: at("2024-11-28 00:00")}},
		{"today", hours, "", "jam-tps", faq.View{Lang: faq.Indonesian, At: o.clock.now()}},
		{"in Javanese", hours, "hari=2024-11-20&bahasa=jv", "jam-tps", faq.View{Lang: faq.Javanese, At: at("2024-11-20 09:00")}},
		{"in English", hours, "hari=2024-11-20&bahasa=en", "jam-tps", faq.View{Lang: faq.English, At: at("2024-11-20 09:00")}},
		{"in easy words", hours, "hari=2024-11-20&mudah=1", "jam-tps", faq.View{Lang: faq.Indonesian, Easy: true, At: at("2024-11-20 09:00")}},
		{"to everybody", company, "hari=2024-11-20", "pendamping-pemilih", faq.View{Lang: faq.Indonesian, At: at("2024-11-20 09:00")}},
		{"to a segment", company, "hari=2024-11-20&segmen=disabilitas", "pendamping-pemilih", faq.View{Lang: faq.Indonesian, Segment: faq.Disabled, At: at("2024-11-20 09:00")}},
	} {
		a := ani.get("/coba?tanya=" + url.QueryEscape(tt.ask) + "&" + tt.form)
		want, got := read(tt.entry, tt.view), wordsOf(a)
		if !strings.Contains(got, want) {
			t.Errorf("%s: the page does not say %q but %s", tt.name, want, got)
		}
		if shown := "Jawaban pada " + o.c.moment(tt.view.At); !strings.Contains(got, shown) {
			t.Errorf("%s: the page lacks %q", tt.name, shown)
		}
		for _, why := range []string{"Penjelasan", "Terjawab: " + ed.Entry(tt.entry).Title.In(faq.Indonesian), "Keyakinan", "Contoh terdekat", "Perlu keyakinan", "Dari mana batas itu"} {
			if !strings.Contains(got, why) {
				t.Errorf("%s: the page lacks %q", tt.name, why)
			}
		}
		seen[want] = true
	}
	if len(seen) < 8 {
		t.Errorf("only %d texts differ", len(seen))
	}
	for channel, buttons := range map[string]bool{"webchat": true, "telegram": true, "whatsapp": false} {
		a := ani.get("/coba?tanya=" + url.QueryEscape(hours) + "&saluran=" + channel)
		if strings.Contains(a.body, `class="pilihan"`) != buttons || regexp.MustCompile(`\n1\. `).MatchString(a.body) == buttons {
			t.Errorf("%s: choices are buttons: %t", channel, !buttons)
		}
		if !strings.Contains(a.body, `value="`+channel+`" selected`) {
			t.Errorf("%s is not what the page says", channel)
		}
	}
	tally, err := o.desk.Tally(t.Context(), time.Time{})
	must(t, err)
	if len(tally) > 0 {
		t.Errorf("trying is counted: %+v", tally)
	}
	// The calendar tells the same change beforehand, and what is overdue for review.
	cal := wordsOf(ani.get("/kalender"))
	for _, want := range []string{"28 November 2024", "8 hari lagi", ed.Entry("jam-tps").Title.In(faq.Indonesian)} {
		if !strings.Contains(cal, want) {
			t.Errorf("the calendar lacks %q", want)
		}
	}
	if !strings.Contains(cal, "Terlambat ditinjau Tidak ada.") {
		t.Error("something is overdue in 2024")
	}
	o.clock.at.Store(at("2027-05-02 09:00").UnixMilli())
	ani.signIn()
	if _, late, _ := strings.Cut(ani.get("/kalender").body, "Terlambat ditinjau"); !strings.Contains(late, `href="/petugas/jawaban/jam-tps"`) || !strings.Contains(late, ed.Entry("jam-tps").Owner) {
		t.Errorf("what is overdue is not listed: %s", late)
	}
}

// TestOverview counts a week by hand and looks for each figure on the page, and in the table behind the picture.
func TestOverview(t *testing.T) {
	o, ani, _ := team(t)
	start := o.clock.now()
	n := 0
	ask := func(back time.Duration, q bot.Query, wait bool) int {
		n++
		o.clock.at.Store(start.Add(-back).UnixMilli())
		q.Lang, q.Text = faq.Indonesian, fmt.Sprintf("pertanyaan nomor %d tentang hal lain", n)
		o.ask(n, q, wait)
		return n
	}
	day := 24 * time.Hour
	for range 3 {
		ask(0, bot.Query{Outcome: bot.Answered, Entry: "jam-tps", Segment: faq.FirstTime}, false)
	}
	first := ask(0, bot.Query{Outcome: bot.Unknown}, true)
	ask(0, bot.Query{Outcome: bot.Choices}, false)
	ask(0, bot.Query{Outcome: bot.Greeted}, false) // no question
	ask(3*day, bot.Query{Outcome: bot.Declined}, false)
	second := ask(3*day, bot.Query{Outcome: bot.Unknown}, true)
	third := ask(3*day, bot.Query{Outcome: bot.Unknown}, false)
	for range 12 {
		ask(9*day, bot.Query{Outcome: bot.Answered, Entry: "jam-tps", Segment: faq.FirstTime}, false)
	}
	o.clock.at.Store(start.Add(5 * time.Hour).UnixMilli())
	for _, id := range []int{first, second} { // 5 hours and three days and 5 hours: the middle of the two is 41
		if _, err := o.desk.ChangeReviews(t.Context(), bot.ReviewChange{Queries: []int64{int64(id)}, Status: bot.ReviewDone, By: "ani", At: o.clock.now()}); err != nil {
			t.Fatal(err)
		}
	}
	_ = third
	o.panel.channels = []bot.ChannelStatus{
		{Name: "webchat", Up: true, Position: bot.On}, {Name: "telegram", Since: start, Trouble: "Token ditolak Telegram.", Stopped: true, Position: bot.On},
		{Name: "whatsapp", Up: true, Position: bot.Paused, TurnedBy: "ani", Why: "nomor diganti"},
	}
	ani.signIn()
	page := ani.get("/")
	got := wordsOf(page)
	for _, want := range []string{
		"5 pertanyaan hari ini, 60% terjawab, 1 tidak terjawab",
		"8 dalam 7 hari, 50% terjawab, 3 tidak terjawab",
		"2 orang minta dikabari",
		"41 jam",
		"dari 2 pertanyaan dalam 4 pekan",
		"2 pertanyaan baru untuk Anda",
		"Telegram mati", "Token ditolak Telegram.", "Yang perlu dilakukan", "WhatsApp dijeda oleh ani", "nomor diganti",
		"Pemilih pemula 15 100%",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %q: %s", want, got)
		}
	}
	if strings.Contains(got, "Obrolan web mati") {
		t.Error("a channel that works is said to be down")
	}
	rows := regexp.MustCompile(`<tr><th scope="row"><time datetime="(\d{4}-\d{2}-\d{2})">[^<]*</time></th><td class="num">(\d+)</td><td class="num">(\d+)</td></tr>`).FindAllStringSubmatch(page.body, -1)
	if len(rows) != 14 {
		t.Fatalf("the table behind the picture has %d days", len(rows))
	}
	for back, want := range map[int]string{0: "5 3", 3: "3 1", 9: "12 12", 1: "0 0"} {
		row := rows[13-back]
		if row[2]+" "+row[3] != want || row[1] != faq.DateOf(start.Add(-time.Duration(back)*day), faq.Jakarta()).String() {
			t.Errorf("%d days ago: %v, want %s", back, row[1:], want)
		}
	}
	if bars := strings.Count(page.body, `<rect class="a"`); bars != 14 {
		t.Errorf("the picture has %d bars", bars)
	}
	// A fact that ends within two months is announced.
	ed := o.knowledge.Load().Edition
	id := ed.Facts()[0]
	o.clock.at.Store(ed.Fact(id).Until.Add(-30).Start(faq.Jakarta()).Add(9 * time.Hour).UnixMilli())
	ani.signIn()
	if a := ani.get("/"); !strings.Contains(a.body, `href="/petugas/fakta/`+id+`"`) || !strings.Contains(a.body, "30 hari lagi") {
		t.Errorf("fact %s ends in 30 days and nobody is told: %s", id, wordsOf(a))
	}
}

// TestPublishing goes the road of an edition where it is not straight: a date is shown large, a blocked proposal passes
// with a second person's reason, one that waits is cancelled, an older edition comes back, everybody is told of a critical
// change.
func TestPublishing(t *testing.T) {
	o := openOffice(t)
	o.clock.at.Store(time.Date(2025, 1, 2, 2, 0, 0, 0, time.UTC).UnixMilli())
	ani := o.first()
	budi := ani.hire("budi", "Budi", bot.Approver)
	o.untrained()
	live := func() int64 { return o.knowledge.Load().Edition.Number }
	wait := func() {
		t.Helper()
		o.clock.add(bot.PublishDelay)
		must(t, o.c.work(context.Background()))
	}
	fact := o.knowledge.Load().Edition.Fact("jadwal-penetapan-terpilih")
	setFact := func(value, passage string) {
		t.Helper()
		a := ani.post("/fakta/"+fact.ID, "nilai", value, "dicek", "2026-11-24", "mulai", fact.From.String(), "sampai", fact.Until.String(),
			"sumber-judul", fact.Source.Title, "sumber-tautan", fact.Source.URL, "sumber-dasar", fact.Source.Basis, "sumber-kutipan", passage, "sumber-mutu", fact.Source.Grade)
		if a.status != 200 {
			t.Fatalf("the fact: %d %s", a.status, sentenceOf(a))
		}
	}
	// A date that does not fit its source: large on the page, blocked, and passed on by a second person who says why.
	setFact("2025-01-10", fact.Source.Passage)
	path := ani.propose("tanggal penetapan")
	page := budi.get(path)
	for _, want := range []string{
		`Dari <span class="tanggal-besar"><time datetime="` + fact.Day.String() + `">` + longDay(fact.Day) + `</time></span>`,
		`Menjadi <span class="tanggal-besar"><time datetime="2025-01-10">Jumat, 10 Januari 2025</time></span>8 hari lagi`,
		"Gerbang menahan usulan ini", "kutipan sumbernya menyebut",
	} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the proposal lacks %q: %s", want, sentenceOf(page))
		}
	}
	if a := wordsOf(budi.get("/")); !strings.Contains(a, "Usulan 1 menunggu persetujuan. Mengubah teks penting") {
		t.Errorf("the overview does not tell of the proposal: %s", a)
	}
	if a := budi.post(path+"/setujui", append(budi.again(), "alasan", "pendek")...); a.status != 422 {
		t.Errorf("without a reason: %d", a.status)
	}
	if a := budi.post(path+"/setujui", append(budi.again(), "alasan", "surat keputusan baru sudah kami pegang")...); a.status != 200 {
		t.Fatalf("with a reason: %d %s", a.status, sentenceOf(a))
	}
	wait()
	if live() != 1 {
		t.Fatalf("edition %d is live", live())
	}
	trail, err := o.desk.Trail(t.Context(), 0, 10)
	must(t, err)
	if !slices.ContainsFunc(trail, func(l bot.Audit) bool {
		return l.Action == "lewati" && l.Actor == "budi" && strings.Contains(l.Detail, "surat keputusan baru")
	}) {
		t.Errorf("the record does not say who passed it on and why: %+v", trail)
	}
	if a := wordsOf(ani.get("/")); !strings.Contains(a, "Edisi 1 terbit") || !strings.Contains(a, "Ditulis oleh ani, disetujui oleh budi") {
		t.Errorf("not everybody is told of the change: %s", a)
	}
	// Who asks now is counted under this edition.
	out, err := o.c.deps.Dialogue.Turn(t.Context(), bot.Session{Welcomed: true}, bot.Message{Channel: "webchat", Kind: bot.Text, Text: "jam berapa tps buka"}, o.clock.now())
	must(t, err)
	if len(out.Queries) != 1 || out.Queries[0].Edition != 1 {
		t.Errorf("the row of a question: %+v", out.Queries)
	}
	// The next one is cancelled while it waits; everybody who writes may do so.
	f := ani.entryFields("kontak-kpu", "pemilik", "Sekretariat")
	if a := ani.do("POST", "/jawaban/kontak-kpu/ubah", f); a.status != 200 {
		t.Fatalf("edit: %s", sentenceOf(a))
	}
	path = ani.propose("pemilik baru")
	if a := budi.post(path+"/setujui", append(budi.again(), "alasan", "sudah dibaca bersama kemarin")...); a.status != 200 || !strings.Contains(a.body, "Terbit dalam") {
		t.Fatalf("approve: %d %s", a.status, sentenceOf(a))
	}
	if a := ani.post(path+"/batal", "alasan", "menunggu surat"); a.status != 200 || !strings.Contains(wordsOf(a), "Alasan: menunggu surat") {
		t.Errorf("cancel: %d %s", a.status, sentenceOf(a))
	}
	wait()
	if live() != 1 {
		t.Errorf("a cancelled edition is live: %d", live())
	}
	if a := budi.post(path+"/setujui", append(budi.again(), "alasan", "sudah dibaca bersama kemarin")...); a.status != 409 {
		t.Errorf("a cancelled proposal is approved: %d", a.status)
	}
	// A second edition; then the first comes back as the third, by the same gate and a second person.
	path = ani.propose("pemilik baru, sekali lagi")
	if a := budi.post(path+"/setujui", append(budi.again(), "alasan", "sudah dibaca bersama kemarin")...); a.status != 200 {
		t.Fatalf("approve: %d %s", a.status, sentenceOf(a))
	}
	wait()
	a := ani.post("/edisi/1/pulihkan")
	path, _, _ = strings.Cut(strings.TrimPrefix(a.path, root), "?")
	must(t, o.c.work(context.Background()))
	if a := budi.post(path+"/setujui", append(budi.again(), "alasan", "kembali ke edisi satu")...); a.status != 200 {
		t.Fatalf("approve: %d %s", a.status, sentenceOf(a))
	}
	wait()
	one, err := o.desk.Release(t.Context(), 1)
	must(t, err)
	three, err := o.desk.Release(t.Context(), 3)
	must(t, err)
	if live() != 3 || one.Hash != three.Hash || slices.Equal(one.Signature, three.Signature) {
		t.Errorf("edition %d is live; the third is the first: %t", live(), one.Hash == three.Hash)
	}
	if a := budi.post("/edisi/3/unduh"); a.body != string(three.Content) {
		t.Errorf("handed out are %d bytes of %d", len(a.body), len(three.Content))
	}
	diff := wordsOf(ani.get("/edisi/3"))
	for _, want := range []string{"Kembali ke edisi 1", "Berubah terhadap edisi 2", "tanda tangan cocok", "sedang dipakai", one.Hash} {
		if !strings.Contains(diff, want) {
			t.Errorf("the third edition's page lacks %q: %s", want, diff)
		}
	}
	if _, err := bot.OpenRelease(o.key.Public().(ed25519.PublicKey), three); err != nil {
		t.Error(err)
	}
}

// TestLookingChangesNothing opens every page that is there with a person of every right: a GET writes nothing, so no link
// that somebody is made to follow can do harm.
func TestLookingChangesNothing(t *testing.T) {
	o, ani, _ := team(t)
	o.untrained()
	o.furnish(ani)
	k := *o.knowledge.Load()
	files, err := faq.ReadFiles(k.Edition.Files())
	must(t, err)
	packed, err := files.Pack()
	must(t, err)
	r := bot.SignRelease(o.key, 1, packed)
	must(t, o.store.PutEdition(t.Context(), store.Edition{Number: 1, Hash: r.Hash, Signature: r.Signature, Content: packed, Published: o.clock.now()}))
	state := func() string {
		var b strings.Builder
		add := func(v any, err error) { must(t, err); fmt.Fprintf(&b, "%+v\n", v) }
		add(o.desk.Staff(t.Context()))
		add(o.desk.DraftFiles(t.Context()))
		add(o.desk.Links(t.Context()))
		add(o.desk.ReviewStates(t.Context()))
		add(o.desk.Withdrawn(t.Context()))
		add(o.desk.Trail(t.Context(), 0, 1000))
		add(o.desk.Releases(t.Context()))
		add(o.desk.Health(t.Context()))
		all, err := o.desk.Proposals(t.Context(), 100)
		for _, p := range all {
			add([]any{p.ID, p.State, p.Version}, err)
		}
		fmt.Fprintf(&b, "%+v", o.panel)
		return b.String()
	}
	must(t, o.c.group(t.Context())) // otherwise the first page groups, and keeps what it grouped
	before, n := state(), 0
	for _, route := range o.c.routes() {
		method, path, _ := strings.Cut(route.pattern, " ")
		if method != "GET" {
			continue
		}
		for _, name := range []string{"jam-tps", "hari-pemungutan-2024", "whatsapp", "ani"} {
			where := strings.NewReplacer("{nama}", name, "{id}", "1", "{nomor}", "1", "{kode}", "x", "{$}", "").Replace(path)
			more := "?tanya=jam+buka&status=answered&soal=1&posisi=off&tindakan=nonaktif&alasan=x&periksa=1&ok=tarik&berkas=entries/jadwal/jam-tps.yaml&entri=*"
			if a := ani.get(where + more); a.status == 200 {
				n++
			}
			if where == path {
				break
			}
		}
	}
	if got := state(); got != before {
		t.Errorf("something changed: %.2000s\nwas: %.2000s", got, before)
	}
	if n < 20 {
		t.Errorf("only %d pages were opened", n)
	}
}

// TestPreviewWhileTyping is what the script shows beside the form while somebody writes: the answer on a day, to a segment,
// on a channel and in each language, and what the lint finds, also for an answer that is new and has no name yet.
func TestPreviewWhileTyping(t *testing.T) {
	o, ani, _ := team(t)
	ed := o.knowledge.Load().Edition
	page := func(path string, f url.Values) string {
		t.Helper()
		a := ani.do("POST", path, f)
		if a.status != 200 {
			t.Fatalf("%s: %d %s", path, a.status, a.body)
		}
		return strings.Join(strings.Fields(a.body), " ")
	}
	fresh := url.Values{"topik": {"tps"}, "teks-selalu-id": {"TPS buka pukul {jam-buka-tps} WIB. Pintunya dua."}, "teks-selalu-en": {"It opens at {jam-buka-tps}."}}
	for _, id := range []string{"", "Nama Salah", "pintu-tps"} {
		fresh.Set("id", id)
		got := page("/jawaban-baru/pratinjau", fresh)
		for _, want := range []string{"TPS buka pukul 07.00 WIB. Pintunya dua.", "It opens at 07:00.", "Temuan pada jawaban ini", "contoh pertanyaan; paling sedikit", "belum punya teks Jawa", "Tanggal tinjau belum diisi."} {
			if !strings.Contains(got, want) {
				t.Errorf("named %q, the preview lacks %q: %s", id, want, got)
			}
		}
	}
	fresh.Set("teks-selalu-id", "TPS buka pukul 7.")
	if got := page("/jawaban-baru/pratinjau", fresh); !strings.Contains(got, "Ada angka di luar kurung kurawal pada teks Indonesia") {
		t.Errorf("a typed number is not found: %s", got)
	}
	before, after := ani.entryFields("jam-tps", "hari", "2024-11-20"), ani.entryFields("jam-tps", "hari", "2024-11-28", "saluran", "whatsapp")
	if a, b := page("/jawaban/jam-tps/pratinjau", before), page("/jawaban/jam-tps/pratinjau", after); !strings.Contains(a, "7 hari lagi") || strings.Contains(b, "hari lagi") ||
		!strings.Contains(a, `class="pilihan"`) || strings.Contains(b, `class="pilihan"`) || !strings.Contains(b, "1. "+ed.Entry(ed.Entry("jam-tps").Related[0]).Title.In(faq.Indonesian)) {
		t.Errorf("before: %s\nafter, on WhatsApp: %s", a, b)
	}
	company := ed.Entry("pendamping-pemilih")
	special := strings.Fields(company.Segments[faq.Disabled]["sebelum"]["id"])[:6]
	for segment, want := range map[string]bool{"": false, "disabilitas": true} {
		f := ani.entryFields(company.ID, "hari", "2024-11-20", "segmen", segment)
		if got := page("/jawaban/"+company.ID+"/pratinjau", f); strings.Contains(got, strings.Join(special, " ")) != want {
			t.Errorf("to %q its own wording is shown: %t", segment, !want)
		}
	}
	if n, err := o.desk.DraftFiles(t.Context()); err != nil || len(n) > 0 {
		t.Errorf("looking saves %d files: %v", len(n), err)
	}
}
