package webchat

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"tanya/bot"
	"tanya/faq"
	"tanya/locales"
)

// What a request may hold. A thousand characters are far more than any question needs.
const (
	textMax   = 1000
	choiceMax = 64
	bodyMax   = 16 << 10
)

// These begin the external ids of what the page says for the person: the "/start" with an activity's code, and the
// language chosen before the first question. What answers them is not shown; the page's opening has said the same.
const (
	startPrefix = "start-"
	langPrefix  = "lang-"
)

var (
	goodID   = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)
	goodCode = regexp.MustCompile(`^[A-Za-z0-9_-]{1,32}$`)
)

// question is what a request asks.
type question struct {
	ID     string `json:"id"`
	Text   string `json:"text"`
	Choice string `json:"choice"`
	Code   string `json:"code"` // of the activity that the person came by, "" when none
	framed bool
}

// ask takes a question, from the page's form or from a program.
func (c *Channel) ask(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, bodyMax)
	q, err := readQuestion(r)
	v := c.visitor(r, q.framed)
	asked := words{}
	if err == nil {
		err = c.admit(&v)
	}
	if err == nil {
		if v.fresh || v.cookie {
			c.setKey(w, v) // it lives from the last message on
		}
		asked, err = c.take(r, v, q)
	}
	switch {
	case wantsJSON(r) && err == nil:
		answer := map[string]string{"id": q.ID}
		if v.fresh {
			answer["key"] = v.key
		}
		return writeJSON(w, http.StatusAccepted, answer)
	case wantsJSON(r):
		return err
	case err != nil:
		return c.askAgain(w, r, v, q, err)
	}
	c.setLang(w, r, v.lang)
	c.awaitReply(r.Context(), v.chat, asked)
	if v.cookie && !q.framed {
		http.Redirect(w, r, "/#terakhir", http.StatusSeeOther)
		return nil
	}
	return c.show(w, r, v, view{framed: q.framed}) // a redirect would lose the key
}

// take hands the question to the engine. When it returns nil the question is on disk.
func (c *Channel) take(r *http.Request, v visitor, q question) (words, error) {
	d := c.up.Load()
	if d == nil {
		return words{}, &bot.Error{Class: bot.Transient, Message: "the web chat takes no messages yet"}
	}
	if err := c.gate.message(v.chat, c.from(r), c.now()); err != nil {
		return words{}, err
	}
	own, err := c.wordsOf(r.Context(), v, q)
	if err != nil {
		return words{}, err
	}
	m := bot.Message{
		Channel: name, External: own.external, Chat: v.chat, Address: v.key, Kind: bot.Text, Text: q.Text, Lang: v.lang,
		Sent: own.at, Received: own.at,
	}
	if q.Choice != "" {
		m.Kind, m.Text, m.Choice = bot.Tap, "", q.Choice
	}
	b := bot.Batch{Channel: name, Messages: append(silentMessages(m, q, v, own, c.cfg.Zone), m)}
	if err := d.accepter.Accept(r.Context(), b); err != nil {
		c.log.Error("message not taken", "channel", name, "class", bot.ClassOf(err), "err", err)
		return words{}, &bot.Error{Class: bot.Transient, Message: "the message was not stored", Err: err}
	}
	c.spoken.add(v.chat, own)
	return own, nil
}

// silentMessages are what the page says before the person's own message m.
func silentMessages(m bot.Message, q question, v visitor, own words, zone *time.Location) []bot.Message {
	var ms []bot.Message
	if q.Code != "" {
		start := m
		start.Kind, start.Choice, start.Text = bot.Text, "", "/start "+q.Code
		start.External = startPrefix + digest(v.chat, q.Code, own.at.In(zone).Format(time.DateOnly)) // once a day is enough
		ms = append(ms, start)
	}
	if v.chosen && own.after == 0 { // later the conversation has a language of its own
		lang := m
		lang.Kind, lang.Choice, lang.Text = bot.Tap, "l:"+string(v.lang), ""
		lang.External = langPrefix + digest(v.chat, string(v.lang))
		ms = append(ms, lang)
	}
	return ms
}

