package console

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tanya/bot"
	"tanya/bot/bottest"
)

// TestEveryFormIsShownAgain is property A6 for every form of the desk: what is wrong stands at the field and in a summary
// that links to it, and what was typed is kept.
func TestEveryFormIsShownAgain(t *testing.T) {
	o, ani, budi := team(t)
	o.furnish(ani)
	ani.hire("cici", "Cici", bot.Editor)
	o.panel.phone = bot.Pairing{Linkable: true}
	long := "tulisan panjang yang tidak boleh hilang"
	bad := []string{"sandi", "salah-salah-salah", "kode", "000000"}
	seen := map[string]bool{}
	for _, f := range []struct {
		by    *person
		route string
		path  string
		form  []string
		code  int
		field string   // that the summary links to, "" when the form as a whole is wrong
		kept  []string // what must still stand in the page
	}{
		{by: ani, route: "POST /pertanyaan/status", path: "/pertanyaan/status", form: []string{"soal", "2", "status", "dismissed"}, code: 422, field: "m-alasan"},
		{by: ani, route: "POST /pertanyaan/status", path: "/pertanyaan/status", form: []string{"kelompok", "1", "soal", "1", "status", "dismissed"}, code: 422, field: "alasan", kept: []string{`value="1" id="s1" checked`, `value="2" id="s2">`}},
		{by: ani, route: "POST /pertanyaan/status", path: "/pertanyaan/status", form: []string{"status", "answered"}, code: 422},
		{by: ani, route: "POST /pertanyaan/kaitkan", path: "/pertanyaan/kaitkan", form: []string{"kelompok", "1", "soal", "1"}, code: 422, field: "jawaban"},
		{by: ani, route: "POST /pertanyaan/kelompok", path: "/pertanyaan/kelompok", form: []string{"kelompok", "1"}, code: 422},
		{by: ani, route: "POST /pertanyaan/benar", path: "/pertanyaan/benar", form: []string{"kelompok", "1"}, code: 422},
		{by: ani, route: "POST /pertanyaan/urung", path: "/pertanyaan/urung", form: []string{"perubahan", "99"}, code: 409},
		{by: ani, route: "POST /jawaban/{nama}/tarik", path: "/jawaban/jam-tps/tarik", code: 422, field: "alasan"},
		{by: ani, route: "POST /jawaban/{nama}/tarik", path: "/jawaban/*/tarik", code: 422, field: "alasan"},
		{by: budi, route: "POST /jawaban/{nama}/koreksi", path: "/jawaban/jam-tps/koreksi", form: bad, code: 409},
		{by: ani, route: "POST /jawaban/{nama}/ubah", path: "/jawaban/jam-tps/ubah", form: []string{"versi", "99", "teks-sesudah-id", long}, code: 409, kept: []string{long}},
		{by: ani, route: "POST /jawaban/{nama}/ubah", path: "/jawaban/jam-tps/ubah", form: []string{"versi", "1", "tinjau", "besok", "teks-sesudah-id", long}, code: 422, field: "tinjau", kept: []string{long, `value="besok"`}},
		{by: ani, route: "POST /jawaban-baru", path: "/jawaban-baru", form: []string{"id", "Salah Nama", "topik", "tps", "teks-selalu-id", long, "tinjau", "besok"}, code: 422, field: "id", kept: []string{long, `value="Salah Nama"`, `href="#tinjau"`}},
		{by: ani, route: "POST /jawaban-baru", path: "/jawaban-baru", form: []string{"id", "jam-tps", "topik", "tps", "teks-selalu-id", long}, code: 409, field: "id", kept: []string{long, `value="jam-tps"`}},
		{by: ani, route: "POST /jawaban-baru", path: "/jawaban-baru", form: []string{"id", "baru-sekali", "topik", "politik", "teks-selalu-id", long}, code: 422, field: "topik", kept: []string{long}},
		{by: ani, route: "POST /fakta/{nama}", path: "/fakta/hari-pemungutan-2024", form: []string{"nilai", "27 Nopember", "dicek", "kemarin", "sampai", "2035-01-01", "sumber-kutipan", long}, code: 422, field: "nilai", kept: []string{long, `value="27 Nopember"`, `href="#dicek"`, `id="g-dicek"`, `value="kemarin"`}},
		{by: ani, route: "POST /terbit/buang", path: "/terbit/buang", code: 422},
		{by: ani, route: "POST /usulan", path: "/usulan", code: 422, field: "catatan"},
		{by: ani, route: "POST /usulan/{id}/setujui", path: "/usulan/1/setujui", form: append([]string{"alasan", long}, bad...), code: 422},
		{by: budi, route: "POST /saluran/{nama}", path: "/saluran/telegram", form: []string{"posisi", "off"}, code: 422, field: "alasan-telegram"},
		{by: ani, route: "POST /saluran/{nama}/ponsel", path: "/saluran/whatsapp/ponsel", form: append([]string{"tindakan", "tautkan", "nomor", "0812-3456"}, bad...), code: 403, field: "sandi", kept: []string{`value="0812-3456"`}},
		{by: ani, route: "POST /akun/sandi", path: "/akun/sandi", form: append([]string{"sandi_baru", "empat-ekor-sapi-berenang"}, bad...), code: 403, field: "sandi"},
		{by: ani, route: "POST /akun/sandi", path: "/akun/sandi", form: []string{"sandi", ani.password, "kode", "<code>", "sandi_baru", "pendek"}, code: 422, field: "sandi_baru"},
		{by: ani, route: "POST /orang", path: "/orang", form: []string{"nama_masuk", "Siti Rahma", "nama", "Siti Rahma", "peran", "approver"}, code: 422, field: "nama_masuk", kept: []string{`value="Siti Rahma"`, `value="approver" selected`}},
		{by: ani, route: "POST /orang", path: "/orang", form: []string{"nama_masuk", "budi", "nama", "Budi Dua", "peran", "reader"}, code: 409, field: "nama_masuk", kept: []string{`value="Budi Dua"`}},
		{by: ani, route: "POST /orang/{nama}", path: "/orang/ani", form: []string{"tindakan", "nonaktif"}, code: 409},
		{by: ani, route: "POST /orang/{nama}/akses", path: "/orang/ani/akses", code: 403},
		{by: budi, route: "POST /orang/{nama}/konfirmasi", path: "/orang/cici/konfirmasi", form: bad, code: 403, field: "s-cici"},
	} {
		seen[f.route] = true
		form := slices.Clone(f.form)
		for i := range form {
			if form[i] == "<code>" {
				form[i] = f.by.code()
			}
		}
		a := f.by.post(f.path, form...)
		name := fmt.Sprintf("%s %v", f.path, f.form)
		if a.status != f.code || !strings.Contains(a.body, `role="alert" id="keliru" tabindex="-1" autofocus`) {
			t.Errorf("%s: %d %s", name, a.status, sentenceOf(a))
			continue
		}
		if f.field != "" {
			if !strings.Contains(a.body, `href="#`+f.field+`"`) || !strings.Contains(a.body, `id="g-`+f.field+`"`) {
				t.Errorf("%s: the summary and the field do not say what is wrong with %s: %s", name, f.field, sentenceOf(a))
			}
			if !regexp.MustCompile(`id="` + f.field + `"[^>]* aria-invalid="true" aria-describedby="g-` + f.field + `[ "]`).MatchString(a.body) {
				t.Errorf("%s: %s is not tied to what is wrong with it", name, f.field)
			}
		}
		for _, s := range f.kept {
			if !strings.Contains(a.body, s) {
				t.Errorf("%s: %q is lost", name, s)
			}
		}
		if regexp.MustCompile(`type="password"[^>]*value="[^"]`).MatchString(a.body) {
			t.Errorf("%s: a password is written into the page", name)
		}
	}
	without := map[string]string{ // routes whose form cannot be filled in wrongly
		"POST /masuk": "at the door", "POST /undangan": "at the door", "POST /keluar": "a button", "POST /akun/sesi": "a button",
		"POST /pertanyaan/contoh": "a button", "POST /jawaban/{nama}/pulihkan": "a button", "POST /jawaban/{nama}/pratinjau": "for the script", "POST /jawaban-baru/pratinjau": "for the script", "POST /usulan/{id}/batal": "the reason may be empty",
		"POST /edisi/{nomor}/unduh": "a button", "POST /edisi/{nomor}/pulihkan": "a button",
	}
	for _, r := range o.c.ownRoutes() {
		if strings.HasPrefix(r.pattern, "POST ") && !seen[r.pattern] && without[r.pattern] == "" {
			t.Errorf("%s is not tried", r.pattern)
		}
	}
}

