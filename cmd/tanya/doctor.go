package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"tanya/bot"
	"tanya/faq"
	"tanya/locales"
)

// doctor says in plain words what is configured, what can be reached and what is missing.
func (a *app) doctor(ctx context.Context, args []string) error {
	f := a.flags("doctor")
	cfg := config{}
	cfg.register(f, a.getenv)
	if _, err := parse(f, args); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	d := &checkup{a: a, cfg: cfg}
	if err := cfg.check(); err != nil {
		d.bad("Pengaturan", err.Error())
	} else {
		d.good("Pengaturan", "terbaca")
	}
	d.content()
	d.data()
	d.service(ctx)
	d.telegram(ctx)
	d.whatsapp()
	d.whatsappCloud(ctx)
	d.secondOpinion(ctx)
	if d.failed {
		return errFound
	}
	return nil
}

// checkup prints one line per thing that was looked at.
type checkup struct {
	a      *app
	cfg    config
	failed bool
}

func (d *checkup) line(mark, what, words string) {
	fmt.Fprintf(d.a.stdout, "%-7s %-12s %s\n", mark, what, words)
}

func (d *checkup) good(what, words string) { d.line("baik", what, words) }
func (d *checkup) note(what, words string) { d.line("catatan", what, words) }
func (d *checkup) bad(what, words string) {
	d.failed = true
	d.line("SALAH", what, words)
}

// content checks that the answers can be served today.
func (d *checkup) content() {
	ed, err := loadEdition(d.cfg.Content)
	if err != nil {
		d.bad("Isi", err.Error())
		return
	}
	now := d.cfg.clock(d.a.clock)()
	silent, overdue := 0, 0
	for _, id := range ed.IDs() {
		if _, err := ed.Answer(id, faq.View{Lang: faq.Indonesian, At: now}); err != nil {
			silent++
		}
		if ed.Entry(id).Review.Before(faq.DateOf(now, ed.Zone)) {
			overdue++
		}
	}
	d.good("Isi", fmt.Sprintf("%d jawaban, %d fakta, sidik %s", len(ed.IDs()), len(ed.Facts()), ed.Hash[:12]))
	if silent > 0 {
		d.bad("Isi", fmt.Sprintf("%d jawaban tidak dapat tayang hari ini karena faktanya habis masa; lihat: tanya faq lint", silent))
	}
	if overdue > 0 {
		d.note("Isi", fmt.Sprintf("%d jawaban lewat tanggal tinjau", overdue))
	}
}

// data checks the folder and the secret key.
func (d *checkup) data() {
	st, err := os.Stat(d.cfg.Data)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.note("Data", fmt.Sprintf("folder %s belum ada; dibuat saat tanya serve pertama kali", d.cfg.Data))
		return
	case err != nil || !st.IsDir():
		d.bad("Data", fmt.Sprintf("folder %s (TANYA_DATA) tidak dapat dipakai", d.cfg.Data))
		return
	}
	probe, err := os.CreateTemp(d.cfg.Data, ".coba-")
	if err != nil {
		d.bad("Data", fmt.Sprintf("folder %s (TANYA_DATA) tidak dapat ditulisi", d.cfg.Data))
		return
	}
	_ = probe.Close()
	_ = os.Remove(probe.Name())
	d.good("Data", d.cfg.Data)
	key := filepath.Join(d.cfg.Data, "secret.key")
	switch st, err := os.Stat(key); {
	case errors.Is(err, fs.ErrNotExist):
		d.note("Kunci", "belum ada; dibuat saat tanya serve pertama kali")
	case err != nil:
		d.bad("Kunci", key+" tidak dapat dibaca")
	case st.Mode().Perm()&0o077 != 0:
		d.bad("Kunci", key+" dapat dibaca orang lain; jalankan: chmod 600 "+key)
	default:
		d.good("Kunci", "ada; simpan salinannya terpisah dari cadangan basis data")
	}
}

