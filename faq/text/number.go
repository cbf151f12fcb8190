package text

import (
	"strconv"
	"strings"
)

// number reads a number at the start of tokens, in figures or in Indonesian, Javanese or English words
// ("tujuh belas", "pitulas", "rong puluh pitu", "seventeen"), and returns its value as text and how many tokens
// it takes; n is 0 when there is none. A clock time is "j07.00", a written date "t27/11".
func number(tokens []string) (value string, n int) {
	w := tokens[0]
	if digit(w[0]) {
		return figures(w), 1
	}
	if !letters(w) {
		return "", 0
	}
	total, group, took := 0, -1, 0
	for _, w := range tokens[:min(len(tokens), 7)] {
		x, kind := numeral(w)
		switch {
		case kind == 0:
		case kind == 'u' && group < 0:
			group = x
		case kind == 'u' && group >= 20 && group%10 == 0 && x < 10: // dua puluh | tujuh
			group += x
		case kind == 'u' && group >= 100 && group%100 == 0 && x < 100:
			group += x
		case kind == 'b' && group > 0 && group < 10: // tujuh belas
			group += 10
		case kind == 'p' && group > 0 && group < 10: // dua puluh
			group *= 10
		case kind == 'r' && group > 0 && group < 10: // dua ratus
			group *= 100
		case kind == 'k' && group > 0: // dua ribu
			total, group = total+group*1000, -1
			took++
			continue
		default:
			kind = 0
		}
		if kind == 0 {
			break
		}
		took++
	}
	if took == 0 || group < 0 && total == 0 {
		return "", 0
	}
	if took == 1 && small(w) {
		return "", 0 // "se", "one" and the like are mostly no numbers
	}
	return strconv.Itoa(total + max(group, 0)), took
}

func small(w string) bool {
	return w == "one" || w == "setunggal" || w == "siji" || w == "satu" || w == "sak"
}

// figures gives the value of a word that begins with a digit.
func figures(w string) string {
	switch {
	case digits(w):
		return strings.TrimLeft(w[:len(w)-1], "0") + w[len(w)-1:]
	case strings.ContainsAny(w, "/"):
		return "t" + w
	case strings.Contains(w, ":"):
		return "j" + w
	}
	if i := strings.LastIndexAny(w, ".,"); i > 0 && len(w)-i == 3 && i <= 2 {
		return "j" + w // 07.00
	}
	if plain := strings.ReplaceAll(strings.ReplaceAll(w, ".", ""), ",", ""); digits(plain) {
		return plain
	}
	return w
}

// numeral gives the value of a number word and its kind: 'u' a number by itself, 'b' belas, 'p' puluh, 'r' ratus,
// 'k' ribu; kind is 0 when w is none.
func numeral(w string) (x int, kind byte) {
	switch w {
	case "satu", "siji", "setunggal", "one":
		return 1, 'u'
	case "dua", "loro", "rong", "two":
		return 2, 'u'
	case "tiga", "telu", "telung", "three":
		return 3, 'u'
	case "empat", "papat", "patang", "sekawan", "four":
		return 4, 'u'
	case "lima", "gangsal", "limang", "five":
		return 5, 'u'
	case "enam", "enem", "nem", "six":
		return 6, 'u'
	case "tujuh", "pitu", "pitung", "seven":
		return 7, 'u'
	case "delapan", "wolu", "wolung", "eight":
		return 8, 'u'
	case "sembilan", "sanga", "songo", "sangang", "nine":
		return 9, 'u'
	case "sepuluh", "sedasa", "sedoso":
		return 10, 'u'
	case "sebelas", "sewelas", "eleven":
		return 11, 'u'
	case "rolas", "kalihwelas", "twelve":
		return 12, 'u'
	case "thirteen", "telulas":
		return 13, 'u'
	case "fourteen", "patbelas":
		return 14, 'u'
	case "fifteen", "limolas":
		return 15, 'u'
	case "sixteen", "nembelas":
		return 16, 'u'
	case "seventeen", "pitulas":
		return 17, 'u'
	case "eighteen", "wolulas":
		return 18, 'u'
	case "nineteen", "sangalas", "songolas":
		return 19, 'u'
	case "twenty":
		return 20, 'u'
	case "selawe", "selangkung":
		return 25, 'u'
	case "pitulikur":
		return 27, 'u'
	case "thirty":
		return 30, 'u'
	case "seket":
		return 50, 'u'
	case "sewidak":
		return 60, 'u'
	case "seratus", "satus", "setunggalatus":
		return 100, 'u'
	case "belas", "welas":
		return 0, 'b'
	case "puluh", "dasa", "doso":
		return 0, 'p'
	case "ratus", "atus", "hundred":
		return 0, 'r'
	case "ribu", "ewu", "thousand":
		return 0, 'k'
	}
	return 0, 0
}
