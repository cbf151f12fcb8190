package whatsapp

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"

	"tanya/bot"
)

// Bounds of a poll.
const (
	pollNameMax   = 255 // characters of its question
	pollLabelMax  = 100
	pollChoiceMax = 12
)

// compose makes the message of a reply without its picture. The same reply makes the same message again.
func (c *Channel) compose(s secrets, id string, o bot.Outgoing) *waE2E.Message {
	timer := parseExternal(o.ReplyTo).timer
	if c.cfg.Polls && pollable(o.Reply) {
		return poll(o.Reply, s.pollSecret(id), timer)
	}
	text := plain(o.Reply.Numbered())
	if timer == 0 {
		return &waE2E.Message{Conversation: &text}
	}
	return &waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: &text, ContextInfo: vanishing(timer)}}
}

// vanishing makes a message disappear with the others of its chat.
func vanishing(timer uint32) *waE2E.ContextInfo {
	if timer == 0 {
		return nil
	}
	return &waE2E.ContextInfo{Expiration: &timer}
}

// pollable reports whether a reply is nothing but a question with choices, short enough for a poll.
func pollable(r bot.Reply) bool {
	if r.Outcome != bot.Menu || r.Plain || r.Body() != "" || r.Prompt == "" || utf8.RuneCountInString(r.Prompt) > pollNameMax {
		return false
	}
	if len(r.Choices) < 2 || len(r.Choices) > pollChoiceMax {
		return false
	}
	seen := map[string]bool{}
	for _, ch := range r.Choices {
		label := plain(ch.Label)
		if label == "" || utf8.RuneCountInString(label) > pollLabelMax || seen[label] {
			return false
		}
		seen[label] = true
	}
	return true
}

func poll(r bot.Reply, secret []byte, timer uint32) *waE2E.Message {
	var options []*waE2E.PollCreationMessage_Option
	for _, ch := range r.Choices {
		options = append(options, &waE2E.PollCreationMessage_Option{OptionName: proto.String(plain(ch.Label))})
	}
	return &waE2E.Message{
		PollCreationMessage: &waE2E.PollCreationMessage{
			Name: proto.String(plain(r.Prompt)), Options: options, SelectableOptionsCount: proto.Uint32(1), ContextInfo: vanishing(timer),
		},
		MessageContextInfo: &waE2E.MessageContextInfo{MessageSecret: secret},
	}
}

// plain takes away the signs that WhatsApp would read as formatting. There is no escape for them. A sign counts only
// in pairs around something on one line; what stands inside a word or a link stays.
func plain(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "```", ""), "\n")
	for i, line := range lines {
		lines[i] = plainLine(line)
	}
	return strings.Join(lines, "\n")
}

func plainLine(line string) string {
	rs := []rune(line)
	drop := map[int]bool{}
	open := map[rune][]int{}
	link := links(rs)
	for i, r := range rs {
		if !strings.ContainsRune("*_~`", r) || link[i] {
			continue
		}
		before, after := i == 0 || edge(rs[i-1]), i == len(rs)-1 || edge(rs[i+1])
		blankBefore, blankAfter := i == 0 || unicode.IsSpace(rs[i-1]), i == len(rs)-1 || unicode.IsSpace(rs[i+1])
		switch was := open[r]; {
		case after && !blankBefore && len(was) > 0:
			drop[was[len(was)-1]], drop[i] = true, true
			open[r] = was[:len(was)-1]
		case before && !blankAfter:
			open[r] = append(was, i)
		}
	}
	if len(drop) == 0 {
		return line
	}
	out := rs[:0:0]
	for i, r := range rs {
		if !drop[i] {
			out = append(out, r)
		}
	}
	return string(out)
}

// edge reports whether a formatting sign beside r would count.
func edge(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// links marks the characters of words that are links.
func links(rs []rune) map[int]bool {
	in := map[int]bool{}
	for start := 0; start < len(rs); {
		end := start
		for end < len(rs) && !unicode.IsSpace(rs[end]) {
			end++
		}
		if strings.Contains(string(rs[start:end]), "://") {
			for i := start; i < end; i++ {
				in[i] = true
			}
		}
		start = end + 1
	}
	return in
}
