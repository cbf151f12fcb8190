package console

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"tanya/bot"
)

// handle puts one route behind its door: a session where one is needed, the role, the form's size. A failure becomes a
// page: that of the form where there is one, which keeps what was typed. The log gets the cause.
func (c *Console) handle(r route, form action) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		q := &request{Request: req, w: w, now: c.now()}
		err := c.admit(q, r)
		if err == nil && req.Method == http.MethodPost {
			req.Body = http.MaxBytesReader(w, req.Body, bodyMax)
			if bad := req.ParseForm(); bad != nil {
				err = &bot.Error{Class: bot.Invalid, Message: "Isian terlalu besar atau tidak terbaca.", Err: bad}
			}
		}
		if err == nil {
			if err = r.do(q); err != nil && form != nil && c.askAgain(q, form, err) {
				return
			}
		}
		if err != nil && !gone(err) {
			c.fail(q, err)
		}
	})
}

// errDoor says that the person must sign in first.
var errDoor = errors.New("not signed in")

// admit finds out who asks and whether they may.
func (c *Console) admit(q *request, r route) error {
	if r.open {
		return nil
	}
	cookie, err := q.Cookie(c.cookieName())
	if err != nil || cookie.Value == "" {
		return errDoor
	}
	q.session, err = c.desk.Visit(q.Context(), fingerprint(cookie.Value), q.now)
	if bot.ClassOf(err) == bot.NotFound {
		return errDoor
	}
	if err != nil {
		return err
	}
	if q.me, err = c.desk.Member(q.Context(), q.session.Login); err != nil {
		return err
	}
	if !q.me.Ready() {
		return errDoor
	}
	if r.need == bot.Nobody || !q.me.Rights().Covers(r.need) { // a route without a role is a mistake, not an open door
		return bot.Errorf(bot.Denied, "Peran Anda tidak mencakup halaman ini.")
	}
	return nil
}

// fail shows what went wrong.
func (c *Console) fail(q *request, err error) {
	if errors.Is(err, errDoor) {
		if q.Method == http.MethodGet {
			http.Redirect(q.w, q.Request, root+"/masuk", http.StatusSeeOther)
			return
		}
		err = bot.Errorf(bot.Denied, "Sesi Anda sudah berakhir. Salin tulisan Anda dengan tombol kembali, lalu masuk lagi.")
	}
	status := statusOf(err)
	if status >= http.StatusInternalServerError {
		c.log.Warn("request failed", "room", "console", "route", q.Pattern, "class", bot.ClassOf(err), "err", err)
	}
	p := troublePage{Page: c.page(q, "Tidak dapat dilanjutkan", ""), Sentence: sentence(err)}
	if err := c.show(q, status, "galat", p); err != nil {
		c.log.Error("failure not shown", "room", "console", "route", q.Pattern, "err", err)
		http.Error(q.w, "galat", http.StatusInternalServerError)
	}
}

// askAgain shows the page of a form once more, with what is wrong with it and what was typed. It reports whether it could.
func (c *Console) askAgain(q *request, form action, err error) bool {
	switch bot.ClassOf(err) {
	case bot.Invalid, bot.Conflict, bot.Denied, bot.Throttled:
	default:
		return false
	}
	q.notes, q.status = notesOf(err), statusOf(err)
	return form(q) == nil
}

type troublePage struct {
	Page
	Sentence string
}

// guard is what stands before every route: headers, and no writing from another site. The standard guard lets
// requests pass that say nothing of where they come from; browsers always do, so those are refused.
func (c *Console) guard(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	deny := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.fail(&request{Request: r, w: w, now: c.now()}, bot.Errorf(bot.Denied, "Permintaan ini tidak datang dari halaman konsol."))
	})
	cross.SetDenyHandler(deny)
	inner := cross.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "+
			"form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Robots-Tag", "noindex")
		if c.cfg.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		read := r.Method == http.MethodGet || r.Method == http.MethodHead
		if !read && r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "" {
			deny(w, r)
			return
		}
		inner.ServeHTTP(w, r)
	})
}

func (c *Console) cookieName() string {
	if c.cfg.Secure {
		return "__Host-tanya-petugas"
	}
	return "tanya-petugas"
}

// setCookie keeps the token in the browser; an empty one takes it away.
func (c *Console) setCookie(w http.ResponseWriter, token string) {
	k := &http.Cookie{
		Name: c.cookieName(), Value: token, Path: "/", HttpOnly: true, Secure: c.cfg.Secure,
		SameSite: http.SameSiteLaxMode, MaxAge: int(bot.StaffLife / time.Second),
	}
	if token == "" {
		k.MaxAge = -1
	}
	http.SetCookie(w, k)
}

// agentOf names a browser in words that a person recognises.
func agentOf(r *http.Request) string {
	ua := r.UserAgent()
	pick := func(table [][2]string, otherwise string) string {
		for _, row := range table {
			if strings.Contains(ua, row[0]) {
				return row[1]
			}
		}
		return otherwise
	}
	browser := pick([][2]string{{"Edg", "Edge"}, {"OPR", "Opera"}, {"Firefox", "Firefox"}, {"Chrome", "Chrome"}, {"Safari", "Safari"}}, "Peramban")
	system := pick([][2]string{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS", "Mac"}, {"Linux", "Linux"}}, "komputer")
	return browser + " di " + system
}
