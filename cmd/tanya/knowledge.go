package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tanya/bot"
	"tanya/faq"
	"tanya/faq/match"
)

// loadEdition reads and lints the content.
func loadEdition(dir string) (*faq.Edition, error) {
	files, err := contentFiles(dir)
	if err != nil {
		return nil, err
	}
	ed, err := faq.Load(files)
	return ed, refused(err)
}

// refused tells the operator where to read about content that the lint refuses.
func refused(err error) error {
	var lint *faq.LintError
	if errors.As(err, &lint) {
		return usagef("%v. Lihat semuanya: tanya faq lint", err)
	}
	return err
}

// learnEdition reads the content and trains the matcher on it while the lint looks at it: each takes about half of
// the time that a first start may take. Neither result is used when the lint refuses the content.
func learnEdition(ctx context.Context, dir string, cache match.Cache) (*faq.Edition, *match.Engine, error) {
	files, err := contentFiles(dir)
	if err != nil {
		return nil, nil, err
	}
	ed, problems := faq.Read(files)
	if err := faq.Refuse(problems); err != nil { // what cannot be read cannot be learned from
		return nil, nil, refused(err)
	}
	linted := make(chan error, 1)
	go func() { linted <- faq.Refuse(ed.Lint()) }()
	m, err := trainMatcher(ctx, ed, cache, true)
	if lint := <-linted; lint != nil {
		return nil, nil, refused(lint)
	}
	return ed, m, err
}

// trainMatcher trains the matcher on an edition. With a cache folder the thresholds of the same content are read
// back instead of computed; without one they are computed before anything is answered.
func trainMatcher(ctx context.Context, ed *faq.Edition, cache match.Cache, background bool) (*match.Engine, error) {
	o := match.Options{Cache: cache}
	if background {
		o.Calibration = match.Background
	}
	return match.FromEdition(ctx, ed, o)
}

// fileCache keeps what the matcher computed in a folder.
type fileCache struct{ dir string }

// cacheLife is how long a cached computation is kept after its last use.
const cacheLife = 60 * 24 * time.Hour

// Load reads what Save wrote.
func (c fileCache) Load(key string) ([]byte, error) {
	name, err := c.name(key)
	if err != nil {
		return nil, err
	}
	b, err := os.ReadFile(name)
	if err == nil {
		now := time.Now()
		_ = os.Chtimes(name, now, now) // only so that it is not tidied away while in use
	}
	return b, err
}

// Save writes through a temporary file, so that a crash leaves no half of it, and tidies old ones away.
func (c fileCache) Save(key string, data []byte) error {
	name, err := c.name(key)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(c.dir, "part-")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	c.tidy()
	return os.Rename(f.Name(), name)
}

// tidy removes what was not used for long.
func (c fileCache) tidy() {
	files, err := os.ReadDir(c.dir)
	if err != nil {
		return
	}
	for _, f := range files {
		if st, err := f.Info(); err == nil && time.Since(st.ModTime()) > cacheLife {
			_ = os.Remove(filepath.Join(c.dir, f.Name()))
		}
	}
}

func (c fileCache) name(key string) (string, error) {
	if key == "" || strings.ContainsFunc(key, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-')
	}) {
		return "", fs.ErrInvalid
	}
	return filepath.Join(c.dir, "matcher-"+key), nil
}

// fixedKnowledge answers from one edition for ever.
func fixedKnowledge(ed *faq.Edition, m faq.Matcher) func() bot.Knowledge {
	k := bot.Knowledge{Edition: ed, Matcher: m}
	return func() bot.Knowledge { return k }
}
