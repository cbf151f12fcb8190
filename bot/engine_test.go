package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tanya/bot"
	"tanya/faq"
	"tanya/locales"
)

// ledger keeps the road in memory, as simply as the contract allows.
type ledger struct {
	mu      sync.Mutex
	inbox   []bot.Message
	settled map[int64]bool
	session map[string]bot.Session
	queries []bot.Query
	outbox  []bot.Outgoing
	state   map[int64]bot.Delivery
	leased  map[int64]bool
	fail    error // returned by Accept while set
	now     func() time.Time
	wishes  []bot.Reminder
}

func newLedger(now func() time.Time) *ledger {
	return &ledger{settled: map[int64]bool{}, session: map[string]bot.Session{}, state: map[int64]bot.Delivery{}, leased: map[int64]bool{}, now: now}
}

func (l *ledger) Accept(_ context.Context, b bot.Batch) ([]int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fail != nil {
		return nil, l.fail
	}
	var shards []int
	for _, m := range b.Messages {
		if slices.ContainsFunc(l.inbox, func(o bot.Message) bool { return o.External == m.External && o.Channel == m.Channel }) {
			continue
		}
		m.Seq, m.Chat = int64(len(l.inbox)+1), m.Address
		l.inbox = append(l.inbox, m)
		shards = append(shards, bot.Shard(m.Chat))
	}
	return shards, nil
}

func (l *ledger) Claim(_ context.Context, shard, limit int) ([]bot.Pending, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []bot.Pending
	for _, m := range l.inbox {
		if !l.settled[m.Seq] && bot.Shard(m.Chat) == shard && len(out) < limit {
			out = append(out, bot.Pending{Message: m, Session: l.session[m.Chat]})
		}
	}
	return out, nil
}

func (l *ledger) Settle(_ context.Context, all ...bot.Settlement) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range all {
		covered := append(slices.Clone(s.Covers), s.Message.Seq)
		if l.settled[covered[0]] {
			continue
		}
		for _, seq := range covered {
			l.settled[seq] = true
		}
		if s.Silence || s.Erase {
			l.wishes = nil
		}
		if s.Remind != nil {
			l.wishes = []bot.Reminder{*s.Remind} // one of an event for a chat, and these tests have one of each
		}
		if s.Session != nil {
			l.session[s.Message.Chat] = *s.Session
		} else {
			delete(l.session, s.Message.Chat)
		}
		l.queries = append(l.queries, s.Queries...)
		for _, r := range s.Replies {
			l.outbox = append(l.outbox, bot.Outgoing{
				ID: int64(len(l.outbox) + 1), Channel: s.Message.Channel, Chat: s.Message.Chat, Address: s.Message.Address, Reply: r, Created: l.now(),
			})
		}
	}
	return nil
}

func (l *ledger) Lease(_ context.Context, channel, _ string, limit int, now, _ time.Time) ([]bot.Outgoing, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []bot.Outgoing
	busy := map[string]bool{}
	for i := range l.outbox {
		o := &l.outbox[i]
		d := l.state[o.ID]
		if d.State == bot.Delivered || d.State == bot.Dead || o.Channel != channel {
			continue
		}
		if busy[o.Chat] || l.leased[o.ID] || d.RetryAt.After(now) || len(out) == limit {
			busy[o.Chat] = true
			continue
		}
		busy[o.Chat] = true
		l.leased[o.ID] = true
		o.Attempt++
		out = append(out, *o)
	}
	return out, nil
}

// Remind hands out as the store does; l.wishes are the reminders that wait.
func (l *ledger) Remind(_ context.Context, now time.Time, say func(bot.Reminder) (bot.Reply, bool)) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	l.wishes = slices.DeleteFunc(l.wishes, func(w bot.Reminder) bool {
		if now.Before(w.Due) {
			return false
		}
		if r, ok := say(w); ok {
			l.outbox = append(l.outbox, bot.Outgoing{ID: int64(len(l.outbox) + 1), Channel: "wire", Chat: "a", Address: "a", Reply: r, Created: now})
			n++
		}
		return true
	})
	return n, nil
}

