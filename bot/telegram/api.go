package telegram

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"tanya/bot"
)

// api calls methods of the Bot API. It is safe for concurrent use.
type api struct {
	lib     tgbotapi.BotAPI // copied for each call
	client  *http.Client
	timeout time.Duration
}

// params are the parameters of a method; nested values are JSON.
type params map[string]string

func newAPI(conf Config, transport http.RoundTripper) (*api, error) {
	base := strings.TrimRight(conf.API, "/")
	if base == "" {
		base = telegramAPI
	}
	if u, err := url.Parse(base); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, bot.Errorf(bot.Invalid, "the address of the Telegram API must be like https://api.telegram.org")
	}
	a := &api{
		// The library's constructor would call getMe; a literal does not touch the network.
		lib:     tgbotapi.BotAPI{Token: conf.Token},
		timeout: conf.Timeout,
		client: &http.Client{
			Transport: transport,
			// Going elsewhere would carry the token along.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	a.lib.SetAPIEndpoint(strings.ReplaceAll(base, "%", "%%") + "/bot%s/%s")
	return a, nil
}

// call makes a request and returns its result. An error is a *fault.
func (a *api) call(ctx context.Context, method string, p params) (json.RawMessage, error) {
	return a.callWithin(ctx, a.timeout, method, p)
}

// callWithin is call with its own time limit.
func (a *api) callWithin(ctx context.Context, limit time.Duration, method string, p params) (json.RawMessage, error) {
	c := a.carrier(ctx, limit)
	lib := a.lib
	lib.Client = c
	resp, err := lib.MakeRequest(method, tgbotapi.Params(p))
	if err != nil {
		return nil, c.fault(method, err)
	}
	return resp.Result, nil
}

func (a *api) carrier(ctx context.Context, limit time.Duration) *carrier {
	return &carrier{ctx: ctx, client: a.client, limit: limit, token: a.lib.Token}
}

// ask calls a method and decodes its result.
func ask[T any](ctx context.Context, a *api, method string, p params) (T, error) {
	var v T
	raw, err := a.call(ctx, method, p)
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return v, &fault{method: method, status: http.StatusOK, err: err}
	}
	return v, nil
}

// encode writes a nested parameter. What it is given are structs of this package, which always encode.
func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return "null"
	}
	return string(b)
}
