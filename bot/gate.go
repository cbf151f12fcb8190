package bot

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tanya/faq"
	"tanya/faq/eval"
	"tanya/faq/text"
)

// Gate is what a proposal is measured with.
type Gate struct {
	Before, After *faq.Edition
	Problems      []faq.Problem // of reading and linting After
	Old, New      faq.Matcher
	Gold          []eval.Question // questions whose answers staff have checked
	Recent        []Query         // redacted questions of the last days
	Now           time.Time
}

// Check finds out what the next edition would do to people who ask what others have asked, and says what stands
// against it. It takes as long as asking all questions twice.
func (g Gate) Check(ctx context.Context) (Report, error) {
	r := Report{}
	for _, p := range g.Problems {
		if !p.Advice {
			r.add(Block, RuleLint, "%s", Plainly(g.After, p))
		}
	}
	r.Entries, r.Days = Changes(g.Before, g.After, g.Now)
	if len(r.Entries) == 0 && len(r.Days) == 0 {
		r.add(Warn, "sama", "Usulan ini tidak mengubah apa pun yang dibaca warga.")
	}
	for _, e := range r.Entries {
		r.Critical = r.Critical || e.Critical
	}
	g.checkDays(&r)
	if r.Unfit() { // nobody can publish it, so nobody need know what it would do
		return r, nil
	}
	if err := g.checkGold(ctx, &r); err != nil {
		return r, err
	}
	if err := g.checkRecent(ctx, &r); err != nil {
		return r, err
	}
	return r, g.checkPhrasings(ctx, &r)
}

func (r *Report) add(s Severity, rule, format string, args ...any) {
	r.Findings = append(r.Findings, Finding{rule, s, fmt.Sprintf(format, args...)})
}

// verdict names what a matcher makes of a text.
func verdict(ctx context.Context, m faq.Matcher, s string, lang faq.Lang) (string, error) {
	res, err := m.Match(ctx, faq.Question{Text: s, Lang: lang})
	if err != nil {
		return "", err
	}
	switch res.Verdict {
	case faq.Answered, faq.Declined:
		return res.Entry, nil
	case faq.Choices:
		return "pilihan", nil
	}
	return "", nil
}

func spoken(v string) bool { return v != "" && v != "pilihan" }

// checkGold asks the gold questions. One that was right must stay right.
func (g Gate) checkGold(ctx context.Context, r *Report) error {
	for _, q := range g.Gold {
		before, err := verdict(ctx, g.Old, q.Text, "")
		if err != nil {
			return err
		}
		after, err := verdict(ctx, g.New, q.Text, "")
		if err != nil {
			return err
		}
		right := func(v string) bool {
			return slices.Contains(q.Entries, v) || (len(q.Entries) == 0 || slices.Contains(q.Entries, "di-luar-topik")) && !spoken(v)
		}
		r.Gold.tally(q.Text, before, after)
		if right(before) && !right(after) {
			r.add(Block, "uji", "Pertanyaan uji tidak lagi terjawab benar: \"%s\" (%s, sebelumnya %s).", q.Text, g.name(after), g.name(before))
		}
	}
	return nil
}

// name writes a verdict as staff know it.
func (g Gate) name(v string) string {
	switch {
	case v == "":
		return "tidak terjawab"
	case v == "pilihan":
		return "diberi pilihan"
	case g.After.Entry(v) != nil:
		return entryName(g.After, v)
	}
	return entryName(g.Before, v)
}

// tally notes one question.
func (c *Compared) tally(s, before, after string) {
	c.N++
	if spoken(before) {
		c.Before++
	}
	if spoken(after) {
		c.After++
	}
	o := Outcomes{s, before, after}
	switch {
	case before == after:
	case spoken(before) && spoken(after):
		c.Changed = append(c.Changed, o)
	case spoken(before):
		c.Silenced = append(c.Silenced, o)
	case spoken(after):
		c.Gained = append(c.Gained, o)
	}
}

// The bounds of what a change may do to questions that people have asked.
const (
	silentShare  = 0.005 // of the answered ones may fall silent
	changedShare = 0.01  // of the answered ones may get another answer
	lostShare    = 0.2   // of an entry's own phrasings may be lost
)

// checkRecent replays what people have asked.
func (g Gate) checkRecent(ctx context.Context, r *Report) error {
	c := &r.Replay
	seen := map[string]bool{}
	for _, q := range g.Recent {
		if seen[q.Text] {
			continue
		}
		seen[q.Text] = true
		before, err := verdict(ctx, g.Old, q.Text, q.Lang)
		if err != nil {
			return err
		}
		after, err := verdict(ctx, g.New, q.Text, q.Lang)
		if err != nil {
			return err
		}
		c.tally(q.Text, before, after)
	}
	for _, o := range c.Changed {
		if weighty(g.Before.Entry(o.Before)) {
			r.add(Block, "putar-ulang", "Jawaban penting berpindah: \"%s\" dijawab %s, akan dijawab %s.", o.Text, g.name(o.Before), g.name(o.After))
		}
	}
	for _, o := range c.Silenced {
		if weighty(g.Before.Entry(o.Before)) {
			r.add(Block, "putar-ulang", "Jawaban penting hilang: \"%s\" dijawab %s, akan %s.", o.Text, g.name(o.Before), g.name(o.After))
		}
	}
	share := func(n int, of float64) bool { return float64(n) > max(2, of*float64(c.Before)) }
	if share(len(c.Silenced), silentShare) {
		r.add(Block, "putar-ulang", "%d pertanyaan yang dulu terjawab akan tidak terjawab.", len(c.Silenced))
	} else if len(c.Silenced) > 0 {
		r.add(Warn, "putar-ulang", "%d pertanyaan yang dulu terjawab akan tidak terjawab.", len(c.Silenced))
	}
	if share(len(c.Changed), changedShare) {
		r.add(Block, "putar-ulang", "%d pertanyaan akan mendapat jawaban lain.", len(c.Changed))
	} else if len(c.Changed) > 0 {
		r.add(Warn, "putar-ulang", "%d pertanyaan akan mendapat jawaban lain.", len(c.Changed))
	}
	return nil
}

