package whatsapp

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"

	"tanya/bot"
)

// address writes a person's LID as the address of a message. It names the person, not one of their devices.
func address(lid types.JID) string { return lid.ToNonAD().String() }

// parseAddress reads what address wrote.
func parseAddress(s string) (types.JID, error) {
	j, err := types.ParseJID(s)
	if err != nil || j.Server != types.HiddenUserServer || !digits(j.User) || address(j) != s {
		return types.JID{}, bot.Errorf(bot.Invalid, "the address is not one of WhatsApp's")
	}
	return j, nil
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// external is the id of a message in the inbox. Message ids are chosen by the sender's telephone, so they are unique
// per person only. Timer is the chat's disappearing timer at that moment, in seconds, which the reply has to copy: the
// inbox hands the id back with the reply, and there is no better place that survives a restart.
type external struct {
	person string // user part of the LID
	id     string // WhatsApp's id
	timer  uint32
}

func (x external) String() string {
	return x.person + " " + strconv.FormatUint(uint64(x.timer), 10) + " " + x.id
}

// parseExternal reads what String wrote; anything else gives the zero value.
func parseExternal(s string) external {
	parts := strings.SplitN(s, " ", 3)
	if len(parts) != 3 {
		return external{}
	}
	timer, err := strconv.ParseUint(parts[1], 10, 32)
	if err != nil {
		return external{}
	}
	return external{person: parts[0], id: parts[2], timer: uint32(timer)}
}

// secrets derives what must come out the same when a reply is made again: its id, and the secret that a poll's votes
// are encrypted with. The root is a key of the link, so another link has other ids.
type secrets struct{ root []byte }

func (s secrets) of(what string, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, s.root)
	_, _ = h.Write([]byte("tanya " + what))
	for _, p := range parts {
		var size [8]byte
		binary.BigEndian.PutUint64(size[:], uint64(len(p)))
		_, _ = h.Write(size[:])
		_, _ = h.Write(p)
	}
	return h.Sum(nil)
}

// messageID is a reply's id, in the shape that WhatsApp's own web client gives. Outbox numbers begin anew in a new
// ledger, so chat and time of commit count too.
func (s secrets) messageID(o bot.Outgoing) string {
	var nums [16]byte
	binary.BigEndian.PutUint64(nums[:8], uint64(o.ID))
	binary.BigEndian.PutUint64(nums[8:], uint64(o.Created.Truncate(time.Millisecond).UnixMilli()))
	return whatsmeow.WebMessageIDPrefix + strings.ToUpper(hex.EncodeToString(s.of("message id", nums[:], []byte(o.Chat))[:9]))
}

// pollSecret is the secret of the poll with the id.
func (s secrets) pollSecret(id string) []byte { return s.of("poll secret", []byte(id)) }
