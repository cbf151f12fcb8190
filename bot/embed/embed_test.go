package embed

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"tanya/bot"
	"tanya/faq"
)

const canary = "kenari-dalam-pertanyaan"

// rig is a service before the stand-in, with a clock and a log of its own.
type rig struct {
	*Service
	t       *testing.T
	standin *standin
	cache   memory
	log     *lines
	mu      sync.Mutex
	now     time.Time
}

// lines is a log that may be written to from everywhere.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

type memory map[string][]byte

func (m memory) Load(k string) ([]byte, error) {
	if b, ok := m[k]; ok {
		return b, nil
	}
	return nil, os.ErrNotExist
}
func (m memory) Save(k string, b []byte) error { m[k] = slices.Clone(b); return nil }

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, standin: newStandin(t), cache: memory{}, log: &lines{}, now: time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)}
	r.restart()
	t.Cleanup(func() {
		for _, secret := range []string{testKey, canary, "pemungutan", r.standin.URL} {
			if strings.Contains(r.log.String(), secret) {
				t.Errorf("%q stands in the log:\n%s", secret, r.log)
			}
		}
	})
	return r
}

// restart makes a new service with the old cache.
func (r *rig) restart() {
	r.t.Helper()
	var err error
	r.Service, err = New(Config{URL: r.standin.URL + "/v1", Key: testKey, Model: "model-uji", Patience: 300 * time.Millisecond, Retry: time.Millisecond}, Deps{
		Cache: r.cache, Now: r.clock, Log: slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) clock() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

func (r *rig) later(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = r.now.Add(d)
}

// ready puts the second opinion beside a matcher and waits until the phrasings are learned.
func (r *rig) ready(m faq.Matcher) *Matcher {
	r.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = r.Run(ctx) }()
	r.t.Cleanup(func() { cancel(); <-done })
	out := r.Beside(edition(r.t), m)
	for deadline := time.Now().Add(30 * time.Second); !out.Ready(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			r.t.Fatalf("not ready:\n%s", r.log)
		}
	}
	r.standin.forget()
	return out
}

// readEdition reads a few entries of the content, with the phrasings that they have there.
var readEdition = sync.OnceValue(func() *faq.Edition {
	few := fstest.MapFS{}
	_ = fs.WalkDir(faq.Content(), ".", func(p string, d fs.DirEntry, err error) error {
		id := strings.TrimSuffix(path.Base(p), ".yaml")
		if err != nil || d.IsDir() || strings.HasPrefix(p, "entries/") && !slices.Contains([]string{
			"jam-tps", "kontak-kpu", "privasi-bot", "ktp-hilang-belum-punya", "hari-pemungutan-suara", "lapor-ke-mana", "data-pribadi"}, id) {
			return err
		}
		b, err := fs.ReadFile(faq.Content(), p)
		few[p] = &fstest.MapFile{Data: b}
		return err
	})
	ed, _ := faq.Read(few)
	return ed
})

func edition(t *testing.T) *faq.Edition {
	t.Helper()
	ed := readEdition()
	if len(ed.IDs()) < 6 {
		t.Fatal("the content cannot be read")
	}
	return ed
}

// fixed gives one result to all questions.
type fixed struct{ res faq.Result }

func (f fixed) Match(context.Context, faq.Question) (faq.Result, error) {
	r := f.res
	r.Choices, r.Candidates = slices.Clone(r.Choices), slices.Clone(r.Candidates)
	return r, nil
}

// unsure is what a matcher returns that offers the first three of its candidates.
func unsure(entries ...string) fixed {
	r := faq.Result{Verdict: faq.Choices, Score: .4, Choices: entries[:3]}
	for i, e := range entries {
		r.Candidates = append(r.Candidates, faq.Candidate{Entry: e, Score: .4 / float64(i+1)})
	}
	r.Explain.Why = "Ditawarkan pilihan."
	return fixed{r}
}

var five = unsure("jam-tps", "kontak-kpu", "privasi-bot", "ktp-hilang-belum-punya", "hari-pemungutan-suara")

