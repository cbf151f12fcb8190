package main

import (
	"context"
	"strings"

	"tanya/bot/telegram"
)

// telegramWebhook is where Telegram sends messages when it is told to.
const telegramWebhook = "/telegram/webhook"

// addTelegram opens Telegram when there is a token.
func (h *house) addTelegram(_ context.Context, r *rooms) error {
	if h.cfg.TelegramToken == "" {
		r.notes = append(r.notes, "Telegram      belum diatur: isi TANYA_TELEGRAM_TOKEN dengan token dari @BotFather")
		return nil
	}
	c, err := h.telegram()
	if err != nil {
		return err
	}
	r.channels = append(r.channels, c)
	r.counts[c.Name()] = func() map[string]uint64 { return c.Status().Counts }
	r.roads[c.Name()] = func() string { return telegramRoad(c.Status(), h.cfg.TelegramWebhook != "") }
	if h.cfg.TelegramWebhook == "" {
		r.notes = append(r.notes, "Telegram      menyala (bertanya terus-menerus)")
		return nil
	}
	r.pages[telegramWebhook] = c.Webhook()
	r.notes = append(r.notes, "Telegram      menyala (webhook di "+telegramWebhook+")")
	return nil
}

// telegramRoad says how messages come from Telegram and whether they do.
func telegramRoad(s telegram.Status, webhook bool) string {
	road := "Layanan bertanya kepada Telegram terus-menerus."
	if webhook {
		road = "Telegram mengirim pesan ke layanan ini (webhook)."
	}
	switch s.Mode {
	case telegram.Starting:
		return road + " Baru dimulai."
	case telegram.Slowed:
		return road + " Telegram minta lebih pelan; tidak ada yang perlu dilakukan."
	case telegram.Second:
		return road + " Program lain membaca bot yang sama: matikan salah satu."
	case telegram.Unreachable:
		return road + " Telegram tidak terjangkau; dicoba terus. Periksa internet server."
	case telegram.Refused:
		return road + " Telegram menolak token: minta pengurus server mengganti token dari @BotFather."
	}
	return road + " Sambungan baik."
}

// telegram makes the Telegram channel.
func (h *house) telegram() (*telegram.Channel, error) {
	conf := telegram.Config{Token: h.cfg.TelegramToken, API: h.cfg.TelegramAPI}
	if h.cfg.TelegramWebhook != "" {
		conf.Webhook.URL = strings.TrimRight(h.cfg.PublicURL, "/") + telegramWebhook
	}
	return telegram.New(conf, telegram.Deps{Words: h.words, Inline: h.dialogue, Media: h.openMedia, Now: h.now, Log: h.log})
}
