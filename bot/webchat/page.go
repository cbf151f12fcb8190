package webchat

import (
	"bytes"
	"net/http"
	"net/url"

	"tanya/bot"
	"tanya/faq"
	"tanya/locales"
)

// view is what a request wants to see beside the conversation.
type view struct {
	framed bool
	code   string // of the activity the person came by
	draft  string // text that was not taken
	id     string // id that the text was sent under, so that sending it again counts once
	bad    *trouble
}

// screen is what the template of the conversation shows.
type screen struct {
	base
	Opening  message
	Messages []message
	After    int64 // number of the last reply on the page
	Waiting  bool  // the last word is the person's
	Fresh    bool  // the key is new
	Draft    string
	Max      int
	Error    string
}

// base is what every page shows.
type base struct {
	Lang   faq.Lang
	Langs  []faq.Lang
	Office string
	Title  string
	Framed bool
	Policy bool   // there is a privacy page
	Here   string // where the language switch leads back to, "" for the conversation

	// What forms carry in hidden fields; "" leaves the field out.
	ID   string // for the next message
	Key  string // where the browser cannot be relied on to keep it
	Code string // of the activity the person came by
}

// home is the page in its own window.
func (c *Channel) home(w http.ResponseWriter, r *http.Request) error {
	v := c.visitor(r, false)
	if err := c.admit(&v); err != nil {
		return err
	}
	if v.fresh {
		c.setKey(w, v)
	}
	return c.show(w, r, v, view{code: code(r.URL.Query())})
}

// frame is the page inside another site. It leaves cookies alone: where they would work they would name a conversation
// that the person began elsewhere.
func (c *Channel) frame(w http.ResponseWriter, r *http.Request) error {
	v := c.visitor(r, true)
	if err := c.admit(&v); err != nil {
		return err
	}
	return c.show(w, r, v, view{framed: true, code: code(r.URL.Query())})
}

// code reads the activity's code from an address.
func code(q url.Values) string {
	if s := q.Get("kode"); goodCode.MatchString(s) {
		return s
	}
	return ""
}

// show renders the conversation.
func (c *Channel) show(w http.ResponseWriter, r *http.Request, v visitor, o view) error {
	ms, last, err := c.conversation(r.Context(), v)
	if err != nil && o.bad == nil { // when something else went wrong already, that is what the person must read
		return err
	}
	s := screen{
		base: c.base(v.lang, o.framed), Opening: c.opening(v.lang), Messages: ms, After: last, Fresh: v.fresh, Draft: o.draft, Max: textMax,
	}
	s.ID, s.Code = o.id, o.code
	s.Waiting = len(ms) > 0 && ms[len(ms)-1].Own && o.bad == nil
	if !v.cookie {
		s.Key = v.key
	}
	if s.ID == "" {
		if s.ID, err = c.random(); err != nil {
			return err
		}
	}
	status := http.StatusOK
	if o.bad != nil {
		status, s.Error = o.bad.status, c.say(v.lang, o.bad.key)
	}
	return c.render(w, status, o.framed, "obrolan", s)
}

// askAgain shows the conversation with what went wrong and the text that was not taken.
func (c *Channel) askAgain(w http.ResponseWriter, r *http.Request, v visitor, q question, err error) error {
	t := troubleOf(err)
	t.retryHeader(w)
	o := view{framed: q.framed, code: q.Code, draft: q.Text, bad: t}
	if goodID.MatchString(q.ID) {
		o.id = q.ID
	}
	if v.key == "" {
		if err := c.admit(&v); err != nil {
			return err
		}
	}
	return c.show(w, r, v, o)
}

// switchLanguage changes the language of the page, and of the conversation if there is one.
func (c *Channel) switchLanguage(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, bodyMax)
	if err := r.ParseForm(); err != nil {
		return unreadable(err)
	}
	framed := r.PostForm.Get("bingkai") != ""
	v := c.visitor(r, framed)
	if !faq.Lang(r.PostForm.Get(langCookie)).Valid() {
		return &trouble{status: http.StatusBadRequest, class: bot.Invalid, key: locales.WebWrong}
	}
	c.setCookie(w, langCookie, string(v.lang))
	if r.PostForm.Get("ke") == privacyPath {
		http.Redirect(w, r, privacyPath, http.StatusSeeOther)
		return nil
	}
	if q := (question{ID: r.PostForm.Get("id"), Choice: "l:" + string(v.lang)}); v.key != "" && q.check() == nil {
		some, err := c.threads.Replies(r.Context(), v.chat, 0, 1)
		if err == nil && len(some) > 0 {
			v.chosen = false // it is being said aloud
			asked, err := c.take(r, v, q)
			if err != nil {
				return c.askAgain(w, r, v, question{framed: framed}, err)
			}
			c.awaitReply(r.Context(), v.chat, asked)
		}
	}
	if !framed && (v.cookie || v.key == "") {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return nil
	}
	if err := c.admit(&v); err != nil {
		return err
	}
	return c.show(w, r, v, view{framed: framed, code: code(r.PostForm)})
}

// leaf is what the templates of the smaller pages show.
type leaf struct {
	base
	Heading string
	Message message
}

const privacyPath = "/privasi"

// privacyPage shows the office's privacy text.
func (c *Channel) privacyPage(w http.ResponseWriter, r *http.Request) error {
	if c.privacy == nil {
		return &bot.Error{Class: bot.NotFound, Message: "no privacy page"}
	}
	l := c.language(r)
	reply, err := c.privacy(l, c.now())
	if err != nil {
		return &bot.Error{Class: bot.Transient, Message: "the privacy text cannot be shown", Err: err}
	}
	reply.Choices, reply.Prompt = nil, ""
	b := c.base(l, false)
	b.Here = privacyPath
	return c.render(w, http.StatusOK, false, "lembar", leaf{
		base: b, Heading: c.say(l, locales.WebPrivacy), Message: c.replyMessage(bot.Outgoing{Reply: reply}),
	})
}

// notice is a page that says what went wrong.
func (c *Channel) notice(w http.ResponseWriter, r *http.Request, t *trouble) error {
	l := c.language(r)
	return c.render(w, t.status, false, "lembar", leaf{
		base: c.base(l, false), Heading: c.say(l, t.key), Message: message{Lang: l},
	})
}

func (c *Channel) base(l faq.Lang, framed bool) base {
	return base{Lang: l, Langs: faq.Langs(), Office: c.cfg.Office, Title: "Tanya " + c.cfg.Office, Framed: framed, Policy: c.privacy != nil}
}

// render writes a page, all of it or nothing.
func (c *Channel) render(w http.ResponseWriter, status int, framed bool, page string, data any) error {
	var b bytes.Buffer
	if err := c.pages.ExecuteTemplate(&b, page, data); err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", c.policy(framed))
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a browser that went away is no error of ours
	return nil
}

// fragment renders one reply, nothing for a silent one.
func (c *Channel) fragment(o bot.Outgoing) ([]byte, error) {
	if silent(o) {
		return nil, nil
	}
	var b bytes.Buffer
	err := c.pages.ExecuteTemplate(&b, "pesan", c.replyMessage(o))
	return b.Bytes(), err
}

// writeMessages renders bubbles without a page around them.
func (c *Channel) writeMessages(w http.ResponseWriter, ms []message) error {
	var b bytes.Buffer
	for _, m := range ms {
		if err := c.pages.ExecuteTemplate(&b, "pesan", m); err != nil {
			return err
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(b.Bytes())
	return nil
}
