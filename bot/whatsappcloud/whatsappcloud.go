// Package whatsappcloud answers through WhatsApp's official interface, the Business Cloud API. Meta sends messages to
// the webhook; replies are requests to its Graph API. It is the way for an office that cannot risk its number: it
// needs a verified business account, a public https address, and money for each reply beyond the free ones.
//
// A webhook request counts only with Meta's signature over its raw bytes, and is answered 200 only when all its
// messages are on disk; Meta repeats it for up to seven days otherwise. A request may hold a thousand changes, old ones,
// repeated ones, and ones of another number; each stands for itself.
//
// A person is known by the business-scoped user id, which comes with every message since April 2026, or by the WhatsApp
// id where there is none. A person who has a user name may show no telephone number at all, and is answered all the same.
// The name, the number and the text of a person are never logged.
//
// Replies cost money, so an answer is one message: as buttons or a list where the choices fit, numbered so that typing
// the number works too, as plain numbered text where they do not. The interface knows no way to send a message only once.
// Each carries its number in the outbox, which comes back in Meta's notice of delivery: a reply whose request broke off is
// not sent again once such a notice says that it arrived.
package whatsappcloud

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"tanya/bot"
	"tanya/faq"
	"tanya/locales"
)

// Name is the name that inbox and outbox rows carry.
const Name = "whatsappcloud"

// Config is what an operator sets. The first four are required.
type Config struct {
	Token         string // access token of a system user; a secret
	AppSecret     string // of the app that the webhook belongs to; a secret
	VerifyToken   string // any word that is entered at Meta beside the webhook's address; a secret
	PhoneNumberID string // Meta's id of the office's number, digits; not the number itself

	API     string // base URL of the Graph API, "" for Meta's; it may end with a version such as /v25.0
	Version string // of the Graph API, "" means the one that API names, else v25.0

	// Templates are messages that Meta has approved, by language; Indonesian stands in for a language that has none.
	// One is sent in place of a reply that comes later than 24 hours after the person's last message, when free text
	// is not allowed any more. Without a template such a reply is given up.
	Templates map[faq.Lang]Template

	Timeout time.Duration // for a request; 0 means 15 s
	Rate    int           // messages a second to all together; 0 means 80, Meta's limit for a number
}

// String names no secret, so that a printed configuration shows none.
func (c Config) String() string { return "WhatsApp Cloud at " + c.API }

// GoString is String for %#v.
func (c Config) GoString() string { return c.String() }

// Template names an approved message without open places.
type Template struct {
	Name     string // as registered at Meta
	Language string // code of its language at Meta, such as "id"
	Button   bool   // it has one quick reply button, which shows the answer
}

// Deps are what the channel is handed. Only Words is required.
type Deps struct {
	Words     *locales.Catalog
	Media     MediaFunc         // finds pictures that replies name; nil sends their text only
	Transport http.RoundTripper // the network; nil means http.DefaultTransport
	Now       func() time.Time  // the clock; nil means time.Now
	Log       *slog.Logger      // nil logs nothing
}

// MediaFunc returns the https address at which Meta can fetch a picture or film of an edition, "" when there is none.
type MediaFunc func(edition int64, name string) string

// Channel is the Cloud API as a bot.Channel. Its methods are safe for concurrent use.
type Channel struct {
	api   *api
	conf  Config
	deps  Deps
	words *locales.Catalog
	now   func() time.Time
	log   *slog.Logger

	accepter atomic.Pointer[bot.Accepter]
	poke     chan struct{} // asks Run to look at the number soon
	pace     *pace
	state    state
	refused  atomic.Int64                // when a refused webhook request was last logged, unix seconds
	sent     *memory[int64, progress]    // replies under way, by their number in the outbox
	ranks    *memory[string, rank]       // how far our messages have come, by id
	heard    *memory[address, time.Time] // when a person last wrote
	seen     *memory[string, struct{}]   // messages that were marked as read

	sleep func(context.Context, time.Duration) bool
	roll  func(time.Duration) time.Duration
}

const (
	graphAPI       = "https://graph.facebook.com"
	graphVersion   = "v25.0"
	defaultTimeout = 15 * time.Second
	remembered     = 4096
)

var (
	versionForm = regexp.MustCompile(`^v[0-9]+\.[0-9]+$`)
	digits      = regexp.MustCompile(`^[0-9]{1,32}$`)
)

