package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"tanya/faq"
	"tanya/locales"
)

// Knowledge is what answers come from at a moment: one edition, the matcher that was trained on it, and the entries
// that the office has withdrawn since.
type Knowledge struct {
	Edition   *faq.Edition
	Matcher   faq.Matcher
	Withdrawn map[string]bool // entry ids, or "*" for everything
	Earlier   []Past          // editions that were published before, to compare what is passed on with
	Refused   int64           // number of the newest edition when it cannot be used; then everything is withdrawn. 0 else

	Bound map[string]bool // channels that may only answer within a day of a person's message, and so remind of nothing and tell nothing later

	Activities map[string]Activity // by code
	Codes      *ActivityCodes      // nil: codes are not known
}

// Past is an edition that was replaced.
type Past struct {
	Edition *faq.Edition
	Until   time.Time // when the next one was published
}

// withdrawn reports whether the entry may not be said any more.
func (k Knowledge) withdrawn(id string) bool { return k.Withdrawn["*"] || k.Withdrawn[id] }

// Dialogue decides what is said. It remembers nothing of a conversation: what must be remembered is in the Session that
// is handed in and out. It is safe for concurrent use.
type Dialogue struct {
	knowledge func() Knowledge
	words     *locales.Catalog
	wordings  wordingCache
}

// NewDialogue makes a dialogue. knowledge is asked at every message and must be safe for concurrent use.
func NewDialogue(knowledge func() Knowledge, words *locales.Catalog) *Dialogue {
	return &Dialogue{knowledge: knowledge, words: words}
}

// contactEntry and privacyEntry answer "petugas" and "/privasi"; offTopic says that a question is not ours.
const (
	contactEntry = "kontak-kpu"
	privacyEntry = "privasi-bot"
	reportGuard  = "laporan-masuk"
	offTopic     = "di-luar-topik"
)

// Turn answers one message. The settlement holds the session as it is afterwards, the replies in order and the rows
// to count. It does not fail for anything a person can type; an error means that the message should be tried again.
func (d *Dialogue) Turn(ctx context.Context, s Session, m Message, now time.Time) (Settlement, error) {
	if !s.Fresh(now) {
		s = Session{}
	}
	if !s.Lang.Valid() {
		s.Lang = faq.Indonesian
		if m.Lang.Valid() {
			s.Lang = m.Lang
		}
	}
	t := &turn{d: d, k: d.knowledge(), s: s, m: m, now: now, first: !s.Welcomed}
	if err := t.run(ctx); err != nil {
		return Settlement{}, err
	}
	return t.settle(), nil
}

// turn is the work on one message.
type turn struct {
	d     *Dialogue
	k     Knowledge
	s     Session
	m     Message
	now   time.Time
	first bool   // the person has not read the first-contact text
	event string // name of the activity whose code came with this message

	replies []Reply
	queries []Query
	sure    string // the entry that a short message by itself is all but sure to mean
	trailed bool   // it only trails behind what is answered: the conversation stands where it stood
	erase   bool
	silence bool
	forget  bool
	wait    *Wait
	remind  *Reminder
	rating  string
}

// run finds out what kind of message it is.
func (t *turn) run(ctx context.Context) error {
	switch t.m.Kind {
	case Broken:
		return nil
	case Tap:
		return t.act(ctx, t.m.Choice)
	case Text:
	default:
		t.notText()
		return nil
	}
	switch flooded := t.flooded(); {
	case strings.TrimSpace(t.m.Text) == "", t.s.Burst > panicMax:
	case t.endangered():
	case !flooded:
		return t.read(ctx)
	}
	return nil
}

// read finds out what a typed message is: words of an open list before commands ("salah" in the quiz), commands before
// numbers ("0"), and a question only when it is nothing else.
func (t *turn) read(ctx context.Context) error {
	if t.trails() {
		t.trailed = true
		return nil
	}
	if c, ok := pickWords(t.m.Text, t.open()); ok {
		return t.act(ctx, c.Key)
	}
	if c, rest := readCommand(t.m.Text); c != cmdNone {
		return t.command(ctx, c, rest)
	}
	if t.arrive(t.m.Text) {
		t.menu(t.say(locales.ActivitySet, map[string]any{"Name": t.event}))
		return nil
	}
	if t.byCode(t.m.Text) {
		return nil
	}
	if part, ok := verifiable(t.m.Text); ok {
		return t.check(ctx, part)
	}
	if t.passedOn() {
		return nil
	}
	if done, err := t.pick(ctx); done || err != nil {
		return err
	}
	if done, err := t.nod(ctx); done || err != nil {
		return err
	}
	if t.s.Flow != nil && t.s.Flow.Name == flowCoach {
		return t.coachTyped(ctx)
	}
	return t.question(ctx)
}

