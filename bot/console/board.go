package console

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
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
	turn chan struct{} // holds one: whoever took it may use what stands below

	cards   map[int64]*card
	grouper *group.Grouper
	last    int64
	mark    string             // of the states as they were last read
	edition string             // hash of the edition that the grouper's weights come from
	fresh   []int64            // placed by the program, and not yet kept in the ledger
	views   map[view][]cluster // what pages have asked for since something changed

	placed, all atomic.Int64 // how far a long placing is
}

// card is a question on the board.
type card struct {
	bot.Review
	lower string // its text in small letters, for the search
}

// view is what the list of groups depends on, beside the board itself.
type view struct {
	want wanted
	day  faq.Date
	eq   time.Time
}

func newBoard(desk Desk) *board { return &board{desk: desk, turn: make(chan struct{}, 1)} }

// The bounds of the board.
const (
	boardStep     = 2000            // questions read at once
	boardPatience = 2 * time.Second // how long a page waits for the board before it says how far it is
	viewsKept     = 32
)

// errPlacing says that the board is being put up, which takes a while with many thousands of questions.
var errPlacing = errors.New("the questions are being grouped")

// open brings the board up to date and calls see, while nobody else uses it.
func (b *board) open(ctx context.Context, k bot.Knowledge, see func() error) error {
	late := time.NewTimer(boardPatience)
	defer late.Stop()
	select {
	case b.turn <- struct{}{}:
		defer func() { <-b.turn }()
	case <-late.C:
		return errPlacing
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := b.refresh(ctx, k); err != nil {
		return err
	}
	return see()
}

func (b *board) refresh(ctx context.Context, k bot.Knowledge) error {
	if b.grouper == nil || b.edition != k.Edition.Hash {
		b.put(k.Edition)
	}
	mark, err := b.desk.ReviewMark(ctx) // before the states: what changes meanwhile is read the next time
	if err != nil || mark == b.mark {
		return err
	}
	states, err := b.desk.ReviewStates(ctx)
	if err != nil {
		return err
	}
	b.views = nil
	b.all.Store(int64(len(states)))
	for id := range b.cards {
		if _, ok := states[id]; !ok {
			delete(b.cards, id)
			b.grouper.Remove(id)
		}
	}
	if err := b.read(ctx, states); err != nil {
		return err
	}
	for id, s := range states {
		r := b.cards[id]
		if r == nil {
			continue
		}
		r.Status, r.Flag, r.Reason, r.Waiting = s.Status, s.Flag, s.Reason, s.Waiting
		if s.Leader != 0 {
			b.grouper.Place(id, s.Leader, r.Query.Text)
		}
	}
	b.mark = mark
	return nil
}

// put sets the board up with the weights of an edition. What stands on it stays in the group that it is in.
func (b *board) put(ed *faq.Edition) {
	old := b.grouper
	b.grouper, b.edition, b.views = group.New(phrasings(ed)), ed.Hash, nil
	if old == nil {
		b.cards = map[int64]*card{}
		return
	}
	for _, id := range slices.Sorted(maps.Keys(b.cards)) {
		q := b.cards[id].Query
		b.grouper.Place(id, old.Of(id), q.Text, hintsOf(q)...)
	}
}

// read adds the questions that are new on the list.
func (b *board) read(ctx context.Context, states map[int64]bot.ReviewState) error {
	for {
		some, err := b.desk.OpenReviews(ctx, b.last, boardStep)
		if err != nil {
			return err
		}
		for _, r := range some {
			b.add(r, states[r.Query.ID].Leader)
			b.last = r.Query.ID
		}
		if len(some) < boardStep {
			break
		}
	}
	var late []int64 // an older question that somebody complained about only now, or that was drawn
	for id := range states {
		if b.cards[id] == nil {
			late = append(late, id)
		}
	}
	slices.Sort(late)
	some, err := b.desk.ReviewsOf(ctx, late)
	for _, r := range some {
		b.add(r, states[r.Query.ID].Leader)
	}
	return err
}

// add puts a question on the board, into the group that it is known to stand in.
func (b *board) add(r bot.Review, leader int64) {
	id := r.Query.ID
	b.cards[id] = &card{r, strings.ToLower(r.Query.Text)}
	b.placed.Store(int64(len(b.cards)))
	if leader != 0 {
		b.grouper.Place(id, leader, r.Query.Text, hintsOf(r.Query)...)
		return
	}
	b.grouper.Add(id, r.Query.Text, hintsOf(r.Query)...)
	b.fresh = append(b.fresh, id)
}

// hintsOf says what the matcher thought a question is about.
func hintsOf(q bot.Query) []group.Hint {
	var hints []group.Hint
	for _, c := range q.Candidates {
		hints = append(hints, group.Hint{Name: c.Entry, Weight: c.Score})
	}
	return hints
}

// keepStep is how many places are written at once: messages of citizens wait behind it.
const keepStep = 500

// keep writes where the program has put questions into the ledger, so that groups are the same after a restart, under
// another edition, and when their oldest question is gone.
func (b *board) keep(ctx context.Context) error {
	for len(b.fresh) > 0 {
		some := b.fresh[:min(keepStep, len(b.fresh))]
		places := map[int64]int64{}
		for _, id := range some {
			if at := b.grouper.Of(id); at != 0 {
				places[id] = at
			}
		}
		if err := b.desk.KeepGroups(ctx, places); err != nil {
			return err
		}
		b.fresh = b.fresh[len(some):]
	}
	return nil
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
	Search  string // in small letters
}

func (w wanted) fits(r *card) bool {
	q := &r.Query
	switch {
	case w.Status == "terbuka" && !r.open(),
		w.Status != "terbuka" && w.Status != "semua" && string(r.Status) != w.Status,
		w.Flag != "" && string(r.Flag) != w.Flag,
		w.Channel != "" && q.Channel != w.Channel,
		w.Lang != "" && string(q.Lang) != w.Lang,
		w.Segment != "" && string(q.Segment) != w.Segment:
		return false
	}
	return strings.Contains(r.lower, w.Search)
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

// Value names the questions of the group in a form.
func (c cluster) Value() string { return joinIDs(c.IDs) }

func joinIDs(ids []int64) string {
	var b strings.Builder
	for i, id := range ids {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.FormatInt(id, 10))
	}
	return b.String()
}

// equity is how well each group of people is served.
type equity struct {
	at      time.Time
	overall float64
	by      map[faq.Segment]float64
}

// clusters returns the groups with at least one question that is wanted, most urgent first. What it returns is shared
// and may not be changed.
func (b *board) clusters(w wanted, k bot.Knowledge, today faq.Date, eq equity) []cluster {
	v := view{w, today, eq.at}
	if out, ok := b.views[v]; ok {
		return out
	}
	out := []cluster{}
	ends := map[string]int{}
	for _, g := range b.grouper.Groups() {
		c, served := b.cluster(g, w, eq)
		if c.N == 0 {
			continue
		}
		if e := k.Edition.Entry(c.Entry); e != nil {
			days, ok := ends[e.ID]
			if !ok {
				days = deadline(k.Edition, e, today)
				ends[e.ID] = days
			}
			c.Topic, c.Days = e.Topic, days
		}
		c.Under = served < eq.overall
		c.Weight = bot.Urgency(c.N+c.Waiting, c.Days, served, eq.overall)
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b cluster) int { return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.ID, b.ID)) })
	if b.views == nil || len(b.views) >= viewsKept {
		b.views = map[view][]cluster{}
	}
	b.views[v] = out
	return out
}

