package whatsappcloud

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// graph stands in for Meta's Graph API: it knows one number and one token, gives each message an id, and checks every
// request against what is allowed. Faults are given one by one.
type graph struct {
	t      testing.TB
	server *httptest.Server
	sent   func(id string, message map[string]any) // called for each message that it takes

	mu      sync.Mutex
	faults  []graphFault
	always  graphFault
	looks   []graphFault
	taken   []map[string]any // messages
	tries   int              // requests for messages, refused ones too
	reads   []map[string]any
	checked map[string]bool
}

// graphFault answers a request in place of the graph; false lets it go on.
type graphFault func(w http.ResponseWriter, body map[string]any) bool

const (
	testToken  = "token-of-the-test"
	testSecret = "secret-of-the-test"
	testVerify = "verify-of-the-test"
	testNumber = "106540352242922"
)

func newGraph(t testing.TB) *graph {
	g := &graph{t: t, checked: map[string]bool{}}
	g.server = httptest.NewServer(g)
	t.Cleanup(func() {
		g.server.CloseClientConnections()
		g.server.Close()
	})
	return g
}

// refuse answers with an error of the Graph API.
func refuse(status, code, sub int) graphFault {
	return func(w http.ResponseWriter, _ map[string]any) bool {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"error":{"message":"(#%d) words that may quote %s","type":"OAuthException","code":%d,"error_subcode":%d,"fbtrace_id":"x"}}`, code, canaryText, code, sub)
		return true
	}
}

// raw answers with anything.
func raw(status int, body string) graphFault {
	return func(w http.ResponseWriter, _ map[string]any) bool {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
		return true
	}
}

// cutOff breaks the connection.
func cutOff(http.ResponseWriter, map[string]any) bool { panic(http.ErrAbortHandler) }

func (g *graph) once(f ...graphFault) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.faults = append(g.faults, f...)
}

// onLook answers the next questions about the number.
func (g *graph) onLook(f ...graphFault) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.looks = append(g.looks, f...)
}

func (g *graph) onAll(f graphFault) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.always = f
}

// messages returns what was taken so far.
func (g *graph) messages() []map[string]any {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]map[string]any(nil), g.taken...)
}

func (g *graph) attempts() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.tries
}

func (g *graph) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body map[string]any
	switch {
	case r.Header.Get("Authorization") != "Bearer "+testToken:
		refuse(401, 190, 463)(w, nil)
		return
	case r.Method == http.MethodGet && r.URL.Path == "/v25.0/"+testNumber:
		g.look(w)
		return
	case r.Method != http.MethodPost || r.URL.Path != "/v25.0/"+testNumber+"/messages":
		g.t.Errorf("the Graph API has no %s %s", r.Method, r.URL.Path)
		refuse(400, 100, 33)(w, nil)
		return
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		return // the program broke off
	}
	g.check(body)
	if body["status"] == "read" {
		g.mu.Lock()
		g.reads = append(g.reads, body)
		g.mu.Unlock()
		_, _ = io.WriteString(w, `{"success":true}`)
		return
	}
	g.take(w, body)
}

func (g *graph) look(w http.ResponseWriter) {
	g.mu.Lock()
	var f graphFault
	if len(g.looks) > 0 {
		f, g.looks = g.looks[0], g.looks[1:]
	}
	g.mu.Unlock()
	if f == nil || !f(w, nil) {
		_, _ = io.WriteString(w, `{"verified_name":"KPU Kabupaten Blora","display_phone_number":"+62 296 531007","quality_rating":"GREEN","id":"`+testNumber+`"}`)
	}
}

// take gives a message an id, unless a fault comes first.
func (g *graph) take(w http.ResponseWriter, body map[string]any) {
	g.mu.Lock()
	g.tries++
	f := g.always
	if len(g.faults) > 0 {
		f, g.faults = g.faults[0], g.faults[1:]
	}
	g.mu.Unlock()
	if f != nil && f(w, body) {
		return
	}
	fmt.Fprintf(w, `{"messaging_product":"whatsapp","contacts":[{"input":"x"}],"messages":[{"id":%q}]}`, g.keep(body))
}

// keep notes a message as taken and returns its id.
func (g *graph) keep(body map[string]any) string {
	g.mu.Lock()
	g.taken = append(g.taken, body)
	id := fmt.Sprintf("wamid.OUT%06d=", len(g.taken))
	g.mu.Unlock()
	if g.sent != nil {
		g.sent(id, body)
	}
	return id
}

// check complains, once for each kind of mistake, about a request that Meta would not take.
func (g *graph) check(body map[string]any) {
	problems := checkTable(body)
	if s, err := description(); err != nil {
		g.t.Errorf("the description of the Cloud API: %v", err)
	} else if s != nil {
		problems = append(problems, s.checkSend(body)...)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, p := range problems {
		if !g.checked[p] {
			g.checked[p] = true
			g.t.Errorf("Meta would refuse a request: %s", p)
		}
	}
}

// checkTable is what we know ourselves about a request; it holds also where the published description does not lie
// beside the repository.
func checkTable(m map[string]any) []string {
	var out []string
	need := func(ok bool, what string, args ...any) {
		if !ok {
			out = append(out, fmt.Sprintf(what, args...))
		}
	}
	length := func(v any, least, most int, what string) {
		n := len([]rune(text(v)))
		need(n >= least && n <= most, "%s has %d characters, want %d to %d", what, n, least, most)
	}
	need(m["messaging_product"] == "whatsapp", "messaging_product is %v", m["messaging_product"])
	if m["status"] == "read" {
		length(m["message_id"], 1, 300, "message_id")
		need(text(at(m, "typing_indicator", "type")) == "text", "typing_indicator is odd")
		return out
	}
	need(m["recipient_type"] == "individual", "recipient_type is %v", m["recipient_type"])
	need((m["to"] == nil) != (m["recipient"] == nil), "one of to and recipient is needed")
	need(!strings.ContainsAny(text(m["to"]), ".ABCDEFGHIJKLMNOPQRSTUVWXYZ"), "a user id stands in to; it would be dropped in silence")
	length(m["biz_opaque_callback_data"], 1, 512, "biz_opaque_callback_data")
	switch m["type"] {
	case "text":
		length(at(m, "text", "body"), 1, 4096, "text.body")
	case "image", "video":
		length(at(m, text(m["type"]), "caption"), 1, 1024, "caption")
		need(strings.HasPrefix(text(at(m, text(m["type"]), "link")), "https://"), "link is not https")
	case "template":
		length(at(m, "template", "name"), 1, 512, "template.name")
		length(at(m, "template", "language", "code"), 2, 10, "language")
	case "interactive":
		out = append(out, checkInteractive(m)...)
	default:
		need(false, "type is %v", m["type"])
	}
	return out
}

func checkInteractive(m map[string]any) []string {
	var out []string
	length := func(v any, least, most int, what string) {
		if n := len([]rune(text(v))); n < least || n > most {
			out = append(out, fmt.Sprintf("%s has %d characters, want %d to %d", what, n, least, most))
		}
	}
	length(at(m, "interactive", "body", "text"), 1, 1024, "body")
	titles, ids := map[string]bool{}, map[string]bool{}
	note := func(title, id any) {
		if titles[text(title)] || ids[text(id)] {
			out = append(out, "a title or an id stands twice")
		}
		titles[text(title)], ids[text(id)] = true, true
	}
	switch at(m, "interactive", "type") {
	case "button":
		buttons, _ := at(m, "interactive", "action", "buttons").([]any)
		if len(buttons) < 1 || len(buttons) > 3 {
			out = append(out, fmt.Sprintf("%d buttons", len(buttons)))
		}
		for _, b := range buttons {
			length(at(b, "reply", "title"), 1, 20, "button title")
			length(at(b, "reply", "id"), 1, 256, "button id")
			note(at(b, "reply", "title"), at(b, "reply", "id"))
		}
	case "list":
		length(at(m, "interactive", "action", "button"), 1, 20, "list button")
		sections, _ := at(m, "interactive", "action", "sections").([]any)
		rows := 0
		for _, s := range sections {
			list, _ := at(s, "rows").([]any)
			rows += len(list)
			for _, r := range list {
				length(at(r, "title"), 1, 24, "row title")
				length(at(r, "description"), 0, 72, "row description")
				length(at(r, "id"), 1, 200, "row id")
				note(at(r, "title"), at(r, "id"))
			}
		}
		if len(sections) != 1 || rows < 1 || rows > 10 {
			out = append(out, fmt.Sprintf("%d sections, %d rows", len(sections), rows))
		}
	default:
		out = append(out, "an unknown interactive type")
	}
	return out
}

// at walks into decoded JSON; nil when there is nothing.
func at(v any, keys ...string) any {
	for _, k := range keys {
		m, _ := v.(map[string]any)
		v = m[k]
	}
	return v
}

func text(v any) string {
	s, _ := v.(string)
	return s
}
