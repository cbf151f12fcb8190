package relaytest

import (
	_ "github.com/coder/websocket"
	_ "go.mau.fi/libsignal/ecc"
	_ "golang.org/x/crypto/curve25519"
)