func ask(t *testing.T, m faq.Matcher, s string) faq.Result {
	t.Helper()
	r, err := m.Match(context.Background(), faq.Question{Text: s})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Both opinions together choose what is offered; the matcher's own first choice stays; nothing else of the result moves.
func TestChoicesAreOrderedByBothOpinions(t *testing.T) {
	r := newRig(t)
	m := r.ready(five)
	got := ask(t, m, "KTP saya hilang dan belum punya, apa bisa memilih")
	if !slices.Contains(got.Choices, "ktp-hilang-belum-punya") || !slices.Contains(got.Choices, "jam-tps") || len(got.Choices) != 3 {
		t.Errorf("offered %v", got.Choices)
	}
	if got.Verdict != faq.Choices || got.Entry != "" || got.Score != five.res.Score || !reflect.DeepEqual(got.Candidates, five.res.Candidates) {
		t.Errorf("more than the choices changed: %+v", got)
	}
	if !strings.Contains(got.Explain.Why, "Pendapat kedua") {
		t.Errorf("staff cannot see why: %q", got.Explain.Why)
	}
	if n := r.Counts()["moved"]; n != 1 {
		t.Errorf("%d changes counted", n)
	}
	r.standin.mu.Lock()
	defer r.standin.mu.Unlock()
	if slices.ContainsFunc(r.standin.keys, func(k string) bool { return k != "Bearer "+testKey }) {
		t.Error("a request without the key")
	}
}

// Whatever vectors come, only candidates of the matcher are offered, as many as before, none twice, no guard, the
// matcher's first among them: what a citizen can be told stays closed.
func TestAnyVectorsOfferOnlyCandidates(t *testing.T) {
	r := newRig(t)
	m := r.ready(unsure("jam-tps", "kontak-kpu", "privasi-bot", "ktp-hilang-belum-punya", "hari-pemungutan-suara", "lapor-ke-mana"))
	plain := m.plain.(fixed)
	plain.res.Candidates = append(plain.res.Candidates, faq.Candidate{Entry: "data-pribadi"}, faq.Candidate{Entry: "not in the edition"})
	m.plain = plain
	x := m.index.Load()
	rapid.Check(t, func(t *rapid.T) {
		v := unit(rapid.SliceOfN(rapid.Float64Range(-1, 1), x.dims, x.dims).Draw(t, "vector"))
		if v == nil {
			t.Skip("zeros")
		}
		got, _ := plain.Match(context.Background(), faq.Question{})
		m.choose(&got, x, v)
		want := plain.res
		want.Choices, want.Explain.Why = got.Choices, got.Explain.Why
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("more than the choices changed: %+v", got)
		}
		if len(got.Choices) != 3 || !slices.Contains(got.Choices, "jam-tps") || len(slices.Compact(slices.Sorted(slices.Values(got.Choices)))) != 3 {
			t.Fatalf("offered %v", got.Choices)
		}
		for _, c := range got.Choices {
			if !slices.ContainsFunc(plain.res.Candidates[:6], func(o faq.Candidate) bool { return o.Entry == c }) {
				t.Fatalf("offered %v", got.Choices)
			}
		}
	})
}

// What was answered, declined, greeted, out of scope, guarded or asked in two sentences is not sent at all.
func TestOnlyUnsureQuestionsAreSent(t *testing.T) {
	r := newRig(t)
	m := r.ready(five)
	for _, v := range []faq.Verdict{faq.Answered, faq.Declined, faq.Greeting, faq.Unknown, faq.Menu} {
		p := five
		p.res.Verdict, p.res.Entry = v, "jam-tps"
		m.plain = p
		if got := ask(t, m, "KTP saya hilang"); !reflect.DeepEqual(got, p.res) {
			t.Errorf("%s: %+v", v, got)
		}
	}
	guarded := five
	guarded.res.Explain.Guard = "laporan"
	m.plain = guarded
	if got := ask(t, m, "KTP saya hilang"); !reflect.DeepEqual(got, guarded.res) {
		t.Errorf("guarded: %+v", got)
	}
	m.plain = five
	if got := ask(t, m, "Jam berapa TPS buka? KTP saya hilang, bagaimana?"); !reflect.DeepEqual(got, five.res) {
		t.Errorf("two questions: %+v", got)
	}
	if asked, _ := r.standin.forget(); len(asked) > 0 {
		t.Errorf("sent: %q", asked)
	}
}

