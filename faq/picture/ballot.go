package picture

import (
	"image/color"

	"tanya/faq"
)

// sheet is a small ballot for two pairs of candidates at a place on the canvas. It holds no real name, number or
// colour.
type sheet struct {
	x, y, w, h float64
	columns    [2]column
}

// column is one pair's part of a ballot.
type column struct{ x, y, w, h float64 }

func (k column) number() point { return point{k.x + k.w/2, k.y + 34} }
func (k column) photo() point  { return point{k.x + k.w/2, k.y + 122} }
func (k column) name() point   { return point{k.x + k.w/2, k.y + k.h - 24} }

const (
	sheetWidth  = 450.0
	sheetHeight = 356.0
)

// drawSheet draws a ballot. Signed ones carry the chief officer's signature at the foot.
func (c *canvas) drawSheet(x, y float64, strip color.RGBA, pair string, signed bool) sheet {
	s := sheet{x: x, y: y, w: sheetWidth, h: sheetHeight}
	c.box(x, y, s.w, s.h, paper, grey, 3)
	c.rect(x+2, y+2, s.w-4, 30, strip)
	for i, letter := range []string{"A", "B"} {
		k := column{x: x + 16 + float64(i)*(s.w-24)/2, y: y + 46, w: (s.w - 40) / 2, h: s.h - 116}
		s.columns[i] = k
		c.box(k.x, k.y, k.w, k.h, paper, soft, 3)
		c.circle(k.number().x, k.number().y, 25, pale)
		c.ring(k.number().x, k.number().y, 25, 3, soft)
		c.label(k.number().x, k.number().y+12, 50, style{size: 34, bold: true, middle: true, ink: ink}, letter)
		c.drawPair(k.photo().x, k.photo().y)
		c.label(k.name().x, k.name().y+9, k.w-10, style{size: 30, bold: true, middle: true, ink: ink}, pair+" "+letter)
	}
	c.drawSignature(x+s.w-190, y+s.h-54, signed)
	return s
}

// drawPair draws two grey silhouettes around a point.
func (c *canvas) drawPair(x, y float64) {
	for _, dx := range []float64{-44, 44} {
		c.circle(x+dx, y-30, 20, grey)
		c.polygon(grey, append(arc(point{x + dx, y + 34}, 36, 40, 3.1416, 6.2832), point{x + dx + 36, y + 34})...)
	}
}

// drawSignature draws the place of the signature, filled or empty.
func (c *canvas) drawSignature(x, y float64, signed bool) {
	if !signed {
		for _, e := range [][2]point{{{x, y}, {x + 174, y}}, {{x + 174, y}, {x + 174, y + 44}}, {{x + 174, y + 44}, {x, y + 44}}, {{x, y + 44}, {x, y}}} {
			c.dashes(bad, 4, e[0], e[1])
		}
		c.label(x+87, y+36, 60, style{size: 40, bold: true, middle: true, ink: bad}, "?")
		return
	}
	c.stroke(soft, 2, point{x, y + 40}, point{x + 174, y + 40})
	c.stroke(ink, 4, point{x + 20, y + 30}, point{x + 42, y + 8}, point{x + 50, y + 32}, point{x + 66, y + 12}, point{x + 74, y + 30},
		point{x + 92, y + 18}, point{x + 104, y + 30}, point{x + 122, y + 16}, point{x + 150, y + 22})
}

// hole draws a punched hole and a ring that leads the eye to it.
func (c *canvas) hole(p point, around color.RGBA) {
	c.ring(p.x, p.y, 25, 7, around)
	c.circle(p.x, p.y, 10, ink)
}

// drawCheck and drawCross say the verdict without a colour.
func (c *canvas) drawCheck(x, y float64) {
	c.circle(x, y, 27, good)
	c.stroke(paper, 8, point{x - 12, y + 1}, point{x - 3, y + 11}, point{x + 13, y - 10})
}

func (c *canvas) drawCross(x, y float64) {
	c.circle(x, y, 27, bad)
	c.stroke(paper, 8, point{x - 11, y - 11}, point{x + 11, y + 11})
	c.stroke(paper, 8, point{x + 11, y - 11}, point{x - 11, y + 11})
}

// example is one small ballot with its caption.
type example struct {
	key    string
	draw   func(c *canvas, s sheet)
	signed bool
}

// drawExamples lays examples out in two columns and returns where they end.
func (c *canvas) drawExamples(y float64, g faq.Legend, list []example, verdict func(x, y float64)) float64 {
	caption := style{size: 38, bold: true, ink: ink}
	gap := Width - 2*margin - 2*sheetWidth
	for i := 0; i < len(list); i += 2 {
		height := 0.0
		for j, e := range list[i:min(i+2, len(list))] {
			x := margin + float64(j)*(sheetWidth+gap)
			e.draw(c, c.drawSheet(x, y, rule, g.Words["pasangan"], e.signed))
			verdict(x+30, y+sheetHeight+46)
			c.block(x+74, y+sheetHeight+20, sheetWidth-74, caption, g.Words[e.key])
			height = max(height, c.blockHeight(sheetWidth-74, caption, g.Words[e.key]))
		}
		y += sheetHeight + 20 + max(height, 54) + 40
	}
	return y
}

