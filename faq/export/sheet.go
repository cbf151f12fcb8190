package export

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"rsc.io/qr"

	"tanya/faq"
)

// The sheet in millimetres, and its letters in points. It is black on white, so that an office copier keeps it.
const (
	sheetPages  = 2
	paperWide   = 210.0
	paperHigh   = 297.0
	side        = 18.0
	textWide    = paperWide - 2*side
	footTop     = paperHigh - 22
	laterTop    = 30.0 // where the text of a later page begins
	columns     = 2
	gutter      = 9.0
	columnWide  = (textWide - (columns-1)*gutter) / columns
	codeSize    = 27.0 // of the QR code
	titleSize   = 26.0
	nameSize    = 15.5
	askSize     = 14.0
	bodySize    = 12.5
	smallSize   = 9.0
	lineSpacing = 1.3
	ptToMM      = 25.4 / 72
)

// Sheets writes one printable sheet of two A4 pages per topic and language, in large type: the questions of the
// topic's menu first, then as many others as fit whole.
func Sheets(ed *faq.Edition, o Options) ([]File, []Skipped, error) {
	if err := o.check(ed); err != nil {
		return nil, nil, err
	}
	var files []File
	var skipped []Skipped
	for _, l := range o.langs() {
		for _, topic := range o.topics(ed) {
			items, s := o.items(ed, topic, l)
			skipped = append(skipped, s...)
			b, left, err := o.sheet(ed, topic, l, items)
			if err != nil {
				return nil, nil, fmt.Errorf("sheet %s %s: %w", topic, l, err)
			}
			for _, it := range left {
				skipped = append(skipped, Skipped{it.Entry.ID, l, "tidak muat di dua halaman"})
			}
			files = append(files, File{"lembar-" + topic + "-" + string(l) + ".pdf", b})
		}
	}
	return files, skipped, nil
}

// sheet writes one sheet and returns what did not fit.
func (o Options) sheet(ed *faq.Edition, topic string, l faq.Lang, items []item) ([]byte, []item, error) {
	p := newPrinter(o.Words[l].Topics[topic], l, o.At)
	first := p.bodyTop(0, o.Words[l])
	flow := place{y: first, top: first}
	var placed, left []item
	var until time.Time
	for _, it := range items {
		if next, ok := p.run(o.chunks(it), flow, false); ok {
			flow, placed, until = next, append(placed, it), earliest(until, it.Answer.Expires)
		} else {
			left = append(left, it)
		}
	}
	end := func(page int) { p.foot(page, o, until, ed.Zone) }
	p.AddPage()
	p.head(0, topic, o, l, ed.Zone)
	p.turn = func(page int) {
		end(page - 1)
		p.AddPage()
		p.head(page, topic, o, l, ed.Zone)
	}
	flow = place{y: first, top: first}
	for _, it := range placed {
		flow, _ = p.run(o.chunks(it), flow, true)
	}
	end(p.PageNo() - 1)
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		return nil, nil, err
	}
	return b.Bytes(), left, nil
}

// chunk is a part of an answer that stays together in a column.
type chunk struct {
	question string // of the first
	block    block
	source   string // of the last
}

// chunks cuts an item at its paragraphs.
func (o Options) chunks(it item) []chunk {
	var out []chunk
	for _, b := range blocks(it.Answer.Text) {
		out = append(out, chunk{block: b})
	}
	if len(out) > 0 {
		out[0].question = it.Question
		out[len(out)-1].source = o.sourceLine(it)
	}
	return out
}

// place is where the flow of text stands: the column, counted over all pages, and the height in it.
type place struct {
	column int
	y, top float64 // top is where the column begins
}

// run lets an item flow through the columns from a place on. It returns where the next begins, and false when the
// item does not fit on what is left.
func (p *printer) run(chunks []chunk, at place, draw bool) (place, bool) {
	for i, c := range chunks {
		// a question does not stand alone at the end of a column, nor a list's first line
		need := p.put(c, 0, 0, false)
		if i+1 < len(chunks) && chunks[i+1].block.List && !c.block.List {
			need += p.put(chunks[i+1], 0, 0, false)
		}
		if at.y+need > footTop {
			at.column++
			if at.column >= sheetPages*columns {
				return at, false
			}
			if at.column%columns == 0 {
				at.top = laterTop
				if draw {
					p.turn(at.column / columns)
				}
			}
			at.y = at.top
		}
		x := side + float64(at.column%columns)*(columnWide+gutter)
		if draw && i == 0 && at.y > at.top {
			p.SetDrawColor(120, 120, 120)
			p.SetLineWidth(0.2)
			p.Line(x, at.y-3, x+columnWide, at.y-3)
		}
		at.y = p.put(c, x, at.y, draw)
	}
	at.y += 5
	return at, true
}

// printer is a PDF under way. Its measures are millimetres.
type printer struct {
	*fpdf.Fpdf
	lang faq.Lang
	turn func(page int) // ends a page and begins the next
}

