package eval

import (
	"math/rand/v2"
	"strings"
)

// Noise is a way to spoil a text as hurried people do.
type Noise string

// The kinds of noise. They are those of the measurements in research: keyboard slips, dropped vowels, and a mix.
const (
	OneEdit   Noise = "1"
	TwoEdits  Noise = "2"
	Vowels    Noise = "vowel" // the vowels of two in five of the longer words fall out
	MixedBad  Noise = "mix"   // a quarter of the words shortened and up to two slips
	Unchanged Noise = "clean"
)

// Noises lists all kinds.
func Noises() []Noise { return []Noise{Unchanged, OneEdit, TwoEdits, Vowels, MixedBad} }

// Spoil returns the rows with the noise, the same for the same seed.
func Spoil(rows []Row, n Noise, seed uint64) []Row {
	rnd := rand.New(rand.NewPCG(seed, 77))
	out := make([]Row, len(rows))
	for i, r := range rows {
		out[i] = Row{spoil(r.Text, n, rnd), r.Label}
	}
	return out
}

func spoil(s string, n Noise, rnd *rand.Rand) string {
	switch n {
	case OneEdit:
		return slip(s, rnd)
	case TwoEdits:
		return slip(slip(s, rnd), rnd)
	case Vowels:
		return shorten(s, 0.4, rnd)
	case MixedBad:
		s = shorten(s, 0.25, rnd)
		for range rnd.IntN(3) {
			s = slip(s, rnd)
		}
	}
	return s
}

// shorten drops the inner vowels of a share of the words of four letters or more.
func shorten(s string, share float64, rnd *rand.Rand) string {
	ws := strings.Fields(s)
	for i, w := range ws {
		if len(w) < 4 || rnd.Float64() >= share {
			continue
		}
		b := []byte{w[0]}
		for k := 1; k < len(w); k++ {
			if !strings.ContainsRune("aeiouAEIOU", rune(w[k])) {
				b = append(b, w[k])
			}
		}
		ws[i] = string(b)
	}
	return strings.Join(ws, " ")
}

// neighbours are the keys beside a key.
var neighbours = map[byte]string{
	'a': "qsz", 'b': "vgn", 'c': "xdv", 'd': "sfe", 'e': "wrd", 'f': "dgr", 'g': "fht", 'h': "gjy", 'i': "uok", 'j': "hku",
	'k': "jli", 'l': "kop", 'm': "njk", 'n': "bmh", 'o': "ipl", 'p': "ol", 'q': "wa", 'r': "etf", 's': "adw", 't': "ryg",
	'u': "yij", 'v': "cbf", 'w': "qes", 'x': "zcs", 'y': "tuh", 'z': "xa",
}

// slip makes one keyboard slip inside a word: a letter missing, doubled, swapped with the next, or hit beside.
func slip(s string, rnd *rand.Rand) string {
	b := []byte(s)
	var places []int
	for i := 1; i+1 < len(b); i++ {
		if neighbours[b[i]] != "" && b[i-1] != ' ' && b[i+1] != ' ' {
			places = append(places, i)
		}
	}
	if len(places) == 0 {
		return s
	}
	i := places[rnd.IntN(len(places))]
	switch rnd.IntN(4) {
	case 0:
		return s[:i] + s[i+1:]
	case 1:
		return s[:i] + s[i:i+1] + s[i:]
	case 2:
		b[i], b[i+1] = b[i+1], b[i]
	default:
		near := neighbours[b[i]]
		b[i] = near[rnd.IntN(len(near))]
	}
	return string(b)
}
