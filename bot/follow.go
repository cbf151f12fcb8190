package bot

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"

	"tanya/faq"
	"tanya/faq/text"
	"tanya/locales"
)

// understand asks the matcher about a whole message, with what was just talked about, and looks twice where the first
// look would make the officer repeat himself or take offence.
func (t *turn) understand(ctx context.Context, s string) (faq.Result, error) {
	r, err := t.match(ctx, s, t.s.About)
	if err != nil {
		return r, err
	}
	if villageElection.MatchString(s) && r.Entry != village && r.Entry != difference && (r.Verdict == faq.Answered || r.Verdict == faq.Choices) && t.k.Edition.Entry(village) != nil {
		r.Verdict, r.Entry, r.Choices = faq.Answered, village, nil
		return r, nil
	}
	if r.Verdict != faq.Declined && continues.MatchString(plain(s)) && len(t.next()) > 0 {
		r.Verdict, r.Entry, r.Choices = faq.Choices, "", t.next()
		return r, nil
	}
	if ownStatus(s) && !villageElection.MatchString(s) && r.Verdict != faq.Declined && t.k.Edition.Entry(voterList) != nil {
		r.Verdict, r.Entry, r.Choices = faq.Answered, voterList, nil
		return r, nil
	}
	if even := traits.ReplaceAllString(s, "paslon 1"); even != s && (r.Verdict != faq.Answered || !ofOffice.MatchString(s)) {
		fair, err := t.match(ctx, even, "")
		if fair = guarded(fair); err == nil && fair.Verdict == faq.Declined && fair.Entry != reportGuard {
			return fair, nil
		}
	}
	if id := t.plainly(s, r); id != "" {
		r.Verdict, r.Entry, r.Choices = faq.Answered, id, nil
		return r, nil
	}
	if r.Entry == elsewhere && within(s) {
		r.Verdict, r.Entry, r.Choices = faq.Choices, "", []string{"lokasi-tps", "perbaiki-data-pemilih", "pindah-memilih-alasan"}
		return r, nil
	}
	if human.MatchString(s) && r.Verdict != faq.Answered && r.Verdict != faq.Declined {
		r.Verdict, r.Entry, r.Choices = faq.Answered, contactEntry, nil
		return r, nil
	}
	if calm := unrude(s); calm != s && calm != "" && r.Verdict != faq.Answered && r.Verdict != faq.Declined {
		if r, err = t.match(ctx, calm, t.s.About); err != nil {
			return r, err
		}
	}
	if again := respelled(s); again != s && yields(r) {
		if fresh, err := t.match(ctx, again, t.s.About); err != nil || fresh.Verdict == faq.Answered {
			return fresh, err
		}
	}
	if foreign(s) && yields(r) && t.k.Edition.Entry(whoVotes) != nil {
		r.Verdict, r.Entry, r.Choices = faq.Answered, whoVotes, nil
		return r, nil
	}
	if id, share := t.neighbour(whatTime.ReplaceAllString(s, "jam ")); id != "" && (yields(r) || r.Verdict == faq.Answered && (r.Entry == t.s.About || share >= speaksMostly && leansBack(s) && !t.belongs(r.Entry))) {
		r.Verdict, r.Entry, r.Choices = faq.Answered, id, nil
		return r, nil
	}
	if other := cmp.Or(t.rival(s, r), t.special(s, r)); other != "" {
		r.Verdict, r.Choices = faq.Choices, []string{other, r.Entry}
		r.Entry = ""
		return r, nil
	}
	if r.Verdict != faq.Answered || r.Entry != t.s.About {
		return r, nil
	}
	return t.further(ctx, s, r)
}

// rival is a related entry that comes second to the answer of a short message behind an answer which it does not belong
// to: "kalau nyoblos dua-duanya" behind the valid ballot may mean an invalid one or voting twice, so both are offered.
func (t *turn) rival(s string, r faq.Result) string {
	about := t.k.Edition.Entry(t.s.About)
	if about == nil || t.s.Last != Answered || r.Verdict != faq.Answered || r.Entry == about.ID || len(r.Candidates) < 2 || len(strings.Fields(s)) > shortQuestion {
		return ""
	}
	if second := r.Candidates[1].Entry; !slices.Contains(about.Related, r.Entry) && slices.Contains(about.Related, second) {
		return second
	}
	return ""
}

