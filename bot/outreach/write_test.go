package outreach

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tanya/bot"
	"tanya/bot/bottest"
)

// written makes the reports of a season whose activities and places are named like formulas.
func written(t *testing.T, simulated bool) []*Report {
	t.Helper()
	ed := loadEdition(t)
	w := makeSeason(rand.New(rand.NewPCG(7, 5)), ed, 900)
	for i := range w.activities {
		w.activities[i].Name = []string{`=HYPERLINK("http://x","y")`, "+1+1", "-2+3", "@SUM(A1)", "\t=1", "＝1+1"}[i%6]
		w.activities[i].Partner, w.activities[i].District = "=1+2", []string{"=A1", "Cepu"}[i%2]
	}
	m := maker(w, ed)
	if simulated {
		m.Simulated = func(context.Context) (bool, error) { return true, nil }
	}
	month, err := m.Month(t.Context(), november, Outside)
	check(t, err)
	one, err := m.Activity(t.Context(), november, busiest(w), Outside)
	check(t, err)
	return []*Report{month, one}
}

// busiest is the activity that most questions came by.
func busiest(w *world) string {
	n := map[string]int{}
	best := ""
	for _, q := range w.questions {
		if n[q.activity]++; q.activity != "" && n[q.activity] >= n[best] {
			best = q.activity
		}
	}
	return best
}

func write(t *testing.T, r *Report, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	check(t, r.Write(&b, format))
	return b.Bytes()
}

// workbook reads the sheets of a file the way any program does that knows the format.
func workbook(t *testing.T, file []byte) map[string][]xlsxRow {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	check(t, err)
	part := func(name string, into any) {
		f, err := z.Open(name)
		check(t, err)
		raw, err := io.ReadAll(f)
		check(t, err)
		check(t, xml.Unmarshal(raw, into))
	}
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
		} `xml:"sheets>sheet"`
	}
	part("xl/workbook.xml", &book)
	out := map[string][]xlsxRow{}
	for i, s := range book.Sheets {
		var sheet struct {
			Rows []xlsxRow `xml:"sheetData>row"`
		}
		part(fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), &sheet)
		out[s.Name] = sheet.Rows
	}
	return out
}

type xlsxRow struct {
	Cells []xlsxCell `xml:"c"`
}

type xlsxCell struct {
	At      string `xml:"r,attr"`
	Type    string `xml:"t,attr"`
	Style   string `xml:"s,attr"`
	Number  string `xml:"v"`
	Words   string `xml:"is>t"`
	Formula *struct {
		Text string `xml:",chardata"`
	} `xml:"f"`
}

// TestWorkbook reads a workbook back: every number is a number, every share a percentage, words are words however they
// begin, and nothing is a formula.
func TestWorkbook(t *testing.T) {
	numbers, shares, traps := 0, 0, 0
	for _, r := range written(t, false) {
		book := workbook(t, write(t, r, "xlsx"))
		if len(book) != len(r.Tables)+1 {
			t.Errorf("%s: %d sheets for %d tables", r.Title, len(book), len(r.Tables))
		}
		for name, rows := range book {
			for _, row := range rows {
				for _, c := range row.Cells {
					switch {
					case c.Formula != nil:
						t.Errorf("%s %s is a formula", name, c.At)
					case c.Type == "inlineStr" && c.Number != "", c.Type != "inlineStr" && c.Type != "":
						t.Errorf("%s %s has the type %q", name, c.At, c.Type)
					case strings.IndexAny(c.Words, "=+-@\t") == 0 && c.Words != "-":
						traps++
					}
				}
			}
		}
		for _, table := range r.Tables {
			rows := book[table.ID]
			for i, row := range table.Rows {
				column := 0
				for j, v := range row.Values {
					at := fmt.Sprintf("%s%d", string(rune('A'+column)), i+4) // under title, note and heading
					if column > 25 {
						t.Fatalf("%s has more columns than this test names", table.ID)
					}
					cell := func() xlsxCell {
						for _, c := range rows[i+3].Cells {
							if c.At == at {
								return c
							}
						}
						return xlsxCell{}
					}()
					n, err := strconv.ParseFloat(cell.Number, 64)
					is := func(want float64, style string) {
						t.Helper()
						if err != nil || math.Abs(n-want) > 1e-9 || cell.Type != "" || cell.Style != style {
							t.Errorf("%s %s: %+v, want the number %v", table.ID, at, cell, want)
						}
					}
					switch v := v.(type) {
					case Amount:
						numbers++
						is(float64(v), strconv.Itoa(numberCell))
					case Figure:
						if k, ok := v.Single(); ok {
							numbers++
							is(float64(k), strconv.Itoa(numberCell))
						}
					case Rate:
						if v.kind == plainRate {
							shares++
							is(v.Percent/100, strconv.Itoa(percentCell))
						}
					case Text:
						if cell.Words != string(v) && !strings.ContainsAny(string(v), "\t") {
							t.Errorf("%s %s: %q, want %q", table.ID, at, cell.Words, v)
						}
					}
					column++
					if table.wide(j) {
						column += 2
					}
				}
			}
		}
	}
	if numbers < 100 || shares < 20 || traps < 10 {
		t.Errorf("%d numbers, %d shares and %d words like formulas: too few to show anything", numbers, shares, traps)
	}
}

