package whatsappcloud

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/bottest"
	"tanya/faq"
	"tanya/faq/match"
	"tanya/locales"
)

func choices(labels ...string) []bot.Choice {
	var all []bot.Choice
	for i, l := range labels {
		all = append(all, bot.Choice{Key: fmt.Sprintf("e:%d", i+1), Label: l})
	}
	return all
}

func many(n int, label string) []bot.Choice {
	return choices(slices.Repeat([]string{label}, n)...)
}

// TestForms: which shape a reply takes. Whatever it is, Meta takes it (the stand-in checks), and text and choices are in it.
func TestForms(t *testing.T) {
	long := strings.Repeat("Surat suara dicoblos sekali pada satu kolom. ", 30) // 1,350 characters
	for _, c := range []struct {
		name  string
		reply bot.Reply
		want  string // type of interactive, or type
	}{
		{"text", say("TPS buka jam tujuh."), "text"},
		{"two short choices", bot.Reply{Text: "x", Prompt: "Pilih:", Choices: choices("Ya", "Tidak")}, "button"},
		{"three of just twenty", bot.Reply{Text: "x", Choices: many(3, strings.Repeat("a", 17))}, "button"},
		{"three of twenty-one", bot.Reply{Text: "x", Choices: many(3, strings.Repeat("a", 9)+" "+strings.Repeat("b", 8))}, "list"},
		{"four", bot.Reply{Text: "x", Choices: choices("Ya", "Tidak", "Mungkin", "Menu")}, "list"},
		{"long labels are divided", bot.Reply{Prompt: "Maksud Anda:", Choices: choices("Syarat melapor pelanggaran pemilihan ke Bawaslu kabupaten", "Menu")}, "list"},
		{"labels with the same beginning", bot.Reply{Prompt: "Maksud Anda:", Choices: many(7, "Syarat melapor pelanggaran pemilihan")}, "list"},
		{"a first word too long", bot.Reply{Prompt: "Maksud Anda:", Choices: choices(strings.Repeat("a", 22)+" b", "Menu")}, "text"},
		{"a label of 120", bot.Reply{Prompt: "Maksud Anda:", Choices: choices(strings.Repeat("satu dua ", 14), "Menu")}, "text"},
		{"ten", bot.Reply{Prompt: "x", Choices: many(10, "Pilihan")}, "list"},
		{"eleven", bot.Reply{Prompt: "x", Choices: many(11, "Pilihan")}, "text"},
		{"long text with choices", bot.Reply{Text: long, Choices: choices("Ya", "Tidak")}, "text"},
		{"list that does not fit beside its text", bot.Reply{Text: long[:950], Choices: many(7, "Syarat melapor pelanggaran")}, "text"},
		{"easy mode", bot.Reply{Text: "x", Plain: true, Choices: choices("Ya", "Tidak")}, "text"},
		{"keys that are the same", bot.Reply{Text: "x", Choices: []bot.Choice{{Key: "a", Label: "A"}, {Key: "a", Label: "B"}}}, "text"},
		{"a key with a blank", bot.Reply{Text: "x", Choices: []bot.Choice{{Key: "a b", Label: "A"}}}, "text"},
		{"an empty label", bot.Reply{Text: "x", Choices: []bot.Choice{{Key: "a", Label: " "}}}, "text"},
		{"only choices", bot.Reply{Choices: choices("Ya", "Tidak")}, "list"},
		{"footer, note and prompt", bot.Reply{Text: "Jawab", Footer: "Sumber: PKPU", Note: "Ini Tanya.", Prompt: "Terkait:", Choices: choices("Ya")}, "button"},
		{"emoji", bot.Reply{Text: "x", Choices: many(2, strings.Repeat("😀", 9))}, "list"},
		{"more emoji", bot.Reply{Text: "x", Choices: many(2, strings.Repeat("😀", 12))}, "text"},
		{"nothing", bot.Reply{}, "text"},
		{"4,096", say(strings.Repeat("a", 4096)), "text"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			if err := r.send(hidden, bot.Outgoing{ID: 7, Reply: c.reply}); err != nil {
				t.Fatal(err)
			}
			got := r.graph.messages()
			if len(got) != 1 {
				t.Fatalf("%d messages for one answer", len(got))
			}
			form := text(got[0]["type"])
			if form == "interactive" {
				form = text(at(got[0], "interactive", "type"))
			}
			if form != c.want {
				t.Errorf("sent as %s, want %s", form, c.want)
			}
			complete(t, c.reply, got)
		})
	}
}

