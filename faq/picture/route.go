package picture

import (
	"strconv"

	"tanya/faq"
)

// drawRoute shows the six steps through the polling place, one below the other, each with its drawing.
func drawRoute(c *canvas, g faq.Legend) {
	y := c.heading(g.Words["judul"], g.Words["lead"], good)
	name, text := style{size: 46, bold: true, ink: ink}, style{size: 39, ink: ink}
	const icon = 210.0
	left := margin + icon + 56
	width := Width - left - margin - 20
	steps := []struct {
		key  string
		draw func(c *canvas, x, y float64)
	}{{"daftar", drawDesk}, {"tunggu", drawChair}, {"terima", drawTwoSheets}, {"coblos", drawBooth}, {"kotak", drawBox}, {"tinta", drawInk}}
	for i, s := range steps {
		height := max(icon, 40+c.blockHeight(width-80, name, g.Words[s.key])+c.blockHeight(width, text, g.Words[s.key+"-isi"]))
		c.round(margin, y, Width-2*margin, height, 22, paper)
		c.round(margin, y, icon+16, height, 22, pale)
		s.draw(c, margin+(icon+16)/2, y+height/2)
		c.circle(left+26, y+44, 30, good)
		c.label(left+26, y+58, 60, style{size: 40, bold: true, middle: true, ink: paper}, strconv.Itoa(i+1))
		end := c.block(left+74, y+20, width-74, name, g.Words[s.key])
		c.block(left, max(end+6, y+86), width, text, g.Words[s.key+"-isi"])
		y += height
		if i+1 < len(steps) {
			x := margin + (icon+16)/2
			c.stroke(good, 10, point{x, y + 8}, point{x, y + 24})
			c.polygon(good, point{x - 18, y + 22}, point{x + 18, y + 22}, point{x, y + 44})
		}
		y += 52
	}
	c.finish(y, g.Words["aturan"])
}

// drawPerson draws a grey figure whose feet or seat is at the point.
func (c *canvas) drawPerson(x, y float64) {
	c.circle(x, y-84, 22, soft)
	c.polygon(soft, append(arc(point{x, y}, 32, 56, 3.1416, 6.2832), point{x + 32, y})...)
}

// drawDesk is a table with an officer and the list.
func drawDesk(c *canvas, x, y float64) {
	c.drawPerson(x-30, y+24)
	c.rect(x-88, y+24, 176, 16, ink)
	c.rect(x-76, y+40, 12, 44, ink)
	c.rect(x+64, y+40, 12, 44, ink)
	c.box(x+20, y-30, 52, 54, paper, ink, 4)
	for i := range 3 {
		c.stroke(ink, 4, point{x + 30, y - 16 + float64(i)*14}, point{x + 62, y - 16 + float64(i)*14})
	}
}

// drawChair is somebody sitting on a chair.
func drawChair(c *canvas, x, y float64) {
	c.circle(x-14, y-56, 22, soft)
	c.stroke(soft, 34, point{x - 14, y - 14}, point{x - 14, y + 20})
	c.stroke(soft, 26, point{x - 8, y + 26}, point{x + 34, y + 26}, point{x + 36, y + 70})
	c.stroke(ink, 10, point{x - 48, y - 34}, point{x - 48, y + 82})
	c.stroke(ink, 10, point{x - 48, y + 46}, point{x + 22, y + 46}, point{x + 22, y + 82})
}

// drawTwoSheets is two ballots, one with the signature.
func drawTwoSheets(c *canvas, x, y float64) {
	c.box(x-70, y-76, 96, 128, paper, ink, 5)
	c.rect(x-68, y-74, 92, 20, soft)
	c.box(x-26, y-44, 96, 128, paper, ink, 5)
	c.rect(x-24, y-42, 92, 20, grey)
	for _, dx := range []float64{-8, 30} {
		c.box(x-4+dx, y-10, 28, 40, pale, soft, 3)
	}
	c.stroke(ink, 4, point{x - 10, y + 66}, point{x + 4, y + 50}, point{x + 12, y + 66}, point{x + 26, y + 54}, point{x + 36, y + 64}, point{x + 54, y + 58})
}

// drawBooth is a voter behind the screen of the booth, with the nail.
func drawBooth(c *canvas, x, y float64) {
	c.drawPerson(x, y+14)
	c.polygon(paper, point{x - 84, y - 8}, point{x - 84, y + 84}, point{x + 84, y + 84}, point{x + 84, y - 8}, point{x + 56, y + 16}, point{x - 56, y + 16})
	c.stroke(ink, 6, point{x - 84, y - 8}, point{x - 84, y + 84}, point{x + 84, y + 84}, point{x + 84, y - 8}, point{x + 56, y + 16}, point{x - 56, y + 16}, point{x - 84, y - 8})
	c.box(x+2, y+32, 50, 40, pale, soft, 4)
	c.stroke(ink, 7, point{x - 18, y + 30}, point{x + 22, y + 54})
	c.stroke(ink, 7, point{x - 23, y + 37}, point{x - 14, y + 23})
}

// drawBox is a ballot box with a ballot going in.
func drawBox(c *canvas, x, y float64) {
	c.box(x-36, y-82, 72, 70, paper, ink, 5)
	c.stroke(soft, 4, point{x - 20, y - 62}, point{x + 20, y - 62})
	c.stroke(soft, 4, point{x - 20, y - 46}, point{x + 20, y - 46})
	c.rect(x-84, y-16, 168, 24, ink)
	c.rect(x-50, y-12, 100, 7, paper)
	c.box(x-74, y+8, 148, 76, soft, ink, 5)
	c.round(x-22, y+28, 44, 34, 6, paper)
	c.circle(x, y+42, 7, ink)
}

// drawInk is a hand that dips one finger into a bottle of ink.
func drawInk(c *canvas, x, y float64) {
	c.round(x-46, y-98, 92, 46, 22, soft)
	c.stroke(soft, 32, point{x, y - 66}, point{x, y - 14})
	c.polygon(ink, append(arc(point{x, y - 14}, 16, 16, 0, 3.1416), point{x - 16, y - 30}, point{x + 16, y - 30})...)
	c.round(x-58, y+18, 116, 72, 14, ink)
	c.rect(x-30, y+4, 60, 18, ink)
	c.round(x-38, y+30, 76, 48, 6, paper)
	c.polygon(ink, append(arc(point{x, y + 60}, 13, 13, 0, 3.1416), point{x - 10, y + 52}, point{x, y + 34}, point{x + 10, y + 52})...)
}
