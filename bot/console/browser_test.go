package console

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/bottest"
	"tanya/faq"
)

// typist is a person at a keyboard.
type typist struct {
	*bottest.Page
	*person
}

// sit opens a browser for a person and signs them in by keyboard.
func (p *person) sit(b *bottest.Browser, look bottest.Look) *typist {
	p.t.Helper()
	s := &typist{b.Page(p.t, look), p}
	s.at("/masuk")
	s.Wait(`document.activeElement.id === "nama"`)
	s.Type(p.login + "\t" + p.password + "\t" + p.code() + "\r")
	s.Wait(`location.pathname === "/petugas/" && document.querySelector(".menu")`)
	return s
}

func (s *typist) at(path string) { s.t.Helper(); s.Go(s.server.URL + root + path) }

// tab presses Tab until the element with the focus fulfils the condition; el stands for it.
func (s *typist) tab(condition string) {
	s.t.Helper()
	for range 250 {
		s.Type("\t")
		if bottest.Value[bool](s.Page, "(el => Boolean(el && ("+condition+")))(document.activeElement)") {
			ok := bottest.Value[bool](s.Page, `(r => r.width > 0 && r.bottom > 0 && r.top < innerHeight)(document.activeElement.getBoundingClientRect())`)
			if !ok {
				s.t.Errorf("the focus is not to be seen: %s", condition)
			}
			return
		}
	}
	s.t.Fatalf("Tab does not reach %s on %s", condition, bottest.Value[string](s.Page, "location.pathname + ' ' + document.querySelector('main').innerText.slice(0, 900)"))
}

// press goes to a button or link by its text and presses Enter.
func (s *typist) press(text string) {
	s.t.Helper()
	s.tab(`el.matches("a, button, summary") && el.textContent.trim().startsWith(` + fmt.Sprintf("%q", text) + `)`)
	s.Type("\r")
}

func (s *typist) says(text string) {
	s.t.Helper()
	s.Wait(`document.body && document.body.innerText.includes(` + fmt.Sprintf("%q", text) + `)`)
}

// furnish puts something on every page.
func (o *office) furnish(ani *person) {
	o.t.Helper()
	for i, s := range []string{
		"apakah di tps ada tempat parkir becak", "parkir becak di tps sebelah mana ya", "becak saya parkir di mana kalau ke tps", "min boleh bawa anak kecil ke bilik suara?",
		"nyoblos nggawa anak cilik oleh ora", "apakah saksi dapat makan siang dari kpu", "jarak rumah ke tps 5 km ada jemputan tidak",
	} {
		o.unanswered(i+1, s, i == 0)
	}
	for i := range 30 {
		outcome := bot.Answered
		if i%5 == 0 {
			outcome = bot.Choices
		}
		o.ask(100+i, bot.Query{Outcome: outcome, Lang: faq.Indonesian, Text: fmt.Sprintf("jam berapa tps %d buka", i), Entry: "jam-tps", Topic: "jadwal", Score: 0.9, Segment: faq.Segment([]string{"", "pemilih-pemula", "disabilitas"}[i%3])}, false)
	}
	if a := ani.post("/pertanyaan/kaitkan", "soal", "6", "jawaban", "kontak-kpu"); a.status != 200 {
		o.t.Fatalf("attach: %s", sentenceOf(a))
	}
	f := ani.entryFields("jam-tps", "teks-sesudah-id", "Pada {pilkada-2024}, Tempat Pemungutan Suara (TPS) buka pukul {jam-buka-tps}-{jam-tutup-tps} WIB.\n\n{catatan-aturan-2024}")
	ani.do("POST", "/jawaban/jam-tps/ubah", f)
	file := o.c.deps.Knowledge().Edition.Fact("jadwal-penetapan-terpilih")
	ani.post("/fakta/"+file.ID, "nilai", "2027-01-10", "dicek", "2026-11-24", "mulai", file.From.String(), "sampai", file.Until.String(),
		"sumber-judul", file.Source.Title, "sumber-tautan", file.Source.URL, "sumber-kutipan", file.Source.Passage, "sumber-mutu", file.Source.Grade)
	ani.propose("Jam TPS ditulis lebih pendek")
	o.panel.channels = []bot.ChannelStatus{
		{Name: "webchat", Up: true, Since: o.clock.now(), LastIn: o.clock.now(), LastOut: o.clock.now(), Position: bot.On},
		{Name: "telegram", Since: o.clock.now(), Trouble: "Token ditolak Telegram.", Stopped: true, Position: bot.On},
		{Name: "whatsapp", Up: true, Since: o.clock.now(), Position: bot.Paused, TurnedBy: "ani", Turned: o.clock.now(), Why: "nomor sedang diganti"},
	}
	o.panel.phone = bot.Pairing{Linkable: true}
}

