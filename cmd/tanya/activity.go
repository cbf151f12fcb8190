package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"text/tabwriter"

	"tanya/bot"
	"tanya/faq"
)

// activity enters and lists acts of voter education. Whoever comes by an activity's code is counted under it.
func (a *app) activity(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return usagef("tulis tanya activity add NAMA --method M --date 2026-11-26, atau tanya activity list")
	}
	switch args[0] {
	case "add":
		return a.activityAdd(ctx, args[1:])
	case "list":
		return a.activityList(ctx, args[1:])
	}
	return usagef("tanya activity %q tidak dikenal; ada add dan list", args[0])
}

func (a *app) activityAdd(ctx context.Context, args []string) error {
	f := a.flags("activity add NAMA")
	cfg := config{}
	cfg.register(f, a.getenv)
	var v bot.Activity
	f.StringVar(&v.Method, "method", "", "metode: "+strings.Join(bot.Methods(), ", "))
	date := f.String("date", "", "tanggal, misalnya 2026-11-26")
	segments := f.String("segment", "", "segmen yang diundang, dipisah koma: pemilih-pemula, pemilih-muda, disabilitas, marjinal, komunitas, warga-internet")
	f.StringVar(&v.District, "district", "", "kecamatan")
	f.StringVar(&v.Village, "village", "", "desa atau kelurahan")
	f.StringVar(&v.Partner, "partner", "", "mitra: sekolah, OPD, desa, komunitas")
	f.StringVar(&v.Note, "note", "", "catatan; jangan menulis nama orang")
	f.IntVar(&v.Participants, "participants", 0, "jumlah peserta menurut daftar hadir")
	f.Int64Var(&v.Cost, "cost", 0, "biaya dalam rupiah")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	v.Name = strings.TrimSpace(strings.Join(rest, " "))
	if v.Date, err = faq.ParseDate(*date); err != nil && *date != "" {
		return usagef("tanggal %q tidak terbaca; tulis seperti 2026-11-26", *date)
	}
	for _, s := range words(*segments) {
		v.Segments = append(v.Segments, faq.Segment(s))
	}
	if err := v.Check(); err != nil {
		return usagef("%v", err)
	}
	h, err := a.existing(ctx, cfg)
	if err != nil {
		return err
	}
	v, err = h.addActivity(ctx, v)
	links, missing := h.activityLinks(ctx, v.Code)
	if err = errors.Join(err, h.Close()); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "Kegiatan tersimpan: %s\n\n  Kode       %s\n", v.Name, bot.ShowCode(v.Code))
	for _, l := range links {
		fmt.Fprintf(a.stdout, "  %-10s %s\n", l[0], l[1])
	}
	fmt.Fprintf(a.stdout, "  %-10s tanya kit %s\n", "Poster", v.Code)
	for _, m := range missing {
		fmt.Fprintln(a.stderr, m)
	}
	return nil
}

// addActivity gives an activity a code that nobody has, and keeps it.
func (h *house) addActivity(ctx context.Context, v bot.Activity) (bot.Activity, error) {
	codes, err := h.keys.ActivityCodes()
	if err != nil {
		return v, err
	}
	if v.Created = h.now(); v.Author == "" {
		v.Author = "server"
	}
	for range 20 { // one in a hundred thousand is taken already
		v.Code = codes.Code(rand.IntN(bot.CodeCount))
		err = h.store.Desk().AddActivity(ctx, v, bot.Audit{At: v.Created, Actor: v.Author, Action: "kegiatan", Object: v.Code, Detail: v.Method})
		if bot.ClassOf(err) != bot.Conflict {
			break
		}
	}
	return v, err
}

func (a *app) activityList(ctx context.Context, args []string) error {
	f := a.flags("activity list")
	cfg := config{}
	cfg.register(f, a.getenv)
	if _, err := parse(f, args); err != nil {
		return err
	}
	h, err := a.existing(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { _ = h.Close() }()
	all, err := h.store.Desk().Activities(ctx)
	if err != nil {
		return err
	}
	if h.simulated {
		fmt.Fprintln(a.stdout, "DATA SIMULASI: kegiatan ini contoh, bukan kegiatan kantor.")
	}
	tw := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	for _, v := range all {
		place := strings.Trim(v.Village+", "+v.District, ", ")
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\n", bot.ShowCode(v.Code), v.Date, v.Method, v.Name, place)
	}
	return tw.Flush()
}
