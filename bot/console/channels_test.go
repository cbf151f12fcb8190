package console

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"tanya/bot"
)

// fakePanel is a switchboard whose wires end here. bot.Panel has tests of its own.
type fakePanel struct {
	channels []bot.ChannelStatus
	phone    bot.Pairing // of the channel called whatsapp
	number   string      // that was asked to be linked
}

func (p *fakePanel) Channels() []bot.ChannelStatus { return p.channels }

func (p *fakePanel) Turn(_ context.Context, channel string, to bot.Position, by, why string) error {
	for i := range p.channels {
		if s := &p.channels[i]; s.Name == channel {
			s.Position, s.TurnedBy, s.Why = to, by, why
			s.Up = to != bot.Off
		}
	}
	return nil
}

func (p *fakePanel) Pairing(_ context.Context, channel string) (bot.Pairing, error) {
	if channel != "whatsapp" {
		return bot.Pairing{}, nil
	}
	return p.phone, nil
}

func (p *fakePanel) Pair(_ context.Context, _, phone, by string) error {
	p.number, p.phone.Running, p.phone.By = phone, true, by
	return nil
}

func (p *fakePanel) Cancel(string) { p.phone.Running, p.phone.Code = false, bot.PairingCode{} }

func (p *fakePanel) Unpair(context.Context, string) error { p.phone.Linked = false; return nil }

var _ Panel = (*bot.Panel)(nil)

func TestSwitches(t *testing.T) {
	o, ani, budi := team(t)
	o.panel.channels = []bot.ChannelStatus{{Name: "telegram", Up: true, Position: bot.On}}
	edi := ani.hire("edi", "Edi", bot.Editor)
	if a := budi.post("/orang/edi/konfirmasi", budi.again()...); a.status != 200 {
		t.Fatalf("confirm: %d %s", a.status, sentenceOf(a))
	}
	for _, s := range []struct {
		name string
		by   *person
		form []string
		want int
		at   bot.Position
	}{
		{"without a reason", edi, []string{"posisi", "paused"}, 422, bot.On},
		{"no position", edi, []string{"posisi", "setengah", "alasan", "x"}, 422, bot.On},
		{"an editor pauses", edi, []string{"posisi", "paused", "alasan", "bot menjawab aneh"}, 200, bot.Paused},
		{"an editor switches off", edi, []string{"posisi", "off", "alasan", "masih aneh"}, 200, bot.Off},
		{"an editor switches on", edi, []string{"posisi", "on"}, 403, bot.Off},
		{"an approver switches on", budi, []string{"posisi", "on"}, 200, bot.On},
	} {
		if a := s.by.post("/saluran/telegram", s.form...); a.status != s.want || o.panel.channels[0].Position != s.at {
			t.Errorf("%s: %d, the switch stands at %s", s.name, a.status, o.panel.channels[0].Position)
		}
	}
	if a := edi.post("/saluran/pos", "posisi", "off", "alasan", "x"); a.status != 404 {
		t.Errorf("a channel that is not there: %d", a.status)
	}
}

// TestPhone holds that only an admin who proves who they are links a telephone, and that nobody else sees the code.
func TestPhone(t *testing.T) {
	o, ani, budi := team(t)
	o.panel.channels = []bot.ChannelStatus{{Name: "telegram", Position: bot.On}, {Name: "whatsapp", Position: bot.On}}
	o.panel.phone.Linkable = true
	if a := budi.get("/saluran/whatsapp/ponsel"); a.status != 403 {
		t.Errorf("an approver: %d", a.status)
	}
	if a := ani.get("/saluran/telegram/ponsel"); a.status != 404 {
		t.Errorf("a channel without a telephone: %d", a.status)
	}
	if a := ani.post("/saluran/whatsapp/ponsel", "tindakan", "tautkan", "sandi", ani.password, "kode", "000000"); a.status != 403 || o.panel.phone.Running {
		t.Errorf("without a code: %d", a.status)
	}
	if a := ani.post("/saluran/whatsapp/ponsel", append(ani.again(), "tindakan", "tautkan", "nomor", "0812-3456-7890")...); a.status != 200 || o.panel.number != "6281234567890" {
		t.Fatalf("link: %d, number %q", a.status, o.panel.number)
	}
	const secret = "2@kode-rahasia-penautan"
	o.panel.phone.Code = bot.PairingCode{QR: secret, Until: o.clock.now().Add(20 * time.Second)}
	mine := ani.get("/saluran/whatsapp/ponsel")
	if !strings.Contains(mine.body, `class="qr"`) || strings.Contains(mine.body, secret) {
		t.Errorf("the picture: %s", sentenceOf(mine))
	}
	other := ani.hire("cici", "Cici", bot.Admin)
	if a := budi.post("/orang/cici/konfirmasi", budi.again()...); a.status != 200 {
		t.Fatalf("confirm: %d", a.status)
	}
	if a := other.get("/saluran/whatsapp/ponsel"); strings.Contains(a.body, `class="qr"`) || !strings.Contains(a.body, "Dimulai oleh ani") {
		t.Errorf("another admin sees: %s", sentenceOf(a))
	}
	o.panel.phone.Code = bot.PairingCode{Typed: "ABCD-EFGH", Until: o.clock.now().Add(time.Minute)}
	if a := ani.get("/saluran/whatsapp/ponsel"); !strings.Contains(a.body, "ABCD-EFGH") {
		t.Errorf("the code to type: %s", sentenceOf(a))
	}
	if a := ani.post("/saluran/whatsapp/ponsel", "tindakan", "batal"); a.status != 200 || o.panel.phone.Running {
		t.Errorf("cancel: %d", a.status)
	}
	o.panel.phone.Linked = true
	if a := ani.post("/saluran/whatsapp/ponsel", append(ani.again(), "tindakan", "lepas")...); a.status != 200 || o.panel.phone.Linked {
		t.Errorf("unlink: %d", a.status)
	}
	trail, err := o.desk.Trail(t.Context(), 0, 50)
	must(t, err)
	for _, want := range []string{"tautkan-ponsel", "lepas-ponsel"} {
		if !slices.ContainsFunc(trail, func(l bot.Audit) bool { return l.Action == want && l.Object == "whatsapp" && l.Actor == "ani" }) {
			t.Errorf("the record has no %s", want)
		}
	}
	for _, l := range trail {
		if strings.Contains(l.Detail, secret) || strings.Contains(l.Detail, "8123") {
			t.Errorf("the record holds what it must not: %s", l.Detail)
		}
	}
}
