package telegram

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tanya/bot"
	"tanya/faq"
)

// readMessage adds a message, new or edited, to the batch, unless it is not for us.
func (c *Channel) readMessage(m *message, b *batch) {
	if m.Chat.ID == 0 || m.ID == 0 {
		c.skip("incomplete")
		return
	}
	if reason := c.notForUs(m); reason != "" {
		c.skip(reason)
		return
	}
	kind := m.kind()
	if kind == "" {
		c.skip("service")
		return
	}
	out := bot.Message{
		Channel: Name, External: m.origin().String(), Address: m.place().String(), Kind: kind, Sent: m.sent(), Lang: m.From.lang(),
	}
	if kind == bot.Text {
		text := m.Text + m.Caption // never both
		if m.place().group() {
			var ours bool
			if text, ours = c.addressed(text, m); !ours {
				c.skip("group")
				return
			}
		}
		out.Text = strings.ToValidUTF8(text, "\uFFFD")
	} else if m.place().group() && !c.repliesToUs(m) {
		c.skip("group")
		return
	}
	if m.Album != "" {
		if i := slices.IndexFunc(b.messages, func(o bot.Message) bool { return o.External == out.External }); i >= 0 {
			if kind == bot.Text {
				b.messages[i] = out // the picture that carries the words speaks for the album
			}
			return
		}
	}
	b.messages = append(b.messages, out)
}

func (c *Channel) skip(reason string) { c.state.count("skipped_" + reason) }

// notForUs names the reason why a message gets no answer whatever it says, "" when there is none. An anonymous admin
// or a channel is nobody who could be answered; a bot that answers bots may never stop.
func (c *Channel) notForUs(m *message) string {
	self := c.account()
	switch {
	case m.Chat.Type == "channel":
		return "channel"
	case m.Automatic, m.SenderAs != nil:
		return "anonymous"
	case m.From == nil:
		return "nobody"
	case m.From.Bot:
		return "bot"
	case m.Via != nil && m.Via.ID == self.ID:
		return "own" // an answer of ours that somebody shared
	}
	return ""
}

// kind says what was sent, "" for what nobody wrote, such as "joined the group". A caption is what was written.
func (m *message) kind() bot.Kind {
	switch {
	case m.Text != "" || m.Caption != "":
		return bot.Text
	case present(m.Voice), present(m.Audio), present(m.VideoNote):
		return bot.Voice
	case present(m.Photo):
		return bot.Picture
	case present(m.Video), present(m.Animation):
		return bot.Video
	case present(m.Sticker):
		return bot.Sticker
	case present(m.Document):
		return bot.File
	case present(m.Location), present(m.Venue):
		return bot.Location
	case present(m.Contact):
		return bot.Contact
	case present(m.Poll), present(m.Dice), present(m.Story), present(m.PaidMedia), present(m.Checklist):
		return bot.Other
	}
	return ""
}

// origin names the message. The pictures of an album are one thing that somebody sent.
func (m *message) origin() origin {
	if m.Album != "" {
		return origin{kind: 'g', chat: m.Chat.ID, rest: m.Album}
	}
	return origin{kind: 'm', chat: m.Chat.ID, message: m.ID}
}

// lang is the language that Telegram is shown in, "" when it is none of ours. It is a hint only.
func (u *user) lang() faq.Lang {
	if u == nil {
		return ""
	}
	base, _, _ := strings.Cut(u.Language, "-")
	if l := faq.Lang(base); l.Valid() {
		return l
	}
	return ""
}

// account is who we are; before getMe it is nobody.
func (c *Channel) account() account {
	if a := c.self.Load(); a != nil {
		return *a
	}
	return account{}
}

// addressed reports whether a text in a group speaks to us, and returns it without our name.
func (c *Channel) addressed(text string, m *message) (string, bool) {
	self := c.account()
	if word, rest, ok := slashCommand(text); ok {
		word, to, named := strings.Cut(word, "@")
		switch {
		case named && !strings.EqualFold(to, self.Username):
			return "", false
		case named, slices.Contains(commandWords(), strings.ToLower(word)):
			return strings.TrimSpace("/" + word + " " + rest), true
		}
	}
	if bare, ok := withoutMention(text, self.Username); ok {
		return bare, true
	}
	return text, c.repliesToUs(m)
}

// repliesToUs reports whether a message answers one of ours.
func (c *Channel) repliesToUs(m *message) bool {
	return m.ReplyTo != nil && m.ReplyTo.From != nil && m.ReplyTo.From.ID == c.account().ID && m.ReplyTo.From.ID != 0
}

// slashCommand takes a command apart: "/menu@tanya_bot besok" is "menu@tanya_bot" and "besok".
func slashCommand(text string) (word, rest string, ok bool) {
	if !strings.HasPrefix(text, "/") {
		return "", "", false
	}
	i := strings.IndexFunc(text, unicode.IsSpace)
	if i < 0 {
		return text[1:], "", len(text) > 1
	}
	return text[1:i], strings.TrimSpace(text[i:]), i > 1
}

// withoutMention takes "@name" out of a text and reports whether it was there as a word of its own.
func withoutMention(text, name string) (string, bool) {
	if name == "" {
		return text, false
	}
	for from := 0; ; {
		i := indexFold(text[from:], "@"+name)
		if i < 0 {
			return text, false
		}
		start, end := from+i, from+i+1+len(name)
		before, _ := utf8.DecodeLastRuneInString(text[:start])
		after, _ := utf8.DecodeRuneInString(text[end:])
		if !nameRune(before) && !nameRune(after) {
			return strings.TrimSpace(strings.TrimRight(text[:start], " ") + " " + strings.TrimLeft(text[end:], " ,:")), true
		}
		from = end
	}
}

// indexFold is strings.Index for ASCII needles, whatever their case.
func indexFold(s, needle string) int {
	for i := 0; i+len(needle) <= len(s); i++ {
		if strings.EqualFold(s[i:i+len(needle)], needle) {
			return i
		}
	}
	return -1
}

func nameRune(r rune) bool {
	return r == '_' || r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// tapMax is the longest id of a tap that is believed; Telegram's are numbers.
const tapMax = 64

// readTap adds a tap to the batch. It is answered whatever becomes of it, else the button keeps spinning.
func (c *Channel) readTap(q *callbackQuery, b *batch) {
	if q.ID == "" || len(q.ID) > tapMax {
		c.skip("incomplete")
		return
	}
	b.taps = append(b.taps, q.ID)
	if q.Message == nil || q.Message.Chat.ID == 0 {
		c.skip("tap_elsewhere") // below a message that was shared through inline mode: nowhere to answer
		return
	}
	key, menu := readButton(q.Data)
	o := origin{kind: 'c', chat: q.Message.Chat.ID, rest: q.ID}
	if menu && q.Message.Date != 0 {
		o.message = q.Message.ID
	}
	b.messages = append(b.messages, bot.Message{
		Channel: Name, External: o.String(), Address: q.Message.place().String(), Kind: bot.Tap, Choice: key, Lang: q.From.lang(),
	})
}

// readInline adds an inline query to the batch.
func (c *Channel) readInline(q *inlineQuery, b *batch) {
	if q.ID == "" {
		c.skip("incomplete")
		return
	}
	b.inline = append(b.inline, *q)
}
