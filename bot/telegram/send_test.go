package telegram

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"tanya/bot"
	"tanya/bot/bottest"
	"tanya/faq"
)

var private = bot.Message{Address: "77", External: "m:77:5"}

func refusal(code int, description, parameters string) bottest.Fault {
	if parameters != "" {
		parameters = `,"parameters":` + parameters
	}
	return bottest.Answer(code, fmt.Sprintf(`{"ok":false,"error_code":%d,"description":%q%s}`, code, description, parameters))
}

func sentOK(id int) bottest.Fault {
	return bottest.Answer(200, fmt.Sprintf(`{"ok":true,"result":{"message_id":%d,"chat":{"id":1,"type":"private"},"date":1}}`, id))
}

// TestSendClasses maps what the server says to what the engine is to do.
func TestSendClasses(t *testing.T) {
	for _, c := range []struct {
		name   string
		fault  bottest.Fault
		always bool
		class  bot.Class
		after  time.Duration
	}{
		{"sent", sentOK(3), false, "", 0},
		{"429 with a time", refusal(429, "Too Many Requests: retry after 9", `{"retry_after":9}`), true, bot.Throttled, 9 * time.Second},
		{"429 without", refusal(429, "Too Many Requests", ""), true, bot.Throttled, throttleDefault},
		{"blocked", refusal(403, "Forbidden: bot was blocked by the user", ""), true, bot.StopChat, 0},
		{"deactivated", refusal(403, "Forbidden: user is deactivated", ""), true, bot.StopChat, 0},
		{"kicked", refusal(403, "Forbidden: bot was kicked from the supergroup chat", ""), true, bot.StopChat, 0},
		{"unknown chat", refusal(400, "Bad Request: chat not found", ""), true, bot.StopChat, 0},
		{"no rights", refusal(400, "Bad Request: not enough rights to send text messages to the chat", ""), true, bot.StopChat, 0},
		{"closed topic", refusal(400, "Bad Request: TOPIC_CLOSED", ""), true, bot.StopChat, 0},
		{"deleted topic", refusal(400, "Bad Request: message thread not found", ""), true, bot.StopChat, 0},
		{"token revoked", refusal(401, "Unauthorized", ""), true, bot.StopChannel, 0},
		{"token unknown", refusal(404, "Not Found", ""), true, bot.StopChannel, 0},
		{"refused in every form", refusal(400, "Bad Request: something new", ""), true, bot.Invalid, 0},
		{"refused in the first form", refusal(400, "Bad Request: can't parse entities", ""), false, "", 0},
		{"500", bottest.Answer(500, ""), true, bot.Transient, 0},
		{"502", bottest.Answer(502, "<html>"), true, bot.Transient, 0},
		{"500 in JSON", refusal(500, "Internal Server Error", ""), true, bot.Transient, 0},
		{"reset", bottest.Reset(), true, bot.Transient, 0},
		{"half", bottest.Half(), true, bot.Transient, 0},
		{"page without JSON", bottest.Answer(404, "not found"), true, bot.Transient, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t, "")
			if c.always {
				r.proxy.Always("sendMessage", c.fault)
			} else {
				r.proxy.Once("sendMessage", c.fault)
			}
			err := r.answer(private, "jam 7")
			if got := bot.ClassOf(err); got != c.class {
				t.Fatalf("class %q of %v, want %q", got, err, c.class)
			}
			var b *bot.Error
			if errors.As(err, &b) && (b.After != c.after || strings.Contains(b.Message, "Bad Request") || b.Message == "") {
				t.Errorf("after %v, message %q", b.After, b.Message)
			}
		})
	}
}

func TestBadAddress(t *testing.T) {
	r := newRig(t, "")
	for _, a := range []string{"", "x", "0", "1/", "1/x", "99999999999999999999"} {
		if err := r.answer(bot.Message{Address: a}, "x"); bot.ClassOf(err) != bot.Invalid {
			t.Errorf("address %q: %v", a, err)
		}
	}
}

