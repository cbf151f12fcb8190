package bot

import (
	"context"
	"time"

	"tanya/faq"
	"tanya/locales"
)

// A reminder is the one message that the office writes first because of the calendar. It is sent once, on the morning
// before voting day, to who asked for it, and only while the day is what she was told. Its address is kept apart from
// the session, sealed, and erased when the reminder is handed out, by STOP and by /hapus.

// Event is what somebody is reminded of: an election and the day that she was told.
type Event struct {
	Election string   `json:"election"`
	Day      faq.Date `json:"day"`
}

// Reminder is the wish to be reminded of an event.
type Reminder struct {
	Event Event
	Lang  faq.Lang
	Due   time.Time // when it is to be sent
	Until time.Time // from when on it is of no use
}

// Reminders is the part of the ledger that keeps who asked to be reminded.
type Reminders interface {
	// Remind takes out every reminder that is due and puts what say makes of it into the outbox, both in one
	// transaction. One that say refuses is forgotten. It returns how many replies wait to be sent now.
	Remind(ctx context.Context, now time.Time, say func(Reminder) (Reply, bool)) (int, error)
}

const (
	remindHour  = 9 * time.Hour       // of the day before
	remindEnd   = 12 * time.Hour      // of voting day
	remindAhead = 90 * 24 * time.Hour // no address is kept longer for a reminder
	remindLook  = time.Minute         // how often the engine looks for reminders that are due
	votingDay   = "hari-pemungutan-suara"
)

// reminder is the reminder of an election that can be asked for at the instant: its day is published, near and not here.
func reminder(ed *faq.Edition, election string, now time.Time) (Reminder, bool) {
	day, ok := published(ed, election, now)
	if !ok {
		return Reminder{}, false
	}
	r := Reminder{
		Event: Event{election, day}, Due: day.Add(-1).Start(ed.Zone).Add(remindHour), Until: day.Start(ed.Zone).Add(remindEnd),
	}
	return r, now.Before(r.Due) && r.Due.Sub(now) <= remindAhead
}

// published is the day of an election, where one is known and may be said.
func published(ed *faq.Edition, election string, now time.Time) (faq.Date, bool) {
	e := ed.Election(election)
	if e == nil {
		return faq.Date{}, false
	}
	day := ed.Fact(e.Day)
	if day == nil || !day.Valid(now, ed.Zone) {
		return faq.Date{}, false
	}
	return day.Day, true
}

// coming finds the next election that somebody can be reminded of.
func (t *turn) coming() (Reminder, bool) {
	var next Reminder
	for _, id := range t.k.Edition.Elections() {
		if r, ok := reminder(t.k.Edition, id, t.now); ok && (next.Due.IsZero() || r.Due.Before(next.Due)) {
			next = r
		}
	}
	return next, !next.Due.IsZero() && !t.k.withdrawn(votingDay)
}

// pulled are the channels that nobody sees unless she opens them: a reminder there would come when it is remembered anyway.
var pulled = wordSet("webchat", "terminal")

// remindable is the choice of being reminded, below the answer that gives the day.
func (t *turn) remindable(entry string) (Choice, bool) {
	r, ok := t.coming()
	if !ok || pulled[t.m.Channel] || t.k.Bound[t.m.Channel] || entry != votingDay || t.k.Edition.Entry(entry).Election != r.Event.Election || t.s.Reminded == r.Event.Election {
		return Choice{}, false
	}
	return Choice{Key: keyRemind, Label: t.say(locales.RemindOffer, nil)}, true
}

// remindMe notes that the person wants to be reminded.
func (t *turn) remindMe() {
	r, ok := t.coming()
	switch {
	case !ok:
		t.reply(Reply{Outcome: Callback, Text: t.say(locales.RemindNone, nil)})
		return
	case pulled[t.m.Channel]:
		t.reply(Reply{Outcome: Callback, Text: t.say(locales.RemindElse, nil)})
		return
	case t.k.Bound[t.m.Channel]:
		t.reply(Reply{Outcome: Callback, Text: t.say(locales.RemindBound, nil)})
		return
	}
	r.Lang = t.s.Lang
	t.remind, t.s.Reminded = &r, r.Event.Election
	t.reply(Reply{
		Outcome: Callback, Expires: r.Due, Text: t.say(locales.RemindSet, map[string]any{
			"Election": t.k.Edition.Election(r.Event.Election).Name.In(t.s.Lang),
			"Date":     faq.LongDay(faq.DateOf(r.Due, t.k.Edition.Zone), t.s.Lang),
		}),
	})
}

// Reminder is what somebody gets who asked to be reminded, or false when it must not be said any more: the day was moved
// or withdrawn meanwhile, or is over.
func (d *Dialogue) Reminder(r Reminder, now time.Time) (Reply, bool) {
	k := d.knowledge()
	if !d.Stands(r.Event, now) {
		return Reply{}, false
	}
	lang := r.Lang
	if !lang.Valid() {
		lang = faq.Indonesian
	}
	t := &turn{d: d, k: k, s: Session{Lang: lang}, now: now}
	e := k.Edition.Election(r.Event.Election)
	source := k.Edition.Fact(e.Day).Source
	return Reply{
		Outcome: Callback, Lang: lang, Event: &r.Event, Edition: k.Edition.Number, Sources: []faq.Source{source},
		Text:   t.say(locales.RemindText, map[string]any{"Election": e.Name.In(lang), "Date": faq.LongDay(r.Event.Day, lang)}),
		Footer: t.footer(faq.Answer{Sources: []faq.Source{source}}),
		Note:   t.say(locales.StopHint, nil),
	}, true
}

// Stands reports whether an event is still what people were told, and not over.
func (d *Dialogue) Stands(ev Event, now time.Time) bool {
	k := d.knowledge()
	day, ok := published(k.Edition, ev.Election, now)
	return ok && day == ev.Day && !k.withdrawn(votingDay) && now.Before(day.Start(k.Edition.Zone).Add(remindEnd))
}

// remind hands out reminders that are due, until ctx ends.
func (e *Engine) remind(ctx context.Context) {
	if e.reminders == nil {
		return
	}
	look := time.NewTicker(remindLook)
	defer look.Stop()
	for {
		now := e.now()
		n, err := e.reminders.Remind(ctx, now, func(r Reminder) (Reply, bool) { return e.dialogue.Reminder(r, now) })
		if err != nil && ctx.Err() == nil {
			e.log.Error("reminders wait", "class", ClassOf(err), "err", err)
		}
		if n > 0 {
			for name := range e.senders {
				e.WakeSender(name)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}
