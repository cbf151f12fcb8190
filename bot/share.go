package bot

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"tanya/faq"
	"tanya/faq/text"
	"tanya/locales"
)

// A shared answer carries its source, the day it was checked, how long it holds and a short code. Whoever gets it can
// send it to the service, which compares it with what the office says.

// shareLife is how long a dated answer must still hold to be worth spreading.
const shareLife = 48 * time.Hour

// Card is the forwardable form of an answer in its parts, for a picture.
type Card struct {
	Lead     string // who says so
	Question string
	Text     string
	Notes    []string // the source, and until when it holds
	Code     string   // stands for entry and wording
}

// cardSubject begins the subject of a picture that is an entry's card.
const cardSubject = "kartu-"

// CardEntry returns the entry whose card a picture's subject names.
func CardEntry(subject string) (entry string, ok bool) {
	return strings.CutPrefix(subject, cardSubject)
}

// CardSubject is the subject of the picture that is an entry's card.
func CardSubject(entry string) string { return cardSubject + entry }

// Card returns the forwardable form of an entry's answer. It fails with the class Stale for an answer that ends too soon to be
// worth spreading, and with NotFound for one that may not be said.
func (d *Dialogue) Card(id string, lang faq.Lang, at time.Time) (Card, error) {
	t := &turn{d: d, k: d.knowledge(), s: Session{Lang: lang}, now: at}
	c, _, err := t.card(id)
	if err == nil {
		c.Notes = append(c.Notes, t.say(locales.ShareCard, map[string]any{"Code": c.Code}))
	}
	return c, err
}

// card makes the forwardable form of an entry. It is refused for an answer that ends too soon, such as one that counts
// days.
func (t *turn) card(id string) (Card, Reply, error) {
	e := t.k.Edition.Entry(id)
	if e == nil || t.k.withdrawn(id) {
		return Card{}, Reply{}, Errorf(NotFound, "there is no answer to pass on")
	}
	r, err := t.render(id)
	if err != nil {
		return Card{}, Reply{}, Errorf(NotFound, "the answer may not be said now: %w", err)
	}
	if !r.Expires.IsZero() && r.Expires.Sub(t.now) < shareLife {
		return Card{}, r, Errorf(Stale, "the answer ends too soon to be passed on")
	}
	c := Card{Lead: t.say(locales.ShareLead, nil), Question: e.Question.In(t.s.Lang), Text: r.Text, Notes: []string{r.Footer}}
	if !r.Expires.IsZero() {
		last := faq.DateOf(r.Expires.Add(-time.Second), t.k.Edition.Zone)
		c.Notes = append(c.Notes, t.say(locales.ShareUntil, map[string]any{"Date": faq.LongDay(last, t.s.Lang)}))
	}
	c.Code = shareCode(id, r.Text)
	return c, r, nil
}

// shareText makes the forwardable text of an entry.
func (t *turn) shareText(id string) (string, Reply, bool) {
	c, r, err := t.card(id)
	if err != nil {
		return "", r, false
	}
	parts := append([]string{c.Lead, c.Text}, c.Notes...)
	return paragraphs(append(parts, t.say(locales.ShareCode, map[string]any{"Code": c.Code}))...), r, true
}

// shareCode is six letters that stand for an entry and its exact wording.
func shareCode(id, text string) string {
	sum := sha256.Sum256([]byte(id + "\x00" + text))
	return base32.StdEncoding.EncodeToString(sum[:])[:6]
}

// share gives the forwardable form of the answer last talked about.
func (t *turn) share() {
	if t.s.About == "" {
		t.reply(Reply{Outcome: Menu, Text: t.say(locales.ShareNone, nil)})
		return
	}
	text, r, ok := t.shareText(t.s.About)
	if !ok {
		t.reply(Reply{Outcome: Menu, Text: t.say(locales.ShareNoEnd, nil)})
		return
	}
	out := Reply{Outcome: Shared, Text: text, Sources: r.Sources, Entry: "", Edition: t.k.Edition.Number, Expires: r.Expires}
	if !t.s.Easy { // one thing a message
		day := faq.DateOf(t.now, t.k.Edition.Zone)
		out.Media = []Media{{Kind: "picture", Name: PictureName(CardSubject(t.s.About), t.s.Lang, day), Alt: text}}
	}
	t.reply(out)
}

