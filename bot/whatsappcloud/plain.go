package whatsappcloud

import (
	"strings"
	"unicode"
)

// plain takes away the signs that WhatsApp would read as formatting, because there is no escape for them. They count
// only at the edge of a word; what stands inside a word or in a link stays.
func plain(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if !strings.ContainsAny(s, "*_~`") {
		return s
	}
	var out strings.Builder
	for len(s) > 0 {
		end := strings.IndexFunc(s, unicode.IsSpace)
		if end < 0 {
			end = len(s)
		}
		out.WriteString(plainWord(s[:end]))
		blank := strings.IndexFunc(s[end:], func(r rune) bool { return !unicode.IsSpace(r) })
		if blank < 0 {
			blank = len(s) - end
		}
		out.WriteString(s[end : end+blank])
		s = s[end+blank:]
	}
	return out.String()
}

// plainWord drops the signs of one word that do not stand between letters or digits.
func plainWord(w string) string {
	if strings.Contains(w, "://") {
		return w
	}
	rs := []rune(w)
	inside := func(i int) bool { return i >= 0 && i < len(rs) && (unicode.IsLetter(rs[i]) || unicode.IsDigit(rs[i])) }
	var out strings.Builder
	for i, r := range rs {
		if strings.ContainsRune("*_~`", r) && (!inside(i-1) || !inside(i+1)) {
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}
