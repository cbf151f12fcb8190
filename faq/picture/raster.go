package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"slices"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// png writes the picture with at most 256 colours: that is plenty for flat shapes, and a third of the bytes.
func (c *canvas) png() ([]byte, error) {
	img := c.raster()
	var b bytes.Buffer
	err := png.Encode(&b, indexed(img))
	return b.Bytes(), err
}

// raster draws the marks in their order.
func (c *canvas) raster() *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, int(c.width), int(c.height)))
	draw.Draw(img, img.Bounds(), image.NewUniform(c.ground), image.Point{}, draw.Src)
	for _, m := range c.marks {
		switch {
		case m.text != "":
			c.drawText(img, m)
		case len(m.fill) > 0:
			fill(img, m.ink, m.fill)
		case len(m.line) > 0:
			drawLine(img, m)
		}
	}
	return img
}

// fill fills outlines that all turn the same way. Only the part of the image that they cover is touched.
func fill(img *image.RGBA, ink color.RGBA, outlines ...[]point) {
	lo, hi := outlines[0][0], outlines[0][0]
	for _, ps := range outlines {
		for _, p := range ps {
			lo = point{math.Min(lo.x, p.x), math.Min(lo.y, p.y)}
			hi = point{math.Max(hi.x, p.x), math.Max(hi.y, p.y)}
		}
	}
	box := image.Rect(int(lo.x)-1, int(lo.y)-1, int(hi.x)+2, int(hi.y)+2).Intersect(img.Bounds())
	if box.Empty() {
		return
	}
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	for _, ps := range outlines {
		for i, p := range ps {
			x, y := float32(p.x-float64(box.Min.X)), float32(p.y-float64(box.Min.Y))
			if i == 0 {
				r.MoveTo(x, y)
			} else {
				r.LineTo(x, y)
			}
		}
		r.ClosePath()
	}
	r.Draw(img, box, image.NewUniform(ink), image.Point{})
}

// drawLine fills each stretch of the line and a disc at each of its points. All these turn the same way, so that
// together they fill, and nowhere cancel out.
func drawLine(img *image.RGBA, m mark) {
	var outlines [][]point
	h := m.width / 2
	for i, p := range m.line {
		outlines = append(outlines, arc(p, h, h, 0, 2*math.Pi))
		if i == 0 {
			continue
		}
		q := m.line[i-1]
		d := math.Hypot(p.x-q.x, p.y-q.y)
		if d == 0 {
			continue
		}
		nx, ny := (p.y-q.y)/d*h, -(p.x-q.x)/d*h
		outlines = append(outlines, []point{{q.x + nx, q.y + ny}, {p.x + nx, p.y + ny}, {p.x - nx, p.y - ny}, {q.x - nx, q.y - ny}})
	}
	fill(img, m.ink, outlines...)
}

func (c *canvas) drawText(img *image.RGBA, m mark) {
	f := c.types.face(m.size, m.bold)
	if f == nil {
		return
	}
	x := m.at.x
	if m.middle {
		x -= c.types.width(m.text, style{size: m.size, bold: m.bold}) / 2
	}
	d := font.Drawer{Dst: img, Src: image.NewUniform(m.ink), Face: f, Dot: fixed.Point26_6{
		X: fixed.Int26_6(math.Round(x * 64)), Y: fixed.Int26_6(math.Round(m.at.y * 64)),
	}}
	d.DrawString(m.text)
}

// indexed turns the picture's colours into the 256 that it uses most, the others into the nearest of them. Flat shapes
// make long runs of the same colour: each run is looked up once, which spares nearly all of the work.
func indexed(img *image.RGBA) *image.Paletted {
	type stretch struct {
		of   color.RGBA
		long int
	}
	var runs []stretch
	for i := 0; i < len(img.Pix); {
		px := [4]uint8(img.Pix[i:])
		from := i
		for i += 4; i < len(img.Pix) && [4]uint8(img.Pix[i:]) == px; {
			i += 4
		}
		runs = append(runs, stretch{coarse(px), (i - from) / 4})
	}
	count := map[color.RGBA]int{}
	for _, r := range runs {
		count[r.of] += r.long
	}
	used := make([]color.RGBA, 0, len(count))
	for k := range count {
		used = append(used, k)
	}
	slices.SortFunc(used, func(a, b color.RGBA) int {
		if c := count[b] - count[a]; c != 0 {
			return c
		}
		return (int(a.R)<<16 | int(a.G)<<8 | int(a.B)) - (int(b.R)<<16 | int(b.G)<<8 | int(b.B))
	})
	pal := make(color.Palette, 0, 256)
	for _, k := range used[:min(256, len(used))] {
		pal = append(pal, k)
	}
	place := map[color.RGBA]uint8{}
	for _, k := range used {
		place[k] = uint8(pal.Index(k)) //nolint:gosec // a palette has at most 256 colours
	}
	out := image.NewPaletted(img.Bounds(), pal)
	rest := out.Pix
	for _, r := range runs {
		at := place[r.of]
		for i := range rest[:r.long] {
			rest[i] = at
		}
		rest = rest[r.long:]
	}
	return out
}

// coarse keeps the colours of the flat shapes as they are and rounds the mixtures at their edges.
func coarse(px [4]uint8) color.RGBA {
	k := color.RGBA{px[0], px[1], px[2], 0xff}
	switch k { // the colours that shapes are filled with
	case ink, soft, rule, grey, pale, paper, ground, good, bad, maroon, sky, sogan, petal, cream, sand:
		return k
	}
	return color.RGBA{k.R &^ 15, k.G &^ 15, k.B &^ 15, 0xff}
}
