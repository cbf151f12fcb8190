package export

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"tanya/faq"
	"tanya/faq/picture"
)

var update = flag.Bool("update", false, "write the golden files anew")

// days are before, on and after voting day, and a year when nothing is scheduled.
func days() []string { return []string{"2024-06-01", "2024-11-27", "2024-12-20", "2026-11-24"} }

// words are what stands around answers, for the tests.
func words() map[faq.Lang]Words {
	w := Words{
		Language: "Bahasa Indonesia", Title: "Jawaban resmi seputar pemilihan", Office: "KPU Kabupaten Blora",
		Topics: map[string]string{
			"jadwal": "Jadwal pemilihan", "hak-pilih": "Hak pilih dan daftar", "tps": "Di TPS", "akses": "Disabilitas dan lansia",
			"politik-uang": "Politik uang, melapor", "netralitas": "Netralitas dan hoaks", "kpu": "KPU dan hasil",
		},
		Source: "Sumber", Checked: "Dicek %s.", AsOf: "Isi per %s", Until: "Berlaku sampai %s.", Ask: "Tanya langsung: pindai kode ini",
		More: "Lengkapnya:", Site: "Laman kantor:", Easy: "Bahasa mudah", Related: "Pertanyaan terkait", Home: "Halaman depan", Skip: "Langsung ke isi",
		Languages: "Bahasa", Page: "Halaman %d dari %d",
	}
	m := map[faq.Lang]Words{}
	for _, l := range faq.Langs() {
		m[l] = w
	}
	return m
}

func edition(t testing.TB) *faq.Edition {
	t.Helper()
	ed, err := faq.Load(faq.Content())
	if err != nil {
		t.Fatal(err)
	}
	return ed
}

func options(day string) Options {
	d, _ := faq.ParseDate(day)
	return Options{At: d.Start(faq.Jakarta()).Add(9 * time.Hour), Chat: "https://tanya.example.id", Words: words()}
}

func TestSheets(t *testing.T) {
	ed := edition(t)
	for _, day := range days() {
		o := options(day)
		files, skipped, err := Sheets(ed, o)
		if err != nil {
			t.Fatal(err)
		}
		if want := len(ed.Topics()) * len(faq.Langs()); len(files) != want {
			t.Errorf("%s: %d sheets, there should be %d", day, len(files), want)
		}
		pages := regexp.MustCompile(`/Type /Page\b[^s]`)
		for _, f := range files {
			if n := len(pages.FindAll(f.Data, -1)); !bytes.HasPrefix(f.Data, []byte("%PDF-")) || n != sheetPages {
				t.Errorf("%s %s: %d pages", day, f.Name, n)
			}
			if len(f.Data) > 80_000 {
				t.Errorf("%s %s: %d bytes", day, f.Name, len(f.Data))
			}
		}
		// What a topic's menu asks first must stand on its sheet.
		for _, topic := range ed.Topics() {
			for _, e := range ed.TopicMenu(topic)[:2] {
				if i := slices.IndexFunc(skipped, func(s Skipped) bool { return s.Entry == e.ID }); i >= 0 {
					t.Errorf("%s: %s is not on the sheet of %s: %s", day, e.ID, topic, skipped[i].Why)
				}
			}
		}
	}
}

// TestSheetText reads a sheet back, where the machine can: every answer on it stands there whole.
func TestSheetText(t *testing.T) {
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		const lacks = "pdftotext (poppler-utils) is not installed, so no sheet is read back"
		if slices.Contains(strings.Split(os.Getenv("TANYA_REQUIRE"), ","), "poppler") {
			t.Fatal(lacks)
		}
		t.Skip(lacks)
	}
	ed, o := edition(t), options("2024-11-20")
	o.Langs, o.Topics = []faq.Lang{faq.Indonesian}, []string{"tps"}
	files, skipped, err := Sheets(ed, o)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(tool, "-raw", "-", "-")
	cmd.Stdin = bytes.NewReader(files[0].Data)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	have := squeeze(string(out))
	items, _ := o.items(ed, "tps", faq.Indonesian)
	read := 0
	for _, it := range items {
		if slices.ContainsFunc(skipped, func(s Skipped) bool { return s.Entry == it.Entry.ID }) {
			continue
		}
		read++
		for _, b := range blocks(it.Answer.Text) {
			for _, line := range b.Lines {
				if !strings.Contains(have, squeeze(line)) {
					t.Errorf("%s: the sheet lacks %q", it.Entry.ID, line)
				}
			}
		}
	}
	if read < 5 {
		t.Errorf("only %d answers on two pages", read)
	}
}

