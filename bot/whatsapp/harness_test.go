package whatsapp_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"tanya/bot"
	"tanya/bot/bottest"
	"tanya/bot/whatsapp"
	"tanya/bot/whatsapp/relaytest"
	"tanya/locales"
)

// Numbers of the tests. The office's, and citizens'.
const (
	office = "6281100000001"
	siti   = "6282200000002"
	budi   = "6282200000003"
)

const patience = 20 * time.Second

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// until waits for something that happens soon.
func until(t testing.TB, what string, ok func() bool) { t.Helper(); untilWithin(t, patience, what, ok) }

// untilWithin waits for something that may take a while.
func untilWithin(t testing.TB, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited %v: %s", limit, what)
		}
	}
}

// newRelay starts a relay that this process trusts. Tests do not run side by side: trust belongs to the process.
func newRelay(t testing.TB) *relaytest.Relay {
	t.Helper()
	r, err := relaytest.Start()
	must(t, err)
	must(t, relaytest.Trust(r.Root()))
	t.Cleanup(r.Close)
	return r
}

// records collects log lines.
type records struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (r *records) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.buf.Write(p)
}

func (r *records) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.buf.String()
}

func (r *records) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(r, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// outbox is a whatsapp.Ledger in memory.
type outbox struct {
	mu       sync.Mutex
	keys     *bot.Keyring
	replies  []bot.Outgoing
	prepared map[int64]string
	deny     error
}

func (o *outbox) Prepare(_ context.Context, id int64, platform string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.deny != nil {
		return o.deny
	}
	o.prepared[id] = platform
	for i := range o.replies {
		if o.replies[i].ID == id {
			o.replies[i].Platform = platform
		}
	}
	return nil
}

func (o *outbox) Replies(_ context.Context, chat string, after int64, limit int) ([]bot.Outgoing, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	var page []bot.Outgoing
	for _, r := range o.replies {
		if r.Chat == chat && r.ID > after && len(page) < limit {
			page = append(page, r)
		}
	}
	return page, nil
}

// reply puts a reply to a message into the outbox.
func (o *outbox) reply(m bot.Message, r bot.Reply) bot.Outgoing {
	o.mu.Lock()
	defer o.mu.Unlock()
	out := bot.Outgoing{
		ID: int64(len(o.replies) + 1), Channel: whatsapp.Name, Chat: o.keys.Chat(whatsapp.Name, m.Address), Address: m.Address,
		Reply: r, ReplyTo: m.External, Created: time.Now(), Attempt: 1,
	}
	o.replies = append(o.replies, out)
	return out
}

func keyring(t testing.TB) *bot.Keyring {
	t.Helper()
	k, err := bot.NewKeyring(bytes.Repeat([]byte{7}, bot.KeySize), nil)
	must(t, err)
	return k
}

func catalogue(t testing.TB) *locales.Catalog {
	t.Helper()
	words, err := locales.New()
	must(t, err)
	return words
}

// desk is a linked channel with an inbox and an outbox in memory.
type desk struct {
	*whatsapp.Channel
	t      testing.TB
	relay  *relaytest.Relay
	cfg    whatsapp.Config
	deps   whatsapp.Deps
	inbox  *bottest.Inbox
	out    *outbox
	log    *records
	alerts *alerts
	stop   func() error // ends Run and returns its error
	done   chan error
}

type alerts struct {
	mu  sync.Mutex
	all []string
}

func (a *alerts) tell(s string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.all = append(a.all, s)
}

func (a *alerts) list() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.all)
}

// newDesk makes a channel that is not linked yet. Change adapts it before it is opened.
func newDesk(t testing.TB, r *relaytest.Relay, change ...func(*whatsapp.Config, *whatsapp.Deps)) *desk {
	t.Helper()
	d := &desk{t: t, relay: r, inbox: bottest.NewInbox(), log: &records{}, alerts: &alerts{}}
	keys := keyring(t)
	d.out = &outbox{keys: keys, prepared: map[int64]string{}}
	d.cfg = whatsapp.Config{Session: filepath.Join(t.TempDir(), "session.db"), PauseMin: -1, PauseMax: -1, AckWait: time.Second, StoreWait: 200 * time.Millisecond}
	d.deps = whatsapp.Deps{
		Ledger: d.out, Keys: keys, Words: catalogue(t), HTTP: relaytest.Transport(r.Address()), Log: d.log.logger(), Alert: d.alerts.tell,
	}
	for _, f := range change {
		f(&d.cfg, &d.deps)
	}
	d.open()
	t.Cleanup(func() {
		_ = d.stop()
		_ = d.Close()
	})
	return d
}

func (d *desk) open() {
	d.t.Helper()
	c, err := whatsapp.New(context.Background(), d.cfg, d.deps)
	must(d.t, err)
	d.Channel = c
	d.stop = func() error { return nil }
}

// restart closes the channel and opens it again, as after a new start of the program.
func (d *desk) restart() {
	d.t.Helper()
	must(d.t, d.stop())
	must(d.t, d.Close())
	d.open()
	d.start()
}

