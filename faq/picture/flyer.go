package picture

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"rsc.io/qr"

	"tanya/faq"
)

// Flyer is what a poster, a hand-out or a picture for a telephone's status says. It asks people to do one thing. Every
// text on it is one that the office has approved.
type Flyer struct {
	Lang      faq.Lang
	At        time.Time // when it was made, for the file only
	Office    string    // who says it
	Headline  string
	Second    string   // the same in another language, "" for none
	Call      string   // what to do
	Steps     []string // how
	Questions []string // examples of what people ask
	Lead      string   // over the topics
	Topics    []string
	Typed     string   // in front of the code
	Code      string   // as people type it
	Ways      []string // where to type it
	Open      string   // in front of the ways, where nothing can be scanned
	Event     []string // the activity: its name, then place and day
	Notes     []string // who answers, and what not to send
	Link      string   // what the QR code says
	Stamp     string   // across the whole when it is not for use, "" otherwise
}

// Sheet is a flyer that was drawn.
type Sheet struct {
	PDF []byte // nil for a picture that is only shown on telephones
	PNG []byte
}

// Paper sizes as pixels at 150 dots an inch, and in millimetres.
const (
	a4Wide, a4High   = 1240.0, 1754.0
	a5Wide, a5High   = 874.0, 1240.0
	a4MM, a5MM       = 210.0, 148.0
	statusW, statusH = 1080.0, 1920.0
)

// DrawPoster draws a poster of the size A4. The same flyer gives the same bytes.
func DrawPoster(f Flyer) (Sheet, error) { return f.draw(a4Wide, a4High, a4MM, paper, poster) }

// DrawHandout draws a hand-out of the size A5.
func DrawHandout(f Flyer) (Sheet, error) { return f.draw(a5Wide, a5High, a5MM, paper, handout) }

// DrawStatus draws a picture that fills a telephone, 1080 by 1920 pixels. It has no QR code: nobody can scan their own
// screen.
func DrawStatus(f Flyer) (Sheet, error) { return f.draw(statusW, statusH, 0, sogan, status) }

func (f Flyer) draw(wide, high, mm float64, ground color.RGBA, lay func(*canvas, Flyer)) (Sheet, error) {
	c, err := f.compose(wide, high, ground, lay)
	if err != nil {
		return Sheet{}, err
	}
	var s Sheet
	if mm > 0 {
		if s.PDF, err = c.pdf(mm, f.Lang, f.At); err != nil {
			return Sheet{}, err
		}
	}
	if s.PNG, err = c.png(); err != nil {
		return Sheet{}, fmt.Errorf("flyer: %w", err)
	}
	return s, nil
}

// compose lays a flyer out.
func (f Flyer) compose(wide, high float64, ground color.RGBA, lay func(*canvas, Flyer)) (*canvas, error) {
	c, err := newCanvas()
	if err != nil {
		return nil, fmt.Errorf("flyer: %w", err)
	}
	c.width, c.height, c.ground, c.title = wide, high, ground, f.Headline
	lay(c, f)
	if f.Stamp != "" {
		c.stamp(f.Stamp)
	}
	if len(c.faults) > 0 {
		return nil, fmt.Errorf("flyer: text does not fit: %q", c.faults)
	}
	return c, nil
}

// between stands between things that share a line.
const between = "  \u2022  "

// poster lays out a poster: the headline is read from five steps away, the code is scanned from two.
func poster(c *canvas, f Flyer) {
	const m = 84.0
	wide := c.width - 2*m
	c.kawung(m, 64, 21, wide, sogan)
	c.label(m, 184, wide, style{size: 46, bold: true, ink: sogan}, f.Office)
	y := c.fitted(m, 206, wide, 290, style{bold: true, ink: ink, tight: true}, 124, 60, f.Headline)
	y = c.fitted(m, y+10, wide, 60, style{ink: soft}, 44, 32, f.Second)

	// from below: who answers, which activity, the code to type
	foot := c.rising(m, c.height-64, wide, style{size: 29, ink: soft}, f.Notes...)
	c.stroke(petal, 3, point{m, foot - 16}, point{c.width - m, foot - 16})
	event := c.event(m, foot-30, wide, style{size: 36, bold: true, ink: ink}, style{size: 32, ink: soft}, f.Event)
	const band = 236.0
	top := event - 20 - band
	c.typedBand(m, top, wide, band, 38, f)

	// what is left in the middle is for the code to scan
	c.scanPanel(m, y+22, wide, top-24-(y+22), 70, f)
}

