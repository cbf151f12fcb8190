package bot

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Keyring turns addresses into opaque chat keys and seals what may be kept but not read from a stolen database.
// Its root key lives outside the database. A Keyring is immutable and safe for concurrent use.
type Keyring struct {
	chat []byte
	aead cipher.AEAD
	rand io.Reader
}

// KeySize is the length of a root key in bytes.
const KeySize = 32

// NewKeyring derives the keys from root, which has KeySize bytes. Random bytes for nonces come from random; nil
// means the system's.
func NewKeyring(root []byte, random io.Reader) (*Keyring, error) {
	if len(root) != KeySize {
		return nil, Errorf(Invalid, "the secret key has %d bytes, it must have %d", len(root), KeySize)
	}
	if random == nil {
		random = rand.Reader
	}
	chat, err := hkdf.Key(sha256.New, root, nil, "tanya chat key v1", KeySize)
	if err != nil {
		return nil, fmt.Errorf("derive chat key: %w", err)
	}
	seal, err := hkdf.Key(sha256.New, root, nil, "tanya seal v1", KeySize)
	if err != nil {
		return nil, fmt.Errorf("derive seal key: %w", err)
	}
	block, err := aes.NewCipher(seal)
	if err != nil {
		return nil, fmt.Errorf("make cipher: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("make cipher: %w", err)
	}
	return &Keyring{chat: chat, aead: aead, rand: random}, nil
}

// Chat returns the opaque key of a conversation: 128 bits of an HMAC over channel and address, in hexadecimal.
func (k *Keyring) Chat(channel, address string) string {
	h := hmac.New(sha256.New, k.chat)
	_, _ = io.WriteString(h, channel+"\x00"+address)
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Shard returns the part that a chat belongs to, from 0 to Shards-1.
func Shard(chat string) int {
	sum := sha256.Sum256([]byte(chat))
	return int(sum[0]) % Shards
}

// Seal encrypts plain for the purpose; only the same purpose opens it again.
func (k *Keyring) Seal(purpose string, plain []byte) ([]byte, error) {
	nonce := make([]byte, k.aead.NonceSize())
	if _, err := io.ReadFull(k.rand, nonce); err != nil {
		return nil, fmt.Errorf("read random bytes: %w", err)
	}
	return k.aead.Seal(nonce, nonce, plain, []byte(purpose)), nil
}

// Open decrypts what Seal made for the same purpose.
func (k *Keyring) Open(purpose string, sealed []byte) ([]byte, error) {
	n := k.aead.NonceSize()
	if len(sealed) < n {
		return nil, Errorf(Invalid, "sealed %s is too short", purpose)
	}
	plain, err := k.aead.Open(nil, sealed[:n], sealed[n:], []byte(purpose))
	if err != nil {
		return nil, Errorf(Invalid, "sealed %s does not open; was the secret key replaced? %w", purpose, err)
	}
	return plain, nil
}

// SealJSON seals the JSON of v.
func (k *Keyring) SealJSON(purpose string, v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", purpose, err)
	}
	return k.Seal(purpose, b)
}

// OpenJSON opens what SealJSON made into v.
func (k *Keyring) OpenJSON(purpose string, sealed []byte, v any) error {
	b, err := k.Open(purpose, sealed)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("decode %s: %w", purpose, err)
	}
	return nil
}

// NewRoot makes a root key. Random bytes come from random; nil means the system's.
func NewRoot(random io.Reader) ([]byte, error) {
	if random == nil {
		random = rand.Reader
	}
	root := make([]byte, KeySize)
	if _, err := io.ReadFull(random, root); err != nil {
		return nil, fmt.Errorf("read random bytes: %w", err)
	}
	return root, nil
}

// EncodeKey writes a root key as text for a key file.
func EncodeKey(root []byte) string { return base64.StdEncoding.EncodeToString(root) }

// DecodeKey reads what EncodeKey wrote.
func DecodeKey(text string) ([]byte, error) {
	root, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil {
		return nil, Errorf(Invalid, "the secret key is not base64: %w", err)
	}
	return root, nil
}
