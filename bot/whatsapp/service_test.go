package whatsapp_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing/fstest"
	"time"

	"tanya/bot"
	"tanya/bot/store"
	"tanya/bot/whatsapp"
	"tanya/bot/whatsapp/relaytest"
	"tanya/faq"
	"tanya/locales"
)

// answers is how many different answers the test's content has; question n gets answer n modulo answers.
const answers = 50

// content is an edition whose entries are numbers.
func content() fstest.MapFS {
	files := fstest.MapFS{}
	for i := range answers {
		text := fmt.Sprintf(`id: jawab-%d
topic: jadwal
guard: true
owner: Uji
review: 2030-01-01
title: {id: Nomor %d}
question: {id: Nomor %d?}
answer: {selalu: {id: "Ini jawaban nomor %d, dari kantor."}}
`, i, i, i, i)
		files[fmt.Sprintf("entries/jadwal/jawab-%d.yaml", i)] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

// numbers is a matcher that answers "soal N".
type numbers struct{}

func (numbers) Match(_ context.Context, q faq.Question) (faq.Result, error) {
	n, err := strconv.Atoi(strings.TrimPrefix(q.Text, "soal "))
	if err != nil {
		return faq.Result{Verdict: faq.Unknown}, nil
	}
	return faq.Result{Verdict: faq.Answered, Entry: fmt.Sprintf("jawab-%d", n%answers), Score: 1}, nil
}

var answerNumber = regexp.MustCompile(`jawaban nomor (\d+),`)

// answerOf reads the number out of a reply, -1 when it is none.
func answerOf(text string) int {
	m := answerNumber.FindStringSubmatch(text)
	if m == nil {
		return -1
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

// place is where a service works.
type place struct {
	Relay   string // address
	Session string
	Ledger  string
}

func placeIn(dir, relay string) place {
	return place{Relay: relay, Session: filepath.Join(dir, "session.db"), Ledger: filepath.Join(dir, "ledger.db")}
}

// service is the whole road with WhatsApp as its only channel.
type service struct {
	channel *whatsapp.Channel
	ledger  *store.Store
	engine  *bot.Engine
}

// unhurried is a ledger that forgets how fast people write. The dialogue asks whoever sends too much to slow down, which
// is right, and would leave nothing to see of a burst here.
type unhurried struct{ *store.Store }

// Claim hands out what waits.
func (u unhurried) Claim(ctx context.Context, shard, limit int) ([]bot.Pending, error) {
	waiting, err := u.Store.Claim(ctx, shard, limit)
	for i := range waiting {
		waiting[i].Session.Burst = 0
	}
	return waiting, err
}

func openService(ctx context.Context, at place, log *slog.Logger) (*service, error) {
	keys, err := bot.NewKeyring([]byte("0123456789abcdef0123456789abcdef"), nil)
	if err != nil {
		return nil, err
	}
	words, err := locales.New()
	if err != nil {
		return nil, err
	}
	edition, problems := faq.Read(content())
	if len(problems) > 0 {
		return nil, fmt.Errorf("content: %v", problems[0])
	}
	s := &service{}
	if s.ledger, err = store.Open(ctx, at.Ledger, keys, store.Options{}); err != nil {
		return nil, err
	}
	cfg := whatsapp.Config{Session: at.Session, PauseMin: -1, PauseMax: -1, AckWait: 2 * time.Second}
	deps := whatsapp.Deps{Ledger: s.ledger, Keys: keys, Words: words, HTTP: relaytest.Transport(at.Relay), Log: log}
	if at.Session == at.Ledger { // PostgreSQL
		deps.Lock = func(ctx context.Context) (whatsapp.Hold, error) { return s.ledger.Hold(ctx, "whatsapp") }
	}
	if s.channel, err = whatsapp.New(ctx, cfg, deps); err != nil {
		return nil, errors.Join(err, s.ledger.Close())
	}
	knowledge := bot.Knowledge{Edition: edition, Matcher: numbers{}}
	dialogue := bot.NewDialogue(func() bot.Knowledge { return knowledge }, words)
	s.engine = bot.NewEngine(unhurried{s.ledger}, dialogue, []bot.Channel{s.channel}, bot.EngineOptions{Switches: s.ledger, Log: log})
	return s, nil
}

func (s *service) Close() error { return errors.Join(s.channel.Close(), s.ledger.Close()) }

// tally is what citizens got, by what they asked.
type tally struct {
	mu      sync.Mutex
	order   map[string][]int           // by citizen: the answers as they came, repeats left out
	ids     map[string]map[string]bool // by citizen: message ids seen
	repeats int                        // events with an id that was seen already
	strange []string                   // replies that are no answers
}

func newTally() *tally {
	return &tally{order: map[string][]int{}, ids: map[string]map[string]bool{}}
}

// add notes a reply.
func (y *tally) add(who, id, text string) {
	y.mu.Lock()
	defer y.mu.Unlock()
	if y.ids[who] == nil {
		y.ids[who] = map[string]bool{}
	}
	if y.ids[who][id] {
		y.repeats++
		return
	}
	y.ids[who][id] = true
	n := answerOf(text)
	if n < 0 {
		y.strange = append(y.strange, text)
		return
	}
	y.order[who] = append(y.order[who], n)
}

// total returns how many different answers came.
func (y *tally) total() int {
	y.mu.Lock()
	defer y.mu.Unlock()
	n := 0
	for _, o := range y.order {
		n += len(o)
	}
	return n
}

// parts returns where the answers of a citizen part from the order of the questions.
func (y *tally) parts(who string, first int) int {
	y.mu.Lock()
	defer y.mu.Unlock()
	for i, n := range y.order[who] {
		if n != (first+i)%answers {
			return i
		}
	}
	return len(y.order[who])
}

// around returns the answers of a citizen from a little before the place on, each as its distance from where it belongs.
func (y *tally) around(who string, place int) []int {
	y.mu.Lock()
	defer y.mu.Unlock()
	var out []int
	for i := max(0, place-2); i < min(len(y.order[who]), place+30); i++ {
		out = append(out, (y.order[who][i]-i%answers+answers+answers/2)%answers-answers/2)
	}
	return out
}

// wrong returns how many answers of a citizen are not the next one in the order of the questions from first on.
func (y *tally) wrong(who string, first, asked int) (lost, doubled, misplaced int) {
	y.mu.Lock()
	defer y.mu.Unlock()
	got := y.order[who]
	if len(got) < asked {
		lost = asked - len(got)
	}
	doubled = max(0, len(got)-asked)
	for i, n := range got {
		if n != (first+i)%answers {
			misplaced++
		}
	}
	return lost, doubled, misplaced
}
