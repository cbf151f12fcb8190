package webchat

import (
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tanya/bot"
	"tanya/locales"
)

// trouble is a failure as a person meets it: a status for the browser, a sentence of the catalogue.
type trouble struct {
	status int
	class  bot.Class
	key    locales.Key
	after  time.Duration // when to try again, 0 when that would not help
}

// Error returns the class; the sentence depends on the reader's language.
func (t *trouble) Error() string { return "web chat: " + string(t.class) }

// retryAfter is how long a browser waits after a failure that may pass by itself.
const retryAfter = 5 * time.Second

// troubleOf says what an error means for the person.
func troubleOf(err error) *trouble {
	var t *trouble
	if errors.As(err, &t) {
		return t
	}
	var e *bot.Error
	errors.As(err, &e)
	switch bot.ClassOf(err) {
	case bot.Throttled:
		return &trouble{status: http.StatusTooManyRequests, class: bot.Throttled, key: locales.BusyKey, after: max(e.After, time.Second)}
	case bot.NotFound:
		return &trouble{status: http.StatusNotFound, class: bot.NotFound, key: locales.WebNotFound}
	}
	return &trouble{status: http.StatusServiceUnavailable, class: bot.Transient, key: locales.WebDown, after: retryAfter}
}

// retryHeader says when to try again, in whole seconds.
func (t *trouble) retryHeader(w http.ResponseWriter) {
	if t.after > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(t.after.Seconds()))))
	}
}

// wantsJSON reports whether a program asks, or the page's own script.
func wantsJSON(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "application/json")
}

// writeJSON writes v. A browser that went away is no error of ours.
func writeJSON(w http.ResponseWriter, status int, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(append(b, '\n'))
	return nil
}
