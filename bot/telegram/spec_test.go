package telegram

import (
	"testing"

	"tanya/bot/bottest"
)

func checkRequests(t testing.TB, p *bottest.FaultProxy) {}
