package bot_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tanya/bot"
	"tanya/faq"
)

// TestFindingsSpeakToStaff takes every sentence that the lint can write about what the desk edits, and holds that staff
// read no word of a file in it: titles for ids, languages by name, fields by what the form calls them.
func TestFindingsSpeakToStaff(t *testing.T) {
	ed, err := faq.Load(faq.Content())
	if err != nil {
		t.Fatal(err)
	}
	title := ed.Entry("jam-tps").Title[faq.Indonesian]
	files := regexp.MustCompile(`\.yaml|\bentri\b|\bEntri\b|"(id|jv|en|easy|selalu)"|\((id|jv|en)\)|\bphases\b|\buntil\b|\brules\b|%!`)
	elsewhere := regexp.MustCompile(`Berkas|Pemilihan %q (?:tertulis|menyebut)|Situs %q harus|bertopik`) // no form of the desk can cause these
	verb := regexp.MustCompile(`%[qsdv]`)
	sources, err := filepath.Glob("../faq/l*.go")
	if err != nil {
		t.Fatal(err)
	}
	formats := map[string]string{} // by the sentence: the file that it is about, as the source names it
	for _, source := range sources {
		tree, err := parser.ParseFile(token.NewFileSet(), source, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			place := map[string]int{"add": 3, "advise": 3, "once": 3, "problem": 2}
			if !ok || place[method.Sel.Name] == 0 || len(call.Args) <= place[method.Sel.Name] {
				return true
			}
			literal, ok := call.Args[place[method.Sel.Name]].(*ast.BasicLit)
			if !ok {
				return true
			}
			format, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			var file bytes.Buffer
			if err := printer.Fprint(&file, token.NewFileSet(), call.Args[0]); err != nil {
				t.Fatal(err)
			}
			about := file.String()
			if slices.Contains([]string{"e.File", "f.File", "w.file", "file", "name"}, about) && !elsewhere.MatchString(format) && format != "%s" {
				formats[format] = about
			}
			return true
		})
	}
	for format, about := range formats {
		said := verb.ReplaceAllStringFunc(format, func(v string) string { return map[string]string{"%q": `"Q"`, "%s": "tps", "%d": "3", "%v": "x"}[v] })
		said = regexp.MustCompile(`([Ee]ntri(?: terkait)?) "Q"`).ReplaceAllString(said, `$1 "jam-tps"`)
		said = regexp.MustCompile(`([Tt]eks|[Jj]awaban|[Kk]ata) "Q"`).ReplaceAllString(said, `$1 "jv"`)
		said = strings.ReplaceAll(strings.ReplaceAll(said, `masa "Q"`, `masa "selalu"`), "(tps)", "(en)")
		p := faq.Problem{File: ed.Entry("jam-tps").File, Message: said}
		if about == "f.File" || strings.HasPrefix(format, "Fakta %q sudah ada") {
			p.File = "facts/tps.yaml"
		}
		got := bot.Plainly(ed, p)
		if strings.HasPrefix(p.File, "entries/") && !strings.HasPrefix(got, `Jawaban "`+title+`": `) {
			t.Errorf("%q does not say where: %s", format, got)
		}
		if bad := files.FindString(got); bad != "" {
			t.Errorf("%q becomes %q, which holds %q", format, got, bad)
		}
	}
	if len(formats) < 40 {
		t.Errorf("only %d sentences were found", len(formats))
	}
	for _, tt := range []struct {
		p    faq.Problem
		want string
	}{
		{faq.Problem{File: "facts/jadwal.yaml", Line: 6, Message: "Sumber tanpa judul. Isi siapa yang mengatakannya."}, "Fakta jadwal pendaftaran paslon: Sumber tanpa judul. Isi siapa yang mengatakannya."},
		{faq.Problem{File: ed.Entry("jam-tps").File, Message: `Teks "jv/disabilitas" masa "sesudah" panjangnya 700 huruf; paling banyak 600.`}, `Jawaban "` + title + `": Teks Jawa untuk disabilitas masa sesudah panjangnya 700 huruf; paling banyak 600.`},
		{faq.Problem{File: faq.GoldFile, Message: "Berkas pertanyaan uji tidak terbaca."}, "Pertanyaan uji: Berkas pertanyaan uji tidak terbaca."},
		{faq.Problem{File: "rules.yaml", Message: `Entri "jam-tps" di rules.yaml tidak ada.`}, `Berkas rules.yaml: Jawaban "` + title + `" di rules.yaml tidak ada.`},
	} {
		if got := bot.Plainly(ed, tt.p); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}
