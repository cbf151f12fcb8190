package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"tanya/faq"
)

// faq works on the content: lint, list, show, calendar, export, import.
func (a *app) faq(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return usagef("tulis tanya faq lint, faq list, faq show ID, faq calendar, faq export, atau faq import")
	}
	switch args[0] {
	case "lint":
		return a.faqLint(args[1:])
	case "list":
		return a.faqList(args[1:])
	case "show":
		return a.faqShow(args[1:])
	case "calendar":
		return a.faqCalendar(args[1:])
	case "export":
		return a.faqExport(ctx, args[1:])
	case "import":
		return a.faqImport(ctx, args[1:])
	}
	return usagef("perintah faq %q tidak dikenal; ada lint, list, show, calendar, export, import", args[0])
}

// flags makes a flag set that reports to the program's own output and never exits.
func (a *app) flags(name string) *flag.FlagSet {
	f := flag.NewFlagSet("tanya "+name, flag.ContinueOnError)
	f.SetOutput(a.stderr)
	f.Usage = func() {
		fmt.Fprintf(a.stderr, "Pemakaian: tanya %s [bendera]\n", name)
		f.PrintDefaults()
	}
	return f
}

// parse reads flags that may stand before, between and after the arguments, and returns the arguments.
func parse(f *flag.FlagSet, args []string) ([]string, error) {
	var rest []string
	for {
		if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
			return nil, err
		} else if err != nil {
			return nil, usagef("%v", err)
		}
		if f.NArg() == 0 {
			return rest, nil
		}
		rest = append(rest, f.Arg(0))
		args = f.Args()[1:]
	}
}

// contentFiles returns the folder that --content names, or the files built into the program.
func contentFiles(dir string) (fs.FS, error) {
	if dir == "" {
		return faq.Content(), nil
	}
	if st, err := os.Stat(dir); err != nil || !st.IsDir() {
		return nil, usagef("folder isi %q tidak ada", dir)
	}
	return os.DirFS(dir), nil
}

func (a *app) faqLint(args []string) error {
	f := a.flags("faq lint")
	dir := f.String("content", "", "folder isi (bawaan: isi di dalam program)")
	asJSON := f.Bool("json", false, "tulis sebagai JSON")
	advice := f.Bool("advice", true, "tulis juga saran")
	if _, err := parse(f, args); err != nil {
		return err
	}
	files, err := contentFiles(*dir)
	if err != nil {
		return err
	}
	ed, problems := faq.Read(files)
	problems = append(problems, ed.Lint()...)
	bad := 0
	for _, p := range problems {
		if !p.Advice {
			bad++
		} else if !*advice {
			continue
		}
		if *asJSON {
			if err := json.NewEncoder(a.stdout).Encode(p); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintln(a.stdout, p)
	}
	fmt.Fprintf(a.stderr, "%d entri, %d fakta, %d contoh pertanyaan: %d salah, %d saran\n",
		len(ed.IDs()), len(ed.Facts()), countPhrasings(ed), bad, len(problems)-bad)
	if bad > 0 {
		return errFound
	}
	return nil
}

func countPhrasings(ed *faq.Edition) int {
	n := 0
	for _, id := range ed.IDs() {
		n += len(ed.Entry(id).Phrasings)
	}
	return n
}

func (a *app) faqList(args []string) error {
	f := a.flags("faq list")
	dir := f.String("content", "", "folder isi (bawaan: isi di dalam program)")
	if _, err := parse(f, args); err != nil {
		return err
	}
	files, err := contentFiles(*dir)
	if err != nil {
		return err
	}
	ed, _ := faq.Read(files)
	for _, id := range ed.IDs() {
		e := ed.Entry(id)
		mark := ""
		switch {
		case e.Guard:
			mark = "penjaga"
		case e.Critical:
			mark = "kritis"
		}
		fmt.Fprintf(a.stdout, "%-14s %-30s %-8s %3d  %s\n", e.Topic, id, mark, len(e.Phrasings), e.Title[faq.Indonesian])
	}
	return nil
}

func (a *app) faqShow(args []string) error {
	f := a.flags("faq show")
	dir := f.String("content", "", "folder isi (bawaan: isi di dalam program)")
	at := f.String("at", "", "waktu, misalnya 2024-09-06T09:00:00+07:00 (bawaan: sekarang)")
	lang := f.String("lang", "", "id, jv, atau en (bawaan: semua)")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return usagef("tulis satu id, misalnya: tanya faq show jam-tps")
	}
	files, err := contentFiles(*dir)
	if err != nil {
		return err
	}
	now, err := a.instant(*at)
	if err != nil {
		return err
	}
	ed, _ := faq.Read(files)
	if ed.Entry(rest[0]) == nil {
		return usagef("tidak ada entri %q; lihat: tanya faq list", rest[0])
	}
	return showEntry(a.stdout, ed, rest[0], faq.Lang(*lang), now)
}

// showEntry prints an entry's answers at an instant.
func showEntry(w io.Writer, ed *faq.Edition, id string, only faq.Lang, now time.Time) error {
	e := ed.Entry(id)
	fmt.Fprintf(w, "%s (%s), pemilik: %s, tinjau: %s\n", e.ID, e.Title[faq.Indonesian], e.Owner, e.Review)
	views := []struct {
		name string
		view faq.View
	}{
		{"id", faq.View{Lang: faq.Indonesian}}, {"mudah", faq.View{Lang: faq.Indonesian, Easy: true}},
		{"jv", faq.View{Lang: faq.Javanese}}, {"en", faq.View{Lang: faq.English}},
	}
	for _, v := range views {
		if only != "" && v.view.Lang != only {
			continue
		}
		v.view.At = now
		ans, err := ed.Answer(id, v.view)
		if err != nil {
			fmt.Fprintf(w, "\n[%s] TIDAK DAPAT TAYANG: %v\n", v.name, err)
			continue
		}
		until := "tanpa akhir"
		if !ans.Expires.IsZero() {
			until = "sampai " + ans.Expires.In(ed.Zone).Format("2006-01-02 15:04 WIB")
		}
		fmt.Fprintf(w, "\n[%s] masa %s, %s, fakta: %s\n%s\n", v.name, ans.Phase, until, strings.Join(ans.Facts, ", "), ans.Text)
		for _, s := range ans.Sources {
			fmt.Fprintf(w, "  Sumber: %s %s\n", s.Title, s.URL)
		}
	}
	return nil
}

// instant reads a time from the command line, or takes the clock's.
func (a *app) instant(s string) (time.Time, error) {
	if s == "" {
		return a.now()
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, usagef("waktu %q tidak terbaca; tulis seperti 2024-09-06T09:00:00+07:00", s)
	}
	return t, nil
}

// now is the program's clock: TANYA_NOW when it is set, for trying things out, else the machine's.
func (a *app) now() (time.Time, error) {
	s := a.getenv("TANYA_NOW")
	if s == "" {
		return a.clock(), nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, usagef("TANYA_NOW %q tidak terbaca; tulis seperti 2024-09-06T09:00:00+07:00", s)
	}
	return t, nil
}
