package console

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"tanya/bot"
	"tanya/faq"
	"tanya/faq/group"
)

// board holds the questions before staff in memory, grouped: opening every text and grouping anew for each page would
// be too slow with many thousands. What changes, and what may not be shown any more, is looked up each time. Its
// methods are safe for concurrent use.
type board struct {
	desk Desk

	mu      sync.Mutex
	reviews map[int64]*bot.Review
	grouper *group.Grouper
	last    int64
	mark    string // of the states as they were last read
	edition string // hash of the edition that the grouper's weights come from
}

// boardStep is how many questions are read at once.
const boardStep = 2000

// open brings the board up to date and calls see with it locked.
func (b *board) open(ctx context.Context, k bot.Knowledge, see func() error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.grouper == nil || b.edition != k.Edition.Hash {
		b.reviews, b.last, b.edition, b.mark = map[int64]*bot.Review{}, 0, k.Edition.Hash, ""
		b.grouper = group.New(phrasings(k.Edition))
	}
	mark, err := b.desk.ReviewMark(ctx) // before the states: what changes meanwhile is read the next time
	if err != nil {
		return err
	}
	if mark == b.mark {
		return see()
	}
	states, err := b.desk.ReviewStates(ctx)
	if err != nil {
		return err
	}
	for id := range b.reviews {
		if _, ok := states[id]; !ok {
			delete(b.reviews, id)
			b.grouper.Remove(id)
		}
	}
	if err := b.read(ctx, states); err != nil {
		return err
	}
	for id, s := range states {
		r := b.reviews[id]
		if r == nil {
			continue
		}
		r.Status, r.Flag, r.Reason, r.Waiting = s.Status, s.Flag, s.Reason, s.Waiting
		if s.Leader != 0 {
			b.grouper.Place(id, s.Leader, r.Query.Text)
		}
	}
	b.mark = mark
	return see()
}

// read adds the questions that are new on the list.
func (b *board) read(ctx context.Context, states map[int64]bot.ReviewState) error {
	for {
		some, err := b.desk.OpenReviews(ctx, b.last, boardStep)
		if err != nil {
			return err
		}
		for _, r := range some {
			b.add(r)
			b.last = r.Query.ID
		}
		if len(some) < boardStep {
			break
		}
	}
	var late []int64 // an older question that somebody complained about only now, or that was drawn
	for id := range states {
		if b.reviews[id] == nil {
			late = append(late, id)
		}
	}
	slices.Sort(late)
	some, err := b.desk.ReviewsOf(ctx, late)
	for _, r := range some {
		b.add(r)
	}
	return err
}

func (b *board) add(r bot.Review) {
	var hints []group.Hint
	for _, c := range r.Query.Candidates {
		hints = append(hints, group.Hint{Name: c.Entry, Weight: c.Score})
	}
	b.reviews[r.Query.ID] = &r
	b.grouper.Add(r.Query.ID, r.Query.Text, hints...)
}

// phrasings returns how people ask, by entry.
func phrasings(ed *faq.Edition) [][]string {
	var all [][]string
	for _, id := range ed.IDs() {
		var some []string
		for _, p := range ed.Entry(id).Phrasings {
			some = append(some, p.Text)
		}
		all = append(all, some)
	}
	return all
}

// wanted narrows the board.
type wanted struct {
	Status  string
	Flag    string
	Channel string
	Lang    string
	Segment string
	Search  string
}

func (w wanted) fits(r *bot.Review) bool {
	q := r.Query
	switch {
	case w.Status == "terbuka" && r.Status != bot.ReviewNew && r.Status != bot.ReviewWork,
		w.Status != "terbuka" && w.Status != "semua" && string(r.Status) != w.Status,
		w.Flag != "" && string(r.Flag) != w.Flag,
		w.Channel != "" && q.Channel != w.Channel,
		w.Lang != "" && string(q.Lang) != w.Lang,
		w.Segment != "" && string(q.Segment) != w.Segment:
		return false
	}
	return w.Search == "" || strings.Contains(strings.ToLower(q.Text), strings.ToLower(w.Search))
}

// cluster is a group as a page shows it.
type cluster struct {
	ID      int64
	First   bot.Review
	IDs     []int64
	N       int
	Waiting int
	Days    int // to the nearest deadline, negative when there is none
	Topic   string
	Entry   string // the entry that most of the matcher's thoughts point at
	Weight  float64
	Status  bot.ReviewStatus
	Under   bool // people who are served worse than others ask it
}

// equity is how well each group of people is served.
type equity struct {
	at      time.Time
	overall float64
	by      map[faq.Segment]float64
}

// clusters returns the groups with at least one question that is wanted, most urgent first.
func (b *board) clusters(w wanted, k bot.Knowledge, today faq.Date, eq equity) []cluster {
	var out []cluster
	for _, g := range b.grouper.Groups() {
		c := cluster{ID: g.ID, Days: -1}
		votes := map[string]float64{}
		served := eq.overall
		for _, id := range g.Members {
			r := b.reviews[id]
			if r == nil || !w.fits(r) {
				continue
			}
			if c.N == 0 {
				c.First, c.Status = *r, r.Status
			}
			c.N++
			c.IDs = append(c.IDs, id)
			c.Waiting += r.Waiting
			if s, ok := eq.by[r.Query.Segment]; ok && s < served {
				served = s
			}
			for i, cand := range r.Query.Candidates {
				if i < 3 {
					votes[cand.Entry] += cand.Score
				}
			}
		}
		if c.N == 0 {
			continue
		}
		best := 0.0
		for id, v := range votes {
			if v > best || (v == best && id < c.Entry) {
				best, c.Entry = v, id
			}
		}
		if e := k.Edition.Entry(c.Entry); e != nil {
			c.Topic, c.Days = e.Topic, deadline(k.Edition, e, today)
		}
		c.Under = served < eq.overall
		c.Weight = bot.Urgency(c.N+c.Waiting, c.Days, served, eq.overall)
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b cluster) int { return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.ID, b.ID)) })
	return out
}

// deadline is the number of days to the next end of a phase of the entry, -1 when there is none.
func deadline(ed *faq.Edition, e *faq.Entry, today faq.Date) int {
	days := -1
	for _, p := range e.Phases {
		if p.Ends.IsZero() {
			continue
		}
		if n := faq.DateOf(p.Ends, ed.Zone).Sub(today); n >= 0 && (days < 0 || n < days) {
			days = n
		}
	}
	return days
}