// drawValid shows six ballots that count.
func drawValid(c *canvas, g faq.Legend) {
	y := c.heading(g.Words["judul"], g.Words["lead"], good)
	holes := func(at func(s sheet) []point) func(*canvas, sheet) {
		return func(c *canvas, s sheet) {
			for _, p := range at(s) {
				c.hole(p, good)
			}
		}
	}
	y = c.drawExamples(y, g, []example{
		{"nomor", holes(func(s sheet) []point { return []point{{s.columns[0].number().x + 21, s.columns[0].number().y + 12}} }), true},
		{"foto", holes(func(s sheet) []point { return []point{{s.columns[1].photo().x - 44, s.columns[1].photo().y + 8}} }), true},
		{"nama", holes(func(s sheet) []point { return []point{{s.columns[0].name().x + 54, s.columns[0].name().y - 4}} }), true},
		{"berulang", holes(func(s sheet) []point {
			return []point{{s.columns[1].photo().x - 40, s.columns[1].photo().y}, {s.columns[1].photo().x + 52, s.columns[1].photo().y + 34}}
		}), true},
		{"garis", holes(func(s sheet) []point { return []point{{s.columns[0].x + 32, s.columns[0].y + s.columns[0].h}} }), true},
		{"lipatan", drawFolded, true},
	}, c.drawCheck)
	c.finish(y, g.Words["ttd"], g.Words["catatan"], g.Words["aturan"])
}

// drawFolded shows a hole that went straight through a fold: the fold's line, the hole and its faint mirror image
// in the blank foot of the paper.
func drawFolded(c *canvas, s sheet) {
	k := s.columns[0]
	fold := k.y + k.h + 9
	c.dashes(soft, 4, point{s.x - 8, fold}, point{s.x + s.w + 8, fold})
	p := point{k.x + 32, fold - 38}
	mirror := point{p.x, fold + 34}
	c.hole(p, good)
	c.circle(mirror.x, mirror.y, 10, soft)
	c.ring(mirror.x, mirror.y, 19, 3, soft)
}

// drawInvalid shows six ballots that do not count.
func drawInvalid(c *canvas, g faq.Legend) {
	y := c.heading(g.Words["judul"], g.Words["lead"], bad)
	y = c.drawExamples(y, g, []example{
		{"dua", func(c *canvas, s sheet) {
			c.hole(point{s.columns[0].photo().x, s.columns[0].photo().y + 20}, bad)
			c.hole(point{s.columns[1].photo().x, s.columns[1].photo().y + 20}, bad)
		}, true},
		{"kosong", func(*canvas, sheet) {}, true},
		{"luar", func(c *canvas, s sheet) { c.hole(point{s.x + 90, s.y + s.h - 32}, bad) }, true},
		{"tulisan", drawScribble, true},
		{"robek", drawTorn, true},
		{"tanpa-ttd", func(c *canvas, s sheet) {
			c.hole(point{s.columns[1].photo().x, s.columns[1].photo().y + 20}, soft)
		}, false},
	}, c.drawCross)
	c.finish(y, g.Words["ttd"], g.Words["catatan"])
}

// drawScribble writes over the ballot with a pen.
func drawScribble(c *canvas, s sheet) {
	k := s.columns[0]
	c.stroke(bad, 7, point{k.x + 14, k.y + 150}, point{k.x + 44, k.y + 96}, point{k.x + 58, k.y + 156}, point{k.x + 92, k.y + 92},
		point{k.x + 104, k.y + 158}, point{k.x + 140, k.y + 100}, point{k.x + 150, k.y + 150}, point{k.x + 196, k.y + 104},
		point{k.x + 230, k.y + 150}, point{k.x + 270, k.y + 100}, point{k.x + 300, k.y + 140})
	c.hole(point{s.columns[1].photo().x + 44, s.columns[1].photo().y + 40}, soft)
}

// drawTorn tears a corner off and burns a ragged hole.
func drawTorn(c *canvas, s sheet) {
	x, y := s.x+s.w, s.y
	edge := []point{{x - 130, y - 6}, {x - 112, y + 26}, {x - 92, y + 18}, {x - 76, y + 56}, {x - 52, y + 48}, {x - 40, y + 88}, {x - 18, y + 84}, {x + 6, y + 122}}
	c.polygon(ground, append(edge, point{x + 8, y - 8})...)
	c.stroke(bad, 5, edge...)
	p := point{s.columns[0].photo().x, s.columns[0].photo().y + 14}
	c.polygon(bad, point{p.x - 34, p.y}, point{p.x - 18, p.y - 14}, point{p.x - 10, p.y - 34}, point{p.x + 8, p.y - 20}, point{p.x + 30, p.y - 26},
		point{p.x + 26, p.y - 4}, point{p.x + 36, p.y + 14}, point{p.x + 14, p.y + 20}, point{p.x + 4, p.y + 36}, point{p.x - 12, p.y + 20}, point{p.x - 32, p.y + 22})
	c.ellipse(p.x, p.y, 17, 15, ink)
}
