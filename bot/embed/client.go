package embed

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"

	"tanya/bot"
)

// client speaks to the endpoint. It is safe for concurrent use.
type client struct {
	address, key, model string
	http                *http.Client
}

const (
	dimsMax   = 8192     // no model in use has more
	answerMax = 32 << 20 // a batch of the longest vectors, written out
)

func newClient(conf Config, transport http.RoundTripper) *client {
	address := conf.URL
	if u, err := url.Parse(conf.URL); err == nil {
		address = u.JoinPath("embeddings").String() // keeps a query, which some servers want
	}
	return &client{
		address: address, key: conf.Key, model: conf.Model,
		http: &http.Client{
			Transport: transport,
			// Going elsewhere would carry the text and the key along.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// cause is why there are no vectors.
type cause string

// The causes. Logs and tests know them by these names.
const (
	unreachable cause = "unreachable"      // no connection, or it broke
	late        cause = "timeout"          // no answer in time
	refused     cause = "refused"          // a status that is not 200
	garbage     cause = "garbage"          // an answer that is not what was asked for
	uneven      cause = "wrong dimensions" // vectors of unequal length
	notNumbers  cause = "not numbers"      // infinite, or nothing but zeros
)

// fault is a request that brought no vectors. Its text holds nothing of the answer, of the address or of the text sent.
type fault struct {
	cause  cause
	status int // where the cause is refused
}

func (f *fault) Error() string {
	if f.cause == refused {
		return fmt.Sprintf("refused with %d", f.status)
	}
	return string(f.cause)
}

// request and response are the part of the interface that everybody speaks.
type request struct {
	Model string   `json:"model"`
	Input []string `json:"input"`
}

type response struct {
	Data []struct {
		Index     *int      `json:"index"`
		Embedding []float64 `json:"embedding"`
	} `json:"data"`
}

// embed returns a vector of length one for each text, all of the same dimension. An error is a *fault.
func (c *client) embed(ctx context.Context, texts []string) ([][]float32, error) {
	var body bytes.Buffer
	e := json.NewEncoder(&body)
	e.SetEscapeHTML(false)
	if err := e.Encode(request{c.model, texts}); err != nil { // strings always encode
		return nil, &fault{cause: garbage}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address, &body)
	if err != nil {
		return nil, &fault{cause: unreachable}
	}
	req.Header.Set("Content-Type", "application/json")
	if c.key != "" {
		req.Header.Set("Authorization", "Bearer "+c.key)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, lost(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, answerMax+1))
	switch {
	case err != nil:
		return nil, lost(err)
	case resp.StatusCode != http.StatusOK:
		return nil, &fault{cause: refused, status: resp.StatusCode}
	case len(raw) > answerMax:
		return nil, &fault{cause: garbage}
	}
	var r response
	if err := json.Unmarshal(raw, &r); err != nil { // NaN is no JSON and ends here too
		return nil, &fault{cause: garbage}
	}
	return r.vectors(len(texts))
}

// lost says how a request was lost.
func lost(err error) *fault {
	var timeout interface{ Timeout() bool }
	if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout() {
		return &fault{cause: late}
	}
	return &fault{cause: unreachable}
}

// vectors puts what was answered into the order of what was asked, and believes nothing.
func (r response) vectors(n int) ([][]float32, error) {
	if len(r.Data) != n {
		return nil, &fault{cause: garbage}
	}
	out := make([][]float32, n)
	for i, d := range r.Data {
		at := i
		if d.Index != nil {
			at = *d.Index
		}
		if at < 0 || at >= n || out[at] != nil || len(d.Embedding) == 0 || len(d.Embedding) > dimsMax {
			return nil, &fault{cause: garbage}
		}
		if len(d.Embedding) != len(r.Data[0].Embedding) {
			return nil, &fault{cause: uneven}
		}
		if out[at] = unit(d.Embedding); out[at] == nil {
			return nil, &fault{cause: notNumbers}
		}
	}
	return out, nil
}

// unit scales a vector to length one, nil where that cannot be.
func unit(v []float64) []float32 {
	top := 0.0
	for _, x := range v {
		top = max(top, math.Abs(x)) // NaN stays NaN
	}
	if !(top > 0) || math.IsInf(top, 0) {
		return nil
	}
	sum := 0.0
	for _, x := range v { // by the largest first, so that no square overflows
		sum += (x / top) * (x / top)
	}
	norm := math.Sqrt(sum)
	out := make([]float32, len(v))
	for i, x := range v {
		out[i] = float32(x / top / norm)
	}
	return out
}

// advice turns a fault into a sentence for the operator.
func advice(err error) error {
	var f *fault
	if !errors.As(err, &f) {
		return err
	}
	switch {
	case f.cause == refused && (f.status == http.StatusUnauthorized || f.status == http.StatusForbidden):
		return bot.Errorf(bot.Denied, "ditolak: periksa TANYA_EMBEDDINGS_KEY")
	case f.cause == refused && f.status == http.StatusNotFound:
		return bot.Errorf(bot.NotFound, "tidak dikenal di sana: periksa TANYA_EMBEDDINGS_URL dan TANYA_EMBEDDINGS_MODEL")
	case f.cause == refused:
		return bot.Errorf(bot.Transient, "dijawab %d; coba lagi nanti", f.status)
	case f.cause == late:
		return bot.Errorf(bot.Transient, "tidak menjawab pada waktunya")
	case f.cause == unreachable:
		return bot.Errorf(bot.Transient, "tidak terjangkau: periksa TANYA_EMBEDDINGS_URL")
	}
	return bot.Errorf(bot.Invalid, "jawabannya bukan vektor; alamat itu mungkin bukan layanan embeddings")
}
