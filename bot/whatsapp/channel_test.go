package whatsapp_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"

	"tanya/bot"
	"tanya/bot/whatsapp"
	"tanya/bot/whatsapp/relaytest"
)

func TestChat(t *testing.T) {
	r := newRelay(t)
	d := newDesk(t, r).pair().start()
	c := newCitizen(t, r, siti)
	c.say("jam brp tps buka")
	m := d.next()
	if m.Kind != bot.Text || m.Text != "jam brp tps buka" || m.Address != relaytest.LID(siti) || time.Since(m.Sent) > time.Minute {
		t.Errorf("taken: %s %q", m.Kind, m.Text)
	}
	o := d.out.reply(m, bot.Reply{Text: "TPS buka *jam 7*.", Footer: "Sumber: KPU", Choices: []bot.Choice{{Key: "a", Label: "Satu"}, {Key: "b", Label: "Dua"}}, Prompt: "Terkait:"})
	id, err := d.Send(t.Context(), o)
	must(t, err)
	got := c.hear()
	if want := "TPS buka jam 7.\n\nSumber: KPU\n\nTerkait:\n1. Satu\n2. Dua"; textOf(got) != want || got.Info.ID != id {
		t.Errorf("the citizen got %q with id %s, want %q with %s", textOf(got), got.Info.ID, want, id)
	}
	if d.out.prepared[o.ID] != id {
		t.Errorf("the ledger was told the id %q, sent was %q", d.out.prepared[o.ID], id)
	}
	until(t, "the question is marked as read", func() bool {
		for _, x := range r.Receipts() {
			if x.From == office && x.Kind == "read" {
				return true
			}
		}
		return false
	})
	if n := r.Waiting(office); n != 0 {
		t.Errorf("%d messages are not received", n)
	}
}

// A reply that is sent again has the same id, in this process and after a restart, whether or not the ledger kept it.
func TestSameID(t *testing.T) {
	r := newRelay(t)
	d := newDesk(t, r).pair().start()
	c := newCitizen(t, r, siti)
	c.say("satu")
	o := d.out.reply(d.next(), bot.Reply{Text: "Jawaban."})
	r.Silence(office, true)
	_, err := d.Send(t.Context(), o)
	if bot.ClassOf(err) != bot.Transient {
		t.Fatalf("a reply that nobody acknowledged: %v", err)
	}
	r.Silence(office, false)
	again, err := d.Send(t.Context(), o)
	must(t, err)
	d.restart()
	o.Platform = ""
	third, err := d.Send(t.Context(), o)
	must(t, err)
	for range 3 {
		if e := c.hear(); e.Info.ID != again || third != again {
			t.Errorf("ids differ: %s, %s, %s", e.Info.ID, again, third)
		}
	}
}

// One person is one chat, whatever address WhatsApp puts first.
func TestPerson(t *testing.T) {
	r := newRelay(t)
	d := newDesk(t, r).pair().start()
	c := newCitizen(t, r, siti)
	for _, how := range []relaytest.Speech{relaytest.ByNumber, relaytest.ByLID, relaytest.ByNumberOnly} {
		r.Speak(siti, how)
		c.say("halo")
		m := d.next()
		if m.Address != relaytest.LID(siti) || strings.Contains(m.Address+m.External, siti) && !strings.Contains(m.Address, "77"+siti) {
			t.Errorf("spoken to by %d: address is not the LID", how)
		}
		_, err := d.Send(t.Context(), d.out.reply(m, bot.Reply{Text: "Halo."}))
		must(t, err)
		c.hear()
	}
	// Somebody of whom only the number is known at first.
	r.Speak(budi, relaytest.ByNumberOnly)
	b := newCitizen(t, r, budi)
	b.say("halo")
	if m := d.next(); m.Kind != bot.Text || m.Address != relaytest.LID(budi) {
		t.Errorf("a stranger by number: %s", m.Kind)
	}
}

