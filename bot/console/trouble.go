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

// gone reports whether the browser has left; nobody reads what went wrong then.
func gone(err error) bool { return errors.Is(err, context.Canceled) }
