package console

import (
	"net/http"
	"slices"
	"time"

	"tanya/bot"
	"tanya/faq"
)

type tryPage struct {
	Page
	Question, Date, Hour, Lang, Segment string
	Channel                             string
	Channels                            []string
	Easy                                bool
	Segments                            []faq.Segment
	Asked                               bool
	Replies                             []bot.Reply
	Numbers                             bool // the channel has no buttons: choices stand as a numbered list
	Query                               *bot.Query
	Edition                             *faq.Edition
	At                                  time.Time
}

// tryChannels are the channels that a question can be tried on.
var tryChannels = []string{"webchat", "telegram", "whatsapp"}

// try asks the bot a question as a citizen would, on any day, on any channel. Nothing of it is counted.
func (c *Console) try(q *request) error {
	v := q.URL.Query()
	k := c.deps.Knowledge()
	p := tryPage{
		Page: c.page(q, "Coba", "coba"), Question: clip(v.Get("tanya"), 500), Date: v.Get("hari"), Hour: v.Get("jam"), Lang: v.Get("bahasa"),
		Segment: v.Get("segmen"), Easy: v.Get("mudah") != "", Segments: faq.AllSegments(), Edition: k.Edition, Channel: v.Get("saluran"), Channels: tryChannels,
	}
	if !slices.Contains(tryChannels, p.Channel) {
		p.Channel = tryChannels[0]
	}
	p.Numbers = p.Channel == "whatsapp"
	p.At = q.now
	if d, err := faq.ParseDate(p.Date); err == nil {
		hour := 9 * time.Hour
		if t, err := time.Parse("15:04", p.Hour); err == nil {
			hour = time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
		}
		p.At = d.Start(c.cfg.Zone).Add(hour)
	} else {
		p.Date = ""
	}
	if p.Question == "" {
		return c.show(q, http.StatusOK, "coba", p)
	}
	s := bot.Session{Welcomed: true, Easy: p.Easy, Segment: faq.Segment(p.Segment), Updated: p.At}
	if l := faq.Lang(p.Lang); l.Valid() {
		s.Lang, s.Fixed = l, true
	}
	out, err := c.deps.Dialogue.Turn(q.Context(), s, bot.Message{Channel: p.Channel, Kind: bot.Text, Text: bot.Redact(p.Question)}, p.At)
	if err != nil {
		return err
	}
	p.Asked, p.Replies = true, out.Replies
	if len(out.Queries) > 0 {
		p.Query = &out.Queries[0]
	}
	return c.show(q, http.StatusOK, "coba", p)
}

type calendarPage struct {
	Page
	Changes []calendarChange
	Overdue []*faq.Entry
	Months  int
}

// calendarChange is a moment at which some answers change by themselves.
type calendarChange struct {
	faq.Change
	Day  faq.Date
	Days int // until then
}

// calendarMonths is how far the calendar looks ahead.
const calendarMonths = 24

// calendar lists what changes by itself in the coming months, and what should be looked at again.
func (c *Console) calendar(q *request) error {
	ed := c.deps.Knowledge().Edition
	today := faq.DateOf(q.now, c.cfg.Zone)
	p := calendarPage{Page: c.page(q, "Kalender", "kalender"), Overdue: overdue(ed, today), Months: calendarMonths}
	for _, ch := range ed.Calendar(today.Start(c.cfg.Zone), today.Add(31*calendarMonths).Start(c.cfg.Zone)) {
		day := faq.DateOf(ch.At, c.cfg.Zone)
		p.Changes = append(p.Changes, calendarChange{ch, day, day.Sub(today)})
	}
	return c.show(q, http.StatusOK, "kalender", p)
}