// complete checks that nothing of a reply was lost on the way, and that each choice can be typed by number.
func complete(t *testing.T, r bot.Reply, sent []map[string]any) {
	t.Helper()
	flat := func(s string) string { return strings.Join(strings.Fields(plain(s)), " ") }
	var all []string
	for _, m := range sent {
		all = append(all, text(at(m, "text", "body")), text(at(m, "interactive", "body", "text")), text(at(m, "image", "caption")))
		buttons, _ := at(m, "interactive", "action", "buttons").([]any)
		for _, b := range buttons {
			all = append(all, text(at(b, "reply", "title")))
		}
		sections, _ := at(m, "interactive", "action", "sections").([]any)
		for _, s := range sections {
			rows, _ := at(s, "rows").([]any)
			for i, row := range rows {
				if got, want := flat(text(at(row, "title"))+" "+text(at(row, "description"))), fmt.Sprintf("%d. %s", i+1, flat(r.Choices[i].Label)); got != want {
					t.Errorf("row %q, want %q", got, want)
				}
			}
		}
	}
	whole := flat(strings.Join(all, " "))
	for _, p := range []string{r.Text, r.Footer, r.Note, r.Prompt} {
		if !strings.Contains(whole, flat(p)) {
			t.Errorf("%q was lost", p)
		}
	}
	for i, ch := range r.Choices {
		if strings.TrimSpace(ch.Label) == "" {
			continue
		}
		if s := fmt.Sprintf("%d. %s", i+1, flat(ch.Label)); !strings.Contains(whole, s) {
			t.Errorf("choice %q was lost", s)
		}
	}
}

// TestLongerThanAMessage: an answer that no message holds comes in parts, whole, and goes on where it stopped.
func TestLongerThanAMessage(t *testing.T) {
	r := newRig(t)
	reply := say(strings.Repeat("Surat suara dicoblos sekali.\n\n", 500))
	r.graph.once(nil, refuse(500, 131000, 0))
	err := r.send(hidden, bot.Outgoing{ID: 7, Reply: reply})
	if err == nil || len(r.graph.messages()) != 1 {
		t.Fatalf("%v after %d messages", err, len(r.graph.messages()))
	}
	if err := r.send(hidden, bot.Outgoing{ID: 7, Reply: reply, Attempt: 2}); err != nil {
		t.Fatal(err)
	}
	got := r.graph.messages()
	if len(got) != 4 || got[3]["biz_opaque_callback_data"] != "7/3" {
		t.Errorf("%d parts, the last is %v", len(got), got[len(got)-1]["biz_opaque_callback_data"])
	}
	complete(t, reply, got)
}

// trained is the real content with the real matcher.
var trained = sync.OnceValues(func() (*bot.Dialogue, error) {
	ed, err := faq.Load(faq.Content())
	if err != nil {
		return nil, err
	}
	m, err := match.FromEdition(context.Background(), ed, match.Options{})
	if err != nil {
		return nil, err
	}
	words, err := locales.New()
	if err != nil {
		return nil, err
	}
	return bot.NewDialogue(func() bot.Knowledge { return bot.Knowledge{Edition: ed, Matcher: m} }, words), nil
})

// overhear is a Talker that keeps the replies.
type overhear struct {
	bottest.Talker
	replies []bot.Reply
}

func (o *overhear) Turn(ctx context.Context, s bot.Session, m bot.Message, now time.Time) (bot.Settlement, error) {
	out, err := o.Talker.Turn(ctx, s, m, now)
	o.replies = append(o.replies, out.Replies...)
	return out, err
}

