package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tanya/bot"
	"tanya/bot/console"
	"tanya/bot/store"
	"tanya/bot/whatsappcloud"
	"tanya/faq"
)

// addConsole opens the staff's pages below /petugas/.
func (h *house) addConsole(ctx context.Context, r *rooms, panel *bot.Panel) error {
	key, err := openSigningKey(filepath.Join(h.cfg.Data, "edition.key"))
	if err != nil {
		return err
	}
	c, err := console.New(console.Config{
		Office: "KPU Kabupaten Blora",
		Secure: strings.HasPrefix(h.cfg.PublicURL, "https://"),
		Zone:   faq.Jakarta(),

		Simulated: h.simulated,

		Windows: map[string]time.Duration{whatsappcloud.Name: 24 * time.Hour}, // Meta's customer service window
	}, console.Deps{
		Desk:      h.store.Desk(),
		Knowledge: h.plainKnowledge,
		Dialogue:  h.dialogue,
		Train:     h.train,
		Key:       key,
		Reload:    func(ctx context.Context) error { return h.reload(ctx, key) },
		Panel:     panel,
		Roads:     r.describe,
		Now:       h.now,
		Log:       h.log,
		Extras:    r.desk,
	})
	if err != nil {
		return err
	}
	if err := h.reload(ctx, key); err != nil {
		return err
	}
	r.pages["/petugas/"], r.pages["/petugas"] = c.Handler(), c.Handler()
	r.background = append(r.background, c.Run, func(ctx context.Context) error { return h.follow(ctx, key) })
	link, err := c.SetupLink(ctx)
	if err != nil {
		return err
	}
	base := localURL(h.cfg.Addr)
	if h.cfg.PublicURL != "" {
		base = strings.TrimSuffix(h.cfg.PublicURL, "/")
	}
	note := "Konsol petugas " + base + "/petugas/"
	if link != "" {
		note = "Konsol petugas, pasang pertama kali (tautan sekali pakai): " + base + link
	}
	r.notes = append(r.notes, note)
	return nil
}

// train trains a matcher with its thresholds, for measuring a proposal.
func (h *house) train(ctx context.Context, ed *faq.Edition) (faq.Matcher, error) {
	return trainMatcher(ctx, ed, fileCache{filepath.Join(h.cfg.Data, "cache")}, false)
}

// reload makes the service answer from the newest edition, without what is withdrawn. One that does not hold is not used:
// then people are sent to the office, because the content in the program may say what the office has taken back since
// (docs/decisions/0018-refused.md). The desk, /healthz and /metrics say so.
func (h *house) reload(ctx context.Context, key ed25519.PrivateKey) error {
	h.reloading.Lock() // whoever reads last must also be who stores last
	defer h.reloading.Unlock()
	desk := h.store.Desk()
	next := *h.knowledge.Load()
	out, err := desk.Withdrawn(ctx)
	if err != nil {
		return err
	}
	next.Withdrawn = map[string]bool{}
	for _, w := range out {
		next.Withdrawn[w.Entry] = true
	}
	all, err := desk.Activities(ctx)
	if err != nil {
		return err
	}
	next.Activities = map[string]bot.Activity{}
	for _, a := range all {
		next.Activities[a.Code] = a
	}
	ed, refused, err := h.newest(ctx, desk, key)
	if err != nil {
		return err
	}
	if next.Refused = refused; refused > 0 {
		next.Withdrawn["*"] = true
	}
	if ed.Number != next.Edition.Number || ed.Hash != next.Edition.Hash {
		m, err := trainMatcher(ctx, ed, fileCache{filepath.Join(h.cfg.Data, "cache")}, true)
		if err != nil {
			return err
		}
		next.Edition, next.Matcher = ed, h.beside(ed, m)
		if next.Earlier, err = h.earlier(ctx, desk, key, ed.Number); err != nil {
			// They only help to compare what people pass on; the new edition goes live without them.
			h.log.Warn("earlier editions cannot be read", "class", bot.ClassOf(err), "err", err)
		}
		h.log.Info("answering from another edition", "edition", ed.Number, "hash", ed.Hash[:8])
	}
	h.knowledge.Store(&next)
	return nil
}

