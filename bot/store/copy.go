package store

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/bits"

	"tanya/bot"
)

// A copy of the ledger is a stream that either kind of database can write and read: one line of JSON that lists the
// tables with their columns and numbers of rows, the rows, and one line of JSON with a digest per table. A row is its
// values one after the other, each a byte for the kind, then the value.

// copyMagic begins a copy; a later form gets another number.
const copyMagic = "tanya ledger 1\n"

// Manifest describes a copy of the ledger.
type Manifest struct {
	Schema int         `json:"schema"` // number of the last migration
	Taken  int64       `json:"taken"`  // milliseconds since 1970
	Tables []TableCopy `json:"tables"`
}

// TableCopy describes one table of a copy.
type TableCopy struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Rows    int64    `json:"rows"`
	Last    int64    `json:"last,omitempty"` // highest number ever given to a row, so that none is given twice
	Digest  string   `json:"digest,omitempty"`
}

// Rows is the number of rows in all tables.
func (m Manifest) Rows() (n int64) {
	for _, t := range m.Tables {
		n += t.Rows
	}
	return n
}

// Same reports whether two copies hold the same rows, and names the first table that differs.
func (m Manifest) Same(other Manifest) (differs string, same bool) {
	if len(m.Tables) != len(other.Tables) {
		return fmt.Sprintf("%d tables, not %d", len(other.Tables), len(m.Tables)), false
	}
	for i, t := range m.Tables {
		if o := other.Tables[i]; o.Name != t.Name || o.Rows != t.Rows || o.Digest != t.Digest {
			return t.Name, false
		}
	}
	return "", true
}

// Progress is told now and then how many rows of how many are done.
type Progress func(done, total int64)

// The kinds of value.
const (
	kindNull byte = iota
	kindInt
	kindFloat
	kindText
	kindBlob
)

// longestValue bounds what a damaged length can make us allocate; the largest value is an edition's content.
const longestValue = 256 << 20

// appendValue appends a value as database/sql scans it into an any.
func appendValue(dst []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(dst, kindNull), nil
	case int64:
		return binary.AppendVarint(append(dst, kindInt), v), nil
	case float64:
		return binary.BigEndian.AppendUint64(append(dst, kindFloat), math.Float64bits(v)), nil
	case string:
		return append(binary.AppendUvarint(append(dst, kindText), uint64(len(v))), v...), nil
	case []byte:
		return append(binary.AppendUvarint(append(dst, kindBlob), uint64(len(v))), v...), nil
	}
	return nil, fmt.Errorf("a value of the type %T cannot be copied", v)
}

// byteReader is what values are read from.
type byteReader interface {
	io.Reader
	io.ByteReader
}

// readValue reads what appendValue wrote.
func readValue(r byteReader) (any, error) {
	kind, err := r.ReadByte()
	if err != nil {
		return nil, err
	}
	switch kind {
	case kindNull:
		return nil, nil
	case kindInt:
		return binary.ReadVarint(r)
	case kindFloat:
		var b [8]byte
		_, err := io.ReadFull(r, b[:])
		return math.Float64frombits(binary.BigEndian.Uint64(b[:])), err
	case kindText, kindBlob:
		n, err := binary.ReadUvarint(r)
		if err != nil {
			return nil, err
		}
		if n > longestValue {
			return nil, errDamaged
		}
		b := make([]byte, n)
		if _, err := io.ReadFull(r, b); err != nil {
			return nil, err
		}
		if kind == kindText {
			return string(b), nil
		}
		return b, nil
	}
	return nil, errDamaged
}

var errDamaged = bot.Errorf(bot.Invalid, "Salinan basis data rusak atau tidak utuh.")

// digest adds up the hashes of rows, so that it does not depend on their order.
type digest [4]uint64

func (d *digest) add(row []byte) {
	sum := sha256.Sum256(row)
	var carry uint64
	for i := range d {
		d[i], carry = bits.Add64(d[i], binary.LittleEndian.Uint64(sum[8*i:]), carry)
	}
}

func (d *digest) String() string {
	var b [32]byte
	for i, v := range d {
		binary.LittleEndian.PutUint64(b[8*i:], v)
	}
	return hex.EncodeToString(b[:])
}

// writeLine writes v as one line of JSON.
func writeLine(w io.Writer, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = w.Write(append(b, '\n'))
	return err
}
