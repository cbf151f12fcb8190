package console

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"tanya/bot"
	"tanya/faq"
	"tanya/faq/text"
)

type questionsPage struct {
	Page
	Want     wanted
	Groups   []cluster
	Total    int // questions in all groups
	Found    int // groups
	From     int
	Next     string // address of the next page
	Reasons  []string
	Segments []faq.Segment
	Channels []string
	Edit     bool
}

// pageGroups is how many groups a page shows.
const pageGroups = 40

// questions lists what could not be answered, grouped, most urgent first.
func (c *Console) questions(q *request) error {
	v := q.URL.Query()
	p := questionsPage{
		Page: c.page(q, "Pertanyaan", "pertanyaan"), Reasons: bot.DismissReasons(), Segments: faq.AllSegments(), Edit: q.me.Rights().Covers(bot.Editor),
		Channels: []string{"webchat", "telegram", "whatsapp"},
		Want: wanted{
			Status: v.Get("status"), Flag: v.Get("bendera"), Channel: v.Get("saluran"), Lang: v.Get("bahasa"), Segment: v.Get("segmen"), Search: strings.ToLower(clip(v.Get("cari"), 100)),
		},
	}
	if p.Want.Status == "" {
		p.Want.Status = "terbuka"
	}
	p.From, _ = strconv.Atoi(v.Get("dari"))
	k := c.deps.Knowledge()
	eq, err := c.equity(q.Context(), q.now)
	if err != nil {
		return err
	}
	err = c.board.open(q.Context(), k, func() error {
		p.Groups = c.board.clusters(p.Want, k, faq.DateOf(q.now, c.cfg.Zone), eq)
		return nil
	})
	if errors.Is(err, errPlacing) {
		return c.showPlacing(q)
	}
	if err != nil {
		return err
	}
	p.Found = len(p.Groups)
	for _, g := range p.Groups {
		p.Total += g.N
	}
	p.From = min(max(p.From, 0), len(p.Groups))
	p.Groups = p.Groups[p.From:]
	if len(p.Groups) > pageGroups {
		p.Groups = p.Groups[:pageGroups]
		v.Set("dari", strconv.Itoa(p.From+pageGroups))
		v.Del("ok")
		p.Next = root + "/pertanyaan?" + v.Encode()
	}
	return c.show(q, http.StatusOK, "pertanyaan", p)
}

// equityLife is how long it is good enough: thirty days change little within it.
const equityLife = time.Minute

// equity computes how well each segment is served, over thirty days.
func (c *Console) equity(ctx context.Context, now time.Time) (equity, error) {
	c.mu.Lock()
	eq := c.served
	c.mu.Unlock()
	if age := now.Sub(eq.at); eq.by != nil && age >= 0 && age < equityLife {
		return eq, nil
	}
	eq, err := c.measureEquity(ctx, now)
	if err != nil {
		return eq, err
	}
	c.mu.Lock()
	c.served = eq
	c.mu.Unlock()
	return eq, nil
}

func (c *Console) measureEquity(ctx context.Context, now time.Time) (equity, error) {
	tally, err := c.desk.Tally(ctx, now.Add(-bot.TextLife))
	if err != nil {
		return equity{}, err
	}
	all, by := count{}, map[faq.Segment]*count{}
	for _, t := range tally {
		all.add(t)
		if t.Segment == faq.NoSegment {
			continue
		}
		if by[t.Segment] == nil {
			by[t.Segment] = &count{}
		}
		by[t.Segment].add(t)
	}
	eq := equity{now, all.Share(), map[faq.Segment]float64{}}
	for s, n := range by {
		if n.Asked >= 10 {
			eq.by[s] = n.Share()
		}
	}
	return eq, nil
}

type placingPage struct {
	Page
	Placed, All int
}

// showPlacing says how far the grouping is; the page goes on by itself when it is done.
func (c *Console) showPlacing(q *request) error {
	return c.show(q, http.StatusOK, "menyusun", placingPage{c.page(q, "Pertanyaan", "pertanyaan"), int(c.board.placed.Load()), int(c.board.all.Load())})
}

type groupPage struct {
	Page
	ID       int64
	Reviews  []bot.Review
	Group    cluster
	Entries  []*faq.Entry
	Reasons  []string
	Others   []cluster    // where questions may be moved to: what is most alike, then what is most urgent
	Alike    []suggestion // open questions elsewhere that may ask the same, the nearest first
	Edit     bool
	Edition  *faq.Edition
	Linked   map[int64]string
	Varieted []string
}