func (l *ledger) Prepare(context.Context, int64, string) error { return nil }

func (l *ledger) Finish(_ context.Context, ds ...bot.Delivery) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, d := range ds {
		l.state[d.ID] = d
		delete(l.leased, d.ID)
		for i := range l.outbox {
			if l.outbox[i].ID == d.ID && d.State == bot.Postponed {
				l.outbox[i].Attempt--
			}
		}
	}
	return nil
}

func (l *ledger) OwnShards(context.Context, string, time.Time, time.Time) ([]int, error) {
	all := make([]int, bot.Shards)
	for i := range all {
		all[i] = i
	}
	return all, nil
}
func (l *ledger) LeaveShards(context.Context, string) error      { return nil }
func (l *ledger) Cursor(context.Context, string) (string, error) { return "", nil }
func (l *ledger) count(f func(*ledger) int) int                  { l.mu.Lock(); defer l.mu.Unlock(); return f(l) }
func (l *ledger) delivery(id int64) bot.Delivery {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state[id]
}

// wire is a channel whose sends a test decides about.
type wire struct {
	mu   sync.Mutex
	sent []bot.Outgoing
	send func(n int, o bot.Outgoing) error
	run  func(ctx context.Context, a bot.Accepter) error
}

func (w *wire) Name() string { return "wire" }
func (w *wire) Run(ctx context.Context, a bot.Accepter) error {
	if w.run != nil {
		return w.run(ctx, a)
	}
	<-ctx.Done()
	return nil
}
func (w *wire) Send(_ context.Context, o bot.Outgoing) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent = append(w.sent, o)
	if w.send != nil {
		return "", w.send(len(w.sent), o)
	}
	return "", nil
}
func (w *wire) all() []bot.Outgoing { w.mu.Lock(); defer w.mu.Unlock(); return slices.Clone(w.sent) }

// parrot is a matcher that always gives one entry.
type parrot string

func (p parrot) Match(context.Context, faq.Question) (faq.Result, error) {
	return faq.Result{Verdict: faq.Answered, Entry: string(p), Score: 1}, nil
}

// content is what the program is delivered with, read once: under the race detector that takes seconds.
var content = sync.OnceValues(func() (*faq.Edition, error) { return faq.Load(faq.Content()) })

// talk makes a dialogue over the real content with a matcher of the test's choice.
func talk(t *testing.T, m faq.Matcher, withdrawn map[string]bool) *bot.Dialogue {
	t.Helper()
	ed, err := content()
	if err != nil {
		t.Fatal(err)
	}
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	return bot.NewDialogue(func() bot.Knowledge { return bot.Knowledge{Edition: ed, Matcher: m, Withdrawn: withdrawn} }, words)
}

func say(id, chat, text string) bot.Batch {
	return bot.Batch{Channel: "wire", Messages: []bot.Message{{External: id, Address: chat, Kind: bot.Text, Text: text}}}
}

// clock is a bubble's clock, moved from the year 2000 to a day on which there is content.
func clock() func() time.Time {
	start, base := time.Now(), time.Date(2024, 11, 1, 9, 0, 0, 0, faq.Jakarta())
	return func() time.Time { return base.Add(time.Since(start)) }
}

