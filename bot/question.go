package bot

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"tanya/faq"
	"tanya/faq/text"
	"tanya/locales"
)

// question asks the matcher and says what came of it. A message with several questions gets at most two answers.
func (t *turn) question(ctx context.Context) error {
	t.s.Stopped, t.s.Flow = false, nil
	if t.insult() {
		return nil
	}
	whole, err := t.understand(ctx, t.m.Text)
	if err != nil {
		return err
	}
	if whole.Verdict != faq.Declined && whole.Entry != village { // a part would not say that it is about a village head
		if parts := unfold(text.Split(t.m.Text)); len(parts) > 1 {
			done, err := t.several(ctx, parts, whole)
			if done || err != nil {
				return err
			}
		}
	}
	if topic, ok := t.namesTopic(); ok && (whole.Verdict == faq.Choices || whole.Verdict == faq.Unknown) {
		t.topic(topic)
		return nil
	}
	if t.felt(whole) {
		return nil
	}
	if whole.Verdict == faq.Unknown && strings.Contains(t.m.Text, hiddenLink) && !text.Asks(t.m.Text) { // a lure, and no question for the office
		t.verdict(likeness{}, false)
		return nil
	}
	t.conclude(whole, t.m.Text)
	return nil
}

// match asks the matcher about one text; about is the entry that a short question may follow up on.
func (t *turn) match(ctx context.Context, s, about string) (faq.Result, error) {
	r, err := t.k.Matcher.Match(ctx, faq.Question{Text: s, Lang: t.s.Lang, About: about})
	if err != nil {
		return faq.Result{}, fmt.Errorf("match a question: %w", err)
	}
	if r.Entry != "" && t.k.Edition.Entry(r.Entry) == nil {
		return faq.Result{}, Errorf(Conflict, "the matcher knows an entry that the edition does not hold; train it anew")
	}
	return r, nil
}

// several answers two questions in one message, when the parts have clear answers that differ. What else was asked is
// offered below, so that nothing is lost in silence.
func (t *turn) several(ctx context.Context, parts []string, whole faq.Result) (bool, error) {
	var clear, open, declined []asked
	for i, p := range parts {
		if hollow(p) {
			if i == 0 || !elliptic(parts[i-1], p) { // "apa yang boleh dan tidak boleh dilakukan": it is one question after all
				return false, nil
			}
			p = strings.TrimRight(p, "? ") + " " + namedIn(parts[i-1])
		}
		r, err := t.match(ctx, p, "")
		if err != nil {
			return false, err
		}
		switch known := slices.ContainsFunc(clear, func(o asked) bool { return o.Entry == r.Entry }); {
		case r.Entry == otherRegion && !text.Asks(p): // "anak saya di Surabaya." says where somebody is
		case r.Verdict == faq.Declined:
			declined = append(declined, asked{r, p})
		case r.Verdict == faq.Answered && !known:
			clear = append(clear, asked{r, p})
		case text.Asks(p) && (r.Verdict == faq.Choices || r.Verdict == faq.Unknown):
			open = append(open, asked{r, p})
		}
	}
	if len(declined) > 0 {
		i := max(0, slices.IndexFunc(declined, func(o asked) bool { return reportLike(o.Result) })) // a report is a report whatever stands beside it
		t.refuse(declined[i], whole, clear)
		return true, nil
	}
	if len(clear) == 1 && len(open) == 1 && selfPortrait(clear[0].text) {
		t.conclude(open[0].Result, t.m.Text) // "saya KPPS." says who asks, not what
		return true, nil
	}
	if len(clear) == 2 && len(open) == 0 && t.onlySays(clear[0]) {
		t.conclude(clear[1].Result, t.m.Text)
		return true, nil
	}
	if len(clear) == 0 || len(clear) == 1 && whole.Verdict == faq.Answered {
		return false, nil
	}
	if len(clear) > 2 {
		open = append(slices.Clone(clear[2:]), open...)
		clear = clear[:2]
	}
	ids := t.leave(open, clear)
	before := t.s
	for i, c := range clear {
		if i > 0 {
			t.unoffer(before)
		}
		said := c.text
		if len(clear) == 1 {
			said = t.m.Text
		}
		t.conclude(c.Result, said)
	}
	t.remain(ids, len(open))
	return true, nil
}

