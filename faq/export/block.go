package export

import (
	"regexp"
	"strings"
)

// block is a paragraph or a list of an answer.
type block struct {
	List    bool
	Ordered bool
	Lines   []string // one of a paragraph, the items of a list
}

var (
	bullet   = regexp.MustCompile(`^\s*- (.*)$`)
	numbered = regexp.MustCompile(`^\s*[0-9]{1,2}\. (.*)$`)
)

// blocks cuts an answer at its empty lines and finds its lists.
func blocks(text string) []block {
	var out []block
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		last := len(out) - 1
		switch m, n := bullet.FindStringSubmatch(line), numbered.FindStringSubmatch(line); {
		case line == "":
			out = append(out, block{})
		case m != nil || n != nil:
			item := ""
			if m != nil {
				item = m[1]
			} else {
				item = n[1]
			}
			if last < 0 || !out[last].List || out[last].Ordered != (n != nil) {
				out = append(out, block{List: true, Ordered: n != nil})
				last = len(out) - 1
			}
			out[last].Lines = append(out[last].Lines, item)
		case last >= 0 && !out[last].List && len(out[last].Lines) == 1:
			out[last].Lines[0] += " " + line
		default:
			out = append(out, block{Lines: []string{line}})
		}
	}
	kept := out[:0]
	for _, b := range out {
		if len(b.Lines) > 0 {
			kept = append(kept, b)
		}
	}
	return kept
}
