package whatsappcloud

import (
	"context"
	"errors"
	"time"

	"tanya/bot"
)

// progress is how far a reply has come, for the next attempt of the same process.
type progress struct {
	done    int       // parts that are sent
	last    string    // id of the last of them
	since   time.Time // when the next part was first on its way; zero when it certainly is not
	arrived string    // id of that part, once a notice says that it arrived
}

const (
	// grace is what a message on the wire is given to finish after the program was told to stop.
	grace = 2 * time.Second
	// noticeWait is how long Meta's notice of a message that broke off is waited for before it is sent again.
	noticeWait = 5 * time.Second
	// window is how long after a person's last message free text may be sent.
	window = 24 * time.Hour
	// courtesyWait bounds what is nice but not needed.
	courtesyWait = 2 * time.Second
)

// Send delivers a reply and returns the message id of its last part. The errors are of the classes that bot names;
// Throttled says how long.
func (c *Channel) Send(ctx context.Context, o bot.Outgoing) (string, error) {
	to, err := parseAddress(o.Address)
	if err != nil {
		return "", err
	}
	all := c.parts(o.Reply)
	late := c.closed(to)
	if late {
		e, ok := c.template(o.Reply)
		if !ok {
			c.state.count("failed_" + string(bot.StopChat))
			return "", c.classed(&fault{known: true, code: codeWindow}, o.Attempt)
		}
		all = []part{{e}}
	} else {
		c.courtesy(ctx, o)
	}
	var last string
	for i := range all {
		if last, err = c.sendPart(ctx, to, o, i, all[i]); err == nil {
			continue
		}
		var f *fault
		if asFault(err, &f) && f.late() && !late {
			c.heard.put(to, c.now().Add(-window))
			return c.Send(ctx, o)
		}
		return "", c.unsent(ctx, o, err)
	}
	c.sent.drop(o.ID)
	c.state.out(c.now())
	return last, nil
}

// closed reports whether free text to a person is known to be too late.
func (c *Channel) closed(to address) bool {
	last, ok := c.heard.get(to)
	return ok && c.now().Sub(last) >= window
}

// sendPart sends one part, unless an earlier attempt of this process has.
func (c *Channel) sendPart(ctx context.Context, to address, o bot.Outgoing, i int, p part) (string, error) {
	if so, _ := c.sent.get(o.ID); so.arrived != "" {
		c.state.count("arrived")
		c.sent.put(o.ID, progress{done: so.done + 1, last: so.arrived})
	}
	if so, _ := c.sent.get(o.ID); i < so.done {
		return so.last, nil
	}
	id, err := c.attempt(ctx, to, o, i, p)
	if so, _ := c.sent.get(o.ID); err != nil && so.arrived != "" { // the notice was faster than the answer
		c.state.count("arrived")
		id, err = so.arrived, nil
	}
	if err == nil {
		c.sent.put(o.ID, progress{done: i + 1, last: id})
	}
	return id, err
}

// attempt tries the forms of a part until one is taken. Only a form that was certainly not taken is followed by another.
func (c *Channel) attempt(ctx context.Context, to address, o bot.Outgoing, i int, p part) (string, error) {
	for n, e := range p {
		id, err := c.post(ctx, to, o, i, e)
		if err == nil {
			c.state.count("sent_" + e.form())
			return id, nil
		}
		var f *fault
		if !asFault(err, &f) {
			return "", err
		}
		switch class := f.class(); {
		case class == bot.Throttled:
			c.slow(to, f, o.Attempt)
			return "", err
		case n == len(p)-1, !f.known, class != bot.Invalid && f.code != codeMedia && f.code != codeMediaGet:
			return "", err
		}
		c.log.Warn("refused, tried in a simpler form", "form", e.form(), "err", f)
	}
	return "", bot.Errorf(bot.Invalid, "the reply has no form") // parts never returns one
}

// form names how a message looks, for the counts.
func (e envelope) form() string {
	if e.Interactive != nil {
		return e.Interactive.Type
	}
	return e.Type
}

