package console

import (
	"net/http"

	"tanya/bot"
)

type accountPage struct {
	Page
	Sessions []bot.StaffSession
	Current  string
	Left     int // recovery codes
	Min      int
}

// account shows a person their own sessions and keys.
func (c *Console) account(q *request) error {
	visits, err := c.desk.Visits(q.Context(), q.me.Login, q.now)
	if err != nil {
		return err
	}
	return c.show(q, http.StatusOK, "akun", accountPage{
		Page: c.page(q, "Akun saya", "akun"), Sessions: visits, Current: q.session.Key, Left: len(q.me.Recovery), Min: bot.PasswordMin,
	})
}

// endSession ends one of a person's sessions, or all of them.
func (c *Console) endSession(q *request) error {
	key := q.text("sesi")
	if err := c.desk.Leave(q.Context(), q.me.Login, key, q.line("akhiri-sesi", "", "")); err != nil {
		return err
	}
	if key == "" || key == q.session.Key {
		c.setCookie(q.w, "")
		return q.next("/masuk", "")
	}
	return q.next("/akun", "sesi")
}

// changePassword replaces a person's own password. All their sessions end but this one.
func (c *Console) changePassword(q *request) error {
	if err := c.again(q); err != nil {
		return err
	}
	fresh := q.PostFormValue("sandi_baru")
	if err := bot.GoodPassword(fresh, q.me.Login, q.me.Name); err != nil {
		return at("sandi_baru", err)
	}
	m := q.me
	var err error
	if m.Password, err = c.hash(q.Context(), fresh); err != nil {
		return err
	}
	if err := c.desk.SaveStaff(q.Context(), m, true, q.line("ganti-sandi", m.Login, "")); err != nil {
		return err
	}
	s := q.session
	token, err := c.token()
	if err != nil {
		return err
	}
	s.Key, s.Seen, s.Created = fingerprint(token), q.now, q.now
	if err := c.desk.Enter(q.Context(), s, bot.Audit{}); err != nil {
		return err
	}
	c.setCookie(q.w, token)
	return q.next("/akun", "sandi")
}
