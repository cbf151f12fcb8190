package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tanya/faq"
	"tanya/faq/export"
	"tanya/faq/picture"
	"tanya/locales"
)

// exportFormat is one form in which the content is handed on.
type exportFormat struct {
	name  string
	short string
	make  func(*faq.Edition, export.Options) ([]export.File, []export.Skipped, error)
}

// exportFormats lists the forms in the order of the help.
func exportFormats() []exportFormat {
	return []exportFormat{
		{"sheet", "lembar cetak A4 dua halaman per topik (PDF)", export.Sheets},
		{"site", "situs statis tanpa JavaScript (HTML)", export.Site},
		{"sms", "teks SMS, paling banyak dua bagian (TSV)", export.SMS},
		{"jsonld", "FAQPage schema.org untuk mesin pencari (JSON-LD)", export.JSONLD},
		{"picture", "gambar dan teks penggantinya (PNG, SVG, TXT)", export.Pictures},
	}
}

// faqExport writes the content in another form into a folder.
func (a *app) faqExport(ctx context.Context, args []string) error {
	f := a.flags("faq export")
	dir := f.String("content", "", "folder isi (bawaan: isi di dalam program)")
	format := f.String("format", "", "bentuk: "+strings.Join(formatNames(), ", ")+"; "+editionFormat+": berkas isi edisi yang terbit, untuk faq import")
	out := f.String("out", "", "folder tujuan; dibuat bila belum ada")
	at := f.String("at", "", "waktu, misalnya 2024-09-06T09:00:00+07:00 (bawaan: sekarang)")
	langs := f.String("lang", "", "bahasa, dipisah koma: id,jv,en (bawaan: semua)")
	topics := f.String("topic", "", "topik, dipisah koma (bawaan: semua)")
	chat := f.String("chat", a.getenv("TANYA_PUBLIC_URL"), "alamat obrolan web untuk kode QR (bawaan: TANYA_PUBLIC_URL, lalu laman kantor)")
	edition := f.Int64("edition", 0, "untuk --format edition: nomor edisi yang terbit (bawaan: yang terbaru)")
	cfg := config{}
	cfg.registerLedger(f, a.getenv)
	if _, err := parse(f, args); err != nil {
		return err
	}
	if *format == editionFormat && *out != "" {
		return a.exportEdition(ctx, cfg, *edition, *out)
	}
	form, err := findFormat(*format)
	if err != nil {
		return err
	}
	if *out == "" {
		return usagef("tulis folder tujuan dengan --out")
	}
	ed, err := loadEdition(*dir)
	if err != nil {
		return err
	}
	o := export.Options{Chat: *chat, Topics: list(*topics), Draw: picture.Draw}
	if o.At, err = a.instant(*at); err != nil {
		return err
	}
	for _, l := range list(*langs) {
		if !faq.Lang(l).Valid() {
			return usagef("bahasa %q tidak dikenal; ada id, jv, en", l)
		}
		o.Langs = append(o.Langs, faq.Lang(l))
	}
	for _, t := range o.Topics {
		if !slices.Contains(ed.Topics(), t) {
			return usagef("topik %q tidak ada; ada %s", t, strings.Join(ed.Topics(), ", "))
		}
	}
	o.Office = officePage(ed, o.At)
	if o.Words, err = exportWords(ed); err != nil {
		return err
	}
	files, skipped, err := form.make(ed, o)
	if err != nil {
		return err
	}
	if err := writeFiles(*out, files); err != nil {
		return err
	}
	a.tellSkipped(skipped)
	fmt.Fprintf(a.stdout, "%d berkas ditulis ke %s, %d dilewati\n", len(files), *out, len(skipped))
	return nil
}

// tellSkipped names what was left out, one line for each reason and language.
func (a *app) tellSkipped(skipped []export.Skipped) {
	var lines []string
	entries := map[string][]string{}
	for _, s := range skipped {
		line := fmt.Sprintf("dilewati, %s (%s)", s.Why, s.Lang)
		if entries[line] == nil {
			lines = append(lines, line)
		}
		entries[line] = append(entries[line], s.Entry)
	}
	for _, line := range lines {
		fmt.Fprintf(a.stderr, "%s: %d jawaban: %s\n", line, len(entries[line]), strings.Join(entries[line], ", "))
	}
}

func findFormat(name string) (exportFormat, error) {
	for _, f := range exportFormats() {
		if f.name == name {
			return f, nil
		}
	}
	var b strings.Builder
	for _, f := range exportFormats() {
		fmt.Fprintf(&b, "\n  %-8s %s", f.name, f.short)
	}
	return exportFormat{}, usagef("tulis --format dengan salah satu dari:%s", b.String())
}

func formatNames() []string {
	var names []string
	for _, f := range exportFormats() {
		names = append(names, f.name)
	}
	return names
}

// list cuts a flag at its commas.
func list(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

// officePage is where people ask when there is no web chat: the office's own page, "" when it may not be said.
func officePage(ed *faq.Edition, at time.Time) string {
	s, err := ed.FactText("laman-kpu-blora", "", faq.Indonesian, at)
	if err != nil {
		return ""
	}
	return s
}

// exportWords gives what stands around the answers.
func exportWords(ed *faq.Edition) (map[faq.Lang]export.Words, error) {
	c, err := locales.New()
	if err != nil {
		return nil, err
	}
	all := map[faq.Lang]export.Words{}
	for _, l := range faq.Langs() {
		say := func(k locales.Key) string {
			return c.Text(string(l), k, map[string]any{"Date": "%s", "Page": "%d", "Pages": "%d"})
		}
		w := export.Words{
			Language: say(locales.ExportLanguage), Title: say(locales.ExportTitle), Office: say(locales.ExportOffice),
			Topics: map[string]string{}, Source: say(locales.Source), Checked: say(locales.CheckedOn),
			AsOf: say(locales.ExportAsOf), Until: say(locales.ExportUntil), Ask: say(locales.ExportAsk), More: say(locales.ExportMore), Site: say(locales.ExportSite),
			Easy: say(locales.ExportEasy), Related: strings.TrimSuffix(say(locales.Related), ":"), Home: say(locales.ExportHome), Skip: say(locales.WebSkip),
			Languages: say(locales.WebLanguage), Page: say(locales.ExportPage),
		}
		for _, t := range ed.Topics() {
			w.Topics[t] = say(locales.Key("topic_" + t))
		}
		all[l] = w
	}
	return all, nil
}

// writeFiles writes an export into a folder.
func writeFiles(dir string, files []export.File) error {
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
