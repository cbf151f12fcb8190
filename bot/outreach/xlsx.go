package outreach

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// writeXLSX writes a workbook (ECMA-376, transitional) with one sheet for each table. Cells have types: numbers are
// numbers, shares are percentages, words are inline strings, which no spreadsheet takes for a formula. Rates and intervals
// take three cells, so that they can be calculated with.
func (r *Report) writeXLSX(out io.Writer) error {
	z := zip.NewWriter(out)
	sheets := r.sheets()
	var types, rels, names strings.Builder
	for i, s := range sheets {
		n := i + 1
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`, n)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet%d.xml"/>`, n, n)
		fmt.Fprintf(&names, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, escape(s.name), n, n)
	}
	const head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	const pkg = "http://schemas.openxmlformats.org/package/2006/"
	const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	parts := [][2]string{
		{"[Content_Types].xml", `<Types xmlns="` + pkg + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>` + types.String() + `</Types>`},
		{"_rels/.rels", `<Relationships xmlns="` + pkg + `relationships"><Relationship Id="rId1" Type="` + office + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns="` + main + `" xmlns:r="` + office + `"><sheets>` + names.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + pkg + `relationships">` + rels.String() +
			fmt.Sprintf(`<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/></Relationships>`, len(sheets)+1, office)},
		{"xl/styles.xml", `<styleSheet xmlns="` + main + `"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
			`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>` +
			`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
			`<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>` +
			`<xf numFmtId="3" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="9" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
			`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment horizontal="right"/></xf></cellXfs></styleSheet>`},
	}
	for i, s := range sheets {
		parts = append(parts, [2]string{fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), s.xml(main)})
	}
	for _, p := range parts {
		w, err := z.CreateHeader(&zip.FileHeader{Name: p[0], Method: zip.Deflate})
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, head+p[1]); err != nil {
			return err
		}
	}
	return z.Close()
}

// The styles of styles.xml.
const (
	plainCell = iota
	boldCell
	numberCell
	percentCell
	rightCell
)

// sheetCell is one cell: a number or words.
type sheetCell struct {
	style  int
	number float64
	words  string
	typed  bool // it is a number
}

type sheet struct {
	name string
	rows [][]sheetCell
}

func words(style int, s string) sheetCell { return sheetCell{style: style, words: s} }

// sheets lays the report out: a cover, then each table.
func (r *Report) sheets() []sheet {
	cover := sheet{name: "Laporan"}
	line := func(style int, s string) { cover.rows = append(cover.rows, []sheetCell{words(style, s)}) }
	if r.Simulated {
		line(boldCell, simulatedNote)
	}
	line(boldCell, r.Title)
	line(plainCell, r.Office)
	line(plainCell, r.Subtitle())
	for _, s := range append(append([]string{}, r.Summary...), r.Alerts...) {
		line(plainCell, s)
	}
	line(boldCell, "Yang tidak dapat dikatakan angka-angka ini")
	for _, s := range r.Limits {
		line(plainCell, s)
	}
	out := []sheet{cover}
	used := map[string]bool{cover.name: true}
	for _, t := range r.Tables {
		s := sheet{name: sheetName(t.ID, used)}
		if r.Simulated {
			s.rows = append(s.rows, []sheetCell{words(boldCell, simulatedNote)})
		}
		s.rows = append(s.rows, []sheetCell{words(boldCell, t.Title)}, []sheetCell{words(plainCell, t.Note)})
		var head []sheetCell
		for i, c := range t.Columns {
			head = append(head, words(boldCell, c.Title))
			if t.wide(i) {
				head = append(head, words(boldCell, "dari"), words(boldCell, "sampai"))
			}
		}
		s.rows = append(s.rows, head)
		for _, row := range t.Rows {
			var cells []sheetCell
			for i, v := range row.Values {
				cells = append(cells, sheetCells(v, t.wide(i))...)
			}
			s.rows = append(s.rows, cells)
		}
		out = append(out, s)
	}
	return out
}

// wide reports whether a column holds intervals.
func (t Table) wide(i int) bool {
	for _, r := range t.Rows {
		switch r.Values[i].(type) {
		case Rate, Range:
			return true
		}
	}
	return false
}

// sheetName is a name that a sheet may have: at most 31 characters, none of them special, none twice.
func sheetName(id string, used map[string]bool) string {
	name := id[:min(28, len(id))]
	for n := 2; used[name]; n++ {
		name = id[:min(28, len(id))] + strconv.Itoa(n)
	}
	used[name] = true
	return name
}

func sheetCells(v Value, wide bool) []sheetCell {
	num := func(style int, x float64) sheetCell { return sheetCell{style: style, number: x, typed: true} }
	var out []sheetCell
	switch v := v.(type) {
	case Figure:
		if n, ok := v.Single(); ok {
			out = append(out, num(numberCell, float64(n)))
		} else {
			out = append(out, words(rightCell, v.String()))
		}
	case Amount:
		out = append(out, num(numberCell, float64(v)))
	case Rate:
		if v.kind == plainRate {
			out = append(out, num(percentCell, v.Percent/100), num(percentCell, v.Low/100), num(percentCell, v.High/100))
		} else {
			out = append(out, words(rightCell, v.String()))
		}
	case Range:
		switch {
		case !v.some:
			out = append(out, words(rightCell, v.String()))
		case v.points:
			out = append(out, num(percentCell, v.Mid/100), num(percentCell, v.Low/100), num(percentCell, v.High/100))
		default:
			out = append(out, num(numberCell, v.Mid), num(numberCell, v.Low), num(numberCell, v.High))
		}
	default:
		out = append(out, words(plainCell, v.String()))
	}
	for wide && len(out) < 3 {
		out = append(out, words(plainCell, ""))
	}
	return out
}

func (s sheet) xml(ns string) string {
	var b strings.Builder
	b.WriteString(`<worksheet xmlns="` + ns + `"><cols>`)
	for i := range s.columns() {
		fmt.Fprintf(&b, `<col min="%d" max="%d" width="%d" customWidth="1"/>`, i+1, i+1, s.width(i))
	}
	b.WriteString(`</cols><sheetData>`)
	for i, row := range s.rows {
		fmt.Fprintf(&b, `<row r="%d">`, i+1)
		for j, c := range row {
			at := column(j) + strconv.Itoa(i+1)
			switch {
			case c.typed:
				fmt.Fprintf(&b, `<c r="%s" s="%d"><v>%s</v></c>`, at, c.style, strconv.FormatFloat(c.number, 'f', -1, 64))
			case c.words != "":
				fmt.Fprintf(&b, `<c r="%s" s="%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, at, c.style, escape(c.words))
			}
		}
		b.WriteString(`</row>`)
	}
	b.WriteString(`</sheetData></worksheet>`)
	return b.String()
}

func (s sheet) columns() int {
	n := 1
	for _, r := range s.rows {
		n = max(n, len(r))
	}
	return n
}

// width is how wide a column is in characters; titles that stand alone in their row may run over.
func (s sheet) width(i int) int {
	n := 9
	for _, r := range s.rows {
		if i < len(r) && len(r) > 1 {
			n = max(n, min(48, utf8.RuneCountInString(r[i].words)+2))
		}
	}
	return n
}

// column names a column: A, B, ... Z, AA.
func column(i int) string {
	s := ""
	for i++; i > 0; i = (i - 1) / 26 {
		s = string(rune('A'+(i-1)%26)) + s
	}
	return s
}

// escape writes words for XML; what XML cannot hold is dropped.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' {
			return -1
		}
		return r
	}, s)))
	return b.String()
}
