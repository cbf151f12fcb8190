package telegram

import (
	"encoding/json"
	"time"
)

// What is read of an update. Everything else is left alone, so that a change there cannot hurt. Parts that are only
// looked at for being there stay raw.

type update struct {
	ID       *int64          `json:"update_id"`
	Message  json.RawMessage `json:"message"`
	Edited   json.RawMessage `json:"edited_message"`
	Callback json.RawMessage `json:"callback_query"`
	Inline   json.RawMessage `json:"inline_query"`
	Vote     json.RawMessage `json:"poll_answer"`
	Member   json.RawMessage `json:"my_chat_member"`
}

// wanted are the kinds of update that Telegram is asked for.
var wanted = encode([]string{"message", "edited_message", "callback_query", "inline_query", "poll_answer", "my_chat_member"})

type user struct {
	ID       int64  `json:"id"`
	Bot      bool   `json:"is_bot"`
	Language string `json:"language_code"`
}

type chat struct {
	ID   int64  `json:"id"`
	Type string `json:"type"` // "private", "group", "supergroup" or "channel"
}

type message struct {
	ID        int64  `json:"message_id"`
	Thread    int64  `json:"message_thread_id"`
	InTopic   bool   `json:"is_topic_message"` // only then Thread is a topic one can write to
	Date      int64  `json:"date"`             // seconds; 0 for a message that cannot be reached any more
	Chat      chat   `json:"chat"`
	From      *user  `json:"from"`
	SenderAs  *chat  `json:"sender_chat"` // a channel or an anonymous admin
	Automatic bool   `json:"is_automatic_forward"`
	Via       *user  `json:"via_bot"`
	Text      string `json:"text"`
	Caption   string `json:"caption"`
	Album     string `json:"media_group_id"`
	ReplyTo   *struct {
		From *user `json:"from"`
	} `json:"reply_to_message"`

	Voice     json.RawMessage `json:"voice"`
	Audio     json.RawMessage `json:"audio"`
	VideoNote json.RawMessage `json:"video_note"`
	Video     json.RawMessage `json:"video"`
	Animation json.RawMessage `json:"animation"`
	Photo     json.RawMessage `json:"photo"`
	Sticker   json.RawMessage `json:"sticker"`
	Document  json.RawMessage `json:"document"`
	Location  json.RawMessage `json:"location"`
	Venue     json.RawMessage `json:"venue"`
	Contact   json.RawMessage `json:"contact"`
	Poll      json.RawMessage `json:"poll"`
	Dice      json.RawMessage `json:"dice"`
	Story     json.RawMessage `json:"story"`
	PaidMedia json.RawMessage `json:"paid_media"`
	Checklist json.RawMessage `json:"checklist"`
}

// place is where the message stands.
func (m *message) place() place {
	p := place{chat: m.Chat.ID}
	if m.InTopic {
		p.thread = m.Thread
	}
	return p
}

// sent is when it was written, zero when unknown.
func (m *message) sent() time.Time {
	if m.Date <= 0 {
		return time.Time{}
	}
	return time.Unix(m.Date, 0).UTC()
}

// callbackQuery is a tap on a button.
type callbackQuery struct {
	ID      string   `json:"id"`
	From    user     `json:"from"`
	Message *message `json:"message"`
	Data    string   `json:"data"`
}

// inlineQuery is what somebody types behind the bot's name in any chat.
type inlineQuery struct {
	ID    string `json:"id"`
	From  user   `json:"from"`
	Query string `json:"query"`
}
