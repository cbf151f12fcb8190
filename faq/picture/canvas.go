package picture

import (
	"image/color"
	"math"
)

// canvas is a list of shapes from which both the SVG and the PNG are written. Lengths are pixels, y grows downwards.
type canvas struct {
	title  string
	width  float64
	height float64
	ground color.RGBA
	marks  []mark
	links  []link
	types  *typesetter
	faults []string // texts that did not fit where they had to stand
}

// mark is one thing on the canvas: a filled outline, a line or a text. Exactly one of its parts is set.
type mark struct {
	fill   []point // a closed outline
	line   []point // an open line, with round ends
	width  float64 // of the line
	text   string
	at     point // of the text: on its base line, at its start or middle
	size   float64
	bold   bool
	middle bool
	ink    color.RGBA
}

type point struct{ x, y float64 }

// link is an area that leads to an address where the form of the picture can do that.
type link struct {
	at, size point
	to       string
}

// The colours. Each pair that stands for a meaning differs in lightness too and comes with a sign and a word.
var (
	ink    = color.RGBA{0x1b, 0x1f, 0x24, 0xff}
	soft   = color.RGBA{0x4a, 0x52, 0x5c, 0xff}
	rule   = color.RGBA{0xc9, 0xcd, 0xd2, 0xff}
	grey   = color.RGBA{0x9a, 0xa1, 0xa9, 0xff}
	pale   = color.RGBA{0xe9, 0xeb, 0xee, 0xff}
	paper  = color.RGBA{0xff, 0xff, 0xff, 0xff}
	ground = color.RGBA{0xf6, 0xf4, 0xef, 0xff}
	good   = color.RGBA{0x00, 0x5f, 0x56, 0xff}
	bad    = color.RGBA{0xa8, 0x3a, 0x0c, 0xff}
	maroon = color.RGBA{0x7b, 0x1e, 0x2e, 0xff}
	sky    = color.RGBA{0x9f, 0xd3, 0xf0, 0xff}

	// The brown of Blora's batik, as in the web chat: a colour of no party, and nearly black on an office printer.
	sogan = color.RGBA{0x6f, 0x3d, 0x14, 0xff}
	petal = color.RGBA{0xcd, 0xb4, 0x97, 0xff}
	cream = color.RGBA{0xff, 0xf8, 0xee, 0xff}
	sand  = color.RGBA{0xf4, 0xe8, 0xd8, 0xff}
)

const margin = 60.0

func newCanvas() (*canvas, error) {
	t, err := newTypesetter()
	return &canvas{types: t, width: Width, ground: ground}, err
}

func (c *canvas) polygon(fill color.RGBA, ps ...point) {
	c.marks = append(c.marks, mark{fill: ps, ink: fill})
}

func (c *canvas) stroke(ink color.RGBA, width float64, ps ...point) {
	c.marks = append(c.marks, mark{line: ps, width: width, ink: ink})
}

func (c *canvas) rect(x, y, w, h float64, fill color.RGBA) {
	c.polygon(fill, point{x, y}, point{x + w, y}, point{x + w, y + h}, point{x, y + h})
}

// box is a rectangle with an outline.
func (c *canvas) box(x, y, w, h float64, fill, edge color.RGBA, width float64) {
	c.rect(x, y, w, h, fill)
	c.frame(x, y, w, h, edge, width)
}

func (c *canvas) frame(x, y, w, h float64, edge color.RGBA, width float64) {
	c.stroke(edge, width, point{x, y}, point{x + w, y}, point{x + w, y + h}, point{x, y + h}, point{x, y})
}

// dashes is a line with gaps.
func (c *canvas) dashes(ink color.RGBA, width float64, a, b point) {
	n := math.Floor(math.Hypot(b.x-a.x, b.y-a.y) / 22)
	for i := range int(n) {
		s, e := (float64(i)+0.2)/n, (float64(i)+0.75)/n
		c.stroke(ink, width, point{a.x + (b.x-a.x)*s, a.y + (b.y-a.y)*s}, point{a.x + (b.x-a.x)*e, a.y + (b.y-a.y)*e})
	}
}

