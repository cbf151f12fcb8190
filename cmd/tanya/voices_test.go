package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"tanya/bot"
	"tanya/bot/bottest"
	"tanya/bot/store"
	"tanya/bot/telegram"
	"tanya/bot/whatsapp"
	"tanya/bot/whatsapp/relaytest"
	"tanya/bot/whatsappcloud"
	"tanya/faq"
)

// TestTranscriptsOnEveryChannel plays every golden conversation over the web page, Telegram, WhatsApp's linked device
// and WhatsApp's Cloud API at once, each through its real channel and the peer that stands for its platform. All must
// come to the same entries and outcomes, and everything that the transcript says must be readable at the other end, in
// whatever way the channel shows it: buttons, a list, a poll, a picture's caption or numbers to type.
func TestTranscriptsOnEveryChannel(t *testing.T) {
	if testing.Short() {
		t.Skip("plays 460 messages over four channels; left out of short runs")
	}
	// Telegram takes one reply a second in a chat, so most of the time is waiting. Several services wait at once.
	const stages = 4
	var mu sync.Mutex
	var next atomic.Int32 // script that no service has taken
	unsaid := map[string]int{}
	scripts := readScripts(t)
	relay, err := relaytest.Start() // one for all: whatsmeow knows one root of trust in a process
	fatal(t, err)
	defer relay.Close()
	fatal(t, relaytest.Trust(relay.Root()))
	wire := &postOffice{Relay: relay}
	var wg sync.WaitGroup
	for n := range stages { // goroutines, since t.Parallel would let no more of them run than there are processors
		wg.Go(func() {
			t.Run(strconv.Itoa(n), func(t *testing.T) {
				s := newStage(t, wire, n)
				for i := next.Add(1) - 1; int(i) < len(scripts); i = next.Add(1) - 1 {
					t.Run(scripts[i].name, func(t *testing.T) { s.play(t, scripts[i]) })
				}
				mu.Lock()
				defer mu.Unlock()
				for channel, count := range s.unsaid {
					unsaid[channel] += count
				}
			})
		})
	}
	wg.Wait()
	// What cannot be said at all somewhere: a voice note on the page; a button that is gone, where there are no buttons.
	t.Logf("not sayable: %v", unsaid)
	if unsaid["webchat"] > 3 || unsaid[whatsapp.Name] > 3 || unsaid[telegram.Name]+unsaid[whatsappcloud.Name] > 0 {
		t.Errorf("too much could not be said: %v", unsaid)
	}
}

// script is a transcript as it was written down.
type script struct {
	name  string
	start time.Time
	steps []step
}

// step is one message of the person, or the pieces of one, and what came of it.
type step struct {
	at     time.Time
	kind   bot.Kind
	words  string   // or the key, for a tap
	more   []string // what the person writes behind it without waiting
	lines  []string // what is read in answer
	counts []string // how it is counted
}

// readScripts reads the transcripts, in the order of their dates, so that the clock hardly runs back.
func readScripts(t *testing.T) []script {
	t.Helper()
	files, err := filepath.Glob("../../bot/testdata/transcripts/*.txt")
	if err != nil || len(files) < 85 {
		t.Fatalf("%d transcripts (%v)", len(files), err)
	}
	var all []script
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		sc := script{name: strings.TrimSuffix(filepath.Base(f), ".txt")}
		now := time.Date(2026, 11, 24, 9, 0, 0, 0, faq.Jakarta())
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSuffix(line, "\n")
			last := len(sc.steps) - 1
			switch {
			case strings.HasPrefix(line, "@ "):
				if now, err = time.ParseInLocation("2006-01-02 15:04", line[2:], faq.Jakarta()); err != nil {
					t.Fatal(err)
				}
			case strings.HasPrefix(line, ">+ "):
				now = now.Add(time.Second)
				sc.steps[last].more = append(sc.steps[last].more, line[3:])
			case strings.HasPrefix(line, ">"):
				now = now.Add(time.Minute)
				st := step{at: now, kind: bot.Text, words: strings.TrimPrefix(line, "> ")}
				if key, ok := strings.CutPrefix(line, ">> "); ok {
					st.kind, st.words = bot.Tap, strings.TrimSpace(key)
				} else if kind, ok := strings.CutPrefix(line, ">! "); ok {
					st.kind, st.words = bot.Kind(strings.TrimSpace(kind)), ""
				}
				sc.steps = append(sc.steps, st)
			case strings.HasPrefix(line, "= "):
				sc.steps[last].counts = append(sc.steps[last].counts, strings.TrimSpace(strings.TrimSuffix(line[2:], " (text not kept)")))
			case strings.HasPrefix(line, "  ") && line != "  --" && line != "  (no reply)":
				sc.steps[last].lines = append(sc.steps[last].lines, line[2:])
			}
		}
		sc.start = sc.steps[0].at
		all = append(all, sc)
	}
	slices.SortFunc(all, func(a, b script) int { return a.start.Compare(b.start) })
	return all
}

