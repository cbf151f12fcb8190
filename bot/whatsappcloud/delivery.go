package whatsappcloud

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"tanya/bot"
)

// status is Meta's notice of what became of a message of ours.
type status struct {
	ID       string          `json:"id"`
	Status   string          `json:"status"`
	Time     json.RawMessage `json:"timestamp"`
	Group    json.RawMessage `json:"group_id"`
	Callback string          `json:"biz_opaque_callback_data"` // what we sent along: see mark
	Errors   []graphError    `json:"errors"`
}

// rank orders what can become of a message. Notices overtake each other; only a step up counts.
type rank int

const (
	rankSent rank = iota + 1
	rankDelivered
	rankRead
	rankFailed
)

func rankOf(status string) rank {
	switch status {
	case "sent":
		return rankSent
	case "delivered":
		return rankDelivered
	case "read", "played":
		return rankRead
	case "failed":
		return rankFailed
	}
	return 0
}

// follow counts a notice, once for each step of a message, and settles a reply that may or may not have arrived. Nothing
// of it is kept on disk: who read an answer is nobody's business.
func (c *Channel) follow(s status) {
	r := rankOf(s.Status)
	if r == 0 || !soundID(s.ID) || len(s.Group) > 0 {
		c.skip("status")
		return
	}
	if r != rankFailed {
		c.settle(s)
	}
	if _, up := c.ranks.change(s.ID, func(old rank, _ bool) (rank, bool) { return r, r > old }); !up {
		c.state.count("status_old")
		return
	}
	c.state.count("status_" + s.Status)
	if r != rankFailed {
		return
	}
	f := &fault{known: true, code: 131000}
	if len(s.Errors) > 0 && s.Errors[0].Code != nil {
		f.code = *s.Errors[0].Code
	}
	class := f.class()
	c.state.count("status_failed_" + string(class))
	c.log.Info("a reply was taken and then not delivered", "class", class, "code", f.code)
	if class == bot.StopChannel || f.code == codeSpam {
		_ = c.trouble(f, 1)
	}
}

// mark is what a message carries so that its notices can be told apart: the number of its reply in the outbox and, from
// the second on, which part of it.
func mark(id int64, part int) string {
	s := strconv.FormatInt(id, 10)
	if part > 0 {
		s += "/" + strconv.Itoa(part)
	}
	return s
}

// clockSlack is how far Meta's clock and ours may be apart.
const clockSlack = 2 * time.Minute

// settle takes a notice as proof that the part of a reply that is under way has arrived. A notice from before it was
// under way is of an older database, whose numbers may be the same.
func (c *Channel) settle(s status) {
	number, rest, _ := strings.Cut(s.Callback, "/")
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return
	}
	part, _ := strconv.Atoi(rest)
	at := instant(s.Time)
	c.sent.change(id, func(p progress, known bool) (progress, bool) {
		if !known || p.since.IsZero() || p.done != part || at.Before(p.since.Add(-clockSlack)) {
			return p, false
		}
		p.arrived = s.ID
		return p, true
	})
}