func TestIgnored(t *testing.T) {
	r := newRelay(t)
	d := newDesk(t, r).pair().start()
	c := newCitizen(t, r, siti)
	first := c.say("pertama")
	d.next()
	key := &waCommon.MessageKey{RemoteJID: proto.String(officeJID().String()), FromMe: proto.Bool(true), ID: proto.String(first)}
	edit := func(id, text string) *waE2E.Message {
		return &waE2E.Message{EditedMessage: &waE2E.FutureProofMessage{Message: &waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{
			Type: waE2E.ProtocolMessage_MESSAGE_EDIT.Enum(), Key: &waCommon.MessageKey{ID: proto.String(id), FromMe: proto.Bool(true)},
			EditedMessage: &waE2E.Message{Conversation: proto.String(text)},
		}}}}
	}
	for name, m := range map[string]*waE2E.Message{
		"reaction":  {ReactionMessage: &waE2E.ReactionMessage{Key: key, Text: proto.String("👍")}},
		"deletion":  {ProtocolMessage: &waE2E.ProtocolMessage{Type: waE2E.ProtocolMessage_REVOKE.Enum(), Key: key}},
		"view once": {ViewOnceMessage: &waE2E.FutureProofMessage{Message: &waE2E.Message{ImageMessage: &waE2E.ImageMessage{Caption: proto.String("apa ini")}}}},
		"view once, second form": {ViewOnceMessageV2: &waE2E.FutureProofMessage{Message: &waE2E.Message{
			ImageMessage: &waE2E.ImageMessage{Caption: proto.String("apa ini")},
		}}},
		"heard once": {ViewOnceMessageV2Extension: &waE2E.FutureProofMessage{Message: &waE2E.Message{
			AudioMessage: &waE2E.AudioMessage{PTT: proto.Bool(true)},
		}}},
		"empty": {Conversation: proto.String("  ")},
		"edit":  edit(first, "pertama, diperbaiki"),
	} {
		c.send(m)
		until(t, name+" is received", func() bool { return r.Waiting(office) == 0 })
		d.nothing()
	}
	if d.inbox.Repeats() != 1 {
		t.Errorf("the edit of an accepted message was not taken for a repeat")
	}
	c.send(edit("3EB0NEVERCAME", "yang ini belum pernah sampai"))
	if m := d.next(); m.Text != "yang ini belum pernah sampai" {
		t.Errorf("the edit of a message that never came: %s %q", m.Kind, m.Text)
	}
}

func TestKinds(t *testing.T) {
	r := newRelay(t)
	d := newDesk(t, r).pair().start()
	c := newCitizen(t, r, siti)
	for _, x := range []struct {
		m    *waE2E.Message
		kind bot.Kind
		text string
	}{
		{&waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: proto.String("a\x00b")}}, bot.Text, "ab"},
		{&waE2E.Message{ImageMessage: &waE2E.ImageMessage{Caption: proto.String("ini benar?")}}, bot.Text, "ini benar?"},
		{&waE2E.Message{ImageMessage: &waE2E.ImageMessage{}}, bot.Picture, ""},
		{&waE2E.Message{AudioMessage: &waE2E.AudioMessage{PTT: proto.Bool(true)}}, bot.Voice, ""},
		{&waE2E.Message{StickerMessage: &waE2E.StickerMessage{}}, bot.Sticker, ""},
		{&waE2E.Message{LocationMessage: &waE2E.LocationMessage{DegreesLatitude: proto.Float64(-6.9)}}, bot.Location, ""},
		{&waE2E.Message{ContactMessage: &waE2E.ContactMessage{DisplayName: proto.String("x")}}, bot.Contact, ""},
		{&waE2E.Message{DocumentMessage: &waE2E.DocumentMessage{}}, bot.File, ""},
		{&waE2E.Message{ListResponseMessage: &waE2E.ListResponseMessage{Title: proto.String("Jadwal")}}, bot.Text, "Jadwal"},
	} {
		c.send(x.m)
		if m := d.next(); m.Kind != x.kind || m.Text != x.text {
			t.Errorf("%v: taken as %s %q", x.m, m.Kind, m.Text)
		}
	}
}

