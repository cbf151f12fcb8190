package console

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"tanya/bot"
	"tanya/faq"
)

type entriesPage struct {
	Page
	Topics  []topicGroup
	Search  string
	Edit    bool
	Changed map[string]bool
	Out     map[string]bool
}

type topicGroup struct {
	Topic   string
	Entries []*faq.Entry
}

// entries lists all answers of the next edition, by topic.
func (c *Console) entries(q *request) error {
	k := c.deps.Knowledge()
	d, err := c.draft.load(q.Context(), k)
	if err != nil {
		return err
	}
	p := entriesPage{
		Page: c.page(q, "Jawaban", "jawaban"), Search: clip(q.URL.Query().Get("cari"), 80), Edit: q.me.Rights().Covers(bot.Editor),
		Changed: map[string]bool{}, Out: k.Withdrawn,
	}
	for _, f := range d.changed {
		p.Changed[f.Path] = true
	}
	by := map[string][]*faq.Entry{}
	var topics []string
	for _, id := range d.edition.IDs() {
		e := d.edition.Entry(id)
		hay := strings.ToLower(id + " " + e.Title.In(faq.Indonesian) + " " + e.Question.In(faq.Indonesian))
		if !strings.Contains(hay, strings.ToLower(p.Search)) {
			continue
		}
		if by[e.Topic] == nil {
			topics = append(topics, e.Topic)
		}
		by[e.Topic] = append(by[e.Topic], e)
	}
	slices.Sort(topics)
	for _, t := range topics {
		p.Topics = append(p.Topics, topicGroup{t, by[t]})
	}
	return c.show(q, http.StatusOK, "jawaban", p)
}

type entryPage struct {
	Page
	Entry   *faq.Entry
	Changed bool
	Out     *bot.Withdrawal
	Edit    bool
	Shown   []sample
	Given   int // how often it was the answer, in all editions
	Live    int // of them in the edition that is live
}

// sample is an answer as it is read.
type sample struct {
	Label string
	Lang  faq.Lang
	Text  string
	Ends  time.Time // when something else will be read, zero when nothing will
}

// entry shows one answer as people read it today, and what can be done with it.
func (c *Console) entry(q *request) error {
	k := c.deps.Knowledge()
	d, err := c.draft.load(q.Context(), k)
	if err != nil {
		return err
	}
	e := d.edition.Entry(q.PathValue("nama"))
	if e == nil {
		return bot.Errorf(bot.NotFound, "Jawaban ini tidak ada.")
	}
	p := entryPage{Page: c.page(q, e.Title.In(faq.Indonesian), "jawaban"), Entry: e, Edit: q.me.Rights().Covers(bot.Editor)}
	for _, f := range d.changed {
		p.Changed = p.Changed || f.Path == e.File
	}
	out, err := c.desk.Withdrawn(q.Context())
	if err != nil {
		return err
	}
	for _, w := range out {
		if w.Entry == e.ID {
			p.Out = &w
		}
	}
	given, err := c.desk.Given(q.Context(), e.ID)
	if err != nil {
		return err
	}
	for edition, n := range given {
		p.Given += n
		if edition == k.Edition.Number {
			p.Live = n
		}
	}
	p.Shown = c.samples(d.edition, e.ID, faq.View{At: q.now})
	return c.show(q, http.StatusOK, "entri", p)
}

// samples renders an answer in every language, and in the easy wording.
func (c *Console) samples(ed *faq.Edition, id string, v faq.View) []sample {
	var out []sample
	for _, l := range faq.Langs() {
		for _, easy := range []bool{false, true} {
			if easy && l != faq.Indonesian {
				continue
			}
			v.Lang, v.Easy = l, easy
			a, err := ed.Answer(id, v)
			s := sample{Label: langName(l), Lang: l, Text: a.Text}
			if easy {
				s.Label = "Mudah dibaca"
			}
			switch {
			case err != nil:
				s.Text = "(tidak dapat ditampilkan pada hari ini: fakta yang disebut tidak berlaku)"
			case a.Lang != l:
				continue
			case easy && a.Entry.Answer[a.Phase][faq.Easy] == "":
				continue
			case !a.Expires.IsZero():
				s.Ends = a.Expires
			}
			out = append(out, s)
		}
	}
	return out
}

// withdrawalForm is the page from which an answer, or all of them, are withdrawn.
func (c *Console) withdrawalForm(q *request) error {
	if q.PathValue("nama") == "*" {
		return c.channels(q)
	}
	return c.entry(q)
}

// withdraw takes an answer out of service, at once and everywhere; what waits to be sent is replaced as it leaves.
func (c *Console) withdraw(q *request) error {
	id, reason := q.PathValue("nama"), clip(q.text("alasan"), 200)
	if id != "*" && c.deps.Knowledge().Edition.Entry(id) == nil {
		return bot.Errorf(bot.NotFound, "Jawaban ini tidak ada di edisi yang terbit.")
	}
	if reason == "" {
		return wrong(bot.Invalid, "alasan", "Tulis alasan menarik jawaban, supaya rekan tahu.")
	}
	if err := c.desk.Withdraw(q.Context(), bot.Withdrawal{Entry: id, At: q.now, By: q.me.Login, Reason: reason}); err != nil {
		return err
	}
	if err := c.reload(q.Context()); err != nil {
		return err
	}
	if id == "*" {
		return q.next("/saluran", "tarik")
	}
	return q.next("/jawaban/"+id, "tarik")
}

// restore puts an answer back into service: the text is one that was approved before.
func (c *Console) restore(q *request) error {
	id := q.PathValue("nama")
	if err := c.desk.Restore(q.Context(), bot.Withdrawal{Entry: id, At: q.now, By: q.me.Login}); err != nil {
		return err
	}
	if err := c.reload(q.Context()); err != nil {
		return err
	}
	if id == "*" {
		return q.next("/saluran", "pulih")
	}
	return q.next("/jawaban/"+id, "pulih")
}