// TestThrottle keeps quiet as long as the server asks, in this chat first and then in all.
func TestThrottle(t *testing.T) {
	r := newRig(t, "")
	clock := time.Duration(1)
	r.pace.now = func() time.Duration { return clock }
	r.proxy.Once("sendMessage", refusal(429, "Too Many Requests: retry after 30", `{"retry_after":30}`))
	_ = r.answer(private, "satu")
	before := len(r.proxy.Seen("sendMessage"))
	err := r.answer(private, "satu")
	if bot.ClassOf(err) != bot.Untried || afterOf(err) != 30*time.Second || len(r.proxy.Seen("sendMessage")) != before {
		t.Errorf("a paused chat was written to: %v", err)
	}
	other := bot.Message{Address: "78"}
	if err := r.answer(other, "dua"); err != nil {
		t.Errorf("another chat: %v", err)
	}
	r.proxy.Once("sendMessage", refusal(429, "Too Many Requests: retry after 5", `{"retry_after":5}`))
	_ = r.answer(other, "tiga")
	if err := r.answer(bot.Message{Address: "79"}, "empat"); bot.ClassOf(err) != bot.Untried || afterOf(err) != 5*time.Second {
		t.Errorf("after a second 429 the whole bot should pause: %v", err)
	}
	clock += 5*time.Second + 1
	if err := r.answer(bot.Message{Address: "79"}, "empat"); err != nil {
		t.Errorf("after the pause: %v", err)
	}
	clock += 30 * time.Second
	if err := r.answer(private, "satu"); err != nil {
		t.Errorf("after its pause: %v", err)
	}
}

