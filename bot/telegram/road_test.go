package telegram

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/bottest"
	"tanya/bot/store"
	"tanya/faq"
	"tanya/locales"
)

// road is the whole way of a message: server of others, fault proxy, channel, engine, ledger on disk.
type road struct {
	*rig
	peer   *bottest.Crabline
	engine *bot.Engine
	store  *store.Store
	dir    string
	root   []byte
	now    func() time.Time
	beside []bot.Channel
	limit  time.Duration // for a request
	ended  chan struct{}
	asked  int   // by ask
	from   int64 // update id that the next ask begins with, 0 to go on
}

// office is the office's content, read once for all tests.
var office = sync.OnceValues(func() (*faq.Edition, error) { return faq.Load(faq.Content()) })

// oneAnswer answers every question with the hours of the polling stations.
type oneAnswer struct{}

func (oneAnswer) Match(_ context.Context, q faq.Question) (faq.Result, error) {
	return faq.Result{Verdict: faq.Answered, Entry: "jam-tps", Lang: faq.Indonesian, Score: 1, Candidates: []faq.Candidate{{Entry: "jam-tps", Score: 1}}}, nil
}

// newRoad builds the road; it is not walked yet. peer may be nil for one without a server behind the proxy.
func newRoad(t testing.TB, peer *bottest.Crabline, change ...func(*road)) *road {
	t.Helper()
	rd := &road{peer: peer, dir: t.TempDir(), now: time.Now, limit: 20 * time.Second}
	var err error
	if rd.root, err = bot.NewRoot(nil); err != nil {
		t.Fatal(err)
	}
	for _, f := range change {
		f(rd)
	}
	target := ""
	if peer != nil {
		target = peer.URL
	}
	rd.rig = newRig(t, target, func(c *Config, d *Deps) { d.Now, c.Timeout = rd.now, rd.limit })
	return rd
}

// walk starts engine and channel; stop ends them.
func (rd *road) walk() *road {
	rd.t.Helper()
	edition, err := office()
	if err != nil {
		rd.t.Fatal(err)
	}
	words, err := locales.New()
	if err != nil {
		rd.t.Fatal(err)
	}
	keys, err := bot.NewKeyring(rd.root, nil)
	if err != nil {
		rd.t.Fatal(err)
	}
	if rd.store, err = store.Open(rd.t.Context(), filepath.Join(rd.dir, "tanya.db"), keys, store.Options{Now: rd.now}); err != nil {
		rd.t.Fatal(err)
	}
	d := bot.NewDialogue(func() bot.Knowledge { return bot.Knowledge{Edition: edition, Matcher: oneAnswer{}} }, words)
	rd.engine = bot.NewEngine(rd.store, d, append([]bot.Channel{rd.Channel}, rd.beside...), bot.EngineOptions{Now: rd.now, Log: rd.log})
	ctx, cancel := context.WithCancel(rd.t.Context())
	rd.ended = make(chan struct{})
	go func() {
		defer close(rd.ended)
		if err := rd.engine.Run(ctx); err != nil {
			rd.t.Errorf("the engine: %v", err)
		}
	}()
	var once sync.Once
	rd.stop = func() {
		once.Do(func() {
			cancel()
			select {
			case <-rd.ended:
			case <-time.After(30 * time.Second):
				rd.t.Error("the engine did not stop")
			}
			if err := rd.store.Close(); err != nil {
				rd.t.Errorf("close the ledger: %v", err)
			}
		})
	}
	rd.t.Cleanup(rd.stop)
	return rd
}

// ask lets a person write to the bot.
func (rd *road) ask(chat int64, text string) {
	rd.t.Helper()
	rd.asked++
	rd.peer.Say(rd.t, bottest.Say{Chat: chat, Text: text, Update: rd.from})
	rd.from = 0
}

// answers returns how many messages arrived at each chat.
func (rd *road) answers() map[string]int {
	n := map[string]int{}
	for _, c := range rd.peer.Sent(rd.t) {
		n[c.Chat()]++
	}
	return n
}

// settled waits until all that was asked has come and nothing waits in the ledger any more.
func (rd *road) settled() {
	rd.t.Helper()
	bottest.Eventually(rd.t, "everything answered and sent", func() bool {
		if int(rd.Status().Counts["accepted_text"]) < rd.asked {
			return false // looked at first: what is accepted later would be missed by the ledger's count
		}
		s, err := rd.store.Stats(rd.t.Context())
		return err == nil && s.Waiting == 0 && s.Outbox == 0
	})
}
