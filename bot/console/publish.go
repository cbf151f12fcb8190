package console

import (
	"context"
	"crypto/ed25519"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"tanya/bot"
	"tanya/faq"
	"tanya/faq/eval"
)

type publishPage struct {
	Page
	Changed   []changedFile
	Problems  []string // errors; advice is for the editor
	Proposals []bot.Proposal
	Releases  []bot.Release
	Current   int64
	Edit      bool
	Signing   bool
}

// changedFile is a file of the draft with what it is called at the desk.
type changedFile struct {
	bot.DraftFile
	Title string
}

// publishing shows the next edition, the proposals on their way, and the editions there were.
func (c *Console) publishing(q *request) error {
	k := c.deps.Knowledge()
	d, err := c.draft.load(q.Context(), k)
	if err != nil {
		return err
	}
	p := publishPage{Page: c.page(q, "Terbitkan", "terbit"), Current: k.Edition.Number, Edit: q.me.Rights().Covers(bot.Editor), Signing: c.deps.Key != nil}
	for _, f := range d.changed {
		p.Changed = append(p.Changed, changedFile{f, fileTitle(d.edition, f.Path)})
	}
	if len(d.changed) > 0 {
		for _, x := range d.lint() {
			if !x.Advice && len(p.Problems) < 20 {
				p.Problems = append(p.Problems, bot.Plainly(d.edition, x))
			}
		}
	}
	if p.Proposals, err = c.desk.Proposals(q.Context(), 20); err != nil {
		return err
	}
	if p.Releases, err = c.desk.Releases(q.Context()); err != nil {
		return err
	}
	return c.show(q, http.StatusOK, "terbit", p)
}

// propose freezes the next edition and hands it to the gate.
func (c *Console) propose(q *request) error {
	d, err := c.draft.load(q.Context(), c.deps.Knowledge())
	if err != nil {
		return err
	}
	switch {
	case len(d.changed) == 0:
		return bot.Errorf(bot.Invalid, "Belum ada perubahan di konsep.")
	case q.text("catatan") == "":
		return wrong(bot.Invalid, "catatan", "Tulis apa yang berubah, supaya rekan tahu.")
	}
	authors := []string{q.me.Login}
	for _, f := range d.changed {
		authors = append(authors, f.Authors...)
	}
	content, err := d.files.Pack()
	if err != nil {
		return err
	}
	return c.offer(q, bot.Proposal{Authors: authors, Note: clip(q.text("catatan"), 300), Content: content})
}

// bringBack proposes an older edition again. It goes through the same gate as everything else.
func (c *Console) bringBack(q *request) error {
	r, err := c.desk.Release(q.Context(), q.number("nomor"))
	if err != nil {
		return err
	}
	if c.deps.Key != nil {
		if _, err := bot.OpenRelease(c.deps.Key.Public().(ed25519.PublicKey), r); err != nil {
			return err
		}
	}
	return c.offer(q, bot.Proposal{Authors: []string{q.me.Login}, Note: "Kembali ke edisi " + strconv.FormatInt(r.Number, 10), Content: r.Content, Restores: r.Number})
}

func (c *Console) offer(q *request, p bot.Proposal) error {
	releases, err := c.desk.Releases(q.Context())
	if err != nil {
		return err
	}
	if len(releases) > 0 {
		p.Base = releases[0].Number
	}
	slices.Sort(p.Authors)
	p.Authors, p.State, p.At = slices.Compact(p.Authors), bot.Checking, q.now
	id, err := c.desk.SaveProposal(q.Context(), p, q.line("usul", "", p.Note))
	if err != nil {
		return err
	}
	return q.next("/usulan/"+strconv.FormatInt(id, 10), "usul")
}

type proposalPage struct {
	Page
	P        bot.Proposal
	Days     []dayChange
	Blocks   []bot.Finding
	Warnings []bot.Finding
	May      bool   // I may release it
	Why      string // why not
	Proof    bool   // password and code are asked for
	Cancel   bool
	Left     string
	Refresh  bool

	Gained, Changed, Silenced []bot.Outcomes // of the replay, with answers by their titles
}

