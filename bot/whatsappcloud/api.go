package whatsappcloud

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// api makes requests to the Graph API. It is safe for concurrent use.
type api struct {
	base    string // address of the number, with the version
	token   string
	client  *http.Client
	timeout time.Duration
}

// answerMax bounds an answer of the server; they are a few hundred bytes.
const answerMax = 1 << 20

func newAPI(conf Config, transport http.RoundTripper) *api {
	return &api{
		base: conf.API + "/" + conf.Version + "/" + conf.PhoneNumberID, token: conf.Token, timeout: conf.Timeout,
		client: &http.Client{
			Transport: transport,
			// Going elsewhere would carry the token along.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// post sends v to the number's messages and decodes the answer into out. An error is a *fault.
func (a *api) post(ctx context.Context, v, out any) error {
	var body bytes.Buffer
	e := json.NewEncoder(&body)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil { // structs of this package always encode
		return &fault{err: err}
	}
	return a.do(ctx, http.MethodPost, a.base+"/messages", &body, out)
}

// get reads fields of the number into out. An error is a *fault.
func (a *api) get(ctx context.Context, fields string, out any) error {
	return a.do(ctx, http.MethodGet, a.base+"?fields="+url.QueryEscape(fields), nil, out)
}

func (a *api) do(ctx context.Context, method, address string, body io.Reader, out any) error {
	ctx, cancel := context.WithTimeout(ctx, a.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return &fault{err: err}
	}
	req.Header.Set("Authorization", "Bearer "+a.token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := a.client.Do(req)
	if err != nil {
		return &fault{err: withoutAddress(err)}
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, answerMax))
	if err != nil {
		return &fault{status: resp.StatusCode, err: withoutAddress(err)}
	}
	if resp.StatusCode/100 != 2 {
		return readFault(resp, raw)
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return &fault{status: resp.StatusCode, err: errors.New("the answer cannot be read")}
	}
	return nil
}

// withoutAddress takes the address of a request out of its error.
func withoutAddress(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// readFault reads a refusal. What is not the Graph API's own refusal says nothing about the message.
func readFault(resp *http.Response, raw []byte) *fault {
	var body struct {
		Error *graphError `json:"error"`
	}
	f := &fault{status: resp.StatusCode}
	if s, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && s > 0 {
		f.after = min(time.Duration(s)*time.Second, time.Hour)
	}
	if err := json.Unmarshal(raw, &body); err != nil || body.Error == nil || body.Error.Code == nil {
		return f
	}
	f.known, f.code, f.sub = true, *body.Error.Code, body.Error.Subcode
	return f
}

// graphError is an error as the Graph API and its webhooks write it. Its words may quote a message and are not read.
type graphError struct {
	Code    *int `json:"code"`
	Subcode int  `json:"error_subcode"`
}
