package console

import (
	"net/http"
	"strings"

	"tanya/bot"
)

type peoplePage struct {
	Page
	Staff []member
	Roles []bot.Role
	Link  string // a fresh invitation, shown once
	For   string
	Login string
	Name  string
	Role  bot.Role
}

// member is a line of the list of staff.
type member struct {
	bot.Staff
	Sessions int
	Confirm  bool // I may confirm the account
	Invited  bool // the invitation is open
	Overdue  bool // it was not accepted in time
	Self     bool
}

// people lists the members of staff.
func (c *Console) people(q *request) error {
	return c.showPeople(q, peoplePage{Role: bot.Editor})
}

func (c *Console) showPeople(q *request, p peoplePage) error {
	all, err := c.desk.Staff(q.Context())
	if err != nil {
		return err
	}
	visits, err := c.desk.Visits(q.Context(), "", q.now)
	if err != nil {
		return err
	}
	count := map[string]int{}
	for _, v := range visits {
		count[v.Login]++
	}
	p.Page, p.Roles = c.page(q, "Orang", "orang"), bot.Roles()
	for _, m := range all {
		p.Staff = append(p.Staff, member{
			Staff: m, Sessions: count[m.Login], Confirm: !m.Disabled && bot.MayConfirm(q.me, m) == nil, Self: m.Login == q.me.Login,
			Invited: m.Invite != "" && q.now.Before(m.Until), Overdue: m.Invite != "" && !q.now.Before(m.Until),
		})
	}
	return c.show(q, http.StatusOK, "orang", p)
}

// addStaff invites somebody.
func (c *Console) addStaff(q *request) error {
	p := peoplePage{Login: strings.ToLower(q.text("nama_masuk")), Name: clip(q.text("nama"), 80), Role: bot.Role(q.text("peran"))}
	var name, role error
	if p.Name == "" {
		name = wrong(bot.Invalid, "nama", "Tulis nama petugas.")
	}
	if !p.Role.Valid() {
		role = wrong(bot.Invalid, "peran", "Pilih peran.")
	}
	if err := join(name, at("nama_masuk", bot.GoodLogin(p.Login)), role); err != nil {
		return err
	}
	all, err := c.desk.Staff(q.Context())
	if err != nil {
		return err
	}
	m := bot.Staff{Login: p.Login, Name: p.Name, Role: p.Role, Created: q.now}
	bot.Vouch(&m, q.me.Login, all)
	link, err := c.invite(&m, q)
	if err != nil {
		return err
	}
	err = c.desk.SaveStaff(q.Context(), m, false, q.line("undang", m.Login, roleName(m.Role)))
	if bot.ClassOf(err) == bot.Conflict {
		return wrong(bot.Conflict, "nama_masuk", "Nama masuk ini sudah dipakai.")
	}
	if err != nil {
		return err
	}
	return c.showPeople(q, peoplePage{Link: link, For: m.Name, Role: bot.Editor})
}

// invite opens a way in for m and returns its address.
func (c *Console) invite(m *bot.Staff, q *request) (string, error) {
	token, err := c.token()
	if err != nil {
		return "", err
	}
	if m.Pending, err = c.newSecret(); err != nil {
		return "", err
	}
	m.Invite, m.Until = fingerprint(token), q.now.Add(inviteLife)
	scheme := "http://"
	if c.cfg.Secure {
		scheme = "https://"
	}
	return scheme + q.Host + root + "/undangan?kunci=" + token, nil
}

// renewStaff gives a person a new way in, for a lost telephone or a forgotten password. Until it is used the old way
// stays; then a second person must confirm the account again.
func (c *Console) renewStaff(q *request) error {
	m, err := c.desk.Member(q.Context(), q.PathValue("nama"))
	if err != nil {
		return err
	}
	if m.Login == q.me.Login {
		return bot.Errorf(bot.Denied, "Ganti kata sandi sendiri lewat halaman Akun.")
	}
	all, err := c.desk.Staff(q.Context())
	if err != nil {
		return err
	}
	if m.Ready() || m.Vouched != bot.Founder {
		bot.Vouch(&m, q.me.Login, all)
	}
	m.Password, m.Secret, m.Recovery = "", "", nil // whoever holds the old keys must not come in beside the new ones
	link, err := c.invite(&m, q)
	if err != nil {
		return err
	}
	if err := c.desk.SaveStaff(q.Context(), m, true, q.line("undang", m.Login, "akses baru")); err != nil {
		return err
	}
	return c.showPeople(q, peoplePage{Link: link, For: m.Name, Role: bot.Editor})
}

// changeStaff changes a role or ends somebody's access.
func (c *Console) changeStaff(q *request) error {
	m, err := c.desk.Member(q.Context(), q.PathValue("nama"))
	if err != nil {
		return err
	}
	all, err := c.desk.Staff(q.Context())
	if err != nil {
		return err
	}
	var line bot.Audit
	was := m
	switch q.text("tindakan") {
	case "peran":
		role := bot.Role(q.text("peran"))
		if !role.Valid() {
			return wrong(bot.Invalid, "p-"+m.Login, "Pilih peran.")
		}
		if role == m.Role {
			return q.next("/orang", "petugas")
		}
		raised := role.Covers(m.Role)
		m.Role = role
		if raised {
			bot.Vouch(&m, q.me.Login, all)
		}
		line = q.line("peran", m.Login, roleName(role))
	case "nonaktif":
		m.Disabled, m.Invite = true, ""
		line = q.line("nonaktif", m.Login, "")
	case "aktif":
		m.Disabled = false
		bot.Vouch(&m, q.me.Login, all)
		line = q.line("aktif", m.Login, "")
	default:
		return bot.Errorf(bot.Invalid, "Tindakan ini tidak dikenal.")
	}
	if bot.LastAdmin(was, all) && m.Rights() != bot.Admin {
		return bot.Errorf(bot.Conflict, "Ini admin terakhir. Jadikan petugas lain admin dahulu.")
	}
	if err := c.desk.SaveStaff(q.Context(), m, m.Disabled, line); err != nil {
		return err
	}
	return q.next("/orang", "petugas")
}

// confirmStaff stands as the second person behind an account.
func (c *Console) confirmStaff(q *request) error {
	m, err := c.desk.Member(q.Context(), q.PathValue("nama"))
	if err != nil {
		return err
	}
	if err := bot.MayConfirm(q.me, m); err != nil {
		return err
	}
	if err := c.again(q); err != nil {
		return at("s-"+m.Login, err)
	}
	m.Vouched = q.me.Login
	if err := c.desk.SaveStaff(q.Context(), m, false, q.line("konfirmasi", m.Login, roleName(m.Role))); err != nil {
		return err
	}
	return q.next("/orang", "konfirmasi")
}
