package bot

import (
	"time"

	"tanya/faq"
	"tanya/locales"
)

// Correction says which answer was wrong: the one that an entry gave in editions before Before.
type Correction struct {
	Entry   string
	Before  int64
	Windows map[string]time.Duration // by channel: how long after a person's last message it lets us write; absent is as long as the session lives
}

// Reach is whom a correction reaches, or would.
type Reach struct {
	Given  map[int64]int  // how often each edition gave the answer, by edition; nobody knows to whom
	Told   map[string]int // conversations that are told, by channel
	Missed int            // conversations that asked for silence, or whose channel does not let us write any more
}

// Corrected is what somebody is told who got an answer that was wrong: that we corrected it, and the right one.
func (d *Dialogue) Corrected(id string, s Session, now time.Time) (Reply, error) {
	return d.notice(locales.CorrectedNow, locales.StopHint, id, Session{Lang: s.Lang, Easy: s.Easy, Segment: s.Segment}, now)
}

// Told is what somebody gets who wanted to be told when a question has an answer.
func (d *Dialogue) Told(id string, lang faq.Lang, now time.Time) (Reply, error) {
	return d.notice(locales.WaitTold, "", id, Session{Lang: lang}, now)
}

// notice renders an entry below a sentence that says why it comes unasked.
func (d *Dialogue) notice(lead, note locales.Key, id string, s Session, now time.Time) (Reply, error) {
	if !s.Lang.Valid() {
		s.Lang = faq.Indonesian
	}
	t := &turn{d: d, k: d.knowledge(), s: s, now: now}
	if t.k.withdrawn(id) {
		return Reply{}, Errorf(NotFound, "the answer is withdrawn")
	}
	r, err := t.render(id)
	if err != nil {
		return r, err
	}
	r.Outcome, r.Lang, r.Plain, r.Text = Callback, s.Lang, s.Easy, paragraphs(t.say(lead, nil), r.Text)
	if note != "" {
		r.Note = t.say(note, nil)
	}
	return r, nil
}
