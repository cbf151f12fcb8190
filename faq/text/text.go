// Package text turns what people type into words that a matcher can compare: it folds letters, undoes
// elongation and laughter, writes chat shorthand out, takes Indonesian affixes off, and maps Indonesian,
// Javanese (ngoko, madya, krama, both spellings) and English words onto shared concepts. It also strips
// greetings, guesses the language and splits a message that holds two questions.
//
// The lexicons are our own writing and stand as tab-separated files in lexicon/, embedded in the program; a
// staff member may add a line to them. Everything here is a pure function of its input: no network, no clock,
// no mutable state, safe for concurrent use, and the same on every machine.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxLen is how many bytes of a message are read at most. What lies beyond is not looked at: nobody asks a
// question in the fifth page, and the cost of one message stays bounded.
const MaxLen = 4000

// Normalize folds s to lower-case ASCII words separated by single spaces. Unicode compatibility forms become
// plain ("①" is "1", "ＫＴＰ" is "ktp", keycaps are digits), zero-width and bidi marks vanish, diacritics fall
// (é, è, ê are "e"), a letter typed three or more times stands once, and punctuation goes except where it holds
// a number together ("07.00", "27/11", "50.000"). A number sign in brackets such as "[nomor]", left by
// redaction, becomes "#nomor".
func Normalize(s string) string {
	s = clip(s)
	if folded(s) {
		return s
	}
	if !ascii(s) {
		s = decompose(s)
	}
	s = spellContractions(spellOut(s))
	f := folder{out: make([]byte, 0, len(s)+8)}
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == '[' {
			if m := mask(s[i:]); m > 0 {
				f.mask(s[i+1 : i+m-1])
				i += m
				continue
			}
		}
		next := byte(0)
		if i+n < len(s) {
			next = s[i+n]
		}
		f.rune(r, next)
		i += n
	}
	return strings.TrimRight(string(f.out), " ")
}

// folded reports whether s is what Normalize would make of it: small letters, single blanks between words, no letter three
// times running. Most words are.
func folded(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == ' ':
			if i == 0 || i == len(s)-1 || s[i-1] == ' ' {
				return false
			}
		case c < 'a' || c > 'z' || i > 1 && c == s[i-1] && c == s[i-2]:
			return false
		}
	}
	return true
}

// decompose writes compatibility forms out, up to MaxLen: one sign may stand for eighteen others.
func decompose(s string) string {
	var it norm.Iter
	it.InitString(norm.NFKD, s)
	out := make([]byte, 0, len(s)+8)
	for !it.Done() && len(out) < MaxLen {
		out = append(out, it.Next()...)
	}
	return string(out)
}

// spellOut writes out the one short name that is nothing but a repeated letter: folding would take it for a drawn-out
// "p", and a party would be treated otherwise than the others.
func spellOut(s string) string {
	from := 0
	var out []byte
	for i := 0; i+3 <= len(s) && len(out) < MaxLen; i++ {
		if s[i]|0x20 != 'p' || s[i+1]|0x20 != 'p' || s[i+2]|0x20 != 'p' || i > from && wordByte(s[i-1]) || i+3 < len(s) && wordByte(s[i+3]) {
			continue
		}
		out = append(append(out, s[from:i]...), "partai persatuan"...)
		from = i + 3
		i = from - 1
	}
	if from == 0 {
		return s
	}
	return string(append(out, s[from:]...))
}

// spellContractions writes out two English short forms that would read as an identity card ("id") and as sickness ("ill")
// without their apostrophe.
func spellContractions(s string) string {
	if !strings.ContainsAny(s, "'\u2019") {
		return s
	}
	words := strings.Split(s, " ")
	for i, w := range words {
		switch strings.ToLower(strings.Replace(w, "\u2019", "'", 1)) {
		case "i'd":
			words[i] = "i would"
		case "i'll":
			words[i] = "i will"
		}
	}
	return strings.Join(words, " ")
}