// voice is one channel as a person uses it.
type voice struct {
	name string
	// begin makes it somebody whom the office has never seen.
	begin func()
	// say does what a step says, in the way of the channel. It is false when that cannot be said there. Where the step
	// has more, it does not wait for a reply.
	say func(st step, offer []bot.Choice) bool
	// add says one of the further pieces.
	add func(words string)
	// heard returns what can be read of the replies to the last message, which are n.
	heard func(n int) string
}

// postOffice is the relay that all stages write over. Each has its own time, so a message and the time on it go together.
type postOffice struct {
	*relaytest.Relay
	mu sync.Mutex
}

func (p *postOffice) send(now time.Time, deliver func() error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.SetClock(now)
	return deliver()
}

// stage is the whole service, with a clock that the transcripts set.
type stage struct {
	t      testing.TB
	ahead  atomic.Int64              // how far its clock is before the real one; it moves on while people wait
	still  atomic.Pointer[time.Time] // where its clock stands, nil while it moves
	ledger *witness
	site   *httptest.Server
	voices []*voice
	wire   *postOffice
	number int            // of the stage; its telephone numbers follow from it
	person int            // counts people
	unsaid map[string]int // messages that a channel has no way to say, by channel
}

func (s *stage) now() time.Time {
	if at := s.still.Load(); at != nil {
		return *at
	}
	return time.Now().Add(time.Duration(s.ahead.Load())).In(faq.Jakarta())
}

func (s *stage) set(t time.Time) { s.ahead.Store(int64(time.Until(t))) }

// hold stops the clock while a person writes in pieces, however long a busy machine takes to carry them; go on lets it run.
func (s *stage) hold(t time.Time) (goOn func()) {
	s.still.Store(&t)
	return func() {
		s.set(t)
		s.still.Store(nil)
	}
}

// play lets one conversation happen everywhere at once.
func (s *stage) play(t *testing.T, sc script) {
	s.set(sc.start)
	s.person++
	for _, v := range s.voices {
		v.begin()
	}
	out := map[string]bool{}                // channels on which the conversation cannot go on
	out["webchat"] = sc.name == "pengingat" // the page reaches nobody who has closed it (decision 0021)
	offers := map[string][]bot.Choice{}
	for i, st := range sc.steps {
		goOn := s.hold(st.at.In(faq.Jakarta()))
		s.ledger.reset()
		var said []*voice
		for _, v := range s.voices {
			if out[v.name] {
				continue
			}
			if !v.say(st, offers[v.name]) {
				out[v.name] = true
				s.unsaid[v.name]++
				continue
			}
			said = append(said, v)
			for _, words := range st.more {
				v.add(words)
			}
		}
		goOn()
		if !s.ledger.wait(len(said), 1+len(st.more)) {
			t.Fatalf("step %d, %q: %s", i+1, st.words, s.ledger.missing(said))
		}
		for _, v := range said {
			got := s.ledger.of(v.name)
			var counts []string
			for _, q := range got.Queries {
				counts = append(counts, strings.TrimSpace(string(q.Outcome)+" "+q.Entry))
			}
			if !slices.Equal(counts, st.counts) {
				t.Errorf("step %d, %q on %s: counted as %q, the transcript says %q", i+1, st.words, v.name, counts, st.counts)
			}
			visible := v.heard(len(got.Replies))
			lines := st.lines
			if v.name == "webchat" {
				lines = slices.DeleteFunc(slices.Clone(lines), func(l string) bool { return reminds.MatchString(l) })
			}
			if missing, extra := compare(lines, visible); missing != "" || extra != "" {
				t.Errorf("step %d, %q on %s: not to be read: %q; not in the transcript: %q\n%s", i+1, st.words, v.name, missing, extra, visible)
			}
			if n := len(got.Replies); n > 0 {
				offers[v.name] = got.Replies[n-1].Choices
			}
		}
	}
}

