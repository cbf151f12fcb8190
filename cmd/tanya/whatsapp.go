package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"tanya/bot"
	"tanya/bot/whatsapp"
)

// whatsapp links, unlinks and shows the office's WhatsApp number.
func (a *app) whatsapp(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return usagef("tulis tanya whatsapp pair, tanya whatsapp status, atau tanya whatsapp unpair")
	}
	f := a.flags("whatsapp")
	cfg := config{}
	cfg.register(f, a.getenv)
	phone := f.String("phone", "", "nomor telepon kantor dengan kode negara, untuk menautkan dengan kode, bukan QR")
	rest, err := parse(f, args[1:])
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return usagef("tanya whatsapp tidak memakai %q", rest[0])
	}
	if err := cfg.check(); err != nil {
		return err
	}
	h, err := a.ledger(ctx, cfg, a.logger(cfg.LogLevel))
	if err != nil {
		return err
	}
	defer func() { _ = h.Close() }()
	c, err := h.linked(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	switch args[0] {
	case "pair":
		return a.pair(ctx, h, c, *phone)
	case "unpair":
		if err := c.Unpair(ctx); err != nil {
			return err
		}
		fmt.Fprintln(a.stdout, "Tautan WhatsApp sudah dilepas.")
		return nil
	case "status":
		fmt.Fprintln(a.stdout, c.Status().Sentence)
		return nil
	}
	return usagef("perintah whatsapp %q tidak dikenal; ada pair, status, unpair", args[0])
}

// pair shows the codes that link the office's telephone, on the terminal only.
func (a *app) pair(ctx context.Context, h *house, c *whatsapp.Channel, phone string) error {
	fmt.Fprint(a.stdout, "Di ponsel kantor: WhatsApp, Perangkat tertaut, Tautkan perangkat.\nJangan perlihatkan kode ini kepada orang lain.\n\n")
	err := c.Pair(ctx, phone, func(code bot.PairingCode) {
		life := code.Until.Sub(h.now()).Round(time.Second)
		if code.Typed != "" {
			fmt.Fprintf(a.stdout, "Ketik kode ini di ponsel (berlaku %s): %s\n", life, code.Typed)
			return
		}
		picture, err := whatsapp.Draw(code.QR)
		if err != nil {
			fmt.Fprintln(a.stdout, "Gambar QR tidak dapat dibuat; pakai --phone NOMOR.")
			return
		}
		fmt.Fprintf(a.stdout, "%s\nBerlaku %s.\n", picture, life)
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(a.stdout, "Ponsel tertaut. Jalankan layanan dengan TANYA_WHATSAPP=linked.")
	return nil
}

// linked makes the channel of the linked device. Its session lies in a file of its own, away from the ledger.
func (h *house) linked(ctx context.Context) (*whatsapp.Channel, error) {
	cfg := whatsapp.Config{Session: filepath.Join(h.cfg.Data, "whatsapp.db"), Device: "Tanya"}
	deps := whatsapp.Deps{
		Ledger: h.store, Keys: h.keys, Words: h.words, Media: h.openMedia, Now: h.now, Log: h.log,
		Alert: func(sentence string) { h.log.Error("whatsapp", "sentence", sentence) },
	}
	if h.cfg.DatabaseURL != "" { // several processes may run
		cfg.Session = h.cfg.DatabaseURL
		deps.Lock = func(ctx context.Context) (whatsapp.Hold, error) { return h.store.Hold(ctx, "whatsapp") }
	}
	return whatsapp.New(ctx, cfg, deps)
}

// addWhatsApp opens the linked device when the operator wants it.
func (h *house) addWhatsApp(ctx context.Context, r *rooms) error {
	if h.cfg.WhatsApp != "linked" && h.cfg.Cloud.configured() {
		return nil
	}
	if h.cfg.WhatsApp != "linked" {
		r.notes = append(r.notes, "WhatsApp      belum diatur: tanya whatsapp pair, lalu TANYA_WHATSAPP=linked (baca docs/whatsapp.md)")
		return nil
	}
	c, err := h.linked(ctx)
	if err != nil {
		return err
	}
	h.linkedNumber = c.Number
	r.channels = append(r.channels, c)
	r.counts[c.Name()] = func() map[string]uint64 {
		s := c.Status()
		return map[string]uint64{"undecrypted": uint64(s.Undecrypted), "old": uint64(s.Old), "refused": uint64(s.Refused), "pictureless": uint64(s.Pictureless)}
	}
	r.closers = append(r.closers, c.Close)
	r.roads[c.Name()] = func() string { return c.Status().Sentence }
	r.notes = append(r.notes, "WhatsApp      "+c.Status().Sentence)
	return nil
}
