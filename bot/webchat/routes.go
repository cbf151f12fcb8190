package webchat

import (
	"net/http"
	"strings"

	"tanya/bot"
	"tanya/locales"
)

// Handler returns every route of the web chat. It belongs at the root of its host.
func (c *Channel) Handler() http.Handler {
	mux := http.NewServeMux()

	// Pages, which work without JavaScript.
	mux.Handle("GET /{$}", c.page(c.home))
	mux.Handle("GET /bingkai", c.page(c.frame)) // inside another site
	mux.Handle("GET /privasi", c.page(c.privacyPage))
	mux.Handle("POST /tanya", c.page(c.ask))
	mux.Handle("POST /bahasa", c.page(c.switchLanguage))

	// What the page's script and other programs read.
	mux.Handle("GET /aliran", c.data(c.stream))
	mux.Handle("GET /jawaban", c.data(c.answers))
	mux.Handle("GET /utas", c.data(c.whole))

	// Files.
	mux.HandleFunc("GET /gaya.css", c.file)
	mux.HandleFunc("GET /obrolan.js", c.file)
	mux.HandleFunc("GET /ikon.svg", c.file)
	mux.HandleFunc("GET /batik.svg", c.file)
	mux.HandleFunc("GET /sematkan.js", c.file) // what other sites put into their pages

	mux.Handle("/", c.page(func(http.ResponseWriter, *http.Request) error {
		return &bot.Error{Class: bot.NotFound, Message: "no such page"}
	}))
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(c.page(func(http.ResponseWriter, *http.Request) error {
		return &trouble{status: http.StatusForbidden, class: bot.Denied, key: locales.WebWrong}
	}))
	return c.headers(guard.Handler(mux))
}

// action answers a request or fails. It has written nothing when it fails.
type action func(w http.ResponseWriter, r *http.Request) error

// page shows a failure as a page, or as JSON to programs.
func (c *Channel) page(do action) http.Handler {
	return c.handle(do, func(w http.ResponseWriter, r *http.Request, t *trouble) error {
		if wantsJSON(r) {
			return c.jsonTrouble(w, r, t)
		}
		return c.notice(w, r, t)
	})
}

// data shows a failure as JSON.
func (c *Channel) data(do action) http.Handler { return c.handle(do, c.jsonTrouble) }

func (c *Channel) handle(do action, fail func(http.ResponseWriter, *http.Request, *trouble) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := c.gate.read(c.from(r), c.now())
		if err == nil {
			err = do(w, r)
		}
		if err == nil {
			return
		}
		t := troubleOf(err)
		if t.status >= http.StatusInternalServerError {
			c.log.Warn("request failed", "channel", name, "route", r.Pattern, "class", t.class, "err", err)
		}
		t.retryHeader(w)
		if err := fail(w, r, t); err != nil {
			c.log.Error("failure not shown", "channel", name, "route", r.Pattern, "err", err)
		}
	})
}

func (c *Channel) jsonTrouble(w http.ResponseWriter, r *http.Request, t *trouble) error {
	return writeJSON(w, t.status, map[string]any{"error": map[string]string{
		"class": string(t.class), "message": c.say(c.language(r), t.key),
	}})
}

// headers keeps browsers to what the page needs. Referrer-Policy is not no-referrer, because then old browsers would
// send "Origin: null" with the page's own forms and be turned away.
func (c *Channel) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", c.policy(false))
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store") // phones are shared
		if c.cfg.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// policy is the Content-Security-Policy of a page: our own script, style and icon, nothing inline, nothing from
// elsewhere.
func (c *Channel) policy(framed bool) string {
	framers := "'none'"
	if framed {
		framers = c.framers
	}
	return strings.Join([]string{
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'", "form-action 'self'",
		"base-uri 'none'", "frame-ancestors " + framers,
	}, "; ")
}