// working runs an engine inside a bubble of its own time until the test's work is done.
func working(t *testing.T, l *ledger, w *wire, d *bot.Dialogue, work func(e *bot.Engine)) {
	t.Helper()
	e := bot.NewEngine(l, d, []bot.Channel{w}, bot.EngineOptions{Owner: "test", Now: l.now, Remind: l})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	synctest.Wait()
	work(e)
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestEngineRedactsBeforeTheLedger(t *testing.T) {
	d := talk(t, parrot("jam-tps"), nil)
	synctest.Test(t, func(t *testing.T) {
		l, w := newLedger(clock()), &wire{}
		working(t, l, w, d, func(e *bot.Engine) {
			if err := e.Accept(t.Context(), say("1", "a", "NIK saya 9900005505050001 "+strings.Repeat("x", 9000))); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			if got := l.inbox[0].Text; !strings.HasPrefix(got, "NIK saya [nomor] x") || len(got) > bot.TextMax+40 {
				t.Errorf("the ledger was handed %d bytes: %.40q", len(got), got)
			}
		})
	})
}

func TestEngineKeepsTheOrderOfAChat(t *testing.T) {
	d := talk(t, parrot("jam-tps"), nil)
	synctest.Test(t, func(t *testing.T) {
		l := newLedger(clock())
		w := &wire{}
		w.send = func(n int, _ bot.Outgoing) error {
			if n%3 == 0 { // every third attempt fails
				return bot.Errorf(bot.Transient, "try again")
			}
			return nil
		}
		working(t, l, w, d, func(e *bot.Engine) {
			for i := range 8 {
				for _, chat := range []string{"a", "b", "c"} {
					if err := e.Accept(t.Context(), say(fmt.Sprint(chat, i), chat, []string{"menu", "english", "bahasa indonesia", "mode mudah"}[i%4])); err != nil {
						t.Fatal(err)
					}
				}
			}
			time.Sleep(10 * time.Minute)
			synctest.Wait()
		})
		last := map[string]int64{}
		for _, o := range w.all() {
			if l.delivery(o.ID).State != bot.Delivered {
				t.Errorf("reply %d of %s was not delivered: %+v", o.ID, o.Chat, l.delivery(o.ID))
			}
			if o.ID < last[o.Chat] {
				t.Errorf("chat %s: reply %d came after %d", o.Chat, o.ID, last[o.Chat])
			}
			last[o.Chat] = o.ID
		}
		if len(last) != 3 || len(l.outbox) != 24 {
			t.Errorf("%d chats, %d replies", len(last), len(l.outbox))
		}
	})
}

// TestEngineNeverSendsWhatHasExpired is promise 2 at the moment of sending: a reply that counts days is queued before
// midnight, the platform is down over midnight, and what is sent then says the new number.
func TestEngineNeverSendsWhatHasExpired(t *testing.T) {
	d := talk(t, parrot("hari-pemungutan-suara"), nil)
	synctest.Test(t, func(t *testing.T) {
		// The bubble's clock starts at 2000-01-01 UTC; the engine's is moved to an hour before midnight in Blora.
		start := time.Now()
		base := time.Date(2024, 11, 25, 23, 30, 0, 0, faq.Jakarta())
		now := func() time.Time { return base.Add(time.Since(start)) }
		l, w := newLedger(now), &wire{}
		w.send = func(int, bot.Outgoing) error {
			if now().Before(base.Add(time.Hour)) {
				return bot.Errorf(bot.Transient, "down")
			}
			return nil
		}
		e := bot.NewEngine(l, d, []bot.Channel{w}, bot.EngineOptions{Owner: "test", Now: now})
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- e.Run(ctx) }()
		synctest.Wait()
		if err := e.Accept(ctx, say("1", "a", "kapan coblosan")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		stop()
		<-done
		sent := w.all()
		if len(sent) < 2 {
			t.Fatalf("%d attempts", len(sent))
		}
		if first := sent[0].Reply.Text; !strings.Contains(first, "2 hari lagi") {
			t.Errorf("queued as %q", first)
		}
		if last := sent[len(sent)-1].Reply.Text; !strings.Contains(last, "besok") || strings.Contains(last, "2 hari lagi") {
			t.Errorf("sent as %q", last)
		}
	})
}

// TestEngineHonoursWithdrawal: an entry withdrawn while its reply waits is replaced by the way to a person.
func TestEngineHonoursWithdrawal(t *testing.T) {
	withdrawn := map[string]bool{}
	d := talk(t, parrot("jam-tps"), withdrawn)
	synctest.Test(t, func(t *testing.T) {
		l, w := newLedger(clock()), &wire{}
		w.send = func(n int, _ bot.Outgoing) error {
			if n == 1 {
				withdrawn["jam-tps"] = true
				return bot.Errorf(bot.Transient, "down")
			}
			return nil
		}
		working(t, l, w, d, func(e *bot.Engine) {
			if err := e.Accept(t.Context(), say("1", "a", "jam berapa")); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Minute)
			synctest.Wait()
		})
		sent := w.all()
		if last := sent[len(sent)-1].Reply; last.Outcome != bot.Withdrawn || strings.Contains(last.Text, "07.00") {
			t.Errorf("sent after withdrawal: %s %q", last.Outcome, last.Text)
		}
	})
}