// dayChange is a date that changes, with how far it is.
type dayChange struct {
	bot.DayChange
	Days int
}

// proposal shows what the gate found and who must do what.
func (c *Console) proposal(q *request) error {
	p, err := c.desk.Proposal(q.Context(), q.number("id"))
	if err != nil {
		return err
	}
	out := proposalPage{
		Page: c.page(q, "Usulan "+strconv.FormatInt(p.ID, 10), "terbit"), P: p, Proof: p.Report.SecondPerson(),
		Cancel: bot.MayCancel(p, q.me) == nil, Refresh: p.State == bot.Checking || p.State == bot.Waiting,
	}
	today := faq.DateOf(q.now, c.cfg.Zone)
	for _, d := range p.Report.Days {
		out.Days = append(out.Days, dayChange{d, d.After.Sub(today)})
	}
	for _, f := range p.Report.Findings {
		if f.Severity == bot.Block {
			out.Blocks = append(out.Blocks, f)
		} else {
			out.Warnings = append(out.Warnings, f)
		}
	}
	out.Gained, out.Changed, out.Silenced = c.titled(p.Report, p.Report.Replay.Gained), c.titled(p.Report, p.Report.Replay.Changed), c.titled(p.Report, p.Report.Replay.Silenced)
	if p.State == bot.Proposed {
		err := bot.MayRelease(p, q.me, strings.Repeat("x", 99))
		out.May = err == nil
		if err != nil {
			out.Why = sentence(err)
		}
	}
	if p.State == bot.Waiting {
		out.Left = waitWords(max(p.Due.Sub(q.now), 0))
	}
	return c.show(q, http.StatusOK, "usulan", out)
}

// titled names the answers of a replay as staff know them, also those that are new.
func (c *Console) titled(r bot.Report, all []bot.Outcomes) []bot.Outcomes {
	fresh := map[string]string{"": "tidak terjawab", "pilihan": "diberi pilihan"}
	for _, e := range r.Entries {
		fresh[e.Entry] = e.Title
	}
	name := func(id string) string {
		if s := fresh[id]; s != "" {
			return s
		}
		return c.entryTitle(id)
	}
	out := make([]bot.Outcomes, len(all))
	for i, o := range all {
		out[i] = bot.Outcomes{Text: o.Text, Before: name(o.Before), After: name(o.After)}
	}
	return out
}

// release approves a proposal. Where a second person is needed they prove who they are once more.
func (c *Console) release(q *request) error {
	p, err := c.desk.Proposal(q.Context(), q.number("id"))
	if err != nil {
		return err
	}
	reason := clip(q.text("alasan"), 500)
	if err := bot.MayRelease(p, q.me, reason); err != nil {
		if bot.MayRelease(p, q.me, strings.Repeat("x", 99)) == nil { // only the reason is missing
			return at("alasan", err)
		}
		return err
	}
	if p.Report.SecondPerson() {
		if err := c.again(q); err != nil {
			return err
		}
	}
	line := q.line("setuju", strconv.FormatInt(p.ID, 10), "")
	if p.Report.Blocked() {
		line.Action, line.Detail, p.Reason = "lewati", reason, reason
	}
	p.State, p.Approver, p.Due = bot.Waiting, q.me.Login, q.now.Add(c.cfg.Delay)
	if _, err := c.desk.SaveProposal(q.Context(), p, line); err != nil {
		return err
	}
	return q.next("/usulan/"+strconv.FormatInt(p.ID, 10), "setuju")
}

// cancel stops a proposal before it is live.
func (c *Console) cancel(q *request) error {
	p, err := c.desk.Proposal(q.Context(), q.number("id"))
	if err != nil {
		return err
	}
	if err := bot.MayCancel(p, q.me); err != nil {
		return err
	}
	p.State, p.Reason = bot.Cancelled, clip(q.text("alasan"), 300)
	if _, err := c.desk.SaveProposal(q.Context(), p, q.line("batal", strconv.FormatInt(p.ID, 10), p.Reason)); err != nil {
		return err
	}
	return q.next("/usulan/"+strconv.FormatInt(p.ID, 10), "batal")
}

