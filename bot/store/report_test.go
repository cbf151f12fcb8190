package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tanya/bot"
	"tanya/faq"
)

func TestCounts(t *testing.T) {
	each(t, func(t *testing.T, w *world) { // it is 24 November, 09.30
		ctx := context.Background()
		for i, q := range []bot.Query{
			{Outcome: bot.Answered, Topic: "jadwal", Entry: "jam-tps", Score: 0.9, Lang: faq.Javanese, Activity: "K7", Segment: faq.Young},
			{Outcome: bot.Choices, Topic: "tps", Entry: "jam-tps", Activity: "K7", Mark: bot.MarkClaim}, // nothing was given
			{Outcome: bot.Answered, Topic: "tps", Entry: "surat-suara-sah", Score: 1, Previous: bot.Choices, Activity: "K7", Mark: bot.MarkClaim},
			{Outcome: bot.Flow, Entry: "kuis:foto", Score: 1, Mark: "akhir:0", Activity: "K7", Segment: faq.Young},
			{Outcome: bot.Greeted},
		} {
			w.ask(nth("1", i), "a", q)
		}
		day := faq.Date{Year: 2026, Month: 11, Day: 24}
		count := func() []string {
			t.Helper()
			all, _, err := w.Reports().Counts(ctx, day.Add(-3), day.Add(3), bot.ByActivity, bot.ByLang, bot.ByEntry, bot.ByHour, bot.ByQuiz, bot.ByClaim)
			must(t, err)
			var out []string
			for _, c := range all {
				out = append(out, fmt.Sprint(string(c.Kind), " ", strings.Join([]string{c.A, c.B, c.C, c.D}, "/"), " ", c.N))
			}
			slices.Sort(out)
			return out
		}
		equal(t, "counted on the same day", len(count()), 0)
		w.clock.add(15 * timeHour) // 00.30
		equal(t, "counted while the day may still be written to", len(count()), 0)
		w.clock.add(2 * timeHour)
		want := []string{
			"activity K7//pilihan/choices 1", "activity K7//tps/picked 1", "activity K7/pemilih-muda/jadwal/answered 1",
			"claim surat-suara-sah/K7//picked 1",
			"entry jam-tps//jadwal/answered 1", "entry surat-suara-sah//tps/picked 1",
			"hour 9///answered 1", "hour 9///choices 1", "hour 9///picked 1",
			"lang ///choices 1", "lang ///picked 1", "lang jv///answered 1",
			"quiz-segment foto/K7/pemilih-muda/akhir:0/1 1",
		}
		if got := count(); !slices.Equal(got, want) {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		// A row that comes late is counted all the same.
		late := bot.Query{Outcome: bot.Answered, Topic: "jadwal", Entry: "jam-tps", Lang: faq.Javanese}
		w.accept(w.message("late", "b", ""))
		p := w.waiting("b")
		p.Session.Updated = w.clock.Now()
		s := w.settlement(&p, late)
		s.Queries[0].Hour = w.clock.Now().Add(-20 * timeHour)
		must(t, w.Settle(ctx, s))
		if got := count(); !slices.Contains(got, "lang jv///answered 2") {
			t.Errorf("the late row is missing:\n%s", strings.Join(got, "\n"))
		}
		// A day that a process of the version before counts lacks what that version does not know: it is counted once more.
		full := count()
		if !slices.Contains(full, "quiz-segment foto/K7/pemilih-muda/akhir:0/1 1") {
			t.Fatalf("the quiz is missing:\n%s", strings.Join(full, "\n"))
		}
		must(t, w.Script(ctx, `DELETE FROM day_counts WHERE day = '2026-11-24' AND kind IN ('quiz-segment', 'claim', 'counted')`))
		if got := count(); !slices.Equal(got, full) {
			t.Errorf("after the version before counted:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(full, "\n"))
		}
		if old, err := w.Number(ctx, `SELECT COUNT(*) FROM day_counts WHERE kind = 'quiz' AND a = 'foto' AND b = 'K7' AND c = 'akhir:0' AND d = '1'`); err != nil || old != 1 {
			t.Errorf("the version before finds %d of its rows (%v)", old, err)
		}
		n, err := w.Reports().Askers(ctx, "2026-11", bot.AskerCell{}, bot.AskerCell{Activity: "K7"}, bot.AskerCell{Segment: faq.Young, Topic: "jadwal"})
		must(t, err)
		if !slices.Equal(n, []int{2, 1, 1}) {
			t.Errorf("askers: %v", n)
		}
	})
}
