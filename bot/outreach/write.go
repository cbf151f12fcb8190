package outreach

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Formats lists the forms in which a report can be written.
func Formats() []string { return []string{"text", "csv", "json", "xlsx", "pdf"} }

// Write writes the report in one of Formats.
func (r *Report) Write(w io.Writer, format string) error {
	switch format {
	case "text":
		return r.writeText(w)
	case "csv":
		return r.writeCSV(w)
	case "json":
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(r)
	case "xlsx":
		return r.writeXLSX(w)
	case "pdf":
		return r.writePDF(w)
	}
	return fmt.Errorf("no such format: %s", format)
}

// FileName is what a file of the report is called.
func (r *Report) FileName(format string) string {
	name := "laporan-sosialisasi-" + r.Month
	if r.Activity != "" {
		name += "-" + r.Activity
	}
	if format == "text" {
		format = "txt"
	}
	return name + "." + format
}

// simulatedNote stands on everything that is made of simulated data.
const simulatedNote = "DATA SIMULASI: bukan pertanyaan warga."

func (r *Report) writeText(out io.Writer) error {
	var b strings.Builder
	if r.Simulated {
		b.WriteString(simulatedNote + "\n\n")
	}
	fmt.Fprintf(&b, "%s\n%s\n%s\n\n", r.Title, r.Office, r.Subtitle())
	for _, s := range r.Summary {
		fmt.Fprintf(&b, "- %s\n", s)
	}
	for _, s := range r.Alerts {
		fmt.Fprintf(&b, "! %s\n", s)
	}
	for _, t := range r.Tables {
		fmt.Fprintf(&b, "\n%s\n", t.Title)
		t.writeText(&b)
		if t.Note != "" {
			fmt.Fprintf(&b, "  (%s)\n", t.Note)
		}
	}
	b.WriteString("\nYang tidak dapat dikatakan angka-angka ini\n")
	for _, s := range r.Limits {
		fmt.Fprintf(&b, "- %s\n", s)
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// writeText sets the table in columns, words to the left and numbers to the right.
func (t Table) writeText(b *strings.Builder) {
	if len(t.Rows) == 0 {
		b.WriteString("  belum ada\n")
		return
	}
	width := make([]int, len(t.Columns))
	for i, c := range t.Columns {
		width[i] = utf8.RuneCountInString(c.Title)
		for _, r := range t.Rows {
			width[i] = max(width[i], utf8.RuneCountInString(r.Values[i].String()))
		}
	}
	line := func(cells []string, right func(i int) bool) {
		var l strings.Builder
		for i, s := range cells {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(s))
			if right(i) {
				s = pad + s
			} else {
				s += pad
			}
			l.WriteString("  " + s)
		}
		b.WriteString(strings.TrimRight(l.String(), " ") + "\n")
	}
	var head []string
	for _, c := range t.Columns {
		head = append(head, c.Title)
	}
	line(head, func(i int) bool { return t.number(i) })
	for _, r := range t.Rows {
		var cells []string
		for _, v := range r.Values {
			cells = append(cells, v.String())
		}
		line(cells, func(i int) bool { return t.number(i) })
	}
}

// number reports whether a column holds numbers, in half of its rows or more.
func (t Table) number(i int) bool {
	n := 0
	for _, r := range t.Rows {
		switch r.Values[i].(type) {
		case Figure, Amount, Rate, Range:
			n++
		}
	}
	return n > 0 && 2*n >= len(t.Rows)
}

// writeCSV writes one line for each value: long and narrow, so that one file holds all tables and a program can read it.
func (r *Report) writeCSV(out io.Writer) error {
	w := csv.NewWriter(out)
	w.UseCRLF = true
	lines := [][]string{{"bulan", "kegiatan", "tabel", "baris", "nama", "kolom", "nilai", "dari", "sampai", "teks"}}
	for _, t := range r.Tables {
		for _, row := range t.Rows {
			for i, v := range row.Values[1:] {
				c := cellsOf(v)
				lines = append(lines, append([]string{r.Month, r.Activity, t.ID, harmless(row.Key), harmless(row.Values[0].String()), t.Columns[i+1].Key}, c[:]...))
			}
		}
	}
	if r.Simulated {
		lines = append(lines, []string{r.Month, r.Activity, "catatan", "simulasi", simulatedNote, "", "", "", "", ""})
	}
	for i, s := range r.Limits {
		lines = append(lines, []string{r.Month, r.Activity, "batas", strconv.Itoa(i + 1), s, "", "", "", "", ""})
	}
	return w.WriteAll(lines)
}

// cellsOf takes a value apart: the number, the range around it, and words.
func cellsOf(v Value) (c [4]string) {
	number := func(x float64) string { return strconv.FormatFloat(x, 'f', 0, 64) }
	switch v := v.(type) {
	case Figure:
		switch n, single := v.Single(); {
		case single:
			c[0] = strconv.Itoa(n)
		case v.Shown():
			c[1] = strconv.Itoa(v.lo)
			if v.hi > 0 {
				c[2] = strconv.Itoa(v.hi)
			}
		}
	case Amount:
		c[0] = strconv.Itoa(int(v))
	case Rate:
		switch v.kind {
		case plainRate:
			c[0], c[1], c[2] = number(v.Percent), number(v.Low), number(v.High)
		case atLeast:
			c[1] = number(v.Percent)
		case atMost:
			c[2] = number(v.Percent)
		}
	case Range:
		if v.some {
			if v.points {
				c[0] = number(v.Mid)
			}
			c[1], c[2] = number(v.Low), number(v.High)
		}
	default:
		c[3] = harmless(v.String())
	}
	return c
}

// harmless keeps a spreadsheet from taking words for a formula.
func harmless(s string) string {
	if first, _ := utf8.DecodeRuneInString(s); s != "" && s != "-" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		return "'" + s
	}
	return s
}