// handout lays out a hand-out: what can be asked, and both ways in.
func handout(c *canvas, f Flyer) {
	const m = 60.0
	wide := c.width - 2*m
	c.kawung(m, 46, 20, wide, sogan)
	c.label(m, 130, wide, style{size: 32, bold: true, ink: sogan}, f.Office)
	y := c.fitted(m, 142, wide, 160, style{bold: true, ink: ink, tight: true}, 66, 40, f.Headline)
	y = c.fitted(m, y+6, wide, 42, style{ink: soft}, 31, 24, f.Second)

	foot := c.rising(m, c.height-44, wide, style{size: 21, ink: soft}, f.Notes...)
	c.stroke(petal, 2, point{m, foot - 10}, point{c.width - m, foot - 10})
	event := c.event(m, foot-20, wide, style{size: 27, bold: true, ink: ink}, style{size: 24, ink: soft}, f.Event)
	const band = 172.0
	top := event - 14 - band
	c.typedBand(m, top, wide, band, 26, f)
	list := c.rising(m, top-14, wide, style{size: 24, ink: ink}, strings.Join(f.Topics, between))
	list = c.rising(m, list-2, wide, style{size: 25, bold: true, ink: sogan}, f.Lead)
	c.scanPanel(m, y+16, wide, list-16-(y+16), 50, f)
}

// status lays out a picture for a telephone: nothing on it can be pressed, so it says what to type, and where.
func status(c *canvas, f Flyer) {
	const m = 84.0
	wide := c.width - 2*m
	c.kawung(m, 150, 19, wide, petal) // the telephone's own bars cover what is above and below
	c.label(m, 280, wide, style{size: 46, bold: true, ink: petal}, f.Office)
	y := c.fitted(m, 304, wide, 270, style{bold: true, ink: cream, tight: true}, 106, 60, f.Headline)
	y = c.fitted(m, y+12, wide, 110, style{ink: petal}, 44, 34, f.Second)

	foot := c.rising(m, c.height-150, wide, style{size: 32, ink: petal}, f.Notes...)
	event := c.event(m, foot-24, wide, style{size: 40, bold: true, ink: cream}, style{size: 34, ink: petal}, f.Event)
	box := 236 + 60*float64(len(f.Ways))
	top := event - 40 - box
	c.round(m, top, wide, box, 36, cream)
	c.centred(c.width/2, top+26, wide-80, style{ink: soft}, 44, 30, f.Open)
	for i, w := range f.Ways {
		c.centred(c.width/2, top+26+float64(i+1)*60, wide-80, style{bold: true, ink: sogan}, 46, 26, w)
	}
	c.centred(c.width/2, top+box-132, wide-80, style{bold: true, ink: ink}, 92, 50, f.Code)

	// questions as people ask them, as many as there is room for
	room := top - y
	var heights []float64
	for _, q := range f.Questions {
		h := c.bubbleHeight(wide, q)
		if room-h-34 < 20 {
			break
		}
		room -= h + 34
		heights = append(heights, h)
	}
	gap := room / float64(len(heights)+1)
	for i, h := range heights {
		y += gap
		c.bubble(m, y, wide, i%2 == 1, f.Questions[i])
		y += h + 34
	}
}

// scanPanel draws the QR code with what to do beside it, in a place. The words are as large as the place allows, most
// of all as large as call.
func (c *canvas) scanPanel(x, y, wide, high, call float64, f Flyer) {
	c.round(x, y, wide, high, 36, sand)
	pad := math.Round(c.width * 0.02)
	size := c.qr(x+pad, y+pad, math.Min(high-2*pad, wide*0.62), high-2*pad, f.Link)
	left := x + pad + size + 1.4*pad
	room := x + wide - pad - left
	w := instruction{call: call}
	for ; w.call > 20; w.call -= 2 {
		if w.total(c, room, f) <= high-2*pad && w.widest(c, room, f) <= room {
			break
		}
	}
	at := c.block(left, y+(high-w.total(c, room, f))/2, room, w.big(), f.Call) + w.call*0.3
	for i, s := range f.Steps {
		step := w.small().size
		c.circle(left+w.dot()/2, at+step*0.66, w.dot()/2, sogan)
		number := style{size: math.Round(step * 0.85), bold: true, middle: true, ink: cream}
		c.label(left+w.dot()/2, at+step*0.96, w.dot(), number, strconv.Itoa(i+1))
		at = c.block(left+w.indent(), at, room-w.indent(), w.small(), s) + w.call*0.3
	}
}

// instruction measures what to do and how, in the size of its call.
type instruction struct{ call float64 }

func (w instruction) big() style { return style{size: w.call, bold: true, ink: sogan, tight: true} }

func (w instruction) small() style {
	return style{size: math.Round(w.call * 0.63), ink: ink, tight: true}
}

