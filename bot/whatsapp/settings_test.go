package whatsapp

import (
	"net/url"
	"strings"
	"testing"

	"go.mau.fi/whatsmeow/store"

	"tanya/bot"
	"tanya/locales"
)

// The settings without which messages are lost. Some of them take a crash at the wrong moment to be missed, so they are
// looked at here as well.
func TestSettings(t *testing.T) {
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := bot.NewKeyring(make([]byte, bot.KeySize), nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(t.Context(), Config{Session: t.TempDir() + "/a b?c%.db"}, Deps{Ledger: struct{ Ledger }{}, Keys: keys, Words: words})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	cli := c.client(t.Context(), c.guard(&store.Device{NoiseKey: c.store.NewDevice().NoiseKey}))
	if !cli.SynchronousAck || !cli.EnableDecryptedEventBuffer || !cli.EnableAutoReconnect || !cli.ManualHistorySyncDownload {
		t.Error("a setting of the client is off")
	}
	if cli.UseRetryMessageStore {
		t.Error("the library keeps replies with addresses for a week; the ledger has them, sealed, for three days")
	}
	if _, ok := cli.Store.Contacts.(*store.NoopStore); !ok {
		t.Error("names of people are stored")
	}
	address, err := sqliteAddress("/x/s.db")
	if err != nil {
		t.Fatal(err)
	}
	_, query, _ := strings.Cut(address, "?")
	v, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	pragmas := strings.Join(v["_pragma"], " ")
	for _, want := range []string{"foreign_keys(1)", "busy_timeout(", "journal_mode(WAL)", "synchronous(FULL)"} {
		if !strings.Contains(pragmas, want) {
			t.Errorf("the session's address lacks %s", want)
		}
	}
	if v.Get("_txlock") != "immediate" {
		t.Error("a transaction does not lock when it begins")
	}
}
