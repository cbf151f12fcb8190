package console

import (
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"tanya/bot"
	"tanya/faq"
)

type editPage struct {
	Page
	Form      entryForm
	New       bool
	Action    string
	Problems  []faq.Problem // of the whole entry
	Elsewhere []string      // what the change causes in other answers and facts
	Facts     []factLine
	Preview   preview
	Asked     []bot.Review // the questions that led here
	Topics    []string
}

// factLine is a fact that a text may name.
type factLine struct {
	ID    string
	Value template.HTML
}

// preview is an answer as people would read it.
type preview struct {
	Date, Segment, Channel string
	Segments               []faq.Segment
	Shown                  []sample
	Buttons                []string // what is offered below
	Source                 string
}

// editForm shows an entry to write on.
func (c *Console) editForm(q *request) error {
	d, err := c.draft.load(q.Context(), c.deps.Knowledge())
	if err != nil {
		return err
	}
	e := d.entry(q.PathValue("nama"))
	if e == nil {
		return bot.Errorf(bot.NotFound, "Jawaban ini tidak ada.")
	}
	return c.showEdit(q, http.StatusOK, d, e, false, nil)
}

// newForm shows an empty entry, with the words of the questions that led here.
func (c *Console) newForm(q *request) error {
	d, err := c.draft.load(q.Context(), c.deps.Knowledge())
	if err != nil {
		return err
	}
	e := blankEntry(d.edition)
	q.Form = q.URL.Query()
	if ids := q.numbers("soal"); len(ids) > 0 {
		reviews, err := c.desk.ReviewsOf(q.Context(), ids)
		if err != nil {
			return err
		}
		for _, r := range reviews {
			addPhrasing(e, r.Query, "")
		}
	}
	return c.showEdit(q, http.StatusOK, d, e, true, nil)
}

func blankEntry(ed *faq.Edition) *faq.Entry {
	return &faq.Entry{
		Phases: []faq.Phase{{ID: faq.Always}}, Answer: map[string]faq.Texts{faq.Always: {}}, Title: faq.Words{}, Question: faq.Words{},
		Topic: "kpu", Segments: map[faq.Segment]map[string]faq.Texts{},
	}
}

// showEdit renders the form with what is wrong with it and how people would read it.
func (c *Console) showEdit(q *request, status int, d *draft, e *faq.Entry, fresh bool, err error) error {
	if err != nil {
		q.notes = notesOf(err)
	}
	title, action := "Ubah: "+e.Title.In(faq.Indonesian), root+"/jawaban/"+e.ID+"/ubah"
	if fresh {
		title, action = "Jawaban baru", root+"/jawaban-baru"
	}
	p := editPage{Page: c.page(q, title, "jawaban"), Form: formOf(e), New: fresh, Action: action, Topics: d.edition.Topics()}
	p.Form.Version = strconv.FormatInt(d.version(e.File), 10)
	for _, id := range d.edition.Facts() {
		f := d.edition.Fact(id)
		p.Facts = append(p.Facts, factLine{id, factShown(f)})
	}
	if ids := q.numbers("soal"); len(ids) > 0 {
		var err error
		if p.Asked, err = c.desk.ReviewsOf(q.Context(), ids[:min(len(ids), 50)]); err != nil {
			return err
		}
	}
	if !fresh || q.Method == http.MethodPost {
		c.judge(q, d, e, &p)
	} else {
		p.Preview = preview{Date: faq.DateOf(q.now, c.cfg.Zone).String(), Segments: faq.AllSegments()}
	}
	return c.show(q, status, "ubah", p)
}

// judge lints the entry as it would stand in the next edition and renders it.
func (c *Console) judge(q *request, d *draft, e *faq.Entry, p *editPage) {
	text := faq.WriteEntry(e)
	n := d.with(map[string]string{e.File: text})
	p.Preview = c.preview(q, n.edition, e.ID)
	before := map[faq.Problem]bool{}
	for _, x := range d.lint() {
		x.Line = 0
		before[x] = true
	}
	all := n.lint()
	p.Problems = p.Form.blame(e.File, text, all)
	for _, x := range all {
		y := x
		y.Line = 0
		if x.File != e.File && !before[y] && len(p.Elsewhere) < 10 {
			p.Elsewhere = append(p.Elsewhere, bot.Plainly(n.edition, x))
		}
	}
}

