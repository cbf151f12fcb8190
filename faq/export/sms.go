package export

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tanya/faq"
)

const (
	smsMax   = 160 // letters of the GSM alphabet in one message
	smsParts = 2
)

// SMS writes one table per language: entry, part, parts, letters, last day, text. An answer becomes one message, or
// two that are numbered, cut between sentences. Where it is longer, whole paragraphs are left out behind the first
// ones, and the message says where the rest is; a closing note stays, such as that a rule is past. Critical answers
// are never shortened. What does not fit so is reported and not written.
func SMS(ed *faq.Edition, o Options) ([]File, []Skipped, error) {
	if err := o.check(ed); err != nil {
		return nil, nil, err
	}
	var files []File
	var skipped []Skipped
	for _, l := range o.langs() {
		var b bytes.Buffer
		b.WriteString("entry\tpart\tparts\tletters\tuntil\ttext\n")
		for _, topic := range o.topics(ed) {
			items, s := o.items(ed, topic, l)
			skipped = append(skipped, s...)
			for _, it := range items {
				parts := o.messages(it)
				if parts == nil {
					skipped = append(skipped, Skipped{it.Entry.ID, l, "tidak muat dalam dua SMS tanpa memotong isi"})
				}
				until := ""
				if !it.Answer.Expires.IsZero() {
					until = faq.DateOf(it.Answer.Expires.Add(-time.Nanosecond), ed.Zone).String()
				}
				for i, s := range parts {
					fmt.Fprintf(&b, "%s\t%d\t%d\t%d\t%s\t%s\n", it.Entry.ID, i+1, len(parts), letters(s), until, s)
				}
			}
		}
		files = append(files, File{"sms-" + string(l) + ".tsv", b.Bytes()})
	}
	return files, skipped, nil
}

// messages makes an entry's messages: the whole easy text where that fits, else the whole answer, else what can be
// said of them without misleading. It returns nil when nothing fits.
func (o Options) messages(it item) []string {
	var texts [][]string
	for _, text := range []string{it.Easy, it.Answer.Text} {
		if text != "" {
			texts = append(texts, paragraphs(text))
		}
	}
	for _, ps := range texts {
		if parts := fit(ps); parts != nil {
			return parts
		}
	}
	if it.Entry.Critical || o.Chat == "" { // without an address nobody could say where the rest is
		return nil
	}
	for _, ps := range texts {
		if parts := o.shortened(it, ps); parts != nil {
			return parts
		}
	}
	return nil
}

// pointing matches words that point at something said before.
var pointing = regexp.MustCompile(`(?i)\b(itu|ini|tersebut|terakhir|butir|keduanya|tadi|di atas|berikut|niku|niki|kasebut|pungkasan|kekalihipun|wau|these|those|they|them|this|that|it|last|above|both)\b`)

// shortened leaves paragraphs out from behind, until the rest fits with the closing one. That one is where answers
// say that a rule is past, who decides, and what is not known; when it points at what was left out, there is no
// short form.
func (o Options) shortened(it item, ps []string) []string {
	if len(ps) < 3 {
		return nil
	}
	last := ps[len(ps)-1]
	if !slices.Contains(it.Notes, last) && pointing.MatchString(last) {
		return nil
	}
	more := o.Words[it.Lang].More + " " + strings.TrimPrefix(strings.TrimPrefix(o.Chat, "https://"), "http://")
	for keep := len(ps) - 2; keep >= 1; keep-- {
		if parts := fit(slices.Concat(ps[:keep], []string{last, more})); parts != nil {
			return parts
		}
	}
	return nil
}

// paragraphs writes each paragraph of an answer on one line. A list belongs to the line that announces it.
func paragraphs(text string) []string {
	var out []string
	for _, b := range blocks(text) {
		s := strings.Join(b.Lines, " ")
		if b.List {
			items := make([]string, len(b.Lines))
			for i, line := range b.Lines {
				items[i] = strings.TrimSuffix(line, ".")
			}
			s = strings.Join(items, "; ") + "."
			if len(out) > 0 {
				out[len(out)-1] += " " + s
				continue
			}
		}
		out = append(out, s)
	}
	return out
}

// fit puts paragraphs into one message, or into two at the end of a sentence or of an item. It returns nil when
// they are longer.
func fit(ps []string) []string {
	text := plain(strings.Join(ps, " "))
	if letters(text) < 0 {
		return nil
	}
	if letters(text) <= smsMax {
		return []string{text}
	}
	first, rest := "", text
	for _, unit := range units(text) {
		next := strings.TrimSpace(first + " " + unit)
		if letters("1/2 "+next) > smsMax {
			break
		}
		first, rest = next, strings.TrimSpace(rest[len(unit):])
	}
	if first == "" || letters("2/2 "+rest) > smsMax {
		return nil
	}
	return []string{"1/2 " + first, "2/2 " + rest}
}

// units cuts a text behind full stops, question marks and semicolons, without losing a letter but the spaces.
func units(text string) []string {
	var out []string
	start := 0
	for i := range len(text) {
		if strings.IndexByte(".?!;", text[i]) >= 0 && (i+1 == len(text) || text[i+1] == ' ') {
			out = append(out, strings.TrimSpace(text[start:i+1]))
			start = i + 1
		}
	}
	if s := strings.TrimSpace(text[start:]); s != "" {
		out = append(out, s)
	}
	return out
}

// plain writes the few letters that the GSM alphabet lacks with those that it has.
func plain(s string) string {
	return strings.Join(strings.Fields(strings.NewReplacer(
		"\u201c", `"`, "\u201d", `"`, "\u2018", "'", "\u2019", "'", "\u2013", "-", "\u2014", "-", "\u2026", "...", "\u00a0", " ", "\u2011", "-",
	).Replace(s)), " ")
}

// The letters of GSM 03.38: those that take one place, and those that take two.
const (
	gsmOne = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmTwo = "^{}\\[~]|€"
)

// letters counts the places that a text takes in a message, -1 when it holds a letter that the alphabet lacks.
func letters(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case r == utf8.RuneError:
			return -1
		case strings.ContainsRune(gsmOne, r):
			n++
		case strings.ContainsRune(gsmTwo, r):
			n += 2
		default:
			return -1
		}
	}
	return n
}
