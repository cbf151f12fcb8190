package console

import (
	"context"
	"errors"
	"net/http"
	"unicode"
	"unicode/utf8"

	"tanya/bot"
)

// statusOf says how HTTP names a class of error.
func statusOf(err error) int {
	switch bot.ClassOf(err) {
	case bot.Invalid:
		return http.StatusUnprocessableEntity
	case bot.NotFound:
		return http.StatusNotFound
	case bot.Conflict:
		return http.StatusConflict
	case bot.Denied:
		return http.StatusForbidden
	case bot.Throttled:
		return http.StatusTooManyRequests
	}
	return http.StatusServiceUnavailable
}

// sentence is what may be shown of an error. Sentences for staff begin with a capital letter; the others are for the
// log.
func sentence(err error) string {
	var e *bot.Error
	if errors.As(err, &e) && e.Class != bot.Transient {
		if r, _ := utf8.DecodeRuneInString(e.Message); unicode.IsUpper(r) {
			return e.Message
		}
	}
	switch bot.ClassOf(err) {
	case bot.NotFound:
		return "Halaman atau data ini tidak ada."
	case bot.Conflict:
		return "Data ini sudah diubah orang lain. Muat ulang halaman lalu coba lagi."
	case bot.Denied:
		return "Peran Anda tidak mencakup tindakan ini."
	case bot.Invalid:
		return "Isian ini tidak dapat dipakai. Periksa lalu coba lagi."
	}
	return "Layanan sedang sibuk. Yang Anda tulis belum tersimpan. Coba lagi sebentar."
}

// note is what is wrong with a field of a form, or with the form as a whole when it names none.
type note struct{ Field, Text string }

// mistake is an error in a form, with what is wrong with which field.
type mistake struct {
	err   *bot.Error
	notes []note
}

func (m *mistake) Error() string { return m.err.Message }

func (m *mistake) Unwrap() error { return m.err }

// wrong makes an error of a field.
func wrong(class bot.Class, field, text string) *mistake {
	return &mistake{bot.Errorf(class, "%s", text), []note{{field, text}}}
}

// at says that an error concerns a field.
func at(field string, err error) error {
	if err == nil {
		return nil
	}
	return wrong(bot.ClassOf(err), field, sentence(err))
}

// notesOf lists what an error says about a form.
func notesOf(err error) []note {
	var m *mistake
	if errors.As(err, &m) {
		return m.notes
	}
	var all bot.Mistakes
	if errors.As(err, &all) {
		var notes []note
		for _, one := range all {
			notes = append(notes, note(one))
		}
		return notes
	}
	return []note{{"", sentence(err)}}
}

// join puts what is wrong with several fields together, nil when nothing is.
func join(all ...error) error {
	var out *mistake
	for _, err := range all {
		switch {
		case err == nil:
		case out == nil:
			out = &mistake{bot.Errorf(bot.ClassOf(err), "%s", sentence(err)), notesOf(err)}
		default:
			out.notes = append(out.notes, notesOf(err)...)
		}
	}
	if out == nil {
		return nil
	}
	return out
}

// gone reports whether the browser has left; nobody reads what went wrong then.
func gone(err error) bool { return errors.Is(err, context.Canceled) }
