package outreach

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// question is one question of a made-up season: what the office would know if it knew everything.
type question struct {
	day      faq.Date
	hour     int
	who      int
	channel  string
	lang     string
	segment  string
	activity string
	topic    string // bot.UnsureTopic when only choices were given
	entry    string
	edition  string
	verdict  string // answered, picked, choices, unknown, withdrawn, declined
}

func (q question) answered() bool { return q.verdict == "answered" || q.verdict == "picked" }

// answer is one answer to the quiz; before is "" where nothing was paired.
type answer struct {
	day            faq.Date
	activity, item string
	segment        string
	mark           string
	right          bool
	before         bool
}

// world is a made-up season and a ledger that counts it in the plainest way.
type world struct {
	claims     []string // answers that settle a statement of the quiz
	questions  []question
	answers    []answer
	activities []bot.Activity
	today      faq.Date
}

func (w *world) Activities(context.Context) ([]bot.Activity, error) { return w.activities, nil }

func (w *world) Counts(_ context.Context, first, last faq.Date, kinds ...bot.CountKind) ([]bot.Count, faq.Date, error) {
	until := w.today.Add(-1)
	if last.Before(until) {
		until = last
	}
	n := map[bot.Count]int{}
	for _, kind := range kinds {
		add := func(a, b, c, d string) { n[bot.Count{Kind: kind, A: a, B: b, C: c, D: d}]++ }
		for _, q := range w.questions {
			if q.day.Before(first) || until.Before(q.day) {
				continue
			}
			row := func(topic, outcome string) {
				switch kind {
				case bot.ByActivity:
					add(q.activity, q.segment, topic, outcome)
				case bot.ByChannel:
					add(q.channel, "", "", outcome)
				case bot.ByLang:
					add(q.lang, "", "", outcome)
				case bot.ByEdition:
					add(q.edition, "", "", outcome)
				case bot.ByHour:
					add(fmt.Sprint(q.hour), "", "", outcome)
				case bot.ByEntry:
					if outcome == "answered" || outcome == "picked" || outcome == "declined" {
						add(q.entry, "", topic, outcome)
					}
				case bot.ByClaim:
					if (outcome == "answered" || outcome == "picked") && slices.Contains(w.claims, q.entry) {
						add(q.entry, q.activity, q.segment, outcome)
					}
				}
			}
			if q.verdict == "picked" {
				row(bot.UnsureTopic, "choices")
			}
			row(q.topic, q.verdict)
		}
		for _, a := range w.answers {
			if kind != bot.ByQuiz || a.day.Before(first) || until.Before(a.day) {
				continue
			}
			bit := map[bool]string{true: "1", false: "0"}
			mark := a.mark
			if mark == "akhir" {
				mark += ":" + bit[a.before]
			}
			add(a.item, a.activity, a.segment, mark+"/"+bit[a.right])
		}
	}
	var out []bot.Count
	for c, k := range n {
		c.N = k
		out = append(out, c)
	}
	return out, until, nil
}

func (w *world) Askers(_ context.Context, month string, cells ...bot.AskerCell) ([]int, error) {
	out := make([]int, len(cells))
	for i, c := range cells {
		who := map[int]bool{}
		for _, q := range w.questions {
			if q.day.String()[:7] == month && q.verdict != "declined" && (c.Activity == "" || c.Activity == q.activity) &&
				(c.Segment == "" || string(c.Segment) == q.segment) && (c.Topic == "" || c.Topic == q.topic && q.verdict != "choices") {
				who[q.who] = true
			}
		}
		out[i] = len(who)
	}
	return out, nil
}

var november = Month{2026, time.November}

// pick draws one of some, the first ones more often.
func pick[T any](r *rand.Rand, all []T) T {
	return all[int(float64(len(all))*r.Float64()*r.Float64())]
}

