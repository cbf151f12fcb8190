package telegram

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"tanya/bot"
)

// progress is how far a reply has come, for the next attempt of the same process.
type progress struct {
	done  int           // parts that are sent
	last  string        // id of the last of them
	doubt time.Duration // since when it may already have arrived, by the pace's clock; 0 when there is no doubt
}

const (
	// patience is how long Send waits for a chat's turn itself.
	patience = 150 * time.Millisecond
	// doubtMax is how long a reply that may have arrived already is worth sending again.
	doubtMax = 15 * time.Minute
	// grace is what a message on the wire is given to finish after the program was told to stop.
	grace = 2 * time.Second
)

// Send delivers a reply and returns the message id of its last part. A reply of several parts goes on where an
// earlier attempt of this process stopped. The errors are of the classes that bot names; Throttled says how long.
func (c *Channel) Send(ctx context.Context, o bot.Outgoing) (string, error) {
	to, err := parsePlace(o.Address)
	if err != nil {
		return "", err
	}
	c.typing.done(o.Address)
	so, _ := c.sent.get(o.ID)
	if so.doubt > 0 && c.pace.now()-so.doubt > doubtMax {
		c.sent.drop(o.ID)
		return "", bot.Errorf(bot.Stale, "the reply may have arrived and is too old to be sent again")
	}
	m := mail{to: to, from: parseOrigin(o.ReplyTo), reply: o.Reply}
	all := c.parts(to, o.Reply)
	if so.done >= len(all) {
		so.done = 0 // the reply was rendered anew meanwhile and is another one now
	}
	m.edit = len(all) == 1 && so.done == 0 && m.mayEdit()
	for i, p := range all {
		if i < so.done {
			continue
		}
		id, err := c.post(ctx, m, p)
		if err != nil {
			return "", c.unsent(ctx, o.ID, so, err)
		}
		if id == "" {
			id = so.last
		}
		so = progress{done: i + 1, last: id}
		if so.done < len(all) {
			c.sent.put(o.ID, so)
		}
	}
	c.sent.drop(o.ID)
	c.state.out(c.now())
	return so.last, nil
}

// unsent remembers what is needed for the next attempt, and returns the error for the engine.
func (c *Channel) unsent(ctx context.Context, id int64, so progress, err error) error {
	var f *fault
	if asFault(err, &f) && !f.refused() && so.doubt == 0 {
		so.doubt = max(c.pace.now(), 1)
	}
	if so != (progress{}) {
		c.sent.put(id, so)
	}
	err = classed(err)
	class := bot.ClassOf(err)
	switch class {
	case bot.Conflict:
		class, err = bot.Transient, &bot.Error{Class: bot.Transient, Message: sentences[bot.Transient], Err: err}
	case bot.StopChannel:
		_ = c.trouble(err)
	case bot.StopChat, bot.Invalid, bot.Stale:
		c.sent.drop(id)
	}
	switch {
	case ctx.Err() != nil:
	case class == bot.Untried:
		c.state.count("waited")
	default:
		c.state.count("failed_" + string(class))
		c.log.Info("not sent", "outbox", id, "class", class, "err", errors.Unwrap(err))
	}
	return err
}

// mail is a reply on its way: where it goes and what it answers.
type mail struct {
	to    place
	from  origin
	reply bot.Reply
	edit  bool // turn the menu that was tapped into this one
}

// mayEdit reports whether the reply is a menu that a tap on a menu has asked for.
func (m mail) mayEdit() bool {
	return m.from.kind == 'c' && m.from.message != 0 && m.from.chat == m.to.chat &&
		m.reply.Outcome == bot.Menu && !m.reply.Plain && len(m.reply.Media) == 0
}

// post sends one part and returns its message id. It follows a group to its new id.
func (c *Channel) post(ctx context.Context, m mail, p part) (string, error) {
	if id, ok := c.moved.get(m.to.chat); ok {
		m.to.chat = id
	}
	id, err := c.attempt(ctx, m, p)
	var f *fault
	if asFault(err, &f) && f.migrate != 0 && f.migrate != m.to.chat {
		c.moved.put(m.to.chat, f.migrate)
		c.state.count("moved")
		m.to.chat = f.migrate
		id, err = c.attempt(ctx, m, p)
	}
	return id, err
}

