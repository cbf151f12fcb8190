package console

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"golang.org/x/crypto/argon2"

	"tanya/bot"
)

// HashCost is what one guess at a password costs.
type HashCost struct {
	Memory uint32 // KiB
	Passes uint32
}

// usualCost takes about a tenth of a second on an office computer.
var usualCost = HashCost{Memory: 47104, Passes: 1}

const hashBytes = 32

// hash makes a hash that carries its own cost, so that the cost can grow later. Only two are computed at once: each
// takes much memory, and the sign-in page is open to everybody.
func (c *Console) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, 16)
	if _, err := io.ReadFull(c.random, salt); err != nil {
		return "", err
	}
	sum, err := c.argon(ctx, password, salt, c.cfg.Hash)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=1$%s$%s", c.cfg.Hash.Memory, c.cfg.Hash.Passes, enc.EncodeToString(salt), enc.EncodeToString(sum)), err
}

// verify compares a password with a hash. An empty hash costs as much as a real one and never fits, so that the time
// does not tell whether a name exists.
func (c *Console) verify(ctx context.Context, password, hash string) (bool, error) {
	cost, salt, want, ok := readHash(hash)
	if !ok {
		cost, salt, want = c.cfg.Hash, make([]byte, 16), make([]byte, hashBytes)
		_, _ = rand.Read(want)
	}
	sum, err := c.argon(ctx, password, salt, cost)
	return ok && err == nil && subtle.ConstantTimeCompare(sum, want) == 1, err
}

func (c *Console) argon(ctx context.Context, password string, salt []byte, cost HashCost) ([]byte, error) {
	if len(password) > 4*bot.PasswordMax {
		password = password[:4*bot.PasswordMax]
	}
	select {
	case c.hashes <- struct{}{}:
		defer func() { <-c.hashes }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(password), salt, cost.Passes, cost.Memory, 1, hashBytes), nil
}

func readHash(s string) (cost HashCost, salt, sum []byte, ok bool) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return cost, nil, nil, false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=1", &cost.Memory, &cost.Passes); err != nil {
		return cost, nil, nil, false
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	sum, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	return cost, salt, sum, err1 == nil && err2 == nil && len(sum) == hashBytes
}

// token makes a secret of 256 bits for an address or a cookie; only its fingerprint is stored.
func (c *Console) token() (string, error) {
	b := make([]byte, 32)
	if _, err := io.ReadFull(c.random, b); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// fingerprint names a secret of many random bits without giving it away.
func fingerprint(secret string) string {
	sum := sha256.Sum256([]byte("tanya " + secret))
	return hex.EncodeToString(sum[:])
}

// recoveryCodes makes codes for the day on which the telephone is lost, and what is stored of them.
func (c *Console) recoveryCodes() (codes, stored []string, err error) {
	for range 10 {
		b := make([]byte, 10)
		if _, err := io.ReadFull(c.random, b); err != nil {
			return nil, nil, err
		}
		s := strings.ToLower(base32.StdEncoding.EncodeToString(b))[:10]
		codes = append(codes, s[:5]+"-"+s[5:])
		stored = append(stored, fingerprint("recovery "+s))
	}
	return codes, stored, nil
}
