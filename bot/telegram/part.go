package telegram

import (
	"strconv"
	"strings"

	"tanya/bot"
	"tanya/locales"
)

// part is one message of a reply. A reply is one part unless it is very long or carries pictures.
type part struct {
	spans    []span // the text, or the caption of media
	keyboard string // JSON, "" when none
	media    *bot.Media
	poll     *bot.Poll
	below    string // JSON of the keyboard below the poll; keyboard is that of the text that stands for it
	spare    bool   // the text of another part says everything that it shows
	plain    string // what is sent instead when Telegram refuses the message as it is
}

// parts renders a reply for a place. It never returns an empty message.
func (c *Channel) parts(to place, r bot.Reply) []part {
	if p := pollOf(to, r); p != nil {
		return c.pollParts(p, r)
	}
	keyboard := keyboardOf(r)
	spans := spansOf(r, keyboard != "")
	if strings.TrimSpace(toPlain(spans)) == "" {
		spans = []span{{text: c.words.Text(string(r.Lang), locales.Unavailable, nil)}}
	}
	var out []part
	text := toPlain(spans)
	caption := len(r.Media) > 0 && units(text) <= captionMax
	for i, m := range r.Media {
		p := part{media: &m, spare: !caption || i > 0, spans: []span{{text: clip(m.Alt, captionMax)}}}
		if caption && i == 0 {
			p.spans = spans
		}
		p.plain = toPlain(p.spans)
		out = append(out, p)
	}
	if !caption {
		for _, piece := range split(spans, textMax) {
			out = append(out, part{spans: piece, plain: toPlain(piece)})
		}
	}
	last := &out[len(out)-1]
	if caption {
		last = &out[0]
	}
	last.keyboard = keyboard
	if keyboard != "" {
		last.plain = withList(last.plain, r.Choices)
	}
	return out
}

// pollParts are the text that goes before a quiz poll, where there is one, and the poll with what is left of the
// choices below it. Where Telegram refuses the poll the question is sent as text with buttons.
func (c *Channel) pollParts(p *bot.Poll, r bot.Reply) []part {
	question := bot.Reply{Outcome: r.Outcome, Lang: r.Lang, Prompt: r.Prompt, Choices: r.Choices}
	spans := spansOf(question, true)
	last := part{spans: spans, poll: p, keyboard: keyboardOf(question), below: keyboardFrom(question, p.Options), plain: withList(toPlain(spans), r.Choices)}
	r.Poll, r.Prompt, r.Choices = nil, "", nil
	if r.Body() == "" {
		return []part{last}
	}
	return append(c.parts(place{}, r), last)
}

// spansOf puts the parts of a reply in their order. The line above the choices stands last when they are buttons,
// because those hang below the message.
func spansOf(r bot.Reply, buttons bool) []span {
	footnote := "i"
	if r.Plain {
		footnote = ""
	}
	var all []span // a paragraph each
	if buttons {
		all = []span{{r.Text, ""}, {r.Footer, footnote}, {r.Note, footnote}, {r.Prompt, ""}}
	} else {
		menu := withList(r.Prompt, r.Choices)
		all = []span{{r.Text, ""}, {r.Footer, footnote}, {menu, ""}, {r.Note, footnote}}
	}
	var spans []span
	for _, p := range all {
		if p.text = strings.ToValidUTF8(p.text, "\uFFFD"); p.text == "" {
			continue
		}
		if len(spans) > 0 {
			spans = append(spans, span{text: "\n\n"})
		}
		spans = append(spans, p)
	}
	return spans
}

// withList writes choices below a text as a numbered list, as far as one message has room.
func withList(text string, choices []bot.Choice) string {
	var b strings.Builder
	b.WriteString(text)
	for i, c := range choices {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(strconv.Itoa(i+1) + ". " + c.Label)
	}
	if s := b.String(); units(s) <= textMax {
		return s
	}
	return text
}

// clip cuts a text to limit units.
func clip(s string, limit int) string { return s[:prefix(s, limit)] }