// continues matches a message that only asks to go on: "terus?", "lajeng pripun?", "what next".
var continues = regexp.MustCompile(`^(terus|trus|trs|lalu|lajeng|lajengipun|banjur|njur|njuk|selanjutnya|berikutnya|habis itu|abis itu|setelah itu|sesudah itu|bar kuwi|bibar niku|and then|then|what next|next|what else|apa lagi|opo maneh|napa malih)` +
	`( (gimana|bagaimana|gmn|piye|pripun|kados pundi|apa|opo|nopo|napa|what|ya|yo|nggih|kak|min|to|sih|dong|pak|bu|mas|mbak|saya|aku|kula|kulo|kami|harus|kudu|kedah|mesti|i|do|now|should))*$`)

// next is what may come after the answer last given: what belongs to it.
func (t *turn) next() []string {
	e := t.k.Edition.Entry(t.s.About)
	if e == nil {
		return nil
	}
	return e.Related
}

// yields reports whether a result leaves room for a better reading: nothing was found, and it is neither a report nor
// about a person nor a wish for advice.
func yields(r faq.Result) bool {
	if r.Verdict != faq.Unknown && r.Verdict != faq.Choices {
		return false
	}
	g := guarded(r)
	return g.Verdict != faq.Declined || g.Entry == "tolak-ramalan" // who has won is known at some time
}

// neighbour finds the one related entry that a short message behind an answer asks about: "batasnya kapan?" behind the
// answer on where to report. Its phrasings must speak of all that is asked clearly more often than those of the others.
// It returns their share, or "" when there is none.
func (t *turn) neighbour(s string) (id string, share float64) {
	about := t.k.Edition.Entry(t.s.About)
	if about == nil || t.s.Last != Answered && t.s.Last != Choices || len(strings.Fields(s)) > shortQuestion {
		return "", 0
	}
	rest, _ := text.StripGreeting(text.Tokens(s))
	asked, kind := asks(s), kinds(s)
	if len(asked) > 0 {
		id, share = t.nearby(about, asked, rest)
	}
	switch both := append(asked, kind...); {
	case len(kind) == 0:
	case id == "": // "sampai kapan" behind how to do it is about the deadline, "di mana ngurusnya" behind the deadline about how
		id, share = t.nearby(about, both, rest)
	case speaking(t.k.Edition.Entry(id), both) == 0: // how it is done does not say by whom
		return "", 0
	}
	return id, share
}

// nearby finds the related entry of another that speaks of what is asked.
func (t *turn) nearby(about *faq.Entry, asked, words []string) (id string, share float64) {
	best, most, second := "", 0.0, speaking(about, asked)+t.titled(about, words)
	for _, e := range t.byID(about.Related) {
		switch n := speaking(e, asked) + t.titled(e, words); {
		case e.Guard || t.k.withdrawn(e.ID):
		case n > most:
			best, most, second = e.ID, n, max(most, second)
		default:
			second = max(second, n)
		}
	}
	if most < speaksOften || most <= 2*second {
		return "", 0
	}
	return best, most
}

// belongs reports whether an entry is the one just talked about or stands beside it.
func (t *turn) belongs(id string) bool {
	return id == t.s.About || slices.Contains(t.next(), id)
}

// leansBack reports whether a message names what it asks with a possessive, as one does of what was just spoken of:
// "lapornya gimana", "syarate piye".
func leansBack(s string) bool {
	return slices.ContainsFunc(text.Tokens(s), func(w string) bool {
		for _, suffix := range []string{"nya", "ipun", "ne", "e"} {
			if base, ok := strings.CutSuffix(w, suffix); ok && len(base) > 3 && text.HasConcept(base) {
				return true
			}
		}
		return false
	})
}

// whatTime matches English for the hour, which else says no more than "when".
var whatTime = regexp.MustCompile(`(?i)\b(at )?what (time|hour)\b`)

