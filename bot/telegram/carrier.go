package telegram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// answerMax bounds an answer of the server; a hundred updates are about a megabyte.
const answerMax = 32 << 20

// carrier takes one request of the library to the server. The library knows no context and no time limit, its errors
// hold the token (which is part of the address), and of an answer that is not JSON it keeps nothing. A carrier is
// made for one call.
type carrier struct {
	ctx    context.Context
	client *http.Client
	limit  time.Duration
	token  string
	status int // of the answer, 0 when there was none
}

// Do sends the request and reads the whole answer, so that a server that drips is cut off by the limit too.
func (c *carrier) Do(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(c.ctx, c.limit)
	defer cancel()
	resp, err := c.client.Do(r.WithContext(ctx))
	if err != nil {
		return nil, c.clean(err)
	}
	defer func() { _ = resp.Body.Close() }()
	c.status = resp.StatusCode
	body, err := io.ReadAll(io.LimitReader(resp.Body, answerMax+1))
	switch {
	case err != nil:
		return nil, c.clean(err)
	case len(body) > answerMax:
		return nil, errors.New("the answer is too long")
	case !bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")):
		return nil, fmt.Errorf("the server answered %d and no JSON", resp.StatusCode)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// clean takes the address, and with it the token, out of an error.
func (c *carrier) clean(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	if strings.Contains(err.Error(), c.token) {
		return errors.New("the request failed (its description held the token)")
	}
	return err
}