// Only redacted text leaves, and not much of it.
func TestOnlyRedactedTextIsSent(t *testing.T) {
	r := newRig(t)
	m := r.ready(five)
	ask(t, m, "nama saya Kenari Wibowo NIK 3316011234567890 wa 081234567890 surel kenari@example.com, KTP saya hilang")
	ask(t, m, "ktp hilang "+strings.Repeat("sekali ", 1000))
	asked, _ := r.standin.forget()
	if len(asked) != 2 {
		t.Fatalf("%d texts sent", len(asked))
	}
	for _, secret := range []string{"3316011234567890", "081234567890", "kenari@example.com", "Wibowo"} {
		if strings.Contains(asked[0], secret) {
			t.Errorf("%q was sent: %q", secret, asked[0])
		}
	}
	if n := len([]rune(asked[1])); n > textMax {
		t.Errorf("%d characters sent", n)
	}
}

// Whatever the endpoint does, the matcher's own result is given, in time.
func TestFaults(t *testing.T) {
	r := newRig(t)
	m := r.ready(five)
	for _, fault := range faults {
		t.Run(fault, func(t *testing.T) {
			r.later(2 * time.Minute) // from the rest that the last faults brought
			r.standin.breakWith(fault, 0)
			before := r.Counts()["failed"]
			start := time.Now()
			if got := ask(t, m, "KTP saya hilang "+canary); !reflect.DeepEqual(got, five.res) {
				t.Errorf("%+v", got)
			}
			if took := time.Since(start); took > 3*time.Second {
				t.Errorf("took %v", took)
			}
			if r.Counts()["failed"] != before+1 {
				t.Error("the failure was not counted")
			}
			if _, n := r.standin.forget(); n != 1 {
				t.Errorf("%d requests", n)
			}
		})
	}
	r.later(2 * time.Minute)
	r.standin.breakWith("", 0)
	if got := ask(t, m, "KTP saya hilang"); reflect.DeepEqual(got, five.res) {
		t.Error("the endpoint works again and is not heard")
	}
	if !strings.Contains(r.log.String(), "silent") || !strings.Contains(r.log.String(), "is back") {
		t.Errorf("the log does not tell:\n%s", r.log)
	}
}

// A dead endpoint is left alone after three failures, for a minute, so that nobody waits for it.
func TestDeadEndpointRests(t *testing.T) {
	r := newRig(t)
	m := r.ready(five)
	r.standin.breakWith("status 500", 0)
	for range 10 {
		ask(t, m, "KTP saya hilang")
	}
	if _, n := r.standin.forget(); n != failuresMax {
		t.Errorf("%d requests to a dead endpoint, want %d", n, failuresMax)
	}
	r.later(time.Minute + time.Second)
	for range 5 {
		ask(t, m, "KTP saya hilang")
	}
	if _, n := r.standin.forget(); n != 1 {
		t.Errorf("%d requests after the rest, want 1", n)
	}
	if n := strings.Count(r.log.String(), "silent"); n != 1 {
		t.Errorf("said %d times in the log", n)
	}
}

// Whoever stops asking says nothing about the endpoint.
func TestCancelledQuestion(t *testing.T) {
	r := newRig(t)
	m := r.ready(five)
	r.standin.breakWith("late", 0)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if got, err := m.Match(ctx, faq.Question{Text: "KTP saya hilang"}); err != nil || !reflect.DeepEqual(got, five.res) {
		t.Errorf("%+v, %v", got, err)
	}
	if r.Counts()["failed"] != 0 {
		t.Error("counted against the endpoint")
	}
}

