package whatsapp

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"
	"rsc.io/qr"

	"tanya/bot"
	"tanya/locales"
)

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"*Bawa KTP* dan _undangan_":          "Bawa KTP dan undangan",
		"~batal~ ```kode``` `x`":             "batal kode x",
		"**dua kali**":                       "dua kali",
		"(*dalam kurung*).":                  "(dalam kurung).",
		"5 * 3 = 15 * 1":                     "5 * 3 = 15 * 1",
		"nama_berkas_ini":                    "nama_berkas_ini",
		"@_kpu tanpa pasangan":               "@_kpu tanpa pasangan",
		"https://kpu.go.id/_a_/*b* _miring_": "https://kpu.go.id/_a_/*b* miring",
		"*baris\nlain*":                      "*baris\nlain*",
		"- butir\n1. angka":                  "- butir\n1. angka",
		"":                                   "",
	} {
		if got := plain(in); got != want {
			t.Errorf("plain(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzPlain(f *testing.F) {
	f.Add("*a* _b_ ~c~ `d` ```e```\nhttps://x/_y_")
	f.Fuzz(func(t *testing.T, s string) {
		out := plain(s)
		if utf8.ValidString(s) && !utf8.ValidString(out) || utf8.RuneCountInString(out) > utf8.RuneCountInString(s) {
			t.Errorf("plain(%q) = %q", s, out)
		}
		if strings.Count(out, "\n") != strings.Count(strings.ReplaceAll(s, "```", ""), "\n") {
			t.Errorf("lines of %q were lost", s)
		}
	})
}

func TestAddress(t *testing.T) {
	lid := types.JID{User: "12345", Device: 9, Server: types.HiddenUserServer}
	if got := address(lid); got != "12345@lid" {
		t.Errorf("address is %q", got)
	}
	for _, bad := range []string{"", "12345", "12345@s.whatsapp.net", "12345:9@lid", "abc@lid", "@lid", "1@g.us", "status@broadcast", "1@lid@lid"} {
		if j, err := parseAddress(bad); err == nil {
			t.Errorf("parseAddress(%q) = %v", bad, j)
		}
	}
}

func FuzzExternal(f *testing.F) {
	f.Add("12345", "3EB0 with blanks", uint32(86400))
	f.Fuzz(func(t *testing.T, person, id string, timer uint32) {
		if !digits(person) {
			return
		}
		x := external{person: person, id: id, timer: timer}
		if got := parseExternal(x.String()); got != x {
			t.Errorf("%+v came back as %+v", x, got)
		}
		_ = parseExternal(id)
	})
}

func TestMessageID(t *testing.T) {
	s := secrets{root: []byte("root of one link")}
	o := bot.Outgoing{ID: 7, Chat: "c", Created: time.UnixMilli(1_800_000_000_123)}
	id := s.messageID(o)
	if len(id) != 22 || !strings.HasPrefix(id, "3EB0") || strings.ToUpper(id) != id {
		t.Errorf("id %q has not the shape of the web client's", id)
	}
	same := o
	same.Created, same.Attempt = o.Created.Add(400*time.Microsecond), 5 // ledgers keep milliseconds
	if s.messageID(same) != id {
		t.Error("the same reply got another id")
	}
	for name, other := range map[string]bot.Outgoing{
		"number": {ID: 8, Chat: "c", Created: o.Created}, "chat": {ID: 7, Chat: "d", Created: o.Created},
		"time": {ID: 7, Chat: "c", Created: o.Created.Add(time.Second)},
	} {
		if s.messageID(other) == id {
			t.Errorf("another %s, the same id", name)
		}
	}
	if (secrets{root: []byte("another link")}).messageID(o) == id {
		t.Error("another link, the same id")
	}
}

// A message from outside can be any bytes that decrypt. It must be read without harm, and its text must be keepable.
func FuzzRead(f *testing.F) {
	for _, m := range []*waE2E.Message{
		{Conversation: proto.String("jam berapa")},
		{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: proto.String("x"), ContextInfo: &waE2E.ContextInfo{Expiration: proto.Uint32(7)}}},
		{EphemeralMessage: &waE2E.FutureProofMessage{Message: &waE2E.Message{ImageMessage: &waE2E.ImageMessage{Caption: proto.String("y")}}}},
		{EditedMessage: &waE2E.FutureProofMessage{Message: &waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{}}}},
		{PollUpdateMessage: &waE2E.PollUpdateMessage{}},
	} {
		b, err := proto.Marshal(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var m waE2E.Message
		if proto.Unmarshal(b, &m) != nil {
			return
		}
		e := (&events.Message{RawMessage: &m}).UnwrapRaw()
		c, ok := read(e)
		if !ok {
			return
		}
		if c.kind == "" || !utf8.ValidString(c.text) || strings.Contains(c.text, "\x00") {
			t.Errorf("read as %q %q", c.kind, c.text)
		}
		if c.kind == bot.Text && strings.TrimSpace(c.text) == "" {
			t.Error("an empty text asks for no answer")
		}
	})
}