// special is the entry for the case that was talked about, where a short message is answered for everybody: the ballots
// of a moved voter behind how to move. It belongs to the answer, speaks of what is asked, and shares a word of its title
// with what was talked about that the answer's title lacks.
func (t *turn) special(s string, r faq.Result) string {
	about := t.k.Edition.Entry(t.s.About)
	asked := asks(s)
	if about == nil || t.s.Last != Answered || r.Verdict != faq.Answered || t.belongs(r.Entry) || len(asked) == 0 || len(asked) > 2 || t.k.Edition.Entry(r.Entry) == nil {
		return ""
	}
	general := t.k.Edition.Entry(r.Entry)
	for _, e := range t.byID(general.Related) {
		shared := slices.ContainsFunc(titleOf(e), func(c string) bool {
			return slices.Contains(titleOf(about), c) && !slices.Contains(titleOf(general), c)
		})
		if shared && !e.Guard && !t.k.withdrawn(e.ID) && speaking(e, asked[len(asked)-1:]) >= speaksOften {
			return e.ID
		}
	}
	return ""
}

// titleOf are the concepts of an entry's title that tell it from others.
func titleOf(e *faq.Entry) []string {
	return slices.DeleteFunc(text.Concepts(text.Tokens(e.Title.In(faq.Indonesian))), func(c string) bool { return common(c) || len(c) < 3 })
}

// asks are the concepts of a text that say what it asks about.
func asks(s string) []string {
	rest, _ := text.StripGreeting(text.Tokens(s))
	return slices.DeleteFunc(text.Concepts(rest), func(c string) bool { return common(c) || len(c) < 3 })
}

// kinds are the concepts of a text that say what kind of thing it asks for: a time, a place, a person, a number.
func kinds(s string) []string {
	rest, _ := text.StripGreeting(text.Tokens(s))
	return slices.DeleteFunc(text.Concepts(rest), func(c string) bool { return !kind[c] })
}

var kind = wordSet("kapan", "di-mana", "siapa", "berapa")

// The share of an entry's phrasings that must hold what is asked, and from which on it is what the entry is about.
const (
	speaksOften  = 0.1
	speaksMostly = 0.5
)

// titled is what a word of a message counts that stands in an entry's title: "batasnya" in "Batas waktu melapor".
func (t *turn) titled(e *faq.Entry, words []string) float64 {
	title := text.Tokens(e.Title.In(t.s.Lang))
	for _, w := range words {
		if len(text.Stem(w)) > 3 && !common(text.Stem(w)) && slices.Contains(title, text.Stem(w)) {
			return 2 * speaksOften
		}
	}
	return 0
}

// speaking is the share of an entry's phrasings that hold all the concepts.
func speaking(e *faq.Entry, asked []string) float64 {
	n := 0
	for _, p := range e.Phrasings {
		held := text.Concepts(text.Tokens(p.Text))
		if !slices.ContainsFunc(asked, func(c string) bool { return !slices.Contains(held, c) }) {
			n++
		}
	}
	return float64(n) / float64(max(1, len(e.Phrasings)))
}

// human matches the wish for a person instead of a machine.
var human = regexp.MustCompile(`(?i)\b(ngomong|ngobrol|bicara|chat|chatting|omong|omongan|guneman|curhat|balas|dibalas|dijawab|jawab|talk(ing)?|speak(ing)?)\b.{0,20}\b(robot|bot|mesin|machine)\b|` +
	`\b(mau|pengen|ingin|pengin|pingin|minta|arep|badhe|want)\b.{0,25}\b(orang (asli|beneran|betulan)|manusia|wong tenanan|wong asli|real person|human)\b`)

// voterList is the entry that points to the official checker.
const voterList = "cek-daftar-pemilih"

