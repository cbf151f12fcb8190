package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tanya/bot"
	"tanya/bot/backup"
	"tanya/bot/store"
	"tanya/faq"
)

// The names of backups, so that old ones can be told from anything else in the folder.
const (
	backupPrefix = "tanya-"
	backupSuffix = ".cadangan"
	backupTime   = "20060102-150405"
)

// keptKeys are the key files that a backup carries. The keys that count distinct askers are left out on purpose: they
// are destroyed when a month closes, and a copy of them in a backup would outlive that.
var keptKeys = []string{"secret.key", "edition.key"}

// backup writes a sealed copy of the ledger and its keys while the service goes on.
func (a *app) backup(ctx context.Context, args []string) error {
	f := a.flags("backup")
	cfg := config{}
	cfg.register(f, a.getenv)
	out := f.String("out", "", "folder cadangan (bawaan: cadangan di folder data)")
	keyFile := f.String("key", "", "berkas kunci cadangan (bawaan: backup.key di folder data; dibuat bila belum ada)")
	keep := f.Int("keep", 14, "simpan sekian cadangan terbaru, hapus yang lebih lama; 0 menyimpan semua")
	if rest, err := parse(f, args); err != nil {
		return err
	} else if len(rest) > 0 {
		return usagef("tanya backup tidak memakai %q", rest[0])
	}
	if err := cfg.check(); err != nil {
		return err
	}
	if *keep < 0 {
		return usagef("--keep tidak boleh kurang dari 0")
	}
	if *out == "" {
		*out = filepath.Join(cfg.Data, "cadangan")
	}
	if *keyFile == "" {
		*keyFile = filepath.Join(cfg.Data, "backup.key")
	}
	h, err := a.existing(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { _ = h.Close() }()
	key, fresh, err := backupKey(*keyFile)
	if err != nil {
		return err
	}
	name, m, err := a.writeBackup(ctx, h, *out, key)
	if err != nil {
		return err
	}
	gone, err := pruneBackups(*out, *keep)
	if err != nil {
		return err
	}
	st, err := os.Stat(name)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "Cadangan %s: %d baris, %d KB. Periksa dengan: tanya verify %s\n", name, m.Rows(), (st.Size()+1023)/1024, name)
	if gone > 0 {
		fmt.Fprintf(a.stdout, "%d cadangan lama dihapus.\n", gone)
	}
	if fresh {
		fmt.Fprintf(a.stdout, "\nKunci cadangan baru dibuat: %s\nSalin ke tempat lain sekarang, misalnya dicetak. Tanpa kunci ini cadangan tidak dapat dibuka siapa pun.\n", *keyFile)
	}
	return nil
}

// existing opens the ledger of an installation that is there; it makes no new one.
func (a *app) existing(ctx context.Context, cfg config) (*house, error) {
	if _, err := os.Stat(filepath.Join(cfg.Data, "secret.key")); err != nil {
		return nil, usagef("folder data %q belum berisi apa pun; isi TANYA_DATA dengan folder layanan yang berjalan", cfg.Data)
	}
	return a.ledger(ctx, cfg, a.logger(cfg.LogLevel))
}

// writeBackup writes through a temporary file, so that a file under a backup's name is always whole.
func (a *app) writeBackup(ctx context.Context, h *house, dir string, key []byte) (name string, m store.Manifest, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", m, usagef("folder cadangan %q tidak dapat dibuat: %v", dir, err)
	}
	head := backup.Head{Made: h.now(), Version: revision(), Files: map[string][]byte{}}
	for _, name := range keptKeys {
		text, err := os.ReadFile(filepath.Join(h.cfg.Data, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // no edition was ever published from here
		}
		if err != nil {
			return "", m, err
		}
		head.Files[name] = text
	}
	f, err := os.CreateTemp(dir, "part-*")
	if err != nil {
		return "", m, usagef("folder cadangan %q tidak dapat ditulisi: %v", dir, err)
	}
	defer func() { _ = os.Remove(f.Name()) }() // gone already when all went well
	bar := newProgress(a.stderr, "Mencadangkan", a.clock)
	err = backup.Write(f, key, head, func(w io.Writer) (err error) {
		m, err = h.store.Dump(ctx, w, bar.show)
		return err
	})
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", m, err
	}
	name = filepath.Join(dir, backupPrefix+h.now().In(faq.Jakarta()).Format(backupTime)+backupSuffix)
	return name, m, os.Rename(f.Name(), name)
}

// backupKey reads the key that backups are sealed with, or makes one.
func backupKey(path string) (key []byte, fresh bool, err error) {
	key, err = readBackupKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, false, err
	}
	if key, err = bot.NewRoot(nil); err != nil {
		return nil, false, err
	}
	if err := writeSecret(path, bot.EncodeKey(key)+"\n"); err != nil {
		return nil, false, usagef("kunci cadangan %s tidak dapat ditulis: %v", path, err)
	}
	return key, true, nil
}

// readBackupKey reads a key file.
func readBackupKey(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err != nil {
		return nil, usagef("kunci cadangan %s tidak dapat dibaca: %v", path, err)
	}
	key, err := bot.DecodeKey(string(text))
	if err != nil || len(key) != bot.KeySize {
		return nil, usagef("kunci cadangan %s rusak; pakai salinannya", path)
	}
	return key, nil
}