// refuse answers a message of which a part is declined. Where the message as a whole has its answer, that is given: "kemarin
// tim calon bagi minyak. yang terima bisa dijerat?"; else what another part has asked, below the refusal. What a message
// tells that is a report in part is not kept.
func (t *turn) refuse(part asked, whole faq.Result, clear []asked) {
	open := func(r faq.Result, said string) {
		if reportLike(part.Result) {
			r.Candidates, r.Explain, said = nil, faq.Explanation{}, ""
		}
		t.conclude(r, said)
	}
	before := t.s
	switch {
	case whole.Verdict == faq.Answered:
		open(whole, t.m.Text)
		if text.Asks(part.text) && part.Entry != reportGuard { // "kalau ada yang bagi uang" only supposes
			t.unoffer(before)
			open(part.Result, part.text)
		}
	case len(clear) > 0:
		open(part.Result, part.text)
		t.unoffer(before)
		open(clear[0].Result, clear[0].text)
	default:
		open(part.Result, t.m.Text)
	}
}

// otherRegion is the entry for questions about elections in other places.
const otherRegion = "wilayah-lain"

// asked is a part of a message and what it was read as.
type asked struct {
	faq.Result
	text string
}

// leave counts the parts of a message that are not answered now, and returns what they may mean.
func (t *turn) leave(open, clear []asked) []string {
	var ids []string
	for _, o := range open {
		q := Query{Outcome: Choices, Score: o.Score, Entry: o.Entry, Text: o.text, Candidates: o.Candidates, Explain: o.Explain}
		best := o.Entry
		if best == "" && len(o.Candidates) > 0 {
			best = o.Candidates[0].Entry
			q.Entry = best
		}
		if o.Verdict == faq.Unknown {
			q.Outcome = Unknown
		}
		if reportLike(o.Result) {
			q.Text, q.Candidates, q.Explain = "", nil, faq.Explanation{}
		}
		t.count(q)
		if best != "" && o.Explain.InScope >= guardScope && !slices.Contains(ids, best) && !slices.ContainsFunc(clear, func(c asked) bool { return c.Entry == best }) {
			ids = append(ids, best)
		}
	}
	return ids
}

// remain offers what a message asked beside the answers above it, or says that something was not understood.
func (t *turn) remain(ids []string, open int) {
	last := &t.replies[len(t.replies)-1]
	choices := t.entries(t.byID(ids))
	switch {
	case open == 0 || last.Outcome != Answered || len(last.Choices) == 0:
		return
	case len(choices) == 0:
		last.Text = paragraphs(last.Text, t.say(locales.SendAgain, nil))
		return
	}
	last.Prompt = t.say(locales.OneMore, nil)
	rest := slices.DeleteFunc(slices.Clone(last.Choices), func(c Choice) bool { return strings.HasPrefix(c.Key, keyEntry) })
	last.Choices = append(choices[:min(3, len(choices))], rest...)
	t.s.Offer = last.Choices
}

// selfPortrait reports whether a part of a message speaks of who asks.
func selfPortrait(s string) bool { return introduction.MatchString(s) && !text.Asks(s) }

// onlySays reports whether a part of a message says in a few words who asks, though an entry seems to answer it: "kak saya
// kpps" is not about becoming one. What a critical entry answers is no mere introduction: "saya kehilangan ktp".
func (t *turn) onlySays(p asked) bool {
	e := t.k.Edition.Entry(p.Entry)
	return selfPortrait(p.text) && len(strings.Fields(p.text)) <= 4 && (e == nil || !e.Critical)
}

var introduction = regexp.MustCompile(`(?i)^\W*(\w+\W+)?(saya|sy|aku|kula|kulo|kami|i am|i'm)\b`)

// elliptic reports whether a part of a message that names nothing leans on the one before it: "kapan nyoblos? di mana?".
func elliptic(before, s string) bool {
	return strings.HasSuffix(strings.TrimSpace(before), "?") && strings.HasSuffix(strings.TrimSpace(s), "?") && !hollow(before)
}

// namedIn is what a text asks about, without the words that ask.
func namedIn(s string) string {
	rest, _ := text.StripGreeting(text.Tokens(s))
	return strings.Join(slices.DeleteFunc(rest, func(w string) bool {
		return !slices.ContainsFunc(text.Concepts([]string{w}), func(c string) bool { return !asking[c] })
	}), " ")
}

