package bottest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"
)

// CheckBotAPI fails the test for every request that the Bot API would not accept: by a short table of our own, always,
// and by the published description where it lies beside the repository.
func CheckBotAPI(t testing.TB, requests []*Request) {
	t.Helper()
	spec, err := botAPI()
	if err != nil {
		t.Errorf("the description of the Bot API: %v", err)
	}
	said := map[string]bool{}
	for _, r := range requests {
		if !strings.HasPrefix(r.URL.Path, "/bot") {
			continue
		}
		problems := checkTable(r.Method, r.Form)
		if spec != nil {
			problems = append(problems, spec.check(r.Method, r.Form)...)
		}
		for _, p := range problems {
			if !said[r.Method+p] {
				said[r.Method+p] = true
				t.Errorf("%s: %s", r.Method, p)
			}
		}
	}
}

// rule is what we know ourselves about a method that we use.
type rule struct{ required, optional string }

func botAPIRules() map[string]rule {
	return map[string]rule{
		"getMe":                 {},
		"getUpdates":            {"timeout limit allowed_updates", "offset"},
		"deleteWebhook":         {"drop_pending_updates", ""},
		"setWebhook":            {"url secret_token allowed_updates", "max_connections drop_pending_updates"},
		"getWebhookInfo":        {},
		"sendMessage":           {"chat_id text", "parse_mode reply_markup message_thread_id link_preview_options reply_parameters"},
		"editMessageText":       {"chat_id message_id text", "parse_mode reply_markup link_preview_options"},
		"sendPhoto":             {"chat_id photo", "caption parse_mode reply_markup message_thread_id reply_parameters"},
		"sendAudio":             {"chat_id audio", "caption parse_mode reply_markup message_thread_id reply_parameters"},
		"sendVideo":             {"chat_id video", "caption parse_mode reply_markup message_thread_id reply_parameters"},
		"sendPoll":              {"chat_id question options type correct_option_ids is_anonymous", "explanation reply_markup message_thread_id reply_parameters"},
		"sendChatAction":        {"chat_id action", "message_thread_id"},
		"answerCallbackQuery":   {"callback_query_id", "text"},
		"answerInlineQuery":     {"inline_query_id results", "cache_time is_personal button"},
		"getMyCommands":         {"", "language_code"},
		"setMyCommands":         {"commands", "language_code"},
		"getMyName":             {"", "language_code"},
		"setMyName":             {"name", "language_code"},
		"getMyDescription":      {"", "language_code"},
		"setMyDescription":      {"description", "language_code"},
		"getMyShortDescription": {"", "language_code"},
		"setMyShortDescription": {"short_description", "language_code"},
	}
}

// checkTable checks a request against our own table and Telegram's limits.
func checkTable(method string, form url.Values) []string {
	r, ok := botAPIRules()[method]
	if !ok {
		return []string{"is not a method that we use"}
	}
	var problems []string
	required, optional := strings.Fields(r.required), strings.Fields(r.optional)
	for _, name := range required {
		if form.Get(name) == "" {
			problems = append(problems, "lacks "+name)
		}
	}
	for name := range form {
		if !slices.Contains(required, name) && !slices.Contains(optional, name) {
			problems = append(problems, "has "+name+", which it does not take")
		}
	}
	return append(problems, checkLimits(method, form)...)
}

func checkLimits(method string, form url.Values) []string {
	var problems []string
	length := func(name string, least, most int) {
		if !form.Has(name) {
			return
		}
		text := form.Get(name)
		if form.Get("parse_mode") == "HTML" && (name == "text" || name == "caption") {
			bare, err := ParseHTML(text)
			if err != nil {
				problems = append(problems, name+": "+err.Error())
			}
			text = bare
		}
		if n := len(utf16.Encode([]rune(strings.TrimSpace(text)))); n < least || n > most {
			problems = append(problems, fmt.Sprintf("%s has %d units, allowed are %d to %d", name, n, least, most))
		}
	}
	length("text", 1, 4096)
	length("caption", 0, 1024)
	length("name", 0, 64)
	length("description", 0, 512)
	length("short_description", 0, 120)
	length("callback_query_id", 1, 1000)
	number := func(name string, least, most int) {
		if n, err := strconv.Atoi(form.Get(name)); form.Has(name) && (err != nil || n < least || n > most) {
			problems = append(problems, fmt.Sprintf("%s is %q, allowed are %d to %d", name, form.Get(name), least, most))
		}
	}
	number("timeout", 0, 50)
	number("limit", 1, 100)
	number("max_connections", 1, 100)
	problems = append(problems, checkKeyboard(form.Get("reply_markup"))...)
	problems = append(problems, checkCommands(form.Get("commands"))...)
	problems = append(problems, checkResults(form.Get("results"))...)
	if form.Has("language_code") && !slices.Contains([]string{"id", "jv", "en"}, form.Get("language_code")) {
		problems = append(problems, "language_code is none of ours")
	}
	return problems
}

