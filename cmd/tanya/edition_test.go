package main

import (
	"context"
	"crypto/ed25519"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/store"
	"tanya/faq"
	"tanya/faq/match"
	"tanya/locales"
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

// TestEarlierEditionsAreRead: what the service compares passed-on texts with comes out of the ledger: the editions before the
// present one, newest first, each until the next was published, and last the content of the program. One whose signature
// does not hold was never the office's, and its text is not confirmed.
func TestEarlierEditionsAreRead(t *testing.T) {
	ctx := t.Context()
	a := &app{stderr: os.Stderr, getenv: func(string) string { return "" }, clock: time.Now}
	data := filepath.Join(t.TempDir(), "data")
	h, err := a.ledger(ctx, config{Data: data}, a.logger("error"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = h.Close() }()
	key, err := openSigningKey(filepath.Join(data, "edition.key"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := faq.ReadFiles(faq.Content())
	if err != nil {
		t.Fatal(err)
	}
	const said = "Tinta menandai pemilih yang sudah mencoblos"
	word := func(with string) faq.Files { // the content with another wording of one answer
		out := faq.Files{}
		for name, text := range files {
			out[name] = text
			if name == "entries/tps/tinta.yaml" {
				if out[name] = strings.ReplaceAll(text, said, with); out[name] == text && with != said {
					t.Fatalf("%s does not say %q", name, said)
				}
			}
		}
		return out
	}
	if h.edition, err = faq.Load(files); err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, 11, 20, 9, 0, 0, 0, faq.Jakarta())
	wordings := map[int64]string{1: "Tinta pada jari menandai pemilih yang sudah mencoblos", 2: "Tinta di jari menandai warga yang sudah mencoblos", 3: "Jari bertinta menandai pemilih yang sudah mencoblos"}
	texts := map[int64]string{}
	var present *faq.Edition
	for n := int64(1); n <= 3; n++ {
		packed, err := word(wordings[n]).Pack()
		if err != nil {
			t.Fatal(err)
		}
		r := bot.SignRelease(key, n, packed)
		if present, err = bot.OpenRelease(key.Public().(ed25519.PublicKey), r); err != nil {
			t.Fatal(err)
		}
		said, err := present.Answer("tinta", faq.View{Lang: faq.Indonesian, At: start})
		if err != nil {
			t.Fatal(err)
		}
		texts[n] = said.Text
		if n == 2 {
			r.Signature[0] ^= 1
		}
		if err := h.store.PutEdition(ctx, store.Edition{
			Number: n, Hash: r.Hash, Signature: r.Signature, Published: start.AddDate(0, 0, int(n)), Content: r.Content, Author: "a",
		}); err != nil {
			t.Fatal(err)
		}
	}
	past, err := h.earlier(ctx, h.store.Desk(), key, 3)
	if err != nil || len(past) != 2 || past[0].Edition.Number != 1 || past[1].Edition != h.edition ||
		!past[0].Until.Equal(start.AddDate(0, 0, 2)) || !past[1].Until.Equal(start.AddDate(0, 0, 1)) {
		t.Fatalf("%+v, %v", past, err)
	}
	if none, err := h.earlier(ctx, h.store.Desk(), key, 0); none != nil || err != nil {
		t.Errorf("before the first edition: %v, %v", none, err)
	}
	k := bot.Knowledge{Edition: present, Matcher: match.NewBM25(match.EditionSamples(present), 0), Earlier: past}
	d := bot.NewDialogue(func() bot.Knowledge { return k }, h.words)
	for n, want := range map[int64]locales.Key{1: locales.VerifyOld, 2: "", 3: locales.VerifySame} {
		s, err := d.Turn(ctx, bot.Session{}, bot.Message{Channel: "x", Kind: bot.Text, Text: "cek " + texts[n]}, start.AddDate(0, 0, 4))
		if err != nil || len(s.Replies) != 1 {
			t.Fatalf("%d replies, %v", len(s.Replies), err)
		}
		lead, _, _ := strings.Cut(s.Replies[0].Text, "\n")
		official := lead == h.words.Text("id", locales.VerifyOld, nil) || lead == h.words.Text("id", locales.VerifySame, nil)
		if want != "" && lead != h.words.Text("id", want, nil) || want == "" && official {
			t.Errorf("the text of edition %d: %q", n, lead)
		}
	}
}
