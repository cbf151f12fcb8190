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

// routes is the whole console with the pages of other rooms.
func (c *Console) routes() []route {
	all := c.ownRoutes()
	for _, e := range c.deps.Extras {
		all = append(all, c.extra(e))
	}
	return all
}

// ownRoutes are the console's own pages. Whatever only looks is a GET; whatever changes something is a POST.
func (c *Console) ownRoutes() []route {
	return []route{
		// The door.
		{"GET /masuk", bot.Nobody, true, c.signInForm},
		{"POST /masuk", bot.Nobody, true, c.signIn},
		{"GET /undangan", bot.Nobody, true, c.inviteForm},
		{"POST /undangan", bot.Nobody, true, c.acceptInvite},
		{"GET /berkas/{nama}", bot.Nobody, true, c.file},

		{"GET /{$}", bot.Reader, false, c.overview},

		// Questions.
		{"GET /pertanyaan", bot.Reader, false, c.questions},
		{"GET /pertanyaan/{id}", bot.Reader, false, c.question},
		{"POST /pertanyaan/status", bot.Editor, false, c.sortQuestions},
		{"POST /pertanyaan/urung", bot.Editor, false, c.undoQuestions},
		{"POST /pertanyaan/kelompok", bot.Editor, false, c.regroup},
		{"POST /pertanyaan/contoh", bot.Editor, false, c.sample},
		{"POST /pertanyaan/kaitkan", bot.Editor, false, c.attach},
		{"POST /pertanyaan/benar", bot.Editor, false, c.confirmAnswer},

		// Answers and facts of the next edition.
		{"GET /jawaban", bot.Reader, false, c.entries},
		{"GET /jawaban/{nama}", bot.Reader, false, c.entry},
		{"GET /jawaban/{nama}/ubah", bot.Editor, false, c.editForm},
		{"POST /jawaban/{nama}/ubah", bot.Editor, false, c.saveEntry},
		{"POST /jawaban/{nama}/pratinjau", bot.Editor, false, c.previewPart},
		{"POST /jawaban/{nama}/tarik", bot.Editor, false, c.withdraw},
		{"POST /jawaban/{nama}/pulihkan", bot.Approver, false, c.restore},
		{"GET /jawaban/{nama}/koreksi", bot.Reader, false, c.correctionForm},
		{"POST /jawaban/{nama}/koreksi", bot.Approver, false, c.correct},
		{"GET /jawaban-baru", bot.Editor, false, c.newForm},
		{"POST /jawaban-baru", bot.Editor, false, c.saveEntry},
		{"POST /jawaban-baru/pratinjau", bot.Editor, false, c.previewPart},
		{"GET /fakta", bot.Reader, false, c.facts},
		{"GET /fakta/{nama}", bot.Reader, false, c.fact},
		{"POST /fakta/{nama}", bot.Editor, false, c.saveFact},

		// Publishing.
		{"GET /terbit", bot.Reader, false, c.publishing},
		{"POST /terbit/buang", bot.Editor, false, c.dropChanges},
		{"POST /usulan", bot.Editor, false, c.propose},
		{"GET /usulan/{id}", bot.Reader, false, c.proposal},
		{"POST /usulan/{id}/setujui", bot.Editor, false, c.release}, // bot.MayRelease says who may what
		{"POST /usulan/{id}/batal", bot.Editor, false, c.cancel},
		{"GET /edisi/{nomor}", bot.Reader, false, c.edition},
		{"POST /edisi/{nomor}/unduh", bot.Editor, false, c.download},
		{"POST /edisi/{nomor}/pulihkan", bot.Editor, false, c.bringBack},

		// Tools.
		{"GET /coba", bot.Reader, false, c.try},
		{"GET /kalender", bot.Reader, false, c.calendar},
		{"GET /saluran", bot.Reader, false, c.channels},
		{"POST /saluran/{nama}", bot.Editor, false, c.turn}, // switching on asks for an approver
		{"GET /saluran/{nama}/ponsel", bot.Admin, false, c.phone},
		{"POST /saluran/{nama}/ponsel", bot.Admin, false, c.linkPhone},
		{"GET /bantuan", bot.Reader, false, c.help},

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

// forms says, by the route that takes a form, which page holds it: when something is wrong, that page is shown again.
func (c *Console) forms() map[string]action {
	return map[string]action{
		"POST /pertanyaan/status":       c.sortingForm,
		"POST /pertanyaan/urung":        c.questions,
		"POST /pertanyaan/kelompok":     c.sortingForm,
		"POST /pertanyaan/contoh":       c.questions,
		"POST /pertanyaan/kaitkan":      c.sortingForm,
		"POST /pertanyaan/benar":        c.sortingForm,
		"POST /jawaban/{nama}/tarik":    c.withdrawalForm,
		"POST /jawaban/{nama}/pulihkan": c.withdrawalForm,
		"POST /jawaban/{nama}/koreksi":  c.correctionForm,
		"POST /fakta/{nama}":            c.fact,
		"POST /terbit/buang":            c.publishing,
		"POST /usulan":                  c.publishing,
		"POST /usulan/{id}/setujui":     c.proposal,
		"POST /usulan/{id}/batal":       c.proposal,
		"POST /edisi/{nomor}/pulihkan":  c.edition,
		"POST /saluran/{nama}":          c.channels,
		"POST /saluran/{nama}/ponsel":   c.phone,
		"POST /akun/sandi":              c.account,
		"POST /orang":                   c.people,
		"POST /orang/{nama}":            c.people,
		"POST /orang/{nama}/akses":      c.people,
		"POST /orang/{nama}/konfirmasi": c.people,
	}
}

// Handler returns the console, to be mounted at /petugas and /petugas/.
func (c *Console) Handler() http.Handler {
	mux, forms := http.NewServeMux(), c.forms()
	for _, r := range c.routes() {
		method, path, _ := strings.Cut(r.pattern, " ")
		mux.Handle(method+" "+root+path, c.handle(r, forms[r.pattern]))
	}
	mux.Handle("GET "+root, http.RedirectHandler(root+"/", http.StatusSeeOther))
	mux.Handle("/", c.handle(route{open: true, do: func(q *request) error {
		_ = c.admit(q, route{need: bot.Reader}) // so that those who are signed in keep their navigation
		return bot.Errorf(bot.NotFound, "Halaman ini tidak ada.")
	}}, nil))
	return c.guard(mux)
}