// squeeze leaves letters and digits, so that line ends do not matter.
func squeeze(s string) string {
	return strings.Join(regexp.MustCompile(`[\p{L}\p{N}]+`).FindAllString(s, -1), "")
}

func TestSameInputSameBytes(t *testing.T) {
	ed, o := edition(t), options("2024-11-20")
	o.Langs, o.Topics, o.Draw = []faq.Lang{faq.Javanese}, []string{"jadwal"}, picture.Draw
	for name, export := range map[string]func(*faq.Edition, Options) ([]File, []Skipped, error){"sheet": Sheets, "site": Site, "sms": SMS, "jsonld": JSONLD} {
		a, _, errA := export(ed, o)
		b, _, errB := export(ed, o)
		if errA != nil || errB != nil || len(a) == 0 || !slices.EqualFunc(a, b, func(x, y File) bool { return x.Name == y.Name && bytes.Equal(x.Data, y.Data) }) {
			t.Errorf("%s: two exports differ: %v %v", name, errA, errB)
		}
	}
}

func TestSMS(t *testing.T) {
	ed := edition(t)
	for _, day := range days() {
		o := options(day)
		files, skipped, err := SMS(ed, o)
		if err != nil {
			t.Fatal(err)
		}
		rows := 0
		for _, f := range files {
			for line := range strings.Lines(string(f.Data)) {
				cols := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
				if cols[0] == "entry" {
					continue
				}
				rows++
				if n := letters(cols[5]); n < 1 || n > smsMax || fmt.Sprint(n) != cols[3] || cols[2] > "2" {
					t.Errorf("%s %s: %d letters: %s", day, f.Name, n, line)
				}
			}
		}
		if rows < 200 || len(skipped) > rows {
			t.Errorf("%s: only %d messages, %d answers without one", day, rows, len(skipped))
		}
	}
}

// TestMessagesKeepWhatMatters: the first paragraph and the closing one are always whole.
func TestMessagesKeepWhatMatters(t *testing.T) {
	ed := edition(t)
	for _, day := range days() {
		o := options(day)
		for _, l := range faq.Langs() {
			for _, topic := range ed.Topics() {
				items, _ := o.items(ed, topic, l)
				for _, it := range items {
					said := joined(o.messages(it))
					if said == "" {
						continue
					}
					whole := false
					for _, text := range []string{it.Easy, it.Answer.Text} {
						ps := paragraphs(text)
						whole = whole || text != "" && strings.HasPrefix(said, plain(ps[0])) && strings.Contains(said, plain(ps[len(ps)-1]))
					}
					if !whole {
						t.Errorf("%s %s %s: %q", day, l, it.Entry.ID, said)
					}
				}
			}
		}
	}
}

// joined puts the parts of a message together again.
func joined(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.TrimPrefix(parts[0], "1/2 ") + " " + strings.TrimPrefix(parts[1], "2/2 ")
}

// TestFitLosesNothing cuts random texts: together the parts are the text, and each is short enough.
func TestFitLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ps := rapid.SliceOfN(rapid.StringMatching(`[A-Za-z0-9 .;?{}-]{1,60}`), 1, 8).Draw(t, "paragraphs")
		text := plain(strings.Join(ps, " "))
		parts := fit(ps)
		if parts == nil {
			return
		}
		if got := joined(parts); got != text {
			t.Fatalf("%q became %q", text, got)
		}
		for _, p := range parts {
			if letters(p) > smsMax {
				t.Fatalf("%q has %d letters", p, letters(p))
			}
		}
	})
}

func TestJSONLD(t *testing.T) {
	ed, o := edition(t), options("2024-11-20")
	files, skipped, err := JSONLD(ed, o)
	if err != nil || len(skipped) > 0 {
		t.Fatal(err, skipped)
	}
	for _, f := range files {
		var p page
		if err := json.Unmarshal(f.Data, &p); err != nil {
			t.Fatal(err)
		}
		if p.Context != "https://schema.org" || p.Type != "FAQPage" || len(p.Main) < 100 {
			t.Errorf("%s: %s %s with %d questions", f.Name, p.Context, p.Type, len(p.Main))
		}
		for _, q := range p.Main {
			if q.Type != "Question" || q.Name == "" || q.Answer.Type != "Answer" || q.Answer.Text == "" || ed.Entry(q.ID).Guard {
				t.Errorf("%s: %+v", f.Name, q)
			}
			for _, c := range q.Answer.Citation {
				if c.Name == "" {
					t.Errorf("%s: %s cites something without a name", f.Name, q.ID)
				}
			}
		}
	}
}

