package telegram

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"tanya/bot"
)

// fault is a request that did not succeed. Its text names the method and the code and never repeats the server's
// words, which may quote a message.
type fault struct {
	method  string
	status  int           // the server's error code, 0 when there was no answer
	said    string        // the server's description, lower case, for telling cases apart
	after   time.Duration // how long the server asks to wait
	migrate int64         // the chat's new id, 0 when it has not moved
	err     error         // the cause, nil when the server refused
}

func (f *fault) Error() string {
	if f.err != nil {
		return fmt.Sprintf("%s: %v", f.method, f.err)
	}
	return fmt.Sprintf("%s: refused with %d", f.method, f.status)
}

func (f *fault) Unwrap() error { return f.err }

// fault reads what the library made of an answer.
func (c *carrier) fault(method string, err error) error {
	f := &fault{method: method, status: c.status}
	var refused *tgbotapi.Error
	if !errors.As(err, &refused) {
		f.err = c.clean(err)
		return f
	}
	if refused.Code != 0 {
		f.status = refused.Code
	}
	f.said = strings.ToLower(refused.Message)
	f.after = time.Duration(refused.RetryAfter) * time.Second
	f.migrate = refused.MigrateToChatID
	return f
}

// refused reports whether the server understood the request and declined it; otherwise it may have been carried out.
func (f *fault) refused() bool { return f.err == nil && f.status >= 400 && f.status < 500 }

// says reports whether the server's description contains one of the phrases.
func (f *fault) says(phrases ...string) bool {
	for _, p := range phrases {
		if strings.Contains(f.said, p) {
			return true
		}
	}
	return false
}

// unreachable are the server's ways to say that a chat cannot be written to any more.
var unreachable = []string{
	"chat not found", "user not found", "peer_id_invalid", "user is deactivated", "bot was blocked", "bot was kicked", "bot is not a member",
	"group chat was deactivated", "group chat was upgraded", "not enough rights", "have no rights", "need administrator rights", "chat_write_forbidden",
	"chat_restricted", "topic_closed", "topic_deleted", "message thread not found", "chat_send_plain_forbidden", "can't initiate conversation",
}

// class says what the fault means for the reply or the channel.
func (f *fault) class() bot.Class {
	switch {
	case f.after > 0 || f.status == http.StatusTooManyRequests:
		return bot.Throttled
	case f.err != nil: // no answer, or one that cannot be read
		return bot.Transient
	case f.status == http.StatusUnauthorized, f.status == http.StatusNotFound:
		return bot.StopChannel
	case f.status == http.StatusConflict:
		return bot.Conflict
	case f.status == http.StatusForbidden, f.refused() && f.says(unreachable...):
		return bot.StopChat
	case f.refused():
		return bot.Invalid
	}
	return bot.Transient
}

// sentences are what staff read, by class.
var sentences = map[bot.Class]string{
	bot.Throttled:   "Telegram minta pesan dikirim lebih pelan.",
	bot.Transient:   "Telegram tidak dapat dihubungi, atau jawabannya tidak terbaca.",
	bot.StopChannel: "Telegram menolak token. Minta token yang berlaku kepada BotFather, lalu pasang lagi.",
	bot.Conflict:    "Program lain ikut membaca pesan bot ini. Hanya satu yang boleh.",
	bot.StopChat:    "Percakapan ini tidak dapat dikirimi lagi.",
	bot.Invalid:     "Telegram menolak pesannya.",
}

// throttleDefault is the wait when the server does not say how long.
const throttleDefault = 5 * time.Second

// classed turns a fault into an error of package bot; what is one already stays as it is.
func classed(err error) error {
	var f *fault
	var b *bot.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &b):
		return b
	case errors.As(err, &f):
		c := f.class()
		after := f.after
		if c == bot.Throttled && after == 0 {
			after = throttleDefault
		}
		return &bot.Error{Class: c, Message: sentences[c], After: after, Err: f}
	}
	return &bot.Error{Class: bot.Transient, Message: sentences[bot.Transient], Err: err}
}

// afterOf is the wait that an error asks for, 0 when it asks for none.
func afterOf(err error) time.Duration {
	var b *bot.Error
	if err = classed(err); errors.As(err, &b) {
		return b.After
	}
	return 0
}

// trouble notes an error for the operator, logs it and returns it classed.
func (c *Channel) trouble(err error) error {
	err = classed(err)
	class := bot.ClassOf(err)
	mode := Unreachable
	switch class {
	case bot.StopChannel:
		mode = Refused
	case bot.Conflict:
		mode = Second
	case bot.Throttled:
		mode = Slowed
	}
	c.state.set(mode, sentences[class])
	c.state.count("error_" + string(class))
	c.log.Warn("trouble", "class", class, "err", errors.Unwrap(err))
	return err
}
