package console

import (
	"net/http"
	"strings"

	"tanya/bot"
)

// root is where the console is mounted.
const root = "/petugas"

// route is one address of the console with the least role that may use it.
type route struct {
	pattern string // method and path below root
	need    bot.Role
	open    bool // the door itself: nobody is signed in yet
	do      action
}

// routes is the whole console. Whatever only looks is a GET; whatever changes something is a POST.
func (c *Console) routes() []route {
	return []route{
		// The door.
		{"GET /masuk", bot.Nobody, true, c.signInForm},
		{"POST /masuk", bot.Nobody, true, c.signIn},
		{"GET /undangan", bot.Nobody, true, c.inviteForm},
		{"POST /undangan", bot.Nobody, true, c.acceptInvite},
		{"GET /berkas/{nama}", bot.Nobody, true, c.file},

		{"GET /{$}", bot.Reader, false, c.overview},

		// Oneself.
		{"POST /keluar", bot.Reader, false, c.signOut},
		{"GET /akun", bot.Reader, false, c.account},
		{"POST /akun/sesi", bot.Reader, false, c.endSession},
		{"POST /akun/sandi", bot.Reader, false, c.changePassword},

		// People, and the record of what they did.
		{"GET /orang", bot.Editor, false, c.people},
		{"POST /orang", bot.Admin, false, c.addStaff},
		{"POST /orang/{nama}", bot.Admin, false, c.changeStaff},
		{"POST /orang/{nama}/akses", bot.Admin, false, c.renewStaff},
		{"POST /orang/{nama}/konfirmasi", bot.Editor, false, c.confirmStaff},
		{"GET /catatan", bot.Reader, false, c.record},
	}
}

// Handler returns the console, to be mounted at /petugas and /petugas/.
func (c *Console) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range c.routes() {
		method, path, _ := strings.Cut(r.pattern, " ")
		mux.Handle(method+" "+root+path, c.handle(r))
	}
	mux.Handle("GET "+root, http.RedirectHandler(root+"/", http.StatusSeeOther))
	mux.Handle("/", c.handle(route{open: true, do: func(*request) error {
		return bot.Errorf(bot.NotFound, "Halaman ini tidak ada.")
	}}))
	return c.guard(mux)
}