// service asks a running service how it fares.
func (d *checkup) service(ctx context.Context) {
	url := "http://" + d.cfg.Addr + "/healthz"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return // the address was found wrong already
	}
	resp, err := (&http.Client{Timeout: 5 * time.Second}).Do(req)
	if err != nil {
		d.note("Layanan", "tidak berjalan di "+d.cfg.Addr+"; mulai dengan: tanya serve")
		return
	}
	defer func() { _ = resp.Body.Close() }()
	var h health
	if err := json.NewDecoder(http.MaxBytesReader(nil, resp.Body, 1<<20)).Decode(&h); err != nil {
		d.bad("Layanan", "alamat "+d.cfg.Addr+" dipakai program lain; ganti TANYA_ADDR")
		return
	}
	if h.Trouble != "" {
		d.bad("Layanan", h.Trouble)
	}
	d.good("Layanan", fmt.Sprintf("berjalan di %s, edisi %s, %d pesan dan %d balasan menunggu", d.cfg.Addr, h.Edition, h.Inbox, h.Outbox))
	for _, c := range h.Channels {
		if c.Position == bot.Off || c.Position == bot.Paused {
			d.note("Saluran", c.Name+" sengaja dibuat "+positionName(c.Position)+"; nyalakan dengan: tanya channel on "+c.Name)
		} else if c.Up && c.Trouble == "" {
			d.good("Saluran", c.Name+" menyala")
		} else {
			d.bad("Saluran", c.Name+" terganggu: "+c.Trouble)
		}
	}
}

// telegram asks Telegram about the bot.
func (d *checkup) telegram(ctx context.Context) {
	if d.cfg.TelegramToken == "" {
		d.note("Telegram", "belum diatur: buat bot di @BotFather, lalu isi TANYA_TELEGRAM_TOKEN")
		return
	}
	words, err := locales.New()
	if err != nil {
		d.bad("Telegram", err.Error())
		return
	}
	h := &house{cfg: d.cfg, log: slog.New(slog.DiscardHandler), now: d.a.clock, words: words}
	c, err := h.telegram()
	if err != nil {
		d.bad("Telegram", err.Error())
		return
	}
	t, err := c.Describe(ctx)
	if err != nil {
		d.bad("Telegram", plainFault(err))
		return
	}
	d.good("Telegram", fmt.Sprintf("%s, %s, %d pesan menunggu di Telegram", t.Name, t.Link, t.Pending))
	if t.Webhook != "" {
		d.note("Telegram", "webhook terpasang ke "+t.Webhook)
	}
	if t.LastError != "" {
		d.note("Telegram", fmt.Sprintf("keluhan terakhir Telegram (%s): %s", t.ErrorAt.In(faq.Jakarta()).Format("2006-01-02 15:04"), t.LastError))
	}
	if t.ReadsAll {
		d.note("Telegram", "bot membaca semua pesan grup; matikan di @BotFather: /setprivacy, Enable")
	}
	if !t.Inline {
		d.note("Telegram", "mode inline mati; nyalakan di @BotFather: /setinline")
	}
}

// plainFault returns the sentence of an error that has one.
func plainFault(err error) string {
	var e *bot.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return "tidak terjangkau"
}

// whatsapp says whether a number is linked. It does not connect: a second connection would end the first.
func (d *checkup) whatsapp() {
	if d.cfg.WhatsApp != "linked" {
		if d.cfg.Cloud.configured() {
			return
		}
		d.note("WhatsApp", "belum diatur: tanya whatsapp pair, lalu TANYA_WHATSAPP=linked")
		return
	}
	if _, err := os.Stat(filepath.Join(d.cfg.Data, "whatsapp.db")); err != nil && d.cfg.DatabaseURL == "" {
		d.bad("WhatsApp", "belum ada ponsel yang tertaut; jalankan: tanya whatsapp pair")
		return
	}
	d.good("WhatsApp", "diatur; keadaannya ada pada baris Saluran bila layanan berjalan")
}