// TestTranscripts sends every reply of the golden conversations: Meta takes each as one message, and nothing is lost.
func TestTranscripts(t *testing.T) {
	d, err := trained()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../testdata/transcripts/*.txt")
	if err != nil || len(files) < 25 {
		t.Fatalf("%d transcripts (%v)", len(files), err)
	}
	o := &overhear{Talker: d}
	for _, f := range files {
		script, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := bottest.Play(t.Context(), o, string(script)); err != nil {
			t.Fatal(err)
		}
	}
	forms := map[string]int{}
	for i, reply := range o.replies {
		r := newRig(t)
		if err := r.send(hidden, bot.Outgoing{ID: int64(i + 1), Reply: reply}); err != nil {
			t.Fatal(err)
		}
		got := r.graph.messages()
		if len(got) != 1 {
			t.Errorf("%d messages for one reply", len(got))
		}
		complete(t, reply, got)
		form := text(got[0]["type"])
		if form == "interactive" {
			form = text(at(got[0], "interactive", "type"))
		}
		if len(reply.Choices) > 0 && form == "text" {
			form = "text with numbers"
		}
		forms[form]++
	}
	t.Logf("%d conversations, %d replies: %v", len(files), len(o.replies), forms)
}

func TestAddressing(t *testing.T) {
	r := newRig(t)
	for _, to := range []string{hidden, shown} {
		if err := r.send(to, bot.Outgoing{ID: 7, Reply: say("x")}); err != nil {
			t.Fatal(err)
		}
	}
	got := r.graph.messages()
	if got[0]["recipient"] != canaryUser || got[0]["to"] != nil || got[1]["to"] != canaryNumber || got[1]["recipient"] != nil {
		t.Errorf("%v", got)
	}
	if got[0]["biz_opaque_callback_data"] != "7" {
		t.Errorf("the number in the outbox travels as %v", got[0]["biz_opaque_callback_data"])
	}
	for _, bad := range []string{"", "62811", "n:", "n:0811x", "u:", "u:a b", "x:1"} {
		if err := r.send(bad, bot.Outgoing{Reply: say("x")}); bot.ClassOf(err) != bot.Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestCourtesy(t *testing.T) {
	r := newRig(t)
	o := bot.Outgoing{ID: 7, Reply: say("x"), ReplyTo: "wamid.A"}
	for range 2 { // a second reply to the same message
		if err := r.send(hidden, o); err != nil {
			t.Fatal(err)
		}
	}
	o.ReplyTo = "wamid.B"
	o.Attempt = 2
	if err := r.send(hidden, o); err != nil {
		t.Fatal(err)
	}
	if len(r.graph.reads) != 1 || r.graph.reads[0]["message_id"] != "wamid.A" {
		t.Errorf("read: %v", r.graph.reads)
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		name  string
		fault graphFault
		class bot.Class
		after time.Duration
		mode  Mode
	}{
		{"too many calls", refuse(400, 4, 0), bot.Throttled, time.Minute, Slowed},
		{"account limit", refuse(400, 80007, 0), bot.Throttled, time.Minute, Slowed},
		{"throughput", refuse(400, 130429, 0), bot.Throttled, 5 * time.Second, Slowed},
		{"blocked by too many", refuse(400, 131048, 0), bot.Throttled, 15 * time.Minute, Slowed},
		{"too many to one person", refuse(400, 131056, 0), bot.Throttled, 6 * time.Second, Starting},
		{"registration", refuse(400, 133016, 0), bot.Throttled, time.Minute, Slowed},
		{"429 in words of others", raw(429, "slow down"), bot.Throttled, time.Minute, Slowed},
		{"token expired", refuse(401, 190, 463), bot.StopChannel, 0, Refused},
		{"no permission", refuse(403, 200, 0), bot.StopChannel, 0, Refused},
		{"wrong number id", refuse(400, 100, 33), bot.StopChannel, 0, Refused},
		{"not registered", refuse(400, 133010, 0), bot.StopChannel, 0, Refused},
		{"not paid", refuse(400, 131042, 0), bot.StopChannel, 0, Refused},
		{"locked", refuse(400, 131031, 0), bot.StopChannel, 0, Refused},
		{"policy", refuse(400, 368, 0), bot.StopChannel, 0, Refused},
		{"not on WhatsApp", refuse(400, 131026, 0), bot.StopChat, 0, Starting},
		{"24 hours", refuse(400, 131047, 0), bot.StopChat, 0, Starting},
		{"user ids not allowed here", refuse(400, 131062, 0), bot.StopChat, 0, Starting},
		{"bad parameter", refuse(400, 100, 0), bot.Invalid, 0, Starting},
		{"of next year", refuse(400, 139999, 0), bot.Invalid, 0, Starting},
		{"their fault", refuse(500, 131000, 0), bot.Throttled, noticeWait, Starting},
		{"of next year, their fault", refuse(503, 139999, 0), bot.Throttled, noticeWait, Starting},
		{"media", refuse(400, 131053, 0), bot.Transient, 0, Starting},
		{"500 and nothing", raw(500, ""), bot.Throttled, noticeWait, Starting},
		{"502 of somebody else", raw(502, "<html>"), bot.Throttled, noticeWait, Starting},
		{"403 of a proxy", raw(403, "<html>"), bot.Transient, 0, Starting},
		{"302", raw(302, ""), bot.Throttled, noticeWait, Starting},
		{"200 and no JSON", raw(200, "<html>"), bot.Throttled, noticeWait, Starting},
		{"200 and no id", raw(200, "{}"), bot.Throttled, noticeWait, Starting},
		{"cut off", cutOff, bot.Throttled, noticeWait, Starting},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.graph.onAll(c.fault)
			err := r.send(hidden, bot.Outgoing{ID: 7, Reply: say(canaryText)})
			if bot.ClassOf(err) != c.class {
				t.Fatalf("%s (%v), want %s", bot.ClassOf(err), err, c.class)
			}
			var e *bot.Error
			if !errors.As(err, &e) || e.After != c.after || e.Message == "" || strings.Contains(e.Message, "wac_") {
				t.Errorf("%+v", e)
			}
			if strings.Contains(fmt.Sprint(err, errors.Unwrap(err)), canaryText) {
				t.Error("the error quotes the message")
			}
			if m := r.Status().Mode; m != c.mode {
				t.Errorf("the channel is %s, want %s", m, c.mode)
			}
		})
	}
}

// TestClasses: every code of Meta's that this package knows by name, and what is not known.
func TestClasses(t *testing.T) {
	for class, codes := range map[bot.Class][]int{
		bot.Throttled:   {4, 80007, 130429, 131048, 131056, 133016, 429},
		bot.Transient:   {1, 2, 131000, 131016, 131052, 131053, 131057, 133004},
		bot.StopChannel: {0, 3, 10, 33, 190, 200, 210, 299, 368, 131005, 131031, 131042, 131045, 133010},
		bot.StopChat:    {131021, 131026, 131030, 131047, 131049, 131050, 131062, 130472, 130497},
		bot.Invalid:     {100, 131008, 131009, 131051, 132000, 132001, 199, 300, 139999},
	} {
		for _, code := range codes {
			if got := classOf(code, 0, 400); got != class {
				t.Errorf("%d is %s, want %s", code, got, class)
			}
		}
	}
	for status, class := range map[int]bot.Class{429: bot.Throttled, 500: bot.Transient, 503: bot.Transient, 404: bot.Invalid} {
		if got := classOf(139999, 0, status); got != class {
			t.Errorf("an unknown code with status %d is %s, want %s", status, got, class)
		}
	}
	if got := classOf(100, 33, 400); got != bot.StopChannel {
		t.Errorf("100/33 is %s", got)
	}
}

// TestTurnOfAPerson: who gets many replies waits after the first few, without a request to Meta and without an attempt;
// others do not wait behind.
func TestTurnOfAPerson(t *testing.T) {
	r := newRig(t)
	for i := range personBurst {
		if err := r.send(hidden, bot.Outgoing{ID: int64(i + 1), Reply: say("x")}); err != nil {
			t.Fatal(err)
		}
	}
	var e *bot.Error
	err := r.send(hidden, bot.Outgoing{ID: 100, Reply: say("x")})
	if !errors.As(err, &e) || e.Class != bot.Untried || e.After <= 0 || e.After > personEach || r.graph.attempts() != personBurst {
		t.Errorf("%v after %d requests", err, r.graph.attempts())
	}
	if err := r.send(shown, bot.Outgoing{ID: 101, Reply: say("x")}); err != nil {
		t.Errorf("somebody else: %v", err)
	}
	// Meta's own word holds too, for that person only.
	r.graph.once(refuse(400, 131056, 0))
	if err := r.send(shown, bot.Outgoing{ID: 102, Reply: say("x")}); bot.ClassOf(err) != bot.Throttled {
		t.Errorf("too many for one person: %v", err)
	}
	before := r.graph.attempts()
	if err := r.send(shown, bot.Outgoing{ID: 102, Attempt: 2, Reply: say("x")}); bot.ClassOf(err) != bot.Untried || r.graph.attempts() != before {
		t.Errorf("%v after %d more requests", err, r.graph.attempts()-before)
	}
	if err := r.send(byUser+"ID.7", bot.Outgoing{ID: 103, Reply: say("x")}); err != nil {
		t.Errorf("a third person: %v", err)
	}
	if n := r.Status().Counts["waited"]; n != 2 {
		t.Errorf("%d waited, want 2", n)
	}
}

func TestRetryAfterHeader(t *testing.T) {
	r := newRig(t)
	r.graph.once(func(w http.ResponseWriter, b map[string]any) bool {
		w.Header().Set("Retry-After", "42")
		return refuse(429, 130429, 0)(w, b)
	})
	var e *bot.Error
	if err := r.send(hidden, bot.Outgoing{ID: 7, Reply: say("x")}); !errors.As(err, &e) || e.After != 42*time.Second {
		t.Errorf("%v", err)
	}
	// All wait now, without asking Meta again.
	if err := r.send(shown, bot.Outgoing{ID: 8, Reply: say("x")}); bot.ClassOf(err) != bot.Untried || r.graph.attempts() != 1 {
		t.Errorf("%v after %d requests", err, r.graph.attempts())
	}
}

// TestSimplerForm: what Meta refuses as buttons, or with a picture, is said in plain text.
func TestSimplerForm(t *testing.T) {
	withPicture := func(_ *Config, d *Deps) {
		d.Media = func(edition int64, name string) string {
			return fmt.Sprintf("https://tanya.example/%d/%s", edition, name)
		}
	}
	reply := bot.Reply{Text: "Begini caranya.", Choices: choices("Ya", "Tidak"), Media: []bot.Media{{Kind: "audio", Name: "a.ogg"}, {Kind: "picture", Name: "a.png"}}, Edition: 3}
	for _, c := range []struct {
		name   string
		faults []graphFault
		reply  bot.Reply
		want   string
	}{
		{"as it is", nil, reply, "button https://tanya.example/3/a.png"},
		{"picture refused", []graphFault{refuse(400, 131053, 0)}, reply, "button <nil>"},
		{"buttons refused", []graphFault{refuse(400, 131009, 0), refuse(400, 131009, 0)}, reply, "<nil> <nil>"},
		{"caption", nil, bot.Reply{Text: "x", Media: reply.Media}, "<nil> https://tanya.example/0/a.png"},
		{"caption refused", []graphFault{refuse(400, 131053, 0)}, bot.Reply{Text: "x", Media: reply.Media}, "<nil> <nil>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t, withPicture)
			r.graph.once(c.faults...)
			if err := r.send(hidden, bot.Outgoing{ID: 7, Reply: c.reply}); err != nil {
				t.Fatal(err)
			}
			m := r.graph.messages()[0]
			link := at(m, "interactive", "header", "image", "link")
			if link == nil {
				link = at(m, "image", "link")
			}
			if got := fmt.Sprint(at(m, "interactive", "type"), " ", link); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			complete(t, c.reply, r.graph.messages())
		})
	}
}

func TestWindow(t *testing.T) {
	now := time.Now()
	clock := func(_ *Config, d *Deps) { d.Now = func() time.Time { return now } }
	templates := func(c *Config, _ *Deps) {
		c.Templates = map[faq.Lang]Template{faq.Indonesian: {Name: "jawaban_siap", Language: "id", Button: true}}
	}
	told := bot.Reply{Outcome: bot.Callback, Lang: faq.Javanese, Text: "x", Entry: "jam-tps"}

	t.Run("known to be over, no template", func(t *testing.T) {
		r := newRig(t, clock)
		r.write("wamid.A", "halo")
		now = now.Add(25 * time.Hour)
		if err := r.send(shown, bot.Outgoing{ID: 7, Reply: told}); bot.ClassOf(err) != bot.StopChat || r.graph.attempts() != 0 {
			t.Errorf("%v after %d requests", err, r.graph.attempts())
		}
		r.hook(wrap(fmt.Sprintf(`{"from":%q,"id":"wamid.B","timestamp":"%d","type":"text","text":{"body":"halo lagi"}}`, canaryNumber, now.Unix())))
		if err := r.send(shown, bot.Outgoing{ID: 8, Reply: told}); err != nil {
			t.Errorf("after a new message: %v", err)
		}
	})
	t.Run("Meta says so, with a template", func(t *testing.T) {
		r := newRig(t, templates)
		r.graph.once(refuse(400, 131047, 0))
		if err := r.send(hidden, bot.Outgoing{ID: 7, Reply: told}); err != nil {
			t.Fatal(err)
		}
		m := r.graph.messages()
		components, _ := at(m[0], "template", "components").([]any)
		if len(m) != 1 || at(m[0], "template", "name") != "jawaban_siap" || len(components) != 1 {
			t.Fatalf("%v", m)
		}
		parameters, _ := at(components[0], "parameters").([]any)
		if text(at(parameters[0], "payload")) != "tanya:e:jam-tps" {
			t.Errorf("the button asks for %v", parameters)
		}
	})
}

// TestReminderAfterTheWindow: a reminder is due weeks after the person last wrote. The office's template goes in its place
// and its button asks for the day; without a template nothing goes, and the class of the failure says so. A process that
// was restarted has not heard the person and learns it from Meta.
func TestReminderAfterTheWindow(t *testing.T) {
	templates := func(c *Config, _ *Deps) {
		c.Templates = map[faq.Lang]Template{faq.Indonesian: {Name: "kabar", Language: "id", Button: true}}
	}
	reminder := bot.Reply{
		Outcome: bot.Callback, Lang: faq.Indonesian, Text: "Pengingat yang Anda minta: ...", Note: "Ketik BERHENTI",
		Event: &bot.Event{Election: "pilkada-2024", Day: faq.Date{Year: 2024, Month: time.November, Day: 27}},
	}
	for _, heard := range []bool{true, false} {
		for _, with := range []bool{true, false} {
			t.Run(fmt.Sprintf("heard %v, template %v", heard, with), func(t *testing.T) {
				now := time.Now()
				set := func(c *Config, d *Deps) {
					d.Now = func() time.Time { return now }
					if with {
						templates(c, d)
					}
				}
				r := newRig(t, set)
				if heard {
					r.write("wamid.A", "ingatkan saya")
					now = now.AddDate(0, 0, 30)
				} else {
					r.graph.once(refuse(400, 131047, 0))
				}
				err := r.send(shown, bot.Outgoing{ID: 7, Reply: reminder})
				m := r.graph.messages()
				if !with {
					if bot.ClassOf(err) != bot.StopChat || len(m) != 0 {
						t.Errorf("%v, %d messages went out", err, len(m))
					}
					return
				}
				if err != nil || len(m) != 1 || at(m[0], "template", "name") != "kabar" {
					t.Fatalf("%v, %v", err, m)
				}
				components, _ := at(m[0], "template", "components").([]any)
				parameters, _ := at(components[0], "parameters").([]any)
				if got := text(at(parameters[0], "payload")); got != "tanya:e:hari-pemungutan-suara" {
					t.Errorf("the button asks for %q", got)
				}
			})
		}
	}
}

// TestLostAnswer: the request broke off, but the message went out. Meta's notice keeps it from being sent twice.
func TestLostAnswer(t *testing.T) {
	notice := func(callback string, at time.Time) string {
		return notices(fmt.Sprintf(`{"id":"wamid.OUT1","status":"sent","timestamp":"%d","recipient_id":%q,"biz_opaque_callback_data":%q}`, at.Unix(), canaryNumber, callback))
	}
	o := bot.Outgoing{ID: 7, Reply: say("x")}
	for _, c := range []struct {
		name     string
		callback string
		at       time.Time
		attempts int
	}{
		{"notice", "7", time.Now(), 1},
		{"notice of another reply", "8", time.Now(), 2},
		{"notice of an older database", "7", time.Now().Add(-time.Hour), 2},
		{"notice of another part", "7/1", time.Now(), 2},
		{"nonsense", "x", time.Now(), 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.graph.once(cutOff)
			if err := r.send(hidden, o); bot.ClassOf(err) != bot.Throttled {
				t.Fatal(err)
			}
			r.hook(notice(c.callback, c.at))
			again := o
			again.Attempt = 2
			if err := r.send(hidden, again); err != nil {
				t.Fatal(err)
			}
			if n := r.graph.attempts(); n != c.attempts {
				t.Errorf("%d requests, want %d", n, c.attempts)
			}
		})
	}
	t.Run("the notice is faster", func(t *testing.T) {
		r := newRig(t)
		r.graph.once(func(w http.ResponseWriter, _ map[string]any) bool {
			r.hook(notice("7", time.Now()))
			return cutOff(w, nil)
		})
		if err := r.send(hidden, o); err != nil || r.graph.attempts() != 1 {
			t.Errorf("%v after %d requests", err, r.graph.attempts())
		}
	})
	t.Run("the answer arrived, the notice is late", func(t *testing.T) {
		r := newRig(t)
		if err := r.send(hidden, o); err != nil {
			t.Fatal(err)
		}
		r.hook(notice("7", time.Now()))
		if err := r.send(hidden, o); err != nil || r.graph.attempts() != 2 {
			t.Errorf("%v after %d requests: an old notice must not swallow a reply", err, r.graph.attempts())
		}
	})
}

func TestRanks(t *testing.T) {
	r := newRig(t)
	s := func(id, status, more string) string {
		return notices(fmt.Sprintf(`{"id":%q,"status":%q,"timestamp":"1","recipient_id":%q%s}`, id, status, canaryNumber, more))
	}
	for _, status := range []string{"delivered", "sent", "delivered", "read", "delivered", "read"} {
		r.hook(s("wamid.1", status, ""))
	}
	r.hook(s("wamid.2", "sent", ""))
	r.hook(s("wamid.2", "failed", `,"errors":[{"code":131026,"title":"`+canaryText+`"}]`))
	r.hook(s("wamid.2", "delivered", ""))
	r.hook(s("wamid.3", "failed", `,"errors":[{"code":131042}]`))
	r.hook(s("wamid.4", "sent", `,"group_id":"x"`))
	r.hook(s("wamid.5", "melted", ""))
	got := r.Status()
	for k, want := range map[string]uint64{
		"status_sent": 1, "status_delivered": 1, "status_read": 1, "status_failed": 2, "status_old": 5,
		"status_failed_stop_chat": 1, "status_failed_stop_channel": 1, "skipped_status": 2,
	} {
		if got.Counts[k] != want {
			t.Errorf("%s: %d, want %d", k, got.Counts[k], want)
		}
	}
	if got.Mode != Refused || got.Trouble == "" {
		t.Errorf("not paid, and the channel is %s", got.Mode)
	}
}

func TestPace(t *testing.T) {
	now := time.Duration(0)
	p := newPace(func() time.Duration { return now }, everyoneRate)
	sent := 0
	for ; now < time.Minute; now += 10 * time.Millisecond {
		if _, ok := p.take("u:one"); ok {
			sent++
		}
	}
	if sent != personBurst+9 { // a burst, and one each six seconds after it
		t.Errorf("%d messages to one person in a minute", sent)
	}
	now = 10 * time.Minute
	sent = 0
	for i := range 1000 {
		if wait, ok := p.take(address(fmt.Sprintf("u:%d", i))); ok {
			sent++
			if want := time.Duration(sent-1) * time.Second / everyoneRate; wait != want {
				t.Fatalf("message %d waits %v, want %v", sent, wait, want)
			}
		}
	}
	if sent != int(slotMax/time.Second)*everyoneRate+1 {
		t.Errorf("%d messages were given a place", sent)
	}
	if p.spare() {
		t.Error("room for what is not needed, in a rush")
	}
	p.stop("", time.Minute)
	now += 30 * time.Second
	if wait, ok := p.take("u:x"); ok || wait != 30*time.Second {
		t.Errorf("in a pause: %v %v", wait, ok)
	}
}

func TestRun(t *testing.T) {
	t.Run("token refused", func(t *testing.T) {
		r := newRig(t)
		r.graph.onLook(refuse(401, 190, 463))
		ended, _ := r.run()
		if err := <-ended; bot.ClassOf(err) != bot.StopChannel {
			t.Fatal(err)
		}
		r.write("wamid.A", canaryText)
		if len(r.inbox.Messages()) != 1 {
			t.Error("what people ask is lost while the token is refused")
		}
	})
	t.Run("not allowed to look", func(t *testing.T) {
		r := newRig(t)
		r.graph.onLook(refuse(400, 100, 33), refuse(400, 10, 0))
		ended, stop := r.run()
		bottest.Eventually(t, "listening", func() bool { return r.Status().Mode == Listening })
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Run("unreachable for a while", func(t *testing.T) {
		r := newRig(t)
		r.graph.onLook(cutOff, raw(502, "<html>"), refuse(500, 2, 0))
		ended, stop := r.run()
		bottest.Eventually(t, "listening again", func() bool { return r.Status().Mode == Listening && r.Status().Quality == "GREEN" })
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if w := r.deliver([]byte(`{}`), sign(testSecret, []byte(`{}`))); w.Code != http.StatusServiceUnavailable {
			t.Errorf("after the end the webhook answers %d", w.Code)
		}
	})
	t.Run("a reply finds the token dead", func(t *testing.T) {
		r := newRig(t)
		ended, _ := r.run()
		bottest.Eventually(t, "listening", func() bool { return r.Status().Mode == Listening })
		r.graph.onAll(refuse(401, 190, 463))
		r.graph.onLook(slices.Repeat([]graphFault{refuse(401, 190, 463)}, 100)...)
		if err := r.send(hidden, bot.Outgoing{ID: 7, Reply: say("x")}); bot.ClassOf(err) != bot.StopChannel {
			t.Fatal(err)
		}
		if err := <-ended; bot.ClassOf(err) != bot.StopChannel {
			t.Error(err)
		}
	})
}

func TestDescribe(t *testing.T) {
	r := newRig(t)
	d, err := r.Describe(t.Context())
	if err != nil || d.Name != "KPU Kabupaten Blora" || d.Quality != "GREEN" || d.Version != "v25.0" {
		t.Errorf("%+v %v", d, err)
	}
	r.graph.onLook(refuse(401, 190, 0))
	if _, err := r.Describe(t.Context()); bot.ClassOf(err) != bot.StopChannel || !strings.Contains(err.Error(), "TANYA_WHATSAPP_CLOUD_TOKEN") {
		t.Error(err)
	}
}

func TestNew(t *testing.T) {
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	good := Config{Token: "t", AppSecret: "s", VerifyToken: "v", PhoneNumberID: "1"}
	for _, c := range []struct {
		name   string
		change func(*Config)
		base   string
	}{
		{"defaults", func(*Config) {}, "https://graph.facebook.com/v25.0/1"},
		{"version in the address", func(c *Config) { c.API = "https://graph.example/v24.0/" }, "https://graph.example/v24.0/1"},
		{"version beside it", func(c *Config) { c.API, c.Version = "http://127.0.0.1:9/x", "v23.0" }, "http://127.0.0.1:9/x/v23.0/1"},
		{"no token", func(c *Config) { c.Token = "" }, ""},
		{"no secret", func(c *Config) { c.AppSecret = "" }, ""},
		{"no verify token", func(c *Config) { c.VerifyToken = "" }, ""},
		{"a telephone number", func(c *Config) { c.PhoneNumberID = "+62 811" }, ""},
		{"letters", func(c *Config) { c.PhoneNumberID = "abc" }, ""},
		{"no address", func(c *Config) { c.API = "graph" }, ""},
		{"odd version", func(c *Config) { c.Version = "25" }, ""},
	} {
		conf := good
		c.change(&conf)
		ch, err := New(conf, Deps{Words: words})
		switch {
		case c.base == "" && bot.ClassOf(err) != bot.Invalid:
			t.Errorf("%s: %v", c.name, err)
		case c.base != "" && (err != nil || ch.api.base != c.base):
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if s := fmt.Sprintf("%v %+v %#v", good, good, good); strings.Contains(s, `"t"`) || strings.Contains(s, "t s v") || !strings.Contains(s, "WhatsApp Cloud at") {
		t.Errorf("a printed configuration shows %s", s)
	}
	if _, err := New(good, Deps{}); bot.ClassOf(err) != bot.Invalid {
		t.Error("no words, and no error")
	}
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"biasa saja":                        "biasa saja",
		"*tebal* dan _miring_":              "tebal dan miring",
		"~coret~ `kode` ```x```":            "coret kode x",
		"nama_berkas, 2*3":                  "nama_berkas, 2*3",
		"lihat https://a.example/x_*y*_z\n": "lihat https://a.example/x_*y*_z\n",
		"  dua  blank\n\n*":                 "  dua  blank\n\n",
	} {
		if got := plain(in); got != want {
			t.Errorf("plain(%q) = %q, want %q", in, got, want)
		}
	}
}
