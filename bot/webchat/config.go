package webchat

import (
	"crypto/rand"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"tanya/bot"
	"tanya/locales"
)

func (cfg Config) withDefaults() Config {
	if cfg.Office == "" {
		cfg.Office = "KPU"
	}
	if cfg.Zone == nil {
		cfg.Zone = time.UTC
	}
	if cfg.AnswerWait <= 0 {
		cfg.AnswerWait = 3 * time.Second
	}
	if cfg.Heartbeat <= 0 {
		cfg.Heartbeat = 20 * time.Second
	}
	if cfg.Look <= 0 {
		cfg.Look = 5 * time.Second
	}
	cfg.Limits = cfg.Limits.withDefaults()
	return cfg
}

// fillGaps puts something in place of what was not handed in.
func (c *Channel) fillGaps() {
	if c.now == nil {
		c.now = time.Now
	}
	if c.rand == nil {
		c.rand = rand.Reader
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if c.topics == nil {
		c.topics = func() []string { return nil }
	}
	if c.renew == nil {
		c.renew = c.replaceExpired
	}
}

// replaceExpired puts the sentence on expired answers in the place of one.
func (c *Channel) replaceExpired(r bot.Reply, now time.Time) bot.Reply {
	if r.Expires.IsZero() || now.Before(r.Expires) {
		return r
	}
	return bot.Reply{Outcome: bot.Withdrawn, Lang: r.Lang, Plain: r.Plain, Text: c.words.Text(string(r.Lang), locales.ExpiredKey, nil)}
}

// ancestors writes the frame-ancestors of the page for frames. The office's own site is always among them.
func ancestors(origins []string) (string, error) {
	list := []string{"'self'"}
	for _, o := range origins {
		o = strings.TrimRight(strings.TrimSpace(o), "/")
		if o == "" {
			continue
		}
		u, err := url.Parse(o)
		if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.User != nil ||
			u.Fragment != "" || strings.ContainsAny(u.Host, " ;,'\"") {
			return "", bot.Errorf(bot.Invalid, "a site that may show the chat is written like https://www.example.go.id, without a path: %q", o)
		}
		list = append(list, u.Scheme+"://"+u.Host)
	}
	return strings.Join(list, " "), nil
}
