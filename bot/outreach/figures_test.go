package outreach

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/bottest"
	"tanya/bot/store"
	"tanya/faq"
)

// fill puts a made-up season into a real ledger, the way the engine would, and lets the month end.
func fill(t *testing.T, w *world, dsn string) *store.Store {
	t.Helper()
	ctx := context.Background()
	keys, err := bot.NewKeyring(bytes.Repeat([]byte{5}, bot.KeySize), nil)
	check(t, err)
	months, err := store.NewKeyFolder(t.TempDir())
	check(t, err)
	var now time.Time
	s, err := store.Open(ctx, dsn, keys, store.Options{Now: func() time.Time { return now }, Zone: faq.Jakarta(), Months: months})
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
		if slices.Contains(w.claims, q.entry) && q.answered() {
			row.Mark = bot.MarkClaim
		}
		rows := []bot.Query{row}
		switch q.verdict {
		case "choices":
			rows[0].Topic = "jadwal" // the best guess, which no report may take for the topic
		case "picked":
			first := row
			first.Mark = ""
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
		row := bot.Query{Hour: a.day.Start(faq.Jakarta()), Channel: "webchat", Outcome: bot.Flow, Entry: "kuis:" + a.item, Mark: mark, Activity: a.activity, Segment: faq.Segment(a.segment), Score: map[bool]float64{true: 1}[a.right]}
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

// TestFigures reports on a season of which everything is known, out of a real ledger of each kind, and works out every
// number of every report again: see recount.
func TestFigures(t *testing.T) {
	ed := loadEdition(t)
	w := makeSeason(rand.New(rand.NewPCG(7, 5)), ed, 3000)
	for i := range w.questions { // somebody is served worse, so that there is something to be alarmed about
		if q := &w.questions[i]; q.lang == "en" && i%2 == 0 && q.verdict == "answered" {
			q.verdict = "unknown"
		}
	}
	fromWorld := reports(t, maker(w, ed), w)
	for name, dsn := range map[string]func(testing.TB) string{
		"sqlite":   func(t testing.TB) string { return filepath.Join(t.TempDir(), "ledger.db") },
		"postgres": bottest.StartPostgres,
	} {
		t.Run(name, func(t *testing.T) {
			real := maker(w, ed)
			real.Ledger = fill(t, w, dsn(t)).Reports()
			fromLedger := reports(t, real, w)
			for i := range fromWorld {
				a, err := json.Marshal(fromWorld[i])
				check(t, err)
				b, err := json.Marshal(fromLedger[i])
				check(t, err)
				if !bytes.Equal(a, b) {
					t.Errorf("%s differs between the ledger and plain counting:\n%s", fromLedger[i].Title, firstDifference(a, b))
				}
			}
			o := recount{w: w, ed: ed, said: map[string]int{}}
			for _, r := range fromLedger {
				o.report(t, r)
			}
			o.complete(t)
		})
	}
}

// TestFiguresOfRunningMonth works the ranges of a month that is not over out again. Nobody counts the people in it.
func TestFiguresOfRunningMonth(t *testing.T) {
	ed := loadEdition(t)
	w := makeSeason(rand.New(rand.NewPCG(7, 5)), ed, 3000)
	w.today = november.First().Add(19)
	past := &world{claims: w.claims, activities: w.activities, today: w.today}
	for _, q := range w.questions {
		if q.day.Before(w.today) {
			past.questions = append(past.questions, q)
		}
	}
	for _, a := range w.answers {
		if a.day.Before(w.today) {
			past.answers = append(past.answers, a)
		}
	}
	o := recount{w: past, ed: ed, said: map[string]int{}}
	for _, r := range reports(t, maker(w, ed), w) {
		if !r.Partial {
			t.Fatalf("%s is not partial", r.Title)
		}
		o.report(t, r)
	}
	for _, cell := range []string{"topik pertanyaan", "topik tingkat", "kegiatan pertanyaan", "topik-kegiatan pertanyaan", "kuis pasangan", "sebelum-sesudah kode"} {
		if o.said[cell] == 0 {
			t.Errorf("%s is never said", cell)
		}
	}
	for cell, n := range o.said {
		if strings.HasSuffix(cell, " penanya") && n > 0 {
			t.Errorf("%s is said while the month is under way", cell)
		}
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
