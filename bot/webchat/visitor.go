package webchat

import (
	"encoding/base64"
	"io"
	"net/http"

	"tanya/bot"
	"tanya/faq"
)

// The key of a conversation travels in a cookie, or in a field and a header where cookies do not work.
const (
	keyCookie  = "tanya"
	keyField   = "kunci"
	keyHeader  = "Tanya-Key"
	langCookie = "bahasa"
	keyBytes   = 16
)

// visitor is who sent a request: a conversation and a language, nothing more.
type visitor struct {
	key    string // the opaque key, which is also the address; "" when the request had none
	chat   string // what the ledger calls the conversation
	fresh  bool   // the key was made for this request
	cookie bool   // the browser keeps the key by itself
	lang   faq.Lang
	chosen bool // the person, or the site they came from, chose the language
}

// visitor reads who sent a request. A key in the field or the header goes before the cookie: only pages that could not
// rely on the cookie send it. With framed the cookie is left alone.
func (c *Channel) visitor(r *http.Request, framed bool) visitor {
	v := visitor{lang: c.language(r)}
	_, err := r.Cookie(langCookie)
	v.chosen = err == nil || v.lang != faq.Indonesian
	if cookie, err := r.Cookie(c.cookieName()); err == nil && !framed && goodKey(cookie.Value) {
		v.key, v.cookie = cookie.Value, true
	}
	given := r.Header.Get(keyHeader)
	if given == "" && r.PostForm != nil {
		given = r.PostForm.Get(keyField)
	}
	if goodKey(given) && given != v.key {
		v.key, v.cookie = given, false
	}
	if v.key != "" {
		v.chat = c.chatKey(v.key)
	}
	return v
}

// admit gives a visitor without a key a new one.
func (c *Channel) admit(v *visitor) error {
	if v.key != "" {
		return nil
	}
	key, err := c.random()
	if err != nil {
		return err
	}
	v.key, v.chat, v.fresh = key, c.chatKey(key), true
	return nil
}

// random returns 128 random bits as text. It serves for keys and for message ids.
func (c *Channel) random() (string, error) {
	b := make([]byte, keyBytes)
	if _, err := io.ReadFull(c.rand, b); err != nil {
		return "", &bot.Error{Class: bot.Transient, Message: "no random bytes", Err: err}
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// goodKey reports whether s can be a key that random made.
func goodKey(s string) bool {
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return err == nil && len(b) == keyBytes
}

// setKey asks the browser to keep the key. Where cookies are blocked nothing happens.
func (c *Channel) setKey(w http.ResponseWriter, v visitor) {
	c.setCookie(w, c.cookieName(), v.key)
}

// setCookie lets a cookie live as long as a session.
func (c *Channel) setCookie(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(bot.SessionLife.Seconds()), HttpOnly: true, Secure: c.cfg.Secure,
		SameSite: http.SameSiteLaxMode,
	})
}

// cookieName binds the cookie to this very host where the browser can do that.
func (c *Channel) cookieName() string {
	if c.cfg.Secure {
		return "__Host-" + keyCookie
	}
	return keyCookie
}

// language is what the person chose for the page; Indonesian until then. What the browser prefers says little: most
// cheap phones are sold with English.
func (c *Channel) language(r *http.Request) faq.Lang {
	if l := faq.Lang(r.URL.Query().Get(langCookie)); l.Valid() {
		return l
	}
	if r.PostForm != nil {
		if l := faq.Lang(r.PostForm.Get(langCookie)); l.Valid() {
			return l
		}
	}
	if cookie, err := r.Cookie(langCookie); err == nil {
		if l := faq.Lang(cookie.Value); l.Valid() {
			return l
		}
	}
	return faq.Indonesian
}