// deskPages are the pages of a furnished office, one of each kind.
func deskPages() []struct{ name, path string } {
	return []struct{ name, path string }{
		{"ringkasan", "/"}, {"pertanyaan", "/pertanyaan"}, {"pertanyaan-kosong", "/pertanyaan?cari=zzzz"}, {"kelompok", "/pertanyaan/1"}, {"jawaban", "/jawaban"},
		{"entri", "/jawaban/jam-tps"}, {"ubah", "/jawaban/jam-tps/ubah"}, {"baru", "/jawaban-baru?soal=4"}, {"fakta", "/fakta?cari=2024"}, {"fakta-ubah", "/fakta/jadwal-penetapan-terpilih"},
		{"terbit", "/terbit"}, {"usulan", "/usulan/1"}, {"coba", "/coba?tanya=jam+berapa+tps+buka&hari=2024-11-20"}, {"kalender", "/kalender"}, {"saluran", "/saluran"}, {"koreksi", "/jawaban/jam-tps/koreksi"},
		{"orang", "/orang"}, {"catatan", "/catatan?periksa=1"}, {"bantuan", "/bantuan"}, {"akun", "/akun"}, {"galat", "/tidak-ada"},
	}
}

// TestLooks visits every page, light and dark, narrow and wide, with text twice as large and without scripts. A picture
// of each is kept when TANYA_SHOTS names a folder.
func TestLooks(t *testing.T) {
	b := bottest.StartBrowser(t)
	o, ani, budi := team(t)
	o.furnish(ani)
	ani.hire("cici", "Cici Anggraini", bot.Editor)
	ani.post("/jawaban/privasi-bot/tarik", "alasan", "menunggu pembetulan nama kantor")
	invitation := linkText.FindStringSubmatch(ani.post("/orang", "nama_masuk", "dewi", "nama", "Dewi Kusuma", "peran", string(bot.Reader)).body)
	if invitation == nil {
		t.Fatal("no link after inviting somebody")
	}
	ani.post("/pertanyaan/kelompok", "soal", "3", "tindakan", "pisah") // so that the page of a group has a neighbour
	if a := ani.get("/pertanyaan/1"); !strings.Contains(a.body, "Mungkin menanyakan hal yang sama") || !strings.Contains(a.body, "becak saya parkir") {
		t.Errorf("no neighbour is offered: %s", sentenceOf(a))
	}
	for _, look := range []struct {
		name string
		bottest.Look
	}{
		{"desk", bottest.Look{Width: 1280, Height: 800}},
		{"phone", bottest.Look{Width: 390, Height: 844}},
		{"desk-dark", bottest.Look{Width: 1280, Height: 800, Dark: true}},
		{"small", bottest.Look{Width: 320, Height: 568}},
		{"large-text", bottest.Look{Width: 390, Height: 844, Text: 200}},
	} {
		t.Run(look.name, func(t *testing.T) {
			who := *budi
			who.t = t
			s := who.sit(b, look.Look)
			for _, p := range deskPages() {
				s.at(p.path)
				for _, f := range s.Axe(look.name + " " + p.name) {
					t.Logf("axe could not decide on %s: %s %v", p.name, f.ID, f.Nodes)
				}
				if wide := bottest.Value[int](s.Page, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
					t.Errorf("%s %s is %d px wider than the window: %s", look.name, p.name, wide, bottest.Value[string](s.Page, widest))
				}
				s.Shot(look.name+"-"+p.name, true)
			}
			if look.Width < 960 {
				s.Click(".menu-lipat summary")
				s.Wait(`document.querySelector(".menu-lipat nav").offsetHeight > 0`)
				s.Axe(look.name + " menu")
				if n, all := bottest.Value[int](s.Page, `document.querySelectorAll(".menu-lipat li a").length`), bottest.Value[int](s.Page, `document.querySelectorAll(".menu li a").length`); n == 0 || n != all {
					t.Errorf("%s: the menu behind the button has %d places, the one beside the page %d", look.name, n, all)
				}
				s.Shot(look.name+"-menu", false)
			}
			for _, c := range s.Complaints() {
				if !strings.Contains(c, "404") {
					t.Errorf("the browser complains: %s", c)
				}
			}
			boss := *ani
			boss.t = t
			a := boss.sit(b, look.Look)
			for _, p := range []struct {
				name, path string
				phone      bot.Pairing
			}{
				{"orang-admin", "/orang", bot.Pairing{}},
				{"ponsel", "/saluran/whatsapp/ponsel", bot.Pairing{Linkable: true, Trouble: "Waktu habis sebelum ponsel memindai kode."}},
				{"ponsel-kode", "/saluran/whatsapp/ponsel", bot.Pairing{Linkable: true, Running: true, By: "ani", Code: bot.PairingCode{QR: "2@contoh,penautan", Until: o.clock.now().Add(19 * time.Second)}}},
				{"ponsel-tertaut", "/saluran/whatsapp/ponsel", bot.Pairing{Linkable: true, Linked: true}},
			} {
				o.panel.phone = p.phone
				a.at(p.path)
				a.Axe(look.name + " " + p.name)
				if wide := bottest.Value[int](a.Page, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
					t.Errorf("%s %s is %d px wider than the window: %s", look.name, p.name, wide, bottest.Value[string](a.Page, widest))
				}
				a.Shot(look.name+"-"+p.name, true)
			}
			o.panel.phone = bot.Pairing{Linkable: true}
			door := b.Page(t, look.Look)
			door.Go(o.server.URL + root + "/masuk")
			door.Axe(look.name + " masuk")
			door.Shot(look.name+"-masuk", true)
			door.Go(invitation[1])
			door.Axe(look.name + " undangan")
			if wide := bottest.Value[int](door, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
				t.Errorf("%s undangan is %d px wider than the window: %s", look.name, wide, bottest.Value[string](door, widest))
			}
			door.Shot(look.name+"-undangan", true)
		})
	}
}