var (
	listMark = regexp.MustCompile(`^(\d+\.|-) `) // of a line that is a choice or a point
	// reminds matches the choice of being reminded, which the page does not offer.
	reminds = regexp.MustCompile(`^\d+\. (Ingatkan saya|Ngengetaken kula|Remind me)$`)
	blanks  = regexp.MustCompile(`\s+`)
	// furniture is what channels show beside the reply: what opens a list, and what a picture is.
	furniture = regexp.MustCompile(`\b(Pilih|Choose|Gambar:|Gambar|Picture:)`)
)

// compare looks for every line of a transcript in what can be read, and for what can be read and stands in no line.
func compare(lines []string, visible string) (missing, extra string) {
	rest := " " + squeeze(visible) + " "
	byLength := slices.Clone(lines)
	slices.SortStableFunc(byLength, func(a, b string) int { return len(b) - len(a) })
	for _, l := range byLength {
		l = squeeze(listMark.ReplaceAllString(l, ""))
		if l == "" {
			continue
		}
		if !strings.Contains(squeeze(visible), l) {
			missing += l + "\n"
		}
		rest = strings.ReplaceAll(rest, l, " | ")
	}
	rest = furniture.ReplaceAllString(rest, " ")
	return missing, strings.TrimSpace(regexp.MustCompile(`[|.\d-]|\s+`).ReplaceAllString(rest, " "))
}

// squeeze makes texts comparable that break their lines in other places and mark emphasis in other ways.
func squeeze(s string) string {
	s = strings.NewReplacer("*", "", "_", "", "~", "", "`", "").Replace(s)
	return strings.TrimSpace(blanks.ReplaceAllString(s, " "))
}

// witness is the ledger, with an eye on what is settled and what was delivered.
type witness struct {
	*store.Store
	mu      sync.Mutex
	settled map[string]bot.Settlement // by channel, since the last reset; several are one here
	taken   map[string]int            // messages that they settle
	due     int                       // replies settled and not delivered, over all
	dead    int
}

func (w *witness) reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.settled, w.taken = map[string]bot.Settlement{}, map[string]int{}
}

// Settle notes what was settled.
func (w *witness) Settle(ctx context.Context, all ...bot.Settlement) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.Store.Settle(ctx, all...); err != nil {
		return err
	}
	for _, s := range all {
		of := w.settled[s.Message.Channel]
		of.Queries, of.Replies = append(of.Queries, s.Queries...), append(of.Replies, s.Replies...)
		w.settled[s.Message.Channel] = of
		w.taken[s.Message.Channel] += 1 + len(s.Covers)
		w.due += len(s.Replies)
	}
	return nil
}

// Finish notes what was delivered.
func (w *witness) Finish(ctx context.Context, all ...bot.Delivery) error {
	err := w.Store.Finish(ctx, all...)
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, d := range all {
		switch d.State {
		case bot.Delivered:
			w.due--
		case bot.Dead:
			w.due, w.dead = w.due-1, w.dead+1
		}
	}
	return err
}

// wait waits until so many channels have settled so many messages each, and all replies are delivered.
func (w *witness) wait(channels, messages int) bool {
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		w.mu.Lock()
		done := len(w.settled) == channels && w.due == 0 && w.dead == 0
		for _, n := range w.taken {
			done = done && n == messages
		}
		w.mu.Unlock()
		if done {
			return true
		}
	}
	return false
}

