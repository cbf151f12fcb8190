package whatsapp_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/store"

	"tanya/bot"
	"tanya/bot/whatsapp"
	"tanya/bot/whatsapp/relaytest"
)

// WhatsApp's answers to a connection, and what the operator reads. Each ends this channel only.
func TestEndings(t *testing.T) {
	for _, x := range []struct {
		name    string
		login   int    // the next login is answered with this
		stream  string // or this is said on the open connection
		words   string
		linked  bool // whether the link is still stored afterwards
		refused bool // whether the engine may try again
	}{
		{name: "unlinked on the telephone", login: 401, words: "diputus dari WhatsApp kantor"},
		{name: "temporarily banned", login: 402, words: "membatasi nomor kantor sampai", linked: true},
		{name: "locked", login: 403, words: "mengunci akun kantor"},
		{name: "banned", login: 406, words: "memblokir nomor kantor"},
		{name: "refused with a code that nobody knows", login: 409, words: "kode 409", linked: true, refused: true},
		{name: "replaced by another process", stream: "replaced", words: "dipakai oleh proses lain", linked: true},
		{name: "unlinked while connected", stream: "401", words: "diputus dari WhatsApp kantor"},
	} {
		t.Run(x.name, func(t *testing.T) {
			r := newRelay(t)
			d := newDesk(t, r).pair().start()
			c := newCitizen(t, r, siti)
			c.say("halo")
			o := d.out.reply(d.next(), bot.Reply{Text: "Halo."})
			if x.login != 0 {
				r.FailLogins(office, x.login)
				r.Cut(office)
			} else {
				must(t, r.StreamError(office, x.stream))
			}
			class := bot.StopChannel
			if x.refused {
				class = bot.Transient
			}
			sentence(t, d.ended(), class, x.words)
			if s := d.Status(); !strings.Contains(s.Sentence, x.words) {
				t.Errorf("status: %+v", s)
			}
			if a := d.alerts.list(); len(a) != 1 || !strings.Contains(a[0], x.words) {
				t.Errorf("alerts: %q", a)
			}
			if !x.refused {
				_, err := d.Send(t.Context(), o)
				sentence(t, err, bot.StopChannel, x.words)
			}
			until(t, "the store is as it should be", func() bool {
				linked, err := d.Paired(t.Context())
				return err == nil && linked == x.linked
			})
			if !x.linked {
				d.run()
				sentence(t, d.ended(), bot.StopChannel, "tanya whatsapp pair")
			}
		})
	}
}

// What passes by itself: WhatsApp restarts, tells the client to come again, or the line breaks.
func TestComesBack(t *testing.T) {
	for _, x := range []struct {
		name string
		harm func(r *relaytest.Relay)
	}{
		{"line broken", func(r *relaytest.Relay) { r.Cut(office) }},
		{"login answered 503", func(r *relaytest.Relay) { r.FailLogins(office, 503); r.Cut(office) }},
		{"login answered 500", func(r *relaytest.Relay) { r.FailLogins(office, 500); r.Cut(office) }},
		{"stream says 503", func(r *relaytest.Relay) { _ = r.StreamError(office, "503") }},
		{"stream says 515", func(r *relaytest.Relay) { _ = r.StreamError(office, "515") }},
	} {
		t.Run(x.name, func(t *testing.T) {
			r := newRelay(t)
			d := newDesk(t, r).pair().start()
			c := newCitizen(t, r, siti)
			logins := len(r.Versions())
			x.harm(r)
			until(t, "it connects anew", func() bool { return len(r.Versions()) > logins })
			c.say("masih di situ?")
			_, err := d.Send(t.Context(), d.out.reply(d.next(), bot.Reply{Text: "Ya, masih."}))
			must(t, err)
			c.hear()
			if len(d.alerts.list()) != 0 {
				t.Errorf("alerts: %q", d.alerts.list())
			}
		})
	}
}

