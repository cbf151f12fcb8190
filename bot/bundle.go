package bot

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"tanya/faq/text"
)

// People write as they speak: "mas", "mau tanya", "kalau tps nya jauh gimana", "??". Each of these arrives as a message
// of its own. An officer hears them out and answers once. So a message that says nothing yet is not answered at once:
// what comes right behind it is read with it.

// Patience is how long after a piece of a message the next one is waited for. Nothing that asks something waits.
const Patience = 2 * time.Second

// Bounds of what is read together.
const (
	bundleMax  = burstMax // messages
	bundleWait = 3        // times the patience, from the first piece on
)

// Bundle is what one turn answers of the messages of a chat that wait.
type Bundle struct {
	Message Message       // the last of them, with the words of all
	Covers  []int64       // the numbers of those before it, oldest first
	Wait    time.Duration // how long the person may still be writing; 0 when it is to be answered now
}

// Bundle gathers the first of a chat's waiting messages, oldest first and at least one, that are to be answered in one
// turn. What opens or trails without asking anything goes with what it stands beside; pieces are joined until they ask
// something. It changes nothing, and whatever it says may be asked again. A patience of 0 or less bundles nothing.
func (d *Dialogue) Bundle(s Session, waiting []Message, now time.Time, patience time.Duration) Bundle {
	if !s.Fresh(now) {
		s = Session{}
	}
	b := bundling{s: s, now: now, patience: patience}
	if patience <= 0 || s.Flow != nil || b.whole(waiting[0]) {
		return b.close(waiting, 1)
	}
	for i, m := range waiting[:min(len(waiting), bundleMax)] {
		switch {
		case i > 0 && b.apart(waiting[i-1], m):
			return b.close(waiting, i)
		case b.direct(m) && b.said == nil && m.Kind != Broken: // "min", "menu"
			return b.close(waiting, i+1)
		case b.direct(m):
			return b.close(waiting, i)
		}
		if !opens(m.Text) {
			b.said = append(b.said, m.Text)
		}
		if b.asks() {
			return b.close(waiting, i+1)
		}
	}
	out := b.close(waiting, min(len(waiting), bundleMax))
	first, last := now.Sub(waiting[0].Received), now.Sub(waiting[len(waiting)-1].Received)
	if len(waiting) < bundleMax && last >= 0 && last < patience && first < bundleWait*patience {
		out.Wait = min(patience-last, bundleWait*patience-first)
	}
	return out
}

// bundling is the work on a bundle.
type bundling struct {
	s        Session
	now      time.Time
	patience time.Duration
	said     []string // what the pieces say, without those that only open or trail
}

// whole reports whether a message that nothing stands before is one to answer at once.
func (b *bundling) whole(m Message) bool {
	return !opens(m.Text) && !breaksOff(m.Text) || b.direct(m)
}

// asks reports whether what was said so far asks something that can be answered.
func (b *bundling) asks() bool { return asksWholly(strings.Join(b.said, " ")) }

// asksWholly reports whether a text asks and names what it asks about.
func asksWholly(s string) bool { return text.Asks(s) && !hollow(s) }

// apart reports whether too much time lies between two messages for them to be pieces of one.
func (b *bundling) apart(before, m Message) bool {
	return m.Received.Sub(before.Received) > bundleWait*b.patience
}

// direct reports whether a message is read by itself: no text, something asked of the program, a place in a list, a yes
// or no, a text to compare, a life at stake.
func (b *bundling) direct(m Message) bool {
	if m.Kind != Text || inDanger(m.Text) {
		return true
	}
	if _, ok := verifiable(m.Text); ok {
		return true
	}
	t := turn{s: b.s, m: m, now: b.now}
	if _, ok := pickWords(m.Text, t.open()); ok {
		return true
	}
	c, _ := readCommand(m.Text)
	said := core(plain(m.Text))
	return c != cmdNone || readNumber(m.Text) != 0 || len(readNumbers(m.Text, len(t.open()))) > 0 || yesWords[said] || noWords[said] || laugh.MatchString(said)
}

// close makes a bundle of the first n messages, and of what only trails behind them.
func (b *bundling) close(waiting []Message, n int) Bundle {
	last := n - 1
	for b.patience > 0 && b.s.Flow == nil && n < len(waiting) && n < bundleMax && onlyMarks(waiting[n].Text) && !b.direct(waiting[n]) && !b.apart(waiting[n-1], waiting[n]) {
		n++
	}
	out := Bundle{Message: waiting[last]}
	for _, m := range waiting[:n-1] {
		out.Covers = append(out.Covers, m.Seq)
	}
	m := &out.Message
	m.Seq, m.Received = waiting[n-1].Seq, waiting[0].Received
	if last == 0 || b.direct(waiting[last]) {
		return out
	}
	said := b.said
	if said == nil { // nothing but courtesy
		for _, m := range waiting[:last+1] {
			said = append(said, m.Text)
		}
	}
	m.Text = Redact(clip(strings.Join(said, " "), TextMax)) // a number may have come in two pieces
	return out
}

// opens reports whether a text says nothing yet: a greeting, an address, "mau tanya", or only marks of punctuation. Thanks
// say something.
func opens(s string) bool {
	if onlyMarks(s) {
		return true
	}
	rest, taken := text.StripGreeting(text.Tokens(s))
	return taken.Any() && !taken.Thanked && !slices.ContainsFunc(rest, func(w string) bool { return !trailing[w] && w != "nih" })
}

// onlyMarks reports whether a text is only marks of punctuation.
func onlyMarks(s string) bool {
	s = strings.TrimSpace(s)
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPunct(r) && !unicode.IsSpace(r) })
}

// unfinished are words that nobody ends a thought with, as plain writes them.
var unfinished = wordSet("kalau", "kalo", "klo", "klu", "nek", "yen", "menawi", "jika", "bila", "if", "dan", "lan", "and", "tapi", "tp", "nanging", "but", "soal", "soale", "soalnya", "tentang", "babagan", "about",
	"karena", "krn", "merga", "because", "yang", "sing", "ingkang", "untuk", "utk", "mau", "mo", "arep", "badhe", "misal", "misalnya", "misale", "pas")

// breaksOff reports whether a text visibly goes on in the next message: it asks nothing yet and ends with a comma, dots or
// such a word.
func breaksOff(s string) bool {
	s = strings.TrimSpace(s)
	words := strings.Fields(plain(s))
	if !strings.HasSuffix(s, ",") && !strings.HasSuffix(s, "..") && !strings.HasSuffix(s, "…") && (len(words) == 0 || !unfinished[words[len(words)-1]]) {
		return false
	}
	return !asksWholly(s)
}

// trails reports whether a message that says nothing came so soon behind an answer that the person had not read it.
// What it stands behind is answered; it gets no reply of its own.
func (t *turn) trails() bool {
	since := t.m.Received.Sub(t.s.Updated)
	// It may have been received while the answer was being made, a little before the time that the answer bears.
	return t.s.Turns > 0 && since > -Patience && since < Patience && opens(t.m.Text)
}
