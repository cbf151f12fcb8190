package bot

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"tanya/faq"
	"tanya/faq/text"
	"tanya/locales"
)

// say gives one of the program's own sentences in the conversation's language.
func (t *turn) say(key locales.Key, data map[string]any) string {
	return t.d.words.Text(string(t.s.Lang), key, data)
}

// reply adds a reply and remembers the choices that it offers.
func (t *turn) reply(r Reply) {
	r.Lang = t.s.Lang
	r.Plain = t.s.Easy
	if len(r.Choices) > 0 {
		t.s.Before, t.s.Offer, t.s.OfferAt = t.s.Offer, r.Choices, t.now
	}
	t.replies = append(t.replies, r)
}

// menu shows the topics.
func (t *turn) menu(lead string) {
	var choices []Choice
	for _, topic := range t.k.Edition.Topics() {
		choices = append(choices, Choice{Key: keyTopic + topic, Label: t.say(locales.Key("topic_"+topic), nil)})
	}
	t.reply(Reply{Outcome: Menu, Text: lead, Prompt: t.say(locales.MenuPrompt, nil), Choices: choices})
}

// topic shows the most asked questions of a topic.
func (t *turn) topic(topic string) {
	name := t.say(locales.Key("topic_"+topic), nil)
	choices := t.entries(t.k.Edition.TopicMenu(topic))
	choices = append(choices[:min(6, len(choices))], Choice{Key: keyMenu, Label: t.say(locales.Back, nil)})
	t.reply(Reply{Outcome: Menu, Prompt: t.say(locales.TopicPrompt, map[string]any{"Topic": name}), Choices: choices})
}

// entries makes choices of entries that may be said.
func (t *turn) entries(es []*faq.Entry) []Choice {
	var cs []Choice
	for _, e := range es {
		if e != nil && !e.Guard && !t.k.withdrawn(e.ID) {
			cs = append(cs, Choice{Key: keyEntry + e.ID, Label: e.Title.In(t.s.Lang)})
		}
	}
	return cs
}

// byID looks entries up, leaving out what is not there.
func (t *turn) byID(ids []string) []*faq.Entry {
	var es []*faq.Entry
	for _, id := range ids {
		if e := t.k.Edition.Entry(id); e != nil {
			es = append(es, e)
		}
	}
	return es
}

// offer asks which of a few entries was meant.
func (t *turn) offer(ids []string) {
	choices := t.entries(t.byID(t.lean(ids)))
	if len(choices) == 0 {
		t.miss(faq.Result{})
		return
	}
	choices = append(choices[:min(3, len(choices))], Choice{Key: keyNone, Label: t.say(locales.NoneOfThese, nil)})
	t.reply(Reply{Outcome: Choices, Prompt: t.say(locales.Which, nil), Choices: choices})
}

// entry answers with an entry, in the wording that holds now.
func (t *turn) entry(id string, outcome Outcome) {
	if t.k.withdrawn(id) {
		t.person(locales.ExpiredKey, Withdrawn)
		return
	}
	r, err := t.render(id)
	if err != nil {
		t.person(locales.ExpiredKey, Withdrawn)
		return
	}
	r.Outcome = outcome
	if outcome == Answered {
		t.s.About = id
		t.s.Said, t.s.SaidAt = shareCode(id, r.Text), t.now
		t.beside(&r, id)
	}
	t.reply(r)
}

// beside adds what one may want after an answer: related questions, the coach below answers on reporting, and a way
// to say that it did not help. Easy mode shows one thing a message.
func (t *turn) beside(r *Reply, id string) {
	if t.s.Easy {
		return
	}
	e := t.k.Edition.Entry(id)
	r.Choices = slices.DeleteFunc(t.entries(t.byID(e.Related)), func(c Choice) bool { return t.answered(c.Key[len(keyEntry):]) })
	r.Choices = r.Choices[:min(3, len(r.Choices))]
	if strings.HasPrefix(id, "lapor-") || id == "ditawari-uang" {
		r.Choices = append(r.Choices[:min(2, len(r.Choices))], Choice{Key: keyCoach + "start", Label: t.say(locales.CoachOffer, nil)})
	}
	if c, ok := t.remindable(id); ok {
		r.Choices = append(r.Choices, c)
	}
	r.Choices = append(r.Choices, Choice{Key: keyDown, Label: t.say(locales.NotHelpful, nil)})
	r.Prompt = t.say(locales.Related, nil)
}

