package whatsappcloud

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"tanya/bot"
	"tanya/locales"
)

// fault is a request that did not succeed. Its text never repeats the server's words.
type fault struct {
	status int           // of the answer, 0 when there was none
	known  bool          // the Graph API itself refused, with a code
	code   int           //
	sub    int           // code within the code
	after  time.Duration // how long the server asks to wait
	err    error         // the cause, nil when the server answered
}

func (f *fault) Error() string {
	switch {
	case f.err != nil:
		return fmt.Sprintf("no answer: %v", f.err)
	case f.known:
		return fmt.Sprintf("refused with %d, code %d/%d", f.status, f.code, f.sub)
	}
	return fmt.Sprintf("answered %d and nothing readable", f.status)
}

func (f *fault) Unwrap() error { return f.err }

// asFault is errors.As for *fault.
func asFault(err error, f **fault) bool { return errors.As(err, f) }

// refused reports whether the message was certainly not taken; else it may have been sent.
func (f *fault) refused() bool { return f.err == nil && f.status >= 400 && f.status < 500 }

// late reports whether free text came too long after the person's last message.
func (f *fault) late() bool { return f.known && f.code == codeWindow }

// Codes of the Graph API that more than one place asks for.
const (
	codeThroughput = 130429
	codeSpam       = 131048 // too many people have blocked or reported the number
	codePair       = 131056 // too many messages to one person
	codeWindow     = 131047 // more than 24 hours since the person's last message
	codeMedia      = 131053 // Meta could not fetch or use a picture
	codeMediaGet   = 131052
)

// class says what the fault means for the reply or the channel.
func (f *fault) class() bot.Class {
	switch {
	case !f.known && f.status == http.StatusTooManyRequests:
		return bot.Throttled
	case !f.known:
		return bot.Transient
	}
	return classOf(f.code, f.sub, f.status)
}

// classOf sorts Meta's codes. What is not listed is the message's fault when Meta calls the request bad, and passes
// otherwise.
func classOf(code, sub, status int) bot.Class {
	switch code {
	case 4, 80007, codeThroughput, codeSpam, codePair, 133016, 429:
		return bot.Throttled
	case 1, 2, 131000, 131016, codeMediaGet, codeMedia, 131057, 133004:
		return bot.Transient
	case 0, 3, 10, 33, 190, 368, 131005, 131031, 131042, 131045, 133010:
		return bot.StopChannel
	case 131021, 131026, 131030, codeWindow, 131049, 131050, 131062, 130472, 130497:
		return bot.StopChat
	case 100:
		if sub == 33 { // the number's id is wrong, or the token may not use it
			return bot.StopChannel
		}
	}
	switch {
	case code >= 200 && code <= 299: // permissions
		return bot.StopChannel
	case status == http.StatusTooManyRequests:
		return bot.Throttled
	case status >= 500:
		return bot.Transient
	}
	return bot.Invalid
}

// dead reports whether the token is worth nothing any more.
func (f *fault) dead() bool { return f.known && (f.code == 190 || f.code == 0) }

// wait is how long a throttled message should rest before the given attempt is followed by another.
func (f *fault) wait(attempt int) time.Duration {
	if f.after > 0 {
		return f.after
	}
	switch f.code {
	case codePair:
		return min(personEach<<min(max(attempt-1, 0), 6), 5*time.Minute)
	case codeSpam:
		return 15 * time.Minute // Meta looks at what people think of the number; haste makes it worse
	case codeThroughput:
		return 5 * time.Second
	}
	return time.Minute
}

// key is the sentence about the fault.
func (f *fault) key() locales.Key {
	switch class := f.class(); {
	case class == bot.Throttled && f.code == codeSpam:
		return locales.CloudSpam
	case class == bot.Throttled:
		return locales.CloudSlow
	case class == bot.StopChat && f.code == codeWindow:
		return locales.CloudWindow
	case class == bot.StopChat:
		return locales.CloudGone
	case class == bot.Invalid:
		return locales.CloudInvalid
	case class == bot.StopChannel:
		return f.stopKey()
	}
	return locales.CloudUnreachable
}

func (f *fault) stopKey() locales.Key {
	switch f.code {
	case 368, 131031:
		return locales.CloudLocked
	case 131042:
		return locales.CloudBilling
	case 33, 100, 131045, 133010:
		return locales.CloudNumber
	}
	return locales.CloudToken
}

// classed turns a fault into an error of package bot; what is one already stays as it is.
func (c *Channel) classed(err error, attempt int) error {
	var f *fault
	var b *bot.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &b):
		return b
	case !asFault(err, &f):
		f = &fault{err: err}
	}
	e := &bot.Error{Class: f.class(), Message: c.words.Text("id", f.key(), map[string]any{"Code": f.code}), Err: f}
	if e.Class == bot.Throttled {
		e.After = f.wait(attempt)
	}
	return e
}

// trouble notes for the operator an error that concerns more than one reply, and returns it classed.
func (c *Channel) trouble(err error, attempt int) error {
	err = c.classed(err, attempt)
	class := bot.ClassOf(err)
	c.state.count("error_" + string(class))
	switch class {
	case bot.StopChannel:
		c.state.set(Refused, err.Error())
	case bot.Throttled:
		c.state.set(Slowed, err.Error())
	case bot.Transient:
		c.state.set(Unreachable, err.Error())
	default:
		return err
	}
	c.log.Warn("trouble", "class", class, "err", errors.Unwrap(err))
	return err
}
