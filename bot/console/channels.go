package console

import (
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"tanya/bot"
)

type channelsPage struct {
	Page
	Channels []channelView
	Pause    bool // channels can be switched here
	On       bool // this person may switch them on again
	Link     bool // this person may link a telephone
	May      bool
	Edit     bool
	Health   bot.Health
	Out      []bot.Withdrawal
}

// channelView is a channel as the page shows it.
type channelView struct {
	bot.ChannelStatus
	Road  string // how its messages come, one sentence
	Phone bot.Pairing
}

// channels shows how the channels fare and what to do.
func (c *Console) channels(q *request) error {
	rights := q.me.Rights()
	p := channelsPage{
		Page: c.page(q, "Saluran", "saluran"), Pause: c.deps.Panel != nil, On: rights.Covers(bot.Approver), Link: rights.Covers(bot.Admin),
		May: rights.Covers(bot.Approver), Edit: rights.Covers(bot.Editor),
	}
	var roads map[string]string
	if c.deps.Roads != nil {
		roads = c.deps.Roads()
	}
	for _, s := range c.channelStatus() {
		v := channelView{ChannelStatus: s, Road: roads[s.Name]}
		var err error
		if v.Phone, err = c.deps.Panel.Pairing(q.Context(), s.Name); err != nil {
			return err
		}
		p.Channels = append(p.Channels, v)
	}
	var err error
	if p.Health, err = c.desk.Health(q.Context()); err != nil {
		return err
	}
	if p.Out, err = c.desk.Withdrawn(q.Context()); err != nil {
		return err
	}
	return c.show(q, http.StatusOK, "saluran", p)
}

// channelStatus returns how the channels fare, none where the program shows none.
func (c *Console) channelStatus() []bot.ChannelStatus {
	if c.deps.Panel == nil {
		return nil
	}
	return c.deps.Panel.Channels()
}

// hasChannel fails when there is no such channel.
func (c *Console) hasChannel(name string) error {
	if !slices.ContainsFunc(c.channelStatus(), func(s bot.ChannelStatus) bool { return s.Name == name }) {
		return bot.Errorf(bot.NotFound, "Saluran ini tidak ada.")
	}
	return nil
}

// turn puts a channel's switch into a position. Stopping is safe, so every editor may; letting a channel speak again
// asks for an approver. The ledger writes the audit with the switch.
func (c *Console) turn(q *request) error {
	name, to, why := q.PathValue("nama"), bot.Position(q.text("posisi")), clip(q.text("alasan"), 200)
	if err := c.hasChannel(name); err != nil {
		return err
	}
	switch {
	case !to.Valid():
		return bot.Errorf(bot.Invalid, "Pilih: jeda, matikan, atau nyalakan.")
	case to == bot.On && !q.me.Rights().Covers(bot.Approver):
		return bot.Errorf(bot.Denied, "Menyalakan saluran lagi memerlukan peran penyetuju.")
	case to != bot.On && why == "":
		return wrong(bot.Invalid, "alasan-"+name, "Tulis alasannya, supaya rekan tahu mengapa saluran ini berhenti.")
	}
	if err := c.deps.Panel.Turn(q.Context(), name, to, q.me.Login, why); err != nil {
		return err
	}
	return q.next("/saluran", map[bot.Position]string{bot.On: "lanjut", bot.Paused: "jeda", bot.Off: "mati"}[to])
}

type phonePage struct {
	Page
	Channel string
	Phone   bot.Pairing
	Mine    bool          // this person began it, and may see the code
	Picture template.HTML // the QR code
	Life    int           // seconds that the code is still good for
	State   string        // changes when there is something new to show
}

// phone shows how far the linking of a telephone is. The code is shown to the one who asked for it and to nobody else.
func (c *Console) phone(q *request) error {
	name := q.PathValue("nama")
	if err := c.hasChannel(name); err != nil {
		return err
	}
	p := phonePage{Page: c.page(q, "Tautkan ponsel", "saluran"), Channel: name}
	var err error
	if p.Phone, err = c.deps.Panel.Pairing(q.Context(), name); err != nil {
		return err
	}
	if !p.Phone.Linkable {
		return bot.Errorf(bot.NotFound, "Saluran ini tidak memakai ponsel.")
	}
	p.Mine = p.Phone.By == q.me.Login
	p.State = "tunggu"
	switch code := p.Phone.Code; {
	case !p.Phone.Running:
		p.State = "selesai"
	case p.Mine && !code.Until.IsZero():
		p.State = "kode-" + fingerprint(code.QR + code.Typed)[:8]
		p.Life = max(0, int(code.Until.Sub(q.now)/time.Second))
		if code.QR != "" {
			if p.Picture, err = picture(code.QR, "Kode QR untuk WhatsApp di ponsel kantor"); err != nil {
				return err
			}
		}
	}
	return c.show(q, http.StatusOK, "ponsel", p)
}

// linkPhone begins to link a telephone, or takes the link back. Both need proof of who asks: whoever links a telephone
// of their own speaks to citizens from it.
func (c *Console) linkPhone(q *request) error {
	name, act := q.PathValue("nama"), q.text("tindakan")
	if err := c.hasChannel(name); err != nil {
		return err
	}
	if act == "batal" {
		c.deps.Panel.Cancel(name)
		return q.next("/saluran/"+name+"/ponsel", "batal")
	}
	if err := c.again(q); err != nil {
		return err
	}
	switch act {
	case "lepas":
		if err := c.deps.Panel.Unpair(q.Context(), name); err != nil {
			return err
		}
		if err := c.desk.Log(q.Context(), q.line("lepas-ponsel", name, "")); err != nil {
			return err
		}
		return q.next("/saluran", "lepas")
	case "tautkan":
		digits := strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, q.text("nomor"))
		if rest, ok := strings.CutPrefix(digits, "0"); ok { // as people write it here
			digits = "62" + rest
		}
		if err := c.deps.Panel.Pair(q.Context(), name, digits, q.me.Login); err != nil {
			return err
		}
		if err := c.desk.Log(q.Context(), q.line("tautkan-ponsel", name, "")); err != nil {
			return err
		}
		return q.next("/saluran/"+name+"/ponsel", "")
	}
	return bot.Errorf(bot.Invalid, "Tindakan ini tidak dikenal.")
}
