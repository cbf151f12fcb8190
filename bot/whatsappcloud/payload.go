package whatsappcloud

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"tanya/bot"
)

// batch is what a webhook request holds for us.
type batch struct {
	messages []bot.Message // in the order in which they were sent
	statuses []status
}

// change is one thing that happened, of up to a thousand in a request.
type change struct {
	Field string `json:"field"`
	Value struct {
		Metadata json.RawMessage   `json:"metadata"`
		Contacts []json.RawMessage `json:"contacts"`
		Messages []json.RawMessage `json:"messages"`
		Statuses []json.RawMessage `json:"statuses"`
		Errors   []json.RawMessage `json:"errors"`
	} `json:"value"`
}

// contact is who wrote. Name and user name are not read.
type contact struct {
	Number string `json:"wa_id"`
	User   string `json:"user_id"`
}

// read reads a request whose signature holds. What cannot be read becomes a Broken message, so that it is counted, and
// does not keep the rest away.
func (c *Channel) read(body []byte) batch {
	var b batch
	var top struct {
		Entry []json.RawMessage `json:"entry"`
	}
	if err := json.Unmarshal(body, &top); err != nil {
		b.broken(body)
		return b
	}
	for _, raw := range top.Entry {
		entry, ok := decode[struct {
			Changes []json.RawMessage `json:"changes"`
		}](raw)
		if !ok {
			b.broken(raw)
		}
		for _, raw := range entry.Changes {
			c.readChange(raw, &b)
		}
	}
	// Requests overtake each other, and so may messages within one.
	slices.SortStableFunc(b.messages, func(x, y bot.Message) int { return x.Sent.Compare(y.Sent) })
	return b
}

// decode decodes one part of a request.
func decode[T any](raw json.RawMessage) (T, bool) {
	var v T
	err := json.Unmarshal(raw, &v)
	return v, err == nil
}

// broken adds something that cannot be read. Its hash names it, so that a repeat of it is recognised.
func (b *batch) broken(raw []byte) {
	sum := sha256.Sum256(raw)
	b.messages = append(b.messages, bot.Message{Channel: Name, External: "x:" + hex.EncodeToString(sum[:16]), Kind: bot.Broken})
}

// readChange adds the messages and statuses of one change that are for our number.
func (c *Channel) readChange(raw json.RawMessage, b *batch) {
	ch, ok := decode[change](raw)
	if !ok {
		if field, _ := decode[struct {
			Field string `json:"field"`
		}](raw); field.Field == "messages" || field.Field == "" {
			b.broken(raw)
			return
		}
	}
	if ch.Field != "messages" {
		c.skip("field")
		return
	}
	number, _ := decode[struct {
		ID string `json:"phone_number_id"`
	}](ch.Value.Metadata)
	if number.ID != c.conf.PhoneNumberID {
		c.skip("number")
		return
	}
	people := contactsOf(ch.Value.Contacts)
	for _, raw := range ch.Value.Messages {
		c.readMessage(raw, people, b)
	}
	for _, raw := range ch.Value.Statuses {
		if s, ok := decode[status](raw); ok {
			b.statuses = append(b.statuses, s)
		}
	}
	for _, raw := range ch.Value.Errors {
		if e, ok := decode[graphError](raw); ok && e.Code != nil {
			c.state.count("error_" + string(classOf(*e.Code, e.Subcode, 0)))
			c.log.Warn("WhatsApp reports an error", "code", *e.Code)
		}
	}
}

func (c *Channel) skip(reason string) { c.state.count("skipped_" + reason) }

// contactsOf reads who wrote the messages of a change.
func contactsOf(raws []json.RawMessage) []contact {
	var all []contact
	for _, raw := range raws {
		if p, ok := decode[contact](raw); ok {
			all = append(all, p)
		}
	}
	return all
}

// sender is where the writer of a message is answered: by the user id if there is any, so that the person stays the same
// when the number is hidden one day.
func sender(m *message, people []contact) address {
	user, number := m.FromUser, m.From
	for _, p := range people {
		if len(people) > 1 && (p.Number == "" || p.Number != m.From) && (p.User == "" || p.User != m.FromUser) {
			continue // somebody else of the same change
		}
		if user == "" {
			user = p.User
		}
		if number == "" {
			number = p.Number
		}
	}
	return addressOf(user, number)
}

// instant reads a time, in seconds since 1970, written as a string or as a number. It is zero for nonsense.
func instant(raw json.RawMessage) time.Time {
	n, err := strconv.ParseInt(strings.Trim(string(raw), `"`), 10, 64)
	if err != nil || n <= 0 || n > 1<<40 {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}