// checkPhrasings asks each of the ways of asking that the office wrote itself and that the published edition answers. A
// critical entry may lose none of them to another entry, and no entry may lose many.
func (g Gate) checkPhrasings(ctx context.Context, r *Report) error {
	for _, id := range g.Before.IDs() {
		e := g.Before.Entry(id)
		next := g.After.Entry(id)
		if next == nil || id == "di-luar-topik" {
			continue
		}
		asked, lost := 0, 0
		for _, p := range e.Phrasings {
			before, err := verdict(ctx, g.Old, p.Text, p.Lang)
			if err != nil {
				return err
			}
			if before != id {
				continue
			}
			asked++
			after, err := verdict(ctx, g.New, p.Text, p.Lang)
			if err != nil {
				return err
			}
			if after == id {
				continue
			}
			lost++
			if spoken(after) && weighty(e) {
				r.add(Block, "contoh", "Contoh pertanyaan %s diambil %s: \"%s\".", g.name(id), g.name(after), p.Text)
			} else if spoken(after) {
				r.add(Warn, "contoh", "Contoh pertanyaan %s diambil %s: \"%s\".", g.name(id), g.name(after), p.Text)
			}
		}
		if lost > 1 && float64(lost) > lostShare*float64(asked) {
			r.add(Block, "contoh", "%s kehilangan %d dari %d contoh pertanyaannya.", g.name(id), lost, asked)
		}
	}
	return nil
}

// checkDays looks at each date that is new or changed: it must fit the passage it is taken from, have been compared with
// it again, and contradict no other.
func (g Gate) checkDays(r *Report) {
	for _, d := range r.Days {
		f, old := g.After.Fact(d.Fact), g.Before.Fact(d.Fact)
		if named := daysIn(f.Source.Passage); len(named) > 0 && !slices.Contains(named, f.Day) && !slices.Contains(named, f.Last) {
			r.add(Block, "tanggal", "Fakta %s berisi %s, tetapi kutipan sumbernya menyebut %s.", factWords(f.ID),
				faq.ShortDay(d.After, faq.Indonesian), faq.ShortDay(named[0], faq.Indonesian))
		}
		if old != nil && !old.Checked.Before(f.Checked) {
			r.add(Block, "tanggal", "Tanggal pada fakta %s berubah, tetapi hari pemeriksaannya masih %s. Cocokkan lagi dengan sumber.", factWords(f.ID), faq.ShortDay(f.Checked, faq.Indonesian))
		}
		for _, id := range g.After.Facts() {
			o := g.After.Fact(id)
			if o.ID != f.ID && o.Kind == f.Kind && o.Election != "" && o.Election == f.Election && (o.Day != f.Day || o.Last != f.Last) && sameSubject(f, o) {
				r.add(Block, "bertentangan", "Fakta %s (%s) bertentangan dengan fakta %s (%s).", factWords(f.ID), faq.ShortDay(f.Day, faq.Indonesian), factWords(o.ID), faq.ShortDay(o.Day, faq.Indonesian))
			}
		}
		r.Critical = r.Critical || old != nil
	}
}

var writtenDay = regexp.MustCompile(`(?i)\b(\d{1,2}) (januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember) (\d{4})\b`)

// daysIn returns the days that a text names.
func daysIn(s string) []faq.Date {
	months := []string{"januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus", "september", "oktober", "november", "desember"}
	var out []faq.Date
	for _, m := range writtenDay.FindAllStringSubmatch(s, -1) {
		day, err1 := strconv.Atoi(m[1])
		year, err2 := strconv.Atoi(m[3])
		if err1 == nil && err2 == nil {
			out = append(out, faq.Date{Year: year, Month: time.Month(slices.Index(months, strings.ToLower(m[2])) + 1), Day: day})
		}
	}
	return out
}

// sameSubject reports whether two facts speak of the same thing: most of what their names or their passages mean is
// shared.
func sameSubject(a, b *faq.Fact) bool {
	return overlap(subject(a.ID), subject(b.ID)) >= 0.6 || overlap(subject(a.Source.Passage), subject(b.Source.Passage)) >= 0.7
}

// subject is what a text is about, without days and figures.
func subject(s string) map[string]bool {
	out := map[string]bool{}
	s = strings.ReplaceAll(writtenDay.ReplaceAllString(s, " "), "-", " ")
	for _, w := range text.Tokens(s) {
		if len(w) < 3 || w[0] == '#' || strings.ContainsAny(w, "0123456789") || slices.Contains([]string{"hari", "tanggal", "pada", "yang", "dan", "untuk", "jadwal"}, w) {
			continue
		}
		out[text.Stem(w)] = true
	}
	return out
}

// overlap is the share of two sets that is in both.
func overlap(a, b map[string]bool) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	both := 0
	for w := range a {
		if b[w] {
			both++
		}
	}
	return float64(both) / float64(len(a)+len(b)-both)
}
