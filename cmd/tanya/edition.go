package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"tanya/bot"
	"tanya/bot/store"
	"tanya/faq"
	"tanya/faq/export"
)

// importer is the author of what came from files. Whoever proposes it at the desk counts as another, so two people of
// the office still stand behind a critical text.
const importer = "server"

// editionFormat is the form of an export that faq import reads.
const editionFormat = "edition"

// faqImport lays content files over the draft of the desk. It publishes nothing: what it brings is proposed, measured by
// the gate and approved at the desk like everything else.
func (a *app) faqImport(ctx context.Context, args []string) error {
	f := a.flags("faq import")
	cfg := config{}
	cfg.register(f, a.getenv)
	remove := f.Bool("remove", false, "hapus juga yang tidak ada di berkas masukan")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return usagef("tulis satu folder isi, atau satu berkas edisi yang diunduh dari meja petugas")
	}
	files, err := readContent(rest[0])
	if err != nil {
		return err
	}
	h, err := a.existing(ctx, cfg)
	if err != nil {
		return err
	}
	return errors.Join(a.importFiles(ctx, h, files, *remove, filepath.Base(rest[0])), h.Close())
}

// importFiles checks files together with the draft they are laid over, and saves those that differ.
func (a *app) importFiles(ctx context.Context, h *house, files faq.Files, remove bool, name string) error {
	desk := h.store.Desk()
	base, err := publishedFiles(ctx, h, desk, 0)
	if err != nil {
		return err
	}
	drafts, err := desk.DraftFiles(ctx)
	if err != nil {
		return err
	}
	versions, over := map[string]int64{}, map[string]string{}
	for _, d := range drafts {
		versions[d.Path], over[d.Path] = d.Version, d.Content
		if d.Gone {
			over[d.Path] = ""
		}
	}
	now := base.With(over)
	changes := map[string]string{}
	for path, text := range files {
		if now[path] != text {
			changes[path] = text
		}
	}
	if remove {
		for path := range now {
			if _, ok := files[path]; !ok && path != faq.GoldFile {
				changes[path] = ""
			}
		}
	}
	if len(changes) == 0 {
		fmt.Fprintln(a.stdout, "Tidak ada yang berubah: isi berkas sama dengan konsep di meja petugas.")
		return nil
	}
	ed, problems := faq.Read(now.With(changes))
	bad := 0
	for _, p := range append(problems, ed.Lint()...) {
		if !p.Advice {
			bad++
			fmt.Fprintln(a.stdout, p)
		}
	}
	if bad > 0 {
		fmt.Fprintf(a.stderr, "%d salah. Tidak ada yang disimpan; perbaiki berkasnya lalu ulangi.\n", bad)
		return errFound
	}
	var saved []bot.DraftFile
	for _, path := range slices.Sorted(maps.Keys(changes)) {
		saved = append(saved, bot.DraftFile{Path: path, Content: changes[path], Gone: changes[path] == "", Version: versions[path]})
	}
	line := bot.Audit{At: h.now(), Actor: importer, Action: "impor", Object: name, Detail: fmt.Sprintf("%d berkas", len(saved))}
	if err := desk.SaveDraft(ctx, saved, importer, line); err != nil {
		return err
	}
	for _, s := range saved {
		mark := "diubah "
		switch _, had := now[s.Path]; {
		case s.Gone:
			mark = "dihapus"
		case !had:
			mark = "baru   "
		}
		fmt.Fprintf(a.stdout, "%s  %s\n", mark, s.Path)
	}
	fmt.Fprintf(a.stdout, "%d berkas masuk ke konsep. Warga belum melihatnya: usulkan dan setujui di meja petugas, halaman Terbitkan.\n", len(saved))
	return nil
}

// readContent reads a folder of content files, or an edition in one file as the desk hands it out.
func readContent(path string) (faq.Files, error) {
	st, err := os.Stat(path)
	if err != nil {
		return nil, usagef("%q tidak ada", path)
	}
	if !st.IsDir() {
		b, err := os.ReadFile(path)
		if err != nil {
			return nil, usagef("%q tidak dapat dibaca: %v", path, err)
		}
		files, err := faq.Unpack(b)
		if err != nil {
			return nil, usagef("%q bukan berkas edisi: %v", path, err)
		}
		return files, nil
	}
	root, err := os.OpenRoot(path) // a link in the folder leads nowhere outside it
	if err != nil {
		return nil, usagef("folder %q tidak dapat dibaca: %v", path, err)
	}
	defer func() { _ = root.Close() }()
	files, err := faq.ReadFiles(root.FS())
	if err != nil {
		return nil, usagef("folder %q tidak dapat dibaca: %v", path, err)
	}
	if len(files) == 0 {
		return nil, usagef("folder %q tidak berisi berkas isi", path)
	}
	return files, nil
}

// publishedFiles returns the content of an edition whose signature holds; 0 is the newest, and where none was published
// the content in the program or in the folder that is configured.
func publishedFiles(ctx context.Context, h *house, desk *store.Desk, number int64) (faq.Files, error) {
	r, err := desk.Release(ctx, number)
	if bot.ClassOf(err) == bot.NotFound && number == 0 {
		from, err := contentFiles(h.cfg.Content)
		if err != nil {
			return nil, err
		}
		return faq.ReadFiles(from)
	}
	if bot.ClassOf(err) == bot.NotFound {
		return nil, usagef("edisi %d tidak ada", number)
	}
	if err != nil {
		return nil, err
	}
	key, err := openSigningKey(filepath.Join(h.cfg.Data, "edition.key"))
	if err != nil {
		return nil, err
	}
	if _, err := bot.OpenRelease(key.Public().(ed25519.PublicKey), r); err != nil {
		return nil, err
	}
	return faq.Unpack(r.Content)
}

// exportEdition writes the content files of a published edition into a folder, as faq import reads them.
func (a *app) exportEdition(ctx context.Context, cfg config, number int64, out string) error {
	h, err := a.existing(ctx, cfg)
	if err != nil {
		return err
	}
	files, err := publishedFiles(ctx, h, h.store.Desk(), number)
	if err = errors.Join(err, h.Close()); err != nil {
		return err
	}
	var list []export.File
	for _, path := range slices.Sorted(maps.Keys(files)) {
		list = append(list, export.File{Name: path, Data: []byte(files[path])})
	}
	if err := writeFiles(out, list); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "%d berkas ditulis ke %s\n", len(list), out)
	return nil
}
