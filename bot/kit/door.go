package kit

import (
	"net"
	"net/url"
	"strings"

	"tanya/bot"
)

// Doors are the ways into the service as the world knows them. What is not known is "": it is left out of everything that
// is printed, because a placeholder on a poster is an error that hangs on a wall.
type Doors struct {
	Web      string // https address of the web chat
	Telegram string // the bot's username, without @
	WhatsApp string // the office's number with its country code, digits only
}

// Links are the ways into the service that carry an activity's code. One that is not known is "".
type Links struct{ Web, Telegram, WhatsApp string }

// Links returns the links for a code.
func (d Doors) Links(code string) Links {
	var l Links
	if d.Web != "" {
		l.Web = strings.TrimRight(d.Web, "/") + "/?kode=" + url.QueryEscape(code)
	}
	if d.Telegram != "" {
		l.Telegram = "https://t.me/" + url.PathEscape(d.Telegram) + "?start=" + url.QueryEscape(code)
	}
	if d.WhatsApp != "" {
		l.WhatsApp = "https://wa.me/" + url.PathEscape(d.WhatsApp) + "?text=KODE%20" + url.PathEscape(bot.ShowCode(code)) // WhatsApp shows a plus as it stands
	}
	return l
}

// First is the link that a QR code carries: the web chat needs no account and no program, WhatsApp is on most telephones.
func (l Links) First() string {
	for _, s := range []string{l.Web, l.WhatsApp, l.Telegram} {
		if s != "" {
			return s
		}
	}
	return ""
}

// Ways names the doors as people read them.
func (d Doors) Ways() []string {
	var out []string
	if d.Web != "" {
		_, host, _ := strings.Cut(d.Web, "://")
		out = append(out, strings.TrimRight(host, "/"))
	}
	if d.WhatsApp != "" {
		out = append(out, "WhatsApp "+ShowNumber(d.WhatsApp))
	}
	if d.Telegram != "" {
		out = append(out, "Telegram @"+d.Telegram)
	}
	return out
}

// Missing says in sentences for staff which doors are not known, and what to do.
func (d Doors) Missing() []string {
	var out []string
	if d.Web == "" {
		out = append(out, "Tautan web tidak disertakan: isi TANYA_PUBLIC_URL dengan alamat layanan dari luar, misalnya https://tanya.example.id.")
	}
	if d.WhatsApp == "" {
		out = append(out, "Tautan WhatsApp tidak disertakan: nomor kantor belum diketahui. Tautkan dengan tanya whatsapp pair, atau isi TANYA_WHATSAPP_NUMBER.")
	}
	if d.Telegram == "" {
		out = append(out, "Tautan Telegram tidak disertakan: nama bot belum diketahui. Isi TANYA_TELEGRAM_TOKEN, atau TANYA_TELEGRAM_NAME bila server Telegram sedang tidak terjangkau.")
	}
	return out
}

// PublicWeb returns the address when others can reach it: not that of this machine alone.
func PublicWeb(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Hostname() == "localhost" {
		return ""
	}
	if ip := net.ParseIP(u.Hostname()); ip != nil && (ip.IsLoopback() || ip.IsUnspecified()) {
		return ""
	}
	return strings.TrimRight(address, "/")
}

// Number reads a telephone number as people write it into digits with the country code, "" when it is none.
func Number(s string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	if strings.Trim(s, "0123456789+-. ()") != "" {
		return ""
	}
	if strings.HasPrefix(digits, "0") {
		digits = "62" + digits[1:]
	}
	if len(digits) < 8 || len(digits) > 15 {
		return ""
	}
	return digits
}

// ShowNumber writes a number as it is dialled in Indonesia, in groups; a foreign one with its country code.
func ShowNumber(digits string) string {
	local, ok := strings.CutPrefix(digits, "62")
	if !ok {
		return "+" + digits
	}
	local = "0" + local
	var parts []string
	for len(local) > 5 {
		parts, local = append(parts, local[:4]), local[4:]
	}
	return strings.Join(append(parts, local), "-")
}