// open returns the choices that a typed number points into.
func (t *turn) open() []Choice {
	if t.now.Sub(t.s.OfferAt) > offerLife {
		return nil
	}
	return t.s.Offer
}

// pick handles a number, or several. It reports whether the message was one.
func (t *turn) pick(ctx context.Context) (bool, error) {
	open := t.open()
	if places := readNumbers(t.m.Text, len(open)); len(places) > 1 {
		return true, t.both(ctx, open, places)
	}
	n := readNumber(t.m.Text)
	if n == -1 {
		n = len(open)
	}
	switch {
	case n == 0:
		return false, nil
	case n <= len(open):
		return true, t.act(ctx, open[n-1].Key)
	case len(open) == 0 && n > 9:
		return false, nil
	case len(open) == 0:
		t.menu(t.say(locales.NoMenuOpen, nil))
	default:
		t.askNumber(open)
	}
	return true, nil
}

// both answers two entries that were picked at once. For more, and for anything that is no entry, it asks for one.
func (t *turn) both(ctx context.Context, open []Choice, places []int) error {
	for _, n := range places {
		if len(places) > 2 || !strings.HasPrefix(open[n-1].Key, keyEntry) {
			t.askNumber(open)
			return nil
		}
	}
	for i, n := range places {
		before := t.s
		if err := t.act(ctx, open[n-1].Key); err != nil {
			return err
		}
		if i == 0 {
			t.unoffer(before)
		}
	}
	return nil
}

// unoffer takes the choices off the first of two replies: a number points into those of the second, or into what was
// shown before.
func (t *turn) unoffer(before Session) {
	last := &t.replies[len(t.replies)-1]
	last.Choices, last.Prompt = nil, ""
	t.s.Before, t.s.Offer, t.s.OfferAt = before.Before, before.Offer, before.OfferAt
}

// act does what a choice stands for. Unknown keys, as an old button may carry, lead to the menu.
func (t *turn) act(ctx context.Context, key string) error {
	switch {
	case key == keyMenu:
		t.menu("")
	case key == keyPerson:
		t.wantsPerson()
	case key == keyNone:
		t.none()
	case key == keyWait:
		t.await()
	case key == keyRemind:
		t.remindMe()
	case key == keyDown:
		t.askWhy()
	case strings.HasPrefix(key, keyWhy):
		t.rated("down:" + key[len(keyWhy):])
	case strings.HasPrefix(key, keyCoach):
		t.coach(key)
	case strings.HasPrefix(key, keyQuiz):
		t.quiz(key)
	case strings.HasPrefix(key, keyGroup):
		t.group(key[len(keyGroup):])
	case strings.HasPrefix(key, keyLang):
		return t.command(ctx, command("lang:"+key[len(keyLang):]), "")
	case strings.HasPrefix(key, keyTopic) && len(t.k.Edition.TopicMenu(key[len(keyTopic):])) > 0:
		t.topic(key[len(keyTopic):])
	case strings.HasPrefix(key, keyEntry) && t.k.Edition.Entry(key[len(keyEntry):]) != nil:
		id := key[len(keyEntry):]
		t.entry(id, Answered)
		t.count(Query{Outcome: Answered, Entry: id, Score: 1})
		t.s.Others = nil
	default:
		t.menu(t.say(locales.OldChoice, nil))
	}
	return nil
}

