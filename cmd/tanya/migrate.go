package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"tanya/bot"
	"tanya/bot/store"
	"tanya/faq"
)

// migrate moves the ledger of a stopped SQLite installation into an empty PostgreSQL database and compares every row.
// Keys and cache stay in the data folder; the old file is left as it is.
func (a *app) migrate(ctx context.Context, args []string) error {
	f := a.flags("migrate")
	cfg := config{}
	cfg.register(f, a.getenv)
	to := f.String("to", "", "alamat PostgreSQL tujuan, postgres://pengguna:sandi@host/basisdata; basis datanya harus kosong")
	if rest, err := parse(f, args); err != nil {
		return err
	} else if len(rest) > 0 {
		return usagef("tanya migrate tidak memakai %q", rest[0])
	}
	if err := cfg.check(); err != nil {
		return err
	}
	switch {
	case !strings.HasPrefix(*to, "postgres://") && !strings.HasPrefix(*to, "postgresql://"):
		return usagef("tulis tanya migrate --to postgres://pengguna:sandi@host/basisdata")
	case cfg.DatabaseURL != "":
		return usagef("TANYA_DATABASE_URL sudah berisi PostgreSQL; kosongkan untuk memindahkan dari SQLite di folder data")
	}
	h, err := a.existing(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { _ = h.Close() }()
	// What is accepted while rows are moved would stay behind.
	if _, err := h.store.OwnShards(ctx, "migrate", h.now(), h.now().Add(time.Hour)); bot.ClassOf(err) == bot.Conflict {
		return usagef("layanan masih berjalan di folder %q; hentikan dahulu, lalu ulangi", cfg.Data)
	} else if err != nil {
		return err
	}
	there, here, err := a.move(ctx, h, *to)
	if err != nil {
		return err
	}
	if differs, same := here.Same(there); !same {
		return fmt.Errorf("tabel %s berbeda sesudah dipindahkan; jangan pakai basis data tujuan, kosongkan dan ulangi", differs)
	}
	fmt.Fprintf(a.stdout, "Pindah: %d baris dalam %d tabel, semua sama. Isi TANYA_DATABASE_URL dengan alamat itu, lalu jalankan tanya serve.\n"+
		"Berkas lama %s tidak diubah; simpan sampai layanan terbukti berjalan, lalu hapus.\n", here.Rows(), len(here.Tables), cfg.database())
	return nil
}

// move copies the ledger and reads back what arrived.
func (a *app) move(ctx context.Context, h *house, to string) (there, here store.Manifest, err error) {
	pr, pw := io.Pipe()
	dumped := make(chan error, 1)
	go func() {
		var err error
		here, err = h.store.Dump(ctx, pw, nil)
		_ = pw.CloseWithError(err)
		dumped <- err
	}()
	o := store.Options{Now: h.now, Zone: faq.Jakarta()}
	bar := newProgress(a.stderr, "Memindahkan", a.clock)
	_, err = store.Load(ctx, to, h.keys, o, pr, bar.show)
	_ = pr.CloseWithError(err)
	if err = errors.Join(err, <-dumped); err != nil {
		return there, here, err
	}
	s, err := store.Open(ctx, to, h.keys, o)
	if err != nil {
		return there, here, err
	}
	there, err = s.Dump(ctx, io.Discard, nil)
	return there, here, errors.Join(err, s.Close())
}
