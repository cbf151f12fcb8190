package relaytest

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waAdv"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
	"google.golang.org/protobuf/proto"
)

// phone is a telephone: it owns the account key that linked clients are vouched for with.
type phone struct {
	account *keys.KeyPair
}

// telephone returns the telephone of a number. The lock must be held.
func (r *Relay) telephone(number string) *phone {
	if r.phones[number] == nil {
		r.phones[number] = &phone{account: keys.NewKeyPair()}
	}
	return r.phones[number]
}

// offer gives a client that is not linked yet the references for its QR texts.
func (r *Relay) offer(ctx context.Context, l *line) error {
	var refs []node
	r.mu.Lock()
	for range 6 {
		r.refs++
		ref := fmt.Sprintf("2@reference%d", r.refs)
		r.offers[ref] = l
		refs = append(refs, node{Tag: "ref", Content: []byte(ref)})
	}
	r.mu.Unlock()
	return l.write(ctx, node{
		Tag:     "iq",
		Attrs:   binary.Attrs{"from": types.ServerJID, "type": "set", "id": "offer", "xmlns": "md"},
		Content: []node{{Tag: "pair-device", Content: refs}},
	})
}

// link reads a QR text (reference, noise key, identity key, secret) and vouches for the client that shows it.
func (r *Relay) link(text, phone string) error {
	if _, after, ok := strings.Cut(text, "#"); ok {
		text = after
	}
	fields := strings.Split(text, ",")
	if len(fields) < 4 {
		return errors.New("this is no QR text")
	}
	identityKey, err := base64.StdEncoding.DecodeString(fields[2])
	if err != nil {
		return err
	}
	secret, err := base64.StdEncoding.DecodeString(fields[3])
	if err != nil {
		return err
	}
	r.mu.Lock()
	l := r.offers[fields[0]]
	account := r.telephone(phone).account
	r.mu.Unlock()
	if l == nil {
		return errors.New("nobody waits with this QR text")
	}
	return r.vouch(l, phone, account, identityKey, secret)
}

// vouch signs the client's identity and tells it that it is linked.
func (r *Relay) vouch(l *line, phone string, account *keys.KeyPair, identityKey, secret []byte) error {
	details, err := proto.Marshal(&waAdv.ADVDeviceIdentity{
		RawID: proto.Uint32(1), KeyIndex: proto.Uint32(1), Timestamp: proto.Uint64(uint64(time.Now().Unix())),
	})
	if err != nil {
		return err
	}
	signed, err := proto.Marshal(&waAdv.ADVSignedDeviceIdentity{
		Details: details, AccountSignatureKey: account.Pub[:],
		AccountSignature: sign(account, slices.Concat(whatsmeow.AdvAccountSignaturePrefix, details, identityKey)),
	})
	if err != nil {
		return err
	}
	mac := hmac.New(sha256.New, secret)
	_, _ = mac.Write(signed)
	box, err := proto.Marshal(&waAdv.ADVSignedDeviceIdentityHMAC{Details: signed, HMAC: mac.Sum(nil)})
	if err != nil {
		return err
	}
	n := newNumber(phone)
	r.mu.Lock()
	if old := r.numbers[phone]; old != nil && old.line != nil {
		old.line.cut()
	}
	r.numbers[phone] = n
	r.mu.Unlock()
	return l.write(context.Background(), node{
		Tag:   "iq",
		Attrs: binary.Attrs{"from": types.ServerJID, "type": "set", "id": "linked", "xmlns": "md"},
		Content: []node{{Tag: "pair-success", Content: []node{
			{Tag: "device-identity", Content: box},
			{Tag: "device", Attrs: binary.Attrs{"jid": n.pn, "lid": n.lid}},
			{Tag: "platform", Attrs: binary.Attrs{"name": "android"}},
		}}},
	})
}

// codeOffer is a client that waits for its phone code to be typed on the telephone.
type codeOffer struct {
	line    *line
	phone   string
	wrapped []byte        // the client's key, under the code
	mine    *keys.KeyPair // the telephone's key for this pairing
	theirs  []byte
}