// TestReleaseAsksAgain is A6 where a colleague approves: the reason is kept when the code was wrong.
func TestReleaseAsksAgain(t *testing.T) {
	o, ani, budi := team(t)
	o.unanswered(1, "apakah di tps ada tempat parkir becak", false)
	f := ani.entryFields("jam-tps", "teks-sesudah-id", "Pada {pilkada-2024}, Tempat Pemungutan Suara (TPS) buka pukul {jam-buka-tps}-{jam-tutup-tps} WIB, tanpa jeda.\n\n{catatan-aturan-2024}")
	if a := ani.do("POST", "/jawaban/jam-tps/ubah", f); a.status != 200 {
		t.Fatalf("edit: %s", sentenceOf(a))
	}
	path := ani.propose("tanpa jeda")
	p, err := o.desk.Proposal(t.Context(), 1)
	must(t, err)
	p.Report.Findings = append(p.Report.Findings, bot.Finding{Rule: "contoh", Severity: bot.Block, Text: "ditahan untuk uji ini"})
	_, err = o.desk.SaveProposal(t.Context(), p, bot.Audit{})
	must(t, err)
	a := budi.post(path+"/setujui", append(budi.again(), "alasan", "pendek")...)
	if a.status != 422 || !strings.Contains(a.body, `id="g-alasan"`) || !strings.Contains(a.body, ">pendek</textarea>") {
		t.Errorf("a reason that is too short: %d %s", a.status, sentenceOf(a))
	}
	a = budi.post(path+"/setujui", "sandi", "salah", "kode", "000000", "alasan", "sudah dibaca bersama kemarin")
	if a.status != 403 || !strings.Contains(a.body, `id="g-sandi"`) || !strings.Contains(a.body, ">sudah dibaca bersama kemarin</textarea>") {
		t.Errorf("a wrong code: %d %s", a.status, sentenceOf(a))
	}
}

