package bot

import (
	"regexp"
	"strings"
	"unicode"
)

// Numbers are also written as they are spoken, to slip past programs or because a voice keyboard wrote them.

// numeral matches a digit in words: Indonesian, Javanese (low and polite) and English, with the parts of tens.
const numeral = `(?:nol|kosong|nul|satu|siji|setunggal|dua|loro|kalih|tiga|telu|empat|papat|sekawan|lima|gangsal|enam|enem|tujuh|pitu|` +
	`delapan|wolu|sembilan|sanga|songo|sepuluh|sebelas|belas|puluh|zero|one|two|three|four|five|six|seven|eight|nine)`

var (
	spokenRun  = regexp.MustCompile(`(?i)\b(?:(?:` + numeral + `|\d{1,4})[\s,.;:/\-–]{1,3}){4,}(?:` + numeral + `|\d{1,4})\b`)
	spokenWord = regexp.MustCompile(`(?i)\b` + numeral + `\b`)
	landline   = regexp.MustCompile(`\(?\b0[2-79]\d{1,2}\)?[\s.\-/]{0,3}\d{3}[\s.\-]?\d{3,5}\b`)
)

// spokenDigits is the count of digits from which a number in words may be somebody's.
const spokenDigits = 8

// redactSpoken replaces a run of digits in words, also with figures between them. Where figures outweigh the words,
// the rules for figures decide.
func redactSpoken(m string) string {
	words := len(spokenWord.FindAllString(m, -1))
	figures := 0
	groups := strings.FieldsFunc(spokenWord.ReplaceAllString(m, " "), func(r rune) bool { return !unicode.IsDigit(r) })
	for _, g := range groups {
		figures += len(g)
	}
	if words < 4 || words < len(groups) || words+figures < spokenDigits {
		return m
	}
	return "[nomor]"
}