var (
	// ownList matches a person, or somebody near, and the voter list.
	ownList = regexp.MustCompile(`(?i)\b(saya|sy|aku|ak|gue|gw|kula|kulo|kami|suami\w*|istri\w*|bojo\w*|semah\w*|garwa\w*|bapak\w*|bapake|ibu\w*|mamak\w*|emak\w*|simbok\w*|mbah\w*|simbah\w*|anak\w*|adik\w*|adek\w*|kakak\w*|orang ?tua\w*|nama\w*|asma\w*|jeneng\w*)\b` +
		`.{0,30}\b(terdaftar|kedaftar|kadhaftar|kadaftar|kedhaftar|terdata|kedata|(masuk|mlebu|mlebet|ada|ana|ono|wonten|ning|neng|nang|di)( di| ing| ning| neng| nang| wonten)?( dalam)? (dpt|daftar pemilih|daftar pamilih))\b`)
	ownListEnglish = regexp.MustCompile(`(?i)\b((am i|are we)( \w+)? (registered|on the (voter )?(list|roll))|is my \w+( \w+)? (registered|on the (voter )?(list|roll)))\b`)
	// notListed matches what is no question about one's own name: it is missing, it is a condition, or something about it is
	// to be put right.
	notListed = regexp.MustCompile(`(?i)\b(tidak|tdk|gak|ga|nggak|ngga|enggak|ndak|ora|mboten|boten|belum|blm|durung|dereng|not)\b( \w+){0,2} (terdaftar|kedaftar|kadhaftar|kadaftar|kedhaftar|terdata|masuk|mlebu|mlebet|ada|ana|ono|wonten|metu|medal|muncul|keluar|ketemu|registered)\b|` +
		`\b(lapor\w*|nglapor\w*|salah\w*|keliru|kliru|kleru|klentu|typo|meninggal|wafat|seda|almarhum\w*|alm|dobel|double|ganda|hapus\w*|dihapus|dicoret|coret|benerin|mbener\w*|mbenak\w*|perbaik\w*|memperbaiki|ndandani|wrong|misspel\w*|deceased|late (father|mother|husband|wife))\b|` +
		`\b(kalau|kalo|klo|nek|yen|menawi|bila|jika|if|padahal|tapi|kok|kenapa|mengapa|why|tps|lokasi|di ?mana|where)\b`)
)

// ownStatus reports whether somebody asks if she or somebody near her is on the voter list. Only the official checker
// knows (S18).
func ownStatus(s string) bool {
	return len(strings.Fields(s)) <= 12 && (ownList.MatchString(s) || ownListEnglish.MatchString(s)) && !notListed.MatchString(s)
}

// plainly reads what leaves no doubt at the counter and little to a matcher, because it has hardly a word of its own: how
// one votes, whether there is still time today, whether the list can be looked at. It returns "" for anything else.
func (t *turn) plainly(s string, r faq.Result) string {
	said := text.Concepts(text.Tokens(s))
	switch {
	case len(asks(s)) == 0 && len(said) <= 3 && slices.Contains(said, "bagaimana") && slices.Contains(said, "coblos") && (yields(r) || r.Entry == t.s.About) && t.k.Edition.Entry(howToVote) != nil:
		return howToVote
	case t.pressed(s) && yields(r):
		return pollingHours
	case looksUp.MatchString(s) && !notListed.MatchString(s) && (yields(r) || r.Entry == "tidak-terdaftar-dpt") && t.k.Edition.Entry(voterList) != nil:
		return voterList
	}
	return ""
}

// howToVote is the entry on how one votes.
const howToVote = "cara-mencoblos"

// looksUp matches the wish to look at the voter list.
var looksUp = regexp.MustCompile(`(?i)\b(cek|dicek|ngecek|mengecek|periksa|diperiksa|mriksa|check|checked)\b.{0,30}\b(dpt|daftar (pemilih|pamilih)|voter (list|roll))\b|\b(dpt|daftar (pemilih|pamilih)|voter (list|roll))\b.{0,30}\b(cek|dicek|ngecek|mengecek|diperiksa|check|checked)\b`)

// pollingHours is the entry with the hours of the polling place.
const pollingHours = "jam-tps"

// still matches the question whether there is time left to vote.
var still = regexp.MustCompile(`(?i)\b(masih|isih|taksih|tasih|keburu|sempat|still)\b.{0,40}\b(nyoblos|coblos|mencoblos|milih|memilih|vote)\b|\b(nyoblos|mencoblos|milih|memilih|vote)\b.{0,40}\b(keburu|sempat|sekarang|saiki|sakniki|now)\b`)

// pressed reports whether somebody asks on voting day itself if she can still vote: the hour comes before anything else.
func (t *turn) pressed(s string) bool {
	if !still.MatchString(s) || t.k.Edition.Entry(pollingHours) == nil {
		return false
	}
	today := faq.DateOf(t.now, t.k.Edition.Zone)
	return slices.ContainsFunc(t.k.Edition.Elections(), func(id string) bool {
		day := t.k.Edition.Fact(t.k.Edition.Election(id).Day)
		return day != nil && day.Day == today
	})
}

// elsewhere is the entry for people whose ID card is from outside Blora.
const elsewhere = "ktp-luar-blora"