var (
	// untilLine is the line on validity: its date moves when the office looks at the answer again.
	untilLine   = regexp.MustCompile(`(?im)^\s*(berlaku sampai|dumugi|valid until) \pL+, \d{1,2} \pL+ \d{4}\.?\s*$`)
	codePattern = regexp.MustCompile(`(?i)\b(?:kode|code)\s+([A-Z2-7]{6})\b`)
	checkWord   = regexp.MustCompile(`(?i)^\s*/?(?:cek pesan|cek|check|priksa|periksa pesan)\s*[:,-]?\s+`)
)

// aloneCode matches a message that is nothing but the code of a card.
var aloneCode = regexp.MustCompile(`(?i)^\s*(?:(?:kode|code|cek)\s+)*([A-Z2-7]{6})\s*[.!?]?\s*$`)

// byCode answers a message that is nothing but the code of a card: whose wording it stands for, and that it still
// holds. A code that stands for no wording of today is no code here, and the message is read on.
func (t *turn) byCode(s string) bool {
	m := aloneCode.FindStringSubmatch(s)
	if m == nil {
		return false
	}
	code := strings.ToUpper(m[1])
	for _, id := range t.k.Edition.IDs() {
		for _, l := range []faq.Lang{faq.Indonesian, faq.Javanese, faq.English} {
			plain := turn{d: t.d, k: t.k, s: Session{Lang: l}, now: t.now} // as the card was drawn
			if c, _, err := plain.card(id); err != nil || c.Code != code {
				continue
			}
			t.said(id, t.say(locales.VerifySame, nil), true)
			t.count(Query{Outcome: Verified, Entry: id, Score: 1})
			return true
		}
	}
	return false
}

// verifiable tells whether a message asks for a comparison, and returns what is to be compared.
func verifiable(s string) (string, bool) {
	if codePattern.MatchString(s) && len(strings.Fields(s)) >= 8 {
		return s, true
	}
	if loc := checkWord.FindStringIndex(s); loc != nil && len(strings.Fields(s[loc[1]:])) >= 8 {
		return s[loc[1]:], true
	}
	return "", false
}

// spreads matches what chain letters ask for, announces what claims to come from the commission.
var (
	spreads   = regexp.MustCompile(`(?i)\b(sebarkan|sebarluaskan|viralkan|teruskan|bagikan|share|forward|dishare|disebarkan|diteruskan|edumna|sebarna)\b`)
	announces = regexp.MustCompile(`(?i)^\W*(\w+\W+){0,6}?(kpu|komisi pemilihan umum|election commission)\b`)
)

// forwardedWords is the length from which a text may be one that was passed on. A question is rarely as long.
const forwardedWords = 12

// surely is the share of common words from which a text that does not say whose it is counts as made from ours.
const surely = 0.7

// passedOn compares a long text that nobody asked to compare: one that is ours, or made from ours, or a chain letter in
// the commission's name. It reports whether the text was such; anything else is read on.
func (t *turn) passedOn() bool {
	s := t.m.Text
	if len(strings.Fields(s)) < forwardedWords {
		return false
	}
	claims := announces.MatchString(s)
	best, found := t.nearest(passed(s))
	switch {
	case found && (claims || best.same || best.likeness >= surely):
	case claims && spreads.MatchString(s) && !strings.Contains(s, "?"):
		found = false
	default:
		return false
	}
	t.verdict(best, found)
	return true
}

// questionWords is the length up to which "cek ..." may also be the beginning of a question, such as "cek nama saya di
// dpt kok tidak ada padahal dulu terdaftar".
const questionWords = 20

// ownCase matches words by which a person speaks of herself, as no forwarded announcement does.
var ownCase = regexp.MustCompile(`(?i)\b(saya|sy|aku|kula|kulo|my|namaku|tpsku)\b`)

// check compares a text with what the office says. What is not the office's and reads like a question is answered.
func (t *turn) check(ctx context.Context, s string) error {
	best, found := t.nearest(passed(s))
	if !found && s != t.m.Text && len(strings.Fields(s)) <= questionWords {
		r, err := t.match(ctx, t.m.Text, "")
		if err != nil {
			return err
		}
		if r.Verdict == faq.Answered || r.Verdict == faq.Declined || r.Verdict == faq.Choices && (text.Asks(s) || ownCase.MatchString(s)) {
			t.conclude(r, t.m.Text)
			return nil
		}
	}
	t.verdict(best, found)
	return nil
}

// masks matches what redaction put in place of something.
var masks = regexp.MustCompile(`\[(surel|telepon|nomor|tautan|berkas|akun|alamat|pelat|nama)\]`)

