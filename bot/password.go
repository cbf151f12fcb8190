package bot

import (
	"strings"
	"unicode/utf8"
)

// The length of a password in characters. There are no rules about kinds of characters: length is what counts.
const (
	PasswordMin = 15
	PasswordMax = 256
)

// weakWords are what people here build passwords from. A password must have enough beside them.
var weakWords = []string{
	"password", "passw0rd", "katasandi", "kata sandi", "sandi", "rahasia", "bismillah", "admin", "petugas", "operator", "staff", "tanya",
	"kpu", "bawaslu", "blora", "cepu", "pemilu", "pemilihan", "pilkada", "pilpres", "pileg", "pilihan", "bupati", "gubernur", "presiden", "suara", "coblos",
	"merdeka", "indonesia", "jawatengah", "jawa", "tengah", "samin", "kabupaten", "kantor", "selamat", "datang", "sayang", "cinta", "ganteng", "cantik",
	"qwerty", "qwertyuiop", "asdfgh", "zxcvbn", "abcdef", "abc", "iloveyou", "welcome", "letmein", "monkey", "dragon", "master", "login",
	"januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus", "september", "oktober", "november", "desember",
	"senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu",
}

// plainRest is how many different characters must be left of a password without its weak words and numbers.
const plainRest = 5

// GoodPassword checks a new password of the person. The error is a sentence for them.
func GoodPassword(password, login, name string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case n < PasswordMin:
		return Errorf(Invalid, "Kata sandi minimal %d karakter. Empat kata acak mudah diingat, misalnya tentang benda di rumah.", PasswordMin)
	case n > PasswordMax:
		return Errorf(Invalid, "Kata sandi paling panjang %d karakter.", PasswordMax)
	}
	rest := strings.ToLower(password)
	own := append(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == ' ' || r == '.' }), strings.ToLower(login))
	for _, w := range append(own, weakWords...) {
		if len(w) >= 3 {
			rest = strings.ReplaceAll(rest, w, "")
		}
	}
	left := map[rune]bool{}
	last := rune(-1)
	for _, r := range rest {
		letter := r >= 'a' && r <= 'z' || r > 127
		if letter && r != last && r != last+1 && r != last-1 {
			left[r] = true
		}
		last = r
	}
	if len(left) < plainRest {
		return Errorf(Invalid, "Kata sandi ini mudah ditebak: isinya nama, kata kantor, angka, atau huruf berurutan. Pilih kata lain.")
	}
	return nil
}