// unfold cuts "kapan nyoblos? dimana?" in two: a question word that stands for itself behind a question asks another one.
func unfold(parts []string) []string {
	var out []string
	for _, p := range parts {
		from := 0
		for i := range len(p) - 1 {
			if next, _, more := strings.Cut(p[i+1:], "?"); p[i] == '?' && more && hollow(next) && len(kinds(next)) > 0 && !hollow(p[from:i]) {
				out = append(out, strings.TrimSpace(p[from:i+1]))
				from = i + 1
			}
		}
		out = append(out, strings.TrimSpace(p[from:]))
	}
	return out
}

// hollow reports whether a text has question words and nothing that is asked about.
func hollow(s string) bool {
	rest, _ := text.StripGreeting(text.Tokens(s))
	return len(rest) > 0 && !slices.ContainsFunc(text.Concepts(rest), func(c string) bool { return !asking[c] })
}

// conclude says what a result means and counts it.
func (t *turn) conclude(r faq.Result, asked string) {
	if r.Verdict != faq.Unknown || len(strings.Fields(asked)) > 2 { // a few letters that mean nothing are no language
		t.follow(r.Lang)
	}
	r = guarded(r)
	q := Query{Score: r.Score, Entry: r.Entry, Text: asked, Candidates: r.Candidates, Explain: r.Explain}
	if q.Entry == "" && len(r.Candidates) > 0 {
		q.Entry = r.Candidates[0].Entry
	}
	switch r.Verdict {
	case faq.Greeting:
		t.greet()
		return
	case faq.Answered:
		t.s.Misses, t.s.Others = 0, others(r)
		t.tell(r.Entry)
		q.Outcome = Answered
	case faq.Declined:
		t.s.Misses = 0
		t.entry(r.Entry, Declined)
		q.Outcome = Declined
	case faq.Choices:
		t.s.Others = nil
		t.offer(r.Choices)
		q.Outcome = Choices
	default:
		t.miss(r)
		q.Outcome = Unknown
	}
	if reportLike(r) {
		q.Text, q.Candidates, q.Explain = "", nil, faq.Explanation{}
	}
	if q.Outcome == Answered && len(t.replies) > 0 && t.replies[len(t.replies)-1].Outcome == Withdrawn {
		q.Outcome = Withdrawn
	}
	t.count(q)
}

// guarded turns a close call into a guard's answer where the best candidate is one that costs nothing when it is
// wrong: not to take a report, not to give an opinion, not to look a person up.
func guarded(r faq.Result) faq.Result {
	if len(r.Candidates) == 0 || (r.Verdict != faq.Choices && r.Verdict != faq.Unknown) {
		return r
	}
	switch best := r.Candidates[0]; best.Entry {
	case reportGuard, "tolak-pilihan", "tolak-ramalan", "data-pribadi":
		if r.Explain.InScope >= guardScope && (best.Entry == reportGuard || best.Score >= guardScore) {
			r.Verdict, r.Entry, r.Choices = faq.Declined, best.Entry, nil
		}
	}
	return r
}

// guardScore is how likely a guard but that of reports must be right in a close call. Below, choices help the person more.
const guardScore = 0.3

// guardScope is how sure it must be that a close call is about elections at all.
const guardScope = 0.5

// reportLike tells whether a question may tell of an offence or of a person, so that its text is not kept: a guard or
// an entry that people turn to with such stories answers it, or the report guard stands among the closest.
func reportLike(r faq.Result) bool {
	switch r.Entry {
	case reportGuard, "data-pribadi":
		return true
	}
	for i, c := range r.Candidates[:min(5, len(r.Candidates))] {
		switch c.Entry {
		case reportGuard:
			if c.Score >= 0.002 {
				return true
			}
		case "intimidasi", "ancaman-darurat", "ditawari-uang":
			if i == 0 {
				return true
			}
		}
	}
	return false
}

// others are the further candidates of an answered question, for "not that one".
func others(r faq.Result) []string {
	var ids []string
	for _, c := range r.Candidates {
		if c.Entry != r.Entry && len(ids) < 3 {
			ids = append(ids, c.Entry)
		}
	}
	return ids
}
