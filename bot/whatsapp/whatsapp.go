// Package whatsapp answers from the office's own WhatsApp number, as a device linked to its telephone. It needs
// nothing but that number: no contract, no public address. It uses an unofficial client, which WhatsApp's terms do
// not allow; a number can be blocked for it, and docs say so to the office. What lowers the risk is built in: it
// only answers, never begins a conversation, takes part in no group, reads and types at a human pace, and stops at
// the first sign of a ban.
//
// A message is on disk before WhatsApp hears "received": the library's handler commits to the inbox and only then
// returns, what it decrypted is kept until that has happened, and a message that could not be committed holds back
// those behind it until it has come again. A reply's id is stored before the reply is sent and used again when it is
// sent again, so that a telephone shows it once.
//
// A person is known by the address without telephone number (LID) that WhatsApp gives. The telephone number is
// neither key nor address here and is never logged, nor is a message, a name, a QR text or a phone code. The session
// file holds what the protocol needs to know of people (their keys, and which LID belongs to which number); names and
// message secrets, which it would also collect, are left out.
package whatsapp

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types"

	"tanya/bot"
	"tanya/locales"
)

// Name is the channel's name in inbox and outbox rows.
const Name = "whatsapp"

// Config is what an operator may choose. Session is needed, the rest has defaults.
type Config struct {
	Session   string        // path of the session's own SQLite file, or a postgres:// address
	Device    string        // name in the telephone's list of linked devices; "Tanya"
	MaxAge    time.Duration // a message that waited longer at WhatsApp is counted, not answered; 6 hours
	AckWait   time.Duration // how long WhatsApp may take to acknowledge a reply; 10 s
	StoreWait time.Duration // how long a message may take to be stored before WhatsApp is asked to deliver it again; 10 s
	PauseMin  time.Duration // shortest and
	PauseMax  time.Duration // longest time of typing before a reply, long texts a little more; 1 s and 3 s, negative for none
	Polls     bool          // show menus as polls where they are nothing but a question and choices
	Lang      string        // language of what the operator reads; "id"

	refresh time.Duration // how often WhatsApp is asked for its current version; a day
}

// Deps are what the channel works with. Ledger, Keys and Words are needed.
type Deps struct {
	Ledger Ledger
	Keys   *bot.Keyring // the ledger's, to find a chat's replies again
	Words  *locales.Catalog
	Media  MediaFunc             // opens the pictures that replies name; nil sends their text only
	HTTP   http.RoundTripper     // for every connection; nil dials as usual
	Now    func() time.Time      // the clock; nil means time.Now
	Rand   func() float64        // evenly from 0 to 1; nil means the system's
	Log    *slog.Logger          // nil logs nothing
	Alert  func(sentence string) // told once per trouble that somebody should look at; nil tells nobody

	// Lock waits for the right to use the link alone; a session in PostgreSQL needs it. Nil locks a file beside an SQLite
	// session, and a second process fails at once.
	Lock func(ctx context.Context) (Hold, error)
}

// Ledger is what the channel needs to know of the replies it sends. *store.Store has it.
type Ledger interface {
	// Prepare stores the id that a reply is going to have.
	Prepare(ctx context.Context, id int64, platform string) error
	// Replies returns what was sent to a chat, oldest first, from the one with the number after on.
	Replies(ctx context.Context, chat string, after int64, limit int) ([]bot.Outgoing, error)
}

// Channel is the linked device. It implements bot.Channel; its methods are safe for concurrent use.
type Channel struct {
	cfg    Config
	deps   Deps
	log    *slog.Logger
	store  *sqlstore.Container
	counts counts

	sending chan struct{} // holds one: the library sends one message at a time and cannot be interrupted while it waits

	mu      sync.Mutex
	link    *link
	state   State
	since   time.Time
	trouble string
	alerted string        // what was last told through Deps.Alert, "" since the connection was last up
	changed chan struct{} // closed when state changes
}

var (
	_ bot.Channel = (*Channel)(nil)
	_ bot.Linked  = (*Channel)(nil)
)

