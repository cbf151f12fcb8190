package webchat

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// How long one write to a stream may take, and how long a stream lives before the page opens a new one.
const (
	writeLimit = 15 * time.Second
	streamLife = 15 * time.Minute
)

// stream sends the replies after a number as server-sent events, as they come.
func (c *Channel) stream(w http.ResponseWriter, r *http.Request) error {
	v := c.visitor(r, false)
	d := c.up.Load()
	if d == nil {
		return &bot.Error{Class: bot.Transient, Message: "the web chat is not running"}
	}
	if v.key == "" {
		return &bot.Error{Class: bot.NotFound, Message: "no conversation"}
	}
	leave, ok := c.gate.stream(v.chat, c.from(r))
	if !ok {
		return &bot.Error{Class: bot.Transient, Message: "too many streams"} // the page polls instead
	}
	defer leave()
	ring, stop := c.bells.listen(v.chat)
	defer stop()

	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no") // some proxies would gather the events otherwise
	s := &events{c: c, to: w, ctl: http.NewResponseController(w), chat: v.chat, after: after(r)}
	ctx, cancel := context.WithTimeout(r.Context(), streamLife)
	defer cancel()
	if s.write(": tanya\nretry: 2000\n\n") != nil {
		return nil
	}
	beat, look := time.NewTicker(c.cfg.Heartbeat), time.NewTicker(c.cfg.Look)
	defer beat.Stop()
	defer look.Stop()
	for {
		if s.pending(ctx) != nil {
			return nil
		}
		select {
		case <-ring:
		case <-look.C:
		case <-beat.C:
			if s.write(":\n\n") != nil {
				return nil
			}
		case <-ctx.Done():
			return nil
		case <-d.over:
			return nil
		}
	}
}

// events is one open stream.
type events struct {
	c     *Channel
	to    http.ResponseWriter
	ctl   *http.ResponseController
	chat  string
	after int64
}

// pending writes what has come since the last look. A ledger that cannot be read is tried again at the next look.
func (s *events) pending(ctx context.Context) error {
	for {
		some, err := s.c.replies(ctx, s.chat, s.after)
		if err != nil {
			s.c.log.Warn("replies not read", "channel", name, "class", bot.ClassOf(err), "err", err)
			return nil
		}
		for _, o := range some {
			html, err := s.c.fragment(o)
			if err != nil {
				return err
			}
			if err := s.write(event(o.ID, html)); err != nil {
				return err
			}
			s.after = o.ID
		}
		if len(some) < readMax {
			return nil
		}
	}
}

// event writes HTML as the data of an event. An event without data only moves the reader's number on.
func event(id int64, html []byte) string {
	var b strings.Builder
	fmt.Fprintf(&b, "id: %d\nevent: jawaban\n", id)
	for line := range bytes.Lines(html) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			fmt.Fprintf(&b, "data: %s\n", line)
		}
	}
	return b.String() + "\n"
}

func (s *events) write(text string) error {
	// A server that cannot set deadlines has none that would cut the stream.
	_ = s.ctl.SetWriteDeadline(time.Now().Add(writeLimit))
	if _, err := s.to.Write([]byte(text)); err != nil {
		return err
	}
	return s.ctl.Flush()
}

// after reads the number of the last reply that the reader has.
func after(r *http.Request) int64 {
	text := r.Header.Get("Last-Event-ID")
	if text == "" {
		text = r.URL.Query().Get("after")
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// answer is a reply as programs read it.
type answer struct {
	ID      int64        `json:"id"`
	Lang    faq.Lang     `json:"lang"`
	Outcome bot.Outcome  `json:"outcome"`
	Entry   string       `json:"entry,omitempty"`
	Text    string       `json:"text"`
	Source  string       `json:"source,omitempty"`
	Note    string       `json:"note,omitempty"`
	Prompt  string       `json:"prompt,omitempty"`
	Choices []bot.Choice `json:"choices,omitempty"`
	Plain   bool         `json:"plain,omitempty"`
	Created time.Time    `json:"created"`
}

// answers gives the replies after a number at once: as JSON, or as the page's HTML for a page that cannot stream.
func (c *Channel) answers(w http.ResponseWriter, r *http.Request) error {
	v := c.visitor(r, false)
	last := after(r)
	var some []bot.Outgoing
	if v.key != "" {
		var err error
		if some, err = c.replies(r.Context(), v.chat, last); err != nil {
			return &bot.Error{Class: bot.Transient, Message: "the replies could not be read", Err: err}
		}
	}
	if n := len(some); n > 0 {
		last = some[n-1].ID
	}
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		w.Header().Set("Tanya-After", strconv.FormatInt(last, 10))
		var ms []message
		for _, o := range some {
			if !silent(o) {
				ms = append(ms, c.replyMessage(o))
			}
		}
		return c.writeMessages(w, ms)
	}
	list := make([]answer, 0, len(some))
	for _, o := range some {
		p := o.Reply
		list = append(list, answer{
			ID: o.ID, Lang: p.Lang, Outcome: p.Outcome, Entry: p.Entry, Text: p.Text, Source: p.Footer, Note: p.Note, Prompt: p.Prompt,
			Choices: p.Choices, Plain: p.Plain, Created: o.Created,
		})
	}
	return writeJSON(w, http.StatusOK, map[string]any{"replies": list, "after": last})
}

// whole gives the conversation as the page's HTML, for a page that learned its key only after it was rendered.
func (c *Channel) whole(w http.ResponseWriter, r *http.Request) error {
	v := c.visitor(r, false)
	ms, last, err := c.conversation(r.Context(), v)
	if err != nil {
		return err
	}
	w.Header().Set("Tanya-After", strconv.FormatInt(last, 10))
	return c.writeMessages(w, ms)
}

// conversation reads the whole conversation of a visitor and the number of its last reply.
func (c *Channel) conversation(ctx context.Context, v visitor) ([]message, int64, error) {
	if v.key == "" || v.fresh {
		return nil, 0, nil
	}
	replies, err := c.history(ctx, v.chat)
	if err != nil {
		return nil, 0, &bot.Error{Class: bot.Transient, Message: "the conversation could not be read", Err: err}
	}
	last := int64(0)
	if n := len(replies); n > 0 {
		last = replies[n-1].ID
	}
	return c.thread(replies, c.spoken.of(v.chat, c.now()), v.lang), last, nil
}
