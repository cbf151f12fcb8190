package telegram

import (
	"encoding/json"
	"strings"
	"testing"

	"tanya/bot"
	"tanya/bot/bottest"
	"tanya/faq"
)

// quizReply is a question of the quiz below the explanation of the one before.
func quizReply() bot.Reply {
	return bot.Reply{
		Outcome: bot.Flow, Lang: faq.Indonesian, Text: "Benar. Undangan bukan syarat mutlak.", Prompt: "Pernyataan 2 dari 5: Rokok boleh dipakai mencoblos.",
		Choices: []bot.Choice{{Key: "q:1:rokok:1", Label: "Benar"}, {Key: "q:1:rokok:0", Label: "Salah"}, {Key: "leave", Label: "Keluar"}},
		Poll:    &bot.Poll{Question: "Pernyataan 2 dari 5: Rokok boleh dipakai mencoblos.", Options: 2, Right: 1, Why: "Pakailah paku yang ada."},
	}
}

const pollSent = `{"ok":true,"result":{"message_id":9,"poll":{"id":"4711"}}}`

// TestQuizPoll sends a question as Telegram's own quiz and reads the vote as a tap on its choice.
func TestQuizPoll(t *testing.T) {
	r := newRig(t, "")
	r.proxy.Always("sendPoll", bottest.Answer(200, pollSent))
	if err := r.send(bot.Message{Address: "77"}, quizReply()); err != nil {
		t.Fatal(err)
	}
	sent := r.proxy.Seen()
	poll := sent[len(sent)-1]
	if poll.Method != "sendPoll" || sent[len(sent)-2].Method != "sendMessage" {
		t.Fatalf("sent %v", methods(sent))
	}
	if got := sent[len(sent)-2].Form.Get("text"); !strings.Contains(got, "Undangan bukan syarat") || strings.Contains(got, "Rokok") {
		t.Errorf("before the poll stands %q", got)
	}
	for name, want := range map[string]string{
		"question": "Pernyataan 2 dari 5: Rokok boleh dipakai mencoblos.", "options": `[{"text":"Benar"},{"text":"Salah"}]`, "type": "quiz",
		"correct_option_ids": "[1]", "is_anonymous": "false", "explanation": "Pakailah paku yang ada.",
	} {
		if got := poll.Form.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if k := poll.Form.Get("reply_markup"); !strings.Contains(k, "3. Keluar") || strings.Contains(k, "rokok") {
		t.Errorf("below the poll hangs %s", k)
	}
	b := r.readBatch(votes("4711", 1, 0), 5)
	if len(b.messages) != 2 {
		t.Fatalf("read %+v", b.messages)
	}
	m := b.messages[0]
	if m.Kind != bot.Tap || m.Choice != "q:1:rokok:0" || m.Address != "77" || m.External != b.messages[1].External {
		t.Errorf("the vote was read as %+v", m)
	}
	if lost := r.readBatch(votes("0815", 0), 9).messages; len(lost) != 1 || lost[0].Choice != lostVote {
		t.Errorf("a vote in a forgotten poll was read as %+v", lost)
	}
}

// votes are updates with one vote each.
func votes(poll string, options ...int) []json.RawMessage {
	var all []json.RawMessage
	for i, o := range options {
		all = append(all, json.RawMessage(`{"update_id":`+encode(10+i)+`,"poll_answer":{"poll_id":"`+poll+`","user":{"id":77,"is_bot":false,"language_code":"id"},"option_ids":[`+encode(o)+`]}}`))
	}
	return all
}

func methods(all []*bottest.Request) (names []string) {
	for _, r := range all {
		names = append(names, r.Method)
	}
	return names
}

// TestQuizPollElsewhere: a group, easy mode and a server that refuses polls get the question as text with all choices.
func TestQuizPollElsewhere(t *testing.T) {
	easy := quizReply()
	easy.Plain = true
	long := quizReply()
	long.Poll.Question = strings.Repeat("panjang ", 60)
	for name, c := range map[string]struct {
		to    string
		reply bot.Reply
	}{"group": {"-100200", quizReply()}, "easy mode": {"77", easy}, "a long question": {"77", long}, "refused": {"77", quizReply()}, "unknown to the server": {"77", quizReply()}} {
		r := newRig(t, "")
		r.proxy.Always("sendPoll", bottest.Answer(400, `{"ok":false,"error_code":400,"description":"Bad Request: polls can't be sent"}`))
		if name == "unknown to the server" {
			r.proxy.Always("sendPoll", bottest.Answer(404, `{"ok":false,"error_code":404,"description":"Not Found"}`))
		}
		if err := r.send(bot.Message{Address: c.to}, c.reply); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		sent := r.proxy.Seen()
		last := sent[len(sent)-1]
		all := last.Form.Get("text") + last.Form.Get("reply_markup")
		if last.Method != "sendMessage" || !strings.Contains(last.Form.Get("text"), "Rokok") || !strings.Contains(all, "Benar") || !strings.Contains(all, "Salah") || !strings.Contains(all, "Keluar") {
			t.Errorf("%s: sent %v, last %v", name, methods(sent), last.Form)
		}
		if name != "refused" && name != "unknown to the server" && strings.Contains(strings.Join(methods(sent), " "), "sendPoll") {
			t.Errorf("%s: a poll was sent", name)
		}
	}
}
