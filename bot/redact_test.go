package bot

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
)

func TestRedact(t *testing.T) {
	for in, want := range map[string]string{
		"NIK saya 9900 0055 0505 0001 cek dong": "NIK saya [nomor] cek dong",
		"nik 9900005505050001":                  "nik [nomor]",
		"99.00.00.550505.0001 ini punya siapa":  "[nomor] ini punya siapa",
		"９９０００５５５０５０５０００１":                      "[nomor]",
		"99OO0055O5O50001":                      "[nomor]",
		"9️⃣9️⃣0️⃣0️⃣0️⃣0️⃣5️⃣5️⃣0️⃣5️⃣0️⃣5️⃣0️⃣0️⃣0️⃣1️⃣": "[nomor]",
		"hp 0812-0000-0000":                            "hp [telepon]",
		"wa saya +62 812 0000 0000 ya":                 "wa saya [telepon] ya",
		"surel budi.s@contoh.co.id tolong":             "surel [surel] tolong",
		"buka https://kpu-gratis.xyz/daftar ya":        "buka [tautan] ya",
		"cekdptonline.kpu.go.id itu asli?":             "cekdptonline.kpu.go.id itu asli?",
		"dapat file PPS.apk dari KPU":                  "dapat file [berkas].apk dari KPU",
		"mobil plat K 1234 AE bagi uang":               "mobil plat [pelat] bagi uang",
		"follow @timsukses_x":                          "follow [akun]",
		"nama saya Sutrisno Adi mau tanya":             "nama saya [nama] mau tanya",
		"nama saya Siti Siti dari Cepu":                "nama saya [nama] dari Cepu",
		"nama saya An Anwar":                           "nama saya [nama]",
		"nama saya tidak ada di DPT":                   "nama saya tidak ada di DPT",
		"nama saya enggak keluar di daftar":            "nama saya enggak keluar di daftar",
		"nama udh kecatet blm ya":                      "nama udh kecatet blm ya",
		"nama komsioner kpu blora":                     "nama komsioner kpu blora",
		"jenengku gak metu ning DPT":                   "jenengku gak metu ning DPT",
		"nama saya sutrisno mau tanya":                 "nama saya [nama] mau tanya",
		"tolong cek atas nama sutrisno":                "tolong cek atas nama [nama]",
		"nama sutrisno, cek atas nama sutrisno":        "nama sutrisno, cek atas nama [nama]",
		"nama: wagiman":                                "nama: [nama]",
		"kalau nama saya dipanggil saya tidak dengar":  "kalau nama saya dipanggil saya tidak dengar",
		"Pak Lurah suruh pilih":                        "Pak Lurah suruh pilih",
		"tadi Pak Bambang Irawan bagi amplop":          "tadi Pak [nama] bagi amplop",
		"rumah di Jalan Mawar No. 12 Cepu":             "rumah di Jalan [alamat]",
		"dikasih Rp 100.000 di TPS 012 RT 03/RW 05":    "dikasih Rp 100.000 di TPS 012 RT 03/RW 05",
		"tanggal 27-11-2024 jam 07.00-13.00":           "tanggal 27-11-2024 jam 07.00-13.00",
		"UU 7/2017 dan PKPU 17 Tahun 2024 form A5, C1": "UU 7/2017 dan PKPU 17 Tahun 2024 form A5, C1",
		"umur 17 th nyoblos 27 11 2024 bisa":           "umur 17 th nyoblos 27 11 2024 bisa",
		"telepon 110 saja":                             "telepon 110 saja",
		"dikasih 100rb dan 50 ribu":                    "dikasih 100rb dan 50 ribu",
		"Rp1.000.000.000":                              "Rp1.000.000.000",
		"":                                             "",
	} {
		if got := Redact(in); got != want {
			t.Errorf("Redact(%q)\n got %q\nwant %q", in, got, want)
		}
	}
}

// TestRedactRecall counts what is caught among made-up identities. Province code 99 does not exist.
func TestRedactRecall(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	frames := []string{"%s", "nik saya %s tolong cek", "kk %s an ibu", "min %s terdaftar gak", "ini nomornya:%s.", "(%s)"}
	caught := map[string]int{}
	total := map[string]int{}
	for i := range 2000 {
		kind, text := identity(rnd, i)
		total[kind]++
		out := Redact(fmt.Sprintf(frames[rnd.IntN(len(frames))], text))
		if digits(out) == 0 && !strings.Contains(out, "@") {
			caught[kind]++
		} else if kind == "16" {
			t.Logf("missed %q -> %q", text, out)
		}
	}
	for kind, want := range map[string]float64{"16": 0.995, "phone": 0.95, "mail": 0.95} {
		got := float64(caught[kind]) / float64(total[kind])
		t.Logf("%s: recall %.4f of %d", kind, got, total[kind])
		if got < want {
			t.Errorf("%s: recall %.4f of %d, want at least %.3f", kind, got, total[kind], want)
		}
	}
}

// identity makes up a number or address in one of the ways people type it.
func identity(rnd *rand.Rand, i int) (kind, text string) {
	num := func(prefix string, n int) string {
		for len(prefix) < n {
			prefix += string(rune('0' + rnd.IntN(10)))
		}
		return prefix
	}
	group := func(s, sep string, n int) string {
		var b strings.Builder
		for i, r := range s {
			if i > 0 && i%n == 0 {
				b.WriteString(sep)
			}
			b.WriteRune(r)
		}
		return b.String()
	}
	seps := []string{"", " ", ".", "-", "  ", " - "}
	switch i % 4 {
	case 0, 1:
		s := group(num("99", 16), seps[rnd.IntN(len(seps))], 1+rnd.IntN(6))
		switch rnd.IntN(5) {
		case 0:
			s = strings.Map(func(r rune) rune {
				if r >= '0' && r <= '9' {
					return r - '0' + '０'
				}
				return r
			}, s)
		case 1:
			s = strings.ReplaceAll(s, "0", "O")
		}
		return "16", s
	case 2:
		return "phone", group(num([]string{"08", "+628", "628"}[rnd.IntN(3)], 11+rnd.IntN(3)), seps[rnd.IntN(4)], 3+rnd.IntN(2))
	default:
		return "mail", fmt.Sprintf("warga%s@contoh.%s", []string{"a", ".b", "_c"}[rnd.IntN(3)], []string{"com", "co.id", "net"}[rnd.IntN(3)])
	}
}

func digits(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

func FuzzRedact(f *testing.F) {
	for _, s := range []string{"NIK 9900 0055 0505 0001", "K 1234 AE", "a@b.co", "Jl. Mawar 1", "nama saya X", "\x00\xff", "+", "OOO000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Redact(s)
		if twice := Redact(once); twice != once {
			t.Errorf("redacting twice changes more:\n %q\n %q\n %q", s, once, twice)
		}
		run := 0
		for _, r := range once {
			if r >= '0' && r <= '9' {
				run++
			} else {
				run = 0
			}
			if run >= longNumber {
				t.Errorf("%d digits in a row survive in %q from %q", run, once, s)
			}
		}
	})
}

func BenchmarkRedact(b *testing.B) {
	for name, s := range map[string]string{
		"short":   "min nik saya 9900 0055 0505 0001 kok gak ada di dpt ya",
		"hostile": strings.Repeat("|lIO", 1000),
		"digits":  strings.Repeat("9 ", 2000),
		"dots":    strings.Repeat("a.", 2000),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Redact(s)
			}
		})
	}
}
