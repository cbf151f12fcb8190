package bot

import (
	"context"
	"time"

	"tanya/faq"
)

// searchMax is how many answers a search gives.
const searchMax = 5

// Search finds approved answers for a text, best first, for channels that show several at once. It belongs to no
// conversation and counts nothing. What a guard declines finds nothing.
func (d *Dialogue) Search(ctx context.Context, text string, lang faq.Lang, now time.Time) ([]Reply, error) {
	k := d.knowledge()
	r, err := k.Matcher.Match(ctx, faq.Question{Text: Redact(clip(text, TextMax)), Lang: lang})
	if err != nil {
		return nil, err
	}
	if r.Verdict == faq.Declined || r.Verdict == faq.Greeting {
		return nil, nil
	}
	if !lang.Valid() {
		lang = faq.Indonesian
	}
	t := &turn{d: d, k: k, s: Session{Lang: lang}, now: now}
	var out []Reply
	for _, c := range r.Candidates {
		e := k.Edition.Entry(c.Entry)
		if len(out) == searchMax || e == nil || e.Guard || k.withdrawn(c.Entry) {
			continue
		}
		reply, err := t.render(c.Entry)
		if err != nil {
			continue // an answer that may not be said now is not found
		}
		reply.Outcome, reply.Lang = Answered, lang
		out = append(out, reply)
	}
	return out, nil
}

// Say renders one entry outside a conversation, such as the privacy text for a page of its own.
func (d *Dialogue) Say(id string, lang faq.Lang, now time.Time) (Reply, error) {
	t := &turn{d: d, k: d.knowledge(), s: Session{Lang: lang}, now: now}
	r, err := t.render(id)
	r.Lang = lang
	return r, err
}

// Topics returns the names of the topics of the main menu.
func (d *Dialogue) Topics() []string { return d.knowledge().Edition.Topics() }
