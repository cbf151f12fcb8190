package store

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"tanya/bot"
)

// MonthKeys keeps the keys that distinct askers are counted with, outside the database. After Destroy a month has no
// key for ever: Key fails with the class NotFound.
type MonthKeys interface {
	Key(month string) ([]byte, error) // makes the key when the month has none yet
	Destroy(month string) error
}

// KeyFolder keeps month keys as files in a folder that only its owner may read. Several processes may share it.
type KeyFolder struct{ dir string }

// NewKeyFolder makes the folder when it does not exist.
func NewKeyFolder(dir string) (*KeyFolder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, &bot.Error{Class: bot.Invalid, Message: "the folder for month keys cannot be made: " + dir, Err: err}
	}
	return &KeyFolder{dir}, nil
}

func (k *KeyFolder) file(month string) string { return filepath.Join(k.dir, "month-"+month+".key") }

func (k *KeyFolder) gone(month string) string { return filepath.Join(k.dir, "month-"+month+".closed") }

// Key returns the month's key.
func (k *KeyFolder) Key(month string) ([]byte, error) {
	if _, err := os.Stat(k.gone(month)); err == nil {
		return nil, bot.Errorf(bot.NotFound, "the month %s is closed and its key destroyed", month)
	}
	for {
		text, err := os.ReadFile(k.file(month))
		if err == nil {
			key, err := base64.StdEncoding.DecodeString(string(text))
			if err != nil || len(key) != bot.KeySize {
				return nil, bot.Errorf(bot.Invalid, "the key file of the month %s is damaged", month)
			}
			return key, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if err := k.create(month); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
	}
}

// create makes the key under another name and links it to its own, so that nobody reads half a key and the first of
// two processes wins.
func (k *KeyFolder) create(month string) error {
	key := make([]byte, bot.KeySize)
	if _, err := rand.Read(key); err != nil {
		return err
	}
	f, err := os.CreateTemp(k.dir, "new-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // gone already when all went well
	_, err = f.WriteString(base64.StdEncoding.EncodeToString(key))
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Link(f.Name(), k.file(month))
}

// Destroy overwrites and removes the key and marks the month, so that no second key is made for it.
func (k *KeyFolder) Destroy(month string) error {
	if err := os.WriteFile(k.gone(month), nil, 0o600); err != nil {
		return err
	}
	f, err := os.OpenFile(k.file(month), os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, base64.StdEncoding.EncodedLen(bot.KeySize)))
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Remove(k.file(month))
}

// monthRing remembers the key in use, because it is needed with every question.
type monthRing struct {
	from MonthKeys

	mu    sync.Mutex
	month string
	known []byte
}

func (r *monthRing) key(month string) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.month == month {
		return r.known, nil
	}
	key, err := r.from.Key(month)
	if err != nil {
		return nil, err
	}
	r.month, r.known = month, key
	return key, nil
}

func (r *monthRing) destroy(month string) error {
	if r.from == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.month == month {
		clear(r.known)
		r.month, r.known = "", nil
	}
	return r.from.Destroy(month)
}