// New opens the session store. It does not connect; Run and Pair do.
func New(ctx context.Context, cfg Config, deps Deps) (*Channel, error) {
	if cfg.Session == "" || deps.Ledger == nil || deps.Keys == nil || deps.Words == nil {
		return nil, bot.Errorf(bot.Invalid, "the WhatsApp channel needs a session, a ledger, its keyring and the catalogue")
	}
	if isPostgres(cfg.Session) && deps.Lock == nil {
		return nil, bot.Errorf(bot.Invalid, "a WhatsApp session in PostgreSQL needs a lock, because several processes can reach it")
	}
	cfg.fill()
	deps.fill()
	quietSignal()
	c := &Channel{
		cfg: cfg, deps: deps, log: deps.Log.With("room", Name), sending: make(chan struct{}, 1),
		state: Stopped, since: deps.Now(), changed: make(chan struct{}),
	}
	var err error
	if c.store, err = openSession(ctx, cfg.Session, journal{log: c.log}); err != nil {
		return nil, &bot.Error{Class: bot.Transient, Message: c.say(locales.WAStore, nil), Err: err}
	}
	linked, err := c.Paired(ctx)
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	if !linked {
		c.set(Unlinked, c.say(locales.WAUnlinked, nil))
	}
	return c, nil
}

func (cfg *Config) fill() {
	orString(&cfg.Device, "Tanya")
	orString(&cfg.Lang, "id")
	if cfg.MaxAge <= 0 {
		cfg.MaxAge = 6 * time.Hour
	}
	if cfg.AckWait <= 0 {
		cfg.AckWait = 10 * time.Second
	}
	if cfg.StoreWait <= 0 {
		cfg.StoreWait = 10 * time.Second
	}
	if cfg.refresh <= 0 {
		cfg.refresh = 24 * time.Hour
	}
	if cfg.PauseMin == 0 && cfg.PauseMax == 0 {
		cfg.PauseMin, cfg.PauseMax = time.Second, 3*time.Second
	}
}

func orString(s *string, other string) {
	if *s == "" {
		*s = other
	}
}

func (d *Deps) fill() {
	if d.HTTP == nil {
		d.HTTP = http.DefaultTransport
	}
	if d.Now == nil {
		d.Now = time.Now
	}
	if d.Rand == nil {
		d.Rand = rand.Float64
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	if d.Alert == nil {
		d.Alert = func(string) {}
	}
}

// Name is the channel's name.
func (c *Channel) Name() string { return Name }

// Close closes the session store. Run must have returned.
func (c *Channel) Close() error { return c.store.Close() }

// Paired reports whether the device is linked to a telephone.
func (c *Channel) Paired(ctx context.Context) (bool, error) {
	all, err := c.store.GetAllDevices(ctx)
	if err != nil {
		return false, &bot.Error{Class: bot.Transient, Message: c.say(locales.WAStore, nil), Err: err}
	}
	return len(all) > 0, nil
}

// Number returns the number of the telephone that the device is linked to, digits with the country code, "" when it is
// linked to none.
func (c *Channel) Number(ctx context.Context) (string, error) {
	d, err := c.stored(ctx)
	if err != nil {
		return "", &bot.Error{Class: bot.Transient, Message: c.say(locales.WAStore, nil), Err: err}
	}
	if d == nil || d.ID == nil || d.ID.Server != types.DefaultUserServer {
		return "", nil
	}
	return d.ID.User, nil
}

// say gives a sentence for the operator.
func (c *Channel) say(key locales.Key, data map[string]any) string {
	return c.deps.Words.Text(c.cfg.Lang, key, data)
}

// stop ends the channel's work with a sentence, until somebody acts.
func (c *Channel) stop(key locales.Key, data map[string]any) error {
	sentence := c.say(key, data)
	state := Stopped
	if key == locales.WAUnlinked {
		state = Unlinked
	}
	c.set(state, sentence)
	c.alert(sentence)
	return &bot.Error{Class: bot.StopChannel, Message: sentence}
}

// alert tells a trouble once, however often it comes back before the connection is up again.
func (c *Channel) alert(sentence string) {
	c.mu.Lock()
	told := c.alerted == sentence
	c.alerted = sentence
	c.mu.Unlock()
	if !told {
		c.deps.Alert(sentence)
	}
}

// http is a client for the library. It gives no address away in its errors, because nothing logs them.
func (c *Channel) http() *http.Client { return &http.Client{Transport: c.deps.HTTP} }

// client makes a library client for a stored device.
func (c *Channel) client(ctx context.Context, d *device) *whatsmeow.Client {
	cli := whatsmeow.NewClient(d.Device, journal{log: c.log})
	cli.SetPreLoginHTTPClient(c.http())
	cli.SetWebsocketHTTPClient(c.http())
	cli.SetMediaHTTPClient(c.http())
	cli.BackgroundEventCtx = ctx
	// Without these two, "received" is said before the message is on disk, or a message that could not be stored
	// cannot be decrypted when it comes again.
	cli.SynchronousAck = true
	cli.EnableDecryptedEventBuffer = true
	cli.ManualHistorySyncDownload = true // nothing that was written before the link is looked at
	cli.InitialAutoReconnect = true
	return cli
}
