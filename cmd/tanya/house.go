package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"tanya/bot"
	"tanya/bot/embed"
	"tanya/bot/store"
	"tanya/faq"
	"tanya/locales"
)

// house is the program's rooms put together: ledger, knowledge, dialogue, engine.
type house struct {
	cfg       config
	log       *slog.Logger
	now       func() time.Time
	keys      *bot.Keyring
	store     *store.Store
	words     *locales.Catalog
	edition   *faq.Edition
	knowledge atomic.Pointer[bot.Knowledge]
	reloading sync.Mutex
	dialogue  *bot.Dialogue
	simulated bool           // the ledger holds a made-up season
	second    *embed.Service // nil: the matcher is asked alone

	names        names
	linkedNumber func(context.Context) (string, error) // of the WhatsApp channel that runs here; nil when none does
}

// build opens the ledger and trains the matcher. Close must be called when it returns no error.
func (a *app) build(ctx context.Context, cfg config, log *slog.Logger) (*house, error) {
	if err := cfg.makeData(); err != nil {
		return nil, err
	}
	edition, matcher, err := learnEdition(ctx, cfg.Content, fileCache{filepath.Join(cfg.Data, "cache")})
	if err != nil {
		return nil, err
	}
	go func() { // training leaves much behind; an idle service on a small machine should not hold it
		select {
		case <-matcher.Ready():
			debug.FreeOSMemory()
		case <-ctx.Done():
		}
	}()
	h, err := a.ledger(ctx, cfg, log)
	if err != nil {
		return nil, err
	}
	h.edition = edition
	codes, err := h.keys.ActivityCodes()
	if err != nil {
		return nil, errors.Join(err, h.Close())
	}
	if h.second, err = h.secondOpinion(); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	h.knowledge.Store(&bot.Knowledge{Edition: edition, Matcher: h.beside(edition, matcher), Codes: codes})
	h.dialogue = bot.NewDialogue(func() bot.Knowledge { return *h.knowledge.Load() }, h.words)
	return h, nil
}

// ledger opens the ledger alone, for commands that answer nothing.
func (a *app) ledger(ctx context.Context, cfg config, log *slog.Logger) (*house, error) {
	h := &house{cfg: cfg, log: log, now: cfg.clock(a.clock)}
	if err := cfg.makeData(); err != nil {
		return nil, err
	}
	var err error
	if h.words, err = locales.New(); err != nil {
		return nil, err
	}
	if h.keys, err = openKeyring(filepath.Join(cfg.Data, "secret.key")); err != nil {
		return nil, err
	}
	months, err := store.NewKeyFolder(filepath.Join(cfg.Data, "keys"))
	if err != nil {
		return nil, err
	}
	if h.store, err = store.Open(ctx, cfg.database(), h.keys, store.Options{Now: h.now, Zone: faq.Jakarta(), Months: months}); err != nil {
		return nil, err
	}
	if h.simulated, err = h.store.Desk().Simulated(ctx); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return h, nil
}

// Close closes the ledger.
func (h *house) Close() error { return h.store.Close() }

// openKeyring reads the secret key, or makes one at the first start. Without the key nothing that is sealed in the
// database can be read, so it belongs into the backup, apart from the database.
func openKeyring(path string) (*bot.Keyring, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return newKeyring(path)
	}
	if err != nil {
		return nil, usagef("kunci rahasia %s tidak dapat dibaca: %v", path, err)
	}
	root, err := bot.DecodeKey(string(text))
	if err != nil {
		return nil, usagef("kunci rahasia %s rusak; kembalikan dari cadangan", path)
	}
	return bot.NewKeyring(root, nil)
}

// newKeyring makes a key and puts it on disk before anything is sealed with it.
func newKeyring(path string) (*bot.Keyring, error) {
	root, err := bot.NewRoot(nil)
	if err != nil {
		return nil, err
	}
	if err := writeSecret(path, bot.EncodeKey(root)); err != nil {
		return nil, usagef("kunci rahasia %s tidak dapat ditulis: %v", path, err)
	}
	return bot.NewKeyring(root, nil)
}

// writeSecret puts a new file on disk that only its owner may read. It overwrites nothing.
func writeSecret(path, text string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Sync(), f.Close())
}

// run lets the engine work with the channels until ctx ends.
func (h *house) run(ctx context.Context, e *bot.Engine) error {
	go func() {
		for r := range h.store.Bell(ctx) {
			switch r.Work {
			case store.InboxWork:
				e.Wake(r.Shard)
			case store.OutboxWork:
				e.WakeSender(r.Channel)
			case store.SwitchWork:
				e.WakeSwitches()
			case store.AnyWork:
				e.WakeSwitches()
				for s := range bot.Shards {
					e.Wake(s)
				}
			}
		}
	}()
	go h.sweep(ctx)
	return e.Run(ctx)
}

// sweep erases what has reached its end: at the start, then every ten minutes.
func (h *house) sweep(ctx context.Context) {
	tick := time.NewTicker(10 * time.Minute)
	defer tick.Stop()
	for {
		if swept, err := h.store.Sweep(ctx, h.now()); err != nil && ctx.Err() == nil {
			h.log.Error("retention failed", "err", err)
		} else if err == nil {
			h.log.Debug("retention done", "swept", swept)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