// district matches the districts of Blora that share their name with no regency.
var district = regexp.MustCompile(`(?i)\b(banjarejo|bogorejo|cepu|japah|jepon|jiken|kedungtuban|kradenan|kunduran|randublatung|sambong|todanan|tunjungan)\b`)

// within reports whether a message speaks of two districts of Blora: who moves from one to the other has not left it.
func within(s string) bool {
	named := map[string]bool{}
	for _, d := range district.FindAllString(strings.ToLower(s), -1) {
		named[d] = true
	}
	return len(named) > 1
}

// villageElection matches the election of a village head, which is not the commission's: none of its rules is said of it.
var villageElection = regexp.MustCompile(`(?i)\b(pilkades|(pemilihan|pilihan) (kepala desa|kades|lurah)|village head election)\b`)

// village is the entry that says whose it is, difference the one that sets it beside the others.
const (
	village    = "pilkades"
	difference = "beda-pemilu-pilkada"
)

// traits matches a candidate who is spoken of by sex, faith, age or office, and a party whose name is also a stammer. A
// question of preference must get the same reply whoever is meant, so it is also read as one about a candidate's number.
var traits = regexp.MustCompile(`(?i)\b(?:(?:calon|paslon|kandidat|pasangan)(?: yang| sing| ingkang)? ` + trait +
	`|(?:pilih|milih|dipilih|coblos|nyoblos|dukung|pemimpin|bupati|gubernur)(?: yang| yg| sing| ingkang| nek sing)? ` + trait + `(?: (?:atau|apa|opo|nopo|napa|utawa|utawi|or) (?:yang |yg |sing |ingkang )?` + trait + `)*` +
	`|` + trait + `(?: (?:atau|apa|opo|nopo|napa|utawa|utawi|or) (?:yang |yg |sing |ingkang )?` + trait + `)+|ppp)\b`)

// trait matches a person's sex, faith, age, office or people.
const trait = `(?:perempuan|wanita|putri|laki-?laki|laki laki|pria|putra|lanang|wadon|cewek|cowok|muslim|islam|kristen|nasrani|katolik|hindu|buddha|konghucu|non ?muslim|kejawen|petahana|muda|tua|sepuh|enom|jawa|cina|tionghoa|arab|pendatang|woman|man|christian|catholic|young|old|incumbent)`

// ofOffice matches what a question about the rules for candidates speaks of. Its answer stays, whoever the candidate is.
var ofOffice = regexp.MustCompile(`(?i)\b(bansos|bantuan|program|mutasi|cuti|fasilitas|kampanye|syarat\w*|daftar\w*|sanksi\w*|dana)\b`)

// further handles a short question that was read as a follow-up and leads to the answer just given. Saying it again
// helps only where it was asked for, or where the answer speaks of what is asked. Otherwise the closest questions are
// offered, those that belong to the answer among them.
func (t *turn) further(ctx context.Context, s string, again faq.Result) (faq.Result, error) {
	fresh, err := t.match(ctx, s, "")
	if err != nil {
		return again, err
	}
	related := t.k.Edition.Entry(again.Entry).Related
	near := slices.ContainsFunc(fresh.Choices, func(id string) bool { return slices.Contains(related, id) })
	switch {
	case fresh.Verdict == faq.Answered, fresh.Verdict == faq.Declined:
		return fresh, nil
	case t.asksAbout(again.Entry, s), len(fresh.Choices) > 0 && !near && fresh.Choices[0] == again.Entry && t.answers(again.Entry, s):
		return again, nil
	case t.names(fresh, s):
		fresh.Verdict, fresh.Entry, fresh.Choices = faq.Answered, fresh.Choices[0], nil
		return fresh, nil
	case !near && t.speaksOf(again.Entry, s):
		return again, nil
	}
	ids := mixed(fresh.Choices, related)
	if len(fresh.Candidates) > 0 && fresh.Candidates[0].Score >= sureScore && slices.Contains(fresh.Choices, fresh.Candidates[0].Entry) {
		ids = append([]string{fresh.Candidates[0].Entry}, slices.DeleteFunc(ids, func(id string) bool { return id == fresh.Candidates[0].Entry })...)
		if !leansBack(s) {
			t.sure = ids[0]
		}
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return id == again.Entry })
	if len(t.entries(t.byID(ids))) == 0 {
		return again, nil
	}
	again.Verdict, again.Entry, again.Choices = faq.Choices, "", ids
	return again, nil
}

