package main

import (
	"context"
	"regexp"
	"sync"
	"time"

	"tanya/bot/kit"
)

// doorWait is how long a platform may take to say under what name people find the office there.
const doorWait = 5 * time.Second

// botName is what Telegram accepts as a username.
var botName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{3,31}$`)

// checkDoors says what is wrong with the settings that go into links.
func (c *config) checkDoors() error {
	if c.TelegramName != "" && !botName.MatchString(c.TelegramName) {
		return usagef("TANYA_TELEGRAM_NAME %q bukan nama bot; tulis tanpa @, misalnya tanya_blora_bot", c.TelegramName)
	}
	if c.WhatsAppNumber != "" && kit.Number(c.WhatsAppNumber) == "" {
		return usagef("TANYA_WHATSAPP_NUMBER %q bukan nomor telepon; tulis dengan kode negara, misalnya 6281234567890", c.WhatsAppNumber)
	}
	return nil
}

// names remembers under what names people find the office. A name that is once known does not change while the program
// runs; one that is not known is asked for again.
type names struct {
	mu                 sync.Mutex
	telegram, whatsapp string
}

// doors are the ways into the service that are known now: from the settings, or from those who know.
func (h *house) doors(ctx context.Context) kit.Doors {
	h.names.mu.Lock()
	defer h.names.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, doorWait)
	defer cancel()
	if h.names.telegram == "" {
		h.names.telegram = h.telegramName(ctx)
	}
	if h.names.whatsapp == "" {
		h.names.whatsapp = h.whatsappNumber(ctx)
	}
	return kit.Doors{Web: kit.PublicWeb(h.cfg.PublicURL), Telegram: h.names.telegram, WhatsApp: h.names.whatsapp}
}

func (h *house) telegramName(ctx context.Context) string {
	if h.cfg.TelegramName != "" || h.cfg.TelegramToken == "" {
		return h.cfg.TelegramName
	}
	c, err := h.telegram()
	if err != nil {
		return ""
	}
	d, err := c.Describe(ctx)
	if err != nil || !botName.MatchString(d.Username) {
		return ""
	}
	return d.Username
}

func (h *house) whatsappNumber(ctx context.Context) string {
	switch {
	case h.cfg.WhatsAppNumber != "":
		return kit.Number(h.cfg.WhatsAppNumber)
	case h.linkedNumber != nil: // the service runs here
		n, err := h.linkedNumber(ctx)
		if err == nil && n != "" {
			return n
		}
	case h.cfg.WhatsApp == "linked": // it may run elsewhere
		c, err := h.linked(ctx)
		if err != nil {
			return ""
		}
		defer func() { _ = c.Close() }()
		if n, err := c.Number(ctx); err == nil && n != "" {
			return n
		}
	}
	if !h.cfg.Cloud.configured() {
		return ""
	}
	c, err := h.cloud()
	if err != nil {
		return ""
	}
	d, err := c.Describe(ctx)
	if err != nil {
		return ""
	}
	return kit.Number(d.Number)
}