// maskedLink stands for a link whose address was masked. The source line of an answer may have one, its text never.
const maskedLink = "tautantersamar"

// maskedWord stands for anything else that was masked.
const maskedWord = "tersamar"

// unmasked gives the words of a redacted text. What was masked is like no word that the office says: behind a mask may
// stand any number and any name.
func unmasked(s string) []string {
	return bare(masks.ReplaceAllStringFunc(s, func(m string) string {
		if m == hiddenLink {
			return " " + maskedLink + " "
		}
		return " " + maskedWord + " "
	}))
}

// passed gives the words of a text that came in, without the code and the day that sharing puts below it.
func passed(s string) []string {
	return unmasked(untilLine.ReplaceAllString(codePattern.ReplaceAllString(s, " "), " "))
}

// verdict says how a text compares, in every language and, for texts of before, in every phase.
func (t *turn) verdict(best likeness, found bool) {
	switch {
	case !found:
		t.person(locales.VerifyNot, Verified)
		t.count(Query{Outcome: Verified})
		return
	case best.same && best.current && best.masked:
		t.said(best.entry, t.say(locales.VerifyMasked, nil), true)
	case best.same && best.current && best.links:
		t.said(best.entry, t.say(locales.VerifySame, nil)+" "+t.say(locales.VerifyLinks, nil), false)
	case best.same && best.current:
		t.said(best.entry, t.say(locales.VerifySame, nil), false)
	case best.same:
		t.said(best.entry, t.say(locales.VerifyOld, nil), true)
	case len(best.lost) == 0:
		t.said(best.entry, t.say(locales.VerifyMoved, nil), true)
	default:
		t.said(best.entry, t.say(locales.VerifyOther, map[string]any{"Words": strings.Join(best.lost, ", ")}), true)
	}
	t.count(Query{Outcome: Verified, Entry: best.entry, Score: best.likeness})
}

// said answers a comparison, with the official text below it where it is needed.
func (t *turn) said(entry, lead string, full bool) {
	r, err := t.render(entry)
	if err != nil {
		t.person(locales.ExpiredKey, Withdrawn)
		return
	}
	text := lead
	if full {
		text = paragraphs(lead, r.Text)
	}
	t.reply(Reply{Outcome: Verified, Text: text, Footer: r.Footer, Sources: r.Sources, Entry: "", Expires: r.Expires})
	t.s.About = entry
}

// likeness is how a text compares with one wording of an entry.
type likeness struct {
	entry    string
	current  bool
	same     bool
	likeness float64
	masked   bool     // the office's own words were masked in part, so that nobody knows whether they are the same
	links    bool     // the text has links whose addresses are not known
	lost     []string // official words that the text lacks
}

// alike is the share of common words from which a text counts as made from ours.
const alike = 0.55

// nearest finds the wording that a text was made from.
func (t *turn) nearest(given []string) (likeness, bool) {
	var best likeness
	have := bag(given)
	all := t.d.wordings.at(t)
	for _, id := range slices.Sorted(maps.Keys(all)) {
		for _, w := range all[id] {
			l := w.compare(given, have)
			l.entry, l.current = id, l.current && !t.k.withdrawn(id)
			better := l.likeness > best.likeness || (l.likeness == best.likeness && l.current && !best.current)
			if (l.same && !best.same) || (better && l.same == best.same) {
				best = l
			}
		}
	}
	best.links = have[maskedLink] > 0
	return best, best.same || best.likeness >= alike
}

// wording is one text that the office says or has said.
type wording struct {
	words   []string
	want    map[string]int // the words, counted
	around  map[string]int // words that sharing puts around it
	current bool
}

// wordingCache keeps all wordings of one edition for one minute. Rendering them takes a good part of a second, and a
// forwarded text comes to many at the same time.
type wordingCache struct {
	mu      sync.Mutex
	edition *faq.Edition
	minute  time.Time
	byEntry map[string][]wording
	folded  map[string][]string // words by text; most texts are the same in the next minute

	past []Past               // the earlier editions that old comes from
	old  map[string][]wording // what they said and the edition does not say
}

// foldedMax bounds the texts whose words are kept: some change every day.
const foldedMax = 20_000

// fold gives the words of an official text as they stand in a message that comes in, which is redacted.
func (c *wordingCache) fold(s string) []string {
	words, ok := c.folded[s]
	if !ok {
		words = unmasked(Redact(s))
		c.folded[s] = words
	}
	return words
}

