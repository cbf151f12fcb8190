package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tanya/bot"
)

// office is an installation with some data, and a way to run commands on it.
type office struct {
	t    *testing.T
	data string
}

// run runs a command line and returns what it printed and its exit code.
func (o office) run(args ...string) (string, int) {
	o.t.Helper()
	var out bytes.Buffer
	a := &app{stdin: strings.NewReader(""), stdout: &out, stderr: &out, getenv: func(string) string { return "" }, clock: time.Now}
	code := a.run(context.Background(), args)
	return out.String(), code
}

// want runs a command line that must end with the code and print all of the words.
func (o office) want(code int, args []string, words ...string) string {
	o.t.Helper()
	out, got := o.run(args...)
	if got != code {
		o.t.Fatalf("tanya %s: exit code %d, want %d\n%s", strings.Join(args, " "), got, code, out)
	}
	for _, w := range words {
		if !strings.Contains(out, w) {
			o.t.Errorf("tanya %s does not print %q:\n%s", strings.Join(args, " "), w, out)
		}
	}
	return out
}

// newOffice makes an installation with a question that waits and one that is answered.
func newOffice(t *testing.T) office {
	t.Helper()
	ctx := context.Background()
	o := office{t, filepath.Join(t.TempDir(), "asal")}
	a := &app{stderr: os.Stderr, getenv: func(string) string { return "" }, clock: time.Now}
	h, err := a.ledger(ctx, config{Data: o.data}, a.logger("error"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := openSigningKey(filepath.Join(o.data, "edition.key")); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"1", "2"} {
		m := bot.Message{Channel: "webchat", External: id, Address: "warga-rahasia", Kind: bot.Text, Text: "jam berapa tps buka", Received: time.Now()}
		m.Chat = h.keys.Chat("webchat", m.Address)
		if _, err := h.store.Accept(ctx, bot.Batch{Channel: "webchat", Messages: []bot.Message{m}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	return o
}

// backups lists the backups in a folder.
func backups(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*"+backupSuffix))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestBackupRoad backs an installation up, proves the file, loses the machine, and brings it back elsewhere with the
// file and the key alone.
func TestBackupRoad(t *testing.T) {
	o := newOffice(t)
	dir := t.TempDir()
	paper := filepath.Join(dir, "kertas.key")
	out := o.want(exitOK, []string{"backup", "--data", o.data}, "tanya verify", "Kunci cadangan baru dibuat")
	file := backups(t, filepath.Join(o.data, "cadangan"))[0]
	key, err := os.ReadFile(filepath.Join(o.data, "backup.key"))
	if err != nil || strings.Contains(out, strings.TrimSpace(string(key))) {
		t.Fatalf("the key is missing or printed: %v", err)
	}
	if err := os.WriteFile(paper, key, 0o600); err != nil {
		t.Fatal(err)
	}
	o.want(exitOK, []string{"verify", file, "--key", paper, "--data", filepath.Join(dir, "tiada")}, "semua sama", "0 salah", "sampai menjawab")

	moved := filepath.Join(dir, "satu.cadangan")
	if err := os.Rename(file, moved); err != nil {
		t.Fatal(err)
	}
	was, err := os.ReadFile(filepath.Join(o.data, "secret.key"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(o.data); err != nil {
		t.Fatal(err)
	}
	back := filepath.Join(dir, "pulih")
	o.want(exitOK, []string{"restore", moved, "--key", paper, "--data", back}, "Pulih", "tanya serve")
	if is, err := os.ReadFile(filepath.Join(back, "secret.key")); err != nil || !bytes.Equal(is, was) {
		t.Errorf("the restored secret key differs: %v", err)
	}
	a := &app{stderr: os.Stderr, getenv: func(string) string { return "" }, clock: time.Now}
	h, err := a.ledger(context.Background(), config{Data: back}, a.logger("error"))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if st, err := h.store.Stats(context.Background()); err != nil || st.Waiting != 2 {
		t.Errorf("%d messages wait after the restore, want 2 (%v)", st.Waiting, err)
	}
}

// TestBackupRefuses: each refusal says what to do, and nothing is changed by it.
func TestBackupRefuses(t *testing.T) {
	o := newOffice(t)
	dir := t.TempDir()
	o.want(exitUsage, []string{"backup", "--data", filepath.Join(dir, "kosong")}, "belum berisi apa pun")
	o.want(exitUsage, []string{"staff", "list", "--data", filepath.Join(dir, "kosong")}, "belum berisi apa pun")
	o.want(exitOK, []string{"backup", "--data", o.data})
	file, key := backups(t, filepath.Join(o.data, "cadangan"))[0], filepath.Join(o.data, "backup.key")
	o.want(exitUsage, []string{"restore", file, "--key", key, "--data", o.data}, "sudah berisi basis data")
	o.want(exitUsage, []string{"restore", file, "--data", filepath.Join(dir, "baru")}, "tunjuk salinannya dengan --key")
	o.want(exitUsage, []string{"restore"}, "tulis tanya restore")
	o.want(exitFailed, []string{"restore", key, "--key", key, "--data", filepath.Join(dir, "baru")}, "bukan cadangan")
	o.want(exitUsage, []string{"migrate", "--data", o.data, "--to", "mysql://x"}, "tulis tanya migrate --to postgres://")

	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(dir, "potong.cadangan")
	if err := os.WriteFile(cut, whole[:len(whole)-7], 0o600); err != nil {
		t.Fatal(err)
	}
	o.want(exitFailed, []string{"restore", cut, "--key", key, "--data", filepath.Join(dir, "baru")}, "rusak")
	if _, err := os.Stat(filepath.Join(dir, "baru", "tanya.db")); err == nil {
		t.Error("half a ledger was left behind")
	}
	o.want(exitFailed, []string{"verify", cut, "--key", key}, "rusak")
}

// TestBackupsAreKeptForAWhile: old backups hold what the service itself has forgotten, so they go.
func TestBackupsAreKeptForAWhile(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"tanya-20261120-020000", "tanya-20261121-020000", "tanya-20261122-020000", "catatan"} {
		if err := os.WriteFile(filepath.Join(dir, name+backupSuffix), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	gone, err := pruneBackups(dir, 2)
	if err != nil || gone != 1 {
		t.Fatalf("%d gone, %v", gone, err)
	}
	for name, want := range map[string]bool{"tanya-20261120-020000": false, "tanya-20261121-020000": true, "catatan": true} {
		if _, err := os.Stat(filepath.Join(dir, name+backupSuffix)); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
