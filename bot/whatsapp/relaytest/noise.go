package relaytest

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"go.mau.fi/libsignal/ecc"
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waCert"
	"go.mau.fi/whatsmeow/proto/waWa6"
	"go.mau.fi/whatsmeow/socket"
	"go.mau.fi/whatsmeow/util/keys"
	"google.golang.org/protobuf/proto"
)

// identity is what the relay proves itself with: a key, and two certificates that lead from it to the root.
type identity struct {
	root   [32]byte
	static *keys.KeyPair
	chain  []byte
}

func newIdentity() (identity, error) {
	root, middle, leaf := keys.NewKeyPair(), keys.NewKeyPair(), keys.NewKeyPair()
	above, err := certify(1, whatsmeow.WACertIssuerSerial, middle, root)
	if err != nil {
		return identity{}, err
	}
	below, err := certify(2, 1, leaf, middle)
	if err != nil {
		return identity{}, err
	}
	chain, err := proto.Marshal(&waCert.CertChain{Intermediate: above, Leaf: below})
	return identity{root: *root.Pub, static: leaf, chain: chain}, err
}

// certify signs the subject's key with the issuer's.
func certify(serial, issuer uint32, subject, signer *keys.KeyPair) (*waCert.CertChain_NoiseCertificate, error) {
	now := time.Now()
	details, err := proto.Marshal(&waCert.CertChain_NoiseCertificate_Details{
		Serial: &serial, IssuerSerial: &issuer, Key: subject.Pub[:],
		NotBefore: proto.Uint64(uint64(now.Add(-time.Hour).Unix())),
		NotAfter:  proto.Uint64(uint64(now.Add(48 * time.Hour).Unix())),
	})
	if err != nil {
		return nil, err
	}
	return &waCert.CertChain_NoiseCertificate{Details: details, Signature: sign(signer, details)}, nil
}

func sign(k *keys.KeyPair, what []byte) []byte {
	s := ecc.CalculateSignature(ecc.NewDjbECPrivateKey(*k.Priv), what)
	return s[:]
}

// agree is the X25519 agreement of a private and a public key.
func agree(private, public []byte) ([]byte, error) {
	k, err := ecdh.X25519().NewPrivateKey(private)
	if err != nil {
		return nil, err
	}
	p, err := ecdh.X25519().NewPublicKey(public)
	if err != nil {
		return nil, err
	}
	return k.ECDH(p)
}

// sealer encrypts or decrypts one direction with a counter as nonce.
type sealer struct {
	aead  cipher.AEAD
	count uint32
}

func newSealer(key []byte) (sealer, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return sealer{}, err
	}
	aead, err := cipher.NewGCM(block)
	return sealer{aead: aead}, err
}

func (s *sealer) nonce() []byte {
	b := make([]byte, 12)
	binary.BigEndian.PutUint32(b[8:], s.count)
	s.count++
	return b
}

func (s *sealer) seal(plain, bound []byte) []byte { return s.aead.Seal(nil, s.nonce(), plain, bound) }

func (s *sealer) open(sealed, bound []byte) ([]byte, error) {
	return s.aead.Open(nil, s.nonce(), sealed, bound)
}

// exchange is the answering side of the Noise pattern XX while it runs.
type exchange struct {
	heard []byte // hash over everything said
	chain []byte
	box   sealer
}

func newExchange() (*exchange, error) {
	start := []byte(socket.NoiseStartPattern) // 32 bytes, so it is its own hash
	box, err := newSealer(start)
	x := &exchange{heard: start, chain: start, box: box}
	x.hear(socket.WAConnHeader)
	return x, err
}

func (x *exchange) hear(b []byte) {
	h := sha256.New()
	_, _ = h.Write(x.heard)
	_, _ = h.Write(b)
	x.heard = h.Sum(nil)
}

func (x *exchange) stretch(in []byte) (a, b []byte, err error) {
	k, err := hkdf.Key(sha256.New, in, x.chain, "", 64)
	if err != nil {
		return nil, nil, err
	}
	return k[:32], k[32:], nil
}

// mix folds an agreement into the keys.
func (x *exchange) mix(private, public []byte) error {
	shared, err := agree(private, public)
	if err != nil {
		return err
	}
	chain, key, err := x.stretch(shared)
	if err != nil {
		return err
	}
	x.chain = chain
	x.box, err = newSealer(key)
	return err
}

func (x *exchange) seal(plain []byte) []byte {
	c := x.box.seal(plain, x.heard)
	x.hear(c)
	return c
}

func (x *exchange) open(sealed []byte) ([]byte, error) {
	p, err := x.box.open(sealed, x.heard)
	if err == nil {
		x.hear(sealed)
	}
	return p, err
}

// greet runs the handshake on a fresh line and returns what the client says about itself.
func (l *line) greet(ctx context.Context, id identity) (*waWa6.ClientPayload, error) {
	x, err := newExchange()
	if err != nil {
		return nil, err
	}
	if err := l.header(ctx, len(socket.WAConnHeader)); err != nil {
		return nil, err
	}
	hello, err := l.handshakeMessage(ctx)
	if err != nil {
		return nil, err
	}
	theirs := hello.GetClientHello().GetEphemeral()
	if len(theirs) != 32 {
		return nil, errors.New("the client's first word holds no key")
	}
	mine := keys.NewKeyPair()
	x.hear(theirs)
	x.hear(mine.Pub[:])
	if err := x.mix(mine.Priv[:], theirs); err != nil {
		return nil, err
	}
	static := x.seal(id.static.Pub[:])
	if err := x.mix(id.static.Priv[:], theirs); err != nil {
		return nil, err
	}
	answer, err := proto.Marshal(&waWa6.HandshakeMessage{ServerHello: &waWa6.HandshakeMessage_ServerHello{
		Ephemeral: mine.Pub[:], Static: static, Payload: x.seal(id.chain),
	}})
	if err != nil {
		return nil, err
	}
	if err := l.frame(ctx, answer); err != nil {
		return nil, err
	}
	return l.finish(ctx, x, mine)
}

// finish reads the client's last word of the handshake and turns the line to its final keys.
func (l *line) finish(ctx context.Context, x *exchange, mine *keys.KeyPair) (*waWa6.ClientPayload, error) {
	last, err := l.handshakeMessage(ctx)
	if err != nil {
		return nil, err
	}
	static, err := x.open(last.GetClientFinish().GetStatic())
	if err != nil {
		return nil, fmt.Errorf("open the client's key: %w", err)
	}
	if err := x.mix(mine.Priv[:], static); err != nil {
		return nil, err
	}
	plain, err := x.open(last.GetClientFinish().GetPayload())
	if err != nil {
		return nil, fmt.Errorf("open the client's payload: %w", err)
	}
	in, out, err := x.stretch(nil)
	if err != nil {
		return nil, err
	}
	if l.in, err = newSealer(in); err != nil {
		return nil, err
	}
	if l.out, err = newSealer(out); err != nil {
		return nil, err
	}
	var payload waWa6.ClientPayload
	return &payload, proto.Unmarshal(plain, &payload)
}

func (l *line) handshakeMessage(ctx context.Context) (*waWa6.HandshakeMessage, error) {
	b, err := l.next(ctx)
	if err != nil {
		return nil, err
	}
	var m waWa6.HandshakeMessage
	return &m, proto.Unmarshal(b, &m)
}