func TestOurs(t *testing.T) {
	person := types.JID{User: "1", Server: types.HiddenUserServer}
	good := types.MessageInfo{MessageSource: types.MessageSource{Chat: person, Sender: person}}
	if !ours(good) {
		t.Error("a person's message is left aside")
	}
	for name, change := range map[string]func(*types.MessageInfo){
		"own": func(i *types.MessageInfo) { i.IsFromMe = true },
		"group": func(i *types.MessageInfo) {
			i.Chat, i.IsGroup = types.JID{User: "1-2", Server: types.GroupServer}, true
		},
		"status":     func(i *types.MessageInfo) { i.Chat = types.StatusBroadcastJID },
		"broadcast":  func(i *types.MessageInfo) { i.Chat = types.JID{User: "9", Server: types.BroadcastServer} },
		"newsletter": func(i *types.MessageInfo) { i.Chat = types.JID{User: "9", Server: types.NewsletterServer} },
		"peer":       func(i *types.MessageInfo) { i.Category = "peer" },
		"whatsapp":   func(i *types.MessageInfo) { i.Chat = types.PSAJID },
		"robot":      func(i *types.MessageInfo) { i.Sender = types.NewMetaAIJID },
	} {
		i := good
		change(&i)
		if ours(i) {
			t.Errorf("a message of kind %q is taken for a person's", name)
		}
	}
}

// What WhatsApp keeps for the telephone alone, such as a picture that may be looked at once, is not counted as a message
// that could not be decrypted: nobody is asked to send it again.
func TestKeptForTheTelephone(t *testing.T) {
	l := &link{c: &Channel{}}
	person := types.JID{User: "1", Server: types.HiddenUserServer}
	info := types.MessageInfo{MessageSource: types.MessageSource{Chat: person, Sender: person}}
	l.handle(&events.UndecryptableMessage{Info: info, IsUnavailable: true, UnavailableType: events.UnavailableTypeViewOnce})
	if n := l.c.counts.undecrypted.Load(); n != 0 {
		t.Errorf("counted %d", n)
	}
	l.handle(&events.UndecryptableMessage{Info: info})
	if n := l.c.counts.undecrypted.Load(); n != 1 {
		t.Errorf("counted %d, want 1", n)
	}
}

// When WhatsApp says that the number may not write to new people for a while, the operator is told, once.
func TestTimelock(t *testing.T) {
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	l := &link{c: &Channel{cfg: Config{Lang: "id"}, deps: Deps{Words: words, Alert: func(s string) { told = append(told, s) }}}}
	for _, active := range []bool{false, true, true} {
		l.handle(&events.NotifyAccountReachoutTimelock{IsActive: active})
	}
	if len(told) != 1 || !strings.Contains(told[0], "orang baru") {
		t.Errorf("told: %q", told)
	}
}

// The drawing holds the same modules as the code, and a light border around them.
func TestDraw(t *testing.T) {
	const text = "https://wa.me/settings/linked_devices#2@abc,def,ghi,jkl,1"
	code, err := qr.Encode(text, qr.L)
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := Draw(text)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(drawn, "\n"), "\n")
	for y := -quietZone; y < code.Size+quietZone; y++ {
		line := strings.TrimSuffix(strings.TrimPrefix(lines[(y+quietZone)/2], "\x1b[107;30m"), "\x1b[0m")
		row := []rune(line)
		if len(row) != code.Size+2*quietZone {
			t.Fatalf("line %d is %d wide", y, len(row))
		}
		for x := -quietZone; x < code.Size+quietZone; x++ {
			r := row[x+quietZone]
			dark := r == '█' || r == '▀' && (y+quietZone)%2 == 0 || r == '▄' && (y+quietZone)%2 == 1
			if dark != code.Black(x, y) {
				t.Fatalf("module %d,%d is wrong", x, y)
			}
		}
	}
	if _, err := Draw(strings.Repeat("x", 5000)); bot.ClassOf(err) != bot.Invalid {
		t.Errorf("a text that fits no code: %v", err)
	}
}
