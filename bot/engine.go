package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/trace"
	"sync"
	"time"

	"tanya/faq"
)

// TextMax is how many characters of a message are read. Nobody asks a question that is longer.
const TextMax = 4000

// Ledger is what the engine needs of the store.
type Ledger interface {
	Inbox
	Outbox
	Work
}

// Work shares the work between processes and remembers where channels stand.
type Work interface {
	// OwnShards claims or renews shards for owner until end and returns those it owns.
	OwnShards(ctx context.Context, owner string, now, end time.Time) ([]int, error)
	// LeaveShards gives them back.
	LeaveShards(ctx context.Context, owner string) error
	// Cursor returns a channel's last committed cursor.
	Cursor(ctx context.Context, channel string) (string, error)
}

// EngineOptions are what an engine may be told. The zero value works.
type EngineOptions struct {
	Owner    string           // name of this process among those that share the ledger; "" makes one up
	Switches Switches         // the channels' switches; nil leaves all on
	Remind   Reminders        // who asked to be reminded; nil reminds nobody
	Patience time.Duration    // how long the next piece of a message is waited for: 0 is Patience, less reads each by itself
	Now      func() time.Time // the clock
	Log      *slog.Logger     // nil logs nothing
}

// Engine walks messages along their road: it takes them from the channels, redacts and commits them, answers them
// chat by chat in order, commits what follows, and sends. All its state is in the ledger; it may be killed at any
// moment. Its methods are safe for concurrent use.
type Engine struct {
	ledger   Ledger
	dialogue *Dialogue
	channels []Channel
	owner    string
	now      func() time.Time
	log      *slog.Logger

	switches  Switches
	reminders Reminders
	patience  time.Duration

	shards  [Shards]chan struct{}
	senders map[string]chan struct{}
	turned  chan struct{} // rung when a switch may have been turned

	mu     sync.Mutex
	owned  [Shards]bool
	status map[string]*ChannelStatus
	gears  map[string]*gear
}

// ChannelStatus is how a channel fares, for the operator.
type ChannelStatus struct {
	Name    string    `json:"name"`
	Up      bool      `json:"up"`
	Since   time.Time `json:"since"` // when Up last changed
	LastIn  time.Time `json:"last_in,omitzero"`
	LastOut time.Time `json:"last_out,omitzero"`
	Trouble string    `json:"trouble,omitempty"` // one sentence, "" when there is none
	Stopped bool      `json:"stopped,omitempty"` // it will not come back by itself

	Position Position  `json:"position"`        // of its switch
	Turned   time.Time `json:"turned,omitzero"` // when it was last turned
	TurnedBy string    `json:"-"`
	Why      string    `json:"-"`
}

// Bounds of the engine's work.
const (
	leaseLife    = 6 * time.Second // shards of a dead process are free after this, and taken within two seconds more
	claimMax     = 64
	sendMax      = 16 // replies of one channel that are under way at once
	sendGrow     = 3 * time.Second
	sendTimeout  = 35 * time.Second
	sendLease    = 60 * time.Second
	replyLife    = 6 * time.Hour // a reply that waited longer is of no use any more
	backoffMin   = time.Second
	backoffMax   = 5 * time.Minute
	turnAttempts = 3
	idleLook     = 2 * time.Second // how often the ledger is looked at without being rung
)

// NewEngine puts an engine together. The channels' names must differ.
func NewEngine(l Ledger, d *Dialogue, channels []Channel, o EngineOptions) *Engine {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Owner == "" {
		o.Owner = fmt.Sprintf("p%016x", rand.Uint64())
	}
	if o.Patience == 0 {
		o.Patience = Patience
	}
	e := &Engine{
		ledger: l, patience: o.Patience, dialogue: d, channels: channels, owner: o.Owner, now: o.Now, log: o.Log,
		senders: map[string]chan struct{}{}, status: map[string]*ChannelStatus{},
		switches: o.Switches, reminders: o.Remind, turned: make(chan struct{}, 1), gears: map[string]*gear{},
	}
	for i := range e.shards {
		e.shards[i] = make(chan struct{}, 1)
	}
	for _, c := range channels {
		e.senders[c.Name()] = make(chan struct{}, 1)
		e.status[c.Name()] = &ChannelStatus{Name: c.Name(), Since: o.Now(), Position: On}
		e.gears[c.Name()] = &gear{Switch: Switch{Channel: c.Name(), Position: On}, turned: make(chan struct{})}
	}
	return e
}

// Accept redacts a batch and commits it. When it returns nil the platform may be told "received".
func (e *Engine) Accept(ctx context.Context, b Batch) error {
	defer trace.StartRegion(ctx, "accept").End()
	now := e.now()
	for i := range b.Messages {
		m := &b.Messages[i]
		m.Channel, m.Received = b.Channel, now
		m.Text = Redact(clip(m.Text, TextMax))
	}
	shards, err := e.ledger.Accept(ctx, b)
	if err != nil {
		return err
	}
	if len(b.Messages) > 0 {
		e.note(b.Channel, func(s *ChannelStatus) { s.LastIn = now })
	}
	for _, s := range shards {
		e.Wake(s)
	}
	return nil
}