// season makes up a month with n questions.
func makeSeason(r *rand.Rand, ed *faq.Edition, n int) *world {
	w := &world{today: faq.Date{Year: 2027, Month: 1, Day: 15}}
	districts := []string{"Cepu", "Blora", "Randublatung", "Jepon", ""}
	for i := range 3 + r.IntN(12) {
		a := bot.Activity{Code: fmt.Sprintf("KG%02d", i), Name: fmt.Sprintf("Kegiatan %d", i), Method: pick(r, bot.Methods()), District: pick(r, districts),
			Date: november.First().Add(r.IntN(29)), Participants: r.IntN(60)}
		if i%4 != 3 {
			a.Segments = []faq.Segment{pick(r, faq.AllSegments())}
		}
		w.activities = append(w.activities, a)
	}
	entries := map[string][]string{}
	for _, id := range ed.IDs() {
		e := ed.Entry(id)
		entries[e.Topic] = append(entries[e.Topic], id)
	}
	topics := ed.Topics()
	for _, q := range ed.Quiz() {
		w.claims = append(w.claims, q.Entry)
	}
	for i := range n {
		q := question{who: i * 2 / 3, hour: 6 + r.IntN(16), channel: pick(r, []string{"whatsapp", "telegram", "webchat"}),
			lang: pick(r, []string{"id", "jv", "en"}), edition: pick(r, []string{"3", "4"}), topic: pick(r, topics),
			verdict: pick(r, []string{"answered", "answered", "answered", "picked", "unknown", "choices", "declined", "withdrawn"}),
			day:     november.First().Add(r.IntN(30))}
		if r.IntN(3) > 0 && len(w.activities) > 0 {
			a := pick(r, w.activities)
			q.activity = a.Code
			if len(a.Segments) == 1 {
				q.segment = string(a.Segments[0])
			}
			if late := november.Last().Sub(a.Date); late > 0 {
				q.day = a.Date.Add(min(late, r.IntN(2)))
			} else {
				q.day = a.Date
			}
		}
		if q.segment == "" && r.IntN(6) == 0 || r.IntN(40) == 0 {
			q.segment = string(pick(r, faq.AllSegments()))
		}
		if q.verdict == "choices" {
			q.topic = bot.UnsureTopic
		}
		if q.verdict == "declined" {
			q.topic = "tolak"
		}
		if len(entries[q.topic]) > 0 {
			q.entry = pick(r, entries[q.topic])
		}
		w.questions = append(w.questions, q)
	}
	for _, item := range ed.Quiz() {
		for range n / 8 {
			a := answer{item: item.ID, day: november.First().Add(r.IntN(30)), mark: pick(r, []string{"awal", ""}), right: r.IntN(2) == 0}
			if len(w.activities) > 0 {
				in := pick(r, w.activities)
				a.activity = in.Code
				if len(in.Segments) == 1 {
					a.segment = string(in.Segments[0])
				}
			}
			if r.IntN(8) == 0 { // a session may say something else than the activity that it came by
				a.segment = string(pick(r, faq.AllSegments()))
			}
			w.answers = append(w.answers, a)
			if a.mark == "awal" && r.IntN(3) > 0 {
				b := a
				b.mark, b.before, b.right = "akhir", a.right, a.right && r.IntN(8) > 0 || r.IntN(2) == 0
				w.answers = append(w.answers, b)
			}
		}
	}
	return w
}

// content is read once for all tests.
var content = sync.OnceValues(func() (*faq.Edition, error) { return faq.Load(os.DirFS("../../faq/content")) })

func loadEdition(t testing.TB) *faq.Edition {
	t.Helper()
	ed, err := content()
	if err != nil {
		t.Fatal(err)
	}
	return ed
}

func maker(w *world, ed *faq.Edition) *Maker {
	return &Maker{Ledger: w, Edition: func() *faq.Edition { return ed }, Office: "KPU Kabupaten Blora", Zone: faq.Jakarta(),
		Now: func() time.Time { return w.today.Start(faq.Jakarta()).Add(9 * time.Hour) }}
}

// reports makes every report that there is of the month, for both audiences.
func reports(t testing.TB, m *Maker, w *world) []*Report {
	t.Helper()
	var out []*Report
	for _, to := range []Audience{Inside, Outside} {
		r, err := m.Month(context.Background(), november, to)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
		for _, a := range w.activities {
			r, err := m.Activity(context.Background(), november, a.Code, to)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, r)
		}
	}
	return out
}

func contains(all []faq.Segment, s string) bool { return slices.Contains(all, faq.Segment(s)) }
