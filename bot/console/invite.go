package console

import (
	"context"
	"crypto/subtle"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"tanya/bot"
)

// inviteLife is how long an invitation may be accepted.
const inviteLife = 48 * time.Hour

// setup is the way in for the first person of an office. It lives in memory only: a new start makes a new one.
type setup struct {
	token  string
	secret string
}

// SetupLink returns the path, with a one-time key, by which the first person comes in; "" when there is somebody. The
// operator reads it from the program's output.
func (c *Console) SetupLink(ctx context.Context) (string, error) {
	all, err := c.desk.Staff(ctx)
	if err != nil || len(all) > 0 {
		return "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.setup.token == "" {
		if c.setup.token, err = c.token(); err != nil {
			return "", err
		}
		if c.setup.secret, err = c.newSecret(); err != nil {
			return "", err
		}
	}
	return root + "/undangan?kunci=" + c.setup.token, nil
}

type invitePage struct {
	Page
	Key    string
	First  bool // the first person chooses a login
	Login  string
	Name   string
	Secret string
	QR     template.HTML
	Min    int
}

// invited finds who an invitation is for. For the first person the member has no login yet.
func (c *Console) invited(q *request, key string) (bot.Staff, error) {
	all, err := c.desk.Staff(q.Context())
	if err != nil {
		return bot.Staff{}, err
	}
	c.mu.Lock()
	first := c.setup
	c.mu.Unlock()
	if len(all) == 0 && first.token != "" && subtle.ConstantTimeCompare([]byte(first.token), []byte(key)) == 1 {
		return bot.Staff{Role: bot.Admin, Pending: first.secret}, nil
	}
	print := fingerprint(key)
	i := slices.IndexFunc(all, func(m bot.Staff) bool {
		return m.Invite != "" && subtle.ConstantTimeCompare([]byte(m.Invite), []byte(print)) == 1
	})
	if i < 0 || !q.now.Before(all[i].Until) || all[i].Disabled {
		return bot.Staff{}, bot.Errorf(bot.NotFound, "Tautan ini sudah dipakai, sudah lewat waktunya, atau salah salin. Minta yang baru kepada admin.")
	}
	return all[i], nil
}

// inviteForm shows what an invited person fills in.
func (c *Console) inviteForm(q *request) error {
	key := q.URL.Query().Get("kunci")
	m, err := c.invited(q, key)
	if err != nil {
		return err
	}
	return c.showInvite(q, http.StatusOK, key, m)
}

func (c *Console) showInvite(q *request, status int, key string, m bot.Staff) error {
	p := invitePage{
		Page: c.page(q, "Siapkan akun Anda", ""), Key: key, First: m.Version == 0, Login: m.Login, Name: m.Name,
		Secret: spaced(m.Pending), Min: bot.PasswordMin,
	}
	login := m.Login
	if login == "" {
		login = "admin"
	}
	var err error
	if p.QR, err = picture(keyAddress(c.cfg.Office, login, m.Pending), "Kode QR untuk aplikasi autentikator. Kuncinya juga tertulis di bawah."); err != nil {
		return err
	}
	return c.show(q, status, "undangan", p)
}

// spaced writes a secret in groups of four, to type it in by hand.
func spaced(s string) string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

type codesPage struct {
	Page
	Codes []string
}

// acceptInvite gives an invited person a password and a second key.
func (c *Console) acceptInvite(q *request) error {
	key := q.text("kunci")
	m, err := c.invited(q, key)
	if err != nil {
		return err
	}
	fresh := m.Version == 0
	if fresh {
		m.Login = strings.ToLower(q.text("nama_masuk"))
	}
	if n := q.text("nama"); n != "" {
		m.Name = clip(n, 80)
	}
	password := q.PostFormValue("sandi")
	var name, twice, code error
	if m.Name == "" {
		name = wrong(bot.Invalid, "nama", "Tulis nama Anda.")
	}
	if password != q.PostFormValue("sandi2") {
		twice = wrong(bot.Invalid, "sandi2", "Kedua kata sandi tidak sama.")
	}
	step, ok := checkCode(m.Pending, q.text("kode"), 0, q.now)
	if !ok {
		code = wrong(bot.Invalid, "kode", "Kode tidak cocok. Pastikan jam telepon benar, lalu tulis kode yang sedang tampil.")
	}
	if err := join(at("nama_masuk", bot.GoodLogin(m.Login)), name, at("sandi", bot.GoodPassword(password, m.Login, m.Name)), twice, code); err != nil {
		q.notes = notesOf(err)
		return c.showInvite(q, http.StatusUnprocessableEntity, key, m)
	}
	return c.enrol(q, m, password, step, fresh)
}

// enrol stores the invited person's new keys and shows the recovery codes, once.
func (c *Console) enrol(q *request, m bot.Staff, password string, step int64, fresh bool) error {
	var err error
	if m.Password, err = c.hash(q.Context(), password); err != nil {
		return err
	}
	codes, stored, err := c.recoveryCodes()
	if err != nil {
		return err
	}
	m.Secret, m.Step, m.Recovery, m.Pending, m.Invite, m.Until = m.Pending, step, stored, "", "", time.Time{}
	line := bot.Audit{At: q.now, Actor: m.Login, Action: "terima-undangan", Object: m.Login}
	if fresh {
		m.Role, m.Voucher, m.Vouched, m.Created = bot.Admin, bot.Founder, bot.Founder, q.now
		line.Action = "pasang"
	}
	if err := c.desk.SaveStaff(q.Context(), m, true, line); err != nil {
		return err
	}
	c.mu.Lock()
	c.setup = setup{}
	c.mu.Unlock()
	return c.show(q, http.StatusOK, "kode", codesPage{Page: c.page(q, "Simpan kode cadangan", ""), Codes: codes})
}

// clip cuts a text after n characters.
func clip(s string, n int) string {
	r := []rune(s)
	return string(r[:min(n, len(r))])
}
