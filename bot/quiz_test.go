package bot_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"tanya/bot"
	"tanya/faq"
)

// TestQuizPolls plays the quiz by its polls, in every language: each says what the typed form says, its right answer
// is the one that is then praised, and its explanation is the beginning of the approved answer. A vote in a poll that
// nobody remembers brings the current question again.
func TestQuizPolls(t *testing.T) {
	d, err := office()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, faq.Jakarta())
	for _, lang := range []faq.Lang{faq.Indonesian, faq.Javanese, faq.English} {
		s := bot.Session{Welcomed: true, Updated: now, Lang: lang, Fixed: true}
		turn := func(m bot.Message) bot.Reply {
			t.Helper()
			now = now.Add(10 * time.Second)
			m.Channel, m.Received = "test", now
			out, err := d.Turn(t.Context(), s, m, now)
			if err != nil || len(out.Replies) != 1 {
				t.Fatalf("%s: %d replies, %v", lang, len(out.Replies), err)
			}
			s = *out.Session
			return out.Replies[0]
		}
		r := turn(bot.Message{Kind: bot.Text, Text: "kuis"})
		praise := ""
		for n := 0; r.Poll != nil; n++ {
			p := r.Poll
			if n >= 5 || p.Question != r.Prompt || p.Options != 2 || len(r.Choices) != 3 {
				t.Fatalf("%s: question %d is %+v with %d choices", lang, n, p, len(r.Choices))
			}
			if n := utf8.RuneCountInString(p.Question); n > 300 {
				t.Errorf("%s: a question has %d characters", lang, n)
			}
			if n := utf8.RuneCountInString(p.Why); n > bot.PollWhyMax {
				t.Errorf("%s: an explanation has %d characters", lang, n)
			}
			if again := turn(bot.Message{Kind: bot.Tap, Choice: "q:-:-:-"}); again.Poll == nil || again.Poll.Question != p.Question {
				t.Errorf("%s: a vote in a forgotten poll brought %+v", lang, again)
			}
			why := p.Why
			r = turn(bot.Message{Kind: bot.Tap, Choice: r.Choices[p.Right].Key})
			first, _, _ := strings.Cut(r.Text, " ")
			if praise == "" {
				praise = first
			}
			if first != praise {
				t.Errorf("%s: the right answer is met with %q", lang, first)
			}
			if !strings.Contains(r.Text, why) {
				t.Errorf("%s: the explanation %q is not in the answer %q", lang, why, r.Text)
			}
		}
		if praise == "" {
			t.Errorf("%s: the quiz has no polls", lang)
		}
	}
	s := bot.Session{Welcomed: true, Updated: now, Easy: true}
	out, err := d.Turn(t.Context(), s, bot.Message{Channel: "test", Kind: bot.Text, Text: "kuis", Received: now}, now)
	if err != nil || out.Replies[0].Poll != nil {
		t.Errorf("easy mode has polls (%v)", err)
	}
}

// TestRowsOfTheQuiz: an answer to the quiz counts under the conversation's activity and segment, a question whose answer
// settles a statement of the quiz is marked, and no other.
func TestRowsOfTheQuiz(t *testing.T) {
	d, err := office()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, faq.Jakarta())
	s := bot.Session{Welcomed: true, Updated: now, Lang: faq.Indonesian, Fixed: true, Activity: "BCDFGH", ActiveTo: now.Add(time.Hour), Segment: faq.Young}
	turn := func(m bot.Message) (bot.Settlement, []bot.Query) {
		t.Helper()
		now = now.Add(10 * time.Second)
		m.Channel, m.Received = "test", now
		out, err := d.Turn(t.Context(), s, m, now)
		if err != nil || len(out.Replies) != 1 {
			t.Fatalf("%d replies, %v", len(out.Replies), err)
		}
		s = *out.Session
		return out, out.Queries
	}
	shown, _ := turn(bot.Message{Kind: bot.Text, Text: "kuis awal"})
	_, rows := turn(bot.Message{Kind: bot.Tap, Choice: shown.Replies[0].Choices[0].Key})
	if len(rows) != 1 || !strings.HasPrefix(rows[0].Entry, "kuis:") || rows[0].Segment != faq.Young || rows[0].Activity != "BCDFGH" || rows[0].Mark != "awal" || rows[0].Text != "" {
		t.Errorf("the row of an answer: %+v", rows)
	}
	turn(bot.Message{Kind: bot.Text, Text: "menu"})
	for text, mark := range map[string]string{"bolehkah memotret surat suara di bilik?": bot.MarkClaim, "jam berapa tps buka?": ""} {
		if _, rows := turn(bot.Message{Kind: bot.Text, Text: text}); len(rows) != 1 || rows[0].Outcome != bot.Answered || rows[0].Mark != mark {
			t.Errorf("%q: %+v", text, rows)
		}
	}
}
