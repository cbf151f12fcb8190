package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/faq"
)

// TestImport moves content to files and back into the draft of the desk. Nothing of it is published by that, what lint
// refuses is not taken at all, and a link in the folder leads nowhere.
func TestImport(t *testing.T) {
	o := newOffice(t)
	data, folder := "--data="+o.data, filepath.Join(t.TempDir(), "isi")
	o.want(0, []string{"faq", "export", "--format", "edition", "--out", folder, data}, "berkas ditulis")
	o.want(0, []string{"faq", "import", folder, data}, "Tidak ada yang berubah")

	path := filepath.Join(folder, filepath.FromSlash(fileOf(t, "jam-tps")))
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write := func(s string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(s), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(strings.Replace(string(b), "{jam-buka-tps}", "{jam-yang-tidak-ada}", 1))
	o.want(3, []string{"faq", "import", folder, data}, "jam-yang-tidak-ada", "Tidak ada yang disimpan")
	if n := len(o.drafts()); n != 0 {
		t.Fatalf("%d files were taken that lint refuses", n)
	}
	changed := strings.Replace(string(b), "review: 20", "review: 2026-12-31 # 20", 1)
	write(changed)
	o.want(0, []string{"faq", "import", folder, data}, "diubah   "+fileOf(t, "jam-tps"), "1 berkas masuk ke konsep")
	drafts := o.drafts()
	if len(drafts) != 1 || drafts[0].Content != changed || len(drafts[0].Authors) != 1 || drafts[0].Authors[0] != importer {
		t.Errorf("the draft: %+v", drafts)
	}
	o.want(0, []string{"faq", "import", folder, data}, "Tidak ada yang berubah")

	one := filepath.Join(t.TempDir(), "edisi.json") // as the desk hands it out
	files, err := faq.ReadFiles(faq.Content())
	if err != nil {
		t.Fatal(err)
	}
	packed, err := files.Pack()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(one, packed, 0o644); err != nil {
		t.Fatal(err)
	}
	o.want(0, []string{"faq", "import", one, data}, "1 berkas masuk ke konsep") // back to what it was
	o.want(2, []string{"faq", "import", filepath.Join(o.data, "secret.key"), data}, "bukan berkas edisi")
	o.want(2, []string{"faq", "export", "--format", "edition", "--edition", "7", "--out", folder, data}, "edisi 7 tidak ada")
	if out := o.want(0, []string{"audit", "verify", data}); !strings.Contains(out, "utuh: 2") {
		t.Errorf("two imports leave two lines: %s", out)
	}
}

// fileOf names the content file of an entry.
func fileOf(t *testing.T, id string) string {
	t.Helper()
	ed, err := faq.Load(faq.Content())
	if err != nil {
		t.Fatal(err)
	}
	return ed.Entry(id).File
}

// drafts returns the draft of the desk, and holds that nothing was published.
func (o office) drafts() []bot.DraftFile {
	o.t.Helper()
	a := &app{stderr: os.Stderr, getenv: func(string) string { return "" }, clock: time.Now}
	h, err := a.ledger(context.Background(), config{Data: o.data}, a.logger("error"))
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = h.Close() }()
	files, err := h.store.Desk().DraftFiles(context.Background())
	if err != nil {
		o.t.Fatal(err)
	}
	if _, err := h.store.Desk().Release(context.Background(), 0); bot.ClassOf(err) != bot.NotFound {
		o.t.Errorf("an edition was published: %v", err)
	}
	return files
}
