package whatsapp_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"

	"tanya/bot"
	"tanya/bot/whatsapp"
)

// A reply's picture is encrypted, stored at WhatsApp, and shown on the telephone with all of the text below it. When it
// cannot be, the text goes alone.
func TestPictures(t *testing.T) {
	card := image.NewRGBA(image.Rect(0, 0, 300, 150))
	for i := range card.Pix {
		card.Pix[i] = byte(i * 7)
	}
	card.Set(1, 1, color.White)
	var drawn bytes.Buffer
	must(t, png.Encode(&drawn, card))
	files := fstest.MapFS{"kartu": {Data: drawn.Bytes()}, "rusak": {Data: []byte("no picture")}}
	r := newRelay(t)
	d := newDesk(t, r, func(_ *whatsapp.Config, deps *whatsapp.Deps) {
		deps.Media = func(_ int64, name string) (fs.File, error) { return files.Open(name) }
	}).pair().start()
	c := newCitizen(t, r, siti)
	timer := uint32(86400)
	c.send(&waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{
		Text: proto.String("kartu?"), ContextInfo: &waE2E.ContextInfo{Expiration: &timer},
	}})
	m := d.next()
	ask := func(name string, change func(*bot.Reply)) *waE2E.Message {
		t.Helper()
		reply := bot.Reply{
			Outcome: bot.Shared, Text: "Bagikan *kartu* ini.", Choices: []bot.Choice{{Key: "menu", Label: "Menu"}},
			Media: []bot.Media{{Kind: "audio", Name: "suara"}, {Kind: "picture", Name: name, Alt: "kartu jawaban"}},
		}
		if change != nil {
			change(&reply)
		}
		_, err := d.Send(t.Context(), d.out.reply(m, reply))
		must(t, err)
		return c.hear().Message
	}
	const caption = "Bagikan kartu ini.\n\n1. Menu"

	got := ask("kartu", nil).GetImageMessage()
	if got.GetCaption() != caption || got.GetMimetype() != "image/png" || got.GetWidth() != 300 || got.GetHeight() != 150 ||
		got.GetAccessibilityLabel() != "kartu jawaban" || got.GetContextInfo().GetExpiration() != timer {
		t.Errorf("the picture's message: %v", got)
	}
	fetched, err := c.client.Download(context.Background(), got)
	must(t, err)
	if !bytes.Equal(fetched, drawn.Bytes()) {
		t.Error("the telephone got another picture")
	}
	for _, stored := range r.Uploads() {
		if bytes.Contains(stored, drawn.Bytes()[:64]) {
			t.Error("the picture was stored as it is")
		}
	}
	thumb, err := jpeg.DecodeConfig(bytes.NewReader(got.GetJPEGThumbnail()))
	if err != nil || thumb.Width != 96 || thumb.Height != 48 {
		t.Errorf("the small picture: %+v, %v", thumb, err)
	}

	r.RefuseUploads(true)
	for name, change := range map[string]func(*bot.Reply){
		"kartu": nil, "rusak": nil, "tidak-ada": nil,
		"kartu ": func(r *bot.Reply) { r.Media[1].Name = "kartu"; r.Plain = true },
	} {
		if m := ask(name, change); m.GetExtendedTextMessage().GetText() != caption || m.ImageMessage != nil {
			t.Errorf("%s: without an upload the telephone shows %v", name, m)
		}
	}
	if n := d.Status().Pictureless; n != 3 {
		t.Errorf("%d replies without their picture were counted, want 3", n)
	}
	r.RefuseUploads(false)
	long := strings.Repeat("panjang sekali ", 80)
	if m := ask("kartu", func(r *bot.Reply) { r.Text = long }); m.ImageMessage != nil {
		t.Error("a text that is too long for a caption was put below a picture")
	}
}
