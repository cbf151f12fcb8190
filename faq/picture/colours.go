package picture

import (
	"image/color"

	"tanya/faq"
)

// drawColours shows the two ballots of a regional election with the colour that marks each. The word for the
// colour stands on it.
func drawColours(c *canvas, g faq.Legend) {
	y := c.heading(g.Words["judul"], g.Words["lead"], ink)
	gap := Width - 2*margin - 2*sheetWidth
	low := y
	for i, b := range []struct {
		key         string
		strip, text color.RGBA
	}{{"gubernur", maroon, paper}, {"bupati", sky, ink}} {
		x := margin + float64(i)*(sheetWidth+gap)
		c.round(x, y, sheetWidth, 150, 16, b.strip)
		c.label(x+sheetWidth/2, y+68, sheetWidth-20, style{size: 54, bold: true, middle: true, ink: b.text}, g.Words[b.key])
		c.label(x+sheetWidth/2, y+122, sheetWidth-20, style{size: 42, middle: true, ink: b.text}, g.Words[b.key+"-warna"])
		c.drawSheet(x, y+170, b.strip, g.Words["pasangan"], true)
		end := c.block(x, y+170+sheetHeight+24, sheetWidth, style{size: 38, bold: true, ink: ink}, g.Words[b.key+"-isi"])
		low = max(low, end)
	}
	y = c.block(margin, low+30, Width-2*margin, style{size: 40, ink: ink}, g.Words["warna"])
	y = c.block(margin, y+10, Width-2*margin, style{size: 40, ink: ink}, g.Words["pindah"])
	c.finish(y+16, g.Words["catatan"])
}