// newest returns the newest edition, or the content that the program was started with: where nothing was published, and
// where the newest cannot be used, with its number.
func (h *house) newest(ctx context.Context, desk *store.Desk, key ed25519.PrivateKey) (ed *faq.Edition, refused int64, err error) {
	r, err := desk.Release(ctx, 0)
	if bot.ClassOf(err) == bot.NotFound {
		return h.edition, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	ed, err = bot.OpenRelease(key.Public().(ed25519.PublicKey), r)
	if err != nil {
		h.log.Error("the newest edition is refused, people are sent to the office", "edition", r.Number, "err", err)
		return h.edition, r.Number, nil
	}
	return ed, 0, nil
}

// earlierMax is how many editions before the present one are kept at hand, for comparing what people pass on.
const earlierMax = 5

// earlier reads the editions before number, newest first, and last the content that the program was started with. One
// whose signature does not hold was never the office's.
func (h *house) earlier(ctx context.Context, desk *store.Desk, key ed25519.PrivateKey, number int64) ([]bot.Past, error) {
	if number == 0 {
		return nil, nil
	}
	until := func(n int64) (time.Time, error) {
		r, err := desk.Release(ctx, n)
		return r.Published, err
	}
	var out []bot.Past
	for n := number - 1; n >= max(1, number-earlierMax); n-- {
		r, err := desk.Release(ctx, n)
		if err != nil {
			return nil, err
		}
		ed, err := bot.OpenRelease(key.Public().(ed25519.PublicKey), r)
		if err != nil {
			h.log.Warn("an earlier edition is passed over", "edition", n, "err", err)
			continue
		}
		end, err := until(n + 1)
		if err != nil {
			return nil, err
		}
		out = append(out, bot.Past{Edition: ed, Until: end})
	}
	first, err := until(1)
	if err != nil {
		return nil, err
	}
	return append(out, bot.Past{Edition: h.edition, Until: first}), nil
}

// follow reloads when another process has published or withdrawn.
func (h *house) follow(ctx context.Context, key ed25519.PrivateKey) error {
	for r := range h.store.Bell(ctx) {
		if r.Work != store.ContentWork && r.Work != store.AnyWork {
			continue
		}
		if err := h.reload(ctx, key); err != nil && ctx.Err() == nil {
			h.log.Error("content not reloaded", "class", bot.ClassOf(err), "err", err)
		}
	}
	return nil
}

// openSigningKey reads the key that signs editions, or makes one at the first start. It lies beside the database, not in
// it: whoever can write to the database alone cannot publish.
func openSigningKey(path string) (ed25519.PrivateKey, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		seed := make([]byte, ed25519.SeedSize)
		if _, err := rand.Read(seed); err != nil {
			return nil, err
		}
		if err := writeSecret(path, base64.StdEncoding.EncodeToString(seed)); err != nil {
			return nil, usagef("kunci edisi %s tidak dapat ditulis: %v", path, err)
		}
		return ed25519.NewKeyFromSeed(seed), nil
	}
	if err != nil {
		return nil, usagef("kunci edisi %s tidak dapat dibaca: %v", path, err)
	}
	seed, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, usagef("kunci edisi %s rusak; kembalikan dari cadangan", path)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// audit checks the record of what staff did.
func (a *app) audit(ctx context.Context, args []string) error {
	f := a.flags("audit")
	cfg := config{}
	cfg.register(f, a.getenv)
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 || rest[0] != "verify" {
		return usagef("tulis: tanya audit verify")
	}
	s, err := a.openLedger(ctx, cfg)
	if err != nil {
		return err
	}
	n, err := s.Desk().VerifyAudit(ctx)
	if bot.ClassOf(err) == bot.Conflict {
		fmt.Fprintf(a.stdout, "Catatan TIDAK utuh. %v\n", err)
		return errors.Join(errFound, s.Close())
	}
	if err == nil {
		fmt.Fprintf(a.stdout, "Catatan utuh: %d baris.\n", n)
	}
	return errors.Join(err, s.Close())
}

// staff lists members of staff, or confirms one from the server, when an office has no second person left who could.
func (a *app) staff(ctx context.Context, args []string) error {
	f := a.flags("staff")
	cfg := config{}
	cfg.register(f, a.getenv)
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if !(len(rest) == 1 && rest[0] == "list" || len(rest) == 2 && rest[0] == "confirm") {
		return usagef("tulis: tanya staff list, atau tanya staff confirm NAMA")
	}
	s, err := a.openLedger(ctx, cfg)
	if err != nil {
		return err
	}
	if rest[0] == "list" {
		err = a.listStaff(ctx, s.Desk())
	} else {
		err = a.confirmStaff(ctx, s.Desk(), rest[1])
	}
	return errors.Join(err, s.Close())
}

func (a *app) listStaff(ctx context.Context, desk *store.Desk) error {
	all, err := desk.Staff(ctx)
	for _, m := range all {
		state := "siap"
		switch {
		case m.Disabled:
			state = "nonaktif"
		case !m.Ready():
			state = "belum menerima undangan"
		case !m.Confirmed():
			state = "belum dikonfirmasi"
		}
		fmt.Fprintf(a.stdout, "%-20s %-10s %s\n", m.Login, m.Role, state)
	}
	return err
}

func (a *app) confirmStaff(ctx context.Context, desk *store.Desk, login string) error {
	m, err := desk.Member(ctx, login)
	if err != nil {
		return err
	}
	m.Vouched = bot.Founder
	return desk.SaveStaff(ctx, m, false, bot.Audit{At: a.clock(), Actor: "server", Action: "konfirmasi", Object: login})
}

// openLedger opens the ledger alone, for commands beside a running service.
func (a *app) openLedger(ctx context.Context, cfg config) (*store.Store, error) {
	h, err := a.existing(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return h.store, nil
}
