package telegram

import (
	"context"
	"net/url"
	"time"
)

// webhookInfo is what Telegram knows about our webhook.
type webhookInfo struct {
	URL       string `json:"url"`
	Pending   int    `json:"pending_update_count"`
	ErrorDate int64  `json:"last_error_date"`
	Error     string `json:"last_error_message"`
}

// Description is what Telegram says about the bot, for the operator. It holds no secret.
type Description struct {
	Name      string    // shown name
	Username  string    // without @
	Link      string    // where citizens find it
	Groups    bool      // may be added to groups
	ReadsAll  bool      // sees every message of a group; it should not
	Inline    bool      // inline mode is switched on at BotFather
	Webhook   string    // host of the webhook, "" when there is none
	Pending   int       // updates that wait at Telegram
	LastError string    // what Telegram last complained about, "" when nothing
	ErrorAt   time.Time // when
}

// Describe asks Telegram about the bot. An error is of a class of package bot and says in one sentence what is wrong.
// It may be called without Run.
func (c *Channel) Describe(ctx context.Context) (Description, error) {
	me, err := ask[account](ctx, c.api, "getMe", nil)
	if err != nil {
		return Description{}, classed(err)
	}
	info, err := ask[webhookInfo](ctx, c.api, "getWebhookInfo", nil)
	if err != nil {
		return Description{}, classed(err)
	}
	d := Description{
		Name: me.Name, Username: me.Username, Link: "https://t.me/" + me.Username,
		Groups: me.Groups, ReadsAll: me.ReadsAll, Inline: me.Inline,
		Pending: info.Pending, LastError: info.Error,
	}
	if info.ErrorDate > 0 {
		d.ErrorAt = time.Unix(info.ErrorDate, 0).UTC()
	}
	if u, err := url.Parse(info.URL); err == nil {
		d.Webhook = u.Host // the path may be secret
	}
	return d, nil
}