// TestCSVIsHarmless reads the file back and looks at how cells begin: a spreadsheet runs what begins like a formula.
func TestCSVIsHarmless(t *testing.T) {
	quoted := 0
	for _, r := range written(t, false) {
		lines, err := csv.NewReader(bytes.NewReader(write(t, r, "csv"))).ReadAll()
		check(t, err)
		for _, line := range lines {
			for _, cell := range line {
				if _, err := strconv.ParseFloat(cell, 64); cell == "" || cell == "-" || err == nil {
					continue
				}
				if strings.HasPrefix(cell, "'") {
					quoted++
				}
				if strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(cell)[0]) {
					t.Errorf("%s: the cell %q runs as a formula", r.Title, cell)
				}
			}
		}
	}
	if quoted < 10 {
		t.Errorf("only %d cells were made harmless", quoted)
	}
}

// pageTexts is what each page of a PDF says.
func pageTexts(t *testing.T, pdf []byte) []string {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		bottest.Missing(t, "poppler", "install poppler-utils")
	}
	file := filepath.Join(t.TempDir(), "a.pdf")
	check(t, os.WriteFile(file, pdf, 0o600))
	out, err := exec.CommandContext(t.Context(), "pdftotext", "-raw", file, "-").Output()
	check(t, err)
	return strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
}

// TestPrintIsComplete: two pages hold or name every table of the report; base rates and what the numbers cannot tell are
// there in full.
func TestPrintIsComplete(t *testing.T) {
	for _, r := range written(t, false) {
		pages := pageTexts(t, write(t, r, "pdf"))
		if len(pages) != 2 {
			t.Errorf("%s has %d pages", r.Title, len(pages))
			continue
		}
		all := strings.Join(strings.Fields(strings.Join(pages, " ")), " ")
		for _, table := range r.Tables {
			if len(table.Rows) > 0 && !strings.Contains(all, table.Title) {
				t.Errorf("%s: the table %q is neither printed nor named", r.Title, table.Title)
			}
		}
		words := append([]string{}, r.Limits...)
		for _, row := range r.Table("dasar").Rows {
			words = append(words, row.Values[0].String()+" "+row.Values[1].String())
		}
		for _, row := range r.Table("adil").Rows {
			words = append(words, row.Values[0].String()+" "+row.Values[1].String()+" "+row.Values[2].String())
		}
		for _, s := range append(words, r.Summary...) {
			if !strings.Contains(all, s) {
				t.Errorf("%s: the print lacks %q", r.Title, s)
			}
		}
		if strings.Contains(all, "…") {
			t.Errorf("%s: words are cut off: %q", r.Title, all[max(0, strings.Index(all, "…")-30):strings.Index(all, "…")])
		}
	}
}

// TestSimulatedReportsSaySo: every page, every sheet and every file of a made-up season says that it is made up, and no
// other does.
func TestSimulatedReportsSaySo(t *testing.T) {
	const mark = "DATA SIMULASI"
	for _, simulated := range []bool{true, false} {
		for _, r := range written(t, simulated) {
			for _, format := range Formats() {
				file := write(t, r, format)
				parts := map[string]string{format: string(file)}
				switch format {
				case "pdf":
					parts = map[string]string{}
					for i, page := range pageTexts(t, file) {
						parts[fmt.Sprint("page ", i+1)] = page
					}
				case "xlsx":
					parts = map[string]string{}
					for name, rows := range workbook(t, file) {
						parts[name] = fmt.Sprint(rows)
					}
				case "json":
					var v struct{ Simulated bool }
					check(t, json.Unmarshal(file, &v))
					if v.Simulated != simulated {
						t.Errorf("%s: JSON says %t", r.Title, v.Simulated)
					}
				}
				for name, part := range parts {
					if strings.Contains(part, mark) != simulated {
						t.Errorf("%s, %s %s: simulated is %t", r.Title, format, name, simulated)
					}
				}
			}
		}
	}
}

// TestReportPageLeavesItToTheDesk: the desk says above every page that the data is made up; the page of a report does not
// say it again.
func TestReportPageLeavesItToTheDesk(t *testing.T) {
	p, _, _ := openPages(t)
	p.Maker.Simulated = func(context.Context) (bool, error) { return true, nil }
	_, body, err := p.Report(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/laporan", nil), bot.Staff{})
	check(t, err)
	if s := strings.ToLower(string(body)); !strings.Contains(s, "unduh") || strings.Contains(s, "data simulasi") {
		t.Error("the page says that its data is simulated, as the desk does above it")
	}
}
