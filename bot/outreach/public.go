package outreach

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// Corrections counts the editions published and the answers withdrawn between two instants.
type Corrections interface {
	Corrections(ctx context.Context, from, to time.Time) (editions, withdrawn int, err error)
}

// Public is the page for everybody: what people asked in the last month that is over, how much of it was answered, what
// was corrected. Its numbers are those of the report for outside. It is made anew once a day at most, so that nobody can
// make the service count by asking for it.
type Public struct {
	Maker *Maker
	Fixes Corrections
	Chat  string // where people can ask

	mu   sync.Mutex
	day  faq.Date
	page []byte
}

type publicPage struct {
	Office, Month, Chat string
	Simulated           bool
	Asked               Figure
	Answered            Rate
	Both                []Table // topics and answers
	Editions, Withdrawn int
	Limits              []string
}

// ServeHTTP shows the page.
func (p *Public) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	page, err := p.make(r.Context())
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	if err != nil {
		http.Error(w, "Angka belum dapat ditampilkan. Coba lagi nanti.", http.StatusServiceUnavailable)
		return
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=3600")
	_, _ = w.Write(page) // a browser that went away is no error of ours
}

// Style serves the page's look.
func (p *Public) Style(w http.ResponseWriter, _ *http.Request) {
	b, err := files.ReadFile("templates/angka.css")
	if err != nil {
		http.Error(w, "", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(b)
}

func (p *Public) make(ctx context.Context) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	today := faq.DateOf(p.Maker.Now(), p.Maker.Zone)
	if p.page != nil && p.day == today {
		return p.page, nil
	}
	m := MonthOf(today).Before()
	report, err := p.Maker.Month(ctx, m, Outside)
	if err != nil {
		return nil, err
	}
	if report.Partial {
		if p.page != nil {
			return p.page, nil // the month ended an hour ago; yesterday's page holds until it is counted
		}
		return nil, bot.Errorf(bot.Transient, "the month is not counted yet")
	}
	v := publicPage{Office: report.Office, Month: m.Name(), Chat: p.Chat, Simulated: report.Simulated, Limits: limits}
	overview := report.Table("ringkas")
	v.Asked, _ = overview.cell("pertanyaan", 1).(Figure)
	v.Answered, _ = overview.cell("tingkat", 1).(Rate)
	v.Both = []Table{report.Table("topik").only(0, 1), report.Table("jawaban").only(0, 1)}
	v.Editions, v.Withdrawn, err = p.Fixes.Corrections(ctx, m.First().Start(p.Maker.Zone), m.Next().First().Start(p.Maker.Zone))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, "angka.html", v); err != nil {
		return nil, err
	}
	p.page, p.day = b.Bytes(), today
	return p.page, nil
}

// cell is a value by its row's key, nil when there is none.
func (t Table) cell(key string, column int) Value {
	for _, r := range t.Rows {
		if r.Key == key {
			return r.Values[column]
		}
	}
	return nil
}

// only keeps some columns, and the rows that say something in the last of them, the largest first.
func (t Table) only(columns ...int) Table {
	out := t
	out.Columns, out.Rows, out.Part = nil, nil, 0
	for _, c := range columns {
		out.Columns = append(out.Columns, t.Columns[c])
	}
	for _, r := range t.Rows {
		var v []Value
		for _, c := range columns {
			v = append(v, r.Values[c])
		}
		if f, ok := v[len(v)-1].(Figure); ok && f.Shown() {
			out.Rows = append(out.Rows, Row{r.Key, v})
		}
	}
	slices.SortStableFunc(out.Rows, func(a, b Row) int {
		x, _ := a.Values[len(columns)-1].(Figure)
		y, _ := b.Values[len(columns)-1].(Figure)
		return y.lo - x.lo
	})
	return out
}