// sureScore is how likely a fresh reading must be right to stand before what belongs to the answer.
const sureScore = 0.8

// asksAbout reports whether people ask about an entry in the words of a message.
func (t *turn) asksAbout(id, s string) bool {
	asked := asks(s)
	return len(asked) > 0 && speaking(t.k.Edition.Entry(id), asked) >= speaksOften
}

// answers reports whether one paragraph of an entry's answer speaks of what is asked.
func (t *turn) answers(id, s string) bool {
	r, err := t.render(id)
	return err == nil && t.part(id, r, s) != ""
}

// names reports whether a message names the first of a few close entries, and none of the others, by a word of its title.
func (t *turn) names(r faq.Result, s string) bool {
	if r.Verdict != faq.Choices || len(r.Choices) == 0 {
		return false
	}
	words, _ := text.StripGreeting(text.Tokens(s))
	for i, e := range t.byID(r.Choices) {
		if named := t.titled(e, words) > 0; named != (i == 0) || e.Guard {
			return false
		}
	}
	return true
}

// mixed puts what stands in both lists first, then takes from both in turn, the second one first.
func mixed(found, related []string) []string {
	var out []string
	add := func(id string) {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	for _, id := range found {
		if slices.Contains(related, id) {
			add(id)
		}
	}
	for i := range max(len(found), len(related)) {
		if i < len(related) {
			add(related[i])
		}
		if i < len(found) {
			add(found[i])
		}
	}
	return out
}

// lean puts entries that belong to the answer just given before the others, for a short question behind it. One that the
// question by itself is all but sure to mean stays in front of them.
func (t *turn) lean(ids []string) []string {
	e := t.k.Edition.Entry(t.s.About)
	if e == nil || t.s.Last != Answered || len(strings.Fields(t.m.Text)) > shortQuestion {
		return ids
	}
	first := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !slices.Contains(e.Related, id) })
	rest := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(e.Related, id) })
	if i := slices.Index(rest, t.sure); i >= 0 {
		return slices.Concat(rest[i:i+1], first, rest[:i], rest[i+1:])
	}
	return append(first, rest...)
}

// shortQuestion is the number of words up to which a question is taken to lean on the answer before it.
const shortQuestion = 4

// asking are concepts that ask or join and name nothing.
var asking = wordSet("bagaimana", "apa", "apakah", "kapan", "di-mana", "siapa", "berapa", "mana", "mengapa", "boleh", "bisa", "bolehkah", "tidak", "saya", "ada", "ke", "di", "itu", "yang", "cara", "ya",
	"juga", "masih", "sudah", "mau", "dan", "kalau", "terus", "sampai")

// subjects are concepts that nearly every answer holds, so that they tell nothing.
var subjects = wordSet("coblos", "pilih", "calon", "pemilih", "pemilu", "pilkada", "tps", "kpu", "blora", "suara")

// common reports whether a concept tells nothing of what is asked behind an answer.
func common(c string) bool { return asking[c] || subjects[c] }

// speaksOf reports whether the answer of an entry holds most of what a message asks about, beyond the words of its
// title.
func (t *turn) speaksOf(id, s string) bool {
	r, err := t.render(id)
	if err != nil {
		return false
	}
	said := text.Concepts(text.Tokens(r.Text))
	title := text.Concepts(text.Tokens(t.k.Edition.Entry(id).Title.In(t.s.Lang)))
	rest, _ := text.StripGreeting(text.Tokens(s))
	asked, held := 0, 0
	for _, c := range text.Concepts(rest) {
		if common(c) || len(c) < 3 || slices.Contains(title, c) {
			continue
		}
		asked++
		if slices.Contains(said, c) {
			held++
		}
	}
	return 2*held > asked
}

// namesTopic finds the topic whose name a message is: "jadwal", "politik uang".
func (t *turn) namesTopic() (string, bool) {
	said := plain(t.m.Text)
	for _, topic := range t.k.Edition.Topics() {
		if said == strings.ReplaceAll(topic, "-", " ") || said == plain(t.say(locales.Key("topic_"+topic), nil)) {
			return topic, true
		}
	}
	return "", false
}
