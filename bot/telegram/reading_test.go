package telegram

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/bottest"
)

// TestReading maps updates to what the engine gets.
func TestReading(t *testing.T) {
	const person = `"from":{"id":9,"is_bot":false,"first_name":"x","language_code":"jv"}`
	const private = `"message_id":5,"date":1732000000,` + person + `,"chat":{"id":9,"type":"private"}`
	const group = `"message_id":6,"date":1732000000,` + person + `,"chat":{"id":-1009,"type":"supergroup"}`
	const ours = `"reply_to_message":{"message_id":2,"date":1,"from":{"id":424242,"is_bot":true},"chat":{"id":-1009,"type":"supergroup"}}`
	for _, c := range []struct {
		name, update string
		want         string // kind external address text-or-choice; "" when nothing reaches the inbox
	}{
		{"text", `"message":{` + private + `,"text":"jam berapa"}`, "text m:9:5 9 jam berapa"},
		{"edited text is the same message", `"edited_message":{` + private + `,"edit_date":1732000009,"text":"jam brp"}`, "text m:9:5 9 jam brp"},
		{"start with payload", `"message":{` + private + `,"text":"/start BLR7"}`, "text m:9:5 9 /start BLR7"},
		{"caption", `"message":{` + private + `,"photo":[{"file_id":"a"}],"caption":"ini asli?"}`, "text m:9:5 9 ini asli?"},
		{"photo", `"message":{` + private + `,"photo":[{"file_id":"a"}]}`, "picture m:9:5 9 "},
		{"photo of an album", `"message":{` + private + `,"photo":[{"file_id":"a"}],"media_group_id":"77"}`, "picture g:9:0:77 9 "},
		{"voice", `"message":{` + private + `,"voice":{"file_id":"a"}}`, "voice m:9:5 9 "},
		{"round video", `"message":{` + private + `,"video_note":{"file_id":"a"}}`, "voice m:9:5 9 "},
		{"video", `"message":{` + private + `,"video":{"file_id":"a"}}`, "video m:9:5 9 "},
		{"sticker", `"message":{` + private + `,"sticker":{"file_id":"a"}}`, "sticker m:9:5 9 "},
		{"file", `"message":{` + private + `,"document":{"file_id":"a"}}`, "file m:9:5 9 "},
		{"place", `"message":{` + private + `,"location":{"latitude":1,"longitude":2}}`, "location m:9:5 9 "},
		{"contact", `"message":{` + private + `,"contact":{"phone_number":"1"}}`, "contact m:9:5 9 "},
		{"dice", `"message":{` + private + `,"dice":{"emoji":"x","value":1}}`, "other m:9:5 9 "},
		{"service message", `"message":{` + private + `,"pinned_message":{"message_id":1}}`, ""},
		{"topic of a private chat", `"message":{` + private + `,"message_thread_id":3,"is_topic_message":true,"text":"x"}`, "text m:9:5 9/3 x"},
		{"thread that is no topic", `"message":{` + private + `,"message_thread_id":3,"text":"x"}`, "text m:9:5 9 x"},
		{"our own shared answer", `"message":{` + private + `,"via_bot":{"id":424242,"is_bot":true},"text":"x"}`, ""},
		{"an answer of another bot", `"message":{` + private + `,"via_bot":{"id":1,"is_bot":true},"text":"x"}`, "text m:9:5 9 x"},
		{"a bot writes", `"message":{"message_id":5,"date":1,"from":{"id":8,"is_bot":true},"chat":{"id":8,"type":"private"},"text":"x"}`, ""},
		{"nobody writes", `"message":{"message_id":5,"date":1,"chat":{"id":8,"type":"private"},"text":"x"}`, ""},

		{"group talk", `"message":{` + group + `,"text":"nanti nyoblos jam berapa"}`, ""},
		{"group, our name", `"message":{` + group + `,"text":"nyoblos jam berapa @Tanya_Test_Bot ?"}`, "text m:-1009:6 -1009 nyoblos jam berapa ?"},
		{"group, our name first", `"message":{` + group + `,"text":"@tanya_test_bot, jam berapa"}`, "text m:-1009:6 -1009 jam berapa"},
		{"group, a longer name", `"message":{` + group + `,"text":"@tanya_test_bot2 jam berapa"}`, ""},
		{"group, an address", `"message":{` + group + `,"text":"a@tanya_test_bot.id"}`, ""},
		{"group, command", `"message":{` + group + `,"text":"/menu"}`, "text m:-1009:6 -1009 /menu"},
		{"group, our command", `"message":{` + group + `,"text":"/menu@tanya_test_bot"}`, "text m:-1009:6 -1009 /menu"},
		{"group, start", `"message":{` + group + `,"text":"/start@tanya_test_bot BLR7"}`, "text m:-1009:6 -1009 /start BLR7"},
		{"group, command of another bot", `"message":{` + group + `,"text":"/menu@lain_bot"}`, ""},
		{"group, command that is not ours", `"message":{` + group + `,"text":"/roll"}`, ""},
		{"group, any command with our name", `"message":{` + group + `,"text":"/roll@tanya_test_bot"}`, "text m:-1009:6 -1009 /roll"},
		{"group, reply to us", `"message":{` + group + `,` + ours + `,"text":"1"}`, "text m:-1009:6 -1009 1"},
		{"group, voice in reply to us", `"message":{` + group + `,` + ours + `,"voice":{"file_id":"a"}}`, "voice m:-1009:6 -1009 "},
		{"group, voice", `"message":{` + group + `,"voice":{"file_id":"a"}}`, ""},
		{"group, topic", `"message":{` + group + `,"message_thread_id":4,"is_topic_message":true,"text":"/menu"}`, "text m:-1009:6 -1009/4 /menu"},
		{"anonymous admin", `"message":{` + group + `,"sender_chat":{"id":-1009,"type":"supergroup"},"text":"/menu"}`, ""},
		{"post of a linked channel", `"message":{` + group + `,"sender_chat":{"id":-100777,"type":"channel"},"is_automatic_forward":true,"text":"/menu"}`, ""},
		{"channel post", `"channel_post":{"message_id":1,"date":1,"chat":{"id":-100777,"type":"channel"},"text":"/menu"}`, ""},
		{"new members", `"message":{` + group + `,"new_chat_members":[{"id":424242,"is_bot":true}]}`, ""},
		{"group became supergroup", `"message":{` + group + `,"migrate_to_chat_id":-10055}`, ""},

		{"tap", `"callback_query":{"id":"q1",` + person + `,"chat_instance":"1","message":{` + private + `},"data":"1:e:jam-tps"}`, "tap c:9:0:q1 9 e:jam-tps"},
		{"tap on a menu", `"callback_query":{"id":"q1",` + person + `,"chat_instance":"1","message":{` + private + `},"data":"1m:t:jadwal"}`, "tap c:9:5:q1 9 t:jadwal"},
		{"tap on a menu out of reach", `"callback_query":{"id":"q1",` + person + `,"chat_instance":"1","message":{"message_id":5,"date":0,"chat":{"id":9,"type":"private"}},"data":"1m:t:jadwal"}`, "tap c:9:0:q1 9 t:jadwal"},
		{"tap on a button of long ago", `"callback_query":{"id":"q1",` + person + `,"chat_instance":"1","message":{` + private + `},"data":"faq_12"}`, "tap c:9:0:q1 9 "},
		{"tap below a shared answer", `"callback_query":{"id":"q1",` + person + `,"chat_instance":"1","inline_message_id":"z","data":"1:x"}`, ""},
		{"member", `"my_chat_member":{"chat":{"id":9,"type":"private"},"date":1}`, ""},
		{"unknown kind", `"telepathy":{"x":1}`, ""},
		{"nothing", `"message":null`, ""},
		{"odd text", `"message":{` + private + `,"text":["x"]}`, "broken u:3  "},
		{"odd part that nobody reads", `"message":{` + private + `,"text":"x","entities":"odd","new_field":[]}`, "text m:9:5 9 x"},
		{"odd tap", `"callback_query":7`, "broken u:3  "},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t, "")
			b := r.readBatch([]json.RawMessage{json.RawMessage(`{"update_id":3,` + c.update + `}`)}, 0)
			var got string
			for _, m := range b.messages {
				got += fmt.Sprintf("%s %s %s %s", m.Kind, m.External, m.Address, m.Text+m.Choice)
			}
			if got != c.want || b.next != 4 {
				t.Errorf("got %q and next %d, want %q and 4", got, b.next, c.want)
			}
			if strings.Contains(c.update, `"callback_query":{`) && !slices.Equal(b.taps, []string{"q1"}) {
				t.Error("the tap would keep spinning")
			}
		})
	}
}