func wordByte(b byte) bool {
	return b >= '0' && b <= '9' || b|0x20 >= 'a' && b|0x20 <= 'z' || b >= utf8.RuneSelf
}

// clip cuts s to MaxLen bytes at a rune boundary.
func clip(s string) string {
	if len(s) <= MaxLen {
		return s
	}
	n := MaxLen
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// mask returns the length of a bracketed mask at the start of s ("[nomor]"), or 0.
func mask(s string) int {
	for i := 1; i < len(s) && i < 24; i++ {
		c := s[i] | 0x20
		switch {
		case s[i] == ']':
			if i > 2 {
				return i + 1
			}
			return 0
		case c < 'a' || c > 'z':
			if s[i] != '-' && s[i] != ' ' && s[i] != '_' {
				return 0
			}
		}
	}
	return 0
}

// folder writes folded letters and remembers runs of equal ones.
type folder struct {
	out []byte
	run int
}

func (f *folder) space() {
	if n := len(f.out); n > 0 && f.out[n-1] != ' ' {
		f.out = append(f.out, ' ')
	}
	f.run = 0
}

// put appends one folded byte; the third of three equal letters takes the second back.
func (f *folder) put(c byte) {
	n := len(f.out)
	if n > 0 && f.out[n-1] == c && c >= 'a' && c <= 'z' {
		f.run++
		if f.run == 3 {
			f.out = f.out[:n-1]
		}
		if f.run >= 3 {
			return
		}
	} else {
		f.run = 1
	}
	f.out = append(f.out, c)
}

func (f *folder) mask(s string) {
	f.space()
	f.out = append(f.out, '#')
	for i := 0; i < len(s); i++ {
		if c := s[i] | 0x20; c >= 'a' && c <= 'z' {
			f.out = append(f.out, c)
		}
	}
	f.space()
}

func (f *folder) rune(r rune, next byte) {
	switch {
	case r >= 'A' && r <= 'Z':
		f.put(byte(r) + 32)
	case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
		f.put(byte(r))
	case r == '\'' || r == '`' || r == '\u2019' || r == '\u2018' || r == '\u02bc':
	case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Me, r):
		// combining accents, joiners, bidi marks and keycap frames stand inside words and mean nothing
	case r == '.' || r == ',' || r == ':' || r == '/' || r == '\u2044':
		if n := len(f.out); n > 0 && digit(f.out[n-1]) && digit(next) {
			if r == '\u2044' {
				r = '/'
			}
			f.out = append(f.out, byte(r))
			f.run = 0
			return
		}
		f.space()
	default:
		if a := latin(r); a != 0 {
			f.put(a)
			return
		}
		if d := otherDigit(r); d >= 0 {
			f.put(byte('0' + d))
			return
		}
		f.space()
	}
}

// latin gives the plain letter of the Latin letters that decomposition leaves whole.
func latin(r rune) byte {
	switch r {
	case 'ø', 'Ø':
		return 'o'
	case 'ł', 'Ł':
		return 'l'
	case 'đ', 'Đ', 'ð', 'Ð':
		return 'd'
	case 'ı':
		return 'i'
	case 'ə', 'Ə', 'ɛ', 'æ', 'Æ':
		return 'e'
	case 'ɔ', 'œ', 'Œ':
		return 'o'
	case 'ŋ', 'Ŋ':
		return 'n'
	case 'ß':
		return 's'
	}
	return 0
}

// otherDigit is the value of a decimal digit of another script (Arabic, Javanese, ...), or -1.
func otherDigit(r rune) int {
	for _, zero := range [...]rune{0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0x1b50, 0xa9d0} {
		if r >= zero && r <= zero+9 {
			return int(r - zero)
		}
	}
	return -1
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func letters(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return s != ""
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if !digit(s[i]) {
			return false
		}
	}
	return s != ""
}