// at returns the wordings of every entry at the turn's minute. The map is not changed any more.
func (c *wordingCache) at(t *turn) map[string][]wording {
	c.mu.Lock()
	defer c.mu.Unlock()
	if minute := t.now.Truncate(time.Minute); c.edition != t.k.Edition || !c.minute.Equal(minute) || !slices.Equal(c.past, t.k.Earlier) {
		replaced := c.edition != t.k.Edition || !slices.Equal(c.past, t.k.Earlier)
		if c.edition != t.k.Edition || len(c.folded) > foldedMax {
			c.folded = map[string][]string{}
		}
		c.edition, c.minute, c.byEntry = t.k.Edition, minute, map[string][]wording{}
		said := map[string]bool{}
		for _, id := range t.k.Edition.IDs() {
			c.byEntry[id] = t.wordings(id, t.k.Edition, t.now, time.Time{}, said, c.fold)
		}
		if replaced {
			c.past, c.old = t.k.Earlier, t.before(said, c.fold)
		}
		for id, ws := range c.old {
			c.byEntry[id] = append(c.byEntry[id], ws...)
		}
	}
	return c.byEntry
}

// before renders what earlier editions said and the present one does not.
func (t *turn) before(said map[string]bool, fold func(string) []string) map[string][]wording {
	out := map[string][]wording{}
	for _, p := range t.k.Earlier {
		for _, id := range p.Edition.IDs() {
			for _, w := range t.wordings(id, p.Edition, p.Until.Add(-time.Second), p.Until, said, fold) {
				w.current = false
				out[id] = append(out[id], w)
			}
		}
	}
	return out
}

// wordings renders an entry of an edition in every language, at an instant and at the edges of each of its phases, those
// before until where that is given. It leaves out what was said already.
func (t *turn) wordings(id string, ed *faq.Edition, at, until time.Time, seen map[string]bool, fold func(string) []string) []wording {
	instants := []time.Time{at}
	for _, p := range ed.Entry(id).Phases {
		if !p.Ends.IsZero() && (until.IsZero() || p.Ends.Before(until)) {
			instants = append(instants, p.Ends.Add(-time.Second), p.Ends)
		}
	}
	var out []wording
	for i, at := range instants {
		for _, l := range faq.Langs() {
			for _, easy := range []bool{false, true} {
				a, err := ed.Answer(id, faq.View{Lang: l, Easy: easy, At: at})
				if err != nil || seen[id+a.Text] { // what could not be said then was not said
					continue
				}
				seen[id+a.Text] = true
				u := &turn{d: t.d, k: Knowledge{Edition: ed}, s: Session{Lang: l}, now: at}
				words := fold(a.Text)
				out = append(out, wording{
					words:   words,
					want:    bag(words),
					around:  bag(fold(paragraphs(u.say(locales.ShareLead, nil), u.footer(a), u.say(locales.ShareCode, map[string]any{"Code": ""})))),
					current: i == 0,
				})
			}
		}
	}
	return out
}

// compare measures how a text agrees with the wording. It is the same only when the official words stand in it one
// after the other, with nothing around them but what sharing puts there.
func (w wording) compare(given []string, have map[string]int) likeness {
	l := likeness{current: w.current}
	if len(w.words) == 0 || len(given) == 0 {
		return l
	}
	want := w.want
	common := 0
	for i, word := range w.words {
		if have[word] < want[word] && len(l.lost) < 5 && !slices.Contains(w.words[:i], word) {
			l.lost = append(l.lost, word)
		}
	}
	for word, k := range want {
		common += min(k, have[word])
	}
	added := 0
	for word, k := range have {
		added += max(0, k-want[word]-w.around[word])
	}
	l.likeness = float64(common) / float64(len(w.words)+added)
	l.same = added == 0 && contains(given, w.words)
	l.masked = want[maskedLink] > 0 || want[maskedWord] > 0
	return l
}

// contains reports whether part stands in all, word after word.
func contains(all, part []string) bool {
	for i := 0; i+len(part) <= len(all); i++ {
		if slices.Equal(all[i:i+len(part)], part) {
			return true
		}
	}
	return false
}

// bare lower-cases a text and keeps its words and numbers.
func bare(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// bag counts words.
func bag(words []string) map[string]int {
	m := make(map[string]int, len(words))
	for _, w := range words {
		m[w]++
	}
	return m
}
