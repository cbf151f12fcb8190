package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"strings"

	"tanya/bot/whatsappcloud"
	"tanya/faq"
	"tanya/locales"
)

// cloudConfig are the settings of the official way to WhatsApp. All of the first four are needed, or none.
type cloudConfig struct {
	Token, AppSecret, VerifyToken, PhoneID string

	Template string // name and language of an approved template: kabar_jawaban:id
	API      string // base URL of another Graph API server
}

// cloudWebhook is where Meta sends messages.
const cloudWebhook = "/whatsapp/webhook"

func (c *cloudConfig) configured() bool {
	return c.Token != "" || c.AppSecret != "" || c.VerifyToken != "" || c.PhoneID != ""
}

// check says in one sentence what is wrong, naming the setting and never its value.
func (c *cloudConfig) check() error {
	if !c.configured() {
		return nil
	}
	for _, need := range []struct{ value, env string }{
		{c.Token, "TOKEN"}, {c.AppSecret, "APP_SECRET"}, {c.VerifyToken, "VERIFY_TOKEN"}, {c.PhoneID, "PHONE_ID"},
	} {
		if strings.TrimSpace(need.value) == "" {
			return usagef("TANYA_WHATSAPP_CLOUD_%s kosong; WhatsApp Cloud API perlu TOKEN, APP_SECRET, VERIFY_TOKEN, dan PHONE_ID sekaligus", need.env)
		}
	}
	if strings.Trim(c.PhoneID, "0123456789") != "" {
		return usagef("TANYA_WHATSAPP_CLOUD_PHONE_ID hanya berisi angka; salin Phone number ID dari Meta, bukan nomor teleponnya")
	}
	if u, err := url.Parse(c.API); err != nil || u.Host == "" {
		return usagef("TANYA_WHATSAPP_CLOUD_API bukan alamat; tulis seperti https://graph.facebook.com")
	}
	if name, lang, ok := strings.Cut(c.Template, ":"); c.Template != "" && (!ok || name == "" || lang == "") {
		return usagef("TANYA_WHATSAPP_CLOUD_TEMPLATE ditulis nama:bahasa, misalnya kabar_jawaban:id")
	}
	return nil
}

// cloud makes the channel of the Cloud API.
func (h *house) cloud() (*whatsappcloud.Channel, error) {
	c := h.cfg.Cloud
	conf := whatsappcloud.Config{Token: c.Token, AppSecret: c.AppSecret, VerifyToken: c.VerifyToken, PhoneNumberID: c.PhoneID, API: c.API}
	if name, lang, ok := strings.Cut(c.Template, ":"); ok {
		conf.Templates = map[faq.Lang]whatsappcloud.Template{faq.Indonesian: {Name: name, Language: lang, Button: true}}
	}
	return whatsappcloud.New(conf, whatsappcloud.Deps{Words: h.words, Media: h.mediaLink, Now: h.now, Log: h.log})
}

// mediaLink is where others can fetch a picture of the web chat, "" without a public address.
func (h *house) mediaLink(_ int64, name string) string {
	if !strings.HasPrefix(h.cfg.PublicURL, "https://") {
		return ""
	}
	return strings.TrimRight(h.cfg.PublicURL, "/") + "/gambar/" + url.PathEscape(name) + ".png"
}

// addWhatsAppCloud opens the Cloud API when it is configured.
func (h *house) addWhatsAppCloud(r *rooms) error {
	if !h.cfg.Cloud.configured() {
		return nil // the note about the linked device names the page that explains both
	}
	c, err := h.cloud()
	if err != nil {
		return err
	}
	if h.cfg.Cloud.Template == "" { // after a day nothing may be sent, so nothing is promised
		k := *h.knowledge.Load()
		k.Bound = map[string]bool{c.Name(): true}
		h.knowledge.Store(&k)
	}
	r.channels = append(r.channels, c)
	r.counts[c.Name()] = func() map[string]uint64 { return c.Status().Counts }
	r.pages[cloudWebhook] = c.Webhook()
	r.roads[c.Name()] = func() string { return cloudRoad(c.Status()) }
	r.notes = append(r.notes, "WhatsApp      menyala lewat Cloud API; webhook: "+h.cfg.webhookURL())
	return nil
}

// cloudRoad says how messages come from Meta and whether they do.
func cloudRoad(s whatsappcloud.Status) string {
	road := "Meta mengirim pesan ke layanan ini (webhook)."
	switch s.Mode {
	case whatsappcloud.Starting:
		road += " Baru dimulai."
	case whatsappcloud.Slowed:
		road += " Meta minta lebih pelan; tidak ada yang perlu dilakukan."
	case whatsappcloud.Unreachable:
		road += " Meta tidak terjangkau; dicoba terus. Periksa internet server."
	case whatsappcloud.Refused:
		road += " Meta menolak mengirim: buka Meta Business, atau minta pengurus server menjalankan tanya doctor."
	default:
		road += " Sambungan baik."
	}
	switch s.Quality {
	case "YELLOW", "RED":
		road += " Mutu nomor turun: ada orang yang memblokir atau melaporkannya. Kurangi kabar yang tidak diminta."
	}
	return road
}

// webhookURL is the address to enter at Meta.
func (c *config) webhookURL() string {
	base := strings.TrimRight(c.PublicURL, "/")
	if base == "" {
		base = "https://ALAMAT-LAYANAN"
	}
	return base + cloudWebhook
}

// whatsappCloud asks Meta about the number.
func (d *checkup) whatsappCloud(ctx context.Context) {
	const what = "WA Cloud"
	if !d.cfg.Cloud.configured() {
		return
	}
	words, err := locales.New()
	if err != nil {
		d.bad(what, err.Error())
		return
	}
	h := &house{cfg: d.cfg, log: slog.New(slog.DiscardHandler), now: d.a.clock, words: words}
	c, err := h.cloud()
	if err != nil {
		d.bad(what, plainFault(err))
		return
	}
	n, err := c.Describe(ctx)
	if err != nil {
		d.bad(what, plainFault(err))
		return
	}
	d.good(what, fmt.Sprintf("%s, %s, mutu nomor %s, Graph API %s", n.Name, n.Number, n.Quality, n.Version))
	if n.Quality == "RED" {
		d.note(what, "mutu nomor rendah: terlalu banyak orang memblokir atau melaporkannya; baca docs/whatsapp.md")
	}
	if !strings.HasPrefix(d.cfg.PublicURL, "https://") {
		d.bad(what, "Meta hanya mengirim ke alamat https; isi TANYA_PUBLIC_URL")
	}
	d.note(what, "isikan di Meta sebagai webhook, bidang messages: "+d.cfg.webhookURL())
}