// cluster sums up what of a group is wanted. served is how well the worst served of those who ask are served.
func (b *board) cluster(g *group.Group, w wanted, eq equity) (c cluster, served float64) {
	c, served = cluster{ID: g.ID, Days: -1}, eq.overall
	votes := map[string]float64{}
	for _, id := range g.Members {
		r := b.cards[id]
		if r == nil || !w.fits(r) {
			continue
		}
		if c.N == 0 {
			c.First, c.Status = r.Review, r.Status
		}
		c.N++
		c.IDs = append(c.IDs, id)
		c.Waiting += r.Waiting
		if s, ok := eq.by[r.Query.Segment]; ok && s < served {
			served = s
		}
		for _, cand := range r.Query.Candidates[:min(3, len(r.Query.Candidates))] {
			votes[cand.Entry] += cand.Score
		}
	}
	best := 0.0
	for id, v := range votes {
		if v > best || (v == best && id < c.Entry) {
			best, c.Entry = v, id
		}
	}
	return c, served
}

// suggestion is questions in the same words that may ask what a group asks.
type suggestion struct {
	First bot.Review
	IDs   []int64
}

// Value names the questions in a form.
func (s suggestion) Value() string { return joinIDs(s.IDs) }

// alike returns open questions outside of a group that are most like it, the nearest first.
func (b *board) alike(c cluster, n int) []suggestion {
	open := func(id int64) bool { return b.cards[id] != nil && b.cards[id].open() }
	var out []suggestion
	for _, ids := range b.grouper.Near(c.IDs, n, open) {
		out = append(out, suggestion{b.cards[ids[0]].Review, ids})
	}
	return out
}

// others lists groups that questions of a page may be moved to: those of its suggestions, then the most urgent.
func (b *board) others(all []cluster, p groupPage) []cluster {
	near := map[int64]int{}
	for i, s := range p.Alike {
		if at := b.grouper.Of(s.IDs[0]); near[at] == 0 {
			near[at] = len(p.Alike) - i
		}
	}
	var out []cluster
	for _, g := range all {
		if g.ID != p.ID && (near[g.ID] > 0 || len(out) < othersShown && (g.Status == bot.ReviewNew || g.Status == bot.ReviewWork)) {
			out = append(out, g)
		}
	}
	slices.SortStableFunc(out, func(a, b cluster) int { return near[b.ID] - near[a.ID] })
	return out[:min(len(out), othersShown)]
}

// apart finds the name of a group in which the questions, which are sorted, stand alone. Where the name of every one of
// them is taken by a group that goes on without it, the others leave in its place. 0 means that they stand alone already.
func (b *board) apart(ids []int64) ([]int64, int64) {
	free := func(ids []int64) int64 {
		for _, id := range ids {
			o := b.grouper.Group(id)
			if o == nil || o.ID != id || !slices.ContainsFunc(o.Members, func(m int64) bool { return !slices.Contains(ids, m) }) {
				return id
			}
		}
		return 0
	}
	at := b.grouper.Group(b.grouper.Of(ids[0]))
	if at == nil || slices.Equal(slices.Sorted(slices.Values(at.Members)), ids) {
		return ids, 0
	}
	if leader := free(ids); leader != 0 {
		return ids, leader
	}
	rest := slices.DeleteFunc(slices.Sorted(slices.Values(at.Members)), func(m int64) bool { return slices.Contains(ids, m) })
	return rest, free(rest)
}

// open reports whether somebody still has to decide on the question.
func (r *card) open() bool { return r.Status == bot.ReviewNew || r.Status == bot.ReviewWork }

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
