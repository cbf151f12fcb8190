package match

import (
	"strings"
	"testing"
)

// What was typed without its vowels is read with them, the words beside it choose among several, and what is known stays.
func TestRepair(t *testing.T) {
	var docs []document
	for _, s := range []string{
		"should the meeting last", "should my account change", "sold my account", "sold it", "the last one", "the last day", "the list of names",
		"a list of names", "a list of cities", "the time now", "the time here", "what time", "kpps dipilih", "kpps dilantik", "kpps bekerja", "kupas mangga",
		"surat suara sah", "surat suara rusak", "surat suara hilang", "meeting at ten", "a long meeting", "account closed", "should it", "ais", "ais", "ais",
	} {
		docs = append(docs, document{tokens: strings.Fields(s)})
	}
	known := newWordlist(docs)
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