func (w instruction) dot() float64 { return w.small().size * 1.5 }

func (w instruction) indent() float64 { return w.small().size * 1.9 }

func (w instruction) total(c *canvas, room float64, f Flyer) float64 {
	sum := c.blockHeight(room, w.big(), f.Call)
	for _, s := range f.Steps {
		sum += w.call*0.3 + c.blockHeight(room-w.indent(), w.small(), s)
	}
	return sum
}

func (w instruction) widest(c *canvas, room float64, f Flyer) float64 {
	most := c.widest(room, w.big(), f.Call)
	for _, s := range f.Steps {
		most = math.Max(most, w.indent()+c.widest(room-w.indent(), w.small(), s))
	}
	return most
}

// typedBand draws what to type for whoever cannot scan.
func (c *canvas) typedBand(x, y, wide, high, size float64, f Flyer) {
	c.round(x, y, wide, high, 32, sogan)
	inner := wide - 2*size
	c.centred(x+wide/2, y+high*0.07, inner, style{ink: cream}, size, size*0.7, f.Typed)
	c.centred(x+wide/2, y+high*0.22, inner, style{bold: true, ink: cream}, size*2.4, size, f.Code)
	c.ways(x+wide/2, y+high*0.675, wide-size, high*0.285, style{ink: cream}, size*0.95, f.Ways)
}

// ways writes where the code can be typed around x: on one line when its letters stay large, on two otherwise.
func (c *canvas) ways(x, y, wide, high float64, s style, most float64, ways []string) {
	s.middle, s.size = true, most
	lines := c.packed(ways, wide, s)
	for ; len(lines) > 1 && s.size > most*0.66; lines = c.packed(ways, wide, s) {
		s.size--
	}
	if len(lines) > 1 {
		s.size = math.Floor(high / 2.4)
	}
	for lines = c.packed(ways, wide, s); (len(lines) > 2 || c.widestOf(lines, s) > wide) && s.size > 10; lines = c.packed(ways, wide, s) {
		s.size--
	}
	step := s.size * 1.2
	y += (high - step*float64(len(lines))) / 2
	for _, l := range lines {
		c.label(x, y+s.size, wide, s, l)
		y += step
	}
}

// packed puts things on as few lines as they fit on.
func (c *canvas) packed(things []string, wide float64, s style) []string {
	var lines []string
	for _, w := range things {
		if n := len(lines); n > 0 && c.types.width(lines[n-1]+between+w, s) <= wide {
			lines[n-1] += between + w
		} else {
			lines = append(lines, w)
		}
	}
	return lines
}

// widestOf is the width of the longest of some lines.
func (c *canvas) widestOf(lines []string, s style) (w float64) {
	for _, l := range lines {
		w = math.Max(w, c.types.width(l, s))
	}
	return w
}

// foldWords lets words that are wider than a line go on in the next.
func (c *canvas) foldWords(text string, wide float64, s style) string {
	words := strings.Fields(text)
	for i, w := range words {
		var parts []string
		for c.types.width(w, s) > wide {
			letters := []rune(w)
			n := len(letters) - 1
			for n > 1 && c.types.width(string(letters[:n]), s) > wide {
				n--
			}
			parts, w = append(parts, string(letters[:n])), string(letters[n:])
		}
		words[i] = strings.Join(append(parts, w), fold)
	}
	return strings.Join(words, " ")
}

// bubbleStyle is how a question in a bubble is written, in at most three quarters of the width.
var bubbleStyle = style{size: 44, ink: ink}

const bubblePart = 0.76

func (c *canvas) bubbleHeight(wide float64, text string) float64 {
	return c.blockHeight(wide*bubblePart, bubbleStyle, text) + 36
}

// bubble draws a question as somebody would send it, at the left or the right.
func (c *canvas) bubble(x, y, wide float64, right bool, text string) {
	w := c.widest(wide*bubblePart, bubbleStyle, text) + 76
	h := c.bubbleHeight(wide, text)
	tail, dx := x+70, 30.0
	if right {
		x += wide - w
		tail, dx = x+w-70, -30
	}
	c.round(x, y, w, h, 34, sand)
	c.polygon(sand, point{tail - dx, y + h - 4}, point{tail + dx, y + h - 4}, point{tail - dx, y + h + 30})
	c.block(x+38, y+16, wide*bubblePart, bubbleStyle, text)
}