func checkKeyboard(markup string) []string {
	if markup == "" {
		return nil
	}
	var k struct {
		Rows [][]struct {
			Text string `json:"text"`
			Data string `json:"callback_data"`
		} `json:"inline_keyboard"`
	}
	if err := json.Unmarshal([]byte(markup), &k); err != nil || len(k.Rows) == 0 {
		return []string{"reply_markup is no keyboard"}
	}
	var problems []string
	for _, row := range k.Rows {
		for _, b := range row {
			if b.Text == "" || len(b.Data) < 1 || len(b.Data) > 64 {
				problems = append(problems, fmt.Sprintf("button %q carries %d bytes, allowed are 1 to 64", b.Text, len(b.Data)))
			}
		}
	}
	return problems
}

func checkCommands(list string) []string {
	if list == "" {
		return nil
	}
	var all []struct{ Command, Description string }
	if err := json.Unmarshal([]byte(list), &all); err != nil || len(all) == 0 || len(all) > 100 {
		return []string{"commands is no list of 1 to 100"}
	}
	var problems []string
	for _, c := range all {
		bad := strings.Trim(c.Command, "abcdefghijklmnopqrstuvwxyz0123456789_")
		if n := len([]rune(c.Description)); bad != "" || c.Command == "" || len(c.Command) > 32 || n < 1 || n > 256 {
			problems = append(problems, fmt.Sprintf("command %q is not allowed", c.Command))
		}
	}
	return problems
}

func checkResults(list string) []string {
	if list == "" {
		return nil
	}
	var all []struct{ ID string }
	if err := json.Unmarshal([]byte(list), &all); err != nil || len(all) > 50 {
		return []string{"results is no list of at most 50"}
	}
	var problems []string
	for i, a := range all {
		if len(a.ID) < 1 || len(a.ID) > 64 || slices.ContainsFunc(all[:i], func(b struct{ ID string }) bool { return a.ID == b.ID }) {
			problems = append(problems, fmt.Sprintf("result id %q is empty, longer than 64 bytes or there twice", a.ID))
		}
	}
	return problems
}

// ParseHTML reads a text as Telegram's HTML mode does and returns it without markup. It is strict: tags close in
// order, and < > & stand only where markup does.
func ParseHTML(s string) (string, error) {
	var out strings.Builder
	var open []string
	for i := 0; i < len(s); {
		switch s[i] {
		case '<':
			end := strings.IndexByte(s[i:], '>')
			if end < 0 {
				return "", fmt.Errorf("a tag is not closed")
			}
			tag := s[i+1 : i+end]
			i += end + 1
			if name, closing := strings.CutPrefix(tag, "/"); closing {
				if len(open) == 0 || open[len(open)-1] != name {
					return "", fmt.Errorf("</%s> closes nothing", name)
				}
				open = open[:len(open)-1]
				continue
			}
			if !slices.Contains([]string{"b", "i", "u", "s", "code", "pre", "blockquote"}, tag) {
				return "", fmt.Errorf("unknown tag <%s>", tag)
			}
			open = append(open, tag)
		case '>':
			return "", fmt.Errorf("> stands alone")
		case '&':
			end := strings.IndexByte(s[i:], ';')
			if end < 0 {
				return "", fmt.Errorf("& stands alone")
			}
			char, ok := map[string]string{"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": `"`}[s[i:i+end+1]]
			if !ok {
				return "", fmt.Errorf("unknown entity %s", s[i:i+end+1])
			}
			out.WriteString(char)
			i += end + 1
		default:
			out.WriteByte(s[i])
			i++
		}
	}
	if len(open) > 0 {
		return "", fmt.Errorf("<%s> is not closed", open[len(open)-1])
	}
	return out.String(), nil
}

// botAPI reads the published description once; nil where it is absent.
var botAPI = sync.OnceValues(func() (*BotAPI, error) {
	b, err := os.ReadFile(sharedPath("spec/telegram-bot-api.json"))
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var spec BotAPI
	return &spec, json.Unmarshal(b, &spec)
})

// LoadBotAPI returns the published description, or skips the test where it is absent.
func LoadBotAPI(t testing.TB) *BotAPI {
	t.Helper()
	Shared(t, "spec/telegram-bot-api.json")
	spec, err := botAPI()
	if err != nil {
		t.Fatal(err)
	}
	return spec
}