// TestStates is axe over the states that TestLooks does not come by: an office in which nothing has happened, the door, a
// long list, every state of a proposal, answers that are withdrawn, an edition that is refused, a form with findings.
func TestStates(t *testing.T) {
	b := bottest.StartBrowser(t)
	o, ani, budi := team(t)
	o.untrained()
	door := b.Page(t, bottest.Look{Width: 390, Height: 844})
	s := ani.sit(b, bottest.Look{Width: 390, Height: 844})
	narrow, large := ani.sit(b, bottest.Look{Width: 320, Height: 568, Dark: true}), ani.sit(b, bottest.Look{Width: 390, Height: 844, Text: 200})
	clean := func(p *bottest.Page, state string) {
		t.Helper()
		p.Axe(state)
		if wide := bottest.Value[int](p, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
			t.Errorf("%s is %d px wider than the window: %s", state, wide, bottest.Value[string](p, widest))
		}
		p.Shot("keadaan-"+strings.ReplaceAll(state, " ", "-"), true)
	}
	at := func(path, state string) {
		t.Helper()
		s.at(path)
		clean(s.Page, state)
		narrow.at(path)
		clean(narrow.Page, state+" 320 dark")
		large.at(path)
		clean(large.Page, state+" large text")
	}
	for _, path := range []string{"/", "/pertanyaan", "/terbit", "/saluran", "/kalender"} {
		at(path, "nothing yet "+strings.Trim(path, "/"))
	}
	a := ani.post("/orang", "nama_masuk", "dedi", "nama", "Dedi", "peran", string(bot.Editor))
	door.Go(strings.ReplaceAll(linkText.FindStringSubmatch(a.body)[1], "&amp;", "&"))
	clean(door, "an invitation")
	door.Run(`for (const el of document.querySelectorAll("input[required]")) el.value = "salah"; for (const f of document.forms) f.noValidate = true; document.querySelector("main form").requestSubmit()`)
	door.Wait(`document.querySelector("[aria-invalid]")`)
	clean(door, "an invitation that was filled in wrongly")
	door.Go(o.server.URL + root + "/undangan?kunci=salah")
	clean(door, "an invitation that is over")

	var texts []string
	for i := range 45 {
		texts = append(texts, strings.Repeat(string(rune('a'+i%26)), 5+i/26)+" dibawa ke mana")
	}
	o.askMany(texts)
	at("/pertanyaan", "a long list")
	o.c.board.turn <- struct{}{}
	at("/pertanyaan", "being grouped")
	<-o.c.board.turn

	edit := func(owner string) string {
		t.Helper()
		if a := ani.do("POST", "/jawaban/kontak-kpu/ubah", ani.entryFields("kontak-kpu", "pemilik", owner)); a.status != 200 {
			t.Fatalf("edit: %s", sentenceOf(a))
		}
		a := ani.post("/usulan", "catatan", "pemilik "+owner)
		path, _, _ := strings.Cut(strings.TrimPrefix(a.path, root), "?")
		return path
	}
	path := edit("Sekretariat")
	at(path, "a proposal that is being checked")
	must(t, o.c.work(t.Context()))
	budi.post(path+"/setujui", append(budi.again(), "alasan", "sudah dibaca bersama kemarin")...)
	at(path, "a proposal that waits")
	o.clock.add(bot.PublishDelay)
	must(t, o.c.work(t.Context()))
	at(path, "a proposal that is live")
	at("/edisi/1", "an edition")
	path = edit("Divisi Teknis")
	must(t, o.c.work(t.Context()))
	ani.post(path+"/batal", "alasan", "menunggu surat")
	at(path, "a proposal that was cancelled")

	f := ani.entryFields("jam-tps", "teks-sesudah-id", "Ya, TPS buka pukul 7.", "teks-sesudah-jv", "")
	if a := ani.do("POST", "/jawaban/jam-tps/ubah", f); a.status != 200 {
		t.Fatalf("edit: %s", sentenceOf(a))
	}
	at("/jawaban/jam-tps/ubah", "a form with findings")
	at("/terbit", "a draft with findings")
	path = edit("Divisi Hukum")
	must(t, o.c.work(t.Context()))
	at(path, "a proposal that is stopped")
	ani.post("/jawaban/jam-tps/tarik", "alasan", "ada kekeliruan")
	at("/jawaban/jam-tps", "an answer that is withdrawn")
	ani.post("/jawaban/*/tarik", "alasan", "semua diragukan")
	at("/", "everything is withdrawn")
	at("/coba?tanya=jam+berapa+tps+buka", "an answer that may not be given")
	k := *o.knowledge.Load()
	k.Refused = 2
	o.knowledge.Store(&k)
	at("/", "an edition that is refused")
	for _, c := range slices.Concat(s.Complaints(), narrow.Complaints(), large.Complaints(), door.Complaints()) {
		if !strings.Contains(c, "404") && !strings.Contains(c, "422") {
			t.Errorf("the browser complains: %s", c)
		}
	}
}