// pruneBackups removes all but the newest backups of a folder. A backup holds what the service itself forgets after at
// most thirty days, so old ones must go.
func pruneBackups(dir string, keep int) (gone int, err error) {
	if keep == 0 {
		return 0, nil
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		return 0, err
	}
	var names []string
	for _, f := range files {
		if strings.HasPrefix(f.Name(), backupPrefix) && strings.HasSuffix(f.Name(), backupSuffix) {
			names = append(names, f.Name())
		}
	}
	slices.Sort(names) // by time: it stands in the name
	for _, n := range names[:max(0, len(names)-keep)] {
		if err := os.Remove(filepath.Join(dir, n)); err != nil {
			return gone, err
		}
		gone++
	}
	return gone, nil
}

// openBackup opens a backup file with the key that --key names, or the one in the data folder.
func openBackup(file, keyFile, data string) (*backup.Reader, io.Closer, error) {
	if keyFile == "" {
		keyFile = filepath.Join(data, "backup.key")
	}
	key, err := readBackupKey(keyFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, usagef("kunci cadangan %s tidak ada; tunjuk salinannya dengan --key", keyFile)
	}
	if err != nil {
		return nil, nil, err
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, nil, usagef("cadangan %s tidak dapat dibaca: %v", file, err)
	}
	r, err := backup.NewReader(f, key)
	if err != nil {
		_ = f.Close()
		return nil, nil, err
	}
	return r, f, nil
}

// restore fills an empty data folder, or an empty PostgreSQL database, from a backup.
func (a *app) restore(ctx context.Context, args []string) error {
	f := a.flags("restore")
	cfg := config{}
	cfg.register(f, a.getenv)
	keyFile := f.String("key", "", "berkas kunci cadangan (bawaan: backup.key di folder data)")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return usagef("tulis tanya restore BERKAS.cadangan --key BERKAS-KUNCI")
	}
	if err := cfg.check(); err != nil {
		return err
	}
	began := a.clock()
	r, file, err := openBackup(rest[0], *keyFile, cfg.Data)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	bar := newProgress(a.stderr, "Memulihkan", a.clock)
	m, err := a.fill(ctx, cfg, r.Head.Files, r, bar.show)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "Pulih: %d baris dari cadangan %s, dalam %.1f detik. Jalankan: tanya serve\n",
		m.Rows(), r.Head.Made.In(faq.Jakarta()).Format("2006-01-02 15:04 WIB"), a.clock().Sub(began).Seconds())
	if cfg.WhatsApp != "" {
		fmt.Fprintln(a.stdout, "Tautan WhatsApp tidak ikut cadangan; tautkan lagi dengan: tanya whatsapp pair")
	}
	return nil
}

// fill puts a backup's keys and ledger into an empty place, and lets go at once of what has reached its end since.
func (a *app) fill(ctx context.Context, cfg config, files map[string][]byte, r io.Reader, show store.Progress) (store.Manifest, error) {
	if err := cfg.makeData(); err != nil {
		return store.Manifest{}, err
	}
	if cfg.DatabaseURL == "" {
		if _, err := os.Stat(cfg.database()); err == nil {
			return store.Manifest{}, usagef("folder data %q sudah berisi basis data; pilih folder kosong dengan --data", cfg.Data)
		}
	}
	m, err := a.load(ctx, cfg, files, r, show)
	if err != nil {
		if cfg.DatabaseURL == "" { // half a ledger helps nobody
			for _, side := range []string{"", "-wal", "-shm"} {
				_ = os.Remove(cfg.database() + side)
			}
		}
		return m, err
	}
	h, err := a.ledger(ctx, cfg, a.logger(cfg.LogLevel))
	if err != nil {
		return m, err
	}
	_, err = h.store.Sweep(ctx, h.now())
	return m, errors.Join(err, h.Close())
}

// load writes the keys and loads the ledger as it was.
func (a *app) load(ctx context.Context, cfg config, files map[string][]byte, r io.Reader, show store.Progress) (store.Manifest, error) {
	for _, name := range keptKeys {
		if text, ok := files[name]; ok {
			if err := putKey(filepath.Join(cfg.Data, name), text); err != nil {
				return store.Manifest{}, err
			}
		}
	}
	keys, err := openKeyring(filepath.Join(cfg.Data, "secret.key"))
	if err != nil {
		return store.Manifest{}, err
	}
	return store.Load(ctx, cfg.database(), keys, store.Options{Now: cfg.clock(a.clock), Zone: faq.Jakarta()}, r, show)
}

// putKey writes a key file. One that is there already must be the same.
func putKey(path string, text []byte) error {
	have, err := os.ReadFile(path)
	switch {
	case err == nil && string(have) == string(text):
		return nil
	case err == nil:
		return usagef("%s sudah ada dan berbeda dari yang di cadangan; pilih folder kosong dengan --data", path)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if err := writeSecret(path, string(text)); err != nil {
		return usagef("%s tidak dapat ditulis: %v", path, err)
	}
	return nil
}

// publicKey returns the key that editions of a data folder are checked with, nil when there is none.
func publicKey(data string) (ed25519.PublicKey, error) {
	path := filepath.Join(data, "edition.key")
	if _, err := os.Stat(path); err != nil {
		return nil, nil
	}
	key, err := openSigningKey(path)
	if err != nil {
		return nil, err
	}
	return key.Public().(ed25519.PublicKey), nil
}

// newestEdition returns the edition that a restored ledger would answer from.
func newestEdition(ctx context.Context, s *store.Store, data string, builtIn *faq.Edition) (*faq.Edition, []byte, error) {
	r, err := s.Desk().Release(ctx, 0)
	if bot.ClassOf(err) == bot.NotFound {
		return builtIn, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	public, err := publicKey(data)
	if err != nil {
		return nil, nil, err
	}
	ed, err := bot.OpenRelease(public, r)
	return ed, r.Content, err
}
