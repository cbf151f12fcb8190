package whatsappcloud

import (
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"

	"tanya/bot"
	"tanya/faq"
	"tanya/locales"
)

// Limits of the Cloud API, in UTF-16 units, which is never more than its characters.
const (
	textMax        = 4096
	bodyMax        = 1024 // of a message with buttons or a list, and of a caption
	buttonsMax     = 3
	buttonMax      = 20
	rowsMax        = 10
	rowMax         = 24
	descriptionMax = 72
	keyMax         = 200
)

// envelope is a message as the Cloud API takes it.
type envelope struct {
	Product       string       `json:"messaging_product"`
	RecipientType string       `json:"recipient_type"`
	To            string       `json:"to,omitempty"`        // telephone number
	Recipient     string       `json:"recipient,omitempty"` // business-scoped user id
	Type          string       `json:"type"`
	Text          *textBody    `json:"text,omitempty"`
	Interactive   *interactive `json:"interactive,omitempty"`
	Image         *mediaLink   `json:"image,omitempty"`
	Video         *mediaLink   `json:"video,omitempty"`
	Template      *template    `json:"template,omitempty"`
	Callback      string       `json:"biz_opaque_callback_data,omitempty"`
}

type textBody struct {
	Body    string `json:"body"`
	Preview bool   `json:"preview_url"`
}

type interactive struct {
	Type   string  `json:"type"` // "button" or "list"
	Header *header `json:"header,omitempty"`
	Body   struct {
		Text string `json:"text"`
	} `json:"body"`
	Action action `json:"action"`
}

type header struct {
	Type  string     `json:"type"`
	Image *mediaLink `json:"image,omitempty"`
	Video *mediaLink `json:"video,omitempty"`
}

type mediaLink struct {
	Link    string `json:"link"`
	Caption string `json:"caption,omitempty"`
}

type action struct {
	Buttons  []button  `json:"buttons,omitempty"`
	Button   string    `json:"button,omitempty"` // opens the list
	Sections []section `json:"sections,omitempty"`
}

type button struct {
	Type  string `json:"type"`
	Reply row    `json:"reply"`
}

type section struct {
	Rows []listRow `json:"rows"`
}

type listRow struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
}

type template struct {
	Name     string `json:"name"`
	Language struct {
		Policy string `json:"policy"`
		Code   string `json:"code"`
	} `json:"language"`
	Components []component `json:"components,omitempty"`
}

type component struct {
	Type       string      `json:"type"`
	SubType    string      `json:"sub_type"`
	Index      string      `json:"index"`
	Parameters []parameter `json:"parameters"`
}

type parameter struct {
	Type    string `json:"type"`
	Payload string `json:"payload"`
}

// part is one message of a reply, in the forms that are tried one after the other. A reply has one part unless it is
// longer than any answer should be.
type part []envelope

// parts renders a reply. It never returns an empty message.
func (c *Channel) parts(r bot.Reply) []part {
	full := plain(r.Numbered())
	if strings.TrimSpace(full) == "" {
		full = c.words.Text(string(r.Lang), locales.Unavailable, nil)
	}
	var p part
	media, kind := c.media(r)
	if rich, ok := c.interactive(r); ok {
		if media != nil && rich.Interactive.Type == "button" {
			shown := rich
			with := *rich.Interactive
			with.Header = &header{Type: kind}
			with.Header.Image, with.Header.Video = placed(media, kind)
			shown.Interactive = &with
			p = append(p, shown)
		}
		p = append(p, rich)
	} else if media != nil && units(full) <= bodyMax {
		media.Caption = full
		e := envelope{Type: kind}
		e.Image, e.Video = placed(media, kind)
		p = append(p, e)
	}
	pieces := split(full, textMax)
	p = append(p, textOf(pieces[0]))
	all := []part{p}
	for _, s := range pieces[1:] {
		all = append(all, part{textOf(s)})
	}
	return all
}

func textOf(s string) envelope { return envelope{Type: "text", Text: &textBody{Body: s}} }

// placed puts a link into the field of its kind.
func placed(m *mediaLink, kind string) (image, video *mediaLink) {
	if kind == "video" {
		return nil, m
	}
	return m, nil
}

// media finds the first picture or film of a reply that Meta can fetch. Sound would be a second message; the text says
// what it says.
func (c *Channel) media(r bot.Reply) (link *mediaLink, kind string) {
	if c.deps.Media == nil || r.Plain {
		return nil, ""
	}
	for _, m := range r.Media {
		switch m.Kind {
		case "picture":
			kind = "image"
		case "video":
			kind = "video"
		default:
			continue
		}
		s := c.deps.Media(r.Edition, m.Name)
		if u, err := url.Parse(s); err == nil && u.Scheme == "https" && u.Host != "" {
			return &mediaLink{Link: s}, kind
		}
	}
	return nil, ""
}