// TestSummaryHasTheFocus looks, with scripts and without, where the keyboard is after a form was refused.
func TestSummaryHasTheFocus(t *testing.T) {
	b := bottest.StartBrowser(t)
	_, ani, _ := team(t)
	for _, script := range []bool{true, false} {
		who := *ani
		s := who.sit(b, bottest.Look{Width: 390, Height: 844, NoScript: !script})
		s.at("/orang")
		s.tab(`el.id === "nama"`)
		s.Type("Siti Rahma\tSiti Rahma\t")
		s.press("Tambahkan")
		s.says("Belum tersimpan")
		s.Wait(`document.activeElement.id === "keliru"`)
		if script {
			s.Axe("a form that was refused")
			s.tab(`el.matches("#keliru a")`)
			s.Type("\r")
			s.Wait(`document.activeElement.id === "nama_masuk" && document.getElementById("keliru")`)
		}
		s.Shot(fmt.Sprintf("keliru-%v", script), true)
	}
}

// TestSignInHelpsManagers is property A8: nothing stands in the way of pasting or of a password manager, on any page that
// asks for a secret, and what fills the fields without typing gets in.
func TestSignInHelpsManagers(t *testing.T) {
	b := bottest.StartBrowser(t)
	o, ani, _ := team(t)
	a := ani.post("/orang", "nama_masuk", "dedi", "nama", "Dedi", "peran", string(bot.Editor))
	link := strings.ReplaceAll(linkText.FindStringSubmatch(a.body)[1], "&amp;", "&")
	o.panel.channels = []bot.ChannelStatus{{Name: "whatsapp", Position: bot.On}}
	o.panel.phone = bot.Pairing{Linkable: true}
	door := b.Page(t, bottest.Look{Width: 1280, Height: 800})
	const fields = `JSON.stringify([...document.querySelectorAll("input[type=password], input[name=kode], input[name=nama][autocomplete=username], input[name=nama_masuk]")].map(el => {
		const e = new ClipboardEvent("paste", {bubbles: true, cancelable: true});
		el.dispatchEvent(e);
		return el.name + " " + el.type + " " + el.autocomplete + (e.defaultPrevented || el.readOnly || el.disabled ? " BLOCKED" : "");
	}))`
	s := ani.sit(b, bottest.Look{Width: 1280, Height: 800})
	for _, p := range []struct {
		name string
		page *bottest.Page
		url  string
		want []string
	}{
		{"the door", door, o.server.URL + root + "/masuk", []string{"nama text username", "sandi password current-password", "kode text one-time-code"}},
		{"an invitation", door, link, []string{"sandi password new-password", "sandi2 password new-password", "kode text one-time-code"}},
		{"the own account", s.Page, o.server.URL + root + "/akun", []string{"sandi_baru password new-password", "sandi password current-password", "kode text one-time-code"}},
		{"a telephone", s.Page, o.server.URL + root + "/saluran/whatsapp/ponsel", []string{"sandi password current-password", "kode text one-time-code"}},
	} {
		p.page.Go(p.url)
		got := bottest.Value[string](p.page, fields)
		for _, w := range p.want {
			if !strings.Contains(got, `"`+w+`"`) {
				t.Errorf("%s has no field %q: %s", p.name, w, got)
			}
		}
		if strings.Contains(got, "BLOCKED") {
			t.Errorf("%s refuses pasting: %s", p.name, got)
		}
		if n := bottest.Value[int](p.page, `document.querySelectorAll("iframe, canvas, img, [class*=captcha], audio").length`); n > 0 {
			t.Errorf("%s asks for a riddle", p.name)
		}
	}
	door.Go(o.server.URL + root + "/masuk")
	door.Run(fmt.Sprintf(`for (const [id, v] of [["nama", %q], ["sandi", %q], ["kode", %q]]) document.getElementById(id).value = v; document.querySelector("main form").requestSubmit()`, ani.login, ani.password, ani.code()))
	door.Wait(`location.pathname === "/petugas/" && document.querySelector(".menu")`)
}

