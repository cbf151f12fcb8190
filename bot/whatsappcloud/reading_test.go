package whatsappcloud

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"tanya/bot"
)

func TestReading(t *testing.T) {
	const head = `"id":"wamid.A","timestamp":"1749416383",`
	for _, c := range []struct {
		name, message, contacts string
		kind                    bot.Kind
		text, choice, address   string
	}{
		{name: "text", message: `"from":"62811","type":"text","text":{"body":"kapan nyoblos"}`, kind: bot.Text, text: "kapan nyoblos", address: "n:62811"},
		{name: "user id beside the number", message: `"from":"62811","from_user_id":"ID.1","type":"text","text":{"body":"x"}`, kind: bot.Text, text: "x", address: "u:ID.1"},
		{name: "no number", message: `"from_user_id":"ID.1","type":"text","text":{"body":"x"}`, kind: bot.Text, text: "x", address: "u:ID.1"},
		{name: "no number, id in the contact", message: `"type":"text","text":{"body":"x"}`, contacts: `[{"profile":{"username":"budi"},"user_id":"ID.ENT.77"}]`, kind: bot.Text, text: "x", address: "u:ID.ENT.77"},
		{name: "number in the contact", message: `"type":"text","text":{"body":"x"}`, contacts: `[{"wa_id":"62811"}]`, kind: bot.Text, text: "x", address: "n:62811"},
		{name: "two contacts", message: `"from":"62812","type":"text","text":{"body":"x"}`, contacts: `[{"wa_id":"62811","user_id":"ID.1"},{"wa_id":"62812","user_id":"ID.2"}]`, kind: bot.Text, text: "x", address: "u:ID.2"},
		{name: "odd contact", message: `"from":"62812","type":"text","text":{"body":"x"}`, contacts: `[7,{"user_id":9}]`, kind: bot.Text, text: "x", address: "n:62812"},
		{name: "list", message: `"from":"62811","type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"e:jam-tps","title":"1. Jam TPS","description":"buka"}}`, kind: bot.Tap, choice: "e:jam-tps", address: "n:62811"},
		{name: "button", message: `"from":"62811","type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"menu","title":"1. Menu"}}`, kind: bot.Tap, choice: "menu", address: "n:62811"},
		{name: "form", message: `"from":"62811","type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"response_json":"{}"}}`, kind: bot.Other, address: "n:62811"},
		{name: "our template's button", message: `"from":"62811","type":"button","button":{"payload":"tanya:e:jam-tps","text":"Lihat jawaban"}`, kind: bot.Tap, choice: "e:jam-tps", address: "n:62811"},
		{name: "another template's button", message: `"from":"62811","type":"button","button":{"payload":"STOP","text":"Berhenti"}`, kind: bot.Text, text: "Berhenti", address: "n:62811"},
		{name: "picture", message: `"from":"62811","type":"image","image":{"id":"1"}`, kind: bot.Picture, address: "n:62811"},
		{name: "picture with a question", message: `"from":"62811","type":"image","image":{"caption":"ini hoaks?"}`, kind: bot.Text, text: "ini hoaks?", address: "n:62811"},
		{name: "voice", message: `"from":"62811","type":"audio","audio":{"voice":true}`, kind: bot.Voice, address: "n:62811"},
		{name: "sticker", message: `"from":"62811","type":"sticker","sticker":{}`, kind: bot.Sticker, address: "n:62811"},
		{name: "film", message: `"from":"62811","type":"video","video":{}`, kind: bot.Video, address: "n:62811"},
		{name: "file", message: `"from":"62811","type":"document","document":{"filename":"x.pdf"}`, kind: bot.File, address: "n:62811"},
		{name: "place", message: `"from":"62811","type":"location","location":{}`, kind: bot.Location, address: "n:62811"},
		{name: "contact", message: `"from":"62811","type":"contacts","contacts":[]`, kind: bot.Contact, address: "n:62811"},
		{name: "order", message: `"from":"62811","type":"order","order":{}`, kind: bot.Other, address: "n:62811"},
		{name: "of next year", message: `"from":"62811","type":"hologram","hologram":{}`, kind: bot.Other, address: "n:62811"},
		{name: "a zero byte", message: `"from":"62811","type":"text","text":{"body":"a\u0000b"}`, kind: bot.Text, text: "ab", address: "n:62811"},
		{name: "reaction", message: `"from":"62811","type":"reaction","reaction":{"emoji":"x"}`},
		{name: "number changed", message: `"from":"62811","type":"system","system":{"body":"x"}`},
		{name: "taken back", message: `"from":"62811","type":"revoke","revoke":{}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			body := `"messages":[{` + head + c.message + `}]`
			if c.contacts != "" {
				body += `,"contacts":` + c.contacts
			}
			r.hook(value(body))
			got := r.inbox.Messages()
			if c.kind == "" {
				if len(got) != 0 {
					t.Errorf("taken: %+v", got)
				}
				return
			}
			if len(got) != 1 {
				t.Fatalf("%d messages", len(got))
			}
			m := got[0]
			if m.Kind != c.kind || m.Text != c.text || m.Choice != c.choice || m.Address != c.address || m.External != "wamid.A" || m.Sent.Unix() != 1749416383 {
				t.Errorf("%+v", m)
			}
		})
	}
}

// TestPublishedPayloads reads the requests that Meta publishes.
func TestPublishedPayloads(t *testing.T) {
	want := map[string]struct {
		kind         bot.Kind
		text, choice string
	}{
		"Text Message": {kind: bot.Text, text: "Does it come in another color?"},
		"Text Message with Context (Product Inquiry)": {kind: bot.Text, text: "Is this still available?"},
		"Text Message from Click to WhatsApp Ad":      {kind: bot.Text, text: "Hello! Can I get more info on this?"},
		"Reaction Message":                            {},
		"Image Message":                               {kind: bot.Text, text: "Taj Mahal"},
		"Location Message":                            {kind: bot.Location},
		"Contact Sharing Message":                     {kind: bot.Contact},
		"Unsupported Message":                         {kind: bot.Other},
		"Button Message":                              {kind: bot.Text, text: "Unsubscribe"},
		"Interactive List Reply Message":              {kind: bot.Tap, choice: "priority_express"},
		"Interactive Button Reply Message":            {kind: bot.Tap, choice: "cancel-button"},
		"Order Message":                               {kind: bot.Other},
		"System Message":                              {},
		"Group Create Message":                        {},
		"Group Settings Update":                       {},
		"Group Remove Participants":                   {},
	}
	payloads := published(t).payloads
	if len(payloads) != len(want) {
		t.Errorf("%d payloads are published, %d are known here", len(payloads), len(want))
	}
	for name, p := range payloads {
		t.Run(name, func(t *testing.T) {
			w, ok := want[name]
			if !ok {
				t.Fatal("an unknown payload")
			}
			body, err := json.Marshal(at(p, "value"))
			if err != nil {
				t.Fatal(err)
			}
			now := time.Now()
			r := newRig(t, func(_ *Config, d *Deps) { d.Now = func() time.Time { return now } })
			r.hook(string(body))
			got := r.inbox.Messages()
			if w.kind == "" {
				if len(got) != 0 {
					t.Errorf("taken: %+v", got)
				}
				return
			}
			if len(got) != 1 {
				t.Fatalf("%d messages", len(got))
			}
			m := got[0]
			if m.Kind != w.kind || m.Text != w.text || m.Choice != w.choice || m.Address != "n:16505551234" || !strings.HasPrefix(m.External, "wamid.") || m.Sent.IsZero() {
				t.Errorf("%+v", m)
			}
			now = m.Sent // else the answer would come too late
			if err := r.send(m.Address, bot.Outgoing{ID: 1, Reply: say("Sudah."), ReplyTo: m.External}); err != nil || len(r.graph.messages()) != 1 {
				t.Errorf("the answer: %v", err)
			}
		})
	}
}
