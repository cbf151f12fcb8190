package eval

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"tanya/faq"
)

// Question is a message with the entries that would answer it and the way it is written.
type Question struct {
	Text    string
	Entries []string // none: nothing may be answered
	Variety string
}

// ReadQuestions reads "message <TAB> entries <TAB> variety" lines; entries are comma-separated, "-" or nothing means that no entry
// answers. A first line that begins with "message" is a heading.
func ReadQuestions(r io.Reader) ([]Question, error) {
	var out []Question
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 1<<20)
	for n := 1; sc.Scan(); n++ {
		cols := strings.Split(sc.Text(), "\t")
		if strings.TrimSpace(sc.Text()) == "" || n == 1 && cols[0] == "message" {
			continue
		}
		if len(cols) < 2 {
			return nil, fmt.Errorf("line %d: want message, entries and variety between tabs", n)
		}
		q := Question{Text: cols[0]}
		for _, id := range strings.Split(cols[1], ",") {
			if id = strings.TrimSpace(id); id != "" && id != "-" && id != OutOfScope {
				q.Entries = append(q.Entries, id)
			}
		}
		if len(cols) > 2 {
			q.Variety = cols[2]
		}
		out = append(out, q)
	}
	return out, sc.Err()
}

// Counts are the outcomes over a set of messages.
type Counts struct {
	N             int   `json:"n"`
	Answered      Share `json:"answered"`
	Right         Share `json:"right"`
	Wrong         Share `json:"wrong"`
	CriticalWrong Share `json:"critical_wrong"`
	Choices       Share `json:"choices"`
	ChoicesHave   Share `json:"choices_containing_right"`
	Offered       Share `json:"right_or_offered"`
	Abstained     Share `json:"abstained"`
	WrongAnswers  Share `json:"wrong_among_answered"`

	right, wrong, critical, choices, have, abstained int
}

// QuestionReport says how a matcher does on questions about the content.
type QuestionReport struct {
	All       Counts            `json:"all"`
	Varieties map[string]Counts `json:"varieties"`
	Outcomes  []Outcome         `json:"outcomes,omitempty"`
}

// Outcome is what came of one message.
type Outcome struct {
	Text    string      `json:"message"`
	Want    []string    `json:"want"`
	Variety string      `json:"variety"`
	Verdict faq.Verdict `json:"verdict"`
	Entry   string      `json:"entry"`
	Choices []string    `json:"choices,omitempty"`
	Score   float64     `json:"score"`
	Kind    string      `json:"kind"` // right, wrong, critical-wrong, offered, not-offered, abstained
}

// Questions asks a matcher every question. An answer or a refusal counts as right when its entry is among those wanted;
// an answer to a message that nothing answers is wrong, and abstaining from it is right. critical names the entries
// where a wrong answer weighs more: it counts when the entry given is critical.
func Questions(ctx context.Context, m faq.Matcher, qs []Question, critical func(entry string) bool) (QuestionReport, error) {
	all, per := Counts{}, map[string]*Counts{}
	rep := QuestionReport{Varieties: map[string]Counts{}}
	for _, q := range qs {
		res, err := m.Match(ctx, faq.Question{Text: q.Text})
		if err != nil {
			return rep, err
		}
		o := Outcome{q.Text, q.Entries, q.Variety, res.Verdict, res.Entry, res.Choices, res.Score, kind(q, res, critical)}
		rep.Outcomes = append(rep.Outcomes, o)
		if per[q.Variety] == nil {
			per[q.Variety] = &Counts{}
		}
		all.add(o)
		per[q.Variety].add(o)
	}
	rep.All = all.finish()
	for v, c := range per {
		rep.Varieties[v] = c.finish()
	}
	return rep, nil
}

// kind names the outcome of one message.
func kind(q Question, res faq.Result, critical func(string) bool) string {
	wanted := func(id string) bool { return slices.Contains(q.Entries, id) }
	switch res.Verdict {
	case faq.Answered, faq.Declined:
		switch {
		case wanted(res.Entry):
			return "right"
		case critical != nil && critical(res.Entry):
			return "critical-wrong"
		}
		return "wrong"
	case faq.Choices:
		if slices.ContainsFunc(res.Choices, wanted) {
			return "offered"
		}
		return "not-offered"
	}
	if len(q.Entries) == 0 || slices.Contains(q.Entries, "di-luar-topik") {
		return "right"
	}
	return "abstained"
}

func (c *Counts) add(o Outcome) {
	c.N++
	switch o.Kind {
	case "right":
		c.right++
	case "critical-wrong":
		c.critical++
		c.wrong++
	case "wrong":
		c.wrong++
	case "offered":
		c.have++
		c.choices++
	case "not-offered":
		c.choices++
	default:
		c.abstained++
	}
}

func (c *Counts) finish() Counts {
	c.Answered = NewShare(c.right+c.wrong, c.N)
	c.Right = NewShare(c.right, c.N)
	c.Wrong = NewShare(c.wrong, c.N)
	c.CriticalWrong = NewShare(c.critical, c.N)
	c.Choices = NewShare(c.choices, c.N)
	c.ChoicesHave = NewShare(c.have, c.choices)
	c.Offered = NewShare(c.right+c.have, c.N)
	c.Abstained = NewShare(c.abstained, c.N)
	c.WrongAnswers = NewShare(c.wrong, c.right+c.wrong)
	return *c
}
