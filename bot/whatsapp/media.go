package whatsapp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"
	"time"
	"unicode/utf8"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"golang.org/x/image/draw"
	"google.golang.org/protobuf/proto"

	"tanya/bot"
)

// MediaFunc opens a picture of an edition by its name.
type MediaFunc func(edition int64, name string) (fs.File, error)

// Bounds of a picture.
const (
	captionMax = 1024             // characters below it
	pictureMax = 5 << 20          // bytes
	uploadWait = 10 * time.Second // how long WhatsApp may take to store it
	thumbSide  = 96               // pixels of the small picture that is seen before the large one is loaded
)

// picture makes the message of a reply with its first picture, whose caption is all of the reply's text. It returns nil
// when there is none or it cannot be shown; the text says everything that a picture does.
func (l *link) picture(ctx context.Context, o bot.Outgoing) *waE2E.Message {
	caption := plain(o.Reply.Numbered())
	if l.c.deps.Media == nil || o.Reply.Plain || utf8.RuneCountInString(caption) > captionMax {
		return nil
	}
	for _, m := range o.Reply.Media {
		if m.Kind != "picture" {
			continue
		}
		out, err := l.upload(ctx, o.Reply.Edition, m)
		if err != nil {
			l.c.counts.pictures.Add(1)
			l.c.log.Warn("a picture was left out", "outbox", o.ID, "err", errPicture)
			return nil
		}
		out.Caption, out.ContextInfo = &caption, vanishing(parseExternal(o.ReplyTo).timer)
		return &waE2E.Message{ImageMessage: out}
	}
	return nil
}

// errPicture stands in the log for what went wrong with a picture, because the library's words hold addresses and keys.
var errPicture = errors.New("not opened, not a picture or not uploaded")

// upload encrypts a picture and stores it at WhatsApp, from where the telephone fetches it.
func (l *link) upload(ctx context.Context, edition int64, m bot.Media) (out *waE2E.ImageMessage, err error) {
	defer func() {
		if r := recover(); r != nil { // the library takes it for granted that WhatsApp names a server
			err = errPicture
		}
	}()
	data, err := l.c.openPicture(edition, m.Name)
	if err != nil {
		return nil, err
	}
	shape, thumb, err := thumbnail(data)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, uploadWait)
	defer cancel()
	up, err := l.client.Upload(ctx, data, whatsmeow.MediaImage)
	if err != nil {
		return nil, err
	}
	return &waE2E.ImageMessage{
		URL: &up.URL, DirectPath: &up.DirectPath, MediaKey: up.MediaKey, MediaKeyTimestamp: proto.Int64(l.c.deps.Now().Unix()),
		FileSHA256: up.FileSHA256, FileEncSHA256: up.FileEncSHA256, FileLength: &up.FileLength, Mimetype: proto.String("image/png"),
		Width: proto.Uint32(uint32(shape.X)), Height: proto.Uint32(uint32(shape.Y)), JPEGThumbnail: thumb, //nolint:gosec // a picture has no negative side
		AccessibilityLabel: proto.String(m.Alt),
	}, nil
}

func (c *Channel) openPicture(edition int64, name string) (data []byte, err error) {
	f, err := c.deps.Media(edition, name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	data, err = io.ReadAll(io.LimitReader(f, pictureMax+1))
	if len(data) > pictureMax {
		err = fmt.Errorf("more than %d bytes", pictureMax)
	}
	return data, err
}

// thumbnail returns a picture's size and a small copy of it.
func thumbnail(data []byte) (image.Point, []byte, error) {
	p, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return image.Point{}, nil, err
	}
	size := p.Bounds().Size()
	long := max(size.X, size.Y)
	small := image.NewRGBA(image.Rect(0, 0, max(1, size.X*thumbSide/long), max(1, size.Y*thumbSide/long)))
	draw.ApproxBiLinear.Scale(small, small.Bounds(), p, p.Bounds(), draw.Src, nil)
	var b bytes.Buffer
	err = jpeg.Encode(&b, small, &jpeg.Options{Quality: 70})
	return size, b.Bytes(), err
}
