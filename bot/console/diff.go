package console

import "strings"

// piece is a part of a text that stayed ("="), went ("-") or came ("+").
type piece struct{ Kind, Text string }

// diffMax bounds the words that are compared one by one; beyond it the texts stand whole beside each other.
const diffMax = 2000

// wordDiff compares two texts word by word.
func wordDiff(before, after string) []piece {
	a, b := words(before), words(after)
	if len(a) > diffMax || len(b) > diffMax {
		return []piece{{"-", before}, {"+", "\n" + after}}
	}
	// common[i][j] is the length of the longest common part of a[i:] and b[j:].
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var out []piece
	add := func(kind, s string) {
		if n := len(out); n > 0 && out[n-1].Kind == kind {
			out[n-1].Text += s
			return
		}
		out = append(out, piece{kind, s})
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			add("=", a[i])
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			add("-", a[i])
			i++
		default:
			add("+", b[j])
			j++
		}
	}
	return out
}

// words cuts a text behind its blanks and line ends, so that joining the parts gives the text again.
func words(s string) []string {
	var out []string
	for s != "" {
		i := strings.IndexAny(s, " \n")
		if i < 0 {
			return append(out, s)
		}
		out, s = append(out, s[:i+1]), s[i+1:]
	}
	return out
}
