package bot

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"tanya/faq"
	"tanya/locales"
)

// The quiz asks five statements about procedure and myths. Each answer is explained at once by its entry. Rows carry
// the item and whether it was right, so that an activity can compare before and after; the pairing lives only in the
// session.
const (
	flowQuiz = "kuis"
	keyQuiz  = "q:"
	quizLen  = 5
)

// startQuiz opens the quiz. mark says "awal" or "akhir" when it is asked before or after an activity.
func (t *turn) startQuiz(mark string) {
	marks := map[string]string{"mark": mark, "right": "0"}
	if old := t.s.Flow; old != nil && old.Name == flowQuiz && mark == "akhir" {
		for k, v := range old.Marks {
			if strings.HasPrefix(k, "i:") {
				marks[k] = v
			}
		}
	}
	for k, v := range t.s.Quiz {
		if mark == "akhir" {
			marks["i:"+k] = v
		}
	}
	t.s.Flow = &FlowState{Name: flowQuiz, Marks: marks}
	t.quizItem(t.say(locales.QuizIntro, nil), "", nil)
}

// items are the statements that can be explained now.
func (t *turn) items() []faq.QuizItem {
	var out []faq.QuizItem
	for _, q := range t.k.Edition.Quiz() {
		if _, err := t.render(q.Entry); err == nil && !t.k.withdrawn(q.Entry) && len(out) < quizLen {
			out = append(out, q)
		}
	}
	return out
}

// quizItem shows the statement whose turn it is, below what was said about the one before.
func (t *turn) quizItem(lead, footer string, sources []faq.Source) {
	items := t.items()
	n := t.s.Flow.Step
	if n >= len(items) {
		t.quizEnd(lead, footer, sources, len(items))
		return
	}
	claim, err := t.k.Edition.Phrase(items[n].Claim.In(t.s.Lang), t.s.Lang, t.now)
	if err != nil {
		t.s.Flow.Step++
		t.quizItem(lead, footer, sources)
		return
	}
	at := keyQuiz + strconv.Itoa(n) + ":" + items[n].ID + ":"
	prompt := t.say(locales.QuizItem, map[string]any{"N": n + 1, "Of": len(items), "Claim": claim})
	t.reply(Reply{
		Outcome: Flow, Text: lead, Footer: footer, Sources: sources, Prompt: prompt,
		Choices: []Choice{{at + "1", t.say(locales.QuizTrue, nil)}, {at + "0", t.say(locales.QuizFalse, nil)}, {keyLeave, t.say(locales.FlowLeave, nil)}},
		Poll:    t.poll(items[n], prompt),
	})
}

// poll is the statement as a quiz question; nil in easy mode, which has no decoration. What explains the result is
// the beginning of the entry's answer, as far as whole sentences fit; the answer itself follows.
func (t *turn) poll(q faq.QuizItem, prompt string) *Poll {
	if t.s.Easy {
		return nil
	}
	p := &Poll{Question: prompt, Options: 2}
	if !q.Holds {
		p.Right = 1
	}
	if r, err := t.render(q.Entry); err == nil {
		first, _, _ := strings.Cut(r.Text, "\n")
		p.Why = wholeSentences(first, PollWhyMax)
	}
	return p
}

// wholeSentences is the beginning of a text that ends with a sentence and has at most limit characters, "" when
// already the first sentence is longer.
func wholeSentences(s string, limit int) string {
	end := 0
	for i := range s {
		if (s[i] == '.' || s[i] == '?') && (i+1 == len(s) || s[i+1] == ' ') && utf8.RuneCountInString(s[:i+1]) <= limit {
			end = i + 1
		}
	}
	return s[:end]
}

// quiz takes an answer. One to a statement whose turn is over changes nothing and shows the current one again.
func (t *turn) quiz(key string) {
	part := strings.Split(strings.TrimPrefix(key, keyQuiz), ":")
	if t.s.Flow == nil || t.s.Flow.Name != flowQuiz || len(part) != 3 {
		t.startQuiz("")
		return
	}
	items := t.items()
	n := t.s.Flow.Step
	if n >= len(items) || items[n].ID != part[1] {
		t.quizItem("", "", nil)
		return
	}
	right := (part[2] == "1") == items[n].Holds
	score, key2 := 0.0, locales.QuizWrong
	if right {
		score, key2 = 1, locales.QuizRight
		got, _ := strconv.Atoi(t.s.Flow.Marks["right"]) // a session's own number; anything else counts as none
		t.s.Flow.Marks["right"] = strconv.Itoa(got + 1)
	}
	t.remember(items[n], score)
	t.s.Flow.Step++
	r, err := t.render(items[n].Entry)
	if err != nil {
		r = Reply{}
	}
	t.quizItem(paragraphs(t.say(key2, nil)+" "+r.Text), r.Footer, r.Sources)
}

// remember counts an answer. After an activity the row says what the same person answered before it.
func (t *turn) remember(q faq.QuizItem, score float64) {
	mark := t.s.Flow.Marks["mark"]
	row := Query{Outcome: Flow, Entry: "kuis:" + q.ID, Score: score, Mark: mark}
	switch mark {
	case "awal":
		if t.s.Quiz == nil {
			t.s.Quiz = map[string]string{}
		}
		t.s.Quiz[q.ID] = strconv.FormatFloat(score, 'f', 0, 64)
	case "akhir":
		if before, ok := t.s.Flow.Marks["i:"+q.ID]; ok {
			row.Mark = "akhir:" + before
		}
	}
	t.count(row)
}

func (t *turn) quizEnd(lead, footer string, sources []faq.Source, of int) {
	right := t.s.Flow.Marks["right"]
	t.s.Flow = nil
	t.reply(Reply{
		Outcome: Flow, Text: lead, Footer: footer, Sources: sources,
		Note: t.say(locales.QuizEnd, map[string]any{"Right": right, "Of": of}),
	})
}