func TestEngineObeysTheClassOfAFailure(t *testing.T) {
	d := talk(t, parrot("jam-tps"), nil)
	for _, c := range []struct {
		name     string
		err      error
		attempts int
		state    bot.DeliveryState
	}{
		{"blocked", bot.Errorf(bot.StopChat, "blocked by the user"), 1, bot.Dead},
		{"invalid", bot.Errorf(bot.Invalid, "refused"), 1, bot.Dead},
		{"throttled", &bot.Error{Class: bot.Throttled, Message: "slow down", After: 30 * time.Second}, 2, bot.Delivered},
		{"outage", errors.New("connection reset"), 2, bot.Delivered},
		{"token", bot.Errorf(bot.StopChannel, "token refused"), 2, bot.Delivered},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l, w := newLedger(clock()), &wire{}
				w.send = func(n int, _ bot.Outgoing) error {
					if n == 1 {
						return c.err
					}
					return nil
				}
				working(t, l, w, d, func(e *bot.Engine) {
					if err := e.Accept(t.Context(), say("1", "a", "jam berapa")); err != nil {
						t.Fatal(err)
					}
					time.Sleep(5 * time.Second)
					if c.name == "throttled" && len(w.all()) != 1 {
						t.Errorf("sent %d times within five seconds of being told to wait thirty", len(w.all()))
					}
					time.Sleep(10 * time.Minute)
					synctest.Wait()
				})
				if n := len(w.all()); n != c.attempts || l.delivery(1).State != c.state {
					t.Errorf("%d attempts, %s; want %d, %s", n, l.delivery(1).State, c.attempts, c.state)
				}
			})
		})
	}
}

// TestEngineDoesNotCountWaitingForATurn lets a reply wait for its chat's turn twenty times and then fail once: the pause
// after the failure is that of a first failure.
func TestEngineDoesNotCountWaitingForATurn(t *testing.T) {
	d := talk(t, parrot("jam-tps"), nil)
	synctest.Test(t, func(t *testing.T) {
		l, w := newLedger(clock()), &wire{}
		var failed, sent time.Time
		w.send = func(n int, _ bot.Outgoing) error {
			switch {
			case n <= 20:
				return &bot.Error{Class: bot.Untried, Message: "this chat waits for its turn", After: time.Second}
			case n == 21:
				failed = time.Now()
				return errors.New("connection reset")
			}
			sent = time.Now()
			return nil
		}
		working(t, l, w, d, func(e *bot.Engine) {
			if err := e.Accept(t.Context(), say("1", "a", "jam berapa")); err != nil {
				t.Fatal(err)
			}
			time.Sleep(5 * time.Minute)
			synctest.Wait()
		})
		if l.delivery(1).State != bot.Delivered || failed.IsZero() || sent.Sub(failed) > 5*time.Second {
			t.Errorf("%s, %v after its first failure", l.delivery(1).State, sent.Sub(failed))
		}
	})
}

