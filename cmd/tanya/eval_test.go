package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tanya/faq"
)

// Whoever changes content sees which messages it changes: eval compare OLD NEW.
func TestEvalCompare(t *testing.T) {
	if testing.Short() {
		t.Skip("trains twice on all content; left out with -short")
	}
	before, after := filepath.Join(t.TempDir(), "before"), filepath.Join(t.TempDir(), "after")
	for _, dir := range []string{before, after} {
		if err := os.CopyFS(dir, faq.Content()); err != nil {
			t.Fatal(err)
		}
	}
	const message = "opo oleh nggowo kewan menyang bilik"
	file := filepath.Join(after, "entries", "jadwal", "jam-tps.yaml")
	entry, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	entry = bytes.Replace(entry, []byte("phrasings:\n  formal:\n"), []byte("phrasings:\n  formal:\n    - "+message+"\n"), 1)
	if err := os.WriteFile(file, entry, 0o644); err != nil {
		t.Fatal(err)
	}
	messages := filepath.Join(t.TempDir(), "messages.tsv")
	if err := os.WriteFile(messages, []byte(message+"\tjam-tps\nsugeng enjing min\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	a := &app{stdin: strings.NewReader(""), stdout: &out, stderr: &out, getenv: func(string) string { return "" }, clock: time.Now}
	if code := a.run(context.Background(), []string{"eval", "compare", before, after, "--messages", messages}); code != exitOK {
		t.Fatalf("exit %d:\n%s", code, out.String())
	}
	if s := out.String(); !strings.Contains(s, message) || !strings.Contains(s, "kini: answered jam-tps") || !strings.Contains(s, "1 dari 2 pesan berubah") {
		t.Errorf("printed:\n%s", s)
	}
}