// command does what a command word asks for.
func (t *turn) command(ctx context.Context, c command, rest string) error {
	if c != cmdNotThat && c != cmdShare && c != cmdAgain && c != cmdSimpler {
		t.s.Flow = nil // a command word leaves a guided flow
	}
	if c != cmdStop {
		t.s.Stopped = false // whoever writes again is confirmed again
	}
	switch c {
	case cmdMenu:
		t.menu("")
	case cmdStart:
		t.arrive(rest) // a code that nobody knows is passed over in silence
		t.welcome()
	case cmdPerson:
		t.wantsPerson()
	case cmdStop:
		t.stop()
	case cmdErase:
		t.erase, t.forget = true, true
		t.reply(Reply{Outcome: Erased, Text: t.say(locales.ErasedKey, nil)})
	case cmdPrivacy:
		t.entry(privacyEntry, Privacy)
	case cmdLang:
		t.askLanguage()
	case cmdID, cmdJV, cmdEN:
		t.s.Lang, t.s.Fixed = c.lang(), true
		set := t.say(locales.LangSet, nil)
		if t.s.Easy && t.s.Lang != faq.Indonesian {
			set += " " + t.say(locales.EasyLang, nil)
		}
		t.reply(Reply{Outcome: Language, Text: paragraphs(set, t.say(locales.MenuHint, nil))})
	case cmdEasy, cmdPlain:
		t.s.Easy = c == cmdEasy
		key := locales.EasyOff
		if t.s.Easy {
			key = locales.EasyOn
		}
		text := t.say(key, nil)
		if t.s.Easy && t.s.Lang != faq.Indonesian {
			text += " " + t.say(locales.EasyLang, nil)
		}
		t.reply(Reply{Outcome: Language, Text: text})
	case cmdNotThat:
		return t.notThat(ctx)
	default:
		t.extra(c)
	}
	return nil
}

// extra does what is offered beside answers.
func (t *turn) extra(c command) {
	switch c {
	case cmdShare:
		t.share()
	case cmdCoach:
		t.startCoach()
	case cmdQuiz:
		t.startQuiz("")
	case cmdQuizPre, cmdQuizEnd:
		t.startQuiz(strings.TrimPrefix(string(c), "quiz:"))
	case cmdHelped:
		t.rated("up")
	case cmdWait:
		t.await()
	case cmdRemind:
		t.remindMe()
	case cmdUnhelpful:
		t.askWhy()
	case cmdAgain:
		t.again()
	case cmdSimpler:
		t.simpler()
	}
}

// stop honours STOP at once and confirms it once.
func (t *turn) stop() {
	t.silence, t.s.Reminded = true, ""
	if t.s.Stopped {
		return
	}
	t.s.Stopped = true
	t.reply(Reply{Outcome: Stopped, Text: t.say(locales.StoppedKey, nil)})
}

// follow switches to the language that was typed, unless the person has chosen one.
func (t *turn) follow(l faq.Lang) {
	if !t.s.Fixed && l.Valid() {
		t.s.Lang = l
	}
}

// count adds a query row. The segment is counted only while the activity or the person's own tap holds.
func (t *turn) count(q Query) {
	q.Hour = t.now.UTC().Truncate(time.Hour)
	q.Channel, q.Lang, q.Edition, q.Previous = t.m.Channel, t.s.Lang, t.k.Edition.Number, t.s.Last
	if e := t.k.Edition.Entry(q.Entry); e != nil {
		q.Topic = e.Topic
	}
	if q.Outcome == Answered && slices.ContainsFunc(t.k.Edition.Quiz(), func(i faq.QuizItem) bool { return i.Entry == q.Entry }) {
		q.Mark = MarkClaim
	}
	q.Segment = t.s.Segment
	if t.now.Before(t.s.ActiveTo) {
		q.Activity = t.s.Activity
	}
	t.s.Last = q.Outcome
	t.queries = append(t.queries, q)
}

// settle closes the turn.
func (t *turn) settle() Settlement {
	out := Settlement{
		Message: t.m, Queries: t.queries, Replies: t.replies, Erase: t.erase, Silence: t.silence, Wait: t.wait, Remind: t.remind, Rating: t.rating,
	}
	if t.first && len(t.replies) > 0 && !t.forget {
		t.introduce(&out.Replies[len(out.Replies)-1])
		t.s.Welcomed = true
	}
	if !t.forget {
		if !t.trailed {
			t.s.Updated = t.now
			t.s.Turns++
		}
		out.Session = &t.s
	}
	return out
}

// introduce puts the first-contact line below the first reply, unless the reply is the first-contact text itself.
func (t *turn) introduce(r *Reply) {
	if r.Outcome != Greeted {
		r.Note = t.say(locales.FirstNote, nil)
	}
}

// notThat follows "bukan itu": it offers what else the last question may have meant.
func (t *turn) notThat(_ context.Context) error {
	if len(t.s.Others) == 0 {
		t.none()
		return nil
	}
	choices := t.entries(t.byID(t.s.Others))
	choices = append(choices, Choice{Key: keyNone, Label: t.say(locales.NoneOfThese, nil)})
	t.s.Others = nil
	t.reply(Reply{Outcome: Choices, Prompt: t.say(locales.Corrected, nil), Choices: choices})
	return nil
}