// post sends one message in its turn and returns its id. It is not broken off at once when the program is told to stop:
// what is on the wire would arrive, and be sent a second time after the next start.
func (c *Channel) post(ctx context.Context, to address, o bot.Outgoing, i int, e envelope) (string, error) {
	if err := c.turn(ctx, to); err != nil {
		return "", err
	}
	e.Product, e.RecipientType, e.Callback = "whatsapp", "individual", mark(o.ID, i)
	to.fill(&e)
	c.sent.change(o.ID, func(p progress, _ bool) (progress, bool) {
		if p.since.IsZero() {
			p.since = c.now()
		}
		return p, true
	})
	ctx, cancel := linger(ctx, grace)
	defer cancel()
	var answer struct {
		Messages []struct {
			ID string `json:"id"`
		} `json:"messages"`
	}
	err := c.api.post(ctx, e, &answer)
	if err == nil && (len(answer.Messages) == 0 || answer.Messages[0].ID == "") {
		err = &fault{status: 200, err: errors.New("the answer names no message")}
	}
	if err == nil {
		return answer.Messages[0].ID, nil
	}
	var f *fault
	if asFault(err, &f) && f.refused() {
		c.sent.change(o.ID, func(p progress, _ bool) (progress, bool) {
			p.since = time.Time{}
			return p, p.arrived == ""
		})
	}
	return "", err
}

// turn waits for the message's place in the row, or hands the reply back when its person must wait longer than a blink,
// so that nobody is held up by others.
func (c *Channel) turn(ctx context.Context, to address) error {
	for {
		wait, given := c.pace.take(to)
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

// slow obeys a throttling answer: one about a person makes that person wait, any other makes all wait.
func (c *Channel) slow(to address, f *fault, attempt int) {
	if f.code != codePair {
		to = ""
		_ = c.trouble(f, attempt)
	}
	c.pace.stop(to, f.wait(attempt))
}

// unsent remembers what is needed for the next attempt and returns the error for the engine.
func (c *Channel) unsent(ctx context.Context, o bot.Outgoing, err error) error {
	err = c.classed(err, o.Attempt)
	class := bot.ClassOf(err)
	var f *fault
	made := asFault(err, &f) // a request
	switch {
	case ctx.Err() != nil:
		return err
	case class == bot.StopChannel:
		_ = c.trouble(err, o.Attempt)
		c.ask()
	case class == bot.StopChat || class == bot.Invalid:
		c.sent.drop(o.ID)
	case class == bot.Transient && made:
		c.ask()
		if !f.refused() && o.Attempt <= 2 {
			// It may have arrived. Meta's notice, if there is one, comes within seconds.
			err = &bot.Error{Class: bot.Throttled, Message: err.Error(), After: noticeWait, Err: f}
		}
	}
	if class == bot.Untried {
		c.state.count("waited")
		return err
	}
	c.state.count("failed_" + string(class))
	c.log.Info("not sent", "outbox", o.ID, "class", class, "err", errors.Unwrap(err))
	return err
}

// courtesy marks the question as read and shows that an answer is being written, before the first attempt to answer it.
// It is left out when many wait, and nothing of it matters.
func (c *Channel) courtesy(ctx context.Context, o bot.Outgoing) {
	if o.Attempt > 1 || !soundID(o.ReplyTo) || !c.pace.spare() {
		return
	}
	if _, fresh := c.seen.change(o.ReplyTo, func(_ struct{}, known bool) (struct{}, bool) { return struct{}{}, !known }); !fresh {
		return
	}
	type indicator struct {
		Type string `json:"type"`
	}
	read := struct {
		Product string    `json:"messaging_product"`
		Status  string    `json:"status"`
		Message string    `json:"message_id"`
		Typing  indicator `json:"typing_indicator"`
	}{"whatsapp", "read", o.ReplyTo, indicator{"text"}}
	ctx, cancel := context.WithTimeout(ctx, courtesyWait)
	defer cancel()
	var answer struct{}
	if err := c.api.post(ctx, read, &answer); err == nil {
		c.state.count("read")
	}
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
