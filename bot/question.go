package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tanya/faq"
	"tanya/faq/text"
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
		if parts := text.Split(t.m.Text); len(parts) > 1 {
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

// several answers two questions in one message, when the parts have clear answers that differ.
func (t *turn) several(ctx context.Context, parts []string, whole faq.Result) (bool, error) {
	var results []faq.Result
	var texts []string
	for _, p := range parts {
		if hollow(p) { // "apa yang boleh dan tidak boleh dilakukan": it is one question after all
			return false, nil
		}
		r, err := t.match(ctx, p, "")
		if err != nil {
			return false, err
		}
		if r.Verdict == faq.Declined { // a report is a report whatever stands beside it
			t.conclude(r, t.m.Text)
			return true, nil
		}
		if r.Verdict == faq.Answered && !slices.ContainsFunc(results, func(o faq.Result) bool { return o.Entry == r.Entry }) {
			results = append(results, r)
			texts = append(texts, p)
		}
	}
	switch {
	case len(results) == 2:
		before := t.s
		t.conclude(results[0], texts[0])
		t.unoffer(before)
		t.conclude(results[1], texts[1])
		return true, nil
	case len(results) > 2:
		var ids []string
		for _, r := range results {
			ids = append(ids, r.Entry)
		}
		whole.Verdict, whole.Choices = faq.Choices, ids
		t.conclude(whole, t.m.Text)
		return true, nil
	case len(results) == 1 && whole.Verdict != faq.Answered:
		t.conclude(results[0], t.m.Text)
		return true, nil
	}
	return false, nil
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