// A message whose commit fails is not acknowledged; it comes again, decrypted, and in its place.
func TestRedelivery(t *testing.T) {
	r := newRelay(t)
	d := newDesk(t, r).pair().start()
	c := newCitizen(t, r, siti)
	c.say("sebelum")
	d.next()
	var failures atomic.Int32
	d.inbox.Fail(func(b bot.Batch) error {
		if failures.Load() == 0 || b.Messages[0].Text == "satu" {
			failures.Add(1)
			return bot.Errorf(bot.Transient, "the ledger is out of order")
		}
		return nil
	})
	c.say("satu")
	c.say("dua")
	c.say("tiga")
	until(t, "the commit fails, and again after a new connection", func() bool { return failures.Load() > 12 })
	if n := r.Waiting(office); n != 3 {
		t.Errorf("%d messages wait at the relay, want 3: none may be acknowledged", n)
	}
	d.nothing()
	d.inbox.Fail(nil)
	for _, want := range []string{"satu", "dua", "tiga"} {
		if m := d.next(); m.Text != want {
			t.Errorf("taken %q, want %q", m.Text, want)
		}
	}
	until(t, "all are acknowledged", func() bool { return r.Waiting(office) == 0 })
	if d.Status().Undecrypted != 0 {
		t.Error("a repeated message could not be decrypted")
	}
	// What WhatsApp delivers again although it was received does no harm.
	r.Again(office, 4)
	until(t, "the repeats are acknowledged", func() bool { return r.Waiting(office) == 0 })
	d.nothing()
}

// A message that the ledger refuses for good holds up nobody.
func TestPoison(t *testing.T) {
	r := newRelay(t)
	d := newDesk(t, r).pair().start()
	c := newCitizen(t, r, siti)
	d.inbox.Fail(func(b bot.Batch) error {
		if b.Messages[0].Text == "racun" {
			return bot.Errorf(bot.Invalid, "the message is not acceptable")
		}
		return nil
	})
	c.say("racun")
	c.say("sehat")
	if m := d.next(); m.Kind != bot.Broken || m.Text != "" {
		t.Errorf("the poison was taken as %s", m.Kind)
	}
	if m := d.next(); m.Text != "sehat" {
		t.Errorf("behind the poison came %q", m.Text)
	}
}

// What was written while the program was down is answered if it is young enough, and counted otherwise.
func TestDowntime(t *testing.T) {
	r := newRelay(t)
	d := newDesk(t, r).pair()
	c := newCitizen(t, r, siti)
	r.SetClock(time.Now().Add(-7 * time.Hour))
	c.say("kemarin")
	r.SetClock(time.Now().Add(-5 * time.Hour))
	c.say("tadi pagi")
	r.SetClock(time.Now().Add(time.Hour))
	c.say("jam ponsel maju")
	d.start()
	for _, want := range []bot.Kind{bot.Broken, bot.Text, bot.Text} {
		if m := d.next(); m.Kind != want {
			t.Errorf("taken as %s, want %s", m.Kind, want)
		}
	}
	if n := d.Status().Old; n != 1 {
		t.Errorf("%d too old, want 1", n)
	}
}

// A telephone that cannot decrypt a reply gets it again, even from a process that did not send it.
func TestRetryAfterRestart(t *testing.T) {
	r := newRelay(t)
	d := newDesk(t, r).pair().start()
	c := newCitizen(t, r, siti)
	c.say("satu")
	m := d.next()
	_, err := d.Send(t.Context(), d.out.reply(m, bot.Reply{Text: "Jawaban pertama."}))
	must(t, err)
	c.hear()
	until(t, "the first reply is received", func() bool { return r.Waiting(siti) == 0 })
	c.client.Disconnect()
	o := d.out.reply(m, bot.Reply{Text: "Jawaban kedua."})
	id, err := d.Send(t.Context(), o)
	must(t, err)
	gone := d.out.reply(m, bot.Reply{Text: "Kedaluwarsa.", Expires: time.Now().Add(-time.Hour)})
	_, err = d.Send(t.Context(), gone)
	must(t, err)
	must(t, c.client.Store.Sessions.DeleteAllSessions(context.Background(), "77"+office))
	must(t, c.client.Store.Sessions.DeleteAllSessions(context.Background(), "77"+office+"_1"))
	d.restart()
	must(t, c.client.Connect())
	if e := c.hear(); textOf(e) != "Jawaban kedua." || e.Info.ID != id || e.RetryCount == 0 {
		t.Errorf("got %q with id %s after %d retries", textOf(e), e.Info.ID, e.RetryCount)
	}
	select {
	case e := <-c.got:
		t.Errorf("what has expired was said again: %q", textOf(e))
	case <-time.After(300 * time.Millisecond):
	}
}