// The bounds of the page of a group. With 24 suggestions, 300 questions take half as many decisions as without
// (docs/decisions/0022-suggestions.md).
const (
	alikeShown   = 24
	othersShown  = 60
	reviewsShown = 200
)

// question shows a group with everything that is known about its questions.
func (c *Console) question(q *request) error {
	k := c.deps.Knowledge()
	p := groupPage{Reasons: bot.DismissReasons(), Edit: q.me.Rights().Covers(bot.Editor), Edition: k.Edition}
	eq, err := c.equity(q.Context(), q.now)
	if err != nil {
		return err
	}
	err = c.board.open(q.Context(), k, func() error {
		at := c.board.grouper.Group(q.number("id"))
		if at == nil {
			return nil
		}
		p.ID = at.ID
		all := c.board.clusters(wanted{Status: "semua"}, k, faq.DateOf(q.now, c.cfg.Zone), eq)
		if i := slices.IndexFunc(all, func(g cluster) bool { return g.ID == at.ID }); i >= 0 {
			p.Group = all[i]
		}
		for _, id := range p.Group.IDs {
			p.Reviews = append(p.Reviews, c.board.cards[id].Review)
		}
		p.Alike = c.board.alike(p.Group, alikeShown)
		p.Others = c.board.others(all, p)
		return nil
	})
	if errors.Is(err, errPlacing) {
		return c.showPlacing(q)
	}
	if err != nil {
		return err
	}
	if len(p.Reviews) == 0 {
		return bot.Errorf(bot.NotFound, "Pertanyaan ini tidak ada lagi. Teksnya dihapus sesudah 30 hari atau atas permintaan penanya.")
	}
	slices.SortStableFunc(p.Reviews, func(a, b bot.Review) int { return openFirst(a) - openFirst(b) })
	p.Reviews = p.Reviews[:min(len(p.Reviews), reviewsShown)]
	if p.Linked, err = c.desk.Links(q.Context()); err != nil {
		return err
	}
	p.Page = c.page(q, "Kelompok pertanyaan", "pertanyaan")
	for _, id := range k.Edition.IDs() {
		if e := k.Edition.Entry(id); !e.Guard || id == "di-luar-topik" {
			p.Entries = append(p.Entries, e)
		}
	}
	for _, v := range faq.Varieties() {
		p.Varieted = append(p.Varieted, v.Name)
	}
	return c.show(q, http.StatusOK, "kelompok", p)
}

// openFirst puts what is still to be decided on before what is not.
func openFirst(r bot.Review) int {
	if r.Status == bot.ReviewNew || r.Status == bot.ReviewWork {
		return 0
	}
	return 1
}

// sortingForm is the page on which questions were ticked.
func (c *Console) sortingForm(q *request) error {
	if id := q.text("kelompok"); id != "" {
		q.SetPathValue("id", id)
		return c.question(q)
	}
	return c.questions(q)
}

// sortQuestions sets the status of questions.
func (c *Console) sortQuestions(q *request) error {
	change := bot.ReviewChange{Queries: q.numbers("soal"), Status: bot.ReviewStatus(q.text("status")), Reason: q.text("alasan"), By: q.me.Login, At: q.now}
	if len(change.Queries) == 0 {
		return bot.Errorf(bot.Invalid, "Pilih dahulu pertanyaannya.")
	}
	if change.Status != bot.ReviewDismissed {
		change.Reason = ""
	} else if !slices.Contains(bot.DismissReasons(), change.Reason) {
		field := "m-alasan" // of the list
		if q.text("kelompok") != "" {
			field = "alasan"
		}
		return wrong(bot.Invalid, field, "Pilih alasan menyisihkan pertanyaan.")
	}
	id, err := c.desk.ChangeReviews(q.Context(), change)
	if err != nil {
		return err
	}
	detail := thousands(len(change.Queries)) + " menjadi " + statusName(change.Status)
	if err := c.desk.Log(q.Context(), q.line("ubah-pertanyaan", strconv.FormatInt(id, 10), detail)); err != nil {
		return err
	}
	return q.next("/pertanyaan", "status", "urung", strconv.FormatInt(id, 10))
}

