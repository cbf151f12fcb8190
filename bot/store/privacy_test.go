package store_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tanya/bot"
	"tanya/bot/store"
	"tanya/faq"
)

// canaries are what must never be found in the bytes on disk.
var canaries = []string{"CANARYTEXT", "CANARYADDR", "CANARYEXTERNAL", "CANARYCHOICE", "CANARYREPLY", "CANARYMARK", "CANARYPLATFORM", "CANARYWORD"}

// seed walks canaries through everything that the ledger keeps.
func seedCanaries(t *testing.T, w *world) {
	ctx := context.Background()
	_, err := w.Accept(ctx, bot.Batch{Channel: "webchat", Cursor: "5", Messages: []bot.Message{
		{External: "CANARYEXTERNAL1", Address: "CANARYADDR1", Kind: bot.Text, Text: "CANARYTEXT1", Choice: "CANARYCHOICE"},
		{External: "CANARYEXTERNAL2", Address: "CANARYADDR2", Kind: bot.Text, Text: "CANARYTEXT2"}, // stays waiting
		{External: "CANARYEXTERNAL3", Address: "CANARYADDR3", Kind: bot.Broken, Text: "CANARYTEXT3"},
	}})
	must(t, err)
	p := w.waiting("CANARYADDR1")
	p.Session = bot.Session{Updated: w.clock.Now(), Flow: &bot.FlowState{Marks: map[string]string{"q": "CANARYMARK"}}}
	s := w.settlement(&p, bot.Query{Outcome: bot.Unknown, Topic: "jadwal", Text: "CANARYTEXT4",
		Candidates: []faq.Candidate{{Entry: "jam-tps", Words: []faq.Word{{Text: "CANARYWORD"}}}},
		Explain:    faq.Explanation{Words: []string{"CANARYWORD"}}}, "CANARYREPLY1", "CANARYREPLY2")
	s.Wait = &bot.Wait{Lang: "id"}
	must(t, w.Settle(ctx, s))
	out := w.lease("me", 1)
	must(t, w.Prepare(ctx, out[0].ID, "CANARYPLATFORM"))
	must(t, w.Finish(ctx, bot.Delivery{ID: out[0].ID, State: bot.Delivered, Platform: "CANARYPLATFORM2"}))
	w.lease("me", 1)
}

// search looks for canaries, and for the chat's address in the form that some platforms put into message ids.
func search(t *testing.T, root string) {
	t.Helper()
	files := 0
	must(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil // a file of the server that went away meanwhile
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return nil
		}
		files++
		for _, c := range canaries {
			if bytes.Contains(raw, []byte(c)) {
				t.Errorf("%s holds %s", path, c)
			}
		}
		return nil
	}))
	if files == 0 {
		t.Fatal("nothing was searched")
	}
}

func TestNothingIsReadableOnDisk(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		seedCanaries(t, w)
		root := filepath.Dir(w.dsn)
		if host, ok := strings.CutPrefix(strings.Fields(w.dsn)[0], "host="); ok {
			must(t, w.Script(context.Background(), `INSERT INTO cursors VALUES ('CANARYCONTROL', '')`)) // see below
			root = filepath.Join(host, "d", "pg_wal")
			if !holds(t, root, "CANARYCONTROL") {
				t.Error("the search does not find what is there")
			}
			root = filepath.Join(host, "d")
		}
		search(t, root)
		must(t, w.Close())
		search(t, root)
	})
}

func holds(t *testing.T, root, what string) (found bool) {
	t.Helper()
	must(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			raw, _ := os.ReadFile(path)
			found = found || bytes.Contains(raw, []byte(what))
		}
		return nil
	}))
	return found
}

// A settled message leaves a mark that names nobody, and a query row has no column that could.
func TestWhatRemainsNamesNobody(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.ask("1", "a", bot.Query{Outcome: bot.Answered, Text: "x"}, "y")
		n, err := w.Number(ctx, `SELECT COUNT(*) FROM inbox WHERE sealed IS NOT NULL OR chat <> '' OR received <> 0`)
		must(t, err)
		equal(t, "marks with more than a mark", n, 0)
		n, err = w.Number(ctx, `SELECT COUNT(*) FROM queries WHERE hour % 3600000 <> 0`)
		must(t, err)
		equal(t, "query rows finer than an hour", n, 0)
		n, err = w.Number(ctx, `SELECT COUNT(*) FROM inbox WHERE until % 3600000 <> 0`)
		must(t, err)
		equal(t, "marks finer than an hour", n, 0)
	})
}

func TestAnotherKeyIsRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, err := store.Open(context.Background(), w.dsn, keyring(t, 8), store.Options{})
		wantClass(t, err, bot.Invalid)
		if err != nil && !strings.Contains(err.Error(), "another secret key") {
			t.Errorf("unclear: %v", err)
		}
	})
}

func TestDestroyedMonthCannotBeCountedAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		for i, address := range []string{"a", "b", "a"} {
			w.ask(nth("1", i), address, bot.Query{Outcome: bot.Answered, Topic: "jadwal", Activity: "K7", Segment: faq.Disabled})
		}
		count := func(want ...int) {
			t.Helper()
			got, err := w.Askers(ctx, "2026-11", store.AllAskers, store.TopicCell("jadwal"), store.ActivityCell("K7", "jadwal"),
				store.SegmentCell(faq.Disabled, "jadwal"), store.TopicCell("tps"))
			must(t, err)
			for i := range want {
				equal(t, nth("cell", i), got[i], want[i])
			}
		}
		count(2, 2, 2, 2, 0)
		pseudonyms, err := w.Number(ctx, `SELECT COUNT(DISTINCT pseudonym) FROM askers`)
		must(t, err)
		equal(t, "no pseudonym stands in two cells", pseudonyms, 12)
		months, err := store.NewKeyFolder(w.dir)
		must(t, err)
		old, err := months.Key("2026-11")
		must(t, err)

		w.clock.add(6*24*timeHour + 14*timeHour) // 30 November, 23:30
		equal(t, "months closed too early", w.sweep().Months, 0)
		w.clock.add(timeHour)
		w.ask("2", "a", bot.Query{Outcome: bot.Answered, Topic: "jadwal"}) // December, before the sweep
		equal(t, "months closed", w.sweep().Months, 1)
		equal(t, "months closed again", w.sweep().Months, 0)
		count(2, 2, 2, 2, 0)
		left, err := w.Number(ctx, `SELECT COUNT(*) FROM askers WHERE month = '2026-11'`)
		must(t, err)
		equal(t, "pseudonyms left", left, 0)
		_, err = months.Key("2026-11")
		wantClass(t, err, bot.NotFound)
		must(t, filepath.WalkDir(w.dir, func(path string, d fs.DirEntry, err error) error {
			raw, _ := os.ReadFile(path)
			if info, _ := d.Info(); d.Type().IsRegular() && info.Mode().Perm() != 0o600 {
				t.Errorf("%s has mode %v", path, info.Mode())
			}
			if bytes.Contains(raw, []byte(bot.EncodeKey(old))) {
				t.Errorf("%s holds the old key", path)
			}
			return nil
		}))
		// A clock that goes back does not open the month again.
		w.clock.add(-2 * timeHour)
		w.ask("3", "c", bot.Query{Outcome: bot.Answered, Topic: "jadwal"})
		count(2, 2, 2, 2, 0)
		equal(t, "uncounted", w.stats().Uncounted, 1)
	})
}
