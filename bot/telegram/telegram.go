// Package telegram carries messages between Telegram and the engine. It reads updates by long polling or through a
// webhook, hands them over as one batch with the place to go on reading, and only then lets Telegram forget them; it
// sends replies as HTML with inline keyboards, at the pace that Telegram allows.
//
// The client library is old but the owner's choice, so only its request functions are used, each behind a small wall:
// carrier.go (context, time limit, no token in errors), upload.go (lost error codes), batch.go (one odd update must
// not stop the others), poll.go (nothing is confirmed before it is on disk), markup.go (escaping), webhook.go (its
// handler verifies nothing). No type of the library leaves this package.
//
// Ids are chosen so that polling and webhook name the same message in the same way, see origin.
package telegram

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"regexp"
	"sync"
	"sync/atomic"
	"time"

	"tanya/bot"
	"tanya/locales"
)

// Name is the name that inbox and outbox rows carry.
const Name = "telegram"

// Config is what an operator sets.
type Config struct {
	Token   string  // from BotFather, like 123456:ABC-DEF; a secret
	API     string  // base URL of the Bot API server, "" for Telegram's own
	Webhook Webhook // the zero value means long polling

	Wait    time.Duration // how long Telegram holds an empty poll, whole seconds; 0 means 50 s
	Timeout time.Duration // for a request, beside what a poll is held; 0 means 15 s
	Rate    int           // messages a second to all chats together; 0 means 30, what Telegram advises
}

// String keeps the token out of whatever prints a Config.
func (c Config) String() string { return "telegram at " + c.API }

// GoString is String for %#v.
func (c Config) GoString() string { return c.String() }

// Deps are what the channel is handed. Only Words is required.
type Deps struct {
	Words     *locales.Catalog
	Inline    Searcher          // answers inline queries; nil leaves inline mode off
	Media     MediaFunc         // opens the pictures that replies name; nil sends their text only
	Transport http.RoundTripper // the network; nil means http.DefaultTransport
	Now       func() time.Time  // the clock; nil means time.Now
	Log       *slog.Logger      // nil logs nothing
}

// Channel is Telegram as a bot.Channel. Its methods are safe for concurrent use.
type Channel struct {
	api   *api
	conf  Config
	words *locales.Catalog
	deps  Deps
	now   func() time.Time
	log   *slog.Logger

	self     atomic.Pointer[account]
	accepter atomic.Pointer[bot.Accepter]
	inline   chan struct{} // holds one token per inline query under way
	pace     *pace
	typing   *typing
	polls    *memory[string, []string] // keys of the choices of open quiz polls
	moved    *memory[int64, int64]     // chats that became supergroups, old id to new
	sent     *memory[int64, progress]
	files    *memory[mediaKey, string]
	state    state

	sleep func(context.Context, time.Duration) bool
	roll  func(time.Duration) time.Duration
}

// account is who the bot is, as getMe says.
type account struct {
	ID       int64  `json:"id"`
	Name     string `json:"first_name"`
	Username string `json:"username"`
	Groups   bool   `json:"can_join_groups"`
	ReadsAll bool   `json:"can_read_all_group_messages"`
	Inline   bool   `json:"supports_inline_queries"`
}

const (
	telegramAPI    = "https://api.telegram.org"
	defaultWait    = 50 * time.Second // the longest that Telegram allows
	defaultTimeout = 15 * time.Second
	inlineMax      = 8 // inline queries answered side by side
	remembered     = 4096
)

// tokenForm is what a token looks like: the bot's number and its secret.
var tokenForm = regexp.MustCompile(`^[0-9]+:[A-Za-z0-9_-]+$`)

// New makes a channel. It does not touch the network; Run does. An error is Invalid and names what is wrong.
func New(conf Config, deps Deps) (*Channel, error) {
	if !tokenForm.MatchString(conf.Token) {
		return nil, bot.Errorf(bot.Invalid, "the Telegram token must look like 123456:ABC-DEF, as BotFather shows it")
	}
	if deps.Words == nil {
		return nil, bot.Errorf(bot.Invalid, "the Telegram channel needs the catalogue of sentences")
	}
	if conf.Wait == 0 {
		conf.Wait = defaultWait
	}
	conf.Wait = min(max(conf.Wait.Truncate(time.Second), time.Second), defaultWait)
	if conf.Timeout == 0 {
		conf.Timeout = defaultTimeout
	}
	if conf.Rate <= 0 {
		conf.Rate = everyoneRate
	}
	if deps.Now == nil {
		deps.Now = time.Now
	}
	if deps.Log == nil {
		deps.Log = slog.New(slog.DiscardHandler)
	}
	if err := conf.Webhook.complete(conf.Token); err != nil {
		return nil, err
	}
	a, err := newAPI(conf, deps.Transport)
	if err != nil {
		return nil, err
	}
	c := &Channel{
		api: a, conf: conf, words: deps.Words, deps: deps, now: deps.Now, log: deps.Log.With("channel", Name),
		inline: make(chan struct{}, inlineMax), pace: newPace(monotonic(), conf.Rate),
		moved: newMemory[int64, int64](remembered), polls: newMemory[string, []string](pollsKept), sent: newMemory[int64, progress](remembered), files: newMemory[mediaKey, string](remembered),
		sleep: sleep, roll: jitter,
	}
	c.typing = newTyping(c.showTyping)
	c.state.now = deps.Now
	return c, nil
}

// Name returns Name.
func (c *Channel) Name() string { return Name }

// Run reads updates until ctx ends. It returns a StopChannel error when the token is refused.
func (c *Channel) Run(ctx context.Context, a bot.Accepter) error {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	defer c.typing.stopAll()
	c.accepter.Store(&a)
	defer c.accepter.Store(nil)

	if err := c.identify(ctx); err != nil {
		return c.ended(ctx, err)
	}
	wg.Go(func() { c.present(ctx) })
	if c.conf.Webhook.URL != "" {
		return c.listen(ctx)
	}
	return c.poll(ctx, a, &wg)
}

// identify asks who the bot is, for as long as it takes.
func (c *Channel) identify(ctx context.Context) error {
	return c.insist(ctx, func(ctx context.Context) error {
		me, err := ask[account](ctx, c.api, "getMe", nil)
		if err == nil {
			c.self.Store(&me)
			c.state.set(Starting, "")
			c.log.Info("connected", "bot", me.Username)
		}
		return err
	})
}

// insist calls f until it succeeds, with growing pauses. It gives up when ctx ends or the channel must stop.
func (c *Channel) insist(ctx context.Context, f func(context.Context) error) error {
	for pause := pauseMin; ; pause = min(2*pause, pauseMax) {
		err := f(ctx)
		if err == nil || ctx.Err() != nil {
			return ctx.Err()
		}
		if err := c.trouble(err); bot.ClassOf(err) == bot.StopChannel {
			return err
		}
		if !c.sleep(ctx, c.pauseFor(err, pause)) {
			return ctx.Err()
		}
	}
}

// Pauses between attempts to reach Telegram.
const (
	pauseMin = time.Second
	pauseMax = time.Minute
)

// pauseFor is the pause after an error: what the server asks for, else a random part of pause.
func (c *Channel) pauseFor(err error, pause time.Duration) time.Duration {
	if after := afterOf(err); after > 0 {
		return after
	}
	return c.roll(pause)
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