// TestStructure is property A7: one heading of the first rank, a title of its own, tables with headings, languages marked,
// every day and hour in a time element; and the rule that staff read no English.
func TestStructure(t *testing.T) {
	b := bottest.StartBrowser(t)
	o, ani, budi := team(t)
	o.furnish(ani)
	ani.hire("cici", "Cici Anggraini", bot.Editor)
	ani.post("/jawaban/privasi-bot/tarik", "alasan", "menunggu pembetulan nama kantor")
	o.reword("jam-tps", "buka pukul", "melayani pukul")
	s := budi.sit(b, bottest.Look{Width: 1280, Height: 800})
	titles := map[string]string{}
	const look = `JSON.stringify((() => {
		const out = [], main = document.querySelector("main");
		if (document.documentElement.lang !== "id") out.push("the page is not marked as Indonesian");
		if (document.querySelectorAll("h1").length !== 1) out.push("headings of the first rank: " + document.querySelectorAll("h1").length);
		for (const el of document.querySelectorAll("[lang]")) if (!["id", "jv", "en"].includes(el.lang)) out.push("language " + el.lang);
		for (const t of document.querySelectorAll("table")) {
			if (!t.querySelector("th[scope=col]")) out.push("a table without headings: " + t.innerText.slice(0, 60));
			for (const th of t.querySelectorAll("th")) if (!th.hasAttribute("scope")) out.push("a heading without scope: " + th.innerText);
		}
		const day = /\d{1,2} (Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember) \d{4}|\b\d{4}-\d{2}-\d{2}\b/;
		const english = /\b(the|and|is|are|not|cannot|of|with|could|must|please|error|failed|from)\b/i;
		const spoken = "time, .balon, .beda, .ucap, .soal h2, [lang=en], [lang=jv], textarea, option, code, script, .polos, .nilai";
		const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		while (walk.nextNode()) {
			const n = walk.currentNode, el = n.parentElement;
			if (el.closest(spoken)) continue;
			if (day.test(n.data) && !el.closest(".bantu")) out.push("a day outside of a time element: " + n.data.trim().slice(0, 90));
			if (english.test(n.data)) out.push("English: " + n.data.trim().slice(0, 90));
		}
		return out;
	})())`
	for _, p := range append(deskPages(), struct{ name, path string }{"edisi", "/edisi/1"}, struct{ name, path string }{"entri-jawa", "/jawaban/kontak-kpu"}) {
		s.at(p.path)
		if got := bottest.Value[string](s.Page, look); got != "[]" {
			t.Errorf("%s: %s", p.name, got)
		}
		title := bottest.Value[string](s.Page, "document.title")
		if other := titles[title]; other != "" && !strings.HasPrefix(p.name, other) {
			t.Errorf("%s and %s have one title: %s", p.name, other, title)
		}
		titles[title] = p.name
	}
	if n := bottest.Value[int](s.Page, `document.querySelectorAll(".balon[lang=jv]").length`); n == 0 {
		t.Error("a Javanese answer is not marked as such")
	}
}
