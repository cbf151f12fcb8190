package outreach

import (
	"io"
	"strconv"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

// The print is two pages of A4, in black and greys that a copier keeps apart: on the first what was asked and how it
// was answered, on the second which activities there were, what is misunderstood, and what the numbers cannot tell. What
// has no room is named on the second page, so that nobody takes two pages for all there is. Measures are millimetres.
const (
	pageWide, pageHigh = 210.0, 297.0
	edge               = 15.0
	textWide           = pageWide - 2*edge
	bottom             = pageHigh - 14
	rowHigh            = 4.7
	restHigh           = 12.0 // what the list of the other tables takes
)

// printed are the tables of the print, by page, with the most rows that each may take.
var printed = [2][]struct {
	id   string
	rows int
}{
	{{"ringkas", 6}, {"ringkas-kegiatan", 6}, {"kartu", 8}, {"topik", 10}, {"topik-kegiatan", 10}, {"segmen", 7}, {"adil", 14}, {"kuis-kegiatan", 6}},
	{{"kegiatan", 8}, {"salah-paham", 5}, {"sebelum-sesudah", 11}, {"kecamatan-banding", 11}, {"dasar", 5}, {"kuis", 4}, {"minggu", 5}},
}

type printer struct {
	*fpdf.Fpdf
	y float64
}

func (r *Report) writePDF(out io.Writer) error {
	p := &printer{Fpdf: fpdf.New("P", "mm", "A4", "")}
	p.AddUTF8FontFromBytes("Go", "", goregular.TTF)
	p.AddUTF8FontFromBytes("Go", "B", gobold.TTF)
	p.SetTitle(r.Title, true)
	p.SetAuthor(r.Office, true)
	p.SetLang("id")
	p.SetCatalogSort(true) // the same report gives the same bytes
	p.SetCreationDate(r.Made.UTC())
	p.SetModificationDate(r.Made.UTC())
	p.SetAutoPageBreak(false, 0)
	shown := map[string]bool{}
	for page := range printed {
		p.AddPage()
		p.y = edge
		p.head(r, page)
		if page == 0 {
			for _, s := range r.Summary {
				p.bullet(s, "")
			}
			for _, s := range r.Alerts {
				p.bullet("Perlu perhatian. "+s, "B")
			}
			p.y += 2
		}
		room := bottom
		if page == 1 {
			room -= p.boxHigh(r) + restHigh
		}
		for _, want := range printed[page] {
			if t := r.Table(want.id); len(t.Rows) > 0 {
				shown[t.ID] = p.table(t.narrow(), want.rows, room)
			}
		}
		if page == 1 {
			p.rest(r, shown)
			p.box(r)
		}
		p.foot(r, page)
	}
	return p.Output(out)
}

// narrow leaves out the columns that a page has no room for.
func (t Table) narrow() Table {
	drop := map[string]bool{"rentang": true, "tautan": true, "mutu": true, "pakai": t.ID == "kegiatan", "kode": t.ID == "kegiatan", "terjawab": t.ID == "kegiatan"}
	for i, c := range t.Columns {
		empty := len(t.Rows) > 0
		for _, r := range t.Rows {
			empty = empty && r.Values[i].String() == ""
		}
		drop[c.Key] = drop[c.Key] || empty
	}
	out := t
	out.Columns, out.Rows = nil, make([]Row, len(t.Rows))
	bars, part := 0, 0
	for i, c := range t.Columns {
		if drop[c.Key] {
			continue
		}
		if i == t.Bars && t.Bars > 0 {
			bars = len(out.Columns)
		}
		if i == t.Part && t.Part > 0 {
			part = len(out.Columns)
		}
		out.Columns = append(out.Columns, c)
		for j, r := range t.Rows {
			out.Rows[j].Key = r.Key
			out.Rows[j].Values = append(out.Rows[j].Values, r.Values[i])
		}
	}
	out.Bars, out.Part = bars, part
	return out
}

func (p *printer) font(style string, size float64) { p.SetFont("Go", style, size) }

func (p *printer) head(r *Report, page int) {
	if r.Simulated {
		p.font("B", 9)
		p.SetFillColor(0, 0, 0)
		p.SetTextColor(255, 255, 255)
		p.SetXY(edge, p.y)
		p.CellFormat(textWide, 6, simulatedNote, "", 0, "C", true, 0, "")
		p.SetTextColor(0, 0, 0)
		p.y += 8
	}
	if page > 0 {
		p.font("B", 10)
		p.Text(edge, p.y+3, r.Title+", lanjutan")
		p.y += 7
		return
	}
	p.font("B", 17)
	for _, l := range p.SplitText(r.Title, textWide) {
		p.Text(edge, p.y+5.5, strings.TrimSpace(l))
		p.y += 8
	}
	p.font("", 9)
	for _, l := range p.SplitText(r.Office+". "+r.Subtitle(), textWide) {
		p.Text(edge, p.y+2.5, strings.TrimSpace(l))
		p.y += 4.4
	}
	p.SetLineWidth(0.6)
	p.Line(edge, p.y+1, pageWide-edge, p.y+1)
	p.y += 5
}

func (p *printer) bullet(s, style string) {
	p.font(style, 9.5)
	for i, l := range p.SplitText(s, textWide-4) {
		if i == 0 {
			p.Rect(edge, p.y+1, 1.4, 1.4, "F")
		}
		p.Text(edge+4, p.y+3, strings.TrimSpace(l))
		p.y += 4.6
	}
	p.y += 0.6
}

// rest names the tables that are not printed.
func (p *printer) rest(r *Report, shown map[string]bool) {
	var titles []string
	for _, t := range r.Tables {
		if len(t.Rows) > 0 && !shown[t.ID] {
			titles = append(titles, t.Title)
		}
	}
	if len(titles) == 0 {
		return
	}
	p.font("", 8)
	for _, l := range p.SplitText("Tidak termuat di dua halaman ini, ada di halaman Laporan dan berkas XLSX, CSV, dan JSON: "+strings.Join(titles, "; ")+".", textWide) {
		p.Text(edge, p.y+2.5, strings.TrimSpace(l))
		p.y += 3.7
	}
}

// table draws a table with bars behind its numbers, as long as there is room, and reports whether there was any. Words
// take a second line where they need one.
func (p *printer) table(t Table, most int, room float64) bool {
	widths := p.widths(t, t.Rows[:min(most, len(t.Rows))])
	high := func(style string, size float64, cells []string) float64 {
		p.font(style, size)
		for i, s := range cells {
			if p.GetStringWidth(s) > widths[i]-2 {
				return rowHigh + lineHigh
			}
		}
		return rowHigh
	}
	var head []string
	for _, c := range t.Columns {
		head = append(head, c.Title)
	}
	headHigh := high("B", 7.5, head)
	var rows []Row
	var heights []float64
	end := p.y + 5.4 + headHigh + 7
	for _, r := range t.Rows[:min(most, len(t.Rows))] {
		h := high("", 8.2, texts(r))
		if end+h > room {
			break
		}
		rows, heights, end = append(rows, r), append(heights, h), end+h
	}
	if len(rows) == 0 {
		return false
	}
	p.font("B", 10.5)
	p.Text(edge, p.y+3.6, t.Title)
	p.y += 5.4
	p.font("B", 7.5)
	p.line(t, widths, head, headHigh)
	p.y += headHigh
	p.SetLineWidth(0.25)
	p.Line(edge, p.y, pageWide-edge, p.y)
	longest := 0
	for _, r := range rows {
		if f, ok := r.Values[t.Bars].(Figure); t.Bars > 0 && ok {
			longest = max(longest, f.lo)
		}
	}
	for n, r := range rows {
		x := edge
		for i, v := range r.Values {
			if f, ok := v.(Figure); ok && i == t.Bars && t.Bars > 0 && longest > 0 && f.Shown() {
				p.SetFillColor(205, 205, 205)
				p.Rect(x+1, p.y+1, max(0.4, (widths[i]-14)*float64(f.lo)/float64(longest)), rowHigh-2, "F")
				p.SetFillColor(0, 0, 0)
			}
			x += widths[i]
		}
		p.font("", 8.2)
		p.line(t, widths, texts(r), heights[n])
		p.y += heights[n]
		p.SetDrawColor(170, 170, 170)
		p.SetLineWidth(0.1)
		p.Line(edge, p.y, pageWide-edge, p.y)
		p.SetDrawColor(0, 0, 0)
	}
	if len(rows) < len(t.Rows) {
		p.font("", 7.5)
		p.Text(edge, p.y+3, strconv.Itoa(len(t.Rows)-len(rows))+" baris lagi di berkas XLSX atau CSV.")
		p.y += 3.4
	}
	p.y += 3.4
	return true
}

func texts(r Row) []string {
	out := make([]string, len(r.Values))
	for i, v := range r.Values {
		out[i] = v.String()
	}
	return out
}

// lineHigh is how much a second line adds to a row.
const lineHigh = 3.6

// line writes the cells of a row, in at most two lines each.
func (p *printer) line(t Table, widths []float64, cells []string, high float64) {
	x := edge
	for i, s := range cells {
		lines := p.SplitText(s, widths[i]-2)
		if len(lines) > 2 {
			lines = []string{lines[0], p.fit(strings.Join(lines[1:], " "), widths[i]-2)}
		}
		if len(lines) == 2 && high < rowHigh+lineHigh {
			lines = []string{p.fit(s, widths[i]-2)}
		}
		for n, l := range lines {
			align := "LM"
			if t.number(i) {
				align = "RM"
			}
			p.SetXY(x, p.y+lineHigh*float64(n))
			p.CellFormat(widths[i], rowHigh, strings.TrimSpace(l), "", 0, align, false, 0, "")
		}
		x += widths[i]
	}
}

// widths shares the page out: what the words need, the bars as much as is left.
func (p *printer) widths(t Table, rows []Row) []float64 {
	out := make([]float64, len(t.Columns))
	sum := 0.0
	for i, c := range t.Columns {
		p.font("B", 7.5)
		out[i] = p.twoLines(c.Title) + 4
		p.font("", 8.2)
		for _, r := range rows {
			out[i] = max(out[i], p.GetStringWidth(r.Values[i].String())+4)
		}
		if i == 0 || !t.number(i) {
			out[i] = min(out[i], 75)
		}
		if i == t.Bars && t.Bars > 0 {
			out[i] += 24
		}
		sum += out[i]
	}
	if sum < textWide {
		grow := t.Bars // the first column, where there are no bars
		if len(out) == 2 && !t.number(1) {
			grow = 1 // words beside words
		}
		out[grow] += textWide - sum
		return out
	}
	// Too wide: words of the first column take two lines, bars become shorter, and only then everything shrinks.
	for _, i := range []int{0, t.Bars} {
		give := max(0, min(sum-textWide, out[i]-36))
		out[i] -= give
		sum -= give
	}
	for i := range out {
		out[i] *= min(1, textWide/sum)
	}
	return out
}

// twoLines is how wide a title is when it is broken where that makes it narrowest.
func (p *printer) twoLines(title string) float64 {
	words := strings.Fields(title)
	narrow := p.GetStringWidth(title)
	for i := 1; i < len(words); i++ {
		narrow = min(narrow, max(p.GetStringWidth(strings.Join(words[:i], " ")), p.GetStringWidth(strings.Join(words[i:], " "))))
	}
	return narrow
}

// fit shortens words to a width.
func (p *printer) fit(s string, w float64) string {
	if p.GetStringWidth(s) <= w {
		return s
	}
	runes := []rune(s)
	for len(runes) > 1 && p.GetStringWidth(string(runes)+"…") > w {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimSpace(string(runes)) + "…"
}

const boxTitle = "Yang tidak dapat dikatakan angka-angka ini"

func (p *printer) boxHigh(r *Report) float64 {
	p.font("", 8.5)
	h := 11.0
	for _, s := range r.Limits {
		h += 4*float64(len(p.SplitText(s, textWide-10))) + 0.6
	}
	return h
}

// box draws what the numbers cannot tell, at the foot of the last page.
func (p *printer) box(r *Report) {
	h := p.boxHigh(r)
	y := bottom - h + 2
	p.SetFillColor(0, 0, 0)
	p.SetLineWidth(0.5)
	p.Rect(edge, y, textWide, h-3, "D")
	p.font("B", 9.5)
	p.Text(edge+3, y+5, boxTitle)
	p.font("", 8.5)
	y += 7
	for _, s := range r.Limits {
		for i, l := range p.SplitText(s, textWide-10) {
			if i == 0 {
				p.Rect(edge+3, y+1.1, 1.1, 1.1, "F")
			}
			p.Text(edge+6.5, y+2.9, strings.TrimSpace(l))
			y += 4
		}
		y += 0.6
	}
}

func (p *printer) foot(r *Report, page int) {
	p.font("", 7.5)
	p.Text(edge, pageHigh-8, r.Office+". Dibuat oleh Tanya dari hitungan tanpa nama. Semua tabel: berkas XLSX, CSV, atau JSON.")
	s := "Halaman " + strconv.Itoa(page+1) + " dari " + strconv.Itoa(len(printed))
	p.Text(pageWide-edge-p.GetStringWidth(s), pageHigh-8, s)
}
