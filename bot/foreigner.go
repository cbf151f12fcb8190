package bot

import (
	"regexp"
	"slices"

	"tanya/faq/text"
)

// whoVotes is the entry on who may vote.
const whoVotes = "syarat-pemilih"

// foreign reports whether somebody says of herself or of somebody near that she is a citizen of another country, and
// asks about voting. Whoever only lives abroad is not.
func foreign(s string) bool {
	return citizenship.MatchString(s) && slices.ContainsFunc(text.Concepts(text.Tokens(s)), func(c string) bool { return c == "coblos" || c == "pilih" })
}

var citizenship = regexp.MustCompile(`(?i)\b(?:(?:i am|i'm|im|he is|she is|he's|she's|(?:husband|wife|spouse) is|(?:saya|aku|kula|suami\w*|istri\w*|bojo\w*)(?: saya| kula| ku)?)(?: an?| asli| itu| orang| wong| tiyang| warga(?: negara)?)* ` + nationality +
	`|(?:warga(?: negara)?|orang|wong|tiyang) ` + nationality + `)\b`)

// nationality matches the citizens of countries from which people come to live here or who ask in English.
const nationality = `(?:american?|amerika|australian?|australi|aussie|british|english(?:man|woman)?|inggris|scottish|irish|canadian|kanada|dutch|belanda|german|jerman|french|prancis|perancis|italian|italia|spanish|spanyol|swiss|japanese|jepang|` +
	`korean?|chinese|indian|malaysian?|singaporean|singapura|singapore|filipin[oa]|thai|thailand|vietnamese|vietnam|taiwanese|taiwan|russian|rusia|turkish|turki|egyptian|mesir|saudi|new zealander|selandia baru|foreigner|asing|luar negeri)`
