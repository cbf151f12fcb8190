package whatsappcloud

import (
	"strings"

	"tanya/bot"
)

// address is where a person is answered: "u:" and a business-scoped user id, or "n:" and a WhatsApp id, which is a
// telephone number. To everybody else it is opaque.
type address string

const (
	byUser   = "u:"
	byNumber = "n:"
	idMax    = 300 // bytes; user ids have at most 131, message ids about 100
)

// addressOf makes the address of a person, "" when nothing is known that could be answered.
func addressOf(user, number string) address {
	number = strings.TrimPrefix(strings.TrimSpace(number), "+")
	switch {
	case soundID(user):
		return address(byUser + user)
	case digits.MatchString(number):
		return address(byNumber + number)
	}
	return ""
}

// parseAddress reads what addressOf wrote.
func parseAddress(s string) (address, error) {
	if rest, ok := strings.CutPrefix(s, byUser); ok && soundID(rest) {
		return address(s), nil
	}
	if rest, ok := strings.CutPrefix(s, byNumber); ok && digits.MatchString(rest) {
		return address(s), nil
	}
	return "", bot.Errorf(bot.Invalid, "the reply has no address that WhatsApp knows")
}

// fill writes the address into a message. A user id in the field for numbers would be taken for a number, accepted,
// and never delivered.
func (a address) fill(e *envelope) {
	if user, ok := strings.CutPrefix(string(a), byUser); ok {
		e.Recipient = user
		return
	}
	e.To = strings.TrimPrefix(string(a), byNumber)
}

// soundID reports whether an id can be kept and sent back: printable ASCII without blanks.
func soundID(s string) bool {
	if s == "" || len(s) > idMax {
		return false
	}
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