// More questions than may wait at once are not asked.
func TestNoCrowdAtTheEndpoint(t *testing.T) {
	r := newRig(t)
	m := r.ready(five)
	r.standin.breakWith("late", 0)
	var all sync.WaitGroup
	for range 4 * flyingMax {
		all.Go(func() { ask(t, m, "KTP saya hilang") })
	}
	all.Wait()
	if _, n := r.standin.forget(); n > flyingMax {
		t.Errorf("%d requests at once, want at most %d", n, flyingMax)
	}
}

// The vectors of the phrasings are kept under the content's hash; a damaged value is computed again; an edit sends only
// what is new.
func TestPhrasingsAreCached(t *testing.T) {
	r := newRig(t)
	m := r.ready(five)
	want := ask(t, m, "KTP saya hilang").Choices
	r.standin.forget()
	if len(r.cache) != 1 {
		t.Fatalf("%d values cached", len(r.cache))
	}
	again := func(what string, requests bool) {
		t.Helper()
		r.restart()
		m := r.Beside(edition(t), five)
		x, err := r.vectors(context.Background(), m.texts)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		m.index.Store(x)
		if _, n := r.standin.forget(); (n > 0) != requests {
			t.Errorf("%s: %d requests", what, n)
		}
		if got := ask(t, m, "KTP saya hilang").Choices; !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
		r.standin.forget()
	}
	again("cached", false)
	for k, b := range r.cache {
		if bytes.Contains(b, []byte("pemilih")) {
			t.Error("texts stand in the cache")
		}
		b[len(b)/2] ^= 1
		r.cache[k] = b
	}
	again("damaged", true)
	for k, b := range r.cache {
		r.cache[k] = b[:len(b)-1]
	}
	again("short", true)

	m = r.Beside(edition(t), five)
	x, err := r.vectors(context.Background(), m.texts)
	if err != nil {
		t.Fatal(err)
	}
	r.learned.Store(x)
	edited := append(slices.Clone(m.texts), sample{"jam-tps", "apakah TPS tutup waktu istirahat siang"})
	r.standin.forget()
	if _, err := r.vectors(context.Background(), edited); err != nil {
		t.Fatal(err)
	}
	if asked, _ := r.standin.forget(); len(asked) != 1 || asked[0] != edited[len(edited)-1].text {
		t.Errorf("an edit sent %d texts", len(asked))
	}
	if len(r.cache) != 2 {
		t.Errorf("%d values cached, want one for each content", len(r.cache))
	}
}

// An endpoint that fails at the start is tried again; until then the matcher's own choices stand.
func TestStartIsTriedAgain(t *testing.T) {
	for _, fault := range faults {
		if fault == "late" {
			continue // half a minute of patience
		}
		t.Run(fault, func(t *testing.T) {
			r := newRig(t)
			r.standin.breakWith(fault, 3)
			m := r.Beside(edition(t), five)
			if got := ask(t, m, "KTP saya hilang"); !reflect.DeepEqual(got, five.res) {
				t.Errorf("before it is ready: %+v", got)
			}
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			r.learn(ctx, m)
			if !m.Ready() {
				t.Errorf("not ready:\n%s", r.log)
			}
			if !strings.Contains(r.log.String(), "trying again") {
				t.Errorf("the log does not tell:\n%s", r.log)
			}
		})
	}
}

// A model that cannot tell our phrasings apart is not asked.
func TestUselessModelIsNotUsed(t *testing.T) {
	r := newRig(t)
	r.standin.breakWith("constant", 0)
	m := r.Beside(edition(t), five)
	r.learn(context.Background(), m)
	if m.Ready() || !strings.Contains(r.log.String(), "not used") {
		t.Errorf("ready %v:\n%s", m.Ready(), r.log)
	}
}

// Run ends with its context, whatever the endpoint does.
func TestRunEnds(t *testing.T) {
	r := newRig(t)
	r.standin.breakWith("status 500", 0)
	r.Beside(edition(t), five)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if err := r.Run(ctx); err != nil {
		t.Error(err)
	}
}

