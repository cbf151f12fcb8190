package faq

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// WriteEntry writes an entry as its file holds it, in the order in which staff read it. Read gives the same entry back.
func WriteEntry(e *Entry) string {
	w := &yamlWriter{}
	w.field(0, "id", e.ID)
	w.field(0, "topic", e.Topic)
	if e.Critical {
		w.line(0, "critical: true")
	}
	if e.Guard {
		w.line(0, "guard: true")
	}
	w.field(0, "owner", e.Owner)
	w.line(0, "review: "+e.Review.String())
	w.field(0, "election", e.Election)
	if e.Menu > 0 {
		w.line(0, "menu: "+strconv.Itoa(e.Menu))
	}
	w.words(0, "title", e.Title)
	w.words(0, "question", e.Question)
	if len(e.Related) > 0 {
		w.line(0, "related: ["+strings.Join(e.Related, ", ")+"]")
	}
	w.sources(e.Sources)
	if !(len(e.Phases) == 1 && e.Phases[0].ID == Always) {
		w.line(0, "phases:")
		for _, p := range e.Phases {
			w.line(1, "- id: "+quoted(p.ID))
			w.field(2, "until", p.Until)
		}
	}
	w.line(0, "answer:")
	w.phases(1, e, e.Answer)
	if len(e.Segments) > 0 {
		w.line(0, "segments:")
		for _, s := range AllSegments() {
			if len(e.Segments[s]) > 0 {
				w.line(1, string(s)+":")
				w.phases(2, e, e.Segments[s])
			}
		}
	}
	if len(e.Media) > 0 {
		w.line(0, "media:")
		for _, m := range e.Media {
			w.line(1, "- kind: "+quoted(m.Kind))
			w.field(2, "name", m.Name)
			w.field(2, "url", m.URL)
			if m.MB > 0 {
				w.line(2, "mb: "+strconv.Itoa(m.MB))
			}
			if m.Kind != "picture" {
				w.words(2, "alt", m.Alt)
			}
		}
	}
	w.phrasings(e.Phrasings)
	return w.b.String()
}

// yamlWriter writes the small part of YAML that entries need.
type yamlWriter struct{ b strings.Builder }

func (w *yamlWriter) line(depth int, s string) {
	w.b.WriteString(strings.Repeat("  ", depth))
	w.b.WriteString(s)
	w.b.WriteByte('\n')
}

// field writes a short text, nothing for an empty one.
func (w *yamlWriter) field(depth int, key, value string) {
	if value != "" {
		w.line(depth, key+": "+quoted(value))
	}
}

func (w *yamlWriter) words(depth int, key string, ws Words) {
	if len(ws) == 0 {
		return
	}
	w.line(depth, key+":")
	for _, l := range Langs() {
		w.field(depth+1, string(l), ws[l])
	}
}

func (w *yamlWriter) sources(list []Source) {
	if len(list) == 0 {
		return
	}
	w.line(0, "sources:")
	for _, s := range list {
		w.line(1, "- title: "+quoted(s.Title))
		w.field(2, "url", s.URL)
		w.field(2, "basis", s.Basis)
		w.field(2, "passage", s.Passage)
		w.field(2, "grade", s.Grade)
		if s.Mirror {
			w.line(2, "mirror: true")
		}
	}
}

// phases writes the wordings of each phase as blocks, which staff can read and compare line by line.
func (w *yamlWriter) phases(depth int, e *Entry, texts map[string]Texts) {
	for _, p := range e.Phases {
		if len(texts[p.ID]) == 0 {
			continue
		}
		w.line(depth, quoted(p.ID)+":")
		for _, key := range ordered(texts[p.ID]) {
			w.block(depth+1, key, texts[p.ID][key])
		}
	}
}

