package bot

import (
	"context"
	"regexp"
	"strings"
	"unicode"

	"tanya/faq/text"
	"tanya/locales"
)

// People answer a list as they would answer a person: "iya", "gak", a thumb, two numbers at once. A nod is such a
// message. It is read by what was shown just before, and it is never a question.

// yesWords and noWords are messages that say yes or no and nothing else, as plain writes them.
var yesWords, noWords = wordSet(
	"iya", "ya", "y", "yaa", "iyaa", "iyo", "yo", "yes", "yup", "yep", "betul", "bener", "benar", "leres", "nggih", "inggih", "injih", "nggeh", "ho oh",
	"iya betul", "iya benar", "ya benar", "ya betul", "right", "correct", "true", "ok", "oke", "okay", "sip", "siap", "sudah", "sampun", "wis", "uwis", "iya sudah", "already", "selesai", "cukup", "sudah cukup", "rampung", "done",
), wordSet(
	"tidak", "gak", "ga", "nggak", "enggak", "ngga", "engga", "ndak", "tdk", "g", "ora", "ra", "mboten", "boten", "no", "nope", "nop", "tidak ada", "gak ada", "ga ada",
	"belum", "blm", "durung", "dereng", "not yet", "false", "lepat", "none", "lewati", "liwati", "skip", "nanti", "mangke", "later", "lain kali",
)

// consents are the words that agree to something: an address is kept for nobody who only says that she has read it.
var consents = wordSet("iya", "ya", "y", "yaa", "iyaa", "iyo", "yo", "yes", "yup", "yep", "nggih", "inggih", "injih", "nggeh")

func wordSet(words ...string) map[string]bool {
	set := make(map[string]bool, len(words))
	for _, w := range words {
		set[w] = true
	}
	return set
}

// trailing are particles behind a nod or behind thanks that change nothing.
var trailing = wordSet("nggih", "inggih", "ya", "yo", "kak", "min", "mas", "mbak", "pak", "bu", "sih", "deh", "dong", "lah", "banget", "sanget", "sekali", "lho", "kok", "sir", "very", "much")

// laugh matches what is only laughter.
var laugh = regexp.MustCompile(`^((wk)+w?k?|(h[aeiu]){2,}h?|lol|lmao|x+d+)$`)

// nod answers a message that is only yes, no, a laugh or a sign. It reports whether the message was one.
func (t *turn) nod(ctx context.Context) (bool, error) {
	if !strings.ContainsFunc(t.m.Text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		t.sign()
		return true, nil
	}
	said := core(plain(t.m.Text))
	switch {
	case laugh.MatchString(said):
		t.greet()
	case yesWords[said]:
		return t.yes(ctx)
	case noWords[said]:
		return t.no(ctx)
	case t.onlyThanks():
		t.greet()
	default:
		return false, nil
	}
	return true, nil
}

// onlyThanks reports whether a message is thanks with nothing behind it but particles.
func (t *turn) onlyThanks() bool {
	rest, taken := text.StripGreeting(text.Tokens(t.m.Text))
	for _, w := range rest {
		if !trailing[w] {
			return false
		}
	}
	return taken.Thanked && len(rest) > 0
}

// sign answers a message of signs only: a thumb behind an answer is thanks, elsewhere a nod, and in anything else there
// is nothing to read.
func (t *turn) sign() {
	switch {
	case t.first:
		t.welcome()
	case strings.ContainsAny(t.m.Text, "👍👌🙏🙂😊😁❤💪👏🤝") && t.s.Last == Answered:
		t.reply(Reply{Outcome: Thanked, Text: t.say(locales.Thanks, nil)})
	case strings.ContainsAny(t.m.Text, "👍👌🙏🙂😊😁❤💪👏🤝"):
		t.nodded()
	default:
		t.reply(Reply{Outcome: NotText, Text: t.say(locales.NotTextKey, nil)})
	}
}

// shown returns the choices that stood below the message before this one, nil when it had none.
func (t *turn) shown() []Choice {
	if len(t.s.Offer) == 0 || !t.s.OfferAt.Equal(t.s.Updated) {
		return nil
	}
	return t.s.Offer
}

// yes takes the only choice there is. Where there are several it asks for the number.
func (t *turn) yes(ctx context.Context) (bool, error) {
	shown := t.shown()
	for _, key := range []string{keyQuiz, keyCoach + "ready:", keyWait} {
		if c, ok := firstWith(shown, key); ok {
			if key == keyWait && !consents[core(plain(t.m.Text))] {
				t.nodded()
				return true, nil
			}
			return true, t.act(ctx, c.Key)
		}
	}
	switch asked := entriesOf(shown); {
	case has(shown, keyDown) || len(shown) == 0:
		t.nodded()
	case asksWhich(shown) && len(asked) == 1:
		return true, t.act(ctx, asked[0].Key)
	default:
		t.askNumber(shown)
	}
	return true, nil
}

// no leaves what was offered.
func (t *turn) no(ctx context.Context) (bool, error) {
	shown := t.shown()
	switch {
	case has(shown, keyQuiz), has(shown, keyCoach+"ready:"):
		c, _ := lastWith(shown, keyQuiz, keyCoach+"ready:")
		return true, t.act(ctx, c.Key)
	case has(shown, keyGroup):
		t.group("skip")
	case asksWhich(shown):
		t.none()
	case has(shown, keyCoach) && !has(shown, keyDown):
		return false, nil // a step of the coach: it asks for a number itself
	case len(shown) == 0 || has(shown, keyDown) || has(shown, keyWait):
		t.nodded()
	default:
		t.askNumber(shown)
	}
	return true, nil
}

// nodded closes politely, or begins where nothing was said yet.
func (t *turn) nodded() {
	if t.first {
		t.welcome()
		return
	}
	t.reply(Reply{Outcome: Thanked, Text: t.say(locales.AllRight, nil)})
}

// askNumber shows a list again and asks for a number.
func (t *turn) askNumber(open []Choice) {
	t.reply(Reply{Outcome: Menu, Text: t.say(locales.PickNumber, map[string]any{"Max": len(open)}), Choices: open})
}

// asksWhich reports whether a list asks which of a few entries was meant.
func asksWhich(cs []Choice) bool { return has(cs, keyNone) || has(cs, keyPerson) && has(cs, keyMenu) }

func entriesOf(cs []Choice) []Choice {
	var out []Choice
	for _, c := range cs {
		if strings.HasPrefix(c.Key, keyEntry) {
			out = append(out, c)
		}
	}
	return out
}

func has(cs []Choice, prefix string) bool { _, ok := firstWith(cs, prefix); return ok }

// firstWith finds the first choice whose key begins with prefix.
func firstWith(cs []Choice, prefix string) (Choice, bool) {
	for _, c := range cs {
		if strings.HasPrefix(c.Key, prefix) {
			return c, true
		}
	}
	return Choice{}, false
}

// lastWith finds the last choice whose key begins with one of the prefixes.
func lastWith(cs []Choice, prefixes ...string) (Choice, bool) {
	var found Choice
	ok := false
	for _, c := range cs {
		for _, p := range prefixes {
			if strings.HasPrefix(c.Key, p) {
				found, ok = c, true
			}
		}
	}
	return found, ok
}
