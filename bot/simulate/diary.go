package simulate

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Outing is an act of voter education in a made-up season, and how people came from it.
type Outing struct {
	Code    string
	Day     time.Time // when it begins
	People  int       // who took part
	Pickup  float64   // share of them who use the code
	Topic   string    // what they ask about more than others
	Quiz    bool      // whether a quiz is taken before and after
	Segment string    // "" when several were invited
}

// Diary is a made-up season: who comes when, by which door, with which code, and what they ask. The same diary gives the
// same visits. Nobody in it is real, and nothing is sent: whoever has the visits plays them.
type Diary struct {
	From, To  time.Time
	Outings   []Outing
	Questions []Question         // what the office has answers to
	Topics    map[string]string  // by entry
	Odd       []string           // what it has none to
	Daily     float64            // visits a day without a code, on an ordinary day at the beginning
	Channels  map[string]float64 // share of the visits by channel
	Seed      uint64
}

// Visit is one conversation: what a person says, one message after the other. A visit with a quiz begins and ends with it.
type Visit struct {
	At      time.Time
	Person  string
	Channel string
	Code    string // "" when the person came by none
	Says    []string
	Quiz    bool
}

// Visits writes the diary out, in the order of time.
func (d Diary) Visits() []Visit {
	rnd := rand.New(rand.NewPCG(d.Seed, 0xd1a2))
	var out []Visit
	person := 0
	add := func(at time.Time, code, topic string, quiz bool) {
		if at.Before(d.From) || !at.Before(d.To) {
			return
		}
		person++
		v := Visit{At: at, Person: "orang-" + strconv.Itoa(person), Channel: d.channel(rnd), Code: code, Quiz: quiz}
		for range 1 + int(math.Min(4, rnd.ExpFloat64()*1.1)) {
			v.Says = append(v.Says, d.question(rnd, topic))
		}
		if rnd.Float64() < 0.12 {
			v.Says = append(v.Says, "terima kasih")
		}
		out = append(out, v)
	}
	days := int(d.To.Sub(d.From).Hours()/24 + 0.5)
	for day := range days {
		begin := d.From.AddDate(0, 0, day)
		rate := d.Daily * (1 + 0.6*float64(day)/float64(max(1, days)))
		if wd := begin.Weekday(); wd == time.Saturday || wd == time.Sunday {
			rate *= 0.8
		}
		for range poisson(rnd, rate) {
			add(begin.Add(hour(rnd)), "", "", false)
		}
	}
	for _, o := range d.Outings {
		for i := range o.People {
			if rnd.Float64() >= o.Pickup {
				continue
			}
			late := time.Duration(rnd.ExpFloat64() * float64(3*time.Hour))
			add(o.Day.Add(min(late, 23*time.Hour)), o.Code, o.Topic, o.Quiz && i%10 < 7)
		}
	}
	slices.SortStableFunc(out, func(a, b Visit) int { return cmp.Or(a.At.Compare(b.At), strings.Compare(a.Person, b.Person)) })
	return out
}

// question is what somebody asks: half of the time about the outing's topic, now and then something odd.
func (d Diary) question(rnd *rand.Rand, topic string) string {
	if len(d.Odd) > 0 && rnd.Float64() < 0.09 {
		return d.Odd[rnd.IntN(len(d.Odd))]
	}
	lean := topic != "" && rnd.Float64() < 0.55
	for range 200 {
		q := d.Questions[rnd.IntN(len(d.Questions))]
		if !lean || d.Topics[q.Entry] == topic {
			return q.Text
		}
	}
	return d.Questions[0].Text
}

func (d Diary) channel(rnd *rand.Rand) string {
	x, last := rnd.Float64(), ""
	for _, name := range sortedKeys(d.Channels) {
		last = name
		if x -= d.Channels[name]; x < 0 {
			break
		}
	}
	return last
}

func sortedKeys(m map[string]float64) []string {
	var names []string
	for n := range m {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// hour is a time of day at which people write: most of all in the evening.
func hour(rnd *rand.Rand) time.Duration {
	middle, wide := 19.5, 1.6
	switch x := rnd.Float64(); {
	case x < 0.35:
		middle, wide = 12.3, 1.8
	case x < 0.6:
		middle, wide = 8.5, 1.4
	}
	h := math.Min(22.9, math.Max(5, middle+wide*rnd.NormFloat64()))
	return time.Duration(h * float64(time.Hour))
}

// poisson draws a count with the given mean, by Knuth's method.
func poisson(rnd *rand.Rand, mean float64) int {
	limit, n := math.Exp(-mean), 0
	for p := rnd.Float64(); p > limit; n++ {
		p *= rnd.Float64()
	}
	return n
}
