package bot

import (
	"regexp"
	"slices"
	"strings"

	"tanya/faq"
	"tanya/faq/text"
	"tanya/locales"
)

// A life at stake comes before any question about voting, before the steps of a guided flow and before asking for a
// slower pace. A list of choices would be cruel then, and somebody's worst hour is nobody's to review: no text is kept.

// emergency is the entry for people in danger.
const emergency = "ancaman-darurat"

// despair matches words of a wish to die that leave no doubt.
var despair = regexp.MustCompile(`(?i)\b(bunuh diri|bundir|(meng)?akhiri hidup|nglalu|kill (myself|me)|killing myself|suicid(e|al)|end my life|want to die)\b`)

// peril matches words of a danger from others that leave no doubt: a weapon, a bomb, a fire where people vote.
var peril = regexp.MustCompile(`(?i)\b(` +
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
func inDanger(s string) bool { return peril.MatchString(s) || inDespair(s) }

// inDespair reports whether a message tells of a wish to die.
func inDespair(s string) bool {
	if despair.MatchString(s) {
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
	if last := &t.replies[len(t.replies)-1]; inDespair(t.m.Text) && last.Outcome == Answered {
		t.console(last)
	}
	t.s.About = ""
	t.count(Query{Outcome: Answered, Entry: emergency})
}

// policeLine is the fact with the number of the police, crisisLine and crisisPage are those on who listens to people who
// wish to die.
const (
	policeLine = "lapor-polisi-110"
	crisisLine = "krisis-jiwa-telepon"
	crisisPage = "krisis-jiwa-laman"
)

// console puts who listens to people who wish to die in front of the emergency answer, as long as the edition knows it,
// and leaves out what that answer says of threats and of elections.
func (t *turn) console(r *Reply) {
	line, err := t.k.Edition.Phrase("{"+crisisLine+"}", t.s.Lang, t.now)
	if err != nil {
		return
	}
	page, err := t.k.Edition.Phrase("{"+crisisPage+"}", t.s.Lang, t.now)
	if err != nil {
		return
	}
	all := strings.Split(r.Text, "\n\n")
	said := slices.DeleteFunc(all[:len(all)-1:len(all)-1], func(p string) bool { return !t.holds(p, policeLine) })
	said = append([]string{t.say(locales.Crisis, map[string]any{"Number": line, "Page": page})}, append(said, all[len(all)-1])...)
	r.Text, r.Choices, r.Prompt, t.s.Offer = paragraphs(said...), nil, "", nil
	source := t.k.Edition.Fact(crisisPage) // what is said first is what the source below must vouch for
	r.Sources = append([]faq.Source{source.Source}, r.Sources...)
	r.Footer = t.footer(faq.Answer{Sources: r.Sources, Checked: source.Checked})
	for _, id := range []string{crisisLine, crisisPage} {
		if end := t.k.Edition.Fact(id).Until.Start(t.k.Edition.Zone); r.Expires.IsZero() || end.Before(r.Expires) {
			r.Expires = end
		}
	}
}