func (w *witness) of(channel string) bot.Settlement {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.settled[channel]
}

func (w *witness) missing(said []*voice) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var names []string
	for _, v := range said {
		if _, ok := w.settled[v.name]; !ok {
			names = append(names, v.name)
		}
	}
	return fmt.Sprintf("not answered: %v; %d replies not delivered, %d given up", names, w.due, w.dead)
}

// newStage starts everything.
func newStage(t testing.TB, wire *postOffice, number int) *stage {
	t.Helper()
	s := &stage{t: t, wire: wire, number: number, unsaid: map[string]int{}}
	s.set(time.Date(2024, 9, 1, 9, 0, 0, 0, faq.Jakarta()))
	log := slog.New(slog.DiscardHandler)
	a := &app{stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard, getenv: func(string) string { return "" }, clock: s.now}
	ctx, stop := context.WithCancel(context.Background())
	h, err := a.build(ctx, config{Data: t.TempDir()}, log)
	fatal(t, err)
	r := rooms{pages: map[string]http.Handler{}, counts: map[string]func() map[string]uint64{}, roads: map[string]func() string{}}
	fatal(t, h.addWebChat(&r))
	// From here on there is a public address; the page was made without, or its cookie would want TLS.
	h.cfg.PublicURL = "https://tanya.example"
	tg, cloud := s.telegram(h, &r), s.cloud(h, &r)
	wa, linked := s.linked(h)
	r.channels = append(r.channels, linked)
	s.ledger = &witness{Store: h.store, settled: map[string]bot.Settlement{}, taken: map[string]int{}}
	engine := bot.NewEngine(s.ledger, h.dialogue, r.channels, bot.EngineOptions{Now: h.now, Log: log})
	s.site = httptest.NewServer(r.handler(h, engine))
	s.voices = []*voice{s.web(), tg, cloud, wa}
	done := make(chan error, 1)
	go func() { done <- h.run(ctx, engine) }()
	t.Cleanup(func() {
		stop()
		fatal(t, <-done)
		s.site.Close()
		fatal(t, linked.Close())
		fatal(t, h.Close())
	})
	for end := time.Now().Add(time.Minute); linked.Status().State != whatsapp.Up; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the linked device does not come up")
		}
	}
	return s
}

