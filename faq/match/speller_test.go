package match

import (
	"slices"
	"strings"
	"testing"
)

// What was typed without its vowels is read with them, the words beside it choose among several, and what is known stays.
func TestRepair(t *testing.T) {
	var texts [][]string
	for _, s := range []string{
		"should the meeting last", "should my account change", "sold my account", "sold it", "the last one", "the last day", "the list of names",
		"a list of names", "a list of cities", "the time now", "the time here", "what time", "kpps dipilih", "kpps dilantik", "kpps bekerja", "kupas mangga",
		"surat suara sah", "surat suara rusak", "surat suara hilang", "meeting at ten", "a long meeting", "account closed", "should it", "ais", "ais", "ais",
	} {
		texts = append(texts, strings.Fields(s))
	}
	known := newWordlist(texts, schedule{})
	var docs []document
	for _, t := range texts {
		docs = append(docs, known.document(t, known.find(nil, t)))
	}
	s := newSpeller(known, docs, nil)
	for typed, want := range map[string]string{
		"shld my accnt":    "should my account", // not "sold", which is nearer by edits
		"the lst day":      "the last day",
		"a lst of names":   "a list of names",
		"what tm":          "what time",
		"lng mtng":         "long meeting",
		"kps dilantik":     "kpps dilantik", // an abbreviation with a slip, not "kupas"
		"srt suara rusak":  "surat suara rusak",
		"surat sura hilag": "surat suara hilang",
		"es":               "es", // too short to be a word without its vowels
		"kpps":             "kpps",
	} {
		tokens := strings.Fields(typed)
		got, _ := s.repair(tokens, known.find(nil, tokens))
		if strings.Join(got, " ") != want {
			t.Errorf("%q is read as %q, want %q", typed, strings.Join(got, " "), want)
		}
	}
}

// What a word leaves when letters go is hashed as it would be if it were written out.
func TestCutsAreHashesOfWhatIsLeft(t *testing.T) {
	for _, w := range []string{"ab", "pemilih", "nyobloss", "aaaa", "sangatpanjangsekaliini"} {
		var one, two, wantOne, wantTwo []uint64
		cuts(w, func(h uint64, n int) {
			if n != len(w)-1 {
				t.Errorf("%q: %d letters left of %d", w, n, len(w))
			}
			one = append(one, h)
		})
		cuts2(w, func(h uint64, n int) {
			if n != len(w)-2 {
				t.Errorf("%q: %d letters left of %d", w, n, len(w))
			}
			two = append(two, h)
		})
		for i := range w {
			if i == 0 || w[i] != w[i-1] {
				wantOne = append(wantOne, hashBytes(w[:i]+w[i+1:], 3))
			}
			for j := i + 1; j < len(w); j++ {
				wantTwo = append(wantTwo, hashBytes(w[:i]+w[i+1:j]+w[j+1:], 3))
			}
		}
		if !slices.Equal(one, wantOne) || !slices.Equal(two, wantTwo) {
			t.Errorf("%q: other hashes than those of what is left", w)
		}
	}
}
