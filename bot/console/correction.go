package console

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// version is an answer as some editions gave it.
type version struct {
	First, Last int64     // editions; 0 is the content in the program
	From, Until time.Time // when these were live; zero From: from the beginning, zero Until: still
	N           int       // how often it was given
	Text        string    // in Indonesian, as it was when it went live
	Same        bool      // the text is the one that is given now
}

// versionsRead bounds how many editions are opened to tell an answer's versions apart; what is older is told together.
const versionsRead = 30

// versions tells how often each version of an answer was given and when, the newest first.
func (c *Console) versions(ctx context.Context, k bot.Knowledge, id string, now time.Time) ([]version, error) {
	given, err := c.desk.Given(ctx, id)
	if err != nil {
		return nil, err
	}
	releases, err := c.desk.Releases(ctx)
	if err != nil {
		return nil, err
	}
	live := map[int64]bot.Release{}
	numbers := []int64{0}
	for _, r := range releases {
		live[r.Number] = r
		numbers = append(numbers, r.Number)
	}
	slices.Sort(numbers)
	slices.Reverse(numbers)
	said := func(ed *faq.Edition) string {
		a, err := ed.Answer(id, faq.View{Lang: faq.Indonesian, At: now}) // at one moment, so that only the wording differs
		if err != nil {
			return ""
		}
		return a.Text
	}
	current := said(k.Edition)
	var out []version
	until := time.Time{}
	for i, n := range numbers {
		v := version{First: n, Last: n, From: live[n].Published, Until: until, N: given[n]}
		until = v.From
		if n == k.Edition.Number {
			v.Text = current
		} else if i < versionsRead {
			ed, err := c.past(ctx, n)
			if err == nil {
				v.Text = said(ed)
			} else if bot.ClassOf(err) != bot.Invalid { // one that was damaged says nothing
				return nil, err
			}
		}
		v.Same = v.Text == current && v.Text != ""
		if last := len(out) - 1; last >= 0 && out[last].Text == v.Text {
			out[last].First, out[last].From, out[last].N = v.First, v.From, out[last].N+v.N
			continue
		}
		out = append(out, v)
	}
	return slices.DeleteFunc(out, func(v version) bool { return v.N == 0 && v.Text == "" }), nil
}

// past reads an edition that was live; 0 is the content in the program.
func (c *Console) past(ctx context.Context, number int64) (*faq.Edition, error) {
	return c.previous(ctx, number+1)
}

type correctionPage struct {
	Page
	Entry    *faq.Entry
	Versions []version
	Given    int // in all
	Other    int // of them with another text than now
	Before   int64
	Out      bool // withdrawn
	Reach    bot.Reach
	Channels []string // of Reach.Told
	Told     int
	May      bool
	Sent     bool
}

// correctionOf finds out what a correction of an answer would be: everybody who got another text than the one that is
// given now.
func (c *Console) correctionOf(q *request) (correctionPage, error) {
	k := c.deps.Knowledge()
	id := q.PathValue("nama")
	p := correctionPage{Page: c.page(q, "Siapa yang menerima jawaban ini", "jawaban"), Entry: k.Edition.Entry(id), May: q.me.Rights().Covers(bot.Approver)}
	if p.Entry == nil {
		return p, bot.Errorf(bot.NotFound, "Jawaban ini tidak ada di edisi yang terbit.")
	}
	p.Out = k.Withdrawn[id] || k.Withdrawn["*"]
	var err error
	if p.Versions, err = c.versions(q.Context(), k, id, q.now); err != nil {
		return p, err
	}
	for i, v := range p.Versions {
		p.Given += v.N
		if i == 0 {
			p.Before = v.First
		} else if !v.Same {
			p.Other += v.N
		}
	}
	p.Reach, err = c.desk.Corrections(q.Context(), c.correction(p))
	p.count()
	return p, err
}

func (c *Console) correction(p correctionPage) bot.Correction {
	return bot.Correction{Entry: p.Entry.ID, Before: p.Before, Windows: c.cfg.Windows}
}

func (p *correctionPage) count() {
	p.Channels, p.Told = slices.Sorted(maps.Keys(p.Reach.Told)), 0
	for _, n := range p.Reach.Told {
		p.Told += n
	}
}

// correctionForm shows how many people got which version in which time, and whom a correction would reach.
func (c *Console) correctionForm(q *request) error {
	p, err := c.correctionOf(q)
	if err != nil {
		return err
	}
	return c.show(q, http.StatusOK, "koreksi", p)
}

// correct tells the conversations that still live with an older text what is right now. What is sent was approved and
// is live; it goes out to many at once, so whoever sends it proves who they are.
func (c *Console) correct(q *request) error {
	p, err := c.correctionOf(q)
	if err != nil {
		return err
	}
	switch {
	case p.Out:
		return bot.Errorf(bot.Conflict, "Jawaban ini sedang ditarik. Terbitkan teks yang benar dan pulihkan dahulu, lalu kirim koreksi.")
	case p.Other == 0:
		return bot.Errorf(bot.Conflict, "Semua yang menerima jawaban ini menerima teks yang sama dengan sekarang.")
	}
	if err := c.again(q); err != nil {
		return err
	}
	id := p.Entry.ID
	p.Reach, err = c.desk.Correct(q.Context(), c.correction(p), func(s bot.Session) (bot.Reply, error) {
		return c.deps.Dialogue.Corrected(id, s, c.now())
	}, q.line("koreksi", id, "edisi sebelum "+strconv.FormatInt(p.Before, 10)+", kepada "+thousands(p.Told)+" percakapan"))
	if err != nil {
		return err
	}
	p.Sent = true
	p.count()
	return c.show(q, http.StatusOK, "koreksi", p)
}