func fatal(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// web is the page in a browser without scripts.
func (s *stage) web() *voice {
	var b *http.Client
	var page string
	var shown int64
	fetch := func(resp *http.Response, err error) {
		fatal(s.t, err)
		body, err := io.ReadAll(resp.Body)
		fatal(s.t, errors.Join(err, resp.Body.Close()))
		page = string(body)
		if resp.StatusCode != http.StatusOK {
			s.t.Errorf("the page answers %d", resp.StatusCode)
		}
	}
	hidden := regexp.MustCompile(`name="id" value="([^"]+)"`)
	quick := func(words string) { // as a page with scripts does
		m := hidden.FindStringSubmatch(page)
		q, err := http.NewRequest(http.MethodPost, s.site.URL+"/tanya", strings.NewReader(url.Values{"id": {m[1]}, "teks": {words}}.Encode()))
		fatal(s.t, err)
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		q.Header.Set("Accept", "application/json")
		resp, err := b.Do(q)
		fatal(s.t, err)
		fatal(s.t, resp.Body.Close())
		if resp.StatusCode != http.StatusAccepted {
			s.t.Errorf("the page answers %d", resp.StatusCode)
		}
	}
	article := regexp.MustCompile(`(?s)<article class="pesan" lang="[^"]*" data-id="(\d+)"[^>]*>(.*?)</article>`)
	return &voice{
		name: "webchat",
		begin: func() {
			jar, err := cookiejar.New(nil)
			fatal(s.t, err)
			b, shown = &http.Client{Jar: jar, Timeout: time.Minute}, 0
			fetch(b.Get(s.site.URL + "/")) //nolint:bodyclose // fetch closes it
		},
		say: func(st step, _ []bot.Choice) bool {
			m := hidden.FindStringSubmatch(page)
			if m == nil {
				s.t.Fatal("the page has no form")
			}
			form := url.Values{"id": {m[1]}}
			if len(st.more) > 0 {
				quick(st.words)
				return true
			}
			switch st.kind {
			case bot.Text:
				form.Set("teks", st.words)
			case bot.Tap:
				form.Set("pilih", st.words)
			default:
				return false // the page has no way to send it
			}
			fetch(b.PostForm(s.site.URL+"/tanya", form)) //nolint:bodyclose // fetch closes it
			return true
		},
		add: quick,
		heard: func(int) string {
			fetch(b.Get(s.site.URL + "/")) //nolint:bodyclose // fetch closes it
			var out strings.Builder
			after := shown
			for _, m := range article.FindAllStringSubmatch(page, -1) {
				if id, _ := strconv.ParseInt(m[1], 10, 64); id > after {
					shown = max(shown, id)
					out.WriteString(bare(m[2]) + "\n")
				}
			}
			return out.String()
		},
	}
}

var (
	anchor = regexp.MustCompile(`(?s)<a href="([^"]*)"[^>]*>(.*?)</a>`)
	aside  = regexp.MustCompile(`(?s)<span class="sr">.*?</span>|<p class="siapa">.*?</p>`)
	tag    = regexp.MustCompile(`<[^>]*>`)
)

// bare makes text of a piece of a page. A link that shows a short form of where it leads is read as where it leads.
func bare(s string) string {
	s = aside.ReplaceAllString(s, " ")
	s = anchor.ReplaceAllStringFunc(s, func(a string) string {
		m := anchor.FindStringSubmatch(a)
		words := strings.Fields(tag.ReplaceAllString(m[2], ""))
		if len(words) == 0 {
			return "" // a picture, whose text is read beside it
		}
		short := strings.TrimSuffix(strings.TrimSuffix(words[len(words)-1], "…"), "/")
		if strings.HasPrefix(regexp.MustCompile(`^https?://(www\.)?`).ReplaceAllString(m[1], ""), short) {
			return m[1]
		}
		return m[2] + " " + m[1]
	})
	return html.UnescapeString(tag.ReplaceAllString(s, " "))
}

// telegram is a person there, behind a server that takes everything.
func (s *stage) telegram(h *house, r *rooms) *voice {
	const token = "123456:abcdefghijklmnopqrstuvwxyzABCDEFGHI"
	proxy := bottest.StartFaultProxy(s.t, "")
	h.cfg.TelegramToken, h.cfg.TelegramAPI, h.cfg.TelegramWebhook = token, proxy.URL, "on"
	fatal(s.t, h.addTelegram(s.t.Context(), r))
	var mu sync.Mutex
	var sent []*bottest.Request
	number := 0
	for _, method := range []string{"sendMessage", "editMessageText", "sendPhoto", "sendPoll"} {
		proxy.Always(method, func(w http.ResponseWriter, q *bottest.Request) bool {
			mu.Lock()
			defer mu.Unlock()
			sent = append(sent, q)
			number++
			fmt.Fprintf(w, `{"ok":true,"result":{"message_id":%d,"date":1,"chat":{"id":1,"type":"private"},"poll":{"id":"poll-%d"}}}`, number, number)
			return true
		})
	}
	proxy.Always("getMe", bottest.Answer(200, `{"ok":true,"result":{"id":123456,"is_bot":true,"first_name":"Tanya","username":"tanya_bot"}}`))
	secret := hmac.New(sha256.New, []byte(token))
	_, _ = secret.Write([]byte("tanya webhook secret v1"))
	update := 0
	post := func(kind, body string) {
		update++
		s.post(telegramWebhook, fmt.Sprintf(`{"update_id":%d,%q:%s}`, update, kind, body),
			"X-Telegram-Bot-Api-Secret-Token", hex.EncodeToString(secret.Sum(nil)))
	}
	from := func() string { return fmt.Sprintf(`{"id":%d,"is_bot":false,"first_name":"Warga"}`, 1000+s.person) }
	message := func(inner string) string {
		return fmt.Sprintf(`{"message_id":%d,"date":%d,"chat":{"id":%d,"type":"private"},"from":%s,%s}`, 500000+update, s.now().Unix(), 1000+s.person, from(), inner)
	}
	seen := 0
	write := func(words string) { post("message", message(fmt.Sprintf(`"text":%s`, quoted(words)))) }
	return &voice{
		name:  telegram.Name,
		begin: func() {},
		add:   write,
		say: func(st step, offer []bot.Choice) bool {
			mu.Lock()
			seen = len(sent)
			var last *bottest.Request
			if seen > 0 {
				last = sent[seen-1]
			}
			id := number
			mu.Unlock()
			switch st.kind {
			case bot.Text:
				write(st.words)
			case bot.Tap:
				place := slices.IndexFunc(offer, func(c bot.Choice) bool { return c.Key == st.words })
				if last != nil && last.Method == "sendPoll" && place >= 0 && place < strings.Count(last.Form.Get("options"), `"text"`) {
					post("poll_answer", fmt.Sprintf(`{"poll_id":"poll-%d","user":%s,"option_ids":[%d]}`, id, from(), place))
					break
				}
				data := "1:" + st.words // a button that was shown earlier
				if last != nil {
					if m := regexp.MustCompile(`"callback_data":("1m?:` + regexp.QuoteMeta(st.words) + `")`).FindStringSubmatch(last.Form.Get("reply_markup")); m != nil {
						fatal(s.t, json.Unmarshal([]byte(m[1]), &data))
					}
				}
				post("callback_query", fmt.Sprintf(`{"id":"cb%d","from":%s,"data":%s,"chat_instance":"1","message":%s}`, update, from(), quoted(data),
					strings.Replace(message(`"text":"x"`), fmt.Sprintf(`"message_id":%d`, 500000+update), fmt.Sprintf(`"message_id":%d`, id), 1)))
			default:
				file := `{"file_id":"f","file_unique_id":"u","duration":1,"width":1,"height":1}`
				field := map[bot.Kind]string{
					bot.Voice: `"voice":` + file, bot.Picture: `"photo":[` + file + `]`, bot.Location: `"location":{"latitude":-6.9,"longitude":111.4}`,
				}[st.kind]
				post("message", message(field))
			}
			return true
		},
		heard: func(int) string {
			mu.Lock()
			defer mu.Unlock()
			var out strings.Builder
			for _, q := range sent[seen:] {
				text := q.Form.Get("text") + q.Form.Get("caption")
				if q.Form.Get("parse_mode") == "HTML" {
					plain, err := bottest.ParseHTML(text)
					fatal(s.t, err)
					text = plain
				}
				out.WriteString(text + "\n" + q.Form.Get("question") + "\n")
				for _, field := range []string{"options", "reply_markup"} {
					for _, m := range regexp.MustCompile(`"text":("(?:[^"\\]|\\.)*")`).FindAllStringSubmatch(q.Form.Get(field), -1) {
						var label string
						fatal(s.t, json.Unmarshal([]byte(m[1]), &label))
						out.WriteString(label + "\n")
					}
				}
			}
			return out.String()
		},
	}
}

func quoted(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

// post hands the service what a platform sends it, and wants 200.
func (s *stage) post(path, body, header, value string) {
	s.t.Helper()
	q, err := http.NewRequest(http.MethodPost, s.site.URL+path, strings.NewReader(body))
	fatal(s.t, err)
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set(header, value)
	resp, err := http.DefaultClient.Do(q)
	fatal(s.t, err)
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		s.t.Errorf("%s answers %d", path, resp.StatusCode)
	}
}

// cloud is a person on WhatsApp who writes to an office with the Cloud API. The person shows no telephone number.
func (s *stage) cloud(h *house, r *rooms) *voice {
	const appSecret, phone = "app-secret", "106540352242922"
	var mu sync.Mutex
	var sent []map[string]any
	graph := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.Method == http.MethodGet {
			_, _ = io.WriteString(w, `{"id":"`+phone+`","verified_name":"KPU","display_phone_number":"+62 296","quality_rating":"GREEN"}`)
			return
		}
		var m map[string]any
		fatal(s.t, json.NewDecoder(q.Body).Decode(&m))
		if m["status"] == "read" {
			_, _ = io.WriteString(w, `{"success":true}`)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		sent = append(sent, m)
		fmt.Fprintf(w, `{"messaging_product":"whatsapp","messages":[{"id":"wamid.out%d"}]}`, len(sent))
	}))
	s.t.Cleanup(graph.Close)
	h.cfg.Cloud = cloudConfig{Token: "t", AppSecret: appSecret, VerifyToken: "v", Template: "kabar:id", PhoneID: phone, API: graph.URL}
	fatal(s.t, h.addWhatsAppCloud(r))
	count, seen := 0, 0
	post := func(inner string) {
		count++
		user := fmt.Sprintf("ID.%d", 90000+s.person)
		body := fmt.Sprintf(`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messaging_product":"whatsapp",`+
			`"metadata":{"display_phone_number":"62296","phone_number_id":%q},"contacts":[{"user_id":%q}],`+
			`"messages":[{"from_user_id":%q,"id":"wamid.in%d","timestamp":"%d",%s}]}}]}]}`, phone, user, user, count, s.now().Unix(), inner)
		sum := hmac.New(sha256.New, []byte(appSecret))
		_, _ = io.WriteString(sum, body)
		s.post(cloudWebhook, body, "X-Hub-Signature-256", "sha256="+hex.EncodeToString(sum.Sum(nil)))
	}
	write := func(words string) { post(fmt.Sprintf(`"type":"text","text":{"body":%s}`, quoted(words))) }
	return &voice{
		name:  whatsappcloud.Name,
		begin: func() {},
		add:   write,
		say: func(st step, offer []bot.Choice) bool {
			mu.Lock()
			seen = len(sent)
			mu.Unlock()
			switch st.kind {
			case bot.Text:
				write(st.words)
			case bot.Tap:
				post(fmt.Sprintf(`"type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":%s,"title":"x"}}`, quoted(st.words)))
			default:
				kind := map[bot.Kind]string{bot.Voice: "audio", bot.Picture: "image", bot.Location: "location"}[st.kind]
				post(fmt.Sprintf(`"type":%q,%q:{"id":"1","mime_type":"x/y"}`, kind, kind))
			}
			return true
		},
		heard: func(int) string {
			mu.Lock()
			defer mu.Unlock()
			var out strings.Builder
			for _, m := range sent[seen:] {
				read(m, &out)
			}
			return out.String()
		},
	}
}

