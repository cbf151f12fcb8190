package telegram

import (
	"context"
	"strconv"
	"unicode/utf8"

	"tanya/bot"
	"tanya/faq"
)

// A question of the quiz is sent as Telegram's own quiz poll, which shows at once whether the answer was right. The
// vote comes back as a tap on the choice, so that the hall goes on as with buttons. Only in private chats: in a group
// everybody would vote, and the quiz is one person's.

// Telegram's limits, in characters.
const (
	pollQuestionMax = 300
	pollOptionMax   = 100
)

// pollsKept is how many open polls are remembered. A vote in one that is forgotten, after a restart for instance,
// makes the hall show the current question again.
const pollsKept = 4096

// lostVote is the key of a vote in a poll that is not remembered: a question of the quiz that is none.
const lostVote = "q:-:-:-"

// pollOf returns the reply's question when it can be sent as a poll to the place.
func pollOf(to place, r bot.Reply) *bot.Poll {
	p := r.Poll
	if p == nil || to.group() || r.Plain || p.Options < 2 || p.Options > len(r.Choices) || p.Right >= p.Options ||
		utf8.RuneCountInString(p.Question) > pollQuestionMax {
		return nil
	}
	for _, c := range r.Choices[:p.Options] {
		if c.Label == "" || utf8.RuneCountInString(c.Label) > pollOptionMax {
			return nil
		}
	}
	return p
}

type pollOption struct {
	Text string `json:"text"`
}

// sendPoll sends a part that is a quiz poll and remembers which choices its options are.
func (c *Channel) sendPoll(ctx context.Context, m mail, p part) (string, error) {
	q := m.params(p)
	delete(q, "link_preview_options")
	if delete(q, "reply_markup"); p.below != "" {
		q["reply_markup"] = p.below
	}
	var options []pollOption
	var keys []string
	for _, o := range m.reply.Choices[:p.poll.Options] {
		options = append(options, pollOption{o.Label})
		keys = append(keys, o.Key)
	}
	q["question"], q["options"], q["type"] = p.poll.Question, encode(options), "quiz"
	q["correct_option_ids"] = encode([]int{p.poll.Right})
	q["is_anonymous"] = "false" // only then the vote is told; in a private chat nobody else sees it
	if p.poll.Why != "" {
		q["explanation"] = p.poll.Why
	}
	ctx, cancel := linger(ctx, grace)
	defer cancel()
	sent, err := ask[struct {
		Message int64 `json:"message_id"`
		Poll    struct {
			ID string `json:"id"`
		} `json:"poll"`
	}](ctx, c.api, "sendPoll", q)
	if err != nil {
		return "", err
	}
	c.polls.put(sent.Poll.ID, keys)
	return strconv.FormatInt(sent.Message, 10), nil
}

// vote is what is read of a poll_answer.
type vote struct {
	Poll    string `json:"poll_id"`
	User    *user  `json:"user"`
	Options []int  `json:"option_ids"`
}

// readVote adds a vote to the batch, as a tap on the choice that the option stands for.
func (c *Channel) readVote(v *vote, b *batch) {
	if v.User == nil || v.User.ID <= 0 || v.User.Bot || v.Poll == "" || len(v.Options) == 0 {
		c.skip("vote")
		return
	}
	key := lostVote
	if keys, ok := c.polls.get(v.Poll); ok && v.Options[0] >= 0 && v.Options[0] < len(keys) {
		key = keys[v.Options[0]]
	}
	to := place{chat: v.User.ID} // polls go to private chats only, and there the chat has the person's number
	b.messages = append(b.messages, bot.Message{
		Channel: Name, External: origin{kind: 'p', chat: to.chat, rest: v.Poll}.String(), Address: to.String(),
		Kind: bot.Tap, Choice: key, Lang: faq.Lang(v.User.lang()),
	})
}