// pair links the channel by QR text.
func (d *desk) pair() *desk {
	d.t.Helper()
	err := d.Pair(d.t.Context(), "", func(c bot.PairingCode) {
		if err := d.relay.Scan(c.QR, office); err != nil {
			d.t.Error(err)
		}
	})
	must(d.t, err)
	return d
}

// start runs the channel and waits until it is up.
func (d *desk) start() *desk {
	d.t.Helper()
	d.run()
	until(d.t, "the channel comes up", func() bool { return d.Status().State == whatsapp.Up })
	return d
}

// run runs the channel.
func (d *desk) run() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx, d.inbox) }()
	d.done = done
	d.stop = sync.OnceValue(func() error {
		cancel()
		return <-done
	})
}

// ended waits until Run returns by itself.
func (d *desk) ended() error {
	d.t.Helper()
	select {
	case err := <-d.done:
		d.stop = func() error { return nil }
		return err
	case <-time.After(patience):
		d.t.Fatalf("the channel did not end; log:\n%s", d.log)
		return nil
	}
}

// next returns the next message that was taken.
func (d *desk) next() bot.Message {
	d.t.Helper()
	select {
	case m := <-d.inbox.Heard():
		return m
	case <-time.After(patience):
		d.t.Fatalf("no message came; log:\n%s", d.log)
		return bot.Message{}
	}
}

// nothing checks that nothing more was taken.
func (d *desk) nothing() {
	d.t.Helper()
	select {
	case m := <-d.inbox.Heard():
		d.t.Errorf("unexpected message of kind %s", m.Kind)
	default:
	}
}

// citizen is a client of the library as it is, with its own store: somebody who writes to the office.
type citizen struct {
	t      testing.TB
	phone  string
	to     types.JID // the office
	client *whatsmeow.Client
	store  *sqlstore.Container
	file   string // of the store
	got    chan *events.Message
	turn   func(context.Context, types.JID) (context.Context, func())
}

const citizenStore = "file:%s?_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)&_txlock=immediate"

func newCitizen(t testing.TB, r *relaytest.Relay, phone string) *citizen {
	t.Helper()
	c := &citizen{t: t, phone: phone, to: officeJID(), file: filepath.Join(t.TempDir(), phone+".db"), got: make(chan *events.Message, 20_000)}
	var err error
	c.store, err = sqlstore.New(context.Background(), "sqlite", fmt.Sprintf(citizenStore, c.file), nil)
	must(t, err)
	d, err := c.store.GetFirstDevice(context.Background())
	must(t, err)
	c.client = whatsmeow.NewClient(d, nil)
	http := relaytest.Client(r.Address())
	c.client.SetPreLoginHTTPClient(http)
	c.client.SetWebsocketHTTPClient(http)
	c.client.SetMediaHTTPClient(http)
	c.client.EnableDecryptedEventBuffer = true
	up := make(chan struct{}, 8)
	c.client.AddEventHandler(func(e any) {
		switch e := e.(type) {
		case *events.QR:
			if err := r.Scan(e.Codes[0], phone); err != nil {
				t.Error(err)
			}
		case *events.Connected:
			up <- struct{}{}
		case *events.Message:
			c.got <- e
		}
	})
	must(t, c.client.Connect())
	t.Cleanup(func() {
		c.client.Disconnect()
		_ = c.store.Close()
	})
	select {
	case <-up:
	case <-time.After(patience):
		t.Fatal("a citizen could not be linked")
	}
	c.turn = whatsapp.TakeTurns(c.client, func() { t.Error("a citizen's own store stood still for two minutes") })
	return c
}

func officeJID() types.JID { return types.NewJID(office, types.DefaultUserServer) }

// say writes a text to the office.
func (c *citizen) say(s string) string {
	c.t.Helper()
	return c.send(&waE2E.Message{Conversation: proto.String(s)})
}

// send sends a message to the office.
func (c *citizen) send(m *waE2E.Message) string {
	c.t.Helper()
	ctx, done := c.turn(context.Background(), c.to)
	defer done()
	r, err := c.client.SendMessage(ctx, c.to, m)
	must(c.t, err)
	return r.ID
}

// hear returns the next message that the citizen got.
func (c *citizen) hear() *events.Message {
	c.t.Helper()
	select {
	case m := <-c.got:
		return m
	case <-time.After(patience):
		c.t.Fatal("no reply came")
		return nil
	}
}

func textOf(e *events.Message) string {
	if s := e.Message.GetConversation(); s != "" {
		return s
	}
	return e.Message.GetExtendedTextMessage().GetText()
}

// sentence checks that an error stops the channel with a sentence that holds the words.
func sentence(t testing.TB, err error, class bot.Class, words string) {
	t.Helper()
	if bot.ClassOf(err) != class || !strings.Contains(err.Error(), words) {
		t.Errorf("error is %s %q, want %s with %q", bot.ClassOf(err), err, class, words)
	}
}