// event writes the activity upwards from y, its name first and larger, and returns where it begins. Place and day share
// a line where they can.
func (c *canvas) event(x, y, wide float64, first, other style, lines []string) float64 {
	if len(lines) == 0 {
		return y
	}
	first.tight, other.tight = true, true
	lines = slices.Clone(lines)
	for i := range lines {
		s := other
		if i == 0 {
			s = first
		}
		lines[i] = c.foldWords(lines[i], wide, s)
	}
	rest := lines[1:]
	if one := strings.Join(rest, between); c.types.width(one, other) <= wide {
		rest = []string{one}
	}
	return c.rising(x, c.rising(x, y, wide, other, rest...), wide, first, lines[0])
}

// rising writes texts that end at y, and returns where they begin.
func (c *canvas) rising(x, y, wide float64, s style, texts ...string) float64 {
	for i := len(texts) - 1; i >= 0; i-- {
		y -= c.blockHeight(wide, s, texts[i])
		c.block(x, y, wide, s, texts[i])
	}
	return y
}

// fitted writes a text as large as a place allows, from most down to least pixels, and returns where it ends.
func (c *canvas) fitted(x, y, wide, high float64, s style, most, least float64, text string) float64 {
	for s.size = most; s.size > least; s.size -= 2 {
		if c.blockHeight(wide, s, text) <= high && c.widest(wide, s, text) <= wide {
			break
		}
	}
	return c.block(x, y, wide, s, text)
}

// widest is the width of the longest line of a text that is broken at a width.
func (c *canvas) widest(wide float64, s style, text string) float64 {
	return c.widestOf(c.types.wrap(text, wide, s), s)
}

// centred writes one line around x, as large as the width allows.
func (c *canvas) centred(x, y, wide float64, s style, most, least float64, text string) {
	if text == "" {
		return
	}
	for s.size = most; s.size > least && c.types.width(text, s) > wide; {
		s.size--
	}
	s.middle = true
	c.label(x, y+s.size, wide, s, text)
}

// quiet is the blank margin of a QR code, in modules, that the standard asks for.
const quiet = 4

// qr draws a QR code of the highest error correction with its quiet zone, not wider than side, in the middle of a
// height. Its modules are whole pixels, so that no edge is blurred. It returns its width.
func (c *canvas) qr(x, y, side, high float64, text string) float64 {
	code, err := qr.Encode(text, qr.H)
	if err != nil {
		c.faults = append(c.faults, text)
		return 0
	}
	cell := math.Floor(side / float64(code.Size+2*quiet))
	if cell < 3 { // a third of a millimetre in print is the least that telephones read safely
		c.faults = append(c.faults, text)
	}
	size := cell * float64(code.Size+2*quiet)
	x, y = math.Round(x), math.Round(y+(high-size)/2)
	c.round(x, y, size, size, 20, paper)
	c.links = append(c.links, link{at: point{x, y}, size: point{size, size}, to: text})
	x, y = x+quiet*cell, y+quiet*cell
	for j := range code.Size {
		for i := 0; i < code.Size; i++ {
			from := i
			for i < code.Size && code.Black(i, j) {
				i++
			}
			if i > from { // a little deeper than the row, so that no light shows between the rows of a printed page
				c.rect(x+float64(from)*cell, y+float64(j)*cell, float64(i-from)*cell, cell+0.02, ink)
			}
		}
	}
	return size
}

// kawung draws a strip of n four-petalled flowers, a pattern of batik.
func (c *canvas) kawung(x, y float64, n int, wide float64, ink color.RGBA) {
	step := wide / float64(n)
	for i := range n {
		cx, cy := x+(float64(i)+0.5)*step, y+step/2
		for _, a := range []float64{1, 3, 5, 7} {
			c.petal(cx, cy, a*math.Pi/4, step, ink)
		}
	}
}

// petal draws one petal of a flower, which points away from its middle.
func (c *canvas) petal(x, y, angle, step float64, ink color.RGBA) {
	long, short := step*0.29, step*0.14
	mx, my := x+math.Cos(angle)*step*0.37, y+math.Sin(angle)*step*0.37
	const n = 20
	ps := make([]point, n)
	for i := range n {
		t := 2 * math.Pi * float64(i) / n
		u, v := long*math.Cos(t), short*math.Sin(t)
		ps[i] = point{mx + u*math.Cos(angle) - v*math.Sin(angle), my + u*math.Sin(angle) + v*math.Cos(angle)}
	}
	c.polygon(ink, ps...)
}

// stamp writes over the top that the sheet is not for use, and returns how much of it that takes.
func (c *canvas) stamp(text string) float64 {
	h := c.width * 0.036
	c.rect(0, 0, c.width, h+14, bad)
	c.centred(c.width/2, 3, c.width-40, style{bold: true, ink: paper}, h*0.86, 10, text)
	return h + 14
}