// answered reports whether the message was answered with the entry already, beside something else.
func (t *turn) answered(id string) bool {
	return slices.ContainsFunc(t.queries, func(q Query) bool { return q.Entry == id && q.Outcome == Answered })
}

// render makes the reply of an entry: text, source line and end of validity.
func (t *turn) render(id string) (Reply, error) {
	a, err := t.k.Edition.Answer(id, faq.View{Lang: t.s.Lang, Easy: t.s.Easy, Segment: t.s.Segment, At: t.now})
	if err != nil {
		return Reply{}, err
	}
	return Reply{
		Text: a.Text, Sources: a.Sources, Footer: paragraphs(t.recordings(a), t.footer(a)), Entry: id, Edition: t.k.Edition.Number, Expires: a.Expires,
		Media: t.media(a),
	}, nil
}

// media names what belongs to an answer beside its text, with the words that stand for it. Easy mode shows text only.
func (t *turn) media(a faq.Answer) []Media {
	var out []Media
	for _, m := range a.Media {
		if t.s.Easy || m.URL != "" {
			continue
		}
		name := m.Name
		if m.Kind == "picture" {
			name = PictureName(m.Name, a.Lang, faq.DateOf(t.now, t.k.Edition.Zone))
		}
		out = append(out, Media{Kind: m.Kind, Name: name, Alt: m.Alt.In(a.Lang)})
	}
	return out
}

// recordings are the lines that offer an answer's sound and its film in sign language by their links, with their size.
// They stay in easy mode: who needs them cannot do without, and nobody has to open them.
func (t *turn) recordings(a faq.Answer) string {
	var lines []string
	for _, m := range a.Media {
		key := locales.Spoken
		if m.Kind == "video" {
			key = locales.Signed
		}
		if m.URL != "" {
			lines = append(lines, t.say(key, map[string]any{"MB": m.MB})+"\n"+m.URL)
		}
	}
	return strings.Join(lines, "\n")
}

// shownSources is how many sources stand below an answer: the best one. The console and the JSON show all.
const shownSources = 1

// footer writes the source line: who says it, the law behind it, the link unless it is an odd copy, and when it was
// checked.
func (t *turn) footer(a faq.Answer) string {
	if len(a.Sources) == 0 {
		return ""
	}
	var b strings.Builder
	for i, s := range a.Sources {
		if i == shownSources {
			break
		}
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(t.say(locales.Source, nil) + ": ")
		if s.Basis != "" && !strings.Contains(s.Title, s.Basis) {
			b.WriteString(s.Basis + " - ")
		}
		b.WriteString(s.Title)
		if !s.Mirror && !t.s.Easy {
			b.WriteString("\n" + s.URL)
		}
	}
	if today := faq.DateOf(t.now, t.k.Edition.Zone); !a.Checked.IsZero() && !today.Before(a.Checked) && !t.s.Easy {
		b.WriteString("\n" + t.say(locales.CheckedOn, map[string]any{"Date": faq.ShortDay(a.Checked, t.s.Lang)}))
	}
	return b.String()
}

// selfReference matches the paragraph of the contact entry that tells people to type the word that they have just typed.
var selfReference = regexp.MustCompile(`(?i)[^\n]*\b(?:ketik|type): petugas[^\n]*\n*`)

// person gives the way to a person, with a sentence in front that says why.
func (t *turn) person(why locales.Key, outcome Outcome) {
	r, err := t.render(contactEntry)
	if err != nil || t.k.withdrawn(contactEntry) {
		r = Reply{}
	}
	r.Outcome = outcome
	r.Text = paragraphs(t.say(why, nil), selfReference.ReplaceAllString(r.Text, ""))
	r.Footer = ""
	if outcome != Person {
		r.Entry = ""
	}
	t.reply(r)
}

