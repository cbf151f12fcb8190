package outreach_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tanya/bot"
	"tanya/bot/bottest"
	"tanya/bot/outreach"
	"tanya/bot/store"
	"tanya/faq"
)

// ledger is a real one, with a clock that tests turn.
type ledger struct {
	*store.Store
	t    testing.TB
	now  time.Time
	keys *bot.Keyring
	n    int
	path string // of the database: a file, or the address of a server
}

func openLedger(t testing.TB) *ledger {
	t.Helper()
	return openLedgerAt(t, filepath.Join(t.TempDir(), "ledger.db"))
}

func openLedgerAt(t testing.TB, path string) *ledger {
	t.Helper()
	keys, err := bot.NewKeyring(bytes.Repeat([]byte{9}, bot.KeySize), nil)
	must(t, err)
	months, err := store.NewKeyFolder(t.TempDir())
	must(t, err)
	l := &ledger{t: t, keys: keys, path: path, now: time.Date(2026, 11, 3, 9, 0, 0, 0, faq.Jakarta())}
	l.Store, err = store.Open(context.Background(), l.path, keys,
		store.Options{Now: func() time.Time { return l.now }, Zone: faq.Jakarta(), Months: months})
	must(t, err)
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// ask takes a message the way the engine does, with its query rows.
func (l *ledger) ask(address, text string, rows ...bot.Query) {
	l.t.Helper()
	ctx := context.Background()
	l.n++
	_, err := l.Accept(ctx, bot.Batch{Channel: "webchat", Messages: []bot.Message{
		{Channel: "webchat", External: fmt.Sprint(l.n), Address: address, Kind: bot.Text, Text: text, Received: l.now}}})
	must(l.t, err)
	for shard := range bot.Shards {
		pending, err := l.Claim(ctx, shard, 10)
		must(l.t, err)
		for _, p := range pending {
			p.Session.Updated = l.now
			for i := range rows {
				rows[i].Hour, rows[i].Channel = l.now, p.Message.Channel
			}
			must(l.t, l.Settle(ctx, bot.Settlement{Message: p.Message, Session: &p.Session, Queries: rows}))
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// pseudonyms reads the set entries out of the database.
func (l *ledger) pseudonyms() [][]byte {
	l.t.Helper()
	driver := "sqlite"
	if strings.HasPrefix(l.path, "postgres:") {
		driver = "pgx"
	}
	db, err := sql.Open(driver, l.path)
	must(l.t, err)
	defer db.Close()
	rows, err := db.QueryContext(context.Background(), `SELECT pseudonym FROM askers`)
	must(l.t, err)
	defer rows.Close()
	var out [][]byte
	for rows.Next() {
		var raw []byte
		must(l.t, rows.Scan(&raw))
		out = append(out, raw)
	}
	must(l.t, rows.Err())
	return out
}

// unpack returns what is inside a file: the parts of a workbook, the streams of a PDF, with its letters as they are.
func unpack(t testing.TB, format string, file []byte) [][]byte {
	t.Helper()
	var out [][]byte
	switch format {
	case "xlsx":
		z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
		must(t, err)
		for _, f := range z.File {
			r, err := f.Open()
			must(t, err)
			b, err := io.ReadAll(r)
			must(t, err)
			out = append(out, b)
		}
	case "pdf":
		for rest := file; ; {
			i := bytes.Index(rest, []byte("stream\n"))
			if i < 0 {
				break
			}
			rest = rest[i+len("stream\n"):]
			if r, err := zlib.NewReader(bytes.NewReader(rest)); err == nil {
				b, _ := io.ReadAll(r) // a stream may end in what is no stream
				out = append(out, bytes.ReplaceAll(b, []byte{0}, nil))
			}
		}
	}
	return out
}

// TestNoExportHoldsWhatPeopleWrote puts texts and addresses that cannot be mistaken into the ledger and looks for them, and
// for the pseudonyms made of them, in every form of every report, over both databases.
func TestNoExportHoldsWhatPeopleWrote(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { lookForPeople(t, openLedger(t)) })
	t.Run("postgres", func(t *testing.T) { lookForPeople(t, openLedgerAt(t, bottest.StartPostgres(t))) })
}

func lookForPeople(t *testing.T, l *ledger) {
	ctx := context.Background()
	ed, err := faq.Load(faq.Content())
	must(t, err)
	must(t, l.Desk().AddActivity(ctx, bot.Activity{Code: "BCDFGH", Name: "=CMD|'/c calc'!A1", Method: "ceramah", Segments: []faq.Segment{faq.Young},
		Date: faq.Date{Year: 2026, Month: 11, Day: 3}, Participants: 80, District: "Cepu", Note: "kanari-catatan", Created: l.now, Author: "kanari-petugas"}, bot.Audit{}))
	var canaries []string
	for i := range 60 {
		address, text := fmt.Sprintf("kanari-alamat-%d", i), fmt.Sprintf("kanari-teks-%d", i)
		canaries = append(canaries, address, text, l.keys.Chat("webchat", address))
		l.ask(address, text, bot.Query{Outcome: bot.Answered, Lang: "id", Topic: "jadwal", Entry: "jam-tps", Score: 0.9, Text: text, Activity: "BCDFGH", Segment: faq.Young},
			bot.Query{Outcome: bot.Flow, Entry: "kuis:foto-di-bilik", Score: float64(i % 2), Mark: "akhir:0", Activity: "BCDFGH"})
	}
	pseudonyms := l.pseudonyms()
	if len(pseudonyms) < 240 { // all, topic, activity, activity and topic, segment, segment and topic
		t.Fatalf("only %d pseudonyms", len(pseudonyms))
	}
	for _, raw := range pseudonyms {
		canaries = append(canaries, string(raw), hex.EncodeToString(raw))
	}
	canaries = append(canaries, "kanari")
	l.now = l.now.AddDate(0, 1, 0)
	_, err = l.Sweep(ctx, l.now)
	must(t, err)
	m := &outreach.Maker{Ledger: l.Reports(), Edition: func() *faq.Edition { return ed }, Office: "KPU Kabupaten Blora", Now: func() time.Time { return l.now }, Zone: faq.Jakarta()}
	november := outreach.Month{Year: 2026, Month: time.November}
	for _, to := range []outreach.Audience{outreach.Inside, outreach.Outside} {
		month, err := m.Month(ctx, november, to)
		must(t, err)
		one, err := m.Activity(ctx, november, "BCDFGH", to)
		must(t, err)
		if got := month.Table("ringkas").Rows[0].Values[1].String(); got != "60" {
			t.Errorf("askers: %s, want 60", got)
		}
		for _, r := range []*outreach.Report{month, one} {
			for _, format := range outreach.Formats() {
				var b bytes.Buffer
				must(t, r.Write(&b, format))
				all := append(unpack(t, format, b.Bytes()), b.Bytes())
				if r == one && !bytes.Contains(bytes.Join(all, nil), []byte("CMD|")) {
					t.Errorf("%s does not hold the name of the activity: the search finds nothing", r.FileName(format))
				}
				for _, text := range all {
					for _, c := range canaries {
						if bytes.Contains(text, []byte(c)) {
							t.Errorf("%s holds %q", r.FileName(format), c)
						}
					}
				}
			}
		}
	}
}
