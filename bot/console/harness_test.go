package console

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"tanya/bot"
	"tanya/bot/store"
	"tanya/faq"
	"tanya/faq/match"
	"tanya/locales"
)

// clock is a clock that tests turn.
type clock struct{ at atomic.Int64 }

func (c *clock) now() time.Time      { return time.UnixMilli(c.at.Load()).UTC() }
func (c *clock) add(d time.Duration) { c.at.Add(d.Milliseconds()) }

// trained keeps the matchers of the tests by the hash of their content: they never change, and learning takes long.
var trained sync.Map

func learn(ctx context.Context, ed *faq.Edition) (faq.Matcher, error) {
	if m, ok := trained.Load(ed.Hash); ok {
		return m.(faq.Matcher), nil
	}
	m, err := match.FromEdition(ctx, ed, match.Options{Calibration: match.Never})
	if err == nil {
		trained.Store(ed.Hash, m)
	}
	return m, err
}

// brain is the real content with a matcher trained on it, made once.
var brain = sync.OnceValues(func() (bot.Knowledge, error) {
	ed, err := faq.Load(faq.Content())
	if err != nil {
		return bot.Knowledge{}, err
	}
	m, err := learn(context.Background(), ed)
	return bot.Knowledge{Edition: ed, Matcher: m}, err
})

// office is a console over a real ledger.
type office struct {
	t         testing.TB
	c         *Console
	store     *store.Store
	desk      *store.Desk
	clock     *clock
	server    *httptest.Server
	knowledge atomic.Pointer[bot.Knowledge]
	key       ed25519.PrivateKey
	people    map[string]*person
	panel     *fakePanel
	broken    atomic.Bool // the ledger fails
}

// person is somebody with a browser.
type person struct {
	*office
	t                       testing.TB // of the subtest, where there is one
	login, password, secret string
	http                    *http.Client
	codes                   []string
}

func openOffice(t testing.TB) *office {
	t.Helper()
	return openOfficeOn(t, filepath.Join(t.TempDir(), "tanya.db"))
}

// openOfficeOn is an office whose ledger is the database at dsn.
func openOfficeOn(t testing.TB, dsn string) *office {
	t.Helper()
	keys, err := bot.NewKeyring(bytes.Repeat([]byte{3}, bot.KeySize), nil)
	must(t, err)
	o := &office{t: t, clock: &clock{}, panel: &fakePanel{}, people: map[string]*person{}}
	o.clock.at.Store(time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC).UnixMilli())
	o.store, err = store.Open(context.Background(), dsn, keys, store.Options{Now: o.clock.now, Zone: faq.Jakarta()})
	must(t, err)
	t.Cleanup(func() { _ = o.store.Close() })
	o.desk = o.store.Desk()
	k, err := brain()
	must(t, err)
	o.knowledge.Store(&k)
	_, o.key, err = ed25519.GenerateKey(nil)
	must(t, err)
	words, err := locales.New()
	must(t, err)
	current := func() bot.Knowledge { return *o.knowledge.Load() }
	o.c, err = New(Config{Office: "KPU Kabupaten Blora", Hash: HashCost{Memory: 64, Passes: 1}}, Deps{
		Desk: fragileDesk{o.desk, &o.broken}, Knowledge: current, Dialogue: bot.NewDialogue(current, words), Key: o.key, Now: o.clock.now,
		Train:  learn,
		Reload: o.reload,
		Panel:  o.panel,
		Roads: func() map[string]string {
			return map[string]string{"telegram": "Telegram mengirim pesan ke layanan ini (webhook)."}
		},
		Extras: sampleExtras(),
	})
	must(t, err)
	o.server = httptest.NewServer(o.c.Handler())
	t.Cleanup(o.server.Close)
	return o
}

