package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// Audit is one line of the staff's record: who did what, when. Lines are only ever added. Each holds the hash of the
// one before it, so that a line that was changed or taken out later breaks the chain behind it. No line holds a text
// that a citizen typed, a password or a key.
type Audit struct {
	Seq    int64     `json:"seq"`
	At     time.Time `json:"at"`
	Actor  string    `json:"actor"`  // login, "sistem" for the program, "server" for the operator
	Action string    `json:"action"` // "masuk", "terbit", "tarik" and so on
	Object string    `json:"object,omitempty"`
	Detail string    `json:"detail,omitempty"`
	Prev   string    `json:"prev"`
	Hash   string    `json:"-"`
}

// AuditHead is the end of the chain as it was last written. It is kept sealed beside the chain, so that lines cannot be
// cut off its end unnoticed.
type AuditHead struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
}

// Link returns the line as it follows the head.
func (a Audit) Link(head AuditHead) Audit {
	a.Seq, a.Prev, a.At = head.Seq+1, head.Hash, a.At.UTC().Truncate(time.Millisecond)
	a.Hash = a.sum()
	return a
}

// sum is the hash over everything else of the line.
func (a Audit) sum() string {
	b, err := json.Marshal(a)
	if err != nil { // strings, numbers and a time of this millennium always encode
		return ""
	}
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// Chain checks lines one after the other. The zero value stands before the first line.
type Chain struct{ Head AuditHead }

// Add checks the next line. It fails with a sentence that names the line.
func (c *Chain) Add(a Audit) error {
	switch {
	case a.Seq != c.Head.Seq+1:
		return Errorf(Conflict, "Baris %d hilang dari catatan: sesudah baris %d langsung baris %d.", c.Head.Seq+1, c.Head.Seq, a.Seq)
	case a.Prev != c.Head.Hash:
		return Errorf(Conflict, "Baris %d tidak menyambung dengan baris sebelumnya.", a.Seq)
	case a.sum() != a.Hash:
		return Errorf(Conflict, "Isi baris %d berubah sesudah ditulis.", a.Seq)
	}
	c.Head = AuditHead{a.Seq, a.Hash}
	return nil
}

// End checks that the chain ends where the sealed head says.
func (c *Chain) End(head AuditHead) error {
	if c.Head != head {
		return Errorf(Conflict, "Catatan berakhir di baris %d, seharusnya di baris %d. Ada baris yang dibuang dari ujungnya.", c.Head.Seq, head.Seq)
	}
	return nil
}
