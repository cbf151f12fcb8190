package main

import (
	"flag"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tanya/bot/embed"
)

// config is everything that the operator may set. Each setting has an environment name and a flag of the same name
// in small letters without TANYA_: TANYA_ADDR and --addr. The flag wins.
type config struct {
	Data          string // folder for the database, keys and sessions
	Addr          string // where the web chat and the console listen
	DatabaseURL   string // postgres://... instead of SQLite in the data folder
	PublicURL     string // how people reach the web chat from outside, for links
	PublicPage    string // "on": /angka shows everybody what was asked last month
	FrameSites    string // sites that may show the web chat in a frame, separated by commas
	Proxies       string // addresses of reverse proxies whose X-Forwarded-For is believed
	TelegramToken string
	TelegramAPI   string // base URL of another Bot API server

	TelegramName    string // the bot's username, when Telegram cannot be asked
	TelegramWebhook string // "on": Telegram sends messages to the public address; "": it is asked for them
	WhatsApp        string // "linked" or ""
	WhatsAppNumber  string // the office's number for links, when neither the linked device nor Meta tells it
	Cloud           cloudConfig
	Embeddings      embed.Config // of the second opinion; no URL: none
	Content         string       // a folder of content instead of the files in the program
	LogLevel        string
	Trace           string // "on": the last seconds of work are kept for /trace
	Now             string // a fixed clock for trying things out
}

// setting ties a field to its names and its help.
type setting struct {
	env   string
	to    *string
	value string // default
	help  string
}

func (c *config) settings() []setting {
	return []setting{
		{"TANYA_DATA", &c.Data, "./data", "folder data: basis data, kunci, sesi"},
		{"TANYA_ADDR", &c.Addr, "127.0.0.1:8080", "alamat layanan web, misalnya 0.0.0.0:8080"},
		{"TANYA_DATABASE_URL", &c.DatabaseURL, "", "alamat PostgreSQL; kosong berarti SQLite di folder data"},
		{"TANYA_PUBLIC_URL", &c.PublicURL, "", "alamat layanan dari luar, misalnya https://tanya.example.id"},
		{"TANYA_PUBLIC_PAGE", &c.PublicPage, "", "on: /angka menunjukkan kepada umum apa yang ditanyakan bulan lalu; kosong: tidak"},
		{"TANYA_FRAME_SITES", &c.FrameSites, "", "situs yang boleh menyematkan obrolan, dipisah koma"},
		{"TANYA_PROXIES", &c.Proxies, "", "alamat proksi tepercaya, dipisah koma, misalnya 127.0.0.1"},
		{"TANYA_TELEGRAM_TOKEN", &c.TelegramToken, "", "token bot dari @BotFather"},
		{"TANYA_TELEGRAM_API", &c.TelegramAPI, "https://api.telegram.org", "alamat server Bot API"},
		{"TANYA_TELEGRAM_WEBHOOK", &c.TelegramWebhook, "", "on: Telegram mengirim ke TANYA_PUBLIC_URL; kosong: layanan bertanya terus-menerus"},
		{"TANYA_TELEGRAM_NAME", &c.TelegramName, "", "nama bot Telegram untuk tautan, tanpa @; kosong: ditanyakan ke Telegram"},
		{"TANYA_WHATSAPP", &c.WhatsApp, "", "linked: pakai perangkat tertaut WhatsApp"},
		{"TANYA_WHATSAPP_NUMBER", &c.WhatsAppNumber, "", "nomor WhatsApp kantor untuk tautan, misalnya 6281234567890; kosong: dari perangkat tertaut atau Meta"},
		{"TANYA_WHATSAPP_CLOUD_TOKEN", &c.Cloud.Token, "", "token WhatsApp Cloud API dari Meta Business"},
		{"TANYA_WHATSAPP_CLOUD_APP_SECRET", &c.Cloud.AppSecret, "", "rahasia aplikasi Meta yang menandatangani webhook"},
		{"TANYA_WHATSAPP_CLOUD_VERIFY_TOKEN", &c.Cloud.VerifyToken, "", "kata verifikasi webhook, pilihan Anda sendiri"},
		{"TANYA_WHATSAPP_CLOUD_PHONE_ID", &c.Cloud.PhoneID, "", "Phone number ID dari Meta, bukan nomor teleponnya"},
		{"TANYA_WHATSAPP_CLOUD_TEMPLATE", &c.Cloud.Template, "", "templat sesudah 24 jam, seperti kabar_jawaban:id"},
		{"TANYA_WHATSAPP_CLOUD_API", &c.Cloud.API, "https://graph.facebook.com", "alamat Graph API, boleh diakhiri versi"},
		{"TANYA_EMBEDDINGS_URL", &c.Embeddings.URL, "", "layanan embeddings untuk pendapat kedua; kosong berarti mati"},
		{"TANYA_EMBEDDINGS_KEY", &c.Embeddings.Key, "", "kunci layanan embeddings"},
		{"TANYA_EMBEDDINGS_MODEL", &c.Embeddings.Model, "", "model embeddings"},
		{"TANYA_CONTENT", &c.Content, "", "folder isi; kosong berarti isi di dalam program"},
		{"TANYA_LOG", &c.LogLevel, "info", "debug, info, warn, atau error"},
		{"TANYA_TRACE", &c.Trace, "", "on: jejak 30 detik terakhir di /trace untuk go tool trace; kosong: tidak dicatat"},
		{"TANYA_NOW", &c.Now, "", "jam tetap untuk mencoba, misalnya 2024-09-06T09:00:00+07:00"},
	}
}