func TestVanishing(t *testing.T) {
	r := newRelay(t)
	d := newDesk(t, r).pair().start()
	c := newCitizen(t, r, siti)
	c.send(&waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{
		Text: proto.String("halo"), ContextInfo: &waE2E.ContextInfo{Expiration: proto.Uint32(86400)},
	}})
	o := d.out.reply(d.next(), bot.Reply{Text: "Halo."})
	d.restart()
	_, err := d.Send(t.Context(), o)
	must(t, err)
	if e := c.hear(); e.Message.GetExtendedTextMessage().GetContextInfo().GetExpiration() != 86400 {
		t.Errorf("the reply does not disappear with its chat: %v", e.Message)
	}
}

func TestPoll(t *testing.T) {
	r := newRelay(t)
	d := newDesk(t, r, func(c *whatsapp.Config, _ *whatsapp.Deps) { c.Polls = true }).pair().start()
	c := newCitizen(t, r, siti)
	c.say("menu")
	menu := bot.Reply{Outcome: bot.Menu, Prompt: "Pilih topik:", Choices: []bot.Choice{{Key: "t:jadwal", Label: "Jadwal"}, {Key: "t:tps", Label: "Di TPS"}}}
	o := d.out.reply(d.next(), menu)
	_, err := d.Send(t.Context(), o)
	must(t, err)
	e := c.hear()
	if e.Message.GetPollCreationMessage().GetName() != "Pilih topik:" {
		t.Fatalf("no poll came: %v", e.Message)
	}
	d.restart() // the vote is for a poll that this process did not make
	vote := func(options ...string) {
		v, err := c.client.BuildPollVote(t.Context(), &e.Info, options)
		must(t, err)
		c.send(v)
	}
	vote("Di TPS")
	if m := d.next(); m.Kind != bot.Tap || m.Choice != "t:tps" {
		t.Errorf("the vote was taken as %s %q", m.Kind, m.Choice)
	}
	vote()
	until(t, "the withdrawn vote is received", func() bool { return r.Waiting(office) == 0 })
	d.nothing()
	menu.Text = "Dengan teks."
	_, err = d.Send(t.Context(), d.out.reply(bot.Message{Address: relaytest.LID(siti)}, menu))
	must(t, err)
	if e := c.hear(); !strings.Contains(textOf(e), "1. Jadwal") {
		t.Errorf("a menu with a text before it is not numbered: %v", e.Message)
	}
}

func TestSendRefused(t *testing.T) {
	r := newRelay(t)
	d := newDesk(t, r).pair().start()
	c := newCitizen(t, r, siti)
	c.say("halo")
	o := d.out.reply(d.next(), bot.Reply{Text: "Halo."})
	for _, x := range []struct {
		code, attempt int
		class         bot.Class
	}{
		{463, 1, bot.Throttled}, {463, 4, bot.StopChat}, {429, 9, bot.Throttled}, {479, 1, bot.Invalid}, {500, 1, bot.Throttled},
	} {
		r.Refuse(office, x.code)
		o.Attempt = x.attempt
		if _, err := d.Send(t.Context(), o); bot.ClassOf(err) != x.class {
			t.Errorf("code %d at attempt %d: %s, want %s", x.code, x.attempt, bot.ClassOf(err), x.class)
		}
	}
	if a := d.alerts.list(); len(a) != 1 || !strings.Contains(a[0], "orang baru") {
		t.Errorf("alerts: %q", a)
	}
	o.Address = siti + "@s.whatsapp.net"
	if _, err := d.Send(t.Context(), o); bot.ClassOf(err) != bot.Invalid {
		t.Errorf("a telephone number as address: %v", err)
	}
	d.out.deny = bot.Errorf(bot.Conflict, "leased by another")
	o.Address, o.Platform = relaytest.LID(siti), ""
	before := len(r.Sent(office))
	if _, err := d.Send(t.Context(), o); bot.ClassOf(err) != bot.Conflict {
		t.Errorf("a lost lease: %v", err)
	}
	if len(r.Sent(office)) != before {
		t.Error("a reply was sent before its id was stored")
	}
}