// interactive renders a reply as buttons or as a list. It reports false when the choices or the text do not fit; they
// are then said in plain text with numbers. Each choice shows its number, so that typing works as well as tapping.
func (c *Channel) interactive(r bot.Reply) (envelope, bool) {
	if r.Plain || len(r.Choices) == 0 || len(r.Choices) > rowsMax || !soundKeys(r.Choices) {
		return envelope{}, false
	}
	if b, ok := buttonsOf(r); ok {
		return b, true
	}
	i := &interactive{Type: "list"}
	i.Body.Text = plain(r.Numbered()) // a list is closed until it is tapped, and some screens cannot open it
	i.Action.Button = c.words.Text(string(r.Lang), locales.CloudChoose, nil)
	rows := make([]listRow, 0, len(r.Choices))
	for n, ch := range r.Choices {
		title, rest, ok := splitLabel(numbered(n, ch))
		if !ok {
			return envelope{}, false
		}
		rows = append(rows, listRow{ID: ch.Key, Title: title, Description: rest})
	}
	i.Action.Sections = []section{{Rows: rows}}
	return envelope{Type: "interactive", Interactive: i}, units(i.Body.Text) <= bodyMax
}

// buttonsOf renders a reply with few and short choices. The line above the choices stands last, because they hang below.
func buttonsOf(r bot.Reply) (envelope, bool) {
	i := &interactive{Type: "button"}
	above := bot.Reply{Text: bot.Reply{Text: r.Text, Footer: r.Footer, Note: r.Note}.Body(), Footer: r.Prompt}
	i.Body.Text = plain(above.Body())
	if len(r.Choices) > buttonsMax || i.Body.Text == "" || units(i.Body.Text) > bodyMax {
		return envelope{}, false
	}
	for n, ch := range r.Choices {
		title := numbered(n, ch)
		if units(title) > buttonMax {
			return envelope{}, false
		}
		i.Action.Buttons = append(i.Action.Buttons, button{Type: "reply", Reply: row{ID: ch.Key, Title: title}})
	}
	return envelope{Type: "interactive", Interactive: i}, true
}

// soundKeys reports whether each choice has a key of its own that Meta takes.
func soundKeys(choices []bot.Choice) bool {
	seen := map[string]bool{}
	for _, ch := range choices {
		if !soundID(ch.Key) || len(ch.Key) > keyMax || seen[ch.Key] || strings.TrimSpace(ch.Label) == "" {
			return false
		}
		seen[ch.Key] = true
	}
	return true
}

// numbered writes a choice on one line with its number.
func numbered(n int, ch bot.Choice) string {
	return strconv.Itoa(n+1) + ". " + strings.Join(strings.Fields(plain(ch.Label)), " ")
}

// splitLabel divides a label at a blank into the title of a row and the line below it, so that nothing is cut off.
func splitLabel(s string) (title, rest string, ok bool) {
	if units(s) <= rowMax {
		return s, "", true
	}
	words := strings.Fields(s)
	n := 1
	for n < len(words) && units(strings.Join(words[:n+1], " ")) <= rowMax {
		n++
	}
	title, rest = strings.Join(words[:n], " "), strings.Join(words[n:], " ")
	return title, rest, n > 1 && units(rest) <= descriptionMax
}

// template renders the approved message that stands in for a reply after 24 hours. Its button asks for the answer, and
// with that opens the next 24 hours.
func (c *Channel) template(r bot.Reply) (envelope, bool) {
	t, ok := c.conf.Templates[r.Lang]
	if !ok {
		t, ok = c.conf.Templates[faq.Indonesian]
	}
	if !ok || t.Name == "" {
		return envelope{}, false
	}
	out := &template{Name: t.Name}
	out.Language.Policy, out.Language.Code = "deterministic", t.Language
	if t.Button {
		out.Components = []component{{Type: "button", SubType: "quick_reply", Index: "0", Parameters: []parameter{{Type: "payload", Payload: tapMark + r.Key()}}}}
	}
	return envelope{Type: "template", Template: out}, true
}

// units counts UTF-16 units.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// split divides a text into pieces of at most limit units, at empty lines, lines or blanks where possible.
func split(s string, limit int) []string {
	var out []string
	for units(s) > limit {
		n, end := 0, 0
		for i, r := range s {
			if n += utf16.RuneLen(r); n > limit {
				end = i
				break
			}
		}
		cut := end
		for _, sep := range []string{"\n\n", "\n", " "} {
			if i := strings.LastIndex(s[:end], sep); i > 0 {
				cut = i
				break
			}
		}
		out = append(out, strings.TrimRightFunc(s[:cut], unicode.IsSpace))
		s = strings.TrimLeftFunc(s[cut:], unicode.IsSpace)
	}
	return append(out, s)
}