// clip cuts a text after n characters.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// Cursor returns where a channel goes on reading.
func (e *Engine) Cursor(ctx context.Context, channel string) (string, error) {
	return e.ledger.Cursor(ctx, channel)
}

// Wake says that a shard may have new work.
func (e *Engine) Wake(shard int) {
	if shard >= 0 && shard < Shards {
		ring(e.shards[shard])
	}
}

// WakeSender says that a channel may have replies to send.
func (e *Engine) WakeSender(channel string) {
	if c, ok := e.senders[channel]; ok {
		ring(c)
	}
}

// ring fills a bell that holds one.
func ring(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Status returns how the channels fare, in their order.
func (e *Engine) Status() []ChannelStatus {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := make([]ChannelStatus, 0, len(e.channels))
	for _, c := range e.channels {
		out = append(out, *e.status[c.Name()])
	}
	return out
}

// note changes a channel's status.
func (e *Engine) note(channel string, change func(*ChannelStatus)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if s, ok := e.status[channel]; ok {
		up := s.Up
		change(s)
		if s.Up != up {
			s.Since = e.now().Truncate(time.Second) // parts of one say nothing, and read like a telephone number
		}
	}
}

// Run works until ctx ends, then gives its shards back. What is under way is finished or left for the next start.
func (e *Engine) Run(ctx context.Context) error {
	if err := e.readSwitches(ctx); err != nil { // what was switched off stays off over a restart
		return err
	}
	if err := e.own(ctx); err != nil {
		return err
	}
	var wg sync.WaitGroup
	work := func(f func(context.Context)) {
		wg.Go(func() { f(ctx) })
	}
	work(e.keepShards)
	work(e.followSwitches)
	work(e.remind)
	for i := range Shards {
		work(func(ctx context.Context) { e.answerShard(ctx, i) })
	}
	for _, c := range e.channels {
		work(func(ctx context.Context) { e.runChannel(ctx, c) })
		work(func(ctx context.Context) { e.sendAll(ctx, c) })
	}
	wg.Wait()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := e.ledger.LeaveShards(last, e.owner); err != nil {
		e.log.Warn("shards not given back", "err", err)
	}
	return nil
}

// own claims shards and wakes those that are new.
func (e *Engine) own(ctx context.Context) error {
	now := e.now()
	shards, err := e.ledger.OwnShards(ctx, e.owner, now, now.Add(leaseLife))
	if err != nil {
		return err
	}
	e.mu.Lock()
	var owned [Shards]bool
	var fresh []int
	for _, s := range shards {
		owned[s] = true
		if !e.owned[s] {
			fresh = append(fresh, s)
		}
	}
	e.owned = owned
	e.mu.Unlock()
	for _, s := range fresh {
		e.Wake(s)
	}
	return nil
}

// keepShards renews the claim. When the ledger cannot be reached the shards are given up before others take them.
func (e *Engine) keepShards(ctx context.Context) {
	tick := time.NewTicker(leaseLife / 4)
	defer tick.Stop()
	good := e.now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		switch err := e.own(ctx); {
		case err == nil:
			good = e.now()
		case e.now().Sub(good) > leaseLife*3/4:
			e.mu.Lock()
			e.owned = [Shards]bool{}
			e.mu.Unlock()
			e.log.Error("ledger not reached, answering is suspended", "err", err)
		}
	}
}

func (e *Engine) owns(shard int) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.owned[shard]
}

// answerShard answers the messages of one shard in their order.
func (e *Engine) answerShard(ctx context.Context, shard int) {
	failed := map[int64]int{}
	wait := time.NewTimer(idleLook)
	defer wait.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-e.shards[shard]:
		case <-wait.C:
		}
		next := idleLook * 8 // shards are rung; looking is for what another process left behind
		if e.owns(shard) {
			again, err := e.drain(ctx, shard, failed)
			if err != nil && ctx.Err() == nil {
				e.log.Error("messages wait", "shard", shard, "class", ClassOf(err), "err", err)
				next = idleLook
			} else if again > 0 {
				next = again
			}
		}
		wait.Reset(next)
	}
}

// drain answers what waits in a shard until nothing does, or only what may go on in a next message; then it returns when
// to look again.
func (e *Engine) drain(ctx context.Context, shard int, failed map[int64]int) (again time.Duration, err error) {
	for {
		pending, err := e.ledger.Claim(ctx, shard, claimMax)
		if err != nil || len(pending) == 0 {
			return 0, err
		}
		done, again := e.answer(ctx, pending, failed)
		if len(done) == 0 && again > 0 {
			return again, nil
		}
		if len(done) == 0 {
			return 0, Errorf(Transient, "no message of the shard could be answered")
		}
		commit := trace.StartRegion(ctx, "settle")
		err = e.ledger.Settle(ctx, done...)
		commit.End()
		if err != nil {
			return 0, err
		}
		for _, s := range done {
			delete(failed, s.Message.Seq)
			if len(s.Replies) > 0 {
				e.WakeSender(s.Message.Channel)
			}
		}
	}
}

