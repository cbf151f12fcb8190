package bot

import (
	"strings"
	"testing"
)

// TestRedactNasty holds ways of writing numbers and addresses that slip past patterns made for clean ones.
func TestRedactNasty(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, gone string }{
		{"nik 3 3 1 6 0 1 5 2 0 3 9 0 0 0 0 1", "3 3 1 6"},
		{"nik 33.16.01.520390.0001", "520390"},
		{"nik 3316-0152-0390-0001 dicek", "0390"},
		{"nik 3316 0152 0390 0001", "0390"},
		{"NIK:3316015203900001", "3316015203900001"},
		{"nik3316015203900001", "3316015203900001"},
		{"3316o152o39oooo1 nik saya", "o152o39"},
		{"+62.812.3456.7890", "3456"},
		{"+62 812-3456-7890", "3456"},
		{"(+62) 812 3456 7890", "3456"},
		{"0062 812 3456 7890", "3456"},
		{"wa 0812 . 3456 . 7890", "3456"},
		{"hp:08123456789", "08123456789"},
		{"hp08123456789", "08123456789"},
		{"o812 3456 7890", "3456"},
		{"telp 0296 531234", "531234"},
		{"telp (0296) 531234", "531234"},
		{"wa.me/628123456789", "628123456789"},
		{"t.me/budiblora", "budiblora"},
		{"nol delapan satu dua tiga empat lima enam tujuh delapan", "tiga empat"},
		{"nomer kula nol wolu siji loro telu papat lima enem pitu", "telu papat"},
		{"kosong delapan satu dua, tiga empat lima enam, tujuh delapan sembilan nol", "tiga empat"},
		{"zero eight one two three four five six seven eight", "three four"},
		{"nol 8 satu 2 tiga 4 lima 6 tujuh 8", "tiga 4"},
		{"budi(at)gmail.com", "budi"},
		{"budi [at] gmail [dot] com", "budi"},
		{"budi at gmail dot com", "budi"},
		{"budi @ gmail . com", "budi"},
		{"budi{at}gmail.com", "budi"},
		{"budi et gmail titik com", "budi"},
		{"budi (a) gmail.com", "budi"},
		{"budi@gmail", "budi"},
		{"ig: @budi.blora", "budi.blora"},
		{"plat K 1234 AB", "1234"},
		{"plat K1234AB", "1234"},
		{"plat k-1234-ab", "1234"},
		{"rek BRI 5921-01-012345-53-7", "012345"},
		{"３３１６０１５２０３９００００１", "３３１６"},
		{"٣٣١٦٠١٥٢٠٣٩٠٠٠٠١", "٣٣١٦"},
		{"3316\u200b0152\u200b0390\u200b0001", "0390"},
		{"3316:0152:0390:0001", "0390"},
		{"3316=0152=0390=0001", "0390"},
		{"08#12#34#56#78#90", "34#56"},
		{"08~1234~5678~90", "5678"},
	} {
		got := Redact(c.in)
		if strings.Contains(strings.ToLower(got), strings.ToLower(c.gone)) {
			t.Errorf("%q became %q and still holds %q", c.in, got, c.gone)
		}
		if again := Redact(got); again != got {
			t.Errorf("%q became %q and then %q", c.in, got, again)
		}
	}
	for _, keep := range []string{
		"satu dua tiga hari lagi", "dua ribu dua puluh empat", "nomor satu, dua atau tiga", "siji loro telu papat lima",
		"Rp 100.000 sampai Rp 500.000", "TPS 012 RT 03/RW 05", "UU 7/2017", "jam 07.00-13.00", "1 2 3 4 5 6", "one or two",
		"27 November 2024 pukul 07.00", "usia 17:00", "satu satu saja, dua dua juga boleh",
	} {
		if got := Redact(keep); got != keep {
			t.Errorf("%q became %q", keep, got)
		}
	}
}
