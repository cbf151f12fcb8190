// Package webchat is the page on which citizens ask in a browser. It works without JavaScript: a form is posted, the
// page that follows shows the exchange. With JavaScript replies appear by themselves. It makes no request to any other
// host and needs no font, no picture and no library.
//
// A conversation is known by an opaque key of 128 random bits. In the page's own window the key is an HttpOnly cookie
// that lives as long as a session; inside another site's frame, where browsers block cookies, and where cookies are
// off, the page carries it in a hidden field and a header. Nothing else tells people apart. The key is the address
// that replies are sent to.
//
// Replies are not pushed. They are read from the ledger, after the number of the last one that was seen; Send only
// wakes the pages that wait. What the person typed is kept in memory for an hour, so that the page can show it.
//
// Other programs use the same routes:
//
//	POST /tanya    Accept: application/json; a JSON body {"id", "text"} or {"id", "choice"}, id being 8 to 64 of
//	               A-Z a-z 0-9 _ - and chosen anew for each message. 202 {"id", "key"} once the message is on disk.
//	               The same id with the same content is counted once, so that it may be sent until it is accepted.
//	               "key" is there when the request had none; it belongs in the header Tanya-Key from then on.
//	GET /jawaban   ?after=N: {"replies": [...], "after": N}, at most 50, oldest first.
//	GET /aliran    ?after=N or Last-Event-ID: server-sent events "jawaban" whose data is the reply as HTML.
//
// Errors are {"error": {"class", "message"}} with 400, 403, 413, 422, 429 or 503; the last two say Retry-After.
package webchat

import (
	"context"
	"html/template"
	"io"
	"log/slog"
	"net/netip"
	"strconv"
	"sync/atomic"
	"time"

	"tanya/bot"
	"tanya/faq"
	"tanya/locales"
)

// name is what inbox and outbox rows call this channel.
const name = "webchat"

// Config is what the operator decides. The zero value is a page that any browser on the same machine can use.
type Config struct {
	Office         string         // name of the office, for the header and the title
	Secure         bool           // the page is reached by https, so cookies are for https only
	FrameAncestors []string       // origins that may show the page in a frame, such as "https://kab-blora.kpu.go.id"
	Proxies        []netip.Prefix // peers whose X-Forwarded-For is believed
	Zone           *time.Location // for the clock times on the page; nil means UTC
	Limits         Limits         // zero fields mean the defaults
	Pictures       bool           // the host serves pictures under /gambar/; otherwise only their words are shown
	AnswerWait     time.Duration  // how long a form without JavaScript waits for its reply; 0 means three seconds
	Heartbeat      time.Duration  // how often a quiet stream shows that it lives; 0 means 20 seconds
	Look           time.Duration  // how often a stream looks for replies that another process sent; 0 means five seconds
}

// Threads is the part of the ledger that the page reads.
type Threads interface {
	// Replies returns the replies of the chat whose number is greater than after, in the order of their numbers.
	Replies(ctx context.Context, chat string, after int64, limit int) ([]bot.Outgoing, error)
}

// Deps is what the channel works with. Threads, ChatKey and Words must be given.
type Deps struct {
	Threads Threads
	ChatKey func(address string) string // the opaque key that the ledger knows this channel's address by
	Words   *locales.Catalog
	// Renew brings a reply up to date before it is shown again, so that no expired or withdrawn answer is read from
	// the ledger. Without it an expired reply gives way to a sentence that says so.
	Renew   func(r bot.Reply, now time.Time) bot.Reply
	Topics  func() []string                                    // topics of the main menu; nil shows only the menu button
	Privacy func(l faq.Lang, now time.Time) (bot.Reply, error) // the office's privacy text; nil leaves the page out
	Now     func() time.Time                                   // nil means time.Now
	Rand    io.Reader                                          // nil means the system's
	Log     *slog.Logger                                       // nil means silence
}

// Channel is the web page as a channel. It is safe for concurrent use.
type Channel struct {
	cfg     Config
	threads Threads
	chatKey func(string) string
	words   *locales.Catalog
	renew   func(bot.Reply, time.Time) bot.Reply
	topics  func() []string
	privacy func(faq.Lang, time.Time) (bot.Reply, error)
	now     func() time.Time
	rand    io.Reader
	log     *slog.Logger

	up      atomic.Pointer[duty]
	bells   *bells
	spoken  *spoken
	gate    *gate
	pages   *template.Template
	assets  map[string]asset
	framers string // the value of frame-ancestors for pages that may be framed
}

// duty is the time between the beginning and the end of Run.
type duty struct {
	accepter bot.Accepter
	over     <-chan struct{}
}

var _ bot.Channel = (*Channel)(nil)

// New makes the channel. It fails with a bot.Error of class Invalid when the configuration is wrong.
func New(cfg Config, d Deps) (*Channel, error) {
	if d.Threads == nil || d.ChatKey == nil || d.Words == nil {
		return nil, bot.Errorf(bot.Invalid, "the web chat needs the ledger, the chat key and the catalogue")
	}
	framers, err := ancestors(cfg.FrameAncestors)
	if err != nil {
		return nil, err
	}
	c := &Channel{
		cfg: cfg.withDefaults(), threads: d.Threads, chatKey: d.ChatKey, words: d.Words, renew: d.Renew, topics: d.Topics,
		privacy: d.Privacy, now: d.Now, rand: d.Rand, log: d.Log, bells: newBells(), spoken: newSpoken(), framers: framers,
	}
	c.fillGaps()
	c.gate = newGate(c.cfg.Limits)
	if c.assets, err = c.loadAssets(); err != nil {
		return nil, err
	}
	if c.pages, err = c.loadPages(); err != nil {
		return nil, err
	}
	return c, nil
}

// Name returns "webchat".
func (c *Channel) Name() string { return name }

// Run takes messages from the page for a until ctx ends; before and after, the page answers 503.
func (c *Channel) Run(ctx context.Context, a bot.Accepter) error {
	d := &duty{accepter: a, over: ctx.Done()}
	c.up.Store(d)
	defer c.up.CompareAndSwap(d, nil)
	<-ctx.Done()
	return nil
}

// Fetched says that people's pages fetch the replies: sending only rings.
func (c *Channel) Fetched() bool { return true }

// Send wakes the pages of the conversation; they read the reply from the ledger. The platform's id is the reply's
// number in the outbox.
func (c *Channel) Send(_ context.Context, o bot.Outgoing) (string, error) {
	chat := c.chatKey(o.Address)
	if o.Reply.Outcome == bot.Erased {
		c.spoken.forget(chat)
	}
	c.bells.ring(chat)
	return strconv.FormatInt(o.ID, 10), nil
}