// A line that looks open and gives no sign of life counts as down: replies wait, and go when it lives again.
func TestDeadLine(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped, because it sets the library's own intervals, which the race detector sees being read")
	}
	shortest, longest, deadline := whatsmeow.KeepAliveIntervalMin, whatsmeow.KeepAliveIntervalMax, whatsmeow.KeepAliveResponseDeadline
	t.Cleanup(func() {
		whatsmeow.KeepAliveIntervalMin, whatsmeow.KeepAliveIntervalMax, whatsmeow.KeepAliveResponseDeadline = shortest, longest, deadline
	})
	whatsmeow.KeepAliveIntervalMin, whatsmeow.KeepAliveIntervalMax = 100*time.Millisecond, 200*time.Millisecond
	whatsmeow.KeepAliveResponseDeadline = time.Second
	r := newRelay(t)
	var ahead atomic.Int64
	d := newDesk(t, r, func(_ *whatsapp.Config, deps *whatsapp.Deps) {
		deps.Now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	}).pair().start()
	c := newCitizen(t, r, siti)
	c.say("halo")
	o := d.out.reply(d.next(), bot.Reply{Text: "Halo."})
	logins := len(r.Versions())
	r.Deafen(office, true)
	until(t, "the line counts as down", func() bool { return d.Status().State == whatsapp.Down })
	if s := d.Status().Sentence; strings.Contains(s, "WIB") {
		t.Errorf("an interruption of a second is worth the words %q", s)
	}
	ahead.Store(int64(2 * time.Minute))
	if s := d.Status().Sentence; !strings.Contains(s, "WIB") {
		t.Errorf("after two minutes the operator reads %q", s)
	}
	before := len(r.Sent(office))
	short, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := d.Send(short, o); bot.ClassOf(err) != bot.Untried || len(r.Sent(office)) != before {
		t.Errorf("a reply on a dead line: %v, %d sent", err, len(r.Sent(office))-before)
	}
	r.Deafen(office, false)
	_, err := d.Send(t.Context(), o)
	must(t, err)
	c.hear()
	if len(r.Versions()) != logins {
		t.Error("it connected anew")
	}
}

// An acknowledgement that is lost with the connection does not lose the reply.
func TestLostAck(t *testing.T) {
	r := newRelay(t)
	d := newDesk(t, r).pair().start()
	c := newCitizen(t, r, siti)
	c.say("halo")
	o := d.out.reply(d.next(), bot.Reply{Text: "Halo."})
	r.Lose(office, 1)
	if _, err := d.Send(t.Context(), o); bot.ClassOf(err) != bot.Transient {
		t.Errorf("a reply that got lost: %v", err)
	}
	r.Silence(office, true)
	done := make(chan error, 1)
	go func() {
		_, err := d.Send(t.Context(), o)
		done <- err
	}()
	e := c.hear()
	r.Silence(office, false)
	r.Cut(office)
	if err := <-done; err != nil { // the library may have repeated it on the new connection, or not
		t.Log("broken off:", bot.ClassOf(err))
	}
	_, err := d.Send(t.Context(), o)
	must(t, err)
	for _, s := range r.Sent(office) {
		if s.ID != e.Info.ID {
			t.Errorf("one reply was sent with the ids %s and %s", s.ID, e.Info.ID)
		}
	}
}

// keepVersion sets the announced version back when the test is over; the library has one for the whole process.
func keepVersion(t *testing.T) {
	was := store.GetWAVersion()
	t.Cleanup(func() { store.SetWAVersion(was) })
}

func TestOutdated(t *testing.T) {
	keepVersion(t)
	for _, x := range []struct {
		name  string
		page  uint32 // the newest version by the time of the answer
		class bot.Class
	}{
		{"no newer version", 1, bot.StopChannel},
		{"page down", 0, bot.Transient},
		{"newer version accepted", 1_900_000_001, ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			r := newRelay(t)
			d := newDesk(t, r).pair().start()
			r.SetRevision(x.page)
			r.FailLogins(office, 405)
			r.Cut(office)
			if x.class != "" {
				sentence(t, d.ended(), x.class, "versinya terlalu lama")
				return
			}
			until(t, "it comes up with the new version", func() bool {
				v := r.Versions()
				return v[len(v)-1] == "2.3000.1900000001" && d.Status().State == whatsapp.Up
			})
			r.FailLogins(office, 405)
			r.Cut(office)
			sentence(t, d.ended(), bot.StopChannel, "versinya terlalu lama")
		})
	}
}

