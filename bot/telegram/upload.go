package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"tanya/bot"
)

// MediaFunc opens a picture, sound or film of an edition by its name.
type MediaFunc func(edition int64, name string) (fs.File, error)

// mediaKey names a file that Telegram has already.
type mediaKey struct {
	edition int64
	name    string
}

// errNoMedia says that there is nothing to show; the text says everything that it would have shown.
var errNoMedia = errors.New("the file is not there")

const uploadMax = 10 << 20 // bytes, Telegram's limit for a picture

// mediaMethod returns method and parameter for a kind of media, "" for one that is not known.
func mediaMethod(kind string) (method, field string) {
	switch kind {
	case "picture":
		return "sendPhoto", "photo"
	case "audio":
		return "sendAudio", "audio"
	case "video":
		return "sendVideo", "video"
	}
	return "", ""
}

// sendMedia sends a file with its caption. Telegram remembers what it was sent; the next time its name suffices.
func (c *Channel) sendMedia(ctx context.Context, m mail, p part) (string, error) {
	method, field := mediaMethod(p.media.Kind)
	if method == "" || c.deps.Media == nil {
		return "", errNoMedia
	}
	q := m.params(p)
	delete(q, "link_preview_options")
	q["caption"], q["parse_mode"] = toHTML(p.spans), "HTML"
	key := mediaKey{m.reply.Edition, p.media.Name}
	if id, ok := c.files.get(key); ok {
		q[field] = id
		sent, err := c.request(ctx, method, q)
		if class := bot.ClassOf(classed(err)); class != bot.Invalid {
			return sent, err
		}
		c.files.drop(key) // the name does not hold any more
		delete(q, field)
	}
	bytes, err := c.readMedia(key)
	if err != nil {
		c.log.Warn("a file of the edition cannot be read", "edition", key.edition, "name", key.name, "err", err)
		return "", errNoMedia
	}
	ctx, cancel := linger(ctx, grace)
	defer cancel()
	raw, err := c.api.upload(ctx, method, q, field, p.media.Name, bytes)
	if err != nil {
		return "", err
	}
	id, file := readSent(raw)
	if file != "" {
		c.files.put(key, file)
	}
	return id, nil
}

func (c *Channel) readMedia(key mediaKey) ([]byte, error) {
	f, err := c.deps.Media(key.edition, key.name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	b, err := io.ReadAll(io.LimitReader(f, uploadMax+1))
	if err == nil && (len(b) > uploadMax || len(b) == 0) {
		err = errors.New("it is empty or larger than 10 MB")
	}
	return b, err
}

// upload calls a method with a file. The library drops the error code of such a call, so that a 429 or a 403 would
// pass for something else; the carrier has kept it.
func (a *api) upload(ctx context.Context, method string, p params, field, name string, content []byte) (json.RawMessage, error) {
	c := a.carrier(ctx, 4*a.timeout)
	lib := a.lib
	lib.Client = c
	file := tgbotapi.RequestFile{Name: field, Data: tgbotapi.FileBytes{Name: name, Bytes: content}}
	resp, err := lib.UploadFiles(method, tgbotapi.Params(p), []tgbotapi.RequestFile{file})
	if err != nil {
		return nil, c.fault(method, err)
	}
	return resp.Result, nil
}

// readSent returns the id of a message that was sent and Telegram's name for the file in it.
func readSent(raw json.RawMessage) (id, file string) {
	type named struct {
		ID string `json:"file_id"`
	}
	var m struct {
		Message json.Number `json:"message_id"`
		Photo   []named     `json:"photo"` // the same picture in several sizes, the largest last
		Audio   named       `json:"audio"`
		Video   named       `json:"video"`
	}
	_ = json.Unmarshal(raw, &m) // without a name the file is sent again the next time
	for _, p := range m.Photo {
		file = p.ID
	}
	return m.Message.String(), file + m.Audio.ID + m.Video.ID
}