// wantsPerson gives the way to a person to who asked for one, and takes what is asked next to be about that.
func (t *turn) wantsPerson() {
	t.person(locales.PersonIntro, Person)
	if r, err := t.render(contactEntry); err == nil && !t.k.withdrawn(contactEntry) {
		t.s.About, t.s.Said, t.s.SaidAt = contactEntry, shareCode(contactEntry, r.Text), t.now
	}
}

// miss says that a question was not understood: first with what is closest, the second time with a person.
func (t *turn) miss(r faq.Result) {
	t.s.Misses++
	t.s.Others = nil
	if r.Entry == offTopic && t.s.Misses == 1 {
		t.entry(offTopic, Unknown)
		return
	}
	if t.s.Misses > 1 && far(r) && !ours(r) {
		t.s.Misses = 0
		t.person(locales.Outside, Unknown)
		return
	}
	if t.s.Misses > 1 {
		t.secondMiss()
		return
	}
	var ids []string
	for _, c := range r.Candidates {
		if !far(r) { // three wild guesses are worse than none
			ids = append(ids, c.Entry)
		}
	}
	choices := t.entries(t.byID(t.lean(ids)))
	choices = choices[:min(3, len(choices))]
	prompt := t.say(locales.MissClosest, nil)
	if len(choices) == 0 {
		prompt = ""
	}
	choices = append(choices, Choice{Key: keyMenu, Label: t.say(locales.MenuWord, nil)}, Choice{Key: keyPerson, Label: t.say(locales.PersonWord, nil)})
	t.reply(Reply{Outcome: Unknown, Text: t.say(locales.Miss, nil), Prompt: prompt, Choices: choices})
}

// farScope is how likely a message must be about elections for the closest entries to be worth showing.
const farScope = 0.05

// far reports whether nothing that the office knows is near to a message. A matcher that cannot tell says nothing of it.
func far(r faq.Result) bool { return r.Explain.Threshold > 0 && r.Explain.InScope < farScope }

// ours reports whether a message names an election or one of its offices: then it is for the office to answer, whatever the
// matcher thinks of it.
func ours(r faq.Result) bool {
	return slices.ContainsFunc(r.Explain.Words, func(w string) bool {
		switch w {
		case "kpu", "bawaslu", "pilkada", "pemilu", "pilbup", "pilgub", "tps", "kpps", "dpt", "coblosan", "pencoblosan":
			return true
		}
		return false
	})
}

// none follows "none of these": the first time a rephrase, the second a person.
func (t *turn) none() {
	t.s.Misses++
	if t.s.Misses > 1 {
		t.secondMiss()
		return
	}
	t.reply(Reply{
		Outcome: Unknown, Text: paragraphs(t.say(locales.AfterNone, nil), t.say(locales.MenuHint, nil)),
	})
}

// secondMiss gives a person, and offers to tell when there is an answer.
func (t *turn) secondMiss() {
	t.s.Misses = 0
	if vague(t.m.Text) { // nobody could answer that later, so nothing is promised
		t.person(locales.PersonIntro, Unknown)
		return
	}
	t.person(locales.MissAgain, Unknown)
	last := &t.replies[len(t.replies)-1]
	last.Choices = []Choice{{Key: keyWait, Label: t.say(locales.WaitOffer, nil)}, {Key: keyMenu, Label: t.say(locales.MenuWord, nil)}}
	t.s.Before, t.s.Offer, t.s.OfferAt = t.s.Offer, last.Choices, t.now
}

// pointing are words that mean something said before without naming it.
var pointing = wordSet("itu", "ini", "anu", "begitu", "gitu", "gini", "begini", "tadi", "pokoknya", "pokoke", "pokokipun", "kuwi", "kui", "iku", "niku", "punika", "kae", "ngono", "ngoten", "mau", "wau",
	"yang", "sing", "ingkang", "ya", "iya", "itulah", "maksudku", "maksudnya", "that", "this", "it", "thing", "you", "know", "the", "just", "well", "so", "lo", "loh")

