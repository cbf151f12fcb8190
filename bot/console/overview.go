package console

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"tanya/bot"
	"tanya/faq"
)

type overviewPage struct {
	Page
	Today, Week count
	Median      string // how fast staff answered a question within four weeks, "" when they answered none
	Closed      int    // how many that is of
	Open        int    // questions before staff
	Health      bot.Health
	Chart       chart
	Channels    []bot.ChannelStatus
	Proposals   []bot.Proposal
	Weighty     []bot.Proposal // published within noticeDays, with texts that can cost a vote
	Drafts      int
	Out         []bot.Withdrawal
	Ending      []ending
	Overdue     []*faq.Entry
	Segments    []served
	Edition     int64
}

// count is how a stretch of time went.
type count struct{ Asked, Answered, Offered, Unanswered int }

// Share is the part that was answered.
func (c count) Share() float64 {
	if c.Asked == 0 {
		return 0
	}
	return float64(c.Answered) / float64(c.Asked)
}

func (c *count) add(t bot.Tally) {
	switch t.Outcome {
	case bot.Answered, bot.Declined:
		c.Answered += t.N
	case bot.Choices:
		c.Offered += t.N
	case bot.Unknown:
		c.Unanswered += t.N
	default:
		return
	}
	c.Asked += t.N
}

// ending is a fact that soon may not be said any more.
type ending struct {
	Fact *faq.Fact
	Days int
}

// served is how a group of people is served.
type served struct {
	Segment faq.Segment
	count
}

// chartDays is how many days the picture shows.
const chartDays = 14

// overview shows how the service fares, at a glance.
func (c *Console) overview(q *request) error {
	ctx := q.Context()
	k := c.deps.Knowledge()
	p := overviewPage{Page: c.page(q, "Ringkasan", "ringkasan"), Edition: k.Edition.Number}
	today := faq.DateOf(q.now, c.cfg.Zone)
	tally, err := c.desk.Tally(ctx, today.Add(1-chartDays).Start(c.cfg.Zone))
	if err != nil {
		return err
	}
	days := make([]count, chartDays)
	segments := map[faq.Segment]*count{}
	for _, t := range tally {
		day := faq.DateOf(t.Hour, c.cfg.Zone)
		ago := today.Sub(day)
		if ago < 0 || ago >= chartDays {
			continue
		}
		days[chartDays-1-ago].add(t)
		if ago == 0 {
			p.Today.add(t)
		}
		if ago < 7 {
			p.Week.add(t)
		}
		if segments[t.Segment] == nil {
			segments[t.Segment] = &count{}
		}
		segments[t.Segment].add(t)
	}
	p.Chart = drawDays(today.Add(1-chartDays), days)
	for _, s := range append(faq.AllSegments(), faq.NoSegment) {
		if n := segments[s]; n != nil && n.Asked > 0 {
			p.Segments = append(p.Segments, served{s, *n})
		}
	}
	if p.Health, err = c.desk.Health(ctx); err != nil {
		return err
	}
	closing, err := c.desk.Closing(ctx, q.now.Add(-28*24*time.Hour))
	if err != nil {
		return err
	}
	if p.Closed = len(closing); p.Closed > 0 {
		p.Median = spanWords((closing[(p.Closed-1)/2] + closing[p.Closed/2]) / 2)
	}
	if p.Proposals, err = c.desk.Proposals(ctx, 10, bot.Checking, bot.Proposed, bot.Waiting); err != nil {
		return err
	}
	live, err := c.desk.Proposals(ctx, noticesMax, bot.Published)
	if err != nil {
		return err
	}
	for _, x := range live {
		if x.Report.Critical && q.now.Sub(x.Due) < noticeDays*24*time.Hour {
			p.Weighty = append(p.Weighty, x)
		}
	}
	drafts, err := c.desk.DraftFiles(ctx)
	if err != nil {
		return err
	}
	p.Drafts, p.Open = len(drafts), p.Health.Reviews
	if p.Out, err = c.desk.Withdrawn(ctx); err != nil {
		return err
	}
	p.Channels = c.channelStatus()
	p.Ending, p.Overdue = endings(k.Edition, today), overdue(k.Edition, today)
	return c.show(q, http.StatusOK, "ringkasan", p)
}

// noticeDays is how long everybody is told that a text which can cost a vote has changed.
const noticeDays = 3

// noticesMax bounds how many editions are looked at for it: each is read whole.
const noticesMax = 3

// endingDays is how early staff are told that a fact ends.
const endingDays = 60

// endings lists the facts that end soon or have ended within the month, the nearest first.
func endings(ed *faq.Edition, today faq.Date) []ending {
	var out []ending
	for _, id := range ed.Facts() {
		f := ed.Fact(id)
		if n := f.Until.Sub(today); n <= endingDays && n >= -30 {
			out = append(out, ending{f, n})
		}
	}
	slices.SortFunc(out, func(a, b ending) int { return a.Days - b.Days })
	return out
}

// overdue lists the entries whose review day has passed, the oldest first.
func overdue(ed *faq.Edition, today faq.Date) []*faq.Entry {
	var out []*faq.Entry
	for _, id := range ed.IDs() {
		if e := ed.Entry(id); !e.Review.IsZero() && e.Review.Before(today) {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b *faq.Entry) int { return a.Review.Sub(b.Review) })
	return out
}

// chart is a picture of days as bars; the same numbers stand in a table behind it.
type chart struct {
	Bars  []bar
	Max   int
	Empty bool
}

// bar is one day; all measures are in the units of the picture, which is 700 wide and 180 high.
type bar struct {
	Day             faq.Date
	Label           string
	X, W, Middle    int
	AnsweredY, AH   int
	RestY, RH       int
	Asked, Answered int
	Between         bool // its label is left out where there is room only for each third
}

func drawDays(first faq.Date, days []count) chart {
	c := chart{Empty: true}
	for _, d := range days {
		c.Max = max(c.Max, d.Asked)
	}
	const height, step = 140, 50
	for i, d := range days {
		b := bar{Day: first.Add(i), X: i*step + 6, W: step - 12, Asked: d.Asked, Answered: d.Answered, Between: i%3 != 2}
		b.Middle = b.X + b.W/2
		b.Label = dayLabel(b.Day)
		if c.Max > 0 {
			c.Empty = c.Empty && d.Asked == 0
			b.AH, b.RH = d.Answered*height/c.Max, (d.Asked-d.Answered)*height/c.Max
		}
		b.AnsweredY = 150 - b.AH
		b.RestY = b.AnsweredY - b.RH
		c.Bars = append(c.Bars, b)
	}
	return c
}

// spanWords says about how long something took.
func spanWords(d time.Duration) string {
	switch hours := int(d.Round(time.Hour) / time.Hour); {
	case hours < 1:
		return "kurang dari sejam"
	case hours < 48:
		return strconv.Itoa(hours) + " jam"
	default:
		return strconv.Itoa((hours+12)/24) + " hari"
	}
}

func dayLabel(d faq.Date) string { return d.Start(time.UTC).Format("2/1") }