// widest names what sticks out of the window.
const widest = `[...document.querySelectorAll("main *, .atas *")].filter(el => el.getBoundingClientRect().right > innerWidth + 1 && !el.closest(".gulir")).slice(0, 4).map(el => el.outerHTML.slice(0, 120)).join(" | ")`

// TestTasksByKeyboard does ten tasks of a working day without a mouse.
func TestTasksByKeyboard(t *testing.T) {
	b := bottest.StartBrowser(t)
	o, ani, budi := team(t)
	o.untrained() // what the gate makes of an edition is looked at elsewhere
	for i, s := range []string{"apakah di tps ada tempat parkir becak", "parkir becak di tps sebelah mana ya", "becak saya parkir di mana kalau ke tps", "saksi dapat makan siang tidak"} {
		o.unanswered(i+1, s, false)
	}
	for _, script := range []bool{true, false} {
		t.Run(fmt.Sprintf("script %v", script), func(t *testing.T) {
			ani, budi := *ani, *budi
			ani.t, budi.t = t, t
			look := bottest.Look{Width: 1280, Height: 800, NoScript: !script}
			s := ani.sit(b, look) // 1: sign in
			s.press("Pertanyaan")
			s.Wait(`document.querySelector(".soal a")`) // 2: the largest group stands first
			if script {
				s.Type("/")
				s.Wait(`document.activeElement.id === "cari"`)
				s.Run(`document.activeElement.blur()`)
				s.Type("jjk") // down, down, up: the first again
				s.Wait(`document.querySelector(".soal a") === document.activeElement`)
				for _, ticked := range []bool{true, false} {
					s.Type("x")
					s.Wait(fmt.Sprintf(`document.querySelector(".soal input").checked === %v`, ticked))
				}
			} else {
				s.tab(`el.closest(".soal") && el.matches("a")`)
			}
			s.Type("\r")
			s.says("sejenis")
			s.tab(`el.id === "jawaban"`) // 3: attach
			s.press("Kaitkan sebagai contoh")
			s.says("dimasukkan sebagai contoh")

			s.at("/jawaban-baru") // 4: a new answer
			id := fmt.Sprintf("makan-saksi-%v", script)
			s.tab(`el.id === "id"`)
			s.Type(id)
			s.tab(`el.id === "tanya-id"`)
			s.Type("Apakah saksi mendapat makan siang?")
			s.tab(`el.name === "teks-selalu-id"`)
			s.Type("Makan siang saksi diatur oleh yang memberi tugas kepada saksi.")
			if script { // what people would read and what is wrong with it stands beside the form while somebody types
				pane := func(text string) {
					t.Helper()
					bottest.Eventually(t, "the preview says "+text, func() bool {
						return bottest.Value[bool](s.Page, fmt.Sprintf(`document.getElementById("pratinjau").innerText.includes(%q)`, text))
					})
				}
				pane("Makan siang saksi diatur")
				pane("contoh pertanyaan; paling sedikit")
				s.press("Fakta yang dapat disebut") // and a fact is picked from the list
				s.tab(`el.id === "saring"`)
				s.Type("jam-buka-tps")
				s.tab(`el.dataset.sisip === "{jam-buka-tps}"`)
				s.Type("\r")
				s.Wait(`document.activeElement.name === "teks-selalu-id" && document.activeElement.value.endsWith("{jam-buka-tps}")`)
				pane("07.00")
			}
			s.press("Lihat pratinjau")
			s.Wait(`document.querySelector("#pratinjau .balon")`)
			s.press("Simpan ke konsep")
			s.says("Tersimpan di konsep")

			s.press("Terbitkan")
			s.says("Konsep edisi berikutnya") // drop it again: it would not pass the gate as it is
			s.tab(`el.name === "berkas" && el.value.includes("makan-saksi")`)
			s.Type(" ")
			s.press("Buang perubahan")
			s.says("dibuang dari konsep")
			s.tab(`el.id === "catatan"`)
			s.Type("contoh baru")
			s.press("Usulkan untuk diterbitkan")
			s.Wait(`location.pathname.includes("/usulan/") && document.querySelector("main")`)
			must(t, o.c.work(context.Background()))
			path := strings.SplitN(bottest.Value[string](s.Page, "location.pathname"), root, 2)[1]

			s2 := budi.sit(b, look) // 5: approve as the second person
			s2.at(path)
			if bottest.Value[bool](s2.Page, `document.getElementById("alasan") !== null`) {
				s2.tab(`el.id === "alasan"`)
				s2.Type("sudah dibaca bersama, boleh terbit")
			}
			if bottest.Value[bool](s2.Page, `document.getElementById("sandi") !== null`) {
				s2.tab(`el.id === "sandi"`)
				s2.Type(budi.password + "\t" + budi.code())
			}
			s2.press("Setujui")
			s2.says("Terbit dalam")
			o.clock.add(bot.PublishDelay) // 6: published
			must(t, o.c.work(context.Background()))
			s2.at(path)
			s2.says("sebagai edisi")

			s2.at("/jawaban/kontak-kpu") // 7: withdraw
			s2.tab(`el.id === "alasan"`)
			s2.Type("nomor telepon berubah\r")
			s2.says("Jawaban ditarik")
			s2.press("Pulihkan jawaban")
			s2.says("dipulihkan")

			s2.at(fmt.Sprintf("/edisi/%d", o.knowledge.Load().Edition.Number)) // 8: export
			s2.press("Unduh edisi")
			bottest.Eventually(t, "the edition is handed out", func() bool {
				trail, err := o.desk.Trail(t.Context(), 0, 3)
				return err == nil && slices.ContainsFunc(trail, func(l bot.Audit) bool { return l.Action == "ekspor" && l.Actor == "budi" && l.At.Equal(o.clock.now()) })
			})

			s.at("/orang") // 9: add staff
			s.tab(`el.id === "nama"`)
			s.Type("Dedi Pratama\tdedi" + fmt.Sprint(script) + "\t")
			s.press("Tambahkan")
			s.says("berlaku 48 jam")

			s.press("Catatan") // 10: read the audit
			s.press("Periksa keutuhan")
			s.says("Catatan utuh")
			for _, c := range append(s.Complaints(), s2.Complaints()...) {
				t.Errorf("the browser complains: %s", c)
			}
			for i, text := range []string{"apakah di tps ada tempat parkir sepeda ontel", "parkir sepeda ontel di tps sebelah mana ya"} {
				o.unanswered(50+i, text, false)
			}
		})
	}
}

