package eval

import (
	"context"

	"tanya/faq"
)

// Change is a message that two matchers treat differently.
type Change struct {
	Text   string     `json:"message"`
	Before faq.Result `json:"-"`
	After  faq.Result `json:"-"`
	Old    string     `json:"old"` // verdict and entry, as "answered jam-tps"
	New    string     `json:"new"`
}

// Compare asks two matchers the same messages and returns those whose verdict or entry differs, in order.
func Compare(ctx context.Context, before, after faq.Matcher, messages []string) ([]Change, error) {
	var out []Change
	for _, s := range messages {
		a, err := before.Match(ctx, faq.Question{Text: s})
		if err != nil {
			return nil, err
		}
		b, err := after.Match(ctx, faq.Question{Text: s})
		if err != nil {
			return nil, err
		}
		if a.Verdict != b.Verdict || a.Entry != b.Entry {
			out = append(out, Change{s, a, b, name(a), name(b)})
		}
	}
	return out, nil
}

func name(r faq.Result) string {
	if r.Entry == "" {
		return string(r.Verdict)
	}
	return string(r.Verdict) + " " + r.Entry
}