// flagName turns TANYA_TELEGRAM_TOKEN into telegram-token.
func flagName(env string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(env, "TANYA_")), "_", "-")
}

// register puts the settings on a flag set, with the environment's values as defaults.
func (c *config) register(f *flag.FlagSet, getenv func(string) string) {
	for _, s := range c.settings() {
		v := s.value
		if env := getenv(s.env); env != "" {
			v = env
		}
		f.StringVar(s.to, flagName(s.env), v, s.help+" ("+s.env+")")
		f.Lookup(flagName(s.env)).DefValue = s.value // help shows no secret of the environment
	}
}

// registerLedger adds only the flags that say where the ledger is, for commands that need little else.
func (c *config) registerLedger(f *flag.FlagSet, getenv func(string) string) {
	all := flag.NewFlagSet("", flag.ContinueOnError)
	c.register(all, getenv)
	for _, name := range []string{"data", "database-url"} {
		v := all.Lookup(name)
		f.Var(v.Value, name, v.Usage)
		f.Lookup(name).DefValue = v.DefValue
	}
}

// check says in one sentence what is wrong, naming the setting.
func (c *config) check() error {
	if _, port, err := net.SplitHostPort(c.Addr); err != nil || port == "" {
		return usagef("TANYA_ADDR %q bukan alamat; tulis seperti 127.0.0.1:8080", c.Addr)
	}
	if c.WhatsApp != "" && c.WhatsApp != "linked" {
		return usagef("TANYA_WHATSAPP %q tidak dikenal; isi linked atau kosongkan", c.WhatsApp)
	}
	if err := c.Cloud.check(); err != nil {
		return err
	}
	if c.Embeddings.URL != "" {
		if err := c.Embeddings.Check(); err != nil {
			return usagef("%v", err)
		}
	}
	if c.Trace != "" && c.Trace != "on" {
		return usagef("TANYA_TRACE %q tidak dikenal; isi on atau kosongkan", c.Trace)
	}
	if err := c.checkDoors(); err != nil {
		return err
	}
	if c.TelegramToken != "" && !strings.Contains(c.TelegramToken, ":") {
		return usagef("TANYA_TELEGRAM_TOKEN tidak berbentuk token; salin utuh dari @BotFather (angka, titik dua, huruf)")
	}
	if u, err := url.Parse(c.TelegramAPI); err != nil || u.Host == "" {
		return usagef("TANYA_TELEGRAM_API bukan alamat; tulis seperti https://api.telegram.org")
	}
	if c.PublicURL != "" {
		if u, err := url.Parse(c.PublicURL); err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
			return usagef("TANYA_PUBLIC_URL bukan alamat; tulis seperti https://tanya.example.id")
		}
	}
	switch {
	case c.TelegramWebhook == "":
	case c.TelegramWebhook != "on":
		return usagef("TANYA_TELEGRAM_WEBHOOK %q tidak dikenal; isi on atau kosongkan", c.TelegramWebhook)
	case !strings.HasPrefix(c.PublicURL, "https://"):
		return usagef("TANYA_TELEGRAM_WEBHOOK perlu TANYA_PUBLIC_URL yang dimulai dengan https://, ke sanalah Telegram mengirim")
	}
	if c.PublicPage != "" && c.PublicPage != "on" {
		return usagef("TANYA_PUBLIC_PAGE %q tidak dikenal; isi on atau kosongkan", c.PublicPage)
	}
	if c.DatabaseURL != "" && !strings.HasPrefix(c.DatabaseURL, "postgres://") && !strings.HasPrefix(c.DatabaseURL, "postgresql://") {
		return usagef("TANYA_DATABASE_URL harus dimulai dengan postgres://")
	}
	if _, err := c.proxies(); err != nil {
		return err
	}
	if c.Now != "" {
		if _, err := time.Parse(time.RFC3339, c.Now); err != nil {
			return usagef("TANYA_NOW %q tidak terbaca; tulis seperti 2024-09-06T09:00:00+07:00", c.Now)
		}
	}
	switch c.LogLevel {
	case "debug", "info", "warn", "error":
	default:
		return usagef("TANYA_LOG %q tidak dikenal; isi debug, info, warn, atau error", c.LogLevel)
	}
	return nil
}

// proxies reads the trusted proxies: addresses or networks.
func (c *config) proxies() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range words(c.Proxies) {
		if a, err := netip.ParseAddr(s); err == nil {
			out = append(out, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, usagef("TANYA_PROXIES %q bukan alamat atau jaringan; tulis seperti 127.0.0.1 atau 10.0.0.0/8", s)
		}
		out = append(out, p)
	}
	return out, nil
}

// words cuts a list at commas and blanks.
func words(list string) []string { return strings.Fields(strings.ReplaceAll(list, ",", " ")) }

// database returns what the ledger is opened with.
func (c *config) database() string {
	if c.DatabaseURL != "" {
		return c.DatabaseURL
	}
	return filepath.Join(c.Data, "tanya.db")
}

// clock returns the program's clock: fixed when TANYA_NOW is set. A fixed clock still moves, from that instant on,
// so that queues and sessions work while somebody tries things out.
func (c *config) clock(real func() time.Time) func() time.Time {
	if c.Now == "" {
		return real
	}
	start, err := time.Parse(time.RFC3339, c.Now)
	if err != nil {
		return real
	}
	began := real()
	return func() time.Time { return start.Add(real().Sub(began)) }
}

// makeData makes the data folder, readable by its owner only.
func (c *config) makeData() error {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return usagef("folder data %q (TANYA_DATA) tidak dapat dibuat: %v", c.Data, err)
	}
	return nil
}