// While there is no connection a reply waits a little, and ends with its context.
func TestSendDown(t *testing.T) {
	r := newRelay(t)
	d := newDesk(t, r).pair()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := d.Send(ctx, bot.Outgoing{ID: 1, Address: relaytest.LID(siti)})
	if bot.ClassOf(err) != bot.Untried || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a reply without a connection: %v", err)
	}
	d.start()
	c := newCitizen(t, r, siti)
	c.say("halo")
	o := d.out.reply(d.next(), bot.Reply{Text: "Halo."})
	r.FailLogins(office, 503)
	r.Cut(office)
	until(t, "the connection is gone", func() bool { return d.Status().State != whatsapp.Up })
	_, err = d.Send(t.Context(), o)
	must(t, err)
	c.hear()
	// Behind a reply that WhatsApp does not acknowledge, another one waits for its turn. That is no attempt of it.
	free := whatsapp.HoldLine(d.Channel)
	before := len(r.Sent(office))
	short, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	var e *bot.Error
	if _, err := d.Send(short, o); !errors.As(err, &e) || e.Class != bot.Untried || e.After <= 0 || len(r.Sent(office)) != before {
		t.Errorf("a reply that waited for its turn in vain: %v, %d sent", err, len(r.Sent(office))-before)
	}
	free()
}

func TestHumanPace(t *testing.T) {
	r := newRelay(t)
	d := newDesk(t, r, func(c *whatsapp.Config, deps *whatsapp.Deps) {
		c.PauseMin, c.PauseMax = 100*time.Millisecond, 300*time.Millisecond
		deps.Rand = func() float64 { return 0.5 }
	}).pair().start()
	c := newCitizen(t, r, siti)
	c.say("halo")
	o := d.out.reply(d.next(), bot.Reply{Text: "Halo."})
	start := time.Now()
	_, err := d.Send(t.Context(), o)
	must(t, err)
	if took := time.Since(start); took < 200*time.Millisecond {
		t.Errorf("the reply was typed in %v", took)
	}
	c.hear()
	want := []string{"read", "composing", "message", "paused"}
	until(t, "it stops typing", func() bool { return slices.Contains(r.Acts(office), "paused") })
	got := slices.DeleteFunc(r.Acts(office), func(act string) bool { return !slices.Contains(want, act) })
	if !slices.Equal(got, want) {
		t.Errorf("the citizen saw %v, want %v", got, want)
	}
}

// Figures of a plain exchange, for the log.
func TestRoundTrip(t *testing.T) {
	r := newRelay(t)
	d := newDesk(t, r).pair().start()
	c := newCitizen(t, r, siti)
	const n = 20
	start := time.Now()
	for i := range n {
		c.say(fmt.Sprint("pesan ", i))
		_, err := d.Send(t.Context(), d.out.reply(d.next(), bot.Reply{Text: "Jawaban."}))
		must(t, err)
		c.hear()
	}
	t.Logf("%d questions and answers, one after the other: %v each", n, (time.Since(start) / n).Round(100*time.Microsecond))
}

// A reply that was encrypted for nobody is acknowledged by WhatsApp and reaches nobody. It is not taken for sent.
func TestNobody(t *testing.T) {
	r := newRelay(t)
	d := newDesk(t, r).pair().start()
	c := newCitizen(t, r, siti)
	c.say("halo")
	o := d.out.reply(d.next(), bot.Reply{Text: "Halo."})
	r.Hide(siti, true)
	if _, err := d.Send(t.Context(), o); bot.ClassOf(err) != bot.Transient {
		t.Errorf("a reply to nobody: %v", err)
	}
	r.Hide(siti, false)
	_, err := d.Send(t.Context(), o)
	must(t, err)
	c.hear()
}

