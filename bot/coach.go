package bot

import (
	"context"
	"strconv"
	"strings"

	"tanya/faq"
	"tanya/locales"
)

// The report coach prepares a citizen for reporting to Bawaslu. It asks only what can be answered by choosing, keeps
// nothing that is typed meanwhile, and ends with a sheet whose blanks are filled in by hand. That a sheet was given is
// all that is counted.
const (
	flowCoach = "lapor"
	keyCoach  = "c:"
	keyLeave  = "c:leave"
	sheetRow  = "lembar-laporan" // what the query row names
)

// deadlineFact is the number of days within which a report must be made.
const deadlineFact = "lapor-batas-hari"

// startCoach opens the coach.
func (t *turn) startCoach() {
	t.s.Flow = &FlowState{Name: flowCoach, Marks: map[string]string{}}
	t.coachKind()
}

func (t *turn) coachKind() {
	t.reply(Reply{Outcome: Flow, Prompt: t.say(locales.CoachIntro, nil), Choices: []Choice{
		{keyCoach + "kind:money", t.say(locales.CoachMoney, nil)},
		{keyCoach + "kind:neutral", t.say(locales.CoachNeutral, nil)},
		{keyCoach + "kind:threat", t.say(locales.CoachThreat, nil)},
		{keyCoach + "kind:other", t.say(locales.CoachOther, nil)},
		{keyLeave, t.say(locales.FlowLeave, nil)},
	}})
}

// coachWhen asks for the day on which the person learned of it, by choices only.
func (t *turn) coachWhen() {
	choices := []Choice{{keyCoach + "when:0", t.say(locales.CoachToday, nil)}, {keyCoach + "when:1", t.say(locales.CoachYester, nil)}}
	for d := 2; d <= 4; d++ {
		choices = append(choices, Choice{keyCoach + "when:" + strconv.Itoa(d), t.say(locales.CoachAgo, map[string]any{"Days": d})})
	}
	choices = append(choices, Choice{keyCoach + "when:older", t.say(locales.CoachOlder, nil)}, Choice{keyLeave, t.say(locales.FlowLeave, nil)})
	t.reply(Reply{Outcome: Flow, Prompt: t.say(locales.CoachWhen, nil), Choices: choices})
}

func (t *turn) coachReady() {
	t.reply(Reply{Outcome: Flow, Prompt: t.say(locales.CoachReady, nil), Choices: []Choice{
		{keyCoach + "ready:all", t.say(locales.CoachAll, nil)},
		{keyCoach + "ready:some", t.say(locales.CoachSome, nil)},
		{keyLeave, t.say(locales.FlowLeave, nil)},
	}})
}

// coach takes one step. A tap on an old step works too: it says what it means, and the coach goes on from there.
func (t *turn) coach(key string) {
	if t.s.Flow == nil || t.s.Flow.Name != flowCoach {
		t.s.Flow = &FlowState{Name: flowCoach}
	}
	if t.s.Flow.Marks == nil {
		t.s.Flow.Marks = map[string]string{}
	}
	step, value, _ := strings.Cut(strings.TrimPrefix(key, keyCoach), ":")
	if value != "" {
		t.s.Flow.Marks[step] = value
	}
	switch step {
	case "leave":
		t.s.Flow = nil
		t.menu("")
	case "kind":
		t.coachWhen()
	case "when":
		t.coachReady()
	case "ready":
		t.coachSheet()
	default:
		t.coachKind()
	}
}

// coachTyped answers what is typed where the coach waits for a choice. Nothing of it is kept. Only danger comes first:
// then the coach steps back and says whom to call.
func (t *turn) coachTyped(ctx context.Context) error {
	r, err := t.match(ctx, t.m.Text, "")
	if err != nil {
		return err
	}
	if r.Entry == emergency || len(r.Candidates) > 0 && r.Candidates[0].Entry == emergency && r.Verdict == faq.Choices {
		t.rescue()
		return nil
	}
	t.coachStep()
	last := &t.replies[len(t.replies)-1]
	last.Text = t.say(locales.FlowOnlyPick, nil)
	return nil
}

// coachStep asks what the coach wants to know now.
func (t *turn) coachStep() {
	switch marks := t.s.Flow.Marks; {
	case marks["kind"] == "":
		t.coachKind()
	case marks["when"] == "":
		t.coachWhen()
	default:
		t.coachReady()
	}
}

// coachSheet says until when and where to report, and gives the sheet.
func (t *turn) coachSheet() {
	marks := t.s.Flow.Marks
	var advice []string
	if !t.stageRunning() {
		advice = append(advice, t.say(locales.CoachIdle, nil))
	}
	advice = append(advice, t.lastDay(marks["when"]))
	if marks["ready"] == "some" {
		advice = append(advice, t.say(locales.CoachMissing, nil))
	}
	advice = append(advice, t.say(locales.CoachBring, nil), t.say(locales.CoachSafety, nil))
	t.s.Flow = nil
	where, err := t.render("kontak-bawaslu")
	r := Reply{Outcome: Flow, Text: strings.Join(advice, "\n\n")}
	if err == nil {
		r.Footer, r.Sources = where.Footer, where.Sources
	}
	t.reply(r)
	t.reply(Reply{Outcome: Flow, Text: t.say(locales.CoachSheet, nil), Prompt: t.say(locales.Related, nil), Choices: t.entries(t.byID([]string{"lapor-ke-mana", "lapor-syarat", "lapor-perlindungan"}))})
	t.count(Query{Outcome: Flow, Entry: sheetRow})
}

// lastDay computes the last day for a report. The day of learning counts as the first, the shorter of the two ways to
// count, so that nobody comes a day late.
func (t *turn) lastDay(when string) string {
	ago, err := strconv.Atoi(when)
	limit := t.k.Edition.Fact(deadlineFact)
	if err != nil || limit == nil {
		return t.say(locales.CoachLate, nil)
	}
	today := faq.DateOf(t.now, t.k.Edition.Zone)
	last := today.Add(int(limit.Number) - 1 - ago)
	return t.say(locales.CoachLast, map[string]any{
		"Date": faq.LongDay(last, t.s.Lang), "Count": faq.Countdown(last.Sub(today), t.s.Lang),
	})
}

// stageRunning reports whether an election is under way.
func (t *turn) stageRunning() bool {
	for _, id := range t.k.Edition.Elections() {
		if t.k.Edition.State(t.k.Edition.Election(id), t.now) == faq.UnderWay {
			return true
		}
	}
	return false
}
