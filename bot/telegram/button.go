package telegram

import (
	"strconv"
	"strings"

	"tanya/bot"
)

// What a button carries is a version and the key of its choice. The second form stands below menus, which are turned
// into the next menu in place; an answer is never overwritten.
const (
	buttonPlain = "1:"
	buttonMenu  = "1m:"
	buttonMax   = 64 // bytes, Telegram's limit
)

type keyboard struct {
	Rows [][]button `json:"inline_keyboard"`
}

type button struct {
	Text string `json:"text"`
	Data string `json:"callback_data"`
}

// keyboardOf makes one row for each choice, numbered because typing the number works too. It returns "" when there
// are no choices or one does not fit on a button; they are then shown as text.
func keyboardOf(r bot.Reply) string { return keyboardFrom(r, 0) }

// keyboardFrom does so for the choices from a place on, numbered as in the whole list.
func keyboardFrom(r bot.Reply, from int) string {
	if r.Plain || len(r.Choices) <= from {
		return ""
	}
	prefix := buttonPlain
	if r.Outcome == bot.Menu {
		prefix = buttonMenu
	}
	var k keyboard
	for i, c := range r.Choices[from:] {
		data := prefix + c.Key
		if len(data) > buttonMax || c.Key == "" || c.Label == "" {
			return ""
		}
		k.Rows = append(k.Rows, []button{{Text: strconv.Itoa(from+i+1) + ". " + c.Label, Data: data}})
	}
	return encode(k)
}

// readButton returns the key that a button carries, "" when it is none of ours, and whether it stands below a menu.
func readButton(data string) (key string, menu bool) {
	if key, ok := strings.CutPrefix(data, buttonMenu); ok {
		return key, true
	}
	key, ok := strings.CutPrefix(data, buttonPlain)
	if !ok {
		return "", false
	}
	return key, false
}
