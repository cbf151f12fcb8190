package telegram

import (
	"context"
	"strconv"
	"strings"
	"time"

	"tanya/bot"
	"tanya/faq"
	"tanya/locales"
)

// Searcher finds approved answers for what somebody types behind the bot's name in any chat. The replies carry an
// entry and no choices; where Prompt is set it is the question that the text answers, and where Note is set it is the
// line by which the shared text can be checked.
type Searcher interface {
	Search(ctx context.Context, text string, lang faq.Lang, now time.Time) ([]bot.Reply, error)
}

const (
	inlineTimeout = 8 * time.Second // Telegram forgets an inline query after half a minute
	inlineResults = 10
	inlineLetters = 256 // characters, Telegram's limit
	inlineCache   = 5 * time.Minute
	titleMax      = 64
	previewMax    = 160
)

// article is one answer that can be shared.
type article struct {
	Type    string  `json:"type"`
	ID      string  `json:"id"`
	Title   string  `json:"title"`
	Preview string  `json:"description,omitempty"`
	Content content `json:"input_message_content"`
}

// content is the message that sharing an article sends.
type content struct {
	Text    string  `json:"message_text"`
	Mode    string  `json:"parse_mode"`
	Preview noLinks `json:"link_preview_options"`
}

type noLinks struct {
	Off bool `json:"is_disabled"`
}

// privateButton leads from the list of results to a chat with the bot.
type privateButton struct {
	Text  string `json:"text"`
	Start string `json:"start_parameter"`
}

// answerInline answers an inline query. Nothing is stored of it: what is typed there reaches the bot letter by letter.
func (c *Channel) answerInline(ctx context.Context, q inlineQuery) {
	ctx, cancel := context.WithTimeout(ctx, inlineTimeout)
	defer cancel()
	lang := q.From.lang()
	if lang == "" {
		lang = faq.Indonesian
	}
	var replies []bot.Reply
	var err error
	if c.deps.Inline != nil {
		replies, err = c.deps.Inline.Search(ctx, clip(strings.ToValidUTF8(q.Query, ""), inlineLetters), lang, c.now())
	}
	if err != nil {
		c.log.Warn("an inline query was not answered", "class", bot.ClassOf(err), "err", err)
		return
	}
	now := c.now()
	articles, cache := c.articles(replies, now)
	p := params{
		"inline_query_id": q.ID, "results": encode(articles), "cache_time": strconv.Itoa(int(cache / time.Second)), "is_personal": "false",
		"button": encode(privateButton{c.words.Text(string(lang), locales.TelegramAsk, nil), "inline"}),
	}
	if _, err := c.api.call(ctx, "answerInlineQuery", p); err != nil {
		c.log.Info("an inline query was not answered", "err", err)
		return
	}
	c.state.count("inline")
}

// articles makes articles of replies, and says for how long Telegram may show them: never beyond the end of a fact.
func (c *Channel) articles(replies []bot.Reply, now time.Time) ([]article, time.Duration) {
	cache := inlineCache
	all := []article{}
	seen := map[string]bool{}
	for _, r := range replies {
		if !r.Expires.IsZero() {
			if !now.Before(r.Expires) {
				continue
			}
			cache = min(cache, r.Expires.Sub(now))
		}
		a, ok := c.article(r)
		if ok && !seen[a.ID] && len(all) < inlineResults {
			seen[a.ID] = true
			all = append(all, a)
		}
	}
	return all, cache
}

// article makes an article of a reply: text, source, and the code by which anybody can ask the bot for the same answer.
func (c *Channel) article(r bot.Reply) (article, bool) {
	code := r.Entry
	if code == "" || len(code) > 50 || strings.TrimSpace(r.Text) == "" {
		return article{}, false
	}
	origin := r.Note
	if origin == "" {
		origin = c.words.Text(string(r.Lang), locales.TelegramCode, map[string]any{
			"Code": code, "Edition": r.Edition, "Bot": c.account().Username,
		})
	}
	spans := spansOf(bot.Reply{Text: r.Text, Footer: r.Footer, Note: origin}, false)
	if units(toPlain(spans)) > textMax {
		return article{}, false
	}
	title := r.Prompt
	if title == "" {
		title, _, _ = strings.Cut(r.Text, ". ")
	}
	return article{
		Type: "article", ID: string(r.Lang) + ":" + code, Title: shorten(title, titleMax), Preview: shorten(r.Text, previewMax),
		Content: content{Text: toHTML(spans), Mode: "HTML", Preview: noLinks{true}},
	}, true
}

// shorten cuts a text to one line of at most limit units, at a word.
func shorten(s string, limit int) string {
	s = strings.Join(strings.Fields(s), " ")
	if units(s) <= limit {
		return s
	}
	head := clip(s, limit-1)
	if i := strings.LastIndexByte(head, ' '); i > len(head)/2 {
		head = head[:i]
	}
	return strings.TrimRight(head, " ,.;:") + "…"
}
