package bot

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"tanya/faq/text"
)

// Keys of choices. What follows a colon is an id; a key is at most 64 bytes, the limit of a Telegram button.
const (
	keyEntry  = "e:"
	keyTopic  = "t:"
	keyLang   = "l:"
	keyNone   = "none"
	keyMenu   = "menu"
	keyPerson = "person"
	keyWait   = "wait"
	keyRemind = "remind"
	keyDown   = "fb:down"
	keyWhy    = "fb:why:"
	keyGroup  = "s:"
)

// offerLife is how long a typed number still points into the choices last shown. A tap never ages: its key says
// what it means.
const offerLife = 12 * time.Hour

// ordinals are words for places in a list, in the three languages.
var ordinals = map[string]int{
	"satu": 1, "siji": 1, "setunggal": 1, "one": 1, "pertama": 1, "kapisan": 1, "first": 1, "sijine": 1, "1st": 1, "ke1": 1, "kaping pisan": 1, "sepisan": 1,
	"dua": 2, "loro": 2, "kalih": 2, "two": 2, "kedua": 2, "kapindho": 2, "second": 2, "kaloro": 2, "2nd": 2, "ke2": 2, "pindho": 2,
	"tiga": 3, "telu": 3, "three": 3, "ketiga": 3, "katelu": 3, "third": 3, "3rd": 3, "ke3": 3, "tigo": 3,
	"empat": 4, "papat": 4, "sekawan": 4, "four": 4, "keempat": 4, "kapapat": 4, "fourth": 4, "4th": 4, "ke4": 4,
	"lima": 5, "limo": 5, "gangsal": 5, "five": 5, "kelima": 5, "kalima": 5, "fifth": 5, "5th": 5, "ke5": 5,
	"enam": 6, "enem": 6, "six": 6, "keenam": 6, "kanem": 6, "sixth": 6, "6th": 6, "ke6": 6,
	"tujuh": 7, "pitu": 7, "seven": 7, "ketujuh": 7, "kapitu": 7, "seventh": 7, "7th": 7, "ke7": 7,
	"delapan": 8, "wolu": 8, "eight": 8, "kedelapan": 8, "sembilan": 9, "sanga": 9, "songo": 9, "nine": 9,
	"terakhir": -1, "pungkasan": -1, "last": -1,
}

// listWords stand around a number without meaning anything of their own: "no 1", "yang pertama", "pilih sing kapindho".
var listWords = map[string]bool{
	"no": true, "nomor": true, "nomer": true, "number": true, "yang": true, "yg": true, "sing": true, "ingkang": true, "the": true, "pilih": true, "pilihan": true,
	"opsi": true, "option": true, "angka": true, "saya": true, "aku": true, "kula": true, "kulo": true, "one": false, "nggih": true, "ya": true, "ok": true, "oke": true,
	"aja": true, "saja": true, "wae": true, "mawon": true, "min": true, "pak": true, "bu": true, "ke": true, "kaping": true, "itu": true, "kuwi": true, "niku": true,
	"i": true, "choose": true, "want": true, "mau": true, "arep": true, "a": true, "point": true, "poin": true, "urutan": true, "and": false,
}

// readNumber reads a message that is nothing but a place in a list. It returns 0 when it is not one, and -1 for the
// last place.
func readNumber(s string) int {
	var words []string
	for _, w := range strings.Fields(foldDigits(s)) {
		w = strings.Trim(w, ".,:;)(!?#*-–\"'[]")
		if w != "" {
			words = append(words, strings.TrimPrefix(w, "ke-"))
		}
	}
	if len(words) == 0 || len(words) > 5 {
		return 0
	}
	found := 0
	for i, w := range words {
		n, err := strconv.Atoi(w)
		if err != nil {
			n = ordinals[w]
			if n == 0 && i+1 < len(words) {
				n = ordinals[w+" "+words[i+1]]
			}
		}
		switch {
		case n != 0 && found == 0 && n <= 99:
			found = n
		case n != 0 && n == found:
		case listWords[w], w == "one" && found != 0: // "the last one"
		case n != 0:
			return 0
		default:
			return 0
		}
	}
	return found
}

// foldDigits lower-cases, writes every kind of digit as 0 to 9 and drops what only decorates it.
func foldDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if d := digitOf(r); d >= 0 {
			return rune('0' + d)
		}
		return unicode.ToLower(r)
	}, clean(s))
}

// readNumbers reads a message that is nothing but several different places of a list of size of: "1 2", "1 dan 3".
func readNumbers(s string, of int) []int {
	var found []int
	for _, w := range strings.FieldsFunc(foldDigits(s), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;&+/", r) }) {
		w = strings.Trim(w, ".:)(!?#*\"'[]")
		n, err := strconv.Atoi(w)
		if err != nil {
			n = ordinals[w]
		}
		switch {
		case n >= 1 && n <= of:
			if !slices.Contains(found, n) {
				found = append(found, n)
			}
		case w == "" || listWords[w] || joinWords[w]:
		default:
			return nil
		}
	}
	return found
}

// joinWords stand between two numbers.
var joinWords = wordSet("dan", "lan", "and", "sama", "karo", "kaliyan", "serta", "plus", "juga")

// pickWords finds the choice whose own words a message is.
func pickWords(s string, offer []Choice) (Choice, bool) {
	want := strings.Join(text.Tokens(s), " ")
	if want == "" || readNumber(s) != 0 {
		return Choice{}, false
	}
	for _, c := range offer {
		if strings.Join(text.Tokens(c.Label), " ") == want {
			return c, true
		}
	}
	return Choice{}, false
}
