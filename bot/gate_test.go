package bot_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tanya/bot"
	"tanya/faq"
	"tanya/faq/eval"
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

// answers is a matcher that knows its answers by heart: an entry, "pilihan", or nothing.
type answers map[string]string

func (a answers) Match(_ context.Context, q faq.Question) (faq.Result, error) {
	switch to := a[q.Text]; to {
	case "":
		return faq.Result{Verdict: faq.Unknown}, nil
	case "pilihan":
		return faq.Result{Verdict: faq.Choices}, nil
	default:
		return faq.Result{Verdict: faq.Answered, Entry: to}, nil
	}
}

// with returns the answers with some changed.
func (a answers) with(pairs ...string) answers {
	out := maps.Clone(a)
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = pairs[i+1]
	}
	return out
}

// TestGateReplays asks again what people asked and what staff have checked: a gold question that was right must stay right,
// a critical answer may neither move nor fall silent, and of the others only few. What it says names answers by title.
func TestGateReplays(t *testing.T) {
	ed, err := faq.Load(faq.Content())
	if err != nil {
		t.Fatal(err)
	}
	hours, contact := ed.Entry("jam-tps").Title["id"], ed.Entry("kontak-kpu").Title["id"]
	var plain []string // entries in which a wrong word costs nothing
	for _, id := range ed.IDs() {
		if e := ed.Entry(id); !e.Critical && !e.Guard && id != "kontak-kpu" && id != "privasi-bot" {
			plain = append(plain, id)
		}
	}
	old := answers{"jam buka": "jam-tps", "nomor kantor": "kontak-kpu", "cuaca besok": "", "mana yang": "pilihan"}
	var many, some []string // questions to plain entries, and what a change makes of the first few
	for i := range 400 {
		s := fmt.Sprintf("pertanyaan %d", i)
		old[s] = plain[0]
		many = append(many, s)
	}
	moved := func(n int, to string) answers {
		some = nil
		for _, s := range many[:n] {
			some = append(some, s, to)
		}
		return old.with(some...)
	}
	recent := []bot.Query{{Text: "cuaca besok"}, {Text: "mana yang"}, {Text: "nomor kantor"}}
	for _, s := range many {
		recent = append(recent, bot.Query{Text: s}, bot.Query{Text: s}) // asked twice, counted once
	}
	withHours := append([]bot.Query{{Text: "jam buka"}}, recent...)
	gold := []eval.Question{{Text: "jam buka", Entries: []string{"jam-tps"}}, {Text: "cuaca besok"}, {Text: "mana yang", Entries: []string{"jam-tps"}}}
	for _, tt := range []struct {
		name   string
		next   answers
		recent []bot.Query
		gold   []eval.Question
		rule   string // of what blocks, "" when nothing does
		says   string
	}{
		{"nothing changes", old, withHours, gold, "", ""},
		{"a gold question falls silent", old.with("jam buka", ""), nil, gold, "uji", `"jam buka" (tidak terjawab, sebelumnya "` + hours + `")`},
		{"a gold question gets another answer", old.with("jam buka", "kontak-kpu"), nil, gold, "uji", `("` + contact + `", sebelumnya "` + hours + `")`},
		{"what nobody may answer is answered", old.with("cuaca besok", "jam-tps"), nil, gold, "uji", `"cuaca besok"`},
		{"a gold question that was wrong before", old.with("mana yang", ""), nil, gold, "", ""},
		{"a gold question becomes right", old.with("mana yang", "jam-tps"), nil, gold, "", ""},
		{"a critical answer moves", old.with("jam buka", plain[0]), withHours, nil, "putar-ulang", `Jawaban penting berpindah: "jam buka" dijawab "` + hours + `"`},
		{"a critical answer falls silent", old.with("jam buka", ""), withHours, nil, "putar-ulang", `Jawaban penting hilang: "jam buka" dijawab "` + hours + `", akan tidak terjawab.`},
		{"a critical answer becomes a choice", old.with("jam buka", "pilihan"), withHours, nil, "putar-ulang", "akan diberi pilihan."},
		{"the way to a person falls silent", old.with("nomor kantor", ""), recent, nil, "putar-ulang", "Jawaban penting hilang"},
		{"two of 401 fall silent", moved(2, ""), recent, nil, "", "2 pertanyaan yang dulu terjawab akan tidak terjawab."},
		{"three of 401 fall silent", moved(3, ""), recent, nil, "putar-ulang", "3 pertanyaan yang dulu terjawab"},
		{"four of 401 get another answer", moved(4, plain[1]), recent, nil, "", "4 pertanyaan akan mendapat jawaban lain."},
		{"five of 401 get another answer", moved(5, plain[1]), recent, nil, "putar-ulang", "5 pertanyaan akan mendapat jawaban lain."},
		{"questions become answered", old.with("cuaca besok", plain[0]), recent, nil, "", ""},
	} {
		g := bot.Gate{Before: ed, After: ed, Old: old, New: tt.next, Gold: tt.gold, Recent: tt.recent, Now: time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)}
		r, err := g.Check(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		blocked, said := "", ""
		for _, f := range r.Findings {
			said += f.Text + "\n"
			if f.Severity == bot.Block {
				blocked = f.Rule
			}
		}
		if blocked != tt.rule || !strings.Contains(said, tt.says) {
			t.Errorf("%s: blocked by %q, want %q; it says %s", tt.name, blocked, tt.rule, said)
		}
		if len(tt.recent) > 0 {
			c := r.Replay
			if c.N != len(tt.recent)-400 {
				t.Errorf("%s: %d questions were asked again, want %d", tt.name, c.N, len(tt.recent)-400)
			}
			if n := len(c.Changed) + len(c.Silenced) + len(c.Gained); (n > 0) != (tt.name != "nothing changes") {
				t.Errorf("%s: %d outcomes change", tt.name, n)
			}
		}
	}
}