func TestEngineGivesUpOnStaleReplies(t *testing.T) {
	d := talk(t, parrot("jam-tps"), nil)
	synctest.Test(t, func(t *testing.T) {
		l, w := newLedger(clock()), &wire{}
		w.send = func(int, bot.Outgoing) error { return errors.New("down for a day") }
		working(t, l, w, d, func(e *bot.Engine) {
			if err := e.Accept(t.Context(), say("1", "a", "jam berapa")); err != nil {
				t.Fatal(err)
			}
			time.Sleep(24 * time.Hour)
			synctest.Wait()
		})
		if got := l.delivery(1); got.State != bot.Dead || got.Reason != "stale" {
			t.Errorf("after a day: %+v", got)
		}
		if n := len(w.all()); n > 160 {
			t.Errorf("%d attempts in six hours; the pause between them must grow", n)
		}
	})
}

// broken is a matcher that fails for one text.
type broken struct{}

func (broken) Match(_ context.Context, q faq.Question) (faq.Result, error) {
	if strings.Contains(q.Text, "racun") {
		panic("poison")
	}
	return faq.Result{Verdict: faq.Answered, Entry: "jam-tps"}, nil
}

// TestEngineIsNotStuckByOneMessage: a message that breaks the dialogue is answered with an apology and counted, and
// the next one of the same chat is answered.
func TestEngineIsNotStuckByOneMessage(t *testing.T) {
	d := talk(t, broken{}, nil)
	synctest.Test(t, func(t *testing.T) {
		l, w := newLedger(clock()), &wire{}
		working(t, l, w, d, func(e *bot.Engine) {
			for i, text := range []string{"racun", "jam berapa tps"} {
				if err := e.Accept(t.Context(), say(fmt.Sprint(i), "a", text)); err != nil {
					t.Fatal(err)
				}
			}
			time.Sleep(5 * time.Minute)
			synctest.Wait()
		})
		if len(l.queries) != 2 || l.queries[0].Outcome != bot.Unknown || l.queries[1].Outcome != bot.Answered {
			t.Errorf("counted: %+v", l.queries)
		}
		if n := len(w.all()); n != 2 {
			t.Errorf("%d replies", n)
		}
	})
}

// TestEngineDoesNotAcknowledgeWhatIsNotOnDisk: a ledger that fails makes Accept fail, and the same batch works later.
func TestEngineDoesNotAcknowledgeWhatIsNotOnDisk(t *testing.T) {
	d := talk(t, parrot("jam-tps"), nil)
	synctest.Test(t, func(t *testing.T) {
		l, w := newLedger(clock()), &wire{}
		working(t, l, w, d, func(e *bot.Engine) {
			l.fail = bot.Errorf(bot.Transient, "disk full")
			if err := e.Accept(t.Context(), say("1", "a", "jam")); bot.ClassOf(err) != bot.Transient {
				t.Errorf("a full disk gives %v", err)
			}
			l.fail = nil
			for range 3 { // the platform repeats itself
				if err := e.Accept(t.Context(), say("1", "a", "jam")); err != nil {
					t.Error(err)
				}
			}
			time.Sleep(time.Minute)
			synctest.Wait()
			if n := l.count(func(l *ledger) int { return len(l.queries) }); n != 1 {
				t.Errorf("counted %d times", n)
			}
		})
	})
}

// TestEngineStopsOneChannelOnly: a channel that cannot go on stays down with its sentence; one that breaks comes back.
func TestEngineStopsOneChannelOnly(t *testing.T) {
	d := talk(t, parrot("jam-tps"), nil)
	synctest.Test(t, func(t *testing.T) {
		l := newLedger(clock())
		runs := 0
		w := &wire{}
		w.run = func(ctx context.Context, _ bot.Accepter) error {
			if runs++; runs == 1 {
				return errors.New("broken pipe")
			}
			return bot.Errorf(bot.StopChannel, "token ditolak; minta yang baru di @BotFather")
		}
		working(t, l, w, d, func(e *bot.Engine) {
			time.Sleep(time.Hour)
			synctest.Wait()
			s := e.Status()[0]
			if runs != 2 || s.Up || !s.Stopped || !strings.Contains(s.Trouble, "BotFather") {
				t.Errorf("%d runs, %+v", runs, s)
			}
		})
	})
}
