package webchat

import (
	"context"
	"strings"
	"time"

	"tanya/bot"
	"tanya/faq"
	"tanya/locales"
)

// message is one bubble of the page.
type message struct {
	Own      bool
	Last     bool  // the person's latest words, to which the browser jumps after a form
	ID       int64 // the reply's number, 0 for the person's own words and the opening
	Lang     faq.Lang
	Outcome  bot.Outcome
	At       time.Time // of a reply; zero: no time is shown
	Today    time.Time
	Zone     *time.Location
	Body     []block
	Source   []block
	Prompt   string
	Choices  []bot.Choice
	Note     []block
	Alts     []string    // what pictures and sounds say
	Pictures []bot.Media // pictures that the host shows under /gambar/
}

// historyMax is how many replies a page shows; readMax how many are read at once, pagesMax how often.
const (
	historyMax = 30
	readMax    = 50
	pagesMax   = 40
)

// history reads the conversation's latest replies, oldest first, brought up to date.
func (c *Channel) history(ctx context.Context, chat string) ([]bot.Outgoing, error) {
	var all []bot.Outgoing
	after := int64(0)
	for range pagesMax {
		some, err := c.replies(ctx, chat, after)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
		if n := len(all) - historyMax; n > 0 {
			all = all[n:]
		}
		if len(some) < readMax {
			break
		}
		after = some[len(some)-1].ID
	}
	return all, nil
}

// replies reads the replies after a number, brought up to date, and notes that they were handed out. What was erased
// stays erased: nothing before the confirmation is returned.
func (c *Channel) replies(ctx context.Context, chat string, after int64) ([]bot.Outgoing, error) {
	some, err := c.threads.Replies(ctx, chat, after, readMax)
	if err != nil || len(some) == 0 {
		return nil, err
	}
	now := c.now()
	for i := range some {
		if some[i].Reply.Outcome == bot.Erased {
			c.spoken.dropBefore(chat, some[i].Created)
		}
		some[i].Reply = c.renew(some[i].Reply, now)
	}
	c.spoken.show(chat, some[len(some)-1].ID, now)
	return some, nil
}

// thread puts what the person said and what was replied into one order.
func (c *Channel) thread(replies []bot.Outgoing, own []words, l faq.Lang) []message {
	for i := len(replies) - 1; i >= 0; i-- {
		if replies[i].Reply.Outcome == bot.Erased {
			first := replies[i].ID
			replies = replies[i:]
			for len(own) > 0 && own[0].after < first {
				own = own[1:]
			}
			break
		}
	}
	var all []message
	for _, o := range replies {
		for len(own) > 0 && own[0].after < o.ID {
			all = append(all, c.ownMessage(own[0], l))
			own = own[1:]
		}
		if !silent(o) {
			all = append(all, c.replyMessage(o))
		}
	}
	for _, w := range own {
		all = append(all, c.ownMessage(w, l))
	}
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Own {
			all[i].Last = true
			break
		}
	}
	return all
}

// silent reports whether a reply only answers what the page said for the person.
func silent(o bot.Outgoing) bool {
	return strings.HasPrefix(o.ReplyTo, startPrefix) || strings.HasPrefix(o.ReplyTo, langPrefix)
}

func (c *Channel) ownMessage(w words, l faq.Lang) message {
	return message{Own: true, Lang: l, Body: []block{{Kind: "p", Lines: plainLines(w.text)}}}
}

// plainLines keeps a person's line breaks and makes nothing else of their text: no list, no link.
func plainLines(text string) [][]span {
	var lines [][]span
	for line := range strings.Lines(text) {
		lines = append(lines, []span{{Text: strings.TrimRight(line, "\r\n")}})
	}
	return lines
}

// replyMessage turns a reply into a bubble.
func (c *Channel) replyMessage(o bot.Outgoing) message {
	r := o.Reply
	m := message{ID: o.ID, Lang: r.Lang, Outcome: r.Outcome, At: o.Created, Today: c.now(), Zone: c.cfg.Zone}
	if !m.Lang.Valid() {
		m.Lang = faq.Indonesian
	}
	for _, media := range r.Media {
		if media.Kind == "picture" && c.cfg.Pictures {
			m.Pictures = append(m.Pictures, media)
			continue
		}
		m.Alts = append(m.Alts, media.Alt)
	}
	if r.Plain {
		m.Body = blocks(r.Numbered())
		return m
	}
	m.Body, m.Source, m.Note = blocks(r.Text), blocks(r.Footer), blocks(r.Note)
	m.Prompt, m.Choices = r.Prompt, r.Choices
	return m
}

// opening is what stands above every conversation: who speaks, what not to send, and the menu.
func (c *Channel) opening(l faq.Lang) message {
	m := message{Lang: l, Body: blocks(c.say(l, locales.Welcome)), Prompt: c.say(l, locales.MenuPrompt)}
	for _, topic := range c.topics() {
		m.Choices = append(m.Choices, bot.Choice{Key: "t:" + topic, Label: c.say(l, locales.Key("topic_"+topic))})
	}
	if len(m.Choices) == 0 {
		m.Choices = []bot.Choice{{Key: "menu", Label: c.say(l, locales.MenuWord)}, {Key: "person", Label: c.say(l, locales.PersonWord)}}
	}
	return m
}

// label finds what a choice said: in the replies that offered it or in the opening.
func (c *Channel) label(key string, replies []bot.Outgoing, l faq.Lang) string {
	for i := len(replies) - 1; i >= 0; i-- {
		for _, ch := range replies[i].Reply.Choices {
			if ch.Key == key {
				return ch.Label
			}
		}
	}
	for _, ch := range c.opening(l).Choices {
		if ch.Key == key {
			return ch.Label
		}
	}
	return c.say(l, locales.WebPicked)
}

func (c *Channel) say(l faq.Lang, key locales.Key) string { return c.words.Text(string(l), key, nil) }
