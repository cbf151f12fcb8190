package console

import (
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"html/template"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"rsc.io/qr"

	"tanya/bot"
)

// codeStep is how long a one-time code is shown.
const codeStep = 30

// newSecret makes the secret that the person's authenticator and we share.
func (c *Console) newSecret() (string, error) {
	b := make([]byte, 20)
	if _, err := io.ReadFull(c.random, b); err != nil {
		return "", err
	}
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b), nil
}

// checkCode compares a one-time code, allowing for clocks that are half a minute apart. It returns the code's step,
// which must be later than the last one used: each code counts once.
func checkCode(secret, code string, last int64, now time.Time) (int64, bool) {
	code = strings.Join(strings.Fields(code), "")
	step := now.Unix() / codeStep
	for _, s := range []int64{step, step - 1, step + 1} {
		want, err := hotp.GenerateCodeCustom(secret, uint64(s), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && s > last && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return s, true
		}
	}
	return 0, false
}

// useCode spends a one-time code or a recovery code of the person. It reports whether it was good; m is changed then
// and must be saved.
func useCode(m *bot.Staff, code string, now time.Time) bool {
	if step, ok := checkCode(m.Secret, code, m.Step, now); ok {
		m.Step = step
		return true
	}
	plain := strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(code))
	print := fingerprint("recovery " + plain)
	i := slices.IndexFunc(m.Recovery, func(s string) bool { return subtle.ConstantTimeCompare([]byte(s), []byte(print)) == 1 })
	if i < 0 {
		return false
	}
	m.Recovery = slices.Delete(slices.Clone(m.Recovery), i, i+1)
	return true
}

// keyAddress is what an authenticator reads from the picture.
func keyAddress(office, login, secret string) string {
	v := url.Values{"secret": {secret}, "issuer": {"Tanya " + office}, "period": {"30"}, "digits": {"6"}}
	return "otpauth://totp/" + url.PathEscape("Tanya "+office+":"+login) + "?" + strings.ReplaceAll(v.Encode(), "+", "%20")
}

// picture draws an address as a QR code. All of it is made of numbers, so that nothing a person typed is in the markup.
func picture(address, label string) (template.HTML, error) {
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		return "", fmt.Errorf("draw a QR code: %w", err)
	}
	var path strings.Builder
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+4, y+4)
			}
		}
	}
	n := code.Size + 8
	return template.HTML(fmt.Sprintf(`<svg class="qr" role="img" aria-label="%s" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path class="putih" d="M0 0h%dv%dh-%dz"/><path class="hitam" d="%s"/></svg>`,
		template.HTMLEscapeString(label), n, n, n, n, n, path.String())), nil
}
