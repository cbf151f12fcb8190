package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"tanya/bot"
	"tanya/bot/simulate"
	"tanya/faq"
)

// demoReach is how many people see a broadcast or a post, for which no attendance list is kept.
const demoReach = 150

// demoDays is how long the made-up season lasts.
const demoDays = 75

// demo fills a folder of its own with a made-up season, so that an office can see desk, activities and report before it
// has data. The folder is marked for ever: every page and print of it says that it is simulated.
func (a *app) demo(ctx context.Context, args []string) error {
	f := a.flags("demo")
	out := f.String("o", "data-simulasi", "folder baru untuk data simulasi")
	content := f.String("content", a.getenv("TANYA_CONTENT"), "folder isi (bawaan: isi di dalam program)")
	seed := f.Uint64("seed", 1, "benih acak; benih yang sama memberi musim yang sama")
	daily := f.Float64("daily", 14, "percakapan per hari tanpa kode kegiatan")
	if rest, err := parse(f, args); err != nil {
		return err
	} else if len(rest) > 0 {
		return usagef("tanya demo tidak memakai %q; tulis tanya demo -o FOLDER", rest[0])
	}
	if *daily < 0 || *daily > 200 {
		return usagef("--daily antara 0 dan 200")
	}
	if files, err := os.ReadDir(*out); err == nil && len(files) > 0 {
		return usagef("folder %q tidak kosong; data simulasi hanya ditulis ke folder baru. Pilih folder lain dengan -o", *out)
	}
	now := a.clock().In(faq.Jakarta())
	end := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, faq.Jakarta())
	clock := &demoClock{}
	clock.set(end.AddDate(0, 0, -demoDays))
	made := &app{stdin: a.stdin, stdout: a.stdout, stderr: a.stderr, getenv: func(string) string { return "" }, clock: clock.now}
	fmt.Fprintln(a.stderr, "Menyiapkan isi dan pencocok pertanyaan ...")
	// Only the folder and the content count here: no setting may lead to the office's real database or channels.
	h, err := made.build(ctx, config{Data: *out, Content: *content}, a.logger("warn"))
	if err != nil {
		return err
	}
	s := &demoSeason{house: h, clock: clock, end: end, rnd: rand.New(rand.NewPCG(*seed, 0xde30)), show: newProgress(a.stderr, "Simulasi", a.clock).show}
	if err := errors.Join(s.play(ctx, *seed, *daily), h.Close()); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "DATA SIMULASI ditulis ke %s: %d kegiatan, %d percakapan, %d pesan, %d edisi, %s sampai %s.\n\nLihat: tanya serve --data %s\n",
		*out, s.outings, s.visits, s.messages, s.editions, faq.ShortDay(faq.DateOf(end.AddDate(0, 0, -demoDays), faq.Jakarta()), faq.Indonesian),
		faq.ShortDay(faq.DateOf(end.AddDate(0, 0, -1), faq.Jakarta()), faq.Indonesian), *out)
	return nil
}

// demoClock is the clock of the made-up season.
type demoClock struct{ at atomic.Int64 }

func (c *demoClock) set(t time.Time) { c.at.Store(t.UnixMilli()) }
func (c *demoClock) now() time.Time  { return time.UnixMilli(c.at.Load()) }

// demoSeason plays a season through the real dialogue and the real ledger.
type demoSeason struct {
	*house
	clock *demoClock
	end   time.Time
	rnd   *rand.Rand
	show  func(done, total int64)

	outings, visits, messages, editions int
	held                                map[string]bool // whether a quiz's statement is true
}

// The actors of the season. They are nobody's accounts: the desk of the demonstration begins without staff.
const (
	demoWriter   = "contoh-penyunting"
	demoApprover = "contoh-penyetuju"
)

func (s *demoSeason) play(ctx context.Context, seed uint64, daily float64) error {
	desk := s.store.Desk()
	if err := desk.Simulate(ctx, bot.Audit{At: s.now(), Actor: "server", Action: "simulasi", Object: "musim", Detail: fmt.Sprint("benih ", seed)}); err != nil {
		return err
	}
	select {
	case <-s.matcherReady():
	case <-ctx.Done():
		return ctx.Err()
	}
	begin := s.now().In(faq.Jakarta())
	if err := s.publish(ctx, "Isi awal", ""); err != nil {
		return err
	}
	outings, err := s.enterOutings(ctx, begin)
	if err != nil {
		return err
	}
	ed := s.knowledge.Load().Edition
	d := simulate.Diary{
		From: begin, To: s.end, Outings: outings, Topics: map[string]string{}, Odd: demoOdd(), Daily: daily, Seed: seed,
		Channels: map[string]float64{"whatsapp": 0.5, "telegram": 0.2, "webchat": 0.3},
	}
	s.held = map[string]bool{}
	for _, q := range ed.Quiz() {
		s.held[q.ID] = q.Holds
	}
	for _, id := range ed.IDs() {
		e := ed.Entry(id)
		if e.Guard {
			continue
		}
		d.Topics[id] = e.Topic
		for _, p := range e.Phrasings {
			d.Questions = append(d.Questions, simulate.Question{Text: p.Text, Entry: id})
		}
	}
	visits := d.Visits()
	s.visits = len(visits)
	half := begin.AddDate(0, 0, demoDays*2/3)
	for i := 0; i < len(visits); {
		hour := visits[i].At.Truncate(2 * time.Hour)
		j := i
		for j < len(visits) && visits[j].At.Truncate(2*time.Hour).Equal(hour) {
			j++
		}
		s.advance(ctx, hour)
		if err := s.hour(ctx, visits[i:j]); err != nil {
			return err
		}
		if s.editions == 1 && hour.After(half) {
			if err := s.work(ctx); err != nil {
				return err
			}
		}
		i = j
		s.show(int64(i), int64(len(visits)))
	}
	s.advance(ctx, s.end)
	_, err = s.store.Sweep(ctx, s.end)
	return err
}

