package whatsapp

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types"
	waLog "go.mau.fi/whatsmeow/util/log"
	_ "modernc.org/sqlite" // driver "sqlite"
)

// openSession opens the library's own store. The library brings its SQL; here are only the settings without which it
// loses messages.
func openSession(ctx context.Context, dsn string, log waLog.Logger) (*sqlstore.Container, error) {
	if isPostgres(dsn) {
		return sqlstore.New(ctx, "pgx", dsn, log)
	}
	// Keys of people lie in here: the file is made before SQLite would make it for everybody to read.
	f, err := os.OpenFile(dsn, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	address, err := sqliteAddress(dsn)
	if err != nil {
		return nil, err
	}
	return sqlstore.New(ctx, "sqlite", address, log)
}

func isPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") || strings.HasPrefix(dsn, "host=")
}

// sqliteAddress is the driver's address of a file. A transaction takes the write lock when it begins: the library
// reads first and writes then, and two of those at once would fail in spite of the busy timeout.
func sqliteAddress(path string) (string, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	u := url.URL{Path: filepath.ToSlash(full)}
	v := url.Values{
		"_pragma": {"foreign_keys(1)", "busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "secure_delete(1)"},
		"_txlock": {"immediate"},
	}
	return "file:" + u.EscapedPath() + "?" + v.Encode(), nil
}

// device is the stored half of a link.
type device struct {
	*store.Device
	secrets secrets
	turns   *turns
}

// stored returns the device that is linked, nil when none is.
func (c *Channel) stored(ctx context.Context) (*device, error) {
	all, err := c.store.GetAllDevices(ctx)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return c.guard(all[0]), nil
}

// guard lets encrypting and decrypting take turns, and leaves out of the device's store what is not needed to answer:
// names, chat settings, and the secrets of messages, which would tell for ever who wrote when.
func (c *Channel) guard(d *store.Device) *device {
	s := secrets{root: d.NoiseKey.Priv[:]}
	none := &store.NoopStore{}
	d.Contacts, d.ChatSettings = none, none
	d.MsgSecrets = pollSecrets{MsgSecretStore: none, secrets: s, own: d}
	t := &turns{patience: c.cfg.StoreWait, refuse: func() {}, again: func() {}, probe: func(ctx context.Context) error {
		_, err := c.Paired(ctx)
		return err
	}}
	d.Sessions, d.EventBuffer = ratchets{d.Sessions, t}, decryptions{d.EventBuffer, t}
	return &device{Device: d, secrets: s, turns: t}
}

// pollSecrets answers what the secret of a message is: that of our own polls can be derived, others are not needed.
type pollSecrets struct {
	store.MsgSecretStore
	secrets secrets
	own     *store.Device
}

// GetMessageSecret returns the secret of a poll of ours. For a message of somebody else what it returns opens nothing.
func (p pollSecrets) GetMessageSecret(_ context.Context, _, _ types.JID, id types.MessageID) ([]byte, types.JID, error) {
	return p.secrets.pollSecret(id), p.own.GetLID().ToNonAD(), nil
}