// New makes a channel. It does not touch the network. An error is Invalid and names what is wrong.
func New(conf Config, deps Deps) (*Channel, error) {
	if err := conf.complete(); err != nil {
		return nil, err
	}
	if deps.Words == nil {
		return nil, bot.Errorf(bot.Invalid, "the WhatsApp Cloud channel needs the catalogue of sentences")
	}
	if deps.Now == nil {
		deps.Now = time.Now
	}
	if deps.Log == nil {
		deps.Log = slog.New(slog.DiscardHandler)
	}
	c := &Channel{
		api: newAPI(conf, deps.Transport), conf: conf, deps: deps, words: deps.Words, now: deps.Now, log: deps.Log.With("channel", Name),
		poke: make(chan struct{}, 1), pace: newPace(monotonic(), conf.Rate),
		sent: newMemory[int64, progress](remembered), ranks: newMemory[string, rank](remembered),
		heard: newMemory[address, time.Time](remembered), seen: newMemory[string, struct{}](remembered),
		sleep: sleep, roll: jitter,
	}
	c.state.now = deps.Now
	return c, nil
}

// complete checks the values and fills in the defaults.
func (c *Config) complete() error {
	for _, need := range []struct{ value, what string }{
		{c.Token, "an access token"}, {c.AppSecret, "the app secret"}, {c.VerifyToken, "a verify token"}, {c.PhoneNumberID, "the phone number id"},
	} {
		if need.value == "" || strings.ContainsAny(need.value, " \t\r\n") {
			return bot.Errorf(bot.Invalid, "the WhatsApp Cloud channel needs %s without blanks", need.what)
		}
	}
	if !digits.MatchString(c.PhoneNumberID) {
		return bot.Errorf(bot.Invalid, "the phone number id of the WhatsApp Cloud channel is the number that Meta shows as such, digits only")
	}
	if c.API == "" {
		c.API = graphAPI
	}
	u, err := url.Parse(strings.TrimRight(c.API, "/"))
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return bot.Errorf(bot.Invalid, "the address of the Graph API must be like https://graph.facebook.com")
	}
	if v := path.Base(u.Path); versionForm.MatchString(v) {
		u.Path = strings.TrimSuffix(u.Path, "/"+v)
		if c.Version == "" {
			c.Version = v
		}
	}
	c.API = u.String()
	if c.Version == "" {
		c.Version = graphVersion
	}
	if !versionForm.MatchString(c.Version) {
		return bot.Errorf(bot.Invalid, "the version of the Graph API must be like %s", graphVersion)
	}
	if c.Timeout <= 0 {
		c.Timeout = defaultTimeout
	}
	if c.Rate <= 0 {
		c.Rate = everyoneRate
	}
	return nil
}

// Name returns Name.
func (c *Channel) Name() string { return Name }

// Pauses between looks at the number.
const (
	pauseMin = time.Second
	pauseMax = time.Minute
	lookEach = 15 * time.Minute
)

// Run lets the webhook take messages until ctx ends, and looks from time to time whether Meta still knows number and
// token. It returns a StopChannel error when the token is refused. The webhook goes on taking messages then: what
// people ask is kept, and answered if the trouble is over in time.
func (c *Channel) Run(ctx context.Context, a bot.Accepter) error {
	c.accepter.Store(&a)
	closed := func() { c.accepter.CompareAndSwap(&a, nil) }
	context.AfterFunc(ctx, closed) // also when Run has returned before, because the token was refused
	defer func() {
		if ctx.Err() != nil { // AfterFunc may not have come to it yet
			closed()
		}
	}()
	pause := pauseMin
	for {
		next, err := lookEach, c.look(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case bot.ClassOf(err) == bot.StopChannel:
			return err
		case err != nil:
			next, pause = pause, min(2*pause, pauseMax)
		default:
			pause = pauseMin
		}
		if !c.wait(ctx, c.roll(next)) {
			return nil
		}
	}
}

// ask wakes Run to look at the number soon.
func (c *Channel) ask() {
	select {
	case c.poke <- struct{}{}:
	default:
	}
}

// wait sleeps for d, or until a reply meets trouble and a moment longer. It reports whether ctx is still alive.
func (c *Channel) wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-c.poke:
		return c.sleep(ctx, pauseMin)
	case <-t.C:
		return true
	}
}

// look asks Meta about the number. Not every token may ask; only one that is dead is a reason to stop.
func (c *Channel) look(ctx context.Context) error {
	n, err := c.number(ctx)
	var f *fault
	switch {
	case err == nil:
		c.state.known(n.Quality)
		return nil
	case asFault(err, &f) && f.class() == bot.StopChannel && !f.dead():
		c.log.Warn("the number cannot be looked at; messages may work all the same", "err", f)
		c.state.known("")
		return nil
	case ctx.Err() != nil:
		return nil
	}
	return c.trouble(err, 1)
}

// sleep waits and reports whether ctx is still alive.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// jitter returns a random pause between an eighth of d and d.
func jitter(d time.Duration) time.Duration {
	return d/8 + time.Duration(rand.Int64N(int64(d-d/8)+1))
}
