package telegram

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"tanya/bot"
	"tanya/locales"
)

// A command that Telegram offers behind the menu button. The word is what the dialogue understands, so it differs by
// language.
type menuEntry struct {
	key   locales.Key
	words map[string]string // by language
}

func menuEntries() []menuEntry {
	return []menuEntry{
		{locales.TelegramMenu, map[string]string{"id": "menu", "jv": "menu", "en": "menu"}},
		{locales.TelegramPerson, map[string]string{"id": "petugas", "jv": "petugas", "en": "contact"}},
		{locales.TelegramLang, map[string]string{"id": "bahasa", "jv": "basa", "en": "language"}},
		{locales.TelegramEasy, map[string]string{"id": "mudah", "jv": "gampil", "en": "easy"}},
		{locales.TelegramReport, map[string]string{"id": "panduan_lapor", "jv": "siyapaken_laporan", "en": "prepare_report"}},
		{locales.TelegramQuiz, map[string]string{"id": "kuis", "jv": "kuis", "en": "quiz"}},
		{locales.TelegramShare, map[string]string{"id": "bagikan", "jv": "edum", "en": "share"}},
		{locales.TelegramPrivacy, map[string]string{"id": "privasi", "jv": "privasi", "en": "privacy"}},
		{locales.TelegramErase, map[string]string{"id": "hapus", "jv": "busak", "en": "erase"}},
		{locales.TelegramStop, map[string]string{"id": "berhenti", "jv": "mandheg", "en": "stop"}},
	}
}

// commandWords are all words that Telegram offers as commands, and /start and /help, which its own buttons send.
// Bare commands in a group that are none of these are meant for other bots.
func commandWords() []string {
	words := []string{"start", "help"}
	for _, e := range menuEntries() {
		for _, w := range e.words {
			words = append(words, w)
		}
	}
	return words
}

type command struct {
	Word string `json:"command"`
	Text string `json:"description"`
}

// profileRetry is how long to wait before presenting the bot again after a failure. It is nothing that anybody waits
// for, and Telegram takes few changes a day.
const profileRetry = 10 * time.Minute

// present writes commands, name and descriptions in each language where they differ from what Telegram shows. It
// gives up after a few attempts; the next start tries again.
func (c *Channel) present(ctx context.Context) {
	for range 3 {
		err := c.presentOnce(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		c.log.Warn("commands and descriptions are not up to date at Telegram", "err", err)
		if !c.sleep(ctx, max(profileRetry, afterOf(err))) {
			return
		}
	}
}

func (c *Channel) presentOnce(ctx context.Context) error {
	var first error
	for _, lang := range append([]string{""}, locales.Tags()...) {
		for _, set := range c.settings(lang) {
			err := c.setUp(ctx, lang, set)
			if first == nil && err != nil && !absent(err) {
				first = err
			}
			if ctx.Err() != nil || bot.ClassOf(classed(err)) == bot.Throttled {
				return first
			}
		}
	}
	return first
}

// absent reports whether a server does not know a method, as one that is older may not.
func absent(err error) bool {
	var f *fault
	return asFault(err, &f) && f.status == 404
}

// setting is one thing that Telegram shows of the bot.
type setting struct {
	what  string // behind getMy and setMy
	field string
	value string
}

// settings are what to show for a language, "" for all languages that we do not speak: Indonesian.
func (c *Channel) settings(lang string) []setting {
	if lang == "" {
		lang = locales.Tags()[0]
	}
	var list []command
	for _, e := range menuEntries() {
		list = append(list, command{e.words[lang], c.words.Text(lang, e.key, nil)})
	}
	return []setting{
		{"Commands", "commands", encode(list)},
		{"Name", "name", c.words.Text(lang, locales.TelegramName, nil)},
		{"Description", "description", c.words.Text(lang, locales.TelegramAbout, nil)},
		{"ShortDescription", "short_description", c.words.Text(lang, locales.TelegramShort, nil)},
	}
}

// setUp writes a setting unless Telegram has it already: it counts changes, not questions.
func (c *Channel) setUp(ctx context.Context, lang string, s setting) error {
	p := params{}
	if lang != "" {
		p["language_code"] = lang
	}
	raw, err := c.api.call(ctx, "getMy"+s.what, p)
	if err == nil && s.shown(raw) {
		return nil
	}
	if err != nil && !absent(err) {
		return err
	}
	p[s.field] = s.value
	_, err = c.api.call(ctx, "setMy"+s.what, p)
	return err
}

// shown reports whether raw, what Telegram has, is the setting.
func (s setting) shown(raw json.RawMessage) bool {
	if s.what == "Commands" {
		var have, want []command
		return json.Unmarshal(raw, &have) == nil && json.Unmarshal([]byte(s.value), &want) == nil && slices.Equal(have, want)
	}
	var have map[string]string
	return json.Unmarshal(raw, &have) == nil && strings.TrimSpace(have[s.field]) == s.value
}
