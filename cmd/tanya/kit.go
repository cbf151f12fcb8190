package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"tanya/bot"
	"tanya/bot/console"
	"tanya/bot/kit"
	"tanya/faq"
	"tanya/locales"
)

// kit makes what an activity is spread with: for one activity by its code, or for all rows of a list.
func (a *app) kit(ctx context.Context, args []string) error {
	f := a.flags("kit KODE")
	cfg := config{}
	cfg.register(f, a.getenv)
	out := f.String("o", "", "folder tujuan, atau satu berkas .zip (bawaan: kit-KODE)")
	lang := f.String("lang", "id", "bahasa: id, jv, en")
	rows := f.String("csv", "", "daftar kegiatan, satu baris satu kegiatan: nama;metode;tanggal;segmen;kecamatan;desa;peserta;biaya;mitra;catatan")
	method := f.String("method", "", "dengan --csv: metode untuk baris tanpa metode")
	date := f.String("date", "", "dengan --csv: tanggal untuk baris tanpa tanggal")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if err := cfg.check(); err != nil {
		return err
	}
	if !faq.Lang(*lang).Valid() {
		return usagef("bahasa %q tidak dikenal; ada id, jv, en", *lang)
	}
	if (*rows == "") == (len(rest) == 0) || len(rest) > 1 {
		return usagef("tulis tanya kit KODE -o FOLDER, atau tanya kit --csv desa.csv -o FOLDER")
	}
	h, err := a.existing(ctx, cfg)
	if err != nil {
		return err
	}
	if err := h.openBook(ctx); err != nil {
		return errors.Join(err, h.Close())
	}
	if *rows != "" {
		err = a.kitBatch(ctx, h, *rows, *out, faq.Lang(*lang), bot.Activity{Method: *method}, *date)
	} else {
		err = a.kitOne(ctx, h, rest[0], *out, faq.Lang(*lang))
	}
	return errors.Join(err, h.Close())
}

// kitOne makes the kit of one activity.
func (a *app) kitOne(ctx context.Context, h *house, typed, out string, lang faq.Lang) error {
	codes, err := h.keys.ActivityCodes()
	if err != nil {
		return err
	}
	code, ok := codes.Read(typed)
	if !ok {
		return usagef("kode %q tidak benar; periksa hurufnya, atau lihat tanya activity list", typed)
	}
	v, err := h.activityOf(ctx, code)
	if err != nil {
		return err
	}
	if out == "" {
		out = "kit-" + code
	}
	press := h.press()
	var missing []string
	if strings.HasSuffix(out, ".zip") {
		var data []byte
		if data, missing, err = press.Zip(ctx, v, lang); err == nil {
			err = putFile(out, data)
		}
	} else {
		var files, cards []kit.File
		if files, missing, err = press.Sheets(ctx, v, lang); err == nil {
			cards, err = press.Cards()
		}
		if err == nil {
			err = writeKit(out, append(files, cards...))
		}
	}
	if err != nil {
		return err
	}
	for _, m := range missing {
		fmt.Fprintln(a.stderr, m)
	}
	fmt.Fprintf(a.stdout, "Kit %s (%s) tersimpan di %s\n", bot.ShowCode(code), v.Name, out)
	return nil
}

// openBook reads what the service answers from, without a matcher: the newest edition whose signature holds, and what is
// withdrawn.
func (h *house) openBook(ctx context.Context) (err error) {
	if h.edition, err = loadEdition(h.cfg.Content); err != nil {
		return err
	}
	k := bot.Knowledge{Edition: h.edition, Withdrawn: map[string]bool{}}
	desk := h.store.Desk()
	file := filepath.Join(h.cfg.Data, "edition.key")
	if _, err := os.Stat(file); err == nil {
		key, err := openSigningKey(file)
		if err != nil {
			return err
		}
		if k.Edition, k.Refused, err = h.newest(ctx, desk, key); err != nil {
			return err
		}
		if k.Refused > 0 {
			k.Withdrawn["*"] = true
		}
	}
	out, err := desk.Withdrawn(ctx)
	if err != nil {
		return err
	}
	for _, w := range out {
		k.Withdrawn[w.Entry] = true
	}
	h.knowledge.Store(&k)
	h.dialogue = bot.NewDialogue(func() bot.Knowledge { return *h.knowledge.Load() }, h.words)
	return nil
}

// press makes kits from what the house knows now.
func (h *house) press() *kit.Press {
	return kit.New(kit.Deps{
		Words:   h.words,
		Edition: func() *faq.Edition { return h.knowledge.Load().Edition },
		Doors:   h.doors,
		Card: func(entry string, day faq.Date) ([]byte, error) {
			return h.drawing(bot.PictureName(bot.CardSubject(entry), faq.Indonesian, day))
		},
		Now:  h.now,
		Mock: h.store.Desk().Simulated,
	})
}

// addKit lets staff take an activity's kit from the desk.
func (h *house) addKit(r *rooms) {
	r.desk = append(r.desk, console.Extra{Pattern: "GET /kegiatan/{kode}/kit.zip", Need: bot.Reader, Do: h.press().Download(h.activityOf)})
}

// activityOf finds an activity by its code.
func (h *house) activityOf(ctx context.Context, code string) (bot.Activity, error) {
	all, err := h.store.Desk().Activities(ctx)
	if err != nil {
		return bot.Activity{}, err
	}
	for _, v := range all {
		if v.Code == code {
			return v, nil
		}
	}
	return bot.Activity{}, bot.Errorf(bot.NotFound, "Tidak ada kegiatan dengan kode %s.", bot.ShowCode(code))
}

// writeKit writes files into a folder.
func writeKit(dir string, files []kit.File) error {
	for _, f := range files {
		if err := putFile(filepath.Join(dir, filepath.FromSlash(f.Name)), f.Data); err != nil {
			return err
		}
	}
	return nil
}

// putFile writes a file into a folder that need not be there yet.
func putFile(name string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return usagef("folder %q tidak dapat dibuat: %v", filepath.Dir(name), plainFile(err))
	}
	err := writeWhole(name, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
	if err == nil {
		err = os.Chmod(name, 0o644) // it is made to be handed on
	}
	return err
}

// plainFile cuts Go's wording down to the reason.
func plainFile(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// activityLinks are the ways into the service that carry the code, each with what it is called.
func (h *house) activityLinks(ctx context.Context, code string) (links [][2]string, missing []string) {
	d := h.doors(ctx)
	l := d.Links(code)
	for _, t := range [][2]string{{"Web", l.Web}, {"Telegram", l.Telegram}, {"WhatsApp", l.WhatsApp}} {
		if t[1] != "" {
			links = append(links, t)
		}
	}
	typed := h.words.Text("id", locales.KitCode, map[string]any{"Code": bot.ShowCode(code)})
	return append(links, [2]string{"Diketik", typed + " (di saluran mana pun)"}), d.Missing()
}
