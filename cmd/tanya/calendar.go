package main

import (
	"fmt"
	"time"

	"tanya/faq"
)

// faqCalendar prints which texts change by themselves, and when.
func (a *app) faqCalendar(args []string) error {
	f := a.flags("faq calendar")
	dir := f.String("content", "", "folder isi (bawaan: isi di dalam program)")
	from := f.String("from", "", "hari pertama, misalnya 2024-06-01 (bawaan: sekarang)")
	to := f.String("to", "", "hari terakhir, misalnya 2027-01-01 (bawaan: setahun sesudah --from)")
	if _, err := parse(f, args); err != nil {
		return err
	}
	files, err := contentFiles(*dir)
	if err != nil {
		return err
	}
	begin, err := a.day(*from)
	if err != nil {
		return err
	}
	end := begin.AddDate(1, 0, 0)
	if *to != "" {
		if end, err = a.day(*to); err != nil {
			return err
		}
	}
	if !end.After(begin) {
		return usagef("--to harus sesudah --from")
	}
	ed, problems := faq.Read(files)
	if len(problems) > 0 {
		return usagef("isi tidak terbaca utuh: %v. Lihat semuanya: tanya faq lint", problems[0])
	}
	changes := ed.Calendar(begin, end)
	for _, c := range changes {
		fmt.Fprint(a.stdout, c)
	}
	fmt.Fprintf(a.stderr, "%d saat berganti antara %s dan %s. Kata hitung (\"82 hari lagi\") berganti tiap tengah malam dan tidak didaftar.\n",
		len(changes), faq.DateOf(begin, ed.Zone), faq.DateOf(end, ed.Zone))
	return nil
}

// day reads a day from the command line as its first instant here, or takes the clock's instant.
func (a *app) day(s string) (time.Time, error) {
	if s == "" {
		return a.now()
	}
	d, err := faq.ParseDate(s)
	if err != nil {
		return time.Time{}, usagef("tanggal %q tidak terbaca; tulis seperti 2024-06-01", s)
	}
	return d.Start(faq.Jakarta()), nil
}
