package outreach

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"tanya/bot"
	"tanya/faq"
)

// BenchmarkManyActivities reports on a month in which every village had its activity and most brought some tens of
// questions: nearly all of their topics are small, and hang together.
func BenchmarkManyActivities(b *testing.B) {
	ed := loadEdition(b)
	for _, n := range []int{2000, 20_000, 50_000} {
		r := rand.New(rand.NewPCG(1, 295))
		w := &world{today: faq.Date{Year: 2026, Month: 12, Day: 9}}
		for i := range 295 {
			w.activities = append(w.activities, bot.Activity{Code: fmt.Sprintf("K%03d", i), Name: "Forum warga", Method: "forum-warga", Segments: []faq.Segment{faq.AllSegments()[i%6]},
				District: []string{"Cepu", "Blora", "Jepon"}[i%3], Date: november.First().Add(i % 28), Participants: 40})
		}
		for i := range n {
			q := question{day: november.First().Add(i * 30 / n), hour: i % 24, who: i, channel: pick(r, []string{"whatsapp", "webchat"}), lang: pick(r, []string{"id", "jv"}), edition: "1",
				topic: pick(r, ed.Topics()), verdict: pick(r, []string{"answered", "answered", "unknown"})}
			if i%3 == 0 {
				a := w.activities[r.IntN(len(w.activities))]
				q.activity, q.segment = a.Code, string(a.Segments[0])
			}
			w.questions = append(w.questions, q)
		}
		counts, _, err := w.Counts(b.Context(), november.First(), november.Last(), bot.ByActivity, bot.ByChannel, bot.ByLang, bot.ByEdition, bot.ByHour)
		check(b, err)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				s := season{month: november, activities: w.activities, counts: counts, askers: map[bot.AskerCell]int{}}
				if t := s.tables(false); !t.shown(totalOf("n")) {
					b.Fatal("nothing is said")
				}
			}
		})
	}
}
