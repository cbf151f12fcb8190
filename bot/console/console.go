// Package console is the staff's desk: the pages on which the office sees what could not be answered, writes the next
// answer, has a colleague approve it, publishes, and withdraws. It renders on the server and works without JavaScript,
// by keyboard and on an old computer.
//
// Its rules stand in package bot as pure functions; its memory is the store, met through the small interfaces of
// desk.go. All routes stand on one page, routes.go, each with the least role that may use it; a handler has its file,
// noun first. A handler writes nothing when it fails. Handlers are safe for concurrent use.
package console

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"html/template"
	"io"
	"log/slog"
	"sync"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// Config is what the operator decides.
type Config struct {
	Office string         // name of the office, as citizens know it
	Secure bool           // the browser comes by https
	Zone   *time.Location // of all times on the pages
	Delay  time.Duration  // between the last approval and going live; 0 means bot.PublishDelay
	Hash   HashCost       // zero means the usual cost

	Simulated bool // the ledger holds a made-up season; every page says so

	Windows map[string]time.Duration // by channel: how long after a person's last message it lets us write; absent is always
}

// Deps is what the pages work with.
type Deps struct {
	Desk      Desk
	Knowledge func() bot.Knowledge // what citizens are answered from now
	Dialogue  Dialogue
	Train     func(ctx context.Context, ed *faq.Edition) (faq.Matcher, error) // with thresholds computed; may take a minute
	Key       ed25519.PrivateKey                                              // signs editions; nil: this process publishes nothing
	Reload    func(ctx context.Context) error                                 // makes the service answer from the newest edition; nil: nothing to do
	Panel     Panel                                                           // nil: no channels are shown
	Roads     func() map[string]string                                        // how the messages of each channel come, a sentence by channel; nil: nothing is said
	Now       func() time.Time                                                // nil means time.Now
	Random    io.Reader                                                       // nil means the system's
	Log       *slog.Logger                                                    // nil logs nothing
	Extras    []Extra                                                         // pages of other rooms
}

// Console is the staff's desk. Make one with New; Run must run beside its Handler.
type Console struct {
	cfg    Config
	desk   Desk
	deps   Deps
	now    func() time.Time
	random io.Reader
	log    *slog.Logger

	pages  map[string]*template.Template
	assets map[string]asset
	hashes chan struct{} // how many passwords are hashed at once
	board  *board
	draft  *workbench

	mu     sync.Mutex
	setup  setup
	served equity
}

// New makes the console.
func New(cfg Config, deps Deps) (*Console, error) {
	if cfg.Zone == nil {
		cfg.Zone = faq.Jakarta()
	}
	if cfg.Delay == 0 {
		cfg.Delay = bot.PublishDelay
	}
	if cfg.Hash == (HashCost{}) {
		cfg.Hash = usualCost
	}
	if deps.Desk == nil || deps.Knowledge == nil || deps.Dialogue == nil || deps.Train == nil {
		return nil, bot.Errorf(bot.Invalid, "the console needs the desk, the knowledge, the dialogue and a way to train")
	}
	c := &Console{cfg: cfg, desk: deps.Desk, deps: deps, now: deps.Now, random: deps.Random, log: deps.Log, hashes: make(chan struct{}, 2)}
	if c.now == nil {
		c.now = time.Now
	}
	if c.random == nil {
		c.random = rand.Reader
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if err := checkExtras(c.ownRoutes(), deps.Extras); err != nil {
		return nil, err
	}
	c.board = newBoard(c.desk)
	c.draft = &workbench{desk: c.desk}
	var err error
	if c.assets, err = loadAssets(); err != nil {
		return nil, err
	}
	c.pages, err = c.loadPages()
	return c, err
}

// groupEvery is how often questions are grouped while nobody looks, in ticks of Run.
const groupEvery = 5

// Run measures what was proposed, publishes what is due and keeps the questions grouped, until ctx ends.
func (c *Console) Run(ctx context.Context) error {
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	for n := 0; ; n++ {
		err := c.work(ctx)
		if n%groupEvery == 0 {
			err = errors.Join(err, c.group(ctx))
		}
		if err != nil && ctx.Err() == nil {
			c.log.Error("the desk's work waits", "class", bot.ClassOf(err), "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// group groups what has come, so that no page has to wait for it, and keeps the groups.
func (c *Console) group(ctx context.Context) error {
	err := c.board.open(ctx, c.deps.Knowledge(), func() error { return c.board.keep(ctx) })
	if errors.Is(err, errPlacing) { // a page is at it
		return nil
	}
	return err
}
