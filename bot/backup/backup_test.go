package backup_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/backup"
)

func key(fill byte) []byte { return bytes.Repeat([]byte{fill}, bot.KeySize) }

// sealed makes a backup with a body of n bytes that do not compress.
func sealed(t testing.TB, n int) (file, body []byte) {
	t.Helper()
	body = make([]byte, n)
	_, _ = rand.Read(body)
	var b bytes.Buffer
	h := backup.Head{Made: time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC), Version: "uji", Files: map[string][]byte{"secret.key": []byte("rahasia")}}
	err := backup.Write(&b, key(1), h, func(w io.Writer) error {
		_, err := w.Write(body)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), body
}

func open(file, key []byte) (backup.Head, []byte, error) {
	r, err := backup.NewReader(bytes.NewReader(file), key)
	if err != nil {
		return backup.Head{}, nil, err
	}
	body, err := io.ReadAll(r)
	return r.Head, body, err
}

// TestRound reads back bodies of every awkward length.
func TestRound(t *testing.T) {
	for _, n := range []int{0, 1, 100, 65_535, 65_536, 65_537, 131_072, 400_000} {
		file, body := sealed(t, n)
		h, got, err := open(file, key(1))
		if err != nil || !bytes.Equal(got, body) {
			t.Errorf("a body of %d bytes came back as %d bytes, %v", n, len(got), err)
		}
		if string(h.Files["secret.key"]) != "rahasia" || h.Version != "uji" {
			t.Errorf("the head came back as %+v", h)
		}
		if bytes.Contains(file, []byte("rahasia")) {
			t.Error("the file shows the key that it carries")
		}
	}
}

// TestRefuses: another key, another file, any cut and any changed byte, and segments in another order.
func TestRefuses(t *testing.T) {
	file, _ := sealed(t, 200_000)
	refuse := func(what string, file, key []byte) {
		t.Helper()
		if _, _, err := open(file, key); bot.ClassOf(err) != bot.Invalid {
			t.Errorf("%s: %v", what, err)
		}
	}
	refuse("another key", file, key(2))
	refuse("an empty file", nil, key(1))
	refuse("another file", []byte("SQLite format 3 and so on, long enough to look like something else"), key(1))
	for n := 0; n < len(file); n += 977 {
		refuse("a cut", file[:n], key(1))
	}
	const whole = 64<<10 + 16
	begin := len(file) - (len(file)-49)%whole - 3*whole
	for _, cut := range []int{begin + whole, begin + 2*whole} { // cut between two segments
		refuse("a cut between segments", file[:cut], key(1))
	}
	for at := 0; at < len(file); at += 1009 {
		bad := bytes.Clone(file)
		bad[at] ^= 1
		refuse("a changed byte", bad, key(1))
	}
	swapped := bytes.Clone(file)
	copy(swapped[49:], file[49+whole:49+2*whole])
	copy(swapped[49+whole:], file[49:49+whole])
	refuse("segments in another order", swapped, key(1))
	refuse("something behind the end", append(bytes.Clone(file), 'x'), key(1))
}

// TestWriteTells says what a full disk means.
func TestWriteTells(t *testing.T) {
	err := backup.Write(&full{left: 1000}, key(1), backup.Head{}, func(w io.Writer) error {
		b := make([]byte, 1<<20)
		_, _ = rand.Read(b)
		_, err := w.Write(b)
		return err
	})
	if err == nil {
		t.Fatal("a full disk was not noticed")
	}
}

type full struct{ left int }

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errors.New("no space left on device")
	}
	return len(p), nil
}

// FuzzRead feeds anything to the reader.
func FuzzRead(f *testing.F) {
	file, _ := sealed(f, 300)
	f.Add(file)
	f.Fuzz(func(t *testing.T, file []byte) {
		_, _, _ = open(file, key(1))
	})
}