// The version is read when the channel starts and from time to time after that; a newer one needs a new connection. A
// page that is down changes nothing.
func TestVersionRefreshed(t *testing.T) {
	keepVersion(t)
	r := newRelay(t)
	d := newDesk(t, r, func(c *whatsapp.Config, _ *whatsapp.Deps) { whatsapp.RefreshEvery(c, 300*time.Millisecond) }).pair()
	announced := func(version string) {
		t.Helper()
		until(t, "it announces "+version, func() bool {
			v := r.Versions()
			return v[len(v)-1] == version && d.Status().State == whatsapp.Up
		})
	}
	r.SetRevision(1_900_000_101)
	d.start()
	announced("2.3000.1900000101")
	logins := len(r.Versions())
	r.SetRevision(0)
	time.Sleep(time.Second)
	if n := len(r.Versions()); n != logins {
		t.Errorf("%d new connections without a newer version", n-logins)
	}
	r.SetRevision(1_900_000_102)
	announced("2.3000.1900000102")
	newCitizen(t, r, siti).say("halo")
	d.next()
}

func TestPairByCode(t *testing.T) {
	r := newRelay(t)
	d := newDesk(t, r)
	if _, err := os.Stat(d.cfg.Session); err != nil {
		t.Error(err)
	} else if info, _ := os.Stat(d.cfg.Session); info.Mode().Perm() != 0o600 {
		t.Errorf("the session file has mode %v", info.Mode())
	}
	if s := d.Status(); s.State != whatsapp.Unlinked || !strings.Contains(s.Sentence, "tanya whatsapp pair") {
		t.Errorf("before: %+v", s)
	}
	for _, bad := range []string{"0812345678", "abc", "+62", "62812345678901234567"} {
		if err := d.Pair(t.Context(), bad, nil); bot.ClassOf(err) != bot.Invalid {
			t.Errorf("number %q: %v", bad, err)
		}
	}
	shown := 0
	must(t, d.Pair(t.Context(), "+62 811-0000-0001", func(c bot.PairingCode) {
		shown++
		if c.QR != "" || len(c.Typed) != 9 || !c.Until.After(time.Now()) {
			t.Errorf("code %+v", c)
		}
		go func() {
			if err := r.TypeCode(office, c.Typed); err != nil {
				t.Error(err)
			}
		}()
	}))
	if s := d.Status(); s.State != whatsapp.Stopped || !strings.Contains(s.Sentence, "sudah tertaut") {
		t.Errorf("after pairing: %+v", s)
	}
	if shown != 1 {
		t.Errorf("%d codes were shown", shown)
	}
	if err := d.Pair(t.Context(), "", nil); bot.ClassOf(err) != bot.Conflict {
		t.Errorf("a second link: %v", err)
	}
	d.start()
	newCitizen(t, r, siti).say("halo")
	d.next()
}

func TestPairGivenUp(t *testing.T) {
	r := newRelay(t)
	d := newDesk(t, r)
	ctx, cancel := context.WithCancel(t.Context())
	err := d.Pair(ctx, "", func(bot.PairingCode) { cancel() })
	if err == nil {
		t.Error("linked without a telephone")
	}
	if linked, err := d.Paired(t.Context()); linked || err != nil {
		t.Errorf("linked: %v, %v", linked, err)
	}
	d.pair().start()
}

// TestPairOffline: without a way to WhatsApp nobody is told that a code, which was never shown, came too late.
func TestPairOffline(t *testing.T) {
	r := newRelay(t)
	d := newDesk(t, r)
	r.Close()
	err := d.Pair(t.Context(), "", func(bot.PairingCode) { t.Error("a code without a connection") })
	sentence(t, err, bot.Transient, "internet kantor")
}

func TestUnpair(t *testing.T) {
	r := newRelay(t)
	d := newDesk(t, r).pair().start()
	must(t, d.Unpair(t.Context()))
	sentence(t, d.ended(), bot.StopChannel, "belum tertaut")
	if r.Linked(office) {
		t.Error("the relay still knows the link")
	}
	d.pair()
	must(t, d.Unpair(t.Context())) // without a running connection
	if r.Linked(office) {
		t.Error("the relay still knows the second link")
	}
	must(t, d.Unpair(t.Context())) // nothing left to do
	if linked, err := d.Paired(t.Context()); linked || err != nil {
		t.Errorf("linked: %v, %v", linked, err)
	}
}