// matcherReady is closed once thresholds are computed.
func (s *demoSeason) matcherReady() <-chan struct{} {
	if m, ok := s.knowledge.Load().Matcher.(interface{ Ready() <-chan struct{} }); ok {
		return m.Ready()
	}
	done := make(chan struct{})
	close(done)
	return done
}

// advance moves the clock on, and lets go at the turn of a month of what has reached its end.
func (s *demoSeason) advance(ctx context.Context, to time.Time) {
	before := s.now()
	s.clock.set(to)
	if before.In(faq.Jakarta()).Month() != to.In(faq.Jakarta()).Month() {
		_, _ = s.store.Sweep(ctx, to) // what is left is swept at the end, which reports its error
	}
}

// talk is a visit under way.
type talk struct {
	simulate.Visit
	address string
	says    []string
	tap     string // the choice to press next, "" when none
	right   float64
}

// hour plays the visits of two hours: the first message of everybody, then the second, and so on.
func (s *demoSeason) hour(ctx context.Context, visits []simulate.Visit) error {
	var talks []*talk
	for _, v := range visits {
		t := &talk{Visit: v, address: "simulasi:" + v.Person, right: 0.4 + 0.3*s.rnd.Float64()}
		switch {
		case v.Code != "" && v.Channel == "whatsapp":
			t.says = append(t.says, "KODE "+bot.ShowCode(v.Code))
		case v.Code != "":
			t.says = append(t.says, "/start "+v.Code)
		}
		if v.Quiz {
			t.says = append(t.says, "kuis awal")
		}
		t.says = append(t.says, v.Says...)
		if v.Quiz {
			t.says = append(t.says, "kuis akhir")
		}
		talks = append(talks, t)
	}
	for round := 0; len(talks) > 0; round++ {
		s.clock.set(s.now().Add(20 * time.Second))
		if err := s.round(ctx, talks, round); err != nil {
			return err
		}
		next := talks[:0]
		for _, t := range talks {
			if t.tap != "" || len(t.says) > 0 {
				next = append(next, t)
			}
		}
		talks = next
	}
	return s.deliver(ctx)
}

// round takes one message of every talk through inbox, dialogue and settlement.
func (s *demoSeason) round(ctx context.Context, talks []*talk, round int) error {
	now := s.now()
	batches, of := map[string][]bot.Message{}, map[string]*talk{}
	for _, t := range talks {
		m := bot.Message{Channel: t.Channel, External: fmt.Sprint(t.Person, "-", round), Address: t.address, Chat: s.keys.Chat(t.Channel, t.address), Kind: bot.Text, Sent: now, Received: now}
		if t.tap != "" {
			m.Kind, m.Choice, t.tap = bot.Tap, t.tap, ""
		} else {
			m.Text, t.says = bot.Redact(t.says[0]), t.says[1:]
		}
		batches[t.Channel] = append(batches[t.Channel], m)
		of[m.Chat] = t
	}
	shards := map[int]bool{}
	for _, channel := range []string{"telegram", "webchat", "whatsapp"} {
		if len(batches[channel]) == 0 {
			continue
		}
		rung, err := s.store.Accept(ctx, bot.Batch{Channel: channel, Messages: batches[channel]})
		if err != nil {
			return err
		}
		for _, n := range rung {
			shards[n] = true
		}
	}
	var done []bot.Settlement
	for n := range bot.Shards {
		if !shards[n] {
			continue
		}
		waiting, err := s.store.Claim(ctx, n, len(talks)+1)
		if err != nil {
			return err
		}
		for _, p := range waiting {
			one, err := s.dialogue.Turn(ctx, p.Session, p.Message, now)
			if err != nil {
				return err
			}
			if t := of[p.Message.Chat]; t != nil {
				s.answer(t, one.Replies)
			}
			done = append(done, one)
		}
	}
	s.messages += len(done)
	return s.store.Settle(ctx, done...)
}

