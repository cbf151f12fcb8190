package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"tanya/bot/store"
	"tanya/faq"
	"tanya/faq/eval"
)

// verify proves that a backup would bring the service back: it restores it into a folder of its own, counts and
// compares every row, checks the edition's signature, and asks it questions.
func (a *app) verify(ctx context.Context, args []string) error {
	f := a.flags("verify")
	cfg := config{}
	cfg.register(f, a.getenv)
	keyFile := f.String("key", "", "berkas kunci cadangan (bawaan: backup.key di folder data)")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return usagef("tulis tanya verify BERKAS.cadangan")
	}
	began := a.clock()
	r, file, err := openBackup(rest[0], *keyFile, cfg.Data)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	dir, err := os.MkdirTemp("", "tanya-verify-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	place := config{Data: dir, Now: cfg.Now} // always SQLite, always elsewhere
	bar := newProgress(a.stderr, "Memulihkan di tempat lain", a.clock)
	m, err := a.load(ctx, place, r.Head.Files, r, bar.show)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "Dibuat      %s oleh %s\n", r.Head.Made.In(faq.Jakarta()).Format("2006-01-02 15:04 WIB"), r.Head.Version)
	v := verification{a: a}
	if err := v.inspect(ctx, place, m); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "Waktu       %.1f detik dari berkas sampai menjawab\n", a.clock().Sub(began).Seconds())
	return nil
}

// verification looks at a restored ledger.
type verification struct {
	a      *app
	failed bool
}

func (v *verification) inspect(ctx context.Context, place config, m store.Manifest) error {
	a := v.a
	h, err := a.ledger(ctx, place, a.logger("error"))
	if err != nil {
		return err
	}
	defer func() { _ = h.Close() }()
	again, err := h.store.Dump(ctx, io.Discard, nil)
	if err != nil {
		return err
	}
	if differs, same := m.Same(again); same {
		fmt.Fprintf(a.stdout, "Baris       %d baris dalam %d tabel, semua sama\n", m.Rows(), len(m.Tables))
	} else {
		v.fail("Baris", "tabel "+differs+" berbeda sesudah dipulihkan")
	}
	builtIn, err := loadEdition("")
	if err != nil {
		return err
	}
	ed, packed, err := newestEdition(ctx, h.store, place.Data, builtIn)
	if err != nil {
		v.fail("Edisi", err.Error())
		ed = builtIn
	} else {
		fmt.Fprintf(a.stdout, "Edisi       %s, %d jawaban%s\n", editionName(ed), len(ed.IDs()), map[bool]string{true: ", tanda tangan cocok"}[packed != nil])
	}
	if err := v.ask(ctx, h, ed, packed); err != nil {
		return err
	}
	if v.failed {
		return errFound
	}
	return nil
}

func (v *verification) fail(what, why string) {
	v.failed = true
	fmt.Fprintf(v.a.stdout, "%-11s TIDAK BERES: %s\n", what, why)
}

// ask asks the edition's gold questions, and each answer's own question.
func (v *verification) ask(ctx context.Context, h *house, ed *faq.Edition, packed []byte) error {
	m, err := trainMatcher(ctx, ed, nil, true)
	if err != nil {
		return err
	}
	gold, err := goldQuestions(packed)
	if err != nil {
		v.fail("Uji", "berkas pertanyaan uji tidak terbaca")
	}
	kind := "pertanyaan uji kantor"
	if len(gold) == 0 { // an office that has checked none yet: every answer must at least know its own question
		kind = "pertanyaan milik jawabannya sendiri"
		for _, id := range ed.IDs() {
			if e := ed.Entry(id); !e.Guard {
				gold = append(gold, eval.Question{Text: e.Question.In(faq.Indonesian), Entries: []string{id}})
			}
		}
	}
	r, err := eval.Questions(ctx, m, gold, func(id string) bool { e := ed.Entry(id); return e != nil && e.Critical })
	if err != nil {
		return err
	}
	line := fmt.Sprintf("%d dari %d %s dijawab benar, %d salah", r.All.Right.Count, r.All.N, kind, r.All.Wrong.Count)
	if r.All.Wrong.Count > 0 {
		v.fail("Uji", line)
		return nil
	}
	fmt.Fprintf(v.a.stdout, "Uji         %s\n", line)
	return nil
}

// goldQuestions reads the questions that staff have checked from a packed edition.
func goldQuestions(packed []byte) ([]eval.Question, error) {
	if packed == nil {
		return nil, nil
	}
	files, err := faq.Unpack(packed)
	if err != nil {
		return nil, err
	}
	text, ok := files[faq.GoldFile]
	if !ok {
		return nil, nil
	}
	return eval.ReadQuestions(strings.NewReader(text))
}
