package bot

import (
	"regexp"
	"strings"
	"unicode"
)

// A number that identifies somebody can be typed with blanks, dots and dashes, in full-width or other digits, and
// with letters that look like digits. So numbers are not found by a pattern: runs of digits and of what people put
// between them are gathered, parts that are a date, an hour, an amount or a law are left out, and what remains is
// judged by how many digits it has.

// longNumber is the count of digits from which a run is an identity, family-card or account number.
const longNumber = 12

// keepShapes are the written forms of numbers that are not about a person.
var keepShapes = regexp.MustCompile(`^(` +
	`\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})` + // 27-11-2024
	`|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}` + // 2024-11-27
	`|\d{1,2}[.:]\d{2}([-–]\d{1,2}[.:]\d{2})?` + // 07.00, 07.00-13.00
	`|\d{1,3}([.,]\d{3}){1,4}` + // 100.000
	`|\d{1,3}/[A-Z]{3}-[IVXLC]+/\d{4}` +
	`|\d{1,3}/\d{4}` + // 7/2017
	`|\d{4}[-–/]\d{4}` + // 2025-2030
	`)$`)

// digitOf returns the decimal digit that a rune stands for in any script, -1 when it is none.
func digitOf(r rune) int {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0')
	case r >= 0x2460 && r <= 0x2468: // circled
		return int(r-0x2460) + 1
	case r >= 0x1D7CE && r <= 0x1D7FF: // mathematical
		return int(r-0x1D7CE) % 10
	}
	if !unicode.Is(unicode.Nd, r) {
		switch r {
		case '⁰':
			return 0
		case '¹':
			return 1
		case '²', '³':
			return int(r-'²') + 2
		}
		if r >= '⁴' && r <= '⁹' {
			return int(r-'⁴') + 4
		}
		if r >= '₀' && r <= '₉' {
			return int(r - '₀')
		}
		return -1
	}
	// Decimal digits of a script stand in blocks of ten; walk down to the zero.
	for d := 0; d < 10; d++ {
		if !unicode.Is(unicode.Nd, r-rune(d)-1) || d == 9 {
			return d
		}
	}
	return -1
}

// lookAlike reports whether a letter may stand for a digit inside a number.
func lookAlike(r rune) bool { return strings.ContainsRune("OoQlIi|", r) }

// between reports whether a rune may stand between the digits of one number.
func between(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune(".-–—_/,()+*':;=#~·•\\", r)
}

// redactNumbers replaces runs of digits that may identify a person.
func redactNumbers(s string) string {
	rs := []rune(s)
	var out strings.Builder
	for i := 0; i < len(rs); {
		if digitOf(rs[i]) < 0 && rs[i] != '+' && !(lookAlike(rs[i]) && startsNumber(rs, i)) {
			out.WriteRune(rs[i])
			i++
			continue
		}
		j := numberEnd(rs, i)
		if j == i {
			out.WriteRune(rs[i])
			i++
			continue
		}
		out.WriteString(judge(rs[i:j], rs[:i]))
		i = j
	}
	return out.String()
}

// startsNumber reports whether a look-alike letter at i opens a number: digits follow, and no letter stands before.
func startsNumber(rs []rune, i int) bool {
	if i > 0 && (unicode.IsLetter(rs[i-1]) || lookAlike(rs[i-1]) || digitOf(rs[i-1]) >= 0) {
		return false
	}
	digits := 0
	j := i + 1
	for ; j < len(rs) && (digitOf(rs[j]) >= 0 || lookAlike(rs[j])); j++ {
		if digitOf(rs[j]) >= 0 {
			digits++
		}
	}
	return digits >= 2 && (j == len(rs) || !unicode.IsLetter(rs[j]))
}

// numberEnd returns where the run of digits that starts at i ends.
func numberEnd(rs []rune, i int) int {
	end, gap := i, 0
	for j := i; j < len(rs) && gap <= 3; j++ {
		switch {
		case digitOf(rs[j]) >= 0:
			end, gap = j+1, 0
		case lookAlike(rs[j]):
			last, ok := lookAlikes(rs, j)
			if !ok {
				return end
			}
			j = last
			end, gap = j+1, 0
		case between(rs[j]):
			gap++
		default:
			return end
		}
	}
	return end
}

// lookAlikes returns the last of the look-alike letters that start at j, and whether they may belong to a number:
// no other letter touches them.
func lookAlikes(rs []rune, j int) (last int, ok bool) {
	last = j
	for last+1 < len(rs) && lookAlike(rs[last+1]) {
		last++
	}
	return last, (j == 0 || !unicode.IsLetter(rs[j-1])) && (last+1 == len(rs) || !unicode.IsLetter(rs[last+1]))
}

// judge decides about one run. before is what stands in front of it.
func judge(run, before []rune) string {
	text := string(run)
	digits, longest := 0, 0
	var first strings.Builder
	for _, field := range strings.FieldsFunc(text, unicode.IsSpace) {
		if keepShapes.MatchString(strings.Trim(field, "(),.")) {
			continue
		}
		solid := 0
		for _, r := range field {
			if d := digitOf(r); d >= 0 || lookAlike(r) {
				digits++
				solid++
				if first.Len() < 3 && d >= 0 {
					first.WriteByte(byte('0' + d))
				} else if first.Len() < 3 && strings.ContainsRune("OoQ", r) {
					first.WriteByte('0')
				}
			} else if !unicode.IsSpace(r) && solid < longest {
				solid = 0
			}
			longest = max(longest, solid)
		}
	}
	phone := strings.HasPrefix(first.String(), "08") || strings.HasPrefix(first.String(), "62")
	switch {
	case phone && digits >= 9 && digits <= 14:
		return mark("[telepon]", text)
	case digits >= longNumber:
		return mark("[nomor]", text)
	case longest >= 9 && !money(before):
		return mark("[nomor]", text)
	}
	return text
}

// mark replaces a run and keeps the blanks around it.
func mark(m, text string) string {
	lead := text[:len(text)-len(strings.TrimLeftFunc(text, unicode.IsSpace))]
	tail := text[len(strings.TrimRightFunc(text, unicode.IsSpace)):]
	return lead + m + tail
}

// money reports whether an amount is announced just before a number.
func money(before []rune) bool {
	s := strings.ToLower(strings.TrimRight(string(before[max(0, len(before)-5):]), " ."))
	return strings.HasSuffix(s, "rp") || strings.HasSuffix(s, "idr")
}
