package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tanya/bot"
	"tanya/bot/console"
	"tanya/bot/outreach"
	"tanya/faq"
)

// report writes the report of a month of voter education, or of one activity.
func (a *app) report(ctx context.Context, args []string) error {
	f := a.flags("report")
	cfg := config{}
	cfg.register(f, a.getenv)
	month := f.String("month", "", "bulan, misalnya 2026-11 (bawaan: bulan terakhir yang sudah selesai)")
	code := f.String("activity", "", "kode kegiatan; tanpa ini laporan seluruh bulan")
	format := f.String("format", "text", "bentuk: "+strings.Join(outreach.Formats(), ", "))
	out := f.String("o", "", "berkas tujuan (bawaan: ke layar)")
	inside := f.Bool("inside", false, "angka tanpa pembulatan, hanya untuk di dalam kantor")
	if rest, err := parse(f, args); err != nil {
		return err
	} else if len(rest) > 0 {
		return usagef("tanya report tidak memakai %q; tulis --month 2026-11", rest[0])
	}
	if !slices.Contains(outreach.Formats(), *format) {
		return usagef("bentuk %q tidak dikenal; ada %s", *format, strings.Join(outreach.Formats(), ", "))
	}
	h, err := a.existing(ctx, cfg)
	if err != nil {
		return err
	}
	r, err := h.report(ctx, *month, *code, *inside)
	if err = errors.Join(err, h.Close()); err != nil {
		return err
	}
	if *out == "" {
		return r.Write(a.stdout, *format)
	}
	return writeWhole(*out, func(w io.Writer) error { return r.Write(w, *format) })
}

// report makes the report that the words of the command line ask for.
func (h *house) report(ctx context.Context, month, code string, inside bool) (*outreach.Report, error) {
	maker, err := h.reporter()
	if err != nil {
		return nil, err
	}
	m := outreach.MonthOf(faq.DateOf(h.now(), faq.Jakarta())).Before()
	if month != "" {
		if m, err = outreach.ParseMonth(month); err != nil {
			return nil, usagef("%v", err)
		}
	}
	to := outreach.Outside
	if inside {
		to = outreach.Inside
	}
	if code == "" {
		return maker.Month(ctx, m, to)
	}
	codes, err := h.keys.ActivityCodes()
	if err != nil {
		return nil, err
	}
	read, ok := codes.Read(code)
	if !ok {
		return nil, usagef("kode kegiatan %q salah ketik atau bukan kode kantor ini; lihat tanya activity list", code)
	}
	return maker.Activity(ctx, m, read, to)
}

// reporter makes reports from the ledger, with the words of the edition that answers, or of the program's own content
// for commands that answer nothing.
func (h *house) reporter() (*outreach.Maker, error) {
	edition := func() *faq.Edition { return h.knowledge.Load().Edition }
	if h.knowledge.Load() == nil {
		ed, err := loadEdition(h.cfg.Content)
		if err != nil {
			return nil, err
		}
		edition = func() *faq.Edition { return ed }
	}
	return &outreach.Maker{Ledger: h.store.Reports(), Edition: edition, Office: "KPU Kabupaten Blora", Simulated: h.store.Desk().Simulated,
		Now: h.now, Zone: faq.Jakarta()}, nil
}

// addOutreach opens the desk's pages on activities and reports, and the page for everybody where the office wants one.
func (h *house) addOutreach(r *rooms) error {
	maker, err := h.reporter()
	if err != nil {
		return err
	}
	links := func(ctx context.Context, code string) [][2]string {
		all, _ := h.activityLinks(ctx, code)
		return all
	}
	p := &outreach.Pages{Maker: maker, Book: h.store.Desk(), Add: h.addActivity, Links: links, Kit: true, Root: "/petugas"}
	r.desk = append(r.desk,
		console.Extra{Pattern: "GET /kegiatan", Need: bot.Reader, Label: "Kegiatan", Do: p.List},
		console.Extra{Pattern: "GET /kegiatan/baru", Need: bot.Editor, Do: p.New},
		console.Extra{Pattern: "POST /kegiatan", Need: bot.Editor, Do: p.Create},
		console.Extra{Pattern: "GET /kegiatan/{kode}", Need: bot.Reader, Do: p.One},
		console.Extra{Pattern: "POST /kegiatan/{kode}", Need: bot.Editor, Do: p.Save},
		console.Extra{Pattern: "GET /laporan", Need: bot.Reader, Label: "Laporan", Do: p.Report},
		console.Extra{Pattern: "GET /laporan/unduh", Need: bot.Reader, Do: p.Download},
	)
	if h.cfg.PublicPage != "on" {
		return nil
	}
	public := &outreach.Public{Maker: maker, Fixes: h.store.Reports(), Chat: "/"}
	r.pages["GET /angka"] = public
	r.pages["GET /angka/gaya.css"] = http.HandlerFunc(public.Style)
	r.notes = append(r.notes, "Angka untuk umum /angka")
	return nil
}

// writeWhole writes a file through a temporary one, so that a file under the name is always whole.
func writeWhole(name string, write func(io.Writer) error) error {
	tmp, err := os.CreateTemp(filepath.Dir(name), ".laporan-*")
	if err != nil {
		return &bot.Error{Class: bot.Invalid, Message: "berkas " + name + " tidak dapat ditulis; periksa foldernya", Err: err}
	}
	err = errors.Join(write(tmp), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), name)
	}
	if err != nil {
		_ = os.Remove(tmp.Name())
	}
	return err
}
