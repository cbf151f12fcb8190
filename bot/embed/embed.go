// Package embed asks an OpenAI-compatible embeddings endpoint for a second opinion on questions that the matcher is unsure
// about. It stands behind faq.Matcher and has one power only: where the matcher offers choices, it may say which of the
// matcher's own candidates are offered, and in what order. It gives no answer and takes none away, it is not asked about
// what a guard declined, what was answered, what is out of scope or what is a greeting, and whatever goes wrong (no
// answer in time, refusals, garbage, vectors of another kind) the matcher's own choices stand. Only redacted text is
// sent. The vectors of the phrasings are computed beside the service and kept in a cache under the content's hash; until
// they are there nothing is asked. Logs say what failed by a class and never hold a text, an address or the key.
package embed

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tanya/bot"
	"tanya/faq"
	"tanya/faq/match"
)

// Config says where the endpoint is and how long anything may take.
type Config struct {
	URL   string // base, to which /embeddings is added: https://api.openai.com/v1
	Key   string // sent as a bearer token; "" for servers that want none
	Model string

	Patience time.Duration // for one question; 0: 700 ms, a person is waiting
	Batch    time.Duration // for one batch of phrasings; 0: 30 s
	Retry    time.Duration // after the first failed batch, doubling up to 128 times as long; 0: 5 s
	Rest     time.Duration // how long nobody is asked after failuresMax failures in a row; 0: a minute
}

// Deps are what the service needs of others.
type Deps struct {
	Transport http.RoundTripper // nil: http.DefaultTransport
	Cache     match.Cache       // nil: none
	Now       func() time.Time
	Log       *slog.Logger
}

const (
	failuresMax = 3  // in a row, then the endpoint is left alone for Config.Rest
	flyingMax   = 8  // questions that wait for the endpoint at the same time; more are not asked
	leastRight  = .4 // share of phrasings that must find their own entry, else the model is of no use here
)

// Service holds the endpoint and learns the phrasings of the newest edition. It is safe for concurrent use.
type Service struct {
	conf   Config
	deps   Deps
	client *client
	newest chan *Matcher // the one whose phrasings are still to be learned; at most one waits
	flying chan struct{}

	mu       sync.Mutex
	failures int       // in a row
	rested   time.Time // nobody is asked before

	learned                       atomic.Pointer[index]
	asked, failed, skipped, moved atomic.Uint64
}

// Check says in one sentence what is wrong with a configuration; it never repeats the key. Without encryption only
// machines of the own network are spoken to.
func (c Config) Check() error {
	u, err := url.Parse(c.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return bot.Errorf(bot.Invalid, "TANYA_EMBEDDINGS_URL bukan alamat; tulis seperti https://api.openai.com/v1")
	case u.User != nil:
		return bot.Errorf(bot.Invalid, "TANYA_EMBEDDINGS_URL memuat sandi; taruh kuncinya di TANYA_EMBEDDINGS_KEY")
	case u.Scheme == "http" && !c.Inside():
		return bot.Errorf(bot.Invalid, "TANYA_EMBEDDINGS_URL di luar jaringan kantor harus https")
	case strings.TrimSpace(c.Model) == "":
		return bot.Errorf(bot.Invalid, "TANYA_EMBEDDINGS_MODEL kosong; isi nama model, misalnya text-embedding-3-small")
	case strings.ContainsFunc(c.Key, func(r rune) bool { return r <= ' ' || r > '~' }):
		return bot.Errorf(bot.Invalid, "TANYA_EMBEDDINGS_KEY memuat spasi atau huruf asing; salin ulang kuncinya")
	}
	return nil
}

// Inside reports whether the endpoint is a machine of the own network, so that no text leaves the office.
func (c Config) Inside() bool {
	u, err := url.Parse(c.URL)
	if err != nil {
		return false
	}
	host := u.Hostname()
	if a, err := netip.ParseAddr(host); err == nil {
		return a.IsLoopback() || a.IsPrivate()
	}
	return host != "" && !strings.Contains(host, ".") // localhost, or a name that only the own network knows
}

// Host is the endpoint's name, for the operator.
func (c Config) Host() string {
	u, err := url.Parse(c.URL)
	if err != nil {
		return ""
	}
	return u.Host
}

// New makes a service. It asks nobody; Run does. An error is of the class bot.Invalid.
func New(conf Config, deps Deps) (*Service, error) {
	if err := conf.Check(); err != nil {
		return nil, err
	}
	for d, usual := range map[*time.Duration]time.Duration{
		&conf.Patience: 700 * time.Millisecond, &conf.Batch: 30 * time.Second, &conf.Retry: 5 * time.Second, &conf.Rest: time.Minute,
	} {
		if *d == 0 {
			*d = usual
		}
	}
	return &Service{
		conf: conf, deps: deps, client: newClient(conf, deps.Transport),
		newest: make(chan *Matcher, 1), flying: make(chan struct{}, flyingMax),
	}, nil
}

// Beside puts the second opinion beside a matcher that was trained on the edition. Its phrasings are learned by Run; of
// several editions that wait only the newest is learned.
func (s *Service) Beside(ed *faq.Edition, m faq.Matcher) *Matcher {
	out := newMatcher(s, ed, m)
	select { // the one that waited is older
	case <-s.newest:
	default:
	}
	select {
	case s.newest <- out:
	default: // another edition came at the same time; without vectors its matcher's own choices stand
	}
	return out
}

