package console

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"tanya/bot"
	"tanya/faq"
)

// workbench is the next edition while it is written: the published files with the changed ones laid over them. It
// remembers the last one read, because reading all content takes a while. It is safe for concurrent use.
type workbench struct {
	desk Desk

	mu   sync.Mutex
	key  string
	last *draft
}

// draft is the next edition as it stands now. It belongs to one request but for what it shares unchanged.
type draft struct {
	base     faq.Files
	files    faq.Files
	changed  []bot.DraftFile
	edition  *faq.Edition
	problems []faq.Problem // of reading; lint comes on top
	linted   func() []faq.Problem
}

// read reads the edition of the draft's files. It is linted when somebody asks, once.
func (d *draft) read() {
	d.edition, d.problems = faq.Read(d.files)
	d.linted = sync.OnceValue(d.edition.Lint)
}

// load reads the draft.
func (w *workbench) load(ctx context.Context, k bot.Knowledge) (*draft, error) {
	changed, err := w.desk.DraftFiles(ctx)
	if err != nil {
		return nil, err
	}
	var key strings.Builder
	key.WriteString(k.Edition.Hash)
	for _, f := range changed {
		fmt.Fprintf(&key, " %s:%d:%d", f.Path, f.Version, f.At.UnixMilli())
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.key == key.String() {
		return w.last, nil
	}
	base, err := faq.ReadFiles(k.Edition.Files())
	if err != nil {
		return nil, err
	}
	d := &draft{base: base, changed: changed}
	over := map[string]string{}
	for _, f := range changed {
		over[f.Path] = f.Content
		if f.Gone {
			over[f.Path] = ""
		}
	}
	d.files = base.With(over)
	d.read()
	w.key, w.last = key.String(), d
	return d, nil
}

// entry returns a copy of an entry that may be changed, nil when there is none.
func (d *draft) entry(id string) *faq.Entry {
	e := d.edition.Entry(id)
	if e == nil {
		return nil
	}
	fresh, _ := faq.Read(faq.Files{e.File: faq.WriteEntry(e)})
	out := fresh.Entry(id)
	if out == nil {
		return nil
	}
	for i := range out.Phases {
		out.Phases[i].Ends = e.Phases[i].Ends
	}
	return out
}

// version returns the version of a file that the draft was read with.
func (d *draft) version(path string) int64 {
	for _, f := range d.changed {
		if f.Path == path {
			return f.Version
		}
	}
	return 0
}

// with returns the draft as it would be with other texts of files, nothing saved.
func (d *draft) with(over map[string]string) *draft {
	n := *d
	n.files = d.files.With(over)
	n.read()
	return &n
}

// save writes files of the draft; an empty text removes the file.
func (w *workbench) save(ctx context.Context, d *draft, over map[string]string, by string, line bot.Audit) error {
	var files []bot.DraftFile
	for path, text := range over {
		files = append(files, bot.DraftFile{Path: path, Content: text, Gone: text == "", Version: d.version(path)})
	}
	slices.SortFunc(files, func(a, b bot.DraftFile) int { return strings.Compare(a.Path, b.Path) })
	return w.desk.SaveDraft(ctx, files, by, line)
}

// lint returns what is wrong with the draft, errors first.
func (d *draft) lint() []faq.Problem {
	all := append(slices.Clone(d.problems), d.linted()...)
	slices.SortStableFunc(all, func(a, b faq.Problem) int {
		switch {
		case a.Advice == b.Advice:
			return 0
		case b.Advice:
			return -1
		}
		return 1
	})
	return all
}