// undoQuestions takes a change back. Where it attached questions to an answer, they are no phrasings of it any more.
func (c *Console) undoQuestions(q *request) error {
	id, _ := strconv.ParseInt(q.text("perubahan"), 10, 64)
	before, err := c.desk.Links(q.Context())
	if err != nil {
		return err
	}
	if _, err := c.desk.UndoReviews(q.Context(), id, q.now); err != nil {
		return err
	}
	after, err := c.desk.Links(q.Context())
	if err != nil {
		return err
	}
	gone := map[string][]int64{}
	for query, entry := range before {
		if after[query] == "" {
			gone[entry] = append(gone[entry], query)
		}
	}
	for _, entry := range slices.Sorted(maps.Keys(gone)) {
		if err := c.detach(q, entry, gone[entry]); err != nil {
			return err
		}
	}
	if err := c.desk.Log(q.Context(), q.line("urung", strconv.FormatInt(id, 10), "")); err != nil {
		return err
	}
	return q.next("/pertanyaan", "urung")
}

// regroup splits questions off into a group of their own, takes others into the group that is looked at, or merges them
// into another.
func (c *Console) regroup(q *request) error {
	ids := q.numbers("soal")
	if len(ids) == 0 {
		return bot.Errorf(bot.Invalid, "Pilih dahulu pertanyaannya.")
	}
	slices.Sort(ids)
	leader := int64(0)
	for action, field := range map[string]string{"gabung": "ke", "satukan": "kelompok"} {
		if into := q.numbers(field); q.text("tindakan") == action && len(into) == 1 {
			leader = into[0]
		}
	}
	err := c.board.open(q.Context(), c.deps.Knowledge(), func() error {
		if leader == 0 {
			ids, leader = c.board.apart(ids)
		}
		return nil
	})
	switch {
	case errors.Is(err, errPlacing):
		return bot.Errorf(bot.Throttled, "Pertanyaan sedang dikelompokkan. Coba lagi sebentar.")
	case err != nil:
		return err
	case leader == 0:
		return bot.Errorf(bot.Conflict, "Yang dicentang sudah menjadi satu kelompok.")
	}
	if err := c.desk.MoveReviews(q.Context(), ids, leader, q.line("kelompok", strconv.FormatInt(leader, 10), thousands(len(ids))+" pertanyaan")); err != nil {
		return err
	}
	return q.next("/pertanyaan/"+strconv.FormatInt(leader, 10), "gabung")
}

// sample draws answered questions by chance: silent errors reach no list of failures.
func (c *Console) sample(q *request) error {
	if _, err := c.desk.SampleAnswers(q.Context(), q.now.Add(-7*24*time.Hour), 20); err != nil {
		return err
	}
	return q.next("/pertanyaan", "contoh", "bendera", string(bot.FlagSampled))
}

// attach makes questions into phrasings of an entry in the next edition.
func (c *Console) attach(q *request) error {
	ids, entry, variety := q.numbers("soal"), q.text("jawaban"), q.text("ragam")
	switch {
	case len(ids) == 0:
		return bot.Errorf(bot.Invalid, "Pilih dahulu pertanyaannya.")
	case entry == "":
		return wrong(bot.Invalid, "jawaban", "Pilih jawabannya.")
	}
	reviews, err := c.desk.ReviewsOf(q.Context(), ids)
	if err != nil {
		return err
	}
	d, err := c.draft.load(q.Context(), c.deps.Knowledge())
	if err != nil {
		return err
	}
	e := d.entry(entry)
	if e == nil {
		return wrong(bot.Invalid, "jawaban", "Jawaban ini tidak ada.")
	}
	added := 0
	for _, r := range reviews {
		if addPhrasing(e, r.Query, variety) {
			added++
		}
	}
	detail := thousands(added) + " contoh baru dari " + thousands(len(ids)) + " pertanyaan"
	if added > 0 {
		if err := c.draft.save(q.Context(), d, map[string]string{e.File: faq.WriteEntry(e)}, q.me.Login, q.line("tulis", entry, detail)); err != nil {
			return err
		}
	}
	change, err := c.desk.ChangeReviews(q.Context(), bot.ReviewChange{Queries: ids, Status: bot.ReviewWork, Reason: bot.ReasonAttached, By: q.me.Login, At: q.now})
	if err != nil {
		return err
	}
	if err := c.desk.LinkQueries(q.Context(), ids, entry, q.me.Login, q.line("kaitkan", entry, detail)); err != nil {
		return err
	}
	return q.next("/pertanyaan", "kaitkan", "urung", strconv.FormatInt(change, 10))
}

