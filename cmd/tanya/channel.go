package main

import (
	"context"
	"fmt"
	"slices"
	"text/tabwriter"

	"tanya/bot"
	"tanya/bot/telegram"
	"tanya/bot/whatsapp"
	"tanya/bot/whatsappcloud"
	"tanya/faq"
)

// channel shows and turns the channels' switches, also while the service runs: the way for an operator who cannot
// reach the console.
func (a *app) channel(ctx context.Context, args []string) error {
	f := a.flags("channel")
	cfg := config{}
	cfg.register(f, a.getenv)
	why := f.String("why", "", "alasan, untuk catatan")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	to := map[string]bot.Position{"on": bot.On, "pause": bot.Paused, "off": bot.Off}
	channels := []string{"webchat", telegram.Name, whatsapp.Name, whatsappcloud.Name}
	list := len(rest) == 1 && rest[0] == "list"
	if !list && (len(rest) != 2 || to[rest[0]] == "" || !slices.Contains(channels, rest[1])) {
		return usagef("tulis tanya channel list, atau tanya channel on|pause|off dan salah satu dari %v", channels)
	}
	if err := cfg.check(); err != nil {
		return err
	}
	h, err := a.existing(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { _ = h.Close() }()
	if !list {
		err := h.store.Turn(ctx, bot.Switch{Channel: rest[1], Position: to[rest[0]], By: "server", Why: *why, At: h.now()})
		if err == nil {
			fmt.Fprintf(a.stdout, "Sakelar %s: %s. Layanan yang berjalan mengikuti dalam beberapa detik.\n", rest[1], positionName(to[rest[0]]))
		}
		return err
	}
	turned, err := h.store.Switches(ctx)
	if err != nil {
		return err
	}
	tw := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	for _, name := range channels {
		i := slices.IndexFunc(turned, func(s bot.Switch) bool { return s.Channel == name })
		if i < 0 {
			fmt.Fprintf(tw, "%s\t%s\n", name, positionName(bot.On))
			continue
		}
		s := turned[i]
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\n", name, positionName(s.Position), s.At.In(faq.Jakarta()).Format("2006-01-02 15:04"), s.By, s.Why)
	}
	return tw.Flush()
}

func positionName(p bot.Position) string {
	switch p {
	case bot.Off:
		return "mati"
	case bot.Paused:
		return "jeda"
	}
	return "menyala"
}