// ordered puts the wordings in their order: Indonesian, easy, Javanese, English, then whatever else stands there.
func ordered(t Texts) []string {
	keys := []string{string(Indonesian), Easy, string(Javanese), string(English)}
	for _, k := range slices.Sorted(maps.Keys(t)) {
		if !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	return slices.DeleteFunc(keys, func(k string) bool { return t[k] == "" })
}

// block writes a text of several lines. A text that a block cannot hold as it is becomes a quoted one.
func (w *yamlWriter) block(depth int, key, text string) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	odd := strings.ContainsFunc(text, func(r rune) bool {
		return r != '\n' && (r < ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 || r == 0xfeff)
	})
	if odd || strings.HasPrefix(text, " ") || text == "" || strings.TrimSpace(text) != text {
		w.line(depth, key+": "+quoted(text))
		return
	}
	w.line(depth, key+": |")
	for line := range strings.Lines(text + "\n") {
		line = strings.TrimSuffix(line, "\n")
		if strings.TrimSpace(line) == "" {
			w.b.WriteByte('\n')
			continue
		}
		w.line(depth+1, line)
	}
}

func (w *yamlWriter) phrasings(list []Phrasing) {
	if len(list) == 0 {
		return
	}
	w.line(0, "phrasings:")
	for _, v := range Varieties() {
		first := true
		for _, p := range list {
			if p.Variety != v.Name {
				continue
			}
			if first {
				w.line(1, v.Name+":")
				first = false
			}
			w.line(2, "- "+quoted(p.Text))
		}
	}
}

// quoted writes a text so that YAML reads nothing else in it.
func quoted(s string) string {
	plain := s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '-' || r == '_')
	})
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "null", "on", "off", "y", "n", "-":
		plain = false
	}
	if plain && s[0] != '-' {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r == 0x85 || r == 0x2028 || r == 0x2029 || r == 0xfeff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// WriteFact writes a fact as one item of its file.
func WriteFact(f *Fact) string {
	w := &yamlWriter{}
	w.line(0, "- id: "+quoted(f.ID))
	w.line(1, "kind: "+string(f.Kind))
	switch f.Kind {
	case KindDate:
		w.line(1, "value: "+f.Day.String())
	case KindRange:
		w.line(1, "value: ["+f.Day.String()+", "+f.Last.String()+"]")
	case KindTime:
		w.line(1, fmt.Sprintf("value: \"%02d:%02d\"", int(f.Clock.Hours()), int(f.Clock.Minutes())%60))
	case KindLaw, KindName, KindLink, KindText:
		w.words(1, "value", f.Words)
	default:
		w.line(1, "value: "+strconv.FormatFloat(f.Number, 'f', -1, 64))
	}
	w.field(1, "short", f.Short)
	w.field(1, "election", f.Election)
	s := f.Source
	parts := []string{"title: " + quoted(s.Title), "url: " + quoted(s.URL)}
	for _, p := range [][2]string{{"basis", s.Basis}, {"passage", s.Passage}, {"grade", s.Grade}} {
		if p[1] != "" {
			parts = append(parts, p[0]+": "+quoted(p[1]))
		}
	}
	if s.Mirror {
		parts = append(parts, "mirror: true")
	}
	w.line(1, "source: {"+strings.Join(parts, ", ")+"}")
	if len(f.Refs) > 0 {
		refs := make([]string, len(f.Refs))
		for i, r := range f.Refs {
			refs[i] = quoted(r)
		}
		w.line(1, "refs: ["+strings.Join(refs, ", ")+"]")
	}
	w.line(1, "checked: "+f.Checked.String())
	if !f.From.IsZero() {
		w.line(1, "from: "+f.From.String())
	}
	w.line(1, "until: "+f.Until.String())
	return w.b.String()
}

// ReplaceFact puts a fact in the place of the item of the same id in the text of a facts file, or behind the last one.
// What stands between items stays.
func ReplaceFact(file string, f *Fact) string {
	lines := strings.SplitAfter(file, "\n")
	begin, end := -1, len(lines)
	for i, l := range lines {
		if begin < 0 {
			if id, ok := strings.CutPrefix(l, "- id:"); ok && strings.Trim(strings.TrimSpace(id), `"'`) == f.ID {
				begin = i
			}
			continue
		}
		if l != "" && l[0] != ' ' && l[0] != '\t' {
			end = i
			break
		}
	}
	if begin < 0 {
		return strings.TrimRight(file, "\n") + "\n" + WriteFact(f)
	}
	for end > begin && strings.TrimSpace(lines[end-1]) == "" {
		end--
	}
	return strings.Join(lines[:begin], "") + WriteFact(f) + strings.Join(lines[end:], "")
}
