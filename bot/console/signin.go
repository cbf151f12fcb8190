package console

import (
	"net/http"
	"strconv"
	"time"

	"tanya/bot"
)

type signInPage struct {
	Page
	Login string
}

// signInForm shows the door.
func (c *Console) signInForm(q *request) error {
	all, err := c.desk.Staff(q.Context())
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return c.show(q, http.StatusOK, "kosong", c.page(q, "Konsol belum dipasang", ""))
	}
	return c.show(q, http.StatusOK, "masuk", signInPage{Page: c.page(q, "Masuk", "")})
}

// signIn lets a person in who knows the password and holds the second key. All failures look and cost the same.
func (c *Console) signIn(q *request) error {
	login := clip(q.text("nama"), 64)
	again := func(status int, text string) error {
		q.notes = []note{{"", text}}
		return c.show(q, status, "masuk", signInPage{Page: c.page(q, "Masuk", ""), Login: login})
	}
	wait, err := c.desk.Try(q.Context(), login, q.now)
	if err != nil {
		return err
	}
	if wait > 0 {
		q.w.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)+1))
		return again(http.StatusTooManyRequests, "Terlalu banyak percobaan. Tunggu "+waitWords(wait)+", lalu coba lagi.")
	}
	m, err := c.prove(q, login, q.PostFormValue("sandi"), q.PostFormValue("kode"))
	if bot.ClassOf(err) == bot.Denied {
		if m.Login != "" { // names that do not exist would let strangers fill the record
			if err := c.desk.Log(q.Context(), bot.Audit{At: q.now, Actor: m.Login, Action: "gagal-masuk"}); err != nil {
				return err
			}
		}
		return again(http.StatusForbidden, "Nama, kata sandi, atau kode tidak cocok. Kode berganti setiap 30 detik dan hanya berlaku sekali.")
	}
	if err != nil {
		return err
	}
	if err := c.desk.Forgive(q.Context(), login); err != nil {
		return err
	}
	token, err := c.token()
	if err != nil {
		return err
	}
	s := bot.StaffSession{Key: fingerprint(token), Login: m.Login, Agent: agentOf(q.Request), Created: q.now, Seen: q.now}
	if err := c.desk.Enter(q.Context(), s, bot.Audit{At: q.now, Actor: m.Login, Action: "masuk", Detail: s.Agent}); err != nil {
		return err
	}
	c.setCookie(q.w, token)
	return q.next("/", "masuk")
}

// prove checks password and one-time code and spends the code. A failure is Denied; m holds the login when it exists.
func (c *Console) prove(q *request, login, password, code string) (bot.Staff, error) {
	m, err := c.desk.Member(q.Context(), login)
	if err != nil && bot.ClassOf(err) != bot.NotFound {
		return bot.Staff{}, err
	}
	known := err == nil && m.Ready()
	hash := ""
	if known {
		hash = m.Password
	}
	good, err := c.verify(q.Context(), password, hash)
	if err != nil {
		return m, err
	}
	if !good || !known || !useCode(&m, code, q.now) {
		return m, bot.Errorf(bot.Denied, "Kata sandi atau kode tidak cocok.")
	}
	// Saved before it counts: two requests with one code cannot both come through.
	return m, c.desk.SaveStaff(q.Context(), m, false, bot.Audit{})
}

// again asks a person who is signed in for the password and a code before something that matters.
func (c *Console) again(q *request) error {
	wait, err := c.desk.Try(q.Context(), q.me.Login, q.now)
	if err != nil {
		return err
	}
	if wait > 0 {
		return wrong(bot.Throttled, "sandi", "Terlalu banyak percobaan. Tunggu "+waitWords(wait)+", lalu coba lagi.")
	}
	m, err := c.prove(q, q.me.Login, q.PostFormValue("sandi"), q.PostFormValue("kode"))
	if bot.ClassOf(err) == bot.Denied {
		return wrong(bot.Denied, "sandi", "Kata sandi atau kode tidak cocok. Kode berganti setiap 30 detik dan hanya berlaku sekali.")
	}
	if err != nil {
		return err
	}
	q.me = m
	q.me.Version++ // by the save
	return c.desk.Forgive(q.Context(), q.me.Login)
}

// signOut ends the session.
func (c *Console) signOut(q *request) error {
	if err := c.desk.Leave(q.Context(), q.me.Login, q.session.Key, q.line("keluar", "", "")); err != nil {
		return err
	}
	c.setCookie(q.w, "")
	return q.next("/masuk", "")
}

// waitWords says how long a pause is.
func waitWords(d time.Duration) string {
	if d < time.Minute {
		return strconv.Itoa(int(d/time.Second)+1) + " detik"
	}
	return strconv.Itoa(int((d+time.Minute-1)/time.Minute)) + " menit"
}