// work measures what was proposed and publishes what is due.
func (c *Console) work(ctx context.Context) error {
	todo, err := c.desk.Proposals(ctx, 10, bot.Checking, bot.Waiting)
	if err != nil {
		return err
	}
	for _, p := range slices.Backward(todo) {
		switch {
		case p.State == bot.Checking:
			err = c.check(ctx, p)
		case !c.now().Before(p.Due) && c.deps.Key != nil:
			err = c.goLive(ctx, p)
		}
		if err != nil && bot.ClassOf(err) != bot.Conflict { // a conflict: another process did it
			return err
		}
	}
	return nil
}

// replayMax bounds how many past questions are asked again.
const replayMax = 20000

// check runs the gate over a proposal.
func (c *Console) check(ctx context.Context, p bot.Proposal) error {
	k := c.deps.Knowledge()
	if k.Edition.Number != p.Base { // another process published; what is compared must be what people read
		if err := c.reload(ctx); err != nil {
			return err
		}
		k = c.deps.Knowledge()
	}
	files, err := faq.Unpack(p.Content)
	if err != nil {
		return err
	}
	g := bot.Gate{Before: k.Edition, Old: k.Matcher, Now: c.now()}
	g.After, g.Problems = faq.Read(files)
	g.Problems = append(g.Problems, g.After.Lint()...)
	g.New = g.Old
	if !slices.ContainsFunc(g.Problems, func(x faq.Problem) bool { return !x.Advice }) {
		if g.Gold, err = eval.ReadQuestions(strings.NewReader(files[faq.GoldFile])); err != nil {
			g.Problems = append(g.Problems, faq.Problem{File: faq.GoldFile, Rule: "uji", Message: "Berkas pertanyaan uji tidak terbaca."})
		}
		if g.New, err = c.deps.Train(ctx, g.After); err != nil {
			return err
		}
		if g.Recent, err = c.desk.Recent(ctx, c.now().Add(-bot.TextLife), replayMax); err != nil {
			return err
		}
	}
	if p.Report, err = g.Check(ctx); err != nil {
		return err
	}
	if k.Edition.Number != p.Base { // the newest edition does not hold; nobody replaces it alone
		p.Report.Critical = true
	}
	p.State = bot.Proposed
	detail := "lolos"
	if p.Report.Blocked() {
		detail = "ditahan"
	}
	_, err = c.desk.SaveProposal(ctx, p, bot.Audit{At: c.now(), Actor: "sistem", Action: "periksa", Object: strconv.FormatInt(p.ID, 10), Detail: detail})
	return err
}

// goLive publishes a proposal whose time has come and tells those who waited for it.
func (c *Console) goLive(ctx context.Context, p bot.Proposal) error {
	now := c.now()
	r := bot.SignRelease(c.deps.Key, p.Base+1, p.Content)
	r.Published, r.Note, r.Author = now, p.Note, strings.Join(p.Authors, ", ")
	id := strconv.FormatInt(p.ID, 10)
	live := p
	live.State, live.Edition = bot.Published, r.Number
	err := c.desk.Publish(ctx, live, r, bot.Audit{At: now, Actor: "sistem", Action: "terbit", Object: strconv.FormatInt(r.Number, 10), Detail: "usulan " + id + ", disetujui " + p.Approver})
	if bot.ClassOf(err) == bot.Conflict {
		p.State, p.Reason = bot.Rejected, sentence(err)
		_, err = c.desk.SaveProposal(ctx, p, bot.Audit{At: now, Actor: "sistem", Action: "gagal-terbit", Object: id, Detail: p.Reason})
		return err
	}
	if err != nil {
		return err
	}
	if err := c.reload(ctx); err != nil {
		return err
	}
	return c.tell(ctx)
}

// reload makes the service answer from the newest edition.
func (c *Console) reload(ctx context.Context) error {
	if c.deps.Reload == nil {
		return nil
	}
	return c.deps.Reload(ctx)
}