// attempt sends one part in the best form that Telegram takes: the menu in place, the picture, the text with buttons,
// and at last bare text. Only a form that was refused is followed by another.
func (c *Channel) attempt(ctx context.Context, m mail, p part) (string, error) {
	var forms []form
	if m.edit {
		forms = append(forms, form{"edited", c.edit})
	}
	if p.media != nil {
		forms = append(forms, form{"sent_media", c.sendMedia})
	}
	if p.poll != nil {
		forms = append(forms, form{"sent_poll", c.sendPoll})
	}
	if !p.spare {
		forms = append(forms, form{"sent", c.sendText}, form{"sent_plain", c.sendPlain})
	}
	var id string
	var err error
	for _, f := range forms {
		if err = c.turn(ctx, m.to.chat); err != nil {
			return "", err
		}
		if id, err = f.send(ctx, m, p); err == nil {
			c.state.count(f.name)
			return id, nil
		}
		if !simpler(err, f.name) {
			break
		}
		c.log.Warn("not taken, tried in a simpler form", "form", f.name, "err", err)
		if p.spare {
			return "", nil
		}
	}
	var f *fault
	if asFault(err, &f) && f.class() == bot.Throttled {
		var b *bot.Error
		errors.As(classed(f), &b)
		c.pace.stop(m.to.chat, b.After)
	}
	return "", err
}

// simpler reports whether a form that failed may be followed by a simpler one: it was refused, not lost, and the chat
// itself can be written to. A group may allow text and no pictures. A server that does not know a newer method says 404,
// as one that does not know the token does: the plain message, which every server knows, tells them apart.
func simpler(err error, form string) bool {
	var f *fault
	switch {
	case errors.Is(err, errNoMedia):
		return true
	case !asFault(err, &f) || f.migrate != 0:
		return false
	case f.status == http.StatusNotFound:
		return form != "sent" && form != "sent_plain"
	}
	return f.class() == bot.Invalid || form == "sent_media" && f.refused() && f.says("not enough rights to send")
}

// form is a way to send a part.
type form struct {
	name string
	send func(context.Context, mail, part) (string, error)
}

// turn waits for the message's place in the row, or hands the reply back when its chat must wait longer than a blink,
// so that a busy chat holds up no other.
func (c *Channel) turn(ctx context.Context, chat int64) error {
	for {
		wait, given := c.pace.take(chat)
		switch {
		case !given && wait > patience:
			return &bot.Error{Class: bot.Untried, Message: "this chat waits for its turn", After: wait}
		case wait > 0 && !c.sleep(ctx, wait):
			return &bot.Error{Class: bot.Transient, Message: "the program stops", Err: ctx.Err()}
		case given:
			return nil
		}
	}
}

// edit turns the tapped menu into this reply. That nothing changed is success: an earlier attempt arrived.
func (c *Channel) edit(ctx context.Context, m mail, p part) (string, error) {
	q := m.params(p)
	delete(q, "message_thread_id")
	delete(q, "reply_parameters")
	q["message_id"] = strconv.FormatInt(m.from.message, 10)
	q["text"], q["parse_mode"] = toHTML(p.spans), "HTML"
	_, err := c.request(ctx, "editMessageText", q)
	var f *fault
	if asFault(err, &f) && f.refused() && f.says("message is not modified") {
		err = nil
	}
	return q["message_id"], err
}

func (c *Channel) sendText(ctx context.Context, m mail, p part) (string, error) {
	q := m.params(p)
	q["text"], q["parse_mode"] = toHTML(p.spans), "HTML"
	return c.request(ctx, "sendMessage", q)
}

func (c *Channel) sendPlain(ctx context.Context, m mail, p part) (string, error) {
	q := m.params(p)
	q["text"] = p.plain
	delete(q, "reply_markup")
	delete(q, "reply_parameters")
	return c.request(ctx, "sendMessage", q)
}

// params are what all forms of a part share.
func (m mail) params(p part) params {
	q := params{
		"chat_id":              strconv.FormatInt(m.to.chat, 10),
		"link_preview_options": `{"is_disabled":true}`,
	}
	if m.to.thread != 0 {
		q["message_thread_id"] = strconv.FormatInt(m.to.thread, 10)
	}
	if p.keyboard != "" {
		q["reply_markup"] = p.keyboard
	}
	if m.to.group() && m.from.kind == 'm' && m.from.chat == m.to.chat {
		q["reply_parameters"] = encode(replyParameters{Message: m.from.message, Anyway: true})
	}
	return q
}

// replyParameters show which message is answered, where several people write.
type replyParameters struct {
	Message int64 `json:"message_id"`
	Anyway  bool  `json:"allow_sending_without_reply"`
}

// request calls a method that returns a message and gives its id. It is not broken off at once when the program is
// told to stop: what is on the wire would arrive, and be sent a second time after the next start.
func (c *Channel) request(ctx context.Context, method string, q params) (string, error) {
	ctx, cancel := linger(ctx, grace)
	defer cancel()
	type id struct {
		Message int64 `json:"message_id"`
	}
	sent, err := ask[id](ctx, c.api, method, q)
	return strconv.FormatInt(sent.Message, 10), err
}

// linger returns a context that ends a while after ctx does.
func linger(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	long, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		t := time.AfterFunc(d, cancel)
		context.AfterFunc(long, func() { t.Stop() })
	})
	return long, func() { stop(); cancel() }
}

// asFault is errors.As for *fault.
func asFault(err error, f **fault) bool { return errors.As(err, f) }
