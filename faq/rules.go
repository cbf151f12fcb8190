package faq

// rules are what the lint needs to know about this office: whose names are candidates', which entries may speak
// of two kinds of elections, and which words need an explanation. Staff keep them in rules.yaml.
type rules struct {
	Candidates []race
	Mixed      []mixture
	Terms      []term
}

// race is a contest with its pairs, as facts, in the order of their official numbers.
type race struct {
	Race    string
	Order   []string // fact ids
	Entries []string // the entries that may name the pairs
}

// mixture allows one entry to speak of two kinds of elections.
type mixture struct {
	Entry  string
	Reason string
}

// term is an abbreviation that people do not know, with the phrases that count as its explanation.
type term struct {
	Term    string
	Explain []string
	Easy    bool // must be explained in easy-read texts only
}

func (l *loader) rules(name string, b []byte) {
	var raw rules
	if !l.decode(name, b, &raw) {
		return
	}
	for _, m := range raw.Mixed {
		if m.Reason == "" {
			l.problem(name, "campur", "Entri %q boleh menyebut dua jenis pemilihan, tetapi alasannya belum ditulis.", m.Entry)
		}
	}
	l.ed.rules = raw
}
