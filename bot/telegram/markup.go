package telegram

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Telegram's limits, in UTF-16 units of the text without its markup.
const (
	textMax    = 4096
	captionMax = 1024
)

// span is a piece of text with at most one style. Text is cut before it is written as HTML, so that a cut can fall
// neither into a tag nor into an escaped character.
type span struct {
	text string
	tag  string // "i", "b" or "" for none
}

// htmlEscaper escapes what Telegram's HTML mode reads. The library's own escaping for its Markdown mode forgets the
// backslash, hence HTML.
var htmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// toHTML writes spans in HTML mode.
func toHTML(spans []span) string {
	var b strings.Builder
	for _, s := range spans {
		text := htmlEscaper.Replace(s.text)
		if s.tag != "" && strings.TrimSpace(s.text) != "" {
			text = "<" + s.tag + ">" + text + "</" + s.tag + ">"
		}
		b.WriteString(text)
	}
	return b.String()
}

// toPlain writes spans without markup.
func toPlain(spans []span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.text)
	}
	return b.String()
}

// units counts a text as Telegram does.
func units(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// split cuts spans into pieces of at most limit units, at the end of a paragraph, a line or a word where it can.
func split(spans []span, limit int) [][]span {
	var pieces [][]span
	rest := trimStart(spans)
	for len(rest) > 0 {
		text := toPlain(rest)
		at := len(text)
		if units(text) > limit {
			at = breakAt(text, limit)
		}
		var piece []span
		piece, rest = cut(rest, at)
		pieces = append(pieces, trimEnd(piece))
		rest = trimStart(rest)
	}
	return pieces
}

// breakAt returns the byte at which a text that is too long is best cut. Half a message is given away for the sake of
// a better place, not more.
func breakAt(text string, limit int) int {
	end := prefix(text, limit)
	head := text[:end]
	for _, mark := range []string{"\n\n", "\n", ". ", " "} {
		if i := strings.LastIndex(head, mark); i > 0 && i >= end/2 {
			return i + len(mark)
		}
	}
	for i := end; i > 0; { // no word ends: at least keep together what is drawn as one character
		before, size := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i:])
		if !joined(before, after) {
			return i
		}
		i -= size
	}
	return end
}

// prefix returns how many bytes of a text fit into limit units.
func prefix(text string, limit int) int {
	n := 0
	for i, r := range text {
		n++
		if r > 0xFFFF {
			n++
		}
		if n > limit {
			return i
		}
	}
	return len(text)
}

// joined reports whether two runes may be parts of one character on the screen.
func joined(before, after rune) bool {
	const zeroWidthJoiner, flagA, flagZ, skinLight, skinDark = 0x200D, 0x1F1E6, 0x1F1FF, 0x1F3FB, 0x1F3FF
	switch {
	case unicode.In(after, unicode.Mn, unicode.Me, unicode.Mc, unicode.Variation_Selector):
		return true
	case before == zeroWidthJoiner, after == zeroWidthJoiner:
		return true
	case after >= skinLight && after <= skinDark:
		return true
	}
	return before >= flagA && before <= flagZ && after >= flagA && after <= flagZ
}

// cut divides spans at a byte of their text.
func cut(spans []span, at int) (head, tail []span) {
	for i, s := range spans {
		if at < len(s.text) {
			if at > 0 {
				head = append(head, span{s.text[:at], s.tag})
			}
			return head, append([]span{{s.text[at:], s.tag}}, spans[i+1:]...)
		}
		at -= len(s.text)
		head = append(head, s)
	}
	return head, nil
}

func trimStart(spans []span) []span {
	for len(spans) > 0 {
		s := spans[0]
		if s.text = strings.TrimLeftFunc(s.text, unicode.IsSpace); s.text != "" {
			return append([]span{s}, spans[1:]...)
		}
		spans = spans[1:]
	}
	return nil
}

func trimEnd(spans []span) []span {
	for n := len(spans); n > 0; n-- {
		s := spans[n-1]
		if s.text = strings.TrimRightFunc(s.text, unicode.IsSpace); s.text != "" {
			return append(append([]span(nil), spans[:n-1]...), s)
		}
	}
	return nil
}