// TestScriptsDoNotRun opens every page with hostile texts on it in a real browser.
func TestScriptsDoNotRun(t *testing.T) {
	b := bottest.StartBrowser(t)
	o, ani, _ := team(t)
	for i, text := range scripts {
		o.unanswered(i+1, text, false)
	}
	all := strings.Join(scripts, " ")
	for i, id := range o.knowledge.Load().Edition.IDs()[:len(scripts)] { // what colleagues write is no safer
		ani.post("/jawaban/"+id+"/tarik", "alasan", scripts[i])
	}
	ani.do("POST", "/jawaban/kontak-kpu/ubah", ani.entryFields("kontak-kpu", "contoh-chat", strings.Join(scripts, "\n"), "judul-id", scripts[0], "teks-selalu-id", all, "pemilik", scripts[1]))
	ani.post("/orang", "nama_masuk", "eko", "nama", scripts[0], "peran", string(bot.Reader))
	ani.post("/usulan", "catatan", scripts[1])
	o.panel.channels = []bot.ChannelStatus{{Name: "telegram", Position: bot.Off, Why: all, TurnedBy: scripts[0]}, {Name: "webchat", Position: bot.On, Trouble: all}, {Name: "whatsapp", Position: bot.On}}
	o.panel.phone = bot.Pairing{Linkable: true, Trouble: all}
	s := ani.sit(b, bottest.Look{Width: 1280, Height: 800})
	paths := []string{
		"/pertanyaan?status=semua", "/", "/catatan", "/terbit", "/usulan/1", "/orang", "/saluran", "/saluran/whatsapp/ponsel", "/jawaban/kontak-kpu", "/jawaban/kontak-kpu/ubah",
		"/jawaban/kontak-kpu/koreksi", "/fakta?cari=" + url.QueryEscape(scripts[1]),
	}
	for i, text := range scripts {
		paths = append(paths, fmt.Sprintf("/pertanyaan/%d", i+1), fmt.Sprintf("/jawaban-baru?soal=%d", i+1))
		s.at("/coba")
		s.Run(`document.getElementById("tanya").value = ` + fmt.Sprintf("%q", text))
		s.press("Tanyakan")
		s.says("Penjelasan")
		if bottest.Value[bool](s.Page, "Boolean(window.kena)") {
			t.Errorf("the page to try runs %q", text)
		}
	}
	for _, path := range paths {
		s.at(path)
		s.Run(`document.querySelectorAll("main a, main input").forEach(el => { el.focus(); el.dispatchEvent(new MouseEvent("mouseover", {bubbles: true})) })`)
		if bottest.Value[bool](s.Page, "Boolean(window.kena)") {
			t.Errorf("%s runs a script", path)
		}
	}
	for _, c := range s.Complaints() {
		t.Logf("the browser refused: %s", c)
	}
}