// tell answers those who asked to be told, for every question that the published edition answers now, and closes the
// questions.
func (c *Console) tell(ctx context.Context) error {
	links, err := c.desk.Links(ctx)
	if err != nil {
		return err
	}
	k := c.deps.Knowledge()
	told := 0
	var done []int64
	for query, entry := range links {
		if k.Edition.Entry(entry) == nil {
			continue
		}
		waiters, err := c.desk.Waiters(ctx, query)
		if err != nil {
			return err
		}
		before := told
		for _, w := range waiters {
			r, err := c.deps.Dialogue.Told(entry, w.Lang, c.now())
			if err != nil {
				continue // the answer may not be said today; the person stays on the list until it may
			}
			if err := c.desk.Tell(ctx, w.ID, r); err != nil && bot.ClassOf(err) != bot.NotFound {
				return err // NotFound: the time to be told is over, or another process did it
			}
			told++
		}
		if told-before == len(waiters) {
			done = append(done, query)
		}
	}
	if len(done) == 0 {
		return nil
	}
	if err := c.desk.DropLinks(ctx, done, "sistem", c.now()); err != nil {
		return err
	}
	return c.desk.Log(ctx, bot.Audit{At: c.now(), Actor: "sistem", Action: "kabari", Detail: thousands(told) + " orang, " + thousands(len(done)) + " pertanyaan"})
}

type releasePage struct {
	Page
	R        bot.Release
	Valid    bool
	Compared bool // both editions can be read
	Against  int64
	Entries  []bot.EntryChange
	Days     []bot.DayChange
	Edit     bool
	Current  bool
}

// edition shows a published edition and what it changed.
func (c *Console) edition(q *request) error {
	r, err := c.desk.Release(q.Context(), q.number("nomor"))
	if err != nil {
		return err
	}
	k := c.deps.Knowledge()
	p := releasePage{Page: c.page(q, "Edisi "+strconv.FormatInt(r.Number, 10), "terbit"), R: r, Edit: q.me.Rights().Covers(bot.Editor), Current: k.Edition.Number == r.Number}
	files, err := faq.Unpack(r.Content)
	if err != nil {
		return c.show(q, http.StatusOK, "edisi", p)
	}
	if c.deps.Key != nil {
		_, err := bot.OpenRelease(c.deps.Key.Public().(ed25519.PublicKey), r)
		p.Valid = err == nil
	}
	before, err := c.previous(q.Context(), r.Number)
	if bot.ClassOf(err) == bot.Invalid { // it was damaged; this one can be read all the same
		return c.show(q, http.StatusOK, "edisi", p)
	}
	if err != nil {
		return err
	}
	after, _ := faq.Read(files)
	p.Compared, p.Against = true, r.Number-1
	p.Entries, p.Days = bot.Changes(before, after, r.Published)
	return c.show(q, http.StatusOK, "edisi", p)
}

// previous reads the edition before a number; before the first stands the content in the program.
func (c *Console) previous(ctx context.Context, number int64) (*faq.Edition, error) {
	if number <= 1 {
		ed, _ := faq.Read(faq.Content())
		return ed, nil
	}
	r, err := c.desk.Release(ctx, number-1)
	if err != nil {
		return nil, err
	}
	files, err := faq.Unpack(r.Content)
	if err != nil {
		return nil, &bot.Error{Class: bot.Invalid, Message: "Edisi sebelumnya tidak terbaca.", Err: err}
	}
	ed, _ := faq.Read(files)
	return ed, nil
}

// download hands an edition out as one file that `tanya faq import` reads.
func (c *Console) download(q *request) error {
	r, err := c.desk.Release(q.Context(), q.number("nomor"))
	if err != nil {
		return err
	}
	if err := c.desk.Log(q.Context(), q.line("ekspor", "edisi "+strconv.FormatInt(r.Number, 10), "")); err != nil {
		return err
	}
	h := q.w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", `attachment; filename="tanya-edisi-`+strconv.FormatInt(r.Number, 10)+`.json"`)
	_, _ = q.w.Write(r.Content)
	return nil
}