// codeStep answers a client that pairs by phone code. The lock is held.
func (r *Relay) codeStep(l *line, n node) any {
	j, _ := n.Attrs["jid"].(types.JID)
	switch n.Attrs["stage"] {
	case "companion_hello":
		wrapped, _ := n.GetChildByTag("link_code_pairing_wrapped_companion_ephemeral_pub").Content.([]byte)
		r.refs++
		ref := fmt.Sprintf("code%d", r.refs)
		r.codes[j.User] = &codeOffer{line: l, phone: j.User, wrapped: wrapped}
		return []node{{Tag: "link_code_companion_reg", Content: []node{{Tag: "link_code_pairing_ref", Content: []byte(ref)}}}}
	case "companion_finish":
		bundle, _ := n.GetChildByTag("link_code_pairing_wrapped_key_bundle").Content.([]byte)
		if o := r.codes[j.User]; o != nil {
			go func() { _ = r.complete(o, bundle) }()
		}
	}
	return nil
}

// underCode is a key that both sides derive from the code; it hides or shows a public key.
func underCode(code string, salt, iv, text []byte) ([]byte, error) {
	key, err := pbkdf2.Key(sha256.New, code, salt, 2<<16, 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	out := make([]byte, len(text))
	cipher.NewCTR(block, iv).XORKeyStream(out, text)
	return out, nil
}

// TypeCode plays the telephone of the number on which somebody types the code that a client shows.
func (r *Relay) TypeCode(phone, code string) error {
	code = strings.ReplaceAll(code, "-", "")
	r.mu.Lock()
	o := r.codes[phone]
	account := r.telephone(phone).account
	ref := fmt.Sprintf("code%d", r.refs)
	r.mu.Unlock()
	if o == nil || len(o.wrapped) != 80 {
		return errors.New("no client waits for a code of this number")
	}
	var err error
	if o.theirs, err = underCode(code, o.wrapped[:32], o.wrapped[32:48], o.wrapped[48:]); err != nil {
		return err
	}
	o.mine = keys.NewKeyPair()
	fresh := make([]byte, 48)
	_, _ = rand.Read(fresh)
	hidden, err := underCode(code, fresh[:32], fresh[32:], o.mine.Pub[:])
	if err != nil {
		return err
	}
	return o.line.write(context.Background(), node{
		Tag: "notification",
		Attrs: binary.Attrs{
			"from": types.ServerJID, "id": "typed", "type": "link_code_companion_reg", "t": time.Now().Unix(),
		},
		Content: []node{{Tag: "link_code_companion_reg", Attrs: binary.Attrs{"stage": "primary_hello"}, Content: []node{
			{Tag: "link_code_pairing_ref", Content: []byte(ref)},
			{Tag: "link_code_pairing_wrapped_primary_ephemeral_pub", Content: slices.Concat(fresh, hidden)},
			{Tag: "primary_identity_pub", Content: account.Pub[:]},
		}}},
	})
}

// complete opens the client's last word of pairing by code and vouches for it.
func (r *Relay) complete(o *codeOffer, bundle []byte) error {
	if len(bundle) < 44 {
		return errors.New("the key bundle is too short")
	}
	r.mu.Lock()
	account := r.telephone(o.phone).account
	r.mu.Unlock()
	shared, err := agree(o.mine.Priv[:], o.theirs)
	if err != nil {
		return err
	}
	key, err := hkdf.Key(sha256.New, shared, bundle[:32], "link_code_pairing_key_bundle_encryption_key", 32)
	if err != nil {
		return err
	}
	box, err := newSealer(key)
	if err != nil {
		return err
	}
	plain, err := box.aead.Open(nil, bundle[32:44], bundle[44:], nil)
	if err != nil || len(plain) != 96 {
		return errors.New("the key bundle does not open; was the code wrong?")
	}
	between, err := agree(account.Priv[:], plain[:32])
	if err != nil {
		return err
	}
	secret, err := hkdf.Key(sha256.New, slices.Concat(shared, between, plain[64:]), nil, "adv_secret", 32)
	if err != nil {
		return err
	}
	return r.vouch(o.line, o.phone, account, plain[:32], secret)
}