// round is a rectangle with round corners.
func (c *canvas) round(x, y, w, h, r float64, fill color.RGBA) {
	c.polygon(fill, roundRect(x, y, w, h, r)...)
}

func roundRect(x, y, w, h, r float64) []point {
	var ps []point
	for i, p := range []point{{x + w - r, y + r}, {x + w - r, y + h - r}, {x + r, y + h - r}, {x + r, y + r}} {
		ps = append(ps, arc(p, r, r, float64(i-1)*math.Pi/2, float64(i)*math.Pi/2)...)
	}
	return ps
}

func (c *canvas) circle(x, y, r float64, fill color.RGBA) { c.ellipse(x, y, r, r, fill) }

func (c *canvas) ellipse(x, y, rx, ry float64, fill color.RGBA) {
	c.polygon(fill, arc(point{x, y}, rx, ry, 0, 2*math.Pi)...)
}

func (c *canvas) ring(x, y, r, width float64, ink color.RGBA) {
	ps := arc(point{x, y}, r, r, 0, 2*math.Pi)
	c.stroke(ink, width, append(ps, ps[0])...)
}

// arc returns points of an ellipse from one angle to another, clockwise on the screen.
func arc(p point, rx, ry, from, to float64) []point {
	n := max(6, int(math.Abs(to-from)*math.Max(rx, ry)/4))
	ps := make([]point, 0, n+1)
	for i := range n + 1 {
		a := from + (to-from)*float64(i)/float64(n)
		ps = append(ps, point{round1(p.x + rx*math.Cos(a)), round1(p.y + ry*math.Sin(a))})
	}
	return ps
}

func round1(x float64) float64 { return math.Round(x*10) / 10 }

// style is how a text looks.
type style struct {
	size   float64
	bold   bool
	middle bool
	tight  bool // lines closer together, for large letters
	ink    color.RGBA
}

// lead is the distance from one line to the next.
func (s style) lead() float64 {
	if s.tight {
		return math.Round(s.size * 1.16)
	}
	return math.Round(s.size * 1.32)
}

// label writes one line, whose base line is at y. What is wider than width is a fault.
func (c *canvas) label(x, y, width float64, s style, text string) {
	if c.types.width(text, s) > width {
		c.faults = append(c.faults, text)
	}
	c.marks = append(c.marks, mark{text: text, at: point{x, y}, size: s.size, bold: s.bold, middle: s.middle, ink: s.ink})
}

// block writes a text in lines not wider than width, the first with its top at y, and returns where it ends.
func (c *canvas) block(x, y, width float64, s style, text string) float64 {
	for _, line := range c.types.wrap(text, width, s) {
		c.label(x, y+s.size, width, s, line)
		y += s.lead()
	}
	return y
}

// blockHeight is the height that block needs.
func (c *canvas) blockHeight(width float64, s style, text string) float64 {
	return float64(len(c.types.wrap(text, width, s))) * s.lead()
}

// heading writes the picture's title and the line below it, and returns where they end.
func (c *canvas) heading(title, lead string, bar color.RGBA) float64 {
	c.rect(0, 0, Width, 18, bar)
	y := c.block(margin, 52, Width-2*margin, style{size: 64, bold: true, ink: ink}, title)
	return c.block(margin, y+8, Width-2*margin, style{size: 38, ink: soft}, lead) + 34
}

// finish writes the lines at the foot and sets the picture's height.
func (c *canvas) finish(y float64, notes ...string) {
	for _, s := range notes {
		if s != "" {
			y = c.block(margin, y, Width-2*margin, style{size: 34, ink: soft}, s) + 14
		}
	}
	c.height = math.Ceil(y + 26)
}