// answer lets the person press what a reply offers: a statement of the quiz, sometimes one of several questions that were
// offered, seldom a judgement.
func (s *demoSeason) answer(t *talk, replies []bot.Reply) {
	for _, r := range replies {
		for _, c := range r.Choices {
			part := strings.Split(c.Key, ":")
			if part[0] != "q" || len(part) != 4 {
				continue
			}
			p := t.right
			if len(t.says) == 0 { // after the activity more is known
				p = 1 - (1-p)*0.45
			}
			hold := s.held[part[2]]
			if s.rnd.Float64() >= p {
				hold = !hold
			}
			t.tap = strings.Join(part[:3], ":") + map[bool]string{true: ":1", false: ":0"}[hold]
			return
		}
		if r.Outcome == bot.Choices && len(r.Choices) > 0 && s.rnd.Float64() < 0.6 {
			t.tap = r.Choices[0].Key
			return
		}
	}
}

// deliver says that everything that waits has been sent.
func (s *demoSeason) deliver(ctx context.Context) error {
	for _, channel := range []string{"telegram", "webchat", "whatsapp"} {
		for {
			now := s.now()
			out, err := s.store.Lease(ctx, channel, "simulasi", 500, now, now.Add(time.Minute))
			if err != nil {
				return err
			}
			if len(out) == 0 {
				break
			}
			var all []bot.Delivery
			for _, o := range out {
				all = append(all, bot.Delivery{ID: o.ID, State: bot.Delivered})
			}
			if err := s.store.Finish(ctx, all...); err != nil {
				return err
			}
		}
	}
	return nil
}

// work lets the made-up staff go through half of the open questions, and publish an edition with a new phrasing.
func (s *demoSeason) work(ctx context.Context) error {
	desk := s.store.Desk()
	open, err := desk.OpenReviews(ctx, 0, 400)
	if err != nil {
		return err
	}
	var answered, aside []int64
	for i, r := range open {
		switch i % 4 {
		case 0, 1:
			answered = append(answered, r.Query.ID)
		case 2:
			aside = append(aside, r.Query.ID)
		}
	}
	for _, c := range []bot.ReviewChange{
		{Queries: answered, Status: bot.ReviewDone, By: demoWriter, At: s.now()},
		{Queries: aside, Status: bot.ReviewDismissed, Reason: "bukan-tugas-kpu", By: demoApprover, At: s.now()},
	} {
		if len(c.Queries) == 0 {
			continue
		}
		if _, err := desk.ChangeReviews(ctx, c); err != nil {
			return err
		}
	}
	return s.publish(ctx, "Tinjauan tengah musim", "tinjauan")
}

// publish makes the content an edition that two people stand behind.
func (s *demoSeason) publish(ctx context.Context, note, reason string) error {
	key, err := openSigningKey(filepath.Join(s.cfg.Data, "edition.key"))
	if err != nil {
		return err
	}
	source, err := contentFiles(s.cfg.Content)
	if err != nil {
		return err
	}
	files, err := faq.ReadFiles(source)
	if err != nil {
		return err
	}
	content, err := files.Pack()
	if err != nil {
		return err
	}
	desk, now := s.store.Desk(), s.now()
	p := bot.Proposal{State: bot.Waiting, Authors: []string{demoWriter}, At: now, Note: note, Base: int64(s.editions), Content: content, Approver: demoApprover, Reason: reason, Due: now}
	if p.ID, err = desk.SaveProposal(ctx, p, bot.Audit{At: now, Actor: demoWriter, Action: "usul", Detail: note}); err != nil {
		return err
	}
	if p, err = desk.Proposal(ctx, p.ID); err != nil {
		return err
	}
	r := bot.SignRelease(key, p.Base+1, content)
	r.Published, r.Note, r.Author = now, note, demoWriter
	p.State, p.Edition = bot.Published, r.Number
	if err := desk.Publish(ctx, p, r, bot.Audit{At: now, Actor: "sistem", Action: "terbit", Object: fmt.Sprint(r.Number), Detail: "disetujui " + demoApprover}); err != nil {
		return err
	}
	s.editions++
	ed, err := bot.OpenRelease(key.Public().(ed25519.PublicKey), r)
	if err != nil {
		return err
	}
	next := *s.knowledge.Load()
	next.Edition = ed
	s.knowledge.Store(&next)
	return nil
}

// enterOutings keeps the season's activities and says how people come from them.
func (s *demoSeason) enterOutings(ctx context.Context, begin time.Time) ([]simulate.Outing, error) {
	next := *s.knowledge.Load()
	next.Activities = map[string]bot.Activity{}
	var out []simulate.Outing
	for i, o := range demoOutings() {
		day := begin.AddDate(0, 0, 3+i*(demoDays-6)/len(demoOutings()))
		o.Date = faq.DateOf(day, faq.Jakarta())
		o.Note = "Data simulasi."
		v, err := s.addActivity(ctx, o.Activity)
		if err != nil {
			return nil, err
		}
		next.Activities[v.Code] = v
		people := v.Participants
		if people == 0 {
			people = demoReach
		}
		out = append(out, simulate.Outing{Code: v.Code, Day: day.Add(9 * time.Hour), People: people, Pickup: o.pickup, Topic: o.topic, Quiz: o.quiz})
	}
	s.outings = len(out)
	s.knowledge.Store(&next)
	return out, nil
}
