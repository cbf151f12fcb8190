package store

import (
	"context"

	"tanya/bot"
)

func openPostgres(context.Context, string) (dialect, error) {
	return nil, bot.Errorf(bot.Invalid, "PostgreSQL is not supported yet")
}
