package text

import (
	"strings"
	"testing"
)

func TestNormalize(t *testing.T) {
	for in, want := range map[string]string{
		"Kapan NYOBLOS???":              "kapan nyoblos",
		"bangeeet yaaa":                 "banget ya",
		"Piyé carané nyoblos, Mas?":     "piye carane nyoblos mas",
		"tgl 27/11 jam 07.00 Rp 50.000": "tgl 27/11 jam 07.00 rp 50.000",
		"1️⃣ ② ３":                       "1 2 3",
		"ＫＴＰ saya":                      "ktp saya",
		"nyo\u200bblos\u202e kapan":     "nyoblos kapan",
		"e\u0301sok":                    "esok",
		"NIK saya [nomor] ya":           "nik saya #nomor ya",
		"don\u2019t":                    "dont",
		"\U0001F600":                    "",
		"KTP-el":                        "ktp el",
		"9900005505050001":              "9900005505050001",
		"":                              "",
		strings.Repeat("a", 5000):       "a",
	} {
		if got := Normalize(in); got != want {
			t.Errorf("Normalize(%.40q) = %q, want %q", in, got, want)
		}
	}
}

func TestTokens(t *testing.T) {
	for in, want := range map[string]string{
		"kpn nyoblos min":        "kapan nyoblos min",
		"kira2 tps jam7 wkwkwk":  "kira kira tps jam 7",
		"haha2":                  "",
		"I'd vote, I\u2019ll go": "i would vote i will go",
		"my id, Jum'at":          "my id jumat",
		"wkwk2 nyoblos":          "nyoblos",
		"tps wkwk2":              "tps",
		"di mana tps q":          "dimana tps aku",
		"dksh 50rb hahaha":       "dikasih 50 ribu",
		"C6 blm dtg":             "c6 belum datang",
		"hp dan hehe":            "hp dan",
		"gmn klo ktp ilang":      "bagaimana kalau ktp ilang",
	} {
		if got := strings.Join(Tokens(in), " "); got != want {
			t.Errorf("Tokens(%q) = %q, want %q", in, got, want)
		}
	}
}

// The same question in other languages, registers and spellings must share its meanings.
func TestConceptsAreShared(t *testing.T) {
	for _, group := range [][]string{
		{"kapan nyoblos", "kpn mencoblos sih", "kapan coblosan to", "when is voting"},
		{"ktp hilang", "ktpku ilang", "ktp kula ical", "lost ktp"},
		{"tujuh belas tahun", "17 tahun", "pitulas taun", "umur 17"},
		{"bagaimana cara lapor", "piye carane lapor", "pripun caranipun nglapor"},
		{"dimana tps", "neng ngendi tps", "tps ning ngendi"},
	} {
		want := set(Concepts(Tokens(group[0])))
		for _, s := range group[1:] {
			got := set(Concepts(Tokens(s)))
			shared := 0
			for c := range want {
				if got[c] {
					shared++
				}
			}
			if shared*3 < len(want)*2 {
				t.Errorf("%q and %q share %d of %d meanings: %v and %v", group[0], s, shared, len(want), want, got)
			}
		}
	}
}

func set(xs []string) map[string]bool {
	m := map[string]bool{}
	for _, x := range xs {
		m[x] = true
	}
	return m
}

// Short words that differ in one letter mean different things and must never meet.
func TestShortWordsStayApart(t *testing.T) {
	for _, p := range [][2]string{{"dpt", "dptb"}, {"sah", "salah"}, {"ppk", "pps"}, {"pps", "kpps"}, {"17", "27"}, {"dps", "dpt"}, {"pilkada", "pilkades"}, {"tni", "tps"}, {"dpk", "dpt"}} {
		a, b := strings.Join(Concepts(Tokens(p[0])), " "), strings.Join(Concepts(Tokens(p[1])), " ")
		if a == b {
			t.Errorf("%q and %q both mean %q", p[0], p[1], a)
		}
	}
}

func TestStripGreeting(t *testing.T) {
	for _, c := range []struct {
		in, rest         string
		greeted, thanked bool
	}{
		{"assalamualaikum min kapan coblosan", "kapan coblosan", true, false},
		{"Sugeng enjing, badhe nyuwun pirsa, coblosan kapan nggih?", "coblosan kapan nggih", true, false},
		{"halo min", "", true, false},
		{"Matur nuwun sanget Pak", "", false, true},
		{"mksh min", "", false, true},
		{"min mau tanya tps buka jam brp ya, makasih", "tps buka jam berapa ya", false, true},
		{"p", "", true, false},
		{"Bawaslu itu apa", "bawaslu itu apa", false, false},
		{"pak kades suruh pilih Y", "kades suruh pilih y", false, false},
		{"can I vote without ID", "can i vote without id", false, false},
	} {
		rest, k := StripGreeting(Tokens(c.in))
		if got := strings.Join(rest, " "); got != c.rest || k.Greeted != c.greeted || k.Thanked != c.thanked {
			t.Errorf("StripGreeting(%q) = %q %+v, want %q", c.in, got, k, c.rest)
		}
	}
}

func TestDetectLang(t *testing.T) {
	for in, want := range map[string]string{
		"Kapan hari pemungutan suara?":                "id",
		"nek KTP ku ilang isih iso nyoblos gak":       "jv",
		"kula mboten angsal undangan":                 "jv",
		"TPS bukak jam pira?":                         "jv",
		"Can I vote without my ID card?":              "en",
		"what makes a ballot invalid":                 "en",
		"tps":                                         "",
		"Aku boro ning Surabaya, piye carane nyoblos": "jv",
		"min kpn nyoblos":                             "",
	} {
		if got := DetectLang(in); got != want && want != "" {
			t.Errorf("DetectLang(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSplit(t *testing.T) {
	for in, want := range map[string]int{
		"Kapan nyoblos? Syaratnya apa saja?":             2,
		"tps buka jam berapa terus bawa apa saja ke tps": 2,
		"Halo min. Kapan nyoblos?":                       1,
		"Saya di Surabaya. Bagaimana cara nyoblos?":      2,
		"KTP saya hilang, bagaimana ya?":                 1,
		"buka pukul 07.00 atau 08.00?":                   1,
	} {
		if got := Split(in); len(got) != want {
			t.Errorf("Split(%q) = %q, want %d pieces", in, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	if n := Names(Tokens("kapan pilkada bojonegoro")); len(n) != 1 || n[0].Kind != "wilayah" {
		t.Errorf("Names = %+v", n)
	}
	a := strings.Join(MaskNames(Tokens("apa Arief Rohman islam")), " ")
	b := strings.Join(MaskNames(Tokens("apa abu nafi kristen")), " ")
	if a != b || !strings.Contains(a, "#calon") {
		t.Errorf("masks differ: %q, %q", a, b)
	}
}
