package main

import (
	"context"
	"errors"
	"log/slog"
	"os"

	"tanya/bot"
	"tanya/bot/terminal"
)

// chat talks in the terminal. It walks the whole road, with a ledger of its own that is thrown away at the end.
func (a *app) chat(ctx context.Context, args []string) error {
	f := a.flags("chat")
	cfg := config{}
	cfg.register(f, a.getenv)
	if rest, err := parse(f, args); err != nil {
		return err
	} else if len(rest) > 0 {
		return usagef("tanya chat tidak memakai %q", rest[0])
	}
	if err := cfg.check(); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "tanya-chat-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	cfg.Data, cfg.DatabaseURL = dir, ""
	h, err := a.build(ctx, cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	c := terminal.New(a.stdin, a.stdout, "Anda: ", a.clock())
	ctx, end := context.WithCancel(ctx)
	defer end()
	e := bot.NewEngine(h.store, h.dialogue, []bot.Channel{ending{c, end}}, bot.EngineOptions{Now: h.now, Patience: -1}) // a line is a message
	return errors.Join(h.run(ctx, e), h.Close())
}

// ending is a channel whose end is the end of the program.
type ending struct {
	bot.Channel
	end context.CancelFunc
}

// Run runs the channel, then ends the program.
func (c ending) Run(ctx context.Context, a bot.Accepter) error {
	defer c.end()
	return c.Channel.Run(ctx, a)
}