// TestAlbum is one thing that somebody sent: its words if it has any.
func TestAlbum(t *testing.T) {
	r := newRig(t, "")
	var raws []json.RawMessage
	for i, caption := range []string{"", "apa ini asli?", ""} {
		raws = append(raws, json.RawMessage(fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"date":1,"from":{"id":9},"chat":{"id":9,"type":"private"},"media_group_id":"5","photo":[{}],"caption":%q}}`, i+1, i+1, caption)))
	}
	if b := r.readBatch(raws, 0); len(b.messages) != 1 || b.messages[0].Text != "apa ini asli?" {
		t.Errorf("%+v", b.messages)
	}
}

// TestNext moves on whatever comes.
func TestNext(t *testing.T) {
	for _, c := range []struct {
		name, raws string
		from, want int64
	}{
		{"in order", `{"update_id":5}|{"update_id":6}`, 5, 7},
		{"out of order", `{"update_id":6}|{"update_id":5}`, 5, 7},
		{"one without a number", `{"update_id":6}|{"update_id":"x"}|7`, 5, 7},
		{"none with a number", `7|{}|"x"`, 5, 6},
		{"old ones again", `{"update_id":2}`, 9, 3},
		{"numbers begin anew", `{"update_id":1000}`, 900000, 1001},
		{"number of a future width", `{"update_id":9007199254740993}`, 5, 9007199254740994},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t, "")
			var raws []json.RawMessage
			for _, s := range strings.Split(c.raws, "|") {
				raws = append(raws, json.RawMessage(s))
			}
			if b := r.readBatch(raws, c.from); b.next != c.want {
				t.Errorf("next %d, want %d", b.next, c.want)
			}
		})
	}
}

// TestOrigins proves that what is written can be read, and that nothing else is.
func TestOrigins(t *testing.T) {
	for _, o := range []origin{{kind: 'm', chat: -1009, message: 6}, {kind: 'c', chat: 9, message: 5, rest: "123:4"}, {kind: 'g', chat: 9, rest: "7"}} {
		if got := parseOrigin(o.String()); got != o {
			t.Errorf("%v became %v", o, got)
		}
	}
	for _, s := range []string{"", "u:5", "m", "m:x:1", "mm:1:2", ":::"} {
		if got := parseOrigin(s); got != (origin{}) {
			t.Errorf("%q became %v", s, got)
		}
	}
}

// FuzzReadBatch feeds anything: it must not panic, must move on and must hand over only what the ledger takes.
func FuzzReadBatch(f *testing.F) {
	f.Add([]byte(textUpdate(1, 1, "halo")))
	f.Add([]byte(`{"update_id":1,"callback_query":{"id":"q","from":{"id":1},"message":{"message_id":1,"date":0,"chat":{"id":-1,"type":"group"}},"data":"1m:x"}}`))
	f.Add([]byte(`{"update_id":1,"message":{"message_id":1,"chat":{"id":-1,"type":"group"},"from":{"id":1},"text":"@tanya_test_bot \u0000` + "\xff" + `","is_topic_message":true,"message_thread_id":-4}}`))
	f.Add([]byte(`{"update_id":`))
	r := newRig(f, "")
	f.Fuzz(func(t *testing.T, raw []byte) {
		b := r.readBatch([]json.RawMessage{raw}, 10)
		if b.next == 10 && len(b.messages)+len(b.taps)+len(b.inline) == 0 && !json.Valid(raw) {
			t.Error("the same updates would be asked for again")
		}
		checkBatch(t, b)
	})
}

// checkBatch checks what must hold for every batch.
func checkBatch(t *testing.T, b batch) {
	t.Helper()
	for _, m := range b.messages {
		if m.Channel != Name || m.External == "" || m.Kind == "" {
			t.Errorf("the ledger would refuse %+v", m)
		}
		if m.Kind != bot.Broken {
			if _, err := parsePlace(m.Address); err != nil {
				t.Errorf("%+v could not be answered: %v", m, err)
			}
		}
		if strings.ToValidUTF8(m.Text, "") != m.Text {
			t.Errorf("text %q", m.Text)
		}
	}
}

// TestEveryUpdate feeds random updates of every kind that the Bot API describes, whole and spoiled.
func TestEveryUpdate(t *testing.T) {
	spec := bottest.LoadBotAPI(t)
	r := newRig(t, "")
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 1))
	kept, broken := map[string]int{}, 0
	for _, kind := range spec.Updates() {
		for i := range 400 {
			raw := spec.RandomUpdate(random, int64(i+1), kind, []int{0, 200, 20}[i%3])
			b := r.readBatch([]json.RawMessage{raw}, 0)
			checkBatch(t, b)
			if b.next != int64(i+2) {
				t.Errorf("next %d", b.next)
			}
			for _, m := range b.messages {
				if m.Kind == bot.Broken {
					broken++
				} else {
					kept[kind]++
				}
			}
			if t.Failed() {
				t.Fatalf("seed %d: %s", seed, raw)
			}
		}
	}
	t.Logf("%d kinds; handed over %v, %d that cannot be read", len(spec.Updates()), kept, broken)
	if kept["message"] == 0 || kept["edited_message"] == 0 || kept["callback_query"] == 0 || kept["poll_answer"] == 0 {
		t.Errorf("too little was handed over: %v", kept)
	}
	if len(kept) != 4 {
		t.Errorf("what nobody asked is handed over: %v", kept)
	}
}