// preview renders an entry for the day, the people and the channel that the form asks for.
func (c *Console) preview(q *request, ed *faq.Edition, id string) preview {
	p := preview{Date: q.FormValue("hari"), Segment: q.FormValue("segmen"), Channel: q.FormValue("saluran"), Segments: faq.AllSegments()}
	at := q.now
	if d, err := faq.ParseDate(p.Date); err == nil {
		at = d.Start(c.cfg.Zone).Add(9 * 60 * 60 * 1e9)
	} else {
		p.Date = faq.DateOf(q.now, c.cfg.Zone).String()
	}
	p.Shown = c.samples(ed, id, faq.View{At: at, Segment: faq.Segment(p.Segment)})
	if e := ed.Entry(id); e != nil {
		for _, rel := range e.Related {
			if o := ed.Entry(rel); o != nil {
				p.Buttons = append(p.Buttons, o.Title.In(faq.Indonesian))
			}
		}
		if len(e.Sources) > 0 {
			p.Source = e.Sources[0].Title
		}
	}
	return p
}

// previewPart renders the preview alone, for the script that shows it while somebody types. What cannot be read yet, such
// as a name that is half written, is said when the form is saved.
func (c *Console) previewPart(q *request) error {
	d, err := c.draft.load(q.Context(), c.deps.Knowledge())
	if err != nil {
		return err
	}
	e, err := c.typed(q, d)
	if e == nil {
		return err
	}
	p := editPage{Page: c.page(q, "", "")} // without the form: what belongs to a field stands here too
	c.judge(q, d, e, &p)
	return c.part(q, "ubah", "pratinjau", p)
}

// typed reads the entry that a form holds, new or not.
func (c *Console) typed(q *request, d *draft) (*faq.Entry, error) {
	id := q.PathValue("nama")
	e := d.entry(id)
	if id == "" {
		e = blankEntry(d.edition)
		e.ID, e.Topic = strings.ToLower(q.text("id")), q.text("topik")
		if !slices.Contains(d.edition.Topics(), e.Topic) {
			e.Topic, e.File = "kpu", "entries/kpu/baru.yaml"
			return e, join(wrong(bot.Invalid, "topik", "Pilih topik."), readEntry(q, e))
		}
		e.File = "entries/" + e.Topic + "/" + e.ID + ".yaml"
		if !bot.GoodID(e.ID) {
			e.ID, e.File = "baru", "entries/"+e.Topic+"/baru.yaml"
			return e, join(wrong(bot.Invalid, "id", "Nama pendek terdiri dari huruf kecil, angka, dan tanda hubung, misalnya jam-buka-kantor."), readEntry(q, e))
		}
	}
	if e == nil {
		return nil, bot.Errorf(bot.NotFound, "Jawaban ini tidak ada.")
	}
	return e, readEntry(q, e)
}

// errOvertaken says that a colleague was quicker.
var errOvertaken = bot.Errorf(bot.Conflict, "Rekan Anda mengubah jawaban ini sementara Anda menulis. Buka jawabannya di jendela lain, gabungkan, lalu simpan lagi.")

// saveEntry saves an entry to the next edition, or shows how it would be read.
func (c *Console) saveEntry(q *request) error {
	d, err := c.draft.load(q.Context(), c.deps.Knowledge())
	if err != nil {
		return err
	}
	fresh := q.PathValue("nama") == ""
	e, err := c.typed(q, d)
	if e == nil {
		return err
	}
	if err != nil {
		return c.showEdit(q, http.StatusUnprocessableEntity, d, e, fresh, err)
	}
	if fresh && d.edition.Entry(e.ID) != nil {
		return c.showEdit(q, http.StatusConflict, d, e, fresh, wrong(bot.Conflict, "id", "Nama pendek ini sudah dipakai jawaban lain."))
	}
	if q.text("lihat") != "" {
		return c.showEdit(q, http.StatusOK, d, e, fresh, nil)
	}
	if v := q.text("versi"); v != strconv.FormatInt(d.version(e.File), 10) {
		return c.showEdit(q, http.StatusConflict, d, e, fresh, errOvertaken)
	}
	err = c.draft.save(q.Context(), d, map[string]string{e.File: faq.WriteEntry(e)}, q.me.Login, q.line("tulis", e.ID, ""))
	if bot.ClassOf(err) == bot.Conflict {
		return c.showEdit(q, http.StatusConflict, d, e, fresh, errOvertaken)
	}
	if err != nil {
		return err
	}
	if ids := q.numbers("soal"); len(ids) > 0 {
		if err := c.desk.LinkQueries(q.Context(), ids, e.ID, q.me.Login, q.line("kaitkan", e.ID, thousands(len(ids))+" pertanyaan")); err != nil {
			return err
		}
	}
	return q.next("/jawaban/"+e.ID, "simpan")
}

// dropChanges throws changes of the draft away.
func (c *Console) dropChanges(q *request) error {
	paths := q.Form["berkas"]
	if len(paths) == 0 {
		return bot.Errorf(bot.Invalid, "Pilih berkas yang perubahannya dibuang.")
	}
	if err := c.desk.DropDraft(q.Context(), paths, q.line("buang", "", clip(strings.Join(paths, ", "), 300))); err != nil {
		return err
	}
	return q.next("/terbit", "buang")
}
