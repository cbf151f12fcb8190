package bot

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"tanya/faq"
	"tanya/faq/text"
	"tanya/locales"
)

// Nobody at a counter reads the same paragraph out twice. An answer that was just given is said in simpler words, or
// in its first sentence, with what may come next; in full only when it is asked for.

// sayAgainAfter is how long an answer counts as just given.
const sayAgainAfter = 30 * time.Minute

// tell answers a question with an entry: in full, or shortly when these very words were the last answer.
func (t *turn) tell(id string) {
	r, err := t.render(id)
	if err != nil || t.k.withdrawn(id) || id == emergency || t.s.Said != shareCode(id, r.Text) || t.now.Sub(t.s.SaidAt) > sayAgainAfter {
		t.entry(id, Answered)
		return
	}
	t.brief(id, r, t.m.Text)
}

// again gives the last answer once more, in full.
func (t *turn) again() {
	if t.stepAgain() {
		return
	}
	if t.k.Edition.Entry(t.s.About) == nil {
		t.menu(t.say(locales.NothingSaid, nil))
		return
	}
	t.entry(t.s.About, Answered)
}

// simpler says the last answer in simpler words. What was said simply before comes with a person to ask.
func (t *turn) simpler() {
	if t.stepAgain() {
		return
	}
	id := t.s.About
	if t.k.Edition.Entry(id) == nil || t.k.withdrawn(id) {
		t.menu(t.say(locales.NothingSaid, nil))
		return
	}
	r, err := t.render(id)
	if err != nil {
		t.entry(id, Answered) // says that it is out of date
		return
	}
	t.brief(id, r, "")
}

// stepAgain repeats the step of a guided flow. It reports whether one is under way.
func (t *turn) stepAgain() bool {
	switch {
	case t.s.Flow == nil:
		return false
	case t.s.Flow.Name == flowCoach:
		t.coachStep()
	default:
		t.quizItem("", "", nil)
	}
	return true
}

// brief says an answer shortly: the part that speaks of what is asked, or its short form. The next time it only says that there is nothing simpler, and then it gives a person.
func (t *turn) brief(id string, full Reply, asked string) {
	r, lead := full, locales.ThisPart
	short, ends := t.part(id, full, asked), full.Expires
	if short == "" || short == full.Text {
		lead = locales.Briefly
		short, ends = t.shortly(id, full)
	}
	if !ends.IsZero() && (r.Expires.IsZero() || ends.Before(r.Expires)) {
		r.Expires = ends
	}
	mark := shareCode(id, short)
	t.s.Said, t.s.SaidAt = shareCode(id, full.Text), t.now
	switch {
	case t.s.Brief == mark+mark:
		t.s.Brief, t.s.Said = "", "" // whoever asks once more gets it in full
		t.person(locales.PersonIntro, Person)
		return
	case t.s.Brief == mark && lead == locales.ThisPart: // another question, the same part: it answers this one too
		t.s.Brief = mark + mark
	case t.s.Brief == mark, short == full.Text:
		t.s.Brief = mark + mark
		lead, short, r.Footer, r.Sources, r.Media = locales.SaidTwice, "", "", nil, nil
	default:
		t.s.Brief = mark
	}
	r.Text = paragraphs(t.say(lead, nil), short)
	r.Outcome = Answered
	e := t.k.Edition.Entry(id)
	r.Choices = t.entries(t.byID(e.Related))
	r.Choices = append(r.Choices[:min(3, len(r.Choices))], Choice{Key: keyEntry + id, Label: t.say(locales.InFull, nil)}, Choice{Key: keyPerson, Label: t.say(locales.PersonWord, nil)})
	r.Prompt = t.say(locales.Related, nil)
	t.s.About = id
	t.reply(r)
}

// shortly is the easy wording where there is one that was not said before, else the first paragraph with the answer's
// notes. It returns until when that may be said.
func (t *turn) shortly(id string, full Reply) (string, time.Time) {
	a, err := t.k.Edition.Answer(id, faq.View{Lang: t.s.Lang, Easy: true, Segment: t.s.Segment, At: t.now})
	if err == nil && a.Text != full.Text {
		return a.Text, a.Expires
	}
	return t.noted(id, full, 0), full.Expires
}

// confirms matches a question that only makes sure of what was said: its answer is the statement and no part beside it.
var confirms = regexp.MustCompile(`^(jadi|berarti|brarti|dadi|dados|tegese|so) `)

// part is the one paragraph of an answer that speaks most of what is asked, with the answer's notes; "" when none does.
func (t *turn) part(id string, full Reply, asked string) string {
	if confirms.MatchString(plain(asked)) {
		return ""
	}
	of := worded(asked)
	best, most, next := 0, 0, 0
	for i, p := range strings.Split(full.Text, "\n\n") {
		said := append(text.Concepts(text.Tokens(p)), text.Tokens(p)...)
		n := 0
		for _, c := range of {
			if slices.Contains(said, c) {
				n++
			}
		}
		switch {
		case n > most:
			best, most, next = i, n, most
		case n > next:
			next = n
		}
	}
	if alone := next == 0 && len(of) <= 3 && len(kinds(asked)) == 0; most == 0 || most == next || 2*most < len(of) && !alone {
		return ""
	}
	return t.noted(id, full, best)
}

// worded is what a text asks about, in concepts and in the words that were typed.
func worded(s string) []string {
	of := asks(s)
	for _, w := range text.Tokens(s) {
		if len(w) > 3 && !slices.Contains(of, w) && !slices.ContainsFunc(append(text.Concepts([]string{w}), w), func(c string) bool { return asking[c] }) {
			of = append(of, w)
		}
	}
	return of
}

// noted is one paragraph of an answer with those that hold a note: a fact that limits what the answer says, such as
// that its election is over. A list comes with the paragraph that leads to it.
func (t *turn) noted(id string, full Reply, at int) string {
	a, err := t.k.Edition.Answer(id, faq.View{Lang: t.s.Lang, Easy: t.s.Easy, Segment: t.s.Segment, At: t.now})
	var out []string
	all := strings.Split(full.Text, "\n\n")
	listed := at > 0 && at < len(all) && listMark.MatchString(all[at])
	for i, p := range all {
		note := err == nil && slices.ContainsFunc(a.Facts, func(fact string) bool { return strings.Contains(fact, noteFact) && t.holds(p, fact) })
		if i == at || i == at-1 && listed || note {
			out = append(out, p)
		}
	}
	return paragraphs(out...)
}

// listMark matches a paragraph that is a list from its first line on.
var listMark = regexp.MustCompile(`^(\d+\.|-) `)

// noteFact is what the ids of facts have in common that limit what an answer says.
const noteFact = "catatan"

// holds reports whether a paragraph says a fact.
func (t *turn) holds(paragraph, fact string) bool {
	said, err := t.k.Edition.Phrase("{"+fact+"}", t.s.Lang, t.now)
	return err == nil && strings.Contains(paragraph, said)
}
