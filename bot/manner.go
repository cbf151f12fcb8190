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

// Bounds of a conversation's pace. Whoever sends more within a minute is asked once to slow down.
const (
	burstSpan = time.Minute
	burstMax  = 12
	panicMax  = 2 * burstMax // up to here whoever is in danger is answered all the same
)

// flooded counts the messages of the last minute. The first one over the bound gets a polite sentence, the others
// silence; all of them are stored and done, so that nothing piles up.
func (t *turn) flooded() bool {
	if t.now.Sub(t.s.BurstAt) > burstSpan || t.now.Before(t.s.BurstAt) {
		t.s.Burst, t.s.BurstAt = 0, t.now
	}
	t.s.Burst++
	if t.s.Burst == burstMax+1 {
		t.reply(Reply{Outcome: Busy, Text: t.say(locales.BusyKey, nil)})
	}
	return t.s.Burst > burstMax
}

// insults are words that say nothing but anger. A message is an insult only when it holds such a word and no word of
// our subject, so that an angry question is still a question.
var insults = map[string]bool{
	"goblok": true, "bodoh": true, "tolol": true, "bego": true, "asu": true, "bangsat": true, "jancok": true, "jancuk": true, "anjing": true, "kampret": true,
	"bajingan": true, "idiot": true, "stupid": true, "dumb": true, "fuck": true, "gendheng": true, "gendeng": true, "sampah": true, "ndasmu": true, "matamu": true,
	"brengsek": true, "sialan": true, "dancok": true, "kontol": true, "tai": true, "taek": true, "useless": true, "gblk": true, "gblok": true,
}

// unrude returns a text without the words of anger.
func unrude(s string) string {
	return strings.Join(slices.DeleteFunc(strings.Fields(s), func(w string) bool {
		return insults[strings.Trim(strings.ToLower(w), ".,!?")]
	}), " ")
}

// insult answers an insult calmly, once. Later ones are answered like any message that is not understood.
func (t *turn) insult() bool {
	words := strings.FieldsFunc(strings.ToLower(t.m.Text), func(r rune) bool { return r < 'a' || r > 'z' })
	rude := false
	for _, w := range words {
		rude = rude || insults[w]
	}
	if !rude || len(words) > 8 || t.s.Calmed || text.Asks(t.m.Text) {
		return false
	}
	t.s.Calmed = true
	t.reply(Reply{Outcome: Ignored, Text: t.say(locales.Calm, nil)})
	return true
}

// complaint matches what only complains, in words that are no insult.
var complaint = regexp.MustCompile(`(?i)\b(ga|gak|tidak|tdk|nggak|ngga|enggak|ndak|ora|mboten)\s+(becus|berguna|guna|mutu|membantu|nyambung|pinter)\b|\b(percuma|kecewa|mengecewakan)\b|` +
	`\b(ga|gak|tidak|nggak|ngga|ora) (ada|ana|ono) (gunanya|gunane|manfaatnya)\b|^\W*kok (ga|gak|ngga|nggak|tidak|ora|ndak) (tau|tahu|ngerti|bisa jawab|reti|paham|mudeng)\b`)

// fear matches a message that says no more than that somebody is afraid.
var fear = regexp.MustCompile(`(?i)^\W*((saya|sy|aku|ak|gue|kula|kulo|i am|i'm|im)\W+)?((jadi|dadi|masih|isih|taksih)\W+)?(takut|wedi|ajrih|khawatir|kuwatir|scared|afraid)(\W+\w+){0,2}\W*$`)

// felt answers a message that tells of a feeling and asks nothing that we know: a complaint calmly, once, and fear with
// where help is.
func (t *turn) felt(r faq.Result) bool {
	switch {
	case r.Verdict == faq.Answered, r.Verdict == faq.Declined:
		return false
	case fear.MatchString(t.m.Text):
		choices := t.entries(t.byID([]string{emergency, "lapor-perlindungan", "kerahasiaan-pilihan"}))
		choices = append(choices, Choice{Key: keyPerson, Label: t.say(locales.PersonWord, nil)})
		t.reply(Reply{Outcome: Choices, Text: t.say(locales.Comfort, nil), Choices: choices})
		t.count(Query{Outcome: Choices, Entry: emergency})
		return true
	case !t.s.Calmed && complaint.MatchString(t.m.Text):
		t.s.Calmed = true
		t.reply(Reply{Outcome: Ignored, Text: t.say(locales.Calm, nil)})
		return true
	}
	return false
}

// thank answers thanks. Once in a conversation, after help was given, it also offers to say which segment the person
// belongs to, where the office counts activities and does not know it from a code.
func (t *turn) thank() {
	t.reply(Reply{Outcome: Thanked, Text: t.say(locales.Thanks, nil)})
	if t.s.Asked || t.s.Segment != faq.NoSegment || t.s.About == "" || t.s.Easy {
		return
	}
	t.s.Asked = true
	var choices []Choice
	for _, g := range faq.AllSegments() {
		choices = append(choices, Choice{Key: keyGroup + string(g), Label: t.say(locales.Key("segment_"+string(g)), nil)})
	}
	choices = append(choices, Choice{Key: keyGroup + "skip", Label: t.say(locales.SegmentSkip, nil)})
	t.reply(Reply{Outcome: Feedback, Prompt: t.say(locales.SegmentAsk, nil), Choices: choices})
}

// group keeps the segment that a person chose, for the life of the session.
func (t *turn) group(name string) {
	for _, g := range faq.AllSegments() {
		if name == string(g) {
			t.s.Segment = g
		}
	}
	t.s.Asked = true
	t.reply(Reply{Outcome: Feedback, Text: t.say(locales.SegmentDone, nil)})
}

// boundLife is how long after a person's message a channel that is bound may still write.
const boundLife = 24 * time.Hour

// await notes that the person wants to be told when the last question that was not answered has an answer.
func (t *turn) await() {
	if t.s.LastMiss == 0 {
		t.reply(Reply{Outcome: Callback, Text: t.say(locales.WaitNone, nil)})
		return
	}
	t.wait = &Wait{Query: t.s.LastMiss, Lang: t.s.Lang, Until: t.now.Add(WaitLife)}
	said := locales.WaitSet
	if t.k.Bound[t.m.Channel] {
		t.wait.Until, said = t.now.Add(boundLife), locales.WaitBound
	}
	t.reply(Reply{Outcome: Callback, Text: t.say(said, nil)})
}

// askWhy asks what an answer lacked.
func (t *turn) askWhy() {
	t.reply(Reply{Outcome: Feedback, Prompt: t.say(locales.WhyNot, nil), Choices: []Choice{
		{keyWhy + "misunderstood", t.say(locales.WhyOther, nil)},
		{keyWhy + "unclear", t.say(locales.WhyUnclear, nil)},
		{keyWhy + "partial", t.say(locales.WhyPartial, nil)},
		{keyWhy + "wrong", t.say(locales.WhyWrong, nil)},
		{keyMenu, t.say(locales.MenuWord, nil)},
	}})
}

// rated keeps what the person thought of the last answer.
func (t *turn) rated(label string) {
	t.rating = label
	key := locales.RatedDown
	if label == "up" {
		key = locales.RatedUp
	}
	t.reply(Reply{Outcome: Feedback, Text: t.say(key, nil)})
}
