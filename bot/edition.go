package bot

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"tanya/faq"
)

// Release is one published edition: all files, numbered, hashed and signed. It is written once and never changed.
type Release struct {
	Number    int64
	Hash      string // SHA-256 of Content, in hexadecimal
	Signature []byte // Ed25519 over number and hash, with a key that the database does not hold
	Published time.Time
	Content   []byte // faq.Files, packed; nil in lists
	Note      string
	Author    string
}

// SignRelease numbers, hashes and signs packed content.
func SignRelease(key ed25519.PrivateKey, number int64, content []byte) Release {
	r := Release{Number: number, Content: content, Hash: contentHash(content)}
	r.Signature = ed25519.Sign(key, r.signed())
	return r
}

// signed is what the signature covers.
func (r Release) signed() []byte {
	return fmt.Appendf(nil, "tanya edition v1\n%d\n%s\n", r.Number, r.Hash)
}

func contentHash(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// OpenRelease checks a release against the public key and reads its edition. Content that is not exactly what was
// signed, or that does not pass the lint, is refused with an error of the class Invalid.
func OpenRelease(public ed25519.PublicKey, r Release) (*faq.Edition, error) {
	if len(public) != ed25519.PublicKeySize || contentHash(r.Content) != r.Hash || !ed25519.Verify(public, r.signed(), r.Signature) {
		return nil, Errorf(Invalid, "Tanda tangan edisi %d tidak cocok dengan isinya. Edisi ini tidak dipakai.", r.Number)
	}
	files, err := faq.Unpack(r.Content)
	if err != nil {
		return nil, &Error{Class: Invalid, Message: "Edisi tidak dapat dibaca.", Err: err}
	}
	ed, err := faq.Load(files)
	if err != nil {
		return nil, &Error{Class: Invalid, Message: "Edisi tidak lolos pemeriksaan.", Err: err}
	}
	ed.Number = r.Number
	return ed, nil
}

// Withdrawal takes an entry out of service at once, whatever the edition says. The entry "*" is everything.
type Withdrawal struct {
	Entry  string
	At     time.Time
	By     string
	Reason string
	Until  time.Time // when it comes back by itself; zero: when it is restored
}
