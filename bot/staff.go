package bot

import (
	"slices"
	"strings"
	"time"
)

// Role says what a member of staff may do. Each role may do all that the ones before it may.
type Role string

// The roles, from the least to the most.
const (
	Nobody   Role = ""
	Reader   Role = "reader"   // sees everything but people
	Editor   Role = "editor"   // works on questions, writes the next edition, withdraws an answer
	Approver Role = "approver" // approves what a colleague wrote
	Admin    Role = "admin"    // adds colleagues and ends their access
)

// Roles lists the roles that a person can be given, from the least to the most.
func Roles() []Role { return []Role{Reader, Editor, Approver, Admin} }

// Valid reports whether a person can be given the role.
func (r Role) Valid() bool { return slices.Contains(Roles(), r) }

// Covers reports whether the role may do what need is asked for. Everybody covers Nobody.
func (r Role) Covers(need Role) bool {
	return need == Nobody || slices.Index(Roles(), r) >= max(0, slices.Index(Roles(), need))
}

// Staff is a member of the office who uses the console. The store seals all of it: whoever can write to the database
// cannot make themselves an admin.
type Staff struct {
	Login    string    `json:"login"` // small letters and digits; never changes, the audit names it
	Name     string    `json:"name"`
	Role     Role      `json:"role"`
	Disabled bool      `json:"disabled,omitempty"`
	Password string    `json:"password,omitempty"` // a hash with its parameters, "" until the invitation is accepted
	Secret   string    `json:"secret,omitempty"`   // of the one-time codes
	Step     int64     `json:"step,omitempty"`     // the last one-time code used; it counts once
	Recovery []string  `json:"recovery,omitempty"` // hashes of the unused recovery codes
	Voucher  string    `json:"voucher,omitempty"`  // who added the person, or last changed their rights or access
	Vouched  string    `json:"vouched,omitempty"`  // the second person who confirmed it, "" while nobody has
	Created  time.Time `json:"created"`
	Invite   string    `json:"invite,omitempty"` // hash of the one-time link, "" when none is out
	Until    time.Time `json:"until,omitzero"`   // when the link ends
	Pending  string    `json:"pending,omitempty"`
	Version  int64     `json:"-"` // counted up by every change; a change made on an older one is a Conflict
}

// Founder is the voucher of the people who need no second one: the two that an office begins with, and those whom the
// operator confirms at the server.
const Founder = "pendiri"

// Confirmed reports whether two people stand behind the account. One that only its adder knows could be the second
// self of a stolen account, so it may read and nothing else.
func (s Staff) Confirmed() bool { return s.Vouched != "" }

// Ready reports whether the person can sign in.
func (s Staff) Ready() bool { return !s.Disabled && s.Password != "" && s.Secret != "" }

// Rights is the role that counts now.
func (s Staff) Rights() Role {
	switch {
	case s.Disabled:
		return Nobody
	case !s.Confirmed() && s.Role.Valid():
		return Reader
	}
	return s.Role
}

// MayConfirm says whether by may stand as the second person behind s; the error is a sentence for staff.
func MayConfirm(by, s Staff) error {
	switch {
	case !by.Rights().Covers(Editor):
		return Errorf(Denied, "Hanya petugas yang sudah dikonfirmasi, dengan peran penyunting atau lebih, dapat mengonfirmasi.")
	case by.Login == s.Login:
		return Errorf(Denied, "Anda tidak dapat mengonfirmasi akun sendiri.")
	case by.Login == s.Voucher:
		return Errorf(Denied, "Anda yang menambah atau mengubah akun ini. Petugas lain harus mengonfirmasinya.")
	case s.Confirmed():
		return Errorf(Conflict, "Akun ini sudah dikonfirmasi.")
	}
	return nil
}

// Vouch records that by has added s or changed what s may do. The first two people of an office are founders; all
// later ones wait for a second person.
func Vouch(s *Staff, by string, others []Staff) {
	s.Voucher, s.Vouched = by, ""
	founders := 0
	for _, o := range others {
		if o.Confirmed() && o.Login != s.Login {
			founders++
		}
	}
	if founders < 2 && !slices.ContainsFunc(others, func(o Staff) bool { return o.Login == s.Login }) {
		s.Vouched = Founder
	}
}

// LastAdmin reports whether the office would have no admin without s.
func LastAdmin(s Staff, all []Staff) bool {
	if s.Rights() != Admin {
		return false
	}
	return !slices.ContainsFunc(all, func(o Staff) bool { return o.Login != s.Login && o.Rights() == Admin && o.Ready() })
}

// loginMax bounds a sign-in name.
const loginMax = 32

// GoodLogin checks a new sign-in name.
func GoodLogin(s string) error {
	ok := len(s) >= 3 && len(s) <= loginMax && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' || r == '-')
	})
	if !ok || s == Founder {
		return Errorf(Invalid, "Nama masuk terdiri dari 3 sampai 32 huruf kecil, angka, titik, atau tanda hubung.")
	}
	return nil
}

// StaffSession is a browser in which a member of staff has signed in.
type StaffSession struct {
	Key     string    `json:"-"` // hash of the token in the cookie
	Login   string    `json:"login"`
	Agent   string    `json:"agent"` // kind of browser in plain words, never an address
	Created time.Time `json:"created"`
	Seen    time.Time `json:"-"`
}

// The life of a staff session: it ends after the idle time without a request, and at the latest after the whole time.
const (
	StaffIdle = 2 * time.Hour
	StaffLife = 12 * time.Hour
)

// Live reports whether the session still counts.
func (s StaffSession) Live(now time.Time) bool {
	return now.Before(s.Ends())
}

// Ends is when the session ends if the person does nothing more.
func (s StaffSession) Ends() time.Time {
	idle, life := s.Seen.Add(StaffIdle), s.Created.Add(StaffLife)
	if life.Before(idle) {
		return life
	}
	return idle
}

// Throttle says how long a name must wait after so many failed tries in a row. Five are free: people mistype.
func Throttle(fails int) time.Duration {
	if fails < 5 {
		return 0
	}
	return min(30*time.Second<<min(fails-5, 10), 15*time.Minute)
}
