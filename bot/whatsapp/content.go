package whatsapp

import (
	"strings"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"tanya/bot"
)

// content is what a person sent, as far as it matters here.
type content struct {
	kind  bot.Kind
	text  string
	edits string // id of the message that this one replaces, "" when it replaces none
	timer uint32 // the chat's disappearing timer in seconds, 0 when it has none
	vote  bool   // a vote in a poll, which is still encrypted
}

// ours reports whether a message was written to the office by a person: not by the office itself, not in a group, a
// status, a broadcast list or a newsletter, and not by WhatsApp.
func ours(i types.MessageInfo) bool {
	person := i.Chat.Server == types.DefaultUserServer || i.Chat.Server == types.HiddenUserServer
	return person && !i.IsFromMe && !i.IsGroup && i.Category != "peer" && !i.Sender.IsBot() && i.Chat.User != types.PSAJID.User
}

// read finds out what a message holds. It is false for what asks for no answer: reactions, deletions, pins and the
// like, and messages that may be looked at only once.
func read(e *events.Message) (content, bool) {
	if e.Message == nil || e.IsViewOnce {
		return content{}, false
	}
	m, edits := e.Message, ""
	if p := m.GetProtocolMessage(); p != nil {
		if p.GetType() != waE2E.ProtocolMessage_MESSAGE_EDIT || p.GetKey().GetID() == "" || p.GetEditedMessage() == nil {
			return content{}, false
		}
		// An edit carries the id of what it replaces. When that was accepted already the inbox takes the edit for a
		// repeat; when it never came the edit is the question.
		m, edits = p.GetEditedMessage(), p.GetKey().GetID()
	}
	c, ok := readBody(m)
	c.edits, c.timer = edits, timerOf(m)
	c.text = tidy(c.text)
	if c.kind == bot.Text && strings.TrimSpace(c.text) == "" {
		return content{}, false
	}
	return c, ok
}

// readBody tells the kind of a message, and its text where it has one.
func readBody(m *waE2E.Message) (content, bool) {
	if s, ok := written(m); ok {
		return content{kind: bot.Text, text: s}, true
	}
	if k, caption, ok := shown(m); ok {
		if strings.TrimSpace(caption) != "" { // a picture with a question below it is a question
			return content{kind: bot.Text, text: caption}, true
		}
		return content{kind: k}, true
	}
	if m.GetPollUpdateMessage() != nil {
		return content{kind: bot.Text, text: "?", vote: true}, true
	}
	return content{}, false
}

// written returns what was typed, or the words of what was tapped.
func written(m *waE2E.Message) (string, bool) {
	switch {
	case m.Conversation != nil:
		return m.GetConversation(), true
	case m.ExtendedTextMessage != nil:
		return m.GetExtendedTextMessage().GetText(), true
	case m.ButtonsResponseMessage != nil:
		return m.GetButtonsResponseMessage().GetSelectedDisplayText(), true
	case m.TemplateButtonReplyMessage != nil:
		return m.GetTemplateButtonReplyMessage().GetSelectedDisplayText(), true
	case m.ListResponseMessage != nil:
		return m.GetListResponseMessage().GetTitle(), true
	case m.InteractiveResponseMessage != nil:
		return m.GetInteractiveResponseMessage().GetBody().GetText(), true
	}
	return "", false
}

// shown returns the kind of what is not text, and the text below it.
func shown(m *waE2E.Message) (bot.Kind, string, bool) {
	switch {
	case m.ImageMessage != nil:
		return bot.Picture, m.GetImageMessage().GetCaption(), true
	case m.VideoMessage != nil:
		return bot.Video, m.GetVideoMessage().GetCaption(), true
	case m.PtvMessage != nil:
		return bot.Video, "", true
	case m.DocumentMessage != nil:
		return bot.File, m.GetDocumentMessage().GetCaption(), true
	case m.AudioMessage != nil:
		return bot.Voice, "", true
	case m.StickerMessage != nil:
		return bot.Sticker, "", true
	case m.LocationMessage != nil, m.LiveLocationMessage != nil:
		return bot.Location, "", true
	case m.ContactMessage != nil, m.ContactsArrayMessage != nil:
		return bot.Contact, "", true
	case m.GroupInviteMessage != nil, m.EventMessage != nil, m.ProductMessage != nil, m.OrderMessage != nil,
		m.PollCreationMessage != nil, m.PollCreationMessageV2 != nil, m.PollCreationMessageV3 != nil:
		return bot.Other, "", true
	}
	return "", "", false
}

// timerOf returns the disappearing timer that a message names.
func timerOf(m *waE2E.Message) uint32 {
	for _, c := range []interface{ GetContextInfo() *waE2E.ContextInfo }{
		m.GetExtendedTextMessage(), m.GetImageMessage(), m.GetVideoMessage(), m.GetDocumentMessage(), m.GetAudioMessage(),
		m.GetStickerMessage(), m.GetLocationMessage(), m.GetContactMessage(), m.GetPtvMessage(),
	} {
		if t := c.GetContextInfo().GetExpiration(); t > 0 {
			return t
		}
	}
	return 0
}

// tidy makes what came from outside a text that can be kept: valid, and without the byte that databases do not take.
func tidy(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}
