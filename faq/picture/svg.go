package picture

import (
	"fmt"
	"html"
	"image/color"
	"strconv"
	"strings"

	"tanya/faq"
)

// svg writes the picture as a drawing that a browser scales. Each line of text carries its measured width, so that
// it stays inside its place with whatever letters the reader's machine has.
func (c *canvas) svg(alt string, lang faq.Lang) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %s" role="img" lang="%s" aria-labelledby="judul isi">`,
		Width, num(c.height), lang)
	fmt.Fprintf(&b, "\n<title id=\"judul\">%s</title>\n<desc id=\"isi\">%s</desc>\n", html.EscapeString(c.title), html.EscapeString(alt))
	fmt.Fprintf(&b, "<rect width=\"%d\" height=\"%s\" fill=\"%s\"/>\n<g font-family=\"Go, 'Noto Sans', Arial, sans-serif\">\n",
		Width, num(c.height), hex(ground))
	for _, m := range c.marks {
		switch {
		case m.text != "":
			c.svgText(&b, m)
		case len(m.fill) > 0:
			fmt.Fprintf(&b, "<path fill=\"%s\" d=\"%sZ\"/>\n", hex(m.ink), trace(m.fill))
		case len(m.line) > 0:
			fmt.Fprintf(&b, "<path fill=\"none\" stroke=\"%s\" stroke-width=\"%s\" stroke-linecap=\"round\" stroke-linejoin=\"round\" d=\"%s\"/>\n",
				hex(m.ink), num(m.width), trace(m.line))
		}
	}
	b.WriteString("</g>\n</svg>\n")
	return []byte(b.String())
}

func (c *canvas) svgText(b *strings.Builder, m mark) {
	attr := ""
	if m.bold {
		attr = ` font-weight="700"`
	}
	if m.middle {
		attr += ` text-anchor="middle"`
	}
	w := c.types.width(m.text, style{size: m.size, bold: m.bold})
	fmt.Fprintf(b, "<text x=\"%s\" y=\"%s\" font-size=\"%s\" fill=\"%s\"%s textLength=\"%s\" lengthAdjust=\"spacingAndGlyphs\">%s</text>\n",
		num(m.at.x), num(m.at.y), num(m.size), hex(m.ink), attr, num(w), html.EscapeString(m.text))
}

// trace writes points as a path.
func trace(ps []point) string {
	var b strings.Builder
	for i, p := range ps {
		b.WriteByte("ML"[min(i, 1)])
		b.WriteString(num(p.x) + " " + num(p.y))
	}
	return b.String()
}

func num(x float64) string { return strconv.FormatFloat(round1(x), 'f', -1, 64) }

func hex(c color.RGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }
