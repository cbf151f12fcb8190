package bot_test

import (
	"bufio"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// heldOut reads a set of questions that was written by somebody who had not seen the phrasings, with the entries that
// answer each.
func heldOut(t *testing.T, set string) map[string][]string {
	t.Helper()
	f, err := os.Open("../faq/eval/testdata/" + set + ".tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := map[string][]string{}
	for s := bufio.NewScanner(f); s.Scan(); {
		cols := strings.Split(s.Text(), "\t")
		if len(cols) > 1 && cols[0] != "message" && cols[1] != "oos" {
			out[cols[0]] = strings.Split(cols[1], ",")
		}
	}
	return out
}

// TestHeldOutQuestions is properties S10 and S11 as a person meets them: what is said to a held-out question in the first
// reply, or stands in its choices. Phrasings were written by people who had seen the first set, and thresholds are
// cut on the second to the sixth (decision 0029), so that their figures are a floor for changes and no forecast; nothing was
// set on the seventh, whose figures are one.
func TestHeldOutQuestions(t *testing.T) {
	now := time.Date(2024, 11, 10, 9, 0, 0, 0, faq.Jakarta())
	ed, err := content()
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range []string{"heldout", "heldout2", "heldout3", "heldout4", "heldout5", "heldout6", "heldout7", "heldout8"} {
		var total, right, wrong, critical, offered int
		for q, want := range heldOut(t, set) {
			total++
			out := answer(t, q, now)
			said, near := false, false
			for _, r := range out.Replies {
				said = said || slices.Contains(want, r.Entry)
				for _, c := range r.Choices {
					near = near || slices.Contains(want, strings.TrimPrefix(c.Key, "e:"))
				}
			}
			answered := len(out.Replies) > 0 && out.Replies[0].Entry != "" && (out.Replies[0].Outcome == bot.Answered || out.Replies[0].Outcome == bot.Declined)
			switch {
			case said:
				right++
			case answered:
				wrong++
				if slices.ContainsFunc(want, func(id string) bool { e := ed.Entry(id); return e != nil && e.Critical }) {
					critical++
				}
				t.Logf("%s: wrong: %q -> %s, want %v", set, q, out.Replies[0].Entry, want)
			case near:
				offered++
			}
		}
		t.Logf("%s: %d questions: %d right at once, %d among the choices, %d wrong (%d on critical entries)", set, total, right, offered, wrong, critical)
		if total < 400 || (right+offered)*100 < 80*total {
			t.Errorf("%s: only %d of %d questions come to their answer in two turns", set, right+offered, total)
		}
		if wrong*100 > 4*(right+wrong) {
			t.Errorf("%s: %d of %d answers are wrong", set, wrong, right+wrong)
		}
	}
}

// facts are what an answer must say to be the same one, although another entry gives it: before the day, the next
// regional election is that of the day.
var facts = map[string]string{"hari-pemungutan-suara": "27 November 2024"}

// TestSameQuestionSameAnswer is property S12: paraphrases in every register come to the same answer; of about twenty, one may differ.
func TestSameQuestionSameAnswer(t *testing.T) {
	now := time.Date(2024, 11, 10, 9, 0, 0, 0, faq.Jakarta())
	for entry, ways := range map[string][]string{
		"hari-pemungutan-suara": {
			"Kapan hari pemungutan suara Pilkada 2024?", "kapan coblosan", "kpn nyoblos", "coblosane kapan", "coblosanipun kapan nggih", "tanggal berapa pilkada", "tgl brp nyoblos", "hari apa pencoblosan",
			"nyoblos kapan min", "kapan pilkada blora", "kapan pilbup", "benjing punapa coblosanipun", "kapan nyoblose", "pilkada serentak tanggal berapa", "kpan pilkda", "when is voting day",
			"what date is the election", "dinten punapa coblosan pilkada", "hari h pilkada kapan", "kapan kita nyoblos bupati", "kapan ya pemungutan suaranya", "Mohon info tanggal pencoblosan",
		},
		"jam-tps": {
			"Pukul berapa TPS dibuka?", "jam brp tps buka", "tps buka jam berapa", "jam piro tps bukak", "TPS bukak jam pinten", "tps tutup jam berapa", "sampai jam berapa tps buka", "jam buka tps",
			"what time does the polling station open", "jam nyoblos", "nyoblos jam brp", "jam berapa mulai nyoblos", "pukul berapa mulai mencoblos", "tps bukanya jam brp sih", "tps tutupe jam piro",
			"jam pinten TPS tutup", "buka jam berapa tpsnya", "jam operasional tps", "when do polls close", "nyoblos mulai jam berapa sampai jam berapa", "jam berapa TPS mulai buka min",
		},
		"undangan-belum-diterima": {
			"Saya belum menerima undangan memilih, apakah masih bisa memilih?", "undangan belum dapat gimana", "blm dpt undangan", "durung oleh undangan piye", "kula dereng angsal undangan", "gak dapat undangan bisa nyoblos",
			"undangan hilang bisa nyoblos ga", "tanpa undangan boleh nyoblos?", "ga punya undangan", "surat undangan belum sampai", "c pemberitahuan belum diterima", "undanganku ilang", "no invitation can I vote",
			"I have not received my voting notice", "undangan nyoblos belum dikasih", "belum dikasih undangan sama rt", "ora nduwe undangan oleh nyoblos ra", "mboten gadhah undangan saged nyoblos",
			"undangan gak nyampe", "kalau undangan tidak ada bagaimana", "udangan blm dtg",
		},
		"lapor-batas-waktu": {
			"Berapa hari batas waktu melaporkan pelanggaran?", "batas lapor berapa hari", "berapa hari batas lapor politik uang", "batas waktu lapor", "sampai kapan bisa lapor pelanggaran", "lapor paling lambat kapan",
			"pirang dina wates lapor", "wates lapor pinten dinten", "deadline lapor bawaslu", "how many days to report a violation", "kalau telat lapor gimana", "lapor masih bisa ga kalau sudah seminggu",
			"jangka waktu pelaporan", "7 hari itu dihitung dari kapan", "masa lapor berapa lama", "what is the deadline to report", "lapor maksimal berapa hari", "tenggat laporan pelanggaran", "batas akhir melapor ke bawaslu",
			"berapa lama waktu untuk melapor", "suwene pirang dina oleh lapor",
		},
	} {
		answered, differ := 0, 0
		for _, q := range ways {
			for _, r := range answer(t, q, now).Replies {
				if r.Outcome != bot.Answered {
					continue
				}
				answered++
				if fact := facts[entry]; r.Entry != entry && (fact == "" || !strings.Contains(r.Text, fact)) {
					differ++
					t.Logf("%q is answered with %s, the others with %s", q, r.Entry, entry)
				}
			}
		}
		t.Logf("%s: %d of %d paraphrases are answered at once, the others with choices", entry, answered, len(ways))
		if len(ways) < 20 || answered*2 < len(ways) || differ > 1 {
			t.Errorf("%s: %d of %d answered, %d of them otherwise", entry, answered, len(ways), differ)
		}
	}
}

// TestKindsOfElection is property S4: minimal pairs that differ in the kind of election only.
func TestKindsOfElection(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, faq.Jakarta())
	for q, never := range map[string][]string{
		"kapan pilkada berikutnya":            {"pemilu-nasional-berikutnya", "pilkades"},
		"kapan pemilu 2029":                   {"pilkada-berikutnya", "pilkades", "hari-pemungutan-suara"},
		"kapan pilkades":                      {"pilkada-berikutnya", "pemilu-nasional-berikutnya", "hari-pemungutan-suara"},
		"kapan pilihan lurah":                 {"pilkada-berikutnya", "pemilu-nasional-berikutnya", "hari-pemungutan-suara"},
		"kapan pemilihan presiden":            {"pilkada-berikutnya", "pilkades"},
		"kapan pemilihan bupati lagi":         {"pemilu-nasional-berikutnya", "pilkades"},
		"kapan pileg":                         {"pilkada-berikutnya", "pilkades"},
		"politik uang di pemilu nasional":     {"politik-uang-sanksi-pemberi", "politik-uang-sanksi-penerima"},
		"sanksi penerima uang di pilkades":    {"politik-uang-sanksi-penerima", "politik-uang-di-pemilu"},
		"apakah kpu mengurus pilkades":        {"penyelenggara", "pilkada-berikutnya"},
		"when is the next regional election":  {"pemilu-nasional-berikutnya", "pilkades"},
		"when is the next president election": {"pilkada-berikutnya", "pilkades"},
	} {
		for _, r := range answer(t, q, now).Replies {
			if r.Outcome == bot.Answered && slices.Contains(never, r.Entry) {
				t.Errorf("%q is answered with %s", q, r.Entry)
			}
		}
	}
}

// TestVillageElections is property S4 for every topic of the menu: what is asked of the election of a village head is not
// answered with the commission's rules, in any of the ways to name it.
func TestVillageElections(t *testing.T) {
	k, err := knowledge()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2024, 11, 10, 9, 0, 0, 0, faq.Jakarta())
	asked := 0
	for _, topic := range k.Edition.Topics() {
		for _, e := range k.Edition.TopicMenu(topic) {
			for _, kind := range []string{"pilkades", "pemilihan kepala desa", "pilihan lurah"} {
				q := strings.TrimRight(e.Question.In(faq.Indonesian), "?") + " di " + kind + "?"
				asked++
				for _, r := range answer(t, q, now).Replies {
					if r.Outcome == bot.Answered && r.Entry != "pilkades" && r.Entry != "beda-pemilu-pilkada" && !strings.Contains(r.Text, "Pilkades") {
						t.Errorf("%q is answered with %s", q, r.Entry)
					}
				}
			}
		}
	}
	if asked < 100 {
		t.Fatalf("only %d questions", asked)
	}
}

