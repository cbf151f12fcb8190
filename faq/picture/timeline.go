package picture

import (
	"strings"

	"tanya/faq"
)

// drawTimeline shows the stages of an election down a line. What is past carries a check and is grey, what is under
// way stands on a dark bar, what is to come has an empty circle; each also says so in words.
func drawTimeline(c *canvas, g faq.Legend) {
	y := c.heading(g.Words["judul"], g.Words["lead"], good)
	const rail, left = margin + 34.0, margin + 110.0
	width := Width - left - margin
	name, when := style{size: 42, bold: true, ink: ink}, style{size: 38, ink: soft}
	top, last := y+40, y
	at := len(c.marks)
	for _, s := range g.Stages {
		n, w := name, when
		state := g.Words[string(s.State)]
		height := c.blockHeight(width-30, n, s.Label) + c.blockHeight(width-30, w, s.When) + w.lead()
		if s.State == faq.StageNow {
			c.round(left-24, y, width+24, height+34, 18, good)
			n.ink, w.ink = paper, paper
		}
		end := c.block(left, y+12, width-30, n, s.Label)
		end = c.block(left, end, width-30, w, s.When)
		c.label(left, end+w.size, width-30, w, state)
		c.drawState(rail, y+40, s.State)
		last = y + 40
		y += height + 52
	}
	if len(g.Stages) > 1 { // the rail lies below the circles
		c.stroke(rule, 10, point{rail, top}, point{rail, last})
		rail := c.marks[len(c.marks)-1]
		copy(c.marks[at+1:], c.marks[at:len(c.marks)-1])
		c.marks[at] = rail
	}
	c.finish(y, strings.TrimSpace(g.Words["catatan"]))
}

// drawState draws the sign of a stage's state.
func (c *canvas) drawState(x, y float64, s faq.StageState) {
	switch s {
	case faq.StagePast:
		c.circle(x, y, 27, soft)
		c.stroke(paper, 8, point{x - 12, y + 1}, point{x - 3, y + 11}, point{x + 13, y - 10})
	case faq.StageNow:
		c.circle(x, y, 30, good)
		c.circle(x, y, 12, paper)
	case faq.StageComing:
		c.circle(x, y, 27, paper)
		c.ring(x, y, 25, 6, soft)
	}
}