// answer answers at most one bundle of each chat: the session of the next one follows from a settlement that is not
// committed yet. It returns the settlements, and how long the first of those who may still be writing has for it. When
// more waits than was handed out, nobody is waited for.
func (e *Engine) answer(ctx context.Context, pending []Pending, failed map[int64]int) (done []Settlement, again time.Duration) {
	now := e.now()
	waiting := map[string][]Message{}
	for _, p := range pending {
		waiting[p.Message.Chat] = append(waiting[p.Message.Chat], p.Message)
	}
	first := map[string]bool{}
	for _, p := range pending {
		if first[p.Message.Chat] {
			continue
		}
		first[p.Message.Chat] = true
		b := e.dialogue.Bundle(p.Session, waiting[p.Message.Chat], now, e.patience)
		if b.Wait > 0 && len(pending) < claimMax {
			if again == 0 || b.Wait < again {
				again = b.Wait
			}
			continue
		}
		s, err := e.turn(ctx, Pending{b.Message, p.Session}, failed)
		if err != nil {
			e.log.Error("a message was not answered and is tried again", "seq", b.Message.Seq, "class", ClassOf(err), "err", err)
			break
		}
		s.Covers = b.Covers
		done = append(done, s)
	}
	return done, again
}

// turn answers one message. One that cannot be answered is tried again and then answered with an apology, so that
// it blocks nobody behind it.
func (e *Engine) turn(ctx context.Context, p Pending, failed map[int64]int) (s Settlement, err error) {
	defer trace.StartRegion(ctx, "turn").End()
	now := e.now()
	defer func() {
		if r := recover(); r != nil {
			err = Errorf(Transient, "the dialogue broke off")
			e.log.Error("the dialogue broke off", "seq", p.Message.Seq, "panic", fmt.Sprintf("%T", r))
		}
		if err == nil || ctx.Err() != nil {
			return
		}
		if failed[p.Message.Seq]++; failed[p.Message.Seq] >= turnAttempts {
			s, err = e.dialogue.Apology(p.Session, p.Message, now), nil
		}
	}()
	return e.dialogue.Turn(ctx, p.Session, p.Message, now)
}

// runChannel keeps a channel running while it is not switched off. One that says that it cannot go on stays stopped
// until its switch is turned; the others go on.
func (e *Engine) runChannel(ctx context.Context, c Channel) {
	defer e.note(c.Name(), func(s *ChannelStatus) { s.Up = false })
	pause := backoffMin
	for ctx.Err() == nil {
		g, turned := e.gear(c.Name())
		if g.Position == Off {
			e.note(c.Name(), func(s *ChannelStatus) { s.Up, s.Trouble, s.Stopped = false, "", false })
			hear(ctx, turned, 0)
			pause = backoffMin
			continue
		}
		e.note(c.Name(), func(s *ChannelStatus) { s.Up, s.Trouble, s.Stopped = true, "", false })
		started := e.now()
		on, cancel := e.whileOn(ctx, c.Name())
		err := c.Run(on, e)
		off := on.Err() != nil
		cancel()
		if off {
			continue
		}
		stopped, trouble := false, "the channel ended without a reason"
		if err != nil {
			stopped, trouble = ClassOf(err) == StopChannel, sentence(err)
		}
		e.note(c.Name(), func(s *ChannelStatus) { s.Up, s.Trouble, s.Stopped = false, trouble, stopped })
		e.log.Error("channel down", "channel", c.Name(), "stopped", stopped, "err", trouble)
		if stopped {
			hear(ctx, turned, 0)
			pause = backoffMin
			continue
		}
		if e.now().Sub(started) > time.Minute {
			pause = backoffMin
		}
		if hear(ctx, turned, jitter(pause)) {
			pause = backoffMin
			continue
		}
		pause = min(2*pause, backoffMax)
	}
}

// hear waits for a bell, until ctx ends, or for d when that is not zero. It reports whether the bell was heard.
func hear(ctx context.Context, bell <-chan struct{}, d time.Duration) bool {
	var late <-chan time.Time
	if d > 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		late = t.C
	}
	select {
	case <-bell:
		return true
	case <-late:
	case <-ctx.Done():
	}
	return false
}

// sentence returns what may be shown of an error.
func sentence(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Message
	}
	return "unexpected fault"
}

// jitter returns a random pause up to d, so that many who wait do not come back at once.
func jitter(d time.Duration) time.Duration {
	return time.Duration(rand.Int64N(int64(d)) + int64(d)/8 + 1)
}

// Apology is the settlement of a message that the dialogue could not answer: a sentence, the way to a person, and a
// query row, so that the question is not lost.
func (d *Dialogue) Apology(s Session, m Message, now time.Time) Settlement {
	if !s.Lang.Valid() {
		s.Lang = faq.Indonesian
	}
	t := &turn{d: d, k: d.knowledge(), s: s, m: m, now: now}
	t.apologise()
	return t.settle()
}
