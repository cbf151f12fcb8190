package whatsappcloud

import (
	"encoding/json"
	"strings"

	"tanya/bot"
)

// message is what a person sent, as far as it is read.
type message struct {
	ID       string          `json:"id"`
	From     string          `json:"from"`         // telephone number, "" when the person hides it
	FromUser string          `json:"from_user_id"` // business-scoped user id
	Group    json.RawMessage `json:"group_id"`
	Time     json.RawMessage `json:"timestamp"`
	Type     string          `json:"type"`

	Text struct {
		Body string `json:"body"`
	} `json:"text"`
	Interactive struct {
		List   row `json:"list_reply"`
		Button row `json:"button_reply"`
	} `json:"interactive"`
	Button struct { // of a template
		Payload string `json:"payload"`
		Text    string `json:"text"`
	} `json:"button"`
	Image    caption `json:"image"`
	Video    caption `json:"video"`
	Document caption `json:"document"`
}

// row is a choice that was tapped.
type row struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

type caption struct {
	Caption string `json:"caption"`
}

// tapMark begins the payload of our template's button; what follows is the key of a choice. Buttons of other templates of
// the office mean what is written on them.
const tapMark = "tanya:"

// readMessage adds a message to the batch, unless it is not for us.
func (c *Channel) readMessage(raw json.RawMessage, people []contact, b *batch) {
	m, ok := decode[message](raw)
	if !ok || !soundID(m.ID) {
		b.broken(raw)
		return
	}
	if len(m.Group) > 0 && string(m.Group) != "null" && string(m.Group) != `""` {
		c.skip("group")
		return
	}
	out := bot.Message{Channel: Name, External: m.ID, Sent: instant(m.Time)}
	out.Kind, out.Text, out.Choice = m.content()
	if out.Kind == "" {
		c.skip("service")
		return
	}
	out.Text, out.Choice = tidy(out.Text), tidy(out.Choice)
	if out.Kind == bot.Text && strings.TrimSpace(out.Text) == "" {
		c.skip("empty")
		return
	}
	out.Address = string(sender(&m, people))
	if out.Address == "" {
		b.broken(raw)
		return
	}
	b.messages = append(b.messages, out)
}

// content says what was sent, "" for what asks for no answer. A type that did not exist when this was written gets the
// answer that only text is read, so that nobody is left without one.
func (m *message) content() (kind bot.Kind, text, choice string) {
	switch m.Type {
	case "text":
		return bot.Text, m.Text.Body, ""
	case "interactive":
		return m.tapped()
	case "button":
		if key, ours := strings.CutPrefix(m.Button.Payload, tapMark); ours && key != "" {
			return bot.Tap, "", key
		}
		return bot.Text, m.Button.Text, ""
	case "image":
		return captioned(bot.Picture, m.Image)
	case "video":
		return captioned(bot.Video, m.Video)
	case "document":
		return captioned(bot.File, m.Document)
	case "audio", "voice":
		return bot.Voice, "", ""
	case "sticker":
		return bot.Sticker, "", ""
	case "location":
		return bot.Location, "", ""
	case "contacts":
		return bot.Contact, "", ""
	case "reaction", "system", "request_welcome", "edit", "revoke":
		return "", "", ""
	}
	return bot.Other, "", ""
}

// tapped reads a button or a list row of ours. What is neither, such as a filled-in form, is not read.
func (m *message) tapped() (bot.Kind, string, string) {
	for _, r := range []row{m.Interactive.List, m.Interactive.Button} {
		switch {
		case r.ID != "":
			return bot.Tap, "", r.ID
		case r.Title != "":
			return bot.Text, r.Title, ""
		}
	}
	return bot.Other, "", ""
}

// captioned reads something that is not text: a caption below it is what the person wrote.
func captioned(k bot.Kind, c caption) (bot.Kind, string, string) {
	if strings.TrimSpace(c.Caption) != "" {
		return bot.Text, c.Caption, ""
	}
	return k, "", ""
}

// tidy makes what came from outside a text that can be kept: valid, and without the byte that databases do not take.
func tidy(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}