// read writes down what a person can read of a message of the Cloud API; a row's title goes on in its description.
func read(v any, out *strings.Builder) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			read(e, out)
		}
	case map[string]any:
		title, _ := v["title"].(string)
		rest, _ := v["description"].(string)
		out.WriteString(title + " " + rest + "\n")
		for _, key := range []string{"body", "text", "caption", "button"} {
			if text, ok := v[key].(string); ok {
				out.WriteString(text + "\n")
			}
		}
		for _, key := range []string{"text", "body", "interactive", "action", "sections", "rows", "buttons", "reply", "image", "video"} {
			read(v[key], out)
		}
	}
}

// linked is a citizen's own client, who writes to the office's linked device over the relay.
func (s *stage) linked(h *house) (*voice, *whatsapp.Channel) {
	office, phone, relay := fmt.Sprintf("62811000000%02d", s.number), fmt.Sprintf("62822000000%02d", s.number), s.wire.Relay
	c, err := whatsapp.New(s.t.Context(), whatsapp.Config{Session: filepath.Join(s.t.TempDir(), "wa.db"), PauseMin: -1, PauseMax: -1}, whatsapp.Deps{
		Ledger: h.store, Keys: h.keys, Words: h.words, Media: h.openMedia, HTTP: relaytest.Transport(relay.Address()), Now: h.now,
	})
	fatal(s.t, err)
	fatal(s.t, c.Pair(s.t.Context(), "", func(code bot.PairingCode) { fatal(s.t, relay.Scan(code.QR, office)) }))
	citizen, got := newCitizen(s.t, relay, phone)
	to := types.NewJID(office, types.DefaultUserServer)
	send := func(m *waE2E.Message) {
		fatal(s.t, s.wire.send(s.now(), func() error {
			_, err := citizen.SendMessage(context.Background(), to, m)
			return err
		}))
	}
	hear := func() string {
		select {
		case e := <-got:
			m := e.Message
			return m.GetConversation() + m.GetExtendedTextMessage().GetText() + m.GetImageMessage().GetCaption()
		case <-time.After(30 * time.Second):
			s.t.Error("a reply did not reach the telephone")
			return ""
		}
	}
	first := true
	return &voice{
		name: whatsapp.Name,
		add:  func(words string) { send(&waE2E.Message{Conversation: proto.String(words)}) },
		begin: func() {
			if first {
				first = false
				return
			}
			s.ledger.reset()
			send(&waE2E.Message{Conversation: proto.String("/hapus")}) // the same telephone is somebody new
			if !s.ledger.wait(1, 1) {
				s.t.Error("the conversation was not erased")
			}
			for range s.ledger.of(whatsapp.Name).Replies {
				hear()
			}
		},
		say: func(st step, offer []bot.Choice) bool {
			m := &waE2E.Message{Conversation: proto.String(st.words)}
			switch st.kind {
			case bot.Text:
			case bot.Tap:
				place := slices.IndexFunc(offer, func(c bot.Choice) bool { return c.Key == st.words })
				if place < 0 {
					return false // a button that is gone; here nobody ever had one
				}
				m.Conversation = proto.String(strconv.Itoa(place + 1))
			case bot.Voice:
				m = &waE2E.Message{AudioMessage: &waE2E.AudioMessage{PTT: proto.Bool(true)}}
			case bot.Picture:
				m = &waE2E.Message{ImageMessage: &waE2E.ImageMessage{}}
			case bot.Location:
				m = &waE2E.Message{LocationMessage: &waE2E.LocationMessage{}}
			}
			send(m)
			return true
		},
		heard: func(n int) string {
			var out bytes.Buffer
			for range n {
				out.WriteString(hear() + "\n")
			}
			return out.String()
		},
	}, c
}