func TestTry(t *testing.T) {
	r := newRig(t)
	if n, err := r.Try(context.Background()); err != nil || n != 96 {
		t.Errorf("%d, %v", n, err)
	}
	for fault, class := range map[string]bot.Class{"status 401": bot.Denied, "status 500": bot.Transient, "cut": bot.Transient, "zeros": bot.Invalid} {
		r.standin.breakWith(fault, 0)
		_, err := r.Try(context.Background())
		if bot.ClassOf(err) != class || strings.Contains(err.Error(), testKey) || strings.Contains(err.Error(), r.standin.URL) {
			t.Errorf("%s: %s %v", fault, bot.ClassOf(err), err)
		}
	}
}

func TestConfig(t *testing.T) {
	good := Config{URL: "https://api.example.com/v1", Key: "k", Model: "m"}
	for _, c := range []struct {
		change func(*Config)
		says   string // "" where it is good
	}{
		{func(*Config) {}, ""},
		{func(c *Config) { c.Key = "" }, ""},
		{func(c *Config) { c.URL = "http://127.0.0.1:11434/v1" }, ""},
		{func(c *Config) { c.URL = "http://ollama:11434/v1" }, ""},
		{func(c *Config) { c.URL = "http://10.1.2.3/v1" }, ""},
		{func(c *Config) { c.URL = "http://api.example.com/v1" }, "https"},
		{func(c *Config) { c.URL = "http://8.8.8.8/v1" }, "https"},
		{func(c *Config) { c.URL = "api.example.com" }, "TANYA_EMBEDDINGS_URL"},
		{func(c *Config) { c.URL = "" }, "TANYA_EMBEDDINGS_URL"},
		{func(c *Config) { c.URL = "https://u:rahasia@api.example.com" }, "sandi"},
		{func(c *Config) { c.Model = " " }, "TANYA_EMBEDDINGS_MODEL"},
		{func(c *Config) { c.Key = "rahasia sekali" }, "TANYA_EMBEDDINGS_KEY"},
	} {
		conf := good
		c.change(&conf)
		_, err := New(conf, Deps{Now: time.Now, Log: slog.New(slog.DiscardHandler)})
		switch {
		case c.says == "" && err != nil, c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)):
			t.Errorf("%+v: %v, want %q", conf, err, c.says)
		case err != nil && (bot.ClassOf(err) != bot.Invalid || strings.Contains(err.Error(), "rahasia")):
			t.Errorf("%v", err)
		}
	}
}

func TestFuse(t *testing.T) {
	for _, c := range [][3]string{
		{"abcd", "abcd", "abcd"}, {"abcd", "bacd", "abcd"}, // a tie: the first order holds
		{"abcd", "dbca", "badc"}, {"abcd", "cdba", "cabd"},
	} {
		if got := strings.Join(fuse(strings.Split(c[0], ""), strings.Split(c[1], "")), ""); got != c[2] {
			t.Errorf("%s and %s: %s, want %s", c[0], c[1], got, c[2])
		}
	}
}

// Eight bits keep the order of cosines.
func TestVectorsInEightBits(t *testing.T) {
	x := &index{dims: 96}
	var whole [][]float32
	for _, s := range []string{"ktp hilang", "ktp saya hilang", "jam berapa tps buka", "lapor politik uang"} {
		v := unit(letters(s))
		whole = append(whole, v)
		x.add(v)
	}
	for _, v := range whole {
		for i, w := range whole {
			exact := 0.0
			for k := range v {
				exact += float64(v[k]) * float64(w[k])
			}
			if d := x.cosine(v, i) - exact; d > .01 || d < -.01 {
				t.Errorf("cosine %d is off by %f", i, d)
			}
		}
	}
}

// A cache that fails only costs time.
func TestBrokenCache(t *testing.T) {
	r := newRig(t)
	r.deps.Cache = brokenCache{}
	if m := r.ready(five); !m.Ready() {
		t.Error("not ready")
	}
}

type brokenCache struct{}

func (brokenCache) Load(string) ([]byte, error) { return []byte("x"), nil }
func (brokenCache) Save(string, []byte) error   { return errors.Join(fs.ErrPermission) }
