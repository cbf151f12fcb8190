package export

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"strings"

	"tanya/faq"
)

//go:embed templates
var templates embed.FS

// sitePage is what the templates see.
type sitePage struct {
	Words Words
	Lang  faq.Lang
	Langs []faq.Lang
	Names map[faq.Lang]string // the languages' own names
	Same  string              // this page's file, which has the same name in every language
	Up    string              // path to the root
	Title string
	AsOf  string
	Ask   string // address where people ask
	Lead  string // in front of it

	Topics []siteTopic // of the front page, or the one of a topic page
	Item   *siteItem   // of an answer's page
	Data   any         // what search engines read
}

type siteTopic struct {
	ID, Name string
	Items    []siteItem
}

// siteItem is an answer as a page shows it.
type siteItem struct {
	ID, Title, Question string
	Blocks, Easy        []block
	Sources             []faq.Source
	Checked, Until      string
	Related             []siteItem
	Pictures            []sitePicture
}

type sitePicture struct{ File, Alt string }

// Site writes a static site: a front page, a page per topic and a page per answer, in every language. It needs no
// server, no JavaScript and no other site, and works from a folder, a memory stick or a village's web space.
func Site(ed *faq.Edition, o Options) ([]File, []Skipped, error) {
	if err := o.check(ed); err != nil {
		return nil, nil, err
	}
	t, err := template.New("").Funcs(template.FuncMap{"linked": linked}).ParseFS(templates, "templates/*.html")
	if err != nil {
		return nil, nil, fmt.Errorf("read the templates: %w", err)
	}
	css, err := templates.ReadFile("templates/gaya.css")
	if err != nil {
		return nil, nil, fmt.Errorf("read the style: %w", err)
	}
	w := siteWriter{ed: ed, o: o, t: t, files: []File{{"gaya.css", css}}, drawn: map[string]string{}}
	for _, l := range o.langs() {
		if err := w.language(l); err != nil {
			return nil, nil, err
		}
	}
	first := w.page(o.langs()[0], "", "")
	first.Up = ""
	if err := w.write("index.html", "pilih.html", first); err != nil {
		return nil, nil, err
	}
	return w.files, w.skipped, nil
}

// siteWriter gathers the pages.
type siteWriter struct {
	ed      *faq.Edition
	o       Options
	t       *template.Template
	files   []File
	skipped []Skipped
	drawn   map[string]string // pictures already written, with their words
}

func (w *siteWriter) page(l faq.Lang, same, title string) sitePage {
	p := sitePage{
		Words: w.o.Words[l], Lang: l, Langs: w.o.langs(), Names: map[faq.Lang]string{}, Same: same, Up: "../", Title: title,
		AsOf: fmt.Sprintf(w.o.Words[l].AsOf, faq.ShortDay(faq.DateOf(w.o.At, w.ed.Zone), l)),
	}
	p.Lead, p.Ask = w.o.address(l)
	for _, other := range p.Langs {
		p.Names[other] = w.o.Words[other].Language
	}
	return p
}

func (w *siteWriter) write(name, tmpl string, p sitePage) error {
	var b bytes.Buffer
	if err := w.t.ExecuteTemplate(&b, tmpl, p); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	w.files = append(w.files, File{name, b.Bytes()})
	return nil
}

// language writes all pages of one language.
func (w *siteWriter) language(l faq.Lang) error {
	words := w.o.Words[l]
	dir := string(l) + "/"
	var topics []siteTopic
	all := map[string]item{}
	for _, id := range w.o.topics(w.ed) {
		items, skipped := w.o.items(w.ed, id, l)
		w.skipped = append(w.skipped, skipped...)
		t := siteTopic{ID: id, Name: words.Topics[id]}
		for _, it := range items {
			all[it.Entry.ID] = it
			t.Items = append(t.Items, siteItem{ID: it.Entry.ID, Title: it.Title, Question: it.Question})
		}
		topics = append(topics, t)
	}
	front := w.page(l, "index.html", words.Title)
	front.Topics = topics
	if err := w.write(dir+"index.html", "depan.html", front); err != nil {
		return err
	}
	for _, t := range topics {
		p := w.page(l, "topik-"+t.ID+".html", t.Name)
		p.Topics = []siteTopic{t}
		if err := w.write(dir+p.Same, "topik.html", p); err != nil {
			return err
		}
		for _, s := range t.Items {
			if err := w.answer(l, t, all[s.ID], all); err != nil {
				return err
			}
		}
	}
	return nil
}

// answer writes the page of one answer.
func (w *siteWriter) answer(l faq.Lang, t siteTopic, it item, all map[string]item) error {
	s := siteItem{
		ID: it.Entry.ID, Title: it.Title, Question: it.Question, Blocks: blocks(it.Answer.Text), Sources: it.Answer.Sources,
	}
	if it.Easy != "" {
		s.Easy = blocks(it.Easy)
	}
	if w.o.checked(it) {
		s.Checked = fmt.Sprintf(w.o.Words[l].Checked, faq.ShortDay(it.Answer.Checked, l))
	}
	if !it.Answer.Expires.IsZero() {
		s.Until = fmt.Sprintf(w.o.Words[l].Until, lastDay(it.Answer.Expires, w.ed.Zone, l))
	}
	for _, id := range it.Entry.Related {
		if r, ok := all[id]; ok {
			s.Related = append(s.Related, siteItem{ID: id, Question: r.Question})
		}
	}
	for _, m := range it.Entry.Media {
		if err := w.picture(l, m, &s); err != nil {
			return err
		}
	}
	p := w.page(l, it.Entry.ID+".html", it.Question)
	p.Topics, p.Item, p.Data = []siteTopic{t}, &s, w.o.faqPage(w.ed, l, []item{it})
	return w.write(string(l)+"/"+p.Same, "jawaban.html", p)
}

// picture writes a picture once and adds it to the answer.
func (w *siteWriter) picture(l faq.Lang, m faq.Attachment, s *siteItem) error {
	if m.Kind != "picture" || w.o.Draw == nil {
		return nil
	}
	file := "gambar/" + m.Name + "-" + string(l) + ".svg"
	if _, ok := w.drawn[file]; !ok {
		_, svg, alt, err := w.o.Draw(w.ed, m.Name, l, w.o.At)
		var expired *faq.ExpiredError
		if errors.As(err, &expired) {
			return nil // not known yet: the answer stands without it
		}
		if err != nil {
			return err
		}
		w.files = append(w.files, File{file, svg})
		w.drawn[file] = alt
	}
	s.Pictures = append(s.Pictures, sitePicture{"../" + file, w.drawn[file]})
	return nil
}

// part is a stretch of a line, with an address when it is a link.
type part struct{ Text, URL string }

// linked cuts a line at the addresses in it. What stands behind an address (a full stop, a bracket) is no part of it.
func linked(line string) []part {
	var out []part
	for {
		i := strings.Index(line, "https://")
		if i < 0 {
			break
		}
		end := i + len(strings.TrimRight(strings.Fields(line[i:])[0], ".,;:!?)"))
		if u, err := url.Parse(line[i:end]); err != nil || u.Host == "" {
			break
		}
		out = append(out, part{Text: line[:i]}, part{line[i:end], line[i:end]})
		line = line[end:]
	}
	return append(out, part{Text: line})
}