func newPrinter(title string, l faq.Lang, at time.Time) *printer {
	f := fpdf.New("P", "mm", "A4", "")
	f.AddUTF8FontFromBytes("Go", "", goregular.TTF)
	f.AddUTF8FontFromBytes("Go", "B", gobold.TTF)
	f.SetTitle(title, true)
	f.SetLang(string(l))
	f.SetCatalogSort(true) // the same content gives the same bytes
	f.SetCreationDate(at.UTC())
	f.SetModificationDate(at.UTC())
	f.SetAutoPageBreak(false, 0)
	f.SetMargins(side, side, side)
	return &printer{Fpdf: f, lang: l}
}

// line is the height of a line of letters of a size.
func line(size float64) float64 { return size * ptToMM * lineSpacing }

// text writes lines of a size not wider than w, and returns where they end. Without ink it only measures.
func (p *printer) text(s, style string, size, x, y, w float64, draw bool) float64 {
	p.SetFont("Go", style, size)
	for _, l := range p.SplitText(s, w) {
		if draw {
			p.Text(x, y+size*ptToMM, strings.TrimSpace(l))
		}
		y += line(size)
	}
	return y
}

// bodyTop is where the answers of a page begin.
func (p *printer) bodyTop(n int, w Words) float64 {
	if n > 0 {
		return laterTop
	}
	return max(p.text(w.Title, "B", titleSize, side, 16, textWide-codeSize-12, false), 16+codeSize) + 19
}

// head writes the top of a page.
func (p *printer) head(n int, topic string, o Options, l faq.Lang, zone *time.Location) float64 {
	w := o.Words[l]
	name, as := w.Topics[topic], fmt.Sprintf(w.AsOf, faq.ShortDay(faq.DateOf(o.At, zone), l))
	if n > 0 {
		p.text(name, "B", nameSize, side, 14, textWide, true)
		p.rule(23, 0.6)
		return p.bodyTop(n, w)
	}
	wide := textWide - codeSize - 12
	y := p.text(name, "B", titleSize, side, 16, wide, true)
	y = p.text(w.Title+", "+w.Office, "", bodySize, side, y+1, wide, true)
	p.text(as, "", bodySize, side, y, wide, true)
	top := p.bodyTop(0, w)
	if lead, to := o.address(l); to != "" {
		p.code(to, paperWide-side-codeSize, 15)
		if o.Chat != "" {
			lead = w.Ask
		}
		p.SetFont("Go", "B", 10.5)
		p.SetXY(paperWide-side-codeSize/2-20, 15+codeSize+1) // centred below the code
		p.MultiCell(40, line(10.5), strings.TrimSuffix(lead, ":"), "", "C", false)
	}
	p.rule(top-6, 1)
	return top
}

// code draws a QR code.
func (p *printer) code(text string, x, y float64) {
	c, err := qr.Encode(text, qr.M)
	if err != nil {
		p.SetError(fmt.Errorf("QR code: %w", err))
		return
	}
	cell := codeSize / float64(c.Size)
	p.SetFillColor(0, 0, 0)
	for i := range c.Size {
		for j := range c.Size {
			if c.Black(i, j) {
				p.Rect(x+float64(i)*cell, y+float64(j)*cell, cell*1.02, cell*1.02, "F")
			}
		}
	}
}

func (p *printer) rule(y, width float64) {
	p.SetLineWidth(width)
	p.SetDrawColor(0, 0, 0)
	p.Line(side, y, paperWide-side, y)
}

// put writes a chunk, or only measures it, and returns where it ends.
func (p *printer) put(c chunk, x, y float64, draw bool) float64 {
	p.SetTextColor(0, 0, 0)
	if c.question != "" {
		y = p.text(c.question, "B", askSize, x, y, columnWide, draw) + 0.8
	}
	for i, s := range c.block.Lines {
		indent := 0.0
		if c.block.List {
			mark := "•"
			if c.block.Ordered {
				mark = fmt.Sprintf("%d.", i+1)
			}
			p.text(mark, "", bodySize, x+0.5, y, 10, draw)
			indent = 6
		}
		y = p.text(s, "", bodySize, x+indent, y, columnWide-indent, draw)
	}
	y += 1.4
	if c.source != "" {
		p.SetTextColor(70, 70, 70)
		y = p.text(c.source, "", smallSize, x, y, columnWide, draw)
		p.SetTextColor(0, 0, 0)
	}
	return y
}

// foot writes the end of a page: who says it, until when it may be handed out, and the page.
func (p *printer) foot(n int, o Options, until time.Time, zone *time.Location) {
	w := o.Words[p.lang]
	p.rule(footTop+2, 0.4)
	left := w.Office
	if !until.IsZero() {
		left += ". " + fmt.Sprintf(w.Until, lastDay(until, zone, p.lang))
	}
	y := p.text(left, "B", 10.5, side, footTop+4, textWide-40, true)
	if lead, to := o.address(p.lang); to != "" {
		p.text(lead+" "+to, "", 10.5, side, y, textWide-40, true)
	}
	p.SetFont("Go", "", 10.5)
	page := fmt.Sprintf(w.Page, n+1, sheetPages)
	p.Text(paperWide-side-p.GetStringWidth(page), footTop+4+10.5*ptToMM, page)
}
