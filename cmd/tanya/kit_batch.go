package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"

	"tanya/bot"
	"tanya/bot/kit"
	"tanya/faq"
	"tanya/locales"
)

// kitBatch makes an activity and a kit for every row of a list. It may be run again at any time: a row that has an
// activity keeps its code, and files are written anew. Wrong rows are named and kept in a file; the others are made.
func (a *app) kitBatch(ctx context.Context, h *house, file, out string, lang faq.Lang, others bot.Activity, date string) error {
	if out == "" {
		return usagef("tulis folder tujuan dengan -o")
	}
	var err error
	if date != "" {
		if others.Date, err = faq.ParseDate(date); err != nil {
			return usagef("tanggal %q tidak terbaca; tulis seperti 2026-11-26", date)
		}
	}
	f, err := os.Open(file)
	if err != nil {
		return usagef("daftar %q tidak dapat dibuka: %v", file, plainFile(err))
	}
	list, err := kit.ReadList(f, others)
	if err = errors.Join(err, f.Close()); err != nil {
		return usagef("%v", err)
	}
	if err := a.setAside(list, out); err != nil {
		return err
	}
	rows, added, err := h.enter(ctx, list.Rows)
	if err != nil {
		return err
	}
	if err := h.writeCodes(ctx, out, rows); err != nil {
		return err
	}
	missing, err := a.printAll(ctx, h.press(), rows, out, lang)
	if err != nil {
		return err
	}
	for _, m := range missing {
		fmt.Fprintln(a.stderr, m)
	}
	fmt.Fprintf(a.stdout, "%d kit tersimpan di %s: %d kegiatan baru, %d sudah ada. Daftar kode: %s\n",
		len(rows), out, added, len(rows)-added, filepath.Join(out, "kode.csv"))
	if len(list.Bad) > 0 {
		return errFound
	}
	return nil
}

// setAside names the wrong rows and keeps them in a file, so that they can be put right and read again.
func (a *app) setAside(list kit.List, out string) error {
	name := filepath.Join(out, "baris-salah.csv")
	if len(list.Bad) == 0 {
		if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return nil
	}
	var rows [][]string
	for _, b := range list.Bad {
		fmt.Fprintf(a.stderr, "baris %d dilewati: %s\n", b.Line, b.Why)
		cells := append([]string{strconv.Itoa(b.Line), b.Why}, b.Fields...)
		rows = append(rows, cells)
	}
	fmt.Fprintf(a.stderr, "%d baris yang salah disimpan di %s. Perbaiki di daftar, lalu jalankan perintah yang sama lagi.\n", len(rows), name)
	return putFile(name, kit.Table(append([]string{"baris", "sebab"}, list.Head...), rows))
}

// enter keeps the activities of rows that have none, and returns all of them with their codes.
func (h *house) enter(ctx context.Context, rows []kit.Row) (out []bot.Activity, added int, err error) {
	all, err := h.store.Desk().Activities(ctx)
	if err != nil {
		return nil, 0, err
	}
	known := map[string]bot.Activity{}
	for _, v := range all {
		known[kit.Identity(v)] = v
	}
	for _, r := range rows {
		v, ok := known[kit.Identity(r.Activity)]
		if !ok {
			if v, err = h.addActivity(ctx, r.Activity); err != nil {
				return nil, added, fmt.Errorf("baris %d: %w", r.Line, err)
			}
			added++
		}
		out = append(out, v)
	}
	return out, added, nil
}

// writeCodes lists the activities with their codes and links.
func (h *house) writeCodes(ctx context.Context, out string, all []bot.Activity) error {
	d := h.doors(ctx)
	head := []string{"kode", "nama", "tanggal", "kecamatan", "desa", "folder", "web", "whatsapp", "telegram"}
	var rows [][]string
	for _, v := range all {
		l := d.Links(v.Code)
		row := []string{bot.ShowCode(v.Code), v.Name, v.Date.String(), v.District, v.Village, kit.Folder(v), l.Web, l.WhatsApp, l.Telegram}
		if h.simulated { // each row says so: rows are copied into other tables
			row = append(row, h.words.Text(string(faq.Indonesian), locales.KitSimulated, nil))
		}
		rows = append(rows, row)
	}
	if h.simulated {
		head = append(head, "catatan")
	}
	return putFile(filepath.Join(out, "kode.csv"), kit.Table(head, rows))
}

// printAll makes the kits, as many at a time as the machine has processors. Cards are the same for all: they are written
// once.
func (a *app) printAll(ctx context.Context, press *kit.Press, all []bot.Activity, out string, lang faq.Lang) (missing []string, err error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	bar := newProgress(a.stderr, "Kit", a.clock)
	work := make(chan bot.Activity)
	var mu sync.Mutex
	done := int64(0)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for v := range work {
				files, lack, err := press.Sheets(ctx, v, lang)
				if err == nil {
					err = writeKit(filepath.Join(out, kit.Folder(v)), files)
				}
				if err != nil {
					stop(fmt.Errorf("kit %s (%s): %w", bot.ShowCode(v.Code), v.Name, err))
					continue
				}
				mu.Lock()
				missing = lack
				done++
				bar.show(done, int64(len(all)))
				mu.Unlock()
			}
		})
	}
	for _, v := range all {
		if ctx.Err() != nil {
			break
		}
		work <- v
	}
	close(work)
	wg.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	cards, err := press.Cards()
	if err != nil {
		return nil, err
	}
	return missing, writeKit(out, cards)
}
