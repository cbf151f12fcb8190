package outreach

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/store"
	"tanya/faq"
)

// fill puts a made-up season into a real ledger, the way the engine would, and lets the month end.
func fill(t *testing.T, w *world) *store.Store {
	t.Helper()
	ctx := context.Background()
	keys, err := bot.NewKeyring(bytes.Repeat([]byte{5}, bot.KeySize), nil)
	check(t, err)
	months, err := store.NewKeyFolder(t.TempDir())
	check(t, err)
	var now time.Time
	s, err := store.Open(ctx, filepath.Join(t.TempDir(), "ledger.db"), keys, store.Options{Now: func() time.Time { return now }, Zone: faq.Jakarta(), Months: months})
	check(t, err)
	t.Cleanup(func() { _ = s.Close() })
	for _, a := range w.activities {
		a.Created = november.First().Start(faq.Jakarta())
		check(t, s.Desk().AddActivity(ctx, a, bot.Audit{}))
	}
	type message struct {
		who  string
		rows []bot.Query
	}
	byDay := map[string][]message{}
	for _, q := range w.questions {
		row := bot.Query{Hour: q.day.Start(faq.Jakarta()).Add(time.Duration(q.hour) * time.Hour), Channel: q.channel, Lang: faq.Lang(q.lang), Topic: q.topic, Entry: q.entry,
			Segment: faq.Segment(q.segment), Activity: q.activity, Outcome: bot.Outcome(q.verdict), Score: 0.8}
		fmt.Sscan(q.edition, &row.Edition)
		rows := []bot.Query{row}
		switch q.verdict {
		case "choices":
			rows[0].Topic = "jadwal" // the best guess, which no report may take for the topic
		case "picked":
			first := row
			first.Outcome, first.Topic, first.Entry = bot.Choices, "akses", "tunanetra-braille"
			rows[0].Outcome, rows[0].Previous, rows[0].Score = bot.Answered, bot.Choices, 1
			rows = []bot.Query{first, rows[0]}
		}
		byDay[q.day.String()] = append(byDay[q.day.String()], message{fmt.Sprint(q.who), rows})
	}
	for i, a := range w.answers {
		mark := a.mark
		if mark == "akhir" {
			mark = map[bool]string{true: "akhir:1", false: "akhir:0"}[a.before]
		}
		row := bot.Query{Hour: a.day.Start(faq.Jakarta()), Channel: "webchat", Outcome: bot.Flow, Entry: "kuis:" + a.item, Mark: mark, Activity: a.activity, Score: map[bool]float64{true: 1}[a.right]}
		byDay[a.day.String()] = append(byDay[a.day.String()], message{fmt.Sprint("quiz", i), []bot.Query{row}})
	}
	seq := 0
	for day := november.First(); !november.Last().Before(day); day = day.Add(1) {
		now = day.Start(faq.Jakarta()).Add(23 * time.Hour)
		rows := map[string][]bot.Query{}
		var all []bot.Message
		for _, m := range byDay[day.String()] {
			seq++
			rows[fmt.Sprint(seq)] = m.rows
			all = append(all, bot.Message{Channel: "webchat", External: fmt.Sprint(seq), Address: m.who, Kind: bot.Text, Text: "x", Received: now})
		}
		_, err := s.Accept(ctx, bot.Batch{Channel: "webchat", Messages: all})
		check(t, err)
		for shard := range bot.Shards {
			pending, err := s.Claim(ctx, shard, 10000)
			check(t, err)
			var settled []bot.Settlement
			for _, p := range pending {
				p.Session.Updated = now
				settled = append(settled, bot.Settlement{Message: p.Message, Session: &p.Session, Queries: rows[p.Message.External]})
			}
			check(t, s.Settle(ctx, settled...))
		}
	}
	now = w.today.Start(faq.Jakarta())
	_, err = s.Sweep(ctx, now)
	check(t, err)
	return s
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestFigures reports on a season of which everything is known, out of a real ledger, and works out every number again in
// another way: counts by looking at each question, shares by the equation that Wilson's bounds solve, askers as sets.
func TestFigures(t *testing.T) {
	ed := loadEdition(t)
	w := makeSeason(rand.New(rand.NewPCG(99, 1)), ed, 700)
	s := fill(t, w)
	plain := maker(w, ed)
	real := maker(w, ed)
	real.Ledger = s.Reports()
	fromWorld, fromLedger := reports(t, plain, w), reports(t, real, w)
	for i := range fromWorld {
		a, _ := json.Marshal(fromWorld[i])
		b, _ := json.Marshal(fromLedger[i])
		if !bytes.Equal(a, b) && len(fromLedger[i].Tables) > 0 {
			t.Errorf("%s differs between the ledger and plain counting:\n%s", fromLedger[i].Title, firstDifference(a, b))
		}
	}
	var inside []*Report
	for _, r := range fromLedger {
		if !r.Rounded {
			inside = append(inside, r)
		}
	}
	known := harvest(t, inside)
	if len(known) < 60 {
		t.Errorf("only %d numbers are said", len(known))
	}
	for _, p := range known {
		if want := w.count(p.f); want != p.n {
			t.Errorf("%v: %d, counted again %d", p.f, p.n, want)
		}
	}
	r := inside[0]
	checkRates(t, r)
	askers := func(in func(question) bool) int {
		who := map[int]bool{}
		for _, q := range w.questions {
			if in(q) && q.verdict != "declined" {
				who[q.who] = true
			}
		}
		return len(who)
	}
	people := 0
	for _, row := range r.Table("segmen").Rows {
		if n, ok := row.Values[1].(Figure).Single(); ok {
			people++
			if want := askers(func(q question) bool { return q.segment == row.Key }); n != want {
				t.Errorf("askers of %s: %d, counted again %d", row.Key, n, want)
			}
		}
	}
	if n, _ := r.Table("ringkas").cell("penanya", 1).(Figure).Single(); n != askers(func(question) bool { return true }) || people == 0 {
		t.Errorf("askers: %d, of segments said %d", n, people)
	}
	checkQuiz(t, r, w)
	if len(r.Table("kecamatan").Rows) == 0 || len(r.Table("bukti").Rows) == 0 {
		t.Error("tables are missing")
	}
}

// checkRates looks at every rate that stands beside its two numbers.
func checkRates(t *testing.T, r *Report) {
	t.Helper()
	seen := 0
	for _, table := range r.Tables {
		at := map[string]int{}
		for i, c := range table.Columns {
			at[c.Key] = i
		}
		n, hasN := at["pertanyaan"]
		a, hasA := at["terjawab"]
		rate, hasRate := at["tingkat"]
		if !hasN || !hasA || !hasRate {
			continue
		}
		for _, row := range table.Rows {
			v, _ := row.Values[rate].(Rate)
			of, okN := row.Values[n].(Figure).Single()
			k, okA := row.Values[a].(Figure).Single()
			if v.kind != plainRate {
				if v.Shown() && okN && v.kind == atLeast && v.Percent > 100*float64(of-9)/float64(of) {
					t.Errorf("%s %s: %v of %d is too much", table.ID, row.Key, v, of)
				}
				continue
			}
			if !okN || !okA || of < 20 {
				t.Errorf("%s %s: a rate without its numbers", table.ID, row.Key)
				continue
			}
			seen++
			p := float64(k) / float64(of)
			if math.Round(100*p) != v.Percent {
				t.Errorf("%s %s: %v of %d/%d", table.ID, row.Key, v.Percent, k, of)
			}
			// Both bounds L solve |p - L| = z sqrt(L (1 - L) / n).
			solve := func(L float64) float64 { return math.Abs(p-L) - 1.96*math.Sqrt(L*(1-L)/float64(of)) }
			for _, side := range []struct{ bound, from, to float64 }{{v.Low, 0, p}, {v.High, p, 1}} {
				lo, hi := side.from, side.to
				for range 50 {
					mid := (lo + hi) / 2
					if (solve(mid) > 0) == (side.to == p) {
						lo = mid
					} else {
						hi = mid
					}
				}
				if math.Abs(100*lo-side.bound) > 0.51 {
					t.Errorf("%s %s: bound %v, solved again %.2f", table.ID, row.Key, side.bound, 100*lo)
				}
			}
		}
	}
	if seen < 5 {
		t.Errorf("only %d rates are said", seen)
	}
}

// checkQuiz pairs the answers again, by people.
func checkQuiz(t *testing.T, r *Report, w *world) {
	t.Helper()
	said := 0
	for _, row := range r.Table("kuis").Rows {
		n, before, after, gained, lost := 0, 0, 0, 0, 0
		for _, a := range w.answers {
			if a.item != row.Key || a.mark != "akhir" {
				continue
			}
			n++
			if a.before {
				before++
			}
			if a.right {
				after++
			}
			switch {
			case a.right && !a.before:
				gained++
			case a.before && !a.right:
				lost++
			}
		}
		if got, ok := row.Values[1].(Figure).Single(); ok && got != n {
			t.Errorf("pairs of %s: %d, paired again %d", row.Key, got, n)
		}
		for i, k := range []int{before, after} {
			if v := row.Values[2+i].(Rate); v.kind == plainRate {
				said++
				if v.Percent != math.Round(100*float64(k)/float64(n)) {
					t.Errorf("%s: %v, paired again %d of %d", row.Key, v, k, n)
				}
			}
		}
		// The exact test again, by Pascal's triangle instead of logarithms.
		if text := row.Values[4].String(); text != unsaid {
			triangle := []float64{1}
			for range gained + lost {
				next := append(slices.Clone(triangle), 0)
				for i := range triangle {
					next[i+1] += triangle[i]
				}
				for i := range next {
					next[i] /= 2
				}
				triangle = next
			}
			p := 0.0
			for i := range min(gained, lost) + 1 {
				p += 2 * triangle[i]
			}
			if want := oddsStep(min(1, p)); text != want {
				t.Errorf("%s: %s, tested again %s (%d gained, %d lost)", row.Key, text, want, gained, lost)
			}
		}
	}
	if said == 0 {
		t.Error("no share of the quiz is said")
	}
}

func firstDifference(a, b []byte) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	cut := func(s []byte) string { return string(s[max(0, i-120):min(len(s), i+120)]) }
	return "plain:  " + cut(a) + "\nledger: " + cut(b)
}