// addPhrasing adds the words of a question to an entry, without the marks of what was redacted. It reports whether
// they are new there.
func addPhrasing(e *faq.Entry, q bot.Query, variety string) bool {
	s := plainQuestion(q.Text)
	if s == "" {
		return false
	}
	if variety == "" {
		variety = map[faq.Lang]string{faq.Javanese: "ngoko", faq.English: "en"}[q.Lang]
	}
	if variety == "" {
		variety = "chat"
	}
	norm := text.Normalize(s)
	if slices.ContainsFunc(e.Phrasings, func(p faq.Phrasing) bool { return text.Normalize(p.Text) == norm }) {
		return false
	}
	for _, v := range faq.Varieties() {
		if v.Name == variety {
			e.Phrasings = append(e.Phrasings, faq.Phrasing{Text: s, Lang: v.Lang, Variety: v.Name})
			return true
		}
	}
	return false
}

// detach takes the words of questions out of an entry of the draft, except those that are published. A file that is as it
// is published then leaves the draft.
func (c *Console) detach(q *request, entry string, ids []int64) error {
	reviews, err := c.desk.ReviewsOf(q.Context(), ids)
	if err != nil {
		return err
	}
	k := c.deps.Knowledge()
	d, err := c.draft.load(q.Context(), k)
	if err != nil {
		return err
	}
	e, published := d.entry(entry), k.Edition.Entry(entry)
	if e == nil || d.version(e.File) == 0 {
		return nil
	}
	words := map[string]bool{}
	for _, r := range reviews {
		words[plainQuestion(r.Query.Text)] = true
	}
	if published != nil {
		for _, p := range published.Phrasings {
			delete(words, p.Text)
		}
	}
	e.Phrasings = slices.DeleteFunc(e.Phrasings, func(p faq.Phrasing) bool { return words[p.Text] })
	line := q.line("urung", entry, thousands(len(ids))+" pertanyaan dilepas")
	if published != nil && faq.WriteEntry(e) == faq.WriteEntry(published) {
		return c.desk.DropDraft(q.Context(), []string{e.File}, line)
	}
	return c.draft.save(q.Context(), d, map[string]string{e.File: faq.WriteEntry(e)}, q.me.Login, line)
}

// plainQuestion drops the marks in brackets that redaction leaves, and braces, which mean facts.
func plainQuestion(s string) string {
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch {
		case r == '[':
			depth++
		case r == ']' && depth > 0:
			depth--
		case r == '{' || r == '}':
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return clip(strings.Join(strings.Fields(b.String()), " "), 200)
}

// confirmAnswer says that a sampled answer is right: it becomes a gold question that later editions must keep right.
func (c *Console) confirmAnswer(q *request) error {
	reviews, err := c.desk.ReviewsOf(q.Context(), q.numbers("soal"))
	if err != nil {
		return err
	}
	d, err := c.draft.load(q.Context(), c.deps.Knowledge())
	if err != nil {
		return err
	}
	gold := d.files[faq.GoldFile]
	var ids []int64
	for _, r := range reviews {
		if s := plainQuestion(r.Query.Text); s != "" && r.Query.Entry != "" && !strings.Contains(gold, s+"\t") {
			gold = strings.TrimRight(gold, "\n") + "\n" + s + "\t" + r.Query.Entry + "\t" + string(r.Query.Lang) + "\n"
		}
		ids = append(ids, r.Query.ID)
	}
	if len(ids) == 0 {
		return bot.Errorf(bot.Invalid, "Pilih dahulu pertanyaannya.")
	}
	gold = strings.TrimLeft(gold, "\n")
	if err := c.draft.save(q.Context(), d, map[string]string{faq.GoldFile: gold}, q.me.Login, q.line("uji", "", thousands(len(ids)))); err != nil {
		return err
	}
	id, err := c.desk.ChangeReviews(q.Context(), bot.ReviewChange{Queries: ids, Status: bot.ReviewDismissed, Reason: "sudah-benar", By: q.me.Login, At: q.now})
	if err != nil {
		return err
	}
	return q.next("/pertanyaan", "benar", "urung", strconv.FormatInt(id, 10))
}