// reload does what the program does: the newest edition if its signature holds, otherwise everything is withdrawn.
func (o *office) reload(ctx context.Context) error {
	k, err := brain()
	if err != nil {
		return err
	}
	k.Withdrawn = map[string]bool{}
	all, err := o.desk.Withdrawn(ctx)
	if err != nil {
		return err
	}
	for _, w := range all {
		k.Withdrawn[w.Entry] = true
	}
	r, err := o.desk.Release(ctx, 0)
	if bot.ClassOf(err) == bot.NotFound {
		o.knowledge.Store(&k)
		return nil
	}
	if err != nil {
		return err
	}
	ed, err := bot.OpenRelease(o.key.Public().(ed25519.PublicKey), r)
	if err != nil {
		k.Refused, k.Withdrawn["*"] = r.Number, true
		o.knowledge.Store(&k)
		return nil
	}
	m, err := learn(ctx, ed)
	if err != nil {
		return err
	}
	k.Edition, k.Matcher = ed, m
	o.knowledge.Store(&k)
	return nil
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// stranger is a browser in which nobody has signed in.
func (o *office) stranger() *person {
	jar, err := cookiejar.New(nil)
	must(o.t, err)
	return &person{office: o, t: o.t, http: &http.Client{Jar: jar, Timeout: 2 * time.Minute}}
}

// answer is what a request gave.
type answer struct {
	status int
	body   string
	path   string // where redirects led
}

// do sends a request as a browser would.
func (p *person) do(method, path string, form url.Values) answer {
	p.t.Helper()
	if !strings.HasPrefix(path, "http") {
		path = p.server.URL + root + path
	}
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(p.t.Context(), method, path, body)
	must(p.t, err)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("User-Agent", "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := p.http.Do(r)
	must(p.t, err)
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	must(p.t, err)
	return answer{resp.StatusCode, string(b), resp.Request.URL.RequestURI()}
}

func (p *person) get(path string) answer { p.t.Helper(); return p.do("GET", path, nil) }

func (p *person) post(path string, fields ...string) answer {
	p.t.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Add(fields[i], fields[i+1])
	}
	return p.do("POST", path, v)
}

// code returns a fresh one-time code; the clock moves, because each counts once.
func (p *person) code() string {
	p.t.Helper()
	p.clock.add(codeStep * time.Second)
	code, err := hotp.GenerateCodeCustom(p.secret, uint64(p.clock.now().Unix()/codeStep), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
	must(p.t, err)
	return code
}

var (
	secretText = regexp.MustCompile(`sandi-besar">([A-Z2-7 ]+)<`)
	linkText   = regexp.MustCompile(`value="(http[^"]*undangan[^"]*)"`)
	codeText   = regexp.MustCompile(`<li>([a-z2-7]{5}-[a-z2-7]{5})</li>`)
)

// accept follows an invitation to its end.
func (o *office) accept(link, login, name string) *person {
	o.t.Helper()
	p := o.stranger()
	p.login, p.password = login, "kuda-payung-"+login+"-lampu-gelas"
	page := p.get(strings.TrimPrefix(link, root))
	m := secretText.FindStringSubmatch(page.body)
	if m == nil {
		o.t.Fatalf("no secret on the page of %s: %s", link, page.body)
	}
	p.secret = strings.ReplaceAll(m[1], " ", "")
	u, err := url.Parse(link)
	must(o.t, err)
	done := p.post("/undangan", "kunci", u.Query().Get("kunci"), "nama_masuk", login, "nama", name, "sandi", p.password, "sandi2", p.password, "kode", p.code())
	for _, c := range codeText.FindAllStringSubmatch(done.body, -1) {
		p.codes = append(p.codes, c[1])
	}
	if done.status != 200 || len(p.codes) != 10 {
		o.t.Fatalf("the invitation of %s ended with %d: %s", login, done.status, done.body)
	}
	o.people[login] = p
	return p
}

// signIn signs the person in.
func (p *person) signIn() *person {
	p.t.Helper()
	a := p.post("/masuk", "nama", p.login, "sandi", p.password, "kode", p.code())
	if a.status != 200 || strings.Contains(a.path, "masuk") && !strings.Contains(a.path, "ok=masuk") {
		p.t.Fatalf("%s is not let in: %d %s", p.login, a.status, a.path)
	}
	return p
}

// first sets the console up.
func (o *office) first() *person {
	o.t.Helper()
	link, err := o.c.SetupLink(o.t.Context())
	must(o.t, err)
	return o.accept(link, "ani", "Ani Lestari").signIn()
}

// hire lets by invite somebody, who accepts and signs in.
func (p *person) hire(login, name string, role bot.Role) *person {
	p.t.Helper()
	a := p.post("/orang", "nama_masuk", login, "nama", name, "peran", string(role))
	m := linkText.FindStringSubmatch(a.body)
	if m == nil {
		p.t.Fatalf("no link after inviting %s: %d", login, a.status)
	}
	return p.accept(m[1], login, name).signIn()
}

// again returns the fields by which the person proves who they are.
func (p *person) again() []string { return []string{"sandi", p.password, "kode", p.code()} }
