package console

import (
	"html/template"
	"net/http"
	"slices"
	"strings"

	"tanya/bot"
)

// Extra is a page of another room inside the console. A room may not import this one, so the program hands its pages in;
// all types of Do are the standard library's and the hall's, so a room can write Do without knowing the console.
//
// The console stands before it as before its own pages: session, role, cross-site protection, security headers, and for
// a POST with a form at most 1 MB of body, parsed already. It adds no audit line: whatever changes something writes its
// own. The page must live with the content security policy: no inline script or style, nothing from elsewhere.
type Extra struct {
	Pattern string   // method and path below /petugas, as routes write it: "GET /kegiatan/{kode}", "POST /kegiatan"
	Need    bot.Role // the least role; Nobody is refused
	Label   string   // name in the navigation; "" for a page that has no place of its own there
	Do      ExtraPage
}

// ExtraPage answers a request of me. With a body it is shown inside the console's frame below title as its first
// heading; the body begins below h1 and may use the classes of meja.css. Without one the page has answered by itself: a
// redirect, a file. An error writes nothing and becomes the console's page for it; the sentence of a bot.Error is shown
// to the person when it begins with a capital letter. A body with an error is a form that is shown again: the console says
// above it what is wrong, with a link to each field that bot.Mistakes name, and the body says it at the field.
type ExtraPage = func(w http.ResponseWriter, r *http.Request, me bot.Staff) (title string, body template.HTML, err error)

// part names the part of the navigation a page belongs to: the first step of its path.
func (e Extra) part() string {
	_, path, _ := strings.Cut(e.Pattern, " ")
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return first
}

// extra puts the page behind the console's door.
func (c *Console) extra(e Extra) route {
	return route{e.Pattern, e.Need, false, func(q *request) error {
		title, body, err := e.Do(q.w, q.Request, q.me)
		if body == "" {
			return err
		}
		if err != nil {
			q.notes, q.status = notesOf(err), statusOf(err)
		}
		return c.show(q, http.StatusOK, "ruang", extraPage{c.page(q, title, e.part()), body})
	}}
}

type extraPage struct {
	Page
	Body template.HTML // made by a room of this program, from templates that escape
}

// checkExtras refuses pages that could not be served, so that a mistake shows at the start.
func checkExtras(own []route, extras []Extra) error {
	var taken []string
	for _, r := range own {
		taken = append(taken, r.pattern)
	}
	for _, e := range extras {
		method, path, _ := strings.Cut(e.Pattern, " ")
		switch {
		case method != http.MethodGet && method != http.MethodPost, !strings.HasPrefix(path, "/"), e.part() == "":
			return bot.Errorf(bot.Invalid, "the page %q has no method and path", e.Pattern)
		case !e.Need.Valid():
			return bot.Errorf(bot.Invalid, "the page %q needs no role", e.Pattern)
		case e.Do == nil:
			return bot.Errorf(bot.Invalid, "the page %q does nothing", e.Pattern)
		case slices.Contains(taken, e.Pattern):
			return bot.Errorf(bot.Invalid, "the page %q stands there twice", e.Pattern)
		case e.Label != "" && (method != http.MethodGet || strings.Contains(path, "{")):
			return bot.Errorf(bot.Invalid, "the page %q cannot stand in the navigation", e.Pattern)
		}
		taken = append(taken, e.Pattern)
	}
	return nil
}