// What is missing or wrong is said when the channel is made.
func TestNewNeeds(t *testing.T) {
	r := newRelay(t)
	d := newDesk(t, r)
	if _, err := whatsapp.New(t.Context(), whatsapp.Config{}, d.deps); bot.ClassOf(err) != bot.Invalid {
		t.Errorf("without a session: %v", err)
	}
	bad := d.cfg
	bad.Session = t.TempDir() // a folder
	_, err := whatsapp.New(t.Context(), bad, d.deps)
	sentence(t, err, bot.Transient, "Berkas sesi WhatsApp")
	bad.Session = "host=/nowhere user=x"
	_, err = whatsapp.New(t.Context(), bad, d.deps)
	sentence(t, err, bot.Invalid, "needs a lock")
	d.deps.Lock = func(context.Context) (whatsapp.Hold, error) { return nil, errors.ErrUnsupported }
	_, err = whatsapp.New(t.Context(), bad, d.deps)
	sentence(t, err, bot.Transient, "Berkas sesi WhatsApp")
}

// A connection that WhatsApp does not accept at all is tried again without end.
func TestUnreachable(t *testing.T) {
	r := newRelay(t)
	d := newDesk(t, r).pair()
	d.deps.HTTP = failing{}
	must(t, d.Close())
	d.open()
	d.run()
	until(t, "it is down", func() bool { return d.Status().State == whatsapp.Down })
	start := time.Now()
	must(t, d.stop())
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("stopping took %v", took)
	}
}

type failing struct{}

func (failing) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, &netError{}
}

type netError struct{}

func (*netError) Error() string   { return "no route" }
func (*netError) Timeout() bool   { return true }
func (*netError) Temporary() bool { return true }

// Nothing that names a person or opens the account may stand in a log, at whatever level, or on standard output.
func TestCanary(t *testing.T) {
	printed, err := os.Create(filepath.Join(t.TempDir(), "printed"))
	must(t, err)
	defer func(out, errs *os.File) { os.Stdout, os.Stderr = out, errs }(os.Stdout, os.Stderr)
	os.Stdout, os.Stderr = printed, printed
	r := newRelay(t)
	d := newDesk(t, r)
	var codes []string
	must(t, d.Pair(t.Context(), office, func(c bot.PairingCode) {
		codes = append(codes, c.Typed)
		go func() { _ = r.TypeCode(office, c.Typed) }()
	}))
	d.start()
	must(t, d.Unpair(t.Context()))
	_ = d.ended()
	must(t, d.Pair(t.Context(), "", func(c bot.PairingCode) {
		codes = append(codes, c.QR)
		codes = append(codes, strings.Split(c.QR, ",")...)
		_ = r.Scan(c.QR, office)
	}))
	d.start()
	c := newCitizen(t, r, siti)
	r.Name(siti, "Warga Kenari")
	c.say("burung kenari di tambang")
	m := d.next()
	o := d.out.reply(m, bot.Reply{Text: "jawaban untuk kenari"})
	r.Refuse(office, 463)
	_, _ = d.Send(t.Context(), o)
	_, err = d.Send(t.Context(), o)
	must(t, err)
	c.hear()
	d.inbox.Fail(func(bot.Batch) error { return bot.Errorf(bot.Transient, "out of order") })
	c.say("kenari kedua")
	until(t, "the failure is logged", func() bool { return strings.Contains(d.log.String(), "cannot be stored") })
	d.inbox.Fail(nil)
	d.next()
	must(t, c.client.Store.Sessions.DeleteAllSessions(context.Background(), "77"+office))
	r.Again(office, 9)
	r.FailLogins(office, 503, 409)
	r.Cut(office)
	_ = d.ended()
	log := d.log.String()
	if !strings.Contains(log, "state=up") || !strings.Contains(log, "library") {
		t.Fatalf("the log is too quiet to prove anything:\n%s", log)
	}
	out, err := os.ReadFile(printed.Name())
	must(t, err)
	if len(out) > 0 {
		t.Errorf("%d bytes were printed beside the log", len(out))
	}
	for _, secret := range append(codes, office, siti, "77"+siti, "kenari", m.External, "Kenari") {
		if len(secret) > 3 && strings.Contains(log, secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

// The relay must never become part of the program.
func TestRelayIsNotShipped(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "tanya/cmd/...").CombinedOutput()
	if err != nil {
		t.Skipf("skipped, because the packages cannot be listed: %v: %s", err, out)
	}
	if strings.Contains(string(out), "relaytest") {
		t.Error("cmd depends on bot/whatsapp/relaytest, which replaces the key that real servers are known by")
	}
}
