// Package bottest holds what tests of several packages share: a runner for conversations that are kept as plain text
// and read by staff. Only tests import it.
package bottest

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// Talker answers messages; *bot.Dialogue does.
type Talker interface {
	Turn(ctx context.Context, s bot.Session, m bot.Message, now time.Time) (bot.Settlement, error)
	Bundle(s bot.Session, waiting []bot.Message, now time.Time, patience time.Duration) bot.Bundle
}

// Play reads a script, lets the talker answer what a person says in it, and returns the script with the answers
// filled in anew. Lines of a script:
//
//	# a title or remark, kept
//	@ 2024-09-06 09:00        sets the clock (WIB)
//	> jam brp tps buka        the person writes
//	>+ gak tau                and goes on a second later, without waiting for an answer
//	>> e:jam-tps              the person taps a choice
//	>! voice                  the person sends something that is not text
//	  ...                     what came back; replaced
//	= answered jam-tps        how it is counted; replaced
//
// One minute passes between messages that wait for their answer. What a person writes in pieces is gathered as the engine
// does it.
func Play(ctx context.Context, d Talker, script string) (string, error) {
	got, _, err := PlayBy(ctx, d, script, AsWritten)
	return got, err
}

// Hand is how the person of a script picks from a list.
type Hand int

// The hands. What cannot be done in a hand's way, such as typing the number of a button that is not shown any more, is
// done as written.
const (
	AsWritten Hand = iota
	Typing         // every tap is typed as the number that the choice has
	Tapping        // every typed number is tapped
)

// PlayBy is Play with a hand. It also returns how many messages that hand changed.
func PlayBy(ctx context.Context, d Talker, script string, hand Hand) (got string, changed int, err error) {
	p := player{talker: d, now: time.Date(2026, 11, 24, 9, 0, 0, 0, faq.Jakarta()), hand: hand}
	for _, line := range strings.Split(script, "\n") {
		if err := p.line(ctx, line); err != nil {
			return "", 0, fmt.Errorf("line %q: %w", line, err)
		}
	}
	if err := p.hear(ctx, true); err != nil {
		return "", 0, err
	}
	return strings.TrimRight(p.out.String(), "\n") + "\n", p.changed, nil
}

// player is a conversation under way.
type player struct {
	talker  Talker
	out     strings.Builder
	session bot.Session
	now     time.Time
	seq     int64
	hand    Hand
	changed int
	waiting []bot.Message // said and not answered yet
}

// by turns a message into the hand's way of saying it.
func (p *player) by(m bot.Message) bot.Message {
	for i, c := range p.session.Offer {
		number := strconv.Itoa(i + 1)
		switch {
		case p.hand == Typing && m.Kind == bot.Tap && m.Choice == c.Key:
			p.changed++
			return bot.Message{Kind: bot.Text, Text: number}
		case p.hand == Tapping && m.Kind == bot.Text && strings.TrimSpace(m.Text) == number:
			p.changed++
			return bot.Message{Kind: bot.Tap, Choice: c.Key}
		}
	}
	return m
}

func (p *player) line(ctx context.Context, line string) error {
	if strings.HasPrefix(line, ">+ ") {
		if err := p.hear(ctx, false); err != nil {
			return err
		}
		p.say(line, time.Second, bot.Message{Kind: bot.Text, Text: bot.Redact(line[3:])})
		return nil
	}
	if line == "" || strings.HasPrefix(line, " ") || strings.HasPrefix(line, "=") {
		return nil // what came back the last time
	}
	if err := p.hear(ctx, true); err != nil {
		return err
	}
	switch {
	case strings.HasPrefix(line, "#"):
		fmt.Fprintln(&p.out, line)
	case strings.HasPrefix(line, "@ "):
		t, err := time.ParseInLocation("2006-01-02 15:04", strings.TrimSpace(line[2:]), faq.Jakarta())
		if err != nil {
			return err
		}
		p.now = t
		fmt.Fprintln(&p.out, "\n"+line)
	case strings.HasPrefix(line, ">> "):
		p.say(line, time.Minute, bot.Message{Kind: bot.Tap, Choice: strings.TrimSpace(line[3:])})
	case strings.HasPrefix(line, ">! "):
		p.say(line, time.Minute, bot.Message{Kind: bot.Kind(strings.TrimSpace(line[3:]))})
	case strings.HasPrefix(line, "> "):
		p.say(line, time.Minute, bot.Message{Kind: bot.Text, Text: bot.Redact(line[2:])})
	}
	return nil
}

// say notes what the person sends.
func (p *player) say(line string, later time.Duration, m bot.Message) {
	p.seq++
	p.now = p.now.Add(later)
	m = p.by(m)
	m.Seq, m.Channel, m.Chat, m.Received = p.seq, "transcript", "chat", p.now
	p.waiting = append(p.waiting, m)
	if later == time.Minute || len(p.waiting) == 1 {
		fmt.Fprintln(&p.out)
	}
	fmt.Fprintln(&p.out, line)
}

// hear lets the talker answer what waits; over says that the person waits for it too.
func (p *player) hear(ctx context.Context, over bool) error {
	for len(p.waiting) > 0 {
		b := p.talker.Bundle(p.session, p.waiting, p.now, bot.Patience)
		if b.Wait > 0 && !over {
			return nil
		}
		if err := p.answer(ctx, b.Message, p.now.Add(b.Wait)); err != nil {
			return err
		}
		p.waiting = p.waiting[len(b.Covers)+1:]
	}
	return nil
}

// answer hands one message to the talker and writes down what came of it.
func (p *player) answer(ctx context.Context, m bot.Message, now time.Time) error {
	s, err := p.talker.Turn(ctx, p.session, m, now)
	if err != nil {
		return err
	}
	p.session = bot.Session{}
	if s.Session != nil {
		p.session = *s.Session
		for _, q := range s.Queries { // the ledger does this when it stores the row
			if q.Outcome == bot.Unknown || q.Outcome == bot.Choices {
				p.session.LastMiss = m.Seq
			}
		}
	}
	for i, r := range s.Replies {
		if i > 0 {
			fmt.Fprintln(&p.out, "  --")
		}
		fmt.Fprintln(&p.out, indent(r.Numbered()))
	}
	if len(s.Replies) == 0 {
		fmt.Fprintln(&p.out, "  (no reply)")
	}
	for _, q := range s.Queries {
		kept := ""
		if q.Text == "" && q.Outcome != bot.NotText {
			kept = " (text not kept)"
		}
		fmt.Fprintf(&p.out, "= %s %s%s\n", q.Outcome, q.Entry, kept)
	}
	return nil
}

func indent(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight("  "+l, " ")
	}
	return strings.Join(lines, "\n")
}
