package bot_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tanya/bot"
	"tanya/faq"
	"tanya/faq/match"
)

// gateOver measures changed content against the content in the program.
func gateOver(t *testing.T, change func(files faq.Files, ed *faq.Edition) map[string]string) bot.Report {
	t.Helper()
	ctx := context.Background()
	files, err := faq.ReadFiles(faq.Content())
	if err != nil {
		t.Fatal(err)
	}
	before, err := faq.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	after, problems := faq.Read(files.With(change(files, before)))
	g := bot.Gate{Before: before, After: after, Problems: append(problems, after.Lint()...), Now: time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)}
	if g.Old, err = published(); err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(g.Problems, func(p faq.Problem) bool { return !p.Advice }) {
		g.New = g.Old // not asked: what does not pass the lint is measured no further
	} else if g.New, err = match.FromEdition(ctx, after, match.Options{Calibration: match.Never}); err != nil {
		t.Fatal(err)
	}
	r, err := g.Check(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// published is the matcher of the content in the program, trained once.
var published = sync.OnceValues(func() (faq.Matcher, error) {
	ed, err := faq.Load(faq.Content())
	if err != nil {
		return nil, err
	}
	return match.FromEdition(context.Background(), ed, match.Options{Calibration: match.Never})
})

// copyEntry returns an entry that may be changed.
func copyEntry(ed *faq.Edition, id string) *faq.Entry {
	e := *ed.Entry(id)
	e.Phrasings = slices.Clone(e.Phrasings)
	return &e
}

// TestGateStopsBadEdits seeds faults that a tired or a dishonest person could make, and one honest change.
func TestGateStopsBadEdits(t *testing.T) {
	entry := func(e *faq.Entry) map[string]string { return map[string]string{e.File: faq.WriteEntry(e)} }
	for _, tt := range []struct {
		name   string
		change func(files faq.Files, ed *faq.Edition) map[string]string
		rules  []string // at least one of these must block; none: nothing may
	}{
		{"honest: one more phrasing", func(_ faq.Files, ed *faq.Edition) map[string]string {
			e := copyEntry(ed, "jam-tps")
			e.Phrasings = append(e.Phrasings, faq.Phrasing{Text: "loket tps mulai melayani pukul brp pak", Lang: faq.Indonesian, Variety: "chat"})
			return entry(e)
		}, nil},
		{"a stolen phrasing", func(_ faq.Files, ed *faq.Edition) map[string]string {
			from, to := copyEntry(ed, "jam-tps"), copyEntry(ed, "kontak-kpu")
			to.Phrasings = append(to.Phrasings, from.Phrasings[:20]...)
			from.Phrasings = from.Phrasings[20:]
			over := entry(to)
			over[from.File] = faq.WriteEntry(from)
			return over
		}, []string{"contoh", "uji", bot.RuleLint}},
		{"a phrasing in two entries", func(_ faq.Files, ed *faq.Edition) map[string]string {
			to := copyEntry(ed, "kontak-kpu")
			to.Phrasings = append(to.Phrasings, ed.Entry("jam-tps").Phrasings[0])
			return entry(to)
		}, []string{bot.RuleLint}},
		{"deleted synonyms", func(_ faq.Files, ed *faq.Edition) map[string]string {
			e := copyEntry(ed, "jam-tps")
			e.Phrasings = e.Phrasings[:3]
			e.Question, e.Title = faq.Words{"id": "Layanan?"}, faq.Words{"id": "Layanan", "jv": "Layanan", "en": "Service"}
			return entry(e)
		}, []string{"contoh", bot.RuleLint}},
		{"a wrong election day", func(files faq.Files, ed *faq.Edition) map[string]string {
			f := *ed.Fact("hari-pemungutan-2024")
			f.Day, f.Last = f.Day.Add(1), f.Day.Add(1)
			return map[string]string{f.File: faq.ReplaceFact(files[f.File], &f)}
		}, []string{"tanggal", bot.RuleLint}},
		{"a wrong date", func(files faq.Files, ed *faq.Edition) map[string]string {
			f := *ed.Fact("jadwal-penetapan-terpilih")
			f.Day, f.Last = f.Day.Add(1), f.Day.Add(1)
			return map[string]string{f.File: faq.ReplaceFact(files[f.File], &f)}
		}, []string{"tanggal"}},
		{"a wrong date that pretends to be checked", func(files faq.Files, ed *faq.Edition) map[string]string {
			f := *ed.Fact("jadwal-penetapan-terpilih")
			f.Day, f.Last, f.Checked = f.Day.Add(1), f.Day.Add(1), f.Checked.Add(1)
			return map[string]string{f.File: faq.ReplaceFact(files[f.File], &f)}
		}, []string{"tanggal"}},
		{"a contradicting fact", func(files faq.Files, ed *faq.Edition) map[string]string {
			f := *ed.Fact("hari-pemungutan-2024")
			f.ID, f.Day, f.Last = "tanggal-pemungutan-2024", f.Day.Add(7), f.Day.Add(7)
			f.Source.Passage = strings.ReplaceAll(f.Source.Passage, "27 November 2024", "4 Desember 2024")
			return map[string]string{f.File: faq.ReplaceFact(files[f.File], &f)}
		}, []string{"bertentangan", "tanggal"}},
		{"a typed date in a text", func(_ faq.Files, ed *faq.Edition) map[string]string {
			e := copyEntry(ed, "jam-tps")
			e.Answer = map[string]faq.Texts{"sebelum": e.Answer["sebelum"], "sesudah": {"id": "TPS buka pada 28 November 2024 pukul 07.00."}}
			return entry(e)
		}, []string{bot.RuleLint}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := gateOver(t, tt.change)
			var blocked []string
			for _, f := range r.Findings {
				if f.Severity == bot.Block {
					blocked = append(blocked, f.Rule)
				}
			}
			stopped := slices.ContainsFunc(blocked, func(s string) bool { return slices.Contains(tt.rules, s) })
			if stopped != (len(tt.rules) > 0) || (len(tt.rules) == 0 && r.Blocked()) {
				t.Errorf("blocked by %v, want one of %v\n%+v", blocked, tt.rules, r.Findings)
			}
			if strings.Contains(tt.name, "date") && len(r.Days) == 0 && !r.Unfit() {
				t.Error("the change of the date is not shown")
			}
		})
	}
}