// TestFalsePremises is property S13: a question that takes something false for granted never gets a bare yes or no.
func TestFalsePremises(t *testing.T) {
	now := time.Date(2024, 11, 20, 9, 0, 0, 0, faq.Jakarta())
	frames := []string{"boleh kan %s", "%s itu boleh ya?", "katanya %s, benar?", "%s kan?", "berarti %s dong", "is it true that %s"}
	premises := []string{
		"nyoblos dua kali", "tps tutup jam 3 sore", "tanpa ktp bisa nyoblos", "diwakilkan istri", "foto surat suara", "ambil uangnya asal tidak pilih orangnya", "kalau golput didenda", "ktp digital tidak berlaku",
		"anak 16 tahun nyoblos", "tni ikut memilih", "bawa hp ke bilik", "undangan wajib dibawa", "coblosan diundur", "suara bisa ditukar sembako", "pilkada lewat dprd", "nyoblos bisa online", "kades boleh kampanye",
	}
	n := 0
	for _, f := range frames {
		for _, p := range premises {
			n++
			q := strings.Replace(f, "%s", p, 1)
			for _, r := range answer(t, q, now).Replies {
				if r.Entry != "" && bareOpening.MatchString(r.Text) {
					t.Errorf("%q: %.60s", q, r.Text)
				}
			}
		}
	}
	if n < 100 {
		t.Fatalf("only %d", n)
	}
}
