package match

import (
	_ "embed"
	"strings"
)

//go:embed data/negatives.tsv
var negatives string

// Negatives returns the embedded messages that no entry answers: small talk, other offices' services, prices,
// football, noise. They are our own writing; a staff member may add lines to the file.
func Negatives() []string {
	var out []string
	for line := range strings.Lines(negatives) {
		line = strings.TrimRight(line, "\r\n")
		if _, s, ok := strings.Cut(line, "\t"); ok && line[0] != '#' {
			out = append(out, s)
		}
	}
	return out
}