// Run learns the phrasings of the newest edition, and of the next when there is one, until ctx ends. It returns nil:
// an endpoint that fails is no reason to stop a service that works without it.
func (s *Service) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case m := <-s.newest:
			s.learn(ctx, m)
		}
	}
}

// learn gets the vectors of a matcher's phrasings, from the cache or from the endpoint, and tries as long as no newer
// edition waits.
func (s *Service) learn(ctx context.Context, m *Matcher) {
	wait := s.conf.Retry
	for try := 0; ; try++ {
		err := s.try(ctx, m)
		if err == nil || errors.Is(err, errUseless) || ctx.Err() != nil {
			return
		}
		if try == 0 {
			s.deps.Log.Warn("second opinion not ready, trying again", "class", className(err))
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case next := <-s.newest:
			timer.Stop()
			m, wait, try = next, s.conf.Retry, -1
		case <-timer.C:
			wait = min(2*wait, 128*s.conf.Retry)
		}
	}
}

// errUseless says that a model cannot tell our phrasings apart.
var errUseless = bot.Errorf(bot.Invalid, "model itu tidak dapat membedakan contoh pertanyaan; pilih TANYA_EMBEDDINGS_MODEL lain")

// Learn gets the vectors of a matcher's phrasings now, without trying again, for commands that wait for it. The error is
// of a class of package bot and says in one sentence what to do.
func (s *Service) Learn(ctx context.Context, m *Matcher) error {
	if err := s.try(ctx, m); err != nil {
		return advice(err)
	}
	return nil
}

// try lets a matcher ask from now on, where the vectors of its phrasings can be had and the model knows them well
// enough: what cannot tell a phrasing's own entry from the others has no opinion worth asking for.
func (s *Service) try(ctx context.Context, m *Matcher) error {
	x, err := s.vectors(ctx, m.texts)
	if err != nil {
		if causeOf(err) == uneven { // the model behind the name is another one now: what is known of it is of no use
			s.learned.Store(nil)
		}
		return err
	}
	right, n := x.check(ctx, m.texts)
	if err := ctx.Err(); err != nil {
		return err
	}
	if float64(right) < leastRight*float64(n) {
		s.deps.Log.Warn("second opinion not used: the model does not know our phrasings apart", "right", right, "of", n)
		return errUseless
	}
	s.learned.Store(x)
	m.index.Store(x)
	s.deps.Log.Info("second opinion ready", "phrasings", len(m.texts), "dimensions", x.dims, "right", right, "of", n)
	return nil
}

// Counts tells what the service did since the start: questions that were answered, that failed, that were not asked
// because the endpoint rests or is busy, and those whose choices changed.
func (s *Service) Counts() map[string]uint64 {
	return map[string]uint64{"asked": s.asked.Load(), "failed": s.failed.Load(), "skipped": s.skipped.Load(), "moved": s.moved.Load()}
}

// Try asks the endpoint for one vector of a sentence of ours and returns its length. The error is of a class of package
// bot and says in one sentence what to do.
func (s *Service) Try(ctx context.Context) (dims int, err error) {
	ctx, cancel := context.WithTimeout(ctx, s.conf.Batch)
	defer cancel()
	vs, err := s.client.embed(ctx, []string{"kapan hari pemungutan suara"})
	if err != nil {
		return 0, advice(err)
	}
	return len(vs[0]), nil
}

// question asks for the vector of one redacted question, where that is worth trying. nil means that there is none of
// that many dimensions.
func (s *Service) question(ctx context.Context, text string, dims int) []float32 {
	if s.resting() {
		s.skipped.Add(1)
		return nil
	}
	select {
	case s.flying <- struct{}{}:
		defer func() { <-s.flying }()
	default:
		s.skipped.Add(1)
		return nil
	}
	limited, cancel := context.WithTimeout(ctx, s.conf.Patience)
	defer cancel()
	vs, err := s.client.embed(limited, []string{text})
	if err == nil && len(vs[0]) != dims {
		err = &fault{cause: uneven}
	}
	if err != nil {
		if ctx.Err() == nil { // else whoever asked has gone, which says nothing about the endpoint
			s.failed.Add(1)
			s.fell(err)
		}
		return nil
	}
	s.asked.Add(1)
	s.rose()
	return vs[0]
}

func (s *Service) resting() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.deps.Now().Before(s.rested)
}

// fell notes a failure; after some in a row the endpoint rests, so that nobody waits for a dead one.
func (s *Service) fell(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures++
	if s.failures >= failuresMax {
		s.rested = s.deps.Now().Add(s.conf.Rest)
	}
	if s.failures == failuresMax {
		s.deps.Log.Warn("second opinion silent, answering without it", "class", className(err))
	}
}

func (s *Service) rose() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failures >= failuresMax {
		s.deps.Log.Info("second opinion is back")
	}
	s.failures = 0
}

// className is what a log may say of an error.
func className(err error) string {
	if f := (*fault)(nil); errors.As(err, &f) {
		return f.Error()
	}
	return string(bot.ClassOf(err))
}

func causeOf(err error) cause {
	if f := (*fault)(nil); errors.As(err, &f) {
		return f.cause
	}
	return ""
}
