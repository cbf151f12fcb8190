package picture

import (
	"bytes"
	"fmt"
	"image/color"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"tanya/faq"
)

// pdf writes the picture as one page of the given width in millimetres, in real letters, so that print is sharp and the
// words can be found and read aloud. An address makes the link area lead there.
func (c *canvas) pdf(wide float64, lang faq.Lang, at time.Time) ([]byte, error) {
	mm := wide / c.width
	f := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: wide, Ht: c.height * mm}})
	f.AddUTF8FontFromBytes("Go", "", goregular.TTF)
	f.AddUTF8FontFromBytes("Go", "B", gobold.TTF)
	f.SetTitle(c.title, true)
	f.SetLang(string(lang))
	f.SetCatalogSort(true) // the same picture gives the same bytes
	f.SetCreationDate(at.UTC())
	f.SetModificationDate(at.UTC())
	f.SetAutoPageBreak(false, 0)
	f.SetMargins(0, 0, 0)
	f.AddPage()
	f.SetLineCapStyle("round")
	f.SetLineJoinStyle("round")
	if c.ground != paper {
		pdfFill(f, c.ground)
		f.Rect(0, 0, wide, c.height*mm, "F")
	}
	for _, m := range c.marks {
		switch {
		case m.text != "":
			bold := ""
			if m.bold {
				bold = "B"
			}
			f.SetFont("Go", bold, m.size*mm*72/25.4)
			f.SetTextColor(int(m.ink.R), int(m.ink.G), int(m.ink.B))
			x := m.at.x * mm
			if m.middle {
				x -= f.GetStringWidth(m.text) / 2
			}
			f.Text(x, m.at.y*mm, m.text)
		case len(m.fill) > 0:
			pdfFill(f, m.ink)
			ps := make([]fpdf.PointType, len(m.fill))
			for i, p := range m.fill {
				ps[i] = fpdf.PointType{X: p.x * mm, Y: p.y * mm}
			}
			f.Polygon(ps, "F")
		case len(m.line) > 0:
			f.SetDrawColor(int(m.ink.R), int(m.ink.G), int(m.ink.B))
			f.SetLineWidth(m.width * mm)
			for i := 1; i < len(m.line); i++ {
				f.Line(m.line[i-1].x*mm, m.line[i-1].y*mm, m.line[i].x*mm, m.line[i].y*mm)
			}
		}
	}
	for _, l := range c.links {
		f.LinkString(l.at.x*mm, l.at.y*mm, l.size.x*mm, l.size.y*mm, l.to)
	}
	var b bytes.Buffer
	if err := f.Output(&b); err != nil {
		return nil, fmt.Errorf("write a PDF: %w", err)
	}
	return b.Bytes(), nil
}

func pdfFill(f *fpdf.Fpdf, ink color.RGBA) { f.SetFillColor(int(ink.R), int(ink.G), int(ink.B)) }