// TestSite follows every link of the site and looks at what a screen reader needs.
func TestSite(t *testing.T) {
	ed, o := edition(t), options("2024-11-20")
	o.Draw = picture.Draw
	files, skipped, err := Site(ed, o)
	if err != nil || len(skipped) > 0 {
		t.Fatal(err, skipped)
	}
	have := map[string]bool{}
	for _, f := range files {
		if have[f.Name] {
			t.Errorf("%s is written twice", f.Name)
		}
		have[f.Name] = true
	}
	for _, f := range files {
		if path.Ext(f.Name) != ".html" {
			continue
		}
		if len(f.Data) > 24_000 {
			t.Errorf("%s has %d bytes", f.Name, len(f.Data))
		}
		doc, err := html.Parse(bytes.NewReader(f.Data))
		if err != nil {
			t.Fatal(err)
		}
		count := map[string]int{}
		for n := range doc.Descendants() {
			if n.Type == html.ElementNode {
				count[n.Data]++
				checkElement(t, f.Name, n, have)
			}
		}
		if count["h1"] != 1 || count["title"] != 1 || count["main"] != 1 || count["style"] > 0 {
			t.Errorf("%s: elements %v", f.Name, count)
		}
	}
}

func checkElement(t *testing.T, page string, n *html.Node, have map[string]bool) {
	t.Helper()
	attr := map[string]string{}
	for _, a := range n.Attr {
		attr[a.Key] = a.Val
		if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
			t.Errorf("%s: <%s %s>", page, n.Data, a.Key)
		}
	}
	switch n.Data {
	case "html":
		if attr["lang"] == "" {
			t.Errorf("%s: no language", page)
		}
	case "script":
		if attr["type"] != "application/ld+json" || !json.Valid([]byte(n.FirstChild.Data)) {
			t.Errorf("%s: a script of type %q", page, attr["type"])
		}
	case "img":
		if len(attr["alt"]) < 40 {
			t.Errorf("%s: a picture with the words %q", page, attr["alt"])
		}
	}
	for _, key := range []string{"href", "src"} {
		to := attr[key]
		if to == "" || strings.HasPrefix(to, "#") || strings.HasPrefix(to, "https://") || (n.Data == "a" && strings.HasPrefix(to, "http://")) {
			continue
		}
		if !have[path.Join(path.Dir(page), to)] {
			t.Errorf("%s: the link %q leads nowhere", page, to)
		}
	}
}

func TestUnknownTopic(t *testing.T) {
	o := options("2024-11-20")
	o.Topics = []string{"cuaca"}
	for name, export := range map[string]func(*faq.Edition, Options) ([]File, []Skipped, error){"sheet": Sheets, "site": Site, "sms": SMS, "jsonld": JSONLD} {
		if _, _, err := export(edition(t), o); err == nil || !strings.Contains(err.Error(), "cuaca") {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

// TestSmall keeps one answer in each form of text as a golden file.
func TestSmall(t *testing.T) {
	ed := edition(t)
	var b strings.Builder
	for _, day := range []string{"2024-11-20", "2026-11-24"} {
		o := options(day)
		for _, l := range faq.Langs() {
			items, _ := o.items(ed, "tps", l)
			for _, it := range items {
				if it.Entry.ID != "surat-suara-sah" && it.Entry.ID != "tinta" {
					continue
				}
				fmt.Fprintf(&b, "## %s %s %s\n%s\n", it.Entry.ID, l, day, o.sourceLine(it))
				for _, m := range o.messages(it) {
					fmt.Fprintf(&b, "sms: %s\n", m)
				}
			}
		}
	}
	file := filepath.Join("testdata", "small.txt")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("%s differs; read it and run the test with -update. Now:\n%s", file, b.String())
	}
}

func FuzzBlocks(f *testing.F) {
	f.Add("Satu.\n\n- dua\n- tiga\n1. empat\nlima https://a.b.\n")
	f.Add("https://")
	f.Add("- \n-\n1.\n\n\n")
	f.Fuzz(func(t *testing.T, s string) {
		for _, b := range blocks(s) {
			for _, line := range b.Lines {
				whole := ""
				for _, p := range linked(line) {
					whole += p.Text
				}
				if whole != line {
					t.Errorf("%q became %q", line, whole)
				}
			}
		}
		_ = paragraphs(s)
		_ = fit([]string{s})
	})
}