// TestMigrated follows a group that became a supergroup, also the next time.
func TestMigrated(t *testing.T) {
	r := newRig(t, "")
	m := bot.Message{Address: "-55", External: "m:-55:9"}
	r.proxy.Once("sendMessage", refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", `{"migrate_to_chat_id":-10055}`))
	for range 2 {
		if err := r.answer(m, "halo"); err != nil {
			t.Fatal(err)
		}
	}
	seen := r.proxy.Seen("sendMessage")
	var chats []string
	for _, q := range seen {
		chats = append(chats, q.Form.Get("chat_id"))
	}
	if fmt.Sprint(chats) != "[-55 -10055 -10055]" || seen[1].Form.Has("reply_parameters") {
		t.Errorf("written to %v", chats)
	}
}

// TestGroupReply answers the message that asked, where several people write.
func TestGroupReply(t *testing.T) {
	r := newRig(t, "")
	if err := r.answer(bot.Message{Address: "-1005/12", External: "m:-1005:9"}, "jam 7"); err != nil {
		t.Fatal(err)
	}
	f := r.proxy.Seen("sendMessage")[0].Form
	if f.Get("reply_parameters") != `{"message_id":9,"allow_sending_without_reply":true}` || f.Get("message_thread_id") != "12" {
		t.Errorf("sent %v", f)
	}
}

func menu(labels ...string) bot.Reply {
	r := bot.Reply{Outcome: bot.Menu, Lang: faq.Indonesian, Prompt: "Silakan pilih:"}
	for _, l := range labels {
		r.Choices = append(r.Choices, bot.Choice{Key: "t:" + strings.ToLower(l), Label: l})
	}
	return r
}

// TestMenuInPlace turns the menu that was tapped into the next one, and nothing else.
func TestMenuInPlace(t *testing.T) {
	tapped := bot.Message{Address: "77", External: "c:77:5:q1"}
	for _, c := range []struct {
		name    string
		m       bot.Message
		reply   bot.Reply
		fault   bottest.Fault
		methods string
	}{
		{"menu to menu", tapped, menu("Jadwal"), nil, "editMessageText"},
		{"nothing changed", tapped, menu("Jadwal"), refusal(400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same", ""), "editMessageText"},
		{"too old", tapped, menu("Jadwal"), refusal(400, "Bad Request: message can't be edited", ""), "editMessageText sendMessage"},
		{"deleted", tapped, menu("Jadwal"), refusal(400, "Bad Request: message to edit not found", ""), "editMessageText sendMessage"},
		{"answer below a menu", tapped, bot.Reply{Outcome: bot.Answered, Text: "jam 7"}, nil, "sendMessage"},
		{"menu below an answer", bot.Message{Address: "77", External: "c:77:0:q1"}, menu("Jadwal"), nil, "sendMessage"},
		{"typed", private, menu("Jadwal"), nil, "sendMessage"},
		{"easy mode", tapped, func() bot.Reply { r := menu("Jadwal"); r.Plain = true; return r }(), nil, "sendMessage"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t, "")
			if c.fault != nil {
				r.proxy.Once("editMessageText", c.fault)
			}
			if err := r.send(c.m, c.reply); err != nil {
				t.Fatal(err)
			}
			var methods []string
			for _, q := range r.proxy.Seen() {
				methods = append(methods, q.Method)
			}
			if got := strings.Join(methods, " "); got != c.methods {
				t.Errorf("called %q, want %q", got, c.methods)
			}
		})
	}
}

// TestButtons shows choices as numbered rows, and as text where they are not to be buttons or do not fit.
func TestButtons(t *testing.T) {
	r := newRig(t, "")
	long := menu("Jadwal")
	long.Choices[0].Key = strings.Repeat("k", 63)
	easy := menu("Jadwal")
	easy.Plain = true
	for _, c := range []struct {
		name, markup, text string
		reply              bot.Reply
	}{
		{"buttons", `{"inline_keyboard":[[{"text":"1. Jadwal","callback_data":"1m:t:jadwal"}],[{"text":"2. TPS","callback_data":"1m:t:tps"}]]}`, "Silakan pilih:", menu("Jadwal", "TPS")},
		{"below an answer", `{"inline_keyboard":[[{"text":"1. TPS","callback_data":"1:e:tps"}]]}`, "jam 7\n\n<i>Sumber: &lt;UU&gt;</i>\n\n<i>catatan</i>\n\nTerkait:",
			bot.Reply{Outcome: bot.Answered, Text: "jam 7", Footer: "Sumber: <UU>", Note: "catatan", Prompt: "Terkait:", Choices: []bot.Choice{{Key: "e:tps", Label: "TPS"}}}},
		{"key too long", "", "Silakan pilih:\n1. Jadwal", long},
		{"easy mode", "", "Silakan pilih:\n1. Jadwal", easy},
		{"nothing to say", "", "Maaf, layanan ini", bot.Reply{Lang: faq.Indonesian}},
		{"nothing to say in a language nobody speaks", "", "Maaf, layanan ini", bot.Reply{Lang: "xx", Text: " \n"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := r.send(bot.Message{Address: fmt.Sprint(len(c.name))}, c.reply); err != nil {
				t.Fatal(err)
			}
			seen := r.proxy.Seen("sendMessage")
			f := seen[len(seen)-1].Form
			if f.Get("reply_markup") != c.markup || !strings.HasPrefix(f.Get("text"), c.text) {
				t.Errorf("sent %q with %s", f.Get("text"), f.Get("reply_markup"))
			}
		})
	}
}

// TestPlainFallback sends bare text with the list when Telegram takes neither markup nor buttons.
func TestPlainFallback(t *testing.T) {
	r := newRig(t, "")
	r.proxy.Once("sendMessage", refusal(400, "Bad Request: BUTTON_DATA_INVALID", ""))
	if err := r.send(private, menu("Jadwal", "TPS")); err != nil {
		t.Fatal(err)
	}
	f := r.proxy.Seen("sendMessage")[1].Form
	if f.Has("parse_mode") || f.Has("reply_markup") || f.Get("text") != "Silakan pilih:\n1. Jadwal\n2. TPS" {
		t.Errorf("sent %v", f)
	}
}

// TestLongReply splits, keeps the buttons at the end, and goes on where it stopped.
func TestLongReply(t *testing.T) {
	r := newRig(t, "")
	var clock time.Duration
	r.pace.now = func() time.Duration { clock += time.Second; return clock }
	reply := menu("Jadwal")
	reply.Text = strings.Repeat("Kalimat <panjang> & 🗳️ sekali. ", 400)
	r.proxy.Once("sendMessage", sentOK(1), bottest.Answer(502, ""))
	out := bot.Outgoing{ID: 9, Address: "77", Reply: reply}
	if _, err := r.Send(t.Context(), out); bot.ClassOf(err) != bot.Transient {
		t.Fatalf("%v, want transient", err)
	}
	if _, err := r.Send(t.Context(), out); err != nil {
		t.Fatal(err)
	}
	var whole strings.Builder
	seen := r.proxy.Seen("sendMessage")
	for i, q := range seen {
		if i == 1 {
			continue // the one that failed
		}
		text, err := bottest.ParseHTML(q.Form.Get("text"))
		if err != nil {
			t.Fatal(err)
		}
		whole.WriteString(text + " ")
		if q.Form.Has("reply_markup") != (i == len(seen)-1) {
			t.Errorf("buttons at part %d of %d", i, len(seen))
		}
	}
	want := strings.Join(strings.Fields(reply.Text+" "+reply.Prompt), " ")
	if got := strings.Join(strings.Fields(whole.String()), " "); got != want {
		t.Errorf("text lost or sent twice: %d letters, want %d", len(got), len(want))
	}
}

// TestDoubtfulAndOld does not send again what may have arrived a quarter of an hour ago.
func TestDoubtfulAndOld(t *testing.T) {
	r := newRig(t, "")
	clock := time.Duration(1)
	r.pace.now = func() time.Duration { return clock }
	out := bot.Outgoing{ID: 4, Address: "77", Reply: bot.Reply{Text: "jam 7"}}
	r.proxy.Once("sendMessage", bottest.Reset(), bottest.Reset())
	for range 2 {
		if _, err := r.Send(t.Context(), out); bot.ClassOf(err) != bot.Transient {
			t.Fatal(err)
		}
		clock += doubtMax / 2
	}
	clock++
	if _, err := r.Send(t.Context(), out); bot.ClassOf(err) != bot.Stale {
		t.Errorf("%v, want stale", err)
	}
	out.ID = 5
	r.proxy.Once("sendMessage", refusal(429, "Too Many Requests", `{"retry_after":1}`))
	_, _ = r.Send(t.Context(), out)
	clock += 10 * doubtMax
	if _, err := r.Send(t.Context(), out); err != nil {
		t.Errorf("what was refused did not arrive and may be sent late: %v", err)
	}
}

// TestPictures sends a picture once as a file and then by the name that Telegram gave it.
func TestPictures(t *testing.T) {
	files := fstest.MapFS{"tps.png": {Data: []byte("png")}, "kosong.png": {}}
	r := newRig(t, "", func(_ *Config, d *Deps) {
		d.Media = func(_ int64, name string) (fs.File, error) { return files.Open(name) }
	})
	photo := bottest.Answer(200, `{"ok":true,"result":{"message_id":8,"photo":[{"file_id":"kecil"},{"file_id":"besar"}]}}`)
	r.proxy.Always("sendPhoto", photo)
	reply := bot.Reply{Outcome: bot.Answered, Text: "Begini <surat> suara.", Media: []bot.Media{{Kind: "picture", Name: "tps.png", Alt: "gambar surat suara"}},
		Prompt: "Terkait:", Choices: []bot.Choice{{Key: "e:x", Label: "X"}}}
	send := func(reply bot.Reply) {
		t.Helper()
		if err := r.send(private, reply); err != nil {
			t.Fatal(err)
		}
		r.pace.chats = map[int64]*bucket{}
	}
	send(reply)
	send(reply)
	seen := r.proxy.Seen("sendPhoto")
	if len(seen) != 2 || seen[0].Form.Get("photo") != "file:tps.png" || seen[1].Form.Get("photo") != "besar" ||
		!strings.HasPrefix(seen[1].Form.Get("caption"), "Begini &lt;surat&gt; suara.") || !seen[0].Form.Has("reply_markup") {
		t.Fatalf("sent %v, %v", seen[0].Form, seen[1].Form)
	}

	t.Run("a name that does not hold any more", func(t *testing.T) {
		r.proxy.Once("sendPhoto", refusal(400, "Bad Request: wrong file identifier/HTTP URL specified", ""))
		send(reply)
		seen := r.proxy.Seen("sendPhoto")
		if last := seen[len(seen)-1].Form; last.Get("photo") != "file:tps.png" {
			t.Errorf("sent %v", last)
		}
	})
	t.Run("long text beside the picture", func(t *testing.T) {
		reply := reply
		reply.Text = strings.Repeat("Kalimat. ", 200)
		send(reply)
		seen := r.proxy.Seen("sendPhoto", "sendMessage")
		n := len(seen)
		if seen[n-2].Form.Get("caption") != "gambar surat suara" || seen[n-1].Method != "sendMessage" || !seen[n-1].Form.Has("reply_markup") {
			t.Errorf("sent %v, %v", seen[n-2].Form, seen[n-1].Form)
		}
	})
	t.Run("two pictures, one of them gone", func(t *testing.T) {
		reply := reply
		reply.Media = []bot.Media{reply.Media[0], {Kind: "picture", Name: "hilang.png", Alt: "yang hilang"}}
		texts := len(r.proxy.Seen("sendMessage"))
		send(reply)
		if n := len(r.proxy.Seen("sendMessage")); n != texts {
			t.Error("a description was sent in place of a picture that the text explains")
		}
	})
	for name, change := range map[string]func(*bot.Reply){
		"a group without pictures": func(*bot.Reply) {
			r.proxy.Once("sendPhoto", refusal(400, "Bad Request: not enough rights to send photos to the chat", ""))
		},
		"a file that is not there": func(r *bot.Reply) { r.Media[0].Name = "hilang.png" },
		"an empty file":            func(r *bot.Reply) { r.Media[0].Name = "kosong.png" },
		"an unknown kind":          func(r *bot.Reply) { r.Media[0].Kind = "hologram" },
		"a file that is refused": func(*bot.Reply) {
			r.proxy.Once("sendPhoto", refusal(400, "Bad Request: wrong type", ""), refusal(400, "Bad Request: IMAGE_PROCESS_FAILED", ""))
		},
	} {
		t.Run(name, func(t *testing.T) {
			reply := reply
			reply.Media = []bot.Media{reply.Media[0]}
			change(&reply)
			send(reply)
			seen := r.proxy.Seen("sendMessage")
			if len(seen) == 0 || !strings.HasPrefix(seen[len(seen)-1].Form.Get("text"), "Begini") {
				t.Error("the text was not sent instead")
			}
		})
	}
}

// TestStopping lets a message that is on the wire arrive when the program is told to stop.
func TestStopping(t *testing.T) {
	r := newRig(t, "")
	ctx, stop := testContext(t)
	r.proxy.Once("sendMessage", func(w http.ResponseWriter, q *bottest.Request) bool {
		stop()
		time.Sleep(50 * time.Millisecond)
		return sentOK(3)(w, q)
	})
	if id, err := r.Send(ctx, bot.Outgoing{Address: "77", Reply: bot.Reply{Text: "jam 7"}}); err != nil || id != "3" {
		t.Errorf("%q, %v", id, err)
	}
}

func TestKeyboardRoundTrip(t *testing.T) {
	for _, c := range []struct {
		data, key string
		menu      bool
	}{
		{"1:e:jam-tps", "e:jam-tps", false}, {"1m:t:jadwal", "t:jadwal", true}, {"", "", false}, {"v0:old", "", false}, {"jam-tps", "", false}, {"1:", "", false},
	} {
		if key, menu := readButton(c.data); key != c.key || menu != c.menu {
			t.Errorf("%q: %q %v", c.data, key, menu)
		}
	}
	var k keyboard
	if err := json.Unmarshal([]byte(keyboardOf(menu("A"))), &k); err != nil {
		t.Fatal(err)
	}
	if key, _ := readButton(k.Rows[0][0].Data); key != "t:a" {
		t.Errorf("key %q", key)
	}
}