// wordsOf is what the page will show of the question, and where.
func (c *Channel) wordsOf(ctx context.Context, v visitor, q question) (words, error) {
	own := words{external: digest(v.chat, q.ID, q.Choice, q.Text), text: q.Text, at: c.now()}
	seen, known := c.spoken.seen(v.chat)
	own.after = seen
	if known && q.Choice == "" || v.fresh {
		if q.Choice != "" {
			own.text = c.label(q.Choice, nil, v.lang)
		}
		return own, nil
	}
	replies, err := c.history(ctx, v.chat)
	if err != nil {
		return words{}, &bot.Error{Class: bot.Transient, Message: "the conversation could not be read", Err: err}
	}
	if n := len(replies); n > 0 {
		own.after = replies[n-1].ID
	}
	if q.Choice != "" {
		own.text = c.label(q.Choice, replies, v.lang)
	}
	return own, nil
}

// digest makes one id of several parts. The content is part of a message's id: a page that the browser brings back
// from its history may send new words under an old id, and they must not pass for a repeat.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// awaitReply gives the reply a moment, so that the page that follows a form already shows it. It returns once there is
// a reply and no further one has come for a tenth of a second, or when the time is over.
func (c *Channel) awaitReply(ctx context.Context, chat string, asked words) {
	ring, stop := c.bells.listen(chat)
	defer stop()
	end := time.NewTimer(c.cfg.AnswerWait)
	defer end.Stop()
	look := time.NewTicker(c.cfg.AnswerWait / 4)
	defer look.Stop()
	for found := false; ; {
		some, err := c.threads.Replies(ctx, chat, asked.after, 1)
		if err != nil {
			return
		}
		var quiet <-chan time.Time
		if found = found || len(some) > 0; found {
			quiet = time.After(100 * time.Millisecond)
		}
		select {
		case <-ring:
		case <-look.C: // another process may have sent it
		case <-quiet:
			return
		case <-end.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// readQuestion reads a form or a JSON object. Of a question that is wrong it returns what can be read, so that the
// person's text is not lost.
func readQuestion(r *http.Request) (question, error) {
	var q question
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "application/json" {
		d := json.NewDecoder(r.Body)
		if err := d.Decode(&q); err != nil {
			return question{}, unreadable(err)
		}
		if _, err := d.Token(); !errors.Is(err, io.EOF) {
			return question{}, unreadable(err)
		}
	} else {
		if err := r.ParseForm(); err != nil {
			return question{}, unreadable(err)
		}
		f := r.PostForm
		q = question{ID: f.Get("id"), Text: f.Get("teks"), Choice: f.Get("pilih"), Code: f.Get("kode"), framed: f.Get("bingkai") != ""}
	}
	if !goodCode.MatchString(q.Code) {
		q.Code = "" // a wrong code is nobody's fault here; the question counts without it
	}
	q.Text = strings.ReplaceAll(q.Text, "\r\n", "\n") // forms send line ends so, and they count as characters
	return q, q.check()
}

func (q question) check() error {
	switch {
	case !goodID.MatchString(q.ID), !utf8.ValidString(q.Text), len(q.Choice) > choiceMax, !utf8.ValidString(q.Choice):
		return &trouble{status: http.StatusBadRequest, class: bot.Invalid, key: locales.WebWrong}
	case q.Choice != "":
		return nil
	case strings.TrimSpace(q.Text) == "":
		return &trouble{status: http.StatusUnprocessableEntity, class: bot.Invalid, key: locales.WebEmpty}
	case utf8.RuneCountInString(q.Text) > textMax:
		return &trouble{status: http.StatusUnprocessableEntity, class: bot.Invalid, key: locales.TooLong}
	}
	return nil
}

// unreadable tells a body that is too big from one that is not what it says.
func unreadable(err error) error {
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return &trouble{status: http.StatusRequestEntityTooLarge, class: bot.Invalid, key: locales.TooLong}
	}
	return &trouble{status: http.StatusBadRequest, class: bot.Invalid, key: locales.WebWrong}
}

// setLang keeps a language that the form carried and the browser does not remember yet.
func (c *Channel) setLang(w http.ResponseWriter, r *http.Request, l faq.Lang) {
	if cookie, err := r.Cookie(langCookie); (err != nil || cookie.Value != string(l)) && (err == nil || l != faq.Indonesian) {
		c.setCookie(w, langCookie, string(l))
	}
}
