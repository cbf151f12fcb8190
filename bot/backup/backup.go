// Package backup is the file that a copy of everything is kept in: the ledger's own copy and the keys that it is of no
// use without, compressed, and sealed with one key that lies elsewhere. A file that was cut, changed or put together
// from two is noticed before its last byte is believed. The package knows nothing of what it carries.
//
// The stream is sealed in segments with AES-256-GCM; each segment's nonce is its number and whether it is the last
// (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár 2015). The key of a file is derived from the
// backup key and a salt of its own, so that nonces never meet.
package backup

import (
	"bufio"
	"compress/gzip"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"tanya/bot"
)

const (
	magic    = "TANYA CADANGAN 1\n"
	saltSize = 32
	segment  = 64 << 10 // plain bytes in one segment
)

// Head is what stands at the beginning of a backup.
type Head struct {
	Made    time.Time         `json:"made"`
	Version string            `json:"version"` // of the program that made it
	Files   map[string][]byte `json:"files"`   // small files that belong to the ledger: its keys
}

// longestHead bounds what is read as a head.
const longestHead = 1 << 20

// Write writes a backup to w: the head, then what body writes. key has bot.KeySize bytes.
func Write(w io.Writer, key []byte, h Head, body func(io.Writer) error) error {
	salt := make([]byte, saltSize)
	if _, err := rand.Read(salt); err != nil {
		return err
	}
	aead, err := cipherFor(key, salt)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, magic+string(salt)); err != nil {
		return unwritable(err)
	}
	s := &sealer{w: w, aead: aead}
	z := gzip.NewWriter(s)
	line, err := json.Marshal(h)
	if err != nil {
		return err
	}
	if _, err := z.Write(append(line, '\n')); err != nil {
		return unwritable(err)
	}
	if err := body(z); err != nil {
		return err
	}
	if err := errors.Join(z.Close(), s.Close()); err != nil {
		return unwritable(err)
	}
	return nil
}

func unwritable(err error) error {
	return &bot.Error{Class: bot.Transient, Message: "Cadangan tidak dapat ditulis; apakah cakram penuh?", Err: err}
}

// Reader reads a backup: Head first, then the body up to io.EOF. What it returned is only whole and unchanged once
// io.EOF was reached.
type Reader struct {
	Head Head
	body *bufio.Reader
}

// NewReader reads the head of a backup. It fails with Invalid when the file is no backup, is damaged, or was sealed
// with another key.
func NewReader(r io.Reader, key []byte) (*Reader, error) {
	begin := make([]byte, len(magic)+saltSize)
	if _, err := io.ReadFull(r, begin); err != nil || string(begin[:len(magic)]) != magic {
		return nil, bot.Errorf(bot.Invalid, "Berkas ini bukan cadangan Tanya.")
	}
	aead, err := cipherFor(key, begin[len(magic):])
	if err != nil {
		return nil, err
	}
	o := &opener{r: bufio.NewReaderSize(r, 2*segment), aead: aead}
	z, err := gzip.NewReader(o)
	if err != nil {
		if o.first {
			return nil, bot.Errorf(bot.Invalid, "Cadangan tidak terbuka dengan kunci ini, atau rusak di awalnya.")
		}
		return nil, damaged(err)
	}
	b := &Reader{body: bufio.NewReaderSize(z, 1<<16)}
	line, err := readLine(b.body, longestHead)
	if err != nil {
		return nil, damaged(err)
	}
	if err := json.Unmarshal(line, &b.Head); err != nil {
		return nil, damaged(err)
	}
	return b, nil
}

// Read reads the body.
func (b *Reader) Read(p []byte) (int, error) {
	n, err := b.body.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = damaged(err)
	}
	return n, err
}

func damaged(err error) error {
	return &bot.Error{Class: bot.Invalid, Message: "Cadangan rusak atau tidak utuh; pakai cadangan lain.", Err: err}
}

// readLine reads up to a line's end, at most limit bytes.
func readLine(r *bufio.Reader, limit int) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case err == nil:
			return line, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		case len(line) > limit:
			return nil, fmt.Errorf("a line of more than %d bytes", limit)
		}
	}
}

func cipherFor(key, salt []byte) (cipher.AEAD, error) {
	if len(key) != bot.KeySize {
		return nil, bot.Errorf(bot.Invalid, "Kunci cadangan berisi %d bita, harus %d.", len(key), bot.KeySize)
	}
	k, err := hkdf.Key(sha256.New, key, salt, "tanya backup v1", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(k)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// nonce is a segment's number and whether it is the last.
func nonce(n uint64, last bool) []byte {
	out := make([]byte, 12)
	binary.BigEndian.PutUint64(out[3:], n)
	if last {
		out[11] = 1
	}
	return out
}

// sealer seals what is written to it in segments.
type sealer struct {
	w    io.Writer
	aead cipher.AEAD
	buf  []byte
	n    uint64
}

func (s *sealer) Write(p []byte) (int, error) {
	all := len(p)
	for len(p) > 0 {
		if len(s.buf) == segment { // only now it is known not to be the last
			if err := s.flush(false); err != nil {
				return 0, err
			}
		}
		n := min(len(p), segment-len(s.buf))
		s.buf = append(s.buf, p[:n]...)
		p = p[n:]
	}
	return all, nil
}

func (s *sealer) flush(last bool) error {
	_, err := s.w.Write(s.aead.Seal(nil, nonce(s.n, last), s.buf, nil))
	s.n++
	s.buf = s.buf[:0]
	return err
}

// Close seals the last segment.
func (s *sealer) Close() error { return s.flush(true) }

// opener opens segments.
type opener struct {
	r     *bufio.Reader
	aead  cipher.AEAD
	n     uint64
	plain []byte
	ended bool
	first bool // the very first segment did not open
}

func (o *opener) Read(p []byte) (int, error) {
	for len(o.plain) == 0 {
		if o.ended {
			return 0, io.EOF
		}
		if err := o.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, o.plain)
	o.plain = o.plain[n:]
	return n, nil
}

func (o *opener) next() error {
	sealed := make([]byte, segment+o.aead.Overhead())
	n, err := io.ReadFull(o.r, sealed)
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF // the last segment is missing
	}
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	_, peek := o.r.Peek(1)
	o.ended = errors.Is(peek, io.EOF)
	o.plain, err = o.aead.Open(nil, nonce(o.n, o.ended), sealed[:n], nil)
	o.first = err != nil && o.n == 0
	o.n++
	return err
}
