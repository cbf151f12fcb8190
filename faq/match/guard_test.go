package match

import (
	"os"
	"reflect"
	"testing"

	"tanya/faq"
	"tanya/faq/text"
)

func TestGuardRules(t *testing.T) {
	for s, want := range map[string]string{
		"pilih siapa ya yang bagus":                                                      guardChoice,
		"nomor 1 orangnya jujur gak":                                                     guardChoice,
		"aku kudu nyoblos sopo":                                                          guardChoice,
		"who should I vote for":                                                          guardChoice,
		"kira-kira siapa yang menang min":                                                guardPrediction,
		"elektabilitas paslon satu berapa":                                               guardPrediction,
		"NIK saya 9900 0055 0505 0001 cek dong":                                          guardPersonal,
		"nik sy [nomor] cek dong min":                                                    guardPersonal,
		"tolong cek atas nama ibu saya":                                                  guardPersonal,
		"di RT 3 ada yg bagi 100rb dari tim X plat K 1234 AE":                            guardReport,
		"td malem timses dateng ngasih 100rb di desaku":                                  guardReport,
		"pak bambang ngasih amplop isi Rp 141.000 di musala nurul buat nyoblos calonnya": guardReport,
		"dikasih uang di warung dosa nggak ya":                                           "",
		"boleh ngasih uang di masjid supaya nyoblos":                                     "",
		"kalau dikasih amplop di rumah buat nyoblos gimana":                              "",
		"kula dipun paringi arta wonten griya":                                           "",
		"kapan pilkada bojonegoro":                                                       guardRegion,
		"tolong aku diancam timses gara2 gak mau nerima duit":                            "",
		"pilihan ketua takmir masjid sing apik piye":                                     "",
		"ketua RT bilang calon nomor dua paling bagus, menurutmu?":                       guardChoice,
		"siapa caleg DPRD yang paling bagus buat dipilih":                                guardChoice,
		"is candidate number one good enough to vote for?":                               guardChoice,
		"tadi malam timses bagi uang, amplopnya sudah disiapkan":                         guardReport,
		"ternyata nama saya belum ada, tolong cekkan NIK saya":                           guardPersonal,
		"tadi pagi di sekolah anak saya timses bagi duit":                                guardReport,
		"tadi malam timses bagi duit di RT saya sambil bawa parang":                      guardReport,
		"di blora siapa yang unggul pilgubnya kemarin":                                   "",
		"menurut survei siapa yang unggul pilbup besok":                                  guardPrediction,
		"bantuan saya akan diputus kalau bupatinya kalah?":                               "",
		"kamu sendiri milih siapa, sebaiknya nomor satu kan?":                            guardChoice,
		"calon walikota solo siapa aja":                                                  guardRegion,
		"who won the governor election in East Java?":                                    guardRegion,
		"Gubernur Jawi Wetan sinten?":                                                    guardRegion,
		"pilkada pasuruan tanggal berapa":                                                guardRegion,
		"penasaran saya, bupati ngawi yang menang siapa":                                 guardRegion,
		"aku kerja ing Kaltim, nyoblos bupati Blora piye carane":                         "",
		"Aku arep bali, nyoblos gubernur jam piro?":                                      "",
		"Aku boro ning Surabaya, piye carane nyoblos?":                                   "",
		"KTP Rembang kerja di Blora, bisa nyoblos di mana?":                              "",
		"pak kades suruh pilih Y, lapor kemana":                                          "",
		"siapa pun bupatinya podo wae, gunane nyoblos opo":                               "",
		"sapa wae sing dadi tetep larang pupuk, males nyoblos":                           "",
		"kok KTP bapak dipakai dukung calon perseorangan tanpa izin":                     "",
		"A man threatened me over whom I vote, who can I call":                           "",
		"saya ngekos di Solo, mending pulang apa gimana biar tetap memilih":              "",
		"bang ane magang di Kudus, biar bisa nyoblos di sana ngurusnya ke siapa":         "",
		"who won and by how much did they win in Blora":                                  "",
		"sinten ingkang menang bupati kepengker":                                         "",
		"kinten-kinten sinten ingkang badhe dados bupati":                                guardPrediction,
		"hasil jajak pendapat, siapa yang unggul":                                        guardPrediction,
		"ada orang bagi sembako di desa saya, itu melanggar gak ya":                      "",
		"di RT saya ada yang bagi uang, termasuk politik uang gak":                       "",
		"wingi neng desaku ana sing nyebar amplop, tulung ditindak":                      guardReport,
		"tadi malam di kampung saya ada yang bagi amplop, saya mau lapor":                guardReport,
		"di dusun saya ada kecurangan, mau lapor ke siapa":                               "",
		"menurut survei kemarin siapa yang bakal menang":                                 guardPrediction,
		"pilih paslon 1 atau kotak kosong ya":                                            guardChoice,
		"siapa saja sama, menurutmu pilih siapa yang terbaik":                            guardChoice,
		"saya mudik nih, enaknya pilih siapa":                                            guardChoice,
		"siapa saja calon bupati blora":                                                  "",
		"lapor politik uang kemana":                                                      "",
		"apa KPU tahu saya memilih siapa":                                                "",
		"siapa yang boleh memilih":                                                       "",
		"kapan coblosan":                                                                 "",
	} {
		if got, _ := guard(s, text.Tokens(s)); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

// Swapping one name for another must not change a result in any way.
func TestNamesDoNotMatter(t *testing.T) {
	e := contentMatcher(t)
	for _, frame := range []func(name string) string{
		func(n string) string { return "apakah " + n + " orangnya jujur" },
		func(n string) string { return "bagusan pilih " + n + " ya" },
		func(n string) string { return n + " bakal menang gak" },
		func(n string) string { return "kapan kampanye " + n },
	} {
		var first faq.Result
		for i, n := range []string{"arief rohman", "abu nafi", "paslon 1", "paslon 2", "nomor urut dua", "pdip", "golkar", "gerindra"} {
			r := ask(t, e, frame(n))
			r.Explain.Words = nil
			if i == 0 {
				first = r
			} else if !reflect.DeepEqual(r, first) {
				t.Errorf("%q differs from the first name: %s %s %.3f and %s %s %.3f", frame(n), r.Verdict, r.Entry, r.Score, first.Verdict, first.Entry, first.Score)
			}
		}
	}
	for _, pair := range [][2]string{{"apakah calon islam lebih baik", "apakah calon kristen lebih baik"}, {"tps di cepu buka jam berapa", "tps di randublatung buka jam berapa"},
		{"aku kuliah di semarang nyoblos piye", "aku kuliah di jogja nyoblos piye"}, {"kapan pilkada rembang", "kapan pilkada tuban"}} {
		a, b := ask(t, e, pair[0]), ask(t, e, pair[1])
		if a.Verdict != b.Verdict || a.Entry != b.Entry || a.Score != b.Score {
			t.Errorf("%q: %s %s; %q: %s %s", pair[0], a.Verdict, a.Entry, pair[1], b.Verdict, b.Entry)
		}
	}
}

// How polite a question is must not change what it gets.
func TestPolitenessDoesNotMatter(t *testing.T) {
	e := contentMatcher(t)
	for _, group := range [][]string{
		{"tps buka jam berapa", "tps bukak jam piro", "TPS bukak tabuh pinten nggih"},
		{"ktp saya hilang boleh nyoblos?", "ktpku ilang oleh nyoblos ora", "KTP kulo ical angsal nyoblos mboten"},
		{"saya belum dapat undangan", "aku durung entuk undangan", "kulo dereng angsal undangan"},
	} {
		want := ask(t, e, group[0]).Candidates[0].Entry
		for _, s := range group[1:] {
			if got := ask(t, e, s).Candidates[0].Entry; got != want {
				t.Errorf("%q: %s, but %q: %s", s, got, group[0], want)
			}
		}
	}
}

// No rule of a guard may take a question that an entry answers: the phrasings of all entries are the test.
func TestGuardsLeaveQuestionsAlone(t *testing.T) {
	ed, _ := faq.Read(os.DirFS("../content"))
	n, taken := 0, 0
	for _, s := range EditionSamples(ed) {
		en := ed.Entry(s.Label)
		if en == nil || en.Guard {
			continue
		}
		n++
		if id, why := guard(s.Text, text.Tokens(s.Text)); id != "" {
			taken++
			t.Logf("%s takes a phrasing of %s (%s): %s", id, s.Label, why, s.Text)
		}
	}
	if taken*500 > n { // 0.2%
		t.Errorf("guards take %d of %d phrasings of entries", taken, n)
	}
}
