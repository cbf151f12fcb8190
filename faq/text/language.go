package text

// DetectLang says whether a message is written in Indonesian ("id"), Javanese ("jv") or English ("en"), from the
// words that the lexicons know, or "" when its words do not tell. Javanese in chats is always mixed with
// Indonesian, so a message counts as Javanese as soon as its Javanese words weigh at least as much.
func DetectLang(s string) string { return Language(Tokens(s)) }

// Language is DetectLang over tokens.
func Language(tokens []string) string {
	lex := lexicon()
	var sum votes
	for _, w := range tokens {
		v, ok := lex.lang[w]
		if !ok {
			v = lex.lang[clitic(w)]
		}
		all := v[0] + v[1] + v[2]
		if all == 0 {
			continue
		}
		weight := float32(1)
		if v[0] == 2 || v[1] == 2 || v[2] == 2 {
			weight = 2
		}
		for l := range sum {
			sum[l] += weight * v[l] / all
		}
	}
	id, jv, en := sum[0], sum[1], sum[2]
	switch {
	case jv > 1 && jv >= id && jv > en: // one shared word such as "nyoblos" settles nothing
		return "jv"
	case en >= 1 && en > id+0.4 && en > jv+0.4:
		return "en"
	case id >= 0.9 && id > jv && id >= en:
		return "id"
	}
	return ""
}