// What could not be encrypted when a telephone asked for it comes once more on a new connection; however often that
// happens together, it is one.
func TestAgain(t *testing.T) {
	r := newRelay(t)
	d := newDesk(t, r).pair().start()
	logins := len(r.Versions())
	for range 5 {
		whatsapp.Again(d.Channel)
	}
	until(t, "the connection is renewed", func() bool { return len(r.Versions()) == logins+1 && d.Status().State == whatsapp.Up })
	c := newCitizen(t, r, siti)
	logins = len(r.Versions())
	c.say("halo")
	d.next()
	time.Sleep(1500 * time.Millisecond)
	if n := len(r.Versions()) - logins; n != 0 {
		t.Errorf("%d more connections", n)
	}
}

// A person's own store that stands still for a while loses nothing: what TestKill calls lost is the office's doing.
func TestCitizenWaits(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped, because -short was asked for")
	}
	r := newRelay(t)
	d := newDesk(t, r).pair().start()
	c := newCitizen(t, r, siti)
	c.say("halo")
	o := d.out.reply(d.next(), bot.Reply{Text: "Halo."})
	other, err := sql.Open("sqlite", "file:"+c.file+"?_pragma=busy_timeout(2000)&_txlock=immediate")
	must(t, err)
	defer func() { _ = other.Close() }()
	tx, err := other.BeginTx(t.Context(), nil)
	must(t, err)
	_, err = d.Send(t.Context(), o)
	must(t, err)
	time.Sleep(7 * time.Second) // longer than the store's own patience of five
	must(t, tx.Rollback())
	if m := c.hear(); textOf(m) != "Halo." {
		t.Errorf("the citizen got %q", textOf(m))
	}
}

// What comes while the session's store is out of order, and right after it, stays in its order.
func TestOrderBehindALockedSession(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped, because -short was asked for")
	}
	r := newRelay(t)
	d := newDesk(t, r).pair().start()
	c := newCitizen(t, r, siti)
	c.say("sebelum")
	d.next()
	other, err := sql.Open("sqlite", "file:"+d.cfg.Session+"?_pragma=busy_timeout(2000)&_txlock=immediate")
	must(t, err)
	defer func() { _ = other.Close() }()
	tx, err := other.BeginTx(t.Context(), nil)
	must(t, err)
	const first, all = 5, 400
	logins := len(r.Versions())
	for n := range first {
		c.say(fmt.Sprint(n))
	}
	said := make(chan struct{})
	go func() { // somebody goes on writing, through the renewal of the connection and after it
		defer close(said)
		for n := first; n < all; n++ {
			c.say(fmt.Sprint(n))
			time.Sleep(5 * time.Millisecond)
			if n == all/2 {
				_ = tx.Rollback()
			}
			for n == all/2-1 && len(r.Versions()) == logins {
				time.Sleep(time.Millisecond)
			}
		}
	}()
	for n := range all {
		if m := d.next(); m.Text != fmt.Sprint(n) {
			t.Fatalf("message %d is %q", n, m.Text)
		}
	}
	<-said
}

// While the session's own store is out of order nothing is acknowledged, and nobody is asked to send again.
func TestSessionLocked(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped, because -short was asked for")
	}
	r := newRelay(t)
	d := newDesk(t, r).pair().start()
	c := newCitizen(t, r, siti)
	c.say("sebelum")
	d.next()
	until(t, "it is received", func() bool { return r.Waiting(office) == 0 })
	logins := len(r.Versions())
	other, err := sql.Open("sqlite", "file:"+d.cfg.Session+"?_pragma=busy_timeout(2000)&_txlock=immediate")
	must(t, err)
	defer func() { _ = other.Close() }()
	tx, err := other.BeginTx(t.Context(), nil)
	must(t, err)
	c.say("satu")
	c.say("dua")
	until(t, "the message is refused and the connection renewed", func() bool { return len(r.Versions()) > logins })
	if r.Waiting(office) != 2 {
		t.Errorf("%d messages wait at the relay, want 2", r.Waiting(office))
	}
	must(t, tx.Rollback())
	for _, want := range []string{"satu", "dua"} {
		if m := d.next(); m.Text != want {
			t.Errorf("taken %q, want %q", m.Text, want)
		}
	}
	for _, x := range r.Receipts() {
		if x.Kind == "retry" {
			t.Error("a citizen was asked to send again")
		}
	}
}
