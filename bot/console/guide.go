package console

import (
	_ "embed"
	"html/template"
	"net/http"
	"regexp"
	"strings"
)

// guide is the guide for staff. docs/panduan-petugas.md is the same text; there it has pictures, here the pages
// themselves are one step away.
//
//go:embed panduan.md
var guide string

type helpPage struct {
	Page
	Guide template.HTML
}

// help shows the guide.
func (c *Console) help(q *request) error {
	return c.show(q, http.StatusOK, "bantuan", helpPage{c.page(q, "Bantuan", "bantuan"), renderGuide(guide)})
}

// renderGuide turns the guide into a page: headings, paragraphs, lists of one level, tables, and in a line what is bold
// or code. The first heading is the page's own and is left out, pictures are too.
func renderGuide(s string) template.HTML {
	var b strings.Builder
	for block := range strings.SplitSeq(strings.TrimSpace(s), "\n\n") {
		lines := strings.Split(block, "\n")
		switch first := lines[0]; {
		case strings.HasPrefix(first, "# "), strings.HasPrefix(first, "!["):
		case strings.HasPrefix(first, "## "):
			b.WriteString("<h2>" + inline(first[3:]) + "</h2>\n")
		case strings.HasPrefix(first, "- "):
			list(&b, "ul", lines, regexp.MustCompile(`^- `))
		case strings.HasPrefix(first, "1. "):
			list(&b, "ol", lines, regexp.MustCompile(`^\d+\. `))
		case strings.HasPrefix(first, "| "):
			table(&b, lines)
		default:
			b.WriteString("<p>" + inline(strings.Join(lines, " ")) + "</p>\n")
		}
	}
	return template.HTML(b.String()) // made of our own text, escaped by inline
}

func list(b *strings.Builder, kind string, lines []string, mark *regexp.Regexp) {
	b.WriteString("<" + kind + ">")
	for _, l := range lines {
		b.WriteString("<li>" + inline(mark.ReplaceAllString(l, "")) + "</li>")
	}
	b.WriteString("</" + kind + ">\n")
}

func table(b *strings.Builder, lines []string) {
	b.WriteString(`<div class="gulir" tabindex="0" role="region" aria-label="Tabel"><table>`)
	for i, l := range lines {
		if i == 1 {
			continue // the rule below the head
		}
		b.WriteString("<tr>")
		for _, cell := range strings.Split(strings.Trim(l, "| "), " | ") {
			tag := "td"
			if i == 0 {
				tag = `th scope="col"`
			}
			b.WriteString("<" + tag + ">" + inline(cell) + "</" + tag[:2] + ">")
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</table></div>\n")
}

var boldMark, codeMark = regexp.MustCompile(`\*\*(.+?)\*\*`), regexp.MustCompile("`(.+?)`")

// inline escapes a line and marks what is bold or code.
func inline(s string) string {
	s = boldMark.ReplaceAllString(template.HTMLEscapeString(s), "<strong>$1</strong>")
	return codeMark.ReplaceAllString(s, "<code>$1</code>")
}