// vague reports whether a text only points at something.
func vague(s string) bool {
	words := strings.Fields(plain(s))
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !pointing[w] && !trailing[w] })
}

// greet answers a greeting in kind; the first one gets the first-contact text.
func (t *turn) greet() {
	if t.first {
		t.welcome()
		return
	}
	if _, taken := text.StripGreeting(text.Tokens(t.m.Text)); taken.Thanked {
		t.thank()
		return
	}
	t.reply(Reply{Outcome: Greeted, Text: paragraphs(t.hello(), t.say(locales.MenuHint, nil))})
}

// welcome gives the first-contact text and the menu.
func (t *turn) welcome() {
	lead := ""
	if t.event != "" {
		lead = t.say(locales.ActivitySet, map[string]any{"Name": t.event})
	}
	t.menu(paragraphs(t.hello()+" "+t.say(locales.Welcome, nil), lead))
	t.replies[len(t.replies)-1].Outcome = Greeted
	t.s.Welcomed = true
}

// hello greets by the time of day.
func (t *turn) hello() string {
	key := locales.Evening
	switch h := t.now.In(t.k.Edition.Zone).Hour(); {
	case h >= 4 && h < 11:
		key = locales.Morning
	case h >= 11 && h < 15:
		key = locales.Noon
	case h >= 15 && h < 18:
		key = locales.Afternoon
	}
	return t.say(locales.HelloDay, map[string]any{"Time": t.say(key, nil)})
}

// askLanguage offers the languages.
func (t *turn) askLanguage() {
	t.reply(Reply{Outcome: Language, Prompt: t.say(locales.LangPrompt, nil), Choices: []Choice{
		{Key: keyLang + "id", Label: "Bahasa Indonesia"}, {Key: keyLang + "jv", Label: "Basa Jawa"}, {Key: keyLang + "en", Label: "English"},
	}})
}

// notText answers what cannot be read, without fetching it.
func (t *turn) notText() {
	key := locales.NotTextKey
	if t.m.Kind == Voice {
		key = locales.VoiceNote
	}
	t.reply(Reply{Outcome: NotText, Text: paragraphs(t.say(key, nil), t.say(locales.MenuHint, nil))})
	t.count(Query{Outcome: NotText})
}

// Renew renders a reply's entry again for the instant, when what it says has expired or was withdrawn while it
// waited to be sent. The reply that comes back may always be sent.
func (d *Dialogue) Renew(r Reply, now time.Time) Reply {
	t := &turn{d: d, k: d.knowledge(), s: Session{Lang: r.Lang, Easy: r.Plain}, now: now}
	expired := !r.Expires.IsZero() && !now.Before(r.Expires)
	switch {
	case !expired && (r.Entry == "" || !t.k.withdrawn(r.Entry)):
		return r
	case r.Entry != "" && !t.k.withdrawn(r.Entry):
		fresh, err := t.render(r.Entry)
		var over *faq.ExpiredError
		if err == nil {
			fresh.Outcome, fresh.Lang, fresh.Plain = r.Outcome, r.Lang, r.Plain
			fresh.Choices, fresh.Prompt, fresh.Note = r.Choices, r.Prompt, r.Note
			if r.Outcome == Callback { // it still says why it comes unasked
				lead, _, _ := strings.Cut(r.Text, "\n\n")
				fresh.Text = paragraphs(lead, fresh.Text)
			}
			return fresh
		} else if !errors.As(err, &over) && !errors.Is(err, faq.ErrNoEntry) {
			break
		}
	}
	t.person(locales.ExpiredKey, Withdrawn)
	return t.replies[0]
}

// apologise says that the service cannot answer just now.
func (t *turn) apologise() {
	defer func() {
		if r := recover(); r != nil { // even the content is out of order: the bare sentence must do
			t.replies = []Reply{{Outcome: Unknown, Lang: t.s.Lang, Text: t.say(locales.Unavailable, nil)}}
		}
		t.queries = nil
		t.count(Query{Outcome: Unknown, Text: t.m.Text})
	}()
	t.person(locales.Unavailable, Unknown)
}
