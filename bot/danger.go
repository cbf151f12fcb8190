package bot

import (
	"regexp"
	"strings"

	"tanya/faq"
	"tanya/faq/text"
)

// A life at stake comes before any question about voting, before the steps of a guided flow and before asking for a
// slower pace. A list of choices would be cruel then, and somebody's worst hour is nobody's to review: no text is kept.

// emergency is the entry for people in danger.
const emergency = "ancaman-darurat"

// peril matches words that leave no doubt: a wish to die, a weapon, a bomb, a fire where people vote.
var peril = regexp.MustCompile(`(?i)\b(bunuh diri|bundir|(meng)?akhiri hidup|nglalu|kill (myself|me)|killing myself|suicid(e|al)|end my life|want to die|` +
	`(di|mem|tak|arep |mau )?bacok(i|en|an)?|(mau|arep|akan|diancam|badhe) (di|dipun)(bunuh|pateni|bacok|keroyok|gorok)\w*|(di|ngan)?cam (bunuh|dibunuh)|` +
	`(ada|ana|ono|wonten) bom|bomb (at|in)|(tps|ada|ana|ono|wonten) kebakaran|kebakaran (di|ing|neng|nang) tps)\b`)

// dying matches a wish to die in words that are also said of telephones and lamps.
var dying = regexp.MustCompile(`(?i)\b(mau|ingin|pengen|pengin|pingin|kepingin|kepengen|mending|mendingan|lebih baik|luwih becik|luwung) mati([ \t]+(saja|aja|ae|wae|mawon|sekarang|rasanya))?([.,!?]|\s*$|\s)`)

// things matches what runs out of power or breaks, at the head of what is said.
var things = regexp.MustCompile(`(?i)\b(listrik\w*|lampu\w*|hp\w*|hape\w*|handphone|ponsel\w*|telepon|bat(e)?r(a|e)i|batre|batere|laptop\w*|komputer|kuota|pulsa|sinyal|internet|wifi|motor\w*|mobil\w*|mesin|` +
	`ac|kipas|tv|genset|pln|android|iphone|aplikasi\w*|server|jaringan|tanaman|ayam|sapi|kambing|lele|padi|pohon|ikan|kucing)\b`)

// parted splits a message where a new thought begins.
var parted = regexp.MustCompile(`(?i)[,.;!?\n]+|\b(dan|terus|trus|sampai|karena|soalnya|lalu|jadi|lan|merga)\b`)

// inDanger reports whether a message speaks of a life at stake now.
func inDanger(s string) bool {
	if peril.MatchString(s) {
		return true
	}
	for _, at := range dying.FindAllStringIndex(s, -1) {
		before := parted.Split(s[:at[0]], -1)
		if rest := strings.TrimSpace(s[at[1]:]); !things.MatchString(before[len(before)-1]) && !things.MatchString(firstWord(rest)) {
			return true
		}
	}
	return false
}

func firstWord(s string) string {
	word, _, _ := strings.Cut(s, " ")
	return word
}

// endangered answers a message that speaks of a life at stake, wherever the conversation stands. It reports whether
// the message was one. A forwarded text is compared, not taken for a cry for help.
func (t *turn) endangered() bool {
	if _, forwarded := verifiable(t.m.Text); forwarded || !inDanger(t.m.Text) {
		return false
	}
	t.follow(faq.Lang(text.DetectLang(t.m.Text)))
	t.rescue()
	return true
}

// rescue says where help is. What was talked about before is of no account after it.
func (t *turn) rescue() {
	t.s.Flow, t.s.Misses, t.s.Others, t.s.Stopped = nil, 0, nil, false
	t.entry(emergency, Answered)
	t.s.About = ""
	t.count(Query{Outcome: Answered, Entry: emergency})
}