// newCitizen links a client of the library as it is, with a store of its own.
func newCitizen(t testing.TB, relay *relaytest.Relay, phone string) (*whatsmeow.Client, <-chan *events.Message) {
	t.Helper()
	db, err := sqlstore.New(context.Background(), "sqlite", "file:"+filepath.Join(t.TempDir(), "c.db")+
		"?_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)&_txlock=immediate", nil)
	fatal(t, err)
	d, err := db.GetFirstDevice(context.Background())
	fatal(t, err)
	c := whatsmeow.NewClient(d, nil)
	c.SetPreLoginHTTPClient(relaytest.Client(relay.Address()))
	c.SetWebsocketHTTPClient(relaytest.Client(relay.Address()))
	c.SetMediaHTTPClient(relaytest.Client(relay.Address()))
	up, got := make(chan struct{}, 8), make(chan *events.Message, 1000)
	c.AddEventHandler(func(e any) {
		switch e := e.(type) {
		case *events.QR:
			if err := relay.Scan(e.Codes[0], phone); err != nil {
				t.Error(err)
			}
		case *events.Connected:
			up <- struct{}{}
		case *events.Message:
			got <- e
		}
	})
	fatal(t, c.Connect())
	t.Cleanup(func() {
		c.Disconnect()
		_ = db.Close()
	})
	select {
	case <-up:
	case <-time.After(30 * time.Second):
		t.Fatal("a citizen could not be linked")
	}
	return c, got
}
